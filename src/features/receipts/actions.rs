//! Issuing papers and checking them.

use sha2::{Digest, Sha256};

use crate::features::ledger::Check;
use crate::features::payments::{Payment, PaymentState};
use crate::features::pledges::{Pledge, PledgeKind, PledgeState};
use crate::features::receipts::back::{self, Back};
use crate::features::receipts::facts::About;
use crate::features::receipts::{Document, DocumentKind, Facts, store, year_of};
use crate::features::{payments, pledges};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, random};
use crate::values::{Cents, Timestamp};

/// How often papers look again for a foundation that can issue them.
const WITHOUT_FOUNDATION_DAYS: i64 = 1;
/// Papers read at once when all are checked.
const PAGE: i64 = 500;

/// A paper that is about to get its number.
pub struct Draft<'a> {
    pub kind: DocumentKind,
    pub user_id: &'a str,
    pub pledge_id: Option<&'a str>,
    /// What causes it: the same cause gives one paper of a kind, ever.
    pub cause_id: &'a str,
    pub corrects_id: Option<&'a str>,
    pub facts: Facts,
}

/// What a pledge still lacks.
enum Lacking {
    ProForma,
    /// Receipt or invoice.
    Proof,
    /// Credit note or withdrawal, and what stays of the pledge after it.
    TakenBack(Back, Cents),
}

/// The job of [`pledges::actions::PAPERS`]: issues what a pledge lacks. Safe to repeat. Answers when to look again, when no
/// foundation is set that could issue anything.
pub async fn bring_up_to_date(s: &Services, pledge_id: &str) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let Some(foundation) = &s.settings.foundation else { return Ok(Some(now.plus_days(WITHOUT_FOUNDATION_DAYS))) };
    let mut conn = s.db.read().await?;
    let pledge = pledges::actions::get(&mut conn, pledge_id).await?;
    let payment = payments::actions::of_pledge(&mut conn, pledge_id).await?;
    let backs = match &payment {
        Some(payment) => back::of_pledge(&mut conn, &pledge, payment).await?,
        None => Vec::new(),
    };
    let known = store::of_pledge(&mut conn, pledge_id).await?;
    let (proof_kind, back_kind) = match pledge.kind {
        PledgeKind::Gift => (DocumentKind::GiftReceipt, DocumentKind::Withdrawal),
        PledgeKind::Purchase => (DocumentKind::Invoice, DocumentKind::CreditNote),
    };
    let lacking = lacking(&pledge, payment.as_ref(), &backs, &known);
    if lacking.is_empty() {
        return Ok(None);
    }
    let about = About::read(&mut conn, pledge).await?;
    drop(conn);
    let (pledge, mut proof) = (&about.pledge, known.into_iter().find(|document| document.kind == proof_kind));
    let mut tx = s.db.begin().await?;
    for lack in lacking {
        let draft = match (&lack, &payment, &proof) {
            (Lacking::ProForma, ..) => {
                let facts = about.facts(foundation, pledge.amount, None);
                Draft { kind: DocumentKind::ProForma, cause_id: &pledge.id, corrects_id: None, ..draft(pledge, facts) }
            }
            (Lacking::Proof, Some(payment), _) => {
                let facts = about.facts(foundation, payment.amount, Some(payment));
                Draft { kind: proof_kind, cause_id: &payment.id, corrects_id: None, ..draft(pledge, facts) }
            }
            (Lacking::TakenBack(back, stays), Some(payment), Some(proof)) => {
                let facts = about.taken_back(foundation, payment, back, proof, *stays);
                Draft {
                    kind: back_kind,
                    cause_id: &back.cause_id,
                    corrects_id: Some(&proof.id),
                    ..draft(pledge, facts)
                }
            }
            _ => return Err(Error::broken(format!("pledge {pledge_id} has papers without a payment"))),
        };
        let issued = issue(&mut tx, draft, now).await?;
        if issued.kind == proof_kind {
            proof = Some(issued);
        }
    }
    tx.commit().await?;
    Ok(None)
}

fn draft(pledge: &Pledge, facts: Facts) -> Draft<'_> {
    Draft {
        kind: DocumentKind::ProForma,
        user_id: &pledge.user_id,
        pledge_id: Some(&pledge.id),
        cause_id: &pledge.id,
        corrects_id: None,
        facts,
    }
}

