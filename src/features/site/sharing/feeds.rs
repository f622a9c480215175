//! News to subscribe to (Atom, RFC 4287): all projects, and the updates of one.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse;

use super::lang_of;
use crate::features::organisations::actions as organisations;
use crate::features::projects::{Filter, Project, actions as projects};
use crate::features::rounds::actions as rounds;
use crate::features::site::numbers;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, markdown};
use crate::values::Timestamp;

/// The newest so many.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "sharing/feed.xml")]
struct Feed<'a> {
    ctx: &'a Ctx,
    title: String,
    /// The whole address of this feed, and of the page it is about.
    own_url: String,
    page_url: String,
    updated: Timestamp,
    entries: Vec<Entry>,
}

struct Entry {
    url: String,
    title: String,
    updated: Timestamp,
    author: String,
    /// HTML.
    text: String,
}

/// `/feeds/projects.atom` and `/feeds/{slug}.atom`; `?lang=en` for English.
pub async fn show(State(s): State<Services>, Path(file): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let name = file.strip_suffix(".atom").ok_or_else(Failure::not_found)?;
    let lang = lang_of(query.as_deref());
    let ctx = Ctx::new(&s, lang, &format!("/{lang}"), None);
    let mut conn = s.db.read_public().await?;
    let own_url = s.url(&format!("/feeds/{name}.atom?lang={lang}"));
    let feed = if name == "projects" {
        let entries = of_projects(&ctx, &mut conn).await?;
        let title = format!("Drempel: {}", ctx.t("nav-projects"));
        feed(&ctx, title, own_url, s.url(&ctx.path("/projects")), entries)
    } else {
        let project = projects::public_by_slug(&mut conn, name).await?.ok_or_else(Failure::not_found)?;
        let title = format!("{}: {}", ctx.t("site-part-updates"), project.title(lang));
        let page_url = s.url(&ctx.path(&format!("/projects/{name}")));
        let entries = of_updates(&ctx, &mut conn, &project).await?;
        feed(&ctx, title, own_url, page_url, entries)
    };
    let text = feed.render().map_err(Failure::broken)?;
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], text).into_response())
}

fn feed(ctx: &Ctx, title: String, own_url: String, page_url: String, entries: Vec<Entry>) -> Feed<'_> {
    // a feed without news is as old as time, so that a reader does not take it for new each time
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or_else(|| Timestamp::from_millis(0));
    Feed { ctx, title, own_url, page_url, updated, entries }
}

/// Projects from the moment at which one can pledge for them.
async fn of_projects(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Entry>> {
    let rounds = rounds::all(conn).await?;
    let listings = projects::listing(conn, &Filter::default()).await?;
    let makers = organisations::by_ids(conn, listings.iter().map(|one| one.organisation_id.as_str())).await?;
    let mut entries: Vec<Entry> = listings
        .iter()
        .filter_map(|listing| {
            let round = rounds.iter().find(|round| round.id == listing.round_id)?;
            (round.selling_at <= ctx.now).then(|| Entry {
                url: format!("{}{}", ctx.public_url, ctx.path(&format!("/projects/{}", listing.slug))),
                title: listing.title(ctx.lang).to_owned(),
                updated: round.selling_at,
                author: makers.get(&listing.organisation_id).map(|maker| maker.name.clone()).unwrap_or_default(),
                text: markdown::html(listing.aim(ctx.lang), 1),
            })
        })
        .collect();
    entries.sort_by_key(|entry| (std::cmp::Reverse(entry.updated), entry.url.clone()));
    entries.truncate(MOST);
    Ok(entries)
}

async fn of_updates(ctx: &Ctx, conn: &mut Conn, project: &Project) -> Result<Vec<Entry>> {
    let author = organisations::get(conn, &project.organisation_id).await?.name;
    let updates = numbers::updates(conn, &project.id).await?;
    let entry = |update: &numbers::Update| Entry {
        url: format!(
            "{}{}",
            ctx.public_url,
            ctx.path(&format!("/projects/{}/updates/{}", project.slug, update.number))
        ),
        title: update.title(ctx.lang).to_owned(),
        updated: update.published_at.unwrap_or(update.created_at),
        author: author.clone(),
        text: markdown::html(update.body(ctx.lang), 1),
    };
    Ok(updates.iter().take(MOST).map(entry).collect())
}
