//! Result money is released for what was verified: partly, in full, not at all, late and after a dispute; always by two treasurers.

use drempel::features::cases::{self, CaseKind};
use drempel::features::ledger::Account;
use drempel::features::outcomes::{self, Direction, Family, Indicator, NewWave, Observation, Promise, Shape, WaveKind};
use drempel::features::payouts::{self, Tranche, TrancheKind};
use drempel::features::projects::{self, ProjectState};
use drempel::features::results::{self, Release, ReleaseState};
use drempel::features::verifications::{self, Level, Verdict};

use crate::closing::decide;
use crate::money_out::{on_the_statement, to_the_bank};
use crate::payouts::{checked_account, planned};
use crate::stopping::{mail_about, sent_back, stop};
use crate::support::{App, Browser};

pub const DAY: i64 = 86_400;
pub const PAGE: &str = "/nl/staff/results/kookclub";
const IBAN: &str = "NL91ABNA0417164300";

/// A promise: code, share, target.
pub type Promised = (&'static str, i64, i64);

/// Promises of counts, due in a hundred days.
pub async fn promise(app: &App, promises: &[Promised]) {
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    for (at, (code, share_percent, target)) in promises.iter().enumerate() {
        let indicator = Indicator {
            code: (*code).to_owned(),
            scheme: "OWN".to_owned(),
            name_nl: format!("Aantal {code}"),
            name_en: format!("Number of {code}"),
            unit_nl: "stuks".to_owned(),
            unit_en: "pieces".to_owned(),
            additive: 1,
            counts_people: 0,
            shape: Shape::Count,
            family: Family::Other,
            direction: Direction::Up,
            licence_nl: String::new(),
            licence_en: String::new(),
            sdg: String::new(),
            part_of: String::new(),
            retired_at: None,
        };
        outcomes::actions::add_indicator(&mut tx, &indicator).await.expect("an indicator");
        let promise = Promise {
            position: i64::try_from(at + 1).expect("a few"),
            indicator: (*code).to_owned(),
            baseline: 0,
            target: *target,
            // over when the first figures are verified
            due_day: now.plus_days(10).day(),
            share_percent: *share_percent,
            floor_percent: 0,
            cap_percent: 100,
        };
        outcomes::actions::add_promise(&mut tx, "prj_1", &promise, now).await.expect("a promise");
    }
    tx.commit().await.expect("a commit");
}

/// A funded project with so many cents of result money above its 600 euros, given by Anna, Bert and Carla as 4 : 3 : 2.
pub async fn funded(result_cents: i64, promises: &[Promised]) -> App {
    let app = App::start().await;
    promise(&app, promises).await;
    sell(&app, result_cents).await;
    app
}

/// The sale and the close.
pub async fn sell(app: &App, result_cents: i64) {
    app.paid_gift(40_000, "Anna").await;
    app.paid_gift(20_000 + result_cents - 20_000, "Bert").await;
    app.paid_gift(20_000, "Carla").await;
    app.advance(10 * DAY + 60).await;
    decide(app).await;
    app.settle().await;
}

/// The owner measures these and hands them in. Answers the verifications' ids.
pub async fn hand_in(app: &App, counts: &[(&str, i64)]) -> Vec<String> {
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let observations = counts.iter().map(|(code, count)| Observation::count(code, *count)).collect();
    let (note_nl, note_en) = (String::new(), String::new());
    let wave = NewWave { kind: WaveKind::End, day: now.day(), observations, note_nl, note_en };
    outcomes::actions::enter(&mut tx, "prj_1", &wave, "usr_owner", now).await.expect("a wave");
    let waves = outcomes::actions::waves_of(&mut tx, "prj_1").await.expect("waves");
    let wave = waves.last().expect("the wave").id.clone();
    let mut ids = Vec::new();
    for (code, _) in counts {
        let figure = (wave.as_str(), *code);
        let one = verifications::actions::hand_in(&mut tx, "prj_1", figure, "usr_owner", now).await;
        ids.push(one.expect("handed in").id);
    }
    tx.commit().await.expect("a commit");
    ids
}

/// The team says what it found.
async fn found(app: &App, id: &str, value: i64) {
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let verdict = Verdict { level: Level::StaffChecked, value, checker: "", remark: "" };
    verifications::actions::verify(&mut tx, id, verdict, "usr_r", now).await.expect("verified");
    tx.commit().await.expect("a commit");
    app.settle().await;
}

/// Measured, handed in and verified as it is. Answers the verifications' ids.
async fn verified_today(app: &App, counts: &[(&str, i64)]) -> Vec<String> {
    let ids = hand_in(app, counts).await;
    for (id, (_, count)) in ids.iter().zip(counts) {
        found(app, id, *count).await;
    }
    ids
}

/// The same, and a day goes by: another day, another wave.
pub async fn verified(app: &App, counts: &[(&str, i64)]) -> Vec<String> {
    let ids = verified_today(app, counts).await;
    app.advance(DAY).await;
    ids
}

/// The owner corrects a figure, and the team verifies it anew.
async fn corrected(app: &App, id: &str, code: &str, value: i64) {
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let observation = Observation::count(code, value);
    let new = verifications::actions::correct(&mut tx, id, &observation, "verkeerd geteld", "usr_owner", now).await;
    let new = new.expect("corrected").id;
    tx.commit().await.expect("a commit");
    app.settle().await;
    found(app, &new, value).await;
}

/// Proposed by the one, approved by the other.
pub async fn release(app: &App) {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let propose = format!("{PAGE}/propose");
    assert_eq!(one.post(&propose, &[("reason", " ")]).await.0, 422);
    assert_eq!(one.post(&propose, &[("reason", "gecontroleerd")]).await.0, 303);
    assert_eq!(one.post(&propose, &[("reason", "nog eens")]).await.0, 409, "it is proposed already");
    let hash = one.marked(PAGE, "data-hash").await;
    let approve = format!("{PAGE}/approve");
    assert_eq!(one.post(&approve, &[("hash", &hash)]).await.0, 403, "not by the same person");
    assert_eq!(two.post(&approve, &[("hash", "0")]).await.0, 409, "not another plan");
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await.0, 303);
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await.0, 409, "released once");
    app.settle().await;
}

