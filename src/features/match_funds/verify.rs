//! The money of funds against the books, and the totals that pages show against both.

use std::collections::BTreeMap;

use crate::features::ledger::{self, Account, Check, Kind};
use crate::features::match_funds::{Fund, GiveBackState, store};
use crate::features::pledges;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::Cents;

/// What the books say of a fund, each as a positive amount.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct InBooks {
    received: i64,
    /// Added to pledges and not back.
    used: i64,
    /// Left the bank and not back.
    paid: i64,
    left: i64,
}

/// Checks funds and matches.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let funds = store::all(conn).await?;
    let checked = i64::try_from(funds.len()).unwrap_or(i64::MAX);
    let sums = store::sums(conn, "").await?;
    let matches = sums.iter().map(|sum| sum.matches).sum();
    let books = in_books(conn).await?;
    let mut paid: BTreeMap<String, i64> = BTreeMap::new();
    for one in store::give_backs(conn, "").await?.iter().filter(|one| one.state == GiveBackState::Paid) {
        *paid.entry(one.fund_id.clone()).or_default() += one.amount.0;
    }
    let mut used: BTreeMap<&str, i64> = BTreeMap::new();
    for sum in &sums {
        *used.entry(&sum.fund_id).or_default() += sum.reserved.0 + sum.released.0;
    }
    let differs = |fund: &&Fund| {
        let paid = paid.get(&fund.id).copied().unwrap_or_default();
        let rows = InBooks {
            received: fund.received.0,
            used: used.get(fund.id.as_str()).copied().unwrap_or_default(),
            paid,
            left: fund.received.0 - fund.used.0 - paid,
        };
        rows != books.get(&fund.id).copied().unwrap_or_default() || rows.used != fund.used.0 || fund.left().0 < 0
    };
    let apart = funds.iter().filter(differs).map(|fund| fund.id.clone()).collect();
    let undecided = store::undecided(conn).await?.into_iter().map(|(id,)| id).collect();
    let lonely = store::without_pledge(conn).await?.into_iter().map(|(id,)| id).collect();
    let (shown, projects) = against_totals(conn, &sums).await?;
    Ok(vec![
        Check {
            name: "I4",
            what: "a fund's money is left, matched or given back, to the cent",
            checked,
            offending: apart,
        },
        Check {
            name: "I5",
            what: "each reserved match stands with a held pledge",
            checked: matches,
            offending: lonely,
        },
        Check { name: "I8", what: "each match fund was approved by a second person", checked, offending: undecided },
        Check {
            name: "I14",
            what: "what pages show as matched equals the matches and the books",
            checked: projects,
            offending: shown,
        },
    ])
}

/// Projects whose total, matches and accounts differ, and how many projects there are.
async fn against_totals(conn: &mut Conn, sums: &[store::Sums]) -> Result<(Vec<String>, i64)> {
    let totals = pledges::actions::matched_totals(conn).await?;
    let mut rows: BTreeMap<&str, i64> = BTreeMap::new();
    for sum in sums {
        *rows.entry(&sum.project_id).or_default() += sum.reserved.0;
    }
    let mut wrong: Vec<String> = Vec::new();
    for (account, balance) in ledger::actions::folded(conn).await? {
        let Some(Account::Matched(project, fund)) = Account::parse(&account) else { continue };
        let reserved = sums.iter().filter(|sum| sum.project_id == project && sum.fund_id == fund);
        if balance.negated() != reserved.map(|sum| sum.reserved).sum::<Cents>() {
            wrong.push(account);
        }
    }
    let differs = |(id, total): &(&String, &Cents)| rows.get(id.as_str()).copied().unwrap_or_default() != total.0;
    wrong.extend(totals.iter().filter(differs).map(|(id, _)| id.clone()));
    let known = sums.iter().filter(|sum| sum.reserved > Cents::ZERO && !totals.contains_key(&sum.project_id));
    wrong.extend(known.map(|sum| sum.project_id.clone()));
    Ok((wrong, i64::try_from(totals.len()).unwrap_or(i64::MAX)))
}

async fn in_books(conn: &mut Conn) -> Result<BTreeMap<String, InBooks>> {
    let mut found: BTreeMap<String, InBooks> = BTreeMap::new();
    for (account, kind, sum) in ledger::actions::of_funds(conn).await? {
        let Some(Account::MatchHeld(fund)) = Account::parse(&account) else { continue };
        let of = found.entry(fund).or_default();
        of.left -= sum.0;
        match Kind::from_word(&kind) {
            Some(Kind::Matched | Kind::MatchReturned) => of.used += sum.0,
            Some(Kind::MatchGivenBack | Kind::TransferReturned) => of.paid += sum.0,
            _ => of.received -= sum.0,
        }
    }
    Ok(found)
}
