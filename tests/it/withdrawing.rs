//! A project that its owner takes back.

use drempel::features::projects::{self, ProjectState};
use drempel::features::rounds::{self, RoundState};
use serde_json::json;

use crate::support::{App, Browser};

const PAGE: &str = "/nl/studio/projects/kookclub/withdraw";
const SURE: [(&str, &str); 1] = [("reason", "de keuken is dicht")];

async fn state(app: &App) -> ProjectState {
    projects::actions::get(&mut app.s.db.read().await.expect("a connection"), "prj_1").await.expect("a project").state
}

async fn round_state(app: &App) -> RoundState {
    rounds::actions::get(&mut app.s.db.read().await.expect("a connection"), "rnd_1").await.expect("a round").state
}

#[tokio::test]
async fn f30_who_paid_and_who_still_pays_gets_everything_back() {
    let app = App::start().await;
    let paid = app.paid_gift(20_000, "Anna").await;
    let open = app.gift(5_000, "Bert").await;
    let on_its_way = app.gift(5_000, "Carla").await;
    app.at_the_bank(&on_its_way, "wait").await;
    app.settle().await;
    assert_eq!(app.status(&on_its_way).await, "processing");
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert!(owner.read("/nl/studio/projects/kookclub").await.contains("Dit project intrekken"));
    assert_eq!(owner.post(PAGE, &[("reason", " ")]).await.0, 422);
    assert_eq!(state(&app).await, ProjectState::Listed);
    assert_eq!(owner.post(PAGE, &SURE).await.0, 303);
    assert_eq!(state(&app).await, ProjectState::Withdrawn);
    let new = json!({ "amount_cents": 2_500, "email": "new@example.org" });
    assert_eq!(app.pledge("kookclub", "new", &new).await.0, 409, "it stops selling at once");
    app.settle().await;
    assert_eq!((app.status(&paid).await, app.status(&open).await), ("refunded".into(), "expired".into()));
    assert_ne!(app.at_the_bank(&open, "pay").await, 303, "the bank's page is ended");
    app.verify().await;
    app.advance(120).await;
    app.advance(120).await;
    assert_eq!(app.status(&on_its_way).await, "refunded");
    for name in ["anna", "carla"] {
        let letters = app.letters(&format!("{name}@example.org")).await;
        let count = letters.iter().filter(|kind| *kind == "project_withdrawn").count();
        assert!(count == 1 && letters.contains(&"refund_sent".to_owned()), "{letters:?}");
    }
    assert!(app.letters("owner@kookclub.example").await.contains(&"project_taken_back".to_owned()));
    let public = Browser::new(&app).read("/nl/projects/kookclub").await;
    assert!(public.contains("Ingetrokken door de maker") && public.contains("de keuken is dicht"), "{public}");
    assert_eq!(owner.post(PAGE, &SURE).await.0, 409, "once");
    let causes = app.sql("UPDATE refunds SET id = id WHERE cause = 'withdrawn'").await.expect("refunds");
    assert_eq!(causes, 2);
    app.verify().await;
}

#[tokio::test]
async fn a_near_miss_that_is_taken_back_lets_the_round_end() {
    let app = App::start_with(2_000, 1_000).await;
    app.sql("UPDATE rounds SET near_miss_percent = 80").await.expect("a band");
    let anna = app.paid_gift(85_000, "Anna").await;
    app.advance(10 * 86_400 + 60).await;
    crate::closing::decide(&app).await;
    app.settle().await;
    app.advance(5).await;
    assert_eq!((state(&app).await, round_state(&app).await), (ProjectState::NearMiss, RoundState::Closing));
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(owner.post(PAGE, &SURE).await.0, 303);
    app.settle().await;
    app.advance(5).await;
    assert_eq!((app.status(&anna).await, round_state(&app).await), ("refunded".to_owned(), RoundState::Settled));
    app.verify().await;
}

#[tokio::test]
async fn after_the_decision_only_the_team_can_stop_it() {
    let app = App::start().await;
    let anna = app.paid_gift(65_000, "Anna").await;
    app.advance(10 * 86_400 + 60).await;
    crate::closing::decide(&app).await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(owner.post(PAGE, &SURE).await.0, 409, "its plan is being carried out");
    app.settle().await;
    assert_eq!(owner.post(PAGE, &SURE).await.0, 409);
    assert!(owner.read(PAGE).await.contains("Het team van Drempel kan het stoppen"));
    assert_eq!((state(&app).await, app.status(&anna).await), (ProjectState::Funded, "released".to_owned()));
    app.verify().await;
}

#[tokio::test]
async fn only_an_owner_with_a_fresh_factor_takes_a_project_back() {
    let app = App::start().await;
    app.sql("UPDATE memberships SET role = 'editor'").await.expect("an editor");
    let person = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(person.post(PAGE, &SURE).await.0, 403);
    assert!(person.read(PAGE).await.contains("Alleen een eigenaar"));
    app.sql("UPDATE memberships SET role = 'owner'").await.expect("an owner");
    app.advance(600).await;
    let (status, target) = person.post(PAGE, &SURE).await;
    assert!(status == 303 && target.contains("/sign-in/factor"), "{target}");
    assert_eq!(state(&app).await, ProjectState::Listed);
    let fresh = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(fresh.post(PAGE, &[("reason", "anders")]).await.0, 303);
    assert_eq!(state(&app).await, ProjectState::Withdrawn);
    app.verify().await;
}
