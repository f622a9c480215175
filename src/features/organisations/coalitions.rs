//! Coalitions: founded by an organisation, joined by partners that it invites, with a chain of steps or with questions.

use crate::features::organisations::members::{locked_by_owner, require_owner, tell_owners};
use crate::features::organisations::registration::require_confirmed;
use crate::features::organisations::{
    Coalition, CoalitionKind, CoalitionPartner, MOST_STEPS, Organisation, PartnerState, Refusal, actions, slug_of,
    store,
};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, random};
use crate::values::Timestamp;
use crate::values::text::{folded, kvk_number, many_lines, one_line};

const LONGEST_TITLE: usize = 100;
const LONGEST_DESCRIPTION: usize = 1_000;
const LONGEST_STEP: usize = 200;

/// A step as typed: Dutch, English, and the slug of the organisation that does it (empty for a question).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftStep {
    pub text_nl: String,
    pub text_en: String,
    pub organisation: String,
}

/// What the founder fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub title: String,
    pub kind: CoalitionKind,
    pub description_nl: String,
    pub description_en: String,
    pub steps: Vec<DraftStep>,
}

impl Draft {
    /// Reads what was typed; a step without a Dutch text is left out.
    ///
    /// # Errors
    /// Everything that is wrong, each with its field.
    pub fn parse<'a>(typed: impl Fn(&str) -> &'a str) -> std::result::Result<Draft, Vec<Refusal>> {
        let mut wrong = Vec::new();
        let title = one_line(typed("title"), LONGEST_TITLE).filter(|title| !title.is_empty());
        wrong.extend(title.is_none().then_some(Refusal::TitleWrong));
        let kind = CoalitionKind::from_word(typed("kind"));
        wrong.extend(kind.is_none().then_some(Refusal::KindMissing));
        let description_nl = many_lines(typed("description_nl"), LONGEST_DESCRIPTION);
        wrong.extend(description_nl.is_none().then_some(Refusal::DescriptionNlTooLong));
        wrong.extend((description_nl.as_deref() == Some("")).then_some(Refusal::DescriptionMissing));
        let description_en = many_lines(typed("description_en"), LONGEST_DESCRIPTION);
        wrong.extend(description_en.is_none().then_some(Refusal::DescriptionEnTooLong));
        let mut steps = Vec::new();
        for number in 1..=MOST_STEPS {
            let part = |part: &str| one_line(typed(&format!("step_{number}_{part}")), LONGEST_STEP);
            match (part("nl"), part("en"), part("organisation")) {
                (Some(text_nl), Some(text_en), Some(organisation)) if !text_nl.is_empty() => {
                    steps.push(DraftStep { text_nl, text_en, organisation });
                }
                (Some(_), Some(_), Some(_)) => {}
                _ => wrong.push(Refusal::StepTooLong),
            }
        }
        wrong.extend(steps.is_empty().then_some(Refusal::StepsMissing));
        match (title, kind, description_nl, description_en) {
            (Some(title), Some(kind), Some(description_nl), Some(description_en)) if wrong.is_empty() => {
                Ok(Draft { title, kind, description_nl, description_en, steps })
            }
            _ => Err(wrong),
        }
    }
}

/// An owner of a confirmed organisation founds a coalition. Answers its slug.
///
/// # Errors
/// Not confirmed, a step of somebody else, or no owner.
pub async fn found(tx: &mut Tx, founder_id: &str, by: &str, draft: &Draft, now: Timestamp) -> Result<String> {
    locked_by_owner(tx, founder_id, by).await?;
    require_confirmed(tx, founder_id).await?;
    let mut coalition = Coalition {
        id: random::id("coa", now),
        slug: slug_of(&draft.title),
        title: draft.title.clone(),
        kind: draft.kind,
        description_nl: draft.description_nl.clone(),
        description_en: draft.description_en.clone(),
        founder_id: Some(founder_id.to_owned()),
        version: 1,
    };
    let mut number = 1;
    while !store::found(tx, &coalition).await? {
        number += 1;
        coalition.slug = format!("{}-{number}", slug_of(&draft.title));
    }
    write_steps(tx, &coalition, draft).await?;
    note(tx, &coalition.id, "", "founded", by, now).await?;
    Ok(coalition.slug)
}

