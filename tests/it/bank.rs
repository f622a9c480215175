//! Paying by bank transfer: the instructions, the statement that says what arrived, and what two treasurers decide about the rest.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop where tests may")]

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use drempel::features::bank::{self, BankLine, Imported, LineState, uploads};
use drempel::features::cases::{self, CaseKind, CaseState};
use drempel::features::ledger::{self, Account, Kind, Posting};
use drempel::features::payments::{RefundState, refunds};
use drempel::features::{pledges, transfers};
use drempel::infra::Services;
use drempel::infra::bank::files::Input;
use drempel::infra::bank::write::{Version, dutch_iban, sample, write};
use drempel::infra::bank::{Balance, Direction, Head, Line};
use drempel::values::{Cents, CreditorReference};
use serde_json::{Value, json};

use crate::killed::killed_at_every_step;
use crate::money_out::to_the_bank;
use crate::support::{App, Browser};

const DAY: i64 = 86_400;
static NUMBER: AtomicI64 = AtomicI64::new(1);

/// A gift by transfer; answers the pledge.
pub async fn by_transfer(app: &App, cents: i64, name: &str) -> Value {
    let email = format!("{}@example.org", name.to_lowercase());
    let body = json!({ "amount_cents": cents, "email": email, "name": name, "language": "nl", "method": "transfer" });
    let (status, pledge) = app.pledge("kookclub", &format!("transfer-{name}-{cents}"), &body).await;
    assert_eq!(status, 201, "{pledge}");
    pledge
}

pub fn reference(pledge: &Value) -> String {
    CreditorReference::of_pledge(pledge["reference"].as_str().unwrap()).unwrap().to_string()
}

/// Money of somebody, with this text on it.
pub fn paid(app: &App, cents: i64, text: &str) -> Line {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    Line {
        amount: Cents(cents),
        direction: Some(Direction::In),
        booked_on: app.s.clock.now().day(),
        bank_reference: format!("B{number}"),
        end_to_end_id: format!("E{number}"),
        name: "A. Bakker".to_owned(),
        iban: dutch_iban(417_164_300),
        remittance: text.to_owned(),
        ..Line::default()
    }
}

