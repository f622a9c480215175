//! What is held about one person, as their nouns give it: parts of records of named fields. One form for the page that shows it and for the
//! file that can be taken along, so that both say the same.

use serde_json::{Map, Value as Json};

use crate::infra::texts::{exists, text};
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// A value of a field.
#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    /// A word of the program's lists; shown by the text `{prefix}-{word}` where there is one.
    Word {
        word: &'static str,
        prefix: &'static str,
    },
    Cents(Cents),
    Rikx(Rikx),
    Number(i64),
    Moment(Option<Timestamp>),
    Flag(bool),
}

/// One thing: a pledge, a letter, a sign-in.
#[derive(Debug, Clone, Default)]
pub struct Record(pub Vec<(&'static str, Value)>);

impl Record {
    pub fn new() -> Record {
        Record::default()
    }

    fn with(mut self, name: &'static str, value: Value) -> Record {
        self.0.push((name, value));
        self
    }

    #[must_use]
    pub fn text(self, name: &'static str, text: impl Into<String>) -> Record {
        self.with(name, Value::Text(text.into()))
    }

    #[must_use]
    pub fn word(self, name: &'static str, word: &'static str, prefix: &'static str) -> Record {
        self.with(name, Value::Word { word, prefix })
    }

    #[must_use]
    pub fn cents(self, name: &'static str, amount: Cents) -> Record {
        self.with(name, Value::Cents(amount))
    }

    #[must_use]
    pub fn rikx(self, name: &'static str, rikx: Rikx) -> Record {
        self.with(name, Value::Rikx(rikx))
    }

    #[must_use]
    pub fn number(self, name: &'static str, number: i64) -> Record {
        self.with(name, Value::Number(number))
    }

    #[must_use]
    pub fn moment(self, name: &'static str, moment: impl Into<Option<Timestamp>>) -> Record {
        self.with(name, Value::Moment(moment.into()))
    }

    #[must_use]
    pub fn flag(self, name: &'static str, flag: bool) -> Record {
        self.with(name, Value::Flag(flag))
    }

    fn json(&self) -> Json {
        let fields = self.0.iter().map(|(name, value)| ((*name).to_owned(), value.json()));
        Json::Object(fields.collect::<Map<String, Json>>())
    }
}

/// All records of one sort. Its name is a key of the file; the page calls it by the text `data-part-{name}`.
#[derive(Debug, Clone)]
pub struct Part {
    pub name: &'static str,
    pub records: Vec<Record>,
}

impl Part {
    pub fn of(name: &'static str, records: impl IntoIterator<Item = Record>) -> Part {
        Part { name, records: records.into_iter().collect() }
    }

    pub fn json(&self) -> Json {
        Json::Array(self.records.iter().map(Record::json).collect())
    }
}

impl Value {
    /// Amounts are whole cents, Rikx have two decimals, moments are RFC 3339 in UTC.
    fn json(&self) -> Json {
        match self {
            Value::Text(text) => Json::from(text.as_str()),
            Value::Word { word, .. } => Json::from(*word),
            Value::Cents(amount) => Json::from(amount.0),
            Value::Rikx(rikx) => Json::from(rikx.plain()),
            Value::Number(number) => Json::from(*number),
            Value::Moment(moment) => moment.map_or(Json::Null, |moment| Json::from(moment.to_string())),
            Value::Flag(flag) => Json::from(*flag),
        }
    }

    /// As a page shows it; empty when there is nothing.
    pub fn show(&self, lang: Lang) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Word { word, prefix } => {
                let keys = [format!("{prefix}-{word}"), format!("{prefix}-{}", word.replace('_', "-"))];
                keys.iter().find(|key| exists(lang, key)).map_or_else(|| (*word).to_owned(), |key| text(lang, key))
            }
            Value::Cents(amount) => amount.show(lang),
            Value::Rikx(rikx) => rikx.show(lang),
            Value::Number(number) => number.to_string(),
            Value::Moment(moment) => moment.map(|moment| moment.show_moment(lang)).unwrap_or_default(),
            Value::Flag(flag) => text(lang, if *flag { "data-yes" } else { "data-no" }),
        }
    }
}
