//! Money in whole cents and Rikx in whole hundredths. Integers only: no amount is ever rounded.

use std::fmt;
use std::iter::Sum;

use crate::values::Lang;

/// An amount of euros in cents. Arithmetic that could overflow goes through the `checked_` functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

/// A number of Rikx in hundredths: `Rikx(186_400)` is 1864.00 Rikx.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rikx(pub i64);

/// The largest amount anybody may type: ten million euros. Far above any project, far below an overflow.
pub const LARGEST_INPUT: Cents = Cents(1_000_000_000);

/// Why a typed amount is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    Empty,
    /// Something else than digits, one sign for the decimals and signs between thousands.
    NotANumber,
    /// `1.000` is a thousand in Dutch and one in English: it has to be written otherwise.
    Ambiguous,
    Negative,
    TooLarge,
}

impl Cents {
    pub const ZERO: Cents = Cents(0);

    pub fn checked_add(self, other: Cents) -> Option<Cents> {
        self.0.checked_add(other.0).map(Cents)
    }

    pub fn checked_sub(self, other: Cents) -> Option<Cents> {
        self.0.checked_sub(other.0).map(Cents)
    }

    pub fn negated(self) -> Cents {
        Cents(-self.0)
    }

    /// Euros as a person reads them: `€ 1.864,50` in Dutch, `€1,864.50` in English; whole euros without decimals.
    pub fn show(self, lang: Lang) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        let euros = grouped(cents / 100, lang);
        let rest = match cents % 100 {
            0 => String::new(),
            rest => format!("{}{rest:02}", decimal_sign(lang)),
        };
        match lang {
            Lang::Nl => format!("€\u{a0}{sign}{euros}{rest}"),
            Lang::En => format!("{sign}€{euros}{rest}"),
        }
    }

    /// The amount a machine reads: `25.50`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", cents / 100, cents % 100)
    }

    /// Reads what a person typed in Dutch or English notation: `25`, `25,50`, `25.50`, `€ 1.864,50`, `EUR 25`, `1,864.50`.
    /// Two digits after the last sign are cents; a sign before groups of three counts as thousands only when the other sign
    /// shows the cents or when it appears twice. Nothing is guessed.
    ///
    /// # Errors
    /// What is wrong with the text; the caller has a sentence for each.
    pub fn parse(typed: &str) -> Result<Cents, AmountError> {
        let text = without_currency(typed);
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        if let Some(rest) = text.strip_prefix('-') {
            return match Cents::parse(rest) {
                Ok(_) | Err(AmountError::TooLarge) => Err(AmountError::Negative),
                Err(error) => Err(error),
            };
        }
        if text.len() > 20 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
            return Err(AmountError::NotANumber);
        }
        let (whole, fraction) = split_decimals(&text)?;
        let whole: i64 = whole.parse().map_err(|_| AmountError::NotANumber)?;
        let fraction: i64 = format!("{fraction:0<2}").parse().map_err(|_| AmountError::NotANumber)?;
        let cents = whole.checked_mul(100).and_then(|c| c.checked_add(fraction)).ok_or(AmountError::TooLarge)?;
        if cents > LARGEST_INPUT.0 {
            return Err(AmountError::TooLarge);
        }
        Ok(Cents(cents))
    }
}

/// The text without blanks and without the word or sign for euros at its begin or end.
fn without_currency(typed: &str) -> String {
    let text: String = typed.chars().take(200).filter(|c| !c.is_whitespace()).collect();
    let lower = text.to_lowercase();
    for word in ["euro", "eur", "€"] {
        if let Some(rest) = lower.strip_prefix(word).or_else(|| lower.strip_suffix(word)) {
            return rest.to_owned();
        }
    }
    lower
}

/// Whole euros and the digits of the cents (none, one or two).
fn split_decimals(text: &str) -> Result<(String, &str), AmountError> {
    let Some(at) = text.rfind(['.', ',']) else {
        return Ok((text.to_owned(), ""));
    };
    let last_sign = text.as_bytes()[at] as char;
    let (before, after) = (&text[..at], &text[at + 1..]);
    let seen_before = before.contains(last_sign);
    match after.len() {
        // "25,5" and "25,50", also "1.864,50": the last sign shows cents
        1 | 2 if !seen_before => Ok((joined_groups(before, other_sign(last_sign))?, after)),
        // "1.000.000": the same sign twice can only group thousands
        3 if seen_before => Ok((joined_groups(text, last_sign)?, "")),
        3 if !before.is_empty() && !before.contains(other_sign(last_sign)) => Err(AmountError::Ambiguous),
        _ => Err(AmountError::NotANumber),
    }
}

/// Digits without the signs between their groups of three; plain digits when there are none.
fn joined_groups(text: &str, sign: char) -> Result<String, AmountError> {
    let groups: Vec<&str> = text.split(sign).collect();
    let well_formed = !groups[0].is_empty()
        && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit()))
        && (groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3)));
    if well_formed { Ok(groups.concat()) } else { Err(AmountError::NotANumber) }
}

fn other_sign(sign: char) -> char {
    if sign == '.' { ',' } else { '.' }
}

fn decimal_sign(lang: Lang) -> char {
    match lang {
        Lang::Nl => ',',
        Lang::En => '.',
    }
}

/// A whole number with a sign between its thousands.
pub fn grouped(number: u64, lang: Lang) -> String {
    let sign = other_sign(decimal_sign(lang));
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(sign);
        }
        out.push(digit);
    }
    out
}

impl Rikx {
    /// The price of these Rikx; `unit_price_eur` is the price of one Rikx in whole euros, so one hundredth costs that many cents.
    pub fn price(self, unit_price_eur: i64) -> Option<Cents> {
        self.0.checked_mul(unit_price_eur).map(Cents)
    }

