//! Evidence: the owner's page of it, and the download that asks who reads.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::features::evidence::actions::{self, may_read};
use crate::features::evidence::{Evidence, MOST_BYTES, NewEvidence, Refusal, Visibility, keep_until};
use crate::features::outcomes::{self, Indicator, Wave, is_measured, kind_name};
use crate::features::projects::guard::Editor;
use crate::features::projects::{self, Project};
use crate::features::users::guard::SignedIn;
use crate::infra::error::{Error, Result};
use crate::infra::web::upload::{self, Attached};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, files};

pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio/projects/{slug}/evidence", get(show).post(add).layer(upload::limit_of(MOST_BYTES)))
        .route("/{lang}/studio/projects/{slug}/evidence/{id}/withdraw", post(withdraw))
        .route("/{lang}/projects/{slug}/evidence", get(shown))
        .route("/{lang}/evidence/{id}", get(download))
}

/// A file with what it supports in words.
struct Row {
    evidence: Evidence,
    supports: String,
}

#[derive(Template)]
#[template(path = "evidence/studio.html")]
struct EvidencePage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    rows: Vec<Row>,
    /// Pairs for the choices.
    waves: Vec<(String, String)>,
    indicators: Vec<(String, String)>,
    visibilities: Vec<(&'static str, String)>,
    may_add: bool,
    keep_until: String,
}

/// What the page knows of the project's measuring.
struct Measured {
    waves: Vec<Wave>,
    indicators: Vec<Indicator>,
}

impl Measured {
    fn wave(&self, ctx: &Ctx, id: &str) -> String {
        self.waves.iter().find(|wave| wave.id == id).map_or_else(String::new, |wave| wave_name(ctx, wave))
    }

    /// `Einde, 3 oktober 2026: betaald werk`; without a figure when it is for the whole wave.
    fn supports(&self, ctx: &Ctx, evidence: &Evidence) -> String {
        let wave = self.wave(ctx, &evidence.wave_id);
        let indicator = self.indicators.iter().find(|indicator| indicator.code == evidence.indicator);
        match indicator {
            Some(indicator) => format!("{wave}: {}", ctx.either(&indicator.name_nl, &indicator.name_en)),
            None => format!("{wave}: {}", ctx.t("evidence-whole-wave")),
        }
    }
}

fn wave_name(ctx: &Ctx, wave: &Wave) -> String {
    format!("{}, {}", kind_name(ctx, wave.kind), ctx.day(&wave.measured_on))
}

/// `?wave=…&indicator=…` chooses what a file is for.
#[derive(Deserialize)]
struct For {
    wave: Option<String>,
    indicator: Option<String>,
}

async fn show(ctx: Ctx, State(s): State<Services>, own: Editor, Query(chosen): Query<For>) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let (wave, indicator) = (chosen.wave.unwrap_or_default(), chosen.indicator.unwrap_or_default());
    let form = Form::with(&[("wave", &wave), ("indicator", &indicator), ("visibility", Visibility::Staff.as_str())]);
    page(&ctx, &s, &own, &form, StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &Editor, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let measured = Measured {
        waves: outcomes::actions::waves_of(&mut conn, &own.project.id).await?,
        indicators: outcomes::actions::indicators_of(&mut conn, &own.project.id).await?,
    };
    let all = actions::of_project(&mut conn, &own.project.id).await?;
    let row = |evidence: Evidence| Row { supports: measured.supports(ctx, &evidence), evidence };
    let page = EvidencePage {
        ctx,
        own,
        form,
        rows: all.into_iter().map(row).collect(),
        waves: measured.waves.iter().rev().map(|wave| (wave.id.clone(), wave_name(ctx, wave))).collect(),
        indicators: measured
            .indicators
            .iter()
            .map(|one| (one.code.clone(), ctx.either(&one.name_nl, &one.name_en).to_owned()))
            .collect(),
        visibilities: Visibility::ALL
            .iter()
            .map(|one| (one.as_str(), ctx.t(format!("evidence-visibility-{one}"))))
            .collect(),
        may_add: is_measured(own.project.state) && !measured.waves.is_empty(),
        keep_until: ctx.day(&keep_until(&own.project)),
    };
    ctx.page_with(status, &page)
}

