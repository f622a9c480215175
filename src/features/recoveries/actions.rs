//! Proposing, approving and taking back a recovery.

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::recoveries::{RECOVER, Refusal};
use crate::features::users::{self, User, factor, passkeys};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::Timestamp;

/// All that would go: whose factors, and which.
async fn content(conn: &mut Conn, user: &User) -> Result<String> {
    let factors = factor::of_user(conn, &user.id).await?;
    let mut content = format!("{} {}\n", user.id, user.email);
    if factors.app {
        content.push_str("app\n");
    }
    for key in passkeys::of_user(conn, &user.id).await? {
        content.push_str(&format!("{}\n", key.id));
    }
    Ok(content)
}

/// The hash that the page shows and the approval names.
pub async fn hash(conn: &mut Conn, user: &User) -> Result<String> {
    Ok(approvals::actions::hash(RECOVER, &user.id, &content(conn, user).await?))
}

/// The person, when somebody else may recover them.
async fn other(conn: &mut Conn, by: Decider<'_>, user_id: &str) -> Result<User> {
    let user = users::actions::by_id(conn, user_id).await?.ok_or(Refusal::NoSuchUser)?;
    if user.id == by.user_id {
        return Err(Refusal::Own.into());
    }
    let is_staff = !users::actions::roles(conn, user_id).await?.is_empty();
    if !is_staff && !factor::of_user(conn, user_id).await?.any() {
        return Err(Refusal::NothingToRemove.into());
    }
    Ok(user)
}

/// An admin proposes to remove what somebody lost.
///
/// # Errors
/// A [`Refusal`], or one of `approvals`.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, user_id: &str, reason: &str, now: Timestamp) -> Result<Proposal> {
    let user = other(tx, by, user_id).await?;
    let content = content(tx, &user).await?;
    approvals::actions::propose(tx, by, Asked { kind: RECOVER, subject_id: user_id, content: &content, reason }, now)
        .await
}

/// Another admin approves, and it is done.
///
/// # Errors
/// A [`Refusal`], or one of `approvals`.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, user_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let user = other(tx, by, user_id).await?;
    let content = content(tx, &user).await?;
    let approved = approvals::actions::approve(tx, by, (RECOVER, user_id), hash, &content, now).await?;
    let mut names = Vec::new();
    for id in [approved.proposed_by.as_str(), by.user_id] {
        if let Some(admin) = users::actions::by_id(tx, id).await? {
            names.push(if admin.name.is_empty() { admin.email } else { admin.name });
        }
    }
    users::actions::recover(tx, &user, &names.join(", "), by.user_id, &approved.reason, now).await
}

/// An admin takes the proposal back.
///
/// # Errors
/// As [`approvals::actions::withdraw`].
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, user_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    approvals::actions::withdraw(tx, by, (RECOVER, user_id), reason, now).await
}

/// The proposal that waits for a second admin.
pub async fn open(conn: &mut Conn, user_id: &str, now: Timestamp) -> Result<Option<Proposal>> {
    approvals::actions::open_of(conn, RECOVER, user_id, now).await
}
