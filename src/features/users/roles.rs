//! Roles of the platform's team as part of a handler's signature: `With<TreasurerOrAdmin>` is somebody of the team who has one of
//! them. Actions that decide read the roles once more under their lock.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::web::Failure;

/// Which roles are asked for: one of them is enough.
pub trait OneOf {
    const ROLES: &'static [StaffRole];
}

macro_rules! one_of {
    ($($(#[$doc:meta])* $name:ident: $($role:ident)|+;)+) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl OneOf for $name {
            const ROLES: &'static [StaffRole] = &[$(StaffRole::$role),+];
        })+
    };
}

one_of! {
    /// Rounds, people, settings.
    AdminOnly: Admin;
    /// Money.
    TreasurerOnly: Treasurer;
    /// Whoever answers for money or for the platform.
    TreasurerOrAdmin: Treasurer | Admin;
    /// What projects ask for.
    ReviewerOnly: Reviewer;
    /// Whoever sees to people, or to projects.
    ReviewerOrAdmin: Reviewer | Admin;
    /// What a project is worth.
    ExpertOnly: Expert;
    /// Whoever checks figures and looks at what owners send.
    Checker: Reviewer | Expert;
    /// Whoever has a part in a valuation.
    Valuer: Reviewer | Expert | Admin;
}

/// Somebody of the team with one of the roles of `R`.
#[derive(Debug, Clone)]
pub struct With<R>(pub Staff, pub PhantomData<fn() -> R>);

impl<R: OneOf> FromRequestParts<Services> for With<R> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<With<R>, Failure> {
        let staff = Staff::from_request_parts(parts, services).await?;
        if R::ROLES.iter().any(|role| staff.has(*role)) {
            Ok(With(staff, PhantomData))
        } else {
            Err(Failure::forbidden())
        }
    }
}
