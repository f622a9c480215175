//! The shape of `content.json`: real projects of Rotterdam in our own words, with examples where a figure is not known.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::infra::error::{Error, Result};

#[derive(Debug, Deserialize)]
pub struct Content {
    pub labels: BTreeMap<String, BTreeMap<String, Both>>,
    pub indicators: Vec<Indicator>,
    pub rounds: Vec<Round>,
    pub organisations: Vec<Organisation>,
    pub coalitions: Vec<Coalition>,
    pub projects: Vec<Project>,
    pub plans: Vec<Plan>,
    pub plan_parts: Vec<PlanParts>,
}

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
pub struct Both {
    pub nl: String,
    pub en: String,
}

#[derive(Debug, Deserialize)]
pub struct Indicator {
    pub code: String,
    pub scheme: String,
    pub name: Both,
    pub unit: Both,
    pub shape: String,
    pub family: String,
    pub part_of: String,
    pub additive: bool,
    pub counts_people: bool,
    pub sdg: Vec<String>,
    pub licence: Both,
}

#[derive(Debug, Deserialize)]
pub struct Round {
    pub number: i64,
    pub title: Both,
    pub status: String,
    /// Days, for a round of the past.
    pub dates: Option<BTreeMap<String, String>>,
    /// Days from now, for the round that sells.
    pub offsets_days: Option<BTreeMap<String, i64>>,
    pub unit_price_eur: i64,
    /// Of the threshold; what the round's rule says.
    #[serde(default)]
    pub near_miss_percent: i64,
    pub rule_text: Both,
}

#[derive(Debug, Deserialize)]
pub struct Organisation {
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub description: Both,
    /// The code of an area.
    pub area: String,
}

#[derive(Debug, Deserialize)]
pub struct Coalition {
    pub slug: String,
    pub title: String,
    pub kind: String,
    pub description: Both,
    pub founder: Option<String>,
    pub partners: Vec<String>,
    pub steps: Vec<Both>,
    pub questions: Vec<Both>,
}

#[derive(Debug, Deserialize)]
pub struct Project {
    pub slug: String,
    /// What its drawing shows, for those who do not see it.
    pub picture: Option<Both>,
    pub number: Option<i64>,
    pub organisation: String,
    pub coalition: Option<String>,
    pub partners: Vec<String>,
    pub shares: Vec<Share>,
    pub co_funding: Vec<CoFunding>,
    pub round: i64,
    pub status: String,
    pub example: bool,
    pub contact: String,
    pub title: Both,
    pub aim: Both,
    pub text: Both,
    pub target_group: Both,
    pub participants_target: i64,
    pub methods: Vec<String>,
    pub sectors: Vec<String>,
    pub themes: Vec<String>,
    pub tags: Vec<String>,
    pub areas: Vec<String>,
    pub tracks: Vec<String>,
    pub functions: Vec<String>,
    pub legal_basis: Vec<String>,
    pub impact_value_hundredths: i64,
    pub threshold_hundredths: i64,
    pub start: String,
    pub start_in_days: Option<i64>,
    pub months: i64,
    pub planning: Vec<Both>,
    pub budget: Vec<BudgetLine>,
    pub promises: Vec<Promise>,
    pub waves: Vec<Wave>,
    pub updates: Vec<Update>,
    pub pledges: Vec<Recipe>,
}

#[derive(Debug, Deserialize)]
pub struct Share {
    pub organisation: String,
    pub share_percent: i64,
}

/// Money from elsewhere, beside the Rikx.
#[derive(Debug, Deserialize)]
pub struct CoFunding {
    pub name: String,
    pub note: Both,
}

#[derive(Debug, Deserialize)]
pub struct BudgetLine {
    pub label: Both,
    pub minimum_cents: i64,
    pub full_cents: i64,
}

#[derive(Debug, Deserialize)]
pub struct Promise {
    pub indicator: String,
    pub baseline: i64,
    pub target: i64,
    pub due_months: i64,
    pub share_percent: i64,
    pub due: String,
}

#[derive(Debug, Deserialize)]
pub struct Wave {
    pub kind: String,
    pub date: String,
    pub counts: BTreeMap<String, i64>,
    /// People by rung of the participation ladder.
    pub ladder: Option<[i64; 6]>,
    /// People by rung and kind of place of the work ladder.
    pub grid: Option<[[i64; 3]; 3]>,
    pub means: BTreeMap<String, Mean>,
    /// `staff-checked` when the team looked at its figures.
    pub verification: String,
    pub note: Both,
}

#[derive(Debug, Deserialize)]
pub struct Mean {
    pub mean_hundredths: i64,
    pub n: i64,
}

#[derive(Debug, Deserialize)]
pub struct Update {
    pub days_ago: i64,
    pub title: Both,
    pub text: Both,
    /// The question of a learning coalition that it answers, in Dutch.
    #[serde(default)]
    pub answers: String,
}

/// Pledges that are alike.
#[derive(Debug, Deserialize)]
pub struct Recipe {
    /// One of the five backers who can sign in, or a first name.
    pub backer: serde_json::Value,
    pub kind: String,
    pub amount_cents: i64,
    pub anonymous: bool,
    /// Before now, or before the closing instant of a closed round.
    pub days_ago: i64,
    pub state: String,
    pub repeat: i64,
    pub company: Option<Company>,
}

#[derive(Debug, Deserialize)]
pub struct Company {
    pub name: String,
    pub kvk_number: String,
    pub contract_reference: String,
}

/// A plan for a round that takes submissions, half filled or handed in.
#[derive(Debug, Deserialize)]
pub struct Plan {
    pub organisation: String,
    pub round: i64,
    pub submitted: bool,
    pub title: Both,
    pub aim: Both,
    pub text: Both,
    pub target_group: Both,
    pub contact: String,
    pub participants: i64,
    /// Codes by list.
    pub terms: BTreeMap<String, Vec<String>>,
    /// The area whose middle it is; empty for none.
    pub point: String,
    pub start_in_days: Option<i64>,
    pub months: i64,
    pub planning: Vec<Both>,
    pub minimum_cents: i64,
    pub full_cents: i64,
    pub budget: Vec<BudgetLine>,
    pub co_funding: Vec<Funder>,
    pub promises: Vec<PlanPromise>,
    pub risks: Vec<Danger>,
    pub team: Vec<Both>,
    pub remarks: Vec<Remark>,
}

#[derive(Debug, Deserialize)]
pub struct PlanPromise {
    pub indicator: String,
    pub baseline: i64,
    pub target: i64,
    pub due_months: i64,
    pub share_percent: i64,
}

#[derive(Debug, Deserialize)]
pub struct Funder {
    pub name: String,
    pub amount_cents: i64,
    pub state: String,
}

#[derive(Debug, Deserialize)]
pub struct Danger {
    pub risk: Both,
    pub measure: Both,
}

/// What a reviewer said of the first version, and what the owner answered.
#[derive(Debug, Deserialize)]
pub struct Remark {
    pub field: String,
    pub text: String,
    pub answer: String,
    /// What stood in the first version.
    pub before: Option<Before>,
}

#[derive(Debug, Deserialize)]
pub struct Before {
    pub participants: i64,
}

/// What a plan would have brought to a project that is public already.
#[derive(Debug, Deserialize)]
pub struct PlanParts {
    pub project: String,
    pub co_funding: Vec<Funder>,
    pub risks: Vec<Danger>,
    pub team: Vec<Both>,
}

/// Reads the content that is part of the program.
pub fn read() -> Result<Content> {
    serde_json::from_str(include_str!("content.json")).map_err(|e| Error::broken(format!("content.json: {e}")))
}
