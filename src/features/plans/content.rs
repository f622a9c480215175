//! The whole plan as one value: what a version keeps, what is compared, and what is looked through for gaps.

use serde::{Deserialize, Serialize};

use crate::features::plans::{Field, Step};
use crate::features::rounds::Round;
use crate::values::{Cents, Lang};

/// A text in both languages; either may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    pub nl: String,
    pub en: String,
}

impl Both {
    pub fn new(nl: &str, en: &str) -> Both {
        Both { nl: nl.to_owned(), en: en.to_owned() }
    }

    /// The text in this language, or the other one where it is empty.
    pub fn text(&self, lang: Lang) -> &str {
        let (own, other) = match lang {
            Lang::Nl => (&self.nl, &self.en),
            Lang::En => (&self.en, &self.nl),
        };
        if own.is_empty() { other } else { own }
    }

    fn is_whole(&self) -> bool {
        !self.nl.is_empty() && !self.en.is_empty()
    }
}

/// A term that was chosen: the word of its list, and its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    pub list: String,
    pub code: String,
}

/// An organisation of a joint plan, with its part of what is paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    pub name: String,
    pub share_percent: i64,
}

/// A line of the budget, in cents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub label: Both,
    pub minimum_cents: i64,
    pub full_cents: i64,
}

/// Money from elsewhere; `state` is a word of `FundingState`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funder {
    pub name: String,
    pub amount_cents: i64,
    pub state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The indicator's code.
    pub indicator: String,
    pub baseline: i64,
    pub target: i64,
    pub due_day: String,
    pub share_percent: i64,
    /// Less of the target than this gives nothing.
    #[serde(default)]
    pub floor_percent: i64,
    /// Of its share at most this.
    #[serde(default = "whole")]
    pub cap_percent: i64,
}

fn whole() -> i64 {
    100
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Danger {
    pub risk: Both,
    pub measure: Both,
}

/// Everything an owner writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub title: Both,
    pub aim: Both,
    pub text: Both,
    pub target_group: Both,
    pub contact: String,
    pub participants: i64,
    pub terms: Vec<Chosen>,
    /// Who carries it out together, when more than one does.
    #[serde(default)]
    pub partners: Vec<Partner>,
    pub latitude: String,
    pub longitude: String,
    /// A day; empty when it is not known yet.
    pub start_day: String,
    pub months: i64,
    pub planning: Vec<Both>,
    pub minimum_cents: i64,
    pub full_cents: i64,
    pub budget: Vec<Cost>,
    pub co_funding: Vec<Funder>,
    pub promises: Vec<Outcome>,
    pub risks: Vec<Danger>,
    pub team: Vec<Both>,
    pub picture_id: Option<String>,
    pub picture_alt: Both,
}

/// Something that keeps a plan from being handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// Not filled in; a text: not in both languages.
    Empty(Field),
    /// Shares of the promises sum to this and not to 100.
    Shares(i64),
    /// The project would start before its round has closed.
    StartsTooEarly,
    /// This promise is due before the project starts.
    DueTooEarly(String),
}

impl Gap {
    pub fn field(&self) -> Field {
        match self {
            Gap::Empty(field) => *field,
            Gap::Shares(_) | Gap::DueTooEarly(_) => Field::Promises,
            Gap::StartsTooEarly => Field::Start,
        }
    }

    pub fn step(&self) -> Option<Step> {
        self.field().step()
    }
}

impl Content {
    /// The codes chosen from a list.
    pub fn chosen(&self, list: &str) -> Vec<&str> {
        self.terms.iter().filter(|term| term.list == list).map(|term| term.code.as_str()).collect()
    }

    /// The sums of the budget: at least, and in full.
    pub fn sums(&self) -> (Cents, Cents) {
        let sum = |part: fn(&Cost) -> i64| Cents(self.budget.iter().map(part).sum());
        (sum(|cost| cost.minimum_cents), sum(|cost| cost.full_cents))
    }

    /// What shares of the promises sum to.
    pub fn shares(&self) -> i64 {
        self.promises.iter().map(|promise| promise.share_percent).sum()
    }

    /// What is missing for this round, in the order of the steps. A picture, a point on the map, tags, a legal basis and money from
    /// elsewhere need not be there.
    pub fn gaps(&self, round: &Round) -> Vec<Gap> {
        let listed = |list: &str| !self.chosen(list).is_empty();
        let filled = [
            (Field::Title, self.title.is_whole()),
            (Field::Aim, self.aim.is_whole()),
            (Field::TargetGroup, self.target_group.is_whole()),
            (Field::Text, self.text.is_whole()),
            (Field::Contact, !self.contact.is_empty()),
            (Field::Participants, self.participants > 0),
            (Field::Method, listed("method")),
            (Field::Sector, listed("sector")),
            (Field::Theme, listed("theme")),
            (Field::Track, listed("track")),
            (Field::Function, listed("function")),
            (Field::Area, listed("area")),
            (Field::Start, !self.start_day.is_empty()),
            (Field::Steps, !self.planning.is_empty()),
            (Field::Lines, !self.budget.is_empty()),
            (Field::Promises, !self.promises.is_empty()),
            (Field::Risks, !self.risks.is_empty()),
            (Field::Team, !self.team.is_empty()),
        ];
        let mut gaps: Vec<Gap> =
            filled.into_iter().filter(|(_, is_there)| !is_there).map(|(field, _)| Gap::Empty(field)).collect();
        if !self.start_day.is_empty() && self.start_day <= round.closes_at.day() {
            gaps.push(Gap::StartsTooEarly);
        }
        if !self.promises.is_empty() && self.shares() != 100 {
            gaps.push(Gap::Shares(self.shares()));
        }
        let early = self.promises.iter().filter(|promise| promise.due_day < self.start_day);
        gaps.extend(early.map(|promise| Gap::DueTooEarly(promise.indicator.clone())));
        gaps.sort_by_key(|gap| Step::ALL.iter().position(|step| gap.step() == Some(*step)));
        gaps
    }
}
