//! Yearly statements: what a backer gave in a calendar year and what of it stayed. Shown at any time; issued with a number when
//! the year is over, and again when something has changed since.

use crate::features::payments::PaymentState;
use crate::features::pledges::{PledgeKind, PledgeState};
use crate::features::receipts::actions::{Draft, issue};
use crate::features::receipts::back;
use crate::features::receipts::facts::{Corrected, Issuer, maker};
use crate::features::receipts::{Document, DocumentKind, Facts, Receiver, Refusal, StatementLine, store, year_of};
use crate::features::users::User;
use crate::features::{organisations, payments, pledges, projects};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::settings::FoundationSettings;
use crate::values::Cents;

/// The gifts of a person that were received in a year, the oldest first. Gifts whose money came too late to count are not among
/// them: that went straight back.
async fn lines(conn: &mut Conn, user_id: &str, year: i64) -> Result<Vec<StatementLine>> {
    let receipts = store::of_user(conn, user_id, DocumentKind::GiftReceipt).await?;
    let mut lines = Vec::new();
    for pledge in pledges::actions::all_of_user(conn, user_id).await? {
        if pledge.kind != PledgeKind::Gift || pledge.held_at.is_none() {
            continue;
        }
        let payment = payments::actions::of_pledge(conn, &pledge.id).await?;
        let Some(payment) = payment.filter(|payment| payment.state == PaymentState::Succeeded) else { continue };
        let received_at = payment.succeeded_at.unwrap_or(payment.created_at);
        if year_of(received_at) != year {
            continue;
        }
        let back: Cents = back::of_pledge(conn, &pledge, &payment).await?.iter().map(|back| back.amount).sum();
        let project = projects::actions::get(conn, &pledge.project_id).await?;
        let organisation = organisations::actions::get(conn, &project.organisation_id).await?;
        let receipt = receipts.iter().find(|document| document.cause_id == payment.id);
        lines.push(StatementLine {
            reference: pledge.reference,
            received_on: received_at.day(),
            project_nl: project.title_nl,
            project_en: project.title_en,
            maker: maker(conn, &organisation).await?,
            receipt: receipt.map(|document| document.number.clone()).unwrap_or_default(),
            received_cents: payment.amount.0,
            refunded_cents: back.min(payment.amount).0,
            stays: !matches!(pledge.state, PledgeState::Held | PledgeState::Disputed),
        });
    }
    lines.sort_by(|a, b| (&a.received_on, &a.reference).cmp(&(&b.received_on, &b.reference)));
    Ok(lines)
}

/// The statement of a year as it is now, without a number.
pub async fn now(conn: &mut Conn, user: &User, year: i64, foundation: &FoundationSettings) -> Result<Facts> {
    let lines = lines(conn, &user.id, year).await?;
    let stayed: Cents = lines.iter().filter(|line| line.stays).map(StatementLine::left).sum();
    Ok(Facts {
        number: String::new(),
        kind: DocumentKind::YearlyStatement.to_string(),
        issued_at: String::new(),
        issuer: Issuer::of(foundation),
        receiver: Receiver { name: user.name.clone(), ..Receiver::default() },
        amount_cents: stayed.0,
        pledge: None,
        corrects: None,
        year: Some(year),
        lines,
    })
}

/// The statements that were issued to a person for a year, oldest first.
pub async fn issued(conn: &mut Conn, user_id: &str, year: i64) -> Result<Vec<Document>> {
    let mut of_year = Vec::new();
    for document in store::of_user(conn, user_id, DocumentKind::YearlyStatement).await? {
        if Facts::of(&document)?.year == Some(year) {
            of_year.push(document);
        }
    }
    Ok(of_year)
}

/// The years in which a person gave, the newest first.
pub async fn years(conn: &mut Conn, user_id: &str) -> Result<Vec<i64>> {
    let mut years = Vec::new();
    for pledge in pledges::actions::all_of_user(conn, user_id).await? {
        if pledge.kind == PledgeKind::Gift
            && pledge.held_at.is_some()
            && let Some(payment) = payments::actions::of_pledge(conn, &pledge.id).await?
            && let Some(at) = payment.succeeded_at
        {
            years.push(year_of(at));
        }
    }
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    Ok(years)
}

/// Whether the statement says something else than the last one that was issued.
pub fn differs(facts: &Facts, last: Option<&Document>) -> Result<bool> {
    let Some(last) = last else { return Ok(true) };
    let known = Facts::of(last)?;
    Ok((&known.lines, &known.receiver, known.amount_cents) != (&facts.lines, &facts.receiver, facts.amount_cents))
}

/// Issues the statement of a year that is over; a further one names the one it replaces.
///
/// # Errors
/// A [`Refusal`].
pub async fn issue_for(s: &Services, user: &User, year: i64) -> Result<Document> {
    let now_at = s.clock.now();
    let foundation = s.settings.foundation.as_ref().ok_or(Refusal::NoFoundation)?;
    if year >= year_of(now_at) {
        return Err(Refusal::YearNotOver.into());
    }
    let mut tx = s.db.begin().await?;
    store::lock_counter(&mut tx, DocumentKind::YearlyStatement, year_of(now_at)).await?;
    let mut facts = now(&mut tx, user, year, foundation).await?;
    if facts.lines.is_empty() {
        return Err(Refusal::NothingGiven.into());
    }
    let known = issued(&mut tx, &user.id, year).await?;
    let last = known.last();
    if !differs(&facts, last)? {
        return Err(Refusal::NothingChanged.into());
    }
    facts.corrects = last.map(|document| Corrected {
        number: document.number.clone(),
        issued_at: document.issued_at.to_string(),
        amount_cents: document.amount.0,
    });
    let version = i64::try_from(known.len()).map_err(Error::broken)? + 1;
    let draft = Draft {
        kind: DocumentKind::YearlyStatement,
        user_id: &user.id,
        pledge_id: None,
        cause_id: &format!("{}:{year}:{version}", user.id),
        corrects_id: last.map(|document| document.id.as_str()),
        facts,
    };
    let document = issue(&mut tx, draft, now_at).await?;
    tx.commit().await?;
    Ok(document)
}
