//! Payouts of a project as everybody may see them: what moved to whom and when, and what of the plan is still to come.

use crate::features::organisations::actions as organisations;
use crate::features::payouts::plan::{self, Followed};
use crate::features::payouts::{Tranche, TrancheState, actions as payouts};
use crate::features::projects::Project;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::Ctx;
use crate::values::Cents;

/// A payout that moved.
pub struct Moved {
    pub tranche: Tranche,
    pub organisation: String,
    /// What the part of the plan is called; empty where it is none.
    pub label: String,
}

/// What a project's pages show of its payouts.
pub struct Payouts {
    pub moved: Vec<Moved>,
    /// The parts of the plan of which nothing moved yet.
    pub ahead: Vec<Followed>,
}

impl Payouts {
    pub async fn read(ctx: &Ctx, conn: &mut Conn, project: &Project) -> Result<Payouts> {
        let mut moved = Vec::new();
        for tranche in payouts::moved_of(conn, &project.id).await? {
            let organisation = organisations::get(conn, &tranche.organisation_id).await?.name;
            let (nl, en) = payouts::label_of(conn, &tranche.decision_id).await?;
            moved.push(Moved { label: ctx.either(&nl, &en).to_owned(), organisation, tranche });
        }
        let ahead = match plan::fixed(conn, &project.id).await? {
            Some(fixed) if project.state.is_paid() => plan::followed(conn, &fixed.id, ctx.now).await?,
            _ => Vec::new(),
        };
        let ahead = ahead.into_iter().filter(|followed| !moves(followed)).collect();
        Ok(Payouts { moved, ahead })
    }

    pub fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.ahead.is_empty()
    }

    /// What of it reached its receivers.
    pub fn paid(&self) -> Cents {
        let confirmed = |moved: &&Moved| moved.tranche.state == TrancheState::Confirmed;
        self.moved.iter().filter(confirmed).map(|moved| moved.tranche.amount).sum()
    }
}

fn moves(followed: &Followed) -> bool {
    matches!(followed.standing, plan::PartStanding::Sent | plan::PartStanding::Confirmed)
}
