//! A grid as a heat map: the more people, the darker the field. The figure stands in each.

use crate::features::site::pictures::{Anchor, Drawing, Fill, Shape, thousandths};

/// One field: its figure in words, and its published value.
#[derive(Debug, Clone)]
pub struct Field {
    pub words: String,
    pub value: Option<i64>,
}

const HIGH: i64 = 52;
const HEAD: i64 = 22;
const SIDE: i64 = 22;

/// Rows with a name above each; the names of the columns stand on top.
pub fn grid(columns: &[String], rows: &[(String, Vec<Field>)]) -> Drawing {
    let wide = 1000 / i64::try_from(columns.len()).unwrap_or(1).max(1);
    let most = rows.iter().flat_map(|(_, fields)| fields.iter().filter_map(|field| field.value)).max().unwrap_or(0);
    let (mut shapes, mut y) = (Vec::new(), HEAD);
    for (name, at) in columns.iter().zip(0..) {
        let x = at * wide + wide / 2;
        shapes.push(Shape::Words { x, y: 15, anchor: Anchor::Middle, text: name.clone(), is_strong: false });
    }
    for (name, fields) in rows {
        shapes.push(Shape::Words { x: 0, y: y + 15, anchor: Anchor::Start, text: name.clone(), is_strong: true });
        y += SIDE;
        for (field, at) in fields.iter().zip(0..) {
            let x = at * wide;
            shapes.push(Shape::Bar {
                x: x + 4,
                y,
                width: wide - 8,
                height: HIGH,
                fill: Fill::Heat(heat(field.value, most)),
            });
            let (x, y) = (x + wide / 2, y + HIGH / 2 + 5);
            shapes.push(Shape::Words { x, y, anchor: Anchor::Middle, text: field.words.clone(), is_strong: true });
        }
        y += HIGH + 8;
    }
    Drawing { height: y, shapes }
}

/// From 0 (nothing, or hidden) to 4.
fn heat(value: Option<i64>, most: i64) -> u8 {
    match value {
        Some(value) if value > 0 => u8::try_from((thousandths(value, most) - 1) / 250 + 1).unwrap_or(4).min(4),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_darker_and_a_hidden_count_is_pale() {
        assert_eq!(
            [Some(0), None, Some(10), Some(20), Some(30), Some(40)].map(|value| heat(value, 40)),
            [0, 0, 1, 2, 3, 4]
        );
        let fields = || vec![Field { words: "10".into(), value: Some(10) }; 3];
        let drawing = grid(&["a".into(), "b".into(), "c".into()], &[("x".into(), fields()), ("y".into(), fields())]);
        assert_eq!(drawing.shapes.len(), 3 + 2 * 7);
    }
}
