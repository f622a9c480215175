//! Pages for signing in by mail. The second factor and the own account are in the files below this one.

mod account;
mod address;
mod factor;
pub mod kept;
mod security;
mod sessions;

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::features::users::events::Device;
use crate::features::users::guard::{self, with_next};
use crate::features::users::local_path;
use crate::features::users::sign_in::{self, Asker, Entered, LIFE_SECONDS, LinkState};
use crate::infra::web::client::Client;
use crate::infra::web::{Answer, Ctx, Form, Posted, human};
use crate::infra::{Services, random};
use crate::values::text::Email;

/// An answer to an address or a code takes at least this long, so that time does not tell which addresses are known.
const EVEN_TIME: Duration = Duration::from_millis(200);
/// How long a browser is known that signed in: a year.
const DEVICE_SECONDS: u64 = 365 * 86_400;

/// A person takes longer to type an address.
const LEAST_SECONDS: i64 = 1;

/// Routes that read cookies.
pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/sign-in", get(show_ask).post(ask))
        .route("/{lang}/sign-in/code", get(show_code).post(enter_code))
        .route("/{lang}/sign-in/link/{token}", get(show_link).post(enter_link))
        .route("/{lang}/sign-in/factor", get(factor::show).post(factor::check))
        .route("/{lang}/sign-in/factor/question", post(factor::question))
        .route("/{lang}/sign-in/enrol/{token}", get(factor::show_enrol).post(factor::enrol))
        .route("/{lang}/sign-in/restore/{token}", get(address::show_restore).post(address::restore))
        .route("/{lang}/sign-out", post(sessions::sign_out))
        .route("/{lang}/account", get(account::show).post(account::save))
        .route("/{lang}/account/sessions", get(sessions::show))
        .route("/{lang}/account/sessions/{id}/end", post(sessions::end))
        .route("/{lang}/account/sessions/end-others", post(sessions::end_others))
        .route("/{lang}/account/security", get(security::show))
        .route("/{lang}/account/passkeys", post(security::add_passkey))
        .route("/{lang}/account/passkeys/question", post(security::question))
        .route("/{lang}/account/passkeys/{id}/remove", post(security::remove_passkey))
        .route("/{lang}/account/app", get(security::show_app).post(security::connect_app))
        .route("/{lang}/account/app/remove", post(security::remove_app))
        .route("/{lang}/account/address", get(address::show).post(address::ask))
        .route("/{lang}/account/address/code", get(address::show_code).post(address::confirm))
}

#[derive(Template)]
#[template(path = "users/sign_in.html")]
struct AskPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
}

async fn show_ask(ctx: Ctx, RawQuery(query): RawQuery) -> Answer {
    let form = Form::with(&[("next", next_of(query.as_deref()).as_str())]);
    ctx.page(&AskPage { ctx: &ctx, form: &form })
}

async fn ask(ctx: Ctx, State(s): State<Services>, jar: CookieJar, client: Client, posted: Posted) -> Answer {
    let mut form = posted.allow(&["email", "next", human::TRAP])?;
    if let Some(key) = human::doubt(&s, &mut form, LEAST_SECONDS) {
        form.fail_key(ctx.lang, "", key);
        return ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &AskPage { ctx: &ctx, form: &form });
    }
    let Some(email) = Email::parse(form.value("email")) else {
        form.fail_key(ctx.lang, "email", "users-email-wrong");
        return ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &AskPage { ctx: &ctx, form: &form });
    };
    let next = local_path(form.value("next")).unwrap_or_default();
    let browser = browser_of(&s, &jar).unwrap_or_else(random::secret);
    let device = device_of(&s, &jar, client.clone());
    let known_by = [device.secret.as_str(), device.place.as_str()];
    let asker = Asker { lang: ctx.lang, browser: &browser, network: &client.network, known_by };
    evenly(sign_in::ask(&s, &email, asker, next)).await?;
    let jar = jar.add(browser_cookie(&s, browser));
    Ok((jar, ctx.redirect(&with_next("/sign-in/code", next))).into_response())
}

#[derive(Template)]
#[template(path = "users/code.html")]
struct CodePage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// False when this browser asked for no letter in the last ten minutes, or keeps no cookies.
    has_asked: bool,
}

impl CodePage<'_> {
    fn again_url(&self) -> String {
        self.ctx.path(&with_next("/sign-in", self.form.value("next")))
    }
}

async fn show_code(ctx: Ctx, State(s): State<Services>, jar: CookieJar, RawQuery(query): RawQuery) -> Answer {
    let form = Form::with(&[("next", next_of(query.as_deref()).as_str())]);
    ctx.page(&CodePage { ctx: &ctx, form: &form, has_asked: browser_of(&s, &jar).is_some() })
}

