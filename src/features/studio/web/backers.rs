//! Who backs a project: names where they may be shown, amounts and dates; never an address.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse;

use crate::features::pledges::{self, Pledge, actions as pledges_actions};
use crate::features::projects::guard::Editor;
use crate::features::updates;
use crate::features::users::guard::{Confirmed, Fresh};
use crate::infra::history::{self, Action, Entry};
use crate::infra::web::{Answer, Ctx};
use crate::infra::{Services, csv as cells, limits};
use crate::values::Lang;

/// Pledges on one page.
const PER_PAGE: i64 = 100;
/// Pledges read at once for the file.
const AT_ONCE: i64 = 2_000;

#[derive(Template)]
#[template(path = "studio/backers.html")]
struct BackersPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    standing: &'a pledges::Standing,
    followers: i64,
    pledges: &'a [Pledge],
    /// The page with older ones.
    older: Option<String>,
}

impl BackersPage<'_> {
    fn name(&self, pledge: &Pledge) -> String {
        name(self.ctx, pledge)
    }
}

fn name(ctx: &Ctx, pledge: &Pledge) -> String {
    pledges_actions::public_name(pledge).map_or_else(|| ctx.t("studio-backer-anonymous"), str::to_owned)
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    Confirmed(own): Confirmed<Editor>,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let before = query.as_deref().and_then(|query| query.strip_prefix("before=")).unwrap_or_default();
    let mut conn = s.db.read().await?;
    let id = &own.project.id;
    let standing = pledges_actions::standing(&mut conn, id).await?;
    let followers = updates::actions::count_followers(&mut conn, id).await?;
    let mut pledges = pledges_actions::backing_before(&mut conn, id, before, PER_PAGE + 1).await?;
    let per_page = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let has_more = pledges.len() > per_page;
    pledges.truncate(per_page);
    let last = pledges.last().filter(|_| has_more);
    let older = last.map(|last| ctx.path(&format!("{}?before={}", own.studio_path("/backers"), last.id)));
    let (standing, pledges) = (&standing, &pledges);
    ctx.page(&BackersPage { ctx: &ctx, own: &own, standing, followers, pledges, older })
}

/// The whole list as a file.
pub async fn csv(ctx: Ctx, State(s): State<Services>, Fresh(own): Fresh<Editor>) -> Answer {
    limits::count_alone(&s, &[(limits::EXPORTS, &own.person.user.id)]).await?;
    let heads = ["studio-backer-name", "studio-backer-kind", "studio-backer-amount", "studio-backer-date"];
    let mut file = cells::line(&heads.map(|key| ctx.t(key)));
    let mut conn = s.db.read().await?;
    let mut before = String::new();
    loop {
        let pledges = pledges_actions::backing_before(&mut conn, &own.project.id, &before, AT_ONCE).await?;
        let Some(last) = pledges.last() else { break };
        before.clone_from(&last.id);
        for pledge in &pledges {
            let kind = ctx.t(format!("pledge-kind-{}", pledge.kind));
            let day = pledge.held_at.unwrap_or(pledge.created_at).day();
            file.push_str(&cells::line(&[name(&ctx, pledge), kind, amount(&ctx, pledge), day]));
        }
    }
    drop(conn);
    let mut tx = s.db.begin().await?;
    let (subject_id, actor) = (own.project.id.as_str(), own.person.user.id.as_str());
    let entry = Entry { subject: "project", subject_id, from: "", to: "", actor, reason: "backers" };
    history::note(&mut tx, ctx.now, Action::Exported, entry).await?;
    tx.commit_quietly().await?;
    let disposition = format!("attachment; filename=\"backers-{}.csv\"", own.project.slug);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, file).into_response())
}

/// As a spreadsheet of that language reads it.
fn amount(ctx: &Ctx, pledge: &Pledge) -> String {
    let plain = pledge.kept().plain();
    if ctx.lang == Lang::Nl { plain.replace('.', ",") } else { plain }
}
