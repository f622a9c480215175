//! The log of who did what: it shows what was done to it by hand, tells from where each act came, and can be looked up.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use drempel::features::users::StaffRole;
use drempel::infra::db::Engine;
use drempel::infra::history::chain::{self, Fault};
use drempel::infra::history::search::{self, Logged, Wanted};

use crate::sign_in;
use crate::support::{App, Browser};

const ADMIN: &str = "admin@drempel.example";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Takes away what refuses a change by hand.
async fn unguarded(app: &App, table: &str) {
    let statements: &[&'static str] = match (app.s.db.engine, table) {
        (Engine::Sqlite, "entries") => {
            &["DROP TRIGGER state_changes_no_update", "DROP TRIGGER state_changes_no_delete"]
        }
        (Engine::Sqlite, "chain") => &["DROP TRIGGER audit_chain_no_update", "DROP TRIGGER audit_chain_no_delete"],
        (Engine::Sqlite, _) => &["DROP TRIGGER ledger_transactions_no_update", "DROP TRIGGER ledger_entries_no_update"],
        (Engine::Postgres, "entries") => &["DROP TRIGGER state_changes_no_change ON state_changes"],
        (Engine::Postgres, "chain") => &["DROP TRIGGER audit_chain_no_change ON audit_chain"],
        (Engine::Postgres, _) => &["DROP TRIGGER ledger_transactions_no_change ON ledger_transactions"],
    };
    for statement in statements {
        app.sql(statement).await.expect("a trigger");
    }
}

async fn faults(app: &App) -> BTreeSet<(String, String)> {
    chain::seal(&app.s.db).await.expect("sealing");
    let checked = chain::verify(&mut app.s.db.read().await.expect("a connection")).await.expect("a check");
    checked.faults.into_iter().map(|(fault, id)| (fault.as_str().to_owned(), id)).collect()
}

/// The entry that the link with this number covers.
async fn linked(app: &App, seq: i64) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    let found: (String,) = sqlx::query_as("SELECT entry_id FROM audit_chain WHERE seq = $1")
        .bind(seq)
        .fetch_one(&mut *conn)
        .await
        .expect("a link");
    found.0
}

fn one(fault: Fault, id: &str) -> BTreeSet<(String, String)> {
    BTreeSet::from([(fault.as_str().to_owned(), id.to_owned())])
}

#[tokio::test]
async fn f95_an_entry_changed_removed_or_added_by_hand_is_found_by_its_id() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(1_000, "Bert").await;
    assert_eq!(faults(&app).await, BTreeSet::new());
    for statement in ["UPDATE audit_chain SET hash = 'x'", "DELETE FROM audit_chain"] {
        assert!(app.sql(statement).await.is_err(), "{statement}");
    }
    unguarded(&app, "entries").await;
    let third = linked(&app, 3).await;
    let reason =
        "UPDATE state_changes SET reason = reason || 'x' WHERE id = (SELECT entry_id FROM audit_chain WHERE seq = 3)";
    assert_eq!(app.sql(reason).await.expect("a change"), 1);
    assert_eq!(faults(&app).await, one(Fault::Changed, &third));
    let (status, printed) = audit_verify(&app).await;
    assert!(status == Some(1) && printed.contains(&third), "{printed}");
    let back = "UPDATE state_changes SET reason = '' WHERE id = (SELECT entry_id FROM audit_chain WHERE seq = 3)";
    app.sql(back).await.expect("a change");

    let added = "INSERT INTO state_changes (id, subject, subject_id, from_state, to_state, actor, reason, at)
                 VALUES ('chg_by_hand', 'round', 'rnd_1', 'selling', 'settled', 'usr_t1', '', '2026-01-01T00:00:00.000Z')";
    app.sql(added).await.expect("an entry");
    assert_eq!(faults(&app).await, one(Fault::Added, "chg_by_hand"));
    app.sql("DELETE FROM state_changes WHERE id = 'chg_by_hand'").await.expect("a removal");
    assert_eq!(audit_verify(&app).await.0, Some(0));

    app.sql("DELETE FROM state_changes WHERE id = (SELECT entry_id FROM audit_chain WHERE seq = 3)")
        .await
        .expect("a removal");
    assert_eq!(faults(&app).await, one(Fault::Removed, &third));
}

