//! What belongs to a project beside its own row: terms of the lists, planning, budget, partners; and how projects are looked up.

use sqlx::FromRow;

use crate::features::projects::{Project, ProjectState, Texts};
use crate::values::text::folded;
use crate::values::{Cents, Lang, Rikx};

crate::words! {
    /// The lists that staff edit.
    pub enum TermKind {
        Method = "method",
        Sector = "sector",
        Theme = "theme",
        Tag = "tag",
        Area = "area",
        Track = "track",
        Function = "function",
        LegalBasis = "legal_basis",
    }
}

/// One entry of a list.
#[derive(Debug, Clone, FromRow)]
pub struct Term {
    pub kind: TermKind,
    pub code: String,
    pub name_nl: String,
    pub name_en: String,
}

impl Term {
    pub fn name(&self, lang: Lang) -> &str {
        super::pick(lang, &self.name_nl, &self.name_en)
    }
}

/// One step of the planning, in order.
#[derive(Debug, Clone, FromRow)]
pub struct PlanningStep {
    pub text_nl: String,
    pub text_en: String,
}

impl PlanningStep {
    pub fn text(&self, lang: Lang) -> &str {
        super::pick(lang, &self.text_nl, &self.text_en)
    }
}

/// What the money is for: with the threshold alone, and with the whole impact value.
#[derive(Debug, Clone, FromRow)]
pub struct BudgetLine {
    pub label_nl: String,
    pub label_en: String,
    pub minimum_cents: Cents,
    pub full_cents: Cents,
}

impl BudgetLine {
    pub fn label(&self, lang: Lang) -> &str {
        super::pick(lang, &self.label_nl, &self.label_en)
    }
}

/// An organisation that carries a project out together with its maker. `share_percent` is its part of a payout, 0 for none.
#[derive(Debug, Clone, FromRow)]
pub struct Partner {
    pub organisation_id: String,
    pub share_percent: i64,
}

/// A project as a list needs it: without its long texts.
#[derive(Debug, Clone, FromRow)]
pub struct Listing {
    pub id: String,
    pub slug: String,
    pub number: i64,
    pub organisation_id: String,
    pub round_id: String,
    pub state: ProjectState,
    pub title_nl: String,
    pub title_en: String,
    pub aim_nl: String,
    pub aim_en: String,
    pub participants_target: i64,
    #[sqlx(rename = "impact_hundredths")]
    pub impact: Rikx,
    #[sqlx(rename = "threshold_hundredths")]
    pub threshold: Rikx,
    pub start_day: String,
    pub months: i64,
    pub picture_id: Option<String>,
    pub picture_alt_nl: String,
    pub picture_alt_en: String,
    pub example: i16,
    /// The code of one of its areas.
    pub area: Option<String>,
}

impl Listing {
    pub fn title(&self, lang: Lang) -> &str {
        super::pick(lang, &self.title_nl, &self.title_en)
    }

    pub fn aim(&self, lang: Lang) -> &str {
        super::pick(lang, &self.aim_nl, &self.aim_en)
    }
}

/// How many words of a search are looked at; the rest is ignored.
pub const MOST_WORDS: usize = 6;

/// Which public projects are wanted. An empty text does not filter; all that are filled in must match.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words as typed; each must occur. At most [`MOST_WORDS`] are used.
    pub words: Vec<String>,
    pub sector: String,
    pub method: String,
    pub theme: String,
    pub tag: String,
    pub area: String,
    /// A word of [`ProjectState`].
    pub state: String,
    pub round_id: String,
    /// Its maker or one of its partners.
    pub organisation_id: String,
    pub coalition_id: String,
}

/// A project with all that belongs to it, as it is written the first time.
#[derive(Debug, Clone)]
pub struct NewProject {
    pub project: Project,
    pub terms: Vec<(TermKind, String)>,
    pub planning: Vec<PlanningStep>,
    pub budget: Vec<BudgetLine>,
    pub partners: Vec<Partner>,
    /// See [`search_text`].
    pub search_text: String,
}

/// What a project is found by: its texts in both languages, its maker and its terms, folded. Everything that writes a project
/// writes this with it.
pub fn search_text(texts: &Texts, organisation: &str, terms: &[&Term]) -> String {
    let mut parts = vec![
        texts.title_nl.as_str(),
        &texts.title_en,
        organisation,
        &texts.aim_nl,
        &texts.aim_en,
        &texts.target_group_nl,
        &texts.target_group_en,
        &texts.text_nl,
        &texts.text_en,
    ];
    for term in terms {
        parts.extend([term.name_nl.as_str(), term.name_en.as_str()]);
    }
    folded(&parts.join("\n"))
}
