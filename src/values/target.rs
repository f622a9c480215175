//! Days on which banks settle euros among each other: the TARGET calendar of the European Central Bank. Closed are Saturdays and
//! Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.

use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::values::holidays::easter;

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
}