async fn nothing_to_release(app: &App, words: &str) {
    let one = Browser::treasurer(app, 1).await;
    assert_eq!(one.post(&format!("{PAGE}/propose"), &[("reason", "nu")]).await.0, 409);
    let page = one.read(PAGE).await;
    assert!(page.contains(words), "{page}");
}

pub async fn state(app: &App) -> ProjectState {
    projects::actions::get(&mut app.s.db.read().await.expect("a connection"), "prj_1").await.expect("the project").state
}

pub async fn releases(app: &App) -> Vec<Release> {
    results::actions::of_project(&mut app.s.db.read().await.expect("a connection"), "prj_1").await.expect("releases")
}

/// Tranches of result money: organisation, amount and fee.
async fn tranches(app: &App) -> Vec<(String, i64, i64)> {
    let all = payouts::actions::latest(&mut app.s.db.read().await.expect("a connection"), 20).await.expect("tranches");
    let of_results = all.into_iter().filter(|tranche| tranche.kind == TrancheKind::Result);
    let mut found: Vec<_> =
        of_results.map(|Tranche { organisation_id, amount, fee, .. }| (organisation_id, amount.0, fee.0)).collect();
    found.sort();
    found
}

pub async fn result_money(app: &App) -> i64 {
    -app.account(Account::ResultMoney("prj_1".into())).await
}

async fn told(app: &App, email: &str, kind: &str) -> usize {
    app.letters(email).await.iter().filter(|sent| *sent == kind).count()
}

