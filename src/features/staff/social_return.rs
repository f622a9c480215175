//! Tables of building blocks: seen by everybody of the team, written by reviewers and admins. One that is in use is never changed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::features::social_return::tables::{self, LONGEST_NAME, LONGEST_SOURCE, MOST, Outline};
use crate::features::social_return::{Block, Refusal, Table, TableState, Unit};
use crate::features::staff::treasurer::end;
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{ReviewerOrAdmin, With};
use crate::infra::Services;
use crate::infra::error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Cents;
use crate::values::text::{many_lines, one_line};
use crate::values::time::read_day;

const FIXED_FIELDS: [&str; 6] = ["region", "name_nl", "name_en", "valid_from", "source", "example"];
/// The parts of a block's fields, each followed by its place.
const PARTS: [&str; 6] = ["code", "name_nl", "name_en", "unit", "value", "for_rikx"];

#[derive(Template)]
#[template(path = "staff/social_return.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    tables: Vec<Table>,
    may_write: bool,
}

#[derive(Template)]
#[template(path = "staff/social_return_table.html")]
struct TablePage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// Nothing while it is new.
    table: Option<&'a Table>,
    blocks: &'a [Block],
    units: Vec<(&'static str, String)>,
    action: String,
    is_editable: bool,
    may_write: bool,
}

impl TablePage<'_> {
    fn places(&self) -> std::ops::RangeInclusive<usize> {
        1..=MOST
    }

    fn value(&self, block: &Block) -> String {
        match block.unit {
            Unit::Invoice => format!("{}%", block.percent),
            _ => self.ctx.euros(block.credit),
        }
    }
}

fn may_write(staff: &Staff) -> bool {
    staff.has(StaffRole::Reviewer) || staff.has(StaffRole::Admin)
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let tables = tables::all(&mut *s.db.read().await?).await?;
    ctx.page(&ListPage { ctx: &ctx, tables, may_write: may_write(&staff) })
}

#[derive(Deserialize)]
pub struct From {
    /// The version whose blocks a new one begins with.
    #[serde(default)]
    from: String,
}

pub async fn new(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Query(From { from }): Query<From>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let form = match tables::get(&mut conn, &from).await? {
        Some(table) => {
            let blocks = tables::blocks(&mut conn, &table.id).await?;
            filled(&Outline { valid_from: String::new(), ..Outline::of(&table, blocks) })
        }
        None => Form::default(),
    };
    page(&ctx, &staff, &form, None, &[], StatusCode::OK)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_, id)): Path<(String, String)>) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let table = tables::get(&mut conn, &id).await?.ok_or_else(Failure::not_found)?;
    let blocks = tables::blocks(&mut conn, &id).await?;
    let form = filled(&Outline::of(&table, blocks.clone()));
    page(&ctx, &staff, &form, Some(&table), &blocks, StatusCode::OK)
}

fn page(ctx: &Ctx, staff: &Staff, form: &Form, table: Option<&Table>, blocks: &[Block], status: StatusCode) -> Answer {
    let is_draft = table.is_none_or(|table| table.state == TableState::Draft);
    let page = TablePage {
        units: Unit::ALL.iter().map(|unit| (unit.as_str(), ctx.t(format!("sr-unit-{unit}")))).collect(),
        action: match table {
            Some(table) => ctx.path(&format!("/staff/social-return/{}", table.id)),
            None => ctx.path("/staff/social-return/new"),
        },
        is_editable: is_draft && may_write(staff),
        may_write: may_write(staff),
        ctx,
        form,
        table,
        blocks,
    };
    ctx.page_with(status, &page)
}

fn filled(outline: &Outline) -> Form {
    let mut form = Form::with(&[
        ("region", &outline.region),
        ("name_nl", &outline.name_nl),
        ("name_en", &outline.name_en),
        ("valid_from", &outline.valid_from),
        ("source", &outline.source),
        ("example", if outline.is_example { "yes" } else { "" }),
    ]);
    for (place, block) in (1..).zip(&outline.blocks) {
        let value = if block.unit == Unit::Invoice { block.percent.to_string() } else { block.credit.plain() };
        let for_rikx = if block.for_rikx == 1 { "yes" } else { "" };
        let values = [&block.code, &block.name_nl, &block.name_en, block.unit.as_str(), &value, for_rikx];
        for (part, value) in PARTS.iter().zip(values) {
            form.set(&format!("{part}_{place}"), value);
        }
    }
    form
}

pub async fn create(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    posted: Posted,
) -> Answer {
    save(ctx, s, staff, None, posted).await
}

