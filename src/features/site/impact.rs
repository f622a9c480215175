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
    pub name_nl: String,
    pub name_en: String,
    pub unit_nl: String,
    pub unit_en: String,
    /// Projects that counted it.
    pub projects: i64,
    pub target: i64,
    /// The sum of the latest counts as the public sees them: what is too small to show is not in it either, so that nobody
    /// can work it out from the total. Nothing when all are too small.
    pub count: Option<i64>,
    /// Whether the counts are rounded.
    pub is_rounded: bool,
}

/// Sums of the latest counts per indicator.
pub fn totals<'a>(figures: impl Iterator<Item = &'a Figure>) -> Vec<Total> {
    let mut totals: BTreeMap<&str, Total> = BTreeMap::new();
    for figure in figures {
        let Some(latest) = figure.counts.last() else { continue };
        let total = totals.entry(&figure.indicator).or_insert_with(|| Total {
            name_nl: figure.name_nl.clone(),
            name_en: figure.name_en.clone(),
            unit_nl: figure.unit_nl.clone(),
            unit_en: figure.unit_en.clone(),
            projects: 0,
            target: 0,
            count: None,
            is_rounded: !numbers::counts_things(&figure.indicator),
        });
        total.projects += 1;
        total.target += figure.target;
        if let Some(count) = numbers::public_count(&figure.indicator, latest.count) {
            total.count = Some(total.count.unwrap_or(0) + count);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::site::numbers::Count;

    fn figure(indicator: &str, count: i64) -> Figure {
        Figure {
            indicator: indicator.to_owned(),
            name_nl: String::new(),
            name_en: String::new(),
            unit_nl: String::new(),
            unit_en: String::new(),
            baseline: 0,
            target: 20,
            due_day: "2026-01-01".to_owned(),
            share_percent: 100,
            counts: vec![Count {
                wave: "end".to_owned(),
                measured_on: "2026-01-01".to_owned(),
                count,
                level: "declared".to_owned(),
            }],
        }
    }

    #[test]
    fn a_total_tells_nothing_of_a_small_count() {
        let with_small = [figure("PI4060", 12), figure("PI4060", 4), figure("PI2998", 9)];
        let totals = totals(with_small.iter());
        assert_eq!(totals.iter().map(|total| total.count).collect::<Vec<_>>(), vec![None, Some(10)]);
        assert_eq!(totals[1].projects, 2);
    }
}
