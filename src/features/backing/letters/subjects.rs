//! What the letters of a lease are about, in a few reads for all of them.

use std::collections::{BTreeSet, HashMap};

use crate::features::consents::NearMiss;
use crate::features::payments::{self, Payment, Refund, TRANSFER, refunds};
use crate::features::pledges::Pledge;
use crate::features::projects::Project;
use crate::features::rounds::Round;
use crate::features::{consents, pledges, projects, rounds};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::values::Cents;

/// All that was read.
pub(super) struct Subjects {
    payments: HashMap<String, Payment>,
    refunds: HashMap<String, Refund>,
    pledges: HashMap<String, Pledge>,
    /// By pledge.
    paid_by: HashMap<String, Payment>,
    projects: HashMap<String, Project>,
    rounds: HashMap<String, Round>,
    misses: HashMap<String, NearMiss>,
}

/// What one letter is about.
pub(super) struct About<'a> {
    pub pledge: &'a Pledge,
    pub project: &'a Project,
    pub round: &'a Round,
    pub near: Option<&'a NearMiss>,
    /// Said of a letter that tells of a new pledge.
    pub is_by_transfer: bool,
    /// What goes back; it may be a part.
    pub of_refund: Option<Cents>,
}

impl Subjects {
    /// Reads what these letters are about.
    pub async fn read(conn: &mut Conn, letters: &[Due]) -> Result<Subjects> {
        let payments = payments::actions::get_each(conn, &causes(letters, "pay_")).await?;
        let refunds = refunds::get_each(conn, &causes(letters, "rfd_")).await?;
        let mut pledge_ids: BTreeSet<&str> = causes(letters, "plg_").into_iter().collect();
        pledge_ids.extend(payments.values().map(|payment| payment.pledge_id.as_str()));
        pledge_ids.extend(refunds.values().map(|refund| refund.pledge_id.as_str()));
        let pledge_ids: Vec<&str> = pledge_ids.into_iter().collect();
        let pledges = pledges::actions::get_each(conn, &pledge_ids).await?;
        let new = letters.iter().filter(|letter| letter.kind == "pledge_received");
        let paid_by = payments::actions::of_pledges(conn, &causes(new, "plg_")).await?;
        let project_ids: BTreeSet<&str> = pledges.values().map(|pledge| pledge.project_id.as_str()).collect();
        let projects = projects::actions::get_each(conn, project_ids.iter().copied()).await?;
        let misses = consents::actions::of_projects(conn, project_ids).await?;
        let round_ids: BTreeSet<&str> = pledges.values().map(|pledge| pledge.round_id.as_str()).collect();
        let mut rounds = HashMap::new();
        for id in round_ids {
            rounds.insert(id.to_owned(), rounds::actions::get(conn, id).await?);
        }
        Ok(Subjects { payments, refunds, pledges, paid_by, projects, rounds, misses })
    }

    /// What a letter is about: its cause is a pledge, a payment or a refund.
    pub fn of(&self, letter: &Due) -> Result<About<'_>> {
        let cause = letter.cause_id.as_str();
        let missing = || Error::broken(format!("a letter about {cause}"));
        let refund = self.refunds.get(cause);
        let pledge_id = match (self.payments.get(cause), refund) {
            (Some(payment), _) => payment.pledge_id.as_str(),
            (_, Some(refund)) => refund.pledge_id.as_str(),
            _ => cause,
        };
        let pledge = self.pledges.get(pledge_id).ok_or_else(missing)?;
        Ok(About {
            pledge,
            project: self.projects.get(&pledge.project_id).ok_or_else(missing)?,
            round: self.rounds.get(&pledge.round_id).ok_or_else(missing)?,
            near: self.misses.get(&pledge.project_id),
            is_by_transfer: self.paid_by.get(pledge_id).is_some_and(|payment| payment.method == TRANSFER),
            of_refund: refund.map(|refund| refund.amount),
        })
    }
}

/// The causes of this kind, each once.
fn causes<'a>(letters: impl IntoIterator<Item = &'a Due>, start: &str) -> Vec<&'a str> {
    let all = letters.into_iter().map(|letter| letter.cause_id.as_str()).filter(|cause| cause.starts_with(start));
    all.collect::<BTreeSet<_>>().into_iter().collect()
}
