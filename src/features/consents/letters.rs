//! The letter to the owners of a near miss.

use crate::features::consents::actions;
use crate::features::projects;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kind written here; its cause is the project.
pub const ASKED: &str = "consent_asked";

/// Writes the letter.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let miss = actions::of_project(conn, &letter.cause_id).await?;
    let miss = miss.ok_or_else(|| Error::broken(format!("no near miss {}", letter.cause_id)))?;
    let project = projects::actions::get(conn, &miss.project_id).await?;
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let args = [
        ("title", project.title(lang).to_owned()),
        ("amount", miss.held.show(lang)),
        ("threshold", miss.threshold.show(lang)),
        ("date", miss.owner_until.show_moment(lang)),
    ];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{ASKED}-{part}"), &args);
    let facts = vec![
        (t("pledge-for"), project.title(lang).to_owned()),
        (t("settlement-held"), miss.held.show(lang)),
        (t("settlement-threshold"), miss.threshold.show(lang)),
        (t("consent-least"), miss.least().show(lang)),
        (t("consent-owner-until"), miss.owner_until.show_moment(lang)),
    ];
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("consent-open"), s.url(&format!("/{lang}/studio/projects/{}/near-miss", project.slug)))
        .why(t("consent-why"))
        .draft(s)
        .map(Some)
}
