//! The numbers and texts that other nouns know, in the shape in which the public pages show them.

use std::collections::HashMap;

use crate::features::ledger::{Kind, actions as ledger};
use crate::features::match_funds::actions as match_funds;
use crate::features::organisations::actions as organisations;
pub use crate::features::outcomes::PromiseFigure as Figure;
use crate::features::outcomes::actions as outcomes;
pub use crate::features::pledges::Standing;
use crate::features::pledges::actions as pledges;
use crate::features::projects::Project;
use crate::features::rounds::Round;
use crate::features::settlement::{Decided, Decision, actions as settlement};
pub use crate::features::updates::Update;
use crate::features::updates::actions as updates;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::Ctx;
use crate::values::Cents;

/// The standings of all projects, by id. Of a decided project it is what was held when it was decided: afterwards the money
/// goes on, to the project or back.
pub async fn standings(conn: &mut Conn) -> Result<HashMap<String, Standing>> {
    let mut standings = pledges::standings(conn).await?;
    for decided in settlement::decisions(conn).await? {
        let standing = standings.entry(decided.project_id.clone()).or_default();
        *standing = as_decided(standing.cap, &decided);
    }
    Ok(standings)
}

/// The standing of one project, likewise.
pub async fn standing(conn: &mut Conn, project_id: &str) -> Result<Standing> {
    let standing = pledges::standing(conn, project_id).await?;
    Ok(match settlement::decision_of(conn, project_id).await? {
        Some(decided) => as_decided(standing.cap, &decided),
        None => standing,
    })
}

fn as_decided(cap: Cents, decided: &Decided) -> Standing {
    // of a near miss that was saved, what was kept; of any other everything held at the decision
    let (held, matched) = match decided.decision {
        Decision::Funded => {
            (Cents(decided.held.0 - decided.refund.0), Cents(decided.funds.matched.0 - decided.funds.returned.0))
        }
        _ => (decided.held, decided.funds.matched),
    };
    Standing { cap, held, matched, backers: decided.backers, ..Standing::default() }
}

/// What match funds do for the next pledge of a project, a sentence for each fund.
pub async fn offers(
    ctx: &Ctx,
    conn: &mut Conn,
    (project, round): (&Project, &Round),
    standing: &Standing,
) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    for offer in match_funds::offers(conn, project, round, standing).await? {
        let giver = organisations::get(conn, &offer.fund.giver_id).await?.name;
        sentences.push(offer.sentence(ctx, &giver));
    }
    Ok(sentences)
}

/// What becomes of result money of a round that is not earned, in a sentence.
pub async fn remainder(ctx: &Ctx, conn: &mut Conn, round: &Round) -> Result<String> {
    let fund = match &round.remainder_fund_id {
        Some(id) => match_funds::get(conn, id).await?.name(ctx.lang).to_owned(),
        None => String::new(),
    };
    Ok(round.remainder(ctx.lang, &fund))
}

/// The published updates of a project, newest first.
pub async fn updates(conn: &mut Conn, project_id: &str) -> Result<Vec<Update>> {
    updates::published_of(conn, project_id).await
}

/// The promises of a project with what was counted, in the project's order.
pub async fn figures(conn: &mut Conn, project_id: &str) -> Result<Vec<Figure>> {
    outcomes::figures(conn, project_id).await
}

/// The movements of one day (Amsterdam's) in a project's books, as positive amounts; `held` as the day ended.
#[derive(Debug, Clone, Default)]
pub struct Day {
    pub day: String,
    pub received: Cents,
    /// To the project: start money and result money together.
    pub released: Cents,
    /// Set apart for refunding.
    pub refunded: Cents,
    /// What the bank and the payment provider took; the platform bears it, so it changes nothing of what is held.
    pub fees: Cents,
    /// What the platform took of the payouts; it is part of what was released.
    pub platform_fees: Cents,
    /// Taken aside while a backer disputes the payment at the bank; back again when that ends well.
    pub disputed: Cents,
    pub held: Cents,
    pub matched: Matched,
    /// Of what was released: paid for verified results.
    pub results: Cents,
    /// Result money of backers that no result earned and that went to a match fund; it is no longer part of what was released.
    pub moved: Cents,
}

/// What match funds added, apart from what backers gave; `held` as the day ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    pub received: Cents,
    /// To the project for good.
    pub released: Cents,
    /// Back to the funds.
    pub returned: Cents,
    pub held: Cents,
}

