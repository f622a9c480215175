//! The demo: what an empty database is filled with, so that the first visitor sees a site in use.
//!
//! [`load_nouns`] writes everything but money: people, organisations, rounds, projects, updates, outcomes. Moments that
//! should look recent are counted from the clock, so the demo's round always sells.

mod content;
mod credit;
pub mod drawings;
mod fund;
pub mod large;
mod large_waves;
pub mod money;
mod plans;
mod projects;
mod valuations;

use std::collections::HashMap;

use crate::features::organisations::actions as organisations;
use crate::features::organisations::{
    Coalition, CoalitionKind, Legal, MemberRole, Organisation, OrganisationKind, OrganisationState,
};
use crate::features::outcomes::{Direction, Family, Indicator, Shape, actions as outcomes};
use crate::features::projects::{Project, Term, TermKind};
use crate::features::rounds::{LATE_DAYS, RemainderRule, Round, RoundState, actions as rounds};
use crate::features::users::{StaffRole, User, actions as users, factor};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::random;
use crate::values::text::Email;
use crate::values::{Cents, Lang, Timestamp};

/// The smallest pledge of a demo round: 5 euros.
const MINIMUM: Cents = Cents(500);
/// A round closes at five in the afternoon.
const CLOSING_HOUR_SECONDS: i64 = 17 * 3_600;

const STAFF: [(&str, &str, StaffRole); 7] = [
    ("reviewer", "Noor Verhoeven", StaffRole::Reviewer),
    ("expert1", "Ilse Brandsma", StaffRole::Expert),
    ("expert2", "Ruben Dekkers", StaffRole::Expert),
    ("treasurer1", "Amina el Idrissi", StaffRole::Treasurer),
    ("treasurer2", "Bas Terlouw", StaffRole::Treasurer),
    ("admin", "Saskia van Rijn", StaffRole::Admin),
    ("admin2", "Joost Hendriks", StaffRole::Admin),
];

/// The secret of everybody's authenticator app in the demo, in base 32, so that the second factor can be tried.
pub const APP_SECRET: &str = "DREMPELDEMODREMPELDEMODREMPELDEM";

/// What was loaded, for the part of the demo that moves money.
pub struct Loaded {
    /// By number.
    pub rounds: HashMap<i64, Round>,
    /// By slug.
    pub projects: HashMap<String, Project>,
}

/// In which state the demo's closed rounds are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// As the content tells: settled, without money behind it.
    AsTold,
    /// Still selling, for [`money::load`] to fill and close as staff would.
    StillSelling,
}

/// Whether nothing was ever loaded or made here.
pub async fn is_empty(conn: &mut Conn) -> Result<bool> {
    Ok(rounds::all(conn).await?.is_empty())
}

/// Writes everything of the demo but money.
///
/// # Errors
/// The database, or a slip in the content.
pub async fn load_nouns(tx: &mut Tx, now: Timestamp, closed: Closed) -> Result<Loaded> {
    let content = content::read()?;
    let mut reviewer = None;
    for (email, name, role) in STAFF {
        let user = person(tx, &format!("{email}@drempel.example"), name, now).await?;
        users::grant(tx, &user.id, role, now).await?;
        factor::connect_known(tx, &user.id, APP_SECRET, now).await?;
        reviewer = reviewer.or((role == StaffRole::Reviewer).then_some(user.id));
    }
    if let Some(reviewer) = reviewer {
        credit::load(tx, &reviewer, now).await?;
    }
    let terms = load_terms(tx, &content).await?;
    let makers = load_organisations(tx, &content, now).await?;
    let coalitions = load_coalitions(tx, &content, &makers, now).await?;
    let rounds = load_rounds(tx, &content, now, closed).await?;
    load_indicators(tx, &content).await?;
    let known = projects::Known { terms, makers, coalitions, rounds, closed };
    let projects = projects::load(tx, &content, &known, now).await?;
    plans::load(tx, &content, &known, &projects, now).await?;
    valuations::load(tx, &projects, now).await?;
    Ok(Loaded { rounds: known.rounds, projects })
}

async fn person(tx: &mut Tx, email: &str, name: &str, now: Timestamp) -> Result<User> {
    let email = Email::parse(email).ok_or_else(|| Error::broken(format!("demo address {email}")))?;
    let user = users::known_or_new(tx, &email, Lang::Nl, now).await?;
    users::rename(tx, &user.id, name).await?;
    Ok(user)
}

async fn load_terms(tx: &mut Tx, content: &content::Content) -> Result<Vec<Term>> {
    let kinds = [
        ("methods", TermKind::Method),
        ("sectors", TermKind::Sector),
        ("themes", TermKind::Theme),
        ("tags", TermKind::Tag),
        ("areas", TermKind::Area),
        ("tracks", TermKind::Track),
        ("functions", TermKind::Function),
        ("legal_basis", TermKind::LegalBasis),
    ];
    let mut terms = Vec::new();
    for (list, kind) in kinds {
        for (code, name) in content.labels.get(list).into_iter().flatten() {
            let term = Term { kind, code: code.clone(), name_nl: name.nl.clone(), name_en: name.en.clone() };
            crate::features::projects::actions::put_term(tx, &term).await?;
            terms.push(term);
        }
    }
    Ok(terms)
}

