//! The rows of a pledge by the bare driver: a transaction for each by many tasks, or 64 on one project in one transaction and in
//! statements of 64 rows, as a program would write them that has nothing else to do.

use std::fmt::Write as _;
use std::sync::Arc;

use sqlx::postgres::PgPoolOptions;

use crate::{Outcome, id, repeat, sqlite_pool, told};

/// Pledges in one transaction where they are grouped.
pub const GROUP: usize = 64;

const RESERVE: &str = "UPDATE pledge_totals SET reserved_cents = reserved_cents + $2
    WHERE project_id = $1 AND reserved_cents + processing_cents + held_cents + $2 <= cap_cents";
const USER: Row = Row("users (id, email, name, language, created_at)", "($1, $2, '', 'nl', $3)", 3);
const PLEDGE: Row = Row(
    "pledges (id, reference, project_id, round_id, user_id, kind, amount_cents, rikx_hundredths, state, anonymous, updates, name,
     language, company_name, kvk_number, contract_reference, address, postcode, city, request_key, request_hash, created_at,
     expires_at)",
    "($1, $2, $3, $4, $5, 'gift', 1, 1, 'reserved', 0, 1, 'Sam', 'nl', '', '', '', '', '', '', $6, $6, $7, $7)",
    7,
);
const CHANGE: Row = Row(
    "state_changes (id, subject, subject_id, from_state, to_state, actor, reason, at)",
    "($1, 'pledge', $2, '', 'reserved', $3, '', $4)",
    4,
);
const UNSEALED: Row = Row("audit_unsealed (entry_id)", "($1)", 1);
const LETTER: Row = Row(
    "letters (id, kind, cause_id, user_id, language, state, bulk, due_at, lease_until, lease_token, attempts, last_error, secret,
     created_at)",
    "($1, 'pledge_received', $2, $3, 'nl', 'queued', 0, $4, '', '', 0, '', '', $4)",
    4,
);
const PAYMENT: Row = Row(
    "payments (id, pledge_id, method, amount_cents, state, generation, checkout_url, created_at, expires_at)",
    "($1, $2, 'ideal', 1, 'created', 1, '', $3, $3)",
    3,
);
const JOB: Row = Row(
    "jobs (id, kind, subject, due_at, lease_until, lease_token, generation, attempts, last_error, created_at)",
    "($1, 'payment.check', $2, $3, '', '', 1, 0, '', $3)",
    3,
);
const PROJECTS: &str = "SELECT p.id, p.round_id FROM projects p JOIN pledge_totals t ON t.project_id = p.id
    WHERE p.state = 'listed' ORDER BY t.cap_cents - t.held_cents - t.processing_cents - t.reserved_cents DESC LIMIT 50";
const NOW: &str = "2026-01-31T09:30:00.000Z";

/// A table with its columns, a row of values, and how many parameters it has.
struct Row(&'static str, &'static str, usize);

impl Row {
    /// The statement for so many rows. It lives as long as the process, which asks for each once.
    fn statement(&self, rows: usize) -> Outcome<&'static str> {
        let Row(table, values, parameters) = self;
        let mut text = format!("INSERT INTO {table} VALUES ");
        for row in 0..rows {
            if row > 0 {
                text.push_str(", ");
            }
            let mut parts = values.split('$');
            text.push_str(parts.next().unwrap_or_default());
            for part in parts {
                let end = part.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(part.len());
                let number: usize = part[..end].parse()?;
                write!(text, "${}{}", row * parameters + number, &part[end..])?;
            }
        }
        Ok(text.leak())
    }
}

/// What is written for so many pledges.
struct Statements {
    user: &'static str,
    pledge: &'static str,
    change: &'static str,
    unsealed: &'static str,
    letter: &'static str,
    payment: &'static str,
    job: &'static str,
}

impl Statements {
    fn of(rows: usize) -> Outcome<Statements> {
        Ok(Statements {
            user: USER.statement(rows)?,
            pledge: PLEDGE.statement(rows)?,
            change: CHANGE.statement(rows)?,
            unsealed: UNSEALED.statement(rows)?,
            letter: LETTER.statement(rows)?,
            payment: PAYMENT.statement(rows)?,
            job: JOB.statement(rows)?,
        })
    }
}

