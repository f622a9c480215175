//! Several programs on one database: what one has taken another passes over, one that slept changes nothing, a server that goes away
//! and comes back, a clock that is wrong, and a schema that takes a step while programs of the step before run on.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use drempel::app::{router, time, worker};
use drempel::features::payments;
use drempel::infra::clock::Clock;
use drempel::infra::db::{Db, Engine};
use drempel::infra::letters::{self, Fate, Letter};
use drempel::infra::periodic::{self, Watch};
use drempel::infra::stripe::{Limiter, Stripe};
use drempel::infra::{Services, jobs};
use drempel::values::{Lang, Timestamp};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::support::App;

/// Longer than the lease of a job, a letter or a refund.
const PAST_A_LEASE: i64 = 121;

async fn five_thousand_jobs(app: &App, now: Timestamp) {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO jobs (id, kind, subject, due_at, lease_until, lease_token, generation, attempts, last_error, created_at)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5000)
         SELECT 'job_' || CAST(n AS TEXT), 'test.work', CAST(n AS TEXT), $1, '', '', 1, 0, '', $1 FROM numbers",
    )
    .bind(now)
    .execute(&mut *tx)
    .await
    .expect("jobs");
    tx.commit().await.expect("a commit");
}

/// Takes jobs until none is left; answers their ids.
async fn take_all(db: Db, now: Timestamp) -> Vec<String> {
    let mut taken = Vec::new();
    loop {
        let jobs = jobs::claim(&db, now).await.expect("nobody is broken off");
        assert!(jobs.len() <= 50, "{} at once", jobs.len());
        if jobs.is_empty() {
            return taken;
        }
        taken.extend(jobs.into_iter().map(|job| job.id));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_thousand_jobs_go_to_four_workers_each_once_and_nobody_is_broken_off() {
    let app = App::start().await;
    let now = app.s.clock.now();
    five_thousand_jobs(&app, now).await;
    let workers: Vec<_> = (0..4).map(|_| tokio::spawn(take_all(app.s.db.clone(), now))).collect();
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.expect("a worker"));
    }
    // who found everything in others' hands went home early
    taken.extend(take_all(app.s.db.clone(), now).await);
    assert_eq!((taken.len(), taken.iter().collect::<HashSet<_>>().len()), (5_000, 5_000));
    if app.s.db.engine == Engine::Postgres {
        let asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        let (deadlocks,): (i64,) =
            sqlx::query_as(asked).fetch_one(&mut *app.s.db.read().await.expect("a line")).await.expect("a count");
        assert_eq!(deadlocks, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_worker_holds_is_passed_over_without_waiting() {
    let app = App::start().await;
    if app.s.db.engine == Engine::Sqlite {
        return; // writers come one after the other there
    }
    let now = app.s.clock.now();
    five_thousand_jobs(&app, now).await;
    let mut holder = app.s.db.begin().await.expect("a transaction");
    sqlx::query("UPDATE jobs SET id = id WHERE id IN (SELECT id FROM jobs ORDER BY due_at, id LIMIT 30)")
        .execute(&mut *holder)
        .await
        .expect("a lock");
    let claimed = tokio::time::timeout(Duration::from_secs(5), jobs::claim(&app.s.db, now)).await;
    assert_eq!(claimed.expect("it does not wait").expect("jobs").len(), 50);
    holder.commit().await.expect("a commit");
}

/// A moment after which a lease taken now has run out.
fn past(now: Timestamp) -> Timestamp {
    now.plus_seconds(PAST_A_LEASE)
}

#[tokio::test]
async fn a_worker_that_slept_past_its_lease_changes_nothing_of_a_job() {
    let app = App::start().await;
    let (db, now) = (&app.s.db, app.s.clock.now());
    let mut tx = db.begin().await.expect("a transaction");
    jobs::enqueue(&mut tx, now, "test.work", "one", now).await.expect("a job");
    tx.commit().await.expect("a commit");
    let slept = jobs::claim(db, now).await.expect("jobs").pop().expect("a job");
    assert!(jobs::claim(db, now).await.expect("jobs").is_empty());
    let awake = jobs::claim(db, past(now)).await.expect("jobs").pop().expect("the same job");
    assert_eq!(slept.id, awake.id);

    jobs::done(db, &slept).await.expect("nothing happens");
    jobs::later(db, &slept, now, "slept").await.expect("nothing happens");
    assert!(jobs::claim(db, past(now)).await.expect("jobs").is_empty(), "the lease of the other was given up");
    let (tries, _) = jobs::waiting(&mut db.read().await.expect("a line"), now).await.expect("a count");
    assert_eq!(tries, 1, "the job of the other was ended");
    assert!(jobs::troubled(&mut db.read().await.expect("a line"), 9).await.expect("jobs").is_empty());

    jobs::done(db, &awake).await.expect("it ends");
    let (left, _) = jobs::waiting(&mut db.read().await.expect("a line"), now).await.expect("a count");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_worker_that_slept_past_its_lease_changes_nothing_of_a_letter() {
    let app = App::start().await;
    let (db, now) = (&app.s.db, app.s.clock.now());
    let (kind, language) = ("pledge_received", Lang::Nl);
    let mut tx = db.begin().await.expect("a transaction");
    let letter = Letter { kind, cause_id: "plg_1", user_id: "usr_owner", language, due: now, secret: "" };
    letters::queue(&mut tx, now, letter).await.expect("a letter");
    tx.commit().await.expect("a commit");
    let slept = letters::claim(db, now, false).await.expect("letters").pop().expect("a letter");
    let awake = letters::claim(db, past(now), false).await.expect("letters").pop().expect("the same letter");
    assert_eq!(slept.id, awake.id);

    let mut tx = db.begin().await.expect("a transaction");
    for fate in [
        Fate::Failed { error: "slept".to_owned() },
        Fate::Later { due: now, error: "slept".to_owned(), counted: true },
        Fate::Skipped,
    ] {
        letters::mark(&mut tx, now, &slept, &fate).await.expect("nothing happens");
    }
    tx.commit().await.expect("a commit");
    let kept = letters::of_user(&mut db.read().await.expect("a line"), "usr_owner", 9).await.expect("letters");
    assert_eq!((kept.len(), kept[0].state.as_str(), kept[0].last_error.as_str()), (1, "queued", ""));
    assert!(letters::claim(db, past(now), false).await.expect("letters").is_empty());

    let mut tx = db.begin().await.expect("a transaction");
    letters::mark(&mut tx, now, &awake, &Fate::Skipped).await.expect("it ends");
    tx.commit().await.expect("a commit");
    let kept = letters::of_user(&mut db.read().await.expect("a line"), "usr_owner", 9).await.expect("letters");
    assert_eq!(kept[0].state.as_str(), "skipped");
}

#[tokio::test]
async fn a_worker_that_slept_past_its_lease_changes_nothing_of_a_task() {
    let app = App::start().await;
    let (db, now) = (&app.s.db, app.s.clock.now());
    periodic::begin(db, now).await.expect("rows");
    let task = periodic::find("alarms").expect("a task");
    let mut tx = db.begin().await.expect("a transaction");
    assert!(periodic::ask(&mut tx, task, now).await.expect("asked"));
    tx.commit().await.expect("a commit");
    let slept = periodic::claim(db, now).await.expect("tasks").pop().expect("a task");
    let later = now.plus_seconds(901);
    let mut awake = periodic::claim(db, later).await.expect("tasks");
    awake.retain(|claimed| claimed.task.name == task.name);
    let run = || Watch::start(&app.s).stop(&app.s, Ok("slept".to_owned()));
    periodic::finish(db, &slept, &run(), later).await.expect("nothing happens");
    let standing = async || {
        let rows = periodic::all(&mut db.read().await.expect("a line")).await.expect("rows");
        rows.into_iter().find(|row| row.name == task.name).expect("its row")
    };
    assert_eq!((standing().await.result.as_str(), standing().await.due_at), ("", now));
    let run = Watch::start(&app.s).stop(&app.s, Ok("awake".to_owned()));
    periodic::finish(db, &awake.pop().expect("the same task"), &run, later).await.expect("it ends");
    assert_eq!(standing().await.result, "awake");
}

/// A provider that says nothing until it is told to, and then that it is broken. Answers its address and who tells it.
async fn silent_provider() -> (String, Arc<Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let speak = Arc::new(Notify::new());
    let told = speak.clone();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let told = told.clone();
            tokio::spawn(async move {
                told.notified().await;
                told.notify_one();
                let _ =
                    line.write_all(b"HTTP/1.1 500 Broken\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await;
            });
        }
    });
    (address, speak)
}

/// The same program with another provider.
fn with_provider(app: &App, address: &str) -> Services {
    let mut s = app.s.clone();
    let limiter = Limiter::new(s.db.clone(), s.clock.clone(), 1_000);
    s.stripe = Stripe::new(&s.settings.stripe, address, limiter).expect("a client");
    s
}

/// Lease token, generation and attempts of the one refund.
async fn lease(app: &App) -> (String, i64, i64) {
    let mut conn = app.s.db.read().await.expect("a line");
    let asked = "SELECT CASE WHEN lease_until = '' THEN '' ELSE lease_token END, generation, attempts FROM refunds";
    sqlx::query_as(asked).fetch_one(&mut *conn).await.expect("a refund")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_slept_past_its_lease_changes_nothing_of_a_refund() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    let (reference, key) = (pledge["reference"].as_str().expect("one"), pledge["key"].as_str().expect("one"));
    let cancelled = app.http.post(app.url(&format!("/api/v1/pledges/{reference}/cancel?key={key}"))).send().await;
    assert_eq!(cancelled.expect("an answer").status(), 200);
    let take = async |attempts: i64| {
        let (address, speak) = silent_provider().await;
        let s = with_provider(&app, &address);
        let taking = tokio::spawn(async move { payments::refunds::run(&s).await });
        for _ in 0..500 {
            if lease(&app).await.2 == attempts {
                return (taking, speak);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the refund was not taken");
    };
    let (slept, wake) = take(1).await;
    app.s.clock.set_offset_seconds(PAST_A_LEASE);
    let (awake, answer) = take(2).await;
    let held = lease(&app).await;

    wake.notify_one();
    assert_eq!(slept.await.expect("a worker").expect("it ends"), 1);
    assert_eq!(lease(&app).await, held, "it gave up what the other holds");
    answer.notify_one();
    assert_eq!(awake.await.expect("a worker").expect("it ends"), 1);
    assert_eq!(lease(&app).await.0, "");

    app.advance(7_200).await;
    assert_eq!(app.status(&pledge).await, "refunded");
    let sent_back = app.effects().await["refunds"].as_array().map_or(0, Vec::len);
    assert_eq!(sent_back, 1);
    app.verify().await;
}

/// Serves these services beside the app; answers the address.
async fn serve(s: Services) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let app = router::build(s).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    base
}

#[tokio::test]
async fn f87_a_node_whose_clock_is_wrong_is_not_ready_and_takes_no_work() {
    let app = App::start().await;
    let mut s = app.s.clone();
    s.clock = Clock::made_up(app.s.clock.now().plus_seconds(360));
    if s.db.engine == Engine::Postgres {
        assert!(time::compare(&s).await);
        assert!((350_000..=370_000).contains(&s.clock.off_millis()), "{}", s.clock.off_millis());
        assert!(time::compare(&app.s).await && !app.s.clock.is_wrong(), "{}", app.s.clock.off_millis());
    } else {
        // a file's time is this machine's: there is nothing to compare with
        assert!(time::compare(&s).await && !s.clock.is_wrong());
        s.clock.compared(360_000_000, 0, 360_000_000);
    }
    let base = serve(s.clone()).await;
    let ready = app.http.get(format!("{base}/readyz")).send().await.expect("an answer");
    assert_eq!((ready.status().as_u16(), ready.text().await.expect("text").as_str()), (503, "the clock is wrong"));
    assert_eq!(app.http.get(app.url("/readyz")).send().await.expect("an answer").status(), 200);

    let pledge = app.gift(2_500, "Anna").await;
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.bank.tick().await;
    let waits = async || {
        let mut conn = app.s.db.read().await.expect("a line");
        jobs::waiting(&mut conn, app.s.clock.now()).await.expect("a count").0
    };
    let before = waits().await;
    assert!(before > 0);
    worker::run_due(&s).await.expect("it rests");
    assert_eq!((waits().await, app.status(&pledge).await.as_str()), (before, "reserved"));

    s.clock.compared(0, 0, 0);
    worker::run_due(&s).await.expect("it works again");
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "held");
}

#[tokio::test(flavor = "multi_thread")]
async fn f88_a_program_goes_on_while_the_schema_takes_the_next_step_and_is_not_started_anew() {
    let app = App::start().await;
    if app.s.db.engine == Engine::Sqlite {
        return; // one program has the file: it is stopped before the next version begins
    }
    app.paid_gift(2_500, "Anna").await;
    // as the next version would do it: only things are added, and its step is noted
    for step in [
        "ALTER TABLE pledges ADD COLUMN next_step TEXT",
        "ALTER TABLE payments ADD COLUMN next_step BIGINT",
        "ALTER TABLE projects ADD COLUMN next_step TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE rounds ADD COLUMN next_step TEXT",
        "ALTER TABLE users ADD COLUMN next_step TEXT",
        "ALTER TABLE refunds ADD COLUMN next_step TEXT",
        "CREATE TABLE next_things (id TEXT NOT NULL PRIMARY KEY)",
    ] {
        app.sql(step).await.expect("a step");
    }
    let noted = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
         VALUES (9999, 'next', now(), true, '\\x00', 0)";
    app.sql(noted).await.expect("a note");

    let mut tries = 0;
    for name in ["Bea", "Cas", "Daan", "Eva"] {
        let body =
            json!({ "amount_cents": 2_500, "email": format!("{name}@example.org"), "name": name, "language": "nl" });
        let pledge = loop {
            tries += 1;
            match app.pledge("kookclub", &format!("next-{name}"), &body).await {
                (201, pledge) => break pledge,
                (503, _) if tries < 12 => {}
                (status, answer) => panic!("{status} {answer}"),
            }
        };
        assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
        app.settle().await;
        assert_eq!(app.status(&pledge).await, "held");
    }
    assert!(app.http.get(app.url("/nl/projects/kookclub")).send().await.expect("an answer").status().is_success());
    app.verify().await;
    let started = app.s.db.migrate().await;
    assert!(matches!(started, Err(sqlx::migrate::MigrateError::VersionMissing(9999))), "{started:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f79_lines_to_a_server_that_went_away_or_takes_no_changes_are_replaced_by_themselves() {
    let app = App::start().await;
    if app.s.db.engine == Engine::Sqlite {
        return; // a file does not go away
    }
    app.paid_gift(2_500, "Anna").await;
    let name = app.s.settings.database_url.rsplit_once('/').expect("a name").1.to_owned();
    let server = std::env::var("TEST_POSTGRES_URL").expect("a server");
    let mut outside = <sqlx::AnyConnection as sqlx::Connection>::connect(&server).await.expect("the server");
    let mut order = async |statement: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut outside).await.expect("an order");
    };
    let end_all = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    let ready = async || app.http.get(app.url("/readyz")).send().await.expect("an answer").status().as_u16();

    // it is back at once: at most one request notices
    order(end_all.clone()).await;
    let first = ready().await;
    assert!([200, 503].contains(&first), "{first}");
    for number in 0..12 {
        app.gift(2_500, &format!("Bea{number}")).await;
    }
    worker::run_due(&app.s).await.expect("the worker goes on");

    // what answers at the address is a server that takes no changes
    order(format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    order(end_all.clone()).await;
    ready().await;
    let body = json!({ "amount_cents": 2_500, "email": "c@example.org", "name": "Cas", "language": "nl" });
    let (status, answer) = app.pledge("kookclub", "cas", &body).await;
    assert_eq!(status, 503, "{answer}");
    assert_eq!(ready().await, 503);
    assert!(worker::run_due(&app.s).await.is_err_and(|error| error.is_away()));

    order(format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
    let (status, answer) = app.pledge("kookclub", "cas", &body).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(ready().await, 200);
    worker::run_due(&app.s).await.expect("the worker goes on");
    app.verify().await;
}
