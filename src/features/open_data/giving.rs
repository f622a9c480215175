//! Grants as the 360Giving Data Standard (version 1.4) describes them: one for each project that was funded.
//!
//! What was awarded is what stood for the project when its round was decided: money for its start, and money that is paid for results
//! alone. Both are commitments, each with its own description; each payout is a disbursement. What of the result money is not earned
//! goes back to those who gave it and is never disbursed.

use serde::Serialize;

use crate::features::open_data::LICENCE;
use crate::features::open_data::actions::Told;
use crate::features::open_data::names::{Euros, Publisher};
use crate::features::payouts::{TrancheKind, TrancheState};
use crate::features::projects::{ProjectState, TermKind};
use crate::features::rounds::Round;
use crate::features::settlement::Decision;
use crate::infra::texts;
use crate::values::time::{days_after, months_after};
use crate::values::{Cents, Lang, Timestamp};

/// Of the schema, major and minor.
const VERSION: &str = "1.4";
const CURRENCY: &str = "EUR";
const COUNTRY: &str = "NL";

#[derive(Serialize)]
pub struct Package {
    version: &'static str,
    title: String,
    description: String,
    identifier: String,
    issued: String,
    modified: String,
    publisher: PublisherShape,
    license: &'static str,
    #[serde(rename = "downloadURL")]
    download_url: String,
    #[serde(rename = "accessURL")]
    access_url: String,
    grants: Vec<Grant>,
}