/// A statement that follows on the last one.
pub async fn statement(app: &App, lines: &[Line]) -> Vec<u8> {
    let iban = app.s.settings.bank.iban.clone();
    let last = bank::actions::closing(&mut app.s.db.read().await.unwrap(), &iban).await.unwrap();
    let opening = last.map_or(Cents::ZERO, |(_, closing)| closing);
    let (now, number) = (app.s.clock.now(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let closing = Cents(opening.0 + lines.iter().map(|line| line.signed().0).sum::<i64>());
    let head = Head {
        message_id: format!("M{number}"),
        id: format!("S{number}"),
        number: number.to_string(),
        iban,
        opening: Balance { amount: opening, day: now.day() },
        closing: Balance { amount: closing, day: now.day() },
    };
    let version = if number % 2 == 0 { Version::V02 } else { Version::V08 };
    let mut text = Vec::new();
    write(&mut text, version, &head, now, lines.to_vec()).unwrap();
    text
}

async fn import(app: &App, file: Vec<u8>) -> Imported {
    let done = bank::actions::import(&app.s, "statement.xml", Input::InMemory(file.into()), "test").await;
    app.settle().await;
    done.unwrap()
}

pub async fn arrive(app: &App, lines: &[Line]) -> Imported {
    let file = statement(app, lines).await;
    import(app, file).await
}

async fn balance(app: &App, account: Account) -> i64 {
    ledger::actions::balance(&mut app.s.db.read().await.unwrap(), &account).await.unwrap().0
}

pub async fn waiting(app: &App) -> Vec<BankLine> {
    bank::actions::waiting(&mut app.s.db.read().await.unwrap(), 10).await.unwrap()
}

async fn case(app: &App, kind: CaseKind, subject: &str) -> Option<CaseState> {
    let mut conn = app.s.db.read().await.unwrap();
    cases::actions::about(&mut conn, kind, subject).await.unwrap().map(|case| case.state)
}

#[tokio::test]
async fn a_pledge_by_transfer_is_told_how_paid_and_held_once() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    let url = pledge["checkout_url"].as_str().unwrap();
    assert!(url.contains("/transfer?key="), "{url}");
    let page = app.http.get(url).send().await.unwrap().text().await.unwrap();
    for part in ["NL91 ABNA 0417 1643 00", "<svg role=\"img\"", "€\u{a0}25"] {
        assert!(page.contains(part), "{part}");
    }
    app.settle().await;
    assert_eq!(app.letters("anna@example.org").await, ["transfer_instructions"]);
    let typed = reference(&pledge).to_lowercase();
    let file = statement(&app, &[paid(&app, 2_500, &format!("bijdrage {} {}", &typed[..8], &typed[8..]))]).await;
    let done = import(&app, file.clone()).await;
    assert_eq!((done.statements, done.lines, done.matched, done.waiting), (1, 1, 1, 0));
    let read = app.read(&pledge).await;
    assert_eq!((read["status"].as_str(), read["payment_status"].as_str()), (Some("held"), Some("succeeded")));
    assert_eq!(app.standing().await.held.0, 2_500);
    assert_eq!(app.letters("anna@example.org").await, ["payment_received", "transfer_instructions"]);
    // twice the same file changes nothing
    let again = import(&app, file).await;
    assert_eq!((again.statements, again.known_statements, again.lines), (0, 1, 0));
    assert_eq!(balance(&app, Account::Bank).await, 2_500);
    app.verify().await;
}

#[tokio::test]
async fn statements_that_overlap_bring_each_payment_once() {
    let app = App::start().await;
    let lines: Vec<Line> = (0..3).map(|n| paid(&app, 500 + n, "wie weet")).collect();
    let twin = lines[0].clone();
    let long = statement(&app, &[lines[0].clone(), lines[1].clone(), lines[2].clone(), twin.clone()]).await;
    let short = statement(&app, &[lines[0].clone(), lines[1].clone()]).await;
    assert_eq!(import(&app, short).await.lines, 2);
    let done = import(&app, long).await;
    // the fourth looks like the first in every way and is another payment
    assert_eq!((done.lines, done.known_lines), (2, 2));
    assert_eq!(balance(&app, Account::Bank).await, 500 + 501 + 502 + 500);
    app.verify().await;
}

#[tokio::test]
async fn f27_a_part_waits_for_the_rest_and_too_much_is_set_aside() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 10_000, "Anna").await;
    arrive(&app, &[paid(&app, 4_000, &reference(&pledge))]).await;
    assert_eq!(app.status(&pledge).await, "reserved");
    let part = waiting(&app).await.remove(0);
    assert_eq!((part.state, part.open), (LineState::Partial, Cents(4_000)));
    assert_eq!(case(&app, CaseKind::BankPartial, &part.id).await, Some(CaseState::Open));
    assert_eq!(balance(&app, Account::Suspense).await, -4_000);
    app.verify().await;
    arrive(&app, &[paid(&app, 6_500, &reference(&pledge))]).await;
    assert_eq!(app.status(&pledge).await, "held");
    assert_eq!(case(&app, CaseKind::BankPartial, &part.id).await, Some(CaseState::Closed));
    let over = waiting(&app).await.remove(0);
    assert_eq!((over.state, over.amount, over.open), (LineState::Open, Cents(6_500), Cents(500)));
    assert_eq!(case(&app, CaseKind::BankOver, &over.id).await, Some(CaseState::Open));
    assert_eq!(balance(&app, Account::Suspense).await, -500);
    app.verify().await;
    // and a second payment of the whole
    arrive(&app, &[paid(&app, 10_000, &reference(&pledge))]).await;
    assert_eq!(balance(&app, Account::Suspense).await, -10_500);
    assert_eq!(app.standing().await.held.0, 10_000);
    app.verify().await;
}

