//! The valuation as the team sees it: which projects are being valued, and one of them with everything that this person may see.

pub mod act;
pub mod criteria;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::organisations;
use crate::features::plans;
use crate::features::projects::{self, BudgetLine, PlanningStep, Project, ProjectState};
use crate::features::rounds::{self, Round, RoundState};
use crate::features::staff::{Changes, actor_name, changes_of};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::valuations::{
    self, Answer as OwnerAnswer, AnswerState, Criterion, MeetingResult, ResultState, Review, ReviewState, Row, Score,
    View, results, reviews,
};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form};
use crate::infra::{Services, markdown};

/// A project in the list.
struct Line {
    project: Project,
    round: Round,
    handed_in: usize,
    waited_for: usize,
    /// The viewer's own part.
    own: Option<ReviewState>,
}

#[derive(Template)]
#[template(path = "staff/valuation.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    lines: &'a [Line],
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let mut lines = Vec::new();
    for round in rounds::actions::all(&mut conn).await? {
        for project in projects::actions::of_round(&mut conn, &round.id).await? {
            let answers = results::answers_of(&mut conn, &project.id).await?;
            let is_answered = answers.iter().any(|answer| answer.state == AnswerState::Given);
            if project.state != ProjectState::InValuation && !is_answered {
                continue;
            }
            let all = reviews::of_project(&mut conn, &project).await?;
            let count = |states: &[ReviewState]| all.iter().filter(|review| states.contains(&review.state)).count();
            lines.push(Line {
                handed_in: count(&[ReviewState::HandedIn]),
                waited_for: count(&[ReviewState::Assigned, ReviewState::Open]),
                own: all.iter().find(|review| review.expert_id == staff.0.user.id).map(|review| review.state),
                project,
                round: round.clone(),
            });
        }
    }
    ctx.page(&ListPage { ctx: &ctx, lines: &lines })
}

/// What the page shows whatever the viewer may see of the scores.
struct Told {
    round: Round,
    text: String,
    facts: Vec<(String, String)>,
    budget: Vec<BudgetLine>,
    planning: Vec<PlanningStep>,
    /// Whether it was handed in as a plan, which can be read in full.
    is_plan: bool,
}

/// What can be chosen in the forms: word and text.
struct Choices {
    conflict: Vec<(String, String)>,
    expert: Vec<(String, String)>,
    verdict: Vec<(String, String)>,
    answer: Vec<(String, String)>,
}

impl Choices {
    fn new(ctx: &Ctx) -> Choices {
        let of = |kind: &str, words: [&str; 2]| {
            words.map(|word| (word.to_owned(), ctx.t(format!("valuation-{kind}-{word}")))).to_vec()
        };
        Choices {
            conflict: of("conflict", ["no", "yes"]),
            expert: of("expert", ["remove", "give_back"]),
            verdict: of("verdict", ["listed", "rejected"]),
            answer: of("answer", ["upheld", "reopened"]),
        }
    }
}

#[derive(Template)]
#[template(path = "staff/valuation_project.html")]
struct ProjectPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    project: &'a Project,
    told: &'a Told,
    view: &'a View,
    /// What people are called, by id.
    names: &'a HashMap<String, String>,
    /// Experts who can be asked; experts who are asked; rounds the project can be put into: value and text.
    free: Vec<(String, String)>,
    asked: Vec<(String, String)>,
    rounds: Vec<(String, String)>,
    results: &'a [MeetingResult],
    answer: Option<OwnerAnswer>,
    choices: Choices,
    changes: &'a Changes,
    me: &'a str,
    is_staff: bool,
    is_reviewer: bool,
}

