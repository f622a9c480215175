//! The page of a project as the public would see it, before the public may: for members of its maker, for partners that
//! are asked to carry it out too, and for the team.

use axum::extract::{Path, State};

use crate::features::projects;
use crate::features::projects::guard::{AskedPartner, Member};
use crate::features::site::project::{Head, page};
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure};

/// For members of the maker, whatever their role. What is public already has its own page.
pub async fn for_member(ctx: Ctx, State(s): State<Services>, own: Member) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    if own.project.state.is_public() {
        return Ok(ctx.redirect(&format!("/projects/{}", own.project.slug)));
    }
    let mut conn = s.db.read().await?;
    let head = Head::of(&ctx, &mut conn, own.project).await?;
    page(&ctx, &mut conn, &head).await
}

/// For members of a partner that is asked.
pub async fn for_partner(ctx: Ctx, State(s): State<Services>, asked: AskedPartner) -> Answer {
    let ctx = ctx.signed_in_as(asked.own.person.label());
    if !asked.project.state.shares_may_change() {
        return Err(Failure::not_found());
    }
    let mut conn = s.db.read().await?;
    let head = Head::of(&ctx, &mut conn, asked.project).await?;
    page(&ctx, &mut conn, &head).await
}

/// For the team, of what was handed in.
pub async fn for_staff(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Path<(String, String)>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let project = projects::actions::find(&mut conn, &id).await?.ok_or_else(Failure::not_found)?;
    if project.state.is_public() {
        return Ok(ctx.redirect(&format!("/projects/{}", project.slug)));
    }
    if project.state.plan_may_change() {
        return Err(Failure::not_found());
    }
    let head = Head::of(&ctx, &mut conn, project).await?;
    page(&ctx, &mut conn, &head).await
}
