//! A treasurer at a page about money: what every step that moves some begins with.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::features::approvals::{self, Decider};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Ctx, Failure, Form};
use crate::infra::{Services, texts};

/// The request of a treasurer. A handler that takes one is for treasurers only.
pub struct Treasurer {
    pub ctx: Ctx,
    pub s: Services,
    pub staff: Staff,
}

impl FromRequestParts<Services> for Treasurer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> std::result::Result<Treasurer, Failure> {
        let staff = Staff::from_request_parts(parts, services).await?;
        staff.require(StaffRole::Treasurer)?;
        let ctx = Ctx::from_request_parts(parts, services).await?.signed_in_as(staff.0.label());
        Ok(Treasurer { ctx, s: services.clone(), staff })
    }
}

impl Treasurer {
    /// Who acts, as the actions want to know it.
    pub fn decider(&self) -> Decider<'_> {
        Decider { user_id: &self.staff.0.user.id, fresh_until: self.staff.0.session.fresh_until }
    }

    /// What came of a step. Whoever must confirm again who they are is sent there first, and then back to `path`.
    ///
    /// # Errors
    /// What is no rule's refusal; or the way to the second factor.
    pub fn outcome<T>(
        &self,
        path: &str,
        form: Form,
        done: Result<T>,
        reason_field: &str,
    ) -> std::result::Result<Outcome<T>, Failure> {
        outcome(&self.staff, &self.ctx, path, form, done, reason_field)
    }
}

/// The same for a step of anybody of the team.
///
/// # Errors
/// As [`Treasurer::outcome`].
pub fn outcome<T>(
    staff: &Staff,
    ctx: &Ctx,
    path: &str,
    mut form: Form,
    done: Result<T>,
    reason_field: &str,
) -> std::result::Result<Outcome<T>, Failure> {
    let refusal = match done {
        Ok(done) => return Ok(Outcome::Done(done)),
        Err(Error::Refused(refusal)) => refusal,
        Err(error) => return Err(error.into()),
    };
    if refusal.as_any().downcast_ref() == Some(&approvals::Refusal::FactorNotFresh) {
        staff.require_fresh(ctx, path)?;
    }
    if refusal.field() == Some("reason") {
        form.fail(reason_field, texts::text_with(ctx.lang, refusal.key(), &refusal.args()));
    } else {
        form.refuse(ctx.lang, &*refusal);
    }
    Ok(Outcome::Refused(form, Failure::from(&*refusal).status()))
}

/// What came of a step.
pub enum Outcome<T> {
    Done(T),
    /// A rule said no: the form with its sentence, and the status to show the page with.
    Refused(Form, StatusCode),
}

/// Ends a step that was taken in a transaction: a refused one leaves nothing behind.
pub async fn end<T>(tx: Tx, done: Result<T>) -> Result<T> {
    let done = done?;
    tx.commit().await?;
    Ok(done)
}
