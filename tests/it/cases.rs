//! The case desk on its pages: a case grows old, is settled by two treasurers or explained by one, and holds suspense to the cent.

use drempel::app::verify;
use drempel::features::cases::{self, CaseKind, CaseState, Found, Remedy};
use drempel::features::ledger::{self, Account, Kind, Posting};
use drempel::values::Cents;

use crate::support::App;
use crate::switches::Member;

/// Money nobody can place: in suspense, with a case about it. Answers the case's id.
async fn set_aside(app: &App, subject: &str, cents: i64, remedy: Option<Remedy>) -> String {
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let posting = Posting::new(Kind::Unexplained, format!("unknown:{subject}"), now, "test", subject).moving(
        Cents(cents),
        &Account::PspPending,
        &Account::Suspense,
        None,
    );
    ledger::actions::post(&mut tx, now, &posting).await.expect("a posting");
    let detail = format!("{subject} over {cents} cents belongs to nobody");
    let found = Found {
        kind: CaseKind::PaymentUnknown,
        subject_id: subject,
        amount: Cents(cents),
        detail: &detail,
        pledge_id: None,
        remedy,
    };
    let (id, is_new) = cases::actions::open(&mut tx, &found, now).await.expect("a case");
    assert!(is_new);
    tx.commit().await.expect("a commit");
    id
}

async fn case(app: &App, id: &str) -> cases::Case {
    cases::actions::get(&mut app.s.db.read().await.expect("a connection"), id).await.expect("a case")
}

async fn balance(app: &App, account: &Account) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    ledger::actions::balance(&mut conn, account).await.expect("a balance").0
}

fn hash_on(page: &str) -> String {
    let page = scraper::Html::parse_document(page);
    let marked = scraper::Selector::parse("[data-hash]").expect("a selector");
    page.select(&marked).next().and_then(|e| e.attr("data-hash")).expect("a hash").to_owned()
}

#[tokio::test]
async fn f27_f28_money_in_suspense_is_settled_by_two_treasurers() {
    let app = App::start().await;
    let remedy = Remedy { debit: Account::Suspense, credit: Account::UnclaimedRefunds, amount: Cents(1_250) };
    let id = set_aside(&app, "txn_strange", 1_250, Some(remedy)).await;
    app.verify().await;
    let one = Member::sign_in(&app, "treasurer1@drempel.example").await;
    let two = Member::sign_in(&app, "treasurer2@drempel.example").await;
    let reviewer = Member::sign_in(&app, "reviewer@drempel.example").await;
    let path = format!("/nl/staff/cases/{id}");
    let list = one.read("/nl/staff/cases").await;
    assert!(list.contains(&id) && list.contains("12,50"));
    let page = one.read(&path).await;
    assert!(page.contains("value=\"unclaimed_refunds\"") && page.contains("value=\"12.50\""), "{page}");
    assert!(!page.contains("/explain\""), "money stands in suspense");
    assert_eq!(one.post(&format!("{path}/explain"), &[("explanation", "no")]).await, 409);

    let propose = format!("{path}/propose");
    let form = |debit: &'static str, credit: &'static str, amount: &'static str| {
        [("debit", debit), ("credit", credit), ("amount", amount), ("reason", "nobody missed it")]
    };
    for (debit, credit, amount) in [
        ("suspense", "petty_cash", "12,50"),
        ("suspense", "refunds_due:prj_unknown", "12,50"),
        ("suspense", "suspense", "12,50"),
        ("suspense", "pledges_held:prj_1", "12,50"),
        ("suspense", "unclaimed_refunds", "12,49"),
        ("unclaimed_refunds", "suspense", "12,50"),
        ("suspense", "unclaimed_refunds", "0"),
        ("suspense", "unclaimed_refunds", "-12,50"),
        ("psp_fees", "unclaimed_refunds", "12,50"),
    ] {
        assert_eq!(one.post(&propose, &form(debit, credit, amount)).await, 422, "{debit} {credit} {amount}");
    }
    let right = form("suspense", "unclaimed_refunds", "12,50");
    assert_eq!(reviewer.post(&propose, &right).await, 403);
    assert_eq!(one.post(&propose, &right[..3]).await, 422, "a reason is missing");
    assert_eq!(one.post(&propose, &right).await, 303);
    assert_eq!(one.post(&propose, &right).await, 409, "it is proposed already");
    assert!(two.read("/nl/staff/approvals").await.contains(&path));
    two.read("/en/staff/approvals").await;
    let hash = hash_on(&two.read(&path).await);
    let approve = format!("{path}/approve");
    assert_eq!(one.post(&approve, &[("hash", &hash)]).await, 403);
    assert_eq!(reviewer.post(&approve, &[("hash", &hash)]).await, 403);
    assert_eq!(two.post(&approve, &[("hash", "00")]).await, 409);
    assert_eq!(case(&app, &id).await.state, CaseState::Open);
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await, 303);
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await, 409);
    assert_eq!(case(&app, &id).await.state, CaseState::Closed);
    assert_eq!(balance(&app, &Account::Suspense).await, 0);
    assert_eq!(balance(&app, &Account::UnclaimedRefunds).await, -1_250);
    assert!(one.read("/en/staff/cases?state=closed").await.contains(&id));
    let closed = one.read(&path).await;
    assert!(closed.contains("nobody missed it") && !closed.contains("/propose\""));
    app.verify().await;
}

