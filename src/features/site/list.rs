//! The list of projects: a form of filters that works by its address alone.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::features::projects::{Listing, ProjectState, Term, TermKind, actions as projects};
use crate::features::rounds::{Round, actions as rounds};
use crate::features::site::filter::{self, Sort, Wanted};
use crate::features::site::map::{self, Map};
use crate::features::site::numbers::{self, Standing};
use crate::features::site::view::{Card, cards};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx};

/// Projects on a page.
const PER_PAGE: usize = 12;

/// A list to choose from: the field's name, the key of its label, and (value, text, chosen).
struct Choice {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String, bool)>,
}

/// Where the neighbours of a page are.
pub struct Pager {
    pub page: usize,
    pub pages: usize,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
}

#[derive(Template)]
#[template(path = "site/projects.html")]
struct Projects<'a> {
    ctx: &'a Ctx,
    wanted: &'a Wanted,
    choices: Vec<Choice>,
    sorts: Vec<Choice>,
    /// What was chosen, each with the address of the list without it.
    chips: Vec<(String, String)>,
    cards: Vec<Card>,
    total: usize,
    pager: Pager,
    /// The same as a map, where that is asked for.
    map: Option<Map>,
    /// This list, and this list as a map.
    list_url: String,
    map_url: String,
}

/// `/{lang}/projects`
pub async fn show(ctx: Ctx, State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let wanted = Wanted::parse(query.as_deref(), PER_PAGE);
    let wanted = Wanted { per_page: PER_PAGE, ..wanted };
    let mut conn = s.db.read_public().await?;
    let rounds = rounds::all(&mut conn).await?;
    let terms = projects::terms(&mut conn).await?;
    let standings = numbers::standings(&mut conn).await?;
    let found = find(&mut conn, &ctx, &wanted, &rounds, &standings).await?;
    let (some, page, pages) = filter::page_of(&found, wanted.page, PER_PAGE);
    let address = |page: usize| match wanted.query(page).as_str() {
        "" => ctx.path("/projects"),
        query => ctx.path(&format!("/projects?{query}")),
    };
    let is_map = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes())
        .any(|(name, value)| name == "view" && value == "map");
    let list_url = address(1);
    let sign = if list_url.contains('?') { '&' } else { '?' };
    let pager = Pager {
        page,
        pages,
        previous_url: (page > 1).then(|| address(page - 1)),
        next_url: (page < pages).then(|| address(page + 1)),
    };
    let cards = cards(&ctx, &mut conn, some, &rounds, &terms, &standings).await?;
    let choices = choices(&ctx, &wanted, &rounds, &terms);
    let page = Projects {
        chips: chips(&ctx, &wanted, &choices, is_map),
        map: if is_map { Some(map::read(&ctx, &mut conn, &found, &terms).await?) } else { None },
        map_url: format!("{list_url}{sign}view=map"),
        list_url,
        choices,
        sorts: vec![sorts(&ctx, &wanted)],
        total: found.len(),
        cards,
        pager,
        wanted: &wanted,
        ctx: &ctx,
    };
    ctx.page(&page)
}

/// All projects that are wanted, in the wanted order.
pub async fn find(
    conn: &mut Conn,
    ctx: &Ctx,
    wanted: &Wanted,
    rounds: &[Round],
    standings: &HashMap<String, Standing>,
) -> Result<Vec<Listing>> {
    let Some(filter) = wanted.filter(rounds) else { return Ok(Vec::new()) };
    let mut found = projects::listing(conn, &filter).await?;
    filter::sort(&mut found, wanted.sort, rounds, standings, ctx.lang, ctx.now);
    Ok(found)
}

fn choices(ctx: &Ctx, wanted: &Wanted, rounds: &[Round], terms: &[Term]) -> Vec<Choice> {
    let states = [
        ProjectState::Listed,
        ProjectState::NearMiss,
        ProjectState::Funded,
        ProjectState::Running,
        ProjectState::Reporting,
        ProjectState::Completed,
        ProjectState::Failed,
        ProjectState::Withdrawn,
        ProjectState::Terminated,
    ];
    let status = states
        .into_iter()
        .map(|state| (state.to_string(), ctx.t(format!("project-state-{state}")), wanted.status == state.as_str()));
    let round = rounds.iter().map(|round| {
        let number = round.number.to_string();
        (number.clone(), round.title(ctx.lang).to_owned(), wanted.round == number)
    });
    let of = |name, label, kind, chosen: &str| Choice {
        name,
        label,
        options: terms
            .iter()
            .filter(|term| term.kind == kind)
            .map(|term| (term.code.clone(), term.name(ctx.lang).to_owned(), term.code == chosen))
            .collect(),
    };
    vec![
        Choice { name: "status", label: "site-status", options: status.collect() },
        of("area", "site-area", TermKind::Area, &wanted.area),
        of("sector", "site-sector", TermKind::Sector, &wanted.sector),
        of("theme", "site-theme", TermKind::Theme, &wanted.theme),
        of("method", "site-method", TermKind::Method, &wanted.method),
        of("tag", "site-tag", TermKind::Tag, &wanted.tag),
        Choice { name: "round", label: "site-round", options: round.collect() },
    ]
}

/// What was chosen in words, each with the address of the list without it; a map stays a map.
fn chips(ctx: &Ctx, wanted: &Wanted, choices: &[Choice], is_map: bool) -> Vec<(String, String)> {
    let text = |name: &str, value: &str| {
        let options = choices.iter().find(|choice| choice.name == name).into_iter().flat_map(|choice| &choice.options);
        let known = options.filter(|(code, ..)| code == value).map(|(_, text, _)| text.clone()).next();
        match name {
            "round" => ctx.t1("site-round-of", "round", value),
            "q" => format!("\u{201c}{value}\u{201d}"),
            _ => known.unwrap_or_else(|| value.to_owned()),
        }
    };
    let address = |name: &str| {
        let queries = [wanted.without(name).query(1), if is_map { "view=map".to_owned() } else { String::new() }];
        let query = queries.into_iter().filter(|query| !query.is_empty()).collect::<Vec<_>>().join("&");
        ctx.path(&if query.is_empty() { "/projects".to_owned() } else { format!("/projects?{query}") })
    };
    wanted.chosen().into_iter().map(|(name, value)| (text(name, value), address(name))).collect()
}

fn sorts(ctx: &Ctx, wanted: &Wanted) -> Choice {
    let options = Sort::ALL
        .iter()
        .map(|sort| (sort.to_string(), ctx.t(format!("site-sort-{sort}")), *sort == wanted.sort))
        .collect();
    Choice { name: "sort", label: "site-sort", options }
}
