//! Step "money": what it is for, and money from elsewhere.

use askama::Template;
use axum::http::StatusCode;

use crate::features::plans::web::Remark;
use crate::features::plans::web::desk::{Desk, Ended, status_of};
use crate::features::plans::web::reading::{Typed, names, shown_rows, typed_amount, typed_rows};
use crate::features::plans::{CoFunding, Content, FundingState, MOST_FUNDERS, MOST_LINES, Step, actions};
use crate::features::projects::BudgetLine;
use crate::features::rounds;
use crate::infra::web::form::PostedLong;
use crate::infra::web::{Answer, Ctx, Form};
use crate::values::{Cents, Rikx};

const LINE: [&str; 4] = ["label_nl", "label_en", "minimum", "full"];
const FUNDER: [&str; 3] = ["funder", "amount", "state"];
/// The longest name of a line or a funder, in characters.
const LONGEST: usize = 120;

#[derive(Template)]
#[template(path = "plans/budget.html")]
struct BudgetPage<'a> {
    ctx: &'a Ctx,
    desk: &'a Desk,
    form: &'a Form,
    remarks: Vec<Remark>,
    lines: Vec<usize>,
    funders: Vec<usize>,
    states: Vec<(&'static str, String)>,
    /// What is stored: the lines with their sums.
    content: Content,
    /// What is asked for in Rikx: at least, and in full.
    asked: (Rikx, Rikx),
    unit_price: Cents,
}

impl BudgetPage<'_> {
    fn sums(&self) -> (Cents, Cents) {
        self.content.sums()
    }

    fn minimum(&self) -> Cents {
        Cents(self.content.minimum_cents)
    }

    fn full(&self) -> Cents {
        Cents(self.content.full_cents)
    }
}

async fn page(desk: &Desk, form: &Form, content: Content, status: StatusCode) -> Answer {
    let ctx = &desk.ctx;
    let round = rounds::actions::get(&mut *desk.s.db.read().await?, &desk.own.project.round_id).await?;
    let states = FundingState::ALL.iter().map(|state| (state.as_str(), ctx.t(format!("plans-funding-{state}"))));
    let page = BudgetPage {
        ctx,
        desk,
        form,
        remarks: desk.remarks().await?,
        lines: shown_rows(form, &LINE, MOST_LINES),
        funders: shown_rows(form, &FUNDER, MOST_FUNDERS),
        states: states.collect(),
        content,
        asked: (desk.own.project.threshold, desk.own.project.impact),
        unit_price: Cents(round.unit_price_eur * 100),
    };
    ctx.page_with(status, &page)
}

pub async fn show(desk: Desk) -> Answer {
    let content = desk.content().await?;
    let lang = desk.ctx.lang;
    let mut form = Form::with(&[("version", &desk.own.project.updated_at.to_string())]);
    for (row, cost) in (1..).zip(&content.budget) {
        form.set(&format!("label_nl-{row}"), &cost.label.nl);
        form.set(&format!("label_en-{row}"), &cost.label.en);
        form.set(&format!("minimum-{row}"), &typed_amount(cost.minimum_cents, lang));
        form.set(&format!("full-{row}"), &typed_amount(cost.full_cents, lang));
    }
    for (row, funder) in (1..).zip(&content.co_funding) {
        form.set(&format!("funder-{row}"), &funder.name);
        form.set(&format!("amount-{row}"), &typed_amount(funder.amount_cents, lang));
        form.set(&format!("state-{row}"), &funder.state);
    }
    page(&desk, &form, content, StatusCode::OK).await
}

pub async fn save(desk: Desk, PostedLong(posted): PostedLong) -> Answer {
    let (lines, funders) = (names(&LINE, MOST_LINES), names(&FUNDER, MOST_FUNDERS));
    let rows = lines.iter().chain(&funders).map(String::as_str);
    let known: Vec<&str> = ["version", "step"].into_iter().chain(rows).collect();
    let mut form = posted.allow(&known)?;
    let mut typed = Typed { ctx: &desk.ctx, form: &mut form };
    let budget = read_lines(&mut typed);
    let co_funding = read_funders(&mut typed);
    if form.has_errors() {
        let content = desk.content().await?;
        return page(&desk, &form, content, status_of(&form)).await;
    }
    let change = desk.change(&form)?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::save_budget(&mut tx, change, &budget, &co_funding).await;
    match desk.end(Step::Budget, tx, &mut form, done).await? {
        Ended::Saved(answer) => Ok(answer),
        Ended::Refused(status) => {
            let content = desk.content().await?;
            page(&desk, &form, content, status).await
        }
    }
}

/// A row in which nothing was typed is no line any more.
fn read_lines(typed: &mut Typed<'_>) -> Vec<BudgetLine> {
    let mut lines = Vec::new();
    for row in typed_rows(typed.form, &LINE, MOST_LINES) {
        let full = format!("full-{row}");
        let line = BudgetLine {
            label_nl: typed.needed(&format!("label_nl-{row}"), LONGEST),
            label_en: typed.line(&format!("label_en-{row}"), LONGEST),
            minimum_cents: typed.amount(&format!("minimum-{row}"), true),
            full_cents: typed.amount(&full, false),
        };
        if line.full_cents < line.minimum_cents && typed.form.error(&full).is_none() {
            typed.fail(&full, "plans-full-below-minimum");
        }
        lines.push(line);
    }
    let minimum: Cents = lines.iter().map(|line| line.minimum_cents).sum();
    if let (Some(row), Cents::ZERO, false) =
        (typed_rows(typed.form, &LINE, MOST_LINES).first(), minimum, typed.form.has_errors())
    {
        typed.fail(&format!("minimum-{row}"), "plans-minimum-nothing");
    }
    lines
}

fn read_funders(typed: &mut Typed<'_>) -> Vec<CoFunding> {
    let mut funders = Vec::new();
    for row in typed_rows(typed.form, &["funder", "amount"], MOST_FUNDERS) {
        let (amount, state) = (format!("amount-{row}"), format!("state-{row}"));
        let chosen = FundingState::from_word(typed.form.value(&state));
        let name = typed.needed(&format!("funder-{row}"), LONGEST);
        let funder =
            CoFunding { name, amount: typed.amount(&amount, false), state: chosen.unwrap_or(FundingState::Asked) };
        if funder.amount == Cents::ZERO && typed.form.error(&amount).is_none() {
            typed.fail(&amount, "amount-negative");
        }
        if chosen.is_none() {
            typed.fail(&state, "plans-funding-choose");
        }
        funders.push(funder);
    }
    funders
}
