//! The JSON API for reading, version 1. Amounts are whole cents, Rikx texts with two decimals, moments RFC 3339 in UTC; a
//! state is the word of its noun. `?lang=en` chooses the language of titles and texts, Dutch without it.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::features::calendar::extension;
use crate::features::organisations::actions as organisations;
use crate::features::outcomes::Family;
use crate::features::projects::{Filter, Listing, ProjectState, TermKind, actions as projects};
use crate::features::rounds::{Round, actions as rounds};
use crate::features::site::figures::Figures;
use crate::features::site::filter::{Sort, Wanted};
use crate::features::site::numbers::{self, Standing};
use crate::features::site::outcome_shapes::{Outcomes, SumShape};
use crate::features::site::shapes::{
    Budget, Detail, Named, PageOf, Partnership, RoundDetail, RoundShape, Statistics, Summary, UpdateLink, held_for,
};
use crate::features::site::summed::{Asked, Summed};
use crate::features::site::{list, outcomes as results, parts};
use crate::infra::db::Conn;
use crate::infra::error;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, texts};
use crate::values::Lang;

/// Projects on a page unless asked otherwise.
const PER_PAGE: usize = 20;

pub fn routes() -> Router<Services> {
    Router::new()
        .route("/openapi.json", get(openapi))
        .route("/projects", get(project_list))
        .route("/projects/{slug}", get(project))
        .route("/projects/{slug}/outcomes", get(outcomes))
        .route("/projects/{slug}/outcomes.csv", get(results::csv))
        .route("/projects/{slug}/books.csv", get(parts::books_csv))
        .route("/rounds", get(round_list))
        .route("/rounds/{number}", get(round))
        .route("/statistics", get(statistics))
        .route("/statistics.csv", get(statistics_table))
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], include_str!("openapi.json"))
}

/// Pages and rounds are counted up to here; any program's numbers hold it.
const LARGEST_NUMBER: u32 = 1_000_000;

/// A context in the language that the query asks for.
///
/// # Errors
/// A value that no page could mean: a person is helped with what is understood, a program hears of its mistake.
fn context(s: &Services, query: Option<&str>) -> Result<Ctx, Failure> {
    let mut lang = Lang::Nl;
    let mut wrong = Vec::new();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let is_right = match &*name {
            "lang" => Lang::from_code(&value).map(|asked| lang = asked).is_some(),
            "page" | "per_page" | "round" => value.parse().is_ok_and(|number| (1..=LARGEST_NUMBER).contains(&number)),
            "sort" => Sort::from_word(&value).is_some(),
            "year" => value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit()),
            "family" => Family::from_word(&value).is_some(),
            "status" => ProjectState::from_word(&value).is_some_and(ProjectState::is_public),
            _ => true,
        };
        if !is_right {
            wrong.push(json!({ "field": name, "message": texts::text(Lang::En, "api-query-wrong") }));
        }
    }
    if !wrong.is_empty() {
        let failure = Failure::of(error::Sort::Invalid, 422, "problem-invalid");
        return Err(failure.with(json!({ "errors": wrong })));
    }
    Ok(Ctx::new(s, lang, "", None))
}

/// `GET /projects`, with the filters of the page.
async fn project_list(State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let ctx = context(&s, query.as_deref())?;
    let wanted = Wanted::parse(query.as_deref(), PER_PAGE);
    let mut conn = s.db.read_public().await?;
    let rounds = rounds::all(&mut conn).await?;
    let standings = numbers::standings(&mut conn).await?;
    let found = list::find(&mut conn, &ctx, &wanted, &rounds, &standings).await?;
    // a page behind the last is empty, so that a program that pages on comes to an end
    let start = (wanted.page - 1).saturating_mul(wanted.per_page).min(found.len());
    let end = found.len().min(start + wanted.per_page);
    let items = summaries(&ctx, &mut conn, &found[start..end], &rounds, &standings).await?;
    Ok(Json(PageOf { items, total: found.len(), page: wanted.page, per_page: wanted.per_page }).into_response())
}

