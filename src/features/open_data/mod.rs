//! Open data: what the pages show of rounds and projects, in the forms that other programs read.
//!
//! | form | of | address under `/api/v1` |
//! | --- | --- | --- |
//! | 360Giving JSON (schema 1.4) | the projects of a round that were funded | `rounds/{number}/360giving.json` |
//! | CSV of projects with their money | all public projects of a round | `rounds/{number}/projects.csv` |
//! | CSV of promises with their results | the same | `rounds/{number}/results.csv` |
//! | Common Impact Data Standard, JSON-LD | a project | `projects/{slug}/cids.jsonld` |
//!
//! The same texts come from `drempel export`. Nothing here is stored, and nothing tells more than the public pages: no people ever, neither
//! backers nor members nor contacts, and results only as they are published (`outcomes`).
//!
//! # Names of things
//!
//! A name that others keep must not change when a title, an address or a domain does. So everything is named by registers and numbers:
//! an organisation by its number in the trade register as org-id.guide writes it (`NL-KVK-12345678`), a grant by the foundation's
//! followed by the project's number, which is given once (`NL-KVK-87654321-PROJECT-36`). Where an organisation has no number here, the
//! foundation's is followed by its short name. 360Giving gives publishers a prefix of their own; none is claimed here.

pub mod actions;
mod cids;
mod giving;
mod names;
mod page;
mod tables;
pub mod web;

pub use names::Publisher;

/// Everybody may use the data for anything, saying where it comes from.
pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

crate::refusals! {
    pub enum Refusal {
        /// Grants need somebody who gives them: the settings name no foundation.
        NoFoundation => NotFound "open-data-no-foundation",
        /// A package of grants has at least one: there is none yet.
        NothingAwarded => Conflict "open-data-nothing-awarded",
    }
}
