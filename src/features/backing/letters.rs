//! The letters about a pledge's money: each once per person and cause, in the language of the pledge.

use crate::features::payments;
use crate::features::{pledges, projects, rounds, terminations};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here.
pub const KINDS: [&str; 8] = [
    "pledge_received",
    "payment_received",
    "payment_failed",
    "round_won",
    "round_lost",
    "refund_sent",
    "refund_failed",
    "project_terminated",
];

/// Writes one letter. Its cause is a pledge, a payment or a refund.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    // a refund may be of a part
    let (pledge_id, of_refund) = match letter.cause_id.split('_').next() {
        Some("plg") => (letter.cause_id.clone(), None),
        Some("pay") => (payments::actions::get(conn, &letter.cause_id).await?.pledge_id, None),
        Some("rfd") => {
            let refund = payments::refunds::get(conn, &letter.cause_id).await?;
            (refund.pledge_id, Some(refund.amount))
        }
        _ => return Err(Error::broken(format!("a letter about {}", letter.cause_id))),
    };
    let pledge = pledges::actions::get(conn, &pledge_id).await?;
    if letter.kind == "pledge_received" && is_by_transfer(conn, &pledge_id).await? {
        // the letter that tells how to transfer says it all
        return Ok(None);
    }
    let project = projects::actions::get(conn, &pledge.project_id).await?;
    let round = rounds::actions::get(conn, &pledge.round_id).await?;
    let lang = letter.language;
    let title = project.title(lang).to_owned();
    let amount = of_refund.unwrap_or(pledge.amount).show(lang);
    let args = [("title", title.clone()), ("amount", amount.clone()), ("date", round.closes_at.show_moment(lang))];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
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
    let mut writing = Writing::new(lang, Stream::Money, say("subject")).say(say("text")).facts(facts);
    if letter.kind == "payment_received" && pledge.kind == pledges::PledgeKind::Gift {
        writing = writing.say(t("pledge-nothing-in-return"));
    }
    let page = payments::actions::page_address(s, &pledge);
    if letter.kind == "payment_received" && s.settings.foundation.is_some() {
        writing = writing.button(t("letter-open-receipt"), payments::actions::papers_address(s, &pledge));
    }
    writing.button(t("letter-open-pledge"), page).why(t("letter-why-pledge")).draft(s).map(Some)
}

async fn is_by_transfer(conn: &mut Conn, pledge_id: &str) -> Result<bool> {
    let payment = payments::actions::of_pledge(conn, pledge_id).await?;
    Ok(payment.is_some_and(|payment| payment.method == payments::TRANSFER))
}
