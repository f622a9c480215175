//! The fee of the platform: shown before anybody pays, taken of what reaches a project, and of nothing that goes back.

use drempel::features::ledger::{self, Account};
use drempel::features::payouts::{TrancheState, actions as payouts};
use drempel::features::rounds::{self, Outline};
use drempel::values::Cents;
use serde_json::json;

use crate::closing::decide;
use crate::money_out::{came_back, on_the_statement, to_the_bank};
use crate::payouts::{checked_account, connected, decided, planned, states};
use crate::rounds_led::{form, round, send};
use crate::stopping::{sent_back, stop};
use crate::support::{App, Browser};

const IBAN: &str = "NL91ABNA0417164300";
const DAY: i64 = 86_400;

/// A round with a fee of so many basis points that sells.
async fn selling(rate: &'static str) -> App {
    let app = App::start().await;
    app.sql(rate).await.expect("a fee");
    app
}

const THREE_PERCENT: &str = "UPDATE rounds SET fee_basis_points = 300";

/// A funded project of a round with a fee of 3 percent: 600 euros of start money, 50 of result money.
async fn funded() -> App {
    let app = selling(THREE_PERCENT).await;
    app.paid_gift(40_000, "Anna").await;
    app.paid_gift(25_000, "Bert").await;
    app.advance(10 * DAY + 60).await;
    decide(&app).await;
    app.settle().await;
    app
}

async fn balance(app: &App, account: Account) -> i64 {
    ledger::actions::balance(&mut app.s.db.read().await.expect("a connection"), &account).await.expect("a balance").0
}

async fn payable(app: &App) -> i64 {
    balance(app, Account::OwnerPayable("prj_1".to_owned(), "org_1".to_owned())).await
}

/// What the platform has taken.
async fn fees(app: &App) -> i64 {
    -balance(app, Account::PlatformFees).await
}

/// The sum of a column of the public books.
async fn column(app: &App, name: &str) -> i64 {
    let answer = app.http.get(app.url("/api/v1/projects/kookclub/books.csv")).send().await.expect("an answer");
    let text = answer.text().await.expect("the books");
    let head = text.lines().next().expect("a head");
    // without a fee the table has no column for it
    let Some(at) = head.split(',').position(|column| column == name) else { return 0 };
    text.lines().skip(1).filter_map(|line| line.split(',').nth(at)?.parse::<i64>().ok()).sum()
}

/// Decided by two, brought to the bank and seen on its statement: what was sent.
async fn paid(app: &App, amount: &str, line: &str) -> i64 {
    decided(app, amount).await;
    let transfer = planned(app).await.remove(0);
    to_the_bank(app).await;
    assert!(on_the_statement(app, &transfer, transfer.amount.0, line).await);
    app.verify().await;
    transfer.amount.0
}

#[tokio::test]
async fn f68_two_tranches_and_their_fees_are_the_start_money_to_the_cent() {
    let app = funded().await;
    assert_eq!(fees(&app).await, 0, "nothing is taken before something is paid out");
    checked_account(&app, IBAN).await;
    // 3 percent of 333,33 are 9,9999 and of 266,67 are 8,0001
    assert_eq!((paid(&app, "333,33", "bln_1").await, fees(&app).await), (32_333, 1_000));
    assert_eq!((paid(&app, "266,67", "bln_2").await, fees(&app).await), (25_867, 1_800));
    assert_eq!(payable(&app).await, 0);
    let mut conn = app.s.db.read().await.expect("a connection");
    let all = payouts::payable(&mut conn, "prj_1", "org_1").await.expect("what is payable");
    assert_eq!((all.payable, all.given), (Cents(60_000), Cents(60_000)));
    drop(conn);
    let sums =
        [("received_cents", 65_000), ("released_cents", 65_000), ("refunded_cents", 0), ("platform_fees_cents", 1_800)];
    for (name, cents) in sums {
        assert_eq!(column(&app, name).await, cents, "{name}");
    }
    let anybody = Browser::new(&app);
    let books = anybody.read("/nl/projects/kookclub/books").await;
    assert!(books.contains("Van uitbetalingen ging naar Drempel") && books.contains("18"), "{books}");
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert!(owner.read("/en/studio/payouts").await.contains("and €10 fee for Drempel"));
    assert!(
        owner.read("/nl/studio/projects/kookclub/payouts").await.contains("Van elke 100 euro die wordt uitbetaald")
    );
}

