//! All papers of a backer in one file.

use std::io::{Cursor, Write};

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::features::receipts::actions;
use crate::features::receipts::paper::paper;
use crate::features::users::guard::SignedIn;
use crate::infra::error::{Error, Result};
use crate::infra::pdf::Paper;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, limits, pdf};

/// The newest so many go into one file.
const MOST: i64 = 500;

/// `/{lang}/account/papers.zip`: each paper as a PDF under its number.
pub async fn all(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let documents = actions::of_user(&mut *s.db.read().await?, &person.user.id, MOST).await?;
    if documents.is_empty() {
        return Ok(ctx.redirect_done("/account/pledges", "flash-no-papers"));
    }
    limits::count_alone(&s, &[(limits::EXPORTS, &person.user.id)]).await?;
    let mut papers = Vec::with_capacity(documents.len());
    for document in &documents {
        papers.push((document.number.clone(), paper(document, ctx.lang)?));
    }
    // writing them takes a while: other answers go on meanwhile
    let file = tokio::task::spawn_blocking(move || packed(&papers)).await.map_err(Failure::broken)??;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"drempel.zip\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, file).into_response())
}

fn packed(papers: &[(String, Paper)]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (number, paper) in papers {
        zip.start_file(format!("{number}.pdf"), SimpleFileOptions::default()).map_err(Error::broken)?;
        zip.write_all(&pdf::write(paper)?).map_err(Error::broken)?;
    }
    Ok(zip.finish().map_err(Error::broken)?.into_inner())
}
