//! What programs look for at fixed addresses: what a search engine may read, all pages, and where to report a weakness.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::features::organisations::actions as organisations;
use crate::features::projects::{Filter, actions as projects};
use crate::features::rounds::actions as rounds;
use crate::features::site::texts::PAGES;
use crate::infra::Services;
use crate::infra::web::Answer;
use crate::values::Lang;

/// How long a security.txt holds from the day it is read, in days; RFC 9116 asks for less than a year.
const SECURITY_DAYS: i64 = 180;

pub fn routes() -> Router<Services> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
        .route("/.well-known/security.txt", get(security))
}

async fn robots(State(s): State<Services>) -> impl IntoResponse {
    let text = format!(
        "User-agent: *\nDisallow: /nl/account\nDisallow: /en/account\nDisallow: /nl/pledges\nDisallow: /en/pledges\n\
         Disallow: /nl/studio\nDisallow: /en/studio\nDisallow: /nl/staff\nDisallow: /en/staff\nDisallow: /dev\n\n\
         Sitemap: {}\n",
        s.url("/sitemap.xml")
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// Contact, an end date and the languages (RFC 9116).
async fn security(State(s): State<Services>) -> impl IntoResponse {
    // whole days, so that the answer changes once a day
    let expires = s.clock.now().plus_days(SECURITY_DAYS).day();
    let text = format!(
        "Contact: mailto:security@{}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: nl, en\n\
         Policy: {}\nCanonical: {}\n",
        s.settings.contact_domain,
        s.url("/en/security"),
        s.url("/.well-known/security.txt")
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// Every public page in both languages, each naming its twin.
async fn sitemap(State(s): State<Services>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let mut paths: Vec<String> =
        ["", "/projects", "/rounds", "/impact", "/learning"].into_iter().map(str::to_owned).collect();
    paths.extend(PAGES.iter().map(|page| format!("/{page}")));
    let listings = projects::listing(&mut conn, &Filter::default()).await?;
    paths.extend(listings.iter().map(|listing| format!("/projects/{}", listing.slug)));
    paths.extend(rounds::all(&mut conn).await?.iter().map(|round| format!("/rounds/{}", round.number)));
    let organisations = organisations::all(&mut conn).await?;
    let shown = organisations.iter().filter(|one| one.is_public());
    paths.extend(shown.map(|one| format!("/organisations/{}", one.slug)));
    paths.extend(organisations::coalitions(&mut conn).await?.iter().map(|one| format!("/coalitions/{}", one.slug)));
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for path in &paths {
        for lang in Lang::ALL {
            xml.push_str(&format!("<url><loc>{}</loc>", s.url(&format!("/{lang}{path}"))));
            for twin in Lang::ALL {
                let url = s.url(&format!("/{twin}{path}"));
                xml.push_str(&format!("<xhtml:link rel=\"alternate\" hreflang=\"{twin}\" href=\"{url}\"/>"));
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}
