//! What of ours explains a line of the provider's balance.

use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::store::{self, Mirrored};
use crate::features::payments::{Payment, PaymentState, Refund, actions, disputes, refunds, strays};
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::stripe::ProviderPayout;
use crate::values::{Cents, Timestamp};

/// How long a line may wait for its explanation before a person looks, in days.
const PATIENCE_DAYS: i64 = 3;

/// Why money moved.
pub(super) enum Explanation {
    /// Of a payment; the posting of its amount has this key.
    Payment { id: String, posting_key: String },
    /// Of a payment that was made before this installation, or is made up for the demo: the books have it as it is.
    Import { id: String },
    /// Something of ours that posts for itself, under this key.
    Posted { kind: &'static str, id: String, posting_key: String, fee_key: String },
    /// To or from the foundation's bank.
    Payout(ProviderPayout),
    /// The provider's own charge.
    ProviderFee,
    /// Nobody knows.
    Unknown,
    /// Money in another currency: not ours to book.
    Foreign,
}

/// Finds the explanation of a line. Nothing: not yet, the next sweep looks again.
pub(super) async fn explanation(s: &Services, row: &Mirrored) -> Result<Option<Explanation>> {
    if row.currency != "eur" {
        return Ok(Some(Explanation::Foreign));
    }
    let found = match row.category.as_str() {
        "charge" => payment(s, row).await,
        "refund" => refund(s, row, "refund_accepted").await,
        "refund_failure" => refund(s, row, "refund_failed").await,
        "payout" | "payout_reversal" => Ok(Some(Explanation::Payout(s.stripe.payout(&row.source_id).await?))),
        "dispute" => dispute(s, row, Kind::DisputeOpened).await,
        "dispute_reversal" => dispute(s, row, Kind::DisputeWon).await,
        "transfer" => transfer(s, row, "tranche").await,
        "transfer_reversal" => transfer(s, row, "tranche_returned").await,
        "fee" => Ok(Some(Explanation::ProviderFee)),
        _ => Ok(Some(Explanation::Unknown)),
    };
    match found {
        Ok(None) if row.created_at.plus_days(PATIENCE_DAYS) < s.clock.now() => Ok(Some(Explanation::Unknown)),
        // the provider does not answer for this one now; others go on
        Err(Error::Outside(what)) => {
            tracing::warn!(transaction = row.id, what, "a line of the balance waits");
            Ok(None)
        }
        found => found,
    }
}

async fn payment(s: &Services, row: &Mirrored) -> Result<Option<Explanation>> {
    let Some(payment) = payment_of(&mut *s.db.read().await?, row).await? else {
        return Ok(Some(Explanation::Unknown));
    };
    if payment.session_id.is_none() && payment.state == PaymentState::Succeeded {
        return Ok(Some(Explanation::Import { id: payment.id }));
    }
    for look in [true, false] {
        for prefix in ["paid", "unexplained"] {
            let posting_key = format!("{prefix}:{}", payment.id);
            if ledger::actions::is_posted(&mut *s.db.read().await?, &posting_key).await? {
                return Ok(Some(Explanation::Payment { id: payment.id, posting_key }));
            }
        }
        if look {
            // the money is there and we have not heard of it
            actions::refresh(s, &payment.id).await?;
        }
    }
    Ok(None)
}

/// The payment a line belongs to: by the provider's id, or by ours in the metadata.
async fn payment_of(conn: &mut Conn, row: &Mirrored) -> Result<Option<Payment>> {
    if !row.intent_id.is_empty()
        && let Some(payment) = store::by_provider_id(conn, &row.intent_id).await?
    {
        return Ok(Some(payment));
    }
    Ok(store::by_id(conn, &row.our_id).await?)
}

async fn refund(s: &Services, row: &Mirrored, prefix: &str) -> Result<Option<Explanation>> {
    let back = strays::find(&mut *s.db.read().await?, &row.our_id, &row.source_id).await?;
    if let Some(back) = back {
        return sent_back(s, &back.id, prefix).await;
    }
    let mut refund = refund_of(&mut *s.db.read().await?, row).await?;
    if refund.is_none()
        && let Some(payment) = payment_of(&mut *s.db.read().await?, row).await?
    {
        // made by hand
        refunds::find(s, &payment.id).await?;
        refund = refund_of(&mut *s.db.read().await?, row).await?;
    }
    let Some(refund) = refund else { return Ok(Some(Explanation::Unknown)) };
    let posting_key = format!("{prefix}:{}", refund.id);
    for look in [true, false] {
        if ledger::actions::is_posted(&mut *s.db.read().await?, &posting_key).await? {
            let fee_key = String::new();
            return Ok(Some(Explanation::Posted { kind: "refund", id: refund.id, posting_key, fee_key }));
        }
        if look {
            refunds::check(s, &refund.id).await?;
        }
    }
    Ok(None)
}

/// A payment that belongs to no pledge went back to its payer, or failed to.
async fn sent_back(s: &Services, id: &str, prefix: &str) -> Result<Option<Explanation>> {
    let posting_key = format!("{prefix}:{id}");
    for look in [true, false] {
        if ledger::actions::is_posted(&mut *s.db.read().await?, &posting_key).await? {
            let (id, fee_key) = (id.to_owned(), String::new());
            return Ok(Some(Explanation::Posted { kind: "return", id, posting_key, fee_key }));
        }
        if look {
            strays::send(s, id).await?;
        }
    }
    Ok(None)
}

async fn refund_of(conn: &mut Conn, row: &Mirrored) -> Result<Option<Refund>> {
    match store::refund_by_provider_id(conn, &row.source_id).await? {
        Some(refund) => Ok(Some(refund)),
        None => Ok(store::refund(conn, &row.our_id).await?),
    }
}

async fn dispute(s: &Services, row: &Mirrored, kind: Kind) -> Result<Option<Explanation>> {
    let posting_key = format!("{kind}:{}", row.source_id);
    for look in [true, false] {
        if ledger::actions::is_posted(&mut *s.db.read().await?, &posting_key).await? {
            let fee_key = match row.fee {
                Cents::ZERO => String::new(),
                _ => format!("{}:{}", Kind::DisputeFee, row.source_id),
            };
            let id = row.source_id.clone();
            return Ok(Some(Explanation::Posted { kind: "dispute", id, posting_key, fee_key }));
        }
        if look && !disputes::check(s, &row.source_id).await? {
            return Ok(Some(Explanation::Unknown));
        }
    }
    Ok(None)
}

/// A transfer to an organisation's account is posted by the noun that sends it, under the id it put into the metadata.
async fn transfer(s: &Services, row: &Mirrored, prefix: &str) -> Result<Option<Explanation>> {
    let posting_key = format!("{prefix}:{}", row.our_id);
    let is_posted = ledger::actions::is_posted(&mut *s.db.read().await?, &posting_key).await?;
    let id = row.our_id.clone();
    Ok(is_posted.then_some(Explanation::Posted { kind: "tranche", id, posting_key, fee_key: String::new() }))
}

/// Writes the explanation down, with the postings that belong to it. A line that was explained meanwhile stays as it is.
pub(super) async fn record(tx: &mut Tx, row: &Mirrored, explanation: Explanation, now: Timestamp) -> Result<()> {
    match explanation {
        Explanation::Payment { id, posting_key } => {
            let fee_key = if row.fee == Cents::ZERO { String::new() } else { format!("fee:{id}") };
            if store::explain(tx, &row.id, ("payment", &id), (&posting_key, &fee_key), now).await? {
                let payment = actions::get(tx, &id).await?;
                actions::post_fee(tx, &payment, row.fee, now).await?;
            }
        }
        Explanation::Import { id } => {
            store::explain(tx, &row.id, ("import", &id), ("", ""), now).await?;
        }
        Explanation::Posted { kind, id, posting_key, fee_key } => {
            store::explain(tx, &row.id, (kind, &id), (&posting_key, &fee_key), now).await?;
        }
        Explanation::Payout(payout) => post_payout(tx, row, &payout, now).await?,
        Explanation::ProviderFee => {
            let key = format!("provider_fee:{}", row.id);
            if store::explain(tx, &row.id, ("fee", &row.id), (&key, ""), now).await? {
                post(tx, row, Kind::Fee, key, &Account::PspFees, now).await?;
            }
        }
        Explanation::Unknown => post_unknown(tx, row, now).await?,
        Explanation::Foreign => {
            if store::explain(tx, &row.id, ("foreign", &row.id), ("", ""), now).await? {
                open_case(tx, CaseKind::ProviderDiffers, row, now).await?;
            }
        }
    }
    Ok(())
}

async fn post_payout(tx: &mut Tx, row: &Mirrored, payout: &ProviderPayout, now: Timestamp) -> Result<()> {
    store::keep_payout(tx, payout, payout_state(&payout.status)).await?;
    let failed = row.category == "payout_reversal";
    let kind = if failed { Kind::PayoutFailed } else { Kind::Payout };
    let key = format!("{kind}:{}", payout.id);
    if store::explain(tx, &row.id, ("payout", &payout.id), (&key, ""), now).await? {
        post(tx, row, kind, key, &Account::PspInTransit, now).await?;
    }
    Ok(())
}

/// Our word for the provider's.
pub fn payout_state(status: &str) -> &'static str {
    match status {
        "paid" => "paid",
        "failed" | "canceled" => "failed",
        _ => "in_transit",
    }
}

