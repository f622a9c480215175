//! Days on which banks settle euros among each other: the TARGET calendar of the European Central Bank. Closed are Saturdays and
//! Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.

use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The first day after this one on which banks settle; both as `2026-10-03`. The same day when it is no day.
pub fn next_banking_day(day: &str) -> String {
    let Ok(mut date) = Date::from_str(day) else { return day.to_owned() };
    loop {
        let Ok(next) = date.checked_add(1.day()) else { return day.to_owned() };
        date = next;
        if is_open(date) {
            return date.to_string();
        }
    }
}

fn is_open(date: Date) -> bool {
    if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return false;
    }
    if matches!((date.month(), date.day()), (1, 1) | (5, 1) | (12, 25 | 26)) {
        return false;
    }
    let since_easter = easter(date.year()).map(|easter| (date - easter).get_days());
    !matches!(since_easter, Some(-2 | 1))
}

/// Easter Sunday by the Gregorian calendar (the anonymous method, as in Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let (golden, century, of_century) = (year_number % 19, year_number / 100, year_number % 100);
    let correction = (century + 8) / 25;
    let moon = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
    let week = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let shift = (golden + 11 * moon + 22 * week) / 451;
    let days = moon + week - 7 * shift + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_does_not_move_on_weekends_and_holidays_of_the_banks() {
        for (day, next) in [
            ("2026-11-25", "2026-11-26"),
            ("2026-11-27", "2026-11-30"),
            ("2026-12-24", "2026-12-28"),
            ("2026-12-31", "2027-01-04"),
            ("2026-04-02", "2026-04-07"),
            ("2027-03-25", "2027-03-30"),
            ("2026-04-30", "2026-05-04"),
            ("2028-02-28", "2028-02-29"),
        ] {
            assert_eq!(next_banking_day(day), next, "after {day}");
        }
    }

    #[test]
    fn easter_falls_where_the_calendar_says() {
        for (year, day) in [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2038, "2038-04-25")] {
            assert_eq!(easter(year).map(|date| date.to_string()).as_deref(), Some(day));
        }
    }
}
