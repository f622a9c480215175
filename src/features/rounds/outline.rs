//! What a round offers and when, as staff type it; and which of it may still change.
//!
//! Everything may while the round is planned. Price, smallest pledge, near miss, fee, remainder and rule are fixed when selling begins: they were published.
//! The date of a step may move until that step was taken, and never into the past.

use crate::features::rounds::{MOST_LATE_DAYS, RemainderRule, Round, RoundState, remainder_text};
use crate::infra::texts;
use crate::values::fee::HIGHEST_FEE;
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// The longest title and the longest rule, in characters.
pub const LONGEST_TITLE: usize = 120;
pub const LONGEST_RULE: usize = 6_000;
/// The highest price of one Rikx, in euros.
const HIGHEST_PRICE_EUR: i64 = 100_000;
/// The highest number of a round.
const HIGHEST_NUMBER: i64 = 9_999;

/// The names of the moments, in their order; their form fields are `{name}_day` and `{name}_time`.
pub const MOMENTS: [&str; 4] = ["submissions", "valuation", "selling", "closes"];
/// The fields of the days, where what is wrong with a moment is said.
const DAY_FIELDS: [&str; 4] = ["submissions_day", "valuation_day", "selling_day", "closes_day"];
/// The states in which the step of a moment is still to be taken end before these.
const STEPS: [RoundState; 4] =
    [RoundState::Submissions, RoundState::Valuation, RoundState::Selling, RoundState::Closing];

/// What a round offers and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    pub number: i64,
    pub title_nl: String,
    pub title_en: String,
    pub unit_price_eur: i64,
    /// The smallest pledge.
    pub minimum: Cents,
    /// Markdown.
    pub rule_nl: String,
    pub rule_en: String,
    /// The percentage of its threshold from which a project that misses it is a near miss; 0 when none ever is.
    pub near_miss_percent: i64,
    /// What the platform keeps of each payout to a project.
    pub fee_basis_points: i64,
    /// What becomes of result money that is not earned, and the match fund that gets it by that rule.
    pub remainder_rule: RemainderRule,
    pub remainder_fund_id: Option<String>,
    /// Days after the last due day in which results still count.
    pub late_days: i64,
    /// Submissions, valuation, selling, close.
    pub moments: [Timestamp; 4],
}

impl Outline {
    pub fn of(round: &Round) -> Outline {
        Outline {
            number: round.number,
            title_nl: round.title_nl.clone(),
            title_en: round.title_en.clone(),
            unit_price_eur: round.unit_price_eur,
            minimum: round.minimum_cents,
            rule_nl: round.rule_nl.clone(),
            rule_en: round.rule_en.clone(),
            near_miss_percent: round.near_miss_percent,
            fee_basis_points: round.fee_basis_points,
            remainder_rule: round.remainder_rule,
            remainder_fund_id: round.remainder_fund_id.clone(),
            late_days: round.late_days,
            moments: [round.submissions_at, round.valuation_at, round.selling_at, round.closes_at],
        }
    }

    /// A planned round of this outline.
    pub(super) fn round(&self, id: String) -> Round {
        Round {
            id,
            number: self.number,
            title_nl: self.title_nl.clone(),
            title_en: self.title_en.clone(),
            state: RoundState::Planned,
            unit_price_eur: self.unit_price_eur,
            minimum_cents: self.minimum,
            rule_nl: self.rule_nl.clone(),
            rule_en: self.rule_en.clone(),
            submissions_at: self.moments[0],
            valuation_at: self.moments[1],
            selling_at: self.moments[2],
            closes_at: self.moments[3],
            settled_at: None,
            near_miss_percent: self.near_miss_percent,
            fee_basis_points: self.fee_basis_points,
            remainder_rule: self.remainder_rule,
            remainder_fund_id: self.remainder_fund_id.clone(),
            late_days: self.late_days,
        }
    }

