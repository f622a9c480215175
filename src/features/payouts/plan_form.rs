//! The form of a plan: rows of parts, given as percentages or as amounts, which must make the whole to the cent.

use crate::features::payouts::plan::{NewPart, WaitsFor};
use crate::infra::texts;
use crate::infra::web::{Ctx, Form};
use crate::values::split::in_proportion;
use crate::values::text::one_line;
use crate::values::time::read_day;
use crate::values::{Cents, Lang, Rikx};

/// The rows of the form.
pub const MOST_PARTS: usize = 6;
const LONGEST_LABEL: usize = 150;
/// The whole in hundredths of a percent.
const WHOLE: i64 = 10_000;

/// A row as the form shows it.
pub struct Row {
    pub number: usize,
    pub label_nl: String,
    pub label_en: String,
    pub share: String,
    pub waits_for: String,
    pub day: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// The names of the form's fields.
pub fn fields() -> Vec<String> {
    let parts = ["label_nl", "label_en", "share", "waits_for", "day"];
    let of_rows = (1..=MOST_PARTS).flat_map(|row| parts.map(|part| name(row, part)));
    std::iter::once("unit".to_owned()).chain(of_rows).collect()
}

fn name(row: usize, part: &str) -> String {
    format!("part_{row}_{part}")
}

/// The rows with what was typed.
pub fn rows(form: &Form) -> Vec<Row> {
    let row = |number: usize| {
        let value = |part: &str| form.value(&name(number, part)).to_owned();
        Row {
            number,
            label_nl: value("label_nl"),
            label_en: value("label_en"),
            share: value("share"),
            waits_for: value("waits_for"),
            day: value("day"),
            error: form.error(&name(number, "label_nl")),
        }
    };
    (1..=MOST_PARTS).map(row).collect()
}

/// The units in which parts can be given: pairs of word and text.
pub fn units(ctx: &Ctx) -> Vec<(&'static str, String)> {
    vec![("percent", ctx.t("payplan-unit-percent")), ("amount", ctx.t("payplan-unit-amount"))]
}

/// The choices of what a part waits for: pairs of word and text.
pub fn choices(ctx: &Ctx) -> Vec<(&'static str, String)> {
    WaitsFor::ALL.iter().map(|waits| (waits.as_str(), ctx.t(format!("payplan-waits-{waits}")))).collect()
}

/// The parts that were typed, which make `whole`. Nothing when something is wrong, which then stands beside its row.
pub fn read(lang: Lang, form: &mut Form, whole: Cents) -> Option<Vec<NewPart>> {
    let in_percent = form.is("unit", "percent");
    if !in_percent && !form.is("unit", "amount") {
        form.fail_key(lang, "unit", "form-choose-one");
    }
    let mut parts = Vec::new();
    for number in 1..=MOST_PARTS {
        match read_row(form, number) {
            Ok(Some(part)) => parts.push(part),
            Ok(None) => {}
            Err(key) => form.fail_key(lang, &name(number, "label_nl"), key),
        }
    }
    if form.has_errors() {
        return None;
    }
    if parts.is_empty() {
        form.fail_key(lang, &name(1, "label_nl"), "payplan-parts-missing");
        return None;
    }
    let typed: Vec<i64> = parts.iter().map(|part| part.amount.0).collect();
    let divided = if in_percent { by_percent(whole, &typed) } else { by_amount(whole, &typed) };
    match divided {
        Ok(amounts) => parts.iter_mut().zip(amounts).for_each(|(part, amount)| part.amount = amount),
        Err(sum) => {
            let show = |hundredths: i64| match in_percent {
                // hundredths of a percent are written as hundredths of a Rikx are
                true => format!("{}%", Rikx(hundredths).show(lang)),
                false => Cents(hundredths).show(lang),
            };
            let whole = if in_percent { WHOLE } else { whole.0 };
            let args = [("sum", show(sum)), ("whole", show(whole))];
            form.fail("unit", texts::text_with(lang, "payplan-sum-wrong", &args));
            return None;
        }
    }
    Some(parts)
}

/// One row; its share stands as hundredths in `amount`. Nothing for an empty row.
fn read_row(form: &Form, number: usize) -> Result<Option<NewPart>, &'static str> {
    let value = |part: &str| form.value(&name(number, part));
    let (nl, en) = (one_line(value("label_nl"), LONGEST_LABEL), one_line(value("label_en"), LONGEST_LABEL));
    let (Some(label_nl), Some(label_en)) = (nl, en) else { return Err("payplan-label-too-long") };
    let share = value("share").trim().trim_end_matches('%').trim_end();
    if label_nl.is_empty() && label_en.is_empty() && share.is_empty() {
        return Ok(None);
    }
    if label_nl.is_empty() {
        return Err("payplan-label-missing");
    }
    let amount = Cents::parse(share).ok().filter(|amount| *amount > Cents::ZERO).ok_or("payplan-share-wrong")?;
    let waits_for = WaitsFor::from_word(value("waits_for")).ok_or("payplan-waits-missing")?;
    let day = match waits_for {
        WaitsFor::Day => read_day(value("day")).ok_or("payplan-day-wrong")?,
        WaitsFor::Start | WaitsFor::Milestone => String::new(),
    };
    Ok(Some(NewPart { label_nl, label_en, amount, waits_for, day }))
}

