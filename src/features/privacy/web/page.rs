//! The page about privacy: whoever is responsible from the settings, the times from the table, the rest from the texts.

use askama::Template;
use axum::extract::State;

use crate::features::privacy::web::rows::{KindRow, table};
use crate::infra::settings::FoundationSettings;
use crate::infra::web::{Answer, Ctx};
use crate::infra::{Services, markdown};

#[derive(Template)]
#[template(path = "privacy/page.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    foundation: Option<&'a FoundationSettings>,
    before: String,
    after: String,
    kinds: Vec<KindRow>,
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>) -> Answer {
    ctx.page(&Page {
        foundation: s.settings.foundation.as_ref(),
        before: markdown::own_html(&ctx.t("page-privacy-body")),
        after: markdown::own_html(&ctx.t("page-privacy-rights")),
        kinds: table(&ctx),
        ctx: &ctx,
    })
}
