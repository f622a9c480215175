//! Opening and closing cases.

use crate::features::cases::{Case, CaseKind, CaseState, Found, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, random};
use crate::values::Timestamp;

/// Opens a case, or finds the one of this kind about this thing. Answers its id and whether it is new.
pub async fn open(tx: &mut Tx, found: &Found<'_>, now: Timestamp) -> Result<(String, bool)> {
    let id = random::id("cas", now);
    if !store::insert(tx, &id, found, now).await? {
        let known = store::by_subject(tx, found.kind, found.subject_id).await?;
        return Ok((known.map(|case| case.id).unwrap_or_default(), false));
    }
    tracing::warn!(case = id, kind = %found.kind, subject = found.subject_id, cents = found.amount.0, "a case was opened");
    record(tx, &id, "", CaseState::Open, "program", found.detail, now).await?;
    Ok((id, true))
}

/// Closes the case of this kind about this thing, because what it was about has ended. Answers whether one was open.
pub async fn ended(
    tx: &mut Tx,
    kind: CaseKind,
    subject_id: &str,
    actor: &str,
    why: &str,
    now: Timestamp,
) -> Result<bool> {
    let Some(case) = store::by_subject(tx, kind, subject_id).await? else { return Ok(false) };
    if !store::close(tx, &case.id, actor, why, now).await? {
        return Ok(false);
    }
    record(tx, &case.id, CaseState::Open.as_str(), CaseState::Closed, actor, why, now).await?;
    Ok(true)
}

/// The case of this kind about this thing, open or closed.
pub async fn about(conn: &mut Conn, kind: CaseKind, subject_id: &str) -> Result<Option<Case>> {
    Ok(store::by_subject(conn, kind, subject_id).await?)
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: CaseState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "case", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}
