//! The overview of one project: its parts, what to do next, and what stands fixed.

use askama::Template;
use axum::extract::State;

use crate::features::outcomes::{self, PromiseFigure};
use crate::features::projects::guard::Editor;
use crate::features::projects::{self, ProjectState};
use crate::features::rounds::{self, Round, RoundState};
use crate::features::studio::web::home::step_text;
use crate::features::studio::web::near_miss;
use crate::features::studio::{NextStep, next_steps};
use crate::features::updates;
use crate::features::valuations::{ResultState, results};
use crate::features::withdrawals;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};

#[derive(Template)]
#[template(path = "studio/project.html")]
struct Overview<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    round: &'a Round,
    steps: &'a [NextStep],
    /// Whether a meeting has decided about it.
    is_valued: bool,
    /// Pairs of what must be done or is over, and by when.
    deadlines: Vec<(String, String)>,
    /// Pairs of what stands fixed.
    fixed: Vec<(String, String)>,
    /// Whether everybody sees its page.
    is_shown: bool,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut conn = s.db.read().await?;
    let round = rounds::actions::get(&mut conn, &own.project.round_id).await?;
    let waves = outcomes::actions::waves_of(&mut conn, &own.project.id).await?;
    let updates = updates::actions::of_project(&mut conn, &own.project.id).await?;
    let mut steps: Vec<NextStep> = near_miss::next_step(&mut conn, &own.project, ctx.now).await?.into_iter().collect();
    steps.extend(next_steps(&own.project, &updates, &waves, ctx.now));
    let results = results::of_project(&mut conn, &own.project.id).await?;
    let is_valued = results.iter().any(|result| result.state == ResultState::Confirmed);
    let fixed = fixed(&ctx, &own, &round);
    let promises = outcomes::actions::figures(&mut conn, &own.project.id).await?;
    let deadlines = deadlines(&ctx, own.project.state, &round, &promises);
    let is_shown = projects::actions::public_by_slug(&mut conn, &own.project.slug).await?.is_some();
    ctx.page(&Overview { ctx: &ctx, own: &own, round: &round, steps: &steps, is_valued, deadlines, fixed, is_shown })
}

impl Overview<'_> {
    fn is_near_miss(&self) -> bool {
        self.own.project.state == ProjectState::NearMiss
    }

    /// Whether its owner can still take it back.
    fn may_withdraw(&self) -> bool {
        withdrawals::obstacle(self.own.project.state).is_none()
    }

    fn step(&self, step: &NextStep) -> String {
        step_text(self.ctx, *step)
    }
}

/// What is still to come: the end of the submissions or the sale, and the days of the promises of a project that goes on.
fn deadlines(ctx: &Ctx, state: ProjectState, round: &Round, promises: &[PromiseFigure]) -> Vec<(String, String)> {
    use ProjectState::{Draft, Funded, Listed, Reporting, Returned, Running};
    let moment = |at| format!("{} ({})", ctx.moment(at), rounds::time_left(ctx.lang, ctx.now, at));
    match state {
        Draft | Returned if round.state == RoundState::Submissions && ctx.now < round.valuation_at => {
            vec![(ctx.t("studio-deadline-plan"), moment(round.valuation_at))]
        }
        Listed if round.sells_at(ctx.now) => vec![(ctx.t("studio-deadline-sale"), moment(round.closes_at))],
        Funded | Running | Reporting => {
            let today = ctx.now.day();
            let to_come = promises.iter().filter(|promise| promise.due_day >= today);
            to_come.map(|promise| (promise.name(ctx.lang).to_owned(), ctx.day(&promise.due_day))).collect()
        }
        _ => Vec::new(),
    }
}

fn fixed(ctx: &Ctx, own: &Editor, round: &Round) -> Vec<(String, String)> {
    let project = &own.project;
    let price = round.unit_price_eur;
    let both = |rikx, cents| format!("{} Rikx ({})", ctx.rikx(rikx), ctx.euros(cents));
    vec![
        (ctx.t("studio-round"), round.title(ctx.lang).to_owned()),
        (ctx.t("studio-impact"), both(project.impact, project.cap(price))),
        (ctx.t("studio-threshold"), both(project.threshold, project.threshold_price(price))),
        (ctx.t("studio-start"), ctx.day(&project.start_day)),
        (ctx.t("studio-months"), ctx.t1("studio-months-count", "months", project.months)),
    ]
}
