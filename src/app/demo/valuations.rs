//! The demo's valuation: of one project both experts have handed in, of the other one has and one has a conflict of interest.

use std::collections::HashMap;

use crate::features::projects::{Project, ProjectState};
use crate::features::users::actions as users;
use crate::features::valuations::{Score, criteria, reviews};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::values::Timestamp;

/// What both gave the first project, and the first expert the second, by criterion.
const BOTH: [[i64; 5]; 2] = [[4, 5, 4, 3, 4], [5, 4, 2, 4, 3]];
const ONE: [i64; 5] = [4, 4, 5, 4, 3];
const REASONS: [&str; 5] = [
    "De deelnemers leren een vak waar vraag naar is.",
    "Deze groep blijft anders vaak buiten beeld.",
    "De begroting klopt; de planning is krap.",
    "De begeleiders hebben dit eerder gedaan.",
    "De werkplek blijft, als er een vaste huurder komt.",
];
const CONFLICT: &str = "Ik gaf deze maker vorig jaar betaald advies.";

/// Values the projects of the round that is being valued.
pub async fn load(tx: &mut Tx, projects: &HashMap<String, Project>, now: Timestamp) -> Result<()> {
    let mut valued: Vec<&Project> =
        projects.values().filter(|project| project.state == ProjectState::InValuation).collect();
    valued.sort_by_key(|project| project.number);
    let [first, second] = valued[..] else { return Err(Error::broken("two projects that are being valued")) };
    criteria::make_sure(tx, &first.round_id).await?;
    let reviewer = person(tx, "reviewer").await?;
    let experts = [person(tx, "expert1").await?, person(tx, "expert2").await?];
    let (asked, answered) = (now.plus_days(-9), now.plus_days(-4));
    for project in [first, second] {
        for expert in &experts {
            reviews::assign(tx, &project.id, expert, &reviewer, asked).await?;
        }
    }
    for (expert, scores) in experts.iter().zip(BOTH) {
        hand_in(tx, first, expert, scores, answered).await?;
    }
    hand_in(tx, second, &experts[0], ONE, answered).await?;
    reviews::declare(tx, &second.id, &experts[1], Some(CONFLICT), answered).await
}

async fn person(tx: &mut Tx, name: &str) -> Result<String> {
    let user = users::by_email(tx, &format!("{name}@drempel.example")).await?;
    Ok(user.ok_or_else(|| Error::broken(format!("no {name} in the demo")))?.id)
}

async fn hand_in(tx: &mut Tx, project: &Project, expert: &str, scores: [i64; 5], at: Timestamp) -> Result<()> {
    reviews::declare(tx, &project.id, expert, None, at.plus_days(-1)).await?;
    let score = |(position, (score, reason)): (i64, (i64, &str))| Score {
        position,
        score: Some(score),
        reason: reason.to_owned(),
    };
    let scores: Vec<Score> = (1..).zip(scores.into_iter().zip(REASONS)).map(score).collect();
    reviews::score(tx, &project.id, expert, &scores, true, at).await
}
