//! Invariants that go over several nouns: nothing is forgotten, nobody hears twice, the order of the books stands, and no amount
//! hangs on a person.

use crate::features::ledger::Check;
use crate::features::reconciliation::store;
use crate::infra::db::Conn;
use crate::infra::error::Result;

/// Checks them.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let ids = |rows: store::Ids| rows.into_iter().map(|(id,)| id).collect::<Vec<String>>();
    let (links, last, different) = store::sequence(conn).await?;
    let mut sequence = ids(store::out_of_sequence(conn).await?);
    if links != last || links != different {
        sequence.push(format!("{links} links, the last is {last}, of {different} transactions"));
    }
    Ok(vec![
        Check {
            name: "I11",
            what: "each payment that waits for news is looked at again",
            checked: store::waiting_payments(conn).await?,
            offending: ids(store::forgotten_payments(conn).await?),
        },
        Check {
            name: "I17",
            what: "each letter is written once per person and cause, and each refund that arrived has one",
            checked: store::count_letters(conn).await?,
            offending: ids(store::letters_apart(conn).await?),
        },
        Check {
            name: "I21",
            what: "the order of the books has no gap and holds each transaction once",
            checked: links,
            offending: sequence,
        },
        Check {
            name: "I22",
            what: "no amount in the books hangs on a person",
            checked: store::count_entries(conn).await?,
            offending: ids(store::lines_of_people(conn).await?),
        },
    ])
}
