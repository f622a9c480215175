//! Milestones: a box for each, with a tick where it was reached.

use crate::features::site::pictures::{Anchor, Drawing, Fill, Shape};

/// More than this is drawn as a bar.
pub const MOST: i64 = 40;

const PER_ROW: i64 = 7;
const HIGH: i64 = 34;

/// `done` of `target` boxes, seven in a row.
pub fn boxes(done: i64, target: i64, fill: Fill) -> Drawing {
    let wide = 1000 / PER_ROW;
    let mut shapes = Vec::new();
    for at in 0..target {
        let (x, y) = (at % PER_ROW * wide, at / PER_ROW * (HIGH + 8) + 2);
        let is_done = at < done;
        let fill = if is_done { fill } else { Fill::Track };
        shapes.push(Shape::Bar { x: x + 6, y, width: wide - 12, height: HIGH, fill });
        if is_done {
            let (x, y) = (x + wide / 2, y + HIGH / 2 + 6);
            shapes.push(Shape::Words { x, y, anchor: Anchor::Middle, text: "\u{2713}".to_owned(), is_strong: true });
        }
    }
    Drawing { height: (target + PER_ROW - 1) / PER_ROW * (HIGH + 8), shapes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirteen_workshops_are_thirteen_boxes() {
        let drawing = boxes(5, 13, Fill::Told);
        let of = |wanted: Fill| {
            drawing.shapes.iter().filter(move |shape| matches!(shape, Shape::Bar { fill, .. } if *fill == wanted))
        };
        assert_eq!((of(Fill::Told).count(), of(Fill::Track).count()), (5, 8));
        assert_eq!(drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Words { .. })).count(), 5);
        assert_eq!(drawing.height, 84);
    }
}
