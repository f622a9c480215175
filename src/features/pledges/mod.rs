//! A pledge: Rikx promised for one project, as a gift of a citizen or a purchase of a company.
//!
//! | state | what it means for the backer | how one leaves it |
//! | --- | --- | --- |
//! | `reserved` | place is kept while the bank's page is open; nothing is paid | paid, on its way, or expired |
//! | `processing` | the bank has it; it can still fail | paid, or expired |
//! | `held` | paid and kept safe until the round is decided | released, refunding, disputed |
//! | `released` | the project goes on; the money belongs to it | refunding, when the project is stopped before any was paid out |
//! | `expired` | nothing was paid in time; the place is free again | money that comes after all is kept if there is room, else refunded |
//! | `refunding` | the money is on its way back | refunded |
//! | `refunded` | the money is back | refunding, when the bank returns it |
//! | `disputed` | the bank was asked to take it back; it does not count | won: held, or refunding when the round was decided; lost: refunded |
//!
//! Reserved, processing and held amounts of a project, and what funds added to the held ones, together never exceed its impact
//! value: the row of `pledge_totals` is locked and guarded in one statement before anything else is written.

pub mod actions;
mod moving;
pub mod personal;
mod reserving;
mod store;
mod verify;

use sha2::{Digest, Sha256};
use sqlx::FromRow;

use crate::infra::random;
use crate::values::text::Email;
use crate::values::{Cents, Lang, Rikx, Timestamp};

crate::words! {
    pub enum PledgeState {
        Reserved = "reserved",
        Processing = "processing",
        Held = "held",
        Released = "released",
        Expired = "expired",
        Refunding = "refunding",
        Refunded = "refunded",
        Disputed = "disputed",
    }
}

crate::life_cycle! {
    PledgeState of "pledges" by "id":
    Reserved => Processing | Held | Expired | Refunding,
    Processing => Held | Expired | Refunding,
    Held => Released | Refunding | Disputed,
    // the project was stopped before any of it was paid out
    Released => Refunding,
    // the money came after all, and there is still room
    Expired => Held | Refunding,
    Refunding => Refunded,
    Refunded => Refunding,
    Disputed => Held | Refunding | Refunded,
}

crate::words! {
    /// A gift of a citizen, or a purchase of a company that counts for its social return.
    pub enum PledgeKind {
        Gift = "gift",
        Purchase = "purchase",
    }
}

crate::refusals! {
    /// Why a pledge cannot be made or changed.
    pub enum Refusal {
        NotSelling => Conflict "pledge-not-selling",
        Over { available_cents: i64 } => Conflict "pledge-over",
        SoldOut => Conflict "pledge-sold-out",
        TooSmall { minimum: i64 } => Invalid("amount") "pledge-too-small",
        NotWhole { unit: i64 } => Invalid("amount") "pledge-not-whole",
        KeyReused => Invalid("Idempotency-Key") "pledge-key-reused",
        NotCancellable => Conflict "pledge-not-cancellable",
    }
}

/// How long a place is kept while the bank's page is open, in seconds. Stripe keeps a session for 30 minutes at least; one
/// minute is for the call itself.
pub const RESERVATION_SECONDS: i64 = 31 * 60;

/// The company that buys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Company {
    pub name: String,
    /// Eight digits; may be empty.
    pub kvk_number: String,
    pub contract_reference: String,
    /// The buyer's own order number.
    pub po_number: String,
    /// The buyer's VAT identification number; may be empty.
    pub vat_id: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
}

/// What a backer asks for, checked field by field where it came in.
#[derive(Debug, Clone)]
pub struct NewPledge {
    pub project_id: String,
    pub kind: PledgeKind,
    pub amount: Cents,
    pub email: Email,
    pub name: String,
    pub anonymous: bool,
    pub updates: bool,
    pub language: Lang,
    pub method: String,
    pub company: Option<Company>,
    /// The one-time key of the form or the caller's idempotency key, with a word for where it came from.
    pub request_key: String,
}

