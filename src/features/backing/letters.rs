//! The letters about a pledge's money: each once per person and cause, in the language of the pledge.

mod subjects;

use crate::features::backing::letters::subjects::{About, Subjects};
use crate::features::{payments, pledges, terminations, withdrawals};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here.
pub const KINDS: [&str; 16] = [
    "pledge_received",
    "pledge_turn",
    "payment_received",
    "payment_failed",
    "round_won",
    "round_lost",
    "refund_sent",
    "refund_failed",
    "project_terminated",
    "project_withdrawn",
    "choice_asked",
    "choice_reminder",
    "choice_won",
    "choice_left",
    "choice_lost",
    payments::disputes::TOO_LATE,
];

/// Writes the letters of a lease in their order, each by itself; what they are about is read together.
///
/// # Errors
/// Nothing could be read. A letter whose cause is not there fails alone.
pub async fn render_each(s: &Services, conn: &mut Conn, letters: &[Due]) -> Result<Vec<Result<Option<Draft>>>> {
    let subjects = Subjects::read(conn, letters).await?;
    let mut drafts = Vec::with_capacity(letters.len());
    for letter in letters {
        drafts.push(match subjects.of(letter) {
            Ok(about) => write(s, conn, letter, about).await,
            Err(error) => Err(error),
        });
    }
    Ok(drafts)
}

async fn write(s: &Services, conn: &mut Conn, letter: &Due, about: About<'_>) -> Result<Option<Draft>> {
    let About { pledge, project, round, near, is_by_transfer, of_refund } = about;
    if letter.kind == "pledge_received" && is_by_transfer {
        // the letter that tells how to transfer says it all
        return Ok(None);
    }
    if letter.kind == "pledge_turn" && pledge.state != pledges::PledgeState::Reserved {
        // went to the bank meanwhile
        return Ok(None);
    }
    let lang = letter.language;
    let title = project.title(lang).to_owned();
    let amount = of_refund.unwrap_or(pledge.amount).show(lang);
    // money that adds to the pledge of a near miss is kept until the choice is over, not until the round closed
    let term = near.and_then(|miss| miss.choose_until).filter(|_| pledge.raises_id.is_some() || is_choice(letter));
    let until = if letter.kind == "pledge_turn" { pledge.expires_at } else { round.closes_at };
    let date = term.filter(|_| letter.kind != "pledge_turn").unwrap_or(until).show_moment(lang);
    let least = near.map(|miss| miss.least().show(lang)).unwrap_or_default();
    let args = [("title", title.clone()), ("amount", amount.clone()), ("date", date), ("least", least)];
    let kind = match letter.kind.as_str() {
        "payment_received" if pledge.raises_id.is_some() => "raise_received",
        kind => kind,
    };
    let say = |part: &str| texts::text_with(lang, &format!("letter-{kind}-{part}"), &args);
    let t = |key: &str| texts::text(lang, key);
    let mut facts = vec![
        (t("pledge-reference"), pledge.reference.clone()),
        (t("pledge-for"), title),
        (t("pledge-amount-label"), amount),
        (t("pledge-in-rikx"), pledge.rikx.show(lang)),
        (t("pledge-kind-label"), t(&format!("pledge-kind-{}", pledge.kind))),
    ];
    if letter.kind == "project_terminated"
        && let Some(stopped) = terminations::actions::of_project(conn, &project.id).await?
    {
        facts.push((t("settlement-reason"), stopped.reason));
    }
    if letter.kind == "project_withdrawn"
        && let Some(withdrawn) = withdrawals::actions::of_project(conn, &project.id).await?
    {
        facts.push((t("settlement-reason"), withdrawn.reason));
    }
    let mut writing = Writing::new(lang, Stream::Money, say("subject")).say(say("text")).facts(facts);
    if let Some(miss) = near.filter(|_| is_choice(letter)) {
        writing = writing.heading(t("choice-owner-says"));
        for paragraph in miss.words(lang).lines().filter(|line| !line.trim().is_empty()) {
            writing = writing.say(paragraph.to_owned());
        }
        let choose = format!("{}#choice", payments::actions::page_address(s, pledge));
        return writing.button(t("choice-open"), choose).why(t("letter-why-pledge")).draft(s).map(Some);
    }
    if letter.kind == "payment_received" && pledge.kind == pledges::PledgeKind::Gift {
        writing = writing.say(t("pledge-nothing-in-return"));
    }
    let page = payments::actions::page_address(s, pledge);
    if letter.kind == "payment_received" && s.settings.foundation.is_some() {
        writing = writing.button(t("letter-open-receipt"), payments::actions::papers_address(s, pledge));
    }
    writing.button(t("letter-open-pledge"), page).why(t("letter-why-pledge")).draft(s).map(Some)
}

/// Whether a letter asks its reader to choose.
fn is_choice(letter: &Due) -> bool {
    matches!(letter.kind.as_str(), "choice_asked" | "choice_reminder")
}
