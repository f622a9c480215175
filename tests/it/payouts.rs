//! Payouts to organisations: decided by two, guarded by the database, to accounts that two people checked.

use drempel::features::payouts::{TrancheState, actions as payouts};
use drempel::features::transfers::{self, Transfer};
use drempel::values::Cents;
use serde_json::{Value, json};

use crate::closing::decide;
use crate::money_out::{came_back, on_the_statement, to_the_bank};
use crate::support::{App, Browser};

const IBAN: &str = "NL91ABNA0417164300";
const OTHER: &str = "BE68539007547034";
const ACCOUNT: &str = "/nl/studio/payouts/kookclub/account";
const HOUR: i64 = 3_600;

/// A project that is funded: 600 euros of start money, 50 of result money.
pub async fn funded() -> App {
    let app = App::start().await;
    app.paid_gift(40_000, "Anna").await;
    app.paid_gift(25_000, "Bert").await;
    app.advance(10 * 24 * HOUR + 60).await;
    decide(&app).await;
    app.settle().await;
    app
}

async fn propose(browser: &Browser, amount: &str) -> (u16, String) {
    let form = [("project", "kookclub"), ("amount", amount), ("reason", "eerste deel")];
    let (status, location) = browser.post("/nl/staff/payouts/propose", &form).await;
    (status, location.split('?').next().unwrap_or_default().to_owned())
}

/// Proposed by the one, approved by the other; answers the decision's address.
pub async fn decided(app: &App, amount: &str) -> String {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let (status, path) = propose(&one, amount).await;
    assert_eq!(status, 303);
    let hash = one.marked(&path, "data-hash").await;
    assert_eq!(one.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 403, "not by the same person");
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 303);
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 409, "approved once");
    app.settle().await;
    path
}

/// An owner enters an account and two treasurers check it.
pub async fn checked_account(app: &App, iban: &str) {
    let owner = Browser::signed_in(app, "owner@kookclub.example").await;
    assert_eq!(owner.post(ACCOUNT, &[("iban", iban), ("holder", "Stichting Kookclub")]).await.0, 303);
    check_waiting_account(app).await;
}

/// Two treasurers check the account that waits.
pub async fn check_waiting_account(app: &App) {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let list = one.read("/nl/staff/payouts").await;
    let start = list.find("/nl/staff/payouts/accounts/").expect("an account that waits");
    let path = list[start..].split('"').next().expect("an address").to_owned();
    assert_eq!(one.post(&format!("{path}/propose"), &[("reason", "gebeld")]).await.0, 303);
    let hash = one.marked(&path, "data-hash").await;
    assert_eq!(one.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 403);
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
}

pub async fn states(app: &App) -> Vec<(TrancheState, String)> {
    let mut conn = app.s.db.read().await.expect("a connection");
    let tranches = payouts::latest(&mut conn, 10).await.expect("tranches");
    tranches.into_iter().map(|tranche| (tranche.state, tranche.waits_for)).collect()
}

pub async fn planned(app: &App) -> Vec<Transfer> {
    transfers::actions::planned(&mut app.s.db.read().await.expect("a connection")).await.expect("transfers")
}

#[tokio::test]
async fn a_tranche_waits_for_an_account_goes_by_bank_and_is_told_to_the_owners() {
    let app = funded().await;
    decided(&app, "250").await;
    assert_eq!(states(&app).await, [(TrancheState::Approved, "account".to_owned())]);
    checked_account(&app, IBAN).await;
    let transfer = planned(&app).await.remove(0);
    assert_eq!((transfer.iban.as_str(), transfer.amount), (IBAN, Cents(25_000)));
    app.verify().await;
    to_the_bank(&app).await;
    assert_eq!(states(&app).await[0].0, TrancheState::Sent);
    assert!(on_the_statement(&app, &transfer, 25_000, "bln_1").await);
    assert_eq!(states(&app).await[0].0, TrancheState::Confirmed);
    let letters = app.letters("owner@kookclub.example").await;
    for kind in ["account_entered", "account_verified", "tranche_approved", "tranche_paid"] {
        assert_eq!(letters.iter().filter(|sent| *sent == kind).count(), 1, "{kind}: {letters:?}");
    }
    let page = Browser::signed_in(&app, "owner@kookclub.example").await.read("/nl/studio/payouts").await;
    assert!(page.contains("Uitbetaald") && page.contains("250"), "{page}");
    app.verify().await;
}

