//! SQL of what backers choose about what no result earned, and whether it came to be.

use crate::features::results::{Choice, ChoiceLine};
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

pub async fn choose_until(tx: &mut Tx, id: &str, until: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE releases SET choose_until = $2 WHERE id = $1 AND choose_until IS NULL")
        .bind(id)
        .bind(until)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The line of a pledge in a release by which its backer chooses.
pub async fn choice_line(conn: &mut Conn, pledge_id: &str) -> Result<Option<ChoiceLine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.release_id, l.pledge_id, l.amount_cents, l.done_at, r.choose_until, c.choice, c.project_id, c.chosen_at,
             c.moved_id
         FROM release_lines l JOIN releases r ON r.id = l.release_id LEFT JOIN release_choices c ON c.pledge_id = l.pledge_id
         WHERE l.pledge_id = $1 AND r.choose_until IS NOT NULL",
    )
    .bind(pledge_id)
    .fetch_optional(conn)
    .await
}

/// The lines of a release of whoever gave this pledge.
pub async fn lines_of_backer(
    conn: &mut Conn,
    release_id: &str,
    pledge_id: &str,
) -> Result<Vec<ChoiceLine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.release_id, l.pledge_id, l.amount_cents, l.done_at, r.choose_until, c.choice, c.project_id, c.chosen_at,
             c.moved_id
         FROM release_lines l JOIN releases r ON r.id = l.release_id JOIN pledges p ON p.id = l.pledge_id
             JOIN pledges o ON o.user_id = p.user_id LEFT JOIN release_choices c ON c.pledge_id = l.pledge_id
         WHERE l.release_id = $1 AND o.id = $2 AND r.choose_until IS NOT NULL ORDER BY l.pledge_id",
    )
    .bind(release_id)
    .bind(pledge_id)
    .fetch_all(conn)
    .await
}

pub async fn choose(
    tx: &mut Tx,
    line: &ChoiceLine,
    choice: Choice,
    project_id: Option<&str>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO release_choices (pledge_id, release_id, choice, project_id, chosen_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (pledge_id) DO UPDATE SET choice = excluded.choice, project_id = excluded.project_id,
             chosen_at = excluded.chosen_at",
    )
    .bind(&line.pledge_id)
    .bind(&line.release_id)
    .bind(choice)
    .bind(project_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The pledge that a part became.
pub async fn moved_to(tx: &mut Tx, pledge_id: &str, moved_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE release_choices SET moved_id = $2 WHERE pledge_id = $1 AND moved_id IS NULL")
        .bind(pledge_id)
        .bind(moved_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Lines that are to be carried out and were chosen about at this moment or earlier.
pub async fn waiting_chosen(
    conn: &mut Conn,
    id: &str,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.pledge_id, l.amount_cents FROM release_lines l JOIN release_choices c ON c.pledge_id = l.pledge_id
         WHERE l.release_id = $1 AND l.done_at IS NULL AND c.chosen_at <= $2 ORDER BY l.pledge_id LIMIT $3",
    )
    .bind(id)
    .bind(at)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// When the first choice that is not carried out was made: inside nothing when all who are left are silent; nothing when nobody is left.
pub async fn next_choice(conn: &mut Conn, id: &str) -> Result<Option<Option<Timestamp>>, sqlx::Error> {
    let (left, first): (i64, Option<Timestamp>) = sqlx::query_as(
        "SELECT COUNT(*), MIN(c.chosen_at) FROM release_lines l LEFT JOIN release_choices c ON c.pledge_id = l.pledge_id
         WHERE l.release_id = $1 AND l.done_at IS NULL",
    )
    .bind(id)
    .fetch_one(conn)
    .await?;
    Ok((left > 0).then_some(first))
}

/// What was moved of each release, by what came of its backers' choices.
pub async fn moved(conn: &mut Conn) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT c.release_id, CAST(SUM(y.amount_cents) AS BIGINT) FROM release_choices c
             JOIN payments y ON y.pledge_id = c.moved_id AND y.moved_from IS NOT NULL GROUP BY c.release_id",
    )
    .fetch_all(conn)
    .await
}

/// Lines whose refund and move are not together what they were to be, or were made before they were carried out; refunds without a line;
/// and matches that gave back without their fund having it.
pub async fn lines_apart(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.pledge_id FROM release_lines l
             LEFT JOIN refunds r ON r.pledge_id = l.pledge_id AND r.cause = 'results'
             LEFT JOIN release_choices c ON c.pledge_id = l.pledge_id
             LEFT JOIN payments y ON y.pledge_id = c.moved_id AND y.moved_from IS NOT NULL
         WHERE COALESCE(r.amount_cents, 0) + COALESCE(y.amount_cents, 0)
             <> CASE WHEN l.done_at IS NULL THEN 0 ELSE l.amount_cents END
         UNION ALL
         SELECT r.pledge_id FROM refunds r LEFT JOIN release_lines l ON l.pledge_id = r.pledge_id
         WHERE r.cause = 'results' AND l.pledge_id IS NULL
         UNION ALL
         SELECT m.match_id FROM release_matches m JOIN matches t ON t.id = m.match_id
         WHERE m.done_at IS NOT NULL AND t.returned_cents < m.amount_cents",
    )
    .fetch_all(conn)
    .await
}