#[tokio::test]
async fn f28_money_without_a_reference_is_given_to_a_pledge_by_two_treasurers() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Bakker").await;
    let mut wrong = reference(&pledge);
    wrong.replace_range(12..13, if &wrong[12..13] == "0" { "2" } else { "0" });
    arrive(&app, &[paid(&app, 2_500, &wrong)]).await;
    let line = waiting(&app).await.remove(0);
    assert_eq!(
        (line.state, case(&app, CaseKind::BankUnknown, &line.id).await),
        (LineState::Open, Some(CaseState::Open))
    );
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let path = format!("/nl/staff/bank/lines/{}", line.id);
    let own = pledge["reference"].as_str().unwrap();
    let page = one.read(&path).await;
    assert!(page.contains(own) && page.contains("kenmerk lijkt erop") && page.contains("zelfde bedrag"), "{page}");
    let no_such = [("decision", "bank.apply"), ("pledge", "DR-0000-0000-00"), ("reason", "x")];
    assert_eq!(one.post(&format!("{path}/propose"), &no_such).await.0, 422);
    let form = [("decision", "bank.apply"), ("pledge", own), ("reason", "één teken fout")];
    assert_eq!(one.post(&format!("{path}/propose"), &form).await.0, 303);
    let hash = one.marked(&path, "data-hash").await;
    let approve = [("decision", "bank.apply"), ("hash", hash.as_str())];
    assert_eq!(one.post(&format!("{path}/approve"), &approve).await.0, 403);
    assert_eq!(two.post(&format!("{path}/approve"), &[("decision", "bank.apply"), ("hash", "0")]).await.0, 409);
    assert_eq!(app.status(&pledge).await, "reserved");
    assert_eq!(two.post(&format!("{path}/approve"), &approve).await.0, 303);
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "held");
    assert_eq!(case(&app, CaseKind::BankUnknown, &line.id).await, Some(CaseState::Closed));
    assert_eq!(balance(&app, Account::Suspense).await, 0);
    app.verify().await;
}

#[tokio::test]
async fn money_nobody_can_place_goes_back_to_its_sender() {
    let app = App::start().await;
    arrive(&app, &[paid(&app, 3_300, "voor de buurt"), paid(&app, 700, "rente")]).await;
    let lines = waiting(&app).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    for (line, decision) in lines.iter().zip(["bank.return", "bank.write_off"]) {
        let path = format!("/en/staff/bank/lines/{}", line.id);
        let form = [("decision", decision), ("pledge", ""), ("reason", "nobody knows")];
        assert_eq!(one.post(&format!("{path}/propose"), &form).await.0, 303);
        let hash = two.marked(&path, "data-hash").await;
        assert_eq!(two.post(&format!("{path}/approve"), &[("decision", decision), ("hash", &hash)]).await.0, 303);
        assert_eq!(one.post(&format!("{path}/propose"), &form).await.0, 409);
    }
    assert_eq!(balance(&app, Account::PlatformFees).await, -700);
    app.verify().await;
    let (_, sent) = to_the_bank(&app).await;
    assert_eq!(
        (sent.len(), sent[0].amount, sent[0].iban.as_str()),
        (1, Cents(3_300), dutch_iban(417_164_300).as_str())
    );
    let end_to_end_id = sent[0].id.replace('_', "");
    let out = Line { direction: Some(Direction::Out), end_to_end_id: end_to_end_id.clone(), ..paid(&app, 3_300, "") };
    assert_eq!(arrive(&app, &[out]).await.matched, 1);
    let line = bank::actions::line(&mut app.s.db.read().await.unwrap(), &lines[0].id).await.unwrap().unwrap();
    assert_eq!((line.state, line.open), (LineState::Returned, Cents::ZERO));
    assert_eq!((balance(&app, Account::Bank).await, balance(&app, Account::Suspense).await), (700, 0));
    app.verify().await;
    // the sender's bank refuses it: it waits again, and so does its case
    arrive(&app, &[Line { is_return: true, end_to_end_id, ..paid(&app, 3_300, "") }]).await;
    let line = bank::actions::line(&mut app.s.db.read().await.unwrap(), &lines[0].id).await.unwrap().unwrap();
    assert_eq!((line.state, line.open), (LineState::Open, Cents(3_300)));
    assert_eq!(case(&app, CaseKind::BankUnknown, &line.id).await, Some(CaseState::Open));
    assert_eq!((balance(&app, Account::Bank).await, balance(&app, Account::Suspense).await), (4_000, -3_300));
    app.verify().await;
}

