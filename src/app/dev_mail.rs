//! `/dev/mail`: the letters of a development installation, as text and as HTML. With a folder the files are shown, with a mail
//! server the rows, written anew. A letter can be sent once more as a test, to any address.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::Router;
use axum::extract::{Path as InPath, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::app::letters::render;
use crate::infra::letters::{self, Due, Listed};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, mail, random};
use crate::values::Lang;
use crate::values::text::Email;

/// The routes; the caller leaves them out in production.
pub fn routes() -> Router<Services> {
    Router::new()
        .route("/dev/mail", get(list).post(send_test))
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
    form: &'a Form,
    place: String,
    /// The newest letter of each kind, to choose from for a test.
    samples: Vec<(String, String)>,
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

async fn list(State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    page(&Ctx::new(&s, Lang::En, "/dev/mail", query.as_deref()), &s, StatusCode::OK, &Form::default()).await
}

async fn page(ctx: &Ctx, s: &Services, status: StatusCode, form: &Form) -> Answer {
    let letters = letters::newest(&mut *s.db.read().await?, 200).await?;
    let place = match s.mailer.folder() {
        Some(folder) => format!("Letters are files in {}.", folder.display()),
        None => "Letters go to the mail server; what is shown here is written anew.".to_owned(),
    };
    let mut samples: Vec<(String, String)> = Vec::new();
    for letter in &letters {
        let text = format!("{} ({})", letter.kind, letter.language);
        if samples.iter().all(|(_, known)| *known != text) {
            samples.push((letter.id.clone(), text));
        }
    }
    samples.sort_by(|a, b| a.1.cmp(&b.1));
    ctx.page_with(status, &ListPage { ctx, form, place, samples, letters })
}

/// Writes a letter anew and sends it at once to the address that was typed, beside the outbox: nothing is noted of it.
async fn send_test(State(s): State<Services>, posted: Posted) -> Answer {
    let mut form = posted.allow(&["letter", "email"])?;
    let letter = letters::find(&mut *s.db.read().await?, form.value("letter")).await?;
    if letter.is_none() {
        form.fail_key(Lang::En, "letter", "dev-mail-choose");
    }
    let email = Email::parse(form.value("email"));
    if email.is_none() {
        form.fail_key(Lang::En, "email", "users-email-wrong");
    }
    let (Some(letter), Some(email)) = (letter, email) else {
        return page(&context(&s), &s, StatusCode::UNPROCESSABLE_ENTITY, &form).await;
    };
    let now = s.clock.now();
    let Some(draft) = written(&s, &letter).await? else {
        form.fail_key(Lang::En, "letter", "dev-mail-not-any-more");
        return page(&context(&s), &s, StatusCode::CONFLICT, &form).await;
    };
    let test = Due { id: random::id("ltr", now), email: email.to_string(), name: String::new(), ..letter };
    s.mailer.send(&test, &draft, now).await.map_err(|fault| Failure::broken(format!("a test letter: {fault:?}")))?;
    match s.mailer.folder() {
        Some(_) => Ok(Redirect::to(&format!("/dev/mail/{}", test.id)).into_response()),
        None => Ok(Redirect::to("/dev/mail?done=dev-mail-sent").into_response()),
    }
}

/// The letter as it would be written now; nothing when there is no more to say.
async fn written(services: &Services, letter: &Due) -> crate::infra::error::Result<Option<mail::Draft>> {
    match render(services, std::slice::from_ref(letter)).await.pop() {
        Some(draft) => draft,
        None => Ok(None),
    }
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
    let draft = written(services, &letter).await?.ok_or_else(Failure::not_found)?;
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
