//! Days on which nobody in the Netherlands has to be at work, so that no term is counted by them.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Easter Sunday by the Gregorian calendar (the anonymous method, as in Meeus, Astronomical Algorithms, chapter 8).
pub fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let (golden, century, of_century) = (year_number % 19, year_number / 100, year_number % 100);
    let correction = (century + 8) / 25;
    let moon = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
    let week = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let shift = (golden + 11 * moon + 22 * week) / 451;
    let days = moon + week - 7 * shift + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

/// Whether a day is one of the generally recognised public holidays of the Algemene termijnenwet, article 3: New Year's Day, Easter
/// Monday, Ascension Day, Whit Monday, both days of Christmas, the day on which the King's birthday is celebrated and 5 May, each
/// year (only agreements about work speak of one year in five); and Good Friday, which its second paragraph puts on a par. Easter
/// Sunday and Whit Sunday are Sundays. Days that a decree puts on a par for a few years are left out.
pub fn is_dutch_holiday(date: Date) -> bool {
    if matches!((date.month(), date.day()), (1, 1) | (5, 5) | (12, 25 | 26)) || Some(date) == kings_day(date.year()) {
        return true;
    }
    let since_easter = easter(date.year()).map(|easter| (date - easter).get_days());
    matches!(since_easter, Some(-2 | 1 | 39 | 50))
}

/// The King was born on 27 April; when that is a Sunday, his birthday is celebrated the day before. Before him, until 2013, it was
/// the Queen's day, which no term of ours reaches.
fn kings_day(year: i16) -> Option<Date> {
    let born = Date::new(year, 4, 27).ok()?;
    if born.weekday() == Weekday::Sunday { born.checked_sub(1.day()).ok() } else { Some(born) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_calendar_says() {
        for (year, day) in [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2038, "2038-04-25")] {
            assert_eq!(easter(year).map(|date| date.to_string()).as_deref(), Some(day));
        }
    }

    #[test]
    fn f86_the_holidays_of_the_law_are_known_and_no_other_day_is_one() {
        let of = |year: i16| -> Vec<String> {
            let first = Date::new(year, 1, 1).unwrap();
            let days = (0..366).filter_map(|day| first.checked_add(day.days()).ok());
            let days = days.filter(|day| day.year() == year && is_dutch_holiday(*day));
            days.map(|day| day.to_string().split_off(5)).collect()
        };
        let fixed = |moving: [&str; 5]| {
            let [good_friday, easter_monday, king, ascension, whit_monday] = moving.map(str::to_owned);
            let mut days = vec!["01-01".to_owned(), good_friday, easter_monday, king, "05-05".to_owned()];
            days.extend([ascension, whit_monday, "12-25".to_owned(), "12-26".to_owned()]);
            days
        };
        assert_eq!(of(2026), fixed(["04-03", "04-06", "04-27", "05-14", "05-25"]));
        assert_eq!(of(2027), fixed(["03-26", "03-29", "04-27", "05-06", "05-17"]));
        // the King's birthday is a Sunday
        assert_eq!(of(2025), fixed(["04-18", "04-21", "04-26", "05-29", "06-09"]));
        assert_eq!(of(2031), fixed(["04-11", "04-14", "04-26", "05-22", "06-02"]));
        // Ascension Day on 5 May
        assert_eq!(of(2016).len(), 8);
    }
}