#[tokio::test]
async fn f36_money_for_an_expired_pledge_counts_while_there_is_room_and_goes_back_by_bank_after_the_close() {
    let app = App::start_with(100, 50).await;
    app.sql("UPDATE rounds SET closes_at = '2099-01-01T12:00:00.000Z'").await.expect("a long round");
    let pledge = by_transfer(&app, 4_000, "Anna").await;
    let late = by_transfer(&app, 3_000, "Bert").await;
    app.advance(8 * DAY).await;
    let told = ["transfer_instructions", "transfer_reminder"];
    assert_eq!(app.letters("anna@example.org").await, told);
    app.advance(7 * DAY).await;
    assert_eq!((app.status(&pledge).await.as_str(), app.standing().await.reserved.0), ("expired", 0));
    assert_eq!(app.letters("anna@example.org").await, told);
    arrive(&app, &[paid(&app, 4_000, &reference(&pledge))]).await;
    assert_eq!(app.status(&pledge).await, "held");
    app.sql("UPDATE projects SET state = 'failed' WHERE id = 'prj_1'").await.expect("a closed project");
    arrive(&app, &[paid(&app, 3_000, &reference(&late))]).await;
    assert_eq!(app.status(&late).await, "refunding");
    // the provider is never asked; the money goes to the account it came from
    assert_eq!(app.effects().await["refunds"].as_array().map_or(0, Vec::len), 0);
    let mut conn = app.s.db.read().await.unwrap();
    let id = pledges::actions::by_reference(&mut conn, late["reference"].as_str().unwrap()).await.unwrap().unwrap().id;
    let refund = refunds::of_pledge(&mut conn, &id).await.unwrap().remove(0);
    let planned = transfers::actions::of_subject(&mut conn, &refund.id).await.unwrap();
    drop(conn);
    assert_eq!((refund.state, planned.len()), (RefundState::Requested, 1));
    assert_eq!((planned[0].amount, planned[0].iban.as_str()), (Cents(3_000), dutch_iban(417_164_300).as_str()));
    app.sql("UPDATE projects SET state = 'listed' WHERE id = 'prj_1'").await.expect("a listed project");
    app.verify().await;
    let (_, sent) = to_the_bank(&app).await;
    let end_to_end_id = sent[0].id.replace('_', "");
    arrive(&app, &[Line { direction: Some(Direction::Out), end_to_end_id, ..paid(&app, 3_000, "") }]).await;
    assert_eq!(app.status(&late).await, "refunded");
    assert_eq!(app.letters("bert@example.org").await.iter().filter(|kind| *kind == "refund_sent").count(), 1);
    app.verify().await;
}

#[tokio::test]
async fn a_transfer_is_not_offered_when_it_cannot_arrive_in_time() {
    let app = App::start().await;
    app.advance(7 * DAY).await;
    let body = json!({ "amount_cents": 2_500, "email": "a@example.org", "method": "transfer" });
    let (status, problem) = app.pledge("kookclub", "late", &body).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("method")), "{problem}");
    assert_eq!(app.standing().await.reserved.0, 0);
    let form = [("step", "amount"), ("form_key", "k"), ("amount", "25"), ("kind", "gift")];
    let (_, page) = Browser::new(&app).post_for_text("/nl/projects/kookclub/pledge", &form).await;
    assert!(page.contains("Zelf overschrijven kan niet meer") && !page.contains("value=\"transfer\""), "{page}");
}

#[tokio::test]
async fn a_backer_cancels_a_transfer_that_did_not_come() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    assert_eq!(app.cancel(&pledge).await, 200);
    assert_eq!((app.status(&pledge).await.as_str(), app.standing().await.reserved.0), ("expired", 0));
    let page = app.http.get(pledge["checkout_url"].as_str().unwrap()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("niets meer over te maken"), "{page}");
}

#[tokio::test]
async fn what_the_bank_takes_back_no_longer_counts() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    let line = paid(&app, 2_500, &reference(&pledge));
    let stray = paid(&app, 900, "wie weet");
    arrive(&app, &[line.clone(), stray.clone()]).await;
    let back = |line: &Line| Line { direction: Some(Direction::Out), is_reversal: true, ..line.clone() };
    arrive(&app, &[back(&line), back(&stray), back(&paid(&app, 111, "x"))]).await;
    assert_eq!((app.status(&pledge).await.as_str(), app.standing().await.held.0), ("refunded", 0));
    let open = waiting(&app).await;
    assert_eq!((open.len(), open[0].open), (1, Cents(111)));
    assert_eq!(case(&app, CaseKind::BankReversal, &open[0].id).await, Some(CaseState::Open));
    assert_eq!((balance(&app, Account::Bank).await, balance(&app, Account::Suspense).await), (-111, 111));
    app.verify().await;
}

