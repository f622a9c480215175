//! What something counts for, step by step. Everything is multiplied first and divided once, in decimals that are exact; what is left
//! below a cent then counts for nothing.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::features::social_return::{Block, Unit};
use crate::values::Cents;

/// Weeks of a year of work, as the tables count it.
pub const WEEKS_OF_A_YEAR: i64 = 52;
/// The most of each that can be asked for.
pub const MOST_PERSONS: i64 = 10_000;
pub const MOST_WEEKS: i64 = 520;
pub const MOST_HOURS: i64 = 10_000_000;

/// What is put in, as far as the unit of the block asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub persons: i64,
    /// Of full-time work, in percent with at most two decimals.
    pub part_time: Decimal,
    pub weeks: i64,
    /// With at most two decimals.
    pub hours: Decimal,
    /// Without VAT.
    pub amount: Cents,
}

impl Default for Given {
    fn default() -> Given {
        Given {
            persons: 1,
            part_time: Decimal::ONE_HUNDRED,
            weeks: WEEKS_OF_A_YEAR,
            hours: Decimal::ZERO,
            amount: Cents::ZERO,
        }
    }
}

/// One line of a calculation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub block: Block,
    pub given: Given,
    pub credit: Cents,
    /// Whether something below a cent was left out.
    pub is_cut: bool,
}

/// What a block counts for; nothing when it is beyond all numbers.
pub fn step(block: &Block, given: Given) -> Option<Step> {
    let credit = Decimal::from(block.credit.0);
    let (product, divisor) = match block.unit {
        Unit::PersonYear => {
            let product = credit
                .checked_mul(given.persons.into())?
                .checked_mul(given.part_time)?
                .checked_mul(given.weeks.into())?;
            (product, Decimal::from(100 * WEEKS_OF_A_YEAR))
        }
        Unit::Hour => (credit.checked_mul(given.hours)?, Decimal::ONE),
        Unit::Invoice => (Decimal::from(given.amount.0).checked_mul(block.percent.into())?, Decimal::ONE_HUNDRED),
        Unit::Once => (credit.checked_mul(given.persons.into())?, Decimal::ONE),
    };
    let whole = product.checked_div(divisor)?.floor();
    let is_cut = whole.checked_mul(divisor)? != product;
    Some(Step { block: block.clone(), given, credit: Cents(whole.to_i64()?), is_cut })
}

/// A whole calculation: a block and the bonuses beside it.
pub fn sum(steps: &[Step]) -> Option<Cents> {
    steps.iter().try_fold(Cents::ZERO, |sum, step| sum.checked_add(step.credit))
}

/// A number with at most two decimals, with a comma or a point: `12`, `12,5`, `0.75`. Nothing else is taken for a number.
pub fn decimal(typed: &str) -> Option<Decimal> {
    let text = typed.trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
    let is_digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|letter| letter.is_ascii_digit())
    };
    (is_digits(whole, 9) && is_digits(rest, 2)).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(unit: Unit, credit: i64, percent: i64) -> Block {
        let name = || "x".to_owned();
        Block { code: name(), name_nl: name(), name_en: name(), unit, credit: Cents(credit), percent, for_rikx: 0 }
    }

    #[test]
    fn a_person_counts_by_part_time_and_weeks() {
        let year = block(Unit::PersonYear, 4_000_000, 0);
        let of = |persons, part_time: i64, weeks| {
            step(&year, Given { persons, part_time: part_time.into(), weeks, ..Given::default() }).unwrap()
        };
        assert_eq!(of(1, 100, 52).credit, Cents(4_000_000));
        assert_eq!(of(3, 80, 26).credit, Cents(4_800_000));
        let odd = of(1, 100, 1);
        assert_eq!((odd.credit, odd.is_cut), (Cents(76_923), true), "769.2307… euros");
        assert!(!of(2, 50, 52).is_cut);
    }

    #[test]
    fn hours_invoices_and_bonuses_count() {
        let hours = Given { hours: decimal("12,5").unwrap(), ..Given::default() };
        assert_eq!(step(&block(Unit::Hour, 10_000, 0), hours).unwrap().credit, Cents(125_000));
        let amount = Given { amount: Cents(186_450), ..Given::default() };
        assert_eq!(step(&block(Unit::Invoice, 0, 100), amount).unwrap().credit, Cents(186_450));
        assert_eq!(step(&block(Unit::Invoice, 0, 75), Given { amount: Cents(2), ..amount }).unwrap().credit, Cents(1));
        let two = Given { persons: 2, ..Given::default() };
        assert_eq!(step(&block(Unit::Once, 1_000_000, 0), two).unwrap().credit, Cents(2_000_000));
        let beyond = Given { persons: i64::MAX, ..Given::default() };
        assert_eq!(step(&block(Unit::Once, i64::MAX, 0), beyond), None);
    }

    #[test]
    fn a_number_is_read_as_typed_or_not_at_all() {
        for (typed, number) in [("12", "12"), ("12,5", "12.5"), (" 0.75 ", "0.75"), ("007", "7")] {
            assert_eq!(decimal(typed), number.parse().ok(), "{typed}");
        }
        for typed in ["", ",5", "5,", "1.000", "1,2,3", "-1", "+1", "1e3", "1 000", "٣", "9999999999"] {
            assert_eq!(decimal(typed), None, "{typed}");
        }
    }

    proptest! {
        /// Against whole numbers: multiplied first, divided once.
        #[test]
        fn nothing_is_lost_but_parts_of_a_cent(
            credit in 0i64..100_000_000, persons in 1..=MOST_PERSONS, hundredths in 1i64..=10_000, weeks in 1..=MOST_WEEKS
        ) {
            let given = Given { persons, part_time: Decimal::new(hundredths, 2), weeks, ..Given::default() };
            let found = step(&block(Unit::PersonYear, credit, 0), given).unwrap();
            let product = i128::from(credit) * i128::from(persons) * i128::from(hundredths) * i128::from(weeks);
            prop_assert_eq!(i128::from(found.credit.0), product / (100 * 100 * 52));
            prop_assert_eq!(found.is_cut, product % (100 * 100 * 52) != 0);
        }

        #[test]
        fn nothing_typed_makes_the_reader_fall_over(typed in ".{0,40}") {
            let _ = decimal(&typed);
        }
    }
}
