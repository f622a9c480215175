//! The further pages of a project: what its owner told, and its open books. Its results are in `outcomes`.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::projects::actions as projects;
use crate::features::site::numbers::{self, Books, Update};
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
