//! Indicators: what can be promised and measured, in words that are the same for all projects. They are data: staff add and
//! change them. What a figure of one means never changes: its code, shape and whether it counts people stay as they were made.

use std::fmt::Write as _;

use sqlx::FromRow;

use crate::values::money::grouped;
use crate::values::{Lang, Timestamp};

crate::words! {
    /// What an observation of it looks like.
    pub enum Shape {
        /// One whole number.
        Count = "count",
        /// One whole number, of things that are finished one by one.
        Milestones = "milestones",
        /// What people think, from 0 to 10: the mean and how many were asked.
        Mean = "mean",
        /// People by the six rungs of the participation ladder (VNG, Participatieladder: 1 isolated to 6 paid work).
        Ladder = "ladder",
        /// People by rung (social, educational, work-like) and kind of place.
        Grid = "grid",
    }
}

crate::words! {
    /// What it stands with, in the order of pages and forms.
    pub enum Family {
        Reach = "reach",
        Training = "training",
        Outflow = "outflow",
        Ladder = "ladder",
        Grid = "grid",
        People = "people",
        Planet = "planet",
        Place = "place",
        Prosperity = "prosperity",
        Milestones = "milestones",
        Other = "other",
    }
}

crate::words! {
    /// Which way is better.
    pub enum Direction {
        Up = "up",
        Down = "down",
    }
}

/// Something that can be measured.
#[derive(Debug, Clone, FromRow)]
pub struct Indicator {
    pub code: String,
    /// Where the code comes from: `IRIS+`, `SDG`, `LADDER`, `OWN`.
    pub scheme: String,
    pub name_nl: String,
    pub name_en: String,
    pub unit_nl: String,
    pub unit_en: String,
    /// 1: counts of several projects may be added up.
    pub additive: i16,
    /// 1: it counts people or what stands for one of them, such as a diploma, so small counts are hidden from the public.
    /// 0: it counts things (meals, workshops, events) and is shown as it is.
    pub counts_people: i16,
    pub shape: Shape,
    pub family: Family,
    pub direction: Direction,
    /// Whose it is and how it may be used; may be empty.
    pub licence_nl: String,
    pub licence_en: String,
    /// Targets of the Sustainable Development Goals that it speaks of, divided by blanks: `8.5 8.6`.
    pub sdg: String,
    /// The code of the indicator whose people these are among; empty for none.
    pub part_of: String,
    /// From then on nobody chooses it any more; what was promised and measured stays.
    pub retired_at: Option<Timestamp>,
}

impl Indicator {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }

    pub fn unit(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.unit_nl,
            Lang::En => &self.unit_en,
        }
    }

    pub fn licence(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.licence_nl,
            Lang::En => &self.licence_en,
        }
    }

    pub fn counts_people(&self) -> bool {
        self.counts_people == 1
    }
}

impl Shape {
    /// By how much its values are scaled: hundredths for means and rungs, whole numbers for the others.
    pub fn scale(self) -> i64 {
        match self {
            Shape::Mean | Shape::Ladder => 100,
            Shape::Count | Shape::Milestones | Shape::Grid => 1,
        }
    }

    /// The largest value, scaled.
    pub fn largest(self) -> i64 {
        match self {
            Shape::Mean => 1_000,
            // from the lowest rung to the highest
            Shape::Ladder => 500,
            Shape::Count | Shape::Milestones | Shape::Grid => super::LARGEST_COUNT,
        }
    }

    /// A value as people read it: `1.250`; of a scaled one `7,4`.
    pub fn show(self, value: i64, lang: Lang) -> String {
        let scale = self.scale().unsigned_abs();
        let mut text = if value < 0 { "-".to_owned() } else { String::new() };
        text.push_str(&grouped(value.unsigned_abs() / scale, lang));
        let rest = value.unsigned_abs() % scale;
        if rest > 0 {
            let decimals = format!("{rest:02}");
            let sign = if lang == Lang::Nl { ',' } else { '.' };
            let _ = write!(text, "{sign}{}", decimals.trim_end_matches('0'));
        }
        text
    }

    /// A value as a machine reads it: `1250`; of a scaled one `7.40`.
    pub fn plain(self, value: i64) -> String {
        if self.scale() == 1 {
            return value.to_string();
        }
        let sign = if value < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", value.unsigned_abs() / 100, value.unsigned_abs() % 100)
    }

    /// The value that was typed: a whole number in plain digits, or with one or two decimals behind a comma or point where the shape
    /// has them. Blanks are ignored; nothing is guessed. A number too large for the machine counts as one too large for us.
    ///
    /// # Errors
    /// It is empty or no such number.
    pub fn read(self, typed: &str) -> Result<i64, NotANumber> {
        let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let (whole, decimals) = match text.split_once([',', '.']) {
            Some((whole, decimals)) if self.scale() == 100 && (1..=2).contains(&decimals.len()) => (whole, decimals),
            Some(_) => return Err(NotANumber),
            None => (text.as_str(), ""),
        };
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) {
            return Err(NotANumber);
        }
        let Ok(whole) = whole.parse::<i64>() else { return Ok(i64::MAX) };
        let decimals: i64 =
            if self.scale() == 1 { 0 } else { format!("{decimals:0<2}").parse().map_err(|_| NotANumber)? };
        Ok(whole.checked_mul(self.scale()).and_then(|scaled| scaled.checked_add(decimals)).unwrap_or(i64::MAX))
    }
}

/// What was typed is not a number of this shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANumber;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_read_and_shown_in_their_scale() {
        for (shape, typed, value) in [
            (Shape::Count, " 1 250 ", 1250),
            (Shape::Count, "0", 0),
            (Shape::Mean, "7", 700),
            (Shape::Mean, "7,4", 740),
            (Shape::Mean, "7.25", 725),
            (Shape::Ladder, "2,0", 200),
            (Shape::Count, "99999999999999999999", i64::MAX),
            (Shape::Mean, "99999999999999999", i64::MAX),
        ] {
            assert_eq!(shape.read(typed), Ok(value), "{typed}");
        }
        for (shape, typed) in [
            (Shape::Count, ""),
            (Shape::Count, "1.000"),
            (Shape::Count, "7,4"),
            (Shape::Count, "-1"),
            (Shape::Count, "١٢"),
            (Shape::Mean, "7,"),
            (Shape::Mean, ",5"),
            (Shape::Mean, "7,455"),
            (Shape::Mean, "7,4,4"),
            (Shape::Mean, "+7"),
        ] {
            assert_eq!(shape.read(typed), Err(NotANumber), "{typed}");
        }
        assert_eq!(Shape::Mean.show(740, Lang::Nl), "7,4");
        assert_eq!(Shape::Ladder.show(205, Lang::En), "2.05");
        assert_eq!(Shape::Ladder.show(-150, Lang::En), "-1.5");
        assert_eq!(Shape::Ladder.show(200, Lang::Nl), "2");
        assert_eq!(Shape::Count.show(1250, Lang::Nl), "1.250");
        assert_eq!(Shape::Ladder.plain(-5), "-0.05");
    }

    proptest! {
        #[test]
        fn every_value_is_read_back(value in 0..=1_000_000i64) {
            for shape in Shape::ALL {
                prop_assert_eq!(shape.read(&shape.plain(value)), Ok(value));
            }
        }

        #[test]
        fn nothing_typed_makes_a_negative_value(typed in "\\PC{0,30}") {
            for shape in Shape::ALL {
                if let Ok(value) = shape.read(&typed) {
                    prop_assert!(value >= 0);
                }
            }
        }
    }
}
