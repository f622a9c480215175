//! Money that leaves by bank: claims, files of two treasurers, what the statement says of them.

use std::process::Command;

use drempel::features::payments::{RefundState, by_bank, refunds};
use drempel::features::pledges;
use drempel::features::transfers::{self, NewTransfer, Purpose, Transfer, TransferState};
use drempel::infra::bank::pain;
use drempel::values::Cents;
use serde_json::{Value, json};

use crate::support::{App, Browser};

const IBAN: &str = "NL91ABNA0417164300";
const OTHER: &str = "BE68539007547034";
const DAY: i64 = 86_400;

/// A pledge whose refund failed at the provider: its money is unclaimed.
pub async fn unclaimed(app: &App, name: &str) -> Value {
    app.fault(json!({ "refunds": "pending" })).await;
    let pledge = app.paid_gift(2_500, name).await;
    app.cancel(&pledge).await;
    app.settle().await;
    let refunds = app.effects().await["refunds"].as_array().cloned().unwrap_or_default();
    let refund = refunds.last().and_then(|refund| refund["id"].as_str()).expect("a refund").to_owned();
    let reason = "expired_or_canceled_card";
    app.control("refund", json!({ "refund": refund, "status": "failed", "failure_reason": reason })).await;
    app.settle().await;
    assert_eq!(refund_state(app, &pledge).await, RefundState::Unclaimed);
    pledge
}

async fn refund_state(app: &App, pledge: &Value) -> RefundState {
    let mut conn = app.s.db.read().await.expect("a connection");
    let reference = pledge["reference"].as_str().unwrap_or("");
    let id = pledges::actions::by_reference(&mut conn, reference).await.expect("a read").expect("a pledge").id;
    refunds::of_pledge(&mut conn, &id).await.expect("refunds")[0].state
}

fn address(pledge: &Value) -> String {
    let part = |name: &str| pledge[name].as_str().unwrap_or_default();
    format!("/nl/pledges/{}/iban?key={}", part("reference"), part("key"))
}

/// Gives an account on both screens.
async fn give(browser: &Browser, pledge: &Value, iban: &str) -> u16 {
    browser.post(&address(pledge), &[("iban", iban), ("holder", "A. Bakker"), ("confirm", "yes")]).await.0
}

async fn planned(app: &App) -> Vec<Transfer> {
    transfers::actions::planned(&mut app.s.db.read().await.expect("a connection")).await.expect("transfers")
}

/// A file of all that is planned, approved and brought to the bank; answers its address and its transfers.
pub async fn to_the_bank(app: &App) -> (String, Vec<Transfer>) {
    let transfers = planned(app).await;
    let one = Browser::treasurer(app, 1).await;
    let two = Browser::treasurer(app, 2).await;
    let (status, location) =
        one.post("/nl/staff/transfers/propose", &[("choice", "all"), ("reason", "teruggaven")]).await;
    assert_eq!(status, 303);
    let path = location.split('?').next().unwrap_or_default().to_owned();
    let hash = one.marked(&path, "data-hash").await;
    assert_eq!(two.post(&format!("{path}/download"), &[]).await.0, 409, "nothing is handed out before the approval");
    assert_eq!(one.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 403, "not by the same person");
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", "0")]).await.0, 409, "not another list");
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 303);
    assert_eq!(one.post(&format!("{path}/sent"), &[]).await.0, 409, "nobody downloaded it");
    let (status, text) = one.post_for_text(&format!("{path}/download"), &[]).await;
    assert_eq!(status, 200);
    let file = pain::read(&text).expect("a file for the bank");
    assert_eq!(file.payments.len(), transfers.len());
    assert_eq!(one.post(&format!("{path}/withdraw"), &[("reason", "toch niet")]).await.0, 409, "it may be at the bank");
    assert_eq!(one.post(&format!("{path}/sent"), &[]).await.0, 303);
    app.settle().await;
    (path, transfers)
}

/// What a line of the statement says.
pub async fn on_the_statement(app: &App, transfer: &Transfer, cents: i64, line: &str) -> bool {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let id = transfer.end_to_end_id();
    let done = transfers::actions::confirm(&mut tx, &id, Cents(cents), line, app.s.clock.now()).await.expect("a line");
    tx.commit().await.expect("a commit");
    app.settle().await;
    done
}

