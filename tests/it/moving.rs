//! An installation moves from one engine to the other: every row comes along, no change slips in between, and what breaks off leaves
//! the old place as it was. These tests want both engines, so they run with the tests on PostgreSQL.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use drempel::infra::db::copy::{CopyError, Sides};
use drempel::infra::db::freeze::is_frozen;
use drempel::infra::db::{Conn, Db};
use serde_json::{Value, json};
use sqlx::Connection;

use crate::support::{App, Browser, postgres_database};

static NUMBER: AtomicU64 = AtomicU64::new(0);

fn both_engines() -> bool {
    std::env::var("TEST_DATABASE").as_deref() == Ok("postgres")
}

/// A folder for an SQLite database, taken away with the test.
struct House(PathBuf);

impl House {
    fn new() -> House {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("drempel-moving-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        House(folder)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("moved.db").display())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn postgres() -> String {
    postgres_database(&format!("moving_{}", NUMBER.fetch_add(1, Ordering::Relaxed))).await
}

/// The program with these words.
fn command(app: &App, database: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drempel"));
    command.args(words).current_dir(std::env::temp_dir()).env("DATABASE_URL", database);
    command.env("STRIPE_API_URL", app.url("/dev/bank")).env("RUST_LOG", "error");
    command
}

async fn run(app: &App, database: &str, words: &[&str]) -> (Option<i32>, String, String) {
    let mut command = command(app, database, words);
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

async fn copy(app: &App, from: &str, to: &str) -> Value {
    let (status, printed, errors) = run(app, from, &["--json", "copy", "--from", from, "--to", to]).await;
    assert_eq!((status, errors.as_str()), (Some(0), ""), "{printed}");
    serde_json::from_str(&printed).expect("JSON")
}

async fn refused(app: &App, from: &str, to: &str) -> String {
    let (status, printed, errors) = run(app, from, &["copy", "--from", from, "--to", to]).await;
    assert_eq!((status, printed.as_str()), (Some(1), ""), "{errors}");
    errors
}

/// Tries a gift; answers the status and the body.
async fn try_gift(app: &App, name: &str) -> (u16, Value) {
    let body = json!({ "amount_cents": 2_500, "email": format!("{name}@example.org"), "name": name, "language": "nl" });
    app.pledge("kookclub", &format!("moving-{name}"), &body).await
}

async fn count(url: &str, question: &'static str) -> i64 {
    let mut conn = Conn::connect(url).await.expect("a connection");
    let (count,): (i64,) = sqlx::query_as(question).fetch_one(&mut conn).await.expect("a number");
    conn.close().await.expect("closed");
    count
}

const PLEDGES: &str = "SELECT COUNT(*) FROM pledges";

#[tokio::test(flavor = "multi_thread")]
async fn there_and_back_every_row_is_the_same_and_the_program_works_on_the_copy() {
    if !both_engines() {
        return;
    }
    let app = App::start().await;
    let (house, back) = (House::new(), postgres().await);
    for name in ["Anna", "Bert", "Chris"] {
        app.paid_gift(2_500, name).await;
    }
    app.gift(1_000, "Dora").await;
    app.sql("UPDATE users SET name = E'tab\\t, line\\n, \\\\N, é, 🏠' WHERE email = 'dora@example.org'")
        .await
        .expect("a name");
    app.verify().await; // which seals what waits, so that nothing is left to seal at the new places
    let there = copy(&app, &app.s.settings.database_url, &house.url()).await;
    assert!(there["rows"].as_i64().is_some_and(|rows| rows > 100), "{there}");
    let name = "SELECT COUNT(*) FROM users WHERE name = 'tab' || char(9) || ', line' || char(10) || ', \\N, é, 🏠'";
    assert_eq!(count(&house.url(), name).await, 1);
    // the old house can be read and not changed
    let (status, told) = try_gift(&app, "late").await;
    assert_eq!((status, told["type"].as_str()), (503, Some("urn:drempel:problem:moving")), "{told}");
    let browser = Browser::new(&app);
    assert!(browser.read("/nl/projects/kookclub").await.contains("Kookclub"));
    let again = copy(&app, &house.url(), &back).await;
    assert_eq!(there["tables"], again["tables"]);
    assert_eq!(run(&app, &back, &["verify-ledger"]).await.0, Some(0));
    // somebody lives in the new house
    let new = Db::open(&back, None).await.expect("the copy");
    assert!(!new.is_frozen().await.expect("a look"));
    new.close().await;
    let (status, printed, errors) = run(&app, &house.url(), &["copy", "--release", "--from", &house.url()]).await;
    assert_eq!((status, printed.trim()), (Some(0), "Changes can happen again."), "{errors}");
    let new = App::start_set(&[("DATABASE_URL", &house.url())]).await;
    let (status, pledge) = try_gift(&new, "Emma").await;
    assert_eq!(status, 201, "{pledge}");
    new.settle().await;
    new.verify().await;
}

/// Gifts come one after the other while the house moves: what was promised is in both houses, the rest was refused.
async fn moves_under_gifts(app: App, to: &str) {
    let app = Arc::new(app);
    let is_over = Arc::new(AtomicBool::new(false));
    let giving = tokio::spawn({
        let (app, is_over) = (app.clone(), is_over.clone());
        async move {
            let (mut promised, mut refused) = (0, 0);
            for number in 0.. {
                match try_gift(&app, &format!("giver{number}")).await {
                    (201, _) => promised += 1,
                    // promised, and then the bank was not asked for a page
                    (503, told) if told["pledge"].is_string() => promised += 1,
                    (503, told) if told["type"] == "urn:drempel:problem:moving" => refused += 1,
                    other => panic!("{other:?}"),
                }
                if is_over.load(Ordering::Relaxed) && refused > 0 {
                    break;
                }
            }
            promised
        }
    });
    copy(&app, &app.s.settings.database_url, to).await;
    is_over.store(true, Ordering::Relaxed);
    let promised = giving.await.expect("gifts");
    let (old, new) = (count(&app.s.settings.database_url, PLEDGES).await, count(to, PLEDGES).await);
    // one was under way: it may have been written down before its giver was told that the house is moving
    assert!(promised > 0 && (promised..=promised + 1).contains(&new), "{promised} promised, {new} moved");
    assert_eq!(old, new, "nothing was written to the old house after it was read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gift_during_the_move_is_in_both_houses_or_refused() {
    if !both_engines() {
        return;
    }
    let (old, new) = (House::new(), House::new());
    // so large that it is not sold out meanwhile
    let project = Some((1_000_000, 600));
    moves_under_gifts(App::start_over(project, &[]).await, &new.url()).await;
    let on_sqlite = App::start_over(project, &[("DATABASE_URL", &old.url())]).await;
    moves_under_gifts(on_sqlite, &postgres().await).await;
}

/// Starts the copy, and waits until the source is frozen and the copy stands still before this lock on the target.
async fn stuck(app: &App, to: &str) -> (Child, Conn) {
    let mut holder = Conn::connect(to).await.expect("a connection");
    sqlx::query("BEGIN").execute(&mut holder).await.expect("a transaction");
    sqlx::query("LOCK TABLE users IN SHARE MODE").execute(&mut holder).await.expect("a lock");
    let from = &app.s.settings.database_url;
    let mut command = command(app, from, &["copy", "--from", from, "--to", to]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    for _ in 0..600 {
        if app.s.db.is_frozen().await.expect("a look") {
            return (child, holder);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let _ = child.kill();
    let ended = child.wait_with_output();
    panic!("the copy never began: {ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_is_stopped_or_killed_leaves_the_old_house_whole_and_the_new_one_empty() {
    if !both_engines() {
        return;
    }
    let old = House::new();
    let app = App::start_set(&[("DATABASE_URL", &old.url())]).await;
    app.paid_gift(2_500, "Anna").await;
    let to = postgres().await;
    let target = Db::open(&to, None).await.expect("a database");
    target.migrate().await.expect("a schema");
    target.close().await;

    let (child, holder) = stuck(&app, &to).await;
    assert_eq!(try_gift(&app, "Bert").await.0, 503);
    assert!(Command::new("kill").arg(child.id().to_string()).status().expect("kill").success());
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output()).await.expect("a thread").expect("an end");
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("stopped on request"), "{ended:?}");
    holder.close().await.expect("closed");
    assert_eq!(try_gift(&app, "Bert").await.0, 201, "asked to stop, it lets changes happen again");

    let (mut child, holder) = stuck(&app, &to).await;
    child.kill().expect("killed");
    child.wait().expect("an end");
    holder.close().await.expect("closed");
    assert_eq!(try_gift(&app, "Chris").await.0, 503, "killed, it leaves nothing open that it closed");
    assert!(refused(&app, &app.s.settings.database_url, &to).await.contains("--release"));
    let words = ["copy", "--release", "--from", &app.s.settings.database_url];
    assert_eq!(run(&app, &app.s.settings.database_url, &words).await.0, Some(0));
    assert_eq!(try_gift(&app, "Chris").await.0, 201);
    assert_eq!(count(&to, PLEDGES).await, 0);
    copy(&app, &app.s.settings.database_url, &to).await;
    assert_eq!(count(&to, PLEDGES).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_move_is_refused_with_a_line_and_changes_happen_as_before() {
    if !both_engines() {
        return;
    }
    let app = App::start().await;
    let (own, house, other) = (app.s.settings.database_url.clone(), House::new(), House::new());
    assert!(refused(&app, &own, &postgres().await).await.contains("the same engine"));
    assert!(refused(&app, &house.url(), &own).await.contains("no database at --from"));
    assert!(!house.0.join("moved.db").exists(), "and none is made");
    let wrong = run(&app, &own, &["copy", "--from", &own]).await;
    assert_eq!(wrong.0, Some(2), "{wrong:?}");
    assert_eq!(run(&app, &own, &["copy", "--from", "mysql://x", "--to", &own]).await.0, Some(2));

    let lived_in = App::start_set(&[("DATABASE_URL", &other.url())]).await;
    assert!(refused(&app, &own, &other.url()).await.contains("--to is not empty: its table "));
    lived_in
        .sql("UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)")
        .await
        .expect("a step");
    assert!(refused(&app, &own, &other.url()).await.contains("--to is newer"));
    assert!(refused(&app, &other.url(), &own).await.contains("--from is newer"));
    lived_in.sql("DELETE FROM _sqlx_migrations WHERE version = 9999").await.expect("a step");
    assert!(refused(&app, &other.url(), &own).await.contains("--from lacks 1 steps"));

    app.sql("UPDATE pledge_totals SET held_cents = held_cents + 500").await.expect("a slip");
    let printed = refused(&app, &own, &house.url()).await;
    assert!(printed.contains("invariants do not hold: the totals"), "{printed}");
    assert_eq!(try_gift(&app, "Anna").await.0, 201, "changes happen again");
    let house = Db::open(&house.url(), None).await.expect("the copy");
    assert!(house.is_frozen().await.expect("a look"), "nobody works there by mistake");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_in_the_new_house_is_found() {
    if !both_engines() {
        return;
    }
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let house = House::new();
    let sides = Sides::open(&app.s.settings.database_url, &house.url()).await.expect("both");
    sides.from.freeze().await.expect("frozen");
    let prints = sides.carry_over(|_| {}).await.expect("carried over");
    sides.compare(&prints, |_| {}).await.expect("the same");
    let change = async |statement: &'static str| {
        let mut tx = sides.to.begin().await?;
        sqlx::query(statement).execute(&mut *tx).await?;
        tx.commit().await
    };
    let refused = change("UPDATE users SET name = 'x'").await.expect_err("nobody works there yet");
    assert!(is_frozen(&refused), "{refused}");
    assert!(app.sql("UPDATE users SET name = 'x'").await.is_err_and(|error| is_frozen(&error)));
    sides.to.thaw().await.expect("thawed");
    change("UPDATE users SET name = 'x' WHERE id = 'usr_t1'").await.expect("a change");
    let found = sides.compare(&prints, |_| {}).await.expect_err("another row");
    assert!(matches!(&found, CopyError::Differs { table, from, to } if table == "users" && from == to), "{found}");
    change("UPDATE users SET name = '' WHERE id = 'usr_t1'").await.expect("a change");
    sides.compare(&prints, |_| {}).await.expect("the same again");
    change("DELETE FROM staff_roles WHERE user_id = 'usr_r'").await.expect("a change");
    let found = sides.compare(&prints, |_| {}).await.expect_err("a row less");
    assert!(
        matches!(&found, CopyError::Differs { table, from, to } if table == "staff_roles" && from - 1 == *to),
        "{found}"
    );
}
