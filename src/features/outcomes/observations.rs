//! Observations: what a wave found for one indicator. A number, or people spread over cells with the number that follows from them.

use sqlx::FromRow;

use crate::features::outcomes::{Indicator, LARGEST_COUNT, Refusal, Shape};

/// The rungs of the participation ladder, as they stand in cells: the lowest first.
pub const LADDER: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

crate::words! {
    /// The rungs of the work ladder.
    pub enum Rung {
        Social = "social",
        Educational = "educational",
        WorkLike = "work_like",
    }
}

crate::words! {
    /// The kinds of places of the work ladder.
    pub enum Workplace {
        Protected = "protected",
        Societal = "societal",
        Entrepreneur = "entrepreneur",
    }
}

/// How many people stand in one place of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Cell {
    /// One of [`LADDER`], or a [`Rung`]'s word.
    #[sqlx(rename = "cell_row")]
    pub row: String,
    /// Empty, or a [`Workplace`]'s word.
    #[sqlx(rename = "cell_col")]
    pub col: String,
    /// A location of the project; empty when it is not told.
    pub location_id: String,
    pub count: i64,
}

/// What was found for one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The indicator's code.
    pub indicator: String,
    /// In the scale of the indicator's shape; of a distribution what follows from its cells.
    pub value: i64,
    /// How many people a mean or a ladder is of.
    pub n: Option<i64>,
    /// In the order of rows, columns and locations.
    pub cells: Vec<Cell>,
}

impl Observation {
    /// A number: of shape count or milestones.
    pub fn count(indicator: &str, value: i64) -> Observation {
        Observation { indicator: indicator.to_owned(), value, n: None, cells: Vec::new() }
    }

    /// A mean in hundredths, and how many people were asked.
    pub fn mean(indicator: &str, hundredths: i64, n: i64) -> Observation {
        Observation { indicator: indicator.to_owned(), value: hundredths, n: Some(n), cells: Vec::new() }
    }

    /// People by rung of the participation ladder, the lowest first.
    pub fn ladder(indicator: &str, counts: [i64; 6]) -> Observation {
        let cells = LADDER.iter().zip(counts).map(|(row, count)| Cell {
            row: (*row).to_owned(),
            col: String::new(),
            location_id: String::new(),
            count,
        });
        Observation {
            indicator: indicator.to_owned(),
            value: mean_rung(counts),
            n: Some(counts.iter().fold(0, |sum: i64, count| sum.saturating_add(*count))),
            cells: cells.collect(),
        }
    }

    /// People by rung, kind of place and location.
    pub fn grid(indicator: &str, mut cells: Vec<Cell>) -> Observation {
        cells.sort();
        let value = cells.iter().fold(0, |sum: i64, cell| sum.saturating_add(cell.count));
        Observation { indicator: indicator.to_owned(), value, n: None, cells }
    }

    /// The people on each rung of the ladder.
    pub fn rungs(&self) -> [i64; 6] {
        LADDER.map(|rung| self.cells.iter().filter(|cell| cell.row == rung).map(|cell| cell.count).sum())
    }

    /// The people of one cell of the grid, over all locations.
    pub fn at(&self, rung: Rung, place: Workplace) -> i64 {
        let is_it = |cell: &&Cell| cell.row == rung.as_str() && cell.col == place.as_str();
        self.cells.iter().filter(is_it).map(|cell| cell.count).sum()
    }

    /// As the history keeps it: `PI4060=12`, `self-confidence=740(13)`, `participation-ladder=0/5/5/1/0/0`.
    pub fn in_words(&self) -> String {
        let code = &self.indicator;
        if self.cells.iter().any(|cell| !cell.col.is_empty()) {
            let cell = |cell: &Cell| format!("{}.{}.{}:{}", cell.row, cell.col, cell.location_id, cell.count);
            let cells: Vec<String> = self.cells.iter().map(cell).collect();
            return format!("{code}={}", cells.join(","));
        }
        if !self.cells.is_empty() {
            return format!("{code}={}", self.rungs().map(|count| count.to_string()).join("/"));
        }
        match self.n {
            Some(n) => format!("{code}={}({n})", self.value),
            None => format!("{code}={}", self.value),
        }
    }

