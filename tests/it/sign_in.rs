//! Signing in from the outside: pages, cookies and letters, on a fresh database and with a clock that moves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use base64::Engine;
use drempel::app::{router, services};
use drempel::features::users::guard::{SignedIn, Staff};
use drempel::features::users::{StaffRole, actions};
use drempel::infra::settings::{Settings, Source};
use drempel::infra::web::{Ctx, problem};
use drempel::infra::{Services, facts, random};
use drempel::values::Lang;
use drempel::values::text::Email;
use hmac::{Hmac, KeyInit, Mac};
use sqlx::{Connection, Row};
use tower::ServiceExt;

use crate::forms::token_in;

const BACKER: &str = "backer1@drempel.example";
const TREASURER: &str = "treasurer1@drempel.example";

/// An installation of its own in a folder that goes when the test ends.
pub struct App {
    pub services: Services,
    router: Router,
    folder: PathBuf,
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl App {
    pub async fn new() -> App {
        App::with(&[]).await
    }

    pub async fn with(more: &[(&str, &str)]) -> App {
        let name = format!("sign_in_{}", random::secret());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let url = match std::env::var("TEST_DATABASE").as_deref() {
            Ok("postgres") => postgres(&name).await,
            _ => format!("sqlite://{}/test.db", folder.display()),
        };
        let key = base64::engine::general_purpose::STANDARD.encode([7u8; 32]);
        let mut pairs = vec![("DATABASE_URL", url.as_str()), ("SECRET_KEY", &key)];
        pairs.extend_from_slice(more);
        let services = services::open(Settings::read(&Source::of(&pairs)).unwrap()).await.unwrap();
        services.db.migrate().await.unwrap();
        let probes =
            Router::new()
                .route(
                    "/{lang}/probe",
                    get(|person: Option<SignedIn>| async move {
                        person.map_or_else(|| "nobody".to_owned(), |p| p.user.email)
                    }),
                )
                .route("/{lang}/probe/staff", get(|_: Staff| async { "staff" }).post(|_: Staff| async { "staff" }))
                .route(
                    "/{lang}/probe/money",
                    get(async |ctx: Ctx, staff: Staff| {
                        staff.require(StaffRole::Treasurer)?;
                        staff.require_fresh(&ctx, "/probe/money")?;
                        Ok::<_, problem::Failure>("money")
                    }),
                )
                .layer(from_fn_with_state(services.clone(), problem::render))
                .with_state(services.clone());
        App { router: router::build(services.clone()).merge(probes), services, folder }
    }

    pub async fn user(&self, email: &str) {
        let mut tx = self.services.db.begin().await.unwrap();
        let email = Email::parse(email).unwrap();
        actions::known_or_new(&mut tx, &email, Lang::Nl, self.services.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Makes somebody staff; the path of the enrolment link.
    pub async fn staff(&self, email: &str, role: StaffRole) -> String {
        let mut tx = self.services.db.begin().await.unwrap();
        let email = Email::parse(email).unwrap();
        let now = self.services.clock.now();
        let made = actions::add_staff(&mut tx, &email, &[role], "test", now).await.unwrap();
        tx.commit().await.unwrap();
        format!("/nl/sign-in/enrol/{}", made.token)
    }

    pub fn pass(&self, seconds: i64) {
        let clock = &self.services.clock;
        clock.set_offset_seconds(clock.offset_seconds() + seconds);
    }

    /// The secrets of all sign-in letters, the oldest first: code, link token, path.
    pub async fn letters(&self) -> Vec<Vec<String>> {
        let rows = sqlx::query("SELECT secret FROM letters WHERE kind = 'sign_in' ORDER BY id")
            .fetch_all(&mut *self.services.db.read().await.unwrap())
            .await
            .unwrap();
        rows.iter().map(|row| row.get::<String, _>(0).split(' ').map(str::to_owned).collect()).collect()
    }

    pub async fn last_letter(&self) -> Vec<String> {
        self.letters().await.pop().unwrap()
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookies: BTreeMap::new(), peer: None, agent: "" }
    }
}

/// A new database in the private server of the test run.
async fn postgres(name: &str) -> String {
    let server = std::env::var("TEST_POSTGRES_URL").unwrap();
    let mut conn = sqlx::postgres::PgConnection::connect(&server).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&mut conn).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

/// A visitor with cookies.
pub struct Browser<'a> {
    app: &'a App,
    pub cookies: BTreeMap<String, String>,
    /// Where it comes from, and what it says of itself.
    pub peer: Option<SocketAddr>,
    pub agent: &'static str,
}

pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub headers: axum::http::HeaderMap,
    pub text: String,
}