pub async fn came_back(app: &App, transfer: &Transfer, line: &str) -> bool {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let (id, now) = (transfer.end_to_end_id(), app.s.clock.now());
    let done = transfers::actions::returned(&mut tx, &id, transfer.amount, line, "AC04", now).await.expect("a line");
    tx.commit().await.expect("a commit");
    app.settle().await;
    done
}

#[tokio::test]
async fn f46_a_refund_that_could_not_arrive_is_claimed_by_safe_link_and_paid_by_two_treasurers() {
    let app = App::start().await;
    let pledge = unclaimed(&app, "Anna").await;
    let browser = Browser::new(&app);
    let wrong = browser.post(&address(&pledge), &[("iban", "NL91ABNA0417164301"), ("holder", "")]).await;
    assert_eq!(wrong.0, 422);
    let foreign = browser.post(&address(&pledge), &[("iban", "US91ABNA0417164300"), ("holder", "A. Bakker")]).await;
    assert_eq!(foreign.0, 422);
    let fields = [("iban", "nl91 abna 0417 1643 00"), ("holder", "A. Bakker")];
    assert_eq!(browser.post(&address(&pledge), &fields).await.0, 200, "a second screen asks whether it is right");
    assert!(planned(&app).await.is_empty());
    let no_key = address(&pledge).split('?').next().unwrap().to_owned();
    assert_eq!(browser.post(&no_key, &[("iban", IBAN), ("holder", "A"), ("confirm", "yes")]).await.0, 404);
    assert_eq!(give(&browser, &pledge, IBAN).await, 303);
    app.settle().await;
    assert!(app.letters("anna@example.org").await.contains(&"claim_received".to_owned()));
    let (path, transfers) = to_the_bank(&app).await;
    assert_eq!(transfers.len(), 1);
    let transfer = &transfers[0];
    assert_eq!((transfer.iban.as_str(), transfer.amount, transfer.purpose), (IBAN, Cents(2_500), Purpose::Claim));
    app.verify().await;
    assert!(on_the_statement(&app, transfer, 2_500, "bln_1").await);
    assert!(on_the_statement(&app, transfer, 2_500, "bln_1").await, "the same line again");
    assert!(!on_the_statement(&app, transfer, 2_500, "bln_2").await, "another line is another payment");
    assert_eq!(app.status(&pledge).await, "refunded");
    assert_eq!(refund_state(&app, &pledge).await, RefundState::PaidByBank);
    assert_eq!(app.letters("anna@example.org").await.iter().filter(|kind| *kind == "claim_paid").count(), 1);
    let page = Browser::treasurer(&app, 1).await.read(&path).await;
    assert!(page.contains("Uitgevoerd"), "the file is done");
    app.verify().await;
}

#[tokio::test]
async fn the_link_alone_does_not_change_an_account_that_was_given() {
    let app = App::start().await;
    let pledge = unclaimed(&app, "Anna").await;
    let browser = Browser::new(&app);
    assert_eq!(give(&browser, &pledge, IBAN).await, 303);
    let (status, location) =
        browser.post(&address(&pledge), &[("iban", OTHER), ("holder", "Dief"), ("confirm", "yes")]).await;
    assert_eq!((status, location.contains("/nl/sign-in?next=")), (303, true));
    assert_eq!(planned(&app).await[0].iban, IBAN);
    let stranger = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert!(stranger.post(&address(&pledge), &[("iban", OTHER), ("holder", "Dief")]).await.1.contains("/sign-in"));
    let anna = Browser::signed_in(&app, "anna@example.org").await;
    assert_eq!(give(&anna, &pledge, OTHER).await, 303);
    let left = planned(&app).await;
    assert_eq!((left.len(), left[0].iban.as_str()), (1, OTHER));
    app.settle().await;
    assert!(app.letters("anna@example.org").await.contains(&"claim_changed".to_owned()));
    app.advance(20 * 60).await;
    assert!(anna.post(&address(&pledge), &[("iban", IBAN), ("holder", "A")]).await.1.contains("/sign-in"), "too old");
    to_the_bank(&app).await;
    let again = Browser::signed_in(&app, "anna@example.org").await;
    assert_eq!(give(&again, &pledge, IBAN).await, 409, "it is being paid");
    app.verify().await;
}

