//! SQL of who valued and who answered.

use sqlx::FromRow;

use crate::features::valuations::Review;
use crate::infra::db::Conn;
use crate::values::Timestamp;

#[derive(FromRow)]
struct Valued {
    slug: String,
    #[sqlx(flatten)]
    review: Review,
}

pub async fn reviews(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, Review)>, sqlx::Error> {
    let rows: Vec<Valued> = sqlx::query_as(
        "SELECT p.slug, r.* FROM valuation_reviews r JOIN projects p ON p.id = r.project_id
         WHERE r.expert_id = $1 ORDER BY r.assigned_at, r.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.review)).collect())
}

pub async fn answers(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, a.body, a.given_at FROM valuation_answers a JOIN projects p ON p.id = a.project_id
         WHERE a.given_by = $1 ORDER BY a.given_at",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}