#[tokio::test]
async fn f58_more_than_is_payable_is_refused_by_the_database() {
    let app = funded().await;
    let one = Browser::treasurer(&app, 1).await;
    assert_eq!(propose(&one, "600,01").await.0, 422);
    assert_eq!(propose(&one, "0").await.0, 422);
    let (status, path) = propose(&one, "600").await;
    assert_eq!(status, 303);
    assert_eq!(propose(&one, "0,01").await.0, 422, "all of it is given out");
    assert!(app.sql("UPDATE payable_totals SET given_cents = given_cents + 1").await.is_err());
    assert_eq!(one.post(&format!("{path}/withdraw"), &[("reason", "toch niet")]).await.0, 303);
    assert_eq!(propose(&one, "600").await.0, 303);
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(propose(&reviewer, "1").await.0, 403);
    app.verify().await;
}

#[tokio::test]
async fn f59_a_tranche_is_transferred_once_however_often_its_work_runs() {
    let app = funded().await;
    checked_account(&app, IBAN).await;
    decided(&app, "250").await;
    let tranche = payouts::latest(&mut app.s.db.read().await.unwrap(), 1).await.unwrap().remove(0);
    for _ in 0..3 {
        drempel::features::payouts::pay::pay(&app.s, &tranche.id).await.expect("the work");
        drempel::features::payouts::pay::follow(&app.s, &tranche.id).await.expect("the work");
    }
    assert_eq!(planned(&app).await.len(), 1);
    app.verify().await;
}

#[tokio::test]
async fn f62_a_changed_account_waits_three_days_and_every_owner_is_told() {
    let app = funded().await;
    checked_account(&app, IBAN).await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    app.advance(20 * 60).await;
    let late = owner.post(ACCOUNT, &[("iban", OTHER), ("holder", "Dief")]).await;
    assert!(late.1.contains("/sign-in"), "an old sign-in is no proof");
    let stranger = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(stranger.post(ACCOUNT, &[("iban", OTHER), ("holder", "Dief")]).await.0, 404);
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(owner.post(ACCOUNT, &[("iban", "NL91ABNA0417164301"), ("holder", "")]).await.0, 422);
    checked_account(&app, OTHER).await;
    assert_eq!(app.letters("owner@kookclub.example").await.iter().filter(|k| *k == "account_entered").count(), 2);
    decided(&app, "100").await;
    assert_eq!(states(&app).await, [(TrancheState::Approved, "cool-down".to_owned())]);
    app.advance(71 * HOUR).await;
    assert!(planned(&app).await.is_empty());
    app.advance(2 * HOUR).await;
    assert_eq!(planned(&app).await[0].iban, OTHER);
    app.verify().await;
}

#[tokio::test]
async fn f62_an_owner_takes_a_changed_account_back_before_it_is_used() {
    let app = funded().await;
    checked_account(&app, IBAN).await;
    checked_account(&app, OTHER).await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let page = owner.read("/nl/studio/payouts").await;
    let end = page.find("/withdraw\"").expect("a way to take it back");
    let start = page[..end].rfind('"').expect("an address") + 1;
    assert_eq!(owner.post(&format!("{}/withdraw", &page[start..end]), &[]).await.0, 303);
    decided(&app, "100").await;
    app.advance(80 * HOUR).await;
    assert!(planned(&app).await.is_empty(), "nothing goes to an account that was taken back");
    app.verify().await;
}

#[tokio::test]
async fn f63_a_returned_tranche_is_payable_again() {
    let app = funded().await;
    checked_account(&app, IBAN).await;
    decided(&app, "600").await;
    let transfer = planned(&app).await.remove(0);
    to_the_bank(&app).await;
    assert!(on_the_statement(&app, &transfer, 60_000, "bln_1").await);
    app.verify().await;
    assert!(came_back(&app, &transfer, "bln_2").await);
    assert_eq!(states(&app).await[0].0, TrancheState::Returned);
    assert!(app.letters("owner@kookclub.example").await.contains(&"tranche_returned".to_owned()));
    app.verify().await;
    decided(&app, "600").await;
    assert_eq!(planned(&app).await.len(), 1);
    app.verify().await;
}

#[tokio::test]
async fn a_payout_is_split_exactly_over_the_organisations_by_their_shares() {
    let app = funded().await;
    app.sql(
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         SELECT 'org_2', 'bakkers', 'De Bakkers', kind, '', '', area, created_at FROM organisations",
    )
    .await
    .expect("a partner");
    app.sql("INSERT INTO project_partners (project_id, organisation_id, position, share_percent) VALUES ('prj_1', 'org_2', 1, 33)")
        .await
        .expect("a share");
    decided(&app, "100,01").await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let mut parts: Vec<(String, i64)> = payouts::latest(&mut conn, 10)
        .await
        .expect("tranches")
        .into_iter()
        .map(|tranche| (tranche.organisation_id, tranche.amount.0))
        .collect();
    drop(conn);
    parts.sort();
    assert_eq!(parts, [("org_1".to_owned(), 6_701), ("org_2".to_owned(), 3_300)]);
    app.verify().await;
}

