//! Pictures that the program draws itself, of rectangles and words, written as PNG. Lengths are pixels, counted from the upper left
//! corner.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};
use ttf_parser::OutlineBuilder;

use crate::infra::error::{Error, Result};
use crate::infra::pdf::font::Face;

/// Red, green, blue.
pub type Tone = [u8; 3];

pub struct Drawing {
    pixels: Pixmap,
    faces: [Face; 2],
}

impl Drawing {
    /// An empty picture.
    ///
    /// # Errors
    /// A side is zero.
    pub fn new(width: u16, height: u16, ground: Tone) -> Result<Drawing> {
        let mut pixels =
            Pixmap::new(u32::from(width), u32::from(height)).ok_or_else(|| Error::broken("a picture without size"))?;
        let [red, green, blue] = ground;
        pixels.fill(Color::from_rgba8(red, green, blue, 255));
        Ok(Drawing { pixels, faces: [Face::regular()?, Face::bold()?] })
    }

    /// A filled rectangle; none where it has no width or height.
    pub fn bar(&mut self, x: u16, y: u16, width: u16, height: u16, tone: Tone) {
        let bar = Rect::from_xywh(f32::from(x), f32::from(y), f32::from(width), f32::from(height));
        if let Some(bar) = bar {
            self.pixels.fill_rect(bar, &paint(tone), Transform::identity(), None);
        }
    }

    /// The lines of a text that fit a width, at most so many; what does not fit any more is left out and marked.
    pub fn lines(&self, text: &str, width: u16, size: u16, bold: bool, most: usize) -> Vec<String> {
        let face = &self.faces[usize::from(bold)];
        let mut lines = face.lines(&face.known(text), hundredths(width), hundredths(size));
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = format!("{}...", last.trim_end());
            }
        }
        lines
    }

    /// One line of words; `y` is where the letters stand.
    pub fn words(&mut self, x: u16, y: u16, size: u16, bold: bool, tone: Tone, text: &str) {
        let face = &self.faces[usize::from(bold)];
        let text = face.known(text);
        let mut before = String::new();
        for letter in text.chars() {
            let left = face.width(&before, hundredths(size));
            let place = placed(left, x, y, size, face.units());
            let mut pen = Pen(PathBuilder::new());
            face.outline(letter, &mut pen);
            let outline: Option<Path> = pen.0.finish();
            if let Some(outline) = outline {
                self.pixels.fill_path(&outline, &paint(tone), FillRule::Winding, place, None);
            }
            before.push(letter);
        }
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// It could not be written.
    pub fn png(&self) -> Result<Vec<u8>> {
        let mut file = Cursor::new(Vec::new());
        // nothing is see-through, so the colours stand as they are
        PngEncoder::new(&mut file)
            .write_image(self.pixels.data(), self.pixels.width(), self.pixels.height(), ExtendedColorType::Rgba8)
            .map_err(Error::broken)?;
        Ok(file.into_inner())
    }
}

fn paint(tone: Tone) -> Paint<'static> {
    let [red, green, blue] = tone;
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

fn hundredths(pixels: u16) -> i32 {
    i32::from(pixels) * 100
}

/// How the units of a font come to stand on the picture: made smaller, turned upside down, and moved.
#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "a place on a picture, never an amount")]
fn placed(left_hundredths: i32, x: u16, y: u16, size: u16, units: u16) -> Transform {
    let scale = f32::from(size) / f32::from(units);
    let left = f32::from(x) + left_hundredths as f32 / 100.0;
    Transform::from_row(scale, 0.0, 0.0, -scale, left, f32::from(y))
}

/// Follows the outline of a letter.
struct Pen(PathBuilder);

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_words_are_drawn_where_they_are_wanted() {
        let mut drawing = Drawing::new(200, 100, [255, 255, 255]).unwrap();
        drawing.bar(10, 10, 20, 20, [0, 0, 0]);
        drawing.words(100, 90, 40, true, [255, 0, 0], "M");
        let picture = image::load_from_memory(&drawing.png().unwrap()).unwrap().into_rgb8();
        assert_eq!((picture.width(), picture.height()), (200, 100));
        assert_eq!(picture.get_pixel(15, 15).0, [0, 0, 0]);
        assert_eq!(picture.get_pixel(50, 50).0, [255, 255, 255]);
        let is_red = |(x, _, pixel): &(u32, u32, &image::Rgb<u8>)| *x >= 100 && pixel.0 == [255, 0, 0];
        let red: Vec<_> = picture.enumerate_pixels().filter(is_red).collect();
        assert!(red.len() > 100, "{}", red.len());
        assert!(red.iter().all(|(_, y, _)| (50..=90).contains(y)));
    }

    #[test]
    fn a_long_text_is_cut_and_marked() {
        let drawing = Drawing::new(10, 10, [0, 0, 0]).unwrap();
        let lines = drawing.lines(&"woord ".repeat(50), 300, 40, false, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with("..."));
    }
}
