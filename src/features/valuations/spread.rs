//! How far the experts' scores lie apart: a pure function of what was handed in.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::features::valuations::{Criterion, Score};

/// The scores for one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub criterion: Criterion,
    /// In the order of the experts.
    pub scores: Vec<i64>,
    pub least: i64,
    pub most: i64,
    /// With two decimals.
    pub mean: Decimal,
    /// The scores differ by half of the scale or more: the meeting should talk about it.
    pub is_wide: bool,
}

/// What the meeting sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Users, by id.
    pub experts: Vec<String>,
    pub rows: Vec<Row>,
    /// In the order of the experts: their scores as parts of the scales, weighted; from 0 to 100, with two decimals.
    pub totals: Vec<Decimal>,
    pub mean_total: Decimal,
}

/// The spread of what these experts handed in. A criterion that one of them has no score for is left out.
pub fn spread(criteria: &[Criterion], handed_in: &[(String, Vec<Score>)]) -> Spread {
    let score = |scores: &[Score], position: i64| scores.iter().find(|score| score.position == position)?.score;
    let mut rows = Vec::new();
    for criterion in criteria {
        let scores: Option<Vec<i64>> = handed_in.iter().map(|(_, scores)| score(scores, criterion.position)).collect();
        let Some(scores) = scores else { continue };
        let (Some(least), Some(most)) = (scores.iter().min().copied(), scores.iter().max().copied()) else { continue };
        rows.push(Row {
            criterion: criterion.clone(),
            mean: mean(&scores.iter().map(|score| Decimal::from(*score)).collect::<Vec<_>>()),
            is_wide: most > least && (most - least) * 2 >= criterion.scale_most - criterion.scale_least,
            scores,
            least,
            most,
        });
    }
    let exact: Vec<Decimal> = (0..handed_in.len()).map(|at| total(&rows, at)).collect();
    Spread {
        experts: handed_in.iter().map(|(expert, _)| expert.clone()).collect(),
        totals: exact.iter().map(|total| two_decimals(*total)).collect(),
        mean_total: mean(&exact),
        rows,
    }
}

/// What one expert gave in all, as a weighted part of the scales.
fn total(rows: &[Row], expert: usize) -> Decimal {
    let part = |row: &Row| {
        let scale = Decimal::from(row.criterion.scale_most - row.criterion.scale_least);
        let above = Decimal::from(row.scores[expert] - row.criterion.scale_least);
        Decimal::from(row.criterion.weight_percent) * above / scale
    };
    rows.iter().map(part).sum()
}

fn mean(values: &[Decimal]) -> Decimal {
    let count = Decimal::from(values.len().max(1));
    two_decimals(values.iter().sum::<Decimal>() / count)
}

/// Two decimals, halves away from zero, as people round.
fn two_decimals(value: Decimal) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    rounded
}
