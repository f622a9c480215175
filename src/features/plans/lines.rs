//! A plan in words: one line per field, and what differs between two versions.

use crate::features::outcomes::{Indicator, Shape, actions as outcomes};
use crate::features::plans::compare::{self, Piece};
use crate::features::plans::content::{Both, Content};
use crate::features::plans::{Field, field_name};
use crate::features::projects::{Term, actions as projects};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::texts::{text, text_with};
use crate::values::time::show_stored_day;
use crate::values::{Cents, Lang};

/// What the codes of a plan are called.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub terms: Vec<Term>,
    pub indicators: Vec<Indicator>,
}

impl Names {
    pub async fn read(conn: &mut Conn) -> Result<Names> {
        Ok(Names { terms: projects::terms(conn).await?, indicators: outcomes::indicators(conn).await? })
    }

    fn term(&self, list: &str, code: &str, lang: Lang) -> String {
        let term = self.terms.iter().find(|term| term.kind.as_str() == list && term.code == code);
        term.map_or_else(|| code.to_owned(), |term| term.name(lang).to_owned())
    }

    fn shape(&self, code: &str) -> Shape {
        self.indicators.iter().find(|indicator| indicator.code == code).map_or(Shape::Count, |found| found.shape)
    }

    pub fn indicator(&self, code: &str, lang: Lang) -> String {
        match (self.indicators.iter().find(|indicator| indicator.code == code), lang) {
            (Some(indicator), Lang::Nl) => indicator.name_nl.clone(),
            (Some(indicator), Lang::En) => indicator.name_en.clone(),
            (None, _) => code.to_owned(),
        }
    }
}

/// One field of a plan, as people read it. A text that is written in both languages has a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub field: Field,
    /// The language it is written in, when it is written in both.
    pub written_in: Option<Lang>,
    /// Empty when nothing was filled in; may have several lines.
    pub text: String,
}

impl Line {
    /// What it is called: `Aim (Dutch)`.
    pub fn name(&self, lang: Lang) -> String {
        match self.written_in {
            None => field_name(lang, self.field),
            Some(written) => {
                format!("{} ({})", field_name(lang, self.field), text(lang, &format!("plans-in-{}", written.code())))
            }
        }
    }
}

/// A field in which two versions differ.
#[derive(Debug, Clone)]
pub struct Difference {
    pub line: Line,
    pub was: String,
    /// Old and new text in one, word by word.
    pub pieces: Vec<Piece>,
}

/// The whole plan in the order of its steps.
pub fn lines(content: &Content, names: &Names, lang: Lang) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut both = |field: Field, text: &Both| {
        lines.push(Line { field, written_in: Some(Lang::Nl), text: text.nl.clone() });
        lines.push(Line { field, written_in: Some(Lang::En), text: text.en.clone() });
    };
    both(Field::Title, &content.title);
    both(Field::Aim, &content.aim);
    both(Field::TargetGroup, &content.target_group);
    both(Field::Text, &content.text);
    let mut one = |field: Field, text: String| lines.push(Line { field, written_in: None, text });
    one(Field::Contact, content.contact.clone());
    one(Field::Participants, if content.participants > 0 { content.participants.to_string() } else { String::new() });
    let lists = [
        (Field::Method, "method"),
        (Field::Sector, "sector"),
        (Field::Theme, "theme"),
        (Field::Tag, "tag"),
        (Field::Track, "track"),
        (Field::Function, "function"),
        (Field::LegalBasis, "legal_basis"),
        (Field::Area, "area"),
    ];
    for (field, list) in lists {
        let chosen: Vec<String> = content.chosen(list).into_iter().map(|code| names.term(list, code, lang)).collect();
        one(field, chosen.join(", "));
    }
    one(Field::Partners, rows(content.partners.iter().map(|one| format!("{}, {}%", one.name, one.share_percent))));
    let point = [content.latitude.as_str(), &content.longitude].join(", ");
    one(Field::Point, if content.latitude.is_empty() { String::new() } else { point });
    one(Field::Start, show_stored_day(&content.start_day, lang));
    one(Field::Months, content.months.to_string());
    one(Field::Steps, rows(content.planning.iter().map(|step| pair(step, lang))));
    let asked = [("amount", Cents(content.minimum_cents).show(lang)), ("full", Cents(content.full_cents).show(lang))];
    one(Field::Asked, text_with(lang, "plans-says-asked", &asked));
    one(Field::Lines, costs(content, lang));
    one(Field::CoFunding, funders(content, lang));
    one(Field::Promises, promises(content, names, lang));
    let risks = content.risks.iter().map(|risk| format!("{} → {}", pair(&risk.risk, lang), pair(&risk.measure, lang)));
    one(Field::Risks, rows(risks));
    one(Field::Team, rows(content.team.iter().map(|function| pair(function, lang))));
    one(Field::Picture, if content.picture_id.is_some() { pair(&content.picture_alt, lang) } else { String::new() });
    lines
}

