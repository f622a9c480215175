//! Decisions about money at the same instant: locks are taken in one order, so that nobody is broken off. On PostgreSQL the meeting is
//! arranged: a third transaction holds what both want until both stand in the queue. On SQLite writers come one after the other.

use std::time::Duration;

use drempel::features::approvals::Decider;
use drempel::features::bank::{self, Decision};
use drempel::features::cases::{self, CaseKind};
use drempel::features::ledger::{Account, Kind, Posting};
use drempel::features::payments;
use drempel::features::pledges;
use drempel::infra::db::{Engine, Tx};
use drempel::infra::error::{Error, Result};
use drempel::values::Cents;
use serde_json::Value;

use crate::bank::{arrive, by_transfer, paid, waiting};
use crate::match_funds::{active, giver, money};
use crate::support::{App, Browser};

/// Long enough for a statement to reach the queue, shorter than the second after which PostgreSQL looks for deadlocks.
const MOMENT: Duration = Duration::from_millis(150);
/// How often each meeting is arranged.
const TIMES: i64 = 6;

fn by<'a>(app: &App, user_id: &'a str) -> Decider<'a> {
    Decider { user_id, fresh_until: app.s.clock.now().plus_seconds(300) }
}

/// Two transactions that use the same slots of the books, which is what lets them meet there.
async fn two(app: &App) -> (Tx, Tx) {
    let one = app.s.db.begin().await.expect("a transaction");
    loop {
        let other = app.s.db.begin().await.expect("a transaction");
        if other.number() % 8 == one.number() % 8 {
            return (one, other);
        }
    }
}

async fn sql(tx: &mut Tx, statement: &'static str) {
    sqlx::query(statement).execute(&mut **tx).await.expect("a lock");
}

/// Ends a transaction as the pages do: what a rule refused leaves nothing behind. Answers whether it was done.
async fn end(tx: Tx, done: Result<()>) -> bool {
    match done {
        Ok(()) => {
            tx.commit().await.expect("a commit");
            true
        }
        Err(Error::Refused(_)) => false,
        Err(error) => panic!("broken off: {error}"),
    }
}

/// A line that waits, proposed for the fund by the first treasurer. Answers its id and the hash to approve.
async fn proposed(app: &App, fund: &str) -> (String, String) {
    arrive(app, &[paid(app, 1_000, "voor het fonds")]).await;
    let line = waiting(app).await.pop().expect("a line").id;
    let (mut tx, now) = (app.s.db.begin().await.expect("a transaction"), app.s.clock.now());
    let decided = (Decision::Fund, fund);
    let open = bank::actions::propose(&mut tx, by(app, "usr_t1"), &line, decided, "van de gever", now).await;
    tx.commit().await.expect("a commit");
    (line, open.expect("a proposal").hash)
}

async fn approve(app: &App, mut tx: Tx, line: &str, hash: &str) -> bool {
    let done = bank::actions::approve(&mut tx, by(app, "usr_t2"), line, Decision::Fund, hash, app.s.clock.now()).await;
    end(tx, done).await
}

