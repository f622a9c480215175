//! What is known of a person here, what is left of them when they are erased, and what is past its time.
//!
//! Whoever is erased keeps the row and the id, because the books name people by id; name and address are gone from it, and nobody signs in
//! with it any more. The address is free: whoever registers with it is somebody new.

use crate::features::users::store::personal as rows;
use crate::features::users::{User, actions, events, passkeys, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// What the address of an erased person begins with. No address of mail does.
const ERASED: &str = "erased:";

/// Whether this address stands for somebody who was erased, to whom nothing is sent.
pub fn is_erased(email: &str) -> bool {
    email.starts_with(ERASED)
}

/// All that is known of a person here.
pub async fn given(conn: &mut Conn, user: &User) -> Result<Vec<Part>> {
    let id = user.id.as_str();
    let (created_at, signed_in_at) = rows::dates(conn, id).await?;
    let account = Record::new()
        .text("email", &user.email)
        .text("name", &user.name)
        .text("language", user.language.code())
        .moment("created_at", created_at)
        .moment("signed_in_at", signed_in_at.parse::<Timestamp>().ok());
    let roles = rows::roles(conn, id).await?.into_iter();
    let roles =
        roles.map(|(role, at)| Record::new().word("role", role.as_str(), "staff-role").moment("granted_at", at));
    let sessions = store::sessions(conn, id).await?.into_iter().map(|session| {
        Record::new()
            .text("device", session.device)
            .moment("created_at", session.created_at)
            .moment("seen_at", session.seen_at)
            .moment("expires_at", session.expires_at)
            .word("factor", session.factor.as_str(), "data-factor")
    });
    let devices = rows::devices(conn, id).await?.into_iter().map(|(at,)| Record::new().moment("seen_at", at));
    let keys = passkeys::of_user(conn, id).await?.into_iter().map(|key| {
        Record::new().text("name", key.name).moment("created_at", key.created_at).moment("used_at", key.used_at)
    });
    let apps = rows::apps(conn, id).await?.into_iter().map(|(at,)| Record::new().moment("confirmed_at", at));
    let happened = rows::events(conn, id).await?.into_iter().map(|event: events::Event| {
        Record::new()
            .word("kind", event.kind.as_str(), "data-event")
            .text("detail", event.detail)
            .moment("at", event.at)
    });
    let addresses = rows::addresses(conn, id).await?.into_iter().map(|change| {
        Record::new()
            .text("old_email", change.old_email)
            .text("new_email", change.new_email)
            .word("state", change.state.as_str(), "data-address")
            .moment("asked_at", change.asked_at)
            .moment("changed_at", change.changed_at)
    });
    Ok(vec![
        Part::of("account", [account]),
        Part::of("staff_roles", roles),
        Part::of("sessions", sessions),
        Part::of("known_browsers", devices),
        Part::of("passkeys", keys),
        Part::of("authenticator_apps", apps),
        Part::of("security_events", happened),
        Part::of("address_changes", addresses),
    ])
}

/// Takes a person's name and address away, and all with which they sign in. Answers the address they had; nothing when they were erased
/// already.
pub async fn forget(tx: &mut Tx, user_id: &str, now: Timestamp) -> Result<Option<String>> {
    store::lock(tx, user_id).await?;
    let Some(user) = store::by_id(tx, user_id).await? else { return Ok(None) };
    if !rows::erase(tx, user_id, &format!("{ERASED}{user_id}"), now).await? {
        return Ok(None);
    }
    rows::forget(tx, user_id, &user.email).await?;
    Ok(Some(user.email))
}

/// What ended is forgotten a day after; see [`actions::forget_ended`].
pub async fn remove_old_sign_ins(tx: &mut Tx, before: Timestamp) -> Result<()> {
    actions::forget_ended(tx, before).await
}

/// Forgets browsers that were not used to sign in since a moment.
pub async fn remove_old_devices(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    Ok(rows::remove_devices(tx, before).await?)
}

/// Removes some events from before a moment; how many.
pub async fn remove_old_events(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::remove_events(tx, before, limit).await?)
}

/// Removes some changes of address from before a moment; how many.
pub async fn remove_old_addresses(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::remove_addresses(tx, before, limit).await?)
}

/// Holds a person's row until the transaction ends.
pub async fn lock(tx: &mut Tx, user_id: &str) -> Result<()> {
    Ok(store::lock(tx, user_id).await?)
}
