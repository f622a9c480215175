//! Where a project names a person: the address to write to, which stands on its page.

use crate::features::projects::store::personal as rows;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The projects that name this address.
pub async fn given(conn: &mut Conn, email: &str) -> Result<Vec<Part>> {
    let named = rows::naming(conn, email).await?.into_iter();
    Ok(vec![Part::of(
        "project_contacts",
        named.map(|(slug,)| Record::new().text("project", slug).text("email", email)),
    )])
}

/// Takes the address off the pages of projects.
pub async fn forget(tx: &mut Tx, email: &str) -> Result<()> {
    Ok(rows::forget(tx, email).await?)
}
