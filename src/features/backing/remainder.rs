//! Where a backer chooses what becomes of a part that no result earned: back, or to another project that sells. The key of the pledge's
//! page opens it, as the letter about the results carries it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;

use crate::features::backing::page::{Key, address, opened};
use crate::features::payments::moves;
use crate::features::pledges::{self, Pledge};
use crate::features::projects::{self, Project};
use crate::features::results::choosing::{self, Target};
use crate::features::results::{Choice, ChoiceLine, NoChoice};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, texts};
use crate::values::{Cents, Timestamp};

pub fn routes() -> Router<Services> {
    Router::new().route("/{lang}/pledges/{reference}/remainder", get(show).post(choose))
}

#[derive(Template)]
#[template(path = "backing/remainder.html")]
struct RemainderPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    pledge: &'a Pledge,
    project: &'a Project,
    line: &'a ChoiceLine,
    key: &'a str,
    is_open: bool,
    /// What was chosen, in a sentence.
    chosen: String,
    options: Vec<(String, String)>,
    targets: Vec<Target>,
    /// The backer's other parts: address of the page and reference.
    others: Vec<(String, String)>,
}

/// What the page of a pledge shows of what became of a part of it, and of where its money came from.
#[derive(Default)]
pub struct Moves {
    /// A part that waits for its backer's choice.
    pub open: Option<ChoiceLine>,
    /// What was moved on: address and reference of the pledge it became, its project, and how much.
    pub went: Vec<(String, String, Project, Cents)>,
    /// Address and reference of the pledge from which the money of this one was moved.
    pub came: Option<(String, String)>,
}

impl Moves {
    pub async fn of_pledge(ctx: &Ctx, s: &Services, conn: &mut Conn, pledge: &Pledge) -> Result<Moves> {
        let line = choosing::of_pledge(conn, &pledge.id).await?;
        let mut went = Vec::new();
        for moved in moves::out_of(conn, &pledge.id).await? {
            let new = pledges::actions::get(conn, &moved.pledge_id).await?;
            let project = projects::actions::get(conn, &new.project_id).await?;
            went.push((address(ctx, s, &new), new.reference, project, moved.amount));
        }
        let came = match moves::before(conn, &pledge.id).await? {
            Some(id) => Some(pledges::actions::get(conn, &id).await?),
            None => None,
        };
        let came = came.map(|old| (address(ctx, s, &old), old.reference));
        Ok(Moves { open: line.filter(|line| line.is_open_at(ctx.now)), went, came })
    }
}

/// The part of a pledge about which there is, or was, something to choose.
async fn line(s: &Services, pledge: &Pledge) -> std::result::Result<ChoiceLine, Failure> {
    let line = choosing::of_pledge(&mut *s.db.read().await?, &pledge.id).await?;
    line.ok_or_else(Failure::not_found)
}

async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let line = line(&s, &pledge).await?;
    let mut conn = s.db.read().await?;
    let chosen = match (&line.choice, &line.project_id) {
        (Some(Choice::Move), Some(id)) => projects::actions::get(&mut conn, id).await?.slug,
        (Some(_), _) => Choice::Back.to_string(),
        _ => String::new(),
    };
    drop(conn);
    page(&ctx, &s, (&pledge, &line), &key, &Form::with(&[("choice", &chosen)]), StatusCode::OK).await
}

async fn page(
    ctx: &Ctx,
    s: &Services,
    (pledge, line): (&Pledge, &ChoiceLine),
    key: &str,
    form: &Form,
    status: StatusCode,
) -> Answer {
    let mut conn = s.db.read().await?;
    let project = projects::actions::get(&mut conn, &pledge.project_id).await?;
    let is_open = line.is_open_at(ctx.now);
    let targets = if is_open { choosing::targets(&mut conn, line, ctx.now).await? } else { Vec::new() };
    let mut others = Vec::new();
    for other in choosing::others(&mut conn, line).await? {
        let other = pledges::actions::get(&mut conn, &other.pledge_id).await?;
        let key = s.keys.derive("pledge", &other.id);
        others.push((ctx.path(&format!("/pledges/{}/remainder?key={key}", other.reference)), other.reference));
    }
    let page = RemainderPage {
        chosen: chosen(ctx, &mut conn, line).await?,
        options: options(ctx, line, &targets),
        ctx,
        form,
        pledge,
        project: &project,
        line,
        key,
        is_open,
        targets,
        others,
    };
    ctx.page_with(status, &page)
}

/// What was chosen and what came of it, in a sentence.
async fn chosen(ctx: &Ctx, conn: &mut Conn, line: &ChoiceLine) -> Result<String> {
    let title = match &line.project_id {
        Some(id) => projects::actions::get(conn, id).await?.title(ctx.lang).to_owned(),
        None => String::new(),
    };
    let key = match (line.choice, line.done_at.is_some(), &line.moved_id) {
        (_, true, Some(_)) => "rest-done-move",
        (Some(Choice::Move), true, None) => "rest-done-not-moved",
        (_, true, None) => "rest-done-back",
        (None, ..) => "rest-made-silent",
        (Some(Choice::Back), ..) => "rest-made-back",
        (Some(Choice::Move), ..) => "rest-made-move",
    };
    let moment = |at: Timestamp| ctx.moment(at);
    let until = line.chosen_at.map(|at| moment(choosing::stands_until(line, at))).unwrap_or_default();
    Ok(texts::text_with(ctx.lang, key, &[("title", title), ("date", until)]))
}

/// Back first, then a line for each project; of each, what goes there and what is left of the odd cents.
fn options(ctx: &Ctx, line: &ChoiceLine, targets: &[Target]) -> Vec<(String, String)> {
    let back = (Choice::Back.to_string(), ctx.t1("rest-option-back", "amount", ctx.euros(line.amount)));
    let to = |target: &Target| {
        let odd = Cents(line.amount.0 - target.amount.0);
        let args = [
            ("title", target.project.title(ctx.lang).to_owned()),
            ("amount", ctx.euros(target.amount)),
            ("room", ctx.euros(target.room)),
            ("odd", ctx.euros(odd)),
        ];
        let key = if odd > Cents::ZERO { "rest-option-move-odd" } else { "rest-option-move" };
        (target.project.slug.clone(), texts::text_with(ctx.lang, key, &args))
    };
    std::iter::once(back).chain(targets.iter().map(to)).collect()
}

async fn choose(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    posted: Posted,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let line = line(&s, &pledge).await?;
    let mut form = posted.allow(&["choice"])?;
    let project = match form.value("choice") {
        "" => None,
        slug => projects::actions::public_by_slug(&mut *s.db.read().await?, slug).await?,
    };
    let is_back = form.value("choice") == Choice::Back.as_str();
    if project.is_none() && !is_back {
        form.fail_key(ctx.lang, "choice", "form-choose-one");
        return page(&ctx, &s, (&pledge, &line), &key, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let to = project.filter(|_| !is_back).map(|project| project.id);
    let mut tx = s.db.begin().await?;
    match choosing::choose(&mut tx, &pledge.id, to.as_deref(), ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&format!("/pledges/{reference}/remainder?key={key}"), "flash-rest-chosen"))
        }
        Err(error) => {
            drop(tx);
            let Some(refusal) = error.refusal::<NoChoice>() else { return Err(error.into()) };
            form.refuse(ctx.lang, refusal);
            let is_there = matches!(refusal, NoChoice::NotThere);
            let status = if is_there { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
            page(&ctx, &s, (&pledge, &line), &key, &form, status).await
        }
    }
}
