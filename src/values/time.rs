//! Moments and days. A moment is kept to the millisecond, in UTC; people see Amsterdam's time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Unit, Zoned};

use crate::values::Lang;
use crate::values::holidays::is_dutch_holiday;

/// A moment to the millisecond. Its text form has a fixed width, so that text order is time order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

const NL_MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const EN_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const NL_DAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
const EN_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The time zone of every date a person sees or types.
pub fn amsterdam() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").expect("the time zones are part of the program")
}

impl Timestamp {
    /// The moment this many milliseconds after 1 January 1970 UTC; clamped to the years jiff knows.
    pub fn from_millis(millis: i64) -> Timestamp {
        Timestamp(jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX))
    }

    pub fn from_seconds(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds.saturating_mul(1000))
    }

    pub fn millis(self) -> i64 {
        self.0.as_millisecond()
    }

    pub fn seconds(self) -> i64 {
        self.0.as_second()
    }

    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(jiff::Timestamp::MAX))
    }

    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Timestamp {
        Timestamp::from_millis(self.millis().saturating_add(millis))
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Timestamp {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Whole days from `self` to `later`, rounded up; 0 when it lies behind us.
    pub fn days_until(self, later: Timestamp) -> i64 {
        let millis = later.millis() - self.millis();
        if millis <= 0 { 0 } else { (millis + 86_399_999) / 86_400_000 }
    }

    fn local(self) -> Zoned {
        self.0.to_zoned(amsterdam())
    }

    /// The day in Amsterdam, `2026-10-03`.
    pub fn day(self) -> String {
        self.local().date().to_string()
    }

    /// `3 oktober 2026`.
    pub fn show_date(self, lang: Lang) -> String {
        show_day(self.local().date(), lang)
    }

    /// `zaterdag 3 oktober 2026 om 17.00 uur`.
    pub fn show_moment(self, lang: Lang) -> String {
        let local = self.local();
        let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        let date = self.show_date(lang);
        let (hour, minute) = (local.hour(), local.minute());
        match lang {
            Lang::Nl => format!("{} {date} om {hour}.{minute:02} uur", NL_DAYS[weekday]),
            Lang::En => format!("{} {date} at {hour}:{minute:02}", EN_DAYS[weekday]),
        }
    }

    /// `3 okt 2026 17.00`: a moment in a table.
    pub fn show_briefly(self, lang: Lang) -> String {
        let local = self.local();
        let month = match (lang, local.month()) {
            (Lang::Nl, 3) => "mrt", // as Dutch shortens maart
            _ => month_name(local.date(), lang).get(..3).unwrap_or_default(),
        };
        let (day, year, hour, minute) = (local.day(), local.year(), local.hour(), local.minute());
        let between = if lang == Lang::Nl { '.' } else { ':' };
        format!("{day} {month} {year} {hour}{between}{minute:02}")
    }

    /// Year, month, day, hour, minute and second in Amsterdam, for tables that keep dates as such.
    pub fn parts(self) -> (i16, i8, i8, i8, i8, i8) {
        let local = self.local();
        (local.year(), local.month(), local.day(), local.hour(), local.minute(), local.second())
    }

    /// The instant at which a day begins in Amsterdam (00:00 there), for `2026-10-03`.
    pub fn start_of_day(day: &str) -> Option<Timestamp> {
        let date = Date::from_str(day).ok()?;
        let zoned = date.to_zoned(amsterdam()).ok()?;
        Some(Timestamp(zoned.timestamp()))
    }

    /// The next moment at which it is this hour in Amsterdam, after this one. In the night the clock changes, an hour that is
    /// there twice counts once, and for one that is missing comes the hour after it.
    #[must_use]
    pub fn next_hour(self, hour: i8) -> Timestamp {
        let local = self.local();
        let at = |date: Date| date.at(hour, 0, 0, 0).to_zoned(amsterdam()).map(|zoned| Timestamp(zoned.timestamp()));
        match at(local.date()) {
            Ok(today) if today > self => today,
            _ => local.date().tomorrow().and_then(at).unwrap_or_else(|_| self.plus_days(1)),
        }
    }

    /// The latest moment, not after this one, at which it was this hour in Amsterdam; as [`next_hour`](Timestamp::next_hour) in the nights
    /// the clock changes.
    #[must_use]
    pub fn last_hour(self, hour: i8) -> Timestamp {
        self.plus_days(-2).hours_until(self, hour).unwrap_or_else(|| self.plus_days(-1))
    }

    /// The latest moment, not after this one, at which it was this hour on a Monday in Amsterdam.
    #[must_use]
    pub fn last_monday_hour(self, hour: i8) -> Timestamp {
        let last = self.last_hour(hour);
        let days = i64::from(last.local().weekday().to_monday_zero_offset());
        let monday = last.local().date().saturating_sub(jiff::Span::new().days(days));
        let at = monday.at(hour, 0, 0, 0).to_zoned(amsterdam());
        at.map_or_else(|_| last.plus_days(-days), |zoned| Timestamp(zoned.timestamp()))
    }

    /// The week in Amsterdam as ISO 8601 numbers them, `2026-W48`.
    pub fn week(self) -> String {
        let week = self.local().date().iso_week_date();
        format!("{:04}-W{:02}", week.year(), week.week())
    }

    /// The last of the moments at this hour after `self` that is not after `end`.
    fn hours_until(self, end: Timestamp, hour: i8) -> Option<Timestamp> {
        let next = |moment: &Timestamp| Some(moment.next_hour(hour)).filter(|next| *next <= end);
        std::iter::successors(next(&self), next).last()
    }

    /// The last moment of the day in Amsterdam that is this many days later.
    #[must_use]
    pub fn end_of_day_after(self, days: i64) -> Timestamp {
        self.end_after(days, |_| true)
    }

    /// The last moment in Amsterdam of the working day (Monday to Friday, no public holiday) that is this many working days later; the
    /// day itself does not count.
    #[must_use]
    pub fn end_of_working_day_after(self, days: i64) -> Timestamp {
        let works = |date: Date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.end_after(days, |date| works(date) && !is_dutch_holiday(date))
    }

    fn end_after(self, days: i64, counts: impl Fn(Date) -> bool) -> Timestamp {
        let (mut date, mut left) = (self.local().date(), days);
        while left > 0 {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            left -= i64::from(counts(date));
        }
        let next = date.tomorrow().and_then(|next| next.to_zoned(amsterdam()));
        next.map_or_else(|_| self.plus_days(days), |next| Timestamp(next.timestamp()).plus_millis(-1))
    }

    /// The `Date` header's form (RFC 5322).
    pub fn rfc2822(self) -> String {
        self.local().strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
    }
}

/// A civil date as people write it: `3 oktober 2026`.
pub fn show_day(date: Date, lang: Lang) -> String {
    format!("{} {} {}", date.day(), month_name(date, lang), date.year())
}

fn month_name(date: Date, lang: Lang) -> &'static str {
    let month = usize::try_from(date.month() - 1).unwrap_or(0);
    match lang {
        Lang::Nl => NL_MONTHS[month],
        Lang::En => EN_MONTHS[month],
    }
}

