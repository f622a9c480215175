//! Step "planning": when it starts, how long it takes, and in which steps.

use askama::Template;
use axum::http::StatusCode;

use crate::features::plans::web::Remark;
use crate::features::plans::web::desk::{Desk, Ended, status_of};
use crate::features::plans::web::reading::{Typed, names, shown_rows, typed_rows};
use crate::features::plans::{MOST_STEPS, Step, actions};
use crate::features::projects::PlanningStep;
use crate::infra::web::form::PostedLong;
use crate::infra::web::{Answer, Ctx, Form};

const ROW: [&str; 2] = ["text_nl", "text_en"];
/// The longest text of a step, in characters.
const LONGEST: usize = 300;
/// The longest project, in months.
const MOST_MONTHS: i64 = 60;

#[derive(Template)]
#[template(path = "plans/planning.html")]
struct PlanningPage<'a> {
    ctx: &'a Ctx,
    desk: &'a Desk,
    form: &'a Form,
    remarks: Vec<Remark>,
    rows: Vec<usize>,
}

async fn page(desk: &Desk, form: &Form, status: StatusCode) -> Answer {
    let rows = shown_rows(form, &ROW, MOST_STEPS);
    let page = PlanningPage { ctx: &desk.ctx, desk, form, remarks: desk.remarks().await?, rows };
    desk.ctx.page_with(status, &page)
}

pub async fn show(desk: Desk) -> Answer {
    let content = desk.content().await?;
    let mut form = Form::with(&[
        ("version", &desk.own.project.updated_at.to_string()),
        ("start_day", &content.start_day),
        ("months", &content.months.to_string()),
    ]);
    for (row, step) in (1..).zip(&content.planning) {
        form.set(&format!("text_nl-{row}"), &step.nl);
        form.set(&format!("text_en-{row}"), &step.en);
    }
    page(&desk, &form, StatusCode::OK).await
}

pub async fn save(desk: Desk, PostedLong(posted): PostedLong) -> Answer {
    let rows = names(&ROW, MOST_STEPS);
    let fixed = ["version", "step", "start_day", "months"];
    let known: Vec<&str> = fixed.into_iter().chain(rows.iter().map(String::as_str)).collect();
    let mut form = posted.allow(&known)?;
    let mut typed = Typed { ctx: &desk.ctx, form: &mut form };
    let start_day = typed.day("start_day", true);
    if !start_day.is_empty() && start_day <= desk.ctx.now.day() {
        typed.fail("start_day", "plans-day-ahead");
    }
    let months = typed.whole("months", 1, MOST_MONTHS);
    let steps: Vec<PlanningStep> = typed_rows(typed.form, &ROW, MOST_STEPS)
        .into_iter()
        .map(|row| PlanningStep {
            text_nl: typed.needed(&format!("text_nl-{row}"), LONGEST),
            text_en: typed.line(&format!("text_en-{row}"), LONGEST),
        })
        .collect();
    if form.has_errors() {
        return page(&desk, &form, status_of(&form)).await;
    }
    let change = desk.change(&form)?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::save_planning(&mut tx, change, &start_day, months, &steps).await;
    match desk.end(Step::Planning, tx, &mut form, done).await? {
        Ended::Saved(answer) => Ok(answer),
        Ended::Refused(status) => page(&desk, &form, status).await,
    }
}