#[tokio::test]
async fn payouts_of_the_provider_and_money_that_left_are_told_apart() {
    let app = App::start().await;
    let mut tx = app.s.db.begin().await.unwrap();
    let now = app.s.clock.now();
    let payout = Posting::new(Kind::Payout, "payout:po_1".to_owned(), now, "test", "po_1").moving(
        Cents(9_000),
        &Account::PspInTransit,
        &Account::PspAvailable,
        None,
    );
    ledger::actions::post(&mut tx, now, &payout).await.unwrap();
    tx.commit().await.unwrap();
    let payout = Line { name: "STRIPE PAYMENTS EUROPE".to_owned(), ..paid(&app, 9_000, "STRIPE po_1") };
    let costs = Line { direction: Some(Direction::Out), ..paid(&app, 995, "kosten") };
    let done = arrive(&app, &[payout, costs]).await;
    assert_eq!((done.matched, done.waiting), (1, 1));
    assert_eq!(balance(&app, Account::PspInTransit).await, 0);
    let line = waiting(&app).await.remove(0);
    assert_eq!(case(&app, CaseKind::BankOutUnknown, &line.id).await, Some(CaseState::Open));
    assert_eq!(balance(&app, Account::Bank).await, 8_005);
    // more than the books expect from the provider is nobody's
    let more = Line { name: "STRIPE PAYMENTS EUROPE".to_owned(), ..paid(&app, 1, "STRIPE po_2") };
    assert_eq!(arrive(&app, &[more]).await.waiting, 1);
}

#[tokio::test]
async fn a_missing_statement_is_noticed_and_the_first_balance_explained() {
    let app = App::start().await;
    let first = statement(&app, &[paid(&app, 500, "a")]).await;
    let text = String::from_utf8(first).unwrap();
    // the account was not empty before
    let begun = text.replacen(">0.00<", ">20.00<", 1).replacen(">5.00<", ">25.00<", 1);
    import(&app, begun.into_bytes()).await;
    assert_eq!(balance(&app, Account::Bank).await, 2_500);
    assert_eq!(balance(&app, Account::Suspense).await, -2_500);
    let missing = statement(&app, &[paid(&app, 100, "b")]).await;
    let next = statement(&app, &[paid(&app, 200, "c")]).await;
    let shifted = String::from_utf8(next).unwrap().replacen(">25.00<", ">26.00<", 1).replacen(">27.00<", ">28.00<", 1);
    import(&app, shifted.into_bytes()).await;
    let latest = bank::actions::statements(&mut app.s.db.read().await.unwrap(), 1, 0).await.unwrap().remove(0);
    assert_eq!(case(&app, CaseKind::StatementDiffers, &latest.id).await, Some(CaseState::Open));
    import(&app, missing).await;
    assert_eq!(balance(&app, Account::Bank).await, 2_800);
}