/// The rule: what a pledge should have and does not, in the order in which it is issued.
fn lacking(pledge: &Pledge, payment: Option<&Payment>, backs: &[Back], known: &[Document]) -> Vec<Lacking> {
    let has = |kind: DocumentKind, cause: &str| known.iter().any(|d| d.kind == kind && d.cause_id == cause);
    let waits = matches!(pledge.state, PledgeState::Reserved | PledgeState::Processing);
    let mut lacking = Vec::new();
    if pledge.kind == PledgeKind::Purchase && waits && !has(DocumentKind::ProForma, &pledge.id) {
        lacking.push(Lacking::ProForma);
    }
    // money that came too late to count was never held: it goes back without a paper of ours
    let paid = payment.filter(|payment| pledge.held_at.is_some() && payment.state == PaymentState::Succeeded);
    let Some(payment) = paid else { return lacking };
    let (proof, back) = match pledge.kind {
        PledgeKind::Gift => (DocumentKind::GiftReceipt, DocumentKind::Withdrawal),
        PledgeKind::Purchase => (DocumentKind::Invoice, DocumentKind::CreditNote),
    };
    if !has(proof, &payment.id) {
        let back: Cents = backs.iter().map(|back| back.amount).sum();
        // it went back whole before a proof was made: there is nothing left to prove
        if back >= payment.amount {
            return lacking;
        }
        lacking.push(Lacking::Proof);
    }
    let of_back = known.iter().filter(|document| document.kind == back);
    let mut taken_back: Cents = of_back.map(|document| Cents(document.amount.0.abs())).sum();
    for new in backs.iter().filter(|new| !has(back, &new.cause_id)) {
        // no paper is taken back beyond its amount
        let amount = new.amount.min(Cents(pledge.amount.0 - taken_back.0));
        if amount > Cents::ZERO {
            taken_back = Cents(taken_back.0 + amount.0);
            let stays = Cents(pledge.amount.0 - taken_back.0);
            lacking.push(Lacking::TakenBack(Back { amount, ..new.clone() }, stays));
        }
    }
    lacking
}

/// Issues a paper, or finds the one its cause has. The counter is locked first, so the number is taken by who writes it.
pub async fn issue(tx: &mut Tx, draft: Draft<'_>, now: Timestamp) -> Result<Document> {
    let year = year_of(now);
    store::lock_counter(tx, draft.kind, year).await?;
    if let Some(known) = store::by_cause(tx, draft.kind, draft.cause_id).await? {
        return Ok(known);
    }
    let seq = store::next(tx, draft.kind, year).await?;
    let mut facts = draft.facts;
    facts.number = draft.kind.number(year, seq);
    facts.kind = draft.kind.to_string();
    facts.issued_at = now.to_string();
    let text = facts.canonical()?;
    let document = Document {
        id: random::id("doc", now),
        kind: draft.kind,
        year,
        seq,
        number: facts.number,
        user_id: draft.user_id.to_owned(),
        pledge_id: draft.pledge_id.map(str::to_owned),
        cause_id: draft.cause_id.to_owned(),
        corrects_id: draft.corrects_id.map(str::to_owned),
        amount: Cents(facts.amount_cents),
        issued_at: now,
        sha256: hash(&text),
        facts: text,
    };
    store::insert(tx, &document).await?;
    Ok(document)
}

pub(super) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The papers about a pledge, oldest first.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Document>> {
    Ok(store::of_pledge(conn, pledge_id).await?)
}

/// All papers of a person, newest first, at most `limit`.
pub async fn of_user(conn: &mut Conn, user_id: &str, limit: i64) -> Result<Vec<Document>> {
    Ok(store::all_of_user(conn, user_id, limit).await?)
}

/// The paper with this number.
pub async fn by_number(conn: &mut Conn, number: &str) -> Result<Option<Document>> {
    Ok(store::by_number(conn, number).await?)
}

/// Checks all papers.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let mut gaps: Vec<String> = store::uncounted(conn).await?.into_iter().map(|(number,)| number).collect();
    let mut numbered = 0;
    for (kind, year, last, count, lowest, highest) in store::against_counters(conn).await? {
        numbered += count;
        if (count, lowest, highest) != (last, 1, last) {
            gaps.push(format!("{kind} {year}"));
        }
    }
    let ids = |rows: Vec<(String,)>| rows.into_iter().map(|(id,)| id).collect();
    let doubled = ids(store::doubled(conn).await?);
    let overdrawn = ids(store::overdrawn(conn).await?);
    let changed = changed(conn).await?;
    Ok(vec![
        Check { name: "I16", what: "numbers run per kind and year without gaps", checked: numbered, offending: gaps },
        Check { name: "I16", what: "a payment has at most one receipt", checked: numbered, offending: doubled },
        Check {
            name: "I16",
            what: "no paper is taken back beyond its amount",
            checked: numbered,
            offending: overdrawn,
        },
        Check { name: "I16", what: "papers say what they said when issued", checked: numbered, offending: changed },
    ])
}

/// Papers whose facts are no longer those that were frozen, or differ from their row.
async fn changed(conn: &mut Conn) -> Result<Vec<String>> {
    let (mut changed, mut last) = (Vec::new(), String::new());
    loop {
        let some = store::after(conn, &last, PAGE).await?;
        let Some(end) = some.last() else { return Ok(changed) };
        last.clone_from(&end.id);
        for document in some {
            let same = hash(&document.facts) == document.sha256
                && Facts::of(&document)
                    .is_ok_and(|facts| facts.number == document.number && facts.amount() == document.amount);
            if !same {
                changed.push(document.number);
            }
        }
    }
}