/// An owner of the founder saves title, texts and steps. `version` is the coalition's when the form was opened.
///
/// # Errors
/// Changed meanwhile, a step of somebody who takes no part, or no owner of the founder.
pub async fn change(
    tx: &mut Tx,
    coalition_id: &str,
    by: &str,
    version: i64,
    draft: &Draft,
    now: Timestamp,
) -> Result<()> {
    let (coalition, _) = locked_by_founder(tx, coalition_id, by).await?;
    if coalition.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    store::change_coalition(tx, coalition_id, draft).await?;
    store::clear_steps(tx, coalition_id).await?;
    write_steps(tx, &coalition, draft).await?;
    note(tx, coalition_id, "founded", "changed", by, now).await
}

async fn write_steps(tx: &mut Tx, coalition: &Coalition, draft: &Draft) -> Result<()> {
    let members = members(tx, coalition).await?;
    for (position, step) in (1..).zip(&draft.steps) {
        let organisation_id = match step.organisation.as_str() {
            "" => None,
            slug => Some(members.iter().find(|member| member.slug == slug).ok_or(Refusal::StepOfNobody)?.id.clone()),
        };
        store::add_coalition_step(tx, &coalition.id, position, (&step.text_nl, &step.text_en), organisation_id).await?;
    }
    Ok(())
}

/// The founder and the partners that take part, in their order.
pub async fn members(conn: &mut Conn, coalition: &Coalition) -> Result<Vec<Organisation>> {
    let mut found = Vec::new();
    if let Some(founder) = &coalition.founder_id {
        found.push(actions::get(conn, founder).await?);
    }
    found.extend(actions::partners(conn, &coalition.id).await?);
    Ok(found)
}

/// The organisation that somebody means by its name, slug or number in the trade register, when it is confirmed.
///
/// # Errors
/// [`Refusal::PartnerUnknown`]: none, or several of that name.
pub async fn meant(conn: &mut Conn, typed: &str) -> Result<Organisation> {
    let wanted = folded(typed.trim());
    let number = kvk_number(typed).unwrap_or_default();
    let by_number = store::id_by_kvk(conn, &number).await?;
    let all = actions::all(conn).await?;
    let is_meant = |o: &&Organisation| {
        by_number.as_ref().map_or_else(|| folded(&o.name) == wanted || o.slug == wanted, |id| o.id == *id)
    };
    let mut meant = all.iter().filter(|organisation| organisation.is_confirmed()).filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(organisation), None) => Ok(organisation.clone()),
        _ => Err(Refusal::PartnerUnknown.into()),
    }
}

/// An owner of the founder invites an organisation; its owners are asked by mail.
///
/// # Errors
/// It takes part or was asked already; unknown; no owner of the founder.
pub async fn invite(tx: &mut Tx, coalition_id: &str, by: &str, partner_id: &str, now: Timestamp) -> Result<()> {
    let (coalition, founder_id) = locked_by_founder(tx, coalition_id, by).await?;
    require_confirmed(tx, &founder_id).await?;
    if partner_id == founder_id {
        return Err(Refusal::AlreadyPartner.into());
    }
    let from = match partner(tx, &coalition.id, partner_id).await? {
        None => {
            store::ask_partner(tx, &coalition.id, partner_id).await?;
            ""
        }
        Some(partner) if matches!(partner.state, PartnerState::Declined | PartnerState::Left) => {
            if !store::ask_partner_again(tx, &partner).await? {
                return Err(Refusal::AlreadyPartner.into());
            }
            partner.state.as_str()
        }
        Some(_) => return Err(Refusal::AlreadyPartner.into()),
    };
    let asked = partner(tx, &coalition.id, partner_id).await?.ok_or(Refusal::NoPartner)?;
    note_partner(tx, &asked, from, PartnerState::Invited, by, now).await?;
    tell_owners(tx, partner_id, "coalition_invited", &cause(&asked), now).await
}

/// An owner of an invited organisation answers. The founder's owners are told.
///
/// # Errors
/// Not invited (any more), not confirmed, or no owner.
pub async fn answer(
    tx: &mut Tx,
    coalition_id: &str,
    organisation_id: &str,
    by: &str,
    joins: bool,
    now: Timestamp,
) -> Result<()> {
    let coalition = locked(tx, coalition_id).await?;
    require_owner(tx, organisation_id, by).await?;
    if joins {
        require_confirmed(tx, organisation_id).await?;
    }
    let asked = partner(tx, &coalition.id, organisation_id).await?.ok_or(Refusal::NotInvited)?;
    let to = if joins { PartnerState::Member } else { PartnerState::Declined };
    if asked.state != PartnerState::Invited || !move_partner(tx, &asked, to, by, now).await? {
        return Err(Refusal::NotInvited.into());
    }
    let kind = if joins { "coalition_joined" } else { "coalition_declined" };
    match &coalition.founder_id {
        Some(founder) => tell_owners(tx, founder, kind, &cause(&asked), now).await,
        None => Ok(()),
    }
}

