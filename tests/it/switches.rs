//! What happens by itself can be switched off, on the pages and for every process of the database, and tells how it went.

use drempel::infra::periodic::{self, TASKS};

use crate::support::App;

/// A member of the team with a browser of its own, signed in with a fresh second factor.
pub struct Member<'a> {
    pub app: &'a App,
    http: reqwest::Client,
}

impl<'a> Member<'a> {
    pub async fn sign_in(app: &'a App, email: &str) -> Member<'a> {
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).cookie_store(true).build().expect("a client");
        let answer = http.post(app.url("/dev/sign-in")).form(&[("email", email)]).send().await.expect("an answer");
        assert_eq!(answer.status(), 303);
        Member { app, http }
    }

    /// A page that must be there, with all its texts.
    pub async fn read(&self, path: &str) -> String {
        let answer = self.http.get(self.app.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        let body = answer.text().await.expect("a page");
        let page = scraper::Html::parse_document(&body);
        for text in page.root_element().text() {
            for noun in ["staff-", "task-", "case-", "reconciliation-", "approval-", "alarm-"] {
                assert!(!text.trim_start().starts_with(noun), "{path}: the text {text} is missing");
            }
        }
        body
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> u16 {
        self.http.post(self.app.url(path)).form(form).send().await.expect("an answer").status().as_u16()
    }
}

async fn is_on(app: &App, name: &str) -> bool {
    periodic::is_on(&mut app.s.db.read().await.expect("a connection"), name).await.expect("a switch")
}

#[tokio::test]
async fn staff_switch_a_task_off_with_a_reason_and_it_stays_off() {
    let app = App::start().await;
    let treasurer = Member::sign_in(&app, "treasurer1@drempel.example").await;
    let reviewer = Member::sign_in(&app, "reviewer@drempel.example").await;
    app.settle().await;
    let switch = "/nl/staff/jobs/refunds/switch";
    assert_eq!(treasurer.post(switch, &[("to", "off"), ("reason", " ")]).await, 422);
    assert_eq!(reviewer.post(switch, &[("to", "off"), ("reason", "x")]).await, 403);
    assert_eq!(treasurer.post(switch, &[("to", "sideways"), ("reason", "x")]).await, 400);
    assert_eq!(treasurer.post("/nl/staff/jobs/nothing/switch", &[("to", "off"), ("reason", "x")]).await, 404);
    assert!(is_on(&app, "refunds").await);
    assert_eq!(treasurer.post(switch, &[("to", "off"), ("reason", "the provider asked for it")]).await, 303);
    assert_eq!(treasurer.post(switch, &[("to", "off"), ("reason", "once more")]).await, 303);
    assert!(!is_on(&app, "refunds").await);

    let pledge = app.paid_gift(2_500, "Anna").await;
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    assert_eq!(app.state_in_database(&pledge).await, "refunding");
    assert_eq!(app.effects().await["refunds"].as_array().map_or(0, Vec::len), 0);

    let page = treasurer.read("/nl/staff/jobs/refunds").await;
    assert!(page.contains("the provider asked for it") && !page.contains("once more"));
    assert_eq!(treasurer.post(switch, &[("to", "on"), ("reason", "done")]).await, 303);
    app.settle().await;
    assert_eq!(app.state_in_database(&pledge).await, "refunded");
    for lang in ["nl", "en"] {
        treasurer.read(&format!("/{lang}/staff/jobs")).await;
        for task in TASKS {
            treasurer.read(&format!("/{lang}/staff/jobs/{}", task.name)).await;
        }
    }
}

#[tokio::test]
async fn jobs_and_letters_wait_while_they_are_off() {
    let app = App::start().await;
    app.settle().await;
    let treasurer = Member::sign_in(&app, "treasurer2@drempel.example").await;
    for name in ["letters", "payment.check"] {
        let path = format!("/en/staff/jobs/{name}/switch");
        assert_eq!(treasurer.post(&path, &[("to", "off"), ("reason", "a look")]).await, 303);
    }
    let pledge = app.gift(2_500, "Anna").await;
    // the webhook asks for the payment to be looked at; that waits
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    assert_eq!(app.state_in_database(&pledge).await, "reserved");
    let on = [("to", "on"), ("reason", "seen")];
    assert_eq!(treasurer.post("/en/staff/jobs/payment.check/switch", &on).await, 303);
    app.settle().await;
    assert_eq!(app.state_in_database(&pledge).await, "held");
    assert!(app.letters("anna@example.org").await.is_empty());
    assert_eq!(treasurer.post("/en/staff/jobs/letters/switch", &on).await, 303);
    app.settle().await;
    assert_eq!(app.letters("anna@example.org").await, ["payment_received", "pledge_received"]);
}

#[tokio::test]
async fn every_task_by_the_clock_runs_and_says_how_it_went() {
    let app = App::start().await;
    app.settle().await;
    app.advance(2 * 86_400).await;
    let rows = periodic::all(&mut app.s.db.read().await.expect("a connection")).await.expect("tasks");
    assert_eq!(rows.len(), TASKS.len());
    for task in TASKS.iter().filter(|task| task.is_by_the_clock()) {
        let row = rows.iter().find(|row| row.name == task.name).expect("a row");
        assert_eq!((row.outcome.as_str(), row.failures), ("done", 0), "{}: {}", task.name, row.result);
        assert!(row.due_at > app.s.clock.now(), "{}", task.name);
    }
    // one that was asked for runs at once, one that is off does not
    let treasurer = Member::sign_in(&app, "treasurer1@drempel.example").await;
    let ran = |rows: Vec<periodic::Standing>| rows.into_iter().find(|r| r.name == "forget").and_then(|r| r.ran_at);
    let before = ran(rows);
    assert_eq!(treasurer.post("/nl/staff/jobs/forget/run", &[]).await, 303);
    assert_eq!(treasurer.post("/nl/staff/jobs/refunds/run", &[]).await, 400);
    app.advance(1).await;
    let after = ran(periodic::all(&mut app.s.db.read().await.expect("a connection")).await.expect("tasks"));
    assert!(after > before);
    assert_eq!(treasurer.post("/nl/staff/jobs/forget/switch", &[("to", "off"), ("reason", "x")]).await, 303);
    app.advance(3 * 86_400).await;
    let still = ran(periodic::all(&mut app.s.db.read().await.expect("a connection")).await.expect("tasks"));
    assert_eq!(still, after);
}
