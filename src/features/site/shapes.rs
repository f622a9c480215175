//! The shapes of the JSON answers. A field that stands here is relied on by other programs: it is not renamed or dropped.

use std::collections::HashMap;

use serde::Serialize;

use crate::features::calendar::Extension;
use crate::features::organisations::Organisation;
use crate::features::projects::{Listing, Project, ProjectState};
use crate::features::rounds::Round;
use crate::features::site::numbers::Standing;
use crate::features::site::outcome_shapes::{MoneyShape, SumShape};
use crate::features::site::view::is_sold_out;
use crate::infra::web::Ctx;
use crate::values::{Cents, Rikx};

/// A page of a list.
#[derive(Serialize)]
pub struct PageOf<T> {
    pub items: Vec<T>,
    pub total: usize,
    pub page: usize,
    pub per_page: usize,
}

/// A project as lists give it.
#[derive(Serialize)]
pub struct Summary {
    slug: String,
    number: i64,
    title: String,
    summary: String,
    organisation: String,
    organisation_slug: String,
    status: &'static str,
    participants_target: i64,
    threshold_rikx: String,
    impact_value_rikx: String,
    unit_price_cents: i64,
    threshold_cents: i64,
    impact_value_cents: i64,
    held_rikx: String,
    held_cents: i64,
    matched_rikx: String,
    matched_cents: i64,
    reserved_cents: i64,
    processing_cents: i64,
    available_cents: i64,
    backers: i64,
    round: i64,
    closes_at: String,
    selling: bool,
    sold_out: bool,
    start: String,
    months: i64,
    example: bool,
    url: String,
    as_of: String,
}

impl Summary {
    pub fn new(ctx: &Ctx, l: &Listing, round: &Round, maker: Option<&Organisation>, standing: &Standing) -> Summary {
        let price = round.unit_price_eur;
        let cap = l.impact.price(price).unwrap_or_default();
        let selling = l.state == ProjectState::Listed && round.sells_at(ctx.now);
        Summary {
            slug: l.slug.clone(),
            number: l.number,
            title: l.title(ctx.lang).to_owned(),
            summary: l.aim(ctx.lang).to_owned(),
            organisation: maker.map(|maker| maker.name.clone()).unwrap_or_default(),
            organisation_slug: maker.map(|maker| maker.slug.clone()).unwrap_or_default(),
            status: l.state.as_str(),
            participants_target: l.participants_target,
            threshold_rikx: l.threshold.plain(),
            impact_value_rikx: l.impact.plain(),
            unit_price_cents: price * 100,
            threshold_cents: l.threshold.price(price).unwrap_or_default().0,
            impact_value_cents: cap.0,
            held_rikx: Rikx::bought_for(standing.held, price).unwrap_or_default().plain(),
            held_cents: standing.held.0,
            matched_rikx: Rikx::bought_for(standing.matched, price).unwrap_or_default().plain(),
            matched_cents: standing.matched.0,
            reserved_cents: standing.reserved.0,
            processing_cents: standing.processing.0,
            available_cents: if selling { standing.available().0 } else { 0 },
            backers: standing.backers,
            round: round.number,
            closes_at: round.closes_at.to_string(),
            selling,
            sold_out: is_sold_out(l.state, round, standing, ctx.now),
            start: l.start_day.clone(),
            months: l.months,
            example: l.example == 1,
            url: format!("{}/{}/projects/{}", ctx.public_url, ctx.lang, l.slug),
            as_of: ctx.now.to_string(),
        }
    }
}

/// A project with everything that its page tells.
#[derive(Serialize)]
pub struct Detail {
    #[serde(flatten)]
    pub summary: Summary,
    /// Markdown.
    pub text: String,
    pub target_group: String,
    pub contact: String,
    pub minimum_pledge_cents: i64,
    /// What the platform keeps of each payout; 0 when nothing.
    pub fee_basis_points: i64,
    pub coalition: Option<String>,
    /// Codes and names by list: `method`, `sector`, `theme`, `tag`, `area`, `track`, `function`, `legal_basis`.
    pub terms: HashMap<&'static str, Vec<Named>>,
    pub planning: Vec<String>,
    pub budget: Vec<Budget>,
    pub partners: Vec<Partnership>,
    pub updates: Vec<UpdateLink>,
}

#[derive(Serialize)]
pub struct Named {
    pub code: String,
    pub name: String,
}