/// A partner leaves, or the founder lets it go (an invitation too). The owners of both are told; its steps are nobody's then.
///
/// # Errors
/// It takes no part, or an owner of neither.
pub async fn end(tx: &mut Tx, coalition_id: &str, organisation_id: &str, by: &str, now: Timestamp) -> Result<()> {
    let coalition = locked(tx, coalition_id).await?;
    let founder_id = coalition.founder_id.clone().unwrap_or_default();
    if require_owner(tx, organisation_id, by).await.is_err() {
        require_owner(tx, &founder_id, by).await?;
    }
    let leaving = partner(tx, &coalition.id, organisation_id).await?.ok_or(Refusal::NoPartner)?;
    if !matches!(leaving.state, PartnerState::Invited | PartnerState::Member)
        || !move_partner(tx, &leaving, PartnerState::Left, by, now).await?
    {
        return Err(Refusal::NoPartner.into());
    }
    store::free_steps(tx, &coalition.id, organisation_id).await?;
    for id in [organisation_id, &founder_id] {
        tell_owners(tx, id, "coalition_left", &cause(&leaving), now).await?;
    }
    Ok(())
}

/// All organisations that were ever asked, in their order.
pub async fn partners(conn: &mut Conn, coalition_id: &str) -> Result<Vec<CoalitionPartner>> {
    Ok(store::coalition_partners(conn, coalition_id).await?)
}

/// How an organisation stands in a coalition that it did not found.
pub async fn partner(conn: &mut Conn, coalition_id: &str, organisation_id: &str) -> Result<Option<CoalitionPartner>> {
    Ok(store::coalition_partner(conn, coalition_id, organisation_id).await?)
}

/// The coalitions an organisation founded, takes part in or is invited to, by title.
pub async fn of_organisation(conn: &mut Conn, organisation_id: &str) -> Result<Vec<(Coalition, Option<PartnerState>)>> {
    let mut found = Vec::new();
    for coalition in store::all_coalitions_of(conn, organisation_id).await? {
        let state = partner(conn, &coalition.id, organisation_id).await?.map(|partner| partner.state);
        found.push((coalition, state));
    }
    Ok(found)
}

async fn locked(tx: &mut Tx, coalition_id: &str) -> Result<Coalition> {
    store::lock_coalition(tx, coalition_id).await?;
    actions::coalition(tx, coalition_id).await
}

async fn locked_by_founder(tx: &mut Tx, coalition_id: &str, by: &str) -> Result<(Coalition, String)> {
    let coalition = locked(tx, coalition_id).await?;
    let founder_id = coalition.founder_id.clone().ok_or(Refusal::NotOwner)?;
    require_owner(tx, &founder_id, by).await?;
    Ok((coalition, founder_id))
}

async fn move_partner(
    tx: &mut Tx,
    partner: &CoalitionPartner,
    to: PartnerState,
    by: &str,
    now: Timestamp,
) -> Result<bool> {
    if !store::move_partner(tx, partner, to).await? {
        return Ok(false);
    }
    note_partner(tx, partner, partner.state.as_str(), to, by, now).await?;
    Ok(true)
}

/// Names a letter: coalition, organisation, and which invitation of it.
fn cause(partner: &CoalitionPartner) -> String {
    format!("{}/{}/{}", partner.coalition_id, partner.organisation_id, partner.asked)
}

async fn note_partner(
    tx: &mut Tx,
    partner: &CoalitionPartner,
    from: &str,
    to: PartnerState,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let subject_id = format!("{}/{}", partner.coalition_id, partner.organisation_id);
    let (subject, to) = ("coalition_partner", to.as_str());
    let entry = history::Entry { subject, subject_id: &subject_id, from, to, actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

async fn note(tx: &mut Tx, id: &str, from: &str, to: &str, actor: &str, now: Timestamp) -> Result<()> {
    let entry = history::Entry { subject: "coalition", subject_id: id, from, to, actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}
