//! A form with a picture or another file in it (`multipart/form-data`), read in a bounded way.

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};

use crate::infra::Services;
use crate::infra::error::Sort;
use crate::infra::pictures;
use crate::infra::web::form::{LARGEST_FORM, Posted};
use crate::infra::web::problem::Failure;

/// The largest body of such a form: one picture and the other fields. A picture that is a little larger is still read, so that
/// the form can come back with a word about it.
const LARGEST: usize = pictures::MOST_BYTES + 4 * LARGEST_FORM;

/// The layer for routes that take such a form: `post(save).layer(upload::limit())`.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST)
}

/// A posted form and the file of its field `picture`; a form without a file has none.
pub struct Uploaded {
    pub posted: Posted,
    pub picture: Option<Vec<u8>>,
}

/// The layer for routes that take another file of at most so many bytes, which is read a little beyond that.
pub fn limit_of(most_bytes: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(most_bytes + 4 * LARGEST_FORM)
}

/// A posted form and the file of its field `file`. What the sender calls it is not read: names of files say too much.
pub struct Attached {
    pub posted: Posted,
    pub file: Option<Vec<u8>>,
}

impl FromRequest<Services> for Uploaded {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, services: &Services) -> Result<Uploaded, Failure> {
        let (posted, picture) = read(request, services, "picture").await?;
        Ok(Uploaded { posted, picture })
    }
}

impl FromRequest<Services> for Attached {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, services: &Services) -> Result<Attached, Failure> {
        let (posted, file) = read(request, services, "file").await?;
        Ok(Attached { posted, file })
    }
}

async fn read(
    request: Request<Body>,
    services: &Services,
    of_file: &str,
) -> Result<(Posted, Option<Vec<u8>>), Failure> {
    let mut form = Multipart::from_request(request, services)
        .await
        .map_err(|_| Failure::of(Sort::Invalid, 415, "problem-media-type"))?;
    let mut fields = Vec::new();
    let mut sent = None;
    let mut bytes = 0;
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == of_file {
            let file = field.bytes().await.map_err(refused)?;
            if !file.is_empty() && sent.replace(file.to_vec()).is_some() {
                return Err(Failure::bad_request("two files"));
            }
            continue;
        }
        let value = short_text(field, &mut bytes).await?;
        fields.push((name, value));
    }
    Ok((Posted::from_fields(fields)?, sent))
}

async fn short_text(mut field: Field<'_>, bytes: &mut usize) -> Result<String, Failure> {
    let mut value = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(refused)? {
        *bytes += chunk.len();
        if *bytes > 2 * LARGEST_FORM {
            return Err(Failure::too_large());
        }
        value.extend_from_slice(&chunk);
    }
    String::from_utf8(value).map_err(|_| Failure::bad_request("a field that is not UTF-8"))
}

fn refused(error: MultipartError) -> Failure {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Failure::too_large()
    } else {
        Failure::bad_request(error)
    }
}
