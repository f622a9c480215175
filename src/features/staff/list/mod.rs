//! The lists of the team: each is described as data and shown by one page and one file, so that search, order, columns, sums and pages work
//! the same everywhere. The file holds exactly what the page shows, on all its pages; taking it out is an entry of the log.

pub(super) mod audit;
pub(super) mod cases;
pub(super) mod disputes;
pub(super) mod kept;
pub(super) mod organisations;
pub(super) mod payments;
pub(super) mod people;
pub(super) mod pledges;
pub(super) mod projects;
pub(super) mod refunds;
pub(super) mod rounds;
pub(super) mod tranches;

use std::fmt::Display;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::features::desk::{Deed, View, bulk, views};
use crate::features::staff::audit::exported;
use crate::features::staff::{PER_PAGE, Pages};
use crate::features::users::guard::Staff;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Asked, Cell, Choice, Column, Field, Found, Head, Row, Shape, Wanted, address};
use crate::infra::web::{Answer, Ctx, Form};
use crate::infra::{Services, csv};

/// The most rows of a file.
const MOST_ROWS: i64 = 50_000;

/// A list of the team.
pub(super) trait List {
    /// Its word: the end of its address, the name of its file, and the list of the views that were kept of it.
    const KEY: &'static str;
    const TITLE: &'static str;
    const COLUMNS: &'static [Column];
    /// The usual order: the key of a column, and whether it falls.
    const ORDER: (&'static str, bool);

    /// What can be done to many of its rows.
    const DEEDS: &'static [Deed] = &[];

    /// What it can be narrowed down by.
    async fn fields(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Field>>;

    /// The rows that are wanted, each with a cell for every column.
    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found>;

    /// A page to go to at once, because exactly one thing was looked for.
    async fn only(_ctx: &Ctx, _conn: &mut Conn, _asked: &Asked) -> Result<Option<String>> {
        Ok(None)
    }

    /// What stands above the list.
    async fn lead(_ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// To whom its rows can be assigned: pairs of an id and a name, the viewer first.
    async fn targets(_ctx: &Ctx, _conn: &mut Conn, _staff: &Staff) -> Result<Vec<(String, String)>> {
        Ok(Vec::new())
    }

    /// Other pages that belong to it: texts and paths.
    fn links(_ctx: &Ctx, _staff: &Staff) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// The path of a list, without its language.
pub(super) fn path_of(key: &str) -> String {
    format!("/staff/{key}")
}

#[derive(Template)]
#[template(path = "staff/list.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    key: &'static str,
    title: String,
    lead: Vec<String>,
    links: Vec<(String, String)>,
    path: String,
    asked: &'a Asked,
    columns: &'static [Column],
    fields: &'a [Field],
    heads: Vec<Head>,
    found: &'a Found,
    pages: Pages,
    file_url: String,
    views: &'a [View],
    /// What the viewer may do to chosen rows: words and texts.
    deeds: Vec<(&'static str, String)>,
    /// To whom rows can be assigned.
    targets: Vec<(String, String)>,
    /// The list as it is shown, as a query.
    query: String,
}

impl ListPage<'_> {
    /// The cells of the columns that are shown.
    fn cells<'r>(&self, cells: &'r [Cell]) -> Vec<(&'r Cell, bool)> {
        let columns = self.columns.iter().zip(cells).filter(|(column, _)| self.asked.shows(column));
        columns.map(|(column, cell)| (cell, column.kind.is_number())).collect()
    }

    /// The sums under the list; none when no column with one is shown.
    fn sums(&self) -> Option<Vec<String>> {
        let shown: Vec<&Column> = self.columns.iter().filter(|column| self.asked.shows(column)).collect();
        if self.found.count == 0 || !shown.iter().any(|column| column.summed) {
            return None;
        }
        let sum = |column: &&Column| self.found.total(column).map(|cell| cell.shown(self.ctx)).unwrap_or_default();
        Some(shown.iter().skip(1).map(sum).collect())
    }

    fn url(&self, name: &str, value: &str) -> String {
        address(&self.path, &self.asked.query(self.columns, &[(name, value)]))
    }

    /// The choices of links that something is in, and the chosen one.
    fn choices<'f>(&self, field: &'f Field) -> Vec<&'f Choice> {
        let is_shown = |choice: &&Choice| choice.count != Some(0) || self.is_chosen(field, &choice.value);
        field.choices.iter().filter(is_shown).collect()
    }

    fn is_chosen(&self, field: &Field, value: &str) -> bool {
        self.asked.value(field.name) == value
    }

    fn total(&self, field: &Field) -> i64 {
        field.choices.iter().filter_map(|choice| choice.count).sum()
    }

    /// Whether the filters lie open.
    fn is_narrowed(&self) -> bool {
        let lies_there = |field: &&Field| [Shape::Select, Shape::Day].contains(&field.shape);
        self.fields.iter().filter(lies_there).any(|field| !self.asked.value(field.name).is_empty())
    }

    /// Rows can be chosen for a deed.
    fn can_bulk(&self) -> bool {
        !self.deeds.is_empty()
    }

    /// What the box before a row says.
    fn pick(&self, row: &Row) -> String {
        let name = row.cells.first().map(|cell| cell.shown(self.ctx)).unwrap_or_default();
        self.ctx.t2("bulk-pick", "name", name, "id", &row.id)
    }

