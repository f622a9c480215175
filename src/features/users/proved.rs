//! Whoever has just proved who they are: with a fresh second factor, or, without one, by mail. The rule is
//! [`may_change`](crate::features::users::factor::may_change).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::features::users::factor::{self, MayChange};
use crate::features::users::guard::{Acting, SignedIn, way_back, with_next};
use crate::infra::Services;
use crate::infra::web::{Ctx, Failure};

/// Somebody who may change how they sign in, take their data along or leave, now; others are sent to prove who they are first.
pub struct Proved(pub SignedIn);

impl Acting for Proved {
    fn person(&self) -> &SignedIn {
        &self.0
    }
}

impl FromRequestParts<Services> for Proved {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Proved, Failure> {
        let person = <SignedIn as FromRequestParts<Services>>::from_request_parts(parts, services).await?;
        let ctx = Ctx::from_request_parts(parts, services).await?;
        let factors = factor::of_user(&mut *services.db.read().await?, &person.user.id).await?;
        let back = match way_back(parts, &ctx) {
            page if page.is_empty() => "/account/security".to_owned(),
            page => page,
        };
        match factor::may_change(&person.session, person.is_staff(), factors, ctx.now) {
            MayChange::Yes => Ok(Proved(person)),
            MayChange::ConfirmFirst => Err(Failure::first(ctx.path(&with_next("/sign-in/factor", &back)))),
            MayChange::SignInFirst => Err(Failure::first(ctx.path(&with_next("/sign-in", &back)))),
            MayChange::ByLink => Err(Failure::forbidden()),
        }
    }
}
