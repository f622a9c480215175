//! Lists that somebody kept under a name.

use crate::features::desk::{Refusal, View, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::random;
use crate::values::Timestamp;
use crate::values::text::one_line;

/// The most views of one list that somebody has.
pub const MOST: i64 = 20;
/// Letters of a name.
pub const LONGEST_NAME: usize = 60;

/// A user's views of a list, by name.
pub async fn of(conn: &mut Conn, user_id: &str, list: &str) -> Result<Vec<View>> {
    Ok(store::views(conn, user_id, list).await?)
}

/// Keeps a list as it is shown. Answers the view's id.
///
/// # Errors
/// A [`Refusal`].
pub async fn keep(tx: &mut Tx, user_id: &str, list: &str, name: &str, query: &str, now: Timestamp) -> Result<String> {
    let name = checked(name)?;
    // two browsers of one person at once: the second sees what the first kept
    store::lock_owner(tx, user_id).await?;
    if store::count_views(tx, user_id, list).await? >= MOST {
        return Err(Refusal::TooManyViews.into());
    }
    let id = random::id("viw", now);
    if !store::insert_view(tx, &id, (user_id, list), &name, query, now).await? {
        return Err(Refusal::NameTaken.into());
    }
    Ok(id)
}

/// Gives a view of one's own another name. Answers the list it is of; nothing when there is no such view.
///
/// # Errors
/// A [`Refusal`].
pub async fn rename(tx: &mut Tx, user_id: &str, id: &str, name: &str) -> Result<Option<View>> {
    let name = checked(name)?;
    store::lock_owner(tx, user_id).await?;
    let Some(view) = store::view(tx, user_id, id).await? else { return Ok(None) };
    if store::views(tx, user_id, &view.list).await?.iter().any(|other| other.name == name && other.id != id) {
        return Err(Refusal::NameTaken.into());
    }
    store::rename_view(tx, user_id, id, &name).await?;
    Ok(Some(view))
}

/// Removes a view of one's own. Answers what it was; nothing when there is no such view.
pub async fn remove(tx: &mut Tx, user_id: &str, id: &str) -> Result<Option<View>> {
    let view = store::view(tx, user_id, id).await?;
    store::remove_view(tx, user_id, id).await?;
    Ok(view)
}

/// A view of one's own.
pub async fn find(conn: &mut Conn, user_id: &str, id: &str) -> Result<Option<View>> {
    Ok(store::view(conn, user_id, id).await?)
}

fn checked(typed: &str) -> std::result::Result<String, Refusal> {
    match one_line(typed, LONGEST_NAME) {
        Some(name) if name.is_empty() => Err(Refusal::NameMissing),
        Some(name) => Ok(name),
        None => Err(Refusal::NameTooLong),
    }
}