#[tokio::test]
async fn files_are_refused_as_a_whole_with_a_reason_on_the_page() {
    let app = App::start().await;
    let good = statement(&app, &[paid(&app, 500, "a")]).await;
    let text = String::from_utf8(good).unwrap();
    let browser = app_with_session(&app).await;
    for (file, reason) in [
        (text.replace("NL91ABNA0417164300", "NL26VAYB8060476890"), "van een andere rekening"),
        (text.replace("camt.053", "camt.054"), "geen afschrift in CAMT.053"),
        (text.replace("<GrpHdr>", "<!DOCTYPE x><GrpHdr>"), "documenttype of entiteiten"),
        (
            text.replace(">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>", ">6.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>"),
            "tellen niet op",
        ),
        (String::new(), "Kies een bestand"),
    ] {
        let (status, page) = upload(&browser, &app, file).await;
        assert_eq!(status, 422, "{reason}");
        assert!(page.contains(reason), "{reason}: {page}");
    }
    assert_eq!(balance(&app, Account::Bank).await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM bank_uploads").await, 0);
    let treasurer = Browser::treasurer(&app, 1).await;
    let (status, place) = upload(&browser, &app, text.clone()).await;
    assert_eq!(status, 303);
    let page = treasurer.read(&place).await;
    assert!(page.contains("Nieuwe afschriften: 1, met nieuwe betalingen: 1") && !page.contains("<progress"), "{page}");
    // the same file once more brings nothing
    let (_, place) = upload(&browser, &app, text).await;
    let page = treasurer.read(&place).await;
    assert!(
        page.contains("Nieuwe afschriften: 0, met nieuwe betalingen: 0") && page.contains("bekende afschriften: 1")
    );
    assert_eq!((balance(&app, Account::Bank).await, waiting(&app).await.len()), (500, 1));
    let kept = app.letters_folder().with_file_name("files").read_dir().map_or(0, Iterator::count);
    assert_eq!(kept, 0, "a file that is booked has served");
    let statement = bank::actions::statements(&mut app.s.db.read().await.unwrap(), 1, 0).await.unwrap().remove(0);
    treasurer.read(&format!("/en/staff/bank/statements/{}", statement.id)).await;
    // whoever is no treasurer may look and not bring anything
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert!(!reviewer.read("/en/staff/bank").await.contains("type=\"file\""));
}

/// A client with a treasurer's session, for a form with a file.
async fn app_with_session(app: &App) -> reqwest::Client {
    let policy = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().redirect(policy).cookie_store(true).build().unwrap();
    let form = [("email", "treasurer1@drempel.example")];
    assert_eq!(http.post(app.url("/dev/sign-in")).form(&form).send().await.unwrap().status(), 303);
    http
}

/// Hands a file in and lets its job run; answers where the page about it is, or what the form says.
async fn upload(http: &reqwest::Client, app: &App, text: String) -> (u16, String) {
    let part = reqwest::multipart::Part::text(text).file_name("statement.xml");
    let form = reqwest::multipart::Form::new().part("file", part);
    let answer = http.post(app.url("/nl/staff/bank")).multipart(form).send().await.unwrap();
    let status = answer.status().as_u16();
    let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
    let text = answer.text().await.unwrap();
    app.settle().await;
    (status, place.unwrap_or(text))
}

#[tokio::test]
async fn a_file_that_was_handed_in_is_booked_portion_by_portion_and_goes_on_where_it_was_stopped() {
    let app = App::start().await;
    let mut lines: Vec<Line> = (0..450).map(|n| paid(&app, 100 + n, "wie weet")).collect();
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    lines.insert(300, paid(&app, 2_500, &reference(&pledge)));
    let total: i64 = lines.iter().map(|line| line.amount.0).sum();
    let file = statement(&app, &lines).await;
    let id = uploads::hand_in(&app.s, "statement.xml", file, "usr_t1").await.unwrap();
    let at = async || {
        let upload = uploads::find(&mut app.s.db.read().await.unwrap(), &id).await.unwrap().unwrap();
        (upload.rows_done, upload.done.lines, upload.finished_at.is_some())
    };
    assert_eq!(at().await, (0, 0, false));
    let treasurer = Browser::treasurer(&app, 1).await;
    let page = treasurer.read(&format!("/nl/staff/bank/uploads/{id}")).await;
    assert!(
        page.contains("0 van 451 betalingen") && page.contains("<progress id=\"upload-progress\" max=\"451\""),
        "{page}"
    );

    let seen = Mutex::new(BTreeSet::new());
    let kills = killed_at_every_step(&app, async |s: &Services| {
        let _ = uploads::run(s, &id).await;
        let (rows, ..) = at().await;
        seen.lock().unwrap().insert(rows);
    })
    .await;
    assert!(kills > 5, "{kills}");
    let seen = seen.into_inner().unwrap();
    assert!(seen.contains(&200) && seen.contains(&301) && seen.contains(&451), "{seen:?}");
    assert_eq!(at().await, (451, 451, true));
    app.settle().await;
    assert_eq!(at().await, (451, 451, true));
    assert_eq!(balance(&app, Account::Bank).await, total);
    assert_eq!((app.status(&pledge).await.as_str(), app.count("SELECT COUNT(*) FROM bank_lines").await), ("held", 451));
    // the first session has ended meanwhile
    let treasurer = Browser::treasurer(&app, 1).await;
    let page = treasurer.read(&format!("/nl/staff/bank/uploads/{id}")).await;
    assert!(page.contains("Nieuwe afschriften: 1, met nieuwe betalingen: 451"), "{page}");
    assert!(page.contains("Verwerkt: 1. Wacht op een besluit: 450."), "{page}");
    app.verify().await;
}

#[tokio::test]
async fn a_newcomer_plays_the_bank() {
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    let browser = Browser::new(&app);
    let page = browser.read("/dev/bank-statement").await;
    assert!(page.contains(&reference(&pledge)), "{page}");
    let form = [("reference", reference(&pledge)), ("amount", "25,00".to_owned()), ("do", "download".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (status, file) = browser.post_for_text("/dev/bank-statement", &form).await;
    assert_eq!(status, 200);
    assert!(file.contains("camt.053.001.08"));
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, if *n == "do" { "import" } else { *v })).collect();
    assert_eq!(browser.post_for_text("/dev/bank-statement", &form).await.0, 200);
    assert_eq!(app.status(&pledge).await, "held");
    app.verify().await;
}

#[test]
fn what_we_write_is_valid_against_the_schemas() {
    let folder = std::env::temp_dir().join(format!("drempel-camt-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut lines: Vec<Line> = sample(3, 20, "2026-11-25").collect();
    lines[0].is_reversal = true;
    lines[1].is_return = true;
    lines[2].reference = "RF18539007547034".to_owned();
    lines[3].direction = Some(Direction::Out);
    let sum = lines.iter().map(|line| line.signed().0).sum();
    let balance = |amount: i64| Balance { amount: Cents(amount), day: "2026-11-25".to_owned() };
    let head = Head {
        message_id: "M".to_owned(),
        id: "S".to_owned(),
        number: "1".to_owned(),
        iban: "NL91ABNA0417164300".to_owned(),
        opening: balance(0),
        closing: balance(sum),
    };
    for (version, number) in [(Version::V02, "02"), (Version::V08, "08")] {
        let mut text = Vec::new();
        write(&mut text, version, &head, "2026-11-25T18:00:00.000Z".parse().unwrap(), lines.clone()).unwrap();
        let file = folder.join(format!("{number}.xml"));
        std::fs::write(&file, text).unwrap();
        valid(&file, &format!("tests/fixtures/camt053/camt.053.001.{number}.xsd"));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// Wants the Python with the test packages, which `tests/run` sets up.
fn valid(file: &std::path::Path, schema: &str) {
    const SCRIPT: &str =
        "import sys; from lxml import etree; etree.XMLSchema(file=sys.argv[1]).assertValid(etree.parse(sys.argv[2]))";
    let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let schema = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(schema);
    let done = Command::new(python).args(["-c", SCRIPT]).arg(schema).arg(file).output().expect("a Python");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_command_answers_by_its_exit_status() {
    let folder = std::env::temp_dir().join(format!("drempel-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_drempel"));
        command.current_dir(&folder).args(arguments).env("DATABASE_URL", "sqlite://import.db").env("RUST_LOG", "error");
        command.output().expect("the program")
    };
    let made = run(&["sample-statement", "--lines", "30"]);
    std::fs::write(folder.join("good.xml"), &made.stdout).unwrap();
    std::fs::write(folder.join("bad.xml"), b"<no>").unwrap();
    for (known, lines) in [(0, 30), (1, 0)] {
        let done = run(&["import-statement", "--json", "good.xml"]);
        let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
        assert!(done.status.success());
        assert_eq!((told["known_statements"].as_i64(), told["lines"].as_i64()), (Some(known), Some(lines)), "{told}");
    }
    let done = run(&["import-statement", "bad.xml", "good.xml"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&done.stderr).contains("bad.xml: "));
    assert!(String::from_utf8_lossy(&done.stdout).contains("1 known"));
    assert_eq!(run(&["import-statement", "missing.xml"]).status.code(), Some(1));
    assert_eq!(run(&["import-statement"]).status.code(), Some(2));
    assert!(run(&["verify-ledger"]).status.success());
    std::fs::remove_dir_all(folder).unwrap();
}
