//! What happens at the edges of a closing: a project that is stopped while another of its round waits, money that counts again after a
//! dispute, and what is added to a pledge of a near miss.

use drempel::features::consents::{NearMissState, actions as consents};
use drempel::features::ledger::Account;
use drempel::features::projects::{self, ProjectState};
use drempel::features::rounds::{self, RoundState};
use drempel::features::settlement::{Decision, actions as settlements};
use drempel::values::Cents;
use serde_json::{Value, json};

use crate::match_funds::{active, giver, money};
use crate::support::{App, Browser};

const CLOSING: &str = "/nl/staff/rounds/1/closing";
const STUDIO: &str = "/nl/studio/projects/kookclub/near-miss";
const DAY: i64 = 86_400;

/// A band of 80 percent; the project's threshold is 1,000 euros and its impact value 2,000.
pub async fn start() -> App {
    let app = App::start_with(2_000, 1_000).await;
    app.sql("UPDATE rounds SET near_miss_percent = 80").await.expect("a band");
    app
}

/// A second project in the round, with a threshold of 600 euros and an impact value of 1,000.
async fn second(app: &App) {
    app.sql(
        "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
             text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
             created_at, updated_at)
         SELECT 'prj_2', 'tuin', 2, organisation_id, round_id, state, 'Tuin', 'Garden', aim_nl, aim_en, text_nl, text_en,
             target_group_nl, target_group_en, participants_target, 1000, 600, start_day, months, contact, '', '', 0, 'tuin',
             created_at, updated_at FROM projects WHERE id = 'prj_1'",
    )
    .await
    .expect("a project");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    drempel::features::pledges::actions::open_project(&mut tx, "prj_2", Cents(100_000)).await.expect("totals");
    tx.commit().await.expect("a commit");
}

async fn paid_for(app: &App, slug: &str, cents: i64, name: &str) -> Value {
    let email = format!("{}@example.org", name.to_lowercase());
    let body = json!({ "amount_cents": cents, "email": email, "name": name, "language": "nl" });
    let (status, pledge) = app.pledge(slug, &format!("{slug}-{name}"), &body).await;
    assert_eq!(status, 201, "{pledge}");
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    pledge
}

/// Proposed by the one and approved by the other; nothing of it is carried out yet.
pub async fn approved(app: &App) {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let hash = one.marked(CLOSING, "data-hash").await;
    let propose = [("hash", hash.as_str()), ("reason", "alles is bekeken")];
    assert_eq!(one.post(&format!("{CLOSING}/propose"), &propose).await.0, 303);
    assert_eq!(two.post(&format!("{CLOSING}/approve"), &[("hash", &hash)]).await.0, 303);
}

pub async fn decide(app: &App) {
    approved(app).await;
    app.settle().await;
    app.advance(5).await;
}

pub async fn say(app: &App) {
    let owner = Browser::signed_in(app, "owner@kookclub.example").await;
    assert_eq!(owner.post(STUDIO, &[("words_nl", "We koken een dag minder."), ("words_en", "")]).await.0, 303);
    app.settle().await;
}

fn own(pledge: &Value, part: &str, lang: &str) -> String {
    let text = |name: &str| pledge[name].as_str().unwrap_or_default();
    format!("/{lang}/pledges/{}{part}?key={}", text("reference"), text("key"))
}

pub async fn choose(app: &App, pledge: &Value, choice: &str, amount: &str) -> (u16, String) {
    Browser::new(app).post(&own(pledge, "/choice", "nl"), &[("choice", choice), ("amount", amount)]).await
}

/// Adds so much and pays it.
pub async fn raise(app: &App, pledge: &Value, amount: &str) {
    let (status, bank) = choose(app, pledge, "raise", amount).await;
    assert_eq!(status, 303);
    assert_eq!(app.http.post(&bank).form(&[("action", "pay")]).send().await.expect("the bank").status(), 303);
    app.settle().await;
}

async fn project_state(app: &App, id: &str) -> ProjectState {
    projects::actions::get(&mut app.s.db.read().await.expect("a connection"), id).await.expect("a project").state
}

pub async fn round_state(app: &App) -> RoundState {
    rounds::actions::get(&mut app.s.db.read().await.expect("a connection"), "rnd_1").await.expect("a round").state
}

