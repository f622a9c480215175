//! Stacked bars: how people stand on a ladder at each moment of measuring.

use crate::features::site::pictures::{Anchor, Drawing, Fill, Shape, thousandths, written};

/// One bar.
#[derive(Debug, Clone)]
pub struct Stack {
    pub name: String,
    pub words: String,
    /// The parts from the lowest step on; nothing for one that is hidden as small. No parts: they are not told.
    pub parts: Vec<(Option<i64>, Fill)>,
}

const BAR: i64 = 34;
const GAP: i64 = 20;
/// How wide a hidden part is drawn: the middle of what it can be.
const SMALL: i64 = 5;

pub fn stacks(stacks: &[Stack]) -> Drawing {
    let (mut shapes, mut y) = (Vec::new(), 0);
    for stack in stacks {
        y = written(&mut shapes, y, &stack.name, true);
        y = written(&mut shapes, y, &stack.words, false) + 2;
        let whole: i64 = stack.parts.iter().map(|(value, _)| value.unwrap_or(SMALL)).sum();
        shapes.push(Shape::Bar { x: 0, y, width: 1000, height: BAR, fill: Fill::Track });
        let mut before = 0;
        for (value, fill) in &stack.parts {
            let part = value.unwrap_or(SMALL);
            // from place to place, so that the last ends where the bar ends
            let (x, end) = (thousandths(before, whole), thousandths(before + part, whole));
            if part > 0 {
                let fill = if value.is_some() { *fill } else { Fill::Small };
                shapes.push(Shape::Bar { x, y, width: end - x, height: BAR, fill });
                let text = value.map_or_else(|| "<10".to_owned(), |value| value.to_string());
                if end - x >= 90 {
                    let x = (x + end) / 2;
                    shapes.push(Shape::Words { x, y: y + BAR / 2 + 5, anchor: Anchor::Middle, text, is_strong: true });
                }
            }
            before += part;
        }
        y += BAR + GAP;
    }
    Drawing { height: y, shapes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_bar() {
        let parts = vec![(Some(10), Fill::Low), (None, Fill::Middle), (Some(0), Fill::High), (Some(15), Fill::High)];
        let drawing = stacks(&[Stack { name: "Begin".into(), words: String::new(), parts }]);
        let bars: Vec<_> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Bar { x, width, fill, .. } if *fill != Fill::Track => Some((*x, *width, *fill)),
                _ => None,
            })
            .collect();
        assert_eq!(bars, [(0, 333, Fill::Low), (333, 167, Fill::Small), (500, 500, Fill::High)]);
        assert!(drawing.shapes.iter().any(|shape| matches!(shape, Shape::Words { text, .. } if text == "<10")));
    }
}