#[tokio::test]
async fn partly_reached_is_partly_paid_and_the_rest_goes_back_to_the_cent() {
    let app = funded(30_000, &[("diplomas", 50, 12), ("banen", 30, 8), ("maaltijden", 20, 100)]).await;
    nothing_to_release(&app, "Er is nu niets vrij te geven").await;
    verified(&app, &[("diplomas", 8)]).await;
    let one = Browser::treasurer(&app, 1).await;
    let home = one.read("/nl/staff").await;
    assert!(home.contains("Voor 1 project kan resultaatgeld worden vrijgegeven"), "{home}");
    release(&app).await;
    // two thirds of half of 300 euros
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 10_000, 0)]);
    assert_eq!((state(&app).await, result_money(&app).await), (ProjectState::Funded, 20_000));
    assert_eq!(told(&app, "owner@kookclub.example", "result_released").await, 1);
    assert_eq!(told(&app, "owner@kookclub.example", "tranche_approved").await, 1);
    assert_eq!(told(&app, "anna@example.org", "results_told").await, 0, "not before all is decided");
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let page = owner.read("/nl/studio/projects/kookclub/results").await;
    assert!(page.contains("66,66%") && page.contains("Vrijgave 1: €\u{a0}100"), "{page}");
    nothing_to_release(&app, "Er is nu niets vrij te geven").await;
    app.verify().await;

    // more than promised counts as promised; a third of the meals
    verified(&app, &[("banen", 11), ("maaltijden", 33)]).await;
    let one = Browser::treasurer(&app, 1).await;
    assert!(one.read("/nl/staff/results").await.contains("Klaar voor de eindafrekening"));
    release(&app).await;
    app.advance(5).await;
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 10_000, 0), ("org_1".to_owned(), 10_980, 0)]);
    assert_eq!(state(&app).await, ProjectState::Completed);
    // of 9.020 cents, as they gave: 400, 300 and 200 of 900
    assert_eq!(sent_back(&app).await, [2_004, 3_007, 4_009]);
    assert_eq!(result_money(&app).await, 0);
    for name in ["anna", "bert", "carla"] {
        assert_eq!(told(&app, &format!("{name}@example.org"), "results_told").await, 1, "{name}");
    }
    let mail = mail_about(&app, "bert", "is afgerond");
    assert!(mail.contains("209,80") && mail.contains("30,07") && mail.contains("8 van 12 stuks"), "{mail}");
    let states: Vec<ReleaseState> = releases(&app).await.iter().map(|release| release.state).collect();
    assert_eq!(states, [ReleaseState::Done, ReleaseState::Done]);
    nothing_to_release_any_more(&app).await;
    books(&app).await;
    app.verify().await;
}

async fn nothing_to_release_any_more(app: &App) {
    let one = Browser::treasurer(app, 1).await;
    assert_eq!(one.post(&format!("{PAGE}/propose"), &[("reason", "nog eens")]).await.0, 409);
    let page = one.read(PAGE).await;
    assert!(page.contains("Eindafrekening") && page.contains("3 van 3"), "{page}");
}

/// The public books: columns are added behind the others.
async fn books(app: &App) {
    let books = app.http.get(app.url("/api/v1/projects/kookclub/books.csv")).send().await.expect("an answer");
    let books = books.text().await.expect("the books");
    let head: Vec<&str> = books.lines().next().unwrap_or_default().split(',').collect();
    let total = |name: &str| -> i64 {
        let column = head.iter().position(|one| *one == name).unwrap_or_else(|| panic!("no {name} in {books}"));
        books.lines().skip(1).filter_map(|line| line.split(',').nth(column)?.parse::<i64>().ok()).sum()
    };
    assert_eq!(head[..4], ["day", "received_cents", "released_cents", "refunded_cents"]);
    let sums = [total("received_cents"), total("released_cents"), total("refunded_cents"), total("results_cents")];
    assert_eq!((sums, total("moved_cents")), ([90_000, 80_980, 9_020, 20_980], 0), "{books}");
    let page = app.http.get(app.url("/nl/projects/kookclub/books")).send().await.expect("an answer");
    assert!(page.text().await.expect("a page").contains("Waarvan betaald voor resultaten"));
}

