//! What the closing page shows: the dry run before the approval, the frozen decisions and the board after it; and the protocol.

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use futures::stream;
use serde::Deserialize;

use crate::features::ledger::{self, Account};
use crate::features::projects;
use crate::features::rounds::{self, Round, RoundState};
use crate::features::settlement::{
    Board, Decision, Effect, Funds, PROTOCOL_HEAD, Plan, Readiness, Settlement, SettlementState, actions, board,
    protocol_page,
};
use crate::features::staff::near_misses::{self, NearRow};
use crate::features::staff::{actor_name, audit};
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Cents;

/// Lines that a worker carries out in a second, at least; for the expected time.
const LINES_PER_SECOND: i64 = 500;

/// How far the closing of a round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The round does not sell yet.
    Early,
    Selling,
    /// Closed for pledges; nothing is proposed.
    Closing,
    Proposed,
    Executing,
    Paused,
    /// What could be decided is done; near misses wait for their owners and backers.
    Waiting,
    Done,
}

/// A project in the dry run or in the frozen list.
pub struct Row {
    pub title: String,
    pub slug: String,
    pub decision: Decision,
    pub threshold: Cents,
    pub held: Cents,
    pub start: Cents,
    pub result: Cents,
    pub refund: Cents,
    /// Held money of a near miss, which stays until its backers have chosen.
    pub waits: Cents,
    pub pledges: i64,
    pub backers: i64,
    pub funds: Funds,
}

/// What would happen if the plan were approved now.
pub struct DryRun {
    pub readiness: Readiness,
    pub releases: i64,
    pub refunds: i64,
    /// Pledges of near misses, whose backers will be asked.
    pub consents: i64,
    /// Until the last refund is sent, in seconds.
    pub seconds: i64,
    /// What the payment provider keeps for us, by our books.
    pub at_provider: Cents,
    /// What is missing there for the refunds.
    pub shortage: Cents,
}

/// Everything the page shows.
pub struct View {
    pub phase: Phase,
    pub rows: Vec<Row>,
    /// Of the plan, or of the frozen list.
    pub hash: String,
    pub dry_run: Option<DryRun>,
    pub settlement: Option<Settlement>,
    /// The proposal is of another plan, or its time is over.
    pub is_outdated: bool,
    pub proposer: String,
    pub approver: String,
    pub board: Option<Board>,
    pub near: Vec<NearRow>,
    /// Settlements of this round that were carried out before the one that is shown, with their numbers.
    pub earlier: Vec<(usize, Settlement)>,
}

impl View {
    /// Sums over all projects: held, start, result, refund, waiting.
    pub fn totals(&self) -> [Cents; 5] {
        let sum = |of: fn(&Row) -> Cents| self.rows.iter().map(of).sum();
        [sum(|row| row.held), sum(|row| row.start), sum(|row| row.result), sum(|row| row.refund), sum(|row| row.waits)]
    }

    /// Sums of what funds added: all of it, start, result, and what goes back to them.
    pub fn fund_totals(&self) -> [Cents; 4] {
        let sum = |of: fn(&Funds) -> Cents| self.rows.iter().map(|row| of(&row.funds)).sum();
        [sum(|funds| funds.matched), sum(|funds| funds.start), sum(|funds| funds.result), sum(|funds| funds.returned)]
    }

    /// Whether any fund added to anything.
    pub fn has_matches(&self) -> bool {
        self.rows.iter().any(|row| row.funds.matched > Cents::ZERO)
    }

    pub fn pledges(&self) -> i64 {
        self.rows.iter().map(|row| row.pledges).sum()
    }

    pub fn count(&self, decision: Decision) -> usize {
        self.rows.iter().filter(|row| row.decision == decision).count()
    }
}

/// Reads what the page of this round shows.
pub async fn view(ctx: &Ctx, s: &Services, conn: &mut Conn, round: &Round) -> Result<View> {
    let settlement = actions::of_round(conn, &round.id).await?;
    let phase = match phase(round, settlement.as_ref()) {
        // nothing more can be decided, or near misses have become due
        Phase::Done if round.state == RoundState::Closing => match near_misses::waiting(conn, round).await? {
            (true, _) => Phase::Closing,
            (false, true) => Phase::Waiting,
            (false, false) => Phase::Done,
        },
        phase => phase,
    };
    // what was carried out before is told apart from what is proposed now
    let settlement =
        settlement.filter(|settlement| phase != Phase::Closing || settlement.state != SettlementState::Done);
    let mut earlier: Vec<(usize, Settlement)> = (1..).zip(actions::all_of_round(conn, &round.id).await?).collect();
    earlier.retain(|(_, one)| settlement.as_ref().is_none_or(|shown| shown.id != one.id));
    let mut view = View {
        phase,
        rows: Vec::new(),
        hash: String::new(),
        dry_run: None,
        is_outdated: false,
        proposer: String::new(),
        approver: String::new(),
        board: None,
        near: near_misses::rows(ctx, conn, round).await?,
        earlier,
        settlement,
    };
    match (phase, &view.settlement) {
        (Phase::Early, _) => {}
        (Phase::Executing | Phase::Paused | Phase::Waiting | Phase::Done, Some(settlement)) => {
            view.hash.clone_from(&settlement.hash);
            view.rows = frozen_rows(ctx, conn, settlement).await?;
            view.board = Some(board(conn, settlement, ctx.now).await?);
        }
        _ => {
            let plan = actions::fresh_plan(conn, round).await?;
            let late = |open: &Settlement| open.expires_at <= ctx.now || open.hash != plan.hash;
            view.is_outdated = view.settlement.as_ref().is_some_and(late);
            view.rows = planned_rows(ctx, conn, &plan).await?;
            view.dry_run = Some(dry_run(s, conn, round, &plan).await?);
            view.hash = plan.hash;
        }
    }
    if let Some(settlement) = &view.settlement {
        view.proposer = actor_name(conn, &settlement.proposed_by).await?;
        view.approver = actor_name(conn, settlement.approved_by.as_deref().unwrap_or_default()).await?;
    }
    Ok(view)
}