#[tokio::test]
async fn f68_what_goes_back_after_a_first_tranche_carries_no_fee() {
    let app = funded().await;
    checked_account(&app, IBAN).await;
    // half a cent goes up: 3 percent of 100,50 are 3,015
    assert_eq!((paid(&app, "100,50", "bln_1").await, fees(&app).await), (9_748, 302));
    stop(&app).await;
    // of 549,50 Anna gets 400/650 and Bert 250/650
    assert_eq!(sent_back(&app).await, [21_135, 33_815]);
    assert_eq!((fees(&app).await, payable(&app).await), (302, 0), "the fee of what was paid out, and no more");
    for (name, cents) in [
        ("received_cents", 65_000),
        ("released_cents", 10_050),
        ("refunded_cents", 54_950),
        ("platform_fees_cents", 302),
    ] {
        assert_eq!(column(&app, name).await, cents, "{name}");
    }
    app.advance(3 * DAY).await;
    app.verify().await;
}

#[tokio::test]
async fn f68_a_project_that_fails_is_refunded_whole() {
    let app = selling("UPDATE rounds SET fee_basis_points = 2000").await;
    app.paid_gift(10_100, "Anna").await;
    app.paid_gift(700, "Bert").await;
    app.advance(10 * DAY + 60).await;
    decide(&app).await;
    app.settle().await;
    app.advance(DAY).await;
    assert_eq!(sent_back(&app).await, [700, 10_100]);
    assert_eq!(fees(&app).await, 0);
    app.verify().await;
}

#[tokio::test]
async fn f68_a_payout_that_comes_back_gives_its_fee_back() {
    let app = funded().await;
    checked_account(&app, IBAN).await;
    decided(&app, "250").await;
    let transfer = planned(&app).await.remove(0);
    assert_eq!((transfer.amount, transfer.fee), (Cents(24_250), Cents(750)));
    to_the_bank(&app).await;
    assert!(on_the_statement(&app, &transfer, 24_250, "bln_1").await);
    assert_eq!(fees(&app).await, 750);
    assert!(came_back(&app, &transfer, "bln_2").await);
    assert_eq!(states(&app).await[0].0, TrancheState::Returned);
    assert_eq!((fees(&app).await, payable(&app).await), (0, -60_000), "all of it is payable again");
    assert_eq!(column(&app, "platform_fees_cents").await, 0);
    app.verify().await;
    assert_eq!((paid(&app, "600", "bln_3").await, fees(&app).await), (58_200, 1_800));
}

#[tokio::test]
async fn f68_by_way_of_the_provider_the_fee_is_taken_once_and_given_back_with_the_transfer() {
    let app = funded().await;
    app.read_the_balance().await;
    connected(&app).await;
    app.fault(json!({ "endpoint": "transfers", "kind": "500_after_effect", "times": 1, "method": "POST" })).await;
    decided(&app, "600").await;
    app.advance(2 * 3_600).await;
    assert_eq!((states(&app).await[0].0, fees(&app).await, payable(&app).await), (TrancheState::Confirmed, 1_800, 0));
    let list = app.http.get(app.url("/dev/bank/v1/transfers")).bearer_auth("sk_test_sandbox").send().await;
    let list: serde_json::Value = list.expect("an answer").json().await.expect("JSON");
    assert_eq!(list["data"][0]["amount"].as_i64(), Some(58_200));
    app.read_the_balance().await;
    app.verify().await;
    let id = list["data"][0]["id"].as_str().expect("a transfer").to_owned();
    let url = app.url(&format!("/dev/bank/v1/transfers/{id}/reversals"));
    assert_eq!(app.http.post(url).bearer_auth("sk_test_sandbox").send().await.expect("an answer").status(), 200);
    app.advance(2 * 3_600).await;
    assert_eq!((states(&app).await[0].0, fees(&app).await), (TrancheState::Returned, 0));
    assert_eq!(payable(&app).await, -60_000);
    app.read_the_balance().await;
    app.verify().await;
}

#[tokio::test]
async fn f68_each_organisation_of_a_joint_project_bears_the_fee_of_its_own_share() {
    let app = funded().await;
    for statement in [
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         SELECT 'org_2', 'bakkers', 'De Bakkers', kind, '', '', area, created_at FROM organisations",
        "INSERT INTO project_partners (project_id, organisation_id, position, share_percent) VALUES ('prj_1', 'org_2', 1, 33)",
    ] {
        app.sql(statement).await.expect("a partner with a share");
    }
    decided(&app, "100,01").await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let tranches = payouts::latest(&mut conn, 10).await.expect("tranches");
    let mut parts: Vec<(&str, i64, i64, i64)> =
        tranches.iter().map(|t| (t.organisation_id.as_str(), t.gross().0, t.fee.0, t.amount.0)).collect();
    parts.sort_unstable();
    assert_eq!(parts, [("org_1", 6_701, 201, 6_500), ("org_2", 3_300, 99, 3_201)]);
    drop(conn);
    app.verify().await;
}

