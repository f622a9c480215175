//! Who is behind the projects: an organisation with its projects, and a coalition with its chain or its questions.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::organisations::{
    Coalition, CoalitionKind, CoalitionStep, Organisation, actions as organisations, registration, shown,
};
use crate::features::projects::{Filter, actions as projects};
use crate::features::rounds::actions as rounds;
use crate::features::site::filter::{Sort, sort};
use crate::features::site::numbers;
use crate::features::site::view::{Card, cards};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure};

#[derive(Template)]
#[template(path = "site/organisation.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    organisation: &'a Organisation,
    facts: Vec<(String, String)>,
    coalitions: Vec<Coalition>,
    cards: Vec<Card>,
}

/// `/{lang}/organisations/{slug}`
pub async fn show(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let organisation = organisations::by_slug(&mut conn, &slug).await?.filter(Organisation::is_public);
    let organisation = organisation.ok_or_else(Failure::not_found)?;
    let details = registration::details_of(&mut conn, &organisation.id).await?;
    let filter = Filter { organisation_id: organisation.id.clone(), ..Filter::default() };
    let page = Show {
        coalitions: organisations::coalitions_of(&mut conn, &organisation.id).await?,
        cards: matching(&ctx, &mut conn, &filter).await?,
        facts: shown::public_facts(&ctx, &details),
        organisation: &organisation,
        ctx: &ctx,
    };
    ctx.page(&page)
}

async fn matching(ctx: &Ctx, conn: &mut Conn, filter: &Filter) -> Result<Vec<Card>> {
    let rounds = rounds::all(conn).await?;
    let terms = projects::terms(conn).await?;
    let mut listings = projects::listing(conn, filter).await?;
    let standings = numbers::standings(conn).await?;
    sort(&mut listings, Sort::Closing, &rounds, &standings, ctx.lang, ctx.now);
    cards(ctx, conn, &listings, &rounds, &terms, &standings).await
}

#[derive(Template)]
#[template(path = "site/coalition.html")]
struct ShowCoalition<'a> {
    ctx: &'a Ctx,
    coalition: &'a Coalition,
    founder: Option<Organisation>,
    partners: Vec<Organisation>,
    steps: Vec<CoalitionStep>,
    cards: Vec<Card>,
}

impl ShowCoalition<'_> {
    /// Who does a step.
    fn doer(&self, step: &CoalitionStep) -> Option<&Organisation> {
        let id = step.organisation_id.as_ref()?;
        self.founder.iter().chain(&self.partners).find(|organisation| organisation.id == *id)
    }
}

/// `/{lang}/coalitions/{slug}`
pub async fn coalition(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let coalition = organisations::coalition_by_slug(&mut conn, &slug).await?.ok_or_else(Failure::not_found)?;
    let founder = match &coalition.founder_id {
        Some(id) => Some(organisations::get(&mut conn, id).await?),
        None => None,
    };
    let filter = Filter { coalition_id: coalition.id.clone(), ..Filter::default() };
    let page = ShowCoalition {
        founder,
        partners: organisations::partners(&mut conn, &coalition.id).await?,
        steps: organisations::steps(&mut conn, &coalition.id).await?,
        cards: matching(&ctx, &mut conn, &filter).await?,
        coalition: &coalition,
        ctx: &ctx,
    };
    ctx.page(&page)
}
