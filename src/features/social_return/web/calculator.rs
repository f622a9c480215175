//! The calculator: everything stands in the address, so that a calculation can be kept and sent. Works without script.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

use crate::features::social_return::calculation::{
    Given, MOST_HOURS, MOST_PERSONS, MOST_WEEKS, Step, decimal, step, sum,
};
use crate::features::social_return::paper::step_sentence;
use crate::features::social_return::{Block, Table, Unit, tables};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure, Form};
use crate::values::Cents;

/// Fields of the form. `bonus` is followed by the code of a block.
const FIELDS: [&str; 8] = ["region", "block", "persons", "part_time", "weeks", "hours", "amount", "rikx"];
const BONUS: &str = "bonus-";

#[derive(Template)]
#[template(path = "social_return/calculator.html")]
struct CalculatorPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    regions: Vec<(&'a str, String)>,
    /// The chosen one.
    table: Option<&'a Table>,
    blocks: &'a [Block],
    options: Vec<(&'a str, String)>,
    found: Option<Found>,
    /// What buying Rikx for an amount counts for.
    rikx: Option<String>,
}

impl CalculatorPage<'_> {
    fn bonuses(&self) -> impl Iterator<Item = (&Block, String)> {
        self.blocks
            .iter()
            .filter(|block| block.unit == Unit::Once)
            .map(|block| (block, format!("{BONUS}{}", block.code)))
    }

    fn value(&self, block: &Block) -> String {
        match block.unit {
            Unit::Invoice => self.ctx.t1("sr-value-invoice", "percent", block.percent),
            unit => self.ctx.t1(format!("sr-value-{unit}"), "amount", self.ctx.euros(block.credit)),
        }
    }
}

struct Found {
    steps: Vec<(String, String)>,
    total: Cents,
}

/// `/{lang}/social-return`
pub async fn show(ctx: Ctx, State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let mut conn = s.db.read_public().await?;
    let held = tables::of_day(&mut conn, &ctx.now.day()).await?;
    let mut form = asked(query.as_deref())?;
    let is_asked = !form.value("region").is_empty();
    if !is_asked && let [only] = held.as_slice() {
        form.set("region", &only.region);
    }
    let table = held.iter().find(|table| table.region == form.value("region"));
    if is_asked && table.is_none() {
        form.fail_key(ctx.lang, "region", "sr-no-region");
    }
    let blocks = match table {
        Some(table) => tables::blocks(&mut conn, &table.id).await?,
        None => Vec::new(),
    };
    for (field, value) in [("persons", "1"), ("part_time", "100"), ("weeks", "52")] {
        if form.value(field).is_empty() {
            form.set(field, value);
        }
    }
    let found = calculated(&ctx, &mut form, &blocks);
    let rikx = for_rikx(&ctx, &mut form, &blocks);
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = CalculatorPage {
        regions: held.iter().map(|table| (table.region.as_str(), table.name(ctx.lang).to_owned())).collect(),
        options: blocks
            .iter()
            .filter(|block| block.unit != Unit::Once)
            .map(|block| (block.code.as_str(), block.name(ctx.lang).to_owned()))
            .collect(),
        table,
        blocks: &blocks,
        found,
        rikx,
        form: &form,
        ctx: &ctx,
    };
    ctx.page_with(status, &page)
}

/// The form in the address.
///
/// # Errors
/// A field that the page does not have, or one twice.
fn asked(query: Option<&str>) -> Result<Form, Failure> {
    let mut form = Form::default();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let is_known = FIELDS.contains(&&*name) || name.starts_with(BONUS);
        if !is_known || !form.value(&name).is_empty() {
            return Err(Failure::bad_request("a field of the calculator"));
        }
        form.set(&name, &value.chars().take(40).collect::<String>());
    }
    Ok(form)
}

/// What was put in, with what is wrong with it beside its field. Only what the block asks for is looked at.
fn given(ctx: &Ctx, form: &mut Form, unit: Unit, has_bonus: bool) -> Given {
    let mut given = Given::default();
    let mut wrong: Vec<(&str, &str)> = Vec::new();
    let whole = |typed: &str, most: i64| typed.trim().parse().ok().filter(|number| (1..=most).contains(number));
    if matches!(unit, Unit::PersonYear | Unit::Once) || has_bonus {
        match whole(form.value("persons"), MOST_PERSONS) {
            Some(persons) => given.persons = persons,
            None => wrong.push(("persons", "sr-persons-wrong")),
        }
    }
    if unit == Unit::PersonYear {
        match decimal(form.value("part_time")).filter(|share| *share > 0.into() && *share <= 100.into()) {
            Some(share) => given.part_time = share,
            None => wrong.push(("part_time", "sr-part-time-wrong")),
        }
        match whole(form.value("weeks"), MOST_WEEKS) {
            Some(weeks) => given.weeks = weeks,
            None => wrong.push(("weeks", "sr-weeks-wrong")),
        }
    }
    if unit == Unit::Hour {
        match decimal(form.value("hours")).filter(|hours| *hours > 0.into() && *hours <= MOST_HOURS.into()) {
            Some(hours) => given.hours = hours,
            None => wrong.push(("hours", "sr-hours-wrong")),
        }
    }
    if unit == Unit::Invoice {
        match Cents::parse(form.value("amount")) {
            Ok(amount) => given.amount = amount,
            Err(_) => wrong.push(("amount", "sr-amount-wrong")),
        }
    }
    for (field, key) in wrong {
        form.fail_key(ctx.lang, field, key);
    }
    given
}

/// The calculation that is asked for; nothing while no block is chosen or something is wrong.
fn calculated(ctx: &Ctx, form: &mut Form, blocks: &[Block]) -> Option<Found> {
    let chosen = form.value("block").to_owned();
    if chosen.is_empty() {
        return None;
    }
    let Some(block) = blocks.iter().find(|block| block.code == chosen && block.unit != Unit::Once) else {
        form.fail_key(ctx.lang, "block", "sr-block-wrong");
        return None;
    };
    let bonuses: Vec<&Block> = blocks
        .iter()
        .filter(|block| block.unit == Unit::Once && form.ticked(&format!("{BONUS}{}", block.code)))
        .collect();
    let given = given(ctx, form, block.unit, !bonuses.is_empty());
    if form.has_errors() {
        return None;
    }
    let steps: Option<Vec<Step>> = std::iter::once(block).chain(bonuses).map(|block| step(block, given)).collect();
    let Some((steps, total)) = steps.and_then(|steps| sum(&steps).map(|total| (steps, total))) else {
        form.fail_key(ctx.lang, "", "sr-too-much");
        return None;
    };
    let told = |step: &Step| {
        let sentence = step_sentence(ctx.lang, &step.block, step.given).unwrap_or_default();
        (step.block.name(ctx.lang).to_owned(), sentence)
    };
    Some(Found { steps: steps.iter().map(told).collect(), total })
}

/// What buying Rikx for the amount that is asked for counts for.
fn for_rikx(ctx: &Ctx, form: &mut Form, blocks: &[Block]) -> Option<String> {
    if form.value("rikx").is_empty() {
        return None;
    }
    let Some(block) = blocks.iter().find(|block| block.for_rikx == 1) else {
        form.fail_key(ctx.lang, "rikx", "sr-rikx-not-in-table");
        return None;
    };
    match Cents::parse(form.value("rikx")) {
        Ok(amount) => step_sentence(ctx.lang, block, Given { amount, ..Given::default() }),
        Err(_) => {
            form.fail_key(ctx.lang, "rikx", "sr-amount-wrong");
            None
        }
    }
}