fn phase(round: &Round, settlement: Option<&Settlement>) -> Phase {
    match (settlement.map(|settlement| settlement.state), round.state) {
        (Some(SettlementState::Executing), _) => Phase::Executing,
        (Some(SettlementState::Paused), _) => Phase::Paused,
        (Some(SettlementState::Done), _) => Phase::Done,
        (Some(SettlementState::Proposed), _) => Phase::Proposed,
        (_, RoundState::Selling) => Phase::Selling,
        (_, RoundState::Closing | RoundState::Settled) => Phase::Closing,
        _ => Phase::Early,
    }
}

async fn dry_run(s: &Services, conn: &mut Conn, round: &Round, plan: &Plan) -> Result<DryRun> {
    let (releases, refunds) = (plan.count(Effect::Release), plan.count(Effect::Refund));
    let rate = i64::from(s.settings.stripe.rate_per_second).max(1);
    let pending = ledger::actions::balance(conn, &Account::PspPending).await?;
    let available = ledger::actions::balance(conn, &Account::PspAvailable).await?;
    let at_provider =
        pending.checked_add(available).ok_or_else(|| Error::broken("the provider's balance does not fit"))?;
    Ok(DryRun {
        readiness: actions::readiness(conn, round, plan).await?,
        releases,
        refunds,
        consents: plan.count(Effect::Consent),
        seconds: ((releases + refunds).div_euclid(LINES_PER_SECOND)).max(refunds.div_euclid(rate)) + 1,
        at_provider,
        shortage: Cents((plan.refund().0 - at_provider.0).max(0)),
    })
}

async fn planned_rows(ctx: &Ctx, conn: &mut Conn, plan: &Plan) -> Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(plan.projects.len());
    for planned in &plan.projects {
        let project = projects::actions::get(conn, &planned.project_id).await?;
        rows.push(Row {
            title: project.title(ctx.lang).to_owned(),
            slug: project.slug,
            decision: planned.decision,
            threshold: planned.threshold,
            held: planned.held,
            start: planned.start,
            result: planned.result,
            refund: planned.refund,
            waits: planned.waits(),
            pledges: planned.pledges,
            backers: planned.backers,
            funds: planned.funds,
        });
    }
    Ok(rows)
}

async fn frozen_rows(ctx: &Ctx, conn: &mut Conn, settlement: &Settlement) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for decided in actions::decisions_by(conn, settlement).await? {
        let project = projects::actions::get(conn, &decided.project_id).await?;
        rows.push(Row {
            title: project.title(ctx.lang).to_owned(),
            slug: project.slug,
            decision: decided.decision,
            threshold: decided.threshold,
            held: decided.held,
            start: decided.start,
            result: decided.result,
            refund: decided.refund,
            waits: decided.waits(),
            pledges: decided.pledges,
            backers: decided.backers,
            funds: decided.funds,
        });
    }
    Ok(rows)
}

/// Which of a round's settlements is wanted: 1 for the first, the last one when it is not said.
#[derive(Deserialize)]
pub struct Wanted {
    plan: Option<usize>,
}

/// The protocol, sent page by page: memory does not grow with the round. A fault in the middle breaks the download off, so that
/// half a protocol is never taken for a whole one.
pub async fn protocol(
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, number)): Path<(String, i64)>,
    Query(Wanted { plan }): Query<Wanted>,
) -> Answer {
    let mut conn = s.db.read().await?;
    let round = rounds::actions::by_number(&mut conn, number).await?.ok_or_else(Failure::not_found)?;
    let mut approved = actions::all_of_round(&mut conn, &round.id).await?;
    let at = plan.unwrap_or(approved.len()).checked_sub(1).filter(|at| *at < approved.len());
    let settlement = approved.swap_remove(at.ok_or_else(Failure::not_found)?);
    drop(conn);
    audit::exported(&s, &staff.0.user.id, "protocol", &number.to_string()).await?;
    let first = (PROTOCOL_HEAD.to_owned(), Some(String::new()));
    let pages = stream::try_unfold(Some(first), move |state| {
        let (s, id) = (s.clone(), settlement.id.clone());
        async move {
            let Some((text, next)) = state else { return Ok::<_, Error>(None) };
            let following = match next {
                Some(after) => Some(protocol_page(&mut *s.db.read().await?, &id, &after).await?),
                None => None,
            };
            Ok(Some((Bytes::from(text), following)))
        }
    });
    let disposition = format!("attachment; filename=\"protocol-round-{number}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(pages)).into_response())
}
