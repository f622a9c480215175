//! A sheet to draw on: 320 wide, 180 high, filled shapes in a handful of tones. Things that return in several scenes are here too.

use image::RgbImage;
use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

use crate::infra::error::{Error, Result};

/// Pixels to a unit of the sheet.
const SCALE: u16 = 3;
const WIDTH: u16 = 320;
const HEIGHT: u16 = 180;

/// Red, green, blue.
pub type Tone = [u8; 3];

pub const PAPER: Tone = [0xfd, 0xf6, 0xe6];
pub const SAND: Tone = [0xf0, 0xdc, 0xb4];
pub const SUN: Tone = [0xff, 0xc6, 0x2e];
pub const AMBER: Tone = [0xe0, 0x96, 0x24];
pub const BRICK: Tone = [0xb3, 0x4b, 0x2e];
pub const ROSE: Tone = [0xdf, 0x8a, 0x6c];
pub const WOOD: Tone = [0x9a, 0x62, 0x38];
pub const BARK: Tone = [0x5b, 0x3a, 0x1e];
pub const LEAF: Tone = [0x4d, 0x8a, 0x5a];
pub const MOSS: Tone = [0x2f, 0x62, 0x45];
pub const LIME: Tone = [0x9c, 0xc0, 0x6b];
pub const SKY: Tone = [0xbf, 0xde, 0xe4];
pub const WATER: Tone = [0x5f, 0xa3, 0xb3];
pub const TEAL: Tone = [0x1d, 0x6b, 0x7d];
pub const DEEP: Tone = [0x0b, 0x44, 0x52];
pub const STEEL: Tone = [0x8d, 0x9f, 0xa5];
pub const MIST: Tone = [0xdb, 0xe3, 0xe3];
pub const INK: Tone = [0x1b, 0x24, 0x26];
pub const WHITE: Tone = [0xff, 0xff, 0xff];

pub struct Sheet(Pixmap);

impl Sheet {
    /// A sheet of one tone.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn new(ground: Tone) -> Result<Sheet> {
        let pixels = Pixmap::new(u32::from(WIDTH * SCALE), u32::from(HEIGHT * SCALE));
        let mut pixels = pixels.ok_or_else(|| Error::broken("a drawing without size"))?;
        let [red, green, blue] = ground;
        pixels.fill(Color::from_rgba8(red, green, blue, 255));
        Ok(Sheet(pixels))
    }

    pub fn into_picture(self) -> Result<RgbImage> {
        let (width, height) = (self.0.width(), self.0.height());
        // nothing is see-through, so the colours stand as they are
        let rgb = self.0.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        RgbImage::from_raw(width, height, rgb).ok_or_else(|| Error::broken("a drawing with too few pixels"))
    }

    fn fill(&mut self, path: Option<Path>, tone: Tone) {
        if let Some(path) = path {
            self.0.fill_path(&path, &paint(tone), FillRule::Winding, scaled(), None);
        }
    }

    /// A rectangle from its upper left corner.
    pub fn block(&mut self, x: i16, y: i16, width: i16, height: i16, tone: Tone) {
        self.shape(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)], tone);
    }

    /// A rectangle with round corners.
    pub fn soft(&mut self, (x, y): (i16, i16), (width, height): (i16, i16), round: i16, tone: Tone) {
        let (right, bottom) = (x + width, y + height);
        let mut pen = PathBuilder::new();
        let at = |value: i16| f32::from(value);
        pen.move_to(at(x + round), at(y));
        pen.line_to(at(right - round), at(y));
        pen.quad_to(at(right), at(y), at(right), at(y + round));
        pen.line_to(at(right), at(bottom - round));
        pen.quad_to(at(right), at(bottom), at(right - round), at(bottom));
        pen.line_to(at(x + round), at(bottom));
        pen.quad_to(at(x), at(bottom), at(x), at(bottom - round));
        pen.line_to(at(x), at(y + round));
        pen.quad_to(at(x), at(y), at(x + round), at(y));
        pen.close();
        self.fill(pen.finish(), tone);
    }

    /// A disc around its middle.
    pub fn disc(&mut self, x: i16, y: i16, radius: i16, tone: Tone) {
        self.fill(PathBuilder::from_circle(f32::from(x), f32::from(y), f32::from(radius)), tone);
    }

    /// What lies between these corners.
    pub fn shape(&mut self, corners: &[(i16, i16)], tone: Tone) {
        let mut path = path_along(corners);
        path.close();
        self.fill(path.finish(), tone);
    }

    /// A line through these points, with round ends.
    pub fn line(&mut self, points: &[(i16, i16)], width: i16, tone: Tone) {
        self.stroke(path_along(points).finish(), width, tone);
    }

    /// The edge of a disc.
    pub fn ring(&mut self, x: i16, y: i16, radius: i16, width: i16, tone: Tone) {
        self.stroke(PathBuilder::from_circle(f32::from(x), f32::from(y), f32::from(radius)), width, tone);
    }

    fn stroke(&mut self, path: Option<Path>, width: i16, tone: Tone) {
        let pen = Stroke {
            width: f32::from(width),
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        if let Some(path) = path {
            self.0.stroke_path(&path, &paint(tone), &pen, scaled(), None);
        }
    }

    /// A window with four panes, and what is behind it.
    pub fn window(&mut self, x: i16, y: i16, width: i16, height: i16, behind: Tone) {
        self.block(x - 3, y - 3, width + 6, height + 6, WHITE);
        self.block(x, y, width, height, behind);
        self.block(x + width / 2 - 1, y, 2, height, WHITE);
        self.block(x, y + height / 3, width, 2, WHITE);
        self.block(x - 6, y + height + 3, width + 12, 4, MIST);
    }

    /// A lamp on a cord from above, with its light.
    pub fn lamp(&mut self, x: i16, y: i16, tone: Tone) {
        self.line(&[(x, 0), (x, y)], 1, INK);
        self.shape(&[(x - 6, y), (x + 6, y), (x + 17, y + 14), (x - 17, y + 14)], tone);
        self.disc(x, y + 15, 5, SUN);
    }

    /// A tree from where it stands.
    pub fn tree(&mut self, x: i16, y: i16, size: i16) {
        self.block(x - size / 10, y - size, size / 5, size, BARK);
        self.disc(x, y - size - size / 3, size * 2 / 3, LEAF);
        self.disc(x + size / 2, y - size, size / 2, LIME);
        self.disc(x - size / 2, y - size, size / 2, MOSS);
    }

    /// A plant in a pot.
    pub fn plant(&mut self, x: i16, y: i16) {
        for (dx, dy, tone) in [(-9, -26, MOSS), (9, -27, LEAF), (-4, -36, LEAF), (5, -38, LIME)] {
            self.line(&[(x, y - 12), (x + dx, y + dy)], 6, tone);
        }
        self.shape(&[(x - 9, y - 14), (x + 9, y - 14), (x + 6, y), (x - 6, y)], BRICK);
    }
}

fn path_along(points: &[(i16, i16)]) -> PathBuilder {
    let mut path = PathBuilder::new();
    for (place, (x, y)) in points.iter().enumerate() {
        match place {
            0 => path.move_to(f32::from(*x), f32::from(*y)),
            _ => path.line_to(f32::from(*x), f32::from(*y)),
        }
    }
    path
}

fn paint(tone: Tone) -> Paint<'static> {
    let [red, green, blue] = tone;
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

fn scaled() -> Transform {
    Transform::from_scale(f32::from(SCALE), f32::from(SCALE))
}
