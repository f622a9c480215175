//! `/dev/mail`: the letters of a development installation, as text and as HTML. With a folder the files are shown, with a mail
//! server the rows, written anew.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::Router;
use axum::extract::{Path as InPath, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::letters::render;
use crate::infra::letters::{self, Listed};
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, mail};
use crate::values::Lang;

/// The routes; the caller leaves them out in production.
pub fn routes() -> Router<Services> {
    Router::new()
        .route("/dev/mail", get(list))
        .route("/dev/mail/{id}", get(as_text))
        .route("/dev/mail/{id}/html", get(as_html))
}

/// A letter with its parts decoded.
struct Opened {
    subject: String,
    /// The headers as they are on the line; empty for a letter that is written anew.
    head: String,
    text: String,
    html: String,
}

#[derive(Template)]
#[template(path = "dev/mail.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    place: String,
    letters: Vec<Listed>,
}

#[derive(Template)]
#[template(path = "dev/letter.html")]
struct LetterPage<'a> {
    ctx: &'a Ctx,
    id: &'a str,
    letter: &'a Opened,
    links: Vec<&'a str>,
}

async fn list(State(s): State<Services>) -> Answer {
    let letters = letters::newest(&mut *s.db.read().await?, 200).await?;
    let place = match s.mailer.folder() {
        Some(folder) => format!("Letters are files in {}.", folder.display()),
        None => "Letters go to the mail server; what is shown here is written anew.".to_owned(),
    };
    context(&s).page(&ListPage { ctx: &context(&s), place, letters })
}

async fn as_text(State(s): State<Services>, InPath(id): InPath<String>) -> Answer {
    let letter = open(&s, &id).await?;
    let ctx = context(&s);
    let links = letter.text.split_whitespace().filter(|word| word.starts_with("http")).collect();
    ctx.page(&LetterPage { ctx: &ctx, id: &id, letter: &letter, links })
}

/// The HTML part alone: nothing in it may load or run, only its own style counts.
async fn as_html(State(s): State<Services>, InPath(id): InPath<String>) -> Result<Response, Failure> {
    let letter = open(&s, &id).await?;
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, letter.html).into_response())
}

fn context(services: &Services) -> Ctx {
    Ctx::new(services, Lang::En, "/dev/mail", None)
}

async fn open(services: &Services, id: &str) -> Result<Opened, Failure> {
    if !id.strip_prefix("ltr_").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Err(Failure::not_found());
    }
    if let Some(folder) = services.mailer.folder()
        && let Ok(bytes) = tokio::fs::read(file(folder, id)).await
    {
        return parse(&bytes).ok_or_else(|| Failure::broken(format!("{id} is no letter")));
    }
    let letter = letters::find(&mut *services.db.read().await?, id).await?.ok_or_else(Failure::not_found)?;
    let draft: Option<mail::Draft> = match render(services, std::slice::from_ref(&letter)).await.pop() {
        Some(draft) => draft?,
        None => None,
    };
    let draft = draft.ok_or_else(Failure::not_found)?;
    Ok(Opened { subject: draft.subject, head: String::new(), text: draft.text, html: draft.html })
}

fn file(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.eml"))
}

fn parse(bytes: &[u8]) -> Option<Opened> {
    let message = mail_parser::MessageParser::default().parse(bytes)?;
    let whole = String::from_utf8_lossy(bytes);
    Some(Opened {
        subject: message.subject().unwrap_or_default().to_owned(),
        head: whole.split("\r\n\r\n").next().unwrap_or_default().to_owned(),
        text: message.body_text(0)?.into_owned(),
        html: message.body_html(0)?.into_owned(),
    })
}
