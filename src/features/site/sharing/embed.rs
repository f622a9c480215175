//! A card of a project inside the pages of others, and the address at which their programs ask for it (oEmbed 1.0).

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::lang_of;
use crate::features::site::numbers;
use crate::features::site::project::{Head, Stand};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Lang;

/// The size of the card in CSS pixels; on a narrower page its words wrap.
const WIDTH: u32 = 480;
const HEIGHT: u32 = 420;
/// The least width at which it can be read.
const NARROWEST: u32 = 240;

#[derive(Template)]
#[template(path = "sharing/card.html")]
struct Card<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    stand: Stand,
    url: String,
}

/// `/embed/{slug}`; `?lang=en` for English. Its headers let every site show it in a frame.
pub async fn card(State(s): State<Services>, Path(slug): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let lang = lang_of(query.as_deref());
    let ctx = Ctx::new(&s, lang, &format!("/{lang}/projects/{slug}"), None);
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    let standing = numbers::standing(&mut conn, &head.project.id).await?;
    let stand = Stand::read(&ctx, &mut conn, &head, &standing).await?;
    ctx.page(&Card { url: ctx.canonical.clone(), ctx: &ctx, head: &head, stand })
}

/// `/oembed?url=…`, with `maxwidth`, `maxheight` and `format=json`: what another site needs to show the card of that page.
pub async fn oembed(State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let value = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    if value("format").is_some_and(|format| format != "json") {
        // what the specification asks for where a format is not offered
        return Ok(StatusCode::NOT_IMPLEMENTED.into_response());
    }
    let size =
        |name: &str, usual: u32| value(name).and_then(|n| n.parse().ok()).map_or(usual, |most: u32| most.min(usual));
    let (width, height) = (size("maxwidth", WIDTH).max(NARROWEST), size("maxheight", HEIGHT));
    let (lang, slug) = value("url").and_then(|url| named(&s, &url)).ok_or_else(Failure::not_found)?;
    let ctx = Ctx::new(&s, lang, &format!("/{lang}/projects/{slug}"), None);
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    let title = head.project.title(lang);
    let src = s.url(&format!("/embed/{slug}?lang={lang}"));
    let answer: Response = Json(json!({
        "version": "1.0",
        "type": "rich",
        "provider_name": "Drempel",
        "provider_url": s.url(""),
        "title": title,
        "author_name": head.maker.name,
        "author_url": s.url(&ctx.path(&format!("/organisations/{}", head.maker.slug))),
        "cache_age": 60,
        "width": width,
        "height": height,
        "thumbnail_url": s.url(&format!("/og/{slug}.png?lang={lang}")),
        "thumbnail_width": 1_200,
        "thumbnail_height": 630,
        "html": frame(&src, title, width, height),
    }))
    .into_response();
    Ok(answer)
}

/// The language and the project of an address of ours; nothing for any other address.
fn named(s: &Services, url: &str) -> Option<(Lang, String)> {
    let path = url.strip_prefix(s.settings.public_url.as_str())?.split(['?', '#']).next()?;
    let mut parts = path.strip_prefix('/')?.split('/');
    let lang = Lang::from_code(parts.next()?)?;
    (parts.next()? == "projects").then(|| parts.next())?.map(|slug| (lang, slug.to_owned()))
}

/// The frame with the card, as somebody puts it on a page.
pub fn frame(src: &str, title: &str, width: u32, height: u32) -> String {
    let title = title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!("<iframe src=\"{src}\" title=\"{title}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"></iframe>")
}

/// The frame in its usual size, for who copies it from the project's page.
pub fn usual_frame(ctx: &Ctx, slug: &str, title: &str) -> String {
    frame(&format!("{}/embed/{slug}?lang={}", ctx.public_url, ctx.lang), title, WIDTH, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stays_inside_its_attribute() {
        let html = frame("https://drempel.example/embed/a?lang=nl", "\"><script>&", 300, 200);
        assert!(html.contains("title=\"&quot;>&lt;script>&amp;\""), "{html}");
    }
}