/// Sets the money aside and tells a person.
async fn post_unknown(tx: &mut Tx, row: &Mirrored, now: Timestamp) -> Result<()> {
    let key = format!("unknown:{}", row.id);
    let posting_key = if row.net == Cents::ZERO && row.fee == Cents::ZERO { "" } else { key.as_str() };
    if !store::explain(tx, &row.id, ("unknown", &row.id), (posting_key, ""), now).await? {
        return Ok(());
    }
    post(tx, row, Kind::Unexplained, key.clone(), &Account::Suspense, now).await?;
    open_case(tx, CaseKind::PaymentUnknown, row, now).await
}

async fn open_case(tx: &mut Tx, kind: CaseKind, row: &Mirrored, now: Timestamp) -> Result<()> {
    let detail = format!(
        "balance transaction {} ({}, {} {}), source {}, payment {}",
        row.id, row.category, row.amount.0, row.currency, row.source_id, row.intent_id
    );
    let found = Found { kind, subject_id: &row.id, amount: row.amount, detail: &detail, pledge_id: None, remedy: None };
    cases::actions::open(tx, &found, now).await?;
    Ok(())
}

/// Posts a line: its amount against `other`, its fee against the fees.
async fn post(tx: &mut Tx, row: &Mirrored, kind: Kind, key: String, other: &Account, now: Timestamp) -> Result<()> {
    let posting = posting(row, kind, key, other);
    if !posting.is_empty() {
        ledger::actions::post(tx, now, &posting).await?;
    }
    Ok(())
}

