//! Who may do what with which proof: sessions, letters about signing in, limits, another address, recovery by two admins.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::net::SocketAddr;

use axum::http::{StatusCode, header};
use drempel::app::letters as written;
use drempel::features::users::StaffRole;
use drempel::infra::letters;

use crate::sign_in::{App, Browser, app_code};

const BACKER: &str = "backer1@drempel.example";
const TREASURER: &str = "treasurer1@drempel.example";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE: &str =
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

/// A letter as it went out.
struct Sent {
    kind: String,
    to: String,
    subject: String,
    text: String,
}

impl Sent {
    /// The last part of the address in it that has this path.
    fn token(&self, path: &str) -> String {
        let rest = self.text.split(path).nth(1).unwrap_or_else(|| panic!("no {path} in {}", self.text));
        rest.chars().take_while(char::is_ascii_alphanumeric).collect()
    }
}

/// Sends what waits, but sign-in codes, which the tests read from the rows.
async fn sent(app: &App) -> Vec<Sent> {
    let s = &app.services;
    let due = letters::claim(&s.db, s.clock.now(), false).await.unwrap();
    let drafts = written::render(s, &due).await;
    let mut tx = s.db.begin().await.unwrap();
    letters::mark_sent(&mut tx, s.clock.now(), &due.iter().map(|d| d.id.as_str()).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let both = due.into_iter().zip(drafts).filter(|(due, _)| due.kind != "sign_in");
    both.filter_map(|(due, draft)| {
        let draft = draft.unwrap()?;
        Some(Sent { kind: due.kind, to: due.email, subject: draft.subject, text: draft.text })
    })
    .collect()
}

fn at(text: &str) -> Option<SocketAddr> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn a_new_browser_is_told_but_not_the_first_nor_a_known_one() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut home = app.browser();
    (home.peer, home.agent) = (at("203.0.113.9:1"), FIREFOX);
    home.sign_in(BACKER).await;
    assert!(sent(&app).await.is_empty(), "the very first");
    home.sign_in(BACKER).await;
    assert!(sent(&app).await.is_empty(), "the same");
    home.post("/nl/sign-out", &[]).await;
    home.cookies.clear();
    home.sign_in(BACKER).await;
    assert!(sent(&app).await.is_empty(), "signing out forgets cookies, not the browser at home");
    let mut phone = app.browser();
    (phone.peer, phone.agent) = (at("198.51.100.7:1"), PHONE);
    app.pass(901);
    phone.sign_in(BACKER).await;
    let letters = sent(&app).await;
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, BACKER));
    assert!(letters[0].text.contains("Chrome, Android") && letters[0].text.contains("/nl/account/security"));

    let page = home.get("/nl/account/sessions").await.text;
    assert!(page.contains("Firefox, Windows") && page.contains("Chrome, Android") && page.contains("Deze browser"));
    let nobody = app.browser().get("/nl/account/sessions").await;
    assert_eq!(nobody.location, "/nl/sign-in?next=%2Faccount%2Fsessions");
}

#[tokio::test]
async fn known_and_unknown_addresses_cause_the_same_work_and_the_same_answer() {
    let app = App::new().await;
    app.user(BACKER).await;
    let rows = async |table: &'static str| -> i64 {
        let mut conn = app.services.db.read().await.unwrap();
        let count = match table {
            "requests" => "SELECT COUNT(*) FROM sign_in_requests",
            "asks" => "SELECT COUNT(*) FROM sign_in_asks",
            _ => "SELECT COUNT(*) FROM letters",
        };
        let (count,): (i64,) = sqlx::query_as(count).fetch_one(&mut *conn).await.unwrap();
        count
    };
    let mut seen = Vec::new();
    for email in [BACKER, "nobody@drempel.example"] {
        let before = (rows("requests").await, rows("asks").await);
        let mut browser = app.browser();
        let asked = browser.ask(email).await;
        let code = browser.code("ABCD-EFGH").await;
        let work = (rows("requests").await - before.0, rows("asks").await - before.1);
        let names: Vec<_> = browser.cookies.keys().cloned().collect();
        seen.push((asked.status, asked.location, asked.text, code.status, code.shown(), names, work));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0].6, (1, 1));
    assert_eq!(rows("letters").await, 1, "only the known one gets a letter");
}

