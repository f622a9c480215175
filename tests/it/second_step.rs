//! What an owner does with mail alone, what with a second factor given in the session, and what with one of the last five minutes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use drempel::features::users::factor;

use crate::support::{App, Browser};

const OWNER: &str = "owner@kookclub.example";
const SECRET: &str = "DREMPELDEMODREMPELDEMODREMPELDEM";

/// Signed in by the code in a letter: no second factor.
async fn by_mail(app: &App, email: &str) -> Browser {
    let browser = Browser::new(app);
    assert_eq!(browser.post("/nl/sign-in", &[("email", email)]).await.0, 303);
    let mut conn = app.s.db.read().await.unwrap();
    let (secret,): (String,) =
        sqlx::query_as("SELECT secret FROM letters WHERE kind = 'sign_in' AND secret <> '' ORDER BY id DESC LIMIT 1")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    let code = secret.split(' ').next().unwrap();
    assert_eq!(browser.post("/nl/sign-in/code", &[("code", code)]).await.0, 303);
    browser
}

/// Status and target, of a GET or a POST without fields.
async fn ask(browser: &Browser, method: &str, path: &str) -> (u16, String) {
    if method == "GET" { browser.get(path).await } else { browser.post(path, &[]).await }
}

fn is_sent_to_the_factor((status, target): &(u16, String)) -> bool {
    *status == 303 && target.starts_with("/nl/sign-in/factor")
}

/// Only to read: mail is enough.
const BY_MAIL: [&str; 5] = [
    "/nl/studio",
    "/nl/studio/payouts",
    "/nl/studio/projects/kookclub",
    "/nl/studio/organisations/kookclub/members",
    "/nl/studio/projects/kookclub/updates/new",
];
/// Other people's data: a factor given in this session.
const CONFIRMED: [(&str, &str); 2] = [
    ("GET", "/nl/studio/projects/kookclub/backers"),
    ("GET", "/nl/studio/projects/kookclub/updates/new?audience=backers"),
];
/// Money, members, and all backers in a file: a fresh one.
const FRESH: [(&str, &str); 12] = [
    ("GET", "/nl/studio/projects/kookclub/backers.csv"),
    ("POST", "/nl/studio/payouts/kookclub/account"),
    ("POST", "/nl/studio/payouts/kookclub/account/oac_1/withdraw"),
    ("POST", "/nl/studio/payouts/kookclub/connect"),
    ("POST", "/nl/studio/projects/kookclub/payouts"),
    ("POST", "/nl/studio/projects/kookclub/payouts/parts/1/reached"),
    ("POST", "/nl/studio/projects/kookclub/near-miss"),
    ("POST", "/nl/studio/projects/kookclub/withdraw"),
    ("POST", "/nl/studio/projects/kookclub/shares"),
    ("POST", "/nl/studio/organisations/kookclub/members/invite"),
    ("POST", "/nl/studio/organisations/kookclub/members/usr_owner/role"),
    ("POST", "/nl/studio/organisations/kookclub/members/usr_owner/remove"),
];

#[tokio::test]
async fn what_touches_money_or_backers_asks_an_owner_for_a_second_factor() {
    let app = App::start().await;
    let owner = by_mail(&app, OWNER).await;
    for path in BY_MAIL {
        assert_eq!(owner.get(path).await.0, 200, "{path}");
    }
    for (method, path) in CONFIRMED.into_iter().chain(FRESH) {
        let answer = ask(&owner, method, path).await;
        assert!(is_sent_to_the_factor(&answer), "{method} {path}: {answer:?}");
    }
    let page = owner.read("/nl/sign-in/factor?next=/studio/payouts").await;
    assert!(page.contains("href=\"/nl/account/security?next=%2Fstudio%2Fpayouts\""), "where to get one");

    // with the factor just given
    let owner = Browser::signed_in(&app, OWNER).await;
    for (method, path) in CONFIRMED.into_iter().chain(FRESH) {
        let answer = ask(&owner, method, path).await;
        assert!(!is_sent_to_the_factor(&answer), "{method} {path}: {answer:?}");
    }

    // five minutes later
    let owner = Browser::signed_in(&app, OWNER).await;
    app.advance(301).await;
    for (method, path) in CONFIRMED {
        assert_eq!(ask(&owner, method, path).await.0, 200, "{path}");
    }
    for (method, path) in FRESH {
        let answer = ask(&owner, method, path).await;
        assert!(is_sent_to_the_factor(&answer), "{method} {path}: {answer:?}");
    }

    // a stranger learns nothing of it
    let stranger = by_mail(&app, "treasurer1@drempel.example").await;
    assert_eq!(stranger.get("/nl/studio/projects/kookclub/backers").await.0, 404);
}

