//! The letter that reminds owners of what waits for them.

use crate::features::desk::remind;
use crate::features::{projects, rounds};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// Its cause is a project, a slash, and the day.
pub const REMINDER: &str = "owner_reminder";

/// Writes one letter; nothing when nothing waits any more.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let project_id = letter.cause_id.split('/').next().unwrap_or_default();
    let project = projects::actions::get(conn, project_id).await?;
    let waiting = remind::waiting(conn, &project).await?;
    if waiting.is_nothing() {
        return Ok(None);
    }
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let say = |key: &str| texts::text_with(lang, key, &[("title", project.title(lang).to_owned())]);
    let mut facts = vec![(t("pledge-for"), project.title(lang).to_owned())];
    if waiting.plan {
        let round = rounds::actions::get(conn, &project.round_id).await?;
        facts.push((t("letter-owner_reminder-plan"), round.valuation_at.show_moment(lang)));
    }
    if waiting.questions > 0 {
        facts.push((t("letter-owner_reminder-questions"), waiting.questions.to_string()));
    }
    Writing::new(lang, Stream::Money, say("letter-owner_reminder-subject"))
        .say(say("letter-owner_reminder-text"))
        .facts(facts)
        .button(t("letter-owner_reminder-button"), s.url(&format!("/{lang}/studio/projects/{}", project.slug)))
        .why(t("payouts-letter-why"))
        .draft(s)
        .map(Some)
}