/// The pages that somebody sees before paying, and the paper after it.
async fn seen_by_a_backer(app: &App) -> Vec<(&'static str, String)> {
    let anybody = Browser::new(app);
    let mut seen = Vec::new();
    for path in ["/nl/rounds/1", "/nl/projects/kookclub", "/nl/projects/kookclub/pledge"] {
        seen.push((path, anybody.read(path).await));
    }
    let form = [
        ("step", "you"),
        ("form_key", "k"),
        ("amount", "25"),
        ("kind", "gift"),
        ("email", "dora@example.org"),
        ("name", "Dora"),
        ("anonymous", "no"),
        ("updates", "no"),
        ("method", "ideal"),
    ];
    let (status, page) = anybody.post_for_text("/nl/projects/kookclub/pledge", &form).await;
    assert!(status == 200 && page.contains("name=\"confirm\""), "{status} {page}");
    seen.push(("check", page));
    let pledge = app.paid_gift(2_500, "Anna").await;
    let part = |name: &str| pledge[name].as_str().unwrap_or_default().to_owned();
    seen.push(("pledge", anybody.read(&format!("/nl/pledges/{}?key={}", part("reference"), part("key"))).await));
    let number = app.papers(&pledge).await[0].number.clone();
    let paper = app.http.get(app.paper_url("nl", &pledge, &number, "")).send().await.expect("a paper");
    seen.push(("paper", paper.text().await.expect("a text")));
    seen
}

#[tokio::test]
async fn f68_the_fee_is_told_before_paying_and_on_the_receipt() {
    let app = selling("UPDATE rounds SET fee_basis_points = 250").await;
    for (what, page) in seen_by_a_backer(&app).await {
        assert!(page.contains("Van elke 100 euro die aan") && page.contains("€\u{a0}2,50"), "{what}: {page}");
    }
    let answer = app.http.get(app.url("/api/v1/rounds/1")).send().await.expect("an answer");
    let round: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(round["fee_basis_points"].as_i64(), Some(250));
}

#[tokio::test]
async fn a_round_without_a_fee_says_nothing_of_one() {
    let app = App::start().await;
    for (what, page) in seen_by_a_backer(&app).await {
        assert!(!page.contains("Van elke 100 euro") && !page.contains("Vergoeding voor Drempel"), "{what}: {page}");
    }
}

#[tokio::test]
async fn an_admin_sets_the_fee_until_selling_begins_and_nobody_changes_it_under_pledges() {
    let app = App::start_demo().await;
    let admin = Browser::signed_in(&app, "admin@drempel.example").await;
    let with = |fee: &str| {
        let mut form = form(&app, "9", [2, 4, 6, 8]);
        form.push(("fee_percent", fee.to_owned()));
        form
    };
    for wrong in ["20,01", "-1", "drie", "2,505"] {
        let (status, page) = send(&admin, "/nl/staff/rounds/new", &with(wrong)).await;
        assert!(status == 422 && page.contains("f-fee_percent-error"), "{wrong}: {status} {page}");
    }
    assert_eq!(send(&admin, "/nl/staff/rounds/new", &with("2,5")).await.0, 303);
    let made = round(&app, 9).await;
    assert_eq!(made.fee_basis_points, 250);
    assert!(admin.read("/nl/staff/rounds/9/edit").await.contains("value=\"2,5\""));
    let now = app.s.clock.now();
    let dearer = |round: &rounds::Round| Outline { fee_basis_points: 300, ..Outline::of(round) };
    let mut tx = app.s.db.begin().await.expect("a transaction");
    rounds::actions::change(&mut tx, &made.id, &dearer(&made), "usr_admin", now).await.expect("a change in time");
    let selling = rounds::actions::by_number(&mut tx, 3).await.expect("a read").expect("a round");
    let late = rounds::actions::change(&mut tx, &selling.id, &dearer(&selling), "usr_admin", now).await;
    assert!(late.is_err_and(|error| error.refusal::<rounds::Refusal>().is_some()), "it was published");
}
