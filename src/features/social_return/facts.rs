//! What a statement says, frozen when it is issued.

use serde::{Deserialize, Serialize};

use crate::features::outcomes::PromiseFigure;
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::projects::Project;
use crate::features::receipts::{Issuer, Maker};
use crate::features::rounds::Round;
use crate::features::social_return::calculation::{Given, step};
use crate::features::social_return::{Block, Statement, StatementKind, Table, tables};
use crate::features::verifications::{self, Level};
use crate::features::{organisations, projects, receipts, rounds};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::settings::FoundationSettings;
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// Everything a statement says. The order of the members is the canonical order of the JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub number: String,
    pub kind: String,
    pub issued_at: String,
    /// With it anybody sees whether the statement still holds.
    pub code: String,
    /// The number of the one that this one replaces; empty for a first one.
    pub replaces: String,
    pub issuer: Issuer,
    pub company: Company,
    pub project: ProjectFacts,
    pub purchase: Purchase,
    /// Nothing while no region is known, or its table says nothing of buying Rikx.
    pub counted: Option<Counted>,
    /// Of a final one.
    pub results: Vec<PromiseResult>,
    /// When the results were settled; empty before.
    pub settled_at: String,
}

/// The company as it was named when it bought. Members are empty where nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    pub name: String,
    pub kvk_number: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
    pub contract_reference: String,
    pub po_number: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectFacts {
    pub number: i64,
    pub title_nl: String,
    pub title_en: String,
    pub round: i64,
    pub maker: Maker,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    pub reference: String,
    /// A day: that on which the money was held.
    pub on: String,
    pub rikx_hundredths: i64,
    pub unit_price_eur: i64,
    pub amount_cents: i64,
    pub returned_cents: i64,
    pub kept_cents: i64,
}

/// What is kept of the purchase counts for, by a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub region: String,
    pub region_nl: String,
    pub region_en: String,
    pub table_id: String,
    pub valid_from: String,
    pub source: String,
    pub example: bool,
    pub block: String,
    pub block_nl: String,
    pub block_en: String,
    pub percent: i64,
    pub credit_cents: i64,
}

