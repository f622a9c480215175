//! Style sheet, script and pictures: part of the program, under names that change with their content, kept for a year.
//!
//! Style sheets are written for people, with comments and room between the lines; what is served has lost both. Names and integrity are
//! counted over what is served.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// A file as it is served.
struct Served {
    /// `site.1a2b3c4d5e6f.css`
    name: String,
    integrity: String,
    bytes: Cow<'static, [u8]>,
}

/// By a file's own name: `site.css`.
static FILES: LazyLock<HashMap<String, Served>> = LazyLock::new(|| {
    Static::iter()
        .filter_map(|own| {
            let (stem, ending) = own.rsplit_once('.')?;
            let bytes = Static::get(&own)?.data;
            let bytes = match std::str::from_utf8(&bytes) {
                Ok(text) if ending == "css" => compact(text).into_bytes().into(),
                _ => bytes,
            };
            let hash = Sha256::digest(&bytes);
            let name = format!("{stem}.{}.{ending}", hex::encode(&hash[..6]));
            let integrity = format!("sha256-{}", BASE64.encode(hash));
            Some((own.to_string(), Served { name, integrity, bytes }))
        })
        .collect()
});

/// From the long-lived name to a file's own.
static NAMES: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| FILES.iter().map(|(own, file)| (file.name.as_str(), own.as_str())).collect());

/// The address of a static file; the plain name when there is none, which a test forbids.
pub fn url(name: &str) -> String {
    format!("/static/{}", FILES.get(name).map_or(name, |file| &file.name))
}

/// What a browser holds a style sheet or script against before it uses it (Subresource Integrity); empty when there is no such file.
pub fn integrity(name: &str) -> String {
    FILES.get(name).map(|file| file.integrity.clone()).unwrap_or_default()
}

/// A style sheet without comments and without blanks that mean nothing. Words between quotation marks stay as they are.
fn compact(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    let mut blank = false;
    while let Some(next) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("/*") {
            rest = behind.split_once("*/").map_or("", |(_, behind)| behind);
            blank = true;
            continue;
        }
        if next.is_whitespace() {
            blank = true;
            rest = rest.trim_start();
            continue;
        }
        // around these a blank says nothing; before a colon it may stand for "somewhere inside"
        let is_tight = |sign: char| matches!(sign, '{' | '}' | ';' | ',' | '>');
        let last = out.chars().next_back();
        if blank && last.is_some_and(|last| !is_tight(last) && last != ':') && !is_tight(next) {
            out.push(' ');
        }
        blank = false;
        if next == '}' && last == Some(';') {
            out.pop();
        }
        let length = if next == '"' { rest[1..].find('"').map_or(rest.len(), |end| end + 2) } else { next.len_utf8() };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// Answers `/static/{name}`.
pub async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = NAMES.get(name.as_str()).and_then(|own| FILES.get(*own)) else {
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
    (headers, file.bytes.to_vec()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_loses_what_means_nothing_and_nothing_else() {
        let sheet = "/* tokens */\n:root {\n  --a: #fff;\n  --b: calc(1rem + 2px);\n}\n.x > .y, .x :hover { content: \"a;  b\"; margin: 0 }\n\
                     @media (min-width: 40rem) and (print) { a { b: c; } }\n";
        assert_eq!(
            compact(sheet),
            ":root{--a:#fff;--b:calc(1rem + 2px)}.x>.y,.x :hover{content:\"a;  b\";margin:0}\
             @media (min-width:40rem) and (print){a{b:c}}"
        );
        assert_eq!(compact("a/* */b { c: d } /* never closed"), "a b{c:d}");
        assert_eq!(compact("a { content: \"never closed }"), "a{content:\"never closed }");
    }

    #[test]
    fn every_sheet_keeps_its_rules() {
        for own in Static::iter().filter(|own| own.ends_with(".css")) {
            let file = Static::get(&own).expect("it was just named");
            let text = std::str::from_utf8(&file.data).expect("a text");
            let served = compact(text);
            for sign in ['{', '}', '('] {
                let without_comments: String = text
                    .split("/*")
                    .enumerate()
                    .map(|(i, part)| if i == 0 { part } else { part.split_once("*/").unwrap().1 })
                    .collect();
                assert_eq!(served.matches(sign).count(), without_comments.matches(sign).count(), "{own}: {sign}");
            }
            assert_eq!(compact(&served), served, "{own}");
        }
    }
}
