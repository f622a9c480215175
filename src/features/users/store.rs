//! SQL of users, roles, sessions, sign-in requests and authenticators.

pub mod addresses;
pub mod kept;
pub mod passkeys;
pub mod personal;
pub mod proofs;
pub mod visits;

use sqlx::AssertSqlSafe;

use crate::features::users::{Factor, Session, StaffRole, User};
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::text::Email;
use crate::values::{Lang, Timestamp};

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as("SELECT id, email, name, language FROM users WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as("SELECT id, email, name, language FROM users WHERE email = $1")
        .bind(email)
        .fetch_optional(conn)
        .await
}

/// Inserts users: those whose address is not known, unless an account that left it since a moment can still take it back. Answers how
/// many were inserted.
pub async fn insert(
    tx: &mut Tx,
    people: &[(&str, &Email, Lang)],
    (now, left_since): (Timestamp, Timestamp),
) -> Result<u64, sqlx::Error> {
    let mut inserted = 0;
    for part in bulk::parts(people, 3) {
        // both engines call the columns of such a list column1 and so on
        let text = format!(
            "INSERT INTO users (id, email, name, language, created_at)
             SELECT v.column1, v.column2, '', v.column3, $1 FROM (VALUES {}) AS v WHERE NOT EXISTS (
                 SELECT 1 FROM address_changes c JOIN users u ON u.id = c.user_id
                 WHERE c.old_email = v.column2 AND c.state = 'changed' AND c.changed_at > $2 AND u.erased_at IS NULL)
             ON CONFLICT (email) DO NOTHING",
            bulk::places(3, part.len(), 3)
        );
        // nothing but numbered parameters was put into the text
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(now).bind(left_since);
        for (id, email, lang) in part {
            query = query.bind(*id).bind(email.as_str()).bind(*lang);
        }
        inserted += query.execute(&mut **tx).await?.rows_affected();
    }
    Ok(inserted)
}

pub async fn roles(conn: &mut Conn, user_id: &str) -> Result<Vec<StaffRole>, sqlx::Error> {
    let rows: Vec<(StaffRole,)> = sqlx::query_as("SELECT role FROM staff_roles WHERE user_id = $1 ORDER BY role")
        .bind(user_id)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|(role,)| role).collect())
}

pub async fn grant(tx: &mut Tx, user_id: &str, role: StaffRole, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO staff_roles (user_id, role, granted_at) VALUES ($1, $2, $3) ON CONFLICT (user_id, role) DO NOTHING",
    )
    .bind(user_id)
    .bind(role)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everybody with a role, by address.
pub async fn with_role(conn: &mut Conn, role: StaffRole) -> Result<Vec<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, email, name, language FROM users
         WHERE id IN (SELECT user_id FROM staff_roles WHERE role = $1) ORDER BY email",
    )
    .bind(role)
    .fetch_all(conn)
    .await
}

/// Everybody of the platform's team, by address.
pub async fn staff(conn: &mut Conn) -> Result<Vec<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, email, name, language FROM users WHERE id IN (SELECT user_id FROM staff_roles) ORDER BY email",
    )
    .fetch_all(conn)
    .await
}

/// Holds the row of a user until the transaction ends, so that what is counted stays counted.
pub async fn lock(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET id = id WHERE id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn set_language(tx: &mut Tx, user_id: &str, lang: Lang) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET language = $2 WHERE id = $1").bind(user_id).bind(lang).execute(&mut **tx).await?;
    Ok(())
}

pub async fn rename(tx: &mut Tx, user_id: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET name = $2 WHERE id = $1").bind(user_id).bind(name).execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert_session(tx: &mut Tx, session: &Session, token_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sessions (id, token_hash, user_id, created_at, seen_at, expires_at, fresh_until, factor, device)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&session.id)
    .bind(token_hash)
    .bind(&session.user_id)
    .bind(session.created_at)
    .bind(session.seen_at)
    .bind(session.expires_at)
    .bind(session.fresh_until)
    .bind(session.factor)
    .bind(&session.device)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn session(conn: &mut Conn, token_hash: &str) -> Result<Option<Session>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.fresh_until, s.factor, s.device, u.in_organisation
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(conn)
    .await
}

/// The sessions of a user, the last used first.
pub async fn sessions(conn: &mut Conn, user_id: &str) -> Result<Vec<Session>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.fresh_until, s.factor, s.device, u.in_organisation
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.user_id = $1 ORDER BY s.seen_at DESC, s.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

pub async fn touch_session(tx: &mut Tx, session_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2")
        .bind(session_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether this user is a member of an organisation.
pub async fn in_organisation(conn: &mut Conn, user_id: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM users WHERE id = $1 AND in_organisation = 1")
        .bind(user_id)
        .fetch_one(conn)
        .await?;
    Ok(count > 0)
}

pub async fn set_in_organisation(tx: &mut Tx, user_id: &str, is_in: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET in_organisation = $2 WHERE id = $1")
        .bind(user_id)
        .bind(i16::from(is_in))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Gives a living session another token and a fresh factor; how many rows were hit.
pub async fn renew_session(
    tx: &mut Tx,
    session_id: &str,
    token_hash: &str,
    factor: Factor,
    fresh_until: Timestamp,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("UPDATE sessions SET token_hash = $2, factor = $4, fresh_until = $3 WHERE id = $1")
        .bind(session_id)
        .bind(token_hash)
        .bind(fresh_until)
        .bind(factor)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected())
}

/// Ends a session of this user; how many rows were hit.
pub async fn end_session(tx: &mut Tx, user_id: &str, session_id: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM sessions WHERE id = $1 AND user_id = $2")
        .bind(session_id)
        .bind(user_id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected())
}

pub async fn end_session_with(tx: &mut Tx, token_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash).execute(&mut **tx).await?;
    Ok(())
}

/// Ends all sessions of a user but one; an empty id keeps none.
pub async fn end_sessions_but(tx: &mut Tx, user_id: &str, kept_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
        .bind(user_id)
        .bind(kept_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets sessions and requests that ended before `moment`.
pub async fn forget_ended(tx: &mut Tx, moment: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE expires_at < $1").bind(moment).execute(&mut **tx).await?;
    sqlx::query("DELETE FROM sign_in_requests WHERE expires_at < $1").bind(moment).execute(&mut **tx).await?;
    Ok(())
}

/// Writes many users at once.
pub async fn import(tx: &mut Tx, people: &[(String, Email)], lang: Lang, now: Timestamp) -> Result<(), sqlx::Error> {
    let rows = people
        .iter()
        .map(|(id, email)| {
            vec![id.as_str().into(), email.as_str().into(), "".into(), lang.code().into(), now.to_string().into()]
        })
        .collect();
    bulk::insert(tx, "users", &["id", "email", "name", "language", "created_at"], rows).await
}
