//! The invariants of near misses.

use crate::features::consents::store;
use crate::features::ledger::Check;
use crate::infra::db::Conn;
use crate::infra::error::Result;

/// Checks all near misses, the choices about them, and what was made of these.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let checked = store::count(conn).await?;
    let ids = |rows: Vec<(String,)>| rows.into_iter().map(|(id,)| id).collect();
    let lines = ids(store::lines_against_choices(conn).await?);
    let apart = ids(store::apart(conn).await?);
    let late = ids(store::out_of_time(conn).await?);
    Ok(vec![
        Check { name: "I9", what: "of a near miss only what its backers kept is released", checked, offending: lines },
        Check { name: "I9", what: "a near miss stands as its project does", checked, offending: apart },
        Check { name: "I20", what: "choices about a near miss were made in time", checked, offending: late },
    ])
}
