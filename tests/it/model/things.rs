//! What the model is made of: pledges, refunds, projects and transfers as plain values.

use drempel::features::payments::RefundState;
use drempel::features::pledges::PledgeState;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 86_400;
/// When the sale ends, in seconds after the begin.
pub const CLOSES: i64 = 20 * DAY;
/// What the provider keeps for a dispute, whoever wins it.
pub const DISPUTE_FEE: i64 = 2_000;
/// The least pledge.
pub const LEAST: i64 = 500;
/// A jump of the clock after which everything that was lost has been found: no look at the bank is further apart.
pub const FAR: i64 = 3 * HOUR;
/// How long after a jump the program works once more: an execution looks again after two seconds.
pub const AGAIN: i64 = 3;
/// The provider's money is pending so long.
pub const PENDING: i64 = 3 * DAY;
/// The provider's balance is read so often.
pub const SWEEP: i64 = 15 * MINUTE;

/// Impact value and threshold of each project in cents: one that sells out, one that is hard to reach, one that is easy.
pub const PROJECTS: [(i64, i64); 3] = [(9_000, 3_001), (60_000, 25_000), (30_000, 700)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Ideal,
    Card,
    Bancontact,
    Transfer,
}

impl Method {
    pub fn code(self) -> &'static str {
        match self {
            Method::Ideal => "ideal",
            Method::Card => "card",
            Method::Bancontact => "bancontact",
            Method::Transfer => "transfer",
        }
    }

    /// What the provider keeps: its Dutch price list.
    pub fn fee(self, cents: i64) -> i64 {
        match self {
            Method::Ideal => 29,
            Method::Bancontact => 39,
            Method::Card => (cents * 15 + 500) / 1_000 + 25,
            Method::Transfer => 0,
        }
    }
}

/// What the bank knows of a payment, whether we heard of it or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtBank {
    Open,
    Processing,
    Paid,
    /// Refused, or too late.
    Ended,
}

#[derive(Clone, Debug)]
pub struct Pledge {
    pub project: usize,
    pub person: usize,
    pub cents: i64,
    pub method: Method,
    pub state: PledgeState,
    pub bank: AtBank,
    /// When the bank took the money in.
    pub paid_at: i64,
    /// Our books have the money.
    pub is_paid: bool,
    pub expires: i64,
    /// The bank has sent events that nobody delivered yet: of the payment, of the refund.
    pub news: bool,
    pub refund_news: bool,
    /// Parts of a transfer that wait in suspense.
    pub parts: i64,
    /// When the provider makes the money available, as long as it has not.
    pub available_at: Option<i64>,
    pub refund: Option<Refund>,
    pub dispute: Option<Dispute>,
}

impl Pledge {
    /// What the bank knows of its refund, once it was asked for.
    pub fn refund_at_bank(&self) -> Option<RefundState> {
        self.refund.as_ref().and_then(|refund| refund.at_bank)
    }

    /// Its payment by card is in our books and nobody has asked for it back.
    pub fn can_be_disputed(&self) -> bool {
        self.method == Method::Card && self.is_paid && self.dispute.is_none()
    }

    /// The bank has taken its money and not decided.
    pub fn is_disputed(&self) -> bool {
        self.dispute.is_some_and(|dispute| dispute.at_bank == Word::Open)
    }

    /// Its refund failed and nobody gave an account yet.
    pub fn can_claim(&self) -> bool {
        self.refund.as_ref().is_some_and(|refund| refund.state == RefundState::Unclaimed && !refund.is_claimed)
    }
}

#[derive(Clone, Debug)]
pub struct Refund {
    pub state: RefundState,
    /// What the bank knows of it, once it was asked for.
    pub at_bank: Option<RefundState>,
    /// An account was given for it.
    pub is_claimed: bool,
}

/// What the bank says of a dispute. An open one has taken the money, a fee besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Open,
    Won,
    Lost,
}

#[derive(Clone, Copy, Debug)]
pub struct Dispute {
    pub at_bank: Word,
    pub has_news: bool,
    /// We heard that it was opened, and how it ended.
    pub is_known: bool,
    pub is_settled: bool,
}

#[derive(Clone, Debug)]
pub struct Project {
    /// Whether it was funded, once that is decided.
    pub funded: Option<bool>,
    /// Start money that became payable, and what of it was given out.
    pub payable: i64,
    pub given: i64,
}

/// What a transfer of ours pays: the refund of a pledge, a claim, the n-th tranche of a project, or a line nobody could place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Refund(usize),
    Claim(usize),
    Tranche(usize, usize),
    Return(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Planned,
    AtBank,
    Confirmed,
    Returned,
}

/// Money on the statement that nobody can place, and whether it waits for people.
#[derive(Clone, Debug)]
pub struct Stray {
    pub cents: i64,
    pub waits: bool,
}

#[derive(Clone, Debug)]
pub struct Transfer {
    pub subject: Subject,
    pub cents: i64,
    pub sent: Sent,
}

/// What the program must answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Done,
    /// The name of the refusal.
    Refused(&'static str),
    /// A status, and what can still be pledged where that is told.
    Status(u16, Option<i64>),
}

pub fn held(project: usize) -> String {
    format!("pledges_held:prj_{project}")
}

pub fn due(project: usize) -> String {
    format!("refunds_due:prj_{project}")
}

pub fn payable(project: usize) -> String {
    format!("owner_payable:prj_{project}:org_1")
}
