//! Step "risks and team": what may go wrong and what is done about it, and the functions in the team.

use askama::Template;
use axum::http::StatusCode;

use crate::features::plans::web::Remark;
use crate::features::plans::web::desk::{Desk, Ended, status_of};
use crate::features::plans::web::reading::{Typed, names, shown_rows, typed_rows};
use crate::features::plans::{MOST_FUNCTIONS, MOST_RISKS, Risk, Step, TeamFunction, actions};
use crate::infra::web::form::PostedLong;
use crate::infra::web::{Answer, Ctx, Form};

const RISK: [&str; 4] = ["risk_nl", "risk_en", "measure_nl", "measure_en"];
const FUNCTION: [&str; 2] = ["name_nl", "name_en"];
/// The longest risk and measure, and the longest name of a function, in characters.
const LONGEST: usize = 500;
const LONGEST_NAME: usize = 100;

#[derive(Template)]
#[template(path = "plans/risks.html")]
struct RisksPage<'a> {
    ctx: &'a Ctx,
    desk: &'a Desk,
    form: &'a Form,
    remarks: Vec<Remark>,
    risks: Vec<usize>,
    functions: Vec<usize>,
}

async fn page(desk: &Desk, form: &Form, status: StatusCode) -> Answer {
    let page = RisksPage {
        ctx: &desk.ctx,
        desk,
        form,
        remarks: desk.remarks().await?,
        risks: shown_rows(form, &RISK, MOST_RISKS),
        functions: shown_rows(form, &FUNCTION, MOST_FUNCTIONS),
    };
    desk.ctx.page_with(status, &page)
}

pub async fn show(desk: Desk) -> Answer {
    let content = desk.content().await?;
    let mut form = Form::with(&[("version", &desk.own.project.updated_at.to_string())]);
    for (row, danger) in (1..).zip(&content.risks) {
        form.set(&format!("risk_nl-{row}"), &danger.risk.nl);
        form.set(&format!("risk_en-{row}"), &danger.risk.en);
        form.set(&format!("measure_nl-{row}"), &danger.measure.nl);
        form.set(&format!("measure_en-{row}"), &danger.measure.en);
    }
    for (row, function) in (1..).zip(&content.team) {
        form.set(&format!("name_nl-{row}"), &function.nl);
        form.set(&format!("name_en-{row}"), &function.en);
    }
    page(&desk, &form, StatusCode::OK).await
}

pub async fn save(desk: Desk, PostedLong(posted): PostedLong) -> Answer {
    let (risks, functions) = (names(&RISK, MOST_RISKS), names(&FUNCTION, MOST_FUNCTIONS));
    let rows = risks.iter().chain(&functions).map(String::as_str);
    let known: Vec<&str> = ["version", "step"].into_iter().chain(rows).collect();
    let mut form = posted.allow(&known)?;
    let mut typed = Typed { ctx: &desk.ctx, form: &mut form };
    let risks = read_risks(&mut typed);
    let team = read_team(&mut typed);
    if form.has_errors() {
        return page(&desk, &form, status_of(&form)).await;
    }
    let change = desk.change(&form)?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::save_risks(&mut tx, change, &risks, &team).await;
    match desk.end(Step::Risks, tx, &mut form, done).await? {
        Ended::Saved(answer) => Ok(answer),
        Ended::Refused(status) => page(&desk, &form, status).await,
    }
}

fn read_risks(typed: &mut Typed<'_>) -> Vec<Risk> {
    let mut risks = Vec::new();
    for row in typed_rows(typed.form, &RISK, MOST_RISKS) {
        let mut text = |name: &str, is_needed: bool| {
            let field = format!("{name}-{row}");
            let text = typed.lines(&field, LONGEST);
            if is_needed && text.is_empty() {
                typed.fail(&field, "plans-needed");
            }
            typed.nobody(&field, &text);
            text
        };
        risks.push(Risk {
            risk_nl: text("risk_nl", true),
            risk_en: text("risk_en", false),
            measure_nl: text("measure_nl", true),
            measure_en: text("measure_en", false),
        });
    }
    risks
}

fn read_team(typed: &mut Typed<'_>) -> Vec<TeamFunction> {
    let mut team = Vec::new();
    for row in typed_rows(typed.form, &FUNCTION, MOST_FUNCTIONS) {
        let (nl, en) = (format!("name_nl-{row}"), format!("name_en-{row}"));
        let function =
            TeamFunction { name_nl: typed.needed(&nl, LONGEST_NAME), name_en: typed.line(&en, LONGEST_NAME) };
        typed.nobody(&nl, &function.name_nl);
        typed.nobody(&en, &function.name_en);
        team.push(function);
    }
    team
}