/// A stored day (`2026-10-03`) as people write it; the stored text when it is none.
pub fn show_stored_day(day: &str, lang: Lang) -> String {
    Date::from_str(day).map_or_else(|_| day.to_owned(), |date| show_day(date, lang))
}

/// A day as people type it, `2026-10-03` (also what a date field sends), `3-10-2026` or `3/10/2026`, in its stored form.
pub fn read_day(typed: &str) -> Option<String> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if is_day(&text) {
        return Some(text);
    }
    let mut pieces = text.split(['-', '/', '.']);
    let (day, month, year) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let digits =
        |piece: &str, most: usize| (1..=most).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
    if pieces.next().is_some() || !digits(day, 2) || !digits(month, 2) || year.len() != 4 || !digits(year, 4) {
        return None;
    }
    let stored = format!("{year}-{month:0>2}-{day:0>2}");
    is_day(&stored).then_some(stored)
}

/// The stored day this many months later (earlier when negative); the last of the month where it has no such day.
pub fn months_after(day: &str, months: i64) -> Option<String> {
    let date = Date::from_str(day).ok()?;
    let span = jiff::Span::new().try_months(months).ok()?;
    date.checked_add(span).ok().map(|date| date.to_string())
}

/// The stored day this many days later; earlier when negative.
pub fn days_after(day: &str, days: i64) -> Option<String> {
    let date = Date::from_str(day).ok()?;
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(|date| date.to_string())
}

/// Whether the text is a day of the calendar written `2026-10-03`.
pub fn is_day(text: &str) -> bool {
    text.len() == 10 && Date::from_str(text).is_ok_and(|date| date.to_string() == text)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"))
    }
}

/// The text is not a moment of the fixed form.
#[derive(Debug, thiserror::Error)]
#[error("not a moment: {0}")]
pub struct NotAMoment(String);