async fn summaries(
    ctx: &Ctx,
    conn: &mut Conn,
    listings: &[Listing],
    rounds: &[Round],
    standings: &HashMap<String, Standing>,
) -> error::Result<Vec<Summary>> {
    let makers = organisations::by_ids(conn, listings.iter().map(|l| l.organisation_id.as_str())).await?;
    let of = |listing: &Listing| {
        let round = rounds.iter().find(|round| round.id == listing.round_id)?;
        let standing = standings.get(&listing.id).cloned().unwrap_or_default();
        Some(Summary::new(ctx, listing, round, makers.get(&listing.organisation_id), &standing))
    };
    Ok(listings.iter().filter_map(of).collect())
}

/// `GET /projects/{slug}`
async fn project(State(s): State<Services>, Path(slug): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let ctx = context(&s, query.as_deref())?;
    let mut conn = s.db.read_public().await?;
    let project = projects::public_by_slug(&mut conn, &slug).await?.ok_or_else(Failure::not_found)?;
    let round = rounds::get(&mut conn, &project.round_id).await?;
    let maker = organisations::get(&mut conn, &project.organisation_id).await?;
    let standing = numbers::standing(&mut conn, &project.id).await?;
    let summary = Summary::new(&ctx, &Listing::from(&project), &round, Some(&maker), &standing);
    let coalition = match &project.coalition_id {
        Some(id) => Some(organisations::coalition(&mut conn, id).await?.slug),
        None => None,
    };
    let detail = Detail {
        summary,
        text: project.text(ctx.lang).to_owned(),
        target_group: project.target_group(ctx.lang).to_owned(),
        contact: project.contact.clone(),
        minimum_pledge_cents: round.minimum_cents.0,
        fee_basis_points: round.fee_basis_points,
        coalition,
        terms: terms(&ctx, &mut conn, &project.id).await?,
        planning: projects::planning(&mut conn, &project.id)
            .await?
            .iter()
            .map(|step| step.text(ctx.lang).to_owned())
            .collect(),
        budget: budget(&ctx, &mut conn, &project.id).await?,
        partners: partners(&mut conn, &project.id).await?,
        updates: updates(&ctx, &mut conn, &project.id, &project.slug).await?,
    };
    Ok(Json(detail).into_response())
}

async fn terms(ctx: &Ctx, conn: &mut Conn, project_id: &str) -> error::Result<HashMap<&'static str, Vec<Named>>> {
    let mut lists: HashMap<&'static str, Vec<Named>> =
        TermKind::ALL.iter().map(|kind| (kind.as_str(), Vec::new())).collect();
    for term in projects::terms_of(conn, project_id).await? {
        let named = Named { code: term.code.clone(), name: term.name(ctx.lang).to_owned() };
        lists.entry(term.kind.as_str()).or_default().push(named);
    }
    Ok(lists)
}

async fn budget(ctx: &Ctx, conn: &mut Conn, project_id: &str) -> error::Result<Vec<Budget>> {
    let lines = projects::budget(conn, project_id).await?;
    Ok(lines
        .iter()
        .map(|line| Budget {
            label: line.label(ctx.lang).to_owned(),
            minimum_cents: line.minimum_cents.0,
            full_cents: line.full_cents.0,
        })
        .collect())
}

async fn partners(conn: &mut Conn, project_id: &str) -> error::Result<Vec<Partnership>> {
    let partners = projects::partners(conn, project_id).await?;
    let known = organisations::by_ids(conn, partners.iter().map(|p| p.organisation_id.as_str())).await?;
    let of = |partner: &crate::features::projects::Partner| {
        let organisation = known.get(&partner.organisation_id)?;
        let (slug, name) = (organisation.slug.clone(), organisation.name.clone());
        Some(Partnership { slug, name, share_percent: partner.share_percent })
    };
    Ok(partners.iter().filter_map(of).collect())
}

async fn updates(ctx: &Ctx, conn: &mut Conn, project_id: &str, slug: &str) -> error::Result<Vec<UpdateLink>> {
    let updates = numbers::updates(conn, project_id).await?;
    Ok(updates
        .iter()
        .map(|update| UpdateLink {
            number: update.number,
            title: update.title(ctx.lang).to_owned(),
            published_at: update.published_at.map(|moment| moment.to_string()).unwrap_or_default(),
            url: format!("{}/{}/projects/{slug}/updates/{}", ctx.public_url, ctx.lang, update.number),
        })
        .collect())
}

