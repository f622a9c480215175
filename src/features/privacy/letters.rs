//! The letter to somebody who asked to be erased, with the way back.

use crate::features::privacy::store;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::texts::{text, text_with};

/// The kind of it.
pub const ASKED: &str = "erasure_asked";

/// Writes it. Nothing when it was taken back or carried out.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let erasure = store::by_id(conn, &letter.cause_id).await?;
    let open = erasure.filter(|erasure| erasure.undone_at.is_none() && erasure.done_at.is_none());
    let Some(erasure) = open.filter(|_| !letter.secret.is_empty()) else { return Ok(None) };
    let lang = letter.language;
    let args = [("moment", erasure.due_at.show_moment(lang))];
    Writing::new(lang, Stream::Money, text(lang, "letter-erasure-subject"))
        .say(text_with(lang, "letter-erasure-text", &args))
        .say(text(lang, "letter-erasure-stays"))
        .say(text_with(lang, "letter-erasure-undo", &args))
        .button(text(lang, "letter-erasure-button"), s.url(&format!("/{lang}/erasure/{}", letter.secret)))
        .say(text(lang, "letter-erasure-last"))
        .why(text(lang, "letter-erasure-why"))
        .draft(s)
        .map(Some)
}
