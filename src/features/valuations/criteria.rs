//! A round's criteria: what experts look at, how much each weighs, on which scale. Edited until the valuation begins.

use crate::features::rounds::{self, RoundState};
use crate::features::users::{self, StaffRole};
use crate::features::valuations::{Criterion, Refusal, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, texts};
use crate::values::{Lang, Timestamp};

/// The most criteria of a round.
pub const MOST: usize = 8;
/// The longest name and the longest guidance, in characters.
pub const LONGEST_NAME: usize = 80;
pub const LONGEST_GUIDANCE: usize = 1_000;
/// The ends that a scale may have.
const LOWEST: i64 = 0;
const HIGHEST: i64 = 100;

/// The names of the proposed set in the texts, with their weights.
const PROPOSED: [(&str, i64); 5] = [("value", 30), ("group", 20), ("plan", 20), ("craft", 15), ("lasting", 15)];

/// A set for staff to go on from, on a scale from 1 to 5.
pub fn proposed() -> Vec<Criterion> {
    let text = |lang: Lang, name: &str, part: &str| texts::text(lang, &format!("criteria-proposed-{name}-{part}"));
    let criterion = |(position, (name, weight_percent)): (i64, (&str, i64))| Criterion {
        position,
        name_nl: text(Lang::Nl, name, "name"),
        name_en: text(Lang::En, name, "name"),
        guidance_nl: text(Lang::Nl, name, "guidance"),
        guidance_en: text(Lang::En, name, "guidance"),
        weight_percent,
        scale_least: 1,
        scale_most: 5,
    };
    (1..).zip(PROPOSED).map(criterion).collect()
}

/// What is wrong with a set: the form's field and the key of the sentence.
pub fn wrong(criteria: &[Criterion]) -> Vec<(String, &'static str)> {
    let mut wrong = Vec::new();
    for criterion in criteria {
        let mut fail = |is_wrong: bool, field: &str, key: &'static str| {
            if is_wrong {
                wrong.push((format!("{field}_{}", criterion.position), key));
            }
        };
        fail(criterion.name_nl.is_empty(), "name_nl", "criteria-name-missing");
        fail(criterion.name_en.is_empty(), "name_en", "criteria-name-missing");
        fail(!(1..=100).contains(&criterion.weight_percent), "weight", "criteria-weight-wrong");
        let is_scale = LOWEST <= criterion.scale_least
            && criterion.scale_least < criterion.scale_most
            && criterion.scale_most <= HIGHEST;
        fail(!is_scale, "most", "criteria-scale-wrong");
    }
    let sum: i64 = criteria.iter().map(|criterion| criterion.weight_percent).sum();
    if wrong.is_empty() && (sum != 100 || criteria.is_empty() || criteria.len() > MOST) {
        let first = criteria.first().map_or(1, |criterion| criterion.position);
        wrong.push((format!("weight_{first}"), "criteria-sum-wrong"));
    }
    wrong
}

/// The criteria of a round, in order.
pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Criterion>> {
    Ok(store::criteria(conn, round_id).await?)
}

/// A reviewer or admin saves the criteria of a round whose valuation has not begun.
///
/// # Errors
/// A [`Refusal`]: the role, too late, or a set that is not one.
pub async fn save(tx: &mut Tx, round_id: &str, criteria: &[Criterion], actor: &str, now: Timestamp) -> Result<()> {
    let round = rounds::actions::lock(tx, round_id).await?;
    let roles = users::actions::roles(tx, actor).await?;
    if !roles.contains(&StaffRole::Reviewer) && !roles.contains(&StaffRole::Admin) {
        return Err(Refusal::NoRole.into());
    }
    if !may_change(round.state) {
        return Err(Refusal::CriteriaFixed.into());
    }
    if !wrong(criteria).is_empty() {
        return Err(Refusal::CriteriaWrong.into());
    }
    let before = summary(&store::criteria(tx, round_id).await?);
    write(tx, round_id, criteria).await?;
    let reason = format!("{before} → {}", summary(criteria));
    let state = round.state.as_str();
    let entry = history::Entry {
        subject: "round_criteria",
        subject_id: round_id,
        from: state,
        to: "changed",
        actor,
        reason: &reason,
    };
    Ok(history::record(tx, now, entry).await?)
}

/// Whether the criteria of a round in this state may be changed.
pub fn may_change(state: RoundState) -> bool {
    matches!(state, RoundState::Planned | RoundState::Submissions)
}

/// Gives a locked round whose valuation begins the proposed set when it has none.
pub async fn make_sure(tx: &mut Tx, round_id: &str) -> Result<()> {
    if store::criteria(tx, round_id).await?.is_empty() {
        write(tx, round_id, &proposed()).await?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, round_id: &str, criteria: &[Criterion]) -> Result<()> {
    store::clear_criteria(tx, round_id).await?;
    for (position, criterion) in (1..).zip(criteria) {
        store::add_criterion(tx, round_id, position, criterion).await?;
    }
    Ok(())
}

/// The set in one line, for the history.
fn summary(criteria: &[Criterion]) -> String {
    let one = |c: &Criterion| format!("{} {} % ({}-{})", c.name_nl, c.weight_percent, c.scale_least, c.scale_most);
    criteria.iter().map(one).collect::<Vec<_>>().join(", ")
}
