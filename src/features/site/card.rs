//! The picture of a project that other sites show beside a link to it: title, maker and progress, drawn when asked for.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect};

use crate::features::site::numbers;
use crate::features::site::project::Head;
use crate::features::site::view::Progress;
use crate::infra::Services;
use crate::infra::drawing::{Drawing, Tone};
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Lang;

/// The size that Open Graph readers show without cutting (1.91 : 1).
const WIDTH: u16 = 1_200;
const HEIGHT: u16 = 630;
const MARGIN: u16 = 70;
const INNER: u16 = WIDTH - 2 * MARGIN;
/// The tones of the site's light look.
const GROUND: Tone = [0xfd, 0xfc, 0xf8];
const HEADER: Tone = [0x0b, 0x44, 0x52];
const STEP: Tone = [0xff, 0xc6, 0x2e];
const INK: Tone = [0x1b, 0x24, 0x26];
const SUBTLE: Tone = [0x50, 0x5b, 0x5e];
const TRACK: Tone = [0xe6, 0xe1, 0xd3];
const HELD: Tone = [0x0b, 0x4f, 0x60];
const MATCHED: Tone = [0x4f, 0x7f, 0x8b];

/// `/og/{slug}.png`; `?lang=en` for English words.
pub async fn show(State(s): State<Services>, Path(file): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let slug = file.strip_suffix(".png").ok_or_else(Failure::not_found)?;
    let lang = match query.as_deref().unwrap_or_default() {
        "" | "lang=nl" => Lang::Nl,
        "lang=en" => Lang::En,
        // drawing costs, and each address is drawn anew: one that means nothing else leads to the one that is kept
        _ => return Ok(Redirect::to(&format!("/og/{slug}.png")).into_response()),
    };
    let ctx = Ctx::new(&s, lang, &format!("/{lang}/projects/{slug}"), None);
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, slug).await?;
    let standing = numbers::standing(&mut conn, &head.project.id).await?;
    let progress = Progress::new(&ctx, &head.project, head.round.unit_price_eur, &standing);
    let backers = ctx.t1("site-backers", "count", standing.backers);
    Ok(([(header::CONTENT_TYPE, "image/png")], draw(&ctx, &head, &progress, &backers)?).into_response())
}

fn draw(ctx: &Ctx, head: &Head, progress: &Progress, backers: &str) -> Result<Vec<u8>> {
    let mut drawing = Drawing::new(WIDTH, HEIGHT, GROUND)?;
    drawing.bar(0, 0, WIDTH, 96, HEADER);
    drawing.bar(0, 96, WIDTH, 8, STEP);
    drawing.words(MARGIN, 64, 44, true, GROUND, "Drempel");
    let mut y = 190;
    for line in drawing.lines(head.project.title(ctx.lang), INNER, 60, true, 3) {
        drawing.words(MARGIN, y, 60, true, INK, &line);
        y += 70;
    }
    for line in drawing.lines(&head.maker.name, INNER, 34, false, 1) {
        drawing.words(MARGIN, y, 34, false, SUBTLE, &line);
    }
    let part = |permille: i64| u16::try_from(i64::from(INNER) * permille.clamp(0, 1_000) / 1_000).unwrap_or(INNER);
    let top = 440;
    drawing.bar(MARGIN, top, INNER, 36, TRACK);
    let held = part(progress.held_permille);
    drawing.bar(MARGIN, top, held, 36, HELD);
    drawing.bar(MARGIN + held, top, part(progress.matched_permille).min(INNER - held), 36, MATCHED);
    drawing.bar(MARGIN + part(progress.threshold_permille).min(INNER - 6), top - 14, 6, 64, STEP);
    let held = format!("{}: {}", ctx.t(progress.held_key), progress.held_text);
    let held = match progress.matched_permille {
        0 => held,
        _ => format!("{held} + {}", progress.matched_text),
    };
    let threshold = format!("{}: {}", ctx.t("progress-threshold"), progress.threshold_text);
    drawing.words(MARGIN, 530, 32, true, INK, &held);
    drawing.words(MARGIN, 580, 32, false, SUBTLE, &format!("{threshold}, {backers}"));
    drawing.png()
}
