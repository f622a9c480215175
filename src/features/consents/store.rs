//! SQL of near misses and of the choices about their pledges.

use crate::features::consents::{Choice, Chosen, Found, NearMiss, NearMissState, Tally, Words};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::{Cents, Timestamp};

pub async fn insert(tx: &mut Tx, found: &Found<'_>, owner_until: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO near_misses (project_id, round_id, settlement_id, state, percent, threshold_cents, held_cents, pledges,
             backers, owner_until, words_nl, words_en) VALUES ($1, $2, $3, 'asked', $4, $5, $6, $7, $8, $9, '', '')",
    )
    .bind(found.project_id)
    .bind(found.round_id)
    .bind(found.settlement_id)
    .bind(found.percent)
    .bind(found.threshold)
    .bind(found.held)
    .bind(found.pledges)
    .bind(found.backers)
    .bind(owner_until)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_pledge(tx: &mut Tx, project_id: &str, pledge_id: &str, amount: Cents) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO near_miss_pledges (pledge_id, project_id, amount_cents, choice) VALUES ($1, $2, $3, '')")
        .bind(pledge_id)
        .bind(project_id)
        .bind(amount)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Adds a pledge after the near miss was found; answers whether it was not there.
pub async fn join(
    tx: &mut Tx,
    project_id: &str,
    pledge_id: &str,
    amount: Cents,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let joined = sqlx::query(
        "INSERT INTO near_miss_pledges (pledge_id, project_id, amount_cents, choice, joined_at) VALUES ($1, $2, $3, '', $4)
         ON CONFLICT (pledge_id) DO NOTHING",
    )
    .bind(pledge_id)
    .bind(project_id)
    .bind(amount)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(joined.rows_affected() == 1)
}

/// Locks a near miss for the rest of the transaction.
pub async fn lock(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE near_misses SET project_id = project_id WHERE project_id = $1")
        .bind(project_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Option<NearMiss>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM near_misses WHERE project_id = $1").bind(project_id).fetch_optional(conn).await
}

pub async fn of_projects<'a>(
    conn: &mut Conn,
    project_ids: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<NearMiss>, sqlx::Error> {
    bulk::select(conn, "SELECT * FROM near_misses WHERE project_id IN", project_ids).await
}

pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<NearMiss>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM near_misses WHERE round_id = $1").bind(round_id).fetch_all(conn).await
}

pub async fn found_by(conn: &mut Conn, settlement_id: &str) -> Result<Vec<NearMiss>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM near_misses WHERE settlement_id = $1").bind(settlement_id).fetch_all(conn).await
}

pub async fn decided_by(conn: &mut Conn, settlement_id: &str) -> Result<Vec<NearMiss>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM near_misses WHERE decision_id = $1").bind(settlement_id).fetch_all(conn).await
}

pub async fn frozen_by(conn: &mut Conn, settlement_id: &str) -> Result<Vec<(String, String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.project_id, n.pledge_id, n.amount_cents FROM near_miss_pledges n
         JOIN near_misses m ON m.project_id = n.project_id WHERE m.settlement_id = $1 AND n.joined_at IS NULL",
    )
    .bind(settlement_id)
    .fetch_all(conn)
    .await
}

