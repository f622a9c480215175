//! The font of papers: which letters it has, and how wide they are. It has no kerning, so a text is as wide as its letters.

use krilla::text::Font;

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
}
