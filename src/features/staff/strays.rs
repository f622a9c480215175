//! On the page of a case: what two treasurers decide about a payment at the provider that belongs to no pledge.

use axum::extract::Path;

use crate::features::approvals::Proposal;
use crate::features::cases::Case;
use crate::features::payments::strays::{self, Decision, Return};
use crate::features::staff::actor_name;
use crate::features::staff::cases::{Id, answer, require_case};
use crate::features::staff::treasurer::{Treasurer, end};
use crate::features::users::guard::Staff;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

/// The part of a case's page about its payment.
pub struct Money {
    /// Whether it can be given to a pledge or sent back.
    pub is_open: bool,
    /// What can be decided, with its name.
    pub decisions: Vec<(&'static str, String)>,
    pub proposal: Option<(Decision, Proposal)>,
    pub proposer: String,
    pub is_own: bool,
    /// The ways back that were tried.
    pub returns: Vec<Return>,
}

impl Money {
    /// Reads it for a viewer.
    pub async fn read(conn: &mut Conn, case: &Case, ctx: &Ctx, staff: &Staff) -> Result<Money> {
        let proposal = strays::proposed(conn, &case.id, ctx.now).await?.filter(|_| case.is_free());
        let by = proposal.as_ref().map(|(_, proposal)| proposal.proposed_by.clone()).unwrap_or_default();
        Ok(Money {
            decisions: Decision::ALL.iter().map(|decision| (decision.as_str(), name(ctx, *decision))).collect(),
            is_open: strays::of_case(conn, case).await?.is_some(),
            proposal,
            proposer: actor_name(conn, &by).await?,
            is_own: by == staff.0.user.id,
            returns: strays::returns_of(conn, &case.subject_id).await?,
        })
    }

    pub fn name(&self, ctx: &Ctx, decision: &Decision) -> String {
        name(ctx, *decision)
    }
}

fn name(ctx: &Ctx, decision: Decision) -> String {
    ctx.t(decision.as_str().replace('.', "-"))
}

fn decision(form: &Form) -> std::result::Result<Decision, Failure> {
    Decision::from_word(form.value("decision")).ok_or_else(|| Failure::bad_request("no such decision"))
}

pub async fn propose(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "pledge", "why"])?;
    require_case(&desk, &id).await?;
    let decided = (form.value("decision"), form.value("pledge"));
    let mut tx = desk.s.db.begin().await?;
    let done = strays::propose(&mut tx, desk.decider(), &id, decided, form.value("why"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "why", "flash-stray-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "hash"])?;
    require_case(&desk, &id).await?;
    let decided = (id.as_str(), decision(&form)?);
    let done = strays::approve(&desk.s, desk.decider(), decided, form.value("hash"), desk.ctx.now).await;
    answer(desk, &id, form, done, "why", "flash-stray-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "why"])?;
    require_case(&desk, &id).await?;
    let decided = (id.as_str(), decision(&form)?);
    let mut tx = desk.s.db.begin().await?;
    let done = strays::withdraw(&mut tx, desk.decider(), decided, form.value("why"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "why", "flash-case-withdrawn").await
}
