//! Pictures of figures, drawn on the server as SVG: they work without a script, can be printed and read aloud.
//!
//! Here is geometry alone, in whole numbers: lengths across are thousandths of the width, so that a picture fills any width while its
//! words keep the size of the page; heights are pixels. The template `pictures/picture.html` draws any [`Picture`]: the SVG with its
//! title and a description that tells the figures in words, a legend, and the table with the same figures under it. Each fill has a
//! pattern of its own, so that colour is never the only difference.

pub mod bars;
pub mod boxes;
pub mod funding;
pub mod heat;
pub mod stacks;

/// How a part of a picture is filled: a class of the style sheet, and where it is not plain the name of its pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fill {
    /// The ground of a bar: what could be.
    Track,
    /// Checked by the team or somebody from outside.
    Checked,
    /// Told by the maker, not checked yet.
    Told,
    /// Fewer than ten: somewhere in here.
    Small,
    Low,
    Middle,
    High,
    /// The six steps have two tones of each band.
    LowHalf,
    MiddleHalf,
    HighHalf,
    /// From pale to dark.
    Heat(u8),
}

impl Fill {
    /// The part of a class name that says which it is.
    pub fn word(self) -> &'static str {
        match self {
            Fill::Track => "track",
            Fill::Checked => "checked",
            Fill::Told => "told",
            Fill::Small => "small",
            Fill::Low => "low",
            Fill::Middle => "middle",
            Fill::High => "high",
            Fill::LowHalf => "low-half",
            Fill::MiddleHalf => "middle-half",
            Fill::HighHalf => "high-half",
            Fill::Heat(0) => "heat-0",
            Fill::Heat(1) => "heat-1",
            Fill::Heat(2) => "heat-2",
            Fill::Heat(3) => "heat-3",
            Fill::Heat(_) => "heat-4",
        }
    }

    /// The marks of its pattern, an SVG path in a field of eight by eight; nothing when it is plain.
    pub fn marks(self) -> Option<&'static str> {
        match self {
            Fill::Told => Some("M-2 2 2-2M0 8 8 0M6 10l4-4"),
            Fill::Small => Some("M2 2h1M6 6h1"),
            Fill::LowHalf => Some("M1 2h2M5 6h2"),
            Fill::Low => Some("M0 2h3M4 6h3M4 2h2M0 6h2"),
            Fill::MiddleHalf | Fill::HighHalf => Some("M-2 2 2-2M0 8 8 0M6 10l4-4"),
            Fill::Middle => Some("M0 0l8 8M8 0l-8 8"),
            _ => None,
        }
    }
}

/// Where a text stands on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    pub fn word(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// One thing that is drawn. `x` and `width` are thousandths of the picture's width, the rest pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    Bar {
        x: i64,
        y: i64,
        width: i64,
        height: i64,
        fill: Fill,
    },
    /// A line straight down.
    Mark {
        x: i64,
        top: i64,
        bottom: i64,
    },
    /// A line straight across the whole width.
    Level {
        y: i64,
    },
    Words {
        x: i64,
        y: i64,
        anchor: Anchor,
        text: String,
        is_strong: bool,
    },
    /// A path in a field of 1000 by `height`, stretched to the width.
    Curve {
        y: i64,
        height: i64,
        line: String,
        area: String,
    },
}

/// What is drawn, and how high it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    pub height: i64,
    pub shapes: Vec<Shape>,
}

/// The figures of a picture as a table; the first column names the row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A picture with everything that belongs to it, in the reader's language.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Unique on the page.
    pub id: &'static str,
    pub title: String,
    /// The figures in words.
    pub description: String,
    pub drawing: Drawing,
    pub legend: Vec<(Fill, String)>,
    pub table: Table,
    /// Where its figures can be had as a table for a spreadsheet.
    pub csv: String,
}

impl Picture {
    /// The fills with a pattern that it uses, each once.
    pub fn patterns(&self) -> Vec<Fill> {
        let drawn = self.drawing.shapes.iter().filter_map(|shape| match shape {
            Shape::Bar { fill, .. } => Some(*fill),
            _ => None,
        });
        let mut used: Vec<Fill> = drawn.chain(self.legend.iter().map(|(fill, _)| *fill)).collect();
        used.retain(|fill| fill.marks().is_some());
        used.sort_unstable();
        used.dedup();
        used
    }
}

/// Thousandths as a percentage: `125` is `12.5%`. Templates lend what they match.
pub fn percent(thousandths: impl std::borrow::Borrow<i64>) -> String {
    let thousandths = thousandths.borrow();
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// `part` of `whole` in thousandths, within 0 and 1000; something is never nothing.
pub fn thousandths(part: i64, whole: i64) -> i64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    let exact = i128::from(part) * 1000 / i128::from(whole);
    i64::try_from(exact).unwrap_or(1000).clamp(4, 1000)
}

/// A text in lines that fit a picture on a small telephone.
pub fn lines(text: &str) -> Vec<String> {
    /// Bold characters on the 250 pixels that a frame leaves of a small telephone.
    const FIT: usize = 28;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= FIT => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Writes a text from `y` on and answers where the next thing may begin.
fn written(shapes: &mut Vec<Shape>, y: i64, text: &str, is_strong: bool) -> i64 {
    const LINE: i64 = 19;
    let mut y = y;
    for text in lines(text) {
        shapes.push(Shape::Words { x: 0, y: y + 14, anchor: Anchor::Start, text, is_strong });
        y += LINE;
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_stay_inside_and_something_is_never_nothing() {
        for (part, whole, expected) in
            [(0, 10, 0), (1, 100_000, 4), (5, 10, 500), (30, 10, 1000), (3, 0, 0), (-1, 3, 0)]
        {
            assert_eq!(thousandths(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!(thousandths(i64::MAX, 1), 1000);
        assert_eq!(percent(125), "12.5%");
    }

    #[test]
    fn long_names_are_broken_between_words() {
        let broken = lines("Zes maanden betaald werk met ondersteuning bij een gewone werkgever");
        assert!(broken.len() == 3 && broken.iter().all(|line| line.chars().count() <= 28), "{broken:?}");
        assert_eq!(lines("  "), Vec::<String>::new());
    }
}
