//! Papers name their receiver, for seven years after their year (article 52 of the general act on state taxes). After that the number, the
//! amounts and what they are about stay, so that numbers still run without gaps; the receiver is gone.

use crate::features::receipts::store::{self, personal as rows};
use crate::features::receipts::{DocumentKind, Facts, Receiver, actions, year_of};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The papers of a person.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let mut records = Vec::new();
    for kind in DocumentKind::ALL {
        for document in store::of_user(conn, user_id, *kind).await? {
            let receiver = Facts::of(&document)?.receiver;
            records.push(
                Record::new()
                    .text("number", document.number)
                    .word("kind", kind.as_str(), "data-paper")
                    .cents("amount_cents", document.amount)
                    .text("name", receiver.name)
                    .text("address", receiver.address)
                    .text("postcode", receiver.postcode)
                    .text("city", receiver.city)
                    .text("kvk_number", receiver.kvk_number)
                    .text("vat_id", receiver.vat_id)
                    .moment("issued_at", document.issued_at),
            );
        }
    }
    Ok(vec![Part::of("papers", records)])
}

/// Takes the receiver out of some papers of the years before a moment's; how many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, now: Timestamp, limit: i64) -> Result<u64> {
    let old = rows::named_before(tx, year_of(before), limit).await?;
    for document in &old {
        let mut facts = Facts::of(document)?;
        facts.receiver = Receiver::default();
        let text = facts.canonical()?;
        rows::forget(tx, &document.id, &text, &actions::hash(&text), now).await?;
    }
    Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
}
