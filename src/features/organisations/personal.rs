//! What an organisation knows of a person: the place in it, and invitations to an address.

use crate::features::organisations::store::personal as rows;
use crate::features::organisations::{MemberRole, Organisation, OrganisationState, Refusal, actions, members, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// A person's places in organisations and the invitations to their address.
pub async fn given(conn: &mut Conn, user_id: &str, email: &str) -> Result<Vec<Part>> {
    let places = rows::memberships(conn, user_id).await?.into_iter().map(|(name, role, since)| {
        Record::new().text("organisation", name).word("role", role.as_str(), "member-role").moment("created_at", since)
    });
    let invitations = rows::invitations(conn, email).await?.into_iter().map(|(name, role, at, until)| {
        Record::new()
            .text("organisation", name)
            .word("role", role.as_str(), "member-role")
            .moment("created_at", at)
            .moment("expires_at", until)
    });
    Ok(vec![Part::of("memberships", places), Part::of("invitations", invitations)])
}

/// The names of the organisations that nobody else owns: somebody else must own them before this person can leave.
pub async fn owned_alone(conn: &mut Conn, user_id: &str) -> Result<Vec<String>> {
    let mut alone = Vec::new();
    for (organisation, role) in actions::of_user(conn, user_id).await? {
        if is_last(conn, &organisation, role).await? {
            alone.push(organisation.name);
        }
    }
    Ok(alone)
}

/// Whether nobody else owns an organisation that is still there.
async fn is_last(conn: &mut Conn, organisation: &Organisation, role: MemberRole) -> Result<bool> {
    let needs_owner = role == MemberRole::Owner && organisation.state != OrganisationState::Withdrawn;
    Ok(needs_owner && store::owners(conn, &organisation.id).await?.len() < 2)
}

/// Ends a person's places and removes what was sent to their address. The organisations are locked first.
///
/// # Errors
/// [`Refusal::LastOwner`]: the others left meanwhile.
pub async fn forget(tx: &mut Tx, user_id: &str, email: &str, now: Timestamp) -> Result<()> {
    for (organisation, _) in actions::of_user(tx, user_id).await? {
        store::lock(tx, &organisation.id).await?;
        if let Some(role) = actions::member_role(tx, &organisation.id, user_id).await? {
            if is_last(tx, &organisation, role).await? {
                return Err(Refusal::LastOwner.into());
            }
            store::remove_member(tx, &organisation.id, user_id).await?;
            members::note(tx, &organisation.id, user_id, role.as_str(), "removed", user_id, now).await?;
        }
    }
    Ok(rows::remove_invitations_to(tx, email).await?)
}

/// Removes some invitations whose time ended before a moment, whatever was answered; how many.
pub async fn remove_old_invitations(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::remove_old_invitations(tx, before, limit).await?)
}
