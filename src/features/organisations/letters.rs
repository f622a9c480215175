//! The letters about organisations: to who is invited, to members about their place, to owners about registration and coalitions.

use crate::features::organisations::{Organisation, OrganisationState, actions, members};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here.
pub const KINDS: [&str; 10] = [
    "organisation_confirmed",
    "organisation_returned",
    "invitation",
    "member_joined",
    "member_role",
    "member_removed",
    "coalition_invited",
    "coalition_joined",
    "coalition_declined",
    "coalition_left",
];

/// Writes one letter. Nothing when what it would say is no longer true.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    match letter.kind.as_str() {
        "invitation" => invitation(s, conn, letter).await,
        "member_joined" => joined(s, conn, letter).await,
        "member_role" | "member_removed" => place(s, conn, letter).await,
        "organisation_confirmed" | "organisation_returned" => registration(s, conn, letter).await,
        _ => coalition(s, conn, letter).await,
    }
}

/// A letter of this kind with its subject and first words, which may name the organisation, a role and another name.
fn begun(letter: &Due, organisation: &Organisation, role: &str, title: &str) -> Writing {
    let lang = letter.language;
    let role = if role.is_empty() { String::new() } else { texts::text(lang, &format!("member-role-{role}")) };
    let args = [("organisation", organisation.name.clone()), ("role", role), ("title", title.to_owned())];
    let kind = letter.kind.replace('_', "-");
    let say = |part: &str| texts::text_with(lang, &format!("letter-{kind}-{part}"), &args);
    let why = texts::text_with(lang, "organisation-letter-why", &args);
    Writing::new(lang, Stream::Money, say("subject")).say(say("text")).why(why)
}

/// A letter with a button to the organisation's page for its members.
fn with_page(s: &Services, letter: &Due, writing: Writing, organisation: &Organisation) -> Result<Option<Draft>> {
    let lang = letter.language;
    let url = s.url(&format!("/{lang}/studio/organisations/{}", organisation.slug));
    writing.button(texts::text(lang, "organisation-letter-open"), url).draft(s).map(Some)
}

async fn invitation(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let Some(invitation) = members::invitation(conn, &letter.cause_id).await? else { return Ok(None) };
    if letter.secret.is_empty() || !invitation.can_be_accepted(s.clock.now()) {
        return Ok(None);
    }
    let lang = letter.language;
    let organisation = actions::get(conn, &invitation.organisation_id).await?;
    let until = texts::text_with(
        lang,
        "letter-invitation-until",
        &[("moment", invitation.expires_at.show_moment(lang)), ("email", invitation.email.clone())],
    );
    let url = s.url(&format!("/{lang}/studio/invitations/{}", letter.secret));
    begun(letter, &organisation, invitation.role.as_str(), "")
        .button(texts::text(lang, "letter-invitation-button"), url)
        .say(until)
        .draft(s)
        .map(Some)
}

async fn joined(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let Some(invitation) = members::invitation(conn, &letter.cause_id).await? else { return Ok(None) };
    let organisation = actions::get(conn, &invitation.organisation_id).await?;
    let writing = begun(letter, &organisation, invitation.role.as_str(), &invitation.email);
    with_page(s, letter, writing, &organisation)
}

/// About the receiver's own place: the role he has now, or that he has none.
async fn place(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let organisation = actions::get(conn, first(letter)?).await?;
    match (letter.kind.as_str(), actions::member_role(conn, &organisation.id, &letter.user_id).await?) {
        ("member_role", Some(role)) => {
            with_page(s, letter, begun(letter, &organisation, role.as_str(), ""), &organisation)
        }
        ("member_removed", None) => begun(letter, &organisation, "", "").draft(s).map(Some),
        _ => Ok(None),
    }
}

async fn registration(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let organisation = actions::get(conn, first(letter)?).await?;
    let mut writing = begun(letter, &organisation, "", "");
    if letter.kind == "organisation_returned" {
        if organisation.state != OrganisationState::Returned {
            return Ok(None);
        }
        let name = texts::text(letter.language, "organisation-question");
        writing = writing.facts(vec![(name, organisation.question.clone())]);
    }
    with_page(s, letter, writing, &organisation)
}

/// About a partner of a coalition; its cause is coalition, organisation and which invitation.
async fn coalition(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let mut parts = letter.cause_id.split('/');
    let (Some(coalition_id), Some(organisation_id)) = (parts.next(), parts.next()) else {
        return Err(Error::broken(format!("a letter about {}", letter.cause_id)));
    };
    let lang = letter.language;
    let coalition = actions::coalition(conn, coalition_id).await?;
    let partner = actions::get(conn, organisation_id).await?;
    // the receiver opens the page of the side on which he stands
    let is_partner = actions::member_role(conn, &partner.id, &letter.user_id).await?.is_some();
    let side = match &coalition.founder_id {
        Some(founder) if !is_partner => actions::get(conn, founder).await?,
        _ => partner.clone(),
    };
    let path = format!("/{lang}/studio/organisations/{}/coalitions/{}", side.slug, coalition.slug);
    begun(letter, &partner, "", &coalition.title)
        .button(texts::text(lang, "coalition-letter-open"), s.url(&path))
        .draft(s)
        .map(Some)
}

fn first(letter: &Due) -> Result<&str> {
    letter.cause_id.split('/').next().ok_or_else(|| Error::broken("a letter about nothing"))
}
