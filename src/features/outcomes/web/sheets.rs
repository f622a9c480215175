//! Waves from a file: the template to download, the upload with everything that is wrong in a table, the check page, and saving all of
//! it in one transaction.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::features::outcomes::sheet::{self, Fault, MEDIA_TYPE, MOST_FAULTS, ReadWave};
use crate::features::outcomes::web::enter::{Line, lines, warnings};
use crate::features::outcomes::web::{Measuring, kind_name};
use crate::features::outcomes::{NewWave, Refusal, WaveKind, actions, faults, is_measured, wave_due};
use crate::features::projects::guard::Editor;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::texts;
use crate::infra::web::form::PostedLong;
use crate::infra::web::upload::Attached;
use crate::infra::web::{Answer, Ctx, Failure, Form};
use crate::values::Lang;

/// A thing that is wrong, in words.
struct Told {
    /// Empty when it is the whole file.
    line: String,
    column: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "outcomes/file.html")]
struct FilePage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    faults: Vec<Told>,
    /// How many are not shown.
    more: usize,
    can_enter: bool,
}

/// A wave on the check page.
struct Preview {
    name: String,
    lines: Vec<Line>,
    warnings: Vec<String>,
    replaces: bool,
}

#[derive(Template)]
#[template(path = "outcomes/file_check.html")]
struct CheckPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    waves: Vec<Preview>,
    /// The file's text, to be sent once more.
    text: &'a str,
}

/// The file to fill in, for the wave that is due.
pub async fn template(ctx: Ctx, State(s): State<Services>, own: Editor) -> std::result::Result<Response, Failure> {
    let measuring = Measuring::of(&mut *s.db.read().await?, &own.project.id).await?;
    let waves: Vec<_> = measuring.waves.iter().map(|one| one.wave.clone()).collect();
    let kind = wave_due(&own.project, &waves, &ctx.now.day()).unwrap_or(WaveKind::Interim);
    let delimiter = if ctx.lang == Lang::Nl { ";" } else { "," };
    let text = sheet::template(kind, &ctx.now.day(), &measuring.indicators, &measuring.locations, delimiter);
    let disposition = format!("attachment; filename=\"{}-{kind}.csv\"", own.project.slug);
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CONTENT_DISPOSITION, &disposition)];
    Ok((headers, text).into_response())
}

pub async fn show(ctx: Ctx, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &own, &Form::default(), Vec::new())
}

fn page(ctx: &Ctx, own: &Editor, form: &Form, mut faults: Vec<Told>) -> Answer {
    let is_wrong = form.has_errors() || !faults.is_empty();
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let more = faults.len().saturating_sub(MOST_FAULTS);
    faults.truncate(MOST_FAULTS);
    let can_enter = is_measured(own.project.state);
    ctx.page_with(status, &FilePage { ctx, own, form, faults, more, can_enter })
}

fn refused(ctx: &Ctx, own: &Editor, faults: Vec<Told>) -> Answer {
    let mut form = Form::default();
    form.fail("file", ctx.t1("sheet-wrong", "count", faults.len()));
    page(ctx, own, &form, faults)
}

/// The upload: the check page, or everything that is wrong.
pub async fn look(ctx: Ctx, State(s): State<Services>, own: Editor, sent: Attached) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut form = sent.posted.allow(&[])?;
    let Some(bytes) = sent.file else {
        form.fail_key(ctx.lang, "file", "sheet-missing");
        return page(&ctx, &own, &form, Vec::new());
    };
    let measuring = Measuring::of(&mut *s.db.read().await?, &own.project.id).await?;
    let waves = match understood(&ctx, &own, &measuring, &bytes) {
        Ok(waves) => waves,
        Err(faults) => return refused(&ctx, &own, faults),
    };
    let preview = |wave: &NewWave| Preview {
        name: format!("{}, {}", kind_name(&ctx, wave.kind), ctx.day(&wave.day)),
        lines: lines(&ctx, &measuring, wave),
        warnings: warnings(&ctx, &measuring.indicators, own.project.participants_target, wave),
        replaces: measuring.same(wave.kind, &wave.day).is_some(),
    };
    let text = String::from_utf8_lossy(&bytes);
    let page = CheckPage { ctx: &ctx, own: &own, waves: waves.iter().map(preview).collect(), text: &text };
    ctx.page(&page)
}