#[tokio::test]
async fn a_backer_is_reminded_after_thirty_and_ninety_days_and_staff_see_the_age() {
    let app = App::start().await;
    let pledge = unclaimed(&app, "Anna").await;
    let reminders =
        |letters: Vec<String>| letters.into_iter().filter(|kind| kind.contains("reminder")).collect::<Vec<_>>();
    app.advance(29 * DAY).await;
    assert!(reminders(app.letters("anna@example.org").await).is_empty());
    app.advance(2 * DAY).await;
    assert_eq!(reminders(app.letters("anna@example.org").await), ["claim_reminder"]);
    app.advance(60 * DAY).await;
    app.advance(60 * DAY).await;
    assert_eq!(reminders(app.letters("anna@example.org").await), ["claim_last_reminder", "claim_reminder"]);
    let page = Browser::treasurer(&app, 1).await.read("/nl/staff/claims").await;
    assert!(page.contains(pledge["reference"].as_str().unwrap()) && page.contains(">151<"), "{page}");
    app.verify().await;
}

#[tokio::test]
async fn f63_what_the_bank_sends_back_is_owed_again_and_another_amount_confirms_nothing() {
    let app = App::start().await;
    let pledge = unclaimed(&app, "Anna").await;
    give(&Browser::new(&app), &pledge, IBAN).await;
    let (_, transfers) = to_the_bank(&app).await;
    assert!(!on_the_statement(&app, &transfers[0], 2_499, "bln_1").await);
    assert_eq!(app.status(&pledge).await, "refunding");
    // the return is on an earlier statement than the way out
    assert!(came_back(&app, &transfers[0], "bln_3").await);
    assert!(came_back(&app, &transfers[0], "bln_3").await, "the same line again");
    assert!(on_the_statement(&app, &transfers[0], 2_500, "bln_2").await);
    assert_eq!(refund_state(&app, &pledge).await, RefundState::Unclaimed);
    assert_eq!(app.status(&pledge).await, "refunding");
    assert!(app.letters("anna@example.org").await.contains(&"claim_returned".to_owned()));
    let open = app.sql("UPDATE cases SET detail = detail WHERE state = 'open' AND kind = 'transfer_returned'").await;
    assert_eq!(open.expect("cases"), 1);
    app.verify().await;
    // the account is forgotten, so giving another needs no proof; it is paid and the case ends
    assert_eq!(give(&Browser::new(&app), &pledge, OTHER).await, 303);
    let (_, again) = to_the_bank(&app).await;
    assert!(on_the_statement(&app, &again[0], 2_500, "bln_4").await);
    assert_eq!(app.status(&pledge).await, "refunded");
    let open = app.sql("UPDATE cases SET detail = detail WHERE state = 'open' AND kind = 'transfer_returned'").await;
    assert_eq!(open.expect("cases"), 0);
    app.verify().await;
}

#[tokio::test]
async fn a_refund_by_transfer_is_confirmed_by_the_statement_and_may_come_back() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    app.cancel(&pledge).await;
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let row = pledges::actions::by_reference(&mut tx, pledge["reference"].as_str().unwrap()).await.unwrap().unwrap();
    refunds::hold_back(&mut tx, "rnd_1", app.s.clock.now()).await.expect("held back");
    let refund = refunds::of_pledge(&mut tx, &row.id).await.expect("a refund")[0].clone();
    let new = NewTransfer {
        purpose: Purpose::Refund,
        subject_id: &refund.id,
        iban: IBAN,
        name: "Zoë & Søren",
        amount: refund.amount,
        remittance: "Terugbetaling",
    };
    let id = transfers::actions::plan(&mut tx, &new, app.s.clock.now()).await.expect("a plan");
    assert_eq!(transfers::actions::plan(&mut tx, &new, app.s.clock.now()).await.expect("the same"), id);
    tx.commit().await.expect("a commit");
    let (_, transfers) = to_the_bank(&app).await;
    assert!(on_the_statement(&app, &transfers[0], 2_500, "bln_1").await);
    assert_eq!(app.status(&pledge).await, "refunded");
    assert!(app.letters("anna@example.org").await.contains(&"refund_sent".to_owned()));
    app.verify().await;
    assert!(came_back(&app, &transfers[0], "bln_2").await);
    assert_eq!((app.status(&pledge).await, refund_state(&app, &pledge).await).1, RefundState::Unclaimed);
    let claim = by_bank::claim(&mut app.s.db.read().await.unwrap(), &refund.id).await.expect("a claim");
    assert!(!claim.is_given());
    app.verify().await;
}