    /// What is wrong with it as an observation of this indicator; `locations` are the ids of the project's.
    pub fn fault(&self, indicator: &Indicator, locations: &[&str]) -> Option<Refusal> {
        let is_count = |count: i64| (0..=LARGEST_COUNT).contains(&count);
        let is_placed = |cell: &Cell| match indicator.shape {
            Shape::Ladder => LADDER.contains(&cell.row.as_str()) && cell.col.is_empty() && cell.location_id.is_empty(),
            Shape::Grid => {
                Rung::from_word(&cell.row).is_some()
                    && Workplace::from_word(&cell.col).is_some()
                    && (cell.location_id.is_empty() || locations.contains(&cell.location_id.as_str()))
            }
            Shape::Count | Shape::Milestones | Shape::Mean => false,
        };
        if self.cells.iter().any(|cell| !is_count(cell.count)) {
            return Some(Refusal::CountTooLarge);
        }
        let places: Vec<_> = self.cells.iter().map(|cell| (&cell.row, &cell.col, &cell.location_id)).collect();
        let is_twice = places.iter().enumerate().any(|(at, place)| places[..at].contains(place));
        if is_twice || !self.cells.iter().all(is_placed) {
            return Some(Refusal::CellsWrong);
        }
        let follows = match indicator.shape {
            Shape::Count | Shape::Milestones => self.n.is_none(),
            Shape::Mean => match self.n {
                Some(n) if n > 0 => is_count(n),
                _ => return Some(Refusal::PeopleMissing),
            },
            Shape::Ladder => *self == Observation::ladder(&self.indicator, self.rungs()),
            Shape::Grid => self.n.is_none() && self.value == self.cells.iter().map(|cell| cell.count).sum::<i64>(),
        };
        if !follows {
            return Some(Refusal::CellsWrong);
        }
        if indicator.shape == Shape::Ladder && self.n == Some(0) {
            return Some(Refusal::PeopleMissing);
        }
        // the mean rung lies between 1 and 6, its change between -5 and 5
        let largest = if indicator.shape == Shape::Ladder { 600 } else { indicator.shape.largest() };
        match (0..=largest).contains(&self.value) {
            true => None,
            false if indicator.shape == Shape::Mean => Some(Refusal::MeanOutOfRange),
            false => Some(Refusal::CountTooLarge),
        }
    }
}

/// The mean rung in hundredths, half a hundredth up; nought when nobody stands on the ladder.
fn mean_rung(counts: [i64; 6]) -> i64 {
    let n: i128 = counts.iter().map(|count| i128::from(*count)).sum();
    if n <= 0 {
        return 0;
    }
    let sum: i128 = (1..).zip(counts).map(|(rung, count): (i128, i64)| rung * i128::from(count)).sum();
    i64::try_from((sum * 200 + n) / (n * 2)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::outcomes::tests::indicator;

    #[test]
    fn the_mean_rung_follows_from_the_ladder() {
        let ladder = Observation::ladder("l", [0, 5, 5, 1, 0, 0]);
        assert_eq!((ladder.value, ladder.n), (264, Some(11))); // (10 + 15 + 4) / 11 = 2.636
        assert_eq!(ladder.in_words(), "l=0/5/5/1/0/0");
        assert_eq!(Observation::ladder("l", [0; 6]).value, 0);
        assert_eq!(Observation::ladder("l", [0, 0, 0, 0, 0, 9]).value, 600);
    }

    #[test]
    fn an_observation_fits_the_shape_of_its_indicator() {
        let of = |shape| indicator("x", shape);
        let cell = |row: &str, col: &str, location: &str, count| Cell {
            row: row.into(),
            col: col.into(),
            location_id: location.into(),
            count,
        };
        let grid = |cells| Observation::grid("x", cells);
        let fault = |observation: &Observation, shape| observation.fault(&of(shape), &["loc_1"]);
        assert_eq!(fault(&Observation::count("x", 12), Shape::Count), None);
        assert_eq!(fault(&Observation::count("x", -1), Shape::Count), Some(Refusal::CountTooLarge));
        assert_eq!(fault(&Observation::mean("x", 740, 13), Shape::Mean), None);
        assert_eq!(fault(&Observation::mean("x", 1_001, 13), Shape::Mean), Some(Refusal::MeanOutOfRange));
        assert_eq!(fault(&Observation::mean("x", 740, 0), Shape::Mean), Some(Refusal::PeopleMissing));
        assert_eq!(fault(&Observation::count("x", 7), Shape::Mean), Some(Refusal::PeopleMissing));
        assert_eq!(fault(&Observation::ladder("x", [0, 0, 0, 0, 0, 9]), Shape::Ladder), None);
        assert_eq!(fault(&Observation::ladder("x", [0; 6]), Shape::Ladder), Some(Refusal::PeopleMissing));
        assert_eq!(fault(&Observation::ladder("x", [-1, 2, 0, 0, 0, 0]), Shape::Ladder), Some(Refusal::CountTooLarge));
        let invented = Observation { value: 100, ..Observation::ladder("x", [0, 0, 0, 0, 0, 9]) };
        assert_eq!(fault(&invented, Shape::Ladder), Some(Refusal::CellsWrong));
        let placed = grid(vec![cell("social", "societal", "loc_1", 3), cell("work_like", "entrepreneur", "", 2)]);
        assert_eq!((placed.value, fault(&placed, Shape::Grid)), (5, None));
        assert_eq!(placed.at(Rung::Social, Workplace::Societal), 3);
        for wrong in [cell("social", "societal", "loc_2", 3), cell("social", "", "", 3), cell("1", "societal", "", 3)] {
            assert_eq!(fault(&grid(vec![wrong]), Shape::Grid), Some(Refusal::CellsWrong));
        }
        let twice = grid(vec![cell("social", "societal", "", 3), cell("social", "societal", "", 1)]);
        assert_eq!(fault(&twice, Shape::Grid), Some(Refusal::CellsWrong));
        assert_eq!(fault(&placed, Shape::Count), Some(Refusal::CellsWrong));
    }
}
