//! The things and people that the table is about: one of each thing, and for each way to it somebody who has it and somebody who
//! has not.

use std::collections::HashMap;

use drempel::features::organisations::{self, MemberRole};
use drempel::features::users::Factor;
use drempel::features::users::actions as users;
use drempel::values::text::Email;
use drempel::values::{Lang, Timestamp};
use serde_json::json;

use crate::support::App;

/// Everybody who asks. With a fresh second factor, unless the name says `stale` (given some minutes ago) or `mail` (none).
///
/// The things belong to `backer` (the pledge) and to the organisation of `owner`, `editor` and `bookkeeper`; `other-backer` and
/// `stranger`, an owner of another organisation, have nothing to do with them.
pub const PEOPLE: [&str; 17] = [
    "visitor",
    "backer",
    "other-backer",
    "stranger",
    "owner",
    "owner-stale",
    "owner-mail",
    "editor",
    "editor-mail",
    "bookkeeper",
    "bookkeeper-mail",
    "reviewer",
    "expert",
    "treasurer",
    "treasurer-stale",
    "treasurer-mail",
    "admin",
];

const OWN: &str = "hotspot-hutspot";
/// A project that is sold, of another organisation.
const JOINT: &str = "fietsenwerkplaats";
/// A plan of another organisation that asks the own one to take part.
const SHARED: &str = "houtwerkplaats-noord";
/// Own projects in three states.
const RUNNING: &str = "procesversneller";
const VALUED: &str = "koken-voor-de-hele-straat";
/// A file of evidence for the running project, with its bytes and their fingerprint (SHA-256).
const BYTES: &[u8] = b"%PDF-1.7 %%EOF";
const SHA256: &str = "12f38dcc70f1e40c3cc032d4d4493938b6b36922b89c67450fc638a1986d4242";
const FILE: &str = "evi_00000000000000000000000000000001";
const DRAFT: &str = "soep-op-de-stoep";

pub struct World {
    pub app: App,
    http: reqwest::Client,
    cookies: HashMap<&'static str, String>,
    ids: HashMap<&'static str, String>,
}

impl World {
    pub async fn make() -> World {
        let app = App::start_demo().await;
        let now = app.s.clock.now();
        let mut world = World { http: client(), cookies: HashMap::new(), ids: HashMap::new(), app };
        world.pledge().await;
        world.members(now).await;
        world.things(now).await;
        world.sessions(now).await;
        world.app.settle().await;
        world.late_ids().await;
        world
    }

    async fn pledge(&mut self) {
        let body = json!({ "amount_cents": 2_500, "email": "backer@example.org", "name": "Anna", "language": "nl" });
        let (status, pledge) = self.app.pledge(JOINT, "permissions", &body).await;
        assert_eq!(status, 201, "{pledge}");
        assert_eq!(self.app.at_the_bank(&pledge, "pay").await, 303);
        self.app.settle().await;
        for name in ["reference", "key"] {
            self.ids.insert(name, pledge[name].as_str().expect("a text").to_owned());
        }
        let company = json!({ "name": "Bouwbedrijf", "kvk_number": "12345678", "contract_reference": "x" });
        let body = json!({ "kind": "purchase", "amount_cents": 2_500, "email": "backer@example.org", "language": "nl", "company": company });
        let (status, purchase) = self.app.pledge(JOINT, "a purchase", &body).await;
        assert_eq!(status, 201, "{purchase}");
        assert_eq!(self.app.at_the_bank(&purchase, "pay").await, 303);
        self.app.settle().await;
        for (name, field) in [("purchase", "reference"), ("purchase key", "key")] {
            self.ids.insert(name, purchase[field].as_str().expect("a text").to_owned());
        }
    }

    async fn members(&mut self, now: Timestamp) {
        let mut tx = self.app.s.db.begin().await.expect("a transaction");
        let own = organisations::actions::by_slug(&mut tx, OWN).await.expect("a read").expect("the own organisation");
        for (email, role) in
            [("editor@example.org", MemberRole::Editor), ("bookkeeper@example.org", MemberRole::Bookkeeper)]
        {
            let user = users::known_or_new(&mut tx, &Email::parse(email).expect("an address"), Lang::Nl, now).await;
            let user = user.expect("a user");
            organisations::actions::add_member(&mut tx, &own.id, &user.id, role, now).await.expect("a member");
        }
        let other = Email::parse("other@example.org").expect("an address");
        users::known_or_new(&mut tx, &other, Lang::Nl, now).await.expect("a user");
        self.ids.insert("organisation", own.id);
        tx.commit().await.expect("a commit");
    }

    async fn one(&self, query: &'static str) -> String {
        let mut conn = self.app.s.db.read().await.expect("a connection");
        let found: Option<(String,)> = sqlx::query_as(query).fetch_optional(&mut *conn).await.expect("a read");
        found.unwrap_or_else(|| panic!("nothing: {query}")).0
    }

