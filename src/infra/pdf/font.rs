//! The font of papers and drawn pictures: which letters it has, how wide they are, and what they look like. It has no kerning, so a text is as wide as its letters.

use krilla::text::Font;
use ttf_parser::OutlineBuilder;

use crate::infra::error::{Error, Result};

static REGULAR: &[u8] = include_bytes!("paper-sans-regular.ttf");
static BOLD: &[u8] = include_bytes!("paper-sans-bold.ttf");
/// Stands for a letter that the font does not have.
const UNKNOWN: char = '?';

/// One weight of the font.
pub struct Face {
    pub font: Font,
    reader: ttf_parser::Face<'static>,
}

impl Face {
    pub fn regular() -> Result<Face> {
        Face::open(REGULAR)
    }

    pub fn bold() -> Result<Face> {
        Face::open(BOLD)
    }

    fn open(bytes: &'static [u8]) -> Result<Face> {
        let reader = ttf_parser::Face::parse(bytes, 0).map_err(Error::broken)?;
        let font = Font::new(bytes.to_vec().into(), 0).ok_or_else(|| Error::broken("the font of papers is broken"))?;
        Ok(Face { font, reader })
    }

    /// The text with letters the font has: no others may stand in an accessible document.
    pub fn known(&self, text: &str) -> String {
        text.chars().map(|c| if self.reader.glyph_index(c).is_some() { c } else { UNKNOWN }).collect()
    }

    /// How wide a text is at a size, both in hundredths of a point.
    pub fn width(&self, text: &str, size: i32) -> i32 {
        let advance = |c: char| {
            let glyph = self.reader.glyph_index(c)?;
            self.reader.glyph_hor_advance(glyph).map(i64::from)
        };
        let units: i64 = text.chars().filter_map(advance).sum();
        let width = units * i64::from(size) / i64::from(self.reader.units_per_em());
        i32::try_from(width).unwrap_or(i32::MAX)
    }

    /// Lines that fit a width. All but the last end with the blank they were broken at, so that words stay apart for readers.
    pub fn lines(&self, text: &str, width: i32, size: i32) -> Vec<String> {
        let fits = |text: &str| self.width(text, size) <= width;
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if fits(&longer) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(format!("{line} "));
            }
            line = String::new();
            for letter in word.chars() {
                line.push(letter);
                if !fits(&line) && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Follows the outline of a letter with a pen, in units of which [`Face::units`] make one size; y grows upwards.
    pub fn outline(&self, letter: char, pen: &mut dyn OutlineBuilder) {
        if let Some(glyph) = self.reader.glyph_index(letter) {
            self.reader.outline_glyph(glyph, pen);
        }
    }

    pub fn units(&self) -> u16 {
        self.reader.units_per_em()
    }
}
