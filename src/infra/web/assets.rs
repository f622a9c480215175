//! Style sheet, script and pictures: part of the program, under names that change with their content, kept for a year.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// From a file's own name to its long-lived one: `site.css` → `site.1a2b3c4d5e6f.css`.
static NAMES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Static::iter()
        .filter_map(|name| {
            let hash = hex::encode(&Static::get(&name)?.metadata.sha256_hash()[..6]);
            let (stem, ending) = name.rsplit_once('.')?;
            Some((name.to_string(), format!("{stem}.{hash}.{ending}")))
        })
        .collect()
});

static FILES: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| NAMES.iter().map(|(name, hashed)| (hashed.clone(), name.clone())).collect());

/// The address of a static file; the plain name when there is none, which a test forbids.
pub fn url(name: &str) -> String {
    format!("/static/{}", NAMES.get(name).map_or(name, String::as_str))
}

/// What a browser holds a style sheet or script against before it uses it (Subresource Integrity); empty when there is no such file.
pub fn integrity(name: &str) -> String {
    let file = Static::get(name);
    file.map(|file| format!("sha256-{}", BASE64.encode(file.metadata.sha256_hash()))).unwrap_or_default()
}

/// Answers `/static/{name}`.
pub async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = FILES.get(&name).and_then(|own| Static::get(own)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "webp" => "image/webp",
        "json" => "application/json; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, file.data.into_owned()).into_response()
}
