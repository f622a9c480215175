//! Pages that come again by themselves as long as something on them moves. A header does it, without a script; whoever wants to read in
//! peace turns it off by the address (WCAG 2.2.1). `macros/moving.html` shows both.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::infra::web::{Answer, Failure};

/// How soon a page comes again, in seconds.
const SECONDS: u32 = 5;
/// The query of a page that stays as it is.
const STILL: &str = "reload=off";

/// Whether the address lets the page come again.
pub fn wanted(query: Option<&str>) -> bool {
    query != Some(STILL)
}

/// The answer, which comes again from this address.
///
/// # Errors
/// The address is none that can stand in a header.
pub fn again(mut response: Response, url: &str) -> Answer {
    let value = HeaderValue::try_from(format!("{SECONDS}; url={url}"));
    response.headers_mut().insert(header::REFRESH, value.map_err(Failure::broken)?);
    Ok(response)
}