async fn audit_verify(app: &App) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drempel"));
    command.args(["--json", "audit", "verify"]).current_dir(std::env::temp_dir());
    command.env("DATABASE_URL", &app.s.settings.database_url).env("RUST_LOG", "error");
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("the program");
    (ran.status.code(), String::from_utf8(ran.stdout).expect("text"))
}

#[tokio::test]
async fn f95_a_link_that_was_changed_or_cut_off_is_found() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(1_000, "Bert").await;
    assert_eq!(faults(&app).await, BTreeSet::new());
    unguarded(&app, "chain").await;
    app.sql("UPDATE audit_chain SET hash = 'x' || substr(hash, 2) WHERE seq = 2").await.expect("a change");
    assert_eq!(faults(&app).await, one(Fault::Link, "2"));
    app.sql("DELETE FROM audit_chain WHERE seq > 3").await.expect("a removal");
    let found = faults(&app).await;
    assert!(found.contains(&("link".to_owned(), "3".to_owned())), "the end is cut off: {found:?}");
    assert!(found.iter().any(|(fault, _)| fault == "added"), "entries without a link: {found:?}");
    // whatever is wrong is a case within the hour
    app.advance(3_700).await;
    let checks = drempel::app::verify::all(&app.s).await.expect("checks");
    assert!(checks.iter().any(|check| check.name == "log" && !check.offending.is_empty()));
    let mut conn = app.s.db.read().await.expect("a connection");
    let (cases,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM cases WHERE subject_id LIKE 'invariant:log:%'")
        .fetch_one(&mut *conn)
        .await
        .expect("cases");
    assert_eq!(cases, 1);
}

#[tokio::test]
async fn f95_a_row_of_the_books_changed_by_hand_breaks_their_chain() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.verify().await;
    unguarded(&app, "books").await;
    app.sql("UPDATE ledger_transactions SET actor = 'somebody else'").await.expect("a change");
    let checks = drempel::app::verify::all(&app.s).await.expect("checks");
    let broken: Vec<&str> = checks.iter().filter(|check| !check.offending.is_empty()).map(|check| check.name).collect();
    assert_eq!(broken, ["I19"]);
}

async fn logged(s: &drempel::infra::Services, wanted: Wanted) -> Vec<Logged> {
    search::page(&mut s.db.read().await.expect("a connection"), &wanted, true, 100, 0).await.expect("entries")
}