async fn enter_code(ctx: Ctx, State(s): State<Services>, jar: CookieJar, client: Client, posted: Posted) -> Answer {
    let mut form = posted.allow(&["code", "next"])?;
    let browser = browser_of(&s, &jar);
    let old = guard::token_of(&s, &jar);
    let device = device_of(&s, &jar, client);
    let entered = match &browser {
        Some(browser) => evenly(sign_in::by_code(&s, browser, form.value("code"), old.as_deref(), &device)).await?,
        None => None,
    };
    let next = local_path(form.value("next")).unwrap_or_default().to_owned();
    match entered {
        Some(entered) => Ok(welcome(&ctx, &s, jar, entered, device, &next)),
        None => {
            let key = if browser.is_some() { "users-code-wrong" } else { "users-code-other-browser" };
            form.fail_key(ctx.lang, "code", key);
            let page = CodePage { ctx: &ctx, form: &form, has_asked: browser.is_some() };
            ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

#[derive(Template)]
#[template(path = "users/link.html")]
struct LinkPage<'a> {
    ctx: &'a Ctx,
    next: &'a str,
    state: LinkState,
}

impl LinkPage<'_> {
    fn again_url(&self) -> String {
        self.ctx.path(&with_next("/sign-in", self.next))
    }
}

async fn show_link(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    jar: CookieJar,
) -> Answer {
    let mut conn = s.db.read().await?;
    let state = sign_in::link_state(&mut conn, &token, browser_of(&s, &jar).as_deref(), ctx.now).await?;
    link_page(&ctx, &next_of(query.as_deref()), state)
}

fn link_page(ctx: &Ctx, next: &str, state: LinkState) -> Answer {
    let status = match state {
        LinkState::Ready | LinkState::OtherBrowser => StatusCode::OK,
        LinkState::Used | LinkState::Expired => StatusCode::GONE,
        LinkState::Unknown => StatusCode::NOT_FOUND,
    };
    ctx.page_with(status, &LinkPage { ctx, next, state })
}

async fn enter_link(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
    jar: CookieJar,
    client: Client,
    posted: Posted,
) -> Answer {
    let form = posted.allow(&["next"])?;
    let next = local_path(form.value("next")).unwrap_or_default();
    let browser = browser_of(&s, &jar);
    let old = guard::token_of(&s, &jar);
    let device = device_of(&s, &jar, client);
    if let Some(entered) = sign_in::by_link(&s, &token, browser.as_deref(), old.as_deref(), &device).await? {
        return Ok(welcome(&ctx, &s, jar, entered, device, next));
    }
    let mut conn = s.db.read().await?;
    let state = sign_in::link_state(&mut conn, &token, browser.as_deref(), ctx.now).await?;
    link_page(&ctx, next, state)
}

/// Sets the session cookie and goes on: staff to the second factor first.
fn welcome(
    ctx: &Ctx,
    s: &Services,
    jar: CookieJar,
    entered: Entered,
    device: Device,
    next: &str,
) -> axum::response::Response {
    let jar = jar.add(guard::cookie(s, entered.token)).add(device_cookie(s, device.secret));
    let jar = jar.remove(browser_cookie(s, String::new()));
    let target = match (entered.roles.is_empty(), next) {
        (true, "") => "/account".to_owned(),
        (true, next) => next.to_owned(),
        (false, "") => with_next("/sign-in/factor", "/staff"),
        (false, next) => with_next("/sign-in/factor", next),
    };
    (jar, ctx.redirect(&target)).into_response()
}

/// The local path in the query's `next`; empty when there is none.
fn next_of(query: Option<&str>) -> String {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let next = pairs.into_iter().find(|(name, _)| name == "next").map(|(_, value)| value.into_owned());
    next.as_deref().and_then(local_path).unwrap_or_default().to_owned()
}

/// Does the work in at least [`EVEN_TIME`].
async fn evenly<T>(work: impl Future<Output = T>) -> T {
    tokio::join!(work, tokio::time::sleep(EVEN_TIME)).0
}

fn browser_cookie_name(s: &Services) -> &'static str {
    if s.settings.production() { "__Host-sign-in" } else { "drempel_sign_in" }
}

/// What binds a code and a link to the browser that asked for them.
fn browser_cookie(s: &Services, secret: String) -> Cookie<'static> {
    Cookie::build((browser_cookie_name(s), secret))
        .path("/")
        .http_only(true)
        .secure(s.settings.production())
        .same_site(SameSite::Lax)
        .max_age(Duration::from_secs(LIFE_SECONDS.unsigned_abs()).try_into().unwrap_or_default())
        .build()
}

fn browser_of(s: &Services, jar: &CookieJar) -> Option<String> {
    secret_in(jar, browser_cookie_name(s))
}

/// A secret of ours in a cookie; nothing when it has another shape.
fn secret_in(jar: &CookieJar, name: &str) -> Option<String> {
    let value = jar.get(name)?.value();
    (value.len() == 48 && value.bytes().all(|b| b.is_ascii_hexdigit())).then(|| value.to_owned())
}

fn device_cookie_name(s: &Services) -> &'static str {
    if s.settings.production() { "__Host-device" } else { "drempel_device" }
}

/// What tells a browser that signed in before from a new one, for a year. It opens nothing.
fn device_cookie(s: &Services, secret: String) -> Cookie<'static> {
    Cookie::build((device_cookie_name(s), secret))
        .path("/")
        .http_only(true)
        .secure(s.settings.production())
        .same_site(SameSite::Lax)
        .max_age(Duration::from_secs(DEVICE_SECONDS).try_into().unwrap_or_default())
        .build()
}

fn device_of(s: &Services, jar: &CookieJar, client: Client) -> Device {
    let secret = secret_in(jar, device_cookie_name(s)).unwrap_or_else(random::secret);
    let place = match client.network.as_str() {
        "" => String::new(),
        network => s.keys.derive("device", &format!("{} {network}", client.device)),
    };
    Device { name: client.device, secret, place }
}