/// `GET /projects/{slug}/outcomes`
async fn outcomes(State(s): State<Services>, Path(slug): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let ctx = context(&s, query.as_deref())?;
    let mut conn = s.db.read_public().await?;
    let project = projects::public_by_slug(&mut conn, &slug).await?.ok_or_else(Failure::not_found)?;
    let figures = Figures::read(&mut conn, &project.id).await?;
    Ok(Json(Outcomes::new(&ctx, &project, &figures)).into_response())
}

/// `GET /rounds`, the newest first; few enough for one page.
async fn round_list(State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let ctx = context(&s, query.as_deref())?;
    let wanted = Wanted::parse(query.as_deref(), PER_PAGE);
    let mut conn = s.db.read_public().await?;
    let rounds = rounds::all(&mut conn).await?;
    let start = (wanted.page - 1).saturating_mul(wanted.per_page).min(rounds.len());
    let some = &rounds[start..rounds.len().min(start + wanted.per_page)];
    let mut items = Vec::new();
    for round in some {
        items.push(RoundShape::new(&ctx, round, extension::of_round(&mut conn, &round.id).await?));
    }
    Ok(Json(PageOf { items, total: rounds.len(), page: wanted.page, per_page: wanted.per_page }).into_response())
}

/// `GET /rounds/{number}`
async fn round(State(s): State<Services>, Path(number): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let ctx = context(&s, query.as_deref())?;
    let number: i64 = number.parse().map_err(|_| Failure::not_found())?;
    let mut conn = s.db.read_public().await?;
    let round = rounds::by_number(&mut conn, number).await?.ok_or_else(Failure::not_found)?;
    let filter = Filter { round_id: round.id.clone(), ..Filter::default() };
    let listings = projects::listing(&mut conn, &filter).await?;
    let standings = numbers::standings(&mut conn).await?;
    let projects = summaries(&ctx, &mut conn, &listings, std::slice::from_ref(&round), &standings).await?;
    let extension = extension::of_round(&mut conn, &round.id).await?;
    Ok(Json(RoundDetail { round: RoundShape::new(&ctx, &round, extension), projects }).into_response())
}

/// `GET /statistics.csv`: exactly what the page of results shows.
async fn statistics_table(State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    context(&s, query.as_deref())?;
    let mut conn = s.db.read_public().await?;
    let summed = Summed::read(&mut conn, Asked::parse(query.as_deref())).await?;
    let headers = [
        ("content-type", "text/csv; charset=utf-8"),
        ("content-disposition", "attachment; filename=\"statistics.csv\""),
    ];
    Ok((headers, summed.csv()).into_response())
}

/// `GET /statistics`: all projects; `outcomes` and `money` of those that the filters of the page of results leave.
async fn statistics(State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let ctx = context(&s, query.as_deref())?;
    let mut conn = s.db.read_public().await?;
    let listings = projects::listing(&mut conn, &Filter::default()).await?;
    let summed = Summed::read(&mut conn, Asked::parse(query.as_deref())).await?;
    let standings = numbers::standings(&mut conn).await?;
    let mut by_status: BTreeMap<&'static str, i64> = BTreeMap::new();
    for listing in &listings {
        *by_status.entry(listing.state.as_str()).or_default() += 1;
    }
    let (held, backers) = held_for(&listings, &standings);
    let answer = Statistics {
        projects: listings.len(),
        carried_out: by_status.get(ProjectState::Completed.as_str()).copied().unwrap_or(0),
        projects_by_status: by_status,
        rounds: rounds::all(&mut conn).await?.len(),
        organisations: organisations::all(&mut conn).await?.iter().filter(|one| one.is_public()).count(),
        held_cents: held.0,
        backers,
        outcomes: summed.sums.iter().map(|sum| SumShape::new(&ctx, sum)).collect(),
        money: summed.money.into(),
        as_of: s.clock.now().to_string(),
    };
    Ok(Json(answer).into_response())
}
