//! Everything that waits for a second person, with the page where it is decided.

use askama::Template;
use axum::extract::State;

use crate::features::approvals::{self, Proposal};
use crate::features::rounds;
use crate::features::settlement::{self, SettlementState};
use crate::features::staff::{actor_name, duration, extension};
use crate::features::users::guard::Staff;
use crate::features::{calendar, cases, payouts, recoveries, results, terminations, transfers};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx};
use crate::values::Timestamp;

/// Where a kind of proposal is decided.
pub struct Door {
    /// As its noun names it. What it is stands in the texts as `approval-kind-{kind}`, with dashes for dots.
    kind: &'static str,
    /// The page of one proposal, or of its list.
    path: fn(&Proposal) -> String,
}

/// One for each kind of proposal; a kind that is missing here shows without a link.
pub const DOORS: [Door; 18] = [
    Door { kind: cases::POST, path: case },
    Door { kind: "provider.give", path: case },
    Door { kind: "provider.return", path: case },
    Door { kind: "bank.apply", path: bank_line },
    Door { kind: "bank.fund", path: bank_line },
    Door { kind: "bank.return", path: bank_line },
    Door { kind: "bank.write_off", path: bank_line },
    Door { kind: transfers::BATCH, path: |proposal| format!("/staff/transfers/{}", proposal.subject_id) },
    Door { kind: payouts::TRANCHES, path: |proposal| format!("/staff/payouts/{}", proposal.subject_id) },
    Door { kind: payouts::plan::PLAN, path: |proposal| format!("/staff/projects/{}/payouts", proposal.subject_id) },
    Door { kind: terminations::STOP, path: |proposal| format!("/staff/projects/{}/stop", proposal.subject_id) },
    Door { kind: results::RELEASE, path: |_| "/staff/results".to_owned() },
    Door { kind: recoveries::RECOVER, path: |proposal| format!("/staff/users/{}", proposal.subject_id) },
    Door { kind: "match.activate", path: match_fund },
    Door { kind: "match.end", path: match_fund },
    Door { kind: payouts::GIVE_BACK, path: match_fund },
    Door { kind: calendar::EXTEND, path: |proposal| extension::path(&proposal.subject_id) },
    Door { kind: payouts::ACCOUNT, path: |proposal| format!("/staff/payouts/accounts/{}", proposal.subject_id) },
];

fn case(proposal: &Proposal) -> String {
    format!("/staff/cases/{}", proposal.subject_id)
}

fn match_fund(proposal: &Proposal) -> String {
    format!("/staff/match-funds/{}", proposal.subject_id)
}

fn bank_line(proposal: &Proposal) -> String {
    format!("/staff/bank/lines/{}", proposal.subject_id)
}

/// A line of the list.
struct Waiting {
    what: String,
    url: Option<String>,
    reason: String,
    by: String,
    at: Timestamp,
    expires_at: Timestamp,
    /// The viewer proposed it, so somebody else decides.
    is_own: bool,
}

#[derive(Template)]
#[template(path = "staff/approvals.html")]
struct ApprovalsPage<'a> {
    ctx: &'a Ctx,
    waiting: &'a [Waiting],
}

impl ApprovalsPage<'_> {
    fn age(&self, at: &Timestamp) -> String {
        duration(self.ctx, self.ctx.now.seconds() - at.seconds())
    }
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let viewer = staff.0.user.id.as_str();
    let mut waiting = of_rounds(&ctx, &mut conn, viewer).await?;
    for proposal in approvals::actions::waiting(&mut conn, ctx.now).await? {
        let by = actor_name(&mut conn, &proposal.proposed_by).await?;
        waiting.push(shown(&ctx, proposal, by, viewer));
    }
    waiting.sort_by_key(|line| line.at);
    ctx.page(&ApprovalsPage { ctx: &ctx, waiting: &waiting })
}

fn shown(ctx: &Ctx, proposal: Proposal, by: String, viewer: &str) -> Waiting {
    let door = DOORS.iter().find(|door| door.kind == proposal.kind);
    Waiting {
        what: match door {
            Some(door) => ctx.t(format!("approval-kind-{}", door.kind.replace('.', "-"))),
            None => proposal.kind.clone(),
        },
        url: door.map(|door| ctx.path(&(door.path)(&proposal))),
        by,
        at: proposal.proposed_at,
        expires_at: proposal.expires_at,
        is_own: proposal.proposed_by == viewer,
        reason: proposal.reason,
    }
}

/// The proposals to close rounds, which have a table of their own.
async fn of_rounds(ctx: &Ctx, conn: &mut Conn, viewer: &str) -> Result<Vec<Waiting>> {
    let mut waiting = Vec::new();
    for round in rounds::actions::all(conn).await? {
        let Some(open) = settlement::actions::of_round(conn, &round.id).await? else { continue };
        if open.state != SettlementState::Proposed || open.expires_at <= ctx.now {
            continue;
        }
        waiting.push(Waiting {
            what: ctx.t1("approval-kind-settlement", "round", round.number),
            url: Some(ctx.path(&format!("/staff/rounds/{}/closing", round.number))),
            by: actor_name(conn, &open.proposed_by).await?,
            at: open.proposed_at,
            expires_at: open.expires_at,
            is_own: open.proposed_by == viewer,
            reason: open.reason,
        });
    }
    Ok(waiting)
}