async fn add(ctx: Ctx, State(s): State<Services>, own: Editor, sent: Attached) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut form = sent.posted.allow(&["wave", "indicator", "title", "visibility", "nobody"])?;
    let new = NewEvidence {
        wave_id: form.value("wave").to_owned(),
        indicator: form.value("indicator").to_owned(),
        title: form.value("title").to_owned(),
        visibility: Visibility::from_word(form.value("visibility")),
        names_nobody: form.ticked("nobody"),
    };
    let had_file = sent.file.is_some();
    for refusal in actions::faults(&new) {
        form.refuse(ctx.lang, &refusal);
    }
    if !had_file {
        form.refuse(ctx.lang, &Refusal::FileMissing);
    }
    if new.wave_id.is_empty() {
        form.refuse(ctx.lang, &Refusal::WaveUnknown);
    }
    if !form.has_errors() {
        match take(&ctx, &s, &own, &new, sent.file).await {
            Ok(()) => return Ok(ctx.redirect_done(&own.studio_path("/evidence"), "flash-evidence-added")),
            Err(Error::Refused(refusal)) => form.refuse(ctx.lang, &*refusal),
            Err(error) => return Err(error.into()),
        }
    }
    if had_file && form.error("file").is_none() {
        // a browser does not keep a chosen file
        form.fail_key(ctx.lang, "file", "evidence-file-again");
    }
    page(&ctx, &s, &own, &form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Looked at outside of the transaction.
async fn take(ctx: &Ctx, s: &Services, own: &Editor, new: &NewEvidence, sent: Option<Vec<u8>>) -> Result<()> {
    let file = actions::look_at(s, sent).await?;
    actions::add(s, &own.project.id, new, file, &own.person.user.id, ctx.now).await.map(|_| ())
}

async fn withdraw(
    ctx: Ctx,
    State(s): State<Services>,
    own: Editor,
    Path((_lang, _slug, id)): Path<(String, String, String)>,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut form = posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    match actions::withdraw(&mut tx, &own.project.id, &id, &own.person.user.id, ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&own.studio_path("/evidence"), "flash-evidence-withdrawn"))
        }
        Err(Error::Refused(refusal)) if refusal.as_any().downcast_ref() != Some(&Refusal::NotHere) => {
            drop(tx);
            let status = Failure::from(&*refusal).status();
            form.refuse(ctx.lang, &*refusal);
            page(&ctx, &s, &own, &form, status).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "evidence/shown.html")]
struct ShownPage<'a> {
    ctx: &'a Ctx,
    project: &'a Project,
    rows: Vec<Row>,
}

/// What everybody may read of a project; whoever backs it sees more.
async fn shown(
    ctx: Ctx,
    State(s): State<Services>,
    person: Option<SignedIn>,
    Path((_lang, slug)): Path<(String, String)>,
) -> Answer {
    let ctx = match &person {
        Some(person) => ctx.signed_in_as(person.label()),
        None => ctx,
    };
    let mut conn = s.db.read().await?;
    let project = projects::actions::public_by_slug(&mut conn, &slug).await?.ok_or_else(Failure::not_found)?;
    let measured = Measured {
        waves: outcomes::actions::waves_of(&mut conn, &project.id).await?,
        indicators: outcomes::actions::indicators_of(&mut conn, &project.id).await?,
    };
    let me = person.as_ref().map(|person| person.user.id.as_str());
    let all = actions::shown_to(&mut conn, &project.id, me).await?;
    let row = |evidence: Evidence| Row { supports: measured.supports(&ctx, &evidence), evidence };
    ctx.page(&ShownPage { ctx: &ctx, project: &project, rows: all.into_iter().map(row).collect() })
}

/// The file itself, for whoever may read it now. To everybody else there is none.
async fn download(
    State(s): State<Services>,
    person: Option<SignedIn>,
    Path((_lang, id)): Path<(String, String)>,
) -> std::result::Result<Response, Failure> {
    let mut conn = s.db.read().await?;
    let evidence = actions::get(&mut conn, &id).await?;
    let me = person.as_ref().map(|person| person.user.id.as_str());
    if !may_read(&mut conn, &evidence, me).await? {
        return Err(Failure::not_found());
    }
    drop(conn);
    file(&s, &evidence).await
}

/// The bytes as a file to keep, never as a page. The team's download answers the same.
///
/// # Errors
/// Not found when the bytes are gone; broken when they are not those that were kept.
pub async fn file(s: &Services, evidence: &Evidence) -> std::result::Result<Response, Failure> {
    if !evidence.has_bytes() {
        return Err(Failure::not_found());
    }
    let bytes = files::read_same(s, &evidence.id, &evidence.sha256).await?.ok_or_else(Failure::not_found)?;
    let disposition = format!("attachment; filename=\"{}\"", evidence.file_name());
    let headers = [
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CONTENT_TYPE, evidence.media_type()),
        // who may read it can change
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, bytes).into_response())
}
