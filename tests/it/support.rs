//! One way to start the program in a test: the production router over a fresh database, a sandbox bank, letters in a folder, a
//! clock that can be moved. Work is done when the test says so.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use drempel::app::{demo, router, services, verify, worker};
use drempel::features::pledges;
use drempel::infra::Services;
use drempel::infra::mail::Mailer;
use drempel::infra::sandbox::{self, Sandbox};
use drempel::infra::settings::{Settings, Source};
use serde_json::{Value, json};

/// What a mail server shows that hands in its reports.
pub const MAIL_REPORTS: &str = "reports-of-the-mail-server-00000";

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A running program.
pub struct App {
    pub s: Services,
    pub bank: Sandbox,
    pub base: String,
    pub http: reqwest::Client,
    folder: PathBuf,
}

/// A number that no other test of this run has, and an empty folder of that number.
fn place() -> (u64, PathBuf) {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("drempel-it-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    (number, folder)
}

impl App {
    /// Starts over an empty database with one selling round and one project of 10.00 Rikx with a threshold of 6.00, one Rikx
    /// costing 100 euros.
    pub async fn start() -> App {
        App::start_with(1_000, 600).await
    }

    /// The same with another impact value and threshold, in hundredths of a Rikx.
    pub async fn start_with(impact: i64, threshold: i64) -> App {
        App::start_over(Some((impact, threshold)), &[]).await
    }

    /// Starts with a replica for public pages that is behind: it never learns of anything that happens.
    pub async fn start_behind() -> App {
        let (number, folder) = place();
        let behind = database(&folder, number).await;
        let s = services::open(Settings::read(&Source::of(&[("DATABASE_URL", &behind)])).expect("settings")).await;
        let s = s.expect("a database");
        s.db.migrate().await.expect("a schema");
        seed(&s, 1_000, 600).await;
        s.db.close().await;
        App::start_set(&[("DATABASE_READ_URL", &behind)]).await
    }

    /// As [`App::start`], with settings in the place of those of other tests; over a database that is lived in, as it is.
    pub async fn start_set(settings: &[(&str, &str)]) -> App {
        App::start_over(Some((1_000, 600)), settings).await
    }

    /// Starts with the demo's people, rounds and projects, without money.
    pub async fn start_demo() -> App {
        App::start_over(None, &[]).await
    }

    /// With a project of this impact value and threshold, or the demo; see [`App::start_with`], [`App::start_set`].
    pub async fn start_over(project: Option<(i64, i64)>, other: &[(&str, &str)]) -> App {
        let (number, folder) = place();
        let database_url = match other.iter().find(|(name, _)| *name == "DATABASE_URL") {
            Some((_, url)) => (*url).to_owned(),
            None => database(&folder, number).await,
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (listen, base) = (address.to_string(), format!("http://{address}"));
        let files_url = format!("file://{}", folder.join("files").display());
        let mut settings = vec![
            ("DATABASE_URL", database_url.as_str()),
            ("LISTEN", listen.as_str()),
            ("PUBLIC_URL", base.as_str()),
            ("SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
            ("STRIPE_RATE_PER_SECOND", "100000"),
            ("FILES_URL", files_url.as_str()),
            ("LIMITS", "off"),
            ("MAIL_REPORTS_SECRET", MAIL_REPORTS),
        ];
        settings.extend_from_slice(other);
        let settings = Settings::read(&Source::of(&settings)).expect("settings");
        let mailer = Mailer::in_folder(folder.join("mail"), &settings).expect("a folder for letters");
        let mut s = services::open(settings).await.expect("a database");
        s.db.migrate().await.expect("a schema");
        s.mailer = mailer;
        s.decoder.program = env!("CARGO_BIN_EXE_drempel").into();
        let clock = s.clock.clone();
        let bank = Sandbox::open(sandbox::Config {
            public_base: format!("{base}/dev/bank"),
            secret_key: s.settings.stripe.secret_key.clone(),
            webhook_url: Some(format!("{base}/webhooks/stripe")),
            webhook_secret: "whsec_sandbox".to_owned(),
            journal: None,
            now: Arc::new(move || clock.now().seconds()),
            requests_per_second: None,
        })
        .expect("a bank");
        s.bank = Some(bank.clone());
        let is_empty = demo::is_empty(&mut s.db.read().await.expect("a connection")).await.expect("a look");
        match project {
            _ if !is_empty => {}
            Some((impact, threshold)) => seed(&s, impact, threshold).await,
            None => {
                let mut tx = s.db.begin().await.expect("a transaction");
                demo::load_nouns(&mut tx, s.clock.now(), demo::Closed::AsTold).await.expect("the demo");
                tx.commit().await.expect("a commit");
            }
        }
        let app = router::build(s.clone()).into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .cookie_store(true)
            .build()
            .expect("a client");
        App { s, bank, base, http, folder }
    }

    /// Where the letters lie.
    pub fn letters_folder(&self) -> PathBuf {
        self.folder.join("mail")
    }

    /// Where pictures and evidence lie.
    pub fn files_folder(&self) -> PathBuf {
        self.folder.join("files")
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Does all work that is due, and lets the bank deliver its events.
    pub async fn settle(&self) {
        for _ in 0..3 {
            self.bank.tick().await;
            worker::run_due(&self.s).await.expect("the due work");
        }
    }

    /// Moves the clock and does what has become due.
    pub async fn advance(&self, seconds: i64) {
        self.s.clock.set_offset_seconds(self.s.clock.offset_seconds() + seconds);
        self.settle().await;
    }

    /// Makes a pledge by the JSON call.
    pub async fn pledge(&self, slug: &str, key: &str, body: &Value) -> (u16, Value) {
        let answer = self
            .http
            .post(self.url(&format!("/api/v1/projects/{slug}/pledges")))
            .header("Idempotency-Key", key)
            .json(body)
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// A gift of so many cents by a person of that name; answers the pledge.
    pub async fn gift(&self, cents: i64, name: &str) -> Value {
        let email = format!("{}@example.org", name.to_lowercase());
        let body = json!({ "amount_cents": cents, "email": email, "name": name, "language": "nl" });
        let (status, pledge) = self.pledge("kookclub", &format!("gift-{name}-{cents}"), &body).await;
        assert_eq!(status, 201, "{pledge}");
        pledge
    }

    /// Presses a button on the bank's page.
    pub async fn at_the_bank(&self, pledge: &Value, action: &str) -> reqwest::StatusCode {
        let url = pledge["checkout_url"].as_str().expect("a bank's page");
        self.http.post(url).form(&[("action", action)]).send().await.expect("the bank").status()
    }

    /// A gift that is paid and held.
    pub async fn paid_gift(&self, cents: i64, name: &str) -> Value {
        let pledge = self.gift(cents, name).await;
        assert_eq!(self.at_the_bank(&pledge, "pay").await, 303);
        self.settle().await;
        assert_eq!(self.status(&pledge).await, "held");
        pledge
    }

    /// The state of a pledge as programs read it.
    pub async fn status(&self, pledge: &Value) -> String {
        self.read(pledge).await["status"].as_str().unwrap_or_default().to_owned()
    }

    pub async fn read(&self, pledge: &Value) -> Value {
        let (reference, key) = (pledge["reference"].as_str().unwrap_or(""), pledge["key"].as_str().unwrap_or(""));
        let url = self.url(&format!("/api/v1/pledges/{reference}?key={key}"));
        self.http.get(url).send().await.expect("an answer").json().await.expect("JSON")
    }

    pub async fn standing(&self) -> pledges::Standing {
        let mut conn = self.s.db.read().await.expect("a connection");
        pledges::actions::standing(&mut conn, "prj_1").await.expect("a standing")
    }

    /// Kinds of the letters in the folder's rows for an address, sorted, with how often each was sent.
    pub async fn letters(&self, email: &str) -> Vec<String> {
        let mut conn = self.s.db.read().await.expect("a connection");
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT l.kind FROM letters l JOIN users u ON u.id = l.user_id
             WHERE u.email = $1 AND l.state = 'sent' ORDER BY l.kind",
        )
        .bind(email)
        .fetch_all(&mut *conn)
        .await
        .expect("letters");
        rows.into_iter().map(|(kind,)| kind).collect()
    }

    /// All invariants hold.
    pub async fn verify(&self) {
        for check in verify::all(&self.s).await.expect("checks") {
            assert!(check.offending.is_empty(), "{} {}: {:?}", check.name, check.what, check.offending);
        }
    }

    /// Runs one statement; for tests that prepare or break something by hand.
    pub async fn sql(&self, statement: &'static str) -> Result<u64, sqlx::Error> {
        let mut tx = self.s.db.begin().await?;
        let done = sqlx::query(statement).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A fresh database of the kind that `TEST_DATABASE` names.
async fn database(folder: &std::path::Path, number: u64) -> String {
    if std::env::var("TEST_DATABASE").as_deref() != Ok("postgres") {
        return format!("sqlite://{}/drempel.db", folder.display());
    }
    postgres_database(&number.to_string()).await
}

/// A fresh database on the server for tests, its name ending in this.
pub async fn postgres_database(ending: &str) -> String {
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL for tests on PostgreSQL");
    let name = format!("it_{}_{ending}", std::process::id());
    sqlx::any::install_default_drivers();
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&server).await.expect("PostgreSQL");
    let statement = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(statement).execute(&mut connection).await.expect("a new database");
    let (head, _) = server.rsplit_once('/').expect("a database in the address");
    format!("{head}/{name}")
}

/// A round that sells for ten days, a maker with an owner, one listed project, two treasurers.
async fn seed(s: &Services, impact: i64, threshold: i64) {
    let now = s.clock.now();
    let at = |days: i64| now.plus_days(days).to_string();
    let mut tx = s.db.begin().await.expect("a transaction");
    for (id, email) in [
        ("usr_owner", "owner@kookclub.example"),
        ("usr_t1", "treasurer1@drempel.example"),
        ("usr_t2", "treasurer2@drempel.example"),
        ("usr_r", "reviewer@drempel.example"),
    ] {
        sqlx::query("INSERT INTO users (id, email, name, language, created_at) VALUES ($1, $2, '', 'nl', $3)")
            .bind(id)
            .bind(email)
            .bind(at(-90))
            .execute(&mut *tx)
            .await
            .expect("a user");
    }
    for (id, role) in [("usr_t1", "treasurer"), ("usr_t2", "treasurer"), ("usr_r", "reviewer")] {
        sqlx::query("INSERT INTO staff_roles (user_id, role, granted_at) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(role)
            .bind(at(-90))
            .execute(&mut *tx)
            .await
            .expect("a role");
    }
    sqlx::query(
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         VALUES ('org_1', 'kookclub', 'Stichting Kookclub', 'maker', 'Koken', 'Cooking', 'west', $1)",
    )
    .bind(at(-90))
    .execute(&mut *tx)
    .await
    .expect("an organisation");
    sqlx::query("INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ('org_1', 'usr_owner', 'owner', $1)")
        .bind(at(-90))
        .execute(&mut *tx)
        .await
        .expect("a membership");
    sqlx::query(
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
             submissions_at, valuation_at, selling_at, closes_at)
         VALUES ('rnd_1', 1, 'Ronde 1', 'Round 1', 'selling', 100, 500, 'Regel', 'Rule', $1, $2, $3, $4)",
    )
    .bind(at(-60))
    .bind(at(-30))
    .bind(at(-10))
    .bind(at(10))
    .execute(&mut *tx)
    .await
    .expect("a round");
    sqlx::query(
        "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
             text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
             created_at, updated_at)
         VALUES ('prj_1', 'kookclub', 1, 'org_1', 'rnd_1', 'listed', 'Kookclub', 'Cooking club', 'Samen koken',
             'Cooking together', 'Tekst', 'Text', 'buren', 'neighbours', 20, $1, $2, '2027-01-01', 12,
             'owner@kookclub.example', '', '', 0, 'kookclub', $3, $3)",
    )
    .bind(impact)
    .bind(threshold)
    .bind(at(-60))
    .execute(&mut *tx)
    .await
    .expect("a project");
    pledges::actions::open_project(&mut tx, "prj_1", drempel::values::Cents(impact * 100)).await.expect("totals");
    tx.commit().await.expect("a commit");
}

impl App {
    /// Tells the bank how to misbehave.
    pub async fn fault(&self, fault: Value) {
        self.control("faults", fault).await;
    }

    pub async fn control(&self, what: &str, body: Value) {
        let answer = self.http.post(self.url(&format!("/dev/bank/control/{what}"))).json(&body).send().await;
        let answer = answer.expect("the bank's control");
        assert!(answer.status().is_success(), "{what} {body}: {}", answer.text().await.unwrap_or_default());
    }

    /// What the bank saw happen.
    pub async fn effects(&self) -> Value {
        let url = self.url("/dev/bank/control/effects");
        self.http.get(url).send().await.expect("effects").json().await.expect("JSON")
    }

    pub async fn cancel(&self, pledge: &Value) -> u16 {
        let (reference, key) = (pledge["reference"].as_str().unwrap_or(""), pledge["key"].as_str().unwrap_or(""));
        let url = self.url(&format!("/api/v1/pledges/{reference}/cancel?key={key}"));
        self.http.post(url).send().await.expect("an answer").status().as_u16()
    }

    /// The state as it stands in the database: reading a pledge's page asks the bank, this does not.
    pub async fn state_in_database(&self, pledge: &Value) -> String {
        let mut conn = self.s.db.read().await.expect("a connection");
        let pledge = pledges::actions::by_reference(&mut conn, pledge["reference"].as_str().unwrap_or("")).await;
        pledge.expect("a read").expect("a pledge").state.to_string()
    }
}

/// Somebody at a browser: keeps cookies, follows no redirect.
pub struct Browser {
    base: String,
    http: reqwest::Client,
}

impl Browser {
    pub fn new(app: &App) -> Browser {
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).cookie_store(true).build().expect("a client");
        Browser { base: app.base.clone(), http }
    }

    /// Signed in just now; somebody of the team with a fresh second factor.
    pub async fn signed_in(app: &App, email: &str) -> Browser {
        let browser = Browser::new(app);
        assert_eq!(browser.post("/dev/sign-in", &[("email", email)]).await.0, 303, "{email}");
        browser
    }

    pub async fn treasurer(app: &App, number: i64) -> Browser {
        Browser::signed_in(app, &format!("treasurer{number}@drempel.example")).await
    }

    pub async fn read(&self, path: &str) -> String {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("a page")
    }

    /// The value of a data attribute on a page.
    pub async fn marked(&self, path: &str, attribute: &str) -> String {
        let page = scraper::Html::parse_document(&self.read(path).await);
        let marked = scraper::Selector::parse(&format!("[{attribute}]")).expect("a selector");
        let found = page.select(&marked).next().and_then(|element| element.attr(attribute));
        found.unwrap_or_else(|| panic!("{path} has no {attribute}")).to_owned()
    }

    /// Status of a page and where it leads.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        (answer.status().as_u16(), location.to_owned())
    }

    /// Whether a page comes again by itself.
    pub async fn comes_again(&self, path: &str) -> bool {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.headers().contains_key("refresh")
    }

    /// Status and text.
    pub async fn look(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, String::from_utf8_lossy(&answer.bytes().await.expect("a whole answer")).into_owned())
    }

    /// Status and where it leads.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let answer = self.http.post(format!("{}{path}", self.base)).form(form).send().await.expect("an answer");
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        (answer.status().as_u16(), location.to_owned())
    }

    pub async fn post_for_text(&self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let answer = self.http.post(format!("{}{path}", self.base)).form(form).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    }

    /// Posts a form that may carry a file: status and where it leads.
    pub async fn post_parts(&self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let fill = |parts: reqwest::multipart::Form, (name, value): &(&str, &str)| {
            parts.text((*name).to_owned(), (*value).to_owned())
        };
        let parts = form.iter().fold(reqwest::multipart::Form::new(), fill);
        let answer = self.http.post(format!("{}{path}", self.base)).multipart(parts).send().await.expect("an answer");
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        (answer.status().as_u16(), location.to_owned())
    }

    /// The bytes of a file.
    pub async fn file(&self, path: &str) -> Vec<u8> {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.expect("a file").to_vec()
    }
}
