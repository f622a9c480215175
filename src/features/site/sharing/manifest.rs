//! What a phone needs to put Drempel among its apps. There is no service worker: a page that is not fresh would show sums that are not
//! true.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::json;

use crate::infra::Services;
use crate::infra::drawing::{Drawing, Tone};
use crate::infra::texts;
use crate::infra::web::{Answer, Failure};
use crate::values::Lang;

/// The sides of the icons in pixels.
const SIDES: [u16; 2] = [192, 512];
const GROUND: Tone = [0x0b, 0x44, 0x52];
const WALL: Tone = [0xfd, 0xfc, 0xf8];
const STEP: Tone = [0xff, 0xc6, 0x2e];

/// `/manifest.webmanifest`
pub async fn show(State(s): State<Services>) -> impl IntoResponse {
    let icons: Vec<_> = SIDES
        .iter()
        .map(|side| {
            json!({
                "src": format!("/icons/{side}.png"),
                "sizes": format!("{side}x{side}"),
                "type": "image/png",
                "purpose": "any maskable",
            })
        })
        .collect();
    let manifest = json!({
        "name": "Drempel",
        "short_name": "Drempel",
        "description": texts::text(Lang::Nl, "site-home-lead"),
        "lang": "nl",
        "id": "/",
        "start_url": s.url("/"),
        "scope": s.url("/"),
        "display": "browser",
        "background_color": "#fdfcf8",
        "theme_color": "#0b4452",
        "icons": icons,
    });
    ([(header::CONTENT_TYPE, "application/manifest+json")], Json(manifest)).into_response()
}

/// `/icons/{side}.png`: a doorway above a threshold, in the middle fifth-to-fifth that every phone leaves standing.
pub async fn icon(Path(file): Path<String>) -> Answer {
    let side = file.strip_suffix(".png").and_then(|side| side.parse().ok()).filter(|side| SIDES.contains(side));
    let side: u16 = side.ok_or_else(Failure::not_found)?;
    let part = |sixteenths: u16| side / 16 * sixteenths;
    let mut drawing = Drawing::new(side, side, GROUND)?;
    drawing.bar(part(4), part(3), part(8), part(2), WALL);
    drawing.bar(part(4), part(3), part(2), part(8), WALL);
    drawing.bar(part(10), part(3), part(2), part(8), WALL);
    drawing.bar(part(3), part(11), part(10), part(2), STEP);
    Ok(([(header::CONTENT_TYPE, "image/png")], drawing.png()?).into_response())
}
