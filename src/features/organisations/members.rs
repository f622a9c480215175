//! The members of an organisation: invited by an owner with a link that works once, with a role that owners change.

use crate::features::organisations::{
    Colleague, INVITATION_DAYS, Invitation, InvitationState, MemberRole, Organisation, OrganisationState, Refusal,
    actions, store,
};
use crate::features::users::{self, User};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::letters::{self, Letter};
use crate::infra::{history, random};
use crate::values::text::Email;
use crate::values::{Lang, Timestamp};

/// How many invitations of one organisation can be open at once, and how many it can send in a day.
const MOST_INVITATIONS: i64 = 20;

/// The members of an organisation, owners first.
pub async fn of_organisation(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Colleague>> {
    let mut members = store::colleagues(conn, organisation_id).await?;
    members.sort_by_key(|member| (member.role, member.created_at));
    Ok(members)
}

/// The invitations of an organisation that can still be accepted, or were until their days were over.
pub async fn invitations(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Invitation>> {
    Ok(store::open_invitations(conn, organisation_id).await?)
}

/// An owner invites an address; an earlier invitation of it ends. The link goes there by mail.
///
/// # Errors
/// No address, a member already, too many, or no owner.
pub async fn invite(
    tx: &mut Tx,
    organisation_id: &str,
    by: &str,
    (email, role): (&str, MemberRole),
    lang: Lang,
    now: Timestamp,
) -> Result<()> {
    let email = Email::parse(email).ok_or(Refusal::EmailWrong)?;
    let organisation = locked_by_owner(tx, organisation_id, by).await?;
    if organisation.state == OrganisationState::Withdrawn {
        return Err(Refusal::WrongState.into());
    }
    let user = users::actions::known_or_new(tx, &email, lang, now).await?;
    if actions::member_role(tx, organisation_id, &user.id).await?.is_some() {
        return Err(Refusal::AlreadyMember.into());
    }
    if let Some(open) = store::open_invitation(tx, organisation_id, &user.email).await? {
        decide(tx, &open, InvitationState::Withdrawn, by, now).await?;
    }
    if store::invitations_since(tx, organisation_id, now.plus_days(-1)).await? >= MOST_INVITATIONS {
        return Err(Refusal::TooManyInvitations.into());
    }
    let token = random::secret();
    let invitation = Invitation {
        id: random::id("inv", now),
        organisation_id: organisation_id.to_owned(),
        email: user.email.clone(),
        role,
        state: InvitationState::Open,
        invited_by: by.to_owned(),
        created_at: now,
        expires_at: now.plus_days(INVITATION_DAYS),
    };
    store::insert_invitation(tx, &invitation, &random::hash(&token)).await?;
    note_invitation(tx, &invitation.id, "", InvitationState::Open, by, now).await?;
    let letter = Letter {
        kind: "invitation",
        cause_id: &invitation.id,
        user_id: &user.id,
        language: user.language,
        due: now,
        secret: &token,
    };
    Ok(letters::queue(tx, now, letter).await?)
}

/// The invitation with this id; letters are about one.
pub async fn invitation(conn: &mut Conn, id: &str) -> Result<Option<Invitation>> {
    Ok(store::invitation(conn, id).await?)
}

/// The invitation behind a link, when it can still be accepted.
///
/// # Errors
/// [`Refusal::InvitationOver`]: used, taken back, too old, or never there; [`Refusal::InvitationOther`]: for another address.
pub async fn behind(conn: &mut Conn, token: &str, user: &User, now: Timestamp) -> Result<Invitation> {
    let found = store::invitation_by_hash(conn, &random::hash(token)).await?;
    let found = found.filter(|invitation| invitation.can_be_accepted(now)).ok_or(Refusal::InvitationOver)?;
    if found.email == user.email { Ok(found) } else { Err(Refusal::InvitationOther.into()) }
}

/// Who was invited joins. The owners are told.
///
/// # Errors
/// As [`behind`].
pub async fn accept(tx: &mut Tx, token: &str, user: &User, now: Timestamp) -> Result<Organisation> {
    let (invitation, organisation) = taken(tx, token, user, now).await?;
    decide(tx, &invitation, InvitationState::Accepted, &user.id, now).await?;
    tell_owners(tx, &organisation.id, "member_joined", &invitation.id, now).await?;
    actions::add_member(tx, &organisation.id, &user.id, invitation.role, now).await?;
    note(tx, &organisation.id, &user.id, "", invitation.role.as_str(), &invitation.invited_by, now).await?;
    Ok(organisation)
}

/// Who was invited does not want to.
///
/// # Errors
/// As [`behind`].
pub async fn decline(tx: &mut Tx, token: &str, user: &User, now: Timestamp) -> Result<()> {
    let (invitation, _) = taken(tx, token, user, now).await?;
    decide(tx, &invitation, InvitationState::Declined, &user.id, now).await
}

/// The invitation behind a link and its organisation, which is locked.
async fn taken(tx: &mut Tx, token: &str, user: &User, now: Timestamp) -> Result<(Invitation, Organisation)> {
    let organisation_id = behind(tx, token, user, now).await?.organisation_id;
    store::lock(tx, &organisation_id).await?;
    // once more under the lock: it may have been taken back meanwhile
    let invitation = behind(tx, token, user, now).await?;
    let organisation = actions::get(tx, &organisation_id).await?;
    if organisation.state == OrganisationState::Withdrawn {
        return Err(Refusal::InvitationOver.into());
    }
    Ok((invitation, organisation))
}

/// An owner takes an invitation back.
///
/// # Errors
/// It is decided, or no owner.
pub async fn take_back(
    tx: &mut Tx,
    organisation_id: &str,
    by: &str,
    invitation_id: &str,
    now: Timestamp,
) -> Result<()> {
    locked_by_owner(tx, organisation_id, by).await?;
    let invitation = store::invitation(tx, invitation_id).await?;
    let open = |i: &Invitation| i.organisation_id == organisation_id && i.state == InvitationState::Open;
    let invitation = invitation.filter(open).ok_or(Refusal::InvitationOver)?;
    decide(tx, &invitation, InvitationState::Withdrawn, by, now).await
}

/// An owner gives a member another role. The member is told.
///
/// # Errors
/// The last owner stays one; no member; no owner.
pub async fn set_role(
    tx: &mut Tx,
    organisation_id: &str,
    by: &str,
    (user_id, role): (&str, MemberRole),
    now: Timestamp,
) -> Result<()> {
    locked_by_owner(tx, organisation_id, by).await?;
    let old = actions::member_role(tx, organisation_id, user_id).await?.ok_or(Refusal::NoMember)?;
    if old == role {
        return Ok(());
    }
    keep_an_owner(tx, organisation_id, old).await?;
    if !store::set_role(tx, organisation_id, user_id, old, role).await? {
        return Err(Refusal::NoMember.into());
    }
    note(tx, organisation_id, user_id, old.as_str(), role.as_str(), by, now).await?;
    tell(tx, organisation_id, user_id, "member_role", now).await
}

/// An owner ends a membership, or a member his own. The member is told.
///
/// # Errors
/// The last owner stays; no member; no owner.
pub async fn remove(tx: &mut Tx, organisation_id: &str, by: &str, user_id: &str, now: Timestamp) -> Result<()> {
    if by == user_id {
        store::lock(tx, organisation_id).await?;
    } else {
        locked_by_owner(tx, organisation_id, by).await?;
    }
    let old = actions::member_role(tx, organisation_id, user_id).await?.ok_or(Refusal::NoMember)?;
    keep_an_owner(tx, organisation_id, old).await?;
    store::remove_member(tx, organisation_id, user_id).await?;
    let is_in = !actions::of_user(tx, user_id).await?.is_empty();
    users::actions::set_in_organisation(tx, user_id, is_in).await?;
    note(tx, organisation_id, user_id, old.as_str(), "removed", by, now).await?;
    tell(tx, organisation_id, user_id, "member_removed", now).await
}

async fn keep_an_owner(conn: &mut Conn, organisation_id: &str, old: MemberRole) -> Result<()> {
    if old == MemberRole::Owner && store::owners(conn, organisation_id).await?.len() < 2 {
        return Err(Refusal::LastOwner.into());
    }
    Ok(())
}

/// The organisation, locked, when this user owns it at this moment.
///
/// # Errors
/// [`Refusal::NotOwner`].
pub(super) async fn locked_by_owner(tx: &mut Tx, organisation_id: &str, user_id: &str) -> Result<Organisation> {
    store::lock(tx, organisation_id).await?;
    require_owner(tx, organisation_id, user_id).await?;
    actions::get(tx, organisation_id).await
}

/// Refuses whoever does not own the organisation at this moment.
///
/// # Errors
/// [`Refusal::NotOwner`].
pub async fn require_owner(conn: &mut Conn, organisation_id: &str, user_id: &str) -> Result<()> {
    match actions::member_role(conn, organisation_id, user_id).await? {
        Some(MemberRole::Owner) => Ok(()),
        _ => Err(Refusal::NotOwner.into()),
    }
}

async fn decide(tx: &mut Tx, invitation: &Invitation, to: InvitationState, by: &str, now: Timestamp) -> Result<()> {
    if !store::decide_invitation(tx, &invitation.id, to, now).await? {
        return Err(Refusal::InvitationOver.into());
    }
    note_invitation(tx, &invitation.id, invitation.state.as_str(), to, by, now).await
}

async fn note_invitation(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: InvitationState,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "invitation", subject_id: id, from, to: to.as_str(), actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

/// Which role somebody had and has; the subject is the membership: organisation, slash, user.
pub(super) async fn note(
    tx: &mut Tx,
    organisation_id: &str,
    user_id: &str,
    from: &str,
    to: &str,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let subject_id = format!("{organisation_id}/{user_id}");
    let entry = history::Entry { subject: "member", subject_id: &subject_id, from, to, actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

/// A letter to one person about his place in an organisation; the moment makes its cause one of its own.
async fn tell(tx: &mut Tx, organisation_id: &str, user_id: &str, kind: &'static str, now: Timestamp) -> Result<()> {
    let cause = format!("{organisation_id}/{}", now.millis());
    Ok(letters::queue_many(tx, now, kind, &cause, &[user_id.to_owned()]).await?)
}

/// The same letter for every owner of an organisation, in each one's language.
pub async fn tell_owners(
    tx: &mut Tx,
    organisation_id: &str,
    kind: &'static str,
    cause_id: &str,
    now: Timestamp,
) -> Result<()> {
    let owners = actions::owners(tx, organisation_id).await?;
    Ok(letters::queue_many(tx, now, kind, cause_id, &owners).await?)
}