    /// The Rikx this money buys, or nothing when it is not a whole number of hundredths.
    pub fn bought_for(amount: Cents, unit_price_eur: i64) -> Option<Rikx> {
        (unit_price_eur > 0 && amount.0 % unit_price_eur == 0).then(|| Rikx(amount.0 / unit_price_eur))
    }

    /// As a person reads it: `1.864` or `0,25` in Dutch; whole numbers without decimals.
    pub fn show(self, lang: Lang) -> String {
        let whole = grouped(self.0.unsigned_abs() / 100, lang);
        match self.0.unsigned_abs() % 100 {
            0 => whole,
            rest => format!("{whole}{}{rest:02}", decimal_sign(lang)),
        }
    }

    /// As a machine reads it, always with two decimals: `1864.00`.
    pub fn plain(self) -> String {
        Cents(self.0).plain()
    }

    /// Reads the machine's form, with at most two decimals.
    pub fn parse_plain(text: &str) -> Option<Rikx> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let fraction: i64 = format!("{fraction:0<2}").parse().ok()?;
        Some(Rikx(whole * 100 + fraction))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Cents>>(amounts: I) -> Cents {
        Cents(amounts.map(|c| c.0).sum())
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl fmt::Display for Rikx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn f90_amounts_are_read_exactly_or_refused() {
        for (typed, cents) in [
            ("25", 2_500),
            (" 10 ", 1_000),
            ("10,50", 1_050),
            ("10.50", 1_050),
            ("10,5", 1_050),
            ("€ 25", 2_500),
            ("EUR 25", 2_500),
            ("25 euro", 2_500),
            ("1.864,50", 186_450),
            ("1,864.50", 186_450),
            ("1.000.000", 100_000_000),
            ("4,99", 499),
            ("0", 0),
        ] {
            assert_eq!(Cents::parse(typed), Ok(Cents(cents)), "{typed}");
        }
        for (typed, error) in [
            ("", AmountError::Empty),
            ("€", AmountError::Empty),
            ("-1", AmountError::Negative),
            ("4.999", AmountError::Ambiguous),
            ("1.000", AmountError::Ambiguous),
            ("1,000", AmountError::Ambiguous),
            ("1e9", AmountError::NotANumber),
            ("NaN", AmountError::NotANumber),
            ("٢٥", AmountError::NotANumber),
            ("25,", AmountError::NotANumber),
            (",50", AmountError::NotANumber),
            ("1,2,3", AmountError::NotANumber),
            ("12.34.567", AmountError::NotANumber),
            ("99999999999999999", AmountError::TooLarge),
            ("10000000,01", AmountError::TooLarge),
        ] {
            assert_eq!(Cents::parse(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn hundredths_of_a_rikx_and_cents_convert_without_rounding() {
        assert_eq!(Rikx(186_400).price(100), Some(Cents(18_640_000)));
        assert_eq!(Rikx::bought_for(Cents(2_500), 100), Some(Rikx(25)));
        assert_eq!(Rikx::bought_for(Cents(1_050), 100), None);
        assert_eq!(Rikx(186_400).show(Lang::Nl), "1.864");
        assert_eq!(Rikx(25).show(Lang::Nl), "0,25");
        assert_eq!(Rikx::parse_plain("0.25"), Some(Rikx(25)));
        assert_eq!(Rikx::parse_plain("1e3"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn what_is_shown_is_read_back(cents in 0i64..=LARGEST_INPUT.0) {
            for lang in Lang::ALL {
                let shown = Cents(cents).show(lang);
                // whole thousands below a million read differently in the two languages, and nothing else does
                let is_ambiguous = cents % 100 == 0 && (100_000..100_000_000).contains(&cents);
                let wanted = if is_ambiguous { Err(AmountError::Ambiguous) } else { Ok(Cents(cents)) };
                prop_assert_eq!(Cents::parse(&shown), wanted, "{}", shown);
                prop_assert_eq!(Cents::parse(&Cents(cents).plain()), Ok(Cents(cents)));
            }
        }

        /// The amounts that people give: each cent from nothing to a hundred thousand euros.
        #[test]
        fn small_amounts_are_read_back_too(cents in 0i64..=10_000_000) {
            for lang in Lang::ALL {
                let read = Cents::parse(&Cents(cents).show(lang));
                prop_assert!(read == Ok(Cents(cents)) || read == Err(AmountError::Ambiguous));
            }
        }

        #[test]
        fn what_is_below_zero_is_never_read_as_an_amount(cents in 1i64..=LARGEST_INPUT.0) {
            for shown in [Cents(-cents).show(Lang::Nl), Cents(-cents).show(Lang::En), Cents(-cents).plain()] {
                let read = Cents::parse(&shown);
                prop_assert!(matches!(read, Err(AmountError::Negative | AmountError::Ambiguous)), "{shown} {read:?}");
            }
        }

        #[test]
        fn rikx_are_read_back_and_cost_what_buys_them(hundredths in 0i64..=1_000_000_000, price in 1i64..=10_000) {
            let rikx = Rikx(hundredths);
            prop_assert_eq!(Rikx::parse_plain(&rikx.plain()), Some(rikx));
            let cents = rikx.price(price).expect("it fits");
            prop_assert_eq!(Rikx::bought_for(cents, price), Some(rikx));
            prop_assert_eq!(Rikx::bought_for(Cents(cents.0 + 1), price), (price == 1).then_some(Rikx(hundredths + 1)));
        }

        #[test]
        fn nothing_typed_makes_the_reader_fall_over(typed in ".{0,60}") {
            let _ = Cents::parse(&typed);
        }
    }
}
