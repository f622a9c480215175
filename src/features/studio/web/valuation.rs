//! What the experts' meeting decided about a project, for its owner: figures, reasons, means; and the answer to a rejection.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::projects::guard::Editor;
use crate::features::valuations::{Answer as Given, Criterion, MeetingResult, Refusal, ResultState, Verdict, results};
use crate::infra::Services;
use crate::infra::error;
use crate::infra::web::form::PostedLong;
use crate::infra::web::{Answer, Ctx, Failure, Form};

/// A confirmed result as the owner sees it.
struct Told {
    result: MeetingResult,
    /// Criterion, its mean as text.
    means: Vec<(Criterion, String)>,
    answer: Option<Given>,
}

#[derive(Template)]
#[template(path = "studio/valuation.html")]
struct ValuationPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    told: &'a [Told],
}

impl ValuationPage<'_> {
    /// Whether the owner can answer to this rejection now.
    fn may_answer(&self, told: &Told) -> bool {
        let is_rejected = self.own.project.state == crate::features::projects::ProjectState::Rejected;
        let in_time = told.result.answer_until().is_some_and(|until| self.ctx.now < until);
        is_rejected
            && in_time
            && told.answer.is_none()
            && self.told.first().is_some_and(|t| t.result.id == told.result.id)
    }

    fn is_listing(&self, told: &Told) -> bool {
        told.result.verdict == Verdict::Listed
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &Editor, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let answers = results::answers_of(&mut conn, &own.project.id).await?;
    let mut told = Vec::new();
    for result in results::of_project(&mut conn, &own.project.id).await? {
        if result.state != ResultState::Confirmed {
            continue;
        }
        let means = results::means(&mut conn, &result).await?;
        let shown = |mean: &rust_decimal::Decimal| match ctx.lang {
            crate::values::Lang::Nl => mean.to_string().replace('.', ","),
            crate::values::Lang::En => mean.to_string(),
        };
        told.push(Told {
            means: means.into_iter().map(|(criterion, mean)| (criterion, shown(&mean))).collect(),
            answer: answers.iter().find(|answer| answer.result_id == result.id).cloned(),
            result,
        });
    }
    ctx.page_with(status, &ValuationPage { ctx, own, form, told: &told })
}

pub async fn answer(ctx: Ctx, State(s): State<Services>, own: Editor, PostedLong(posted): PostedLong) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut form = posted.allow(&["answer"])?;
    let mut tx = s.db.begin().await?;
    let author = &own.person.user.id;
    match results::answer(&mut tx, &own.project.id, form.value("answer"), author, ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&own.studio_path("/valuation"), "flash-valuation-answered"))
        }
        Err(failed) => {
            drop(tx);
            let Some(refusal) = failed.refusal::<Refusal>() else { return Err(failed.into()) };
            let refusal: &dyn error::Refusal = refusal;
            form.refuse(ctx.lang, refusal);
            page(&ctx, &s, &own, &form, Failure::from(refusal).status()).await
        }
    }
}
