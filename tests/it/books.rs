//! The books as people outside and the bookkeeper read them: every sum equals the ledger.

use drempel::features::ledger::{self, Account, Kind, Posting};
use drempel::infra::texts;
use drempel::values::{Cents, Lang};
use serde_json::Value;

use crate::support::App;

impl App {
    async fn fetched(&self, path: &str) -> (u16, Vec<u8>) {
        let answer = self.http.get(self.url(path)).send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.bytes().await.expect("bytes").to_vec())
    }

    async fn get_text(&self, path: &str) -> String {
        let (status, bytes) = self.fetched(path).await;
        assert_eq!(status, 200, "{path}");
        String::from_utf8(bytes).expect("text")
    }

    async fn balance(&self, account: Account) -> i64 {
        let mut conn = self.s.db.read().await.expect("a connection");
        ledger::actions::balance(&mut conn, &account).await.expect("a balance").0
    }

    async fn sign_in_as_treasurer(&self) {
        let form = [("email", "treasurer1@drempel.example")];
        let answer = self.http.post(self.url("/dev/sign-in")).form(&form).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 303);
    }
}

/// The rows of a table in text, with their heads.
fn rows(csv: &str) -> Vec<Vec<String>> {
    csv.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

async fn some_money(app: &App) -> Value {
    app.paid_gift(20_000, "Anna").await;
    app.paid_gift(10_000, "Bert").await;
    let back = app.paid_gift(5_000, "Cor").await;
    app.cancel(&back).await;
    // the provider tells its fees and the refund's end
    app.advance(3 * 3_600).await;
    back
}

#[tokio::test]
async fn i14_the_open_books_of_a_project_equal_the_ledger() {
    let app = App::start().await;
    some_money(&app).await;
    app.advance(2 * 86_400).await;
    app.paid_gift(2_500, "Dirk").await;
    let csv = app.get_text("/api/v1/projects/kookclub/books.csv").await;
    let rows = rows(&csv);
    assert_eq!(
        rows[0][..7],
        ["day", "received_cents", "released_cents", "refunded_cents", "fees_cents", "disputed_cents", "held_cents"]
    );
    let sum = |column: usize| -> i64 { rows[1..].iter().map(|row| row[column].parse::<i64>().expect("cents")).sum() };
    assert_eq!((sum(1), sum(2), sum(3), sum(5)), (37_500, 0, 5_000, 0), "{csv}");
    let held = app.balance(Account::PledgesHeld("prj_1".to_owned())).await;
    assert_eq!(rows.last().map(|row| row[6].as_str()), Some((-held).to_string().as_str()));
    assert_eq!(sum(4), app.balance(Account::PspFees).await, "{csv}");
    assert!(sum(4) > 0);
    let mut running = 0;
    for row in &rows[1..] {
        let cents = |column: usize| row[column].parse::<i64>().expect("cents");
        running += cents(1) - cents(2) - cents(3) - cents(5);
        assert_eq!(running, cents(6));
    }
    for name in ["Anna", "Bert", "anna@example.org", "DR-"] {
        assert!(!csv.contains(name));
    }
}

#[tokio::test]
async fn the_statement_of_an_account_goes_from_opening_to_closing_balance() {
    let app = App::start().await;
    // the hours in between may pass midnight
    let begun = app.s.clock.now().day();
    some_money(&app).await;
    app.sign_in_as_treasurer().await;
    let day = app.s.clock.now().day();
    let account = "pledges_held:prj_1";
    let path = format!("/en/staff/books.csv?from={begun}&to={day}&account={account}");
    let csv = app.get_text(&path).await;
    let rows = rows(&csv);
    assert_eq!(rows[0][..4], ["Recorded on", "Happened on", "Kind", "Counter account"]);
    assert!(rows[1][2].starts_with("Opening balance: Pledges held: Cooking club") && rows[1][6] == "0.00", "{csv}");
    let (first, last) = (&rows[2], rows.last().expect("a last line"));
    // the name of the counter account holds a comma and stands in quotes
    assert_eq!(first[2..5], ["Payment received", "\"Payment provider", " pending\""]);
    assert_eq!(first[5..8], ["", "200.00", "-200.00"]);
    assert!(first[0].starts_with(&begun));
    assert_eq!(last[6], "-300.00", "{csv}");
    // the day before is empty, and the day after opens with what this one closed with
    let next = drempel::values::time::days_after(&day, 1).expect("a day");
    let csv = app.get_text(&format!("/nl/staff/books.csv?from={next}&to={next}&account={account}")).await;
    assert!(csv.contains("-300.00") && csv.lines().count() == 3, "{csv}");
    let page = app.get_text(&path.replace("books.csv", "books")).await;
    for part in ["Trial balance", "Pledges held: Cooking club", "€300", "Anna"] {
        assert_eq!(page.contains(part), part != "Anna", "{part}");
    }
}

#[tokio::test]
async fn the_trial_balance_has_equal_sides_and_sums_to_zero() {
    let app = App::start().await;
    some_money(&app).await;
    let (from, before) = (app.s.clock.now().plus_days(-1), app.s.clock.now().plus_days(1));
    let mut conn = app.s.db.read().await.expect("a connection");
    let period = ledger::statement::Period { from, before };
    let all = ledger::statement::trial_balance(&mut conn, period).await.expect("a balance");
    let sum = |of: fn(&ledger::statement::Turnover) -> Cents| all.iter().map(|t| of(t).0).sum::<i64>();
    assert_eq!((sum(|t| t.debit), sum(|t| t.closing())), (sum(|t| t.credit), 0));
    assert!(sum(|t| t.debit) > 0);
    for turnover in &all {
        let place = ledger::statement::Place::first(&mut conn, &turnover.account, period).await.expect("a place");
        let page = ledger::statement::page(&mut conn, &turnover.account, period, &place, 1_000).await.expect("a page");
        assert_eq!(page.1.balance, turnover.closing(), "{}", turnover.account);
    }
}

/// Whatever the size of a page, the lines are the same: none is lost and none comes twice, also at one and the same moment.
#[tokio::test]
async fn a_statement_read_in_pages_is_whole() {
    let app = App::start().await;
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    for turn in 0..57 {
        let posting = Posting::new(Kind::Unexplained, format!("test:{turn}"), now, "test", "test")
            .moving(Cents(100 + turn), &Account::Bank, &Account::Suspense, None)
            .moving(Cents(1), &Account::Bank, &Account::PspFees, None);
        ledger::actions::post(&mut tx, now, &posting).await.expect("a posting");
    }
    tx.commit().await.expect("a commit");
    let period = ledger::statement::Period { from: now.plus_days(-1), before: now.plus_days(1) };
    let mut conn = app.s.db.read().await.expect("a connection");
    for size in [1, 7, 1_000] {
        let mut place = ledger::statement::Place::first(&mut conn, "bank", period).await.expect("a place");
        let mut seen = std::collections::BTreeSet::new();
        let mut count = 0;
        loop {
            let (entries, next) =
                ledger::statement::page(&mut conn, "bank", period, &place, size).await.expect("a page");
            place = next;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                count += 1;
                assert_eq!(entry.counter_accounts, ["psp_fees", "suspense"]);
                seen.insert((entry.line.transaction_id, entry.line.position));
            }
        }
        assert_eq!((count, seen.len()), (114, 114), "pages of {size}");
        assert_eq!(place.balance.0, (0..57).map(|turn| 101 + turn).sum::<i64>());
    }
}

