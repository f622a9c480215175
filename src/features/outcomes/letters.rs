//! The letter to owners that it is time to measure.

use crate::features::outcomes::reminders::WAVE_DUE;
use crate::features::outcomes::{WaveKind, actions, wave_due};
use crate::features::projects;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// Writes the letter; nothing when it was measured meanwhile.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let cause = letter.cause_id.split_once('/').and_then(|(id, kind)| Some((id, WaveKind::from_word(kind)?)));
    let (project_id, kind) = cause.ok_or_else(|| Error::broken(format!("no wave in {}", letter.cause_id)))?;
    let project = projects::actions::get(conn, project_id).await?;
    let waves = actions::waves_of(conn, project_id).await?;
    if wave_due(&project, &waves, &s.clock.now().day()) != Some(kind) {
        return Ok(None);
    }
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let name = t(&format!("outcomes-kind-{}", kind.as_str().replace('_', "-")));
    let args = [("title", project.title(lang).to_owned()), ("kind", name.clone())];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{WAVE_DUE}-{part}"), &args);
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(vec![(t("pledge-for"), project.title(lang).to_owned()), (t("verifying-wave"), name)])
        .button(t("measuring-open"), s.url(&format!("/{lang}/studio/projects/{}/outcomes", project.slug)))
        .why(t("payouts-letter-why"))
        .draft(s)
        .map(Some)
}