/// The names of what is written for one pledge.
struct Names {
    user: String,
    email: String,
    pledge: String,
    reference: String,
    key: String,
    change: String,
    letter: String,
    payment: String,
    job: String,
}

impl Names {
    fn new() -> Names {
        let user = id("usr");
        Names {
            email: format!("{user}@bench.example"),
            user,
            pledge: id("plg"),
            reference: id("ref"),
            key: id("key"),
            change: id("chg"),
            letter: id("ltr"),
            payment: id("pay"),
            job: id("job"),
        }
    }
}

/// Writes until the time is over, so many pledges in each transaction; the same text for both drivers.
macro_rules! write_rows {
    ($pool:expr, $begin:expr, $tasks:expr, $seconds:expr, $group:expr) => {{
        let (pool, group) = ($pool, $group);
        let mut projects: Vec<(String, String)> = sqlx::query_as(PROJECTS).fetch_all(&pool).await?;
        if group > 1 {
            projects.truncate(1);
        }
        let (projects, statements) = (Arc::new(projects), Arc::new(Statements::of(group)?));
        let (began, micros) = repeat($tasks, $seconds, move |turn| {
            let (pool, projects, texts) = (pool.clone(), projects.clone(), statements.clone());
            async move {
                let (project, round) = projects.get(turn % projects.len().max(1)).ok_or("no project that sells")?;
                let all: Vec<Names> = (0..group).map(|_| Names::new()).collect();
                let mut tx = pool.begin_with($begin).await?;
                let cents = i64::try_from(group)?;
                let fits = sqlx::query(RESERVE).bind(project).bind(cents).execute(&mut *tx).await?;
                if fits.rows_affected() != 1 {
                    return Err("a project without room".into());
                }
                let mut query = sqlx::query(texts.user);
                for names in &all {
                    query = query.bind(&names.user).bind(&names.email).bind(NOW);
                }
                query.execute(&mut *tx).await?;
                let mut query = sqlx::query(texts.pledge);
                for names in &all {
                    query = query.bind(&names.pledge).bind(&names.reference).bind(project).bind(round);
                    query = query.bind(&names.user).bind(&names.key).bind(NOW);
                }
                query.execute(&mut *tx).await?;
                let mut query = sqlx::query(texts.change);
                for names in &all {
                    query = query.bind(&names.change).bind(&names.pledge).bind(&names.user).bind(NOW);
                }
                query.execute(&mut *tx).await?;
                let mut query = sqlx::query(texts.unsealed);
                for names in &all {
                    query = query.bind(&names.change);
                }
                query.execute(&mut *tx).await?;
                let mut query = sqlx::query(texts.letter);
                for names in &all {
                    query = query.bind(&names.letter).bind(&names.pledge).bind(&names.user).bind(NOW);
                }
                query.execute(&mut *tx).await?;
                let mut query = sqlx::query(texts.payment);
                for names in &all {
                    query = query.bind(&names.payment).bind(&names.pledge).bind(NOW);
                }
                query.execute(&mut *tx).await?;
                let mut query = sqlx::query(texts.job);
                for names in &all {
                    query = query.bind(&names.job).bind(&names.payment).bind(NOW);
                }
                query.execute(&mut *tx).await?;
                tx.commit().await?;
                Ok(())
            }
        })
        .await?;
        println!("{}", told(micros.len() * group, began, micros));
        Ok(())
    }};
}

pub async fn sqlite(file: &str, tasks: usize, seconds: u64, group: usize) -> Outcome {
    write_rows!(sqlite_pool(file).await?, "BEGIN IMMEDIATE", tasks, seconds, group)
}

pub async fn postgres(url: &str, tasks: usize, seconds: u64, group: usize) -> Outcome {
    write_rows!(PgPoolOptions::new().max_connections(32).connect(url).await?, "BEGIN", tasks, seconds, group)
}