#[tokio::test]
async fn a_network_asks_ten_times_an_hour_known_or_not() {
    let app = App::with(&[("TRUSTED_PROXIES", "10.0.0.1")]).await;
    let mut browser = app.browser();
    browser.peer = at("[2001:db8:1:2::5]:1");
    for number in 0..10 {
        app.pass(2);
        let asked = browser.ask(&format!("nobody{number}@drempel.example")).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
    }
    browser.peer = at("[2001:db8:1:2:ffff::9]:1");
    let refused = browser.ask(BACKER).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "the same /64");
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    browser.peer = at("[2001:db8:1:3::9]:1");
    assert_eq!(browser.ask(BACKER).await.status, StatusCode::SEE_OTHER, "another");
    browser.peer = at("[2001:db8:1:2::5]:1");
    app.pass(3_600);
    assert_eq!(browser.ask(BACKER).await.status, StatusCode::SEE_OTHER, "an hour later");

    // everybody together, in one second
    let app = App::new().await;
    let mut many = app.browser();
    let statuses = futures_of(&app, &mut many).await;
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS));
}

/// Twenty-one asks at the very same moment of the clock, each from elsewhere.
async fn futures_of(app: &App, browser: &mut Browser<'_>) -> Vec<StatusCode> {
    let mut statuses = Vec::new();
    for number in 0..21 {
        // the clock of the program goes on by itself: put it back to the same second
        browser.peer = at(&format!("203.0.113.{number}:1"));
        let moment = app.services.clock.now();
        statuses.push(browser.ask("x@drempel.example").await.status);
        let passed = app.services.clock.now().seconds() - moment.seconds();
        app.pass(-passed);
    }
    statuses
}

/// Asks for another address and answers the code that went there.
async fn ask_address(app: &App, browser: &mut Browser<'_>, email: &str) -> Option<String> {
    let asked = browser.post("/nl/account/address", &[("email", email)]).await;
    assert_eq!((asked.status, asked.location.as_str()), (StatusCode::SEE_OTHER, "/nl/account/address/code"));
    let letter = sent(app).await.into_iter().find(|letter| letter.kind == "address_code")?;
    assert_eq!(letter.to, email);
    Some(letter.subject.rsplit(' ').next().unwrap().to_owned())
}

