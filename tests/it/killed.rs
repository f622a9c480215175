//! Killed at every step that leaves a trace: the second plan of a near miss, and money of a match fund on its way back to its giver. The
//! work is broken off before and after each read, begin and commit, and begun anew, until it has come through; nothing of it is lost
//! and nothing happens twice.

use std::sync::Arc;

use drempel::features::approvals::Decider;
use drempel::features::bank;
use drempel::features::ledger::Account;
use drempel::features::payments::refunds;
use drempel::features::payouts::give_back;
use drempel::features::rounds::RoundState;
use drempel::features::settlement::{self, Decision, SettlementState};
use drempel::infra::Services;
use drempel::infra::bank::files::Input;
use drempel::infra::bank::{Direction, Line};
use drempel::infra::db::turns::Turns;

use crate::bank::statement;
use crate::edges::{approved, choose, decide, decided, raise, round_state, say, sent_back, start};
use crate::match_funds::{active, decided as fund_decided, giver, money};
use crate::money_out::to_the_bank;
use crate::payouts::check_waiting_account;
use crate::support::{App, Browser};

const DAY: i64 = 86_400;
/// More than any lease: what a killed worker had taken is free again.
const LEASE_SECONDS: i64 = 121;
/// Far more than any work here takes.
const MOST_KILLS: u64 = 4_000;

/// Does work that is killed at every step: after the first, and one later each time that nothing came of it. Answers how often it was.
pub async fn killed_at_every_step(app: &App, work: impl AsyncFn(&Services)) -> u64 {
    let (mut kills, mut steps) = (0, 1);
    loop {
        let turns = Turns::new(kills);
        let mut s = app.s.clone();
        s.db = app.s.db.clone().taking_turns(Arc::clone(&turns));
        turns.stop_after(steps);
        let before = traces(app).await;
        work(&s).await;
        if !turns.is_stopped() {
            return kills;
        }
        kills += 1;
        assert!(kills < MOST_KILLS, "it never comes through");
        steps = if traces(app).await == before { steps + 1 } else { 1 };
        app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + LEASE_SECONDS);
    }
}

/// What the work has left behind so far.
async fn traces(app: &App) -> Vec<i64> {
    let mut counts = Vec::new();
    for query in [
        "SELECT COUNT(*) FROM settlement_lines WHERE done_at IS NOT NULL",
        "SELECT COUNT(*) FROM settlements WHERE state = 'done'",
        "SELECT COUNT(*) FROM release_lines WHERE done_at IS NOT NULL",
        "SELECT COUNT(*) FROM letters",
        "SELECT COUNT(*) FROM ledger_transactions",
        "SELECT COUNT(*) FROM refunds WHERE state <> 'due'",
        "SELECT COUNT(*) FROM state_changes",
        "SELECT COUNT(*) FROM bank_statements",
        "SELECT COUNT(*) FROM bank_statements WHERE finished_at IS NOT NULL",
    ] {
        counts.push(app.count(query).await);
    }
    counts
}

#[tokio::test]
async fn f38_f39_the_second_plan_of_a_near_miss_is_carried_out_once_however_often_it_is_killed() {
    let app = start().await;
    giver(&app).await;
    let fund = active(&app, 30_000, &[("ratio", "20"), ("most_per_pledge", "100")]).await;
    let mut pledges = Vec::new();
    for (cents, name) in [(40_000, "Anna"), (20_000, "Bert"), (15_000, "Carla"), (5_000, "Dirk")] {
        pledges.push(app.paid_gift(cents, name).await);
    }
    // 800 and 160 of 1,000
    app.advance(10 * DAY + 60).await;
    decide(&app).await;
    say(&app).await;
    raise(&app, &pledges[1], "100").await;
    assert_eq!(choose(&app, &pledges[0], "keep", "").await.0, 303);
    assert_eq!(choose(&app, &pledges[2], "withdraw", "").await.0, 303);
    app.advance(7 * DAY).await;
    approved(&app).await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let plan = settlement::actions::of_round(&mut conn, "rnd_1").await.expect("a read").expect("a plan");
    drop(conn);
    assert_eq!(plan.state, SettlementState::Executing);
    let kills = killed_at_every_step(&app, async |s: &Services| {
        let _ = settlement::execute::run(s, &plan.id).await;
        let _ = refunds::run(s).await;
        let _ = settlement::execute::run(s, &plan.id).await;
    })
    .await;
    assert!(kills > 20, "{kills} kills prove little");
    app.settle().await;
    app.advance(LEASE_SECONDS).await;
    app.advance(5).await;
    assert_eq!(round_state(&app).await, RoundState::Settled);
    // kept: Anna 400 with 80, Bert 200 and 100 with 60; Carla took 150 back, Dirk said nothing
    assert_eq!(decided(&app).await, (Decision::Funded, 90_000, 70_000, 0, 20_000));
    assert_eq!(sent_back(&app).await, [5_000, 15_000]);
    assert_eq!(money(&app, &fund).await, (30_000, 14_000, 16_000));
    let payable = Account::OwnerPayable("prj_1".to_owned(), "org_1".to_owned());
    assert_eq!(app.account(payable).await, -84_000);
    for (name, kind) in
        [("anna", "choice_won"), ("bert", "choice_won"), ("carla", "choice_left"), ("dirk", "choice_left")]
    {
        let letters = app.letters(&format!("{name}@example.org")).await;
        // Bert has two pledges
        let times = if name == "bert" { 2 } else { 1 };
        assert_eq!(letters.iter().filter(|sent| *sent == kind).count(), times, "{name}: {letters:?}");
    }
    app.verify().await;
}