/// What differs between two versions, in the order of the steps.
pub fn differences(old: &Content, new: &Content, names: &Names, lang: Lang) -> Vec<Difference> {
    let pairs = lines(old, names, lang).into_iter().zip(lines(new, names, lang));
    let mut found = Vec::new();
    for (was, mut is) in pairs {
        if is.field == Field::Picture && was.text == is.text && old.picture_id != new.picture_id {
            is.text = format!("{} ({})", is.text, text(lang, "plans-other-picture"));
        }
        if was.text != is.text {
            found.push(Difference { pieces: compare::words(&was.text, &is.text), was: was.text, line: is });
        }
    }
    found
}

fn rows(texts: impl Iterator<Item = String>) -> String {
    texts.map(|text| format!("- {text}")).collect::<Vec<_>>().join("\n")
}

/// The text in the reader's language with the other one behind it.
fn pair(both: &Both, lang: Lang) -> String {
    let other = match lang {
        Lang::Nl => &both.en,
        Lang::En => &both.nl,
    };
    let own = both.text(lang);
    if other.is_empty() || other == own { own.to_owned() } else { format!("{own} / {other}") }
}

fn costs(content: &Content, lang: Lang) -> String {
    rows(content.budget.iter().map(|cost| {
        let args = [
            ("label", pair(&cost.label, lang)),
            ("amount", Cents(cost.minimum_cents).show(lang)),
            ("full", Cents(cost.full_cents).show(lang)),
        ];
        text_with(lang, "plans-says-line", &args)
    }))
}

fn funders(content: &Content, lang: Lang) -> String {
    rows(content.co_funding.iter().map(|funder| {
        let state = text(lang, &format!("plans-funding-{}", funder.state));
        format!("{}: {} ({state})", funder.name, Cents(funder.amount_cents).show(lang))
    }))
}

fn promises(content: &Content, names: &Names, lang: Lang) -> String {
    rows(content.promises.iter().map(|promise| {
        let shape = names.shape(&promise.indicator);
        let args = [
            ("name", names.indicator(&promise.indicator, lang)),
            ("baseline", shape.show(promise.baseline, lang)),
            ("target", shape.show(promise.target, lang)),
            ("day", show_stored_day(&promise.due_day, lang)),
            ("share", promise.share_percent.to_string()),
        ];
        let mut says = text_with(lang, "plans-says-promise", &args);
        for (key, percent, usual) in
            [("plans-says-floor", promise.floor_percent, 0), ("plans-says-cap", promise.cap_percent, 100)]
        {
            if percent != usual {
                says.push_str(&text_with(lang, key, &[("percent", percent.to_string())]));
            }
        }
        says
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_differ_in_the_fields_that_were_changed_and_in_no_other() {
        let old = Content { title: Both::new("Kas", "Greenhouse"), participants: 20, months: 12, ..Content::default() };
        let new = Content { title: Both::new("Kas", "Glasshouse"), participants: 25, ..old.clone() };
        let found = differences(&old, &new, &Names::default(), Lang::En);
        let told: Vec<_> =
            found.iter().map(|d| (d.line.field, d.line.written_in, d.was.as_str(), d.line.text.as_str())).collect();
        let expected =
            [(Field::Title, Some(Lang::En), "Greenhouse", "Glasshouse"), (Field::Participants, None, "20", "25")];
        assert_eq!(told, expected);
        let picture = |id: &str| Content {
            picture_id: Some(id.to_owned()),
            picture_alt: Both::new("Een kas", ""),
            ..old.clone()
        };
        let found = differences(&picture("fil_1"), &picture("fil_2"), &Names::default(), Lang::Nl);
        assert_eq!(found.len(), 1, "another picture with the same words is a change");
        assert!(differences(&old, &old, &Names::default(), Lang::Nl).is_empty());
    }
}
