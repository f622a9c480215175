//! What one person may see of a valuation. Every page asks here; no score leaves the noun otherwise but as a mean.

use crate::features::projects::{self, Project};
use crate::features::users::StaffRole;
use crate::features::valuations::{
    Criterion, LEAST_EXPERTS, Review, ReviewState, Score, Spread, criteria, reviews, spread,
};
use crate::infra::db::Conn;
use crate::infra::error::Result;

/// A valuation as one person sees it.
#[derive(Debug, Clone)]
pub struct View {
    pub criteria: Vec<Criterion>,
    /// All experts and how far they are; never what they gave.
    pub reviews: Vec<Review>,
    /// The viewer's own review and scores.
    pub own: Option<(Review, Vec<Score>)>,
    /// Everybody who was not excluded has handed in, and they are enough.
    pub is_complete: bool,
    /// The viewer has a conflict of interest, said or by membership.
    pub is_excluded: bool,
    /// When it is complete, for whoever may see it. With the reasons, in the order of the experts.
    pub spread: Option<(Spread, Vec<Vec<Score>>)>,
}

/// What this person may see.
pub async fn view(conn: &mut Conn, project: &Project, user_id: &str, roles: &[StaffRole]) -> Result<View> {
    let criteria = criteria::of_round(conn, &project.round_id).await?;
    let all = reviews::of_project(conn, project).await?;
    let own = match all.iter().find(|review| review.expert_id == user_id && review.state != ReviewState::Removed) {
        Some(review) => Some((review.clone(), reviews::scores(conn, &review.id).await?)),
        None => None,
    };
    let is_related = projects::actions::related(conn, project, user_id).await?.is_some();
    let own_state = own.as_ref().map(|(review, _)| review.state);
    let is_excluded = is_related || own_state == Some(ReviewState::Excluded);
    let is_complete = is_complete(&all);
    let is_moderator = roles.contains(&StaffRole::Reviewer) || roles.contains(&StaffRole::Admin);
    let may_see = is_complete && !is_excluded && (is_moderator || own_state == Some(ReviewState::HandedIn));
    let spread = if may_see { Some(handed_in(conn, &criteria, &all).await?) } else { None };
    Ok(View { criteria, reviews: all, own, is_complete, is_excluded, spread })
}

/// Whether everybody who was not excluded has handed in, and they are enough.
pub(super) fn is_complete(reviews: &[Review]) -> bool {
    let count = |states: &[ReviewState]| reviews.iter().filter(|review| states.contains(&review.state)).count();
    count(&[ReviewState::Assigned, ReviewState::Open]) == 0 && count(&[ReviewState::HandedIn]) >= LEAST_EXPERTS
}

/// The spread of what was handed in, with the scores and reasons behind it.
pub(super) async fn handed_in(
    conn: &mut Conn,
    criteria: &[Criterion],
    all: &[Review],
) -> Result<(Spread, Vec<Vec<Score>>)> {
    let mut given = Vec::new();
    for review in all.iter().filter(|review| review.state == ReviewState::HandedIn) {
        given.push((review.expert_id.clone(), reviews::scores(conn, &review.id).await?));
    }
    let found = spread(criteria, &given);
    Ok((found, given.into_iter().map(|(_, scores)| scores).collect()))
}
