//! An organisation registers itself, the team confirms it or asks, and its owners keep its data.

use crate::features::organisations::members::tell_owners;
use crate::features::organisations::{
    CONFIRMED, Details, MemberRole, Organisation, OrganisationState, RENAMED, Refusal, actions, members, slug_of, store,
};
use crate::features::users::{self, StaffRole};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, jobs, random};
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// The longest question of the team, in characters.
const LONGEST_QUESTION: usize = 1_000;
/// How many organisations one person can have waiting at once.
const MOST_WAITING: usize = 5;

/// Somebody registers an organisation and becomes its first owner. Answers its slug.
///
/// # Errors
/// Another living organisation has this number, or the person has too many that wait.
pub async fn register(tx: &mut Tx, user_id: &str, details: &Details, now: Timestamp) -> Result<String> {
    let waiting = actions::of_user(tx, user_id).await?;
    let waits = |state| matches!(state, OrganisationState::Registered | OrganisationState::Returned);
    if waiting.iter().filter(|(organisation, _)| waits(organisation.state)).count() >= MOST_WAITING {
        return Err(Refusal::TooManyWaiting.into());
    }
    let id = random::id("org", now);
    let wanted = slug_of(&details.name);
    let mut number = 1;
    let slug = loop {
        let slug = if number == 1 { wanted.clone() } else { format!("{wanted}-{number}") };
        if store::register(tx, &id, &slug, details, now).await? {
            break slug;
        }
        if store::kvk_is_taken(tx, &details.kvk_number).await? {
            return Err(Refusal::KvkTaken.into());
        }
        number += 1;
    };
    note(tx, &id, "", OrganisationState::Registered, user_id, "", now).await?;
    actions::add_member(tx, &id, user_id, MemberRole::Owner, now).await?;
    members::note(tx, &id, user_id, "", MemberRole::Owner.as_str(), user_id, now).await?;
    Ok(slug)
}

/// An owner saves the data. `version` is the organisation's when the form was opened. Another name or number asks for confirming
/// again; saving is also the answer to a question of the team.
///
/// # Errors
/// Changed meanwhile, withdrawn, the number belongs to another, or no owner.
pub async fn change(
    tx: &mut Tx,
    id: &str,
    user_id: &str,
    version: i64,
    details: &Details,
    now: Timestamp,
) -> Result<()> {
    let organisation = members::locked_by_owner(tx, id, user_id).await?;
    if organisation.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    if organisation.state == OrganisationState::Withdrawn {
        return Err(Refusal::WrongState.into());
    }
    let changed = details.differing(&details_of(tx, id).await?);
    match store::change(tx, id, details).await {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Err(Refusal::KvkTaken.into()),
        done => done?,
    }
    if !changed.is_empty() {
        let entry = history::Entry {
            subject: "organisation_data",
            subject_id: id,
            from: organisation.state.as_str(),
            to: organisation.state.as_str(),
            actor: user_id,
            reason: &changed.join(" "),
        };
        history::record(tx, now, entry).await?;
    }
    if changed.contains(&"name") {
        jobs::enqueue(tx, now, RENAMED, id, now).await?;
    }
    let looks_again = match organisation.state {
        OrganisationState::Confirmed => Details::asks_for_confirming(&changed),
        OrganisationState::Returned => true,
        OrganisationState::Registered | OrganisationState::Withdrawn => false,
    };
    if looks_again {
        step(tx, &organisation, OrganisationState::Registered, user_id, "", now).await?;
    }
    Ok(())
}

/// An owner takes a registration back that was never confirmed; its number is free again.
///
/// # Errors
/// It was confirmed once, or no owner.
pub async fn withdraw(tx: &mut Tx, id: &str, user_id: &str, now: Timestamp) -> Result<()> {
    let organisation = members::locked_by_owner(tx, id, user_id).await?;
    if organisation.was_confirmed == 1 {
        return Err(Refusal::WrongState.into());
    }
    step(tx, &organisation, OrganisationState::Withdrawn, user_id, "", now).await
}

