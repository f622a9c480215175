//! Result money as the makers see it: what waits, what each promise would be paid, and what was.

use askama::Template;
use axum::extract::State;

use crate::features::outcomes;
use crate::features::projects::Project;
use crate::features::projects::guard::MoneyReader;
use crate::features::results::view::{Line, frozen_lines, lines};
use crate::features::results::{Outlook, Release, actions};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};
use crate::values::Cents;

#[derive(Template)]
#[template(path = "studio/results.html")]
struct ResultsPage<'a> {
    ctx: &'a Ctx,
    project: &'a Project,
    outlook: &'a Outlook,
    lines: Vec<Line>,
    /// What two people decided, with what each promise earned by it; the oldest first.
    decided: Vec<(Release, Vec<Line>)>,
}

impl ResultsPage<'_> {
    /// What was released in all.
    fn released(&self) -> Cents {
        self.decided.iter().map(|(release, _)| release.amount).sum()
    }

    /// What is still there for results.
    fn waits(&self) -> Cents {
        let gone: Cents =
            self.decided.iter().map(|(one, _)| Cents(one.amount.0 + one.back.0 + one.matched.0 + one.stays.0)).sum();
        Cents((self.outlook.plan.result.0 - gone.0).max(0))
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: MoneyReader) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut conn = s.db.read().await?;
    let outlook = actions::outlook(&mut conn, &own.project, ctx.now).await?;
    let figures = outcomes::actions::figures(&mut conn, &own.project.id).await?;
    let mut decided = Vec::new();
    for release in actions::of_project(&mut conn, &own.project.id).await? {
        if release.is_decided() {
            let frozen = actions::promises_of(&mut conn, &release.id).await?;
            decided.push((release, frozen_lines(&ctx, &figures, &frozen)));
        }
    }
    let lines = lines(&ctx, &outlook.rows());
    ctx.page(&ResultsPage { ctx: &ctx, project: &own.project, outlook: &outlook, lines, decided })
}
