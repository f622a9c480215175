//! A near miss: a project that is close below its threshold when its round closes. Its owner says how it goes on with less, then each
//! backer keeps, raises or withdraws; silence means refund. A second plan of the closing decides it by what is kept.
//!
//! | state | what it means | how one leaves it |
//! | --- | --- | --- |
//! | `asked` | the owner may say how it goes on with less, within three working days | said: choosing; not said in time: due |
//! | `choosing` | each backer chooses, within five days, and may choose otherwise until then | at the term: due |
//! | `due` | the time of words and choices is over; the treasurers decide by a plan | that plan is approved: decided |
//! | `decided` | funded, or failed | never |
//! | `withdrawn` | the owner took the project back; everybody is refunded | never |
//!
//! The pledges stay held until the decision, also those of backers who withdraw: a choice can be changed until the term, so
//! nothing is sent that would have to come back. What a backer adds is a pledge of its own with a payment of its own, which names
//! the pledge it adds to; the choice about that pledge is the choice about both.
//!
//! A pledge whose dispute is won while its near miss waits for choices joins it: its backer is asked like the others. When the time to
//! choose is over by then it goes back, with a letter that says so.
//!
//! This noun stands before `settlement`, whose plans find near misses and later read the choices. Each near miss has its own term:
//! a plan decides those whose time has come, and the others wait without being kept up or keeping up.

pub mod actions;
pub mod letters;
pub mod personal;
mod store;
mod verify;

use sqlx::FromRow;

use crate::values::{Cents, Lang, Timestamp};

pub use verify::verify;

