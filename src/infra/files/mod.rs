//! The store of files: bytes under an id ([`put`], [`read`], [`remove`]) in a folder or a bucket ([`Place`]), and the pictures of projects with their facts in
//! the table `files`. Other nouns keep bytes here under ids of their own, with rows of their own; only pictures have an open address.
//!
//! Beside each picture lies a small one for cards, under the same id and an ending; of pictures from before there were small ones the
//! whole one is given.
//!
//! The bytes are written before the row: a row always has its bytes, and bytes without a row harm nobody. Ids cannot be
//! guessed; the bytes under an id never change.

mod place;

use axum::Router;
use axum::extract::{Path as InPath, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use sqlx::FromRow;

pub use self::place::Place;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::pictures::{Picture, PictureRefusal};
use crate::infra::web::Failure;
use crate::infra::{Services, random};

/// What one project may keep.
const MOST_FILES: i64 = 50;
const MOST_BYTES: i64 = 100 * 1024 * 1024;
/// What an address ends in that asks for the small picture.
const CARD: &str = "size=card";

/// A kept picture.
#[derive(Debug, Clone, FromRow)]
pub struct File {
    pub id: String,
    pub project_id: String,
    pub width: i64,
    pub height: i64,
    pub bytes: i64,
}

/// The address of a file on this site.
pub fn url(id: &str) -> String {
    format!("/files/{id}")
}

/// The address of the small picture for a card.
pub fn card_url(id: &str) -> String {
    format!("/files/{id}?{CARD}")
}

/// Keeps a picture for a project and answers its id.
///
/// # Errors
/// [`PictureRefusal::Quota`] when the project has too many; or the place of files does not take them.
pub async fn keep(services: &Services, tx: &mut Tx, project_id: &str, picture: &Picture) -> Result<String> {
    let now = services.clock.now();
    let size = i64::try_from(picture.jpeg.len()).unwrap_or(i64::MAX);
    let (count, bytes): (i64, i64) =
        sqlx::query_as("SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM files WHERE project_id = $1")
            .bind(project_id)
            .fetch_one(&mut **tx)
            .await?;
    if count >= MOST_FILES || bytes.saturating_add(size) > MOST_BYTES {
        return Err(PictureRefusal::Quota.into());
    }
    let id = random::id("fil", now);
    put(services, &id, &picture.jpeg).await?;
    services.files.write(&card_of(&id), &picture.card).await?;
    sqlx::query(
        "INSERT INTO files (id, project_id, sha256, width, height, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&id)
    .bind(project_id)
    .bind(hex::encode(Sha256::digest(&picture.jpeg)))
    .bind(i64::from(picture.width))
    .bind(i64::from(picture.height))
    .bind(size)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// The facts of a file, for the size of an `img`.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<File>> {
    let file = sqlx::query_as("SELECT id, project_id, width, height, bytes FROM files WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    Ok(file)
}

/// `/files/{id}`.
pub fn routes() -> Router<Services> {
    Router::new().route("/files/{id}", get(serve))
}

async fn serve(
    State(s): State<Services>,
    InPath(id): InPath<String>,
    RawQuery(query): RawQuery,
) -> std::result::Result<Response, Failure> {
    if !is_id(&id) {
        return Err(Failure::not_found());
    }
    let small = match query.as_deref() {
        Some(CARD) => s.files.read(&card_of(&id)).await?,
        None | Some("") => None,
        // each address means one thing
        Some(_) => return Err(Failure::not_found()),
    };
    let bytes = match small {
        Some(bytes) => bytes,
        None => s.files.read(&id).await?.ok_or_else(Failure::not_found)?,
    };
    let disposition = format!("attachment; filename=\"{id}.jpg\"");
    let headers = [
        // a page shows it all the same; opened by itself it is a file and no page
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, bytes).into_response())
}

/// Where the small picture of this one lies.
fn card_of(id: &str) -> String {
    format!("{id}.card")
}

/// An id of a picture as `keep` makes it.
fn is_id(id: &str) -> bool {
    id.starts_with("fil_") && names_a_file(id)
}

/// Whether this is an id as the program makes it, three letters and 32 digits; nothing else ever reaches the file system.
fn names_a_file(id: &str) -> bool {
    id.split_once('_').is_some_and(|(prefix, rest)| {
        let is_prefix = prefix.len() == 3 && prefix.bytes().all(|b| b.is_ascii_lowercase());
        is_prefix && rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// Keeps bytes under an id of the program: whole or not at all, and kept when it returns.
///
/// # Errors
/// They cannot be written, or the id is none.
pub async fn put(services: &Services, id: &str, bytes: &[u8]) -> Result<()> {
    if !names_a_file(id) {
        return Err(Error::broken(format!("{id:.60} names no file")));
    }
    services.files.write(id, bytes).await
}

/// The bytes under an id; nothing when there are none.
///
/// # Errors
/// They cannot be read.
pub async fn read(services: &Services, id: &str) -> Result<Option<Vec<u8>>> {
    if !names_a_file(id) {
        return Ok(None);
    }
    services.files.read(id).await
}

/// The same, and they are what was kept: `sha256` is what stands in its row, in hexadecimal digits.
///
/// # Errors
/// They cannot be read, or are others.
pub async fn read_same(services: &Services, id: &str, sha256: &str) -> Result<Option<Vec<u8>>> {
    let bytes = read(services, id).await?;
    if bytes.as_ref().is_some_and(|bytes| hex::encode(Sha256::digest(bytes)) != sha256) {
        return Err(Error::broken(format!("the bytes of {id} are not those that were kept")));
    }
    Ok(bytes)
}

/// Takes bytes away; none being there is no fault.
///
/// # Errors
/// They cannot be taken away.
pub async fn remove(services: &Services, id: &str) -> Result<()> {
    if !names_a_file(id) {
        return Ok(());
    }
    services.files.remove(id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_reach_the_folder() {
        assert!(is_id("fil_0123456789abcdef0123456789abcdef"));
        assert!(names_a_file("evi_0123456789abcdef0123456789abcdef"));
        assert!(!is_id("evi_0123456789abcdef0123456789abcdef"), "evidence has no open address");
        for bad in [
            "fil_../../etc/passwd",
            "fil_",
            "fil_0123456789abcdef0123456789abcde/",
            "x",
            "..",
            "fil_0123456789abcdef0123456789abcdef.part",
            "fil_0123456789abcdef0123456789abcdef.card",
        ] {
            assert!(!is_id(bad) && !names_a_file(bad), "{bad}");
        }
    }
}
