//! Postings on one project: by Drempel's own ledger, and the rows of such a posting by the bare driver.

use drempel::features::ledger::{Account, Kind, Posting};
use drempel::infra::clock::Clock;
use drempel::infra::db::Db;
use drempel::values::Cents;
use sqlx::postgres::PgPoolOptions;

use crate::{Outcome, id, repeat, sqlite_pool, told};

const ENTRIES: &str = "INSERT INTO ledger_entries (transaction_id, position, account, amount_cents, pledge_id)
    VALUES ($1, 1, 'psp_pending', CAST($2 AS BIGINT), NULL), ($1, 2, $3, -CAST($2 AS BIGINT), NULL)";
const HEAD: &str = "INSERT INTO ledger_transactions (id, kind, idem_key, occurred_at, recorded_at, actor, cause_id)
    VALUES ($1, 'paid', $2, $3, $3, 'bench', $2)";
const UNSEALED: &str = "INSERT INTO ledger_unsealed (transaction_id) VALUES ($1)";
const BALANCES: &str =
    "INSERT INTO ledger_balances (account, slot, amount_cents) VALUES ('psp_pending', $1, CAST($2 AS BIGINT)), ($3, $1, -CAST($2 AS BIGINT))
    ON CONFLICT (account, slot) DO UPDATE SET amount_cents = ledger_balances.amount_cents + excluded.amount_cents";
/// The one project that all postings are about, and the slots of its balances.
const PROJECT: &str = "prj_bench";
const SLOTS: usize = 8;

pub async fn ours(url: &str, tasks: usize, seconds: u64) -> Outcome {
    let db = Db::open(url, None).await?;
    let (began, micros) = repeat(tasks, seconds, move |_| {
        let db = db.clone();
        async move {
            let now = Clock::default().now();
            let held = Account::PledgesHeld(PROJECT.to_owned());
            let posting = Posting::new(Kind::Paid, id("paid"), now, "bench", "bench");
            let posting = posting.moving(Cents(500), &Account::PspPending, &held, None);
            let mut tx = db.begin_together().await?;
            drempel::features::ledger::actions::post(&mut tx, now, &posting).await?;
            tx.commit().await?;
            Ok(())
        }
    })
    .await?;
    println!("{}", told(micros.len(), began, micros));
    Ok(())
}

/// The rows of a posting in one transaction, the same text for both drivers.
macro_rules! post_rows {
    ($pool:expr, $begin:expr, $tasks:expr, $seconds:expr) => {{
        let pool = $pool;
        let (began, micros) = repeat($tasks, $seconds, move |turn| {
            let pool = pool.clone();
            async move {
                let (transaction, held, now) =
                    (id("ltx"), format!("pledges_held:{PROJECT}"), "2026-01-31T09:30:00.000Z");
                let slot = i64::try_from(turn % SLOTS)?;
                let mut tx = pool.begin_with($begin).await?;
                sqlx::query(ENTRIES).bind(&transaction).bind(500_i64).bind(&held).execute(&mut *tx).await?;
                sqlx::query(HEAD).bind(&transaction).bind(id("key")).bind(now).execute(&mut *tx).await?;
                sqlx::query(UNSEALED).bind(&transaction).execute(&mut *tx).await?;
                sqlx::query(BALANCES).bind(slot).bind(500_i64).bind(&held).execute(&mut *tx).await?;
                tx.commit().await?;
                Ok(())
            }
        })
        .await?;
        println!("{}", told(micros.len(), began, micros));
        Ok(())
    }};
}

pub async fn sqlite(file: &str, tasks: usize, seconds: u64) -> Outcome {
    post_rows!(sqlite_pool(file).await?, "BEGIN IMMEDIATE", tasks, seconds)
}

pub async fn postgres(url: &str, tasks: usize, seconds: u64) -> Outcome {
    post_rows!(PgPoolOptions::new().max_connections(32).connect(url).await?, "BEGIN", tasks, seconds)
}