#[tokio::test]
async fn the_workbook_is_one_and_only_the_team_gets_it() {
    let app = App::start().await;
    some_money(&app).await;
    let path = "/nl/staff/books.xlsx?account=psp_pending";
    assert_eq!(app.fetched(path).await.0, 303, "sign in first");
    app.sign_in_as_treasurer().await;
    let (status, bytes) = app.fetched(path).await;
    assert_eq!(status, 200);
    assert!(bytes.starts_with(b"PK"));
    assert_eq!(app.fetched("/nl/staff/books?from=31-02-2026").await.0, 422);
    assert_eq!(app.fetched("/nl/staff/books?from=2026-03-02&to=2026-03-01").await.0, 422);
    assert_eq!(app.fetched("/nl/staff/books.csv?from=nonsense").await.0, 422);
}

#[test]
fn accounts_and_kinds_have_names_in_both_languages() {
    let (prj, org) = (String::new(), String::new());
    let accounts = [
        Account::PspPending,
        Account::PspAvailable,
        Account::PspDisputed,
        Account::PspInTransit,
        Account::Bank,
        Account::PspFees,
        Account::PlatformFees,
        Account::DisputeLoss,
        Account::DisputeHold,
        Account::Suspense,
        Account::UnclaimedRefunds,
        Account::PledgesHeld(prj.clone()),
        Account::ResultMoney(prj.clone()),
        Account::OwnerPayable(prj.clone(), org),
        Account::RefundsDue(prj),
    ];
    for lang in Lang::ALL {
        for account in &accounts {
            let code = account.to_string();
            let code = code.split(':').next().unwrap_or_default();
            assert!(texts::exists(lang, &format!("ledger-account-{code}")), "{lang} {code}");
        }
        for kind in Kind::ALL {
            assert!(texts::exists(lang, &format!("ledger-kind-{kind}")), "{lang} {kind}");
        }
    }
}
