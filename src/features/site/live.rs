//! How a project stands, told as it changes: to who watches its page, and to other programs.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use serde_json::json;

use crate::features::projects::actions as projects;
use crate::features::site::numbers;
use crate::features::site::project::{Head, Stand};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::limits::STREAMS;
use crate::infra::web::client::Client;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Lang;

/// The part of the page that changes.
#[derive(Template)]
#[template(path = "site/live.html")]
struct Changing<'a> {
    ctx: &'a Ctx,
    stand: &'a Stand,
}

/// `/events/projects/{slug}`: a JSON object at once and after each change, amounts in cents. With `?lang=nl` or `en` also `html`, the
/// part of the page that shows it.
pub async fn project(
    State(s): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let lang = match query.as_deref().unwrap_or_default() {
        "lang=nl" => Some(Lang::Nl),
        "lang=en" => Some(Lang::En),
        _ => None,
    };
    s.recent.count(&s, STREAMS, &client.network)?;
    projects::public_by_slug(&mut *s.db.read_public().await?, &slug).await?.ok_or_else(Failure::not_found)?;
    let subject = format!("{slug} {}", lang.map_or("", |lang| lang.code()));
    let services = s.clone();
    let read = move || {
        let (s, slug) = (services.clone(), slug.clone());
        async move { told(&s, &slug, lang).await }
    };
    s.live.watch(&s.db, &subject, read)
}

async fn told(s: &Services, slug: &str, lang: Option<Lang>) -> Result<String> {
    let ctx = Ctx::new(s, lang.unwrap_or(Lang::Nl), "", None);
    let mut conn = s.db.read_public().await?;
    let Some(project) = projects::public_by_slug(&mut conn, slug).await? else {
        return Err(Error::broken("a project that was public is gone"));
    };
    let head = Head::of(&ctx, &mut conn, project).await?;
    let standing = numbers::standing(&mut conn, &head.project.id).await?;
    let mut told = json!({
        "status": head.state,
        "held_cents": standing.held.0,
        "matched_cents": standing.matched.0,
        "processing_cents": standing.processing.0,
        "reserved_cents": standing.reserved.0,
        "pledged_cents": standing.held.0 + standing.processing.0 + standing.reserved.0,
        "backers": standing.backers,
    });
    if lang.is_some() {
        let stand = Stand::read(&ctx, &mut conn, &head, &standing).await?;
        told["html"] = Changing { ctx: &ctx, stand: &stand }.render().map_err(Error::broken)?.into();
    }
    Ok(told.to_string())
}