    /// What the demo's people and projects do not bring: money on its way, papers of the bank, a case, a fund, an invitation.
    async fn things(&mut self, now: Timestamp) {
        let at = format!("'{now}'");
        let later = format!("'{}'", now.plus_days(7));
        let day = now.day();
        let own = self.ids["organisation"].clone();
        let shared = self.one("SELECT id FROM projects WHERE slug = 'houtwerkplaats-noord'").await;
        let running = self.one("SELECT id FROM projects WHERE slug = 'procesversneller'").await;
        let wave = self.one("SELECT w.id FROM waves w JOIN projects p ON p.id = w.project_id WHERE p.slug = 'procesversneller' LIMIT 1").await;
        drempel::infra::files::put(&self.app.s, FILE, BYTES).await.expect("a file");
        let round = self.one("SELECT id FROM rounds WHERE number = 3").await;
        let treasurer = self.one("SELECT id FROM users WHERE email = 'treasurer1@drempel.example'").await;
        let second = self.one("SELECT id FROM users WHERE email = 'treasurer2@drempel.example'").await;
        let token = drempel::infra::random::hash("a token");
        let statements = [
            format!("UPDATE coalitions SET founder_id = '{own}' WHERE slug = 'roffabriek'"),
            format!("INSERT INTO project_partners (project_id, organisation_id, position, share_percent) VALUES ('{shared}', '{own}', 9, 0)"),
            format!("INSERT INTO payable_totals (project_id, organisation_id, payable_cents, given_cents) VALUES ('{running}', '{own}', 1000, 1000)"),
            format!("INSERT INTO tranches (id, decision_id, project_id, organisation_id, owed_to, kind, amount_cents, reason, state, way, generation,
                     waits_for, planned_by, created_at) VALUES ('trn_1', 'trn_1', '{running}', '{own}', '{own}', 'start', 1000, 'x', 'proposed', '', 1, '', '{treasurer}', {at})"),
            format!("INSERT INTO organisation_accounts (id, organisation_id, iban, holder, state, entered_by, entered_at, usable_at)
                     VALUES ('acc_1', '{own}', 'NL91ABNA0417164300', 'x', 'entered', '{treasurer}', {at}, {later})"),
            format!("INSERT INTO transfer_batches (id, state, transfers, amount_cents, execution_day, proposed_by, proposed_at)
                     VALUES ('bat_1', 'proposed', 1, 1000, '', '{treasurer}', {at})"),
            format!("INSERT INTO bank_statements (id, key, file_hash, file_name, message_id, statement_id, number, iban, opened_on, opening_cents,
                     closed_on, closing_cents, lines, imported_by, begun_at, finished_at)
                     VALUES ('stm_1', 'k', 'h', 'f', 'm', 's', '1', 'NL91ABNA0417164300', '{day}', 0, '{day}', 1000, 1, 'x', {at}, {at})"),
            format!("INSERT INTO bank_uploads (id, file_name, uploaded_by, uploaded_at, rows_total, rows_done, heads_done, statements, known_statements,
                     lines, known_lines, matched, waiting, finished_at) VALUES ('bup_1', 'f', '{treasurer}', {at}, 1, 1, 1, 1, 0, 1, 0, 1, 0, {at})"),
            format!("INSERT INTO bank_lines (id, statement_id, key, direction, amount_cents, open_cents, is_reversal, is_return, booked_on,
                     bank_reference, end_to_end_id, name, iban, reference, remittance, state, created_at)
                     VALUES ('bln_1', 'stm_1', 'k', 'in', 1000, 1000, 0, 0, '{day}', 'b', 'e', 'x', '', '', '', 'open', {at})"),
            format!("INSERT INTO cases (id, kind, subject_id, amount_cents, detail, state, debit, credit, posting_cents, opened_at, reason)
                     VALUES ('cas_1', 'invariant_broken', 'x', 0, 'x', 'open', '', '', 0, {at}, '')"),
            format!("INSERT INTO bulk_runs (id, kind, state, made_by, made_at, reason)
                     VALUES ('blk_1', 'close_cases', 'prepared', '{treasurer}', {at}, '')"),
            "INSERT INTO bulk_lines (id, run_id, position, subject_id, state, refusal)
                     VALUES ('bll_1', 'blk_1', 1, 'cas_1', 'waiting', '')".to_owned(),
            format!("INSERT INTO match_funds (id, round_id, giver_id, name_nl, name_en, ratio_percent, most_per_pledge_cents,
                     most_per_project_percent, least_backers, starting_percent, state, received_cents, used_cents, given_back_cents, created_by,
                     created_at) VALUES ('mfd_1', '{round}', '{own}', 'x', 'x', 100, 1000, 50, 0, 0, 'draft', 0, 0, 0, '{treasurer}', {at})"),
            format!("INSERT INTO settlements (id, round_id, state, hash, reason, proposed_by, proposed_at, expires_at, approved_by, approved_at,
                     finished_at) SELECT 'stl_1', round_id, 'done', 'x', 'x', '{treasurer}', {at}, {later}, '{second}', {at}, {at} FROM projects WHERE id = '{running}'"),
            format!("INSERT INTO near_misses (project_id, round_id, settlement_id, state, percent, threshold_cents, held_cents, pledges, backers,
                     owner_until, words_nl, words_en) SELECT '{running}', round_id, 'stl_1', 'asked', 80, 1000, 900, 1, 1, {later}, '', '' FROM projects
                     WHERE id = '{running}'"),
            format!("INSERT INTO invitations (id, organisation_id, email, role, state, token_hash, invited_by, created_at, expires_at)
                     VALUES ('inv_1', '{own}', 'backer@example.org', 'editor', 'open', '{token}', '{treasurer}', {at}, {later})"),
            format!("INSERT INTO evidence (id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until, added_by,
                     added_at, reason) VALUES ('{FILE}', '{running}', '{wave}', '', 'pdf', 'x', 'staff', 'waiting', '{SHA256}', 14, '2999-12-31', '{treasurer}', {at}, '')"),
            format!("INSERT INTO verifications (id, project_id, wave_id, indicator, state, level, declared, checker, reason, deadline_day, handed_in_by,
                     handed_in_at) VALUES ('ver_1', '{running}', '{wave}', 'PI4060', 'open', '', 1, '', '', '', '{treasurer}', {at})"),
            format!("INSERT INTO updates (id, project_id, number, state, title_nl, title_en, body_nl, body_en, picture_alt, author_id, created_at)
                     VALUES ('upd_1', '{running}', 99, 'draft', 'x', '', 'x', '', '', '{treasurer}', {at})"),
        ];
        let mut tx = self.app.s.db.begin().await.expect("a transaction");
        for statement in statements {
            let done = sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&mut *tx).await;
            done.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        tx.commit().await.expect("a commit");
        self.ids.insert("shared", shared);
        self.ids.insert("running", running);
        self.ids.insert("round", round);
    }

    async fn sessions(&mut self, now: Timestamp) {
        let mut tx = self.app.s.db.begin().await.expect("a transaction");
        for person in PEOPLE.into_iter().filter(|person| *person != "visitor") {
            let (who, factor, begun) = match person.rsplit_once('-') {
                Some((who, "stale")) => (who, Factor::App, now.plus_seconds(-400)),
                Some((who, "mail")) => (who, Factor::None, now),
                _ => (person, Factor::App, now),
            };
            let email = match who {
                "owner" => "owner@hotspot-hutspot.example".to_owned(),
                "stranger" => "owner@dam-nederland-bv.example".to_owned(),
                "other-backer" => "other@example.org".to_owned(),
                "backer" | "editor" | "bookkeeper" => format!("{who}@example.org"),
                "expert" | "treasurer" => format!("{who}1@drempel.example"),
                _ => format!("{who}@drempel.example"),
            };
            let user = users::by_email(&mut tx, &email).await.expect("a read").unwrap_or_else(|| panic!("no {email}"));
            let token = users::begin_session(&mut tx, &user.id, factor, "", begun).await.expect("a session");
            self.cookies.insert(person, format!("drempel_session={token}"));
        }
        tx.commit().await.expect("a commit");
    }

    async fn late_ids(&mut self) {
        for (name, query) in [
            ("user", "SELECT id FROM users WHERE email = 'other@example.org'"),
            ("letter", "SELECT id FROM letters ORDER BY id LIMIT 1"),
            ("document", "SELECT number FROM documents WHERE kind = 'gift_receipt' ORDER BY number LIMIT 1"),
            ("statement", "SELECT number FROM credit_statements ORDER BY number LIMIT 1"),
            ("table", "SELECT id FROM credit_tables ORDER BY id LIMIT 1"),
        ] {
            let id = self.one(query).await;
            self.ids.insert(name, id);
        }
    }

    /// The address of a route with one thing in each of its places.
    fn address(&self, path: &str) -> String {
        let (path, with_key) = path.strip_suffix("?key").map_or((path, false), |path| (path, true));
        let id = match path {
            path if path.contains("/staff/extensions/") => &self.ids["round"],
            path if path.contains("/staff/projects/{id}/payouts") || path.contains("/staff/projects/{id}/stop") => {
                &self.ids["running"]
            }
            path if path.contains("/staff/projects/") => &self.ids["shared"],
            path if path.contains("/staff/cases/") => "cas_1",
            path if path.contains("/staff/bulk/") => "blk_1",
            path if path.contains("/staff/social-return/") => &self.ids["table"],
            path if path.contains("/users/{id}") || path.contains("/members/{id}") => &self.ids["user"],
            path if path.contains("/match-funds/") => "mfd_1",
            path if path.contains("/payouts/accounts/") || path.contains("/account/{id}") => "acc_1",
            path if path.contains("/staff/payouts/") => "trn_1",
            path if path.contains("/staff/transfers/") => "bat_1",
            path if path.contains("/bank/statements/") => "stm_1",
            path if path.contains("/bank/uploads/") => "bup_1",
            path if path.contains("/bank/lines/") => "bln_1",
            path if path.contains("/coalitions/{id}") => "roffabriek",
            path if path.contains("/shares/{id}") => SHARED,
            path if path.contains("/evidence/{id}") => FILE,
            path if path.contains("/checking/{id}") || path.contains("/staff/verifications/") => "ver_1",
            path if path.contains("/dev/mail/") => &self.ids["letter"],
            _ => "none",
        };
        let slug = match path {
            path if path.contains("/organisations/{slug}") || path.contains("/studio/payouts/{slug}") => OWN,
            path if path.contains("/plan") => DRAFT,
            path if path.contains("/valuation") || path.contains("{slug}/withdraw") => VALUED,
            path if path.contains("/studio/") => RUNNING,
            path if path.contains("/coalitions/{slug}") => "roffabriek",
            _ => JOINT,
        };
        let number = match path {
            path if path.contains("/updates/{number}") && path.contains("/studio/") => "99",
            path if path.contains("/updates/{number}") => "1",
            path if path.contains("/documents/{number}") => &self.ids["document"],
            path if path.contains("/social-return/{number}") => &self.ids["statement"],
            path if path.contains("protocol.csv") => "2",
            _ => "3",
        };
        let token = if path.contains("/invitations/") { "a%20token" } else { "0123456789abcdef0123456789abcdef" };
        let of_purchase = path.contains("/pledges/{reference}/social-return");
        let style = drempel::infra::web::assets::url("site.css");
        let style = style.rsplit('/').next().unwrap_or_default();
        let mut address = path.to_owned();
        for (place, value) in [
            ("{lang}", "nl"),
            ("{id}", id),
            ("{slug}", slug),
            ("{number}", number),
            ("{round}", "3"),
            ("{reference}", &self.ids[if of_purchase { "purchase" } else { "reference" }]),
            ("{token}", token),
            ("{year}", &self.app.s.clock.now().day()[..4]),
            ("{name}", if path.contains("/static/") { style } else { "refunds" }),
            ("{position}", "1"),
            ("{code}", "certificates"),
            ("{comment}", "cmt_1"),
            ("{file}", "fietsenwerkplaats.png"),
            ("{feed}", "fietsenwerkplaats.atom"),
            ("{dates}", "3.ics"),
            ("{icon}", "192.png"),
        ] {
            address = address.replace(place, value);
        }
        assert!(!address.contains('{'), "{path} has a place that nobody fills: {address}");
        let key = if of_purchase { "purchase key" } else { "key" };
        if with_key { format!("{address}?key={}", self.ids[key]) } else { address }
    }

    /// Whether this person may, and what the program said.
    pub async fn ask(&self, method: &str, path: &str, person: &str) -> (bool, String) {
        let url = self.app.url(&self.address(path));
        let request = if method == "GET" { self.http.get(&url) } else { self.http.post(&url).form(&NO_FIELD) };
        let request = match self.cookies.get(person) {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let answer = request.send().await.unwrap_or_else(|error| panic!("{method} {url}: {error}"));
        let status = answer.status().as_u16();
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_sent_away =
            status == 303 && (location.starts_with("/nl/sign-in") || location.starts_with("/nl/account/security"));
        let is_refused = matches!(status, 401 | 403 | 404) || is_sent_away;
        assert!(status < 500, "{method} {url} as {person}: {status}");
        (!is_refused, format!("{status} {location}").trim().to_owned())
    }

    /// A form that a page of another site sends with an admin's browser: where to, and the status.
    pub async fn posted_elsewhere(&self, path: &str, site: &str) -> (String, u16) {
        let address = self.address(path);
        let request = self.http.post(self.app.url(&address)).form(&NO_FIELD);
        let request = request.header("cookie", &self.cookies["admin"]).header("sec-fetch-site", site);
        let answer = request.header("origin", "https://elsewhere.example").send().await.expect("an answer");
        (address, answer.status().as_u16())
    }
}

/// What no form of the program has.
const NO_FIELD: [(&str, &str); 1] = [("no_form_has_this", "1")];

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}
