//! Match funds: an organisation sets money aside that is added to pledges by a published rule, until it is used up.
//!
//! A match is decided in the transaction in which a pledge becomes held: the totals of the project are locked first, then the row
//! of each fund in the order of creation, and `used + match <= received` is guarded in one statement. So no burst of pledges
//! makes a fund give what it has not. A match is the least of:
//!
//! - the ratio's part of the pledge, and the most per pledge;
//! - what the fund may still add to this project (a percentage of the impact value);
//! - what the fund has left;
//! - what is left under the impact value: reserved, processing, held and matched amounts never exceed it together,
//!
//! rounded down to whole hundredths of a Rikx. A fund may wait for a number of different backers, or for a part of the threshold
//! in held money: the pledge that reaches it is the first that is matched, those before it are not.
//!
//! What a backer of a near miss adds is matched by the same rule, as long as the fund is active and has money; the most per pledge then
//! holds for the pledge and what was added to it together.
//!
//! | fund | meaning | next |
//! | --- | --- | --- |
//! | `draft` | being set up; its terms may change | `active` by two treasurers, `ended` |
//! | `active` | adds to pledges; its terms are frozen | `ended` by two treasurers |
//! | `ended` | adds nothing more; what is left can be given back to the giver | never |
//!
//! | match | meaning | next |
//! | --- | --- | --- |
//! | `reserved` | counts for the project as long as its pledge is held | `released`, `returned` |
//! | `released` | the project goes on: it belongs to the project, whatever becomes of the pledge | `returned`, when the project is stopped |
//! | `returned` | all of it is back in the fund | never |
//!
//! Result money of a round that no result earned may be a fund's by that round's rule: it is added to what the fund received.
//!
//! | give-back | meaning | next |
//! | --- | --- | --- |
//! | `planned` | two treasurers decided; its transfer is on the way | `paid` |
//! | `paid` | the bank's statement shows it | `returned` |
//! | `returned` | the giver's bank sent it back: the fund has it again | never |
//!
//! A match goes back to its fund, never to a backer, when its pledge stops being held before the release. When a part of a held
//! pledge went back, the match keeps the same part, `match × kept / counted`, rounded down to a whole hundredth of a Rikx: the
//! fund gets what rounding leaves, and what is kept and what went back sum to the match to the cent.

pub mod actions;
mod form;
mod matching;
mod reading;
mod rule;
mod store;
mod verify;
mod words;

use sqlx::FromRow;

pub use form::{FIELDS, Terms};
pub use reading::{Effect, Left, Offer, Used};
pub use rule::Room;

use crate::values::{Cents, Lang, Timestamp};

crate::words! {
    pub enum FundState {
        Draft = "draft",
        Active = "active",
        Ended = "ended",
    }
}

crate::life_cycle! {
    FundState of "match_funds" by "id":
    Draft => Active | Ended,
    Active => Ended,
}

crate::words! {
    pub enum MatchState {
        Reserved = "reserved",
        Released = "released",
        Returned = "returned",
    }
}

crate::life_cycle! {
    MatchState of "matches" by "id"
        with "returned_cents = CASE WHEN $2 = 'returned' THEN amount_cents ELSE returned_cents END":
    Reserved => Released | Returned,
    Released => Returned,
}

crate::words! {
    pub enum GiveBackState {
        Planned = "planned",
        Paid = "paid",
        Returned = "returned",
    }
}

crate::life_cycle! {
    GiveBackState of "match_give_backs" by "id":
    Planned => Paid,
    Paid => Returned,
}

crate::words! {
    /// What two treasurers decide about a fund. Also the kind of the proposal.
    pub enum Decision {
        Activate = "match.activate",
        End = "match.end",
    }
}

crate::refusals! {
    /// Why a fund is not set up, changed or decided about.
    pub enum Refusal {
        NameMissing => Invalid("name_nl") "match-name-missing",
        NameEnMissing => Invalid("name_en") "match-name-missing",
        NoGiver => Invalid("giver") "match-no-giver",
        RatioWrong => Invalid("ratio") "match-ratio-wrong",
        MostPerPledgeWrong => Invalid("most_per_pledge") "match-amount-wrong",
        MostPerProjectWrong => Invalid("most_per_project") "match-percent-wrong",
        BackersWrong => Invalid("least_backers") "match-backers-wrong",
        StartingWrong => Invalid("starting") "match-starting-wrong",
        ProjectsWrong => Invalid("projects") "match-projects-wrong",
        Frozen => Conflict "match-frozen",
        NotDraft => Conflict "match-not-draft",
        AlreadyEnded => Conflict "match-already-ended",
        NotEnded => Conflict "match-not-ended",
        NothingLeft => Conflict "match-nothing-left",
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Fund {
    pub id: String,
    pub round_id: String,
    /// The organisation whose money it is.
    pub giver_id: String,
    pub name_nl: String,
    pub name_en: String,
    /// Of the pledge: 100 doubles it.
    pub ratio_percent: i64,
    #[sqlx(rename = "most_per_pledge_cents")]
    pub most_per_pledge: Cents,
    /// Of the impact value.
    pub most_per_project_percent: i64,
    /// Different people a project needs before its pledges are matched.
    pub least_backers: i64,
    /// Held money in percent of the threshold a project needs before its pledges are matched.
    pub starting_percent: i64,
    pub state: FundState,
    #[sqlx(rename = "received_cents")]
    pub received: Cents,
    /// Reserved for pledges, and released.
    #[sqlx(rename = "used_cents")]
    pub used: Cents,
    /// Decided to go back to the giver.
    #[sqlx(rename = "given_back_cents")]
    pub given_back: Cents,
    pub created_by: String,
    pub created_at: Timestamp,
    pub activated_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

impl Fund {
    pub fn name(&self, lang: impl std::borrow::Borrow<Lang>) -> &str {
        match lang.borrow() {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }

    /// What it can still add, or give back.
    pub fn left(&self) -> Cents {
        Cents(self.received.0 - self.used.0 - self.given_back.0)
    }
}

/// What a fund added to a pledge.
#[derive(Debug, Clone, FromRow)]
pub struct Match {
    pub id: String,
    pub fund_id: String,
    pub pledge_id: String,
    pub project_id: String,
    /// What counted of the pledge then.
    #[sqlx(rename = "pledge_cents")]
    pub counted: Cents,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "returned_cents")]
    pub returned: Cents,
    pub state: MatchState,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Match {
    /// What is not back in the fund.
    pub fn kept(&self) -> Cents {
        Cents(self.amount.0 - self.returned.0)
    }
}

/// Money of an ended fund on its way to the giver.
#[derive(Debug, Clone, FromRow)]
pub struct GiveBack {
    pub id: String,
    pub fund_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub state: GiveBackState,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}
