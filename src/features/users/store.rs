//! SQL of users, roles and sessions.

use crate::features::users::{Session, StaffRole, User};
use crate::infra::db::{Conn, Tx};
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

pub async fn insert(tx: &mut Tx, id: &str, email: &Email, lang: Lang, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO users (id, email, name, language, created_at) VALUES ($1, $2, '', $3, $4) ON CONFLICT (email) DO NOTHING",
    )
    .bind(id)
    .bind(email.as_str())
    .bind(lang)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
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

pub async fn rename(tx: &mut Tx, user_id: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET name = $2 WHERE id = $1").bind(user_id).bind(name).execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert_session(tx: &mut Tx, session: &Session, token_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO sessions (id, token_hash, user_id, created_at, seen_at, expires_at, fresh_until)
         VALUES ($1, $2, $3, $4, $4, $5, $6)",
    )
    .bind(&session.id)
    .bind(token_hash)
    .bind(&session.user_id)
    .bind(session.seen_at)
    .bind(session.expires_at)
    .bind(session.fresh_until)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn session(conn: &mut Conn, token_hash: &str, now: Timestamp) -> Result<Option<Session>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, seen_at, expires_at, fresh_until FROM sessions WHERE token_hash = $1 AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn end_session(tx: &mut Tx, session_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE id = $1").bind(session_id).execute(&mut **tx).await?;
    Ok(())
}
