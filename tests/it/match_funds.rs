//! Match funds: set up by two treasurers, filled from the bank's statement, added to pledges by their rule and never beyond it.

use drempel::features::ledger::{self, Account};
use drempel::features::match_funds::{self, Fund, Match, MatchState};
use drempel::features::pledges;
use serde_json::Value;

use crate::bank::{arrive, paid, waiting};
use crate::support::{App, Browser};

pub const LIST: &str = "/nl/staff/match-funds";
const DAY: i64 = 86_400;

/// The fields of a fund that doubles up to 1.000 euros per pledge and half of the impact value.
const TERMS: [(&str, &str); 8] = [
    ("name_nl", "Woonfonds"),
    ("name_en", "Housing fund"),
    ("giver", "org_giver"),
    ("ratio", "100"),
    ("most_per_pledge", "1000"),
    ("most_per_project", "50"),
    ("least_backers", "0"),
    ("starting", "0"),
];

/// An organisation that gives, with a bookkeeper.
pub async fn giver(app: &App) {
    for statement in [
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         VALUES ('org_giver', 'woonveste', 'Woonveste', 'company', 'Woningen', 'Homes', 'west', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO users (id, email, name, language, created_at)
         VALUES ('usr_giver', 'boek@woonveste.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO memberships (organisation_id, user_id, role, created_at)
         VALUES ('org_giver', 'usr_giver', 'owner', '2026-01-01T00:00:00.000Z')",
    ] {
        app.sql(statement).await.expect("a giver");
    }
}

/// Money on the statement that two treasurers give to a fund.
pub async fn money_in(app: &App, fund: &str, cents: i64) {
    arrive(app, &[paid(app, cents, "voor het fonds")]).await;
    let line = waiting(app).await.pop().expect("a line that waits").id;
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let path = format!("/nl/staff/bank/lines/{line}");
    let propose = [("decision", "bank.fund"), ("fund", fund), ("reason", "van Woonveste")];
    assert_eq!(one.post(&format!("{path}/propose"), &propose).await.0, 303);
    let hash = one.marked(&path, "data-hash").await;
    let approve = [("decision", "bank.fund"), ("hash", hash.as_str())];
    assert_eq!(one.post(&format!("{path}/approve"), &approve).await.0, 403, "not by the same person");
    assert_eq!(two.post(&format!("{path}/approve"), &approve).await.0, 303);
    app.settle().await;
}

/// Proposed by the one, approved by the other.
pub async fn decided(app: &App, fund: &str, decision: &str) {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let path = format!("{LIST}/{fund}");
    let propose = [("decision", decision), ("reason", "zo afgesproken")];
    assert_eq!(one.post(&format!("{path}/propose"), &propose).await.0, 303, "{decision}");
    let hash = one.marked(&path, "data-hash").await;
    let approve = [("decision", decision), ("hash", hash.as_str())];
    assert_eq!(one.post(&format!("{path}/approve"), &approve).await.0, 403, "not by the same person");
    assert_eq!(two.post(&format!("{path}/approve"), &approve).await.0, 303, "{decision}");
}

/// The terms with some of them changed.
pub fn terms<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = TERMS.to_vec();
    for (field, value) in change {
        match fields.iter_mut().find(|(name, _)| name == field) {
            Some(known) => known.1 = value,
            None => fields.push((field, value)),
        }
    }
    fields
}

/// A fund that is still a draft.
async fn draft(app: &App, change: &[(&str, &str)]) -> String {
    let one = Browser::treasurer(app, 1).await;
    let (status, location) = one.post(&format!("{LIST}/new/1"), &terms(change)).await;
    assert_eq!(status, 303);
    location.split('?').next().and_then(|path| path.rsplit('/').next()).expect("a fund").to_owned()
}

/// An active fund with so much money.
pub async fn active(app: &App, cents: i64, change: &[(&str, &str)]) -> String {
    let id = draft(app, change).await;
    money_in(app, &id, cents).await;
    decided(app, &id, "match.activate").await;
    id
}

pub async fn fund(app: &App, id: &str) -> Fund {
    match_funds::actions::get(&mut app.s.db.read().await.expect("a connection"), id).await.expect("a fund")
}

/// Received, used and left.
pub async fn money(app: &App, id: &str) -> (i64, i64, i64) {
    let fund = fund(app, id).await;
    (fund.received.0, fund.used.0, fund.left().0)
}

/// The matches of a pledge: amount kept and state.
pub async fn matches(app: &App, pledge: &Value) -> Vec<(i64, MatchState)> {
    let mut conn = app.s.db.read().await.expect("a connection");
    let reference = pledge["reference"].as_str().unwrap_or("");
    let id = pledges::actions::by_reference(&mut conn, reference).await.expect("a read").expect("a pledge").id;
    let found: Vec<(Fund, Match)> = match_funds::actions::of_pledge(&mut conn, &id).await.expect("matches");
    found.into_iter().map(|(_, one)| (one.kept().0, one.state)).collect()
}

/// What a fund added to a pledge that is held.
async fn added(app: &App, pledge: &Value) -> i64 {
    matches(app, pledge).await.iter().map(|(kept, _)| kept).sum()
}

async fn balance(app: &App, account: Account) -> i64 {
    ledger::actions::balance(&mut app.s.db.read().await.expect("a connection"), &account).await.expect("a balance").0
}

async fn page(app: &App, path: &str) -> String {
    app.http.get(app.url(path)).send().await.expect("an answer").text().await.expect("a page")
}

#[tokio::test]
async fn a_fund_is_set_up_by_two_and_its_terms_are_frozen() {
    let app = App::start().await;
    giver(&app).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert!(one.read(LIST).await.contains("Matchfonds voor ronde 1"));
    let new = format!("{LIST}/new/1");
    assert!(one.read(&new).await.contains("name=\"project-kookclub\""));
    for (field, typed) in
        [("name_nl", ""), ("giver", ""), ("ratio", "x"), ("most_per_pledge", "0"), ("starting", "101")]
    {
        let (status, answer) = one.post_for_text(&new, &terms(&[(field, typed)])).await;
        assert!(status == 422 && answer.contains(&format!("f-{field}-error")), "{field} {typed} {status}");
    }
    assert_eq!(one.post(&new, &terms(&[("giver", "org_9")])).await.0, 422);
    assert_eq!(one.get(&format!("{LIST}/new/9")).await.0, 404);
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(reviewer.post(&new, &terms(&[])).await.0, 403);
    let id = draft(&app, &[]).await;
    let path = format!("{LIST}/{id}");
    assert!(reviewer.read(&path).await.contains("Concept"), "the team may read");
    // F93: what was proposed is not what there is now
    let activate = [("decision", "match.activate"), ("reason", "klaar")];
    assert_eq!(reviewer.post(&format!("{path}/propose"), &activate).await.0, 403);
    assert_eq!(one.post(&format!("{path}/propose"), &activate).await.0, 303);
    let hash = one.marked(&path, "data-hash").await;
    assert_eq!(two.post(&format!("{path}/terms"), &terms(&[("ratio", "50")])).await.0, 303);
    let approve = [("decision", "match.activate"), ("hash", hash.as_str())];
    assert_eq!(two.post(&format!("{path}/approve"), &approve).await.0, 409, "other terms");
    assert_eq!(
        one.post(&format!("{path}/withdraw"), &[("decision", "match.activate"), ("reason", "anders")]).await.0,
        303
    );
    decided(&app, &id, "match.activate").await;
    assert_eq!(one.post(&format!("{path}/terms"), &terms(&[("ratio", "200")])).await.0, 409, "frozen");
    assert_eq!(fund(&app, &id).await.ratio_percent, 50);
    assert_eq!(one.post(&format!("{path}/propose"), &activate).await.0, 409, "it is active");
    let waiting = one.read("/nl/staff/approvals").await;
    assert!(!waiting.contains(&path), "{waiting}");
    app.verify().await;
}

#[tokio::test]
async fn a_pledge_is_doubled_and_the_match_stands_apart_everywhere() {
    let app = App::start().await;
    giver(&app).await;
    let id = active(&app, 40_000, &[]).await;
    assert_eq!(money(&app, &id).await, (40_000, 0, 40_000));
    assert_eq!(balance(&app, Account::MatchHeld(id.clone())).await, -40_000);
    let project = page(&app, "/nl/projects/kookclub").await;
    assert!(project.contains("Woonfonds van Woonveste") && project.contains("€\u{a0}400 over"), "{project}");
    let form = page(&app, "/nl/projects/kookclub/pledge").await;
    assert!(form.contains("Je €\u{a0}50 wordt nu €\u{a0}100"), "{form}");
    let anna = app.paid_gift(5_000, "Anna").await;
    assert_eq!(matches(&app, &anna).await, [(5_000, MatchState::Reserved)]);
    assert_eq!(money(&app, &id).await, (40_000, 5_000, 35_000));
    assert_eq!(balance(&app, Account::Matched("prj_1".into(), id.clone())).await, -5_000);
    let standing = app.standing().await;
    assert_eq!((standing.held.0, standing.matched.0, standing.available().0), (5_000, 5_000, 90_000));
    let json: Value =
        app.http.get(app.url("/api/v1/projects/kookclub")).send().await.expect("x").json().await.expect("x");
    assert_eq!((json["held_cents"].as_i64(), json["matched_cents"].as_i64()), (Some(5_000), Some(5_000)));
    assert_eq!((json["matched_rikx"].as_str(), json["available_cents"].as_i64()), (Some("0.50"), Some(90_000)));
    assert_eq!(app.read(&anna).await["matched_cents"], 5_000);
    for path in ["/nl/projects/kookclub", "/nl/projects"] {
        let text = page(&app, path).await;
        assert!(text.contains("progress-crosses") || text.contains("-crosses"), "{path}");
        assert!(text.contains("Erbij gelegd door een matchfonds") && text.contains("€\u{a0}50"), "{path}");
    }
    let (reference, key) = (anna["reference"].as_str().expect("x"), anna["key"].as_str().expect("x"));
    assert!(page(&app, &format!("/nl/pledges/{reference}?key={key}")).await.contains("€\u{a0}50 van Woonfonds"));
    let books = page(&app, "/nl/projects/kookclub/books").await;
    assert!(books.contains("Geld van matchfondsen"), "{books}");
    let csv = page(&app, "/api/v1/projects/kookclub/books.csv").await;
    let last = csv.lines().last().expect("a day").split(',').collect::<Vec<_>>();
    assert_eq!((last[1], last[6], last[7], last[10]), ("5000", "5000", "5000", "5000"), "{csv}");
    app.verify().await;
}

#[tokio::test]
async fn each_limit_holds_alone_and_together() {
    for (change, given, expected) in [
        (("ratio", "50"), 5_000, 2_500),
        (("ratio", "33"), 5_000, 1_600),
        (("most_per_pledge", "12,50"), 5_000, 1_200),
        (("most_per_project", "3"), 5_000, 3_000),
        (("project-kookclub", "yes"), 5_000, 5_000),
        // 95.000 held leave 5.000 under the impact value
        (("most_per_project", "100"), 95_000, 5_000),
    ] {
        let app = App::start().await;
        giver(&app).await;
        active(&app, 200_000, &[change]).await;
        let anna = app.paid_gift(given, "Anna").await;
        assert_eq!(added(&app, &anna).await, expected, "{change:?}");
        app.verify().await;
    }
    let app = App::start().await;
    giver(&app).await;
    let all = [("ratio", "200"), ("most_per_pledge", "60"), ("most_per_project", "10"), ("least_backers", "2")];
    let first = active(&app, 9_000, &all).await;
    let second = active(&app, 50_000, &[("name_nl", "Tweede"), ("ratio", "10"), ("most_per_project", "1")]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    assert_eq!(matches(&app, &anna).await, [(500, MatchState::Reserved)], "only the second: one backer");
    app.paid_gift(1_000, "Anna").await;
    let bert = app.paid_gift(2_000, "Bert").await;
    assert_eq!(matches(&app, &bert).await, [(4_000, MatchState::Reserved), (200, MatchState::Reserved)]);
    let carla = app.paid_gift(8_000, "Carla").await;
    assert_eq!(added(&app, &carla).await, 5_000 + 200, "the first has 5.000 left, the second 200 for this project");
    assert_eq!((money(&app, &first).await.2, money(&app, &second).await.1), (0, 1_000));
    let project = page(&app, "/nl/projects/kookclub").await;
    assert!(project.contains("Het geld van Woonfonds van Woonveste voor dit project is op"), "F66: {project}");
    app.verify().await;
}

#[tokio::test]
async fn a_fund_for_other_projects_a_draft_and_an_ended_one_add_nothing() {
    let app = App::start().await;
    giver(&app).await;
    app.sql(
        "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
             text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
             created_at, updated_at)
         SELECT 'prj_2', 'naaiclub', 2, organisation_id, round_id, state, 'Naaiclub', 'Sewing club', aim_nl, aim_en,
             text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, 'naaiclub',
             created_at, updated_at FROM projects WHERE id = 'prj_1'",
    )
    .await
    .expect("another project");
    active(&app, 10_000, &[("project-naaiclub", "yes")]).await;
    let waits = draft(&app, &[]).await;
    money_in(&app, &waits, 10_000).await;
    let ended = active(&app, 10_000, &[]).await;
    decided(&app, &ended, "match.end").await;
    let anna = app.paid_gift(5_000, "Anna").await;
    assert_eq!(matches(&app, &anna).await, []);
    let form = page(&app, "/nl/projects/kookclub/pledge").await;
    assert!(!form.contains("wordt nu"), "nothing is promised");
    let one = Browser::treasurer(&app, 1).await;
    arrive(&app, &[paid(&app, 500, "nog wat")]).await;
    let line = waiting(&app).await.pop().expect("a line").id;
    let propose = [("decision", "bank.fund"), ("fund", ended.as_str()), ("reason", "nog wat")];
    assert_eq!(one.post(&format!("/nl/staff/bank/lines/{line}/propose"), &propose).await.0, 422, "it has ended");
    app.verify().await;
}

#[tokio::test]
async fn matching_begins_at_the_starting_point_and_counts_people_not_pledges() {
    let app = App::start().await;
    giver(&app).await;
    // 25 % of the threshold of 600 euros
    active(&app, 100_000, &[("starting", "25")]).await;
    let anna = app.paid_gift(14_900, "Anna").await;
    assert_eq!(added(&app, &anna).await, 0);
    let project = page(&app, "/nl/projects/kookclub").await;
    assert!(project.contains("Zo ver is het nog niet"), "{project}");
    let bert = app.paid_gift(500, "Bert").await;
    assert_eq!(added(&app, &bert).await, 500, "the pledge that reaches it is the first");
    app.verify().await;

    let app = App::start().await;
    giver(&app).await;
    active(&app, 100_000, &[("least_backers", "2")]).await;
    for cents in [500, 600, 700] {
        let pledge = app.paid_gift(cents, "Anna").await;
        assert_eq!(added(&app, &pledge).await, 0, "one person");
    }
    let bert = app.paid_gift(500, "Bert").await;
    assert_eq!(added(&app, &bert).await, 500);
    app.verify().await;
}

#[tokio::test]
async fn the_givers_members_see_what_was_used_and_nobody_else() {
    let app = App::start().await;
    giver(&app).await;
    let id = active(&app, 40_000, &[]).await;
    app.paid_gift(5_000, "Anna").await;
    let back = app.paid_gift(2_500, "Bert").await;
    assert_eq!(app.cancel(&back).await, 200);
    app.settle().await;
    let member = Browser::signed_in(&app, "boek@woonveste.example").await;
    assert!(member.read("/nl/studio").await.contains("Onze matchfondsen"));
    let funds = member.read("/nl/studio/match-funds").await;
    assert!(funds.contains("Kookclub") && funds.contains("€\u{a0}350") && !funds.contains("Anna"), "{funds}");
    let table = format!("/nl/studio/match-funds/{id}/used.csv");
    let csv = member.read(&table).await;
    assert_eq!(csv.lines().nth(1), Some("kookclub,2,5000,0,2500"), "{csv}");
    let other = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(other.get(&table).await.0, 404);
    assert!(!other.read("/nl/studio").await.contains("Onze matchfondsen"));
    assert_eq!(Browser::new(&app).get(&table).await.0, 303, "sign in first");
    app.verify().await;
}

#[tokio::test]
async fn what_is_left_goes_back_to_the_givers_account_decided_by_two() {
    let app = App::start().await;
    giver(&app).await;
    let id = active(&app, 40_000, &[]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    let one = Browser::treasurer(&app, 1).await;
    let path = format!("{LIST}/{id}");
    let give_back = [("decision", "match.give_back"), ("reason", "over")];
    assert_eq!(one.post(&format!("{path}/propose"), &give_back).await.0, 409, "it has not ended");
    decided(&app, &id, "match.end").await;
    assert_eq!(one.post(&format!("{path}/propose"), &give_back).await.0, 409, "no account yet");
    assert!(one.read(&path).await.contains("geen gecontroleerde rekening"));
    let owner = Browser::signed_in(&app, "boek@woonveste.example").await;
    let account = [("iban", "NL91ABNA0417164300"), ("holder", "Woonveste")];
    assert_eq!(owner.post("/nl/studio/payouts/woonveste/account", &account).await.0, 303);
    crate::payouts::check_waiting_account(&app).await;
    decided(&app, &id, "match.give_back").await;
    assert_eq!(money(&app, &id).await, (40_000, 5_000, 0));
    assert_eq!(balance(&app, Account::MatchHeld(id.clone())).await, -35_000, "not before the statement shows it");
    app.verify().await;
    let (_, transfers) = crate::money_out::to_the_bank(&app).await;
    assert!(crate::money_out::on_the_statement(&app, &transfers[0], 35_000, "bln_1").await);
    assert_eq!(balance(&app, Account::MatchHeld(id.clone())).await, 0);
    app.verify().await;
    // the giver's bank sends it back, and a match comes back: all of it is left again
    assert!(crate::money_out::came_back(&app, &transfers[0], "bln_2").await);
    assert_eq!(app.cancel(&anna).await, 200);
    app.settle().await;
    assert_eq!(money(&app, &id).await, (40_000, 0, 40_000));
    assert_eq!(balance(&app, Account::MatchHeld(id.clone())).await, -40_000);
    let page = one.read(&path).await;
    assert!(page.contains("Teruggekomen"), "{page}");
    decided(&app, &id, "match.give_back").await;
    let (_, transfers) = crate::money_out::to_the_bank(&app).await;
    assert_eq!(transfers[0].amount.0, 40_000);
    app.advance(DAY).await;
    app.verify().await;
}

#[tokio::test]
async fn i4_a_case_is_never_settled_with_a_funds_money() {
    let app = App::start().await;
    giver(&app).await;
    let id = active(&app, 40_000, &[]).await;
    arrive(&app, &[paid(&app, 700, "wat is dit")]).await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let (case,): (String,) = sqlx::query_as("SELECT id FROM cases WHERE state = 'open' AND kind = 'bank_unknown'")
        .fetch_one(&mut *conn)
        .await
        .expect("a case");
    let one = Browser::treasurer(&app, 1).await;
    let credit = format!("match_held:{id}");
    let typed = [("debit", "suspense"), ("credit", credit.as_str()), ("amount", "7"), ("reason", "x")];
    let (status, text) = one.post_for_text(&format!("/nl/staff/cases/{case}/propose"), &typed).await;
    assert!(status == 422 && text.contains("matchfonds"), "{status}");
}

#[tokio::test]
async fn terms_that_change_while_they_are_approved_are_never_those_nobody_saw() {
    let app = App::start().await;
    giver(&app).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    for turn in 0..4 {
        let id = draft(&app, &[]).await;
        let path = format!("{LIST}/{id}");
        let propose = [("decision", "match.activate"), ("reason", "zo afgesproken")];
        assert_eq!(one.post(&format!("{path}/propose"), &propose).await.0, 303);
        let hash = one.marked(&path, "data-hash").await;
        let approve = [("decision", "match.activate"), ("hash", hash.as_str())];
        let (approve_path, change_path) = (format!("{path}/approve"), format!("{path}/terms"));
        let changed = terms(&[("ratio", "300")]);
        let (approved, changed) = tokio::join!(two.post(&approve_path, &approve), one.post(&change_path, &changed));
        let after = fund(&app, &id).await;
        let expected = match (approved.0, changed.0) {
            (303, 409) => (match_funds::FundState::Active, 100),
            (409, 303) => (match_funds::FundState::Draft, 300),
            other => panic!("turn {turn}: both or neither happened: {other:?}"),
        };
        assert_eq!((after.state, after.ratio_percent), expected, "turn {turn}");
    }
    app.verify().await;
}
