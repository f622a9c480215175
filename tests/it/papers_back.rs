//! Papers that follow money on its way back: parts that were refunded by hand, disputes that were lost, transfers that the bank took
//! back.

use drempel::features::receipts::{self, DocumentKind, Facts};
use drempel::infra::bank::{Direction, Line};
use serde_json::{Value, json};

use crate::bank::{arrive, by_transfer, paid, reference};
use crate::money_out::to_the_bank;
use crate::support::App;

use DocumentKind::{CreditNote, GiftReceipt, Invoice, ProForma, Withdrawal};

/// Kind, amount and what stays of each paper of a pledge.
async fn said(app: &App, pledge: &Value) -> Vec<(DocumentKind, i64, i64)> {
    let papers = app.papers(pledge).await;
    let stays = |facts: Facts| facts.pledge.map_or(-1, |pledge| pledge.stays_cents);
    papers.iter().map(|paper| (paper.kind, paper.amount.0, stays(Facts::of(paper).expect("facts")))).collect()
}

#[tokio::test]
async fn f34_a_lost_dispute_withdraws_the_receipt_of_a_held_gift() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let dispute = app.dispute(&anna, "needs_response").await;
    assert_eq!(app.kinds(&anna).await, [GiftReceipt], "not before it is decided");
    app.decide(&dispute, "lost").await;
    assert_eq!(app.status(&anna).await, "refunded");
    assert_eq!(said(&app, &anna).await, [(GiftReceipt, 2_500, 2_500), (Withdrawal, 2_500, 0)]);
    let papers = app.papers(&anna).await;
    assert_eq!((papers[1].corrects_id.as_ref(), papers[1].cause_id.as_str()), (Some(&papers[0].id), dispute.as_str()));
    for (lang, why) in [("nl", "Teruggehaald via de bank"), ("en", "Taken back through the bank")] {
        let (_, page) = app.text(&app.paper_url(lang, &anna, &papers[1].number, "")).await;
        assert!(page.contains(why) && page.contains(&papers[0].number), "{page}");
    }
    // what the year says agrees
    let year = receipts::year_of(app.s.clock.now());
    app.sign_in("anna@example.org").await;
    let (_, statement) = app.text(&app.url(&format!("/en/account/statements/{year}"))).await;
    assert!(statement.contains("€0") && statement.matches("€25").count() >= 2, "{statement}");
    app.settle().await;
    assert_eq!(app.papers(&anna).await.len(), 2);
    app.verify().await;
}

#[tokio::test]
async fn f34_a_lost_dispute_credits_the_invoice_of_a_company_also_after_the_release() {
    let app = App::start_with(1_000, 10).await;
    app.read_the_balance().await;
    let pledge = app.purchase(10_000).await;
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    app.sql("UPDATE pledges SET state = 'released'").await.expect("a release");
    app.sql("UPDATE pledge_totals SET held_cents = 0").await.expect("a release");
    let dispute = app.dispute(&pledge, "needs_response").await;
    app.decide(&dispute, "lost").await;
    assert_eq!(app.state_in_database(&pledge).await, "released");
    let expected = [(ProForma, 10_000, 10_000), (Invoice, 10_000, 10_000), (CreditNote, 10_000, 0)];
    assert_eq!(said(&app, &pledge).await, expected);
}

#[tokio::test]
async fn f34_f51_a_dispute_that_is_won_or_comes_after_the_refund_makes_no_further_paper() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let won = app.dispute(&anna, "needs_response").await;
    app.decide(&won, "won").await;
    assert_eq!(app.kinds(&anna).await, [GiftReceipt]);
    let bert = app.paid_gift(2_500, "Bert").await;
    assert_eq!(app.cancel(&bert).await, 200);
    app.settle().await;
    let again = app.dispute(&bert, "needs_response").await;
    app.decide(&again, "lost").await;
    assert_eq!(said(&app, &bert).await, [(GiftReceipt, 2_500, 2_500), (Withdrawal, 2_500, 0)]);
    app.verify().await;
}

#[tokio::test]
async fn f49_a_part_by_hand_corrects_the_gift_receipt_by_exactly_that_part() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.refund_by_hand(&anna, 1_050).await;
    app.settle().await;
    let part = (Withdrawal, 1_050, 1_450);
    assert_eq!(said(&app, &anna).await, [(GiftReceipt, 2_500, 2_500), part]);
    let number = app.papers(&anna).await[1].number.clone();
    let (_, page) = app.text(&app.paper_url("en", &anna, &number, "")).await;
    for said in ["€10.50", "€14.50", "still valid for the amount that stays"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(app.cancel(&anna).await, 200);
    app.settle().await;
    assert_eq!(said(&app, &anna).await, [(GiftReceipt, 2_500, 2_500), part, (Withdrawal, 1_450, 0)]);
    app.verify().await;
}