#[derive(Serialize)]
pub struct Budget {
    pub label: String,
    pub minimum_cents: i64,
    pub full_cents: i64,
}

#[derive(Serialize)]
pub struct Partnership {
    pub slug: String,
    pub name: String,
    pub share_percent: i64,
}

#[derive(Serialize)]
pub struct UpdateLink {
    pub number: i64,
    pub title: String,
    pub published_at: String,
    pub url: String,
}

/// A round with its dates and its rule.
#[derive(Serialize)]
pub struct RoundShape {
    number: i64,
    title: String,
    status: &'static str,
    unit_price_cents: i64,
    minimum_pledge_cents: i64,
    fee_basis_points: i64,
    /// Markdown.
    rule: String,
    submissions_at: String,
    valuation_at: String,
    selling_at: String,
    closes_at: String,
    settled_at: Option<String>,
    selling: bool,
    /// That it closes later than it first said.
    extension: Option<ExtensionShape>,
}

/// The one extension of a round, with its reason in both languages.
#[derive(Serialize)]
struct ExtensionShape {
    first_closes_at: String,
    closes_at: String,
    reason_nl: String,
    reason_en: String,
    decided_at: String,
}

impl From<Extension> for ExtensionShape {
    fn from(found: Extension) -> ExtensionShape {
        ExtensionShape {
            first_closes_at: found.old_closes_at.to_string(),
            closes_at: found.closes_at.to_string(),
            reason_nl: found.reason_nl,
            reason_en: found.reason_en,
            decided_at: found.approved_at.to_string(),
        }
    }
}

impl RoundShape {
    pub fn new(ctx: &Ctx, round: &Round, extension: Option<Extension>) -> RoundShape {
        RoundShape {
            number: round.number,
            title: round.title(ctx.lang).to_owned(),
            status: round.state.as_str(),
            unit_price_cents: round.unit_price_eur * 100,
            minimum_pledge_cents: round.minimum_cents.0,
            fee_basis_points: round.fee_basis_points,
            rule: round.rule(ctx.lang).to_owned(),
            submissions_at: round.submissions_at.to_string(),
            valuation_at: round.valuation_at.to_string(),
            selling_at: round.selling_at.to_string(),
            closes_at: round.closes_at.to_string(),
            settled_at: round.settled_at.map(|moment| moment.to_string()),
            selling: round.sells_at(ctx.now),
            extension: extension.map(ExtensionShape::from),
        }
    }
}

/// A round with its projects.
#[derive(Serialize)]
pub struct RoundDetail {
    #[serde(flatten)]
    pub round: RoundShape,
    pub projects: Vec<Summary>,
}

/// Totals over all projects.
#[derive(Serialize)]
pub struct Statistics {
    pub projects: usize,
    pub projects_by_status: std::collections::BTreeMap<&'static str, i64>,
    pub carried_out: i64,
    pub rounds: usize,
    pub organisations: usize,
    pub held_cents: i64,
    pub backers: i64,
    pub outcomes: Vec<SumShape>,
    pub money: MoneyShape,
    pub as_of: String,
}

/// What was received for projects that go on, went on or may still: not for those that were stopped or never started.
pub fn held_for(listings: &[Listing], standings: &HashMap<String, Standing>) -> (Cents, i64) {
    let counted = listings.iter().filter(|l| !matches!(l.state, ProjectState::Failed | ProjectState::Withdrawn));
    counted.filter_map(|listing| standings.get(&listing.id)).fold((Cents::ZERO, 0), |(held, backers), standing| {
        (Cents(held.0 + standing.held.0), backers + standing.backers)
    })
}

impl From<&Project> for Listing {
    fn from(p: &Project) -> Listing {
        Listing {
            id: p.id.clone(),
            slug: p.slug.clone(),
            number: p.number,
            organisation_id: p.organisation_id.clone(),
            round_id: p.round_id.clone(),
            state: p.state,
            title_nl: p.title_nl.clone(),
            title_en: p.title_en.clone(),
            aim_nl: p.aim_nl.clone(),
            aim_en: p.aim_en.clone(),
            participants_target: p.participants_target,
            impact: p.impact,
            threshold: p.threshold,
            start_day: p.start_day.clone(),
            months: p.months,
            picture_id: p.picture_id.clone(),
            picture_alt_nl: p.picture_alt_nl.clone(),
            picture_alt_en: p.picture_alt_en.clone(),
            example: p.example,
            area: None,
        }
    }
}
