//! A text as a QR picture: an SVG path of attributes only, because the content policy forbids inline styles.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// The blank border that readers need around the code, in modules (ISO/IEC 18004, section 6.3.8).
const QUIET: usize = 4;

/// A picture for the template `macros/qr.html`.
#[derive(Debug, Clone)]
pub struct Qr {
    /// The side of the picture in modules, border included: the `viewBox`.
    pub side: usize,
    /// The dark modules as an SVG path.
    pub path: String,
    /// The same as rows of dark modules: row, first column, how many.
    pub runs: Vec<(usize, usize, usize)>,
}

impl Qr {
    /// The picture of a text; nothing when it is too long for a QR code (over 2,300 bytes).
    pub fn of(text: &str) -> Option<Qr> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        let mut runs = Vec::new();
        for (row, modules) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            while column < width {
                let run = modules[column..].iter().take_while(|m| **m == Color::Dark).count();
                if run > 0 {
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
                    runs.push((row + QUIET, column + QUIET, run));
                }
                column += run.max(1);
            }
        }
        Some(Qr { side: width + 2 * QUIET, path, runs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finder_pattern_stands_in_the_corner_behind_the_border() {
        let qr = Qr::of("otpauth://totp/Drempel:a@b.nl").unwrap();
        assert!(qr.path.starts_with("M4 4h7v1h-7z"));
        assert_eq!((qr.side - 8 - 17) % 4, 0);
        assert!(Qr::of(&"x".repeat(3_000)).is_none());
    }
}
