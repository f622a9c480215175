//! What the team sees of every project: what belongs to it and what happened to it; and the page of a project whose plan was never handed
//! in here, such as one of a round from before plans.

use askama::Template;

use crate::features::projects::Project;
use crate::features::rounds::{self, Round};
use crate::features::staff::timeline::{self, Timeline};
use crate::features::users::guard::Staff;
use crate::features::{organisations, payouts, pledges, results, settlement, terminations, verifications};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx};

/// What happened to a project and to what belongs to it: how its round was closed, money on its way to organisations, what was released
/// for its results, figures that were checked and corrected, and its end before its time. Each line leads to its thing.
pub async fn history(ctx: &Ctx, conn: &mut Conn, project: &Project, path: &str) -> Result<Timeline> {
    let at = |place: String| ctx.path(&place);
    let round = rounds::actions::get(conn, &project.round_id).await?;
    let mut things: Vec<(String, String)> = vec![(project.id.clone(), String::new())];
    for closing in settlement::actions::all_of_round(conn, &round.id).await? {
        things.push((closing.id, at(format!("/staff/rounds/{}/closing", round.number))));
    }
    if let Some(stopped) = terminations::actions::of_project(conn, &project.id).await? {
        things.push((stopped.id, at(format!("/staff/projects/{}/stop", project.id))));
    }
    for release in results::actions::of_project(conn, &project.id).await? {
        things.push((release.id, at(format!("/staff/results/{}", project.slug))));
    }
    for tranche in payouts::actions::of_project(conn, &project.id).await? {
        things.push((tranche.id, at(format!("/staff/payouts/{}", tranche.decision_id))));
    }
    for figure in verifications::actions::of_project(conn, &project.id).await? {
        things.push((figure.id.clone(), at(format!("/staff/verifications/{}", figure.id))));
    }
    let things: Vec<(&str, String)> = things.iter().map(|(id, url)| (id.as_str(), url.clone())).collect();
    timeline::read(ctx, conn, &things, path).await
}

#[derive(Template)]
#[template(path = "staff/project.html")]
struct ProjectPage<'a> {
    ctx: &'a Ctx,
    project: &'a Project,
    organisation: String,
    round: Round,
    facts: Vec<(String, String)>,
    timeline: Timeline,
}

/// The page of a project whose plan was never handed in.
pub async fn page(ctx: Ctx, s: &Services, staff: &Staff, project: &Project, path: &str) -> Answer {
    let ctx = &ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let round = rounds::actions::get(&mut conn, &project.round_id).await?;
    let standing = pledges::actions::standing(&mut conn, &project.id).await?;
    let threshold = project.threshold_price(round.unit_price_eur);
    let facts = vec![
        (ctx.t("settlement-threshold"), ctx.euros(threshold)),
        (ctx.t("settlement-held"), ctx.euros(standing.held)),
        (ctx.t("settlement-backers"), standing.backers.to_string()),
    ];
    ctx.page(&ProjectPage {
        ctx,
        organisation: organisations::actions::get(&mut conn, &project.organisation_id).await?.name,
        timeline: history(ctx, &mut conn, project, path).await?,
        project,
        round,
        facts,
    })
}
