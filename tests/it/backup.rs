//! A copy of the database is made while the program works, and put back without telling or paying anybody twice.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use drempel::infra::db::{Db, Engine};
use drempel::infra::periodic;

use crate::support::App;

const OUTGOING: [&str; 5] = ["refunds", "letters", "closing", "calendar", "payouts.pay"];

/// Runs the program on a database with the bank of the one under test.
async fn run(app: &App, database: &str, words: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drempel"));
    command.args(words).current_dir(std::env::temp_dir()).env("DATABASE_URL", database);
    command.env("STRIPE_API_URL", app.url("/dev/bank")).env("RUST_LOG", "error");
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("the program");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("drempel-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Which of what tells or pays people is off.
async fn off(database: &str) -> Vec<&'static str> {
    let db = Db::open(database, None).await.expect("a database");
    let mut conn = db.read().await.expect("a connection");
    let mut off = Vec::new();
    for name in OUTGOING {
        if !periodic::is_on(&mut conn, name).await.expect("a switch") {
            off.push(name);
        }
    }
    drop(conn);
    db.close().await;
    off
}

#[tokio::test]
async fn a_copy_put_back_waits_with_letters_and_money_until_nothing_differs() {
    let app = App::start().await;
    let own = app.s.settings.database_url.clone();
    let folder = Folder::new("backup");
    let copy = folder.file("copy.db");
    app.paid_gift(2_500, "Anna").await;
    let moved = [("advance_seconds", "86400")];
    assert!(app.http.post(app.url("/dev/clock")).form(&moved).send().await.expect("an answer").status().as_u16() < 400);
    app.settle().await;
    if app.s.db.engine == Engine::Postgres {
        let (status, printed) = run(&app, &own, &["backup", &copy]).await;
        assert!(status == Some(1) && printed.contains("pg_dump") && !Path::new(&copy).exists(), "{printed}");
        return;
    }
    let (status, printed) = run(&app, &own, &["--json", "backup", &copy]).await;
    assert_eq!(status, Some(0), "{printed}");
    let mode = std::fs::metadata(&copy).expect("the copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only who made it reads it");
    let (status, printed) = run(&app, &own, &["backup", &copy]).await;
    assert!(status == Some(1) && printed.contains("exists already"), "nothing is written over: {printed}");
    let (status, printed) = run(&app, &own, &["restore", &copy]).await;
    assert!(status == Some(1) && printed.contains("in use"), "not under a running program: {printed}");
    assert_eq!(off(&own).await, Vec::<&str>::new(), "and nothing changed there");
    app.verify().await;

    let database = format!("sqlite://{}", folder.file("drempel.db"));
    let (status, printed) = run(&app, &database, &["restore", &copy]).await;
    assert!(status == Some(0) && !printed.contains("is kept as"), "{printed}");
    assert_eq!(off(&database).await, OUTGOING);
    assert_eq!(run(&app, &database, &["verify-ledger"]).await.0, Some(0));
    let (status, printed) = run(&app, &database, &["restore", &copy]).await;
    assert!(status == Some(0) && printed.contains("is kept as"), "the one before is not lost: {printed}");
    let (status, printed) = run(&app, &database, &["reconcile"]).await;
    assert_eq!((status, off(&database).await), (Some(0), vec![]), "{printed}");
}

#[tokio::test]
async fn a_difference_after_the_copy_keeps_money_and_letters_waiting() {
    let app = App::start().await;
    if app.s.db.engine == Engine::Postgres {
        return;
    }
    let folder = Folder::new("backup-older");
    let (copy, database) = (folder.file("copy.db"), format!("sqlite://{}", folder.file("drempel.db")));
    app.paid_gift(2_500, "Anna").await;
    app.sql("UPDATE pledge_totals SET held_cents = held_cents + 500").await.expect("a slip");
    assert_eq!(run(&app, &app.s.settings.database_url, &["backup", &copy]).await.0, Some(0));
    assert_eq!(run(&app, &database, &["restore", &copy]).await.0, Some(0));
    assert_eq!(run(&app, &database, &["reconcile"]).await.0, Some(1));
    assert_eq!(off(&database).await, OUTGOING, "a person looks first");
}

#[tokio::test]
async fn what_is_no_whole_copy_is_not_put_back() {
    let app = App::start().await;
    if app.s.db.engine == Engine::Postgres {
        return;
    }
    let folder = Folder::new("backup-broken");
    let (copy, database) = (folder.file("copy.db"), format!("sqlite://{}", folder.file("drempel.db")));
    assert_eq!(run(&app, &app.s.settings.database_url, &["backup", &copy]).await.0, Some(0));
    let bytes = std::fs::read(&copy).expect("the copy");
    let (half, text, newer) = (folder.file("half.db"), folder.file("text.db"), folder.file("newer.db"));
    std::fs::write(&half, &bytes[..bytes.len() / 2]).expect("half a copy");
    std::fs::write(&text, "not a database at all").expect("a text");
    std::fs::copy(&copy, &newer).expect("a copy");
    let db = Db::open(&format!("sqlite://{newer}"), None).await.expect("a database");
    let mut tx = db.begin().await.expect("a transaction");
    sqlx::query(
        "UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
    )
    .execute(&mut *tx)
    .await
    .expect("a step of the future");
    tx.commit().await.expect("a commit");
    db.close().await;
    let nothing = folder.file("nothing.db");
    for (file, why) in
        [(&half, "no whole copy"), (&text, "no whole copy"), (&nothing, "no such file"), (&newer, "newer program")]
    {
        let (status, printed) = run(&app, &database, &["restore", file]).await;
        assert!(status == Some(1) && printed.contains(why), "{file}: {printed}");
    }
    let left: Vec<_> =
        std::fs::read_dir(&folder.0).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("drempel.")), "nothing half-done: {left:?}");
}
