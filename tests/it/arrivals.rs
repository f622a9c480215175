//! Lines of the bank that find their place by a payout's name or by a posting.

use drempel::features::bank::{self, LineState};
use drempel::features::cases::{self, CaseKind};
use drempel::features::ledger::Account;
use drempel::infra::bank::Line;
use serde_json::{Value, json};

use crate::bank::{arrive, paid, waiting};
use crate::support::{App, Browser};

const DAY: i64 = 24 * 3_600;

/// Two payouts of one amount that are on their way, the older first.
async fn two_payouts(app: &App) -> [Value; 2] {
    app.read_the_balance().await;
    let mut payouts = Vec::new();
    for name in ["Anna", "Bert"] {
        app.paid_gift(5_000, name).await;
        app.advance(4 * DAY).await;
        payouts.push(app.told("payout", json!({})).await);
        app.advance(1_000).await;
    }
    payouts.try_into().expect("two payouts")
}

impl App {
    /// The line of the bank that shows a payout.
    async fn line_of(&self, payout: &Value) -> Option<String> {
        let mut conn = self.s.db.read().await.expect("a connection");
        let (line,): (Option<String>,) = sqlx::query_as("SELECT line_id FROM provider_payouts WHERE id = $1")
            .bind(payout["id"].as_str())
            .fetch_one(&mut *conn)
            .await
            .expect("a payout");
        line
    }
}

#[tokio::test]
async fn a_payout_is_known_on_the_statement_by_its_name_first_and_by_its_amount_else() {
    let app = App::start().await;
    let [first, second] = two_payouts(&app).await;
    assert_eq!(app.account(Account::PspInTransit).await, 2 * 4_971);
    // the later one comes first and is named as the bank calls it, with blanks in it
    let trace = second["trace_id"]["value"].as_str().expect("a trace").to_owned();
    let named =
        Line { name: "S. EUROPE".to_owned(), ..paid(&app, 4_971, &format!("ref {} {}", &trace[..6], &trace[6..])) };
    assert_eq!(arrive(&app, &[named]).await.matched, 1);
    assert!(app.line_of(&second).await.is_some() && app.line_of(&first).await.is_none());
    // the same name again, and another amount than the payout's, are nobody's
    let id = first["id"].as_str().expect("an id");
    let again = paid(&app, 4_971, &trace);
    let other = paid(&app, 4_000, &format!("STRIPE {id}"));
    assert_eq!(arrive(&app, &[again, other]).await.waiting, 2);
    assert_eq!(app.account(Account::PspInTransit).await, 4_971);
    let by_amount = paid(&app, 4_971, "STRIPE PAYMENTS");
    assert_eq!(arrive(&app, &[by_amount]).await.matched, 1);
    assert!(app.line_of(&first).await.is_some());
    assert_eq!(app.account(Account::PspInTransit).await, 0);
    app.verify().await;
}

/// Money that nobody can place, with the case about it.
async fn unplaced(app: &App) -> (bank::BankLine, cases::Case) {
    arrive(app, &[paid(app, 3_300, "voor de buurt")]).await;
    let line = waiting(app).await.remove(0);
    let mut conn = app.s.db.read().await.expect("a connection");
    let case = cases::actions::about(&mut conn, CaseKind::BankUnknown, &line.id).await.expect("a read");
    (line, case.expect("a case"))
}

#[tokio::test]
async fn a_line_whose_case_is_settled_with_a_posting_waits_no_longer() {
    let app = App::start().await;
    let (line, case) = unplaced(&app).await;
    let path = format!("/nl/staff/cases/{}", case.id);
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let form = [("debit", "suspense"), ("credit", "platform_fees"), ("amount", "33"), ("reason", "rent of a room")];
    assert_eq!(one.post(&format!("{path}/propose"), &form).await.0, 303);
    let hash = two.marked(&path, "data-hash").await;
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", hash.as_str())]).await.0, 303);
    // also before the line is told, nothing can be decided about it
    let give = [("decision", "bank.write_off"), ("pledge", ""), ("reason", "x")];
    let line_path = format!("/nl/staff/bank/lines/{}", line.id);
    assert_eq!(one.post(&format!("{line_path}/propose"), &give).await.0, 409);
    app.settle().await;
    let found = bank::actions::line(&mut app.s.db.read().await.expect("a connection"), &line.id).await;
    let found = found.expect("a read").expect("a line");
    assert_eq!((found.state, found.open.0), (LineState::Posted, 0));
    assert!(one.read(&line_path).await.contains("geboekt"));
    assert_eq!(waiting(&app).await.len(), 0);
    app.verify().await;
}

#[tokio::test]
async fn a_case_whose_money_goes_back_by_bank_takes_no_posting_meanwhile() {
    let app = App::start().await;
    let (line, case) = unplaced(&app).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let path = format!("/en/staff/bank/lines/{}", line.id);
    let form = [("decision", "bank.return"), ("pledge", ""), ("reason", "nobody knows")];
    assert_eq!(one.post(&format!("{path}/propose"), &form).await.0, 303);
    let hash = two.marked(&path, "data-hash").await;
    let approve = [("decision", "bank.return"), ("hash", hash.as_str())];
    assert_eq!(two.post(&format!("{path}/approve"), &approve).await.0, 303);
    let path = format!("/en/staff/cases/{}", case.id);
    assert!(one.read(&path).await.contains("goes back to its sender by transfer"));
    let posting = [("debit", "suspense"), ("credit", "platform_fees"), ("amount", "33"), ("reason", "x")];
    assert_eq!(one.post(&format!("{path}/propose"), &posting).await.0, 409);
    app.verify().await;
}