/// A line of the statement that shows the transfer of a give-back: it left, or it came back.
fn shown(app: &App, transfer: &drempel::features::transfers::Transfer, direction: Direction) -> Line {
    Line {
        amount: transfer.amount,
        direction: Some(direction),
        is_return: direction == Direction::In,
        booked_on: app.s.clock.now().day(),
        bank_reference: format!("{direction}{}", transfer.id),
        end_to_end_id: transfer.end_to_end_id(),
        iban: transfer.iban.clone(),
        ..Line::default()
    }
}

async fn imported_through_kills(app: &App, line: Line) -> u64 {
    let file = statement(app, &[line]).await;
    killed_at_every_step(app, async |s: &Services| {
        let input = Input::InMemory(file.clone().into());
        let _ = bank::actions::import(s, "statement.xml", input, "test").await;
    })
    .await
}

#[tokio::test]
async fn f40_a_give_back_leaves_once_and_comes_back_once_however_often_the_work_is_killed() {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, 40_000, &[]).await;
    app.paid_gift(2_500, "Anna").await;
    fund_decided(&app, &fund, "match.end").await;
    let owner = Browser::signed_in(&app, "boek@woonveste.example").await;
    let account = [("iban", "NL91ABNA0417164300"), ("holder", "Woonveste")];
    assert_eq!(owner.post("/nl/studio/payouts/woonveste/account", &account).await.0, 303);
    check_waiting_account(&app).await;
    let now = app.s.clock.now();
    let by = |user_id: &'static str| Decider { user_id, fresh_until: now.plus_days(1) };
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let open = give_back::propose(&mut tx, by("usr_t1"), &fund, "rest", now).await.expect("a proposal");
    tx.commit().await.expect("a commit");
    let kills = killed_at_every_step(&app, async |s: &Services| {
        let Ok(mut tx) = s.db.begin().await else { return };
        if give_back::approve(&mut tx, by("usr_t2"), &fund, &open.hash, now).await.is_ok() {
            let _ = tx.commit().await;
        }
    })
    .await;
    assert!(kills >= 3, "{kills}");
    let planned = "SELECT COUNT(*) FROM match_give_backs";
    assert_eq!((app.count(planned).await, money(&app, &fund).await), (1, (40_000, 2_500, 0)));
    let (_, transfers) = to_the_bank(&app).await;
    let kills = imported_through_kills(&app, shown(&app, &transfers[0], Direction::Out)).await;
    assert!(kills > 5, "{kills}");
    assert_eq!(app.account(Account::MatchHeld(fund.clone())).await, 0);
    let posted = "SELECT COUNT(*) FROM ledger_transactions WHERE kind = 'match_given_back'";
    assert_eq!((app.count(posted).await, app.account(Account::Bank).await), (1, 2_500));
    app.settle().await;
    app.verify().await;
    let kills = imported_through_kills(&app, shown(&app, &transfers[0], Direction::In)).await;
    assert!(kills > 5, "{kills}");
    assert_eq!(
        (app.account(Account::MatchHeld(fund.clone())).await, app.account(Account::Bank).await),
        (-37_500, 40_000)
    );
    assert_eq!(money(&app, &fund).await, (40_000, 2_500, 37_500));
    app.settle().await;
    app.verify().await;
}
