//! The steps a round takes by its dates, up to the sale.

use crate::features::cases::{self, CaseKind, CaseState, Found};
use crate::features::projects::{Project, ProjectState};
use crate::features::rounds::{Round, RoundState};
use crate::features::{pledges, projects, rounds, valuations};
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp};

/// Who acts, in the history.
const ACTOR: &str = "schedule";

/// Takes every step of a round whose moment has come, up to the sale. Answers how many.
///
/// # Errors
/// The database; what was taken stays taken.
pub async fn move_due(s: &Services) -> Result<usize> {
    let now = s.clock.now();
    let rounds = rounds::actions::all(&mut *s.db.read().await?).await?;
    let mut taken = 0;
    for round in rounds.into_iter().filter(|round| is_due(round, now)) {
        while step(s, &round.id, now).await? {
            taken += 1;
        }
    }
    Ok(taken)
}

/// Whether the moment of the round's next step has come.
fn is_due(round: &Round, now: Timestamp) -> bool {
    let at = match round.state {
        RoundState::Planned => round.submissions_at,
        RoundState::Submissions => round.valuation_at,
        RoundState::Valuation => round.selling_at,
        RoundState::Selling | RoundState::Closing | RoundState::Settled => return false,
    };
    at <= now
}

/// One step of one round; `false` when there is none to take.
async fn step(s: &Services, round_id: &str, now: Timestamp) -> Result<bool> {
    if waits_in_vain(&mut *s.db.read().await?, round_id, now).await? {
        return Ok(false);
    }
    let mut tx = s.db.begin().await?;
    let round = rounds::actions::lock(&mut tx, round_id).await?;
    if !is_due(&round, now) {
        return Ok(false);
    }
    let taken = match round.state {
        RoundState::Valuation => begin_sale(&mut tx, &round, now).await?,
        RoundState::Submissions => {
            valuations::criteria::make_sure(&mut tx, &round.id).await?;
            rounds::actions::move_on(&mut tx, &round, ACTOR, "its date has come", now).await?
        }
        _ => rounds::actions::move_on(&mut tx, &round, ACTOR, "its date has come", now).await?,
    };
    tx.commit().await?;
    Ok(taken)
}

/// The projects with which a round could go on sale now: the listed ones, while it does not close yet.
async fn for_sale(conn: &mut Conn, round: &Round, now: Timestamp) -> Result<Vec<Project>> {
    if round.closes_at <= now {
        return Ok(Vec::new());
    }
    let mut projects = projects::actions::of_round(conn, &round.id).await?;
    projects.retain(|project| project.state == ProjectState::Listed);
    Ok(projects)
}

/// Whether the sale of a round could not begin, which its case says already.
pub async fn waits_in_vain(conn: &mut Conn, round_id: &str, now: Timestamp) -> Result<bool> {
    let round = rounds::actions::get(conn, round_id).await?;
    if round.state != RoundState::Valuation || !is_due(&round, now) {
        return Ok(false);
    }
    let case = cases::actions::about(conn, CaseKind::RoundNotBegun, round_id).await?;
    // open, or a person has seen it and said so
    let is_known = case
        .is_some_and(|case| case.state == CaseState::Open || case.closed_by.is_some_and(|by| by.starts_with("usr_")));
    Ok(is_known && for_sale(conn, &round, now).await?.is_empty())
}

/// Valuation → selling, with the totals of every listed project; `false` with a case when there is none.
async fn begin_sale(tx: &mut Tx, round: &Round, now: Timestamp) -> Result<bool> {
    let mut listed = for_sale(tx, round, now).await?;
    if listed.is_empty() {
        let detail = format!("round {} has no listed project to go on sale with, or closes already", round.number);
        let found = Found {
            kind: CaseKind::RoundNotBegun,
            subject_id: &round.id,
            amount: Cents::ZERO,
            detail: &detail,
            remedy: None,
            pledge_id: None,
        };
        cases::actions::see(tx, &found, now).await?;
        return Ok(false);
    }
    if !rounds::actions::move_on(tx, round, ACTOR, "its date has come", now).await? {
        return Ok(false);
    }
    listed.sort_by(|a, b| a.id.cmp(&b.id));
    for project in &listed {
        pledges::actions::open_project(tx, &project.id, project.cap(round.unit_price_eur)).await?;
    }
    cases::actions::ended(tx, CaseKind::RoundNotBegun, &round.id, ACTOR, "the sale has begun", now).await?;
    Ok(true)
}
