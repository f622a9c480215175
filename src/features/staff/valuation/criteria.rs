//! The criteria of a round: shown to everybody of the team, edited by reviewers and admins until the valuation begins.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::rounds::{self, Round};
use crate::features::staff::treasurer::end;
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{ReviewerOrAdmin, With};
use crate::features::valuations::criteria::{self, LONGEST_GUIDANCE, LONGEST_NAME, MOST};
use crate::features::valuations::{Criterion, Refusal};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error;
use crate::infra::web::form::PostedLong;
use crate::infra::web::{Answer, Ctx, Failure, Form};
use crate::values::text::{many_lines, one_line};

type Number = Path<(String, i64)>;

/// The parts of a criterion's fields, each followed by its place.
const PARTS: [&str; 7] = ["name_nl", "name_en", "guidance_nl", "guidance_en", "weight", "least", "most"];

#[derive(Template)]
#[template(path = "staff/criteria.html")]
struct CriteriaPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    round: &'a Round,
    criteria: &'a [Criterion],
    may_change: bool,
}

impl CriteriaPage<'_> {
    fn places(&self) -> std::ops::RangeInclusive<usize> {
        1..=MOST
    }
}

async fn round(conn: &mut Conn, number: i64) -> std::result::Result<Round, Failure> {
    rounds::actions::by_number(conn, number).await?.ok_or_else(Failure::not_found)
}

fn may_change(staff: &Staff, round: &Round) -> bool {
    (staff.has(StaffRole::Reviewer) || staff.has(StaffRole::Admin)) && criteria::may_change(round.state)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, number)): Number) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let round = round(&mut conn, number).await?;
    let criteria = criteria::of_round(&mut conn, &round.id).await?;
    let form = filled(&criteria);
    let may_change = may_change(&staff, &round);
    ctx.page(&CriteriaPage { ctx: &ctx, form: &form, round: &round, criteria: &criteria, may_change })
}

fn filled(criteria: &[Criterion]) -> Form {
    let mut form = Form::default();
    for (place, c) in (1..).zip(criteria) {
        let (weight, least, most) = (c.weight_percent.to_string(), c.scale_least.to_string(), c.scale_most.to_string());
        let values = [&c.name_nl, &c.name_en, &c.guidance_nl, &c.guidance_en, &weight, &least, &most];
        for (part, value) in PARTS.iter().zip(values) {
            form.set(&format!("{part}_{place}"), value);
        }
    }
    form
}

pub async fn save(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<ReviewerOrAdmin>,
    Path((_lang, number)): Number,
    PostedLong(posted): PostedLong,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let round = round(&mut *s.db.read().await?, number).await?;
    let names: Vec<String> =
        (1..=MOST).flat_map(|place| PARTS.map(|part| format!("{part}_{place}"))).chain(["step".to_owned()]).collect();
    let mut form = posted.allow(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let again = |form: &Form, status: StatusCode| {
        let may_change = may_change(&staff, &round);
        ctx.page_with(status, &CriteriaPage { ctx: &ctx, form, round: &round, criteria: &[], may_change })
    };
    if form.is("step", "propose") {
        return again(&filled(&criteria::proposed()), StatusCode::OK);
    }
    let typed = read(&ctx, &mut form);
    for (field, key) in criteria::wrong(&typed) {
        if form.error(&field).is_none() {
            form.fail_key(ctx.lang, &field, key);
        }
    }
    if form.has_errors() {
        return again(&form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut tx = s.db.begin().await?;
    let done = criteria::save(&mut tx, &round.id, &typed, &staff.0.user.id, ctx.now).await;
    match end(tx, done).await {
        Ok(()) => Ok(ctx.redirect_done(&format!("/staff/rounds/{number}/criteria"), "flash-criteria-saved")),
        Err(failed) => match failed.refusal::<Refusal>() {
            Some(refusal) => {
                let refusal: &dyn error::Refusal = refusal;
                form.refuse(ctx.lang, refusal);
                again(&form, Failure::from(refusal).status())
            }
            None => Err(failed.into()),
        },
    }
}

/// What was typed; places where nothing was are left out. A criterion keeps the place of its fields until it is saved.
fn read(ctx: &Ctx, form: &mut Form) -> Vec<Criterion> {
    let mut criteria = Vec::new();
    for place in 1..=MOST {
        let value = |form: &Form, part: &str| form.value(&format!("{part}_{place}")).to_owned();
        if PARTS.iter().all(|part| value(form, part).trim().is_empty()) {
            continue;
        }
        let mut texts = Vec::new();
        for (part, longest) in [("name_nl", LONGEST_NAME), ("name_en", LONGEST_NAME)] {
            texts.push((part, one_line(&value(form, part), longest)));
        }
        for part in ["guidance_nl", "guidance_en"] {
            texts.push((part, many_lines(&value(form, part), LONGEST_GUIDANCE)));
        }
        for (part, _) in texts.iter().filter(|(_, text)| text.is_none()) {
            form.fail_key(ctx.lang, &format!("{part}_{place}"), "round-text-too-long");
        }
        let mut texts = texts.into_iter().map(|(_, text)| text.unwrap_or_default());
        let mut next = || texts.next().unwrap_or_default();
        let number = |part: &str| value(form, part).trim().parse().unwrap_or(-1);
        criteria.push(Criterion {
            position: i64::try_from(place).unwrap_or(1),
            name_nl: next(),
            name_en: next(),
            guidance_nl: next(),
            guidance_en: next(),
            weight_percent: number("weight"),
            scale_least: number("least"),
            scale_most: number("most"),
        });
    }
    criteria
}
