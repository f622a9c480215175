//! The letter of this noun: the code and the link to sign in.

use crate::features::users::store::proofs;
use crate::features::users::{User, guard};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::texts::{text, text_with};
use crate::values::Lang;

/// Writes a letter of this noun. `secret` is the code, the link's token and, where there is one, the path to go on to, with
/// blanks between. Nothing when the letter is of no use any more: code and link have ended, or the secret was emptied.
pub async fn render(
    s: &Services,
    conn: &mut Conn,
    kind: &str,
    cause_id: &str,
    user: &User,
    lang: Lang,
    secret: &str,
) -> Result<Option<Draft>> {
    if kind != "sign_in" || !proofs::is_living(conn, cause_id, s.clock.now()).await? {
        return Ok(None);
    }
    let mut pieces = secret.split(' ');
    let (Some(code), Some(token)) = (pieces.next(), pieces.next()) else { return Ok(None) };
    let path = guard::with_next(&format!("/{lang}/sign-in/link/{token}"), pieces.next().unwrap_or_default());
    let code = grouped(code);
    let hello = match user.name.as_str() {
        "" => text(lang, "users-letter-hello"),
        name => text_with(lang, "users-letter-hello-name", &[("name", name.to_owned())]),
    };
    Writing::new(lang, Stream::Money, text_with(lang, "users-letter-subject", &[("code", code.clone())]))
        .say(hello)
        .say(text(lang, "users-letter-code"))
        .code(code)
        .say(text(lang, "users-letter-link"))
        .button(text(lang, "users-letter-button"), s.url(&path))
        .say(text(lang, "users-letter-life"))
        .say(text(lang, "users-letter-not-you"))
        .why(text(lang, "users-letter-why"))
        .draft(s)
        .map(Some)
}

/// The code as people read it: `ABCD-EFGH`.
fn grouped(code: &str) -> String {
    code.split_at_checked(code.len() / 2).map_or_else(|| code.to_owned(), |(a, b)| format!("{a}-{b}"))
}
