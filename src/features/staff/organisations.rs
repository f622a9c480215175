//! Organisations: a list with search, and looking one up in the registers to confirm it or to ask something.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::organisations::{
    Colleague, Details, Organisation, OrganisationState, actions, members, registration, shown,
};
use crate::features::payouts;
use crate::features::staff::timeline::{self, Timeline};
use crate::features::staff::treasurer::end;
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{ReviewerOrAdmin, With};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

const PATH: &str = "/staff/organisations";

#[derive(Template)]
#[template(path = "staff/organisation.html")]
struct ShowPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    organisation: &'a Organisation,
    details: &'a Details,
    facts: Vec<(String, String)>,
    members: &'a [Colleague],
    timeline: Timeline,
    may_decide: bool,
}

/// Who looks organisations up: whoever sees to people, or to projects.
fn may_decide(staff: &Staff) -> bool {
    staff.has(StaffRole::Admin) || staff.has(StaffRole::Reviewer)
}

type Slug = Path<(String, String)>;

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, slug)): Slug) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &slug, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, slug: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let organisation = actions::by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)?;
    let details = registration::details_of(&mut conn, &organisation.id).await?;
    let page = ShowPage {
        ctx,
        form,
        facts: shown::facts(ctx, &details),
        details: &details,
        members: &members::of_organisation(&mut conn, &organisation.id).await?,
        timeline: timeline(ctx, &mut conn, &organisation).await?,
        may_decide: may_decide(staff),
        organisation: &organisation,
    };
    ctx.page_with(status, &page)
}

/// What happened to an organisation and to its bank accounts.
async fn timeline(ctx: &Ctx, conn: &mut Conn, organisation: &Organisation) -> Result<Timeline> {
    let accounts = payouts::accounts::of_organisation(conn, &organisation.id).await?;
    let mut subjects = vec![(organisation.id.as_str(), String::new())];
    let url = |id: &str| ctx.path(&format!("/staff/payouts/accounts/{id}"));
    subjects.extend(accounts.iter().map(|account| (account.id.as_str(), url(&account.id))));
    timeline::read(ctx, conn, &subjects, &format!("{PATH}/{}", organisation.slug)).await
}

/// The organisation of this address and the version that was looked at.
async fn asked(s: &Services, slug: &str, form: &Form) -> std::result::Result<(Organisation, i64), Failure> {
    let version = form.value("version").parse().map_err(Failure::bad_request)?;
    let organisation = actions::by_slug(&mut *s.db.read().await?, slug).await?.ok_or_else(Failure::not_found)?;
    Ok((organisation, version))
}

/// 303 when it was done; the page with the refusal when a rule said no.
async fn decided(
    (ctx, s, staff): (&Ctx, &Services, &Staff),
    slug: &str,
    mut form: Form,
    done: Result<()>,
    flash: &str,
) -> Answer {
    match done {
        Ok(()) => Ok(ctx.redirect_done(&format!("{PATH}/{slug}"), flash)),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            page(ctx, s, staff, slug, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn confirm(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Path((_lang, slug)): Slug,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let form = posted.allow(&["version"])?;
    let (organisation, version) = asked(&s, &slug, &form).await?;
    let mut tx = s.db.begin().await?;
    let done = registration::confirm(&mut tx, &organisation.id, &staff.0.user.id, version, ctx.now).await;
    let done = end(tx, done).await;
    decided((&ctx, &s, &staff), &slug, form, done, "flash-organisation-confirmed").await
}

pub async fn return_with(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Path((_lang, slug)): Slug,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let form = posted.allow(&["version", "question"])?;
    let (organisation, version) = asked(&s, &slug, &form).await?;
    let (by, question) = (&staff.0.user.id, form.value("question"));
    let mut tx = s.db.begin().await?;
    let done = registration::return_with(&mut tx, &organisation.id, by, version, question, ctx.now).await;
    let done = end(tx, done).await;
    decided((&ctx, &s, &staff), &slug, form, done, "flash-organisation-returned").await
}
