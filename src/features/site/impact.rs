//! What all projects together reached, and what coalitions want to find out.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;

use crate::features::organisations::{Coalition, CoalitionKind, CoalitionStep, actions as organisations};
use crate::features::projects::{Filter, ProjectState, actions as projects};
use crate::features::site::numbers::{self, Figure};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};

/// What all projects together counted for one indicator.
pub struct Total {
    pub indicator: String,
    pub name_nl: String,
    pub name_en: String,
    pub unit_nl: String,
    pub unit_en: String,
    /// Projects that counted it.
    pub projects: i64,
    pub target: i64,
    /// The sum of the latest counts, before the rule for small numbers.
    pub count: i64,
}

impl Total {
    /// The count as the public sees it. A total over one project shows no more than that project's own page.
    pub fn public_count(&self) -> Option<i64> {
        numbers::public_count(&self.indicator, self.count)
    }
}

/// Sums of the latest counts per indicator.
pub fn totals<'a>(figures: impl Iterator<Item = &'a Figure>) -> Vec<Total> {
    let mut totals: BTreeMap<&str, Total> = BTreeMap::new();
    for figure in figures {
        let Some(latest) = figure.counts.last() else { continue };
        let total = totals.entry(&figure.indicator).or_insert_with(|| Total {
            indicator: figure.indicator.clone(),
            name_nl: figure.name_nl.clone(),
            name_en: figure.name_en.clone(),
            unit_nl: figure.unit_nl.clone(),
            unit_en: figure.unit_en.clone(),
            projects: 0,
            target: 0,
            count: 0,
        });
        total.projects += 1;
        total.target += figure.target;
        total.count += latest.count;
    }
    totals.into_values().collect()
}

#[derive(Template)]
#[template(path = "site/impact.html")]
struct Impact<'a> {
    ctx: &'a Ctx,
    totals: Vec<Total>,
    stats: Vec<(String, String)>,
}

/// `/{lang}/impact`
pub async fn show(ctx: Ctx, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let listings = projects::listing(&mut conn, &Filter::default()).await?;
    let counted = listings.iter().filter(|listing| {
        matches!(listing.state, ProjectState::Running | ProjectState::Reporting | ProjectState::Completed)
    });
    let mut figures = Vec::new();
    for listing in counted {
        figures.extend(numbers::figures(&mut conn, &listing.id).await?);
    }
    let of = |wanted: &[ProjectState]| listings.iter().filter(|l| wanted.contains(&l.state)).count().to_string();
    let stats = vec![
        (ctx.t("project-state-completed"), of(&[ProjectState::Completed])),
        (ctx.t("site-tally-going-label"), of(&[ProjectState::Funded, ProjectState::Running, ProjectState::Reporting])),
        (ctx.t("site-tally-failed-label"), of(&[ProjectState::Failed])),
    ];
    ctx.page(&Impact { totals: totals(figures.iter()), stats, ctx: &ctx })
}

#[derive(Template)]
#[template(path = "site/learning.html")]
struct Learning<'a> {
    ctx: &'a Ctx,
    coalitions: Vec<(Coalition, Vec<CoalitionStep>)>,
}

/// `/{lang}/learning`
pub async fn learning(ctx: Ctx, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let steps = organisations::steps(&mut conn, "").await?;
    let coalitions = organisations::coalitions(&mut conn).await?;
    let coalitions = coalitions.into_iter().filter(|coalition| coalition.kind == CoalitionKind::Learning).map(|one| {
        let questions = steps.iter().filter(|step| step.coalition_id == one.id).cloned().collect();
        (one, questions)
    });
    ctx.page(&Learning { coalitions: coalitions.collect(), ctx: &ctx })
}
