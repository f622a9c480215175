//! All rounds, and one round: its dates, its rule, and its projects with how they stand or ended.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::projects::{Filter, Listing, ProjectState, actions as projects};
use crate::features::rounds::{Round, actions as rounds};
use crate::features::site::filter::{Sort, sort};
use crate::features::site::numbers;
use crate::features::site::view::{amount_text, countdown, extended, shown_state};
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, markdown};
use crate::values::Cents;

/// How the projects of a round stand or ended.
struct Tally {
    projects: usize,
    /// Funded, being carried out, or carried out.
    going: usize,
    carried_out: usize,
    /// Closed without reaching the threshold.
    failed: usize,
}

fn tally<'a>(listings: impl Iterator<Item = &'a Listing>) -> Tally {
    let mut tally = Tally { projects: 0, going: 0, carried_out: 0, failed: 0 };
    for listing in listings {
        tally.projects += 1;
        match listing.state {
            ProjectState::Funded | ProjectState::Running | ProjectState::Reporting => tally.going += 1,
            ProjectState::Completed => tally.carried_out += 1,
            ProjectState::Failed => tally.failed += 1,
            _ => {}
        }
    }
    tally
}

#[derive(Template)]
#[template(path = "site/rounds.html")]
struct All<'a> {
    ctx: &'a Ctx,
    rounds: Vec<(Round, Tally)>,
}

/// `/{lang}/rounds`
pub async fn all(ctx: Ctx, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let listings = projects::listing(&mut conn, &Filter::default()).await?;
    let rounds = rounds::all(&mut conn).await?.into_iter().map(|round| {
        let tally = tally(listings.iter().filter(|listing| listing.round_id == round.id));
        (round, tally)
    });
    ctx.page(&All { rounds: rounds.collect(), ctx: &ctx })
}

/// A project as a row of its round.
struct Row {
    slug: String,
    title: String,
    state: &'static str,
    held_text: String,
    threshold_text: String,
    /// Of the threshold, in whole percent; more than 100 shows as 100 on the bar.
    percent: i64,
    backers: i64,
}

#[derive(Template)]
#[template(path = "site/round.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    round: &'a Round,
    countdown: Option<String>,
    /// That it closes later than it first said, and why.
    extended: Option<(String, String)>,
    rule: String,
    /// What becomes of result money that is not earned.
    remainder: String,
    rows: Vec<Row>,
    held: Cents,
    as_of: String,
}

/// `/{lang}/rounds/{number}`
pub async fn show(ctx: Ctx, State(s): State<Services>, Path((_, number)): Path<(String, String)>) -> Answer {
    let number: i64 = number.parse().map_err(|_| Failure::not_found())?;
    let mut conn = s.db.read_public().await?;
    let round = rounds::by_number(&mut conn, number).await?.ok_or_else(Failure::not_found)?;
    let filter = Filter { round_id: round.id.clone(), ..Filter::default() };
    let mut listings = projects::listing(&mut conn, &filter).await?;
    let standings = numbers::standings(&mut conn).await?;
    let rounds = std::slice::from_ref(&round);
    sort(&mut listings, Sort::Title, rounds, &standings, ctx.lang, ctx.now);
    let rows: Vec<Row> = listings
        .iter()
        .map(|listing| {
            let standing = standings.get(&listing.id).cloned().unwrap_or_default();
            let threshold = listing.threshold.price(round.unit_price_eur).unwrap_or_default();
            Row {
                slug: listing.slug.clone(),
                title: listing.title(ctx.lang).to_owned(),
                state: shown_state(listing.state, &round, &standing, ctx.now),
                held_text: ctx.euros(standing.held),
                threshold_text: amount_text(&ctx, threshold, round.unit_price_eur),
                percent: standing.held.0 * 100 / threshold.0.max(1),
                backers: standing.backers,
            }
        })
        .collect();
    let page = Show {
        countdown: countdown(&ctx, &round),
        extended: extended(&ctx, &mut conn, &round).await?,
        rule: markdown::html(round.rule(ctx.lang), 1),
        remainder: numbers::remainder(&ctx, &mut conn, &round).await?,
        held: listings.iter().filter_map(|listing| standings.get(&listing.id)).map(|standing| standing.held).sum(),
        as_of: ctx.t1("site-as-of", "moment", ctx.moment(ctx.now)),
        rows,
        round: &round,
        ctx: &ctx,
    };
    ctx.page(&page)
}
