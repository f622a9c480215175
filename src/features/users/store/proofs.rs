//! SQL of what proves who somebody is: sign-in requests (mail) and authenticators (app).

use sqlx::FromRow;

use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// A code and a link that were sent, or an enrolment that was printed.
#[derive(Debug, Clone, FromRow)]
pub struct Request {
    pub id: String,
    pub email: String,
    pub code_hash: String,
    pub browser_hash: String,
    pub attempts: i64,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// The app of somebody.
#[derive(Debug, Clone, FromRow)]
pub struct Authenticator {
    pub secret: String,
    pub last_step: i64,
    pub wrong_codes: i64,
    /// Empty when no wrong code came.
    pub wrong_at: String,
}

/// What a new request holds. `purpose` is a word of the column's CHECK.
pub struct NewRequest<'a> {
    pub id: &'a str,
    pub email: &'a str,
    pub purpose: &'static str,
    pub code_hash: &'a str,
    pub link_hash: &'a str,
    pub browser_hash: &'a str,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

pub async fn insert_request(tx: &mut Tx, request: NewRequest<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sign_in_requests (id, email, purpose, code_hash, link_hash, browser_hash, attempts, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
    )
    .bind(request.id)
    .bind(request.email)
    .bind(request.purpose)
    .bind(request.code_hash)
    .bind(request.link_hash)
    .bind(request.browser_hash)
    .bind(request.now)
    .bind(request.expires_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many letters this address was sent since a moment.
pub async fn letters_since(conn: &mut Conn, email: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM sign_in_requests WHERE email = $1 AND purpose = 'sign_in' AND created_at > $2",
    )
    .bind(email)
    .bind(since)
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// Whether the request can still be used.
pub async fn is_living(conn: &mut Conn, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM sign_in_requests WHERE id = $1 AND used_at IS NULL AND expires_at > $2")
            .bind(id)
            .bind(now)
            .fetch_one(conn)
            .await?;
    Ok(count > 0)
}

pub async fn request_by_link(
    conn: &mut Conn,
    link_hash: &str,
    purpose: &'static str,
) -> Result<Option<Request>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, email, code_hash, browser_hash, attempts, expires_at, used_at FROM sign_in_requests
         WHERE link_hash = $1 AND purpose = $2",
    )
    .bind(link_hash)
    .bind(purpose)
    .fetch_optional(conn)
    .await
}

/// Counts a try against every living request of a browser, and answers them.
pub async fn count_try(
    tx: &mut Tx,
    browser_hash: &str,
    most: i64,
    now: Timestamp,
) -> Result<Vec<Request>, sqlx::Error> {
    sqlx::query_as(
        "UPDATE sign_in_requests SET attempts = attempts + 1
         WHERE browser_hash = $1 AND purpose = 'sign_in' AND used_at IS NULL AND expires_at > $2 AND attempts < $3
         RETURNING id, email, code_hash, browser_hash, attempts, expires_at, used_at",
    )
    .bind(browser_hash)
    .bind(now)
    .bind(most)
    .fetch_all(&mut **tx)
    .await
}

/// Uses a request up; how many rows were hit: none when it was used or ended meanwhile.
pub async fn use_request(tx: &mut Tx, id: &str, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query("UPDATE sign_in_requests SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2")
            .bind(id)
            .bind(now)
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected())
}

/// Ends what else could still sign this address in: a newer sign-in or enrolment replaces it.
pub async fn end_requests(tx: &mut Tx, email: &str, purpose: &'static str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sign_in_requests SET used_at = $3 WHERE email = $1 AND purpose = $2 AND used_at IS NULL")
        .bind(email)
        .bind(purpose)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether this user has an app that was proved once.
pub async fn has_authenticator(conn: &mut Conn, user_id: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL")
            .bind(user_id)
            .fetch_one(conn)
            .await?;
    Ok(count > 0)
}

/// The user's app, its row held until the transaction ends.
pub async fn lock_authenticator(tx: &mut Tx, user_id: &str) -> Result<Option<Authenticator>, sqlx::Error> {
    sqlx::query_as(
        "UPDATE authenticators SET user_id = user_id WHERE user_id = $1 AND confirmed_at IS NOT NULL
         RETURNING secret, last_step, wrong_codes, wrong_at",
    )
    .bind(user_id)
    .fetch_optional(&mut **tx)
    .await
}

/// Puts a proved app in the place of the one there was.
pub async fn set_authenticator(
    tx: &mut Tx,
    user_id: &str,
    secret: &str,
    step: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO authenticators (user_id, secret, confirmed_at, last_step, wrong_codes, wrong_at)
         VALUES ($1, $2, $3, $4, 0, '')
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, confirmed_at = excluded.confirmed_at,
             last_step = excluded.last_step, wrong_codes = 0, wrong_at = ''",
    )
    .bind(user_id)
    .bind(secret)
    .bind(now)
    .bind(step)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes the app of a user; how many rows were hit.
pub async fn remove_authenticator(tx: &mut Tx, user_id: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM authenticators WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(done.rows_affected())
}

/// Removes the app of a user when it was connected at or after a moment.
pub async fn remove_authenticator_since(tx: &mut Tx, user_id: &str, since: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM authenticators WHERE user_id = $1 AND confirmed_at >= $2")
        .bind(user_id)
        .bind(since)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected())
}

pub async fn right_code(tx: &mut Tx, user_id: &str, step: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE authenticators SET last_step = $2, wrong_codes = 0, wrong_at = '' WHERE user_id = $1")
        .bind(user_id)
        .bind(step)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn wrong_code(tx: &mut Tx, user_id: &str, in_a_row: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE authenticators SET wrong_codes = $2, wrong_at = $3 WHERE user_id = $1")
        .bind(user_id)
        .bind(in_a_row)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
