//! A treasurer at a page about money: what every step that moves some begins with.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::features::approvals::Decider;
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::web::{Ctx, Failure};

/// The request of a treasurer. A handler that takes one is for treasurers only.
pub struct Treasurer {
    pub ctx: Ctx,
    pub s: Services,
    pub staff: Staff,
}

impl FromRequestParts<Services> for Treasurer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Treasurer, Failure> {
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
}
