//! The addresses of open data.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::features::open_data::tables::SENT_AS;
use crate::features::open_data::{Publisher, actions, page};
use crate::features::projects;
use crate::features::rounds::{self, Round};
use crate::infra::db::Conn;
use crate::infra::error::Sort;
use crate::infra::web::{Answer, Failure};
use crate::infra::{Services, texts};
use crate::values::Lang;

/// Routes that look the same for everybody.
pub fn public() -> Router<Services> {
    Router::new()
        .route("/{lang}/open-data", get(page::show))
        .route("/api/v1/projects/{slug}/cids.jsonld", get(impact))
        .route("/api/v1/rounds/{number}/360giving.json", get(giving))
        .route("/api/v1/rounds/{number}/projects.csv", get(projects_of))
        .route("/api/v1/rounds/{number}/results.csv", get(results))
}

/// The language that the query asks for: `?lang=en`, Dutch without it.
fn lang(query: Option<&str>) -> Result<Lang, Failure> {
    let mut lang = Lang::Nl;
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if name == "lang" {
            lang = Lang::from_code(&value).ok_or_else(|| {
                let wrong = json!({ "field": "lang", "message": texts::text(Lang::En, "api-query-wrong") });
                Failure::of(Sort::Invalid, 422, "problem-invalid").with(json!({ "errors": [wrong] }))
            })?;
        }
    }
    Ok(lang)
}

async fn round(conn: &mut Conn, number: &str) -> Result<Round, Failure> {
    let number: i64 = number.parse().map_err(|_| Failure::not_found())?;
    rounds::actions::by_number(conn, number).await?.ok_or_else(Failure::not_found)
}

/// A file by its name, which browsers keep and pages of others may read.
fn file(kind: &'static str, name: &str, text: String) -> Answer {
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text).into_response())
}

const LINKED: &str = "application/ld+json";
const JSON: &str = "application/json; charset=utf-8";

async fn giving(State(s): State<Services>, Path(number): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let lang = lang(query.as_deref())?;
    let mut conn = s.db.read_public().await?;
    let round = round(&mut conn, &number).await?;
    let text = actions::giving(&mut conn, &Publisher::of(&s), &round, lang, s.clock.now()).await?;
    file(JSON, &format!("round-{}-360giving.json", round.number), text)
}

async fn impact(State(s): State<Services>, Path(slug): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let lang = lang(query.as_deref())?;
    let mut conn = s.db.read_public().await?;
    let project = projects::actions::public_by_slug(&mut conn, &slug).await?.ok_or_else(Failure::not_found)?;
    let name = format!("{}-cids.jsonld", project.slug);
    file(LINKED, &name, actions::cids(&mut conn, &Publisher::of(&s), project, lang).await?)
}

async fn projects_of(State(s): State<Services>, Path(number): Path<String>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let round = round(&mut conn, &number).await?;
    let text = actions::projects_csv(&mut conn, &Publisher::of(&s), &round).await?;
    file(SENT_AS, &format!("round-{}-projects.csv", round.number), text)
}

async fn results(State(s): State<Services>, Path(number): Path<String>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let round = round(&mut conn, &number).await?;
    let text = actions::results_csv(&mut conn, &round).await?;
    file(SENT_AS, &format!("round-{}-results.csv", round.number), text)
}
