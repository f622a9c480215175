//! The numbers of an execution: how far it is, how fast it goes, what failed.

use crate::features::payments::{RefundState, refunds};
use crate::features::settlement::{Effect, Settlement, SettlementState, store};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp};

/// How far the lines with one effect are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub effect: Effect,
    pub planned: i64,
    pub done: i64,
    pub planned_cents: Cents,
    pub done_cents: Cents,
}

/// Something that went wrong, counted by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub what: String,
    pub count: i64,
    pub amount: Cents,
}

/// The board of an execution.
#[derive(Debug, Clone, Default)]
pub struct Board {
    pub progress: Vec<Progress>,
    /// Refunds of the round for whatever cause: state, count, cents.
    pub refunds: Vec<(RefundState, i64, Cents)>,
    /// Lines carried out in the last minute.
    pub lines_last_minute: i64,
    /// Refunds that became final in the last minute.
    pub refunds_last_minute: i64,
    /// What is left at the present rate; none while nothing moves.
    pub seconds_left: Option<i64>,
    /// Lines the job had to leave aside.
    pub aside: Vec<Trouble>,
    /// Refunds the provider could not deliver, by its word.
    pub failed: Vec<Trouble>,
    /// Refunds that are tried again, by the last error.
    pub retried: Vec<Trouble>,
}

impl Board {
    /// Lines planned and lines done.
    pub fn lines(&self) -> (i64, i64) {
        (self.progress.iter().map(|p| p.planned).sum(), self.progress.iter().map(|p| p.done).sum())
    }

    /// How many refunds are in one of these states.
    pub fn refunds_in(&self, states: &[RefundState]) -> i64 {
        self.refunds.iter().filter(|(state, ..)| states.contains(state)).map(|(_, count, _)| count).sum()
    }

    /// Lines and refunds that are still to come.
    pub fn left(&self) -> i64 {
        let (planned, done) = self.lines();
        planned - done + self.refunds_in(&[RefundState::Due, RefundState::Requested, RefundState::Pending])
    }

    /// Whole lines and refunds per second over the last minute.
    pub fn rate_per_second(&self) -> i64 {
        (self.lines_last_minute + self.refunds_last_minute) / 60
    }
}

/// Counts everything of an execution at `now`.
pub async fn board(conn: &mut Conn, settlement: &Settlement, now: Timestamp) -> Result<Board> {
    let minute_ago = now.plus_seconds(-60);
    let progress = store::line_sums(conn, &settlement.id).await?.into_iter();
    let mut board = Board {
        progress: progress
            .map(|(effect, planned, done, planned_cents, done_cents)| Progress {
                effect,
                planned,
                done,
                planned_cents,
                done_cents,
            })
            .collect(),
        refunds: refunds::sums_of_round(conn, &settlement.round_id).await?,
        lines_last_minute: store::done_since(conn, &settlement.id, minute_ago).await?,
        refunds_last_minute: refunds::finished_since(conn, &settlement.round_id, minute_ago).await?,
        seconds_left: None,
        aside: troubles(store::faults(conn, &settlement.id).await?),
        failed: troubles(refunds::failures_of_round(conn, &settlement.round_id).await?),
        retried: troubles(refunds::retries_of_round(conn, &settlement.round_id).await?),
    };
    board.seconds_left = seconds_left(&board, settlement.state);
    Ok(board)
}

/// The refunds are the slow part: as long as there are any, their rate tells; else that of the lines.
fn seconds_left(board: &Board, state: SettlementState) -> Option<i64> {
    if state != SettlementState::Executing {
        return None;
    }
    let (planned, done) = board.lines();
    let refund_lines = board.progress.iter().filter(|p| p.effect == Effect::Refund).map(|p| p.planned - p.done);
    let under_way = board.refunds_in(&[RefundState::Due, RefundState::Requested, RefundState::Pending]);
    let refunds_left = under_way + refund_lines.sum::<i64>();
    let time = |left: i64, per_minute: i64| match (left, per_minute) {
        (0, _) => Some(0),
        (_, 0) => None,
        (left, per_minute) => Some((left * 60).div_euclid(per_minute) + 1),
    };
    Some(time(planned - done, board.lines_last_minute)?.max(time(refunds_left, board.refunds_last_minute)?))
}

fn troubles(rows: Vec<(String, i64, Cents)>) -> Vec<Trouble> {
    rows.into_iter().map(|(what, count, amount)| Trouble { what, count, amount }).collect()
}