    /// How many of the list one deed takes at most.
    fn bulk_count(&self) -> i64 {
        self.found.count.min(i64::try_from(bulk::MOST).unwrap_or(i64::MAX))
    }

    fn rename_error(&self, view: &View) -> Option<String> {
        self.form.error(&format!("name-{}", view.id))
    }

    fn view_url(&self, view: &View) -> String {
        address(&self.path, &view.query)
    }
}

/// Answers `/{lang}/staff/{list}`.
pub(super) async fn show<L: List>(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page::<L>(&ctx, &s, &staff, query.as_deref(), &Form::default(), StatusCode::OK).await
}

/// The list; with the form of its views, when it could not be kept as it was sent.
pub(super) async fn page<L: List>(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    query: Option<&str>,
    form: &Form,
    status: StatusCode,
) -> Answer {
    let mut conn = s.db.read().await?;
    let mut fields = L::fields(ctx, &mut conn).await?;
    let asked = Asked::read(query, L::COLUMNS, &fields, L::ORDER);
    if let Some(only) = L::only(ctx, &mut conn, &asked).await? {
        return Ok(ctx.redirect(&only));
    }
    let found = L::found(ctx, &mut conn, &asked.wanted(PER_PAGE, (asked.page - 1) * PER_PAGE)).await?;
    count(&mut fields, &found);
    let path = ctx.path(&path_of(L::KEY));
    let page = |number: i64| address(&path, &asked.query(L::COLUMNS, &[("page", &number.to_string())]));
    let pages = (found.count + PER_PAGE - 1).div_euclid(PER_PAGE).max(1);
    let query = asked.query(L::COLUMNS, &[]);
    let deeds = L::DEEDS.iter().filter(|deed| deed.roles().iter().any(|role| staff.has(*role)));
    let page = ListPage {
        form,
        deeds: deeds.map(|deed| (deed.as_str(), ctx.t(format!("bulk-deed-{deed}")))).collect(),
        targets: L::targets(ctx, &mut conn, staff).await?,
        key: L::KEY,
        title: ctx.t(L::TITLE),
        lead: L::lead(ctx, &mut conn).await?,
        links: L::links(ctx, staff),
        columns: L::COLUMNS,
        fields: &fields,
        heads: asked.heads(ctx, &path, L::COLUMNS),
        found: &found,
        pages: Pages {
            page: asked.page,
            pages,
            previous_url: (asked.page > 1).then(|| page(asked.page - 1)),
            next_url: (asked.page < pages).then(|| page(asked.page + 1)),
        },
        file_url: address(&format!("{path}.csv"), &query),
        views: &views::of(&mut conn, &staff.0.user.id, L::KEY).await?,
        asked: &asked,
        path,
        query,
        ctx,
    };
    ctx.page_with(status, &page)
}

/// Writes the counts of what was found beside the choices of the links.
fn count(fields: &mut [Field], found: &Found) {
    for choice in fields.iter_mut().filter(|field| field.shape == Shape::Links).flat_map(|field| &mut field.choices) {
        let count = found.counts.iter().find(|(word, _)| *word == choice.value).map(|(_, count)| *count);
        choice.count = Some(count.unwrap_or_default());
    }
}

/// Answers `/{lang}/staff/{list}.csv`.
pub(super) async fn file<L: List>(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    RawQuery(query): RawQuery,
) -> Answer {
    csv_of::<L>(&ctx, &s, &staff, query.as_deref()).await
}

pub(super) async fn csv_of<L: List>(ctx: &Ctx, s: &Services, staff: &Staff, query: Option<&str>) -> Answer {
    let mut conn = s.db.read().await?;
    let fields = L::fields(ctx, &mut conn).await?;
    let asked = Asked::read(query, L::COLUMNS, &fields, L::ORDER);
    let found = L::found(ctx, &mut conn, &asked.wanted(MOST_ROWS, 0)).await?;
    drop(conn);
    let shown = |column: &&Column| asked.shows(column);
    let heads: Vec<String> = L::COLUMNS.iter().filter(shown).map(|column| ctx.t(column.label)).collect();
    let mut text = csv::line(&heads);
    for row in &found.rows {
        let cells = L::COLUMNS.iter().zip(&row.cells).filter(|(column, _)| asked.shows(column));
        text.push_str(&csv::line(&cells.map(|(_, cell)| cell.plain(ctx)).collect::<Vec<_>>()));
    }
    exported(s, &staff.0.user.id, L::KEY, &asked.query(L::COLUMNS, &[])).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", L::KEY)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// Links for the states of a noun.
fn states<S: Display>(ctx: &Ctx, noun: &str, all: &[S]) -> Field {
    let choice =
        |state: &S| Choice { value: state.to_string(), text: ctx.t(format!("{noun}-state-{state}")), count: None };
    Field {
        name: "state",
        label: "staff-state",
        hint: "",
        shape: Shape::Links,
        choices: all.iter().map(choice).collect(),
        usual: "",
    }
}

/// How many are in each state, as the links want to know it.
fn counted<S: Display>(counts: impl IntoIterator<Item = (S, i64)>) -> Vec<(String, i64)> {
    counts.into_iter().map(|(state, count)| (state.to_string(), count)).collect()
}
