//! The platform team's pages: each shows what several nouns know, so this noun stands behind them all and keeps nothing itself.
//!
//! Everybody of the team may read. What moves money asks for the role of treasurer, in the page and again in the action.

mod approvals;
mod audit;
mod bank;
mod bank_upload;
mod board;
mod books;
mod bulk;
mod bulk_choice;
mod cases;
mod closing;
mod extension;
mod home;
mod indicators;
mod jobs;
mod list;
mod mailings;
mod match_fund_form;
mod match_funds;
mod moderation;
mod moments;
pub mod navigation;
mod near_misses;
mod organisations;
mod payout_plan;
mod payouts;
mod people;
mod plans;
mod pledge;
mod privacy;
mod project;
mod reconciliation;
mod results;
mod round_form;
mod rounds;
mod shield;
mod social_return;
mod stop;
mod strays;
mod support_view;
mod timeline;
mod transfers;
mod treasurer;
mod valuation;
mod verifications;
pub mod web;
mod work;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::features::projects::{self, Project};
use crate::features::users;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::{self, Change};
use crate::infra::web::Ctx;

/// Rows of one page of a list.
const PER_PAGE: i64 = 100;

/// What the address of a page with pages asks for: `?page=2`.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// From 1.
    pub page: i64,
}

impl Asked {
    /// Reads a query; what is not understood is left out.
    fn read(query: Option<&str>) -> Asked {
        let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let page = pairs.find(|(name, _)| name == "page").and_then(|(_, page)| page.parse().ok());
        Asked { page: page.unwrap_or(1).clamp(1, 1_000_000) }
    }

    fn offset(&self) -> i64 {
        (self.page - 1) * PER_PAGE
    }
}

/// The pages of a list, as the shared macro shows them.
pub(crate) struct Pages {
    pub page: i64,
    pub pages: i64,
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
}

impl Pages {
    /// The pages of a list of `total` rows at `path` (with its language).
    fn of(asked: &Asked, total: i64, path: &str) -> Pages {
        Pages::of_size(asked, total, PER_PAGE, path)
    }

    /// The same with another number of rows on a page.
    fn of_size(asked: &Asked, total: i64, per_page: i64, path: &str) -> Pages {
        let pages = (total + per_page - 1).div_euclid(per_page).max(1);
        let url = |page: i64| format!("{path}?page={page}");
        Pages {
            page: asked.page,
            pages,
            previous_url: (asked.page > 1).then(|| url(asked.page - 1)),
            next_url: (asked.page < pages).then(|| url(asked.page + 1)),
        }
    }
}

/// Projects read once for a whole page, by id.
#[derive(Default)]
struct Known(HashMap<String, Project>);

impl Known {
    async fn project(&mut self, conn: &mut Conn, id: &str) -> Result<&Project> {
        if !self.0.contains_key(id) {
            let project = projects::actions::get(conn, id).await?;
            self.0.insert(id.to_owned(), project);
        }
        Ok(&self.0[id])
    }
}

/// Changes of states with the names of who made them.
pub(crate) type Changes = Vec<(Change, String)>;

/// What happened to these things, the oldest first.
async fn changes_of(conn: &mut Conn, subject_ids: &[&str]) -> Result<Changes> {
    let mut found = Vec::new();
    for id in subject_ids {
        found.extend(history::of(conn, id).await?);
    }
    found.sort_by_key(|change| change.at);
    let mut changes = Vec::with_capacity(found.len());
    for change in found {
        let name = actor_name(conn, &change.actor).await?;
        changes.push((change, name));
    }
    Ok(changes)
}

/// How long something takes or took, in words: minutes, hours and days each from two on.
pub(crate) fn duration(ctx: &Ctx, seconds: i64) -> String {
    let (key, unit) = match seconds {
        172_800.. => ("staff-days", 86_400),
        7_200.. => ("staff-hours", 3_600),
        120.. => ("staff-minutes", 60),
        _ => ("staff-seconds", 1),
    };
    ctx.t1(key, "count", seconds.max(0).div_euclid(unit))
}

/// What a page calls whoever acted: a person by name or address, a part of the program by its word.
async fn actor_name(conn: &mut Conn, actor: &str) -> Result<String> {
    if !actor.starts_with("usr_") {
        return Ok(actor.to_owned());
    }
    Ok(match users::actions::by_id(conn, actor).await? {
        Some(user) => user.called(),
        None => actor.to_owned(),
    })
}
