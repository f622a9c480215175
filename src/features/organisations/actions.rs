//! What can be done with organisations.

use std::collections::{BTreeSet, HashMap};

use crate::features::organisations::{Coalition, CoalitionStep, Legal, Member, MemberRole, Organisation, store};
use crate::features::users;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::values::Timestamp;

/// The organisation with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Organisation> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no organisation {id}")))
}

/// What the registers say of the organisation with this id; it must be there.
pub async fn legal(conn: &mut Conn, id: &str) -> Result<Legal> {
    store::legal(conn, id).await?.ok_or_else(|| Error::broken(format!("no organisation {id}")))
}

/// Notes what the registers say of an organisation.
pub async fn set_legal(tx: &mut Tx, id: &str, legal: &Legal) -> Result<()> {
    Ok(store::set_legal(tx, id, legal).await?)
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Organisation>> {
    Ok(store::by_slug(conn, slug).await?)
}

/// What this user may do for the organisation; nothing for who is no member.
pub async fn member_role(conn: &mut Conn, organisation_id: &str, user_id: &str) -> Result<Option<MemberRole>> {
    Ok(store::member_role(conn, organisation_id, user_id).await?)
}

/// The organisations a user is a member of, by name, with what the user may do there.
pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<(Organisation, MemberRole)>> {
    Ok(store::of_user(conn, user_id).await?)
}

/// All members of all organisations, by organisation: for the development pages.
pub async fn members(conn: &mut Conn) -> Result<Vec<Member>> {
    Ok(store::members(conn).await?)
}

/// The organisations with these ids, by id.
pub async fn by_ids<'a>(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, Organisation>> {
    let ids: Vec<&str> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = HashMap::new();
    for some in ids.chunks(store::MOST_IDS) {
        found.extend(store::by_ids(conn, some).await?.into_iter().map(|o| (o.id.clone(), o)));
    }
    Ok(found)
}

/// All organisations, by name.
pub async fn all(conn: &mut Conn) -> Result<Vec<Organisation>> {
    Ok(store::all(conn).await?)
}

/// All coalitions, by title.
pub async fn coalitions(conn: &mut Conn) -> Result<Vec<Coalition>> {
    Ok(store::coalitions(conn).await?)
}

/// The coalition with this id; it must be there.
pub async fn coalition(conn: &mut Conn, id: &str) -> Result<Coalition> {
    store::coalition_by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no coalition {id}")))
}

pub async fn coalition_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Coalition>> {
    Ok(store::coalition_by_slug(conn, slug).await?)
}

/// The coalitions an organisation founded or takes part in.
pub async fn coalitions_of(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Coalition>> {
    Ok(store::coalitions_of(conn, organisation_id).await?)
}

/// The partners of a coalition, in its order; the founder is not among them.
pub async fn partners(conn: &mut Conn, coalition_id: &str) -> Result<Vec<Organisation>> {
    Ok(store::partners(conn, coalition_id).await?)
}

/// Steps or questions of a coalition, in order; of all coalitions for an empty id.
pub async fn steps(conn: &mut Conn, coalition_id: &str) -> Result<Vec<CoalitionStep>> {
    Ok(store::steps(conn, coalition_id).await?)
}

/// Writes a new organisation.
pub async fn insert(tx: &mut Tx, organisation: &Organisation, now: Timestamp) -> Result<()> {
    Ok(store::insert(tx, organisation, now).await?)
}

/// Locks an organisation, so that what is decided about it takes turns.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<()> {
    Ok(store::lock(tx, id).await?)
}

/// The ids of an organisation's owners.
pub async fn owners(conn: &mut Conn, organisation_id: &str) -> Result<Vec<String>> {
    Ok(store::owners(conn, organisation_id).await?.into_iter().map(|(id,)| id).collect())
}

/// Makes a user a member; who is one already keeps his role.
pub async fn add_member(
    tx: &mut Tx,
    organisation_id: &str,
    user_id: &str,
    role: MemberRole,
    now: Timestamp,
) -> Result<()> {
    store::add_member(tx, organisation_id, user_id, role, now).await?;
    users::actions::set_in_organisation(tx, user_id, true).await
}

/// Writes a new coalition with its partners (ids, in order) and its steps or questions (Dutch, English).
pub async fn insert_coalition(
    tx: &mut Tx,
    coalition: &Coalition,
    partners: &[String],
    steps: &[(String, String)],
) -> Result<()> {
    if !store::found(tx, coalition).await? {
        return Err(Error::broken(format!("a coalition {} is there", coalition.slug)));
    }
    for (position, partner) in (1..).zip(partners) {
        store::add_coalition_partner(tx, &coalition.id, partner, position).await?;
    }
    for (position, (nl, en)) in (1..).zip(steps) {
        store::add_coalition_step(tx, &coalition.id, position, (nl, en), None).await?;
    }
    Ok(())
}

/// All organisations that own projects, by slug.
pub async fn makers(conn: &mut Conn) -> Result<Vec<Organisation>> {
    Ok(store::makers(conn).await?)
}