/// The posting of a line. What it moves in the provider's balance is the line's net, whatever the signs of amount and fee.
fn posting(row: &Mirrored, kind: Kind, key: String, other: &Account) -> Posting {
    let psp = if row.category == "charge" { Account::PspPending } else { Account::PspAvailable };
    let posting = Posting::new(kind, key, row.created_at, "balance", &row.id);
    let posting = if row.amount < Cents::ZERO {
        posting.moving(row.amount.negated(), other, &psp, None)
    } else {
        posting.moving(row.amount, &psp, other, None)
    };
    if row.fee < Cents::ZERO {
        posting.moving(row.fee.negated(), &psp, &Account::PspFees, None)
    } else {
        posting.moving(row.fee, &Account::PspFees, &psp, None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        /// F69, I13: whenever it comes, a line moves its net at the provider, its fee to the fees and its amount to where it belongs.
        #[test]
        fn amount_and_fee_of_a_line_are_posted_to_the_cent(
            amount in -99_999_999_999i64..=99_999_999_999, fee in -99_999_999_999i64..=99_999_999_999, is_charge in any::<bool>(),
        ) {
            let row = Mirrored {
                id: "txn_1".to_owned(),
                category: if is_charge { "charge" } else { "payout" }.to_owned(),
                amount: Cents(amount),
                fee: Cents(fee),
                net: Cents(amount - fee),
                currency: "eur".to_owned(),
                source_id: String::new(),
                intent_id: String::new(),
                our_id: String::new(),
                created_at: Timestamp::from_seconds(0),
            };
            let posting = posting(&row, Kind::Unexplained, "unknown:txn_1".to_owned(), &Account::Suspense);
            let (here, there) = match is_charge {
                true => (Account::PspPending, Account::PspAvailable),
                false => (Account::PspAvailable, Account::PspPending),
            };
            prop_assert_eq!(posting.sum(), 0);
            prop_assert_eq!(posting.on(&here), i128::from(row.net.0));
            prop_assert_eq!(posting.on(&there), 0);
            prop_assert_eq!(posting.on(&Account::PspFees), i128::from(fee));
            prop_assert_eq!(posting.on(&Account::Suspense), -i128::from(amount));
            prop_assert_eq!(posting.is_empty(), amount == 0 && fee == 0);
        }
    }
}
