//! Carrying out what a backer chose about a part that no result earned: one part in one transaction.

use crate::features::ledger::Account;
use crate::features::payments::{RefundCause, disputes, moves, refunds};
use crate::features::pledges;
use crate::features::results::actions::ACTOR;
use crate::features::results::carry_out::REASON;
use crate::features::results::letters::{MOVED, NOT_MOVED};
use crate::features::results::{ChoiceLine, Release, store};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::values::{Cents, Timestamp};

/// Moves one part to the project that was chosen, and gives back the odd cents; all of it when it cannot go there any more. The totals of
/// its own project must be locked.
pub async fn carry_out(tx: &mut Tx, release: &Release, line: &ChoiceLine, now: Timestamp) -> Result<()> {
    let moved = moved(tx, release, line, now).await?;
    let back = Cents(line.amount.0 - moved.0);
    if back > Cents::ZERO {
        let from = [(back, Account::ResultMoney(release.project_id.clone()))];
        let why = (ACTOR, REASON);
        refunds::return_released(tx, &line.pledge_id, RefundCause::Results, &from, why, now).await?;
    }
    if moved == Cents::ZERO {
        letter(tx, NOT_MOVED, &line.pledge_id, &line.pledge_id, now).await?;
    }
    if !store::line_done(tx, &release.id, &line.pledge_id, now).await? {
        return Err(Error::broken(format!("line {} of {} was carried out twice", line.pledge_id, release.id)));
    }
    Ok(())
}

/// How much was moved: nothing when the other project does not take it, when a bank takes the payment back, or when nothing of the
/// pledge would be left, which then simply ends.
async fn moved(tx: &mut Tx, release: &Release, line: &ChoiceLine, now: Timestamp) -> Result<Cents> {
    let Some(project_id) = &line.project_id else { return Ok(Cents::ZERO) };
    let old = pledges::actions::get(tx, &line.pledge_id).await?;
    let is_disputed = disputes::of_project(tx, &old.project_id).await?.contains(&old.id);
    if is_disputed || line.amount >= old.kept() {
        return Ok(Cents::ZERO);
    }
    let new = match pledges::actions::move_in(tx, &old, project_id, line.amount, now).await? {
        Ok(new) => new,
        Err(refusal) => {
            tracing::info!(pledge = old.id, project = project_id, ?refusal, "a part could not be moved");
            return Ok(Cents::ZERO);
        }
    };
    moves::from_result_money(tx, &old, &new, &release.id, now).await?;
    store::moved_to(tx, &old.id, &new.id).await?;
    letter(tx, MOVED, &new.id, &new.id, now).await?;
    Ok(new.amount)
}

async fn letter(tx: &mut Tx, kind: &'static str, cause_id: &str, pledge_id: &str, now: Timestamp) -> Result<()> {
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    let (user_id, language) = (pledge.user_id.as_str(), pledge.language);
    letters::queue(tx, now, Letter { kind, cause_id, user_id, language, due: now, secret: "" }).await?;
    Ok(())
}
