//! The steps of a valuation: who values, conflicts, scores, the meeting's result, the owner's answer.

use std::marker::PhantomData;

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::features::projects::Project;
use crate::features::staff::treasurer::end;
use crate::features::staff::valuation::{page, path, project};
use crate::features::users::guard::Staff;
use crate::features::users::roles::{ExpertOnly, OneOf, ReviewerOnly, ReviewerOrAdmin, Valuer, With};
use crate::features::valuations::results::Recorded;
use crate::features::valuations::{AnswerState, Score, Verdict, criteria, results, reviews};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::texts;
use crate::infra::web::form::PostedLong;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::{Cents, Rikx};

type Slug = Path<(String, String)>;

/// Somebody of the team at a step of a valuation, with a role of `R`; what else it takes the action asks.
pub struct Desk<R> {
    ctx: Ctx,
    s: Services,
    staff: Staff,
    role: PhantomData<fn() -> R>,
}

impl<R: OneOf> FromRequestParts<Services> for Desk<R> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> std::result::Result<Desk<R>, Failure> {
        let With(staff, role) = With::from_request_parts(parts, services).await?;
        let ctx = Ctx::from_request_parts(parts, services).await?.signed_in_as(staff.0.label());
        Ok(Desk { ctx, s: services.clone(), staff, role })
    }
}

impl<R> Desk<R> {
    fn me(&self) -> &str {
        &self.staff.0.user.id
    }

    async fn project(&self, slug: &str) -> std::result::Result<Project, Failure> {
        project(&mut *self.s.db.read().await?, slug).await
    }

    /// 303 when it was done; the page with the refusal when a rule said no. `reason`: the field a missing reason stands beside.
    async fn outcome(self, slug: &str, mut form: Form, done: Result<()>, reason: &str, flash: &str) -> Answer {
        let refusal = match done {
            Ok(()) => return Ok(self.ctx.redirect_done(&path(slug), flash)),
            Err(Error::Refused(refusal)) => refusal,
            Err(error) => return Err(error.into()),
        };
        if refusal.field() == Some("reason") {
            form.fail(reason, texts::text_with(self.ctx.lang, refusal.key(), &refusal.args()));
        } else {
            form.refuse(self.ctx.lang, &*refusal);
        }
        let status = Failure::from(&*refusal).status();
        page(&self.ctx, &self.s, &self.staff, slug, Some(&form), status).await
    }
}

pub async fn assign(desk: Desk<ReviewerOrAdmin>, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["expert"])?;
    let project = desk.project(&slug).await?;
    let mut tx = desk.s.db.begin().await?;
    let done = reviews::assign(&mut tx, &project.id, form.value("expert"), desk.me(), desk.ctx.now).await;
    let done = end(tx, done).await;
    desk.outcome(&slug, form, done, "reason", "flash-valuation-assigned").await
}

/// Somebody else instead of an expert, or scores back to one.
pub async fn expert(desk: Desk<ReviewerOrAdmin>, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["asked", "step", "reason"])?;
    let project = desk.project(&slug).await?;
    let (expert, reason) = (form.value("asked"), form.value("reason"));
    let mut tx = desk.s.db.begin().await?;
    let done = if form.is("step", "give_back") {
        reviews::give_back(&mut tx, &project.id, expert, reason, desk.me(), desk.ctx.now).await
    } else {
        reviews::remove(&mut tx, &project.id, expert, reason, desk.me(), desk.ctx.now).await
    };
    let done = end(tx, done).await;
    desk.outcome(&slug, form, done, "reason", "flash-valuation-expert").await
}

