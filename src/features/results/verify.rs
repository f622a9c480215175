//! Releases against the books, the tranches and the decisions of two people.

use std::collections::BTreeMap;

use crate::features::ledger::{self, Check};
use crate::features::results::{Release, store};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::Cents;

/// Checks releases.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let releases = store::decided(conn).await?;
    let checked = i64::try_from(releases.len()).unwrap_or(i64::MAX);
    let undecided = store::undecided(conn).await?.into_iter().map(|(id,)| id).collect();
    let booked: BTreeMap<String, (String, Cents)> =
        ledger::actions::results_released(conn).await?.into_iter().map(|(id, of, sum)| (id, (of, sum))).collect();
    let mut apart: Vec<String> = Vec::new();
    for release in &releases {
        let (released, back, matched) = store::sums(conn, &release.id).await?;
        let in_books = booked.get(&release.id).map_or(Cents::ZERO, |(_, sum)| *sum);
        // a fund gets what is the backers' in one posting
        let has_lines = release.fund_id.is_none();
        let sums = released == release.amount && matched == release.matched && (!has_lines || back == release.back);
        if !sums || in_books != release.amount {
            apart.push(release.id.clone());
        }
    }
    apart.extend(booked.keys().filter(|id| releases.iter().all(|release| release.id != **id)).cloned());
    apart.extend(store::tranches_apart(conn).await?.into_iter().map(|(id,)| id));
    let over = over(conn, &releases).await?;
    let moved: BTreeMap<String, Cents> = store::moved(conn).await?.into_iter().collect();
    let moved_in_books = ledger::actions::moved_by_cause(conn).await?;
    let unlike: Vec<String> = moved
        .keys()
        .chain(moved_in_books.keys())
        .filter(|id| moved.get(*id) != moved_in_books.get(*id))
        .cloned()
        .collect();
    let lines = store::lines_apart(conn).await?.into_iter().map(|(id,)| id).collect();
    Ok(vec![
        Check {
            name: "I8",
            what: "each release of result money was approved by a second person",
            checked,
            offending: undecided,
        },
        Check { name: "I9", what: "books and payouts are what was released for results", checked, offending: apart },
        Check {
            name: "I7",
            what: "what was released, went back and went on is all result money, and never more",
            checked,
            offending: over,
        },
        Check {
            name: "I9",
            what: "what backers moved left the one project and is at the others, to the cent",
            checked,
            offending: unlike,
        },
        Check { name: "I9", what: "what no result earned went on as decided", checked, offending: lines },
    ])
}

/// Projects that released more than ever came; and final releases with which not all of it has its place.
async fn over(conn: &mut Conn, releases: &[Release]) -> Result<Vec<String>> {
    let mut sums: BTreeMap<&str, Cents> = BTreeMap::new();
    for release in releases {
        sums.entry(&release.project_id).or_default().0 += release.amount.0;
    }
    let mut wrong = Vec::new();
    for (project_id, sum) in &sums {
        if *sum > ledger::actions::ever_result_money(conn, project_id).await? {
            wrong.push((*project_id).to_owned());
        }
    }
    for release in releases.iter().filter(|release| release.is_final()) {
        let released = sums.get(release.project_id.as_str()).copied().unwrap_or_default();
        if released.0 + release.back.0 + release.matched.0 + release.stays.0 != release.result.0 {
            wrong.push(release.id.clone());
        }
    }
    Ok(wrong)
}