impl ProjectPage<'_> {
    fn action(&self, step: &str) -> String {
        self.ctx.path(&format!("{}/{step}", path(&self.project.slug)))
    }

    fn name(&self, user_id: &str) -> String {
        self.names.get(user_id).cloned().unwrap_or_default()
    }

    /// Whether a state is the one with this word.
    fn is(&self, state: &str, word: &str) -> bool {
        state == word
    }

    fn is_in_valuation(&self) -> bool {
        self.project.state == ProjectState::InValuation
    }

    /// The viewer's review while it can be worked on.
    fn own_open(&self) -> Option<&Review> {
        let own = self.view.own.as_ref().map(|(review, _)| review)?;
        let is_open = matches!(own.state, ReviewState::Assigned | ReviewState::Open);
        (is_open && self.is_in_valuation() && !self.view.is_excluded).then_some(own)
    }

    fn may_score(&self) -> bool {
        self.own_open().is_some_and(|own| own.state == ReviewState::Open) && self.is_valuing()
    }

    fn is_valuing(&self) -> bool {
        self.told.round.state == RoundState::Valuation
    }

    fn open_result(&self) -> Option<&MeetingResult> {
        self.results.iter().find(|result| result.state == ResultState::Proposed)
    }

    /// Whether the viewer, who may see the scores, can record what the meeting decided.
    fn may_record(&self) -> bool {
        let is_expert = self.view.own.is_some();
        self.is_reviewer
            && !is_expert
            && self.view.spread.is_some()
            && self.is_in_valuation()
            && self.open_result().is_none()
    }

    /// Whether the viewer can confirm what somebody else recorded.
    fn may_confirm(&self) -> bool {
        self.view.spread.is_some() && self.open_result().is_some_and(|open| open.recorded_by != self.me)
    }

    fn score_label(&self, criterion: &Criterion) -> String {
        self.ctx.t2("valuation-score-on", "least", criterion.scale_least, "most", criterion.scale_most)
    }

    /// What one expert gave, by place.
    fn given<'b>(&self, reasons: &'b [Vec<Score>], expert: &usize) -> &'b [Score] {
        reasons.get(*expert).map_or(&[], Vec::as_slice)
    }

    fn criterion_name(&self, position: &i64) -> &str {
        let found = self.view.criteria.iter().find(|criterion| criterion.position == *position);
        found.map_or("", |criterion| criterion.name(self.ctx.lang))
    }

    /// A number with two decimals as people read it.
    fn number(&self, value: &rust_decimal::Decimal) -> String {
        decimal(self.ctx, value)
    }

    /// Where a score lies on a picture of 100 wide.
    fn at(&self, row: &Row, score: &i64) -> i64 {
        4 + (score - row.criterion.scale_least) * 92 / (row.criterion.scale_most - row.criterion.scale_least).max(1)
    }

    /// What a picture of one criterion says.
    fn picture_text(&self, row: &Row) -> String {
        let between = self.ctx.t2("valuation-between", "least", row.least, "most", row.most);
        format!("{}: {between}", row.criterion.name(self.ctx.lang))
    }
}

/// A number with two decimals as people read it.
pub fn decimal(ctx: &Ctx, value: &rust_decimal::Decimal) -> String {
    match ctx.lang {
        crate::values::Lang::Nl => value.to_string().replace('.', ","),
        crate::values::Lang::En => value.to_string(),
    }
}

pub fn path(slug: &str) -> String {
    format!("/staff/valuation/{slug}")
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, slug)): Path<(String, String)>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &slug, None, StatusCode::OK).await
}

/// The project with this slug once its owner has let go of it.
pub(super) async fn project(conn: &mut Conn, slug: &str) -> std::result::Result<Project, Failure> {
    use ProjectState::{Draft, Returned, Submitted};
    let found = projects::actions::by_slug(conn, slug).await?;
    found.filter(|project| !matches!(project.state, Draft | Submitted | Returned)).ok_or_else(Failure::not_found)
}

