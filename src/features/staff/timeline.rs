//! Everything that happened to a thing and to what belongs to it, the newest first, with who did it: from the log, in pages.

use crate::features::staff::{Asked, Pages, actor_name};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::Action;
use crate::infra::history::search::{self, Logged, MOST_SUBJECTS};
use crate::infra::texts;
use crate::infra::web::Ctx;
use crate::values::Timestamp;

/// Entries of one page.
const PER_PAGE: i64 = 30;

/// Something that happened.
pub struct Happened {
    pub at: Timestamp,
    pub what: String,
    /// Empty when it is not known.
    pub by: String,
    pub reason: String,
    /// The thing it happened to, when that is not the page's own: its id and where it is shown.
    pub thing: Option<(String, String)>,
}

/// A page of what happened.
pub struct Timeline {
    pub rows: Vec<Happened>,
    pub pages: Pages,
}

/// Reads the page that the address asks for; `path` is where its other pages are. `subjects` are the thing itself and what belongs to it, each with its address on the team's pages
/// (empty: this page); beyond the most that are read at once the last are left out.
pub async fn read(ctx: &Ctx, conn: &mut Conn, subjects: &[(&str, String)], path: &str) -> Result<Timeline> {
    let ids: Vec<&str> = subjects.iter().map(|(id, _)| *id).take(MOST_SUBJECTS).collect();
    let asked = Asked::read(ctx.rest.split_once('?').map(|(_, query)| query));
    let total = search::count_about(conn, &ids).await?;
    let mut rows = Vec::new();
    for entry in search::about(conn, &ids, PER_PAGE, (asked.page - 1) * PER_PAGE).await? {
        let place = subjects.iter().find(|(id, _)| *id == entry.subject_id).map(|(_, url)| url.clone());
        let place = place.filter(|url| !url.is_empty());
        let what = what(ctx, &entry);
        let key = format!("thing-{}", entry.subject);
        let is_other = place.is_some() && texts::exists(ctx.lang, &key);
        rows.push(Happened {
            at: entry.at,
            what: if is_other { format!("{}: {what}", ctx.t(key)) } else { what },
            by: actor_name(conn, &entry.actor).await?,
            thing: place.map(|url| (entry.subject_id.clone(), url)),
            reason: entry.reason,
        });
    }
    Ok(Timeline { rows, pages: Pages::of_size(&asked, total, PER_PAGE, &ctx.path(path)) })
}

/// What an entry says, in the reader's words: the state something got, or what somebody did.
fn what(ctx: &Ctx, entry: &Logged) -> String {
    let key = format!("{}-state-{}", entry.subject, entry.to_state);
    let state = if texts::exists(ctx.lang, &key) { ctx.t(key) } else { entry.to_state.clone() };
    if entry.action == Action::Changed {
        return state;
    }
    let action = ctx.t(format!("audit-action-{}", entry.action.as_str().replace('_', "-")));
    if state.is_empty() { action } else { format!("{action}: {state}") }
}
