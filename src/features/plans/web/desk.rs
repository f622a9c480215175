//! What every step's page begins and ends with.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use crate::features::organisations::MemberRole;
use crate::features::plans::web::{Remark, remarks_for_owner};
use crate::features::plans::{Content, Step, actions};
use crate::features::projects;
use crate::features::projects::guard::{Editor, Member};
use crate::features::projects::plan::Change;
use crate::infra::Services;
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Ctx, Failure, Form};
use crate::values::Timestamp;

/// The request of somebody who may write this plan.
pub struct Desk {
    pub ctx: Ctx,
    pub s: Services,
    pub own: Editor,
    /// Whether this is an owner, who alone says who takes part.
    pub is_owner: bool,
}

impl FromRequestParts<Services> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> std::result::Result<Desk, Failure> {
        let Member { person, project, role } = Member::from_request_parts(parts, services).await?;
        if !role.may_edit() {
            return Err(Failure::forbidden());
        }
        let own = Editor { person, project };
        let ctx = Ctx::from_request_parts(parts, services).await?.signed_in_as(own.person.label());
        Ok(Desk { ctx, s: services.clone(), own, is_owner: role == MemberRole::Owner })
    }
}

/// What came of saving a step.
pub enum Ended {
    /// To the plan, or back to the page for more rows.
    Saved(Response),
    /// The form again, with this status.
    Refused(StatusCode),
}

impl Desk {
    pub fn may_change(&self) -> bool {
        self.own.project.state.plan_may_change()
    }

    /// The plan as it stands, for filling a form.
    pub async fn content(&self) -> Result<Content> {
        actions::content(&mut *self.s.db.read().await?, &self.own.project).await
    }

    /// The remarks of reviewers on a step's fields.
    pub async fn remarks(&self) -> Result<Vec<Remark>> {
        remarks_for_owner(&mut *self.s.db.read().await?, &self.own.project.id).await
    }

    /// The change that a posted form asks for.
    pub fn change(&self, form: &Form) -> std::result::Result<Change<'_>, Failure> {
        let version: Timestamp = form.value("version").parse().map_err(Failure::bad_request)?;
        let actor = &self.own.person.user.id;
        Ok(Change { project_id: &self.own.project.id, version, actor, now: self.ctx.now })
    }

    /// Ends a step that was saved in this transaction.
    pub async fn end(
        &self,
        step: Step,
        tx: Tx,
        form: &mut Form,
        done: Result<()>,
    ) -> std::result::Result<Ended, Failure> {
        let refusal = match done {
            Ok(()) => {
                tx.commit().await?;
                let part = if form.is("step", "rows") { step.path() } else { "/plan".to_owned() };
                return Ok(Ended::Saved(self.ctx.redirect_done(&self.own.studio_path(&part), "flash-plans-saved")));
            }
            Err(Error::Refused(refusal)) => refusal,
            Err(error) => return Err(error.into()),
        };
        drop(tx);
        form.refuse(self.ctx.lang, &*refusal);
        let now = projects::actions::get(&mut *self.s.db.read().await?, &self.own.project.id).await?;
        form.set("version", &now.updated_at.to_string());
        Ok(Ended::Refused(Failure::from(&*refusal).status()))
    }
}

/// The status of a page with this form.
pub fn status_of(form: &Form) -> StatusCode {
    if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}
