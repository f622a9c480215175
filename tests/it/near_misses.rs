//! Near misses: the owner's words, the choices of backers, the second plan.

use drempel::features::consents::{NearMissState, actions as consents};
use drempel::features::projects::{self, ProjectState};
use drempel::features::rounds::{self, RoundState};
use drempel::features::settlement::{Decision, actions as settlements};
use serde_json::{Value, json};

use crate::support::{App, Browser};

const CLOSING: &str = "/nl/staff/rounds/1/closing";
pub const STUDIO: &str = "/nl/studio/projects/kookclub/near-miss";
const DAY: i64 = 86_400;

/// A round with a band of 80 percent and a project whose threshold is 1,000 euros and whose impact value is 2,000.
pub async fn start() -> App {
    let app = App::start_with(2_000, 1_000).await;
    app.sql("UPDATE rounds SET near_miss_percent = 80").await.expect("a band");
    app
}

/// Proposed by the one and approved by the other, with the hash of the page.
async fn decide(app: &App) {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let hash = one.marked(CLOSING, "data-hash").await;
    let propose = [("hash", hash.as_str()), ("reason", "alles is klaar")];
    assert_eq!(one.post(&format!("{CLOSING}/propose"), &propose).await.0, 303);
    assert_eq!(one.post(&format!("{CLOSING}/approve"), &[("hash", &hash)]).await.0, 403, "not by the same person");
    assert_eq!(two.post(&format!("{CLOSING}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
    app.advance(5).await;
}

async fn project_state(app: &App) -> ProjectState {
    projects::actions::get(&mut app.s.db.read().await.expect("a connection"), "prj_1").await.expect("a project").state
}

async fn round_state(app: &App) -> RoundState {
    rounds::actions::get(&mut app.s.db.read().await.expect("a connection"), "rnd_1").await.expect("a round").state
}

async fn miss_state(app: &App) -> NearMissState {
    let mut conn = app.s.db.read().await.expect("a connection");
    consents::of_project(&mut conn, "prj_1").await.expect("a read").expect("a near miss").state
}

/// The sale is closed and the first plan has found the near miss: Anna gave 500, Bert 250, Carla 100.
pub async fn found(app: &App) -> [Value; 3] {
    let pledges = [
        app.paid_gift(50_000, "Anna").await,
        app.paid_gift(25_000, "Bert").await,
        app.paid_gift(10_000, "Carla").await,
    ];
    app.advance(10 * DAY + 60).await;
    decide(app).await;
    assert_eq!(project_state(app).await, ProjectState::NearMiss);
    assert_eq!((round_state(app).await, miss_state(app).await), (RoundState::Closing, NearMissState::Asked));
    for pledge in &pledges {
        assert_eq!(app.status(pledge).await, "held");
    }
    app.verify().await;
    pledges
}

/// The owner says how it goes on.
async fn say(app: &App) {
    let owner = Browser::signed_in(app, "owner@kookclub.example").await;
    assert!(app.letters("owner@kookclub.example").await.contains(&"consent_asked".to_owned()));
    assert_eq!(owner.post(STUDIO, &[("words_nl", " "), ("words_en", "")]).await.0, 422, "nothing is said");
    let words = [("words_nl", "We koken een dag minder.\nVoor 16 mensen."), ("words_en", "")];
    assert_eq!(owner.post(STUDIO, &words).await.0, 303);
    assert_eq!(owner.post(STUDIO, &words).await.0, 409, "it is said once");
    app.settle().await;
    assert_eq!(miss_state(app).await, NearMissState::Choosing);
}

/// Chooses on the page of the pledge; answers the status and where it leads.
pub async fn choose(app: &App, pledge: &Value, choice: &str, amount: &str) -> (u16, String) {
    let (reference, key) = (pledge["reference"].as_str().unwrap_or(""), pledge["key"].as_str().unwrap_or(""));
    let path = format!("/nl/pledges/{reference}/choice?key={key}");
    Browser::new(app).post(&path, &[("choice", choice), ("amount", amount)]).await
}

async fn page(app: &App, pledge: &Value) -> String {
    let (reference, key) = (pledge["reference"].as_str().unwrap_or(""), pledge["key"].as_str().unwrap_or(""));
    Browser::new(app).read(&format!("/nl/pledges/{reference}?key={key}")).await
}

/// Presses a button on a page of the bank.
async fn at_the_bank(app: &App, url: &str, action: &str) {
    let answer = app.http.post(url).form(&[("action", action)]).send().await.expect("the bank");
    assert_eq!(answer.status(), 303, "{url}");
}

/// The time of the choice passes.
async fn term(app: &App) {
    app.advance(7 * DAY).await;
    assert_eq!(miss_state(app).await, NearMissState::Due);
}

/// Amounts the bank sent back, sorted.
async fn sent_back(app: &App) -> Vec<i64> {
    let effects = app.effects().await;
    let refunds = effects["refunds"].as_array().cloned().unwrap_or_default();
    let mut amounts: Vec<i64> = refunds.iter().filter_map(|refund| refund["amount"].as_i64()).collect();
    amounts.sort_unstable();
    amounts
}

/// What the last word on the project was: decision, held, start, result, refund.
async fn decided(app: &App) -> (Decision, i64, i64, i64, i64) {
    let mut conn = app.s.db.read().await.expect("a connection");
    let found = settlements::decision_of(&mut conn, "prj_1").await.expect("a read").expect("a decision");
    (found.decision, found.held.0, found.start.0, found.result.0, found.refund.0)
}

#[tokio::test]
async fn f55_enough_is_kept_and_the_rest_goes_back_to_the_cent() {
    let app = start().await;
    let [anna, bert, carla] = found(&app).await;
    let public = Browser::new(&app).read("/nl/projects/kookclub").await;
    assert!(public.contains("Bijna gehaald") && public.contains("De maker kan tot"), "{public}");
    assert_eq!(
        choose(&app, &anna, "keep", "").await.0,
        409,
        "nothing can be chosen before the owner has said something"
    );
    say(&app).await;
    for name in ["anna", "bert", "carla"] {
        assert!(app.letters(&format!("{name}@example.org")).await.contains(&"choice_asked".to_owned()), "{name}");
    }
    assert!(page(&app, &anna).await.contains("We koken een dag minder."));
    assert_eq!(choose(&app, &anna, "perhaps", "").await.0, 422);
    assert_eq!(choose(&app, &anna, "withdraw", "").await.0, 303);
    assert_eq!(choose(&app, &anna, "keep", "").await.0, 303, "it can be changed");
    assert_eq!(choose(&app, &carla, "withdraw", "").await.0, 303);
    // 500 and 250 are short of 800
    assert_eq!(choose(&app, &bert, "raise", "1,234").await.0, 422, "no amount is guessed");
    let (status, bank) = choose(&app, &bert, "raise", "60").await;
    assert_eq!(status, 303);
    at_the_bank(&app, &bank, "pay").await;
    app.settle().await;
    let read = app.read(&bert).await;
    assert_eq!((read["choice"].as_str(), read["choice_open"].as_bool()), (Some("raise"), Some(true)));
    assert!(app.letters("bert@example.org").await.contains(&"payment_received".to_owned()));
    app.verify().await;
    let treasurer = Browser::treasurer(&app, 1).await;
    let board = treasurer.read(CLOSING).await;
    assert!(board.contains("Steuners kiezen") && board.contains("810"), "{board}");
    assert!(!board.contains("/closing/propose"), "nothing can be proposed yet");
    term(&app).await;
    assert_eq!(choose(&app, &anna, "withdraw", "").await.0, 409, "the time is over");
    decide(&app).await;
    assert_eq!((project_state(&app).await, round_state(&app).await), (ProjectState::Funded, RoundState::Settled));
    // the threshold is 1,000: all that is kept is start money
    assert_eq!(decided(&app).await, (Decision::Funded, 91_000, 81_000, 0, 10_000));
    assert_eq!(sent_back(&app).await, [10_000]);
    assert_eq!((app.status(&anna).await, app.status(&carla).await), ("released".into(), "refunded".into()));
    assert!(app.letters("anna@example.org").await.contains(&"choice_won".to_owned()));
    let carlas = app.letters("carla@example.org").await;
    assert!(carlas.contains(&"choice_left".to_owned()) && carlas.contains(&"refund_sent".to_owned()), "{carlas:?}");
    let treasurer = Browser::treasurer(&app, 1).await;
    let first = treasurer.read(&format!("{CLOSING}/protocol.csv?plan=1")).await;
    assert_eq!(first.matches(",near_miss,consent,").count(), 3, "{first}");
    let second = treasurer.read(&format!("{CLOSING}/protocol.csv")).await;
    assert_eq!((second.matches(",funded,release,").count(), second.matches(",funded,refund,").count()), (3, 1));
    app.verify().await;
}

#[tokio::test]
async fn f55_too_little_is_kept_when_a_backer_withdraws() {
    let app = start().await;
    let [anna, bert, carla] = found(&app).await;
    say(&app).await;
    for (pledge, choice) in [(&anna, "withdraw"), (&bert, "keep"), (&carla, "keep")] {
        assert_eq!(choose(&app, pledge, choice, "").await.0, 303);
    }
    term(&app).await;
    decide(&app).await;
    assert_eq!((project_state(&app).await, round_state(&app).await), (ProjectState::Failed, RoundState::Settled));
    assert_eq!(sent_back(&app).await, [10_000, 25_000, 50_000]);
    assert!(app.letters("bert@example.org").await.contains(&"choice_lost".to_owned()));
    app.verify().await;
}

#[tokio::test]
async fn f55_silence_means_refund_after_one_reminder() {
    let app = start().await;
    let [anna, bert, _] = found(&app).await;
    say(&app).await;
    assert_eq!(choose(&app, &anna, "keep", "").await.0, 303);
    app.advance(5 * DAY - 3_600).await;
    app.advance(3_600).await;
    let reminders = async |name: &str| {
        let letters = app.letters(&format!("{name}@example.org")).await;
        letters.iter().filter(|kind| *kind == "choice_reminder").count()
    };
    assert_eq!((reminders("anna").await, reminders("bert").await, reminders("carla").await), (0, 1, 1));
    // silence is not consent: 500 of 850 is kept
    term(&app).await;
    assert_eq!(app.read(&bert).await["choice"], Value::Null);
    decide(&app).await;
    assert_eq!(project_state(&app).await, ProjectState::Failed);
    assert_eq!(sent_back(&app).await, [10_000, 25_000, 50_000]);
    assert_eq!(reminders("bert").await, 1);
    app.verify().await;
}

#[tokio::test]
async fn f55_without_a_word_of_the_owner_everybody_is_refunded() {
    let app = start().await;
    let [anna, ..] = found(&app).await;
    app.advance(7 * DAY).await;
    assert_eq!(miss_state(&app).await, NearMissState::Due);
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(owner.post(STUDIO, &[("words_nl", "te laat")]).await.0, 409);
    assert_eq!(choose(&app, &anna, "keep", "").await.0, 409);
    decide(&app).await;
    assert_eq!((project_state(&app).await, round_state(&app).await), (ProjectState::Failed, RoundState::Settled));
    assert_eq!(sent_back(&app).await, [10_000, 25_000, 50_000]);
    assert!(!app.letters("anna@example.org").await.contains(&"choice_asked".to_owned()));
    app.verify().await;
}

#[tokio::test]
async fn f36_what_is_added_too_late_goes_back_and_does_not_count() {
    let app = start().await;
    let [anna, bert, carla] = found(&app).await;
    say(&app).await;
    for pledge in [&anna, &carla] {
        assert_eq!(choose(&app, pledge, "keep", "").await.0, 303);
    }
    let body = json!({ "choice": "raise", "amount_cents": 20_000 });
    let (reference, key) = (bert["reference"].as_str().unwrap_or(""), bert["key"].as_str().unwrap_or(""));
    let call = app.url(&format!("/api/v1/pledges/{reference}/choice?key={key}"));
    let until = app.read(&bert).await["choice_until"].as_str().unwrap_or("").to_owned();
    let until: drempel::values::Timestamp = until.parse().expect("a term");
    app.advance(until.seconds() - app.s.clock.now().seconds() - 600).await;
    let without = app.http.post(&call).json(&body).send().await.expect("an answer");
    assert_eq!(without.status(), 422, "a raise needs a key");
    let answer = app.http.post(&call).header("Idempotency-Key", "r-1").json(&body).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.expect("JSON");
    let added = answer["raise"].clone();
    let again = app.http.post(&call).header("Idempotency-Key", "r-1").json(&body).send().await.expect("an answer");
    let again: Value = again.json().await.expect("JSON");
    assert_eq!(again["raise"]["reference"], added["reference"], "the same raise once");
    // the bank has it when the term ends, and says so afterwards
    app.advance(570).await;
    at_the_bank(&app, added["checkout_url"].as_str().expect("a bank's page"), "wait").await;
    app.settle().await;
    assert_eq!(app.status(&added).await, "processing");
    app.advance(31).await;
    assert_eq!(miss_state(&app).await, NearMissState::Due);
    let late = app.http.post(&call).header("Idempotency-Key", "r-2").json(&body).send().await.expect("an answer");
    assert_eq!(late.status(), 409);
    decide(&app).await;
    assert_eq!(round_state(&app).await, RoundState::Closing, "one payment is still on its way");
    app.advance(120).await;
    app.advance(120).await;
    assert_eq!((app.status(&added).await, round_state(&app).await), ("refunded".to_owned(), RoundState::Settled));
    // Bert chose to raise: what he had given is kept, what came too late is not
    assert_eq!(decided(&app).await, (Decision::Funded, 85_000, 85_000, 0, 0));
    assert_eq!(sent_back(&app).await, [20_000]);
    app.verify().await;
}

#[tokio::test]
async fn f56_nothing_is_added_beyond_the_impact_value_or_by_others() {
    let app = start().await;
    let [anna, bert, _] = found(&app).await;
    let body = json!({ "amount_cents": 5_000, "email": "new@example.org" });
    say(&app).await;
    assert_eq!(app.pledge("kookclub", "new", &body).await.0, 409, "nobody new");
    assert_eq!(choose(&app, &anna, "raise", "1150,01").await.0, 422);
    assert_eq!(choose(&app, &anna, "raise", "1151").await.0, 422, "more than the impact value");
    assert_eq!(choose(&app, &anna, "raise", "1").await.0, 422, "less than the smallest pledge");
    assert_eq!(app.read(&anna).await["choice"], Value::Null, "a refused raise is no choice");
    let (status, bank) = choose(&app, &anna, "raise", "1150").await;
    assert_eq!(status, 303);
    assert_eq!(choose(&app, &bert, "raise", "5").await.0, 422, "all is reserved");
    // who withdraws pays nothing more: the bank's page is ended
    assert_eq!(choose(&app, &anna, "withdraw", "").await.0, 303);
    let answer = app.http.post(&bank).form(&[("action", "pay")]).send().await.expect("the bank");
    assert_ne!(answer.status(), 303);
    let (_, again) = choose(&app, &bert, "raise", "1150").await;
    at_the_bank(&app, &again, "pay").await;
    app.settle().await;
    term(&app).await;
    decide(&app).await;
    assert_eq!(decided(&app).await, (Decision::Funded, 200_000, 100_000, 40_000, 60_000));
    assert_eq!(sent_back(&app).await, [10_000, 50_000]);
    app.verify().await;
}

#[tokio::test]
async fn f37_a_plan_of_near_misses_waits_for_its_time_and_is_decided_once() {
    let app = start().await;
    let [anna, bert, carla] = found(&app).await;
    let one = Browser::treasurer(&app, 1).await;
    let early = one.post(&format!("{CLOSING}/propose"), &[("hash", "0"), ("reason", "nu al")]).await.0;
    assert_eq!(early, 409, "nothing is due");
    say(&app).await;
    for pledge in [&anna, &bert, &carla] {
        assert_eq!(choose(&app, pledge, "keep", "").await.0, 303);
    }
    term(&app).await;
    let one = Browser::treasurer(&app, 1).await;
    let hash = one.marked(CLOSING, "data-hash").await;
    assert_eq!(one.post(&format!("{CLOSING}/propose"), &[("hash", &hash), ("reason", "klaar")]).await.0, 303);
    // a dispute between proposal and approval makes it another plan
    let dispute = app.dispute(&carla, "needs_response").await;
    let two = Browser::treasurer(&app, 2).await;
    assert_eq!(two.post(&format!("{CLOSING}/approve"), &[("hash", &hash)]).await.0, 409);
    app.control("dispute", json!({ "dispute": dispute, "status": "won" })).await;
    app.settle().await;
    app.advance(60).await;
    assert_eq!(app.status(&carla).await, "held", "it counts again");
    decide(&app).await;
    assert_eq!(decided(&app).await, (Decision::Funded, 85_000, 85_000, 0, 0));
    assert_eq!(two.post(&format!("{CLOSING}/propose"), &[("hash", &hash), ("reason", "weer")]).await.0, 409);
    assert!(sent_back(&app).await.is_empty());
    app.verify().await;
}
