//! The letters of this noun: the code and the link to sign in, what changed in an account, and a new address.

use crate::features::users::events::{self, EventKind};
use crate::features::users::store::{self, proofs};
use crate::features::users::{User, address, guard};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::texts::{text, text_with};
use crate::values::Lang;

/// The kinds written here.
pub const KINDS: [&str; 5] =
    ["sign_in", events::LETTER, events::ADMINS_LETTER, address::CODE_LETTER, address::OLD_LETTER];

/// Writes a letter of this noun. Nothing when it is of no use any more. `secret` is what only this letter says.
pub async fn render(
    s: &Services,
    conn: &mut Conn,
    kind: &str,
    cause_id: &str,
    user: &User,
    lang: Lang,
    secret: &str,
) -> Result<Option<Draft>> {
    match kind {
        events::LETTER => event(s, conn, cause_id, lang, secret).await,
        events::ADMINS_LETTER => recovered(s, conn, cause_id, lang).await,
        address::CODE_LETTER => address_code(s, conn, cause_id, lang, secret).await,
        address::OLD_LETTER => address_old(s, conn, cause_id, lang, secret).await,
        "sign_in" => sign_in(s, conn, cause_id, user, lang, secret).await,
        _ => Ok(None),
    }
}

/// Code and link to sign in. `secret` is the code, the link's token and, where there is one, the path to go on to, with blanks
/// between.
async fn sign_in(
    s: &Services,
    conn: &mut Conn,
    cause_id: &str,
    user: &User,
    lang: Lang,
    secret: &str,
) -> Result<Option<Draft>> {
    if !proofs::is_living(conn, cause_id, s.clock.now()).await? {
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

/// What changed in an account, with the way to look at it. After a recovery `secret` is the token to enrol anew with, for the team.
async fn event(s: &Services, conn: &mut Conn, id: &str, lang: Lang, secret: &str) -> Result<Option<Draft>> {
    let Some(event) = events::event(conn, id).await? else { return Ok(None) };
    let args = [("detail", event.detail.clone())];
    let key = |part: &str| format!("letter-account-{}-{part}", event.kind.as_str().replace('_', "-"));
    let mut facts = vec![(text(lang, "letter-account-when"), event.at.show_moment(lang))];
    if event.kind == EventKind::NewDevice && !event.detail.is_empty() {
        facts.push((text(lang, "users-sessions-device"), event.detail.clone()));
    }
    let writing = Writing::new(lang, Stream::Money, text_with(lang, &key("subject"), &args))
        .say(text_with(lang, &key("text"), &args))
        .facts(facts);
    let writing = match (event.kind, secret) {
        (EventKind::Recovered, "") => writing
            .say(text(lang, "letter-account-recovered-again"))
            .button(text(lang, "letter-account-open"), s.url(&format!("/{lang}/account/security"))),
        (EventKind::Recovered, token) => writing
            .say(text(lang, "letter-account-recovered-enrol"))
            .button(text(lang, "letter-account-enrol"), s.url(&format!("/{lang}/sign-in/enrol/{token}"))),
        _ => writing
            .button(text(lang, "letter-account-open"), s.url(&format!("/{lang}/account/security")))
            .say(text(lang, "letter-account-not-you")),
    };
    writing.why(text(lang, "letter-account-why")).draft(s).map(Some)
}

/// To every admin: who lost the factors, and by whose decision.
async fn recovered(s: &Services, conn: &mut Conn, id: &str, lang: Lang) -> Result<Option<Draft>> {
    let Some(event) = events::event(conn, id).await? else { return Ok(None) };
    let Some(person) = store::by_id(conn, &event.user_id).await? else { return Ok(None) };
    let args = [("email", person.email.clone()), ("detail", event.detail.clone())];
    Writing::new(lang, Stream::Money, text_with(lang, "letter-recovered-admins-subject", &args))
        .say(text_with(lang, "letter-recovered-admins-text", &args))
        .facts(vec![(text(lang, "letter-account-when"), event.at.show_moment(lang))])
        .button(text(lang, "letter-recovered-admins-open"), s.url(&format!("/{lang}/staff/users/{}", person.id)))
        .why(text(lang, "letter-recovered-admins-why"))
        .draft(s)
        .map(Some)
}

/// To the new address: the code that proves it.
async fn address_code(s: &Services, conn: &mut Conn, id: &str, lang: Lang, code: &str) -> Result<Option<Draft>> {
    let change = address::by_id(conn, id).await?.filter(|change| change.waits(s.clock.now()));
    if change.is_none() || code.is_empty() {
        return Ok(None);
    }
    let code = grouped(code);
    Writing::new(lang, Stream::Money, text_with(lang, "letter-address-code-subject", &[("code", code.clone())]))
        .say(text(lang, "letter-address-code-text"))
        .code(code)
        .say(text(lang, "letter-address-code-life"))
        .why(text(lang, "letter-address-code-why"))
        .draft(s)
        .map(Some)
}

/// To the old address: the account went over to another one, and how to take it back.
async fn address_old(s: &Services, conn: &mut Conn, id: &str, lang: Lang, token: &str) -> Result<Option<Draft>> {
    let Some(change) = address::by_id(conn, id).await? else { return Ok(None) };
    let Some(until) = change.undo_until(s.clock.now()).filter(|_| !token.is_empty()) else { return Ok(None) };
    let args = [("email", change.new_email.clone()), ("moment", until.show_moment(lang))];
    Writing::new(lang, Stream::Money, text(lang, "letter-address-old-subject"))
        .say(text_with(lang, "letter-address-old-text", &args))
        .say(text_with(lang, "letter-address-old-undo", &args))
        .button(text(lang, "letter-address-old-button"), s.url(&format!("/{lang}/sign-in/restore/{token}")))
        .why(text(lang, "letter-address-old-why"))
        .draft(s)
        .map(Some)
}

/// The code as people read it: `ABCD-EFGH`.
fn grouped(code: &str) -> String {
    code.split_at_checked(code.len() / 2).map_or_else(|| code.to_owned(), |(a, b)| format!("{a}-{b}"))
}
