//! What can be done with organisations.

use crate::features::organisations::{Member, MemberRole, Organisation, store};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};

/// The organisation with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Organisation> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no organisation {id}")))
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
