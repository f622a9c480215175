//! What experts gave, and what owners answered.

use crate::features::valuations::store::{self, personal as rows};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The valuations of a person with their scores, and the answers they gave to a rejection.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let (mut reviews, mut scores) = (Vec::new(), Vec::new());
    for (slug, review) in rows::reviews(conn, user_id).await? {
        for score in store::scores(conn, &review.id).await? {
            scores.push(
                Record::new()
                    .text("project", &slug)
                    .number("criterion", score.position)
                    .text("score", score.score.map(|score| score.to_string()).unwrap_or_default())
                    .text("reason", score.reason),
            );
        }
        reviews.push(
            Record::new()
                .text("project", slug)
                .word("state", review.state.as_str(), "data-review")
                .text("reason", review.conflict_reason)
                .moment("assigned_at", review.assigned_at)
                .moment("handed_in_at", review.handed_in_at),
        );
    }
    let answers = rows::answers(conn, user_id).await?.into_iter();
    let answers =
        answers.map(|(slug, text, at)| Record::new().text("project", slug).text("text", text).moment("given_at", at));
    Ok(vec![
        Part::of("valuations", reviews),
        Part::of("valuation_scores", scores),
        Part::of("valuation_answers", answers),
    ])
}
