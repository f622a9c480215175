//! The page that says what there is, in which form, and by which rules.

use askama::Template;
use axum::extract::State;

use crate::features::open_data::LICENCE;
use crate::features::open_data::tables::{PROJECT_COLUMNS, RESULT_COLUMNS};
use crate::features::projects::{self, Filter};
use crate::features::rounds;
use crate::features::settlement::{self, Decision};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};

#[derive(Template)]
#[template(path = "site/open_data.html")]
struct OpenDataPage<'a> {
    ctx: &'a Ctx,
    forms: Vec<Form>,
    licence: &'static str,
    /// Of a project, for the examples.
    slug: String,
}

/// A form in which something can be had.
struct Form {
    /// Its texts are `open-data-form-{code}` and `open-data-form-{code}-text`.
    code: &'static str,
    pattern: &'static str,
    example: Option<String>,
    columns: &'static [&'static str],
}

/// `/{lang}/open-data`
pub async fn show(ctx: Ctx, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let rounds = rounds::actions::all(&mut conn).await?;
    // a round in which something was awarded has everything
    let mut awarded = None;
    for round in &rounds {
        let decided = settlement::actions::decisions_of_round(&mut conn, &round.id).await?;
        if decided.iter().any(|one| one.decision == Decision::Funded) {
            awarded = Some(round);
            break;
        }
    }
    let round = awarded.or(rounds.first());
    let of_round = |name: &str| round.map(|round| format!("/api/v1/rounds/{}/{name}?lang={}", round.number, ctx.lang));
    let filter = Filter { round_id: round.map(|round| round.id.clone()).unwrap_or_default(), ..Filter::default() };
    let slug = projects::actions::listing(&mut conn, &filter).await?.into_iter().next().map(|listing| listing.slug);
    let forms = vec![
        Form {
            code: "giving",
            pattern: "/api/v1/rounds/{number}/360giving.json",
            example: of_round("360giving.json").filter(|_| awarded.is_some()),
            columns: &[],
        },
        Form {
            code: "projects",
            pattern: "/api/v1/rounds/{number}/projects.csv",
            example: of_round("projects.csv"),
            columns: &PROJECT_COLUMNS,
        },
        Form {
            code: "results",
            pattern: "/api/v1/rounds/{number}/results.csv",
            example: of_round("results.csv"),
            columns: &RESULT_COLUMNS,
        },
        Form {
            code: "cids",
            pattern: "/api/v1/projects/{slug}/cids.jsonld",
            example: slug.as_ref().map(|slug| format!("/api/v1/projects/{slug}/cids.jsonld?lang={}", ctx.lang)),
            columns: &[],
        },
    ];
    ctx.page(&OpenDataPage { ctx: &ctx, forms, licence: LICENCE, slug: slug.unwrap_or_else(|| "SLUG".to_owned()) })
}