pub(super) async fn page(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    slug: &str,
    form: Option<&Form>,
    status: StatusCode,
) -> Answer {
    let mut conn = s.db.read().await?;
    let project = project(&mut conn, slug).await?;
    let (me, roles) = (staff.0.user.id.as_str(), staff.0.roles.as_slice());
    let view = valuations::view(&mut conn, &project, me, roles).await?;
    let told = told(ctx, &mut conn, &project).await?;
    let filled = filled(&view);
    let mut names = HashMap::new();
    let experts = reviews::experts(&mut conn).await?;
    for id in view.reviews.iter().map(|review| &review.expert_id).chain(experts.iter().map(|user| &user.id)) {
        let name = actor_name(&mut conn, id).await?;
        names.insert(id.clone(), name);
    }
    let is_asked = |id: &str| view.reviews.iter().any(|r| r.expert_id == id && r.state != ReviewState::Removed);
    let named = |id: &String| (id.clone(), names.get(id).cloned().unwrap_or_default());
    let is_open = |review: &&Review| !matches!(review.state, ReviewState::Removed | ReviewState::Excluded);
    let rounds = rounds::actions::all(&mut conn).await?;
    let fits = |round: &&Round| round.state < RoundState::Selling && round.id != project.round_id;
    let is_staff = roles.contains(&StaffRole::Reviewer) || roles.contains(&StaffRole::Admin);
    // whoever has a conflict is told that, and nothing of what others did
    let results = if view.is_excluded { Vec::new() } else { results::of_project(&mut conn, &project.id).await? };
    let changes =
        if is_staff && !view.is_excluded { timeline(&mut conn, &project, &view, &results).await? } else { Vec::new() };
    let answers = results::answers_of(&mut conn, &project.id).await?;
    let page = ProjectPage {
        ctx,
        form: form.unwrap_or(&filled),
        told: &told,
        free: experts.iter().map(|user| &user.id).filter(|id| !is_asked(id)).map(named).collect(),
        asked: view.reviews.iter().filter(is_open).map(|review| named(&review.expert_id)).collect(),
        rounds: rounds.iter().filter(fits).map(|r| (r.number.to_string(), r.title(ctx.lang).to_owned())).collect(),
        answer: answers.into_iter().next().filter(|_| is_staff && !view.is_excluded),
        choices: Choices::new(ctx),
        results: &results,
        changes: &changes,
        names: &names,
        is_reviewer: roles.contains(&StaffRole::Reviewer),
        is_staff: is_staff && !view.is_excluded,
        view: &view,
        project: &project,
        me,
    };
    ctx.page_with(status, &page)
}

async fn timeline(conn: &mut Conn, project: &Project, view: &View, results: &[MeetingResult]) -> Result<Changes> {
    let mut ids = vec![project.id.as_str()];
    ids.extend(view.reviews.iter().map(|review| review.id.as_str()));
    ids.extend(results.iter().map(|result| result.id.as_str()));
    let mut changes = changes_of(conn, &ids).await?;
    // what was written and how it is divided has pages of its own
    changes.retain(|(change, _)| !matches!(change.subject.as_str(), "project_texts" | "project_shares"));
    Ok(changes)
}

/// The viewer's own scores in the form.
fn filled(view: &View) -> Form {
    let mut form = Form::default();
    for score in view.own.iter().flat_map(|(_, scores)| scores) {
        let number = score.score.map_or_else(String::new, |score| score.to_string());
        form.set(&format!("score_{}", score.position), &number);
        form.set(&format!("reason_{}", score.position), &score.reason);
    }
    form
}

async fn told(ctx: &Ctx, conn: &mut Conn, project: &Project) -> Result<Told> {
    let round = rounds::actions::get(conn, &project.round_id).await?;
    let maker = organisations::actions::get(conn, &project.organisation_id).await?;
    let price = round.unit_price_eur;
    let both = |rikx, cents| format!("{} Rikx ({})", ctx.rikx(rikx), ctx.euros(cents));
    let facts = vec![
        (ctx.t("site-by"), maker.name),
        (ctx.t("valuation-asked-impact"), both(project.impact, project.cap(price))),
        (ctx.t("valuation-asked-threshold"), both(project.threshold, project.threshold_price(price))),
        (ctx.t("site-fact-participants"), project.participants_target.to_string()),
        (ctx.t("site-fact-target-group"), project.target_group(ctx.lang).to_owned()),
        (ctx.t("site-fact-start"), ctx.day(&project.start_day)),
        (ctx.t("site-fact-duration"), ctx.t1("site-months", "months", project.months)),
    ];
    Ok(Told {
        text: markdown::html(project.text(ctx.lang), 2),
        budget: projects::actions::budget(conn, &project.id).await?,
        planning: projects::actions::planning(conn, &project.id).await?,
        is_plan: !plans::actions::versions(conn, &project.id).await?.is_empty(),
        round,
        facts,
    })
}
