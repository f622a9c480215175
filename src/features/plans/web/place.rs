//! Step "place": the areas, and a point on the map.

use askama::Template;
use axum::http::StatusCode;

use crate::features::plans::web::Remark;
use crate::features::plans::web::desk::{Desk, Ended, status_of};
use crate::features::plans::web::people::box_of;
use crate::features::plans::web::reading::Typed;
use crate::features::plans::{Step, actions, map};
use crate::features::projects::{self, Term, TermKind};
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Form, Posted};

/// The choice of coordinates that were typed, and of no point at all.
const TYPED: &str = "typed";
const NONE: &str = "none";

#[derive(Template)]
#[template(path = "plans/place.html")]
struct PlacePage<'a> {
    ctx: &'a Ctx,
    desk: &'a Desk,
    form: &'a Form,
    remarks: Vec<Remark>,
    areas: Vec<Term>,
    /// Pairs for the choice of the point.
    points: Vec<(String, String)>,
    /// Areas with their names, and the point that was chosen.
    dots: Vec<(map::Dot, String)>,
    point: Option<map::Dot>,
}

impl PlacePage<'_> {
    fn box_of(&self, term: &Term) -> String {
        box_of(term)
    }
}

async fn areas(desk: &Desk) -> Result<Vec<Term>> {
    let mut terms = projects::actions::terms(&mut *desk.s.db.read().await?).await?;
    terms.retain(|term| term.kind == TermKind::Area);
    Ok(terms)
}

/// The areas of the drawing with what they are called here.
pub fn named_dots(ctx: &Ctx, areas: &[Term]) -> Vec<(map::Dot, String)> {
    let name = |code: &str| areas.iter().find(|term| term.code == code).map(|term| term.name(ctx.lang).to_owned());
    map::areas().into_iter().filter_map(|dot| Some((dot.clone(), name(dot.area)?))).collect()
}

async fn page(desk: &Desk, form: &Form, areas: Vec<Term>, status: StatusCode) -> Answer {
    let ctx = &desk.ctx;
    let mut points = vec![(NONE.to_owned(), ctx.t("plans-point-none"))];
    let known = areas.iter().filter(|term| map::middle_of(&term.code).is_some());
    points.extend(known.map(|term| (term.code.clone(), ctx.t1("plans-point-middle", "area", term.name(ctx.lang)))));
    points.push((TYPED.to_owned(), ctx.t("plans-point-typed")));
    let page = PlacePage {
        ctx,
        desk,
        form,
        remarks: desk.remarks().await?,
        dots: named_dots(ctx, &areas),
        point: map::dot(form.value("latitude"), form.value("longitude")),
        points,
        areas,
    };
    ctx.page_with(status, &page)
}

pub async fn show(desk: Desk) -> Answer {
    let content = desk.content().await?;
    let mut form = Form::with(&[
        ("version", &desk.own.project.updated_at.to_string()),
        ("latitude", &content.latitude),
        ("longitude", &content.longitude),
        ("point", if content.latitude.is_empty() { NONE } else { TYPED }),
    ]);
    for code in content.chosen(TermKind::Area.as_str()) {
        form.set(&format!("area-{code}"), "yes");
    }
    let areas = areas(&desk).await?;
    page(&desk, &form, areas, StatusCode::OK).await
}

pub async fn save(desk: Desk, posted: Posted) -> Answer {
    let areas = areas(&desk).await?;
    let boxes: Vec<String> = areas.iter().map(box_of).collect();
    let fixed = ["version", "step", "point", "latitude", "longitude"];
    let known: Vec<&str> = fixed.into_iter().chain(boxes.iter().map(String::as_str)).collect();
    let mut form = posted.allow(&known)?;
    let (latitude, longitude) = read_point(&mut Typed { ctx: &desk.ctx, form: &mut form });
    if form.has_errors() {
        let status = status_of(&form);
        return page(&desk, &form, areas, status).await;
    }
    let chosen: Vec<&Term> = areas.iter().filter(|term| form.ticked(&box_of(term))).collect();
    let change = desk.change(&form)?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::save_place(&mut tx, change, &chosen, &latitude, &longitude).await;
    match desk.end(Step::Place, tx, &mut form, done).await? {
        Ended::Saved(answer) => Ok(answer),
        Ended::Refused(status) => page(&desk, &form, areas, status).await,
    }
}

/// The chosen point; empty coordinates for none.
fn read_point(typed: &mut Typed<'_>) -> (String, String) {
    let choice = typed.form.value("point").to_owned();
    match choice.as_str() {
        NONE => (String::new(), String::new()),
        TYPED => {
            let latitude = map::latitude(typed.form.value("latitude"));
            let longitude = map::longitude(typed.form.value("longitude"));
            if latitude.is_none() {
                typed.fail("latitude", "plans-latitude-wrong");
            }
            if longitude.is_none() {
                typed.fail("longitude", "plans-longitude-wrong");
            }
            (latitude.unwrap_or_default(), longitude.unwrap_or_default())
        }
        area => match map::middle_of(area) {
            Some((latitude, longitude)) => (latitude.to_owned(), longitude.to_owned()),
            None => {
                typed.fail("point", "plans-point-missing");
                (String::new(), String::new())
            }
        },
    }
}