impl NewPledge {
    /// The pledge as it begins: reserved until its session ends.
    pub fn reserved(&self, round_id: String, user_id: String, rikx: Rikx, now: Timestamp) -> Pledge {
        let company = self.company.clone().unwrap_or_default();
        Pledge {
            id: random::id("plg", now),
            reference: random::reference(),
            project_id: self.project_id.clone(),
            round_id,
            user_id,
            kind: self.kind,
            amount: self.amount,
            rikx,
            state: PledgeState::Reserved,
            anonymous: i16::from(self.anonymous),
            updates: i16::from(self.updates),
            name: self.name.clone(),
            language: self.language,
            company_name: company.name,
            kvk_number: company.kvk_number,
            contract_reference: company.contract_reference,
            address: company.address,
            postcode: company.postcode,
            city: company.city,
            po_number: company.po_number,
            vat_id: company.vat_id,
            request_hash: self.request_hash(),
            created_at: now,
            expires_at: now.plus_seconds(RESERVATION_SECONDS),
            held_at: None,
            returned: Cents::ZERO,
            raises_id: None,
        }
    }

    /// What is stored of the key.
    pub fn key_hash(&self) -> String {
        hex::encode(Sha256::digest(self.request_key.as_bytes()))
    }

    /// A fingerprint of all that is asked, so that a key cannot be used for something else.
    pub fn request_hash(&self) -> String {
        let text = format!(
            "{}|{}|{}|{}|{}|{}|{}|{}|{:?}",
            self.project_id,
            self.kind,
            self.amount.0,
            self.email,
            self.name,
            self.anonymous,
            self.updates,
            self.method,
            self.company
        );
        hex::encode(Sha256::digest(text.as_bytes()))
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Pledge {
    pub id: String,
    pub reference: String,
    pub project_id: String,
    pub round_id: String,
    pub user_id: String,
    pub kind: PledgeKind,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "rikx_hundredths")]
    pub rikx: Rikx,
    pub state: PledgeState,
    pub anonymous: i16,
    pub updates: i16,
    pub name: String,
    pub language: Lang,
    pub company_name: String,
    pub kvk_number: String,
    pub contract_reference: String,
    pub po_number: String,
    pub vat_id: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
    pub request_hash: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub held_at: Option<Timestamp>,
    /// What went back while the rest stayed.
    #[sqlx(rename = "returned_cents")]
    pub returned: Cents,
    /// The pledge of a near miss that this one adds to.
    pub raises_id: Option<String>,
}

impl Pledge {
    /// What still counts of the amount.
    pub fn kept(&self) -> Cents {
        Cents(self.amount.0 - self.returned.0)
    }
}

/// What stands for a project: parts that never overlap, and the most there can be.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub cap: Cents,
    pub reserved: Cents,
    pub processing: Cents,
    /// A fold of the ledger.
    pub held: Cents,
    /// Added by match funds to what is held. A fold of the ledger.
    pub matched: Cents,
    /// Different people with held money.
    pub backers: i64,
}

impl Standing {
    /// What can still be pledged.
    pub fn available(&self) -> Cents {
        Cents((self.cap.0 - self.reserved.0 - self.processing.0 - self.held.0 - self.matched.0).max(0))
    }

    /// Whether nothing that could be pledged is left, and nothing that is only reserved could become free. It is shown, not decided:
    /// the close decides.
    pub fn is_sold_out(&self, minimum: Cents) -> bool {
        self.available() < minimum && self.reserved == Cents::ZERO
    }
}

/// What of an amount buys whole hundredths of a Rikx in a round: no amount is rounded, so the odd cents of a part stay out.
pub fn whole_part(amount: Cents, unit_price_eur: i64) -> Cents {
    Cents(amount.0 - amount.0.checked_rem(unit_price_eur).unwrap_or_default())
}

/// The Rikx an amount buys in a round.
///
/// # Errors
/// Too small, or not a whole number of hundredths: no amount is ever rounded.
pub fn rikx_for(amount: Cents, minimum: Cents, unit_price_eur: i64) -> Result<Rikx, Refusal> {
    if amount < minimum {
        return Err(Refusal::TooSmall { minimum: minimum.0 });
    }
    Rikx::bought_for(amount, unit_price_eur).ok_or(Refusal::NotWhole { unit: unit_price_eur })
}
