//! The dates of a round for people's own calendars (iCalendar, RFC 5545). A round has a handful of dates, so the lines are written
//! here: a library for them would bring a second one for time along.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse;

use super::lang_of;
use crate::features::rounds::{Round, actions as rounds};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Timestamp;

/// The longest line in bytes, its end not counted (RFC 5545, section 3.1).
const LONGEST_LINE: usize = 75;

/// `/calendar/{number}.ics`: when plans are due, when one can pledge, when the round closes. `?lang=en` for English.
pub async fn show(State(s): State<Services>, Path(file): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let number: i64 = file.strip_suffix(".ics").and_then(|n| n.parse().ok()).ok_or_else(Failure::not_found)?;
    let lang = lang_of(query.as_deref());
    let ctx = Ctx::new(&s, lang, &format!("/{lang}/rounds/{number}"), None);
    let rounds = rounds::all(&mut *s.db.read_public().await?).await?;
    let round = rounds.iter().find(|round| round.number == number).ok_or_else(Failure::not_found)?;
    let name = format!("attachment; filename=\"drempel-{number}.ics\"");
    let headers =
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CONTENT_DISPOSITION, name.as_str())];
    Ok((headers, written(&ctx, round)).into_response())
}

fn written(ctx: &Ctx, round: &Round) -> String {
    let host = ctx.public_url.split("://").nth(1).unwrap_or("drempel");
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Drempel//Drempel//NL");
    for (what, key, at) in [
        ("plans", "calendar-plans", round.valuation_at),
        ("selling", "calendar-selling", round.selling_at),
        ("closes", "calendar-closes", round.closes_at),
    ] {
        line("BEGIN", "VEVENT");
        line("UID", &format!("round-{}-{what}@{host}", round.number));
        // nothing here knows when the dates were set; a program that reads again sees them changed all the same
        line("DTSTAMP", &moment(ctx.now));
        line("DTSTART", &moment(at));
        line("SUMMARY", &escaped(&ctx.t1(key, "round", round.title(ctx.lang))));
        line("URL", &ctx.canonical);
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

/// A moment in UTC: `20261003T150000Z`.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let whole = text.split('.').next().unwrap_or_default();
    format!("{}Z", whole.replace(['-', ':'], ""))
}

/// What means something else inside a value gets a backslash (section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Adds a line; what is longer than a line may be goes on after a space (section 3.1).
fn fold(out: &mut String, line: &str) {
    let mut room = LONGEST_LINE;
    for letter in line.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = LONGEST_LINE - 1;
        }
        room -= letter.len_utf8();
        out.push(letter);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_letters_and_read_back_whole() {
        let text = format!("SUMMARY:{}", "één lange naam van een ronde ".repeat(9));
        let mut folded = String::new();
        fold(&mut folded, &text);
        assert!(folded.lines().count() > 3);
        assert!(folded.lines().all(|line| line.len() <= LONGEST_LINE), "{folded}");
        assert_eq!(folded.replace("\r\n ", "").trim_end_matches("\r\n"), text);
    }

    #[test]
    fn signs_with_a_meaning_are_kept_as_text() {
        assert_eq!(escaped("Eten, delen; a\\b\nc\u{7}"), "Eten\\, delen\\; a\\\\b\\nc");
        assert_eq!(moment(Timestamp::from_seconds(1_790_000_000)), "20260921T141320Z");
    }
}
