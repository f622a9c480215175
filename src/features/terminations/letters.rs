//! The letter to the owners of a project that was stopped.

use crate::features::projects;
use crate::features::terminations::actions;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kind written here; its cause is a termination.
pub const STOPPED: &str = "project_stopped";

/// Writes the letter.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let termination = actions::get(conn, &letter.cause_id).await?;
    let project = projects::actions::get(conn, &termination.project_id).await?;
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let args = [("title", project.title(lang).to_owned()), ("amount", termination.total().show(lang))];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{STOPPED}-{part}"), &args);
    let facts = vec![
        (t("pledge-for"), project.title(lang).to_owned()),
        (t("stop-goes-back"), termination.total().show(lang)),
        (t("settlement-reason"), termination.reason.clone()),
    ];
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("stop-open-project"), s.url(&format!("/{lang}/projects/{}", project.slug)))
        .why(t("payouts-letter-why"))
        .draft(s)
        .map(Some)
}