#[tokio::test]
async fn another_address_is_proved_and_the_old_one_can_take_it_back() {
    let app = App::new().await;
    app.user(BACKER).await;
    app.user("taken@example.org").await;
    let (mut browser, mut other) = (app.browser(), app.browser());
    browser.sign_in(BACKER).await;
    other.sign_in(BACKER).await;
    sent(&app).await;
    for (email, status) in [("x", 422), (BACKER, 422)] {
        assert_eq!(browser.post("/nl/account/address", &[("email", email)]).await.status.as_u16(), status, "{email}");
    }
    assert!(ask_address(&app, &mut browser, "taken@example.org").await.is_none(), "the same answer, and no letter");
    let code = ask_address(&app, &mut browser, "new@example.org").await.unwrap();
    let typed = [("code", code.as_str())];
    let path = "/nl/account/address/code";
    assert_eq!(other.post(path, &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY, "another session");
    assert_eq!(browser.post(path, &[("code", "ABCDEFGH")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post(path, &typed).await.location, "/nl/account/security?done=address-changed");
    assert_eq!(browser.post(path, &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    assert_eq!((browser.who().await.as_str(), other.who().await.as_str()), ("new@example.org", "nobody"));
    let letters = sent(&app).await;
    let to = |kind: &str| letters.iter().find(|letter| letter.kind == kind).unwrap();
    assert_eq!((to("account_event").to.as_str(), to("address_old").to.as_str()), ("new@example.org", BACKER));

    // whoever did it goes on: another address, and an app
    let link = format!("/nl/sign-in/restore/{}", to("address_old").token("/sign-in/restore/"));
    let code = ask_address(&app, &mut browser, "third@example.org").await.unwrap();
    browser.post(path, &[("code", &code)]).await;
    let third = sent(&app).await.into_iter().find(|letter| letter.kind == "address_old").unwrap();
    let app_page = browser.get("/nl/account/app").await.text;
    let secret = app_page.split("<span class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    let connected = browser.post("/nl/account/app", &[("code", &app_code(&secret, &app, 0))]).await;
    assert_eq!(connected.location, "/nl/account/security?done=app-connected");

    // the old address takes it back, in any browser, by a button
    app.pass(72 * 3_600 - 300);
    let mut victim = app.browser();
    assert!(victim.get(&link).await.text.contains(BACKER), "opening changes nothing");
    assert_eq!(victim.post(&link, &[]).await.location, "/nl/sign-in?done=address-restored");
    assert_eq!(browser.who().await, "nobody");
    let back = format!("/nl/sign-in/restore/{}", third.token("/sign-in/restore/"));
    for gone in [&link, &back] {
        assert_eq!(victim.post(gone, &[]).await.status, StatusCode::GONE, "once, and what came after falls with it");
    }
    victim.sign_in(BACKER).await;
    assert_eq!(victim.who().await, BACKER);
    assert!(!victim.get("/nl/account/security").await.text.contains("Er is een app gekoppeld"));

    // after three days it stays
    let code = ask_address(&app, &mut victim, "fourth@example.org").await.unwrap();
    victim.post(path, &[("code", &code)]).await;
    let letter = sent(&app).await.into_iter().find(|letter| letter.kind == "address_old").unwrap();
    app.pass(72 * 3_600);
    let late = format!("/nl/sign-in/restore/{}", letter.token("/sign-in/restore/"));
    assert_eq!(victim.post(&late, &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn nobody_new_stands_in_the_way_of_an_address_that_can_be_taken_back() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut thief = app.browser();
    thief.sign_in(BACKER).await;
    let path = "/nl/account/address/code";
    let code = ask_address(&app, &mut thief, "thief@example.org").await.unwrap();
    thief.post(path, &[("code", &code)]).await;
    assert_eq!(thief.who().await, "thief@example.org");
    let letter = sent(&app).await.into_iter().find(|letter| letter.kind == "address_old").unwrap();
    // a pledge with the old address makes nobody
    app.user(BACKER).await;
    let mut victim = app.browser();
    let link = format!("/nl/sign-in/restore/{}", letter.token("/sign-in/restore/"));
    assert_eq!(victim.post(&link, &[]).await.location, "/nl/sign-in?done=address-restored");
    assert_eq!(thief.who().await, "nobody");
    victim.sign_in(BACKER).await;
    assert_eq!(victim.who().await, BACKER);

    // once it can no longer be taken back, the address is free
    let code = ask_address(&app, &mut victim, "new@example.org").await.unwrap();
    victim.post(path, &[("code", &code)]).await;
    app.pass(72 * 3_600);
    app.user(BACKER).await;
    let mut somebody = app.browser();
    somebody.sign_in(BACKER).await;
    assert_eq!(somebody.who().await, BACKER);
}

#[tokio::test]
async fn a_change_of_address_needs_mail_of_a_moment_ago_or_the_factor_there_is() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    browser.sign_in(BACKER).await;
    assert_eq!(browser.get("/nl/account/address").await.status, StatusCode::OK);
    let code = ask_address(&app, &mut browser, "new@example.org").await.unwrap();
    app.pass(600);
    let late = browser.post("/nl/account/address/code", &[("code", &code)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "ten minutes");
    let code = ask_address(&app, &mut browser, "new@example.org").await.unwrap();
    for _ in 0..5 {
        browser.post("/nl/account/address/code", &[("code", "ABCDEFGH")]).await;
    }
    let dead = browser.post("/nl/account/address/code", &[("code", &code)]).await;
    assert_eq!(dead.status, StatusCode::UNPROCESSABLE_ENTITY, "five wrong ones");
    ask_address(&app, &mut browser, "new@example.org").await.unwrap();
    let often = browser.post("/nl/account/address", &[("email", "new@example.org")]).await;
    assert_eq!(often.status, StatusCode::TOO_MANY_REQUESTS);
    app.pass(300);
    assert_eq!(browser.get("/nl/account/address").await.location, "/nl/sign-in?next=%2Faccount%2Faddress");
    browser.sign_in(BACKER).await;
    let page = browser.get("/nl/account/app").await.text;
    let secret = page.split("<span class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    browser.post("/nl/account/app", &[("code", &app_code(&secret, &app, 0))]).await;
    assert_eq!(browser.get("/nl/account/address").await.status, StatusCode::OK, "a fresh factor");
    let mut stolen_mail = app.browser();
    stolen_mail.sign_in(BACKER).await;
    let first = stolen_mail.get("/nl/account/address").await;
    assert_eq!(first.location, "/nl/sign-in/factor?next=%2Faccount%2Faddress", "mail is no longer enough");
}

/// Signs in as development does, with a fresh factor.
async fn admin<'a>(app: &'a App, email: &str) -> Browser<'a> {
    let mut browser = app.browser();
    assert_eq!(browser.post("/dev/sign-in", &[("email", email)]).await.status, StatusCode::SEE_OTHER);
    browser
}

#[tokio::test]
async fn two_admins_let_somebody_who_lost_everything_begin_anew() {
    let app = App::new().await;
    for email in ["admin1@drempel.example", "admin2@drempel.example"] {
        app.staff(email, StaffRole::Admin).await;
    }
    let mut person = app.browser();
    person.enrol(&app.staff(TREASURER, StaffRole::Treasurer).await).await;
    sent(&app).await;
    let (mut first, mut second) =
        (admin(&app, "admin1@drempel.example").await, admin(&app, "admin2@drempel.example").await);
    assert_eq!(person.get("/nl/staff/users").await.status, StatusCode::FORBIDDEN, "not an admin");
    let list = first.get("/nl/staff/users").await.text;
    let id = list.split("/nl/staff/users/").find(|part| part.contains(TREASURER)).unwrap().split('"').next().unwrap();
    let path = format!("/nl/staff/users/{id}");
    let post = |step: &str| format!("{path}/recovery/{step}");
    assert_eq!(first.post(&post("propose"), &[("reason", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let proposed = first.post(&post("propose"), &[("reason", "gebeld, telefoon gestolen")]).await;
    assert_eq!(proposed.location, format!("{path}?done=recovery-proposed"));
    let page = second.get(&path).await.text;
    let hash = page.split("data-hash=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(second.get("/nl/staff/approvals").await.text.contains(&format!("href=\"{path}\"")));
    assert_eq!(
        first.post(&post("approve"), &[("hash", hash)]).await.status,
        StatusCode::FORBIDDEN,
        "f92: the own proposal"
    );
    assert_eq!(second.post(&post("approve"), &[("hash", "0")]).await.status, StatusCode::CONFLICT);
    app.pass(301);
    let stale = second.post(&post("approve"), &[("hash", hash)]).await;
    assert!(stale.location.starts_with("/nl/sign-in/factor?next="), "{}", stale.location);
    let mut second = admin(&app, "admin2@drempel.example").await;
    assert_eq!(person.who().await, TREASURER);
    let approved = second.post(&post("approve"), &[("hash", hash)]).await;
    assert_eq!(approved.location, format!("{path}?done=recovery-approved"));

    assert_eq!(person.who().await, "nobody", "every session ended");
    let letters = sent(&app).await;
    let mut admins: Vec<_> = letters.iter().filter(|l| l.kind == "recovered_admins").map(|l| l.to.as_str()).collect();
    admins.sort_unstable();
    assert_eq!(admins, ["admin1@drempel.example", "admin2@drempel.example"]);
    let own = letters.iter().find(|l| l.to == TREASURER).unwrap();
    assert!(own.text.contains("admin1@drempel.example, admin2@drempel.example"));
    person.sign_in(TREASURER).await;
    assert_eq!(person.get("/nl/probe/staff").await.location, "/nl/sign-in/factor?next=%2Fprobe%2Fstaff");
    person.enrol(&format!("/nl/sign-in/enrol/{}", own.token("/sign-in/enrol/"))).await;
    assert_eq!(person.get("/nl/probe/money").await.text, "money");

    // nobody recovers themselves, and who has nothing to lose needs none
    let own_page = second.get("/nl/staff/users?q=admin2@drempel.example").await.text;
    let own_id =
        own_page.split("/nl/staff/users/").find(|part| part.starts_with("usr_")).unwrap().split('"').next().unwrap();
    let own = format!("/nl/staff/users/{own_id}/recovery/propose");
    assert_eq!(second.post(&own, &[("reason", "x")]).await.status, StatusCode::FORBIDDEN);
    app.user(BACKER).await;
    let page = second.get(&format!("/nl/staff/users?q={BACKER}")).await.text;
    let id = page.split("/nl/staff/users/").find(|part| part.starts_with("usr_")).unwrap().split('"').next().unwrap();
    let none = second.post(&format!("/nl/staff/users/{id}/recovery/propose"), &[("reason", "x")]).await;
    assert_eq!(none.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_admin_ends_all_sessions_of_somebody_who_is_told() {
    let app = App::new().await;
    app.staff("admin1@drempel.example", StaffRole::Admin).await;
    app.user(BACKER).await;
    let mut admin = admin(&app, "admin1@drempel.example").await;
    let (mut phone, mut laptop) = (app.browser(), app.browser());
    phone.sign_in(BACKER).await;
    laptop.sign_in(BACKER).await;
    sent(&app).await;
    let list = admin.get(&format!("/nl/staff/users?q={BACKER}")).await.text;
    let id = list.split("/nl/staff/users/").find(|part| part.starts_with("usr_")).unwrap().split('"').next().unwrap();
    let (page, post) = (format!("/nl/staff/users/{id}"), format!("/nl/staff/users/{id}/sign-out"));
    assert!(admin.get(&page).await.text.contains(&post));
    app.pass(301);
    assert!(admin.post(&post, &[]).await.location.starts_with("/nl/sign-in/factor"), "with a fresh factor");
    assert_eq!((phone.who().await.as_str(), laptop.who().await.as_str()), (BACKER, BACKER));
    let mut admin = self::admin(&app, "admin1@drempel.example").await;
    assert_eq!(admin.post(&post, &[]).await.location, format!("{page}?done=signed-out-everywhere"));
    assert_eq!((phone.who().await.as_str(), laptop.who().await.as_str()), ("nobody", "nobody"));
    assert!(!admin.get(&page).await.text.contains(&post), "there is nothing left to end");
    let letters = sent(&app).await;
    assert_eq!(letters.iter().filter(|letter| letter.to == BACKER).count(), 1);
    assert!(letters.iter().any(|letter| letter.to == BACKER && letter.subject == "Je bent overal uitgelogd"));
}

#[tokio::test]
async fn wrong_codes_in_a_row_are_told_once() {
    let app = App::new().await;
    let mut browser = app.browser();
    browser.enrol(&app.staff(TREASURER, StaffRole::Treasurer).await).await;
    sent(&app).await;
    app.pass(60);
    for _ in 0..8 {
        browser.post("/nl/sign-in/factor", &[("code", "000000")]).await;
    }
    let letters = sent(&app).await;
    let told: Vec<_> = letters.iter().filter(|letter| letter.subject.contains("verkeerde code")).collect();
    assert_eq!(told.len(), 1, "whoever types codes reads the mail already, and the person must know");
    assert_eq!(told[0].to, TREASURER);
}
