//! How support grew, with the threshold it had to get over.

use crate::features::site::pictures::{Anchor, Drawing, Shape};

const TOP: i64 = 26;
const HIGH: i64 = 160;

/// A day, counted from any fixed one, and what was held or had been received by then, in cents.
pub type Point = (i64, i64);

/// The steps of `points` (by day, oldest first) from the first to the last day. `threshold` is in cents, with its words; `ends` are
/// the words below both ends.
pub fn funding(points: &[Point], threshold: (i64, &str), ends: (&str, &str)) -> Drawing {
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else { return Drawing::default() };
    let days = (last - first).max(1);
    let most = points.iter().map(|(_, cents)| *cents).max().unwrap_or(0).max(threshold.0).max(1);
    let height =
        |cents: i64| HIGH - i64::try_from(i128::from(cents.max(0)) * i128::from(HIGH) / i128::from(most)).unwrap_or(0);
    let mut line = String::new();
    for (at, (day, cents)) in points.iter().enumerate() {
        let (x, y) = ((day - first) * 1000 / days, height(*cents));
        // money comes on a day: a step, never a slope
        line.push_str(&if at == 0 { format!("M{x} {y}") } else { format!("H{x}V{y}") });
    }
    line.push_str("H1000");
    let area = format!("{line}V{HIGH}H0Z");
    let level = TOP + height(threshold.0);
    let words = |x, y, anchor, text: &str, is_strong| Shape::Words { x, y, anchor, text: text.to_owned(), is_strong };
    // on the line, unless the picture ends there
    let shapes = vec![
        Shape::Curve { y: TOP, height: HIGH, line, area },
        Shape::Level { y: level },
        words(0, if level < TOP + 12 { TOP - 8 } else { level - 6 }, Anchor::Start, threshold.1, true),
        words(0, TOP + HIGH + 18, Anchor::Start, ends.0, false),
        words(1000, TOP + HIGH + 18, Anchor::End, ends.1, false),
    ];
    Drawing { height: TOP + HIGH + 26, shapes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_rises_in_steps_over_the_line_of_the_threshold() {
        let drawing = funding(&[(10, 0), (15, 5_000), (20, 20_000)], (10_000, "drempel"), ("a", "b"));
        let Some(Shape::Curve { line, area, .. }) = drawing.shapes.first() else { panic!("no curve") };
        assert_eq!(line, "M0 160H500V120H1000V0H1000");
        assert_eq!(area, "M0 160H500V120H1000V0H1000V160H0Z");
        assert_eq!(drawing.shapes[1], Shape::Level { y: TOP + 80 });
        assert_eq!(funding(&[], (1, ""), ("", "")), Drawing::default());
    }

    #[test]
    fn a_million_euros_on_one_day_is_drawn() {
        let drawing = funding(&[(1, i64::MAX)], (100, ""), ("", ""));
        assert_eq!(drawing.shapes.len(), 5);
    }
}
