//! Signing in by mail: a letter with a code and a link, used once, within ten minutes, in the browser that asked.
//!
//! Nobody learns here whether an address is known: for an unknown one the same is written and the same is answered, only no letter
//! goes out, unless its owner is on the way to registering an organisation.

use crate::features::users::events::{self, Device};
use crate::features::users::store::proofs::{self, NewRequest, Request};
use crate::features::users::store::visits;
use crate::features::users::{CODE_LENGTH, Factor, Refusal, StaffRole, actions, read_code, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::letters::{self, Letter};
use crate::infra::random::Keys;
use crate::infra::{Services, facts, random};
use crate::values::text::Email;
use crate::values::{Lang, Timestamp};

/// How long code and link work, in seconds.
pub const LIFE_SECONDS: i64 = 600;
/// After this many tries a code is dead.
const MOST_TRIES: i64 = 5;
/// So many letters an address gets within the window.
const MOST_LETTERS: i64 = 3;
const LETTERS_WINDOW_SECONDS: i64 = 900;
/// So many are asked for from one network in an hour, and from everywhere in a second.
const MOST_FROM_NETWORK: i64 = 10;
const NETWORK_WINDOW_SECONDS: i64 = 3_600;
const MOST_IN_A_SECOND: i64 = 20;

/// Where somebody may go who was never here: who registers an organisation is made known by asking for a code.
const FOR_NEWCOMERS: &str = "/studio/organisations/new";

/// Somebody who came in.
#[derive(Debug, Clone)]
pub struct Entered {
    /// For the session cookie.
    pub token: String,
    pub roles: Vec<StaffRole>,
}

/// Where a link stands for the browser that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// One press signs in.
    Ready,
    /// Somebody asked for it in another browser: there the code works.
    OtherBrowser,
    Used,
    Expired,
    Unknown,
}

/// Who asks: the language and the browser that they use, and the network they come from.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    pub lang: Lang,
    /// What binds code and link to the browser.
    pub browser: &'a str,
    /// Empty when it is not counted.
    pub network: &'a str,
    /// By what the person's browser and its place are known, if they signed in there before; empty when there is nothing.
    pub known_by: [&'a str; 2],
}

/// Queues a letter when the address is known and did not get too many. `next` is where to go afterwards, empty or local. An
/// unknown address takes the same steps; only the last of them finds nobody to write to.
///
/// # Errors
/// [`Refusal::TooManyAsks`] for a network, or everybody, that asks too often.
pub async fn ask(s: &Services, email: &Email, asker: Asker<'_>, next: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    note_use(&mut tx, now).await?;
    if s.settings.limits {
        limit(&mut tx, asker.network, now).await?;
    }
    let user_id = match store::by_email(&mut tx, email.as_str()).await? {
        Some(user) => user.id,
        None if next == FOR_NEWCOMERS => actions::known_or_new(&mut tx, email, asker.lang, now).await?.id,
        None => String::new(),
    };
    store::lock(&mut tx, &user_id).await?;
    let since = now.plus_seconds(-LETTERS_WINDOW_SECONDS);
    let many = proofs::letters_since(&mut tx, email.as_str(), since).await? >= MOST_LETTERS;
    if s.settings.limits && many && !is_known(&mut tx, &user_id, &asker).await? {
        tracing::info!(user = user_id, "no sign-in letter: too many");
        return Ok(tx.commit().await?);
    }
    let (id, code, link) = (random::id("sir", now), random::code(CODE_LENGTH), random::secret());
    let request = NewRequest {
        id: &id,
        email: email.as_str(),
        purpose: "sign_in",
        code_hash: &code_hash(&s.keys, &id, &code),
        link_hash: &random::hash(&link),
        browser_hash: &random::hash(asker.browser),
        now,
        expires_at: now.plus_seconds(LIFE_SECONDS),
    };
    proofs::insert_request(&mut tx, request).await?;
    let secret = format!("{code} {link} {next}");
    let letter = Letter {
        kind: "sign_in",
        cause_id: &id,
        user_id: &user_id,
        language: asker.lang,
        due: now,
        secret: secret.trim_end(),
    };
    letters::queue_if_known(&mut tx, now, letter).await?;
    Ok(tx.commit().await?)
}