/// The amounts of parts in hundredths of a percent that make the whole; otherwise what they make.
fn by_percent(whole: Cents, percent: &[i64]) -> Result<Vec<Cents>, i64> {
    let sum = percent.iter().try_fold(0i64, |sum, part| sum.checked_add(*part)).unwrap_or(i64::MAX);
    let amounts = in_proportion(whole, percent);
    // a part of less than a cent is no part
    if sum == WHOLE && amounts.iter().all(|amount| *amount > Cents::ZERO) { Ok(amounts) } else { Err(sum) }
}

fn by_amount(whole: Cents, amounts: &[i64]) -> Result<Vec<Cents>, i64> {
    let sum = amounts.iter().try_fold(0i64, |sum, part| sum.checked_add(*part)).unwrap_or(i64::MAX);
    if sum == whole.0 { Ok(amounts.iter().map(|amount| Cents(*amount)).collect()) } else { Err(sum) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(unit: &str, shares: &[&str]) -> Form {
        let mut form = Form::with(&[("unit", unit)]);
        for (row, share) in (1..).zip(shares) {
            form.set(&name(row, "label_nl"), "Deel");
            form.set(&name(row, "share"), share);
            form.set(&name(row, "waits_for"), "start");
        }
        form
    }

    fn amounts(unit: &str, shares: &[&str], whole: i64) -> Option<Vec<i64>> {
        let parts = read(Lang::Nl, &mut form(unit, shares), Cents(whole))?;
        Some(parts.iter().map(|part| part.amount.0).collect())
    }

    #[test]
    fn percentages_and_amounts_make_the_whole_or_are_refused() {
        assert_eq!(amounts("percent", &["33,33%", "33.33", "33,34"], 10_001), Some(vec![3_333, 3_333, 3_335]));
        assert_eq!(amounts("amount", &["250", "350,00"], 60_000), Some(vec![25_000, 35_000]));
        assert_eq!(amounts("percent", &["100"], 1), Some(vec![1]));
        for (unit, shares) in [
            ("percent", &["33,33", "33,33", "33,33"][..]),
            ("percent", &["50", "50"]), // of one cent
            ("percent", &["100", "0"]),
            ("percent", &["100", "-1"]),
            ("percent", &["tien"]),
            ("amount", &["600,01"]),
            ("amount", &[]),
            ("", &["100"]),
        ] {
            let whole = if shares == ["50", "50"] { 1 } else { 60_000 };
            assert_eq!(amounts(unit, shares, whole), None, "{unit} {shares:?}");
        }
    }

    #[test]
    fn a_row_says_what_it_lacks_and_an_empty_one_is_left_out() {
        for (part, value, key) in [
            ("label_nl", "", "payplan-label-missing"),
            ("share", "", "payplan-share-wrong"),
            ("waits_for", "", "payplan-waits-missing"),
            ("waits_for", "day", "payplan-day-wrong"),
        ] {
            let mut form = form("percent", &["100"]);
            form.set(&name(1, part), value);
            assert_eq!(read(Lang::Nl, &mut form, Cents(100)), None);
            assert_eq!(form.error("part_1_label_nl"), Some(texts::text(Lang::Nl, key)), "{part}");
        }
        let mut gap = form("percent", &["", "100"]);
        gap.set(&name(1, "label_nl"), "");
        assert_eq!(read(Lang::Nl, &mut gap, Cents(100)).unwrap().len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        /// Percentages of two decimals that make a hundred: the parts make the whole to the cent, each less than a cent off.
        #[test]
        fn f65_the_parts_of_a_plan_sum_to_the_start_money_to_the_cent(
            whole in 10_000i64..100_000_000_000, cuts in prop::collection::btree_set(1i64..WHOLE, 0..MOST_PARTS)
        ) {
            let edges: Vec<i64> = std::iter::once(0).chain(cuts).chain([WHOLE]).collect();
            let percent: Vec<i64> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let typed: Vec<String> = percent.iter().map(|part| Cents(*part).plain()).collect();
            let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
            prop_assume!(typed.len() <= MOST_PARTS);
            let amounts = amounts("percent", &typed, whole).unwrap();
            prop_assert_eq!(amounts.iter().sum::<i64>(), whole);
            for (amount, part) in amounts.iter().zip(&percent) {
                let off = i128::from(*amount) * i128::from(WHOLE) - i128::from(whole) * i128::from(*part);
                prop_assert!(off.abs() < i128::from(WHOLE));
            }
        }
    }
}
