//! Pledges against the books, and the totals that pages show against both.

use std::collections::BTreeMap;

use crate::features::ledger::{self, Check};
use crate::features::pledges::{PledgeState, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::Cents;

/// The totals of a project: reserved, processing, held, as they are kept and as its pledges have them.
#[derive(Debug, Clone)]
pub struct TotalsRow {
    pub project_id: String,
    pub shown: (Cents, Cents, Cents),
    pub from_pledges: (Cents, Cents, Cents),
}

/// The totals of all projects, in the order of their ids.
pub async fn totals_rows(conn: &mut Conn) -> Result<Vec<TotalsRow>> {
    let folded: BTreeMap<String, (Cents, Cents, Cents)> =
        store::folded_totals(conn).await?.into_iter().map(|(id, r, p, h)| (id, (r, p, h))).collect();
    let row = |store::Totals { project_id, reserved, processing, held, .. }| TotalsRow {
        from_pledges: folded.get(&project_id).copied().unwrap_or_default(),
        shown: (reserved, processing, held),
        project_id,
    };
    let mut rows: Vec<TotalsRow> = store::all_totals(conn).await?.into_iter().map(row).collect();
    rows.sort_by(|a, b| a.project_id.cmp(&b.project_id));
    Ok(rows)
}

/// Folds the totals of all projects again from their pledges. Answers those that were wrong, as they were.
pub async fn rebuild_totals(tx: &mut Tx) -> Result<Vec<TotalsRow>> {
    store::lock_all_totals(tx).await?;
    let mut wrong = totals_rows(tx).await?;
    wrong.retain(|row| row.shown != row.from_pledges);
    for row in &wrong {
        let (reserved, processing, held) = row.from_pledges;
        let (was_reserved, was_processing, was_held) = row.shown;
        let change = [reserved.0 - was_reserved.0, processing.0 - was_processing.0, held.0 - was_held.0].map(Cents);
        store::shift(tx, &row.project_id, change[0], change[1], change[2]).await?;
    }
    Ok(wrong)
}

/// Checks pledges against the books and the totals against both.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let rows = store::against_the_books(conn).await?;
    let checked = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let (mut states, mut over) = (Vec::new(), Vec::new());
    for row in rows {
        if !stands_right(&row) {
            states.push(row.id.clone());
        }
        if row.sent.0 + row.taken.0 > row.amount.0 {
            over.push(row.id);
        }
    }
    let folded: BTreeMap<String, (Cents, Cents, Cents)> =
        store::folded_totals(conn).await?.into_iter().map(|(id, r, p, h)| (id, (r, p, h))).collect();
    let held_in_books = ledger::actions::held_by_project(conn).await?;
    let totals = store::all_totals(conn).await?;
    let projects = i64::try_from(totals.len()).unwrap_or(i64::MAX);
    let (mut pages, mut caps) = (Vec::new(), Vec::new());
    for store::Totals { project_id: id, cap, reserved, processing, held, matched } in totals {
        let from_pledges = folded.get(&id).copied().unwrap_or_default();
        let from_books = held_in_books.get(&id).copied().unwrap_or_default();
        if from_pledges != (reserved, processing, held) || from_books != held {
            pages.push(id.clone());
        }
        if reserved.0 + processing.0 + held.0 + matched.0 > cap.0 {
            caps.push(id);
        }
    }
    let late = store::made_after_close(conn).await?.into_iter().map(|(id,)| id).collect();
    let after = store::held_after_settlement(conn).await?.into_iter().map(|(id,)| id).collect();
    Ok(vec![
        Check { name: "I5", what: "each pledge's money stands where its state says", checked, offending: states },
        Check { name: "I6", what: "nobody is refunded more than was paid", checked, offending: over },
        Check {
            name: "I14",
            what: "the totals that pages show equal the pledges and the books",
            checked: projects,
            offending: pages,
        },
        Check {
            name: "I15",
            what: "no project is pledged and matched beyond its impact value",
            checked: projects,
            offending: caps,
        },
        Check { name: "I20", what: "a settled round holds no money", checked, offending: after },
        Check {
            name: "I20",
            what: "after the close only backers of a near miss add to theirs",
            checked,
            offending: late,
        },
    ])
}

/// Whether the money of a pledge is where its state says: paid = held + released + set aside + on its way
/// back + back + gone on to a pledge for another project.
fn stands_right(row: &store::InBooks) -> bool {
    use PledgeState::{Disputed, Expired, Held, Processing, Refunded, Refunding, Released, Reserved};
    let kept = row.amount.0 - row.returned.0;
    let back = row.owed.0 + row.sent.0 + row.taken.0 + row.moved.0;
    let stands = (row.held.0, row.released.0, row.set_aside.0, back);
    match row.state {
        Reserved | Processing | Expired => stands == (0, 0, 0, 0),
        Held => stands == (kept, 0, 0, row.returned.0),
        Disputed => stands == (0, 0, kept, row.returned.0),
        Released => stands == (0, kept, 0, row.returned.0),
        Refunding => stands == (0, 0, 0, row.amount.0),
        Refunded => stands == (0, 0, 0, row.amount.0) && row.owed == Cents::ZERO,
    }
}
