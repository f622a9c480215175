//! A small installation to close rounds in: a fresh database, treasurers, a round that sells, projects and held pledges.

use std::sync::Arc;

use crate::features::ledger::{self, Account, Check, Kind, Posting};
use crate::features::pledges::{NewPledge, Pledge, PledgeKind, PledgeState};
use crate::features::projects::Project;
use crate::features::rounds::{Round, RoundState};
use crate::features::settlement::{self, Settlement, Treasurer, actions};
use crate::features::users::{StaffRole, User};
use crate::features::{consents, payments, pledges, projects, rounds, users};
use crate::infra::clock::Clock;
use crate::infra::db::Db;
use crate::infra::error::Result;
use crate::infra::history::Origin;
use crate::infra::mail::Mailer;
use crate::infra::random::{self, Keys};
use crate::infra::settings::{Settings, Source};
use crate::infra::stripe::{Limiter, Stripe};
use crate::infra::{Parts, Services};
use crate::values::text::Email;
use crate::values::{Cents, Lang, Rikx, Timestamp};

pub struct World {
    pub s: Services,
    pub round: Round,
    pub projects: Vec<Project>,
    pub treasurers: Vec<User>,
    folder: std::path::PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The kinds of database that this run tests.
pub fn engines() -> Vec<&'static str> {
    let has_server = std::env::var("TEST_POSTGRES_URL").is_ok();
    match std::env::var("TEST_DATABASE").ok().as_deref() {
        Some("sqlite") => vec!["sqlite"],
        Some("postgres") => vec!["postgres"],
        _ if has_server => vec!["sqlite", "postgres"],
        _ => vec!["sqlite"],
    }
}

