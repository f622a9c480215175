//! The form for a project's picture and its description in both languages.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::plans::web::{Remark, remarks_for_owner};
use crate::features::projects::guard::Editor;
use crate::features::projects::{Picture, Project, Refusal, actions};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::files::{self, File};
use crate::infra::pictures::PictureRefusal;
use crate::infra::texts::text_with;
use crate::infra::web::upload::Uploaded;
use crate::infra::web::{Answer, Ctx, Failure, Form};
use crate::values::Timestamp;
use crate::values::text::one_line;

/// The longest description, in characters.
const LONGEST_ALT: usize = 300;

#[derive(Template)]
#[template(path = "studio/picture.html")]
struct PicturePage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    /// The picture that is stored now, with its descriptions.
    stored: Option<Stored>,
    /// Somebody else saved meanwhile: what is stored now is shown with its descriptions.
    conflict: bool,
    may_change: bool,
    /// What reviewers say, when it is a plan.
    remarks: Vec<Remark>,
}

struct Stored {
    url: String,
    file: File,
    alt_nl: String,
    alt_en: String,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let project = &own.project;
    let version = project.updated_at.to_string();
    let form =
        Form::with(&[("alt_nl", &project.picture_alt_nl), ("alt_en", &project.picture_alt_en), ("version", &version)]);
    page(&ctx, &s, &own, &form, StatusCode::OK).await
}

/// The page with what is stored at this moment.
async fn page(ctx: &Ctx, s: &Services, own: &Editor, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let project = actions::get(&mut conn, &own.project.id).await?;
    let file = match &project.picture_id {
        Some(id) => files::find(&mut conn, id).await?,
        None => None,
    };
    let may_change = project.state.texts_may_change();
    let stored = file.map(|file| Stored {
        url: files::url(&file.id),
        file,
        alt_nl: project.picture_alt_nl,
        alt_en: project.picture_alt_en,
    });
    let conflict = status == StatusCode::CONFLICT;
    let remarks = remarks_for_owner(&mut conn, &own.project.id).await?;
    ctx.page_with(status, &PicturePage { ctx, own, form, stored, conflict, may_change, remarks })
}

pub async fn save(ctx: Ctx, State(s): State<Services>, own: Editor, uploaded: Uploaded) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut form = uploaded.posted.allow(&["alt_nl", "alt_en", "version", "remove"])?;
    let version: Timestamp = form.value("version").parse().map_err(Failure::bad_request)?;
    let sent = uploaded.picture.is_some();
    let has_picture = sent || (own.project.picture_id.is_some() && !form.ticked("remove"));
    let alts = [alt(&ctx, &mut form, "alt_nl", has_picture), alt(&ctx, &mut form, "alt_en", false)];
    if !sent && own.project.picture_id.is_none() {
        form.fail_key(ctx.lang, "picture", "studio-picture-none");
    }
    if form.has_errors() {
        return again(&ctx, &s, &own, &mut form, sent, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match store(&ctx, &s, &own, version, uploaded.picture, alts, has_picture).await {
        Ok(()) => Ok(ctx.redirect_done(&own.studio_path("/picture"), "flash-studio-saved")),
        Err(error) => {
            let status = refuse(&ctx, &s, &own, &mut form, error).await?;
            again(&ctx, &s, &own, &mut form, sent, status).await
        }
    }
}

/// A description: one line, required where there is a picture to describe.
fn alt(ctx: &Ctx, form: &mut Form, name: &'static str, required: bool) -> String {
    let text = one_line(form.value(name), usize::MAX).unwrap_or_default();
    let label = ctx.t(format!("studio-label-{name}"));
    let length = text.chars().count();
    if length > LONGEST_ALT {
        let args = [("label", label), ("max", LONGEST_ALT.to_string()), ("over", (length - LONGEST_ALT).to_string())];
        form.fail(name, text_with(ctx.lang, "studio-too-long", &args));
    } else if required && text.is_empty() {
        form.fail(name, ctx.t1("studio-missing", "label", label));
    }
    text
}

/// Decodes outside the transaction; keeps the file and points the project at it inside.
async fn store(
    ctx: &Ctx,
    s: &Services,
    own: &Editor,
    version: Timestamp,
    file: Option<Vec<u8>>,
    [alt_nl, alt_en]: [String; 2],
    has_picture: bool,
) -> Result<()> {
    let taken = match file {
        Some(bytes) => Some(s.decoder.take(bytes).await?),
        None => None,
    };
    let project: &Project = &own.project;
    let mut tx = s.db.begin().await?;
    let file_id = match &taken {
        Some(taken) => Some(files::keep(s, &mut tx, &project.id, taken).await?),
        None => project.picture_id.clone().filter(|_| has_picture),
    };
    let picture = Picture { file_id, alt_nl, alt_en };
    actions::save_picture(&mut tx, &project.id, version, &picture, &own.person.user.id, ctx.now).await?;
    Ok(tx.commit().await?)
}

/// Notes why it was refused and answers the status; after a concurrent change the form takes the new version.
async fn refuse(
    ctx: &Ctx,
    s: &Services,
    own: &Editor,
    form: &mut Form,
    error: Error,
) -> std::result::Result<StatusCode, Failure> {
    if let Some(refusal) = error.refusal::<PictureRefusal>() {
        form.refuse(ctx.lang, refusal);
        return Ok(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let Some(refusal) = error.refusal::<Refusal>() else { return Err(error.into()) };
    form.refuse(ctx.lang, refusal);
    let mut conn = s.db.read().await?;
    let now = actions::get(&mut conn, &own.project.id).await?;
    form.set("version", &now.updated_at.to_string());
    Ok(StatusCode::CONFLICT)
}

/// The form again. A browser does not keep a chosen file, so the page asks for it once more.
async fn again(ctx: &Ctx, s: &Services, own: &Editor, form: &mut Form, sent: bool, status: StatusCode) -> Answer {
    if sent && form.error("picture").is_none() {
        form.fail_key(ctx.lang, "picture", "studio-picture-again");
    }
    page(ctx, s, own, form, status).await
}