/// Somebody of the team found it in the registers as it stands in this version. Its owners are told, and what waited goes on.
///
/// # Errors
/// No role for it, not waiting to be confirmed, or changed meanwhile.
pub async fn confirm(tx: &mut Tx, id: &str, staff_id: &str, version: i64, now: Timestamp) -> Result<()> {
    let organisation = looked_at(tx, id, staff_id, version).await?;
    step(tx, &organisation, OrganisationState::Confirmed, staff_id, "", now).await?;
    let cause = format!("{id}/{version}");
    tell_owners(tx, id, "organisation_confirmed", &cause, now).await?;
    Ok(jobs::enqueue(tx, now, CONFIRMED, id, now).await?)
}

/// Somebody of the team asks something about it instead.
///
/// # Errors
/// As [`confirm`], or nothing was asked.
pub async fn return_with(
    tx: &mut Tx,
    id: &str,
    staff_id: &str,
    version: i64,
    question: &str,
    now: Timestamp,
) -> Result<()> {
    let question = many_lines(question, LONGEST_QUESTION).filter(|question| !question.is_empty());
    let question = question.ok_or(Refusal::QuestionMissing)?;
    let organisation = looked_at(tx, id, staff_id, version).await?;
    step(tx, &organisation, OrganisationState::Returned, staff_id, &question, now).await?;
    tell_owners(tx, id, "organisation_returned", &format!("{id}/{version}"), now).await
}

/// A registered organisation in the version that was looked at, for somebody whose role it is.
async fn looked_at(tx: &mut Tx, id: &str, staff_id: &str, version: i64) -> Result<Organisation> {
    store::lock(tx, id).await?;
    let roles = users::actions::roles(tx, staff_id).await?;
    if !roles.iter().any(|role| matches!(role, StaffRole::Admin | StaffRole::Reviewer)) {
        return Err(Refusal::NoRole.into());
    }
    let organisation = actions::get(tx, id).await?;
    if organisation.state != OrganisationState::Registered {
        return Err(Refusal::WrongState.into());
    }
    if organisation.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    Ok(organisation)
}

/// What an organisation says of itself; it must be there.
pub async fn details_of(conn: &mut Conn, id: &str) -> Result<Details> {
    store::details(conn, id).await?.ok_or_else(|| Error::broken(format!("no organisation {id}")))
}

/// Refuses unless the organisation is confirmed: before it submits a plan, founds a coalition or is paid.
///
/// # Errors
/// [`Refusal::NotConfirmed`].
pub async fn require_confirmed(conn: &mut Conn, id: &str) -> Result<()> {
    if actions::get(conn, id).await?.is_confirmed() { Ok(()) } else { Err(Refusal::NotConfirmed.into()) }
}

async fn step(
    tx: &mut Tx,
    organisation: &Organisation,
    to: OrganisationState,
    actor: &str,
    question: &str,
    now: Timestamp,
) -> Result<()> {
    if !organisation.state.may_become(to)
        || !store::move_to(tx, &organisation.id, organisation.state, to, question).await?
    {
        return Err(Refusal::WrongState.into());
    }
    note(tx, &organisation.id, organisation.state.as_str(), to, actor, question, now).await
}

async fn note(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: OrganisationState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "organisation", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_goes_only_where_its_table_says() {
        use OrganisationState::{Confirmed, Registered, Returned, Withdrawn};
        let allowed = [
            (Registered, Confirmed),
            (Registered, Returned),
            (Registered, Withdrawn),
            (Returned, Registered),
            (Returned, Withdrawn),
            (Confirmed, Registered),
        ];
        for from in OrganisationState::ALL {
            for to in OrganisationState::ALL {
                assert_eq!(from.may_become(*to), allowed.contains(&(*from, *to)), "{from} to {to}");
            }
        }
    }
}
