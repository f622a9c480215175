//! Single values of an installation, by name: how far the development clock runs ahead, whether sending is halted.

use crate::infra::db::{Conn, Tx};

/// The value with this name; nothing when it was never set.
pub async fn get(conn: &mut Conn, name: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT value FROM facts WHERE name = $1").bind(name).fetch_optional(conn).await?;
    Ok(row.map(|(value,)| value))
}

/// Sets the value, whether or not there was one.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
