//! Places: coordinates as people type them, the middles of the areas we know, and a simple drawing with the point on it.
//!
//! Coordinates are decimal degrees (WGS 84). They are kept and drawn as whole hundred-thousandths of a degree, about a metre.

/// One degree in the unit that is drawn.
const DEGREE: i64 = 100_000;
/// The Netherlands in Europe, with some room: south, north, west, east.
const SOUTH: i64 = 5_070_000;
const NORTH: i64 = 5_360_000;
const WEST: i64 = 330_000;
const EAST: i64 = 730_000;

/// The middle of each area that the drawing knows: code, latitude, longitude.
const MIDDLES: [(&str, &str, &str); 8] = [
    ("rotterdam", "51.92250", "4.47900"),
    ("delfshaven", "51.90900", "4.44600"),
    ("oud-mathenesse", "51.91650", "4.42800"),
    ("witte-dorp", "51.91350", "4.42400"),
    ("west", "51.91500", "4.44200"),
    ("noord", "51.93650", "4.47500"),
    ("zuid", "51.88600", "4.49500"),
    ("m4h", "51.90700", "4.42300"),
];

/// What the drawing shows: its edges in hundred-thousandths of a degree, and its size. A degree of longitude is as wide here as
/// 0.617 degrees of latitude are high (the cosine of 51.9 degrees).
const LEFT: i64 = 438_000;
const TOP: i64 = 5_197_000;
const DRAWN_WIDE: i64 = 22_000;
const DRAWN_HIGH: i64 = 12_000;
pub const WIDTH: i64 = 566;
pub const HEIGHT: i64 = 500;

/// A mark on the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dot {
    pub x: i64,
    pub y: i64,
    /// The code of an area; empty for the point itself.
    pub area: &'static str,
}

impl Dot {
    /// Where its name begins. The harbours lie so close to their neighbour that their name stands lower.
    pub fn name_x(&self) -> i64 {
        if self.area == "m4h" { self.x - 40 } else { self.x + 11 }
    }

    pub fn name_y(&self) -> i64 {
        if self.area == "m4h" { self.y + 28 } else { self.y + 5 }
    }
}

/// The middle of an area, for who chooses it instead of typing coordinates.
pub fn middle_of(area: &str) -> Option<(&'static str, &'static str)> {
    MIDDLES.iter().find(|(code, _, _)| *code == area).map(|(_, latitude, longitude)| (*latitude, *longitude))
}

/// The areas of the drawing. Those too close to another to be told apart are left out.
pub fn areas() -> Vec<Dot> {
    let shown = MIDDLES.iter().filter(|(code, _, _)| !matches!(*code, "west" | "witte-dorp"));
    shown.filter_map(|(code, latitude, longitude)| Some(Dot { area: code, ..dot(latitude, longitude)? })).collect()
}

/// Where stored coordinates lie on the drawing; nothing when they lie beside it.
pub fn dot(latitude: &str, longitude: &str) -> Option<Dot> {
    let (latitude, longitude) = (number(latitude)?, number(longitude)?);
    let x = (longitude - LEFT) * WIDTH / DRAWN_WIDE;
    let y = (TOP - latitude) * HEIGHT / DRAWN_HIGH;
    ((0..=WIDTH).contains(&x) && (0..=HEIGHT).contains(&y)).then_some(Dot { x, y, area: "" })
}

/// A latitude as typed (`51.9125`, `51,9125`) in its stored form, when it lies in the Netherlands.
pub fn latitude(typed: &str) -> Option<String> {
    number(typed).filter(|number| (SOUTH..=NORTH).contains(number)).map(stored)
}

/// A longitude likewise.
pub fn longitude(typed: &str) -> Option<String> {
    number(typed).filter(|number| (WEST..=EAST).contains(number)).map(stored)
}

/// Hundred-thousandths of a degree; digits beyond the fifth are dropped, they are less than a metre.
fn number(typed: &str) -> Option<i64> {
    let text: String = typed.trim().trim_end_matches(['°', 'N', 'E', 'O']).trim().replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 2 || fraction.len() > 20 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction: String = fraction.chars().chain("00000".chars()).take(5).collect();
    Some(whole.parse::<i64>().ok()? * DEGREE + fraction.parse::<i64>().ok()?)
}

fn stored(number: i64) -> String {
    format!("{}.{:05}", number / DEGREE, number % DEGREE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_read_in_both_notations_and_only_within_the_country() {
        assert_eq!(latitude("51,9125").as_deref(), Some("51.91250"));
        assert_eq!(latitude(" 51.912345678 ").as_deref(), Some("51.91234"));
        assert_eq!(longitude("4.4").as_deref(), Some("4.40000"));
        for wrong in ["", "4,4", "-51.9", "51.9.1", "1e2", "91", "51°54'", "vijftig", "٥١"] {
            assert_eq!(latitude(wrong), None, "{wrong}");
        }
        assert_eq!(longitude("51.9"), None);
    }

    #[test]
    fn every_middle_is_a_point_on_the_drawing() {
        for (code, north, east) in MIDDLES {
            assert_eq!(latitude(north).as_deref(), Some(north), "{code}");
            assert_eq!(longitude(east).as_deref(), Some(east), "{code}");
            assert!(dot(north, east).is_some(), "{code}");
        }
        assert_eq!(dot("53.20000", "6.56000"), None);
        assert_eq!(dot("", ""), None);
    }
}