/// The public books: days, oldest first, and their sums.
#[derive(Debug, Clone, Default)]
pub struct Books {
    pub days: Vec<Day>,
    pub total: Day,
    /// Of what was released: above the threshold, waiting for verified results.
    pub result_money: Cents,
    /// Of what was refunded: still on its way to the backers.
    pub refunds_open: Cents,
}

impl Books {
    /// Whether any payment was ever disputed.
    pub fn has_disputes(&self) -> bool {
        self.days.iter().any(|day| day.disputed != Cents::ZERO)
    }

    /// Whether the platform ever took a fee.
    pub fn has_platform_fees(&self) -> bool {
        self.days.iter().any(|day| day.platform_fees != Cents::ZERO)
    }

    /// Whether result money was ever paid for results, or went on.
    pub fn has_results(&self) -> bool {
        self.total.results != Cents::ZERO || self.total.moved != Cents::ZERO
    }

    /// Whether any fund ever added to a pledge.
    pub fn has_matches(&self) -> bool {
        self.total.matched.received != Cents::ZERO
    }
}

/// The public books of a project, a fold of the ledger.
pub async fn books(conn: &mut Conn, project_id: &str, organisation_id: &str) -> Result<Books> {
    let lines = ledger::books(conn, project_id, organisation_id).await?;
    Ok(fold(&lines))
}

