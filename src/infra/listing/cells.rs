//! What stands in a list: as a person reads it, and as a file holds it.

use crate::infra::listing::{Column, Kind, Wanted};
use crate::infra::web::Ctx;
use crate::values::text::folded;
use crate::values::{Cents, Rikx, Timestamp};

/// One cell.
#[derive(Debug, Clone)]
pub enum Cell {
    Empty,
    Text(String),
    /// An id or an account: set as code.
    Code(String),
    Link {
        text: String,
        url: String,
    },
    Amount(Option<Cents>),
    Rikx(Option<Rikx>),
    Number(i64),
    Moment(Option<Timestamp>),
    /// A state: the noun whose word it is, and the word.
    State(&'static str, String),
}

impl Cell {
    /// As a person reads it.
    pub fn shown(&self, ctx: &Ctx) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Code(text) | Cell::Link { text, .. } => text.clone(),
            Cell::Amount(amount) => amount.map(|amount| ctx.euros(amount)).unwrap_or_default(),
            Cell::Rikx(rikx) => rikx.map(|rikx| ctx.rikx(rikx)).unwrap_or_default(),
            Cell::Number(number) => number.to_string(),
            Cell::Moment(moment) => moment.map(|moment| ctx.brief(moment)).unwrap_or_default(),
            Cell::State(noun, word) => ctx.t(format!("{noun}-state-{word}")),
        }
    }

    /// As a file holds it: amounts with a point and no sign of the currency, moments in UTC.
    pub fn plain(&self, ctx: &Ctx) -> String {
        match self {
            Cell::Amount(amount) => amount.map(Cents::plain).unwrap_or_default(),
            Cell::Rikx(rikx) => rikx.map(Rikx::plain).unwrap_or_default(),
            Cell::Moment(moment) => moment.map(|moment| moment.to_string()).unwrap_or_default(),
            _ => self.shown(ctx),
        }
    }

    /// Where it belongs among others of its column.
    fn rank(&self) -> (i64, String) {
        match self {
            Cell::Empty => (i64::MIN, String::new()),
            Cell::Text(text) | Cell::Code(text) | Cell::Link { text, .. } => (0, folded(text)),
            Cell::State(_, word) => (0, word.clone()),
            Cell::Amount(amount) => (amount.map_or(i64::MIN, |amount| amount.0), String::new()),
            Cell::Rikx(rikx) => (rikx.map_or(i64::MIN, |rikx| rikx.0), String::new()),
            Cell::Number(number) => (*number, String::new()),
            Cell::Moment(moment) => (moment.map_or(i64::MIN, Timestamp::millis), String::new()),
        }
    }
}

/// A row: the id of the thing, and a cell for every column of the list, whether it is shown or not.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub cells: Vec<Cell>,
}

/// What was found: a part of the rows, how many there are in all, and sums over all of them by the key of their column.
#[derive(Debug, Default)]
pub struct Found {
    pub rows: Vec<Row>,
    pub count: i64,
    pub totals: Vec<(&'static str, Cell)>,
    /// How many there are for each choice of the links above the list, whichever is chosen.
    pub counts: Vec<(String, i64)>,
}

impl Found {
    /// Rows that were all read, put in order: for nouns of which there are never more than a few thousand.
    pub fn arranged(mut rows: Vec<Row>, columns: &[Column], wanted: &Wanted) -> Found {
        let totals = columns.iter().enumerate().filter(|(_, column)| column.summed);
        let totals = totals.map(|(place, column)| (column.key, total(&rows, place, column.kind))).collect();
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if let Some(place) = columns.iter().position(|column| column.key == wanted.order) {
            rows.sort_by_cached_key(|row| row.cells.get(place).map(Cell::rank));
            if wanted.descending {
                rows.reverse();
            }
        }
        let number = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let rows = rows.into_iter().skip(number(wanted.offset)).take(number(wanted.limit)).collect();
        Found { rows, count, totals, counts: Vec::new() }
    }

    pub fn total(&self, column: &Column) -> Option<&Cell> {
        self.totals.iter().find(|(key, _)| *key == column.key).map(|(_, cell)| cell)
    }
}

fn total(rows: &[Row], place: usize, kind: Kind) -> Cell {
    let cells = rows.iter().filter_map(|row| row.cells.get(place));
    let sum: i64 = cells
        .map(|cell| match cell {
            Cell::Amount(amount) => amount.map_or(0, |amount| amount.0),
            Cell::Rikx(rikx) => rikx.map_or(0, |rikx| rikx.0),
            Cell::Number(number) => *number,
            _ => 0,
        })
        .sum();
    match kind {
        Kind::Amount => Cell::Amount(Some(Cents(sum))),
        Kind::Rikx => Cell::Rikx(Some(Rikx(sum))),
        _ => Cell::Number(sum),
    }
}
