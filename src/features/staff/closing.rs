//! Closing a round in five parts on one address: readiness, dry run, proposal, approval, execution. Which part is shown depends on
//! how far the round is.

use askama::Template;
use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::features::rounds::{self, Round};
use crate::features::settlement::{Decision, Refusal, SettlementState, Treasurer, actions};
use crate::features::staff::board::{Phase, View, view};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted, reload};

type Number = Path<(String, i64)>;

#[derive(Template)]
#[template(path = "staff/closing.html")]
struct ClosingPage<'a> {
    ctx: &'a Ctx,
    round: &'a Round,
    view: &'a View,
    form: &'a Form,
    is_treasurer: bool,
    /// The viewer is the one who proposed.
    is_own: bool,
    reloads: bool,
}

impl ClosingPage<'_> {
    fn url(&self, part: &str) -> String {
        self.ctx.path(&format!("{}{part}", address(self.round.number)))
    }

    /// Whether there is something to watch.
    fn moves(&self) -> bool {
        self.view.phase == Phase::Executing
    }

    /// Whether this person can still stop something.
    fn is_running(&self) -> bool {
        matches!(self.view.phase, Phase::Executing | Phase::Paused)
    }

    fn decision(&self, decision: &Decision) -> String {
        self.ctx.t(format!("project-state-{decision}"))
    }

    /// How long something takes, in words: minutes from two minutes on.
    fn duration(&self, seconds: &i64) -> String {
        match *seconds {
            ..120 => self.ctx.t1("staff-seconds", "count", seconds),
            seconds => self.ctx.t1("staff-minutes", "count", (seconds + 59).div_euclid(60)),
        }
    }
}

fn address(number: i64) -> String {
    format!("/staff/rounds/{number}/closing")
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, number)): Number,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let reloads = reload::wanted(query.as_deref());
    page(&ctx, &s, &staff, number, &Form::default(), StatusCode::OK, reloads).await
}

/// `reloads`: the page comes again by itself as long as something moves.
async fn page(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    number: i64,
    form: &Form,
    status: StatusCode,
    reloads: bool,
) -> Answer {
    let mut conn = s.db.read().await?;
    let round = rounds::actions::by_number(&mut conn, number).await?.ok_or_else(Failure::not_found)?;
    let view = view(ctx, s, &mut conn, &round).await?;
    let is_own = view.settlement.as_ref().is_some_and(|open| open.proposed_by == staff.0.user.id);
    let is_treasurer = staff.has(StaffRole::Treasurer);
    let page = ClosingPage { ctx, round: &round, view: &view, form, is_treasurer, is_own, reloads };
    let response = ctx.page_with(status, &page)?;
    if reloads && page.moves() { reload::again(response, &page.url("")) } else { Ok(response) }
}

/// A treasurer at the closing of the round that the address names: what every step begins with.
pub struct Desk {
    ctx: Ctx,
    s: Services,
    staff: Staff,
    round: Round,
}

impl FromRequestParts<Services> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Desk, Failure> {
        let staff = Staff::from_request_parts(parts, services).await?;
        staff.require(StaffRole::Treasurer)?;
        let ctx = Ctx::from_request_parts(parts, services).await?.signed_in_as(staff.0.label());
        let Ok(Path((_lang, number))) = Number::from_request_parts(parts, services).await else {
            return Err(Failure::not_found());
        };
        let round = rounds::actions::by_number(&mut *services.db.read().await?, number).await?;
        Ok(Desk { ctx, s: services.clone(), staff, round: round.ok_or_else(Failure::not_found)? })
    }
}

impl Desk {
    /// Who acts, as the actions want to know it.
    fn treasurer(&self) -> Treasurer<'_> {
        Treasurer { user_id: &self.staff.0.user.id, fresh_until: self.staff.0.session.fresh_until }
    }

    /// 303 when it was done; the same page with the refusal above it when a rule said no.
    async fn answer<T>(self, mut form: Form, done: Result<T, Error>, flash: &str) -> Answer {
        let number = self.round.number;
        match done {
            Ok(_) => Ok(self.ctx.redirect_done(&address(number), flash)),
            Err(Error::Refused(refusal)) => {
                let status = Failure::from(&*refusal).status();
                form.refuse(self.ctx.lang, &*refusal);
                page(&self.ctx, &self.s, &self.staff, number, &form, status, false).await
            }
            Err(error) => Err(error.into()),
        }
    }
}

pub async fn begin(desk: Desk, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let done = actions::begin(&desk.s, &desk.round.id, desk.treasurer(), form.value("reason")).await;
    desk.answer(form, done, "flash-closing-begun").await
}

pub async fn propose(desk: Desk, posted: Posted) -> Answer {
    let form = posted.allow(&["hash", "reason"])?;
    let (hash, reason) = (form.value("hash"), form.value("reason"));
    let done = actions::propose(&desk.s, &desk.round.id, desk.treasurer(), hash, reason).await;
    desk.answer(form, done, "flash-closing-proposed").await
}

pub async fn approve(desk: Desk, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let done = actions::approve(&desk.s, &desk.round.id, desk.treasurer(), form.value("hash")).await;
    if done.as_ref().err().and_then(Error::refusal::<Refusal>) == Some(&Refusal::FactorNotFresh) {
        desk.staff.require_fresh(&desk.ctx, &address(desk.round.number))?;
    }
    desk.answer(form, done, "flash-closing-approved").await
}

pub async fn pause(desk: Desk, posted: Posted) -> Answer {
    let form = posted.allow(&[])?;
    let done = actions::pause(&desk.s, &desk.round.id, desk.treasurer()).await;
    desk.answer(form, done, "flash-closing-paused").await
}

pub async fn resume(desk: Desk, posted: Posted) -> Answer {
    let form = posted.allow(&[])?;
    let done = actions::resume(&desk.s, &desk.round.id, desk.treasurer()).await;
    desk.answer(form, done, "flash-closing-resumed").await
}

impl View {
    /// Whether the proposal can be approved as it stands.
    fn is_approvable(&self) -> bool {
        self.phase == Phase::Proposed && !self.is_outdated
    }

    /// Whether a (new) proposal can be made.
    fn is_proposable(&self) -> bool {
        self.phase == Phase::Closing || (self.phase == Phase::Proposed && self.is_outdated)
    }

    /// Whether the decision is taken.
    fn is_decided(&self) -> bool {
        matches!(self.phase, Phase::Executing | Phase::Paused | Phase::Waiting | Phase::Done)
    }

    fn state(&self) -> SettlementState {
        self.settlement.as_ref().map_or(SettlementState::Proposed, |settlement| settlement.state)
    }
}
