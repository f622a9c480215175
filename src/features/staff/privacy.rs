//! The record of processing (GDPR, article 30) and the assessment of the effects on people (article 35), for the team and whoever asks for them.
//! The table is the one by which data is tidied.

use askama::Template;
use axum::extract::State;

use crate::features::privacy::web::{ActivityRow, record};
use crate::features::users::guard::Staff;
use crate::infra::settings::FoundationSettings;
use crate::infra::web::{Answer, Ctx};
use crate::infra::{Services, markdown};

#[derive(Template)]
#[template(path = "staff/privacy.html")]
struct PrivacyPage<'a> {
    ctx: &'a Ctx,
    foundation: Option<&'a FoundationSettings>,
    activities: Vec<ActivityRow>,
    measures: String,
    assessment: String,
}

pub async fn show(ctx: Ctx, staff: Staff, State(s): State<Services>) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    ctx.page(&PrivacyPage {
        foundation: s.settings.foundation.as_ref(),
        activities: record(&ctx),
        measures: markdown::own_html(&ctx.t("record-measures")),
        assessment: markdown::own_html(&ctx.t("dpia-body")),
        ctx: &ctx,
    })
}