#[tokio::test]
async fn what_was_not_verified_in_time_counts_as_nothing_and_everybody_gets_all_of_it_back() {
    let app = funded(30_000, &[("diplomas", 100, 12)]).await;
    // due after 10 days, late after 180 more
    app.advance(175 * DAY).await;
    nothing_to_release(&app, "Er is nu niets vrij te geven").await;
    app.advance(10 * DAY).await;
    let page = Browser::treasurer(&app, 1).await.read(PAGE).await;
    assert!(page.contains("Niet op tijd gecontroleerd") && page.contains("Dit is de eindafrekening"), "{page}");
    release(&app).await;
    app.advance(5).await;
    assert_eq!(tranches(&app).await, []);
    assert_eq!(sent_back(&app).await, [6_667, 10_000, 13_333]);
    assert_eq!((state(&app).await, result_money(&app).await), (ProjectState::Completed, 0));
    assert_eq!(told(&app, "anna@example.org", "results_told").await, 1);
    app.verify().await;
}

#[tokio::test]
async fn a_dispute_holds_back_its_own_promise_and_the_end_but_not_the_others() {
    let app = funded(30_000, &[("diplomas", 50, 10), ("banen", 50, 10)]).await;
    let ids = verified(&app, &[("diplomas", 5), ("banen", 10)]).await;
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    verifications::actions::dispute(&mut tx, &ids[0], "wij telden er tien", "usr_owner", now).await.expect("disputed");
    tx.commit().await.expect("a commit");
    let page = Browser::treasurer(&app, 1).await.read(PAGE).await;
    assert!(page.contains("er loopt nog een controle, vraag of bezwaar") && !page.contains("Dit is de eindafrekening"));
    release(&app).await;
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 15_000, 0)]);
    assert_eq!(state(&app).await, ProjectState::Funded);
    nothing_to_release(&app, "Er is nu niets vrij te geven").await;
    // even when all is late: who disputes in time is heard first
    app.advance(300 * DAY).await;
    nothing_to_release(&app, "er loopt nog een controle, vraag of bezwaar").await;

    app.sql(
        "INSERT INTO staff_roles (user_id, role, granted_at) VALUES ('usr_t1', 'expert', '2026-01-01T00:00:00.000Z')",
    )
    .await
    .expect("an expert");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let verdict = Verdict { level: Level::StaffChecked, value: 9, checker: "", remark: "negen" };
    let now = app.s.clock.now();
    verifications::actions::decide_dispute(&mut tx, &ids[0], verdict, "usr_t1", now).await.expect("decided");
    tx.commit().await.expect("a commit");
    app.settle().await;
    release(&app).await;
    app.advance(5).await;
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 13_500, 0), ("org_1".to_owned(), 15_000, 0)]);
    assert_eq!(sent_back(&app).await.iter().sum::<i64>(), 1_500);
    app.verify().await;
}

#[tokio::test]
async fn a_figure_that_is_lowered_after_its_money_left_is_a_case_and_the_rest_goes_on() {
    let app = funded(30_000, &[("diplomas", 50, 10), ("banen", 50, 10)]).await;
    let ids = verified(&app, &[("diplomas", 10)]).await;
    release(&app).await;
    corrected(&app, &ids[0], "diplomas", 6).await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let open = cases::actions::open_of_kind(&mut conn, CaseKind::ResultLowered).await.expect("cases");
    assert_eq!(open.iter().map(|case| case.amount.0).collect::<Vec<_>>(), [6_000]);
    drop(conn);
    app.advance(DAY).await;
    verified(&app, &[("banen", 5)]).await;
    assert!(Browser::treasurer(&app, 1).await.read(PAGE).await.contains("Dat blijft bij de maker"));
    release(&app).await;
    app.advance(5).await;
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 7_500, 0), ("org_1".to_owned(), 15_000, 0)]);
    assert_eq!(sent_back(&app).await.iter().sum::<i64>(), 7_500);
    app.verify().await;
}

