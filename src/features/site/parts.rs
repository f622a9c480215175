//! The further pages of a project: what its owner told, what was promised and counted, and its open books.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::projects::{ProjectState, actions as projects};
use crate::features::site::numbers::{self, Books, Figure, Update};
use crate::features::site::payouts::Payouts;
use crate::features::site::project::{Head, Part, Stand};
use crate::features::site::view::{Image, image};
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, markdown};

#[derive(Template)]
#[template(path = "site/updates.html")]
struct Updates<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    tabs: Vec<(String, String, bool)>,
    stand: Stand,
    updates: Vec<Update>,
    follow_url: String,
}

/// `/{lang}/projects/{slug}/updates`
pub async fn updates(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    let id = head.project.id.clone();
    let standing = numbers::standing(&mut conn, &id).await?;
    let page = Updates {
        tabs: head.tabs(&ctx, Part::Updates),
        stand: Stand::read(&ctx, &mut conn, &head, &standing).await?,
        updates: numbers::updates(&mut conn, &id).await?,
        follow_url: ctx.path(&format!("/projects/{}/follow", head.project.slug)),
        head: &head,
        ctx: &ctx,
    };
    ctx.page(&page)
}

#[derive(Template)]
#[template(path = "site/update.html")]
struct OneUpdate<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    tabs: Vec<(String, String, bool)>,
    update: &'a Update,
    image: Option<Image>,
    text: String,
    /// The language the text is in, when it is not the page's.
    text_lang: Option<&'static str>,
    older: Option<&'a Update>,
    newer: Option<&'a Update>,
}

/// `/{lang}/projects/{slug}/updates/{number}`
pub async fn update(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, slug, number)): Path<(String, String, String)>,
) -> Answer {
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    let all = numbers::updates(&mut conn, &head.project.id).await?;
    let at = all.iter().position(|update| update.number.to_string() == number).ok_or_else(Failure::not_found)?;
    let update = &all[at];
    let text_lang = update.lang_for(ctx.lang);
    let page = OneUpdate {
        tabs: head.tabs(&ctx, Part::Updates),
        image: image(&mut conn, update.picture_id.as_deref(), &update.picture_alt).await?,
        text: markdown::html(update.body(ctx.lang), 2),
        text_lang: (text_lang != ctx.lang).then(|| text_lang.code()),
        newer: at.checked_sub(1).and_then(|newer| all.get(newer)),
        older: all.get(at + 1),
        update,
        head: &head,
        ctx: &ctx,
    };
    ctx.page(&page)
}

/// A promise as a row: what, how much of it, and what was counted.
struct Row {
    name: String,
    unit: String,
    target: i64,
    due: String,
    share_percent: i64,
    /// What was counted last, or that nothing was.
    latest: String,
    /// Of the target, in whole percent, for the bar alone: a rounded count has no exact part. Nothing when it is not shown.
    percent: Option<i64>,
    /// What was counted in each wave; a dash where it was not.
    counts: Vec<String>,
}

fn row(ctx: &Ctx, figure: &Figure) -> Row {
    Row {
        name: figure.name(ctx.lang).to_owned(),
        unit: figure.unit(ctx.lang).to_owned(),
        target: figure.target,
        due: ctx.day(&figure.due_day),
        share_percent: figure.share_percent,
        latest: figure.shown_latest().map_or_else(|| ctx.t("site-not-counted"), |shown| shown.show(ctx.lang)),
        percent: figure
            .shown_latest()
            .and_then(|shown| shown.number())
            .map(|count| (count * 100 / figure.target.max(1)).min(100)),
        counts: figure
            .waves
            .iter()
            .map(|(_, _, count)| count.map_or_else(|| "-".to_owned(), |count| figure.shown(count).show(ctx.lang)))
            .collect(),
    }
}

#[derive(Template)]
#[template(path = "site/outcomes.html")]
struct Outcomes<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    tabs: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    /// The moments of measuring: which, and on what day.
    waves: Vec<(String, String)>,
    /// Closed without being carried out: then there is nothing to count.
    is_never_carried_out: bool,
}

/// `/{lang}/projects/{slug}/outcomes`
pub async fn outcomes(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    let figures = numbers::figures(&mut conn, &head.project.id).await?;
    let waves = figures.first().map_or(&[][..], |figure| &figure.waves);
    let page = Outcomes {
        tabs: head.tabs(&ctx, Part::Outcomes),
        rows: figures.iter().map(|figure| row(&ctx, figure)).collect(),
        waves: waves.iter().map(|(kind, day, _)| (ctx.t(format!("site-wave-{kind}")), ctx.day(day))).collect(),
        is_never_carried_out: matches!(head.project.state, ProjectState::Failed | ProjectState::Withdrawn),
        head: &head,
        ctx: &ctx,
    };
    ctx.page(&page)
}

#[derive(Template)]
#[template(path = "site/books.html")]
struct BooksPage<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    tabs: Vec<(String, String, bool)>,
    books: Books,
    payouts: Payouts,
    as_of: String,
}

/// `/{lang}/projects/{slug}/books`
pub async fn books(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    let page = BooksPage {
        tabs: head.tabs(&ctx, Part::Books),
        books: numbers::books(&mut conn, &head.project.id, &head.maker.id).await?,
        payouts: Payouts::read(&ctx, &mut conn, &head.project).await?,
        as_of: ctx.t1("site-as-of", "moment", ctx.moment(ctx.now)),
        head: &head,
        ctx: &ctx,
    };
    ctx.page(&page)
}

/// `/api/v1/projects/{slug}/books.csv`: whole cents, one line per day (Amsterdam's).
pub async fn books_csv(State(s): State<Services>, Path(slug): Path<String>) -> Answer {
    use axum::response::IntoResponse;
    let mut conn = s.db.read_public().await?;
    let project = projects::public_by_slug(&mut conn, &slug).await?.ok_or_else(Failure::not_found)?;
    let books = numbers::books(&mut conn, &project.id, &project.organisation_id).await?;
    // a round without a fee has the table without it
    let has_fee = books.has_platform_fees();
    let mut csv = String::from(
        "day,received_cents,released_cents,refunded_cents,fees_cents,disputed_cents,held_cents,matched_received_cents,\
         matched_released_cents,matched_returned_cents,matched_held_cents",
    );
    csv.push_str(if has_fee { ",platform_fees_cents" } else { "" });
    // likewise for results
    let has_results = books.has_results();
    csv.push_str(if has_results { ",results_cents,moved_cents\r\n" } else { "\r\n" });
    for day in &books.days {
        csv.push_str(&format!(
            "{},{},{},{},{},{},{},{},{},{},{}",
            day.day,
            day.received.0,
            day.released.0,
            day.refunded.0,
            day.fees.0,
            day.disputed.0,
            day.held.0,
            day.matched.received.0,
            day.matched.released.0,
            day.matched.returned.0,
            day.matched.held.0
        ));
        if has_fee {
            csv.push_str(&format!(",{}", day.platform_fees.0));
        }
        if has_results {
            csv.push_str(&format!(",{},{}", day.results.0, day.moved.0));
        }
        csv.push_str("\r\n");
    }
    let name = format!("attachment; filename=\"{slug}-books.csv\"");
    Ok(([("content-type", "text/csv; charset=utf-8"), ("content-disposition", name.as_str())], csv).into_response())
}
