//! The shield against the testing of cards: how it stands, and the switch for whoever answers for money or for the platform.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::approvals;
use crate::features::payments::shield::{self, Shield, Tries};
use crate::features::staff::{Changes, changes_of};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{TreasurerOrAdmin, With};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Timestamp;

#[derive(Template)]
#[template(path = "staff/shield.html")]
struct ShieldPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    shield: &'a Shield,
    until: Option<Timestamp>,
    tries: Tries,
    may_switch: bool,
    changes: &'a Changes,
}

impl ShieldPage<'_> {
    fn facts(&self) -> Vec<(String, String)> {
        let ctx = self.ctx;
        vec![
            (ctx.t("shield-failed-minute"), self.tries.failed_in_a_minute.to_string()),
            (ctx.t("shield-failed"), self.tries.failed.to_string()),
            (ctx.t("shield-tries"), self.tries.all.to_string()),
        ]
    }
}

fn may_switch(staff: &Staff) -> bool {
    staff.has(StaffRole::Treasurer) || staff.has(StaffRole::Admin)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    page(&ctx, &s, &staff, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, form: &Form, status: StatusCode) -> Answer {
    let ctx = &ctx.clone().signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let shield = shield::shield(&mut conn).await?;
    let page = ShieldPage {
        ctx,
        form,
        until: shield.until(ctx.now),
        shield: &shield,
        tries: shield::tries(&mut conn, ctx.now).await?,
        may_switch: may_switch(staff),
        changes: &changes_of(&mut conn, &[shield::ID]).await?,
    };
    ctx.page_with(status, &page)
}

/// Raises it for an hour, or lowers it.
pub async fn switch(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<TreasurerOrAdmin>,
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&["to", "reason"])?;
    let reason = match approvals::actions::checked_reason(form.value("reason")) {
        Ok(reason) => reason,
        Err(refusal) => {
            form.refuse(ctx.lang, &refusal);
            return page(&ctx, &s, &staff, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let by = staff.0.user.id.as_str();
    let mut tx = s.db.begin().await?;
    // who comes second finds it as wanted
    let flash = match form.value("to") {
        "up" => {
            shield::raise(&mut tx, by, &reason, ctx.now).await?;
            "flash-shield-up"
        }
        "down" => {
            shield::lower(&mut tx, by, &reason, ctx.now).await?;
            "flash-shield-down"
        }
        other => return Err(Failure::bad_request(format!("a shield has no position {other:.20}"))),
    };
    tx.commit().await?;
    Ok(ctx.redirect_done("/staff/shield", flash))
}