#[derive(Serialize)]
struct PublisherShape {
    identifier: String,
    name: String,
    website: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    id: String,
    title: String,
    description: String,
    currency: &'static str,
    amount_awarded: Euros,
    amount_disbursed: Euros,
    award_date: String,
    url: String,
    planned_dates: Vec<Event>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actual_dates: Vec<Event>,
    recipient_organization: Vec<OrganizationShape>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beneficiary_location: Vec<Location>,
    funding_organization: Vec<OrganizationShape>,
    grant_programme: Vec<Programme>,
    from_open_call: &'static str,
    classifications: Vec<Classification>,
    commitment_transaction: Vec<Transaction>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disbursement_transaction: Vec<Transaction>,
    date_modified: String,
    data_source: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrganizationShape {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    company_number: String,
    address_country: &'static str,
    url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    name: String,
    country_code: &'static str,
}

#[derive(Serialize)]
struct Programme {
    code: String,
    title: String,
    url: String,
}

#[derive(Serialize)]
struct Classification {
    vocabulary: String,
    code: String,
    title: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transaction {
    id: String,
    transaction_date: String,
    currency: &'static str,
    value: Euros,
    description: String,
    provider: String,
    recipient: String,
}

impl Package {
    pub fn of(publisher: &Publisher, round: &Round, grants: Vec<Grant>, lang: Lang, now: Timestamp) -> Package {
        let text = |key: &str| {
            let args = [("round", round.title(lang).to_owned()), ("foundation", publisher.name.clone())];
            texts::text_with(lang, key, &args)
        };
        // moments of a fixed width: the latest is the largest text
        let modified = grants.iter().map(|grant| grant.date_modified.clone()).max();
        Package {
            version: VERSION,
            title: text("open-data-package-title"),
            description: text("open-data-package-description"),
            identifier: format!("{}-ROUND-{}", publisher.id(), round.number),
            issued: now.day(),
            modified: modified.unwrap_or_else(|| now.to_string()),
            publisher: PublisherShape {
                identifier: publisher.id(),
                name: publisher.name.clone(),
                website: publisher.url.clone(),
            },
            license: LICENCE,
            download_url: format!("{}/api/v1/rounds/{}/360giving.json", publisher.url, round.number),
            access_url: format!("{}/{lang}/open-data", publisher.url),
            grants,
        }
    }
}

impl Grant {
    /// The grant of a project that was funded, whatever became of it; nothing for others.
    pub fn of(publisher: &Publisher, round: &Round, told: &Told, lang: Lang) -> Option<Grant> {
        let decided = told.decided.as_ref().filter(|decided| decided.decision == Decision::Funded)?;
        let project = &told.project;
        let id = publisher.grant_id(project);
        let start = Cents(decided.start.0 + decided.funds.start.0);
        let result = Cents(decided.result.0 + decided.funds.result.0);
        let commitment = |name: &str, value: Cents| {
            let transaction = Transaction {
                id: format!("{id}-{name}"),
                transaction_date: decided.decided_at.day(),
                currency: CURRENCY,
                value: Euros(value),
                description: texts::text(lang, &format!("open-data-commitment-{name}")),
                provider: publisher.name.clone(),
                recipient: told.maker.name.clone(),
            };
            (value > Cents::ZERO).then_some(transaction)
        };
        let url = format!("{}/{lang}/projects/{}", publisher.url, project.slug);
        Some(Grant {
            title: project.title(lang).to_owned(),
            description: project.aim(lang).to_owned(),
            currency: CURRENCY,
            amount_awarded: Euros(Cents(start.0 + result.0)),
            amount_disbursed: Euros(disbursed(told)),
            award_date: decided.decided_at.day(),
            planned_dates: vec![planned(told)],
            actual_dates: actual(told).into_iter().collect(),
            recipient_organization: vec![OrganizationShape {
                id: publisher.organisation_id(&told.maker, &told.legal),
                name: told.maker.name.clone(),
                company_number: told.legal.kvk_number.clone(),
                address_country: COUNTRY,
                url: format!("{}/{lang}/organisations/{}", publisher.url, told.maker.slug),
            }],
            beneficiary_location: told
                .terms
                .iter()
                .filter(|term| term.kind == TermKind::Area)
                .map(|term| Location { name: term.name(lang).to_owned(), country_code: COUNTRY })
                .collect(),
            funding_organization: vec![OrganizationShape {
                id: publisher.id(),
                name: publisher.name.clone(),
                company_number: publisher.kvk_number.clone(),
                address_country: COUNTRY,
                url: publisher.url.clone(),
            }],
            grant_programme: vec![Programme {
                code: format!("{}-ROUND-{}", publisher.id(), round.number),
                title: round.title(lang).to_owned(),
                url: format!("{}/{lang}/rounds/{}", publisher.url, round.number),
            }],
            from_open_call: "Yes",
            classifications: classifications(told, lang),
            commitment_transaction: [commitment("start", start), commitment("result", result)]
                .into_iter()
                .flatten()
                .collect(),
            disbursement_transaction: disbursements(publisher, told, lang),
            date_modified: modified(told).to_string(),
            data_source: url.clone(),
            url,
            id,
        })
    }
}

/// What reached organisations, or is on its way to them; what came back is not among it.
pub fn disbursed(told: &Told) -> Cents {
    let moved = told.tranches.iter().filter(|(tranche, _)| tranche.state != TrancheState::Returned);
    moved.map(|(tranche, _)| tranche.amount).sum()
}

fn disbursements(publisher: &Publisher, told: &Told, lang: Lang) -> Vec<Transaction> {
    let moved = told.tranches.iter().filter(|(tranche, _)| tranche.state != TrancheState::Returned);
    moved
        .map(|(tranche, receiver)| {
            let name = match tranche.kind {
                TrancheKind::Start => "start",
                TrancheKind::Result => "result",
            };
            Transaction {
                id: format!("{}-PAYOUT-{}", publisher.id(), tranche.id),
                transaction_date: tranche.sent_at.unwrap_or(tranche.created_at).day(),
                currency: CURRENCY,
                value: Euros(tranche.amount),
                description: texts::text(lang, &format!("open-data-payout-{name}")),
                provider: publisher.name.clone(),
                recipient: receiver.clone(),
            }
        })
        .collect()
}

fn planned(told: &Told) -> Event {
    let project = &told.project;
    let last = months_after(&project.start_day, project.months).and_then(|day| days_after(&day, -1));
    Event { start_date: project.start_day.clone(), end_date: last, duration: Some(project.months) }
}

/// When it began and, when that is so, ended. Nothing before it began.
fn actual(told: &Told) -> Option<Event> {
    let began = told.reached(ProjectState::Running)?;
    let ended = told.reached(ProjectState::Completed).or_else(|| told.reached(ProjectState::Terminated));
    Some(Event { start_date: began.day(), end_date: ended.map(Timestamp::day), duration: None })
}

/// The lists that the project stands in, and how it stands: whether it was carried out must be seen.
fn classifications(told: &Told, lang: Lang) -> Vec<Classification> {
    let of_terms = told.terms.iter().filter(|term| term.kind != TermKind::Area).map(|term| Classification {
        vocabulary: format!("drempel-{}", term.kind),
        code: term.code.clone(),
        title: term.name(lang).to_owned(),
    });
    let state = told.project.state;
    let status = Classification {
        vocabulary: "drempel-status".to_owned(),
        code: state.to_string(),
        title: texts::text(lang, &format!("project-state-{state}")),
    };
    of_terms.chain([status]).collect()
}

/// The last moment at which anything of it changed.
fn modified(told: &Told) -> Timestamp {
    let of_tranches = told.tranches.iter().flat_map(|(tranche, _)| [tranche.sent_at, tranche.finished_at]).flatten();
    let of_project = [Some(told.project.updated_at), told.decided.as_ref().map(|decided| decided.decided_at)];
    let of_history = told.changes.iter().map(|change| change.at);
    of_tranches.chain(of_history).chain(of_project.into_iter().flatten()).max().unwrap_or(told.project.created_at)
}