/// The address of a new, empty database.
async fn fresh_database(engine: &str, name: &str, folder: &std::path::Path) -> String {
    if engine == "sqlite" {
        return format!("sqlite://{}/test.db", folder.display());
    }
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names the server");
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await.unwrap();
    pool.close().await;
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

impl World {
    /// A round that sells until tomorrow, with projects of these thresholds (in cents; the unit price is one euro, the impact value
    /// twice the threshold).
    pub async fn new(engine: &str, thresholds: &[i64]) -> World {
        let name = format!("drempel_{}", &random::secret()[..16]);
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        let url = fresh_database(engine, &name, &folder).await;
        let key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        let settings = Settings::read(&Source::of(&[("DATABASE_URL", &url), ("SECRET_KEY", key)])).unwrap();
        let db = Db::open(&url, None).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Clock::default();
        let limiter = Limiter::new(db.clone(), clock.clone(), 1_000);
        let s = Services::from(Parts {
            stripe: Stripe::new(&settings.stripe, "http://127.0.0.1:9", limiter).unwrap(),
            db,
            clock,
            bank: None,
            mailer: Mailer::in_folder(folder.clone(), &settings).unwrap(),
            keys: Keys::new(&settings.secret_key),
            files: crate::infra::files::Place::of(&settings.files).expect("a folder"),
            settings: Arc::new(settings),
            pages: crate::infra::web::cache::PageCache::default(),
            live: Default::default(),
            waiting_room: crate::infra::waiting_room::WaitingRoom::new(100_000),
            recent: Default::default(),
            batching: Default::default(),
            decoder: crate::infra::pictures::Decoder::of_this_program().expect("a program"),
        });
        let mut world = World { round: selling_round(&s), s, projects: Vec::new(), treasurers: Vec::new(), folder };
        world.fill(thresholds).await;
        world
    }

    async fn fill(&mut self, thresholds: &[i64]) {
        let now = self.s.clock.now();
        let mut tx = self.s.db.begin().await.unwrap();
        rounds::actions::insert(&mut tx, &self.round).await.unwrap();
        for name in ["one", "two", "three"] {
            let email = Email::parse(&format!("{name}@staff.example")).unwrap();
            let user = users::actions::known_or_new(&mut tx, &email, Lang::Nl, now).await.unwrap();
            users::actions::grant(&mut tx, &user.id, StaffRole::Treasurer, now).await.unwrap();
            self.treasurers.push(user);
        }
        sqlx::query(
            "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
             VALUES ('org_1', 'maker', 'Maker', 'maker', '', '', '', $1)",
        )
        .bind(now)
        .execute(&mut *tx)
        .await
        .unwrap();
        for (number, threshold) in (1i64..).zip(thresholds) {
            let id = random::id("prj", now);
            sqlx::query(
                "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
                     text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
                     threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
                     created_at, updated_at)
                 VALUES ($1, $2, $3, 'org_1', $4, 'listed', $2, $2, '', '', '', '', '', '', 10, $5, $6, '2026-10-01', 12, '',
                     '', '', 0, '', $7, $7)",
            )
            .bind(&id)
            .bind(format!("project-{number}"))
            .bind(number)
            .bind(&self.round.id)
            .bind(Rikx(threshold * 2))
            .bind(Rikx(*threshold))
            .bind(now)
            .execute(&mut *tx)
            .await
            .unwrap();
            pledges::actions::open_project(&mut tx, &id, Cents(threshold * 2)).await.unwrap();
            self.projects.push(projects::actions::get(&mut tx, &id).await.unwrap());
        }
        tx.commit().await.unwrap();
    }

    /// Held pledges of these amounts (in cents) for a project, in one transaction, each of another backer.
    pub async fn hold(&self, project: usize, amounts: &[i64]) -> Vec<Pledge> {
        let now = self.s.clock.now();
        let mut tx = self.s.db.begin().await.unwrap();
        let mut held = Vec::with_capacity(amounts.len());
        for amount in amounts {
            let pledge = self.reserve(&mut tx, project, *amount).await.unwrap();
            let payment = payments::actions::create(&mut tx, &[(&pledge, "ideal", now)], now).await.unwrap().remove(0);
            sqlx::query("UPDATE payments SET state = 'succeeded', intent_id = $2 WHERE id = $1")
                .bind(&payment.id)
                .bind(format!("pi_{}", payment.id))
                .execute(&mut *tx)
                .await
                .unwrap();
            let account = Account::PledgesHeld(pledge.project_id.clone());
            let posting = Posting::new(Kind::Paid, format!("paid:{}", payment.id), now, "test", &payment.id);
            let posting = posting.moving(pledge.amount, &Account::PspPending, &account, Some(&pledge.id));
            ledger::actions::post(&mut tx, now, &posting).await.unwrap();
            pledges::actions::hold(&mut tx, &pledge, now).await.unwrap();
            held.push(pledges::actions::get(&mut tx, &pledge.id).await.unwrap());
        }
        // the pollers of these payments would find no bank
        sqlx::query("DELETE FROM jobs WHERE kind = 'payment.check'").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        held
    }

    /// A reservation as the pledge form makes it.
    pub async fn reserve(&self, tx: &mut crate::infra::db::Tx, project: usize, amount: i64) -> Result<Pledge> {
        let key = random::secret();
        let new = NewPledge {
            project_id: self.projects[project].id.clone(),
            kind: PledgeKind::Gift,
            amount: Cents(amount),
            email: Email::parse(&format!("{}@backer.example", &key[..12])).unwrap(),
            name: "=HYPERLINK(1)".to_owned(),
            anonymous: false,
            updates: false,
            language: Lang::Nl,
            method: "ideal".to_owned(),
            company: None,
            request_key: key,
        };
        let asked = pledges::actions::Asked { new: &new, raises: None, origin: Origin::default() };
        Ok(pledges::actions::reserve(tx, &[asked], self.s.clock.now()).await?.remove(0)?)
    }

    /// A treasurer who has just given the second factor.
    pub fn treasurer(&self, index: usize) -> Treasurer<'_> {
        Treasurer { user_id: &self.treasurers[index].id, fresh_until: self.s.clock.now().plus_seconds(300) }
    }

    pub fn advance(&self, seconds: i64) {
        self.s.clock.set_offset_seconds(self.s.clock.offset_seconds() + seconds);
    }

    /// Lets the closing instant pass.
    pub async fn close(&self) {
        self.advance(86_400);
        assert_eq!(actions::begin_due(&self.s).await.unwrap(), 1);
    }

    pub async fn fresh_hash(&self) -> String {
        let mut conn = self.s.db.read().await.unwrap();
        actions::fresh_plan(&mut conn, &self.round).await.unwrap().hash
    }

    /// Proposed by the first treasurer.
    pub async fn propose(&self) -> Settlement {
        let hash = self.fresh_hash().await;
        actions::propose(&self.s, &self.round.id, self.treasurer(0), &hash, "all is ready").await.unwrap()
    }

    /// Closed, proposed by the first treasurer and approved by the second.
    pub async fn approved(&self) -> Settlement {
        self.close().await;
        let proposed = self.propose().await;
        actions::approve(&self.s, &self.round.id, self.treasurer(1), &proposed.hash).await.unwrap()
    }

    /// The living settlement.
    pub async fn settlement(&self) -> Settlement {
        actions::of_round(&mut self.s.db.read().await.unwrap(), &self.round.id).await.unwrap().unwrap()
    }

    pub async fn round_state(&self) -> RoundState {
        rounds::actions::get(&mut self.s.db.read().await.unwrap(), &self.round.id).await.unwrap().state
    }

    pub async fn states(&self, state: PledgeState) -> i64 {
        let mut conn = self.s.db.read().await.unwrap();
        let counts = pledges::actions::counts_of_round(&mut conn, &self.round.id).await.unwrap();
        counts.get(&state).copied().unwrap_or_default()
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&mut *self.s.db.read().await.unwrap()).await.unwrap();
        count
    }

    /// What the provider would do: every refund that was not held back arrives.
    pub async fn pay_refunds(&self) {
        let now = self.s.clock.now();
        let mut tx = self.s.db.begin().await.unwrap();
        let due: Vec<(String, String, Cents, String)> = sqlx::query_as(
            "SELECT id, pledge_id, amount_cents, project_id FROM refunds WHERE state = 'due' AND due_at <= $1 ORDER BY id",
        )
        .bind(now)
        .fetch_all(&mut *tx)
        .await
        .unwrap();
        for (id, pledge_id, amount, project_id) in due {
            let posting = Posting::new(Kind::RefundAccepted, format!("refund_accepted:{id}"), now, "test", &id).moving(
                amount,
                &Account::RefundsDue(project_id),
                &Account::PspAvailable,
                Some(&pledge_id),
            );
            ledger::actions::post(&mut tx, now, &posting).await.unwrap();
            let pledge = pledges::actions::lock(&mut tx, &pledge_id).await.unwrap();
            pledges::actions::refunded(&mut tx, &pledge, now).await.unwrap();
            sqlx::query("UPDATE refunds SET state = 'succeeded', provider_id = $2, finished_at = $3 WHERE id = $1")
                .bind(&id)
                .bind(format!("re_{id}"))
                .bind(now)
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Every invariant of every noun below.
    pub async fn assert_invariants(&self) {
        ledger::actions::seal(&self.s.db).await.unwrap();
        let mut conn = self.s.db.read().await.unwrap();
        let mut checks: Vec<Check> = ledger::actions::verify(&mut conn).await.unwrap();
        checks.extend(pledges::actions::verify(&mut conn).await.unwrap());
        checks.extend(payments::actions::verify(&mut conn).await.unwrap());
        checks.extend(consents::verify(&mut conn).await.unwrap());
        checks.extend(settlement::verify(&mut conn).await.unwrap());
        for check in checks {
            assert!(check.offending.is_empty(), "{} {}: {:?}", check.name, check.what, check.offending);
        }
    }
}

fn selling_round(s: &Services) -> Round {
    let now: Timestamp = s.clock.now();
    Round {
        id: random::id("rnd", now),
        number: 7,
        title_nl: "Ronde".to_owned(),
        title_en: "Round".to_owned(),
        state: RoundState::Selling,
        unit_price_eur: 1,
        minimum_cents: Cents(100),
        rule_nl: String::new(),
        rule_en: String::new(),
        submissions_at: now.plus_days(-30),
        valuation_at: now.plus_days(-20),
        selling_at: now.plus_days(-10),
        closes_at: now.plus_seconds(86_000),
        settled_at: None,
        near_miss_percent: 0,
        fee_basis_points: 0,
        remainder_rule: rounds::RemainderRule::Refund,
        remainder_fund_id: None,
        late_days: rounds::LATE_DAYS,
    }
}
