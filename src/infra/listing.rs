//! Lists whose address says what they show: what is looked for, in which order, with which columns, on which page.
//!
//! A list is described once, as data: its [`Column`]s and [`Field`]s. [`Asked`] is what an address asks of it; what is not understood is
//! left out and nothing is ever refused, so an old bookmark still opens. The noun reads its rows by a [`Wanted`]; the page, the
//! file and every link on the page are made from the same two, so that the file holds exactly what the page shows.

mod cells;

pub use cells::{Cell, Found, Row};

use std::collections::BTreeMap;

use crate::infra::web::Ctx;
use crate::values::time::read_day;

/// The most letters of what somebody looks for.
const LONGEST: usize = 100;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Amount,
    Rikx,
    Number,
    Moment,
    State,
}

impl Kind {
    /// Whether it is set to the right.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Amount | Kind::Rikx | Kind::Number)
    }

    /// Whether people look for the largest or newest first.
    fn falls(self) -> bool {
        self.is_number() || self == Kind::Moment
    }
}

/// A column: its word in the address, the key of its heading, and what it can do. The first one names the row and is always shown.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub key: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    /// The list can be put in its order.
    pub sorts: bool,
    /// Shown when the address says nothing of columns.
    pub usual: bool,
    /// Its sum stands under the list.
    pub summed: bool,
}

impl Column {
    /// A column that is shown and can be sorted by.
    pub const fn new(key: &'static str, label: &'static str, kind: Kind) -> Column {
        Column { key, label, kind, sorts: true, usual: true, summed: false }
    }

    /// The same, but not to sort by.
    pub const fn fixed(mut self) -> Column {
        self.sorts = false;
        self
    }

    /// The same, but shown only when it is chosen.
    pub const fn extra(mut self) -> Column {
        self.usual = false;
        self
    }

    /// The same with its sum under the list.
    pub const fn summed(mut self) -> Column {
        self.summed = true;
        self
    }
}

/// How a field of the form above a list looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Words to look for.
    Search,
    Select,
    /// Links with counts: one press and the list is another.
    Links,
    /// A day, as `2026-01-31`.
    Day,
}

/// Something a list can be narrowed down by.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    /// A text key; empty when there is none.
    pub hint: &'static str,
    pub shape: Shape,
    pub choices: Vec<Choice>,
    /// What counts when the address names nothing; empty: everything.
    pub usual: &'static str,
}

/// One of the choices of a field.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub text: String,
    pub count: Option<i64>,
}

impl Field {
    pub fn search(name: &'static str, label: &'static str, hint: &'static str) -> Field {
        Field { name, label, hint, shape: Shape::Search, choices: Vec::new(), usual: "" }
    }

    pub fn select(name: &'static str, label: &'static str, choices: Vec<(String, String)>) -> Field {
        let choices = choices.into_iter().map(|(value, text)| Choice { value, text, count: None }).collect();
        Field { name, label, hint: "", shape: Shape::Select, choices, usual: "" }
    }

    pub fn day(name: &'static str, label: &'static str) -> Field {
        Field { name, label, hint: "", shape: Shape::Day, choices: Vec::new(), usual: "" }
    }

    /// What an address says for this field, or what counts otherwise.
    fn read(&self, typed: &str) -> String {
        let known = match self.shape {
            Shape::Search => true,
            Shape::Day => read_day(typed).is_some(),
            Shape::Select | Shape::Links => self.choices.iter().any(|choice| choice.value == typed),
        };
        if known && !typed.is_empty() { typed.to_owned() } else { self.usual.to_owned() }
    }
}

/// What an address asks of a list.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of every field, by name; and what counts when nothing is said.
    values: BTreeMap<&'static str, (String, &'static str)>,
    order: &'static str,
    descending: bool,
    usual_order: (&'static str, bool),
    /// Keys in the order of the list; empty: the usual ones.
    chosen: Vec<&'static str>,
    /// From 1.
    pub page: i64,
}

/// What a noun is asked to read: filters by name, an order and a part of all rows.
#[derive(Debug, Clone)]
pub struct Wanted {
    values: BTreeMap<&'static str, String>,
    /// The key of a column.
    pub order: &'static str,
    pub descending: bool,
    pub limit: i64,
    pub offset: i64,
}

