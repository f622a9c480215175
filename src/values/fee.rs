//! A fee as a part of an amount: integers only, rounded once.

use crate::values::{Cents, Lang};

/// The highest fee, in basis points: hundredths of a percent.
pub const HIGHEST_FEE: i64 = 2_000;
/// Basis points in the whole.
const WHOLE: i128 = 10_000;

/// The fee of an amount, in whole cents, half a cent up. With [`HIGHEST_FEE`] at most it is less than any amount above zero, so that
/// fee and what is left are never below zero and sum to the amount.
///
/// # Panics
/// Never: an amount or a rate below zero has no fee, and neither has a rate above the whole.
pub fn fee_of(amount: Cents, basis_points: i64) -> Cents {
    let (amount, rate) = (i128::from(amount.0), i128::from(basis_points));
    if amount <= 0 || !(0..=WHOLE).contains(&rate) {
        return Cents::ZERO;
    }
    // at most the amount, so it fits
    Cents(i64::try_from((amount * rate + WHOLE / 2) / WHOLE).unwrap_or(0))
}

/// Reads a percentage of at most two decimals as basis points: `3`, `2,5`, `2.75`. Nothing typed is 0.
pub fn parse_percent(typed: &str) -> Option<i64> {
    let text = typed.trim().trim_end_matches('%').trim_end();
    if text.is_empty() {
        return typed.trim().is_empty().then_some(0);
    }
    let (whole, decimals) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || whole.len() > 3 || decimals.len() > 2 {
        return None;
    }
    let hundredths: i64 = format!("{decimals:0<2}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    Some(whole * 100 + hundredths)
}

/// A percentage as a person reads it: `3`, `2,5`.
pub fn show_percent(basis_points: i64, lang: Lang) -> String {
    let sign = if lang == Lang::Nl { "," } else { "." };
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (rest, 0) => format!("{whole}{sign}{}", rest / 10),
        (rest, _) => format!("{whole}{sign}{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_cent_goes_up_and_no_fee_is_none() {
        for (amount, rate, fee) in [
            (10_000, 300, 300),
            (16, 300, 0),
            (17, 300, 1),
            (50, 100, 1),
            (49, 100, 0),
            (1, 2_000, 0),
            (3, 2_000, 1),
            (5, 0, 0),
        ] {
            assert_eq!(fee_of(Cents(amount), rate), Cents(fee), "{rate} of {amount}");
        }
        for (amount, rate) in [(-5, 300), (0, 300), (100, -1), (100, 10_001)] {
            assert_eq!(fee_of(Cents(amount), rate), Cents::ZERO);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn f68_fee_and_net_are_the_gross_and_the_fee_is_off_by_half_a_cent_at_most(
            gross in 1i64..=1_000_000_000, rate in 0i64..=HIGHEST_FEE
        ) {
            let fee = fee_of(Cents(gross), rate);
            let net = Cents(gross - fee.0);
            prop_assert_eq!(fee.0 + net.0, gross);
            prop_assert!(fee.0 >= 0 && net.0 > 0);
            prop_assert!((fee.0 * 10_000 - gross * rate).abs() <= 5_000);
            prop_assert!(fee <= fee_of(Cents(gross + 1), rate) && fee <= fee_of(Cents(gross), rate + 1));
        }

        #[test]
        fn a_percentage_is_read_back_as_it_is_shown(rate in 0i64..=HIGHEST_FEE) {
            for lang in [Lang::Nl, Lang::En] {
                prop_assert_eq!(parse_percent(&show_percent(rate, lang)), Some(rate));
            }
        }
    }

    #[test]
    fn what_is_no_percentage_is_refused() {
        for (typed, rate) in [("", 0), (" 3 ", 300), ("2,5", 250), ("2.75%", 275), ("0", 0), ("20 %", 2_000)] {
            assert_eq!(parse_percent(typed), Some(rate), "{typed}");
        }
        for typed in ["-1", "3,", ",5", "2,505", "drie", "1.2.3", "%", "1000", "1e2"] {
            assert_eq!(parse_percent(typed), None, "{typed}");
        }
    }
}
