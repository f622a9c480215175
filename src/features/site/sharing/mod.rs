//! How what is on the pages goes elsewhere: feeds of news, dates for a calendar, a card for the pages of others, and words about a
//! page for machines that show a link to it.

mod calendar;
mod embed;
mod feeds;
pub mod linked;
mod manifest;

use axum::Router;
use axum::routing::get;

pub use self::embed::usual_frame;
use crate::infra::Services;
use crate::infra::web::Ctx;
use crate::values::Lang;

pub fn routes() -> Router<Services> {
    Router::new()
        .route("/feeds/{feed}", get(feeds::show))
        .route("/calendar/{dates}", get(calendar::show))
        .route("/embed/{slug}", get(embed::card))
        .route("/oembed", get(embed::oembed))
        .route("/manifest.webmanifest", get(manifest::show))
        .route("/icons/{icon}", get(manifest::icon))
}

/// Where programs of other sites ask for the card of this page.
pub fn oembed_url(ctx: &Ctx) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("url", &ctx.canonical).finish();
    format!("{}/oembed?{query}", ctx.public_url)
}

/// Opens a letter with this page's title and address. A plus sign would stand in the letter, so spaces are written out.
pub fn mail_url(ctx: &Ctx, title: &str) -> String {
    let body = format!("{title}\r\n{}", ctx.canonical);
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("subject", title)
        .append_pair("body", &body)
        .finish();
    format!("mailto:?{}", query.replace('+', "%20"))
}

/// The language that an address without one in its path asks for: `?lang=en`, else Dutch.
fn lang_of(query: Option<&str>) -> Lang {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, value)| Lang::from_code(&value))
        .unwrap_or(Lang::Nl)
}
