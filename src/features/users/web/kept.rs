//! A form whose sender must first confirm who he is comes back after that, as it was filled in: what was typed is not lost, and stands
//! in no address. It waits in the database for ten minutes, for this session alone, and is taken out when it is offered again.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use crate::features::users::store::kept as rows;
use crate::features::users::{Session, actions, guard};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::web::form::LARGEST_LONG_FORM;
use crate::infra::web::{Answer, Ctx, Failure, token};

/// How long a form waits, in seconds.
const KEPT_SECONDS: i64 = 600;
/// The page of the second factor, behind the language.
const FACTOR: &str = "/sign-in/factor";

/// A form that waited.
pub(super) struct Kept {
    address: String,
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "users/kept.html")]
struct KeptPage<'a> {
    ctx: &'a Ctx,
    kept: &'a Kept,
    /// Where the form stood.
    back: String,
}

/// Layer around pages of people who are signed in: keeps a form that was answered with the way to the second factor. Files do not wait.
pub async fn keep(State(s): State<Services>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = guard::token_of(&s, &CookieJar::from_headers(request.headers()));
    let (Some(token), false, true) =
        (token, request.method().is_safe(), kind.starts_with("application/x-www-form-urlencoded"))
    else {
        return next.run(request).await;
    };
    let address = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_LONG_FORM).await else { return Failure::too_large().into_response() };
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let way = response.extensions().get::<Failure>().and_then(Failure::way);
    if way.is_some_and(|way| way.split('?').next().is_some_and(|path| path.ends_with(FACTOR)))
        && let Err(error) = write(&s, &token, &address, &body).await
    {
        tracing::error!(%error, "a form could not be kept; it must be filled in again");
    }
    response
}

async fn write(s: &Services, session_token: &str, address: &str, body: &[u8]) -> Result<()> {
    let is_typed = |(name, _): &(String, String)| name != token::FIELD;
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().filter(is_typed).collect();
    if fields.is_empty() {
        return Ok(());
    }
    let fields = serde_json::to_string(&fields).map_err(Error::broken)?;
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    if let Some((session, ..)) = actions::session(&mut tx, session_token, now).await? {
        rows::keep(&mut tx, &session.id, address, &fields, now).await?;
    }
    Ok(tx.commit_quietly().await?)
}

/// The form of this session that waits, if one does. It is gone from now on.
pub(super) async fn take(s: &Services, session: &Session) -> Result<Option<Kept>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let taken = rows::take(&mut tx, &session.id).await?;
    tx.commit_quietly().await?;
    match taken {
        Some((address, fields, kept_at)) if kept_at.plus_seconds(KEPT_SECONDS) > now => {
            Ok(Some(Kept { address, fields: serde_json::from_str(&fields).map_err(Error::broken)? }))
        }
        _ => Ok(None),
    }
}

/// Offers to send it once more.
pub(super) fn page(ctx: &Ctx, kept: &Kept, next: &str) -> Answer {
    ctx.page(&KeptPage { ctx, kept, back: ctx.path(next) })
}
