//! The commands, started as a person starts them: what they print, their exit status, and what they leave alone.

use std::process::{Command, Output};

use serde_json::Value;

use crate::support::App;

const DAY: i64 = 86_400;

/// Runs the program beside the one under test, on the same database and bank.
pub async fn run(app: &App, words: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drempel"));
    command
        .args(words)
        .current_dir(std::env::temp_dir())
        .env("DATABASE_URL", &app.s.settings.database_url)
        .env("STRIPE_API_URL", app.url("/dev/bank"))
        .env("RUST_LOG", "error");
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// Moves the clock of the installation, which the commands read.
async fn advance(app: &App, seconds: i64) {
    let moved = [("advance_seconds", seconds.to_string())];
    let answer = app.http.post(app.url("/dev/clock")).form(&moved).send().await.expect("an answer");
    assert!(answer.status().as_u16() < 400, "{answer:?}");
    app.settle().await;
}

fn lines(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

async fn letters(app: &App) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM letters").fetch_one(&mut *conn).await.expect("letters");
    count
}

#[tokio::test]
async fn f61_reconcile_and_repair_tell_what_differs_and_mend_it_without_a_letter() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let back = app.paid_gift(1_000, "Bert").await;
    assert_eq!(app.cancel(&back).await, 200);
    app.settle().await;
    advance(&app, DAY).await;

    let (status, printed, errors) = run(&app, &["--json", "reconcile"]).await;
    assert_eq!((status, errors.as_str()), (Some(0), ""), "{printed}");
    let agreed = lines(&printed);
    let ways: std::collections::BTreeSet<&str> = agreed.iter().filter_map(|line| line["way"].as_str()).collect();
    assert!(ways.contains("provider") && ways.contains("totals"), "{printed}");
    assert!(
        agreed.iter().all(|line| line["differs"] == false && line["books_cents"] == line["other_cents"]),
        "{printed}"
    );

    app.sql("UPDATE pledge_totals SET held_cents = held_cents + 500").await.expect("a slip");
    app.sql("UPDATE ledger_balances SET amount_cents = amount_cents - 1 WHERE account = 'psp_fees'")
        .await
        .expect("a slip");
    let (status, printed, _) = run(&app, &["reconcile"]).await;
    assert_eq!(status, Some(1), "{printed}");
    assert_eq!(printed.matches("DIFFERS").count(), 2, "{printed}");
    assert_eq!(run(&app, &["verify-ledger"]).await.0, Some(1));

    let before = letters(&app).await;
    let (status, printed, _) = run(&app, &["--json", "repair", "totals"]).await;
    let mended = lines(&printed);
    assert_eq!(
        (status, mended.len(), &mended[0]["before_cents"], &mended[0]["after_cents"]),
        (Some(0), 1, &3_000.into(), &2_500.into())
    );
    let (status, printed, _) = run(&app, &["repair", "balances"]).await;
    assert!(status == Some(0) && printed.contains("psp_fees: ") && printed.contains("No letter was sent"), "{printed}");
    for what in ["totals", "balances"] {
        assert_eq!(run(&app, &["--json", "repair", what]).await, (Some(0), String::new(), String::new()), "{what}");
    }
    assert_eq!(letters(&app).await, before);
    assert_eq!(run(&app, &["reconcile"]).await.0, Some(0));
    assert_eq!(run(&app, &["verify-ledger"]).await.0, Some(0));
}

#[tokio::test]
async fn commands_refuse_a_wrong_day_and_a_round_under_way() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    for (day, why) in [("2999-01-01", "that is over"), ("2026-02-30", "a day such as"), ("soon", "a day such as")] {
        let (status, printed, errors) = run(&app, &["reconcile", "--day", day]).await;
        assert_eq!((status, printed.as_str()), (Some(2), ""), "{day}");
        assert!(errors.contains(why), "{errors}");
    }
    app.sql(
        "INSERT INTO settlements (id, round_id, state, hash, reason, proposed_by, proposed_at, expires_at, approved_by, approved_at)
         SELECT 'stl_1', r.id, 'paused', '', '', (SELECT MIN(id) FROM users), r.closes_at, r.closes_at, (SELECT MAX(id) FROM users),
             r.closes_at FROM rounds r",
    )
    .await
    .expect("a closing");
    for what in ["totals", "balances"] {
        let (status, printed, errors) = run(&app, &["repair", what]).await;
        assert_eq!((status, printed.as_str()), (Some(1), ""), "{what}");
        assert!(errors.contains("is being settled"), "{errors}");
    }
    let (status, _, errors) = run(&app, &["repair"]).await;
    assert!(status == Some(2) && errors.contains("balances") && errors.contains("totals"), "{errors}");
}

/// Each day's books of the demo's projects: money is received before it is released or sent back.
#[tokio::test]
async fn the_demo_holds_no_money_before_it_came() {
    let folder = std::env::temp_dir().join(format!("drempel-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let url = format!("sqlite://{}", folder.join("demo.db").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_drempel"));
    command.arg("demo").current_dir(&folder).env("DATABASE_URL", &url).env("RUST_LOG", "error");
    let done = command.output().expect("the program");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let db = drempel::infra::db::Db::open(&url, None).await.expect("a database");
    let mut conn = db.read().await.expect("a connection");
    // held money is owed: its balance is below zero
    let (projects, most): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(DISTINCT account), MAX(balance) FROM (
             SELECT e.account, SUM(e.amount_cents) OVER (PARTITION BY e.account ORDER BY t.recorded_at, t.id) AS balance
             FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
             WHERE e.account LIKE 'pledges_held:%') held",
    )
    .fetch_one(&mut *conn)
    .await
    .expect("balances");
    assert!(projects > 5 && most == 0, "{projects} projects, {most} cents");
    drop(conn);
    db.close().await;
    std::fs::remove_dir_all(folder).expect("a folder");
}