    /// What is wrong with it as a new round, or as a change of this one: field and key of the sentence.
    pub fn wrong(&self, old: Option<&Round>, now: Timestamp) -> Vec<(&'static str, &'static str)> {
        let state = old.map_or(RoundState::Planned, |round| round.state);
        let before = old.map(Outline::of);
        let mut wrong = Vec::new();
        let mut fail = |is_wrong: bool, field: &'static str, key: &'static str| {
            if is_wrong {
                wrong.push((field, key));
            }
        };
        fail(!(1..=HIGHEST_NUMBER).contains(&self.number), "number", "round-number-wrong");
        fail(self.title_nl.is_empty(), "title_nl", "round-title-missing");
        fail(self.title_en.is_empty(), "title_en", "round-title-missing");
        fail(!(1..=HIGHEST_PRICE_EUR).contains(&self.unit_price_eur), "unit_price", "round-price-wrong");
        let buys = self.minimum > Cents::ZERO && Rikx::bought_for(self.minimum, self.unit_price_eur).is_some();
        fail(!buys, "minimum", "round-minimum-wrong");
        fail(!(0..=99).contains(&self.near_miss_percent), "near_miss_percent", "round-percent-wrong");
        fail(!(0..=HIGHEST_FEE).contains(&self.fee_basis_points), "fee_percent", "fee-field-wrong");
        let names_fund = self.remainder_rule == RemainderRule::MatchFund;
        fail(names_fund != self.remainder_fund_id.is_some(), "remainder_fund", "remainder-fund-missing");
        fail(!(0..=MOST_LATE_DAYS).contains(&self.late_days), "late_days", "late-days-wrong");
        fail(self.rule_nl.is_empty(), "rule_nl", "round-rule-missing");
        fail(self.rule_en.is_empty(), "rule_en", "round-rule-missing");
        if let Some(before) = &before {
            let is_planned = state == RoundState::Planned;
            fail(!is_planned && self.number != before.number, "number", "round-number-fixed");
            let sells = state >= RoundState::Selling;
            fail(sells && self.unit_price_eur != before.unit_price_eur, "unit_price", "round-fixed");
            fail(sells && self.minimum != before.minimum, "minimum", "round-fixed");
            let percent = self.near_miss_percent != before.near_miss_percent;
            fail(sells && percent, "near_miss_percent", "round-fixed");
            fail(sells && self.fee_basis_points != before.fee_basis_points, "fee_percent", "round-fixed");
            fail(sells && self.remainder_rule != before.remainder_rule, "remainder", "round-fixed");
            fail(sells && self.remainder_fund_id != before.remainder_fund_id, "remainder_fund", "round-fixed");
            fail(sells && self.late_days != before.late_days, "late_days", "round-fixed");
            fail(sells && self.rule_nl != before.rule_nl, "rule_nl", "round-fixed");
            fail(sells && self.rule_en != before.rule_en, "rule_en", "round-fixed");
            let over = state >= RoundState::Closing;
            fail(over && self.title_nl != before.title_nl, "title_nl", "round-fixed");
            fail(over && self.title_en != before.title_en, "title_en", "round-fixed");
        }
        for (at, field) in DAY_FIELDS.into_iter().enumerate() {
            let moment = self.moments[at];
            if before.as_ref().is_some_and(|before| before.moments[at] == moment) {
                continue;
            }
            // the close of a round that sells moves by an extension only
            let is_taken = state >= STEPS[at] || (at == 3 && state == RoundState::Selling);
            fail(is_taken, field, "round-moment-fixed");
            fail(!is_taken && moment <= now, field, "round-moment-past");
        }
        for (at, field) in DAY_FIELDS.into_iter().enumerate().skip(1) {
            fail(self.moments[at] <= self.moments[at - 1], field, "round-moment-order");
        }
        wrong
    }

    /// Whether something about money differs: price, smallest pledge, near miss, fee, remainder or rule.
    pub fn changes_money(&self, old: &Round) -> bool {
        let before = Outline::of(old);
        let figures = |outline: &Outline| {
            (outline.unit_price_eur, outline.minimum, outline.near_miss_percent, outline.fee_basis_points)
        };
        let after = |outline: &Outline| (outline.remainder_rule, outline.remainder_fund_id.clone(), outline.late_days);
        figures(self) != figures(&before)
            || after(self) != after(&before)
            || (&self.rule_nl, &self.rule_en) != (&before.rule_nl, &before.rule_en)
    }

    /// What differs from a round, a line for each with before and after; everything for a new one.
    pub(super) fn changes(&self, old: Option<&Round>) -> String {
        let after = self.lines();
        let Some(old) = old else {
            return after
                .iter()
                .map(|(name, value)| format!("{name}: {value}\n"))
                .collect::<String>()
                .trim_end()
                .to_owned();
        };
        let before = Outline::of(old).lines();
        let differing = before.iter().zip(&after).filter(|(before, after)| before.1 != after.1);
        let line =
            |(before, after): (&(&str, String), &(&str, String))| format!("{}: {} → {}\n", before.0, before.1, after.1);
        differing.map(line).collect::<String>().trim_end().to_owned()
    }

    fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            ("number", self.number.to_string()),
            ("title_nl", self.title_nl.clone()),
            ("title_en", self.title_en.clone()),
            ("unit_price_eur", self.unit_price_eur.to_string()),
            ("minimum_cents", self.minimum.0.to_string()),
            ("near_miss_percent", self.near_miss_percent.to_string()),
            ("fee_basis_points", self.fee_basis_points.to_string()),
            ("remainder_rule", self.remainder_rule.to_string()),
            ("remainder_fund_id", self.remainder_fund_id.clone().unwrap_or_default()),
            ("late_days", self.late_days.to_string()),
            ("rule_nl", self.rule_nl.clone()),
            ("rule_en", self.rule_en.clone()),
        ];
        lines.extend(MOMENTS.into_iter().zip(self.moments).map(|(name, at)| (name, at.to_string())));
        lines
    }
}

/// A rule for a round with these settings, for staff to go on from.
pub fn proposed_rule(
    lang: Lang,
    unit_price_eur: i64,
    minimum: Cents,
    near_miss_percent: i64,
    (remainder, fund): (RemainderRule, &str),
) -> String {
    let key = if near_miss_percent > 0 { "round-proposed-near-miss" } else { "round-proposed-no-near-miss" };
    let args = [
        ("price", Cents(unit_price_eur * 100).show(lang)),
        ("minimum", minimum.show(lang)),
        ("near_miss", texts::text_with(lang, key, &[("percent", near_miss_percent.to_string())])),
        ("remainder", remainder_text(lang, remainder, fund)),
    ];
    texts::text_with(lang, "round-proposed-rule", &args)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(now: Timestamp) -> Outline {
        Outline {
            number: 7,
            title_nl: "Ronde 7".into(),
            title_en: "Round 7".into(),
            unit_price_eur: 100,
            minimum: Cents(500),
            rule_nl: "Regel".into(),
            rule_en: "Rule".into(),
            near_miss_percent: 80,
            fee_basis_points: 0,
            remainder_rule: RemainderRule::Refund,
            remainder_fund_id: None,
            late_days: 180,
            moments: [10, 20, 30, 40].map(|days| now.plus_days(days)),
        }
    }

    #[test]
    fn dates_come_in_order_and_never_in_the_past() {
        let now = Timestamp::from_seconds(1_800_000_000);
        assert_eq!(outline(now).wrong(None, now), []);
        let late = outline(now).wrong(None, now.plus_days(20));
        assert_eq!(late, [("submissions_day", "round-moment-past"), ("valuation_day", "round-moment-past")]);
        let mut turned = outline(now);
        turned.moments.swap(1, 2);
        assert_eq!(turned.wrong(None, now), [("selling_day", "round-moment-order")]);
        let odd = Outline { minimum: Cents(550), ..outline(now) };
        assert_eq!(odd.wrong(None, now), [("minimum", "round-minimum-wrong")], "half a hundredth of a Rikx");
    }

    #[test]
    fn what_may_change_depends_on_how_far_the_round_is() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let mut round = outline(now).round("rnd_1".into());
        let other = Outline {
            number: 8,
            unit_price_eur: 50,
            fee_basis_points: 300,
            rule_nl: "Anders".into(),
            moments: [11, 21, 31, 41].map(|days| now.plus_days(days)),
            ..outline(now)
        };
        let fields = |round: &Round| -> Vec<&str> {
            other.wrong(Some(round), now).into_iter().map(|(field, _)| field).collect()
        };
        assert!(fields(&round).is_empty());
        round.state = RoundState::Valuation;
        assert_eq!(fields(&round), ["number", "submissions_day", "valuation_day"]);
        round.state = RoundState::Selling;
        let fixed = [
            "number",
            "unit_price",
            "fee_percent",
            "rule_nl",
            "submissions_day",
            "valuation_day",
            "selling_day",
            "closes_day",
        ];
        assert_eq!(fields(&round), fixed);
        let dear = Outline { fee_basis_points: HIGHEST_FEE + 1, ..outline(now) };
        assert_eq!(dear.wrong(None, now), [("fee_percent", "fee-field-wrong")]);
        let titled = Outline { title_nl: "Ronde zeven".into(), ..outline(now) };
        assert_eq!(titled.wrong(Some(&round), now.plus_days(35)), [], "what has passed may stay as it is");
        assert_eq!(titled.changes(Some(&round)), "title_nl: Ronde 7 → Ronde zeven");
    }
}
