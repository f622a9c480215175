//! The letters to owners about figures that are checked. The team gets none: its list and front page say what waits.

use crate::features::verifications::{Verification, VerificationState, actions};
use crate::features::{organisations, outcomes, projects};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Due};
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};
use crate::values::Timestamp;

/// Something was asked. The cause of all is a verification and what makes it one of its kind: the day by which to answer, or when it was
/// decided.
pub const QUESTION: &str = "figure_question";
pub const WEEK_LEFT: &str = "figure_week_left";
pub const DAY_LEFT: &str = "figure_day_left";
pub const OVERDUE: &str = "figure_overdue";
pub const VERIFIED: &str = "figure_verified";
pub const DISPUTE_DECIDED: &str = "figure_dispute_decided";
/// The kinds written here.
pub const KINDS: [&str; 6] = [QUESTION, WEEK_LEFT, DAY_LEFT, OVERDUE, VERIFIED, DISPUTE_DECIDED];

/// Queues a letter to every owner of the project.
///
/// # Errors
/// The database.
pub async fn tell(
    tx: &mut Tx,
    verification: &Verification,
    kind: &'static str,
    what: &str,
    now: Timestamp,
) -> Result<()> {
    let project = projects::actions::get(tx, &verification.project_id).await?;
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    Ok(letters::queue_many(tx, now, kind, &format!("{}/{what}", verification.id), &owners).await?)
}

/// Writes one letter; nothing when it is no longer true.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let (id, what) = letter.cause_id.split_once('/').unwrap_or((&letter.cause_id, ""));
    let verification = actions::find(conn, id).await?;
    let verification = verification.ok_or_else(|| Error::broken(format!("no verification {id}")))?;
    let is_reminder = [WEEK_LEFT, DAY_LEFT, OVERDUE].contains(&letter.kind.as_str());
    let still_asked = verification.state == VerificationState::Asked && verification.deadline_day == what;
    if is_reminder && !still_asked {
        return Ok(None);
    }
    let project = projects::actions::get(conn, &verification.project_id).await?;
    let known = outcomes::actions::indicators(conn).await?;
    let indicator = known.iter().find(|one| one.code == verification.indicator);
    let indicator = indicator.ok_or_else(|| Error::broken(format!("no indicator {}", verification.indicator)))?;
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let args = [("title", project.title(lang).to_owned()), ("figure", indicator.name(lang).to_owned())];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let value = |value: i64| format!("{} {}", indicator.shape.show(value, lang), indicator.unit(lang));
    let mut facts = vec![
        (t("pledge-for"), project.title(lang).to_owned()),
        (t("measuring-figure"), indicator.name(lang).to_owned()),
        (t("verifying-declared"), value(verification.declared)),
    ];
    if [VERIFIED, DISPUTE_DECIDED].contains(&letter.kind.as_str()) {
        facts.extend(verification.verified.map(|verified| (t("verifying-verified"), value(verified))));
    } else if !verification.deadline_day.is_empty() {
        let day = crate::values::time::show_stored_day(&verification.deadline_day, lang);
        facts.push((t("verifying-deadline"), day));
    }
    let page = format!("/{lang}/studio/projects/{}/checking/{}", project.slug, verification.id);
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("verifying-open-figure"), s.url(&page))
        .why(t("payouts-letter-why"))
        .draft(s)
        .map(Some)
}
