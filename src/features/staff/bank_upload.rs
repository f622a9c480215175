//! A file of the bank that is handed in: refused at once beside its field, or kept and booked by a job; and the page that shows how far
//! the job is and what came of it.

use askama::Template;
use axum::body::Body;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Path, RawQuery, Request, State};
use axum::http::StatusCode;

use crate::features::bank::uploads::{self, Upload};
use crate::features::bank::{Imported, Refusal};
use crate::features::staff::actor_name;
use crate::features::staff::bank::bank_page;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{TreasurerOnly, With};
use crate::infra::Services;
use crate::infra::error::{Error, Sort};
use crate::infra::web::{Answer, Ctx, Failure, Form, reload, token};

/// The largest file that is taken over the web; the command line takes larger ones.
const LARGEST_FILE: usize = 16 * 1024 * 1024;

/// The layer for the route that takes the file.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_FILE + 64 * 1024)
}

/// A posted file: its name and its bytes.
pub struct Sent(Option<(String, Vec<u8>)>);

impl FromRequest<Services> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, services: &Services) -> Result<Sent, Failure> {
        let form = Multipart::from_request(request, services).await;
        let mut form = form.map_err(|_| Failure::of(Sort::Invalid, 415, "problem-media-type"))?;
        let mut file = None;
        while let Some(field) = form.next_field().await.map_err(refused)? {
            if field.name() == Some(token::FIELD) {
                continue;
            }
            if field.name() != Some("file") || file.is_some() {
                return Err(Failure::bad_request("another field than one file"));
            }
            let name: String = field.file_name().unwrap_or_default().chars().take(100).collect();
            let bytes = field.bytes().await.map_err(refused)?;
            file = (!bytes.is_empty()).then(|| (name, bytes.to_vec()));
        }
        Ok(Sent(file))
    }
}

fn refused(error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::too_large(),
        _ => Failure::bad_request(error),
    }
}

/// Takes a file that is well; the job books it.
pub async fn hand_in(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<TreasurerOnly>,
    Sent(file): Sent,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let kept = match file {
        None => Err(Error::from(Refusal::NoFile)),
        Some((name, bytes)) => uploads::hand_in(&s, &name, bytes, &staff.0.user.id).await,
    };
    let refusal = match kept {
        Ok(id) => return Ok(ctx.redirect(&address(&id))),
        Err(Error::Refused(refusal)) => refusal,
        Err(error) => return Err(error.into()),
    };
    let (mut form, status) = (Form::default(), Failure::from(&*refusal).status());
    match refusal.as_any().downcast_ref::<Refusal>() {
        Some(Refusal::File { why, what }) => {
            form.fail("file", format!("{} ({what})", ctx.t(format!("bank-file-{why}"))));
        }
        _ => form.refuse(ctx.lang, &*refusal),
    }
    bank_page(&ctx, &s, &staff, &form, status).await
}

fn address(id: &str) -> String {
    format!("/staff/bank/uploads/{id}")
}

#[derive(Template)]
#[template(path = "staff/bank_upload.html")]
struct UploadPage<'a> {
    ctx: &'a Ctx,
    upload: &'a Upload,
    done: &'a Imported,
    by: String,
    reloads: bool,
}

impl UploadPage<'_> {
    fn url(&self) -> String {
        self.ctx.path(&address(&self.upload.id))
    }

    fn is_finished(&self) -> bool {
        self.upload.finished_at.is_some()
    }

    fn facts(&self) -> Vec<(String, String)> {
        let (ctx, upload) = (self.ctx, self.upload);
        vec![
            (ctx.t("staff-bank-file"), upload.file_name.clone()),
            (ctx.t("staff-bank-handed-in"), ctx.moment(upload.uploaded_at)),
            (ctx.t("reconciliation-by"), self.by.clone()),
            (ctx.t("staff-bank-lines"), upload.rows_total.to_string()),
        ]
    }
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let upload = uploads::find(&mut conn, &id).await?.ok_or_else(Failure::not_found)?;
    let page = UploadPage {
        by: actor_name(&mut conn, &upload.uploaded_by).await?,
        done: &upload.done,
        upload: &upload,
        reloads: reload::wanted(query.as_deref()),
        ctx: &ctx,
    };
    let response = ctx.page(&page)?;
    if page.reloads && !page.is_finished() { reload::again(response, &page.url()) } else { Ok(response) }
}
