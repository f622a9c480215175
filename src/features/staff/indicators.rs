//! The list of indicators: everybody of the team sees it; reviewers and admins add to it and change it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::outcomes::catalogue;
use crate::features::outcomes::{Direction, Family, Indicator, Refusal, Shape, actions};
use crate::features::staff::treasurer::end;
use crate::features::staff::{Changes, changes_of};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{ReviewerOrAdmin, With};
use crate::infra::Services;
use crate::infra::error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

const FIELDS: [&str; 16] = [
    "code",
    "scheme",
    "name_nl",
    "name_en",
    "unit_nl",
    "unit_en",
    "shape",
    "family",
    "direction",
    "additive",
    "counts_people",
    "sdg",
    "part_of",
    "licence_nl",
    "licence_en",
    "retired",
];

#[derive(Template)]
#[template(path = "staff/indicators.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    indicators: &'a [Indicator],
    may_change: bool,
}

impl ListPage<'_> {
    fn family(&self, family: &Family) -> String {
        self.ctx.t(format!("indicator-family-{family}"))
    }

    fn shape(&self, shape: &Shape) -> String {
        self.ctx.t(format!("indicator-shape-{shape}"))
    }
}

#[derive(Template)]
#[template(path = "staff/indicator.html")]
struct FormPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// None for a new one.
    indicator: Option<&'a Indicator>,
    /// Pairs for the choices.
    families: Vec<(String, String)>,
    shapes: Vec<(String, String)>,
    directions: Vec<(String, String)>,
    wholes: Vec<(String, String)>,
    changes: &'a Changes,
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let indicators = actions::indicators(&mut *s.db.read().await?).await?;
    let may_change = staff.has(StaffRole::Reviewer) || staff.has(StaffRole::Admin);
    ctx.page(&ListPage { ctx: &ctx, indicators: &indicators, may_change })
}

pub async fn new(ctx: Ctx, State(s): State<Services>, With(staff, ..): With<ReviewerOrAdmin>) -> Answer {
    let form = Form::with(&[("scheme", "OWN"), ("additive", "yes"), ("counts_people", "yes"), ("direction", "up")]);
    page(&ctx, &s, &staff, &form, None, StatusCode::OK).await
}

pub async fn edit(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Path((_lang, code)): Path<(String, String)>,
) -> Answer {
    let indicator = catalogue::find(&mut *s.db.read().await?, &code).await?.ok_or_else(Failure::not_found)?;
    page(&ctx, &s, &staff, &filled(&indicator), Some(&indicator), StatusCode::OK).await
}

fn filled(indicator: &Indicator) -> Form {
    let yes = |is: bool| if is { "yes" } else { "" };
    Form::with(&[
        ("name_nl", &indicator.name_nl),
        ("name_en", &indicator.name_en),
        ("unit_nl", &indicator.unit_nl),
        ("unit_en", &indicator.unit_en),
        ("family", indicator.family.as_str()),
        ("sdg", &indicator.sdg),
        ("part_of", &indicator.part_of),
        ("licence_nl", &indicator.licence_nl),
        ("licence_en", &indicator.licence_en),
        ("retired", yes(indicator.retired_at.is_some())),
    ])
}

async fn page(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    form: &Form,
    indicator: Option<&Indicator>,
    status: StatusCode,
) -> Answer {
    let ctx = &ctx.clone().signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let all = actions::indicators(&mut conn).await?;
    let choice = |list: &str, word: &str| (word.to_owned(), ctx.t(format!("indicator-{list}-{word}")));
    let is_whole = |one: &&Indicator| one.shape == Shape::Count && indicator.is_none_or(|own| own.code != one.code);
    let whole = |one: &Indicator| (one.code.clone(), one.name(ctx.lang).to_owned());
    let code = indicator.map_or("", |indicator| indicator.code.as_str());
    let page = FormPage {
        ctx,
        form,
        indicator,
        families: Family::ALL.iter().map(|family| choice("family", family.as_str())).collect(),
        shapes: Shape::ALL.iter().map(|shape| choice("shape", shape.as_str())).collect(),
        directions: Direction::ALL.iter().map(|direction| choice("direction", direction.as_str())).collect(),
        wholes: all.iter().filter(is_whole).map(whole).collect(),
        changes: &changes_of(&mut conn, &[code]).await?,
    };
    ctx.page_with(status, &page)
}

pub async fn make(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&FIELDS)?;
    let code = form.value("code").trim().to_owned();
    let typed = read(&ctx, &mut form, None, &code);
    save(&ctx, &s, &staff, form, typed, None).await
}

pub async fn change(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Path((_lang, code)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let indicator = catalogue::find(&mut *s.db.read().await?, &code).await?.ok_or_else(Failure::not_found)?;
    let mut form = posted.allow(&FIELDS)?;
    let typed = read(&ctx, &mut form, Some(&indicator), &code);
    save(&ctx, &s, &staff, form, typed, Some(&indicator)).await
}

/// What was typed; of one that is there, what cannot be changed is as it was.
fn read(ctx: &Ctx, form: &mut Form, old: Option<&Indicator>, code: &str) -> Indicator {
    let shape = old.map(|old| old.shape).or_else(|| Shape::from_word(form.value("shape")));
    let family = Family::from_word(form.value("family"));
    let direction = old.map(|old| old.direction).or_else(|| Direction::from_word(form.value("direction")));
    for (field, is_missing) in
        [("shape", shape.is_none()), ("family", family.is_none()), ("direction", direction.is_none())]
    {
        if is_missing {
            form.fail_key(ctx.lang, field, "indicator-choice-missing");
        }
    }
    let text = |name: &str| form.value(name).to_owned();
    Indicator {
        code: code.to_owned(),
        scheme: old.map_or_else(|| text("scheme").trim().to_owned(), |old| old.scheme.clone()),
        name_nl: text("name_nl"),
        name_en: text("name_en"),
        unit_nl: text("unit_nl"),
        unit_en: text("unit_en"),
        additive: old.map_or_else(|| i16::from(form.ticked("additive")), |old| old.additive),
        counts_people: old.map_or_else(|| i16::from(form.ticked("counts_people")), |old| old.counts_people),
        shape: shape.unwrap_or(Shape::Count),
        family: family.unwrap_or(Family::Other),
        direction: direction.unwrap_or(Direction::Up),
        licence_nl: text("licence_nl"),
        licence_en: text("licence_en"),
        sdg: text("sdg"),
        part_of: text("part_of"),
        retired_at: None,
    }
}

async fn save(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    mut form: Form,
    typed: Indicator,
    old: Option<&Indicator>,
) -> Answer {
    if form.has_errors() {
        return page(ctx, s, staff, &form, old, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let by = staff.0.user.id.as_str();
    let mut tx = s.db.begin().await?;
    let done = match old {
        None => catalogue::make(&mut tx, &typed, by, ctx.now).await,
        Some(_) => catalogue::change(&mut tx, &typed, form.ticked("retired"), by, ctx.now).await,
    };
    match end(tx, done).await {
        Ok(()) => Ok(ctx.redirect_done("/staff/indicators", "flash-indicator-saved")),
        Err(failed) => match failed.refusal::<Refusal>() {
            Some(refusal) => {
                let refusal: &dyn error::Refusal = refusal;
                form.refuse(ctx.lang, refusal);
                page(ctx, s, staff, &form, old, Failure::from(refusal).status()).await
            }
            None => Err(failed.into()),
        },
    }
}
