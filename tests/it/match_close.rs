//! What funds added counts when a round is closed, and goes the way of its pledge: to the project, or back to its fund.

use drempel::features::consents::{self, Choice, Words};
use drempel::features::ledger::Account;
use drempel::features::match_funds::MatchState::{Released, Reserved, Returned};
use drempel::features::projects::{self, ProjectState};
use drempel::features::{pledges, rounds, settlement, withdrawals};
use serde_json::Value;

use crate::closing::decide;
use crate::match_funds::{active, fund, giver, matches, money};
use crate::money_out::{on_the_statement, to_the_bank};
use crate::payouts::{checked_account, decided as paid_out};
use crate::support::{App, Browser};

const DAY: i64 = 86_400;
const IBAN: &str = "NL91ABNA0417164300";

async fn with_fund(cents: i64, change: &[(&str, &str)]) -> (App, String) {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, cents, change).await;
    (app, fund)
}

async fn close(app: &App) {
    app.advance(10 * DAY + 60).await;
    decide(app).await;
    app.settle().await;
}

async fn state(app: &App) -> ProjectState {
    projects::actions::get(&mut app.s.db.read().await.expect("a connection"), "prj_1").await.expect("the project").state
}

/// Every cent that was given or added stands in one place: with the project, paid out, back with backers, back in the fund.
async fn accounted(app: &App, fund_id: &str, given: i64, added: i64) {
    let payable = Account::OwnerPayable("prj_1".into(), "org_1".into());
    let with_project = -app.account(payable).await - app.account(Account::ResultMoney("prj_1".into())).await;
    let paid: (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM tranches WHERE state IN ('sent', 'confirmed')",
    )
    .fetch_one(&mut *app.s.db.read().await.expect("a connection"))
    .await
    .expect("a sum");
    let effects = app.effects().await;
    let refunds = effects["refunds"].as_array().into_iter().flatten();
    let back: i64 = refunds.filter_map(|refund| refund["amount"].as_i64()).sum();
    let returned = added - fund(app, fund_id).await.used.0;
    assert_eq!(with_project + paid.0 + back + returned, given + added);
    assert_eq!(app.account(Account::Matched("prj_1".into(), fund_id.to_owned())).await, 0, "nothing is left between");
    assert_eq!(app.account(Account::PledgesHeld("prj_1".into())).await, 0);
    app.verify().await;
}

#[tokio::test]
async fn matched_money_counts_towards_the_threshold_and_is_split_with_what_was_given() {
    let (app, fund_id) = with_fund(100_000, &[]).await;
    let anna = app.paid_gift(25_000, "Anna").await;
    let bert = app.paid_gift(7_500, "Bert").await;
    assert_eq!(app.standing().await.matched.0, 32_500);
    app.advance(10 * DAY + 60).await;
    let one = Browser::treasurer(&app, 1).await;
    let page = one.read("/nl/staff/rounds/1/closing").await;
    assert!(page.contains("Van fondsen: startgeld") && page.contains("€\u{a0}325"), "{page}");
    decide(&app).await;
    app.settle().await;
    assert_eq!(state(&app).await, ProjectState::Funded, "325 given and 325 added reach 600");
    assert_eq!(
        (matches(&app, &anna).await, matches(&app, &bert).await),
        (vec![(25_000, Released)], vec![(7_500, Released)])
    );
    assert_eq!(app.account(Account::OwnerPayable("prj_1".into(), "org_1".into())).await, -60_000);
    assert_eq!(app.account(Account::ResultMoney("prj_1".into())).await, -5_000);
    assert_eq!(money(&app, &fund_id).await, (100_000, 32_500, 67_500));
    let json: Value =
        app.http.get(app.url("/api/v1/projects/kookclub")).send().await.expect("x").json().await.expect("x");
    assert_eq!((json["held_cents"].as_i64(), json["matched_cents"].as_i64()), (Some(32_500), Some(32_500)));
    let csv = one.read("/nl/staff/rounds/1/closing/protocol.csv").await;
    let line = csv.lines().find(|line| line.contains(anna["reference"].as_str().expect("x"))).expect("a line");
    assert!(line.ends_with(",25000,23077,1923"), "{line}");
    accounted(&app, &fund_id, 32_500, 32_500).await;
    // a dispute after the release: the match stays with the project
    app.dispute(&anna, "needs_response").await;
    assert_eq!(matches(&app, &anna).await, [(25_000, Released)]);
    app.verify().await;
    // and what was matched is paid out like any start money
    checked_account(&app, IBAN).await;
    paid_out(&app, "600").await;
    let (_, transfers) = to_the_bank(&app).await;
    assert!(on_the_statement(&app, &transfers[0], 60_000, "bln_1").await);
    app.verify().await;
}