#[tokio::test]
async fn an_old_factor_does_not_approve_and_a_proposal_can_be_withdrawn() {
    let app = App::start().await;
    let id = set_aside(&app, "txn_1", 900, None).await;
    let one = Member::sign_in(&app, "treasurer1@drempel.example").await;
    let two = Member::sign_in(&app, "treasurer2@drempel.example").await;
    let path = format!("/en/staff/cases/{id}");
    let form = [("debit", "suspense"), ("credit", "bank"), ("amount", "9"), ("reason", "sent on")];
    assert_eq!(one.post(&format!("{path}/propose"), &form).await, 303);
    let hash = hash_on(&two.read(&path).await);
    app.advance(301).await;
    // sent to the second factor first
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await, 303);
    assert_eq!(case(&app, &id).await.state, CaseState::Open);
    assert_eq!(one.post(&format!("{path}/withdraw"), &[("reason", "")]).await, 422);
    assert_eq!(one.post(&format!("{path}/withdraw"), &[("reason", "a slip")]).await, 303);
    let two = Member::sign_in(&app, "treasurer2@drempel.example").await;
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await, 409);
    assert_eq!(balance(&app, &Account::Suspense).await, -900);
    assert_eq!(one.post("/en/staff/cases/cas_none/explain", &[("explanation", "x")]).await, 404);
}

#[tokio::test]
async fn a_case_without_money_in_suspense_closes_with_a_reason_and_stays_closed_for_the_same_amount() {
    let app = App::start().await;
    let one = Member::sign_in(&app, "treasurer1@drempel.example").await;
    let found = |amount: i64| Found {
        kind: CaseKind::ProviderDiffers,
        subject_id: "books:psp_pending",
        amount: Cents(amount),
        detail: "books and provider differ",
        pledge_id: None,
        remedy: None,
    };
    let see = async |amount: i64| {
        let mut tx = app.s.db.begin().await.expect("a transaction");
        let seen = cases::actions::see(&mut tx, &found(amount), app.s.clock.now()).await.expect("a look");
        tx.commit().await.expect("a commit");
        seen
    };
    use cases::actions::Seen;
    assert_eq!(see(500).await, Seen::Opened);
    assert_eq!(see(500).await, Seen::Known);
    assert_eq!(see(700).await, Seen::Known);
    let mut conn = app.s.db.read().await.expect("a connection");
    let about = cases::actions::about(&mut conn, CaseKind::ProviderDiffers, "books:psp_pending").await;
    drop(conn);
    let id = about.expect("a read").expect("a case").id;
    assert_eq!(case(&app, &id).await.amount, Cents(700));
    let explain = format!("/nl/staff/cases/{id}/explain");
    assert_eq!(one.post(&explain, &[("explanation", "")]).await, 422);
    assert_eq!(one.post(&explain, &[("explanation", "the provider rounds")]).await, 303);
    assert_eq!(see(700).await, Seen::Explained);
    assert_eq!(case(&app, &id).await.state, CaseState::Closed);
    assert_eq!(see(701).await, Seen::Opened);
    assert_eq!(case(&app, &id).await.state, CaseState::Open);
}

#[tokio::test]
async fn i18_a_cent_in_suspense_without_its_case_is_found() {
    let app = App::start().await;
    let id = set_aside(&app, "txn_1", 900, None).await;
    app.verify().await;
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let now = app.s.clock.now();
    assert!(
        cases::actions::ended(&mut tx, CaseKind::PaymentUnknown, "txn_1", "test", "a slip", now).await.expect("an end")
    );
    tx.commit().await.expect("a commit");
    let checks = verify::all(&app.s).await.expect("checks");
    let broken: Vec<_> = checks.iter().filter(|check| !check.offending.is_empty()).collect();
    assert!(broken.len() == 1 && broken[0].name == "I18" && broken[0].offending[1].starts_with("txn_1"), "{broken:?}");
    assert_eq!(case(&app, &id).await.state, CaseState::Closed);
}