#[tokio::test]
async fn f93_an_approval_fits_only_the_figures_that_were_proposed() {
    let app = funded(30_000, &[("diplomas", 50, 10), ("banen", 50, 10)]).await;
    verified(&app, &[("diplomas", 10)]).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let (propose, approve) = (format!("{PAGE}/propose"), format!("{PAGE}/approve"));
    assert_eq!(one.post(&propose, &[("reason", "gecontroleerd")]).await.0, 303);
    let hash = one.marked(PAGE, "data-hash").await;
    verified_today(&app, &[("banen", 5)]).await;
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await.0, 409, "the figures changed");
    let new = two.marked(PAGE, "data-hash").await;
    assert_eq!(two.post(&approve, &[("hash", &new)]).await.0, 409, "and these nobody proposed");
    let page = two.read(PAGE).await;
    assert!(page.contains("Het voorstel klopt niet meer"), "{page}");
    assert_eq!(result_money(&app).await, 30_000);
    release(&app).await;
    let states: Vec<ReleaseState> = releases(&app).await.iter().map(|release| release.state).collect();
    assert_eq!(states[0], ReleaseState::Expired, "a newer one took its place");
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 22_500, 0)]);
    app.verify().await;
}

#[tokio::test]
async fn a_proposal_is_withdrawn_or_too_late_and_reviewers_decide_nothing() {
    let app = funded(30_000, &[("diplomas", 100, 10)]).await;
    verified(&app, &[("diplomas", 5)]).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let (propose, approve) = (format!("{PAGE}/propose"), format!("{PAGE}/approve"));
    assert_eq!(reviewer.post(&propose, &[("reason", "x")]).await.0, 403);
    assert_eq!(one.post(&propose, &[("reason", "eerst")]).await.0, 303);
    let withdraw = format!("{PAGE}/withdraw");
    assert_eq!(two.post(&withdraw, &[("reason", "toch niet")]).await.0, 303);
    assert_eq!(two.post(&withdraw, &[("reason", "toch niet")]).await.0, 409);
    assert_eq!(one.post(&propose, &[("reason", "nu wel")]).await.0, 303);
    let hash = one.marked(PAGE, "data-hash").await;
    app.advance(DAY + 60).await;
    let two = Browser::treasurer(&app, 2).await;
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await.0, 409, "nobody approved it in time");
    release(&app).await;
    let states: Vec<ReleaseState> = releases(&app).await.iter().map(|release| release.state).collect();
    assert_eq!(states[..2], [ReleaseState::Withdrawn, ReleaseState::Expired]);
    app.verify().await;
}

#[tokio::test]
async fn two_treasurers_who_approve_at_once_release_once() {
    let app = funded(30_000, &[("diplomas", 100, 10)]).await;
    verified(&app, &[("diplomas", 5)]).await;
    app.sql(
        "INSERT INTO staff_roles (user_id, role, granted_at) VALUES ('usr_r', 'treasurer', '2026-01-01T00:00:00.000Z')",
    )
    .await
    .expect("a third treasurer");
    let one = Browser::treasurer(&app, 1).await;
    let (two, three) = (Browser::treasurer(&app, 2).await, Browser::signed_in(&app, "reviewer@drempel.example").await);
    assert_eq!(one.post(&format!("{PAGE}/propose"), &[("reason", "gecontroleerd")]).await.0, 303);
    let hash = one.marked(PAGE, "data-hash").await;
    let (approve, form) = (format!("{PAGE}/approve"), [("hash", hash.as_str())]);
    let (a, b) = tokio::join!(two.post(&approve, &form), three.post(&approve, &form));
    let mut answers = [a.0, b.0];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
    app.settle().await;
    app.advance(5).await;
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 15_000, 0)]);
    assert_eq!(sent_back(&app).await.iter().sum::<i64>(), 15_000);
    app.verify().await;
}

