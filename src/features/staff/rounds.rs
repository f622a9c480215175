//! The rounds, and one round with its projects as the team sees them.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::calendar;
use crate::features::pledges::{self, Standing};
use crate::features::projects::{self, Project, ProjectState};
use crate::features::rounds::{self, Round, RoundState};
use crate::features::settlement::{self, Decided};
use crate::features::staff::timeline::{self, Timeline};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Cents;

/// A project with what stands for it.
struct Row {
    project: Project,
    threshold: Cents,
    standing: Standing,
    decided: Option<Decided>,
}

#[derive(Template)]
#[template(path = "staff/round.html")]
struct RoundPage<'a> {
    ctx: &'a Ctx,
    round: &'a Round,
    rows: &'a [Row],
    /// What happened to it and to its settlement.
    timeline: Timeline,
    /// What somebody must know: the sale cannot begin, or goes on without projects that are still being valued.
    words: &'a [String],
    is_admin: bool,
}

impl RoundPage<'_> {
    /// Whether there is something to see on the closing page.
    fn closes(&self) -> bool {
        matches!(self.round.state, RoundState::Selling | RoundState::Closing | RoundState::Settled)
    }

    /// Whether its sale can be, or was, extended.
    fn sells(&self) -> bool {
        self.round.state >= RoundState::Selling
    }

    fn dates(&self) -> Vec<(String, String)> {
        let round = self.round;
        let dates = [
            ("staff-round-submissions", Some(round.submissions_at)),
            ("staff-round-valuation", Some(round.valuation_at)),
            ("staff-round-selling", Some(round.selling_at)),
            ("staff-round-closes", Some(round.closes_at)),
            ("staff-round-settled", round.settled_at),
        ];
        dates.iter().filter_map(|(key, at)| Some((self.ctx.t(key), self.ctx.moment(at.as_ref()?)))).collect()
    }
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, number)): Path<(String, i64)>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let round = rounds::actions::by_number(&mut conn, number).await?.ok_or_else(Failure::not_found)?;
    let mut standings = pledges::actions::standings(&mut conn).await?;
    let decided = settlement::actions::decisions_of_round(&mut conn, &round.id).await?;
    let rows: Vec<Row> = projects::actions::of_round(&mut conn, &round.id)
        .await?
        .into_iter()
        .map(|project| Row {
            threshold: project.threshold_price(round.unit_price_eur),
            standing: standings.remove(&project.id).unwrap_or_default(),
            decided: decided.iter().find(|decided| decided.project_id == project.id).cloned(),
            project,
        })
        .collect();
    let settlement = settlement::actions::of_round(&mut conn, &round.id).await?;
    let path = format!("/staff/rounds/{}", round.number);
    let mut subjects = vec![(round.id.as_str(), String::new())];
    subjects.extend(settlement.iter().map(|one| (one.id.as_str(), ctx.path(&format!("{path}/closing")))));
    let timeline = timeline::read(&ctx, &mut conn, &subjects, &path).await?;
    let mut words = Vec::new();
    if calendar::actions::waits_in_vain(&mut conn, &round.id, ctx.now).await? {
        words.push(ctx.t("round-not-begun"));
    }
    let left = rows.iter().filter(|row| row.project.state == ProjectState::InValuation).count();
    if round.state == RoundState::Selling && left > 0 {
        words.push(ctx.t1("round-in-valuation-left", "count", left));
    }
    let is_admin = staff.has(StaffRole::Admin);
    ctx.page(&RoundPage { ctx: &ctx, round: &round, rows: &rows, timeline, words: &words, is_admin })
}
