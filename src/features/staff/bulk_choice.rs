//! What one deed is done to: things that somebody chose in a list or on a page, or all that the list finds. The run is prepared from it.

use axum::extract::State;

use crate::features::desk::Deed;
use crate::features::desk::bulk::{self, Order};
use crate::features::staff::bulk::PATH;
use crate::features::staff::list::{self, List};
use crate::features::users::roles::{Checker, TreasurerOnly, With};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::listing::Asked;
use crate::infra::web::form::PostedWide;
use crate::infra::web::{Answer, Ctx, Failure, Form};

/// What a chosen row sends begins with this.
const PICK: &str = "pick-";

/// The things that a form chose, in its order.
fn chosen(form: &Form) -> Vec<String> {
    form.fields().filter_map(|(name, _)| name.strip_prefix(PICK)).map(str::to_owned).collect()
}

/// What was chosen in a list, or all that it finds.
async fn of_list<L: List>(ctx: &Ctx, s: &Services, form: &Form) -> Result<Vec<String>> {
    match form.value("which") {
        "all" => all::<L>(ctx, s, form.value("query")).await,
        _ => Ok(chosen(form)),
    }
}

/// Cases from their list: closed with an explanation, or given to somebody; to the viewer when nobody is named.
pub async fn of_cases(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<TreasurerOnly>,
    PostedWide(posted): PostedWide,
) -> Answer {
    let form = posted.allow_with(&["query", "which", "deed", "to"], PICK)?;
    let own = staff.0.user.id.as_str();
    let (deed, target) = match (Deed::from_word(form.value("deed")), form.value("to")) {
        (Some(Deed::AssignCases), "") => (Deed::AssignCases, own),
        (Some(Deed::AssignCases), to) => (Deed::AssignCases, to),
        (Some(Deed::CloseCases) | None, _) => (Deed::CloseCases, ""),
        _ => return Err(Failure::bad_request("no such deed")),
    };
    let subjects = of_list::<list::cases::Cases>(&ctx, &s, &form).await?;
    prepared(&ctx, &s, Order { deed, by: own, target }, subjects, "/staff/cases").await
}

/// Projects from their list, of whose owners something is waited for.
pub async fn of_projects(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    PostedWide(posted): PostedWide,
) -> Answer {
    let form = posted.allow_with(&["query", "which", "deed"], PICK)?;
    let deed = match Deed::from_word(form.value("deed")) {
        Some(deed @ Deed::RemindOwners) => deed,
        _ => return Err(Failure::bad_request("no such deed")),
    };
    let subjects = of_list::<list::projects::Projects>(&ctx, &s, &form).await?;
    prepared(&ctx, &s, Order { deed, by: &staff.0.user.id, target: "" }, subjects, "/staff/projects").await
}

/// Notes or files from the page that shows them.
pub async fn of_moderation(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    PostedWide(posted): PostedWide,
) -> Answer {
    let form = posted.allow_with(&["deed"], PICK)?;
    let deed = match Deed::from_word(form.value("deed")) {
        Some(deed @ (Deed::ShowNotes | Deed::AcceptEvidence)) => deed,
        _ => return Err(Failure::bad_request("no such deed")),
    };
    let order = Order { deed, by: &staff.0.user.id, target: "" };
    prepared(&ctx, &s, order, chosen(&form), "/staff/moderation").await
}

/// The ids of all that a list finds, up to what one run takes.
async fn all<L: List>(ctx: &Ctx, s: &Services, query: &str) -> Result<Vec<String>> {
    let mut conn = s.db.read().await?;
    let fields = L::fields(ctx, &mut conn).await?;
    let asked = Asked::read(Some(query), L::COLUMNS, &fields, L::ORDER);
    let most = i64::try_from(bulk::MOST).unwrap_or(i64::MAX);
    let found = L::found(ctx, &mut conn, &asked.wanted(most, 0)).await?;
    Ok(found.rows.into_iter().map(|row| row.id).collect())
}

async fn prepared(ctx: &Ctx, s: &Services, order: Order<'_>, subjects: Vec<String>, from: &str) -> Answer {
    match bulk::prepare(s, order, subjects, ctx.now).await {
        Ok(id) => Ok(ctx.redirect(&format!("{PATH}/{id}"))),
        Err(Error::Refused(refusal)) if refusal.key() == "bulk-nothing-chosen" => {
            Ok(ctx.redirect_done(from, "flash-bulk-nothing-chosen"))
        }
        Err(error) => Err(error.into()),
    }
}
