//! A round: a window with common dates in which projects are submitted, valued, sold and settled.
//!
//! | state | what it means | how one leaves it |
//! | --- | --- | --- |
//! | `planned` | announced | at its date, or by staff |
//! | `submissions` | owners hand in plans | at its date |
//! | `valuation` | experts set impact value and threshold | at its date |
//! | `selling` | backers pledge | at the closing instant, or by staff |
//! | `closing` | no pledge is accepted; staff decide | when the settlement is executed |
//! | `settled` | every pledge is released or refunded | never |
//!
//! A round may have a fee for the platform: a part of each payout to a project ([`fee_of`](crate::values::fee::fee_of): whole cents,
//! half a cent up), taken when the payout is made. Backers pay nothing on top, and nothing that goes back carries a fee.
//!
//! What of a project's result money is not earned by verified results goes on by the round's rule ([`RemainderRule`]). Results count
//! until so many days after the last due day of a project's promises.

pub mod actions;
mod outline;
mod store;

use sqlx::FromRow;

pub use self::outline::{LONGEST_RULE, LONGEST_TITLE, MOMENTS, Outline, proposed_rule};
use crate::infra::texts;
use crate::values::{Cents, Lang, Timestamp};

crate::words! {
    pub enum RoundState {
        Planned = "planned",
        Submissions = "submissions",
        Valuation = "valuation",
        Selling = "selling",
        Closing = "closing",
        Settled = "settled",
    }
}

crate::life_cycle! {
    RoundState of "rounds" by "id":
    Planned => Submissions,
    Submissions => Valuation,
    Valuation => Selling,
    Selling => Closing,
    Closing => Settled,
}

impl RoundState {
    /// The only state that follows this one.
    pub fn next(self) -> Option<RoundState> {
        let at = RoundState::ALL.iter().position(|state| *state == self)?;
        RoundState::ALL.get(at + 1).copied()
    }
}

crate::words! {
    /// What becomes of result money that no verified result earned. Published before the round sells, and fixed then.
    pub enum RemainderRule {
        /// It goes back, to each backer in proportion.
        Refund = "refund",
        /// Each backer chooses: back, or to another project that sells. Silence means back.
        Choose = "choose",
        /// It goes to a match fund; when that has ended by then, back.
        MatchFund = "match_fund",
    }
}

crate::refusals! {
    /// Why a round is not made or changed.
    pub enum Refusal {
        NumberTaken => Invalid("number") "round-number-taken",
        /// Something is not (any more) as the form could know it.
        NotAllowed => Conflict "round-not-allowed",
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Round {
    pub id: String,
    pub number: i64,
    pub title_nl: String,
    pub title_en: String,
    pub state: RoundState,
    /// Whole euros for one Rikx.
    pub unit_price_eur: i64,
    /// The smallest pledge.
    pub minimum_cents: Cents,
    pub rule_nl: String,
    pub rule_en: String,
    pub submissions_at: Timestamp,
    pub valuation_at: Timestamp,
    pub selling_at: Timestamp,
    pub closes_at: Timestamp,
    pub settled_at: Option<Timestamp>,
    /// The percentage of its threshold from which a project that misses it is a near miss; 0 when none ever is.
    pub near_miss_percent: i64,
    /// Of each payout to a project, what the platform keeps; 0 when it keeps nothing. Fixed when selling begins.
    pub fee_basis_points: i64,
    pub remainder_rule: RemainderRule,
    /// The match fund that gets the remainder, by that rule.
    pub remainder_fund_id: Option<String>,
    /// Days after the last due day in which results of a project still count.
    pub late_days: i64,
}

/// The percentage for a new round.
pub const NEAR_MISS_PERCENT: i64 = 80;
/// The days for late results of a new round, and the most there can be.
pub const LATE_DAYS: i64 = 180;
pub const MOST_LATE_DAYS: i64 = 730;

impl Round {
    pub fn title(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.title_nl,
            Lang::En => &self.title_en,
        }
    }

    pub fn rule(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.rule_nl,
            Lang::En => &self.rule_en,
        }
    }

    /// What of every 100 euros paid out goes to the platform, in this sentence; nothing when it takes no fee.
    fn of_each(&self, lang: Lang, key: &str) -> Option<String> {
        let fee = (self.fee_basis_points > 0).then(|| Cents(self.fee_basis_points).show(lang))?;
        Some(texts::text_with(lang, key, &[("fee", fee)]))
    }

    /// The fee, told to who is about to pay.
    pub fn fee(&self, lang: impl std::borrow::Borrow<Lang>) -> Option<String> {
        self.of_each(*lang.borrow(), "fee-of-each")
    }

    /// The fee, told to who is paid.
    pub fn fee_for_maker(&self, lang: Lang) -> Option<String> {
        self.of_each(lang, "fee-for-maker")
    }

    /// What becomes of result money that is not earned, in a sentence. `fund` is the name of the match fund that the rule names.
    pub fn remainder(&self, lang: impl std::borrow::Borrow<Lang>, fund: &str) -> String {
        remainder_text(*lang.borrow(), self.remainder_rule, fund)
    }

    /// Whether a pledge may be made at this moment. The instant of closing counts, whether or not the state has followed yet.
    pub fn sells_at(&self, now: Timestamp) -> bool {
        self.state == RoundState::Selling && now >= self.selling_at && now < self.closes_at
    }
}

/// What a rule of the remainder means, in a sentence.
pub fn remainder_text(lang: Lang, rule: RemainderRule, fund: &str) -> String {
    texts::text_with(lang, &format!("remainder-{rule}"), &[("fund", fund.to_owned())])
}

/// How long it still is, coarsely: days and hours, then hours, then minutes.
pub fn time_left(lang: Lang, now: Timestamp, until: Timestamp) -> String {
    let minutes = (until.seconds() - now.seconds()).max(0) / 60;
    let (days, hours) = (minutes / 1_440, minutes % 1_440 / 60);
    let part = |key: &str, count: i64| texts::text_with(lang, key, &[("count", count.to_string())]);
    match (days, hours) {
        (0, 0) => part("round-left-minutes", minutes.max(1)),
        (0, _) => part("round-left-hours", hours),
        (_, 0) => part("round-left-days", days),
        _ => {
            let both = [("days", part("round-left-days", days)), ("hours", part("round-left-hours", hours))];
            texts::text_with(lang, "round-left-both", &both)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said_coarsely() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let left = |seconds: i64| time_left(Lang::Nl, now, now.plus_seconds(seconds));
        assert_eq!(left(3 * 86_400 + 4 * 3_600 + 59), "3 dagen en 4 uur");
        assert_eq!(left(86_400 + 3_600), "1 dag en 1 uur");
        assert_eq!(left(2 * 86_400 + 59 * 60), "2 dagen");
        assert_eq!(left(86_399), "23 uur");
        assert_eq!(left(3_599), "59 minuten");
        assert_eq!([left(59), left(-5)], ["1 minuut", "1 minuut"]);
    }
}