impl Page {
    /// The text without what is made anew for each answer.
    pub fn shown(&self) -> String {
        self.text.replace(&token_in(&self.text), "")
    }
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Posts a form as a browser does, with a token of a form of ours.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = token_in(&self.get("/nl/sign-in").await.text);
        if self.app.services.settings.production() {
            // a person takes some time
            self.app.pass(4);
        }
        let token = [("form_token", token.as_str())];
        let fields = fields.iter().chain(&token);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).header(header::USER_AGENT, self.agent);
        let mut request = request.body(body).unwrap();
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        let location = parts.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap()).to_owned();
        Page { status: parts.status, location, headers: parts.headers, text }
    }

    pub async fn ask(&mut self, email: &str) -> Page {
        self.post("/nl/sign-in", &[("email", email)]).await
    }

    pub async fn code(&mut self, code: &str) -> Page {
        self.post("/nl/sign-in/code", &[("code", code)]).await
    }

    pub async fn who(&mut self) -> String {
        self.get("/nl/probe").await.text
    }

    pub fn session(&self) -> &str {
        &self.cookies["drempel_session"]
    }

    /// Signs in as a backer by mail.
    pub async fn sign_in(&mut self, email: &str) {
        self.ask(email).await;
        let code = self.app.last_letter().await[0].clone();
        assert_eq!(self.code(&code).await.status, StatusCode::SEE_OTHER);
    }

    /// Enrols with the link; the secret of the app.
    pub async fn enrol(&mut self, link: &str) -> String {
        let page = self.get(link).await;
        let secret =
            page.text.split("<span class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
        let done = self.post(link, &[("code", &app_code(&secret, self.app, 0))]).await;
        assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/nl/staff"));
        secret
    }
}

/// What an authenticator app shows, written down a second time from RFC 6238.
pub fn app_code(secret: &str, app: &App, steps_off: i64) -> String {
    let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let step = app.services.clock.now().seconds() / 30 + steps_off;
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&key).unwrap();
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

