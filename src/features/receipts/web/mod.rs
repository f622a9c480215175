//! Pages and files of papers: of a pledge, for who has its key, its backer when signed in, and the team; and of the account.

mod account;
mod bundle;
mod papers;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::features::receipts::Document;
use crate::features::receipts::paper::paper;
use crate::infra::Services;
use crate::infra::pdf;
use crate::infra::web::{Answer, Ctx, Failure};

/// Pages that show what is one person's.
pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/pledges/{reference}/documents", get(papers::list))
        .route("/{lang}/pledges/{reference}/documents/{number}", get(papers::show))
        .route("/{lang}/account/statements", get(account::years))
        .route("/{lang}/account/statements/{year}", get(account::year).post(account::issue))
        .route("/{lang}/account/documents/{number}", get(account::show))
        .route("/{lang}/account/papers.zip", get(bundle::all))
}

/// A paper in a list.
pub struct Row {
    pub title: String,
    pub date: String,
    pub amount: String,
    pub url: String,
    pub pdf_url: String,
}

impl Row {
    /// `path` is where the pledge's or account's papers live, `query` what opens them (empty, or `?key=…`).
    pub fn of(ctx: &Ctx, document: &Document, path: &str, query: &str) -> Row {
        let base = ctx.path(&format!("{path}/{}", document.number));
        Row {
            title: ctx.t1(format!("paper-title-{}", document.kind), "number", &document.number),
            date: ctx.date(document.issued_at),
            amount: ctx.euros(document.amount),
            url: format!("{base}{query}"),
            pdf_url: format!("{base}.pdf{query}"),
        }
    }
}

/// The number in an address, and whether the PDF is asked for.
fn asked(number: &str) -> (String, bool) {
    match number.strip_suffix(".pdf") {
        Some(number) => (number.to_uppercase(), true),
        None => (number.to_uppercase(), false),
    }
}

/// The paper as a file.
fn file(ctx: &Ctx, document: &Document) -> Answer {
    let bytes = pdf::write(&paper(document, ctx.lang)?).map_err(Failure::from)?;
    let name = format!("inline; filename=\"{}.pdf\"", document.number);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    let response: Response = (headers, bytes).into_response();
    Ok(response)
}