/// Whether this person signed in with this browser, or from where it is, before. Strangers use up the letters of an address, and do not
/// keep its owner out.
async fn is_known(conn: &mut Conn, user_id: &str, asker: &Asker<'_>) -> Result<bool> {
    for secret in asker.known_by.iter().filter(|secret| !secret.is_empty()) {
        if visits::knows_device(conn, user_id, &random::hash(secret)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts who asks, known or not.
async fn limit(tx: &mut Tx, network: &str, now: Timestamp) -> Result<()> {
    let from_there = visits::asks_from(tx, network, now.plus_seconds(-NETWORK_WINDOW_SECONDS)).await?;
    let lately = visits::asks_since(tx, now.plus_seconds(-1)).await?;
    if lately >= MOST_IN_A_SECOND || (!network.is_empty() && from_there >= MOST_FROM_NETWORK) {
        tracing::warn!(network, from_there, lately, "sign-in letters are asked for too often");
        return Err(Refusal::TooManyAsks.into());
    }
    Ok(visits::note_ask(tx, &random::id("ask", now), network, now).await?)
}

/// Written for known and unknown addresses alike, so that both answers wait for the disk.
async fn note_use(tx: &mut Tx, now: Timestamp) -> Result<()> {
    Ok(facts::set(tx, "sign_in_last_used", &now.to_string()).await?)
}

/// 40 bits can be tried out offline, so the code's hash is keyed with the installation's secret.
fn code_hash(keys: &Keys, request_id: &str, code: &str) -> String {
    keys.derive("sign-in code", &format!("{request_id} {code}"))
}

/// Signs in with a typed code. Nothing when it is not a living code of this browser; the try is counted. `old` is the session
/// token the browser has, which ends.
pub async fn by_code(
    s: &Services,
    browser: &str,
    typed: &str,
    old: Option<&str>,
    device: &Device,
) -> Result<Option<Entered>> {
    let Some(code) = read_code(typed) else { return Ok(None) };
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    note_use(&mut tx, now).await?;
    let tried = proofs::count_try(&mut tx, &random::hash(browser), MOST_TRIES, now).await?;
    let hit = tried.iter().find(|r| random::same(&r.code_hash, &code_hash(&s.keys, &r.id, &code)));
    let entered = match hit {
        Some(request) => enter(&mut tx, request, old, device, now).await?,
        None => None,
    };
    if entered.is_none() {
        tracing::warn!(waiting = tried.len(), "a wrong code by mail");
    }
    tx.commit().await?;
    Ok(entered)
}

/// Where a link stands. Reading changes nothing: mail scanners open links.
pub async fn link_state(conn: &mut Conn, token: &str, browser: Option<&str>, now: Timestamp) -> Result<LinkState> {
    let request = proofs::request_by_link(conn, &random::hash(token), "sign_in").await?;
    Ok(request.map_or(LinkState::Unknown, |request| state_of(&request, browser, now)))
}

fn state_of(request: &Request, browser: Option<&str>, now: Timestamp) -> LinkState {
    if request.used_at.is_some() {
        LinkState::Used
    } else if request.expires_at <= now || request.attempts >= MOST_TRIES {
        LinkState::Expired
    } else if browser.is_some_and(|b| random::same(&random::hash(b), &request.browser_hash)) {
        LinkState::Ready
    } else {
        LinkState::OtherBrowser
    }
}

/// Signs in with a link. Nothing when it is not ready for this browser.
pub async fn by_link(
    s: &Services,
    token: &str,
    browser: Option<&str>,
    old: Option<&str>,
    device: &Device,
) -> Result<Option<Entered>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let request = proofs::request_by_link(&mut tx, &random::hash(token), "sign_in").await?;
    let Some(request) = request.filter(|r| state_of(r, browser, now) == LinkState::Ready) else { return Ok(None) };
    let entered = enter(&mut tx, &request, old, device, now).await?;
    tx.commit().await?;
    Ok(entered)
}

/// Uses the request up and begins a session, without a second factor.
async fn enter(
    tx: &mut Tx,
    request: &Request,
    old: Option<&str>,
    device: &Device,
    now: Timestamp,
) -> Result<Option<Entered>> {
    if proofs::use_request(tx, &request.id, now).await? != 1 {
        return Ok(None);
    }
    let Some(user) = store::by_email(tx, &request.email).await? else { return Ok(None) };
    proofs::end_requests(tx, &user.email, "sign_in", now).await?;
    if let Some(old) = old {
        actions::end_session_with(tx, old).await?;
    }
    let token = actions::begin_session(tx, &user.id, Factor::None, &device.name, now).await?;
    events::signed_in_with(tx, &user.id, device, now).await?;
    let roles = actions::roles(tx, &user.id).await?;
    tracing::info!(user = user.id, "signed in by mail");
    Ok(Some(Entered { token, roles }))
}
