//! Step "who and how": how many take part, and the terms of the lists.

use askama::Template;
use axum::http::StatusCode;

use crate::features::plans::actions::{self, PEOPLE_LISTS};
use crate::features::plans::web::Remark;
use crate::features::plans::web::desk::{Desk, Ended, status_of};
use crate::features::plans::web::reading::Typed;
use crate::features::plans::{Field, Step};
use crate::features::projects::{self, Term, TermKind};
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Form, Posted};

/// The most participants a plan can name.
const MOST_PARTICIPANTS: i64 = 100_000;

#[derive(Template)]
#[template(path = "plans/people.html")]
struct PeoplePage<'a> {
    ctx: &'a Ctx,
    desk: &'a Desk,
    form: &'a Form,
    remarks: Vec<Remark>,
    /// Each list with its field, in the order of the page.
    lists: Vec<(Field, Vec<Term>)>,
}

/// The field of a plan that a list belongs to.
fn field_of(kind: TermKind) -> Field {
    Field::from_word(kind.as_str()).unwrap_or(Field::Whole)
}

/// The name of a term's box.
pub fn box_of(term: &Term) -> String {
    format!("{}-{}", term.kind, term.code)
}

async fn terms(desk: &Desk) -> Result<Vec<Term>> {
    projects::actions::terms(&mut *desk.s.db.read().await?).await
}

async fn page(desk: &Desk, form: &Form, terms: Vec<Term>, status: StatusCode) -> Answer {
    let of = |kind: TermKind| terms.iter().filter(|term| term.kind == kind).cloned().collect();
    let lists = PEOPLE_LISTS.iter().map(|kind| (field_of(*kind), of(*kind))).collect();
    let page = PeoplePage { ctx: &desk.ctx, desk, form, remarks: desk.remarks().await?, lists };
    desk.ctx.page_with(status, &page)
}

pub async fn show(desk: Desk) -> Answer {
    let content = desk.content().await?;
    let mut form = Form::with(&[("version", &desk.own.project.updated_at.to_string())]);
    if content.participants > 0 {
        form.set("participants", &content.participants.to_string());
    }
    for chosen in &content.terms {
        form.set(&format!("{}-{}", chosen.list, chosen.code), "yes");
    }
    let terms = terms(&desk).await?;
    page(&desk, &form, terms, StatusCode::OK).await
}

pub async fn save(desk: Desk, posted: Posted) -> Answer {
    let terms = terms(&desk).await?;
    let boxes: Vec<String> = terms.iter().filter(|term| PEOPLE_LISTS.contains(&term.kind)).map(box_of).collect();
    let known: Vec<&str> =
        ["version", "participants", "step"].into_iter().chain(boxes.iter().map(String::as_str)).collect();
    let mut form = posted.allow(&known)?;
    let mut typed = Typed { ctx: &desk.ctx, form: &mut form };
    let participants = match typed.form.value("participants").trim() {
        "" => 0,
        _ => typed.whole("participants", 1, MOST_PARTICIPANTS),
    };
    if form.has_errors() {
        let status = status_of(&form);
        return page(&desk, &form, terms, status).await;
    }
    let chosen: Vec<&Term> = terms.iter().filter(|term| form.ticked(&box_of(term))).collect();
    let change = desk.change(&form)?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::save_people(&mut tx, change, participants, &chosen).await;
    match desk.end(Step::People, tx, &mut form, done).await? {
        Ended::Saved(answer) => Ok(answer),
        Ended::Refused(status) => page(&desk, &form, terms, status).await,
    }
}

impl PeoplePage<'_> {
    fn box_of(&self, term: &Term) -> String {
        box_of(term)
    }
}