#[tokio::test]
async fn a_code_signs_in_once() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    let asked = browser.post("/nl/sign-in", &[("email", " Backer1@Drempel.example "), ("next", "/nl/probe?x=1")]).await;
    assert_eq!(asked.location, "/nl/sign-in/code?next=%2Fprobe%3Fx%3D1");
    let letter = app.last_letter().await;
    assert_eq!(letter[2], "/probe?x=1");
    assert_eq!(browser.code("ABCDEFGH").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.who().await, "nobody");
    let typed = format!(" {} - {} ", letter[0][..4].to_lowercase(), &letter[0][4..]);
    let entered = browser.post("/nl/sign-in/code", &[("code", &typed), ("next", "/probe?x=1")]).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/nl/probe?x=1"));
    assert_eq!(browser.who().await, BACKER);
    assert!(!browser.cookies.contains_key("drempel_sign_in"));
    assert_eq!(browser.code(&letter[0]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a second time");
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answers_and_no_letter() {
    let app = App::new().await;
    app.user(BACKER).await;
    let (mut known, mut unknown) = (app.browser(), app.browser());
    let (a, b) = (known.ask(BACKER).await, unknown.ask("nobody@drempel.example").await);
    assert_eq!((a.status, a.location, a.text), (b.status, b.location, b.text));
    assert_eq!(known.cookies.keys().collect::<Vec<_>>(), unknown.cookies.keys().collect::<Vec<_>>());
    let (a, b) = (known.get("/nl/sign-in/code").await, unknown.get("/nl/sign-in/code").await);
    assert_eq!(a.shown(), b.shown());
    for _ in 0..7 {
        let (a, b) = (known.code("ABCD-EFGH").await, unknown.code("ABCD-EFGH").await);
        assert_eq!((a.status, a.shown()), (b.status, b.shown()));
    }
    assert_eq!(app.letters().await.len(), 1);
    let mut conn = app.services.db.read().await.unwrap();
    assert!(actions::by_email(&mut conn, "nobody@drempel.example").await.unwrap().is_none());
}

#[tokio::test]
async fn after_five_wrong_tries_the_code_and_its_link_are_dead() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    browser.ask(BACKER).await;
    let letter = app.last_letter().await;
    for _ in 0..5 {
        browser.code("ABCD-EFGH").await;
    }
    assert_eq!(browser.code(&letter[0]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post(&format!("/nl/sign-in/link/{}", letter[1]), &[]).await.status, StatusCode::GONE);
    assert_eq!(browser.who().await, "nobody");
}

#[tokio::test]
async fn code_and_link_work_only_in_the_browser_that_asked() {
    let app = App::new().await;
    app.user(BACKER).await;
    let (mut own, mut other, mut bare) = (app.browser(), app.browser(), app.browser());
    other.ask("nobody@drempel.example").await;
    own.ask(BACKER).await;
    let letter = app.last_letter().await;
    let link = format!("/nl/sign-in/link/{}", letter[1]);
    for stranger in [&mut other, &mut bare] {
        assert_eq!(stranger.code(&letter[0]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        for page in [stranger.get(&link).await, stranger.post(&link, &[]).await] {
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text.contains("andere browser") && !page.text.contains(&letter[0]));
        }
        assert_eq!(stranger.who().await, "nobody");
    }
    for _ in 0..3 {
        assert!(own.get(&link).await.text.contains("Log mij in"), "opening the link changes nothing");
    }
    assert_eq!(own.who().await, "nobody");
    let entered = own.post(&format!("{link}?next=/probe"), &[("next", "/probe")]).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/nl/probe"));
    assert_eq!(own.who().await, BACKER);
    assert_eq!(own.get(&link).await.status, StatusCode::GONE);
    assert_eq!(own.get("/nl/sign-in/link/unknown").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn code_and_link_end_after_ten_minutes() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    browser.ask(BACKER).await;
    let letter = app.last_letter().await;
    app.pass(600);
    assert_eq!(browser.code(&letter[0]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post(&format!("/nl/sign-in/link/{}", letter[1]), &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_address_gets_three_letters_in_a_quarter_of_an_hour() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    let mut pages = Vec::new();
    for _ in 0..4 {
        pages.push(browser.ask(BACKER).await.location);
    }
    assert_eq!(app.letters().await.len(), 3);
    assert!(pages.iter().all(|page| page == &pages[0]), "the answer does not tell");
    let first = app.letters().await[0][0].clone();
    assert_eq!(browser.code(&first).await.status, StatusCode::SEE_OTHER, "a letter that came late still works");
    app.pass(901);
    browser.ask(BACKER).await;
    assert_eq!(app.letters().await.len(), 4);

    let without = App::with(&[("LIMITS", "off")]).await;
    without.user(BACKER).await;
    for _ in 0..4 {
        without.browser().ask(BACKER).await;
    }
    assert_eq!(without.letters().await.len(), 4);
}

#[tokio::test]
async fn strangers_who_use_up_the_letters_do_not_keep_the_owner_out() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut own = app.browser();
    own.sign_in(BACKER).await;
    app.pass(901);
    for _ in 0..2 {
        let mut stranger = app.browser();
        for _ in 0..3 {
            stranger.ask(BACKER).await;
        }
    }
    assert_eq!(app.letters().await.len(), 4, "the own one, and three for strangers");
    own.ask(BACKER).await;
    assert_eq!(app.letters().await.len(), 5);
    let code = app.last_letter().await[0].clone();
    assert_eq!(own.code(&code).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn next_goes_nowhere_else_and_other_sites_cannot_post() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    for bad in ["https://evil.example/", "//evil.example", "/\\evil.example", "/nl//evil.example"] {
        let asked = browser.post("/nl/sign-in", &[("email", "nobody@drempel.example"), ("next", bad)]).await;
        assert_eq!(asked.location, "/nl/sign-in/code", "{bad}");
    }
    browser.ask(BACKER).await;
    let code = app.last_letter().await[0].clone();
    let entered = browser.post("/nl/sign-in/code", &[("code", &code), ("next", "//evil.example")]).await;
    assert_eq!(entered.location, "/nl/account");
    let cross = Request::post("/nl/sign-out").header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(cross, Body::empty()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.who().await, BACKER);
    let wrong = browser.ask("no address").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<title>Fout: ") && wrong.text.contains("href=\"#f-email\""));
    assert_eq!(browser.post("/nl/sign-in", &[("email", BACKER), ("admin", "1")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_letter_is_written_while_it_is_of_use() {
    let app = App::new().await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    browser.post("/en/sign-in", &[("email", BACKER), ("next", "/probe")]).await;
    let letter = app.last_letter().await;
    let mut conn = app.services.db.read().await.unwrap();
    let user = actions::by_email(&mut conn, BACKER).await.unwrap().unwrap();
    let (cause,): (String,) = sqlx::query_as("SELECT cause_id FROM letters").fetch_one(&mut *conn).await.unwrap();
    let secret = letter.join(" ");
    let mut render = async |cause: &str, secret: &str| {
        drempel::features::users::letters::render(&app.services, &mut conn, "sign_in", cause, &user, Lang::En, secret)
            .await
            .unwrap()
    };
    let draft = render(&cause, &secret).await.unwrap();
    let code = format!("{}-{}", &letter[0][..4], &letter[0][4..]);
    let link = format!("http://localhost:3000/en/sign-in/link/{}?next=%2Fprobe", letter[1]);
    assert!(draft.subject.contains(&code));
    assert!(draft.text.contains(&code) && draft.text.contains(&link));
    assert!(draft.html.contains(&code) && draft.html.contains(&link));
    assert!(render(&cause, "").await.is_none() && render("sir_unknown", &secret).await.is_none());
    app.pass(600);
    assert!(render(&cause, &secret).await.is_none());
}

#[tokio::test]
async fn staff_needs_a_second_factor_that_is_used_once() {
    let app = App::new().await;
    let link = app.staff(TREASURER, StaffRole::Treasurer).await;
    let mut browser = app.browser();

    // mail alone proves the address, no more
    browser.sign_in(TREASURER).await;
    assert_eq!(browser.who().await, TREASURER);
    assert_eq!(browser.get("/nl/probe/staff").await.location, "/nl/sign-in/factor?next=%2Fprobe%2Fstaff");
    assert!(browser.get("/nl/sign-in/factor").await.text.contains("nog geen app gekoppeld"));
    assert_eq!(browser.post("/nl/sign-in/factor", &[("code", "123456")]).await.status, StatusCode::CONFLICT);

    // enrolment
    assert_eq!(browser.get(&link).await.shown(), browser.get(&link).await.shown(), "reading changes nothing");
    let wrong = browser.post(&link, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let before = browser.session().to_owned();
    let secret = browser.enrol(&link).await;
    assert_ne!(browser.session(), before);
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.get("/nl/probe/money").await.text, "money");

    // fresh for five minutes, then a code that was not used yet
    app.pass(301);
    assert_eq!(browser.get("/nl/probe/staff").await.text, "staff");
    assert_eq!(browser.get("/nl/probe/money").await.location, "/nl/sign-in/factor?next=%2Fprobe%2Fmoney");
    let code = app_code(&secret, &app, 0);
    let old = browser.session().to_owned();
    let done = browser.post("/nl/sign-in/factor", &[("code", &code), ("next", "/probe/money")]).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/nl/probe/money"));
    assert_ne!(browser.session(), old, "a new token at step-up");
    assert_eq!(browser.get("/nl/probe/money").await.text, "money");
    let again = browser.post("/nl/sign-in/factor", &[("code", &code)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "used before");
    let mut thief = app.browser();
    thief.cookies.insert("drempel_session".into(), old);
    assert_eq!(thief.who().await, "nobody", "the old token is worth nothing");

    // signed in by mail again: the factor is asked before the work
    let mut second = app.browser();
    second.ask(TREASURER).await;
    let letter = app.last_letter().await;
    assert_eq!(second.code(&letter[0]).await.location, "/nl/sign-in/factor?next=%2Fstaff");
}

#[tokio::test]
async fn five_wrong_codes_make_staff_wait_five_minutes() {
    let app = App::new().await;
    let link = app.staff(TREASURER, StaffRole::Treasurer).await;
    let mut browser = app.browser();
    let secret = browser.enrol(&link).await;
    app.pass(60);
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(browser.post("/nl/sign-in/factor", &[("code", "000000")]).await.status.as_u16());
    }
    assert_eq!(statuses, [422, 422, 422, 422, 429]);
    let right = app_code(&secret, &app, 0);
    assert_eq!(browser.post("/nl/sign-in/factor", &[("code", &right)]).await.status, StatusCode::TOO_MANY_REQUESTS);
    app.pass(300);
    let right = app_code(&secret, &app, 0);
    assert_eq!(browser.post("/nl/sign-in/factor", &[("code", &right)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_new_app_replaces_the_old_one_and_ends_all_sessions() {
    let app = App::new().await;
    let first = app.staff(TREASURER, StaffRole::Treasurer).await;
    let unused = app.staff(TREASURER, StaffRole::Admin).await;
    let mut browser = app.browser();
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE, "a newer link replaced it");
    browser.enrol(&unused).await;
    let again = app.staff(TREASURER, StaffRole::Admin).await;
    assert_eq!(browser.get("/nl/probe/staff").await.text, "staff", "the old app works until the new one is proved");
    let mut phone = app.browser();
    phone.enrol(&again).await;
    assert_eq!(browser.who().await, "nobody");
    let expiring = app.staff(TREASURER, StaffRole::Admin).await;
    app.pass(86_400);
    assert_eq!(phone.get(&expiring).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn sessions_end_when_idle_and_after_their_longest_life() {
    let app = App::new().await;
    app.user(BACKER).await;
    let link = app.staff(TREASURER, StaffRole::Treasurer).await;
    let (mut backer, mut staff) = (app.browser(), app.browser());
    backer.sign_in(BACKER).await;
    staff.enrol(&link).await;
    for _ in 0..32 {
        app.pass(14 * 60);
        staff.who().await;
    }
    assert_eq!(staff.who().await, TREASURER, "in use all the time");
    app.pass(14 * 60);
    staff.who().await;
    app.pass(14 * 60);
    staff.who().await;
    app.pass(5 * 60);
    assert_eq!(staff.who().await, "nobody", "eight hours");
    assert_eq!(staff.get("/nl/probe/staff").await.location, "/nl/sign-in?next=%2Fprobe%2Fstaff");
    assert_eq!(backer.who().await, BACKER);
    app.pass(86_400 + 1);
    assert_eq!(backer.who().await, "nobody", "a day without use");

    let mut idle = app.browser();
    idle.enrol(&app.staff(TREASURER, StaffRole::Treasurer).await).await;
    app.pass(15 * 60);
    assert_eq!(idle.who().await, "nobody", "a quarter of an hour without use");
}

#[tokio::test]
async fn a_form_posted_without_a_session_comes_back_to_its_page() {
    let app = App::new().await;
    let mut browser = app.browser();
    let request = Request::post("/nl/probe/staff").header("referer", "http://localhost:3000/nl/probe?tab=2");
    let sent = browser.send(request, Body::empty()).await;
    assert_eq!(sent.location, "/nl/sign-in?next=%2Fprobe%3Ftab%3D2");
    let request = Request::post("/nl/probe/staff").header("referer", "http://localhost:3000.evil.example/nl/probe");
    assert_eq!(browser.send(request, Body::empty()).await.location, "/nl/sign-in");
}

#[tokio::test]
async fn the_own_account() {
    let app = App::new().await;
    app.user(BACKER).await;
    app.user("backer2@drempel.example").await;
    let (mut browser, mut phone, mut stranger) = (app.browser(), app.browser(), app.browser());
    assert_eq!(browser.get("/nl/account").await.location, "/nl/sign-in?next=%2Faccount");
    browser.sign_in(BACKER).await;
    app.pass(1);
    phone.sign_in(BACKER).await;
    stranger.sign_in("backer2@drempel.example").await;

    let saved = browser.post("/nl/account", &[("name", " Ada  <b> "), ("language", "en")]).await;
    assert_eq!(saved.location, "/en/account?done=users-saved");
    let page = browser.get("/en/account?done=users-saved").await;
    assert!(page.text.contains("Your details have been saved") && page.text.contains("Ada &#60;b&#62;"));
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    let long = "x".repeat(81);
    let wrong = browser.post("/nl/account", &[("name", &long), ("language", "fr")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(browser.get("/nl/account/sessions").await.status, StatusCode::OK);
    let page = browser.get("/en/account/sessions").await;
    let end = page.text.split("action=\"").find(|part| part.contains("/account/sessions/ses_")).unwrap();
    let end = end.split('"').next().unwrap().to_owned();
    assert_eq!(stranger.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(phone.who().await, BACKER);
    assert_eq!(browser.post(&end, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(phone.who().await, "nobody");
    phone.sign_in(BACKER).await;
    browser.post("/nl/account/sessions/end-others", &[]).await;
    assert_eq!((phone.who().await.as_str(), browser.who().await.as_str()), ("nobody", BACKER));

    let token = browser.session().to_owned();
    let out = browser.post("/nl/sign-out", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(out.headers["clear-site-data"], "\"cache\", \"cookies\", \"storage\"");
    assert!(!browser.cookies.contains_key("drempel_session"));
    browser.cookies.insert("drempel_session".into(), token);
    assert_eq!(browser.who().await, "nobody", "the session ended, not only the cookie");
}

#[tokio::test]
async fn development_signs_in_and_moves_the_clock() {
    let app = App::new().await;
    app.user(BACKER).await;
    app.staff(TREASURER, StaffRole::Treasurer).await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/dev").await.status, StatusCode::OK);
    let list = browser.get("/dev/sign-in").await.text;
    assert!(list.contains(BACKER) && list.contains(TREASURER));
    assert_eq!(browser.post("/dev/sign-in", &[("email", TREASURER)]).await.location, "/nl/staff");
    assert_eq!(browser.get("/nl/probe/money").await.text, "money");
    assert_eq!(browser.post("/dev/sign-in", &[("email", BACKER)]).await.location, "/nl/account");
    assert_eq!(browser.who().await, BACKER);
    assert_eq!(browser.post("/dev/sign-in", &[("email", "x@drempel.example")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/dev/sign-in", &[("email", "x")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let before = app.services.clock.now();
    assert_eq!(browser.post("/dev/clock", &[("advance_seconds", "3600")]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/dev/clock").await.text.contains("3600 seconden"));
    let request = Request::post("/dev/clock")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json");
    let json = browser.send(request, Body::from("advance_seconds=60")).await;
    let answer: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    let now: drempel::values::Timestamp = answer["now"].as_str().unwrap().parse().unwrap();
    assert!(now >= before.plus_seconds(3_660) && now < before.plus_seconds(3_720));
    let wrong = browser.post("/dev/clock", &[("advance_seconds", "0")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(app.services.clock.offset_seconds(), 3_660);
    let mut conn = app.services.db.read().await.unwrap();
    let kept = facts::get(&mut conn, "dev_clock_offset_seconds").await.unwrap();
    assert_eq!(kept.as_deref(), Some("3660"), "kept for the next start");
}

#[tokio::test]
async fn production_has_no_development_pages_and_cookies_bound_to_the_host() {
    let app = App::with(&[
        ("PUBLIC_URL", "https://drempel.example"),
        ("STRIPE_SECRET_KEY", "sk_live_x"),
        ("STRIPE_WEBHOOK_SECRETS", "whsec_x"),
        ("SMTP_URL", "smtp://127.0.0.1:25"),
    ])
    .await;
    app.user(BACKER).await;
    let mut browser = app.browser();
    for path in ["/dev", "/dev/sign-in", "/dev/clock"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert!(browser.post(path, &[("email", BACKER)]).await.status.is_client_error(), "{path}");
    }
    assert_eq!(browser.who().await, "nobody");
    let asked = browser.ask(BACKER).await;
    let cookie = asked.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-sign-in=") && cookie.contains("Secure") && cookie.contains("HttpOnly"));
    let entered = browser.code(&app.last_letter().await[0].clone()).await;
    let cookies: Vec<_> = entered.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
    let session = cookies.iter().find(|c| c.starts_with("__Host-session=")).unwrap();
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(session.contains(part), "{session}");
    }
    assert!(!session.contains("Domain"));
}