impl Wanted {
    /// What a field must be; empty when it does not matter.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// What is looked for, as a pattern in small letters in which its own signs stand for themselves; empty when nothing is.
    pub fn like(&self, name: &str) -> String {
        let typed = self.value(name).to_lowercase();
        if typed.is_empty() {
            return typed;
        }
        format!("%{}%", typed.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
    }
}

/// The heading of a column.
#[derive(Debug)]
pub struct Head {
    pub text: String,
    /// The list in the order of this column, or in the other direction.
    pub url: Option<String>,
    /// `ascending`, `descending`, or empty.
    pub sorted: &'static str,
    pub is_number: bool,
}

impl Asked {
    /// Reads a query.
    pub fn read(query: Option<&str>, columns: &[Column], fields: &[Field], usual_order: (&'static str, bool)) -> Asked {
        let (mut typed, mut named): (BTreeMap<String, String>, Vec<String>) = (BTreeMap::new(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if name == "columns" {
                named.extend(value.split(',').map(str::to_owned));
            } else {
                typed.insert(name.into_owned(), value.trim().chars().take(LONGEST).collect());
            }
        }
        let typed_of = |name: &str| typed.get(name).map_or("", String::as_str);
        let sort = typed_of("sort");
        let (key, descending) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
        let order = columns.iter().find(|column| column.sorts && column.key == key);
        let (order, descending) = order.map_or(usual_order, |column| (column.key, descending));
        let is_known = columns.iter().any(|column| named.iter().any(|name| name == column.key));
        let chosen = columns.iter().enumerate().filter(|(place, column)| {
            *place == 0 || if is_known { named.iter().any(|name| name == column.key) } else { column.usual }
        });
        Asked {
            values: fields.iter().map(|field| (field.name, (field.read(typed_of(field.name)), field.usual))).collect(),
            order,
            descending,
            usual_order,
            chosen: chosen.map(|(_, column)| column.key).collect(),
            page: typed_of("page").parse().unwrap_or(1).clamp(1, 1_000_000),
        }
    }

    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |(value, _)| value.as_str())
    }

    pub fn shows(&self, column: &Column) -> bool {
        self.chosen.contains(&column.key)
    }

    /// The word for the order in an address.
    pub fn sort(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.order)
    }

    /// What the noun is asked for: `limit` rows from `offset` on.
    pub fn wanted(&self, limit: i64, offset: i64) -> Wanted {
        let values = self.values.iter().map(|(name, (value, _))| (*name, value.clone())).collect();
        Wanted { values, order: self.order, descending: self.descending, limit, offset }
    }

    /// The same list as a query, changed in some places. An empty value takes a part out; the page stands in it only when it is given.
    pub fn query(&self, columns: &[Column], changes: &[(&str, &str)]) -> String {
        let changed =
            |name: &str| changes.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, (value, usual)) in &self.values {
            let value = changed(name).unwrap_or_else(|| value.clone());
            if !value.is_empty() && value != **usual {
                query.append_pair(name, &value);
            }
        }
        let usual = format!("{}{}", if self.usual_order.1 { "-" } else { "" }, self.usual_order.0);
        let sort = changed("sort").unwrap_or_else(|| self.sort());
        if !sort.is_empty() && sort != usual {
            query.append_pair("sort", &sort);
        }
        let is_usual = columns.iter().skip(1).all(|column| column.usual == self.shows(column));
        if !is_usual {
            query.append_pair("columns", &self.chosen.join(","));
        }
        if let Some(page) = changed("page").filter(|page| page != "1") {
            query.append_pair("page", &page);
        }
        query.finish()
    }

    /// The headings of the columns that are shown.
    pub fn heads(&self, ctx: &Ctx, path: &str, columns: &[Column]) -> Vec<Head> {
        let shown = columns.iter().filter(|column| self.shows(column));
        let heads = shown.map(|column| {
            let is_order = column.key == self.order;
            let falls = if is_order { !self.descending } else { column.kind.falls() };
            let sort = format!("{}{}", if falls { "-" } else { "" }, column.key);
            Head {
                text: ctx.t(column.label),
                url: column.sorts.then(|| address(path, &self.query(columns, &[("sort", &sort)]))),
                sorted: match (is_order, self.descending) {
                    (false, _) => "",
                    (true, false) => "ascending",
                    (true, true) => "descending",
                },
                is_number: column.kind.is_number(),
            }
        });
        heads.collect()
    }
}

/// A path with a query, which may be empty.
pub fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// One statement for each order of a list, all of them literals: the text of an address never becomes part of one. Rows that are alike
/// in the column are in the order of `$id`.
#[macro_export]
macro_rules! ordered {
    ($wanted:expr, $select:literal, $id:literal, $page:literal, $($key:literal => $by:literal),+ $(,)?) => {
        match ($wanted.order, $wanted.descending) {
            $(
                ($key, false) => concat!($select, " ORDER BY ", $by, ", ", $id, " ", $page),
                ($key, true) => concat!($select, " ORDER BY ", $by, " DESC, ", $id, " DESC ", $page),
            )+
            (_, false) => concat!($select, " ORDER BY ", $id, " ", $page),
            (_, true) => concat!($select, " ORDER BY ", $id, " DESC ", $page),
        }
    };
}

#[cfg(test)]
mod tests;
