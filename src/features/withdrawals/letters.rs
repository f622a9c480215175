//! The letter to the owners of a project that one of them took back.

use crate::features::projects;
use crate::features::withdrawals::actions;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kind written here; its cause is the project.
pub const TAKEN_BACK: &str = "project_taken_back";

/// Writes the letter.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let withdrawal = actions::of_project(conn, &letter.cause_id).await?;
    let withdrawal = withdrawal.ok_or_else(|| Error::broken(format!("no withdrawal of {}", letter.cause_id)))?;
    let project = projects::actions::get(conn, &withdrawal.project_id).await?;
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let args = [("title", project.title(lang).to_owned())];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{TAKEN_BACK}-{part}"), &args);
    let facts = vec![
        (t("pledge-for"), project.title(lang).to_owned()),
        (t("withdraw-at"), withdrawal.withdrawn_at.show_moment(lang)),
        (t("settlement-reason"), withdrawal.reason),
    ];
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("stop-open-project"), s.url(&format!("/{lang}/projects/{}", project.slug)))
        .why(t("consent-why"))
        .draft(s)
        .map(Some)
}
