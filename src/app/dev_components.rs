//! Development only: every piece that pages are built of, side by side with made-up content, and the colours they are drawn in. To look at
//! when one of them changes; in production there is no such page.

use askama::Template;
use axum::Router;
use axum::routing::get;

use crate::app::dev::Dev;
use crate::app::dev_samples::{self, Remark};
use crate::features::payouts::plan::Part;
use crate::features::payouts::plan_form::{self, Row};
use crate::features::plans::map::Dot;
use crate::features::results::view::Line;
use crate::infra::Services;
use crate::infra::web::qr::Qr;
use crate::infra::web::{Answer, Ctx, Form};
use crate::values::Cents;

pub fn routes() -> Router<Services> {
    Router::new().route("/dev/components", get(show))
}

/// The colours of site.css, by their names without `--dr-`, in the order of that file.
const TONES: [&str; 24] = [
    "bg-document",
    "text",
    "text-subtle",
    "bg-subtle",
    "border",
    "step",
    "on-step",
    "bg-header",
    "on-header",
    "link",
    "focus",
    "action",
    "on-action",
    "bg-control",
    "border-control",
    "bg-info",
    "success",
    "bg-success",
    "warning",
    "bg-warning",
    "error",
    "bg-error",
    "track",
    "open",
];
/// The names that `macros/icon.html` knows; the last stands for every other.
const ICONS: [&str; 22] = [
    "check", "warning", "info", "error", "next", "previous", "place", "calendar", "people", "gift", "chart", "paper",
    "mail", "lock", "person", "bin", "screen", "house", "tools", "download", "print", "step",
];
/// States of projects, one for each tone of a badge.
const STATES: [&str; 5] = ["draft", "listed", "near_miss", "funded", "failed"];
const NOTICES: [&str; 4] = ["info", "success", "warning", "error"];

/// What `macros/progress.html` names.
#[derive(Clone)]
struct Progress {
    held_permille: i64,
    matched_permille: i64,
    processing_permille: i64,
    reserved_permille: i64,
    threshold_permille: i64,
    held_key: &'static str,
    held_text: &'static str,
    matched_text: &'static str,
    processing_text: &'static str,
    reserved_text: &'static str,
    threshold_text: &'static str,
    impact_text: &'static str,
}

/// What `macros/card.html` names.
struct Card {
    id: &'static str,
    url: String,
    title: &'static str,
    aim: &'static str,
    organisation: &'static str,
    area: &'static str,
    state: &'static str,
    image: Option<Image>,
    pattern: &'static str,
    progress: Option<Progress>,
    ends: Option<&'static str>,
}

struct Image {
    url: String,
    alt: &'static str,
    width: i64,
    height: i64,
}

struct Pager {
    page: usize,
    pages: usize,
    previous_url: Option<String>,
    next_url: Option<String>,
}

#[derive(Template)]
#[template(path = "dev/components.html")]
struct Components<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    progress: Progress,
    cards: Vec<Card>,
    pairs: Vec<(String, String)>,
    options: Vec<(String, String)>,
    pager: Pager,
    dots: Vec<(Dot, String)>,
    point: Option<Dot>,
    qr: Option<Qr>,
    remarks: Vec<Remark>,
    parts: Vec<Part>,
    rows: Vec<Row>,
    units: Vec<(&'static str, String)>,
    waits: Vec<(&'static str, String)>,
    lines: Vec<Line>,
}

impl Components<'_> {
    /// What the parts of the plan of payouts are together.
    fn sum(&self) -> Cents {
        Cents(self.parts.iter().map(|part| part.amount.0).sum())
    }
}

async fn show(Dev(ctx): Dev) -> Answer {
    let mut form = Form::with(&[("filled", "25,50"), ("wrong", "?"), ("radios", "b"), ("checkbox", "yes")]);
    form.fail_key(ctx.lang, "wrong", "dev-parts-wrong");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let page = Components {
        progress: progress(),
        cards: ["", "pattern-steps.svg", "pattern-arches.svg", "pattern-waves.svg", "pattern-bricks.svg"]
            .iter()
            .zip(["one", "two", "three", "four", "five"])
            .map(|(pattern, id)| card(&ctx, id, pattern))
            .collect(),
        pairs: vec![pair("Lorem", "12"), pair("Ipsum", "3.456"), pair("Dolor sit amet", "7")],
        options: vec![pair("a", "Lorem"), pair("b", "Ipsum"), pair("c", "Dolor")],
        pager: Pager {
            page: 2,
            pages: 3,
            previous_url: Some("#pager".to_owned()),
            next_url: Some("#pager".to_owned()),
        },
        dots: vec![(Dot { x: 150, y: 180, area: "" }, "Lorem".to_owned())],
        point: Some(Dot { x: 320, y: 190, area: "" }),
        qr: Qr::of(&ctx.public_url),
        remarks: dev_samples::remarks(),
        parts: dev_samples::parts(),
        rows: dev_samples::rows(ctx.t("dev-parts-wrong")),
        units: plan_form::units(&ctx),
        waits: plan_form::choices(&ctx),
        lines: dev_samples::lines(&ctx),
        form: &form,
        ctx: &ctx,
    };
    ctx.page(&page)
}

fn progress() -> Progress {
    Progress {
        held_permille: 420,
        matched_permille: 80,
        processing_permille: 60,
        reserved_permille: 40,
        threshold_permille: 600,
        held_key: "progress-held",
        held_text: "4.200",
        matched_text: "800",
        processing_text: "600",
        reserved_text: "400",
        threshold_text: "6.000",
        impact_text: "10.000",
    }
}

/// A card with the one picture that is always there, or with a pattern in its place.
fn card(ctx: &Ctx, id: &'static str, pattern: &'static str) -> Card {
    let image = Image { url: ctx.asset("hero.svg"), alt: "Lorem", width: 480, height: 320 };
    Card {
        id,
        url: format!("#{id}"),
        title: "Lorem ipsum dolor sit amet",
        aim: "Consectetur adipiscing elit, sed do eiusmod tempor.",
        organisation: "Lorem",
        area: "Ipsum",
        state: "listed",
        image: pattern.is_empty().then_some(image),
        pattern,
        progress: Some(progress()),
        ends: Some("Dolor"),
    }
}