async fn miss_state(app: &App) -> NearMissState {
    let mut conn = app.s.db.read().await.expect("a connection");
    consents::of_project(&mut conn, "prj_1").await.expect("a read").expect("a near miss").state
}

/// The last word on the first project: decision, held, start, result, refund.
pub async fn decided(app: &App) -> (Decision, i64, i64, i64, i64) {
    let mut conn = app.s.db.read().await.expect("a connection");
    let found = settlements::decision_of(&mut conn, "prj_1").await.expect("a read").expect("a decision");
    (found.decision, found.held.0, found.start.0, found.result.0, found.refund.0)
}

pub async fn sent_back(app: &App) -> Vec<i64> {
    let effects = app.effects().await;
    let refunds = effects["refunds"].as_array().cloned().unwrap_or_default();
    let mut amounts: Vec<i64> = refunds.iter().filter_map(|refund| refund["amount"].as_i64()).collect();
    amounts.sort_unstable();
    amounts
}

async fn count(app: &App, name: &str, kind: &str) -> usize {
    let letters = app.letters(&format!("{name}@example.org")).await;
    letters.iter().filter(|sent| *sent == kind).count()
}

#[tokio::test]
async fn f64_a_funded_project_is_stopped_while_a_near_miss_of_its_round_waits() {
    let app = start().await;
    second(&app).await;
    let anna = app.paid_gift(85_000, "Anna").await;
    for (cents, name) in [(40_000, "Bert"), (25_000, "Carla")] {
        paid_for(&app, "tuin", cents, name).await;
    }
    app.advance(10 * DAY + 60).await;
    approved(&app).await;
    let (page, reason) = ("/nl/staff/projects/prj_2/stop", [("reason", "de tuin is verkocht")]);
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(one.post(&format!("{page}/propose"), &reason).await.0, 409, "the plan is not carried out yet");
    assert!(one.read(page).await.contains("De beslissing over dit project wordt nog uitgevoerd"));
    app.settle().await;
    app.advance(5).await;
    assert_eq!((round_state(&app).await, miss_state(&app).await), (RoundState::Closing, NearMissState::Asked));
    let (one_page, near) = (one.read(page).await, "/nl/staff/projects/prj_1/stop");
    assert!(!one_page.contains("wordt nog uitgevoerd"), "{one_page}");
    assert_eq!(one.post(&format!("{near}/propose"), &reason).await.0, 409, "the near miss itself is not funded");
    assert_eq!(one.post(&format!("{page}/propose"), &reason).await.0, 303);
    let hash = one.marked(page, "data-hash").await;
    assert_eq!(two.post(&format!("{page}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
    assert_eq!(project_state(&app, "prj_2").await, ProjectState::Terminated);
    assert_eq!(sent_back(&app).await, [25_000, 40_000]);
    assert_eq!((round_state(&app).await, app.status(&anna).await), (RoundState::Closing, "held".to_owned()));
    app.verify().await;

    // the near miss goes its way as if nothing had happened
    say(&app).await;
    assert_eq!(choose(&app, &anna, "keep", "").await.0, 303);
    app.advance(7 * DAY).await;
    decide(&app).await;
    assert_eq!(decided(&app).await, (Decision::Funded, 85_000, 85_000, 0, 0));
    assert_eq!((round_state(&app).await, sent_back(&app).await.len()), (RoundState::Settled, 2));
    app.verify().await;
}

/// The first plan has found the near miss while a pledge of 100 euros is disputed: Anna gave 600, Bert 250, Carla 100.
async fn found_during_a_dispute(app: &App) -> ([Value; 3], String) {
    let pledges = [
        app.paid_gift(60_000, "Anna").await,
        app.paid_gift(25_000, "Bert").await,
        app.paid_gift(10_000, "Carla").await,
    ];
    let dispute = app.dispute(&pledges[2], "needs_response").await;
    app.advance(10 * DAY + 60).await;
    decide(app).await;
    assert_eq!(miss_state(app).await, NearMissState::Asked);
    (pledges, dispute)
}

#[tokio::test]
async fn f34_a_dispute_that_is_won_while_a_near_miss_waits_lets_its_backer_choose_like_the_others() {
    for before_the_words in [true, false] {
        let app = start().await;
        let ([anna, bert, carla], dispute) = found_during_a_dispute(&app).await;
        if before_the_words {
            app.decide(&dispute, "won").await;
        }
        say(&app).await;
        assert_eq!(count(&app, "anna", "choice_asked").await, 1);
        if !before_the_words {
            assert_eq!(choose(&app, &carla, "keep", "").await.0, 409, "the bank has the money");
            app.decide(&dispute, "won").await;
        }
        app.settle().await;
        assert_eq!((app.status(&carla).await.as_str(), count(&app, "carla", "choice_asked").await), ("held", 1));
        app.verify().await;
        assert_eq!(choose(&app, &carla, "keep", "").await.0, 303);
        assert_eq!(choose(&app, &anna, "keep", "").await.0, 303);
        assert_eq!(choose(&app, &bert, "withdraw", "").await.0, 303);
        app.advance(7 * DAY).await;
        // 600 and 100 are too little; all of them had a say
        decide(&app).await;
        assert_eq!(decided(&app).await, (Decision::Failed, 95_000, 0, 0, 95_000));
        assert_eq!(
            (sent_back(&app).await, round_state(&app).await),
            (vec![10_000, 25_000, 60_000], RoundState::Settled)
        );
        assert_eq!((count(&app, "carla", "choice_lost").await, count(&app, "carla", "dispute_late").await), (1, 0));
        let protocol = Browser::treasurer(&app, 1).await.read(&format!("{CLOSING}/protocol.csv?plan=1")).await;
        assert_eq!(protocol.matches(",near_miss,consent,").count(), 2, "the first list stays what was approved");
        app.verify().await;
    }
}

#[tokio::test]
async fn f36_money_that_counts_again_too_late_goes_back_with_a_letter_that_says_so() {
    // nobody can choose any more, and it is not decided yet
    let app = start().await;
    let ([anna, bert, carla], dispute) = found_during_a_dispute(&app).await;
    say(&app).await;
    for pledge in [&anna, &bert] {
        assert_eq!(choose(&app, pledge, "keep", "").await.0, 303);
    }
    app.advance(7 * DAY).await;
    app.decide(&dispute, "won").await;
    assert_eq!(app.status(&carla).await, "held");
    decide(&app).await;
    assert_eq!(decided(&app).await, (Decision::Funded, 95_000, 85_000, 0, 10_000));
    assert_eq!((sent_back(&app).await, app.status(&carla).await), (vec![10_000], "refunded".to_owned()));
    assert_eq!((count(&app, "carla", "dispute_late").await, count(&app, "carla", "choice_left").await), (1, 0));
    app.verify().await;

    // decided already: the list that two people approved does not change
    let app = start().await;
    let ([anna, bert, carla], dispute) = found_during_a_dispute(&app).await;
    say(&app).await;
    for pledge in [&anna, &bert] {
        assert_eq!(choose(&app, pledge, "keep", "").await.0, 303);
    }
    app.advance(7 * DAY).await;
    decide(&app).await;
    assert_eq!(project_state(&app, "prj_1").await, ProjectState::Funded);
    app.decide(&dispute, "won").await;
    app.settle().await;
    assert_eq!((sent_back(&app).await, app.status(&carla).await), (vec![10_000], "refunded".to_owned()));
    assert_eq!((count(&app, "carla", "dispute_late").await, count(&app, "carla", "refund_sent").await), (1, 1));
    let reference = carla["reference"].as_str().unwrap_or_default();
    let staff = Browser::treasurer(&app, 1).await.read(&format!("/nl/staff/pledges/{reference}")).await;
    assert!(staff.contains("the round was decided during the dispute"), "{staff}");
    app.verify().await;
}

/// The bank's session of the payment of this amount.
async fn session_of(app: &App, cents: i64) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    let (session,): (String,) = sqlx::query_as("SELECT session_id FROM payments WHERE amount_cents = $1")
        .bind(cents)
        .fetch_one(&mut *conn)
        .await
        .expect("a payment");
    session
}

#[tokio::test]
async fn f33_a_dispute_about_money_that_was_partly_due_back_costs_only_what_had_gone_on() {
    let app = crate::payouts::funded().await;
    app.read_the_balance().await;
    crate::payouts::checked_account(&app, "NL91ABNA0417164300").await;
    crate::payouts::decided(&app, "250").await;
    let transfer = crate::payouts::planned(&app).await.remove(0);
    crate::money_out::to_the_bank(&app).await;
    assert!(crate::money_out::on_the_statement(&app, &transfer, 25_000, "bln_1").await);
    // the bank has a dispute of Bert that we have not heard of when the project is stopped
    app.fault(json!({ "webhooks": "lost" })).await;
    let session = session_of(&app, 25_000).await;
    let told = app.told("dispute", json!({ "session": session })).await;
    let dispute = told["id"].as_str().expect("a dispute").to_owned();
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let page = "/nl/staff/projects/prj_1/stop";
    assert_eq!(one.post(&format!("{page}/propose"), &[("reason", "de keuken is dicht")]).await.0, 303);
    let hash = one.marked(page, "data-hash").await;
    assert_eq!(two.post(&format!("{page}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM refunds WHERE state = 'stopped' AND amount_cents = 15385").await, 1);
    app.fault(json!({ "webhooks": "normal" })).await;
    app.decide(&dispute, "lost").await;
    app.settle().await;
    // 250 are gone; 153.85 of them were due back to Bert anyway
    assert_eq!(app.account(Account::DisputeLoss).await, 25_000 - 15_385);
    for account in [Account::RefundsDue("prj_1".to_owned()), Account::PspDisputed] {
        assert_eq!(app.account(account.clone()).await, 0, "{account}");
    }
    assert_eq!(sent_back(&app).await, [24_615]);
    app.verify().await;
}

/// A near miss in which backers choose, with 700 of two backers and 140 of a fund.
async fn choosing_with_a_fund() -> (App, String, Value, Value) {
    let app = start().await;
    giver(&app).await;
    let fund = active(&app, 20_000, &[("ratio", "20"), ("most_per_pledge", "100")]).await;
    let (anna, bert) = (app.paid_gift(50_000, "Anna").await, app.paid_gift(20_000, "Bert").await);
    app.advance(10 * DAY + 60).await;
    decide(&app).await;
    say(&app).await;
    (app, fund, anna, bert)
}

#[tokio::test]
async fn f66_what_a_backer_of_a_near_miss_adds_is_matched_by_the_funds_rule_and_the_page_says_so() {
    let (app, fund, anna, bert) = choosing_with_a_fund().await;
    let browser = Browser::new(&app);
    assert!(browser.read(&own(&anna, "", "nl")).await.contains("Bij wat je bijlegt, doet geen matchfonds iets."));
    let berts = browser.read(&own(&bert, "", "en")).await;
    assert!(berts.contains("Housing fund adds 20 percent of what you add, €60 at most"), "{berts}");
    raise(&app, &anna, "50").await;
    assert_eq!(money(&app, &fund).await, (20_000, 14_000, 6_000), "Anna's match is at its most already");
    raise(&app, &bert, "100").await;
    assert_eq!(money(&app, &fund).await, (20_000, 16_000, 4_000));
    app.verify().await;
    raise(&app, &bert, "400").await;
    assert_eq!(money(&app, &fund).await, (20_000, 20_000, 0), "100 for the pledge and all that was added to it");
    let board = Browser::treasurer(&app, 1).await.read(CLOSING).await;
    assert!(board.contains("1.450"), "kept in all, with what the fund added: {board}");
    app.advance(7 * DAY).await;
    decide(&app).await;
    let (decision, held, of_start, of_result, refund) = decided(&app).await;
    assert_eq!((decision, held, refund), (Decision::Funded, 125_000, 0));
    let (payable, results) = (
        app.account(Account::OwnerPayable("prj_1".to_owned(), "org_1".to_owned())).await,
        app.account(Account::ResultMoney("prj_1".to_owned())).await,
    );
    assert_eq!((payable, results), (-100_000, -45_000), "the threshold is start money, backers' and the fund's");
    assert_eq!(of_start + of_result, 125_000);
    app.verify().await;

    // what is taken back takes its match back
    let (app, fund, anna, bert) = choosing_with_a_fund().await;
    raise(&app, &bert, "100").await;
    assert_eq!(choose(&app, &bert, "withdraw", "").await.0, 303);
    assert_eq!(choose(&app, &anna, "keep", "").await.0, 303);
    app.advance(7 * DAY).await;
    decide(&app).await;
    assert_eq!(decided(&app).await.0, Decision::Failed);
    assert_eq!((money(&app, &fund).await, sent_back(&app).await), ((20_000, 0, 20_000), vec![10_000, 20_000, 50_000]));
    app.verify().await;
}

#[tokio::test]
async fn f94_only_an_owner_says_how_a_near_miss_goes_on() {
    let app = start().await;
    app.paid_gift(85_000, "Anna").await;
    for statement in [
        "INSERT INTO users (id, email, name, language, created_at)
         VALUES ('usr_e', 'editor@kookclub.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO memberships (organisation_id, user_id, role, created_at)
         VALUES ('org_1', 'usr_e', 'editor', '2026-01-01T00:00:00.000Z')",
    ] {
        app.sql(statement).await.expect("an editor");
    }
    app.advance(10 * DAY + 60).await;
    decide(&app).await;
    let editor = Browser::signed_in(&app, "editor@kookclub.example").await;
    let page = editor.read(STUDIO).await;
    assert!(page.contains("Alleen een eigenaar") && !page.contains("name=\"words_nl\""), "{page}");
    assert_eq!(editor.post(STUDIO, &[("words_nl", "minder"), ("words_en", "")]).await.0, 403);
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let project = projects::actions::get(&mut tx, "prj_1").await.expect("a project");
    let words = drempel::features::consents::Words { nl: "minder".to_owned(), en: String::new() };
    let said = consents::say(&mut tx, &project, &words, "usr_e", app.s.clock.now()).await;
    assert!(said.is_err(), "nor behind the page");
    drop(tx);
    say(&app).await;
    assert_eq!(miss_state(&app).await, NearMissState::Choosing);
}

#[tokio::test]
async fn what_nobody_approved_in_time_is_taken_back_and_its_money_is_free_again() {
    let app = crate::payouts::funded().await;
    crate::payouts::checked_account(&app, "NL91ABNA0417164300").await;
    let one = Browser::treasurer(&app, 1).await;
    let all = [("project", "kookclub"), ("amount", "600"), ("reason", "alles")];
    let (status, location) = one.post("/nl/staff/payouts/propose", &all).await;
    assert_eq!(status, 303);
    let decision = location.split('?').next().unwrap_or_default().to_owned();
    app.advance(25 * 3_600).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let hash = two.marked(&decision, "data-hash").await;
    assert_eq!(two.post(&format!("{decision}/approve"), &[("hash", &hash)]).await.0, 409, "it is too late");
    assert_eq!(one.post("/nl/staff/payouts/propose", &all).await.0, 422, "its money is still set aside");
    assert_eq!(one.post(&format!("{decision}/withdraw"), &[("reason", " ")]).await.0, 422);
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(reviewer.post(&format!("{decision}/withdraw"), &[("reason", "x")]).await.0, 403);
    assert_eq!(one.post(&format!("{decision}/withdraw"), &[("reason", "niemand keek")]).await.0, 303);
    assert_eq!(one.post(&format!("{decision}/withdraw"), &[("reason", "nog eens")]).await.0, 409, "once");
    app.verify().await;

    // the same with a file for the bank
    crate::payouts::decided(&app, "600").await;
    let one = Browser::treasurer(&app, 1).await;
    let choice = [("choice", "all"), ("reason", "betaaldag")];
    let (status, location) = one.post("/nl/staff/transfers/propose", &choice).await;
    assert_eq!(status, 303);
    let file = location.split('?').next().unwrap_or_default().to_owned();
    app.advance(25 * 3_600).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let hash = two.marked(&file, "data-hash").await;
    assert_eq!(two.post(&format!("{file}/approve"), &[("hash", &hash)]).await.0, 409, "it is too late");
    assert_eq!(one.post(&format!("{file}/withdraw"), &[("reason", "niemand keek")]).await.0, 303);
    let planned = crate::payouts::planned(&app).await;
    assert_eq!(planned.iter().map(|transfer| transfer.amount.0).sum::<i64>(), 60_000, "it waits for another file");
    crate::money_out::to_the_bank(&app).await;
    assert!(crate::money_out::on_the_statement(&app, &planned[0], 60_000, "bln_1").await);
    app.verify().await;
}
