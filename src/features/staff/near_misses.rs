//! The near misses of a round on its closing page: how far each is, and how its backers chose.

use crate::features::consents::{Choice, NearMiss, NearMissState, Tally, actions};
use crate::features::projects;
use crate::features::rounds::Round;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::Ctx;
use crate::values::{Cents, Timestamp};

/// A near miss in the table.
pub struct NearRow {
    pub title: String,
    pub slug: String,
    pub miss: NearMiss,
    /// What would be kept if nobody chose otherwise, with what match funds add.
    pub kept: Cents,
    tallies: Vec<Tally>,
}

impl NearRow {
    /// Held money with this choice, without what was added.
    fn amount(&self, choice: Choice) -> Cents {
        self.tallies.iter().filter(|tally| tally.choice == choice).map(|tally| tally.amount).sum()
    }

    /// Kept without more, kept by who raised, added, taken back, and silent.
    pub fn parts(&self) -> [Cents; 5] {
        let stays = self.tallies.iter().filter(|tally| tally.choice.stays());
        let added = stays.map(|tally| tally.added).sum();
        [
            self.amount(Choice::Keep),
            self.amount(Choice::Raise),
            added,
            self.amount(Choice::Withdraw),
            self.amount(Choice::Silent),
        ]
    }

    /// The term that runs, or ran last.
    pub fn until(&self) -> Timestamp {
        self.miss.choose_until.unwrap_or(self.miss.owner_until)
    }
}

/// The near misses of a round that wait. What is held of a decided one goes on, so its table would say nothing.
pub async fn rows(ctx: &Ctx, conn: &mut Conn, round: &Round) -> Result<Vec<NearRow>> {
    let mut rows = Vec::new();
    for miss in actions::of_round(conn, &round.id).await?.into_iter().filter(|miss| miss.state.waits()) {
        let project = projects::actions::get(conn, &miss.project_id).await?;
        let tallies = actions::tallies(conn, &miss.project_id).await?;
        let kept = actions::kept(conn, &miss).await?;
        rows.push(NearRow { title: project.title(ctx.lang).to_owned(), slug: project.slug, miss, kept, tallies });
    }
    Ok(rows)
}

/// Whether a near miss waits for a plan, and whether one waits at all.
pub async fn waiting(conn: &mut Conn, round: &Round) -> Result<(bool, bool)> {
    let misses = actions::of_round(conn, &round.id).await?;
    let is_due = misses.iter().any(|miss| miss.state == NearMissState::Due);
    Ok((is_due, misses.iter().any(|miss| miss.state.waits())))
}