/// An owner goes to the provider's page and tells everything there.
pub async fn connected(app: &App) {
    let owner = Browser::signed_in(app, "owner@kookclub.example").await;
    let (status, page) = owner.post("/nl/studio/payouts/kookclub/connect", &[]).await;
    assert_eq!(status, 303);
    let page = page.strip_prefix(&app.base).expect("the sandbox's page").to_owned();
    assert!(owner.read("/nl/studio/payouts").await.contains("Nog niet af"));
    let (status, back) = owner.post(&page, &[("action", "complete")]).await;
    assert_eq!(status, 303);
    assert_eq!(owner.get(back.strip_prefix(&app.base).expect("our page")).await.0, 303);
    assert!(owner.read("/nl/studio/payouts").await.contains("Gecontroleerd door de betaaldienst"));
}

/// The transfers that the provider made.
async fn transfers(app: &App) -> Vec<Value> {
    let url = app.url("/dev/bank/v1/transfers");
    let answer = app.http.get(url).bearer_auth("sk_test_sandbox").send().await.expect("an answer");
    let list: Value = answer.json().await.expect("JSON");
    list["data"].as_array().cloned().expect("a list")
}

/// The money of the round is available at the provider.
async fn available() -> App {
    let app = funded().await;
    app.read_the_balance().await;
    app
}

#[tokio::test]
async fn f59_a_tranche_goes_to_a_connected_account_once_also_when_the_answer_is_lost() {
    let app = available().await;
    connected(&app).await;
    app.fault(json!({ "endpoint": "transfers", "kind": "500_after_effect", "times": 1, "method": "POST" })).await;
    decided(&app, "250").await;
    app.advance(2 * HOUR).await;
    assert_eq!(states(&app).await[0].0, TrancheState::Confirmed);
    let made = transfers(&app).await;
    assert_eq!((made.len(), made[0]["amount"].as_i64()), (1, Some(25_000)));
    assert!(planned(&app).await.is_empty(), "nothing goes by bank as well");
    assert!(app.letters("owner@kookclub.example").await.contains(&"tranche_paid".to_owned()));
    app.read_the_balance().await;
    app.verify().await;
}

#[tokio::test]
async fn f60_a_tranche_waits_with_its_reason_while_too_little_is_available() {
    let app = available().await;
    connected(&app).await;
    let payout = app.told("payout", json!({})).await["id"].as_str().expect("a payout").to_owned();
    decided(&app, "250").await;
    assert_eq!(states(&app).await, [(TrancheState::Approved, "balance".to_owned())]);
    app.advance(2 * HOUR).await;
    assert_eq!(states(&app).await[0].1, "balance");
    assert!(transfers(&app).await.is_empty());
    app.told("payout", json!({ "fail": payout })).await;
    app.advance(2 * HOUR).await;
    assert_eq!(states(&app).await, [(TrancheState::Confirmed, String::new())]);
    assert_eq!(transfers(&app).await.len(), 1);
    app.read_the_balance().await;
    app.verify().await;
}

#[tokio::test]
async fn f63_a_transfer_that_is_taken_back_is_payable_again() {
    let app = available().await;
    connected(&app).await;
    decided(&app, "600").await;
    let id = transfers(&app).await[0]["id"].as_str().expect("a transfer").to_owned();
    let url = app.url(&format!("/dev/bank/v1/transfers/{id}/reversals"));
    let answer = app.http.post(url).bearer_auth("sk_test_sandbox").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    app.advance(2 * HOUR).await;
    assert_eq!(states(&app).await[0].0, TrancheState::Returned);
    assert!(app.letters("owner@kookclub.example").await.contains(&"tranche_returned".to_owned()));
    app.read_the_balance().await;
    app.verify().await;
    decided(&app, "600").await;
    assert_eq!(transfers(&app).await.len(), 2);
    app.read_the_balance().await;
    app.verify().await;
}

#[tokio::test]
async fn an_account_that_is_not_finished_gets_nothing_and_the_bank_is_the_other_way() {
    let app = available().await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(owner.post("/nl/studio/payouts/kookclub/connect", &[]).await.0, 303);
    decided(&app, "250").await;
    assert_eq!(states(&app).await, [(TrancheState::Approved, "account".to_owned())]);
    checked_account(&app, IBAN).await;
    assert_eq!((transfers(&app).await.len(), planned(&app).await.len()), (0, 1));
    app.verify().await;
}