#[tokio::test]
async fn f49_a_part_by_hand_gives_a_company_a_credit_note_for_exactly_that_part() {
    let app = App::start().await;
    app.read_the_balance().await;
    let pledge = app.purchase(10_000).await;
    app.settle().await;
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    // no whole number of hundredths of a Rikx: the note says the amount alone
    app.refund_by_hand(&pledge, 2_550).await;
    app.settle().await;
    let before = [(ProForma, 10_000, 10_000), (Invoice, 10_000, 10_000), (CreditNote, 2_550, 7_450)];
    assert_eq!(said(&app, &pledge).await, before);
    let papers = app.papers(&pledge).await;
    let (_, note) = app.text(&app.paper_url("en", &pledge, &papers[2].number, "")).await;
    for said in ["-€25.50", "€74.50", &papers[1].number] {
        assert!(note.contains(said), "{said}: {note}");
    }
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    let papers = said(&app, &pledge).await;
    assert_eq!((&papers[..3], papers[3]), (&before[..], (CreditNote, 7_450, 0)));
    app.verify().await;
}

/// Ours was to be the whole when its paper was made; then a part turns out to have gone back by hand.
#[tokio::test]
async fn f49_a_part_that_is_found_late_is_not_taken_back_twice() {
    let (app, anna) = crate::refunds::part_found_late().await;
    assert_eq!(said(&app, &anna).await, [(GiftReceipt, 2_500, 2_500), (Withdrawal, 2_500, 0)]);
    app.advance(1_000).await;
    app.verify().await;
}

#[tokio::test]
async fn a_transfer_that_the_bank_took_back_has_its_receipt_withdrawn() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    let line = paid(&app, 2_500, &reference(&pledge));
    arrive(&app, std::slice::from_ref(&line)).await;
    assert_eq!(app.kinds(&pledge).await, [GiftReceipt]);
    let reversal = Line { direction: Some(Direction::Out), is_reversal: true, ..line };
    arrive(&app, &[reversal]).await;
    assert_eq!(app.status(&pledge).await, "refunded");
    assert_eq!(said(&app, &pledge).await, [(GiftReceipt, 2_500, 2_500), (Withdrawal, 2_500, 0)]);
    app.verify().await;
}

#[tokio::test]
async fn a_pledge_tells_what_went_back_when_and_where_to() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    assert_eq!((&app.read(&anna).await["returned_cents"], &app.read(&anna).await["returns"]), (&json!(0), &json!([])));
    let page = |pledge: &Value, lang: &str| {
        let (reference, key) = (pledge["reference"].as_str().unwrap_or(""), pledge["key"].as_str().unwrap_or(""));
        app.url(&format!("/{lang}/pledges/{reference}?key={key}"))
    };
    let (_, shown) = app.text(&page(&anna, "en")).await;
    assert!(!shown.contains("Returned so far") && !shown.contains("What still counts"));
    app.refund_by_hand(&anna, 1_000).await;
    app.settle().await;
    let answer = app.read(&anna).await;
    let back = &answer["returns"][0];
    assert_eq!((&answer["returned_cents"], &back["amount_cents"]), (&json!(1_000), &json!(1_000)));
    assert_eq!((&back["status"], &back["to"]), (&json!("succeeded"), &json!("ideal")));
    assert!(back["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{answer}");
    let (_, shown) = app.text(&page(&anna, "en")).await;
    for said in ["Returned so far", "What still counts", "€15", "the way you paid, "] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    // on its way is not back
    app.fault(json!({ "refunds": "pending" })).await;
    assert_eq!(app.cancel(&anna).await, 200);
    app.settle().await;
    let answer = app.read(&anna).await;
    assert_eq!((&answer["returned_cents"], &answer["returns"][1]["status"]), (&json!(1_000), &json!("pending")));
    assert_eq!(answer["returns"][1]["at"], Value::Null);
    let bert = app.paid_gift(3_000, "Bert").await;
    let dispute = app.dispute(&bert, "needs_response").await;
    app.decide(&dispute, "lost").await;
    let answer = app.read(&bert).await;
    assert_eq!((&answer["returned_cents"], &answer["returns"][0]["to"]), (&json!(3_000), &json!("bank")));
    assert!(app.text(&page(&bert, "nl")).await.1.contains("je bank haalde het terug"));
}

#[tokio::test]
async fn a_transfer_that_went_back_names_the_end_of_the_account() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    arrive(&app, &[paid(&app, 2_500, &reference(&pledge))]).await;
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    let (_, sent) = to_the_bank(&app).await;
    let end_to_end_id = sent[0].id.replace('_', "");
    arrive(&app, &[Line { direction: Some(Direction::Out), end_to_end_id, ..paid(&app, 2_500, "") }]).await;
    let answer = app.read(&pledge).await;
    assert_eq!((&answer["status"], &answer["returned_cents"]), (&json!("refunded"), &json!(2_500)));
    let to = answer["returns"][0]["to"].as_str().unwrap_or_default();
    assert!(to.ends_with("300") && !to.contains("0417"), "{answer}");
}