#[tokio::test]
async fn a_file_is_withdrawn_while_nobody_has_it_and_a_statement_can_be_first() {
    let app = App::start().await;
    for name in ["Anna", "Bert"] {
        let pledge = unclaimed(&app, name).await;
        give(&Browser::new(&app), &pledge, IBAN).await;
    }
    let all = planned(&app).await;
    let one = Browser::treasurer(&app, 1).await;
    let two = Browser::treasurer(&app, 2).await;
    let none = one.post("/nl/staff/transfers/propose", &[("choice", "picked"), ("reason", "x")]).await;
    assert_eq!(none.0, 422);
    assert_eq!(one.post("/nl/staff/transfers/propose", &[("choice", "all"), ("reason", "")]).await.0, 422);
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(reviewer.post("/nl/staff/transfers/propose", &[("choice", "all"), ("reason", "x")]).await.0, 403);
    let picked = all[0].end_to_end_id();
    let form = [("choice", "picked"), ("reason", "een"), (picked.as_str(), "yes")];
    let (status, location) = one.post("/nl/staff/transfers/propose", &form).await;
    assert_eq!(status, 303);
    let path = location.split('?').next().unwrap_or_default().to_owned();
    assert_eq!(planned(&app).await.len(), 1);
    assert_eq!(two.post(&format!("{path}/withdraw"), &[("reason", "verkeerd")]).await.0, 303);
    assert_eq!(planned(&app).await.len(), 2);
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", "0")]).await.0, 409);
    // approved, brought to the bank, and not marked: the statement says it
    let (_, location) = one.post("/nl/staff/transfers/propose", &[("choice", "all"), ("reason", "alles")]).await;
    let path = location.split('?').next().unwrap_or_default().to_owned();
    assert!(!on_the_statement(&app, &all[0], 2_500, "bln_0").await, "nobody approved it");
    let hash = two.marked(&path, "data-hash").await;
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 303);
    assert!(on_the_statement(&app, &all[0], 2_500, "bln_1").await);
    let left = transfers::actions::of_subject(&mut app.s.db.read().await.unwrap(), &all[1].subject_id).await.unwrap();
    assert_eq!(left[0].state, TransferState::Sent);
    app.verify().await;
}

#[tokio::test]
async fn the_database_refuses_a_file_approved_by_its_proposer() {
    let app = App::start().await;
    let pledge = unclaimed(&app, "Anna").await;
    give(&Browser::new(&app), &pledge, IBAN).await;
    let one = Browser::treasurer(&app, 1).await;
    one.post("/nl/staff/transfers/propose", &[("choice", "all"), ("reason", "x")]).await;
    assert!(app.sql("UPDATE transfer_batches SET state = 'approved', approved_by = proposed_by").await.is_err());
    assert!(app.sql("UPDATE transfer_batches SET state = 'sent'").await.is_err());
}

/// The file is valid by the published schema; a Python with lxml is named by the run of all tests.
#[test]
fn the_file_for_the_bank_is_valid_by_its_schema() {
    let payment = |number: i64, name: &str, text: &str| pain::Payment {
        end_to_end_id: format!("trf{number:032}"),
        iban: OTHER.to_owned(),
        name: name.to_owned(),
        amount: Cents(number * 12_345),
        text: text.to_owned(),
    };
    let file = |bic: &str| pain::File {
        message_id: "trb0198c0ffee0198c0ffee0198c0ffee01".to_owned(),
        created_at: "2026-11-25T09:30:00.000Z".parse().unwrap(),
        execution_day: "2026-11-26".to_owned(),
        payer: pain::Payer { name: "Stichting Drempel".into(), iban: IBAN.into(), bic: bic.into() },
        payments: vec![
            payment(1, "Zoë <b> & Søren", "Terug: “hoi”"),
            payment(2, "日本", ""),
            payment(3, &"x".repeat(99), "/a//b/"),
        ],
    };
    let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pain.001.001.09.xsd");
    let script = "import sys\nfrom lxml import etree\netree.XMLSchema(etree.parse(sys.argv[1])).assertValid(etree.parse(sys.argv[2]))";
    for bic in ["ABNANL2A", ""] {
        let path = std::env::temp_dir().join(format!("drempel-pain-{}-{bic}.xml", std::process::id()));
        std::fs::write(&path, pain::write(&file(bic)).expect("a file")).expect("a folder for the test");
        let run = Command::new(&python).args(["-c", script, schema]).arg(&path).output().expect("Python");
        let _ = std::fs::remove_file(&path);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}
