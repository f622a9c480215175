//! Bars under each other: what was reached, with a mark where the target is.

use crate::features::site::pictures::{Anchor, Drawing, Fill, Shape, thousandths, written};

/// One bar with its name above it and its figures in words behind that.
#[derive(Debug, Clone)]
pub struct Row {
    pub name: String,
    /// The figures in words.
    pub words: String,
    /// What is published; nothing when it is hidden.
    pub value: Option<i64>,
    /// Hidden because it is from 1 to 9: then the bar shows where it can be.
    pub is_small: bool,
    pub target: Option<i64>,
    pub fill: Fill,
}

const BAR: i64 = 22;
const GAP: i64 = 18;

/// Bars of which each has its own measure: the whole width is its target, or what was reached when that is more.
pub fn each_by_itself(rows: &[Row]) -> Drawing {
    drawn(rows, |row| row.target.unwrap_or(0).max(row.value.unwrap_or(0)).max(if row.is_small { 9 } else { 0 }))
}

/// Bars of one measure, to be compared.
pub fn together(rows: &[Row]) -> Drawing {
    let values = rows.iter().flat_map(|row| [row.value, row.target, row.is_small.then_some(9)]);
    let most = values.flatten().max().unwrap_or(0);
    drawn(rows, |_| most)
}

fn drawn(rows: &[Row], measure: impl Fn(&Row) -> i64) -> Drawing {
    let (mut shapes, mut y) = (Vec::new(), 0);
    for row in rows {
        let whole = measure(row);
        y = written(&mut shapes, y, &row.name, true);
        y = written(&mut shapes, y, &row.words, false) + 2;
        shapes.push(Shape::Bar { x: 0, y, width: 1000, height: BAR, fill: Fill::Track });
        let (value, fill) = if row.is_small { (9, Fill::Small) } else { (row.value.unwrap_or(0), row.fill) };
        if value > 0 {
            shapes.push(Shape::Bar { x: 0, y, width: thousandths(value, whole), height: BAR, fill });
        }
        if let Some(target) = row.target.filter(|target| *target > 0) {
            let x = thousandths(target, whole).min(996);
            shapes.push(Shape::Mark { x, top: y - 4, bottom: y + BAR + 4 });
        }
        y += BAR + GAP;
    }
    Drawing { height: y, shapes }
}

/// Bars that stand beside each other, such as years: a name below and the figure above each.
pub fn columns(rows: &[Row]) -> Drawing {
    const TOP: i64 = 22;
    const HIGH: i64 = 120;
    let most = rows.iter().filter_map(|row| row.value).max().unwrap_or(0).max(1);
    let mut shapes = Vec::new();
    let wide = 1000 / i64::try_from(rows.len()).unwrap_or(1).max(1);
    for (row, at) in rows.iter().zip(0..) {
        let height = (thousandths(row.value.unwrap_or(0), most) * HIGH / 1000).max(i64::from(row.value > Some(0)));
        let (x, middle) = (at * wide + wide / 10, at * wide + wide / 2);
        let bottom = TOP + HIGH;
        if height > 0 {
            shapes.push(Shape::Bar { x, y: bottom - height, width: wide * 8 / 10, height, fill: row.fill });
        }
        let words = |y, text: &str, is_strong| Shape::Words {
            x: middle,
            y,
            anchor: Anchor::Middle,
            text: text.to_owned(),
            is_strong,
        };
        shapes.push(words(bottom - height - 6, &row.words, true));
        shapes.push(words(bottom + 18, &row.name, false));
    }
    shapes.push(Shape::Level { y: TOP + HIGH });
    Drawing { height: TOP + HIGH + 26, shapes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Option<i64>, target: Option<i64>) -> Row {
        Row { name: "Werk".into(), words: "10 van 20".into(), value, is_small: false, target, fill: Fill::Checked }
    }

    fn widths(drawing: &Drawing, wanted: Fill) -> Vec<i64> {
        let bars = drawing.shapes.iter().filter_map(|shape| match shape {
            Shape::Bar { width, fill, .. } if *fill == wanted => Some(*width),
            _ => None,
        });
        bars.collect()
    }

    #[test]
    fn a_bar_is_measured_by_its_target_or_by_what_is_more() {
        let drawing = each_by_itself(&[row(Some(10), Some(20)), row(Some(40), Some(20)), row(None, Some(20))]);
        assert_eq!(widths(&drawing, Fill::Checked), [500, 1000]);
        let marks = drawing.shapes.iter().filter_map(|shape| match shape {
            Shape::Mark { x, .. } => Some(*x),
            _ => None,
        });
        assert_eq!(marks.collect::<Vec<_>>(), [996, 500, 996]);
    }

    #[test]
    fn a_small_count_shows_where_it_can_be_and_nothing_more() {
        let small = Row { is_small: true, ..row(None, Some(12)) };
        let drawing = each_by_itself(&[small]);
        assert_eq!(widths(&drawing, Fill::Small), [750]);
        assert_eq!(widths(&drawing, Fill::Checked), [] as [i64; 0]);
    }

    #[test]
    fn bars_together_have_one_measure() {
        let drawing = together(&[row(Some(10), None), row(Some(40), None)]);
        assert_eq!(widths(&drawing, Fill::Checked), [250, 1000]);
        let drawing = columns(&[row(Some(10), None), row(Some(40), None), row(None, None)]);
        assert_eq!(widths(&drawing, Fill::Checked), [266, 266]);
        assert!(drawing.shapes.iter().all(|shape| !matches!(shape, Shape::Words { y, .. } if *y > drawing.height)));
    }
}
