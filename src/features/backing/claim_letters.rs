//! The letters about a refund that could not arrive: each once per person and cause.

use crate::features::payments::{Claim, by_bank, refunds};
use crate::features::{payments, pledges, projects};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here.
pub const KINDS: [&str; 6] =
    ["claim_received", "claim_changed", "claim_paid", "claim_returned", "claim_reminder", "claim_last_reminder"];

/// Writes one letter. Its cause is a refund, a refund and the number of the account that was given for it (`rfd_…:2`), or the
/// transfer that paid it. Nothing when it is no longer true: another account was given, or no reminder is needed any more.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let (subject, number) = letter.cause_id.split_once(':').unwrap_or((&letter.cause_id, ""));
    let refund_id = match subject.split('_').next() {
        Some("rfd") => subject.to_owned(),
        Some("trf") => crate::features::transfers::actions::subject_of(conn, subject).await?,
        _ => return Err(Error::broken(format!("a letter about {}", letter.cause_id))),
    };
    let refund = refunds::get(conn, &refund_id).await?;
    let claim = by_bank::claim(conn, &refund_id).await.ok();
    let is_reminder = letter.kind.ends_with("reminder");
    let outdated = !number.is_empty() && claim.as_ref().is_none_or(|claim| claim.changes.to_string() != number);
    if outdated || (is_reminder && claim.as_ref().is_none_or(Claim::is_given)) {
        return Ok(None);
    }
    let pledge = pledges::actions::get(conn, &refund.pledge_id).await?;
    let project = projects::actions::get(conn, &pledge.project_id).await?;
    let lang = letter.language;
    let title = project.title(lang).to_owned();
    let amount = refund.amount.show(lang);
    let account = claim.as_ref().map(Claim::masked).unwrap_or_default();
    let args = [("title", title.clone()), ("amount", amount.clone()), ("account", account.clone())];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let t = |key: &str| texts::text(lang, key);
    let mut facts = vec![
        (t("pledge-reference"), pledge.reference.clone()),
        (t("pledge-for"), title),
        (t("pledge-amount-label"), amount),
    ];
    if !number.is_empty() {
        facts.push((t("claim-account"), account));
    }
    let page = payments::actions::page_address(s, &pledge);
    let mut writing = Writing::new(lang, Stream::Money, say("subject")).say(say("text")).facts(facts);
    if !number.is_empty() {
        writing = writing.say(t("claim-not-you"));
    }
    writing.button(t("letter-open-pledge"), page).why(t("letter-why-pledge")).draft(s).map(Some)
}