pub async fn change(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Path((_, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let table = tables::get(&mut *s.db.read().await?, &id).await?.ok_or_else(Failure::not_found)?;
    save(ctx, s, staff, Some(table), posted).await
}

async fn save(ctx: Ctx, s: Services, staff: Staff, table: Option<Table>, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let of_blocks = (1..=MOST).flat_map(|place| PARTS.map(|part| format!("{part}_{place}")));
    let names: Vec<String> = FIXED_FIELDS.map(str::to_owned).into_iter().chain(of_blocks).collect();
    let mut form = posted.allow(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let outline = read(&ctx, &mut form);
    for (field, key) in tables::wrong(&outline) {
        if form.error(&field).is_none() {
            form.fail_key(ctx.lang, &field, key);
        }
    }
    if form.has_errors() {
        return page(&ctx, &staff, &form, table.as_ref(), &[], StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut tx = s.db.begin().await?;
    let id = table.as_ref().map(|table| table.id.as_str());
    let done = tables::save(&mut tx, id, &outline, &staff.0.user.id, ctx.now).await;
    match end(tx, done).await {
        Ok(id) => Ok(ctx.redirect_done(&format!("/staff/social-return/{id}"), "flash-sr-saved")),
        Err(failed) => match failed.refusal::<Refusal>() {
            Some(refusal) => {
                let refusal: &dyn error::Refusal = refusal;
                form.refuse(ctx.lang, refusal);
                page(&ctx, &staff, &form, table.as_ref(), &[], Failure::from(refusal).status())
            }
            None => Err(failed.into()),
        },
    }
}

pub async fn take_into_use(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Path((_, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    tables::get(&mut *s.db.read().await?, &id).await?.ok_or_else(Failure::not_found)?;
    let mut tx = s.db.begin().await?;
    tables::take_into_use(&mut tx, &id, &staff.0.user.id, ctx.now).await?;
    tx.commit().await?;
    Ok(ctx.redirect_done(&format!("/staff/social-return/{id}"), "flash-sr-in-use"))
}

/// What was typed. Blocks where nothing was are left out and the others move up, also on the page when it comes again.
fn read(ctx: &Ctx, form: &mut Form) -> Outline {
    let text = |form: &mut Form, field: &str, longest: usize| {
        let typed = form.value(field).to_owned();
        one_line(&typed, longest).unwrap_or_else(|| {
            form.fail_key(ctx.lang, field, "round-text-too-long");
            String::new()
        })
    };
    let (region, name_nl, name_en) =
        (text(form, "region", LONGEST_NAME), text(form, "name_nl", LONGEST_NAME), text(form, "name_en", LONGEST_NAME));
    let source = many_lines(form.value("source"), LONGEST_SOURCE).unwrap_or_default();
    let valid_from = read_day(form.value("valid_from")).unwrap_or_default();
    let is_example = form.ticked("example");
    close_gaps(form);
    let mut blocks = Vec::new();
    for place in 1..=MOST {
        let field = |part: &str| format!("{part}_{place}");
        if is_empty(form, place) {
            continue;
        }
        let unit = Unit::from_word(form.value(&field("unit"))).unwrap_or(Unit::PersonYear);
        let typed = form.value(&field("value")).to_owned();
        let (credit, percent) = match unit {
            Unit::Invoice => (Cents::ZERO, typed.trim().parse().unwrap_or(0)),
            _ => (Cents::parse(&typed).unwrap_or_default(), 0),
        };
        blocks.push(Block {
            code: text(form, &field("code"), LONGEST_NAME),
            name_nl: text(form, &field("name_nl"), LONGEST_NAME),
            name_en: text(form, &field("name_en"), LONGEST_NAME),
            unit,
            credit,
            percent,
            for_rikx: i16::from(form.ticked(&field("for_rikx"))),
        });
    }
    Outline { region, name_nl, name_en, valid_from, source, is_example, blocks }
}

/// Whether nothing was typed at a place; a unit is always chosen.
fn is_empty(form: &Form, place: usize) -> bool {
    PARTS.iter().filter(|part| **part != "unit").all(|part| form.value(&format!("{part}_{place}")).trim().is_empty())
}

/// Moves blocks up over places where nothing was typed, so that the place of a block is the place of its fields.
fn close_gaps(form: &mut Form) {
    let mut next = 1;
    for place in 1..=MOST {
        if is_empty(form, place) {
            continue;
        }
        if place != next {
            for part in PARTS {
                let value = form.value(&format!("{part}_{place}")).to_owned();
                form.set(&format!("{part}_{next}"), &value);
                form.set(&format!("{part}_{place}"), "");
            }
        }
        next += 1;
    }
}
