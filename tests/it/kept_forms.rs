//! A form that asks for a fresh second factor is not lost: it waits, and is offered again after that.

use drempel::app::demo;
use drempel::features::users::factor;

use crate::support::{App, Browser};

const OWNER: &str = "owner@hotspot-hutspot.example";
const INVITE: &str = "/nl/studio/organisations/hotspot-hutspot/members/invite";
const FORM: [(&str, &str); 2] = [("email", "friend+<b>@example.org"), ("role", "editor")];

fn later(app: &App, seconds: i64) {
    app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + seconds);
}

async fn confirm(app: &App, browser: &Browser) -> (u16, String) {
    let code = factor::code_now(demo::APP_SECRET, app.s.clock.now());
    browser.post_for_text("/nl/sign-in/factor", &[("code", &code), ("next", "/studio")]).await
}

async fn count(app: &App, query: &'static str) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let found: (i64,) = sqlx::query_as(query).fetch_one(&mut *conn).await.expect("a count");
    found.0
}

/// The form on a page: where it goes, and its fields.
fn form_of(page: &str) -> (String, Vec<(String, String)>) {
    let html = scraper::Html::parse_document(page);
    let selector = |text| scraper::Selector::parse(text).expect("a selector");
    let (forms, inputs) = (selector("main form"), selector("input"));
    let form = html.select(&forms).next().expect("a form");
    let fields = form.select(&inputs).map(|input| {
        let value = |name| input.attr(name).unwrap_or_default().to_owned();
        (value("name"), value("value"))
    });
    (form.attr("action").expect("an address").to_owned(), fields.collect())
}

#[tokio::test]
async fn what_was_typed_is_offered_again_after_the_second_factor() {
    let app = App::start_demo().await;
    let (owner, elsewhere) = (Browser::signed_in(&app, OWNER).await, Browser::signed_in(&app, OWNER).await);
    later(&app, 301);
    let (status, to) = owner.post(INVITE, &FORM).await;
    assert!(status == 303 && to.starts_with("/nl/sign-in/factor"), "{status} {to}");
    assert!(!to.contains("friend"), "what was typed stands in the address: {to}");
    assert_eq!(confirm(&app, &elsewhere).await.0, 303, "another browser of the same person sees nothing of it");
    later(&app, 31);
    let (status, page) = confirm(&app, &owner).await;
    assert_eq!(status, 200);
    let (address, fields) = form_of(&page);
    assert_eq!(address, INVITE);
    let sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(FORM.iter().all(|field| sent.contains(field)), "{sent:?}");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM invitations").await, 0, "nothing is sent unasked");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM kept_forms").await, 0, "it is kept no longer");
    assert_eq!(owner.post(&address, &sent).await.0, 422, "the page tells what is wrong with it");
    let right = [("email", "friend@example.org"), ("role", "editor")];
    assert_eq!(owner.post(INVITE, &right).await.0, 303);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM invitations").await, 1);
}

#[tokio::test]
async fn a_form_waits_ten_minutes_and_no_longer() {
    let app = App::start_demo().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    later(&app, 301);
    assert_eq!(owner.post(INVITE, &FORM).await.0, 303);
    later(&app, 601);
    assert_eq!(confirm(&app, &owner).await.0, 303);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM kept_forms").await, 0);
}