fn fold(lines: &[(String, String, String, Cents)]) -> Books {
    let mut books = Books::default();
    let mut days: std::collections::BTreeMap<&str, Day> = std::collections::BTreeMap::new();
    for (day, kind, account, sum) in lines {
        let of_day = days.entry(day).or_default();
        match (account.split(':').next().unwrap_or_default(), Kind::from_word(kind)) {
            // also what a backer moved here from another project
            (
                "pledges_held",
                Some(Kind::Paid | Kind::BankReceived | Kind::BankReversed | Kind::Applied | Kind::Moved),
            ) => {
                of_day.received.0 -= sum.0;
            }
            ("pledges_held", Some(Kind::Released)) => of_day.released.0 += sum.0,
            ("pledges_held", Some(Kind::DisputeOpened | Kind::DisputeWon | Kind::DisputeLost)) => {
                of_day.disputed.0 += sum.0;
            }
            ("pledges_held", _) => of_day.refunded.0 += sum.0,
            // the project was stopped, or did not earn all: what had been released and was not paid out goes back
            ("result_money" | "owner_payable", Some(Kind::RefundDue)) => {
                of_day.released.0 -= sum.0;
                of_day.refunded.0 += sum.0;
                if account.starts_with("result_money") {
                    books.result_money.0 -= sum.0;
                }
            }
            ("matched", Some(Kind::Matched)) => of_day.matched.received.0 -= sum.0,
            ("matched", Some(Kind::MatchReleased)) => of_day.matched.released.0 += sum.0,
            ("matched", _) => of_day.matched.returned.0 += sum.0,
            // the same of what funds had added
            ("result_money" | "owner_payable", Some(Kind::MatchReturned)) => {
                of_day.matched.released.0 -= sum.0;
                of_day.matched.returned.0 += sum.0;
                if account.starts_with("result_money") {
                    books.result_money.0 -= sum.0;
                }
            }
            // results were verified: it goes to the project, which was counted when it was released
            ("result_money", Some(Kind::ResultReleased)) => {
                of_day.results.0 += sum.0;
                books.result_money.0 -= sum.0;
            }
            ("result_money", Some(Kind::ResultMoved | Kind::Moved)) => {
                of_day.released.0 -= sum.0;
                of_day.moved.0 += sum.0;
                books.result_money.0 -= sum.0;
            }
            ("result_money", _) => books.result_money.0 -= sum.0,
            ("refunds_due", _) => books.refunds_open.0 -= sum.0,
            ("psp_fees", _) => of_day.fees.0 += sum.0,
            ("platform_fees", _) => of_day.platform_fees.0 -= sum.0,
            _ => {}
        }
    }
    for (day, moved) in days {
        let total = &mut books.total;
        total.received.0 += moved.received.0;
        total.released.0 += moved.released.0;
        total.refunded.0 += moved.refunded.0;
        total.fees.0 += moved.fees.0;
        total.platform_fees.0 += moved.platform_fees.0;
        total.disputed.0 += moved.disputed.0;
        total.results.0 += moved.results.0;
        total.moved.0 += moved.moved.0;
        total.held.0 += moved.received.0 - moved.released.0 - moved.refunded.0 - moved.disputed.0 - moved.moved.0;
        let matched = &mut total.matched;
        matched.received.0 += moved.matched.received.0;
        matched.released.0 += moved.matched.released.0;
        matched.returned.0 += moved.matched.returned.0;
        matched.held.0 += moved.matched.received.0 - moved.matched.released.0 - moved.matched.returned.0;
        let is_matched = moved.matched != Matched::default();
        let matched = Matched { held: matched.held, ..moved.matched };
        let held = total.held;
        let fees = [moved.fees, moved.platform_fees];
        let went = [moved.results, moved.moved];
        let amounts =
            [moved.received, moved.released, moved.refunded, fees[0], fees[1], moved.disputed, went[0], went[1]];
        if is_matched || amounts.iter().any(|amount| *amount != Cents::ZERO) {
            books.days.push(Day { day: day.to_owned(), held, matched, ..moved });
        }
    }
    books
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_of_a_project_add_up() {
        let line = |day: &str, kind: &str, account: &str, cents: i64| {
            (day.to_owned(), kind.to_owned(), format!("{account}:prj_1"), Cents(cents))
        };
        let books = fold(&[
            line("2026-03-01", "paid", "pledges_held", -10_000),
            line("2026-03-02", "paid", "pledges_held", -5_000),
            line("2026-03-02", "fee", "psp_fees", 29),
            line("2026-03-02", "refund_due", "pledges_held", 2_000),
            line("2026-03-02", "refund_due", "refunds_due", -2_000),
            line("2026-03-02", "dispute_opened", "pledges_held", 700),
            line("2026-03-03", "refund_accepted", "refunds_due", 1_500),
            line("2026-03-04", "dispute_won", "pledges_held", -700),
            line("2026-03-05", "matched", "matched", -3_000),
            line("2026-03-06", "match_returned", "matched", 1_000),
            line("2026-03-09", "match_released", "matched", 2_000),
            line("2026-03-09", "match_released", "owner_payable", -1_500),
            line("2026-03-09", "match_released", "result_money", -500),
            line("2026-03-20", "match_returned", "result_money", 200),
            line("2026-03-09", "released", "pledges_held", 13_000),
            line("2026-03-09", "released", "owner_payable", -9_000),
            line("2026-03-09", "released", "result_money", -4_000),
            line("2026-03-12", "tranche", "owner_payable", 5_000),
            line("2026-03-12", "tranche", "platform_fees", -150),
            line("2026-03-13", "transfer_returned", "owner_payable", -1_000),
            line("2026-03-13", "transfer_returned", "platform_fees", 30),
            line("2026-06-01", "result_released", "result_money", 2_500),
            line("2026-06-01", "result_released", "owner_payable", -2_500),
            line("2026-06-02", "result_moved", "result_money", 600),
            line("2026-06-02", "moved", "result_money", 400),
        ]);
        assert_eq!(books.total.received, Cents(15_000));
        assert_eq!(books.total.refunded, Cents(2_000));
        assert_eq!(books.total.released, Cents(12_000), "what went to a fund was released and is no more");
        assert_eq!((books.total.results, books.total.moved), (Cents(2_500), Cents(1_000)));
        assert_eq!(books.total.fees, Cents(29));
        assert_eq!(books.total.platform_fees, Cents(120));
        assert_eq!(books.total.held, Cents::ZERO);
        assert_eq!(books.result_money, Cents(800), "with what is left there of what a fund added");
        let matched = &books.total.matched;
        assert_eq!((matched.received, matched.released, matched.returned), (Cents(3_000), Cents(1_800), Cents(1_200)));
        assert!(books.has_matches() && matched.held == Cents::ZERO);
        assert_eq!(books.refunds_open, Cents(500));
        assert_eq!(
            books.days.iter().map(|day| day.held.0).collect::<Vec<_>>(),
            vec![10_000, 12_300, 13_000, 13_000, 13_000, 0, 0, 0, 0, 0, 0]
        );
        assert!(books.has_disputes() && books.total.disputed == Cents::ZERO);
    }
}