#[tokio::test]
async fn a_message_to_backers_is_sent_by_whoever_gave_a_factor() {
    let app = App::start().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let texts = [("audience", "backers"), ("title_nl", "Voor jullie"), ("body_nl", "Dank je wel")];
    let (status, path) = owner.post_parts("/nl/studio/projects/kookclub/updates/new", &texts).await;
    assert_eq!(status, 303, "{path}");
    let publish = format!("{}/publish", path.split('?').next().unwrap());
    let mail_alone = by_mail(&app, OWNER).await;
    assert!(is_sent_to_the_factor(&mail_alone.post(&publish, &[]).await));
    let (status, done) = owner.post(&publish, &[]).await;
    assert!(status == 303 && done.contains("done=update-scheduled"), "{done}");
}

#[tokio::test]
async fn an_owner_sets_up_an_app_and_goes_on_to_what_waited() {
    let app = App::start().await;
    let owner = by_mail(&app, OWNER).await;
    let page = owner.read("/nl/account/app").await;
    let secret = page.split("<span class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    assert_eq!(owner.post("/nl/account/app", &[("code", "000000")]).await.0, 422);
    let code = factor::code_now(&secret, app.s.clock.now());
    assert_eq!(owner.post("/nl/account/app", &[("code", &code)]).await.1, "/nl/account/security?done=app-connected");
    let page = owner.read("/nl/account/security?next=/studio/payouts").await;
    assert!(page.contains("href=\"/nl/studio/payouts\"") && page.contains("Er is een app gekoppeld"));
    assert_eq!(owner.post("/nl/studio/payouts/kookclub/account", &[("iban", "x"), ("holder", "y")]).await.0, 422, "in");

    app.advance(301).await;
    let refused = owner.post("/nl/studio/payouts/kookclub/account", &[("iban", "x"), ("holder", "y")]).await;
    assert!(is_sent_to_the_factor(&refused), "{refused:?}");
    let code = factor::code_now(&secret, app.s.clock.now());
    let back = owner.post("/nl/sign-in/factor", &[("code", &code), ("next", "/studio/payouts")]).await;
    assert_eq!(back.0, 200, "what was typed is offered again");
    assert_eq!(owner.post("/nl/studio/payouts/kookclub/account", &[("iban", "x"), ("holder", "y")]).await.0, 422);
    let (status, target) = owner.post("/nl/account/app/remove", &[]).await;
    assert_eq!((status, target.as_str()), (303, "/nl/account/security?done=app-removed"));
    app.settle().await;
    let told = app.letters(OWNER).await;
    assert_eq!(told.iter().filter(|kind| *kind == "account_event").count(), 2, "{told:?}");
}

#[tokio::test]
async fn in_the_demo_every_owner_and_the_team_have_an_app_that_is_known() {
    let app = App::start_demo().await;
    for email in ["owner@de-verbindingskamer.example", "treasurer1@drempel.example", "admin2@drempel.example"] {
        let person = by_mail(&app, email).await;
        let code = factor::code_now(SECRET, app.s.clock.now());
        assert_eq!(person.post("/nl/sign-in/factor", &[("code", &code)]).await.0, 303, "{email}");
    }
    let list = Browser::new(&app).read("/dev/sign-in").await;
    assert!(list.contains(SECRET) && list.contains(&factor::code_now(SECRET, app.s.clock.now())));
}

#[tokio::test]
async fn sessions_of_members_end_after_an_hour_without_use_and_after_a_day() {
    let app = App::start_demo().await;
    let owner = by_mail(&app, "owner@de-verbindingskamer.example").await;
    app.advance(3_400).await;
    assert_eq!(owner.get("/nl/studio").await.0, 200);
    app.advance(3_600).await;
    assert_eq!(owner.get("/nl/studio").await.1, "/nl/sign-in?next=%2Fstudio");
    let owner = by_mail(&app, "owner@de-verbindingskamer.example").await;
    for _ in 0..28 {
        app.advance(3_000).await;
        assert_eq!(owner.get("/nl/studio").await.0, 200);
    }
    app.advance(2_500).await;
    assert_eq!(owner.get("/nl/studio").await.0, 303, "a day");
}
