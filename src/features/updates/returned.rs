//! What becomes of a report about a letter that had left.
//!
//! | the report says | the letter | mail about projects to its receiver |
//! | --- | --- | --- |
//! | the address does not exist | `failed` | ends, when the letter went to the address that they have now |
//! | it could not be delivered | `failed` | goes on |
//! | it is unwanted | stays | ends |
//!
//! Letters about money go on in any case. A report that comes again changes nothing.

use crate::features::updates::choices::Way;
use crate::features::updates::follows;
use crate::infra::error::Result;
use crate::infra::mail::reports::{self, Said};
use crate::infra::{Services, letters};

/// Takes a letter that may be such a report, as it came. Answers what it said of a letter of ours; nothing when it is none.
///
/// # Errors
/// The database.
pub async fn take(s: &Services, raw: &[u8]) -> Result<Option<Said>> {
    let Some(report) = reports::read(raw, s.mailer.host()) else { return Ok(None) };
    let mut tx = s.db.begin().await?;
    let Some(letter) = letters::receiver(&mut tx, &report.letter_id).await? else { return Ok(None) };
    let now = s.clock.now();
    if report.said != Said::Unwanted {
        letters::returned(&mut tx, &report.letter_id, &report.detail).await?;
    }
    let is_theirs = letter.elsewhere == 0 && letter.email.to_lowercase() == report.receiver;
    match report.said {
        Said::AddressGone if is_theirs => follows::end_all(&mut tx, &letter.user_id, Way::Bounced, now).await?,
        Said::Unwanted => follows::end_all(&mut tx, &letter.user_id, Way::Complained, now).await?,
        Said::AddressGone | Said::Refused => {}
    }
    tx.commit().await?;
    tracing::info!(letter = %report.letter_id, said = ?report.said, "a report about a letter");
    Ok(Some(report.said))
}