/// A pledge by transfer of which 10 euros too much arrived: its money, and the rest, which waits.
async fn arrived(app: &App, mut tx: Tx, pledge: &Value, number: i64) -> bool {
    let now = app.s.clock.now();
    let reference = pledge["reference"].as_str().unwrap_or_default();
    let id = pledges::actions::by_reference(&mut tx, reference).await.expect("a read").expect("a pledge").id;
    let pledge = pledges::actions::lock(&mut tx, &id).await.expect("a pledge");
    let payment = payments::actions::of_pledge(&mut tx, &id).await.expect("a read").expect("a payment");
    let line = format!("bln_{number}");
    let held = Account::PledgesHeld(pledge.project_id.clone());
    let posting = Posting::new(Kind::BankReceived, format!("bank:{line}"), now, "test", &line)
        .moving(pledge.amount, &Account::Bank, &held, Some(&pledge.id))
        .moving(Cents(1_000), &Account::Bank, &Account::Suspense, None);
    let done = payments::incoming::arrived(&mut tx, &payment, &pledge, &[posting], now, now).await;
    end(tx, done.map(|_| ())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f82_money_for_a_fund_and_money_that_it_matches_never_wait_for_each_other_crosswise() {
    let app = App::start_with(100_000, 50_000).await;
    giver(&app).await;
    let fund = active(&app, 100_000, &[("most_per_project", "100")]).await;
    for number in 0..TIMES {
        let (line, hash) = proposed(&app, &fund).await;
        let pledge = by_transfer(&app, 2_500 + 100 * number, &format!("Anna{number}")).await;
        if app.s.db.engine == Engine::Postgres {
            let (one, other) = two(&app).await;
            let mut holder = app.s.db.begin().await.expect("a transaction");
            sql(&mut holder, "UPDATE match_funds SET id = id").await;
            let app = &app;
            let (first, second, ()) = tokio::join!(
                approve(app, one, &line, &hash),
                async {
                    tokio::time::sleep(MOMENT).await;
                    arrived(app, other, &pledge, number).await
                },
                async {
                    tokio::time::sleep(MOMENT * 3).await;
                    holder.commit().await.expect("a commit");
                }
            );
            assert!(first && second);
        } else {
            let one = app.s.db.begin().await.expect("a transaction");
            assert!(approve(&app, one, &line, &hash).await);
            let other = app.s.db.begin().await.expect("a transaction");
            assert!(arrived(&app, other, &pledge, number).await);
        }
    }
    let received = 100_000 + TIMES * 1_000;
    let used: i64 = (0..TIMES).map(|number| 2_500 + 100 * number).sum();
    assert_eq!(money(&app, &fund).await, (received, used, received - used));
}

#[tokio::test(flavor = "multi_thread")]
async fn f82_two_decisions_about_the_same_line_end_as_one() {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, 5_000, &[]).await;
    for _ in 0..TIMES {
        let (line, hash) = proposed(&app, &fund).await;
        let now = app.s.clock.now();
        let mut tx = app.s.db.begin().await.expect("a transaction");
        let case =
            cases::actions::about(&mut tx, CaseKind::BankUnknown, &line).await.expect("a read").expect("a case").id;
        let typed = cases::desk::Typed { debit: "suspense", credit: "platform_fees", amount: "10" };
        let open = cases::desk::propose(&mut tx, by(&app, "usr_t1"), &case, typed, "afgeboekt", now).await;
        let settles = open.expect("a proposal").hash;
        tx.commit().await.expect("a commit");
        let write_off = async |mut tx: Tx| {
            let done = cases::desk::approve(&mut tx, by(&app, "usr_t2"), &case, &settles, now).await;
            end(tx, done).await
        };
        if app.s.db.engine == Engine::Postgres {
            let (one, other) = two(&app).await;
            let mut holder = app.s.db.begin().await.expect("a transaction");
            sql(&mut holder, "UPDATE ledger_balances SET slot = slot WHERE account = 'suspense'").await;
            let (first, second, ()) = tokio::join!(
                approve(&app, one, &line, &hash),
                async {
                    tokio::time::sleep(MOMENT).await;
                    write_off(other).await
                },
                async {
                    tokio::time::sleep(MOMENT * 3).await;
                    holder.commit().await.expect("a commit");
                }
            );
            assert!(first && !second, "the first of the two decides");
        } else {
            let one = app.s.db.begin().await.expect("a transaction");
            assert!(approve(&app, one, &line, &hash).await);
            let other = app.s.db.begin().await.expect("a transaction");
            assert!(!write_off(other).await, "the first of the two decides");
        }
    }
    assert_eq!(money(&app, &fund).await.0, 5_000 + TIMES * 1_000);
    app.settle().await;
    app.verify().await;
}

/// The net below the order of locks: somebody else's transaction holds the fund and wants the line, so the database breaks ours off.
#[tokio::test(flavor = "multi_thread")]
async fn f82_a_form_whose_transaction_was_broken_off_is_carried_out_again() {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, 5_000, &[]).await;
    let (line, hash) = proposed(&app, &fund).await;
    let treasurer = Browser::treasurer(&app, 2).await;
    let path = format!("/nl/staff/bank/lines/{line}/approve");
    let form = [("decision", "bank.fund"), ("hash", hash.as_str())];
    if app.s.db.engine == Engine::Postgres {
        let mut holder = app.s.db.begin().await.expect("a transaction");
        sql(&mut holder, "UPDATE match_funds SET id = id").await;
        let (answer, ()) = tokio::join!(treasurer.post(&path, &form), async {
            // ours waits for the fund first, so it is ours that is broken off after a second
            tokio::time::sleep(MOMENT).await;
            sql(&mut holder, "UPDATE bank_lines SET id = id").await;
            drop(holder);
        });
        assert_eq!(answer.0, 303);
    } else {
        assert_eq!(treasurer.post(&path, &form).await.0, 303);
    }
    assert_eq!(money(&app, &fund).await.0, 6_000, "once");
    app.verify().await;
}