#[tokio::test]
async fn f67_when_a_project_fails_its_matches_are_back_in_the_fund_and_backers_get_what_they_gave() {
    let (app, fund_id) = with_fund(100_000, &[]).await;
    let anna = app.paid_gift(20_000, "Anna").await;
    let bert = app.paid_gift(9_900, "Bert").await;
    close(&app).await;
    assert_eq!(state(&app).await, ProjectState::Failed, "299 given and 299 added are 2 euros too little");
    app.settle().await;
    for pledge in [&anna, &bert] {
        assert_eq!(
            (app.status(pledge).await, matches(&app, pledge).await),
            ("refunded".to_owned(), vec![(0, Returned)])
        );
    }
    let effects = app.effects().await;
    let mut back: Vec<i64> =
        effects["refunds"].as_array().into_iter().flatten().filter_map(|r| r["amount"].as_i64()).collect();
    back.sort_unstable();
    assert_eq!(back, [9_900, 20_000], "never to backers");
    assert_eq!(money(&app, &fund_id).await, (100_000, 0, 100_000));
    accounted(&app, &fund_id, 29_900, 29_900).await;
}

#[tokio::test]
async fn f57_one_hundredth_of_matched_money_decides() {
    for (given, expected) in [(30_000, ProjectState::Funded), (29_900, ProjectState::Failed)] {
        let (app, fund_id) = with_fund(100_000, &[]).await;
        app.paid_gift(given, "Anna").await;
        close(&app).await;
        assert_eq!(state(&app).await, expected);
        accounted(&app, &fund_id, given, given).await;
    }
}

#[tokio::test]
async fn f64_a_stopped_project_gives_back_pro_rata_to_backers_and_to_the_fund() {
    let (app, fund_id) = with_fund(100_000, &[("ratio", "50")]).await;
    app.paid_gift(40_000, "Anna").await;
    app.paid_gift(20_000, "Bert").await;
    assert_eq!(app.standing().await.matched.0, 30_000);
    close(&app).await;
    checked_account(&app, IBAN).await;
    paid_out(&app, "250").await;
    let (_, transfers) = to_the_bank(&app).await;
    assert!(on_the_statement(&app, &transfers[0], 25_000, "bln_1").await);
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let path = "/nl/staff/projects/prj_1/stop";
    assert_eq!(one.post(&format!("{path}/propose"), &[("reason", "de keuken is dicht")]).await.0, 303);
    let page = one.read(path).await;
    assert!(page.contains("Terug naar fondsen"), "{page}");
    let hash = one.marked(path, "data-hash").await;
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 303);
    for _ in 0..3 {
        app.settle().await;
    }
    // of 90.000 there are 65.000 left: 400, 200, 200 and 100 of 900 each get 65/90
    let effects = app.effects().await;
    let mut back: Vec<i64> =
        effects["refunds"].as_array().into_iter().flatten().filter_map(|r| r["amount"].as_i64()).collect();
    back.sort_unstable();
    assert_eq!(back, [14_445, 28_889]);
    assert_eq!(money(&app, &fund_id).await, (100_000, 30_000 - 21_666, 100_000 - 30_000 + 21_666));
    let csv =
        app.http.get(app.url("/api/v1/projects/kookclub/books.csv")).send().await.expect("x").text().await.expect("x");
    let total = |column: usize| -> i64 {
        let cell = |line: &str| line.split(',').nth(column).and_then(|cell| cell.parse::<i64>().ok());
        csv.lines().skip(1).filter_map(cell).sum()
    };
    assert_eq!((total(7), total(8), total(9)), (30_000, 8_334, 21_666), "{csv}");
    accounted(&app, &fund_id, 60_000, 30_000).await;
}

