//! A day and a time as people type them, and the instant that is meant in Amsterdam. In the night the clock changes, an hour is
//! missing or is there twice: such a time is refused, because it is no instant or could be two.

use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::AmbiguousOffset;

use crate::values::Timestamp;
use crate::values::time::{amsterdam, read_day};

/// Why a day and a time are no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalTimeError {
    NotADay,
    NotATime,
    /// The clock goes forward over it.
    Missing,
    /// The clock goes back, so that it comes twice.
    Twice,
}

/// The instant of a day (`2026-10-03`, `3-10-2026`) and a time (`17:00`, `17.00`, `17`) in Amsterdam.
///
/// # Errors
/// What is wrong; the caller has a sentence for each.
pub fn instant(day: &str, time: &str) -> Result<Timestamp, LocalTimeError> {
    let day = read_day(day).ok_or(LocalTimeError::NotADay)?;
    let date = Date::from_str(&day).map_err(|_| LocalTimeError::NotADay)?;
    let (hour, minute) = read_time(time).ok_or(LocalTimeError::NotATime)?;
    let meant = amsterdam().to_ambiguous_timestamp(date.at(hour, minute, 0, 0));
    match meant.offset() {
        AmbiguousOffset::Gap { .. } => Err(LocalTimeError::Missing),
        AmbiguousOffset::Fold { .. } => Err(LocalTimeError::Twice),
        AmbiguousOffset::Unambiguous { .. } => {
            let at = meant.unambiguous().map_err(|_| LocalTimeError::NotADay)?;
            Ok(Timestamp::from_millis(at.as_millisecond()))
        }
    }
}

/// Day and time of an instant as a form shows them: `2026-10-03`, `17:00`.
pub fn typed(at: Timestamp) -> (String, String) {
    let (_, _, _, hour, minute, _) = at.parts();
    (at.day(), format!("{hour:02}:{minute:02}"))
}

/// The same time in Amsterdam so many days later, also when the clock changes between.
pub fn same_time_after(at: Timestamp, days: i64) -> Timestamp {
    let later = || {
        let local = jiff::Timestamp::from_millisecond(at.millis()).ok()?.to_zoned(amsterdam());
        local.checked_add(Span::new().try_days(days).ok()?).ok()
    };
    later().map_or_else(|| at.plus_days(days), |then| Timestamp::from_millis(then.timestamp().as_millisecond()))
}

fn read_time(text: &str) -> Option<(i8, i8)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((&text, "00"));
    let number = |piece: &str, least: usize| {
        ((least..=2).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit())).then(|| piece.parse().ok())?
    };
    let (hour, minute): (i8, i8) = (number(hour, 1)?, number(minute, 2)?);
    (hour < 24 && minute < 60).then_some((hour, minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f86_a_time_that_is_missing_or_there_twice_in_the_night_of_the_clock_change_is_refused() {
        assert_eq!(instant("2026-10-25", "02:30"), Err(LocalTimeError::Twice));
        assert_eq!(instant("2027-03-28", "2.30"), Err(LocalTimeError::Missing));
        for (day, time, utc) in [
            ("2026-10-25", "01:59", "2026-10-24T23:59:00.000Z"),
            ("2026-10-25", "03:00", "2026-10-25T02:00:00.000Z"),
            ("28-3-2027", "1.59", "2027-03-28T00:59:00.000Z"),
            ("28/3/2027", "3", "2027-03-28T01:00:00.000Z"),
            ("2026-07-01", " 17 : 00 ", "2026-07-01T15:00:00.000Z"),
        ] {
            assert_eq!(instant(day, time).map(|at| at.to_string()).as_deref(), Ok(utc), "{day} {time}");
        }
    }

    #[test]
    fn what_is_no_day_or_no_time_is_said_apart() {
        for time in ["", "24:00", "17:60", "17:0", "170:00", "half vijf", "-1:00", "١٧:٠٠", "17:00:00"] {
            assert_eq!(instant("2026-10-03", time), Err(LocalTimeError::NotATime), "{time}");
        }
        assert_eq!(instant("2026-02-30", "17:00"), Err(LocalTimeError::NotADay));
        let at = instant("2026-10-03", "9:05").unwrap();
        assert_eq!(typed(at), ("2026-10-03".to_owned(), "09:05".to_owned()));
    }

    #[test]
    fn f86_days_later_is_the_same_time_of_the_clock() {
        let at = instant("2026-10-20", "17:00").unwrap();
        assert_eq!(same_time_after(at, 30), instant("2026-11-19", "17:00").unwrap());
        assert_eq!(same_time_after(at, 30).seconds() - at.seconds(), 30 * 86_400 + 3_600);
    }
}
