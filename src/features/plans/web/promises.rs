//! Step "results": what is promised, by when, and how much of the impact value hangs on it.

use askama::Template;
use axum::http::StatusCode;

use crate::features::outcomes::{self, Indicator, Promise, Shape};
use crate::features::plans::web::Remark;
use crate::features::plans::web::desk::{Desk, Ended, status_of};
use crate::features::plans::web::reading::{Typed, names, shown_rows, typed_rows};
use crate::features::plans::{MOST_PROMISES, Step, actions};
use crate::infra::error::Result;
use crate::infra::texts::text_with;
use crate::infra::web::{Answer, Ctx, Form, Posted};
use crate::values::Lang;

const ROW: [&str; 7] = ["indicator", "baseline", "target", "due", "share", "floor", "cap"];

#[derive(Template)]
#[template(path = "plans/promises.html")]
struct PromisesPage<'a> {
    ctx: &'a Ctx,
    desk: &'a Desk,
    form: &'a Form,
    remarks: Vec<Remark>,
    rows: Vec<usize>,
    /// Pairs for the choice of an indicator.
    indicators: Vec<(String, String)>,
    /// What the stored shares sum to.
    shares: i64,
}

async fn indicators(desk: &Desk) -> Result<Vec<Indicator>> {
    let mut all = outcomes::actions::indicators(&mut *desk.s.db.read().await?).await?;
    let promised = desk.content().await?.promises;
    all.retain(|one| one.retired_at.is_none() || promised.iter().any(|promise| promise.indicator == one.code));
    Ok(all)
}

async fn page(desk: &Desk, form: &Form, indicators: &[Indicator], status: StatusCode) -> Answer {
    let ctx = &desk.ctx;
    let pairs = indicators.iter().map(|indicator| {
        let (name, unit) =
            (ctx.either(&indicator.name_nl, &indicator.name_en), ctx.either(&indicator.unit_nl, &indicator.unit_en));
        (indicator.code.clone(), format!("{name} ({unit})"))
    });
    let page = PromisesPage {
        ctx,
        desk,
        form,
        remarks: desk.remarks().await?,
        rows: shown_rows(form, &ROW, MOST_PROMISES),
        indicators: pairs.collect(),
        shares: desk.content().await?.shares(),
    };
    ctx.page_with(status, &page)
}

pub async fn show(desk: Desk) -> Answer {
    let content = desk.content().await?;
    let indicators = indicators(&desk).await?;
    let mut form = Form::with(&[("version", &desk.own.project.updated_at.to_string())]);
    for (row, promise) in (1..).zip(&content.promises) {
        form.set(&format!("indicator-{row}"), &promise.indicator);
        let shape = shape_of(&indicators, &promise.indicator);
        let typed = |value: i64| match desk.ctx.lang {
            Lang::Nl => shape.plain(value).replace('.', ","),
            Lang::En => shape.plain(value),
        };
        form.set(&format!("baseline-{row}"), &typed(promise.baseline));
        form.set(&format!("target-{row}"), &typed(promise.target));
        form.set(&format!("due-{row}"), &promise.due_day);
        form.set(&format!("share-{row}"), &promise.share_percent.to_string());
        // what nearly every promise has is left empty
        if promise.floor_percent != 0 {
            form.set(&format!("floor-{row}"), &promise.floor_percent.to_string());
        }
        if promise.cap_percent != 100 {
            form.set(&format!("cap-{row}"), &promise.cap_percent.to_string());
        }
    }
    page(&desk, &form, &indicators, StatusCode::OK).await
}

pub async fn save(desk: Desk, posted: Posted) -> Answer {
    let rows = names(&ROW, MOST_PROMISES);
    let known: Vec<&str> = ["version", "step"].into_iter().chain(rows.iter().map(String::as_str)).collect();
    let mut form = posted.allow(&known)?;
    let indicators = indicators(&desk).await?;
    let promises = read(&mut Typed { ctx: &desk.ctx, form: &mut form }, &indicators);
    if form.has_errors() {
        return page(&desk, &form, &indicators, status_of(&form)).await;
    }
    let change = desk.change(&form)?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::save_promises(&mut tx, change, &promises).await;
    match desk.end(Step::Promises, tx, &mut form, done).await? {
        Ended::Saved(answer) => Ok(answer),
        Ended::Refused(status) => page(&desk, &form, &indicators, status).await,
    }
}

/// The promises that were typed. Shares may still sum to less than 100 in a draft, never to more.
fn read(typed: &mut Typed<'_>, indicators: &[Indicator]) -> Vec<Promise> {
    let mut promises: Vec<Promise> = Vec::new();
    let rows = typed_rows(typed.form, &ROW, MOST_PROMISES);
    let mut shares = 0;
    for (position, row) in (1..).zip(rows) {
        let field = |name: &str| format!("{name}-{row}");
        let code = typed.form.value(&field("indicator")).to_owned();
        if !indicators.iter().any(|indicator| indicator.code == code) {
            typed.fail(&field("indicator"), "plans-indicator-missing");
        } else if promises.iter().any(|promise| promise.indicator == code) {
            typed.fail(&field("indicator"), "plans-indicator-twice");
        }
        let shape = shape_of(indicators, &code);
        let baseline = match typed.form.value(&field("baseline")).trim() {
            "" => 0,
            _ => value(typed, &field("baseline"), shape, 0),
        };
        let target = value(typed, &field("target"), shape, 1);
        if target == baseline && typed.form.error(&field("target")).is_none() {
            typed.fail(&field("target"), "plans-target-is-baseline");
        }
        let due_day = typed.day(&field("due"), false);
        if !due_day.is_empty() && due_day <= typed.ctx.now.day() {
            typed.fail(&field("due"), "plans-day-ahead");
        }
        let share_percent = typed.whole(&field("share"), 1, 100);
        shares += share_percent;
        if shares > 100 && typed.form.error(&field("share")).is_none() {
            typed.fail(&field("share"), "plans-shares-above");
        }
        let mut percent = |name: &str, least: i64, usual: i64| match typed.form.value(&field(name)).trim() {
            "" => usual,
            _ => typed.whole(&field(name), least, 100),
        };
        let (floor_percent, cap_percent) = (percent("floor", 0, 0), percent("cap", 1, 100));
        promises.push(Promise {
            position,
            indicator: code,
            baseline,
            target,
            due_day,
            share_percent,
            floor_percent,
            cap_percent,
        });
    }
    promises
}

fn shape_of(indicators: &[Indicator], code: &str) -> Shape {
    indicators.iter().find(|indicator| indicator.code == code).map_or(Shape::Count, |indicator| indicator.shape)
}

/// A value of this shape, at least this much; the least when it is wrong.
fn value(typed: &mut Typed<'_>, name: &str, shape: Shape, least: i64) -> i64 {
    match shape.read(typed.form.value(name)) {
        Ok(value) if (least..=shape.largest()).contains(&value) => value,
        _ => {
            let lang = typed.ctx.lang;
            let args = [("least", shape.show(least, lang)), ("most", shape.show(shape.largest(), lang))];
            let key = if shape.scale() == 1 { "plans-whole-number" } else { "plans-decimal-number" };
            typed.form.fail(name, text_with(lang, key, &args));
            least
        }
    }
}