#[tokio::test]
async fn an_entry_tells_who_acted_with_which_right_and_from_where() {
    let app = sign_in::App::new().await;
    let link = app.staff("reviewer@drempel.example", StaffRole::Reviewer).await;
    let mut browser = app.browser();
    (browser.peer, browser.agent) = (Some("203.0.113.9:1".parse().expect("an address")), FIREFOX);
    browser.enrol(&link).await;
    let refused = browser.post("/nl/staff/transfers/propose?key=0123456789abcdef0123456789abcdef", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let entries = logged(&app.services, Wanted::default()).await;
    let by = |action: &str| entries.iter().find(|entry| entry.action.as_str() == action).expect("an entry");
    let (refusal, signed_in) = (by("refused"), by("signed_in"));
    assert_eq!(refusal.subject_id, "/nl/staff/transfers/propose");
    assert_eq!((refusal.role.as_str(), refusal.factor.as_str()), ("reviewer", "app"));
    assert_eq!((refusal.network.as_str(), refusal.device.as_str()), ("203.0.113.9", "Firefox, Windows"));
    assert_eq!((refusal.to_state.as_str(), refusal.reason.as_str(), refusal.request.len()), ("403", "POST", 8));
    // whoever is not of the team at that moment leaves half an address
    assert_eq!((signed_in.network.as_str(), signed_in.to_state.as_str()), ("203.0.113.0/24", "app"));
    let wrong = browser.post("/nl/sign-in/factor", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.pass(1);
    browser.post("/nl/sign-out", &[]).await;
    let entries = logged(&app.services, Wanted::default()).await;
    let actions: Vec<_> = entries.iter().take(2).map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["signed_out", "factor_wrong"]);
    let roles = logged(&app.services, Wanted { text: "STAFF roles".into(), ..Wanted::default() }).await;
    assert_eq!((roles.len(), roles[0].to_state.as_str(), roles[0].network.as_str()), (1, "reviewer", ""));
}

#[tokio::test]
async fn an_admin_looks_the_log_up_and_takes_out_what_is_shown() {
    let app = App::start_demo().await;
    let (admin, reviewer) =
        (Browser::signed_in(&app, ADMIN).await, Browser::signed_in(&app, "reviewer@drempel.example").await);
    assert_eq!(Browser::new(&app).get("/nl/staff/audit").await.0, 303);
    assert_eq!(reviewer.get("/nl/staff/audit").await.0, 403);
    assert_eq!(reviewer.get("/nl/staff/audit.csv").await.0, 403);
    let treasurer = Browser::treasurer(&app, 1).await;
    let stop = [("to", "off"), ("reason", "=HYPERLINK asked by anna@example.org for NL91ABNA0417164300")];
    assert_eq!(treasurer.post("/nl/staff/jobs/refunds/switch", &stop).await.0, 303);

    let found = admin.read("/en/staff/audit?person=treasurer1%40drempel.example&action=changed").await;
    assert!(found.contains("1 found") && found.contains("a***@example.org") && found.contains("***4300"), "{found}");
    assert!(!found.contains("anna@example.org") && !found.contains("NL91ABNA0417164300"));
    assert!(found.contains("/en/staff/jobs/refunds") && found.contains("treasurer"));
    for (query, count) in [
        ("object=refunds", "1 found"),
        ("text=hyperlink", "1 found"),
        ("text=hyper%25link", "Nothing found"),
        ("object=refunds&to=2000-01-01", "Nothing found"),
        ("object=refunds&from=2000-01-01", "1 found"),
        ("action=refused", "2 found"),
        // what is no day is left out, as everywhere
        ("object=refunds&from=yesterday", "1 found"),
    ] {
        assert!(admin.read(&format!("/en/staff/audit?{query}")).await.contains(count), "{query}");
    }

    let file = String::from_utf8(admin.file("/en/staff/audit.csv?object=refunds").await).expect("text");
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 2, "{file}");
    assert!(lines[1].contains(",'=HYPERLINK asked by a***@example.org"), "{file}");
    let looks = logged(&app.s, Wanted { subject_id: "audit".into(), ..Wanted::default() }).await;
    assert_eq!(looks.len(), 1, "a look is no entry, the file is");
    assert_eq!((looks[0].action.as_str(), looks[0].reason.as_str()), ("exported", "object=refunds"));
    app.settle().await;
    app.verify().await;
}

#[tokio::test]
async fn support_sees_what_a_user_sees_and_can_do_nothing_there() {
    let app = App::start_demo().await;
    let admin = Browser::signed_in(&app, ADMIN).await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let members = drempel::features::organisations::actions::members(&mut conn).await.expect("members");
    let user = drempel::features::users::actions::by_id(&mut conn, &members[0].user_id).await.expect("a read");
    let user = user.expect("a member");
    drop(conn);
    Browser::signed_in(&app, &user.email).await;
    let path = format!("/en/staff/users/{}/view", user.id);
    assert!(admin.read(&format!("/en/staff/users/{}", user.id)).await.contains(&path));
    let page = admin.read(&path).await;
    let html = scraper::Html::parse_document(&page);
    let acts = scraper::Selector::parse("main form, main button, main input").expect("a selector");
    assert_eq!(html.select(&acts).count(), 0);
    assert!(page.contains(&user.email) && page.contains(&members[0].organisation) && page.contains("Signed in with"));
    let main = scraper::Selector::parse("main").expect("a selector");
    let told: String = html.select(&main).flat_map(|main| main.text()).collect();
    assert!(!told.contains("support-") && !told.contains("member-role-"), "a text is missing: {told}");
    let treasurer = Browser::treasurer(&app, 1).await;
    assert_eq!(treasurer.get(&path).await.0, 403);
    assert_eq!(admin.get("/en/staff/users/usr_nobody/view").await.0, 404);
    let looks = logged(&app.s, Wanted { subject_id: user.id.clone(), ..Wanted::default() }).await;
    let viewed: Vec<&Logged> = looks.iter().filter(|entry| entry.action.as_str() == "viewed").collect();
    assert_eq!(viewed.len(), 1);
    assert_eq!(viewed[0].role, "admin");
}