#[tokio::test]
async fn f65_three_organisations_get_their_shares_and_the_platform_its_fee() {
    let app = App::start().await;
    promise(&app, &[("diplomas", 34, 3), ("banen", 33, 3), ("maaltijden", 33, 3)]).await;
    for (statement, share) in [
        ("INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
          SELECT 'org_2', 'bakkers', 'De Bakkers', kind, '', '', area, created_at FROM organisations WHERE id = 'org_1'",
        "INSERT INTO project_partners (project_id, organisation_id, position, share_percent) VALUES ('prj_1', 'org_2', 1, 30)"),
        ("INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
          SELECT 'org_3', 'boeren', 'De Boeren', kind, '', '', area, created_at FROM organisations WHERE id = 'org_1'",
        "INSERT INTO project_partners (project_id, organisation_id, position, share_percent) VALUES ('prj_1', 'org_3', 2, 20)"),
    ] {
        app.sql(statement).await.expect("a partner");
        app.sql(share).await.expect("a share");
    }
    app.sql("UPDATE rounds SET fee_basis_points = 300").await.expect("a fee");
    sell(&app, 29_900).await;
    verified(&app, &[("diplomas", 2), ("banen", 2), ("maaltijden", 2)]).await;
    let page = Browser::treasurer(&app, 1).await.read(PAGE).await;
    assert!(page.contains("Naar De Bakkers") && page.contains("Naar De Boeren"), "{page}");
    release(&app).await;
    app.advance(5).await;
    let paid = tranches(&app).await;
    // 34, 33 and 33 percent of 29.900 are 10.166, 9.867 and 9.867; two thirds of each, cut off: 6.777 and twice 6.578
    assert_eq!(paid.iter().map(|(_, amount, fee)| amount + fee).sum::<i64>(), 19_933);
    let gross: Vec<(&str, i64)> = paid.iter().map(|(of, amount, fee)| (of.as_str(), amount + fee)).collect();
    assert_eq!(gross, [("org_1", 9_966), ("org_2", 5_980), ("org_3", 3_987)]);
    assert_eq!(paid.iter().map(|(_, _, fee)| *fee).collect::<Vec<_>>(), [299, 179, 120], "3 percent, half a cent up");
    assert_eq!(sent_back(&app).await.iter().sum::<i64>(), 29_900 - 19_933);
    app.verify().await;
}

#[tokio::test]
async fn f64_a_project_is_stopped_after_a_release_with_what_is_left() {
    let app = funded(30_000, &[("diplomas", 50, 10), ("banen", 50, 10)]).await;
    verified(&app, &[("diplomas", 10)]).await;
    // proposed and not approved: stopping goes before it
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let path = "/nl/staff/projects/prj_1/stop";
    assert_eq!(one.post(&format!("{path}/propose"), &[("reason", "de keuken is dicht")]).await.0, 303);
    let hash = one.marked(path, "data-hash").await;
    release(&app).await;
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 409, "a tranche is on its way");
    checked_account(&app, IBAN).await;
    let transfer = planned(&app).await.remove(0);
    to_the_bank(&app).await;
    assert!(on_the_statement(&app, &transfer, 15_000, "bln_1").await);
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await.0, 409, "less is left than was proposed");
    assert_eq!(one.post(&format!("{path}/withdraw"), &[("reason", "opnieuw")]).await.0, 303);
    verified(&app, &[("banen", 10)]).await;
    let one = Browser::treasurer(&app, 1).await;
    assert_eq!(one.post(&format!("{PAGE}/propose"), &[("reason", "nog voor het stoppen")]).await.0, 303);
    let hash = one.marked(PAGE, "data-hash").await;
    stop(&app).await;
    let two = Browser::treasurer(&app, 2).await;
    assert_eq!(two.post(&format!("{PAGE}/approve"), &[("hash", &hash)]).await.0, 409, "it was stopped");
    assert_eq!((state(&app).await, result_money(&app).await), (ProjectState::Terminated, 0));
    // 600 of start money and 150 of result money
    assert_eq!(sent_back(&app).await.iter().sum::<i64>(), 75_000);
    assert_eq!(tranches(&app).await, [("org_1".to_owned(), 15_000, 0)]);
    app.verify().await;
}