impl FromStr for Timestamp {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Timestamp, NotAMoment> {
        let wrong = || NotAMoment(text.chars().take(40).collect());
        let moment: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        let moment = moment.round(Unit::Millisecond).map_err(|_| wrong())?;
        Ok(Timestamp(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_has_a_fixed_width_and_is_read_back() {
        let moment: Timestamp = "2026-01-31T09:30:00.000Z".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-01-31T09:30:00.000Z");
        assert_eq!(moment.plus_millis(7).to_string(), "2026-01-31T09:30:00.007Z");
        assert!("tomorrow".parse::<Timestamp>().is_err());
    }

    #[test]
    fn a_moment_in_a_table_is_short() {
        let (march, may): (Timestamp, Timestamp) =
            ("2026-03-01T12:05:00.000Z".parse().unwrap(), "2026-05-31T22:30:00.000Z".parse().unwrap());
        assert_eq!(
            [march.show_briefly(Lang::Nl), march.show_briefly(Lang::En)],
            ["1 mrt 2026 13.05", "1 Mar 2026 13:05"]
        );
        assert_eq!([may.show_briefly(Lang::Nl), may.show_briefly(Lang::En)], ["1 jun 2026 0.30", "1 Jun 2026 0:30"]);
    }

    #[test]
    fn f86_people_see_amsterdam_also_in_the_night_the_clock_goes_back() {
        let before: Timestamp = "2026-10-25T00:30:00.000Z".parse().unwrap();
        let after: Timestamp = "2026-10-25T01:30:00.000Z".parse().unwrap();
        assert_eq!(before.show_moment(Lang::Nl), "zondag 25 oktober 2026 om 2.30 uur");
        assert_eq!(after.show_moment(Lang::Nl), "zondag 25 oktober 2026 om 2.30 uur");
        assert!(before < after);
        let start = Timestamp::start_of_day("2026-10-25").unwrap();
        assert_eq!(start.to_string(), "2026-10-24T22:00:00.000Z");
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        for (typed, stored) in
            [("2026-10-03", "2026-10-03"), ("3-10-2026", "2026-10-03"), (" 03 / 10 / 2026 ", "2026-10-03")]
        {
            assert_eq!(read_day(typed).as_deref(), Some(stored), "{typed}");
        }
        for wrong in
            ["", "2026-02-30", "31-4-2026", "3-10-26", "10/2026", "1-2-3-2026", "a-b-2026", "٣-10-2026", "2026-1-1-1"]
        {
            assert_eq!(read_day(wrong), None, "{wrong}");
        }
        assert_eq!(months_after("2026-08-31", 6).as_deref(), Some("2027-02-28"));
        assert_eq!(months_after("2026-08-31", -12).as_deref(), Some("2025-08-31"));
        assert_eq!(months_after("soon", 1), None);
    }

    #[test]
    fn f86_terms_end_with_their_last_day_in_amsterdam_also_over_a_weekend_and_a_change_of_the_clock() {
        let end = |from: &str, days: i64| from.parse::<Timestamp>().unwrap().end_of_working_day_after(days).to_string();
        // a Thursday: Friday, Monday, Tuesday
        assert_eq!(end("2026-11-26T09:00:00.000Z", 3), "2026-12-01T22:59:59.999Z");
        // a Saturday night that is Sunday in Amsterdam: Monday, Tuesday, Wednesday
        assert_eq!(end("2026-11-28T23:30:00.000Z", 3), "2026-12-02T22:59:59.999Z");
        // the night from summer to winter lies between
        assert_eq!(end("2026-10-23T10:00:00.000Z", 1), "2026-10-26T22:59:59.999Z");
        // Christmas Day is a Friday and its second day a Saturday: Thursday, Monday, Tuesday
        assert_eq!(end("2026-12-23T10:00:00.000Z", 3), "2026-12-29T22:59:59.999Z");
        // Good Friday and Easter Monday: Thursday, Tuesday, Wednesday
        assert_eq!(end("2027-03-24T10:00:00.000Z", 3), "2027-03-31T21:59:59.999Z");
        let calendar: Timestamp = "2026-10-23T10:00:00.000Z".parse().unwrap();
        assert_eq!(calendar.end_of_day_after(5).to_string(), "2026-10-28T22:59:59.999Z");
        assert_eq!(calendar.end_of_day_after(1).to_string(), "2026-10-24T21:59:59.999Z");
    }

    #[test]
    fn days_left_count_a_begun_day_as_one() {
        let now: Timestamp = "2026-01-01T12:00:00.000Z".parse().unwrap();
        assert_eq!(now.days_until(now.plus_seconds(1)), 1);
        assert_eq!(now.days_until(now.plus_days(2)), 2);
        assert_eq!(now.days_until(now.plus_days(-1)), 0);
    }
}
