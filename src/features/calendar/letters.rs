//! The letters about a round's dates.

use crate::features::calendar::{extension, reminders};
use crate::features::projects::{self, ProjectState};
use crate::features::rounds::{self, time_left};
use crate::features::{pledges, updates};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here. The cause of a reminder is a project and the closing instant; that of the others a round.
pub const KINDS: [&str; 5] = [
    reminders::OWNER_WEEK,
    reminders::OWNER_TWO_DAYS,
    reminders::FOLLOWER,
    "round_extended_owner",
    "round_extended_backer",
];

/// Writes one letter; nothing when it is no longer true.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    match letter.cause_id.split_once('/') {
        Some((project_id, closes_at)) => reminder(s, conn, letter, project_id, closes_at).await,
        None => extended(s, conn, letter).await,
    }
}

async fn reminder(
    s: &Services,
    conn: &mut Conn,
    letter: &Due,
    project_id: &str,
    closes_at: &str,
) -> Result<Option<Draft>> {
    let (lang, now) = (letter.language, s.clock.now());
    let project = projects::actions::get(conn, project_id).await?;
    let round = rounds::actions::get(conn, &project.round_id).await?;
    let is_true = round.closes_at.to_string() == closes_at && round.sells_at(now);
    if !is_true || project.state != ProjectState::Listed {
        return Ok(None);
    }
    let title = project.title(lang).to_owned();
    let args = [
        ("title", title.clone()),
        ("date", round.closes_at.show_moment(lang)),
        ("left", time_left(lang, now, round.closes_at)),
    ];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let t = |key: &str| texts::text(lang, key);
    let price = round.unit_price_eur;
    let standing = pledges::actions::standing(conn, project_id).await?;
    let facts = vec![
        (t("pledge-for"), title),
        (t("progress-held"), standing.held.show(lang)),
        (t("progress-threshold"), project.threshold_price(price).show(lang)),
        (t("round-letter-closes"), round.closes_at.show_moment(lang)),
    ];
    let page = s.url(&format!("/{lang}/projects/{}", project.slug));
    if letter.kind != reminders::FOLLOWER {
        let writing = Writing::new(lang, Stream::Money, say("subject")).say(say("text")).facts(facts);
        return writing.button(t("round-letter-open"), page).why(t("payouts-letter-why")).draft(s).map(Some);
    }
    let Some(follow_id) = updates::actions::reminded_follow(conn, &letter.user_id, project_id).await? else {
        return Ok(None);
    };
    let unsubscribe = s.url(&updates::unsubscribe_path(&s.keys, &follow_id));
    Writing::new(lang, Stream::Updates, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("round-letter-open"), page)
        .why(say("why"))
        .list(format!("{}.updates", project.slug), unsubscribe)
        .draft(s)
        .map(Some)
}

async fn extended(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let lang = letter.language;
    let round = rounds::actions::get(conn, &letter.cause_id).await?;
    let Some(extension) = extension::of_round(conn, &round.id).await? else { return Ok(None) };
    let args = [
        ("round", round.title(lang).to_owned()),
        ("old", extension.old_closes_at.show_moment(lang)),
        ("date", extension.closes_at.show_moment(lang)),
    ];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let t = |key: &str| texts::text(lang, key);
    let facts = vec![
        (t("round-letter-closes"), extension.closes_at.show_moment(lang)),
        (t("extension-old"), extension.old_closes_at.show_moment(lang)),
        (t("settlement-reason"), extension.reason(lang).to_owned()),
    ];
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("extension-open-round"), s.url(&format!("/{lang}/rounds/{}", round.number)))
        .why(say("why"))
        .draft(s)
        .map(Some)
}