async fn load_indicators(tx: &mut Tx, content: &content::Content) -> Result<()> {
    for from in &content.indicators {
        let indicator = Indicator {
            code: from.code.clone(),
            scheme: from.scheme.clone(),
            name_nl: from.name.nl.clone(),
            name_en: from.name.en.clone(),
            unit_nl: from.unit.nl.clone(),
            unit_en: from.unit.en.clone(),
            additive: i16::from(from.additive),
            counts_people: i16::from(from.counts_people),
            shape: Shape::from_word(&from.shape).ok_or_else(|| Error::broken("shape of an indicator"))?,
            family: Family::from_word(&from.family).ok_or_else(|| Error::broken("family of an indicator"))?,
            direction: Direction::Up,
            licence_nl: from.licence.nl.clone(),
            licence_en: from.licence.en.clone(),
            sdg: from.sdg.join(" "),
            part_of: from.part_of.clone(),
            retired_at: None,
        };
        outcomes::add_indicator(tx, &indicator).await?;
    }
    Ok(())
}

/// Organisations by slug, each with an owner who can sign in.
async fn load_organisations(
    tx: &mut Tx,
    content: &content::Content,
    now: Timestamp,
) -> Result<HashMap<String, (Organisation, User)>> {
    let mut makers = HashMap::new();
    for from in &content.organisations {
        let area = content.labels.get("areas").and_then(|areas| areas.get(&from.area));
        let organisation = Organisation {
            id: random::id("org", now),
            slug: from.slug.clone(),
            name: from.name.clone(),
            kind: OrganisationKind::from_word(&from.kind).ok_or_else(|| Error::broken("kind of organisation"))?,
            description_nl: from.description.nl.clone(),
            description_en: from.description.en.clone(),
            area: area.map_or_else(|| from.area.clone(), |name| name.nl.clone()),
            state: OrganisationState::Confirmed,
            was_confirmed: 1,
            version: 1,
            question: String::new(),
        };
        organisations::insert(tx, &organisation, now).await?;
        organisations::set_legal(tx, &organisation.id, &legal(&organisation)).await?;
        let owner = person(tx, &format!("owner@{}.example", from.slug), &from.name, now).await?;
        organisations::add_member(tx, &organisation.id, &owner.id, MemberRole::Owner, now).await?;
        factor::connect_known(tx, &owner.id, APP_SECRET, now).await?;
        makers.insert(from.slug.clone(), (organisation, owner));
    }
    Ok(makers)
}

/// What the registers would say of an organisation of the demo: nothing but its form, so that no number looks like a real one.
fn legal(organisation: &Organisation) -> Legal {
    let form = if organisation.name.starts_with("Stichting") { "stichting" } else { "" };
    Legal { legal_form: form.to_owned(), ..Legal::default() }
}

/// Ids of the coalitions by slug.
async fn load_coalitions(
    tx: &mut Tx,
    content: &content::Content,
    makers: &HashMap<String, (Organisation, User)>,
    now: Timestamp,
) -> Result<HashMap<String, String>> {
    let id_of = |slug: &String| makers.get(slug).map(|(organisation, _)| organisation.id.clone());
    let mut ids = HashMap::new();
    for from in &content.coalitions {
        let coalition = Coalition {
            id: random::id("coa", now),
            slug: from.slug.clone(),
            title: from.title.clone(),
            kind: CoalitionKind::from_word(&from.kind).ok_or_else(|| Error::broken("kind of coalition"))?,
            description_nl: from.description.nl.clone(),
            description_en: from.description.en.clone(),
            founder_id: from.founder.as_ref().and_then(id_of),
            version: 1,
        };
        let partners: Vec<String> = from.partners.iter().filter_map(id_of).collect();
        let steps: Vec<(String, String)> =
            from.steps.iter().chain(&from.questions).map(|text| (text.nl.clone(), text.en.clone())).collect();
        organisations::insert_coalition(tx, &coalition, &partners, &steps).await?;
        ids.insert(from.slug.clone(), coalition.id);
    }
    Ok(ids)
}

/// Rounds by number.
async fn load_rounds(
    tx: &mut Tx,
    content: &content::Content,
    now: Timestamp,
    closed: Closed,
) -> Result<HashMap<i64, Round>> {
    let mut loaded = HashMap::new();
    for from in &content.rounds {
        let moment = |step: &str| -> Option<Timestamp> {
            let day = match (&from.dates, &from.offsets_days) {
                (Some(dates), _) => dates.get(step)?.clone(),
                (None, Some(offsets)) => now.plus_days(*offsets.get(step)?).day(),
                (None, None) => return None,
            };
            Timestamp::start_of_day(&day)
        };
        let needed = |step: &str| moment(step).ok_or_else(|| Error::broken(format!("a date of round {}", from.number)));
        let told = RoundState::from_word(&from.status).ok_or_else(|| Error::broken("state of a round"))?;
        let sold = told >= RoundState::Selling;
        let state = if sold && closed == Closed::StillSelling { RoundState::Selling } else { told };
        let round = Round {
            id: random::id("rnd", now),
            number: from.number,
            title_nl: from.title.nl.clone(),
            title_en: from.title.en.clone(),
            state,
            unit_price_eur: from.unit_price_eur,
            minimum_cents: MINIMUM,
            rule_nl: from.rule_text.nl.clone(),
            rule_en: from.rule_text.en.clone(),
            submissions_at: needed("submissions_from")?,
            valuation_at: needed("valuation_from")?,
            selling_at: needed("selling_from")?,
            closes_at: needed("closes")?.plus_seconds(CLOSING_HOUR_SECONDS),
            settled_at: moment("settled").filter(|_| state == RoundState::Settled),
            near_miss_percent: from.near_miss_percent,
            fee_basis_points: 0,
            remainder_rule: RemainderRule::Refund,
            remainder_fund_id: None,
            late_days: LATE_DAYS,
        };
        rounds::insert(tx, &round).await?;
        loaded.insert(round.number, round);
    }
    Ok(loaded)
}