/// Asked → choosing.
pub async fn say(
    tx: &mut Tx,
    project_id: &str,
    words: &Words,
    by: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, sqlx::Error> {
    let said = sqlx::query(
        "UPDATE near_misses SET words_nl = $2, words_en = $3, said_by = $4, said_at = $5, choose_until = $6
         WHERE project_id = $1 AND state = 'asked' AND owner_until > $5",
    )
    .bind(project_id)
    .bind(&words.nl)
    .bind(&words.en)
    .bind(by)
    .bind(now)
    .bind(until)
    .execute(&mut **tx)
    .await?;
    Ok(said.rows_affected() == 1 && step(tx, project_id, NearMissState::Asked, NearMissState::Choosing).await?)
}

/// Due → decided, by this settlement.
pub async fn decided(tx: &mut Tx, project_id: &str, settlement_id: &str) -> Result<bool, sqlx::Error> {
    // the table wants these facts with the new state
    let noted = sqlx::query("UPDATE near_misses SET decision_id = $2 WHERE project_id = $1 AND state = 'due'")
        .bind(project_id)
        .bind(settlement_id)
        .execute(&mut **tx)
        .await?;
    Ok(noted.rows_affected() == 1 && step(tx, project_id, NearMissState::Due, NearMissState::Decided).await?)
}

/// Changes a state; answers whether the near miss was in the one it should come from.
pub async fn move_to(
    tx: &mut Tx,
    project_id: &str,
    from: NearMissState,
    to: NearMissState,
) -> Result<bool, sqlx::Error> {
    step(tx, project_id, from, to).await
}

pub async fn chosen(conn: &mut Conn, pledge_id: &str) -> Result<Option<Chosen>, sqlx::Error> {
    sqlx::query_as("SELECT pledge_id, choice, chosen_at FROM near_miss_pledges WHERE pledge_id = $1")
        .bind(pledge_id)
        .fetch_optional(conn)
        .await
}

pub async fn choose(tx: &mut Tx, pledge_id: &str, choice: Choice, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE near_miss_pledges SET choice = $2, chosen_at = $3 WHERE pledge_id = $1")
        .bind(pledge_id)
        .bind(choice)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Pledges whose backers were not written to yet.
pub async fn unasked(conn: &mut Conn, project_id: &str, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT pledge_id FROM near_miss_pledges WHERE project_id = $1 AND asked_at IS NULL ORDER BY pledge_id LIMIT $2",
    )
    .bind(project_id)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Pledges about which nothing was chosen and nobody was reminded.
pub async fn unreminded(conn: &mut Conn, project_id: &str, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT pledge_id FROM near_miss_pledges WHERE project_id = $1 AND choice = '' AND reminded_at IS NULL
         ORDER BY pledge_id LIMIT $2",
    )
    .bind(project_id)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn note_asked(tx: &mut Tx, pledge_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE near_miss_pledges SET asked_at = $2 WHERE pledge_id = $1")
        .bind(pledge_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn note_reminded(tx: &mut Tx, pledge_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE near_miss_pledges SET reminded_at = $2 WHERE pledge_id = $1")
        .bind(pledge_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The pledges that are kept, and what adds to them.
pub async fn kept(conn: &mut Conn, project_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT pledge_id FROM near_miss_pledges WHERE project_id = $1 AND choice IN ('keep', 'raise')
         UNION
         SELECT p.id FROM pledges p JOIN near_miss_pledges n ON n.pledge_id = p.raises_id
         WHERE n.project_id = $1 AND n.choice IN ('keep', 'raise')",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// Held money of a near miss by choice; what was added stands with the choice about the pledge that it adds to.
pub async fn tallies(conn: &mut Conn, project_id: &str) -> Result<Vec<Tally>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.choice, CAST(COALESCE(SUM(CASE WHEN p.raises_id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS pledges,
             CAST(COALESCE(SUM(CASE WHEN p.raises_id IS NULL THEN p.amount_cents - p.returned_cents ELSE 0 END), 0) AS BIGINT)
                 AS amount_cents,
             CAST(COALESCE(SUM(CASE WHEN p.raises_id IS NULL THEN 0 ELSE p.amount_cents - p.returned_cents END), 0) AS BIGINT)
                 AS added_cents
         FROM near_miss_pledges n JOIN pledges p ON p.id = n.pledge_id OR p.raises_id = n.pledge_id
         WHERE n.project_id = $1 AND p.state = 'held' GROUP BY n.choice ORDER BY n.choice",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// Lines of decided near misses that are not what was chosen: released without being kept, or not released though it was kept
/// and the project saved.
pub async fn lines_against_choices(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.pledge_id FROM settlement_lines l
         JOIN near_misses m ON m.project_id = l.project_id AND m.decision_id = l.settlement_id
         JOIN settlement_projects d ON d.settlement_id = l.settlement_id AND d.project_id = l.project_id
         JOIN pledges p ON p.id = l.pledge_id
         LEFT JOIN near_miss_pledges n ON n.pledge_id = COALESCE(p.raises_id, p.id)
         WHERE (CASE WHEN l.effect = 'release' THEN 1 ELSE 0 END) <>
             (CASE WHEN d.decision = 'funded' AND n.choice IN ('keep', 'raise') THEN 1 ELSE 0 END)",
    )
    .fetch_all(conn)
    .await
}

/// Near misses whose project is not in the state that theirs says.
pub async fn apart(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.project_id FROM near_misses m JOIN projects p ON p.id = m.project_id
         WHERE (m.state IN ('asked', 'choosing', 'due') AND p.state <> 'near_miss')
            OR (m.state = 'withdrawn' AND p.state <> 'withdrawn')
            OR (m.state = 'decided' AND p.state IN ('near_miss', 'listed', 'withdrawn'))
         UNION
         SELECT p.id FROM projects p LEFT JOIN near_misses m ON m.project_id = p.id
         WHERE p.state = 'near_miss' AND m.project_id IS NULL",
    )
    .fetch_all(conn)
    .await
}

/// Choices made after their term, and near misses that wait in a settled round.
pub async fn out_of_time(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.pledge_id FROM near_miss_pledges n JOIN near_misses m ON m.project_id = n.project_id
         WHERE n.choice <> '' AND (m.choose_until IS NULL OR n.chosen_at >= m.choose_until)
         UNION
         SELECT m.project_id FROM near_misses m JOIN rounds r ON r.id = m.round_id
         WHERE m.state IN ('asked', 'choosing', 'due') AND r.state <> 'closing'",
    )
    .fetch_all(conn)
    .await
}

pub async fn count(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM near_misses").fetch_one(conn).await?;
    Ok(count)
}