crate::words! {
    /// How far a promise was reached, in words: a statement tells no counts of people.
    pub enum Reached {
        Whole = "whole",
        Part = "part",
        Nothing = "nothing",
        /// Nobody verified it in time.
        Unknown = "unknown",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseResult {
    pub indicator: String,
    pub name_nl: String,
    pub name_en: String,
    pub share_percent: i64,
    /// A [`Reached`].
    pub reached: String,
    /// Who checked: a level of `verifications`; empty when nobody did.
    pub level: String,
}

impl Facts {
    /// Reads what was frozen.
    pub fn of(statement: &Statement) -> Result<Facts> {
        serde_json::from_str(&statement.facts)
            .map_err(|error| Error::broken(format!("statement {}: {error}", statement.number)))
    }

    /// The canonical text: members in their order, no blanks.
    pub fn canonical(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::broken)
    }

    /// Whether another statement says the same of the same purchase.
    pub fn says_the_same(&self, other: &Facts) -> bool {
        let bare = |facts: &Facts| Facts {
            number: String::new(),
            issued_at: String::new(),
            code: String::new(),
            replaces: String::new(),
            ..facts.clone()
        };
        bare(self) == bare(other)
    }
}

impl ProjectFacts {
    pub fn title(&self, lang: Lang) -> &str {
        super::pick(lang, &self.title_nl, &self.title_en)
    }
}

impl Purchase {
    pub fn rikx(&self) -> Rikx {
        Rikx(self.rikx_hundredths)
    }
}

impl Counted {
    pub fn credit(&self) -> Cents {
        Cents(self.credit_cents)
    }

    /// What `kept` counts for by the table's block for Rikx; nothing when it has none.
    pub fn by(table: &Table, blocks: &[Block], kept: Cents) -> Option<Counted> {
        let block = blocks.iter().find(|block| block.for_rikx == 1)?;
        let step = step(block, Given { amount: kept, ..Given::default() })?;
        Some(Counted {
            region: table.region.clone(),
            region_nl: table.name_nl.clone(),
            region_en: table.name_en.clone(),
            table_id: table.id.clone(),
            valid_from: table.valid_from.clone(),
            source: table.source.clone(),
            example: table.example == 1,
            block: block.code.clone(),
            block_nl: block.name_nl.clone(),
            block_en: block.name_en.clone(),
            percent: block.percent,
            credit_cents: step.credit.0,
        })
    }
}

impl PromiseResult {
    fn of(promise: &PromiseFigure, verified: Option<i64>, level: Option<Level>) -> PromiseResult {
        PromiseResult {
            indicator: promise.code.clone(),
            name_nl: promise.name_nl.clone(),
            name_en: promise.name_en.clone(),
            share_percent: promise.share_percent,
            reached: reached(promise.baseline, promise.target, verified).to_string(),
            level: level.map(|level| level.to_string()).unwrap_or_default(),
        }
    }
}

/// How far it came from the baseline to the target, whichever way that is.
fn reached(baseline: i64, target: i64, verified: Option<i64>) -> Reached {
    let Some(verified) = verified else { return Reached::Unknown };
    let (way, came) = (target - baseline, verified - baseline);
    let (way, came) = if way < 0 { (-way, -came) } else { (way, came) };
    if came >= way {
        Reached::Whole
    } else if came > 0 {
        Reached::Part
    } else {
        Reached::Nothing
    }
}

/// What is now to be said of a purchase that was paid.
pub struct About {
    pub kind: StatementKind,
    pub facts: Facts,
}

impl About {
    /// Reads it. `settled_at` is when the project's results were settled for good.
    pub async fn read(
        conn: &mut Conn,
        foundation: &FoundationSettings,
        (pledge, held_at): (&Pledge, Timestamp),
        region: Option<&str>,
        settled_at: Option<Timestamp>,
    ) -> Result<About> {
        let is_back = matches!(pledge.state, PledgeState::Refunding | PledgeState::Refunded);
        let kept = if is_back { Cents::ZERO } else { pledge.kept() };
        let kind = match settled_at {
            _ if kept == Cents::ZERO => StatementKind::Withdrawn,
            Some(_) => StatementKind::Final,
            None => StatementKind::Provisional,
        };
        let project = projects::actions::get(conn, &pledge.project_id).await?;
        let round = rounds::actions::get(conn, &pledge.round_id).await?;
        let counted = match region {
            Some(region) => counted(conn, region, held_at, kept).await?,
            None => None,
        };
        let results = match kind {
            StatementKind::Final => results(conn, &project.id).await?,
            _ => Vec::new(),
        };
        let facts = Facts {
            number: String::new(),
            kind: kind.to_string(),
            issued_at: String::new(),
            code: String::new(),
            replaces: String::new(),
            issuer: Issuer::of(foundation),
            company: company(pledge),
            project: about_project(conn, &project, &round).await?,
            purchase: Purchase {
                reference: pledge.reference.clone(),
                on: held_at.day(),
                rikx_hundredths: pledge.rikx.0,
                unit_price_eur: round.unit_price_eur,
                amount_cents: pledge.amount.0,
                returned_cents: pledge.amount.0 - kept.0,
                kept_cents: kept.0,
            },
            counted: counted.filter(|_| kind != StatementKind::Withdrawn),
            results,
            settled_at: settled_at.map(|at| at.to_string()).unwrap_or_default(),
        };
        Ok(About { kind, facts })
    }
}

fn company(pledge: &Pledge) -> Company {
    Company {
        name: pledge.company_name.clone(),
        kvk_number: pledge.kvk_number.clone(),
        address: pledge.address.clone(),
        postcode: pledge.postcode.clone(),
        city: pledge.city.clone(),
        contract_reference: pledge.contract_reference.clone(),
        po_number: pledge.po_number.clone(),
    }
}

async fn about_project(conn: &mut Conn, project: &Project, round: &Round) -> Result<ProjectFacts> {
    let organisation = organisations::actions::get(conn, &project.organisation_id).await?;
    Ok(ProjectFacts {
        number: project.number,
        title_nl: project.title_nl.clone(),
        title_en: project.title_en.clone(),
        round: round.number,
        maker: receipts::maker(conn, &organisation).await?,
    })
}

/// By the table that held on the day of the purchase, whatever came later.
async fn counted(conn: &mut Conn, region: &str, held_at: Timestamp, kept: Cents) -> Result<Option<Counted>> {
    let Some(table) = tables::of_region(conn, region, &held_at.day()).await? else { return Ok(None) };
    let blocks = tables::blocks(conn, &table.id).await?;
    Ok(Counted::by(&table, &blocks, kept))
}

async fn results(conn: &mut Conn, project_id: &str) -> Result<Vec<PromiseResult>> {
    let standings = verifications::actions::standings(conn, project_id).await?;
    Ok(standings.iter().map(|one| PromiseResult::of(&one.promise, one.verified, one.level)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_told_in_words_whichever_way_is_better() {
        for (baseline, target, verified, told) in [
            (0, 12, Some(12), Reached::Whole),
            (0, 12, Some(30), Reached::Whole),
            (0, 12, Some(11), Reached::Part),
            (0, 12, Some(0), Reached::Nothing),
            (0, 200, Some(-50), Reached::Nothing),
            (40, 20, Some(20), Reached::Whole),
            (40, 20, Some(35), Reached::Part),
            (40, 20, Some(45), Reached::Nothing),
            (0, 12, None, Reached::Unknown),
        ] {
            assert_eq!(reached(baseline, target, verified), told, "{baseline} {target} {verified:?}");
        }
    }
}
