//! The studio's front page: my organisations, their projects, and what to do next.

use askama::Template;
use axum::extract::State;

use crate::features::match_funds;
use crate::features::organisations::{self, MemberRole, Organisation, OrganisationKind};
use crate::features::outcomes;
use crate::features::projects::{self, Project};
use crate::features::studio::web::near_miss;
use crate::features::studio::{NextStep, next_steps};
use crate::features::updates;
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};

struct Mine {
    project: Project,
    steps: Vec<NextStep>,
}

struct Group {
    organisation: Organisation,
    role: MemberRole,
    projects: Vec<Mine>,
    /// Plans of others that it is asked to carry out too, and has not answered.
    asked: Vec<Project>,
}

#[derive(Template)]
#[template(path = "studio/home.html")]
struct Home<'a> {
    ctx: &'a Ctx,
    groups: &'a [Group],
    /// Whether one of them gave money to a match fund.
    has_funds: bool,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let (mut groups, mut has_funds) = (Vec::new(), false);
    for (organisation, role) in organisations::actions::of_user(&mut conn, &person.user.id).await? {
        has_funds = has_funds || !match_funds::actions::of_giver(&mut conn, &organisation.id).await?.is_empty();
        let mut mine = Vec::new();
        for project in projects::actions::owned_by(&mut conn, &organisation.id).await? {
            let waves = outcomes::actions::waves_of(&mut conn, &project.id).await?;
            let updates = updates::actions::of_project(&mut conn, &project.id).await?;
            let mut steps = Vec::new();
            if role.may_edit() {
                steps.extend(near_miss::next_step(&mut conn, &project, ctx.now).await?);
                steps.extend(next_steps(&project, &updates, &waves, ctx.now));
            }
            mine.push(Mine { project, steps });
        }
        let joint = projects::shares::with_others(&mut conn, &organisation.id).await?;
        let asked = joint.into_iter().filter(|(_, share)| share.agreed == 0).map(|(project, _)| project).collect();
        groups.push(Group { organisation, role, projects: mine, asked });
    }
    ctx.page(&Home { ctx: &ctx, groups: &groups, has_funds })
}

impl Home<'_> {
    /// Whether there is an organisation to write a plan for.
    fn may_begin(&self) -> bool {
        let is_maker = |group: &Group| group.organisation.kind == OrganisationKind::Maker;
        self.groups.iter().any(|group| group.role.may_edit() && is_maker(group))
    }

    fn step(&self, step: &NextStep) -> String {
        step_text(self.ctx, *step)
    }
}

/// What a next step is called.
pub fn step_text(ctx: &Ctx, step: NextStep) -> String {
    match step {
        NextStep::SayHow(until) => ctx.t1("consent-next", "moment", ctx.moment(until)),
        NextStep::Measure(kind) => {
            let kind = ctx.t(format!("outcomes-kind-{}", kind.as_str().replace('_', "-")));
            ctx.t1("studio-next-measure", "kind", kind)
        }
        NextStep::Scheduled(at) => ctx.t1("studio-next-scheduled", "moment", ctx.moment(at)),
        NextStep::Tell(Some(days)) => ctx.t1("studio-next-tell", "days", days),
        NextStep::Tell(None) => ctx.t("studio-next-tell-first"),
        NextStep::FinishDraft => ctx.t("studio-next-draft"),
        NextStep::FinishPlan => ctx.t("studio-next-plan"),
        NextStep::Translate => ctx.t("studio-next-translate"),
        NextStep::AddPicture => ctx.t("studio-next-picture"),
    }
}