crate::words! {
    pub enum NearMissState {
        Asked = "asked",
        Choosing = "choosing",
        Due = "due",
        Decided = "decided",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    NearMissState of "near_misses" by "project_id":
    Asked => Choosing | Due | Withdrawn,
    Choosing => Due | Withdrawn,
    Due => Decided | Withdrawn,
}

impl NearMissState {
    /// Whether its pledges still wait for a decision.
    pub fn waits(self) -> bool {
        matches!(self, NearMissState::Asked | NearMissState::Choosing | NearMissState::Due)
    }
}

crate::words! {
    /// What a backer wants with a pledge.
    pub enum Choice {
        /// Nothing was chosen: it goes back.
        Silent = "",
        Keep = "keep",
        /// Keep it, and add to it.
        Raise = "raise",
        Withdraw = "withdraw",
    }
}

impl Choice {
    /// Whether the money stays with the project when it is saved.
    pub fn stays(self) -> bool {
        matches!(self, Choice::Keep | Choice::Raise)
    }
}

crate::refusals! {
    /// Why the owner cannot say something, or a backer cannot choose.
    pub enum Refusal {
        NotOwner => Forbidden "consent-not-owner",
        NotAsked => Conflict "consent-not-asked",
        AskedTooLate => Conflict "consent-asked-too-late",
        WordsMissing => Invalid("words_nl") "consent-words-missing",
        WordsTooLong => Invalid("words_nl") "consent-words-too-long",
        NothingToChoose => Conflict "choice-nothing",
        TooLate => Conflict "choice-too-late",
        NotHeld => Conflict "choice-not-held",
        Unknown => Invalid("choice") "form-choose-one",
    }
}

/// Working days in which the owner may say how it goes on with less.
pub const OWNER_WORKING_DAYS: i64 = 3;
/// Days in which backers may choose, counted to the end of the last.
pub const CHOICE_DAYS: i64 = 5;
/// How long before the term who has not chosen is reminded, in seconds.
pub const REMINDER_SECONDS: i64 = 24 * 3_600;
/// The longest words of an owner, in characters.
pub const LONGEST_WORDS: usize = 4_000;
/// The job that does what is due for a near miss; its subject is the project's id.
pub const STEP: &str = "consents.step";

/// The job for a pledge that is held again while its near miss waits; its subject is the pledge's id. Asked for by `payments`.
pub use crate::features::payments::disputes::HELD_AGAIN;

/// A near miss, and how far it is.
#[derive(Debug, Clone, FromRow)]
pub struct NearMiss {
    pub project_id: String,
    pub round_id: String,
    /// The settlement that found it.
    pub settlement_id: String,
    pub state: NearMissState,
    /// Of the threshold, that must be kept.
    pub percent: i64,
    #[sqlx(rename = "threshold_cents")]
    pub threshold: Cents,
    /// When it was found.
    #[sqlx(rename = "held_cents")]
    pub held: Cents,
    pub pledges: i64,
    pub backers: i64,
    pub owner_until: Timestamp,
    pub words_nl: String,
    pub words_en: String,
    pub said_by: Option<String>,
    pub said_at: Option<Timestamp>,
    pub choose_until: Option<Timestamp>,
    /// The settlement that decided it.
    pub decision_id: Option<String>,
}

impl NearMiss {
    /// What the owner says, in this language or the other.
    pub fn words(&self, lang: Lang) -> &str {
        let (own, other) = match lang {
            Lang::Nl => (&self.words_nl, &self.words_en),
            Lang::En => (&self.words_en, &self.words_nl),
        };
        if own.is_empty() { other } else { own }
    }

    /// The least that must be kept: the smallest amount that is not below the percentage of the threshold.
    pub fn least(&self) -> Cents {
        let product = i128::from(self.threshold.0) * i128::from(self.percent);
        // at most the threshold, so it fits
        Cents(i64::try_from((product + 99) / 100).unwrap_or(i64::MAX))
    }

    /// Whether the owner may still say how it goes on.
    pub fn may_say_at(&self, now: Timestamp) -> bool {
        self.state == NearMissState::Asked && now < self.owner_until
    }

    /// Whether backers may choose, and choose otherwise.
    pub fn may_choose_at(&self, now: Timestamp) -> bool {
        self.state == NearMissState::Choosing && self.choose_until.is_some_and(|until| now < until)
    }
}

/// What a backer chose about a pledge.
#[derive(Debug, Clone, FromRow)]
pub struct Chosen {
    pub pledge_id: String,
    pub choice: Choice,
    pub chosen_at: Option<Timestamp>,
}

/// How many held pledges of a near miss have a choice, and of how much; apart what was added to them.
#[derive(Debug, Clone, FromRow)]
pub struct Tally {
    pub choice: Choice,
    pub pledges: i64,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    /// Added by more pledges of the same backers, that are held.
    #[sqlx(rename = "added_cents")]
    pub added: Cents,
}

/// What an owner says, in one or both languages.
#[derive(Debug, Clone)]
pub struct Words {
    pub nl: String,
    pub en: String,
}

/// A near miss as a plan found it.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    pub project_id: &'a str,
    pub round_id: &'a str,
    pub settlement_id: &'a str,
    pub percent: i64,
    pub threshold: Cents,
    pub held: Cents,
    pub pledges: i64,
    pub backers: i64,
    /// The pledges that wait, with what is held of each.
    pub lines: Vec<(&'a str, Cents)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f57_the_least_that_must_be_kept_is_exact() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let least = |threshold: i64, percent: i64| {
            let miss = NearMiss {
                project_id: String::new(),
                round_id: String::new(),
                settlement_id: String::new(),
                state: NearMissState::Asked,
                percent,
                threshold: Cents(threshold),
                held: Cents::ZERO,
                pledges: 0,
                backers: 0,
                owner_until: now,
                words_nl: String::new(),
                words_en: String::new(),
                said_by: None,
                said_at: None,
                choose_until: None,
                decision_id: None,
            };
            assert!(!miss.may_say_at(now) && miss.may_say_at(now.plus_millis(-1)) && !miss.may_choose_at(now));
            miss.least().0
        };
        assert_eq!((least(100, 80), least(101, 80), least(104, 80), least(105, 80)), (80, 81, 84, 84));
        assert_eq!(least(i64::MAX, 99), 9_131_138_316_486_228_049);
    }
}
