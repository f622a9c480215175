//! Where an owner takes a project back before it is funded.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::organisations::MemberRole;
use crate::features::projects::guard::{Editor, ProjectOwner};
use crate::features::users::guard::Fresh;
use crate::features::withdrawals::{Withdrawal, actions, obstacle};
use crate::features::{organisations, pledges};
use crate::infra::Services;
use crate::infra::error::{Error, Refusal as _};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Cents;

#[derive(Template)]
#[template(path = "studio/withdraw.html")]
struct WithdrawPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    /// Why it cannot be taken back; nothing when it can.
    obstacle: Option<String>,
    withdrawal: Option<Withdrawal>,
    held: Cents,
    backers: i64,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &Editor, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let withdrawal = actions::of_project(&mut conn, &own.project.id).await?;
    let role =
        organisations::actions::member_role(&mut conn, &own.project.organisation_id, &own.person.user.id).await?;
    let obstacle = if role == Some(MemberRole::Owner) {
        obstacle(own.project.state).map(|refusal| ctx.t(refusal.key()))
    } else {
        Some(ctx.t("withdraw-not-owner"))
    };
    let standing = pledges::actions::standing(&mut conn, &own.project.id).await?;
    let (held, backers) = (standing.held, standing.backers);
    ctx.page_with(status, &WithdrawPage { ctx, own, form, obstacle, withdrawal, held, backers })
}

pub async fn withdraw(
    ctx: Ctx,
    State(s): State<Services>,
    own: Editor,
    Fresh(_owner): Fresh<ProjectOwner>,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut form = posted.allow(&["reason"])?;
    let mut tx = s.db.begin().await?;
    match actions::withdraw(&mut tx, &own.project.id, &own.person.user.id, form.value("reason"), ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&own.studio_path("/withdraw"), "flash-withdrawn"))
        }
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let status = Failure::from(&*refusal).status();
            form.refuse(ctx.lang, &*refusal);
            page(&ctx, &s, &own, &form, status).await
        }
        Err(error) => Err(error.into()),
    }
}
