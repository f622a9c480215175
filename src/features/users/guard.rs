//! Permission as part of a handler's signature: `SignedIn`, `Staff`. A handler that names none is visibly public.
//!
//! Rights are read at every request, so a right that is taken away is gone at once.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::features::users::{Session, StaffRole, User, actions};
use crate::infra::Services;
use crate::infra::web::{Ctx, Failure};

/// The signed-in person of this request.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user: User,
    pub session: Session,
    pub roles: Vec<StaffRole>,
}

/// A member of the platform's team.
#[derive(Debug, Clone)]
pub struct Staff(pub SignedIn);

impl SignedIn {
    /// What the page shows of who is signed in.
    pub fn label(&self) -> &str {
        if self.user.name.is_empty() { &self.user.email } else { &self.user.name }
    }
}

impl Staff {
    /// Whether this person has the role.
    pub fn has(&self, role: StaffRole) -> bool {
        self.0.roles.contains(&role)
    }

    /// Refuses without the role.
    pub fn require(&self, role: StaffRole) -> Result<(), Failure> {
        if self.has(role) { Ok(()) } else { Err(Failure::forbidden()) }
    }

    /// Sends to the second factor when the last one is older than five minutes; `back` is the path to return to.
    pub fn require_fresh(&self, ctx: &Ctx, back: &str) -> Result<(), Failure> {
        if self.0.session.fresh_until > ctx.now {
            return Ok(());
        }
        Err(Failure::first(ctx.path(&format!("/sign-in/factor?next={}", encoded(back)))))
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The cookie's name: bound to the host in production, plain on a development address without TLS.
pub fn cookie_name(services: &Services) -> &'static str {
    if services.settings.production() { "__Host-session" } else { "drempel_session" }
}

/// The session cookie with this value.
pub fn cookie(services: &Services, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(services), token))
        .path("/")
        .http_only(true)
        .secure(services.settings.production())
        .same_site(SameSite::Lax)
        .build()
}

impl FromRequestParts<Services> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<SignedIn, Failure> {
        let ctx = Ctx::from_request_parts(parts, services).await?;
        let sign_in = || Failure::first(ctx.path(&format!("/sign-in?next={}", encoded(&ctx.rest))));
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(cookie_name(services)).map(|c| c.value().to_owned()).ok_or_else(sign_in)?;
        let mut conn = services.db.read().await?;
        let (session, user) = actions::session(&mut conn, &token, services.clock.now()).await?.ok_or_else(sign_in)?;
        let roles = actions::roles(&mut conn, &user.id).await?;
        Ok(SignedIn { user, session, roles })
    }
}

impl FromRequestParts<Services> for Staff {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Staff, Failure> {
        let person = SignedIn::from_request_parts(parts, services).await?;
        if person.roles.is_empty() { Err(Failure::forbidden()) } else { Ok(Staff(person)) }
    }
}
