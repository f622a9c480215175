//! The list of indicators, as the team keeps it. What a figure means never changes: code, scheme, shape, direction, whether it counts
//! people and whether it may be added up are chosen once. Names, family, goals and notes can be changed, and an indicator can be retired.

use crate::features::outcomes::{Family, Indicator, Refusal, Shape, actions, published, store};
use crate::features::users::{self, StaffRole};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::history;
use crate::values::Timestamp;
use crate::values::text::{many_lines, one_line};

/// The longest code, scheme, name or unit, and note, in characters.
pub const LONGEST_CODE: usize = 40;
pub const LONGEST_NAME: usize = 120;
pub const LONGEST_LICENCE: usize = 300;

/// The indicator with this code, when there is one.
pub async fn find(conn: &mut Conn, code: &str) -> Result<Option<Indicator>> {
    Ok(actions::indicators(conn).await?.into_iter().find(|indicator| indicator.code == code))
}

/// Adds an indicator to the list.
///
/// # Errors
/// A [`Refusal`]; the code is taken.
pub async fn make(tx: &mut Tx, typed: &Indicator, by: &str, now: Timestamp) -> Result<()> {
    require_role(tx, by).await?;
    let indicator = checked(tx, typed).await?;
    if !store::insert_indicator(tx, &indicator).await? {
        return Err(Refusal::CodeTaken.into());
    }
    record(tx, ("", &indicator), by, now).await
}

/// Changes what may be changed of an indicator, and retires it or brings it back.
///
/// # Errors
/// A [`Refusal`].
pub async fn change(tx: &mut Tx, typed: &Indicator, retired: bool, by: &str, now: Timestamp) -> Result<()> {
    require_role(tx, by).await?;
    store::lock_indicator(tx, &typed.code).await?;
    let old = find(tx, &typed.code).await?.ok_or(Refusal::NoSuchIndicator)?;
    let mut indicator = Indicator {
        scheme: old.scheme.clone(),
        shape: old.shape,
        direction: old.direction,
        additive: old.additive,
        counts_people: old.counts_people,
        ..checked(tx, typed).await?
    };
    indicator.retired_at = if retired { old.retired_at.or(Some(now)) } else { None };
    let before = in_words(&old);
    if before == in_words(&indicator) {
        return Ok(());
    }
    store::change_indicator(tx, &indicator).await?;
    if old.part_of != indicator.part_of {
        published::all_again(tx, &indicator.code, now).await?;
    }
    record(tx, (&before, &indicator), by, now).await
}

async fn require_role(conn: &mut Conn, user_id: &str) -> Result<()> {
    let roles = users::actions::roles(conn, user_id).await?;
    if roles.iter().any(|role| matches!(role, StaffRole::Reviewer | StaffRole::Admin)) {
        return Ok(());
    }
    Err(Refusal::NoRole.into())
}

/// What was typed, cleaned.
async fn checked(conn: &mut Conn, typed: &Indicator) -> Result<Indicator> {
    let is_code = |text: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-.+".contains(c);
        !text.is_empty() && text.len() <= LONGEST_CODE && text.chars().all(allowed)
    };
    if !is_code(&typed.code) {
        return Err(Refusal::CodeWrong.into());
    }
    if !is_code(&typed.scheme) {
        return Err(Refusal::SchemeWrong.into());
    }
    let name = |typed: &str| one_line(typed, LONGEST_NAME).filter(|name| !name.is_empty());
    let note = |typed: &str| many_lines(typed, LONGEST_LICENCE).ok_or(Refusal::LicenceTooLong);
    let goals: Vec<&str> = typed.sdg.split_whitespace().collect();
    if !goals.iter().all(|goal| is_goal(goal)) {
        return Err(Refusal::GoalWrong.into());
    }
    let all = actions::indicators(conn).await?;
    if !typed.part_of.is_empty() && !is_whole(typed, &all) {
        return Err(Refusal::PartWrong.into());
    }
    Ok(Indicator {
        name_nl: name(&typed.name_nl).ok_or(Refusal::NameNlMissing)?,
        name_en: name(&typed.name_en).ok_or(Refusal::NameEnMissing)?,
        unit_nl: name(&typed.unit_nl).ok_or(Refusal::UnitNlMissing)?,
        unit_en: name(&typed.unit_en).ok_or(Refusal::UnitEnMissing)?,
        licence_nl: note(&typed.licence_nl)?,
        licence_en: note(&typed.licence_en)?,
        sdg: goals.join(" "),
        ..typed.clone()
    })
}

/// A target of the Sustainable Development Goals: `8.5`, `17.a`.
fn is_goal(text: &str) -> bool {
    let Some((goal, target)) = text.split_once('.') else { return false };
    let is_target = matches!(target.as_bytes(), [b'0'..=b'9' | b'a'..=b'd'] | [b'1', b'0'..=b'9']);
    goal.parse::<u8>().is_ok_and(|goal| (1..=17).contains(&goal)) && is_target
}

/// Whether the indicator it is a part of is a count that is not, in turn, a part of it.
fn is_whole(typed: &Indicator, all: &[Indicator]) -> bool {
    let find = |code: &str| all.iter().find(|one| one.code == code);
    let mut at = typed.part_of.as_str();
    for _ in 0..=all.len() {
        if at == typed.code {
            return false;
        }
        match find(at) {
            Some(whole) if whole.shape != Shape::Count => return false,
            Some(whole) if whole.part_of.is_empty() => return true,
            Some(whole) => at = &whole.part_of,
            None => return false,
        }
    }
    false
}

/// What the history keeps of one: what can change.
fn in_words(indicator: &Indicator) -> String {
    let family: Family = indicator.family;
    let retired = if indicator.retired_at.is_some() { "retired" } else { "in use" };
    [
        &indicator.name_nl,
        &indicator.name_en,
        &indicator.unit_nl,
        &indicator.unit_en,
        family.as_str(),
        &indicator.sdg,
        &indicator.part_of,
        &indicator.licence_nl,
        &indicator.licence_en,
        retired,
    ]
    .join(" | ")
}

async fn record(tx: &mut Tx, (before, after): (&str, &Indicator), actor: &str, now: Timestamp) -> Result<()> {
    let to = in_words(after);
    let entry =
        history::Entry { subject: "indicator", subject_id: &after.code, from: before, to: &to, actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::outcomes::tests::indicator;

    #[test]
    fn goals_are_those_of_the_united_nations() {
        for right in ["1.1", "8.5", "17.19", "17.a", "10.2"] {
            assert!(is_goal(right), "{right}");
        }
        for wrong in ["", "8", "8.", "18.1", "0.1", "8.55", "8.e", "8.5.1", "a.5"] {
            assert!(!is_goal(wrong), "{wrong}");
        }
    }

    #[test]
    fn nothing_is_a_part_of_itself() {
        let part = |code: &str, of: &str| Indicator { part_of: of.into(), ..indicator(code, Shape::Count) };
        let all = [part("a", ""), part("b", "a"), part("c", "b"), indicator("m", Shape::Mean)];
        assert!(is_whole(&part("d", "c"), &all));
        for wrong in [part("a", "c"), part("a", "a"), part("d", "x"), part("d", "m")] {
            assert!(!is_whole(&wrong, &all), "{} of {}", wrong.code, wrong.part_of);
        }
    }
}
