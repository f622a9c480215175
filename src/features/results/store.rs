//! SQL of releases.

mod choices;

pub use choices::*;

use crate::features::results::{Earned, FrozenPromise, Release, ReleaseState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::{Cents, Timestamp};

pub async fn insert(tx: &mut Tx, release: &Release) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO releases (id, project_id, kind, state, hash, reason, result_cents, amount_cents, rule, fund_id, back_cents,
             match_cents, stays_cents, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(&release.id)
    .bind(&release.project_id)
    .bind(release.kind)
    .bind(release.state)
    .bind(&release.hash)
    .bind(&release.reason)
    .bind(release.result)
    .bind(release.amount)
    .bind(release.rule)
    .bind(&release.fund_id)
    .bind(release.back)
    .bind(release.matched)
    .bind(release.stays)
    .bind(&release.proposed_by)
    .bind(release.proposed_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Freezes what was approved: what each promise earned, and what of the rest goes back, by pledge and by match.
pub async fn freeze(
    tx: &mut Tx,
    id: &str,
    promises: &[Earned],
    back: &[(String, Cents)],
    matches: &[(String, Cents)],
) -> Result<(), sqlx::Error> {
    for earned in promises {
        freeze_promise(tx, id, earned).await?;
    }
    let line = |(of, amount): &(String, Cents)| vec![id.into(), of.as_str().into(), amount.0.into()];
    let rows = back.iter().map(line).collect();
    bulk::insert(tx, "release_lines", &["release_id", "pledge_id", "amount_cents"], rows).await?;
    let rows = matches.iter().map(line).collect();
    bulk::insert(tx, "release_matches", &["release_id", "match_id", "amount_cents"], rows).await
}

async fn freeze_promise(tx: &mut Tx, id: &str, earned: &Earned) -> Result<(), sqlx::Error> {
    let figure = &earned.figure;
    sqlx::query(
        "INSERT INTO release_promises (release_id, promise_id, share_percent, part_cents, target, verified, level, reached_points,
             why, due_cents, before_cents, amount_cents)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(&figure.promise_id)
    .bind(figure.share_percent)
    .bind(earned.part)
    .bind(figure.target)
    .bind(figure.verified)
    .bind(&figure.level)
    .bind(earned.reached_points)
    .bind(earned.why)
    .bind(earned.due)
    .bind(figure.before)
    .bind(earned.now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE releases SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Release>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM releases WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The release of a project that is proposed or being carried out.
pub async fn open_of(conn: &mut Conn, project_id: &str) -> Result<Option<Release>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM releases WHERE project_id = $1 AND state IN ('proposed', 'approved')")
        .bind(project_id)
        .fetch_optional(conn)
        .await
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Release>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM releases WHERE project_id = $1 ORDER BY proposed_at, id")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

/// All that two people approved.
pub async fn decided(conn: &mut Conn) -> Result<Vec<Release>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM releases WHERE state IN ('approved', 'done') ORDER BY decided_at, id")
        .fetch_all(conn)
        .await
}

/// Takes a step and notes who decided; answers whether the release was in the state it should come from.
pub async fn move_to(
    tx: &mut Tx,
    release: &Release,
    to: ReleaseState,
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    // who decided must be known before the state says that somebody did
    let decides = to != ReleaseState::Done;
    if decides {
        sqlx::query("UPDATE releases SET decided_by = $2, decided_at = $3 WHERE id = $1 AND decided_by IS NULL")
            .bind(&release.id)
            .bind(by)
            .bind(now)
            .execute(&mut **tx)
            .await?;
    }
    if !step(tx, &release.id, release.state, to).await? {
        return Ok(false);
    }
    if !decides {
        sqlx::query("UPDATE releases SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL")
            .bind(&release.id)
            .bind(now)
            .execute(&mut **tx)
            .await?;
    }
    Ok(true)
}

/// What was released for each promise of a project.
pub async fn released_by_promise(conn: &mut Conn, project_id: &str) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.promise_id, CAST(COALESCE(SUM(p.amount_cents), 0) AS BIGINT)
         FROM release_promises p JOIN releases r ON r.id = p.release_id
         WHERE r.project_id = $1 AND r.state IN ('approved', 'done') GROUP BY p.promise_id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// What each promise earned by a release, in the order of the promises.
pub async fn promises(conn: &mut Conn, id: &str) -> Result<Vec<FrozenPromise>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.* FROM release_promises r JOIN promises p ON p.id = r.promise_id
         WHERE r.release_id = $1 ORDER BY p.position",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}

/// Who was told last.
pub async fn told(tx: &mut Tx, id: &str, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE releases SET told_to = $2 WHERE id = $1 AND told_to < $2")
        .bind(id)
        .bind(user_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Lines that are to be carried out.
pub async fn waiting(conn: &mut Conn, id: &str, limit: i64) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT pledge_id, amount_cents FROM release_lines
         WHERE release_id = $1 AND done_at IS NULL ORDER BY pledge_id LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Matches that are to give back.
pub async fn waiting_matches(conn: &mut Conn, id: &str, limit: i64) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT match_id, amount_cents FROM release_matches
         WHERE release_id = $1 AND done_at IS NULL ORDER BY match_id LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Answers whether the line was still to be carried out.
pub async fn line_done(tx: &mut Tx, id: &str, pledge_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE release_lines SET done_at = $3 WHERE release_id = $1 AND pledge_id = $2 AND done_at IS NULL",
    )
    .bind(id)
    .bind(pledge_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Answers whether the match was still to give back.
pub async fn match_done(tx: &mut Tx, id: &str, match_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE release_matches SET done_at = $3 WHERE release_id = $1 AND match_id = $2 AND done_at IS NULL",
    )
    .bind(id)
    .bind(match_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many lines there are, and how many are carried out.
pub async fn counts(conn: &mut Conn, id: &str) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as("SELECT COUNT(*), COUNT(done_at) FROM release_lines WHERE release_id = $1")
        .bind(id)
        .fetch_one(conn)
        .await
}

/// What a person gets back by a release.
pub async fn back_of_user(conn: &mut Conn, id: &str, user_id: &str) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(l.amount_cents), 0) AS BIGINT) FROM release_lines l JOIN pledges p ON p.id = l.pledge_id
         WHERE l.release_id = $1 AND p.user_id = $2",
    )
    .bind(id)
    .bind(user_id)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// What the frozen lists of a release sum to: released for promises, back to backers, back to match funds.
pub async fn sums(conn: &mut Conn, id: &str) -> Result<(Cents, Cents, Cents), sqlx::Error> {
    sqlx::query_as(
        "SELECT
             (SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM release_promises WHERE release_id = $1),
             (SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM release_lines WHERE release_id = $1),
             (SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM release_matches WHERE release_id = $1)",
    )
    .bind(id)
    .fetch_one(conn)
    .await
}

/// Releases without the approval of a second person of exactly their plan.
pub async fn undecided(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.id FROM releases r LEFT JOIN proposals p ON p.kind = 'results.release' AND p.subject_id = r.id
             AND p.state = 'approved' AND p.hash = r.hash AND p.decided_by <> p.proposed_by
         WHERE r.state IN ('approved', 'done') AND p.id IS NULL",
    )
    .fetch_all(conn)
    .await
}

/// Releases whose tranches are not what was released.
pub async fn tranches_apart(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.id FROM releases r LEFT JOIN tranches t ON t.decision_id = r.id
         WHERE r.state IN ('approved', 'done') GROUP BY r.id, r.amount_cents
         HAVING CAST(COALESCE(SUM(t.amount_cents + t.fee_cents), 0) AS BIGINT) <> r.amount_cents
         UNION ALL
         SELECT t.id FROM tranches t LEFT JOIN releases r ON r.id = t.decision_id
         WHERE t.kind = 'result' AND (r.id IS NULL OR r.state NOT IN ('approved', 'done'))",
    )
    .fetch_all(conn)
    .await
}
