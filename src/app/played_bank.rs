//! Development and demo: a statement of the bank that follows on the last one, with one payment on it.

use crate::features::bank;
use crate::infra::bank::write::{Version, dutch_iban, write};
use crate::infra::bank::{Balance, Direction, Head, Line};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, random};
use crate::values::Cents;

/// A statement of today, from the last closing balance to the one with this payment.
///
/// # Errors
/// The database, or a balance that does not fit.
pub async fn statement(s: &Services, amount: Cents, name: &str, remittance: String) -> Result<Vec<u8>> {
    let now = s.clock.now();
    let iban = s.settings.bank.iban.clone();
    let last = bank::actions::closing(&mut *s.db.read().await?, &iban).await?;
    let (opened_on, opening) = last.unwrap_or_else(|| (now.day(), Cents::ZERO));
    let closing = opening.checked_add(amount).ok_or_else(|| Error::broken("a balance that does not fit"))?;
    let id = random::code(12);
    let head = Head {
        message_id: format!("DEV{id}"),
        id: format!("DEV{id}"),
        number: String::new(),
        iban,
        opening: Balance { amount: opening, day: opened_on },
        closing: Balance { amount: closing, day: now.day() },
    };
    let line = Line {
        amount,
        direction: Some(Direction::In),
        booked_on: now.day(),
        booked_at: Some(now),
        bank_reference: id,
        name: name.to_owned(),
        iban: dutch_iban(417_164_300),
        remittance,
        ..Line::default()
    };
    let mut text = Vec::new();
    write(&mut text, Version::V08, &head, now, [line]).map_err(Error::broken)?;
    Ok(text)
}
