//! Organisations: makers that own projects, companies that buy, partners; their members; and coalitions of several.

pub mod actions;
mod store;

use sqlx::FromRow;

use crate::values::Lang;

crate::words! {
    pub enum OrganisationKind {
        Maker = "maker",
        Company = "company",
        Partner = "partner",
    }
}

crate::words! {
    /// What a member may do. An owner may do everything, an editor texts and updates, a bookkeeper sees the money.
    pub enum MemberRole {
        Owner = "owner",
        Editor = "editor",
        Bookkeeper = "bookkeeper",
    }
}

impl MemberRole {
    /// Whether this member may change texts, pictures, updates and figures.
    pub fn may_edit(self) -> bool {
        matches!(self, MemberRole::Owner | MemberRole::Editor)
    }
}

crate::words! {
    pub enum CoalitionKind {
        /// An ordered chain of steps: produce, distribute, cook and serve.
        Chain = "chain",
        /// Organisations that look for answers to the same questions.
        Learning = "learning",
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Organisation {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub kind: OrganisationKind,
    pub description_nl: String,
    pub description_en: String,
    pub area: String,
}

impl Organisation {
    pub fn description(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.description_nl,
            Lang::En => &self.description_en,
        }
    }
}

/// What the registers say of an organisation, for papers that name it. Empty where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Legal {
    pub legal_form: String,
    /// Eight digits, of the trade register.
    pub kvk_number: String,
    /// Nine digits, of legal persons and partnerships.
    pub rsin: String,
    /// 1: the tax office lists it as a charity (ANBI).
    pub anbi: i16,
}

/// A user's place in an organisation.
#[derive(Debug, Clone, FromRow)]
pub struct Member {
    pub user_id: String,
    pub role: MemberRole,
    /// The organisation's name.
    pub organisation: String,
}

/// Several organisations that run joint projects: an ordered chain, or one that learns together.
#[derive(Debug, Clone, FromRow)]
pub struct Coalition {
    pub id: String,
    pub slug: String,
    pub title: String,
    pub kind: CoalitionKind,
    pub description_nl: String,
    pub description_en: String,
    pub founder_id: Option<String>,
}

impl Coalition {
    pub fn description(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.description_nl,
            Lang::En => &self.description_en,
        }
    }
}

/// A step of a chain, or a question of a learning coalition.
#[derive(Debug, Clone, FromRow)]
pub struct CoalitionStep {
    pub coalition_id: String,
    pub text_nl: String,
    pub text_en: String,
}

impl CoalitionStep {
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.text_nl,
            Lang::En => &self.text_en,
        }
    }
}