#[tokio::test]
async fn a_project_that_its_owner_takes_back_frees_the_matches() {
    let (app, fund_id) = with_fund(100_000, &[]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let now = app.s.clock.now();
    withdrawals::actions::withdraw(&mut tx, "prj_1", "usr_owner", "geen ruimte meer", now).await.expect("a withdrawal");
    tx.commit().await.expect("a commit");
    for _ in 0..3 {
        app.settle().await;
    }
    assert_eq!((app.status(&anna).await, matches(&app, &anna).await), ("refunded".to_owned(), vec![(0, Returned)]));
    accounted(&app, &fund_id, 5_000, 5_000).await;
}

/// The later plan of a round, proposed by the one treasurer and approved by the other.
async fn decide_again(app: &App) {
    let round = rounds::actions::by_number(&mut app.s.db.read().await.expect("a connection"), 1).await;
    let round = round.expect("a read").expect("a round");
    let plan = settlement::actions::fresh_plan(&mut app.s.db.read().await.expect("a connection"), &round).await;
    let hash = plan.expect("a plan").hash;
    let fresh_until = app.s.clock.now().plus_days(1);
    let by = |user_id| settlement::Treasurer { user_id, fresh_until };
    settlement::actions::propose(&app.s, &round.id, by("usr_t1"), &hash, "de tijd is om").await.expect("a proposal");
    settlement::actions::approve(&app.s, &round.id, by("usr_t2"), &hash).await.expect("an approval");
}

/// 60 % of the threshold is enough for a near miss here.
#[tokio::test]
async fn f55_in_a_near_miss_a_match_follows_its_pledge() {
    let (app, fund_id) = with_fund(100_000, &[]).await;
    app.sql("UPDATE rounds SET near_miss_percent = 60").await.expect("a band");
    let anna = app.paid_gift(20_000, "Anna").await;
    let bert = app.paid_gift(5_000, "Bert").await;
    close(&app).await;
    assert_eq!(state(&app).await, ProjectState::NearMiss, "250 given and 250 added are more than 360");
    for pledge in [&anna, &bert] {
        assert_eq!(matches(&app, pledge).await[0].1, Reserved, "it waits with its pledge");
    }
    app.verify().await;
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let project = projects::actions::get(&mut tx, "prj_1").await.expect("the project");
    let words = Words { nl: "Met minder mensen.".to_owned(), en: String::new() };
    consents::actions::say(&mut tx, &project, &words, "usr_owner", now).await.expect("said");
    let reference = anna["reference"].as_str().expect("x");
    let id = pledges::actions::by_reference(&mut tx, reference).await.expect("x").expect("x").id;
    consents::actions::choose(&mut tx, &id, Choice::Keep, now).await.expect("a choice");
    tx.commit().await.expect("a commit");
    app.advance(7 * DAY).await;
    decide_again(&app).await;
    for _ in 0..3 {
        app.settle().await;
    }
    assert_eq!(state(&app).await, ProjectState::Funded, "200 kept and 200 added");
    assert_eq!(
        (app.status(&anna).await, matches(&app, &anna).await),
        ("released".to_owned(), vec![(20_000, Released)])
    );
    assert_eq!((app.status(&bert).await, matches(&app, &bert).await), ("refunded".to_owned(), vec![(0, Returned)]));
    assert_eq!(money(&app, &fund_id).await, (100_000, 20_000, 80_000));
    accounted(&app, &fund_id, 25_000, 25_000).await;
}
