//! SQL of who backs a project or a round.

use crate::features::pledges::Pledge;
use crate::infra::db::Conn;

/// Number of different people with held or released money, per project. Project by project, as the index has them: grouped by the
/// project, SQLite would look up every pledge by its state.
pub async fn backers(conn: &mut Conn) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.project_id, (SELECT COUNT(DISTINCT p.user_id) FROM pledges p
                               WHERE p.project_id = t.project_id AND p.state IN ('held', 'released'))
         FROM pledge_totals t",
    )
    .fetch_all(conn)
    .await
}

pub async fn backers_of(conn: &mut Conn, project_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(DISTINCT user_id) FROM pledges WHERE project_id = $1 AND state IN ('held', 'released')",
    )
    .bind(project_id)
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// The next people with held or released money in a project, by user, after this one.
pub async fn backers_after(
    conn: &mut Conn,
    project_id: &str,
    after_user_id: &str,
    limit: i64,
) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT user_id FROM pledges
         WHERE project_id = $1 AND state IN ('held', 'released') AND user_id > $2 ORDER BY user_id LIMIT $3",
    )
    .bind(project_id)
    .bind(after_user_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Who has money in a project, held or released, among the users from `first` to `last`.
pub async fn backers_between(
    conn: &mut Conn,
    project_id: &str,
    first: &str,
    last: &str,
) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT user_id FROM pledges
         WHERE project_id = $1 AND state IN ('held', 'released') AND user_id >= $2 AND user_id <= $3",
    )
    .bind(project_id)
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await
}

/// The next people with a pledge of a round that is paid, being paid or waited for, by user, after this one.
pub async fn backers_of_round_after(
    conn: &mut Conn,
    round_id: &str,
    after_user_id: &str,
    limit: i64,
) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT user_id FROM pledges
         WHERE round_id = $1 AND state IN ('reserved', 'processing', 'held') AND user_id > $2 ORDER BY user_id LIMIT $3",
    )
    .bind(round_id)
    .bind(after_user_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Held and released pledges of a project with a smaller id, the newest first; an empty id begins with the newest.
pub async fn backing_before(
    conn: &mut Conn,
    project_id: &str,
    before_id: &str,
    limit: i64,
) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM pledges
         WHERE project_id = $1 AND state IN ('held', 'released') AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
    )
    .bind(project_id)
    .bind(before_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}