pub async fn declare(desk: Desk<ExpertOnly>, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let mut form = posted.allow(&["conflict", "conflict_reason"])?;
    let project = desk.project(&slug).await?;
    if !form.is("conflict", "yes") && !form.is("conflict", "no") {
        form.fail_key(desk.ctx.lang, "conflict", "valuation-conflict-missing");
        return page(&desk.ctx, &desk.s, &desk.staff, &slug, Some(&form), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let conflict = form.is("conflict", "yes").then(|| form.value("conflict_reason"));
    let mut tx = desk.s.db.begin().await?;
    let done = reviews::declare(&mut tx, &project.id, desk.me(), conflict, desk.ctx.now).await;
    let done = end(tx, done).await;
    desk.outcome(&slug, form, done, "conflict_reason", "flash-valuation-declared").await
}

/// Saves a draft, or hands in.
pub async fn score(desk: Desk<ExpertOnly>, Path((_lang, slug)): Slug, PostedLong(posted): PostedLong) -> Answer {
    let project = desk.project(&slug).await?;
    let criteria = criteria::of_round(&mut *desk.s.db.read().await?, &project.round_id).await?;
    let fields = |c: &i64| [format!("score_{c}"), format!("reason_{c}")];
    let names: Vec<String> = criteria.iter().flat_map(|c| fields(&c.position)).collect();
    let mut allowed: Vec<&str> = names.iter().map(String::as_str).collect();
    allowed.push("step");
    let mut form = posted.allow(&allowed)?;
    let is_final = form.is("step", "hand_in");
    let mut scores = Vec::new();
    for criterion in &criteria {
        let [score, reason] = fields(&criterion.position);
        let typed = form.value(&score).trim().to_owned();
        let number: Option<i64> = typed.parse().ok();
        if number.is_none() && !typed.is_empty() {
            form.fail_key(desk.ctx.lang, &score, "valuation-score-wrong");
        }
        let reason = form.value(&reason).replace("\r\n", "\n").trim().to_owned();
        scores.push(Score { position: criterion.position, score: number, reason });
    }
    for (field, key) in reviews::wrong_scores(&criteria, &scores, is_final) {
        if form.error(&field).is_none() {
            form.fail_key(desk.ctx.lang, &field, key);
        }
    }
    if form.has_errors() {
        return page(&desk.ctx, &desk.s, &desk.staff, &slug, Some(&form), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut tx = desk.s.db.begin().await?;
    let done = reviews::score(&mut tx, &project.id, desk.me(), &scores, is_final, desk.ctx.now).await;
    let done = end(tx, done).await;
    let flash = if is_final { "flash-valuation-handed-in" } else { "flash-valuation-saved" };
    desk.outcome(&slug, form, done, "reason", flash).await
}

pub async fn record(desk: Desk<ReviewerOnly>, Path((_lang, slug)): Slug, PostedLong(posted): PostedLong) -> Answer {
    let mut form = posted.allow(&["verdict", "impact", "threshold", "reason_nl", "reason_en"])?;
    let project = desk.project(&slug).await?;
    let Some(verdict) = Verdict::from_word(form.value("verdict")) else {
        form.fail_key(desk.ctx.lang, "verdict", "valuation-verdict-missing");
        return page(&desk.ctx, &desk.s, &desk.staff, &slug, Some(&form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let rikx = |name: &str| Cents::parse(form.value(name)).ok().map(|typed| Rikx(typed.0));
    let recorded = Recorded {
        verdict,
        impact: rikx("impact"),
        threshold: rikx("threshold"),
        reason_nl: form.value("reason_nl"),
        reason_en: form.value("reason_en"),
    };
    let mut tx = desk.s.db.begin().await?;
    let done = results::record(&mut tx, &project.id, recorded, desk.me(), desk.ctx.now).await;
    let done = end(tx, done).await.map(|_| ());
    desk.outcome(&slug, form, done, "reason", "flash-valuation-recorded").await
}

pub async fn confirm(desk: Desk<Valuer>, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["result"])?;
    let project = desk.project(&slug).await?;
    desk.staff.require_fresh(&desk.ctx, &path(&slug))?;
    let mut tx = desk.s.db.begin().await?;
    let done = results::confirm(&mut tx, &project.id, form.value("result"), desk.me(), desk.ctx.now).await;
    let done = end(tx, done).await;
    desk.outcome(&slug, form, done, "reason", "flash-valuation-confirmed").await
}

pub async fn withdraw(desk: Desk<ReviewerOrAdmin>, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["withdraw_reason"])?;
    let project = desk.project(&slug).await?;
    let mut tx = desk.s.db.begin().await?;
    let reason = form.value("withdraw_reason");
    let done = results::withdraw(&mut tx, &project.id, reason, desk.me(), desk.ctx.now).await;
    let done = end(tx, done).await;
    desk.outcome(&slug, form, done, "withdraw_reason", "flash-valuation-withdrawn").await
}

pub async fn decide_answer(
    desk: Desk<ReviewerOrAdmin>,
    Path((_lang, slug)): Slug,
    PostedLong(posted): PostedLong,
) -> Answer {
    let mut form = posted.allow(&["decision", "reason_nl", "reason_en"])?;
    let project = desk.project(&slug).await?;
    let to = AnswerState::from_word(form.value("decision")).filter(|to| *to != AnswerState::Given);
    let Some(to) = to else {
        form.fail_key(desk.ctx.lang, "decision", "valuation-decision-missing");
        return page(&desk.ctx, &desk.s, &desk.staff, &slug, Some(&form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let reasons = (form.value("reason_nl"), form.value("reason_en"));
    let mut tx = desk.s.db.begin().await?;
    let done = results::decide_answer(&mut tx, &project.id, to, reasons, desk.me(), desk.ctx.now).await;
    let done = end(tx, done).await;
    desk.outcome(&slug, form, done, "reason", "flash-valuation-answer-decided").await
}

pub async fn move_round(desk: Desk<ReviewerOrAdmin>, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["round"])?;
    let project = desk.project(&slug).await?;
    let number = form.value("round").parse().unwrap_or(0);
    let mut tx = desk.s.db.begin().await?;
    let done = results::move_round(&mut tx, &project.id, number, desk.me(), desk.ctx.now).await;
    let done = end(tx, done).await;
    desk.outcome(&slug, form, done, "reason", "flash-valuation-moved").await
}