/// The same file once more: everything of it in one transaction, or nothing.
pub async fn save(ctx: Ctx, State(s): State<Services>, own: Editor, PostedLong(posted): PostedLong) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&["text"])?;
    let measuring = Measuring::of(&mut *s.db.read().await?, &own.project.id).await?;
    let waves = match understood(&ctx, &own, &measuring, form.value("text").as_bytes()) {
        Ok(waves) => waves,
        Err(faults) => return refused(&ctx, &own, faults),
    };
    match enter_all(&ctx, &s, &own, &waves).await {
        Ok(()) => Ok(ctx.redirect_done(&own.studio_path("/outcomes"), "flash-outcomes-file")),
        Err(Error::Refused(refusal)) => {
            let text = match refusal.as_any().downcast_ref::<Refusal>() {
                Some(refusal) => measuring.refusal_text(&ctx, refusal),
                None => texts::text_with(ctx.lang, refusal.key(), &refusal.args()),
            };
            refused(&ctx, &own, vec![Told { line: String::new(), column: "", text }])
        }
        Err(error) => Err(error.into()),
    }
}

async fn enter_all(ctx: &Ctx, s: &Services, own: &Editor, waves: &[NewWave]) -> Result<()> {
    let mut tx = s.db.begin().await?;
    for wave in waves {
        actions::enter(&mut tx, &own.project.id, wave, &own.person.user.id, ctx.now).await?;
    }
    Ok(tx.commit().await?)
}

/// The waves of a file, when nothing is wrong with them: neither with the rows, nor with a wave as a whole.
fn understood(
    ctx: &Ctx,
    own: &Editor,
    measuring: &Measuring,
    bytes: &[u8],
) -> std::result::Result<Vec<NewWave>, Vec<Told>> {
    let say = |fault: Fault| Told {
        line: if fault.line == 0 { String::new() } else { fault.line.to_string() },
        column: fault.column,
        text: ctx.t1(fault.key, "found", fault.found),
    };
    let read = sheet::read(bytes, &measuring.indicators, &measuring.locations);
    let read = read.map_err(|faults| faults.into_iter().map(say).collect::<Vec<_>>())?;
    let places: Vec<&str> = measuring.locations.iter().map(|place| place.id.as_str()).collect();
    let mut told = Vec::new();
    let mut waves = Vec::new();
    for ReadWave { wave, line, lines } in read {
        let same = measuring.same(wave.kind, &wave.day);
        for one in &wave.observations {
            let is_changed =
                same.is_some_and(|old| old.is_fixed(&one.indicator) && old.of(&one.indicator) != Some(one));
            let refusal = Refusal::Fixed { indicator: one.indicator.clone() };
            told.extend(is_changed.then(|| Told {
                line: lines.get(&one.indicator).unwrap_or(&line).to_string(),
                column: "value",
                text: measuring.refusal_text(ctx, &refusal),
            }));
        }
        let wave = sheet::joined(wave, same);
        for (field, refusal) in faults(&own.project, &measuring.indicators, &places, &wave, &ctx.now.day()) {
            let at = field.strip_prefix("count-").and_then(|code| lines.get(code)).unwrap_or(&line);
            let column = if field == "day" {
                "day"
            } else if field.is_empty() {
                ""
            } else {
                "value"
            };
            told.push(Told { line: at.to_string(), column, text: measuring.refusal_text(ctx, &refusal) });
        }
        waves.push(wave);
    }
    if told.is_empty() { Ok(waves) } else { Err(told) }
}
