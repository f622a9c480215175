//! The front page: what Drempel is, the round that is open, a few projects, and how it stands.

use askama::Template;
use axum::extract::State;

use crate::features::projects::{Filter, ProjectState, actions as projects};
use crate::features::rounds::{Round, actions as rounds};
use crate::features::site::filter::{Sort, sort};
use crate::features::site::numbers;
use crate::features::site::shapes::held_for;
use crate::features::site::sharing::linked;
use crate::features::site::view::{Card, cards, current_round};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};
use crate::values::Cents;
use crate::values::money::grouped;

/// Projects on the front page.
const FEW: usize = 3;

#[derive(Template)]
#[template(path = "site/home.html")]
struct Home<'a> {
    ctx: &'a Ctx,
    round: Option<&'a Round>,
    selling: bool,
    days_left: i64,
    cards: Vec<Card>,
    stats: Vec<(String, String)>,
    as_of: String,
    /// Who runs this site, for machines (JSON-LD).
    linked: String,
}

/// `/{lang}`
pub async fn show(ctx: Ctx, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let rounds = rounds::all(&mut conn).await?;
    let round = current_round(&rounds, ctx.now);
    let terms = projects::terms(&mut conn).await?;
    let mut listings = projects::listing(&mut conn, &Filter::default()).await?;
    let standings = numbers::standings(&mut conn).await?;
    let carried_out = listings.iter().filter(|listing| listing.state == ProjectState::Completed).count();
    let (held, backers) = held_for(&listings, &standings);
    let stats = vec![
        (ctx.t("site-stat-projects"), count(&ctx, listings.len())),
        (ctx.t("site-stat-held"), ctx.euros(held)),
        (ctx.t("site-stat-backers"), count(&ctx, usize::try_from(backers).unwrap_or(0))),
        (ctx.t("site-stat-carried-out"), count(&ctx, carried_out)),
    ];
    sort(&mut listings, Sort::Closing, &rounds, &standings, ctx.lang, ctx.now);
    listings.truncate(FEW);
    let page = Home {
        selling: round.is_some_and(|round| round.sells_at(ctx.now)),
        days_left: round.map_or(0, |round| ctx.now.days_until(round.closes_at)),
        cards: cards(&ctx, &mut conn, &listings, &rounds, &terms, &standings).await?,
        as_of: ctx.t1("site-as-of", "moment", ctx.moment(ctx.now)),
        linked: linked::site(&ctx),
        stats,
        round,
        ctx: &ctx,
    };
    ctx.page(&page)
}

fn count(ctx: &Ctx, number: usize) -> String {
    grouped(u64::try_from(number).unwrap_or(0), ctx.lang)
}
