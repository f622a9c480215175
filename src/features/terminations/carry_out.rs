//! Carrying out an approved termination: the job whose subject it is. A batch is one transaction: it has happened wholly or not at
//! all, and a worker that is killed leaves nothing half done.

use crate::features::ledger::Account;
use crate::features::match_funds;
use crate::features::payments::{RefundCause, refunds};
use crate::features::pledges;
use crate::features::projects::{self, Project};
use crate::features::terminations::{CARRY_OUT, actions, store};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, jobs};
use crate::values::{Cents, Timestamp};

/// Lines carried out in one transaction.
const BATCH: i64 = 200;
/// Who acts, in history and books: the program, on the decision of two people.
const ACTOR: &str = "terminations";
/// And why.
const REASON: &str = "the project was stopped";

/// The job: one batch, and it asks for itself again as long as something is left.
///
/// # Errors
/// The database. What was committed stays; the next run goes on from there.
pub async fn run(s: &Services, id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, id).await?;
    let termination = actions::get(&mut tx, id).await?;
    let project = projects::actions::get(&mut tx, &termination.project_id).await?;
    let lines = store::waiting(&mut tx, id, BATCH).await?;
    let matches = if lines.is_empty() { store::waiting_matches(&mut tx, id, BATCH).await? } else { Vec::new() };
    if lines.is_empty() && matches.is_empty() {
        store::finish(&mut tx, id, now).await?;
        return Ok(tx.commit().await?);
    }
    pledges::actions::lock_project(&mut tx, &project.id).await?;
    for (pledge_id, start, result) in lines {
        send_back(&mut tx, &project, &pledge_id, (start, result), now).await?;
        if !store::line_done(&mut tx, id, &pledge_id, now).await? {
            return Err(Error::broken(format!("line {pledge_id} of {id} was carried out twice")));
        }
    }
    match_funds::actions::lock_of_projects(&mut tx, [project.id.as_str()]).await?;
    for (match_id, start, result) in matches {
        let from = money_of(&project, (start, result));
        match_funds::actions::give_up(&mut tx, &match_id, &from, REASON, now).await?;
        if !store::match_done(&mut tx, id, &match_id, now).await? {
            return Err(Error::broken(format!("match {match_id} of {id} gave back twice")));
        }
    }
    jobs::enqueue(&mut tx, now, CARRY_OUT, id, now).await?;
    Ok(tx.commit().await?)
}

/// Where start and result money of a project stand in the books.
fn money_of(project: &Project, (start, result): (Cents, Cents)) -> [(Cents, Account); 2] {
    let payable = Account::OwnerPayable(project.id.clone(), project.organisation_id.clone());
    [(start, payable), (result, Account::ResultMoney(project.id.clone()))]
}

/// One backer's part: the pledge, the row of the refund, the books and the letter.
async fn send_back(
    tx: &mut Tx,
    project: &Project,
    pledge_id: &str,
    (start, result): (Cents, Cents),
    now: Timestamp,
) -> Result<()> {
    let from = money_of(project, (start, result));
    let why = (ACTOR, REASON);
    let (refund_id, pledge) = refunds::return_released(tx, pledge_id, RefundCause::Terminated, &from, why, now).await?;
    let letter = Letter {
        kind: "project_terminated",
        cause_id: &refund_id,
        user_id: &pledge.user_id,
        language: pledge.language,
        due: now,
        secret: "",
    };
    Ok(letters::queue(tx, now, letter).await?)
}
