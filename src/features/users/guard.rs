//! Permission as part of a handler's signature: `SignedIn`, `Staff`. A handler that names none is visibly public.
//!
//! `Confirmed<T>` is a `T` whose second factor was given in this session, `Fresh<T>` one who gave it within the last five minutes:
//! `Fresh<OrganisationOwner>` may change the bank account. What needs which stands in `factor`.
//!
//! Rights are read at every request, so a right that is taken away is gone at once.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::REFERER;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::features::users::factor::{self, Gate};
use crate::features::users::{Factor, Session, StaffRole, User, actions, local_path};
use crate::infra::Services;
use crate::infra::history::origin::{self, Who};
use crate::infra::web::{Ctx, Failure, token};

/// The signed-in person of this request. `Option<SignedIn>` for a page that is also there for others.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user: User,
    pub session: Session,
    pub roles: Vec<StaffRole>,
}

/// A member of the platform's team, whose second factor was given in this session.
#[derive(Debug, Clone)]
pub struct Staff(pub SignedIn);

impl SignedIn {
    /// What the page shows of who is signed in.
    pub fn label(&self) -> &str {
        if self.user.name.is_empty() { &self.user.email } else { &self.user.name }
    }

    /// Whether this person is of the platform's team.
    pub fn is_staff(&self) -> bool {
        !self.roles.is_empty()
    }

    /// Sends to the second factor when none was given in this session; `back` is the path to return to. For what a form decides; what
    /// the address decides has [`Confirmed`].
    pub fn require_factor(&self, ctx: &Ctx, back: &str) -> Result<(), Failure> {
        if self.session.factor_given() {
            return Ok(());
        }
        Err(Failure::first(ctx.path(&with_next("/sign-in/factor", back))))
    }

    /// Sends to the second factor when the last one is older than five minutes; `back` is the path to return to.
    pub fn require_fresh(&self, ctx: &Ctx, back: &str) -> Result<(), Failure> {
        if self.session.is_fresh(ctx.now) {
            return Ok(());
        }
        Err(Failure::first(ctx.path(&with_next("/sign-in/factor", back))))
    }
}

/// A permission that names who has it.
pub trait Acting {
    fn person(&self) -> &SignedIn;
}

impl Acting for SignedIn {
    fn person(&self) -> &SignedIn {
        self
    }
}

/// Whoever gave a second factor in this session; others are sent to give one first.
#[derive(Debug, Clone)]
pub struct Confirmed<T>(pub T);

/// Whoever gave a second factor within the last five minutes; others are sent to give one first, and then back to this page or the
/// page the form stood on.
#[derive(Debug, Clone)]
pub struct Fresh<T>(pub T);

impl<T: Acting + Send + FromRequestParts<Services, Rejection = Failure>> FromRequestParts<Services> for Confirmed<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Confirmed<T>, Failure> {
        let permitted = T::from_request_parts(parts, services).await?;
        if permitted.person().session.factor_given() {
            return Ok(Confirmed(permitted));
        }
        let ctx = Ctx::from_request_parts(parts, services).await?;
        Err(factor_first(parts, &ctx))
    }
}

impl<T: Acting + Send + FromRequestParts<Services, Rejection = Failure>> FromRequestParts<Services> for Fresh<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Fresh<T>, Failure> {
        let permitted = T::from_request_parts(parts, services).await?;
        if permitted.person().session.is_fresh(services.clock.now()) {
            return Ok(Fresh(permitted));
        }
        let ctx = Ctx::from_request_parts(parts, services).await?;
        Err(factor_first(parts, &ctx))
    }
}

fn factor_first(parts: &Parts, ctx: &Ctx) -> Failure {
    Failure::first(ctx.path(&with_next("/sign-in/factor", &way_back(parts, ctx))))
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

    /// The same for somebody of the team.
    pub fn require_fresh(&self, ctx: &Ctx, back: &str) -> Result<(), Failure> {
        self.0.require_fresh(ctx, back)
    }
}

/// A path that carries where to go next; without it when there is nowhere particular.
pub(super) fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={next}")
}

/// Where to return to after signing in: this page; for a form that was posted, the page it stood on.
pub(super) fn way_back(parts: &Parts, ctx: &Ctx) -> String {
    if parts.method.is_safe() {
        return ctx.rest.clone();
    }
    let referer = parts.headers.get(REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let path = referer.strip_prefix(&ctx.public_url).unwrap_or_default();
    local_path(path).unwrap_or_default().to_owned()
}

/// The session cookie's name.
pub fn cookie_name(services: &Services) -> &'static str {
    token::session_cookie_name(services)
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

/// The token in the request's session cookie.
pub(super) fn token_of(services: &Services, jar: &CookieJar) -> Option<String> {
    jar.get(cookie_name(services)).map(|c| c.value().to_owned())
}

/// Who is signed in, if anybody; notes once a minute that the session is in use.
async fn person(parts: &Parts, services: &Services) -> Result<Option<SignedIn>, Failure> {
    let jar = CookieJar::from_headers(&parts.headers);
    let Some(token) = token_of(services, &jar) else { return Ok(None) };
    let now = services.clock.now();
    let mut conn = services.db.read().await?;
    let Some((session, user, roles)) = actions::session(&mut conn, &token, now).await? else { return Ok(None) };
    drop(conn);
    if actions::needs_touch(&session, now) {
        let mut tx = services.db.begin().await?;
        actions::touch_session(&mut tx, &session.id, now).await?;
        tx.commit().await?;
    }
    origin::know(|| Who {
        user_id: user.id.clone(),
        roles: roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(","),
        factor: session.factor.as_str(),
    });
    Ok(Some(SignedIn { user, session, roles }))
}

impl FromRequestParts<Services> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<SignedIn, Failure> {
        let ctx = Ctx::from_request_parts(parts, services).await?;
        let sign_in = || Failure::first(ctx.path(&with_next("/sign-in", &way_back(parts, &ctx))));
        person(parts, services).await?.ok_or_else(sign_in)
    }
}

impl OptionalFromRequestParts<Services> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Option<SignedIn>, Failure> {
        person(parts, services).await
    }
}

impl FromRequestParts<Services> for Staff {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Staff, Failure> {
        let person = <SignedIn as FromRequestParts<Services>>::from_request_parts(parts, services).await?;
        if !person.is_staff() {
            return Err(Failure::forbidden());
        }
        let production = services.settings.production();
        // only a code of an app in production needs a look at what else there is
        let factors = match person.session.factor {
            Factor::App if production => factor::of_user(&mut *services.db.read().await?, &person.user.id).await?,
            _ => factor::Factors { app: false, passkeys: 0 },
        };
        let ctx = Ctx::from_request_parts(parts, services).await?;
        match factor::gate(person.session.factor, factors, production) {
            Gate::Open => Ok(Staff(person)),
            Gate::Confirm => Err(factor_first(parts, &ctx)),
            Gate::Enrol => Err(Failure::first(ctx.path("/account/security"))),
        }
    }
}
