//! What all projects together reached, and what coalitions want to find out.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;

use crate::features::organisations::{Coalition, CoalitionKind, CoalitionStep, actions as organisations};
use crate::features::outcomes::Shown;
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
    /// The sum of the latest counts, of those that may be shown one by one: nobody can work out a hidden one from it. Nothing
    /// when all are hidden.
    pub shown: Option<Shown>,
}

/// Sums of the latest counts per indicator, rounded after adding.
pub fn totals<'a>(figures: impl Iterator<Item = &'a Figure>) -> Vec<Total> {
    let mut by_indicator: BTreeMap<&str, Vec<(&Figure, i64)>> = BTreeMap::new();
    for figure in figures {
        if let Some(latest) = figure.latest {
            by_indicator.entry(&figure.code).or_default().push((figure, latest));
        }
    }
    by_indicator.values().filter_map(|figures| total(figures)).collect()
}

fn total(figures: &[(&Figure, i64)]) -> Option<Total> {
    let (first, _) = figures.first()?;
    let (hidden, shown): (Vec<_>, Vec<_>) =
        figures.iter().partition(|(figure, count)| figure.shown(*count) == Shown::Below10);
    let sum: i64 = shown.iter().map(|(_, count)| count).sum();
    // a nought beside hidden counts would say that nothing was counted
    let sum = (sum > 0 || hidden.is_empty()).then_some(sum);
    Some(Total {
        name_nl: first.name_nl.clone(),
        name_en: first.name_en.clone(),
        unit_nl: first.unit_nl.clone(),
        unit_en: first.unit_en.clone(),
        projects: i64::try_from(figures.len()).unwrap_or(i64::MAX),
        target: figures.iter().map(|(figure, _)| figure.target).sum(),
        shown: sum.map(|sum| first.shown(sum)),
    })
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
    use crate::features::outcomes::{Direction, Family, Shape};

    fn figure(code: &str, count: i64) -> Figure {
        Figure {
            id: "prm_1".to_owned(),
            shape: Shape::Count,
            family: Family::Other,
            direction: Direction::Up,
            floor_percent: 0,
            cap_percent: 100,
            code: code.to_owned(),
            scheme: "OWN".to_owned(),
            name_nl: String::new(),
            name_en: String::new(),
            unit_nl: String::new(),
            unit_en: String::new(),
            counts_people: true,
            baseline: 0,
            target: 20,
            due_day: "2026-01-01".to_owned(),
            share_percent: 100,
            waves: Vec::new(),
            latest: Some(count),
        }
    }

    #[test]
    fn a_total_tells_nothing_of_a_small_count() {
        let with_small =
            [figure("PI4060", 13), figure("PI4060", 4), figure("PI4060", 14), figure("PI2998", 9), figure("PI2998", 0)];
        let totals = totals(with_small.iter());
        assert_eq!(totals.iter().map(|total| total.shown).collect::<Vec<_>>(), vec![None, Some(Shown::Rounded(25))]);
        assert_eq!(totals[1].projects, 3);
    }
}
