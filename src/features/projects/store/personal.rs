//! SQL of the addresses that projects name.

use crate::infra::db::{Conn, Tx};

pub async fn naming(conn: &mut Conn, email: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT slug FROM projects WHERE contact = $1 ORDER BY slug").bind(email).fetch_all(conn).await
}

pub async fn forget(tx: &mut Tx, email: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET contact = '' WHERE contact = $1").bind(email).execute(&mut **tx).await?;
    Ok(())
}
