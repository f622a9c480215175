//! The own copy of everything that is held: a page to read, and a file to take along.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::features::privacy::download;
use crate::features::users::proved::Proved;
use crate::infra::history::{self, Action, Entry};
use crate::infra::personal::{Part, Record, Value};
use crate::infra::web::{Answer, Ctx};
use crate::infra::{Services, limits};

/// Records of one part on the page; the file has all.
const SHOWN: usize = 200;
/// A part whose records have no more fields than this is a table; others are lists of facts.
const TABLE_FIELDS: usize = 5;

#[derive(Template)]
#[template(path = "privacy/data.html")]
struct DataPage<'a> {
    ctx: &'a Ctx,
    parts: &'a [Part],
}

impl DataPage<'_> {
    fn title(&self, part: &Part) -> String {
        self.ctx.t(format!("data-part-{}", part.name.replace('_', "-")))
    }

    fn label(&self, name: &str) -> String {
        self.ctx.t(format!("data-field-{}", name.replace('_', "-")))
    }

    fn value(&self, value: &Value) -> String {
        value.show(self.ctx.lang)
    }

    fn is_table(&self, part: &Part) -> bool {
        part.records.first().is_some_and(|record| record.0.len() <= TABLE_FIELDS)
    }

    fn shown<'p>(&self, part: &'p Part) -> &'p [Record] {
        &part.records[..part.records.len().min(SHOWN)]
    }

    /// The fields of a record that say something.
    fn facts(&self, record: &Record) -> Vec<(String, String)> {
        let facts = record.0.iter().map(|(name, value)| (self.label(name), self.value(value)));
        facts.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn left_out(&self, part: &Part) -> usize {
        part.records.len().saturating_sub(SHOWN)
    }
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>, Proved(person): Proved) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let parts = download::parts(&mut *s.db.read().await?, &person.user).await?;
    ctx.page(&DataPage { ctx: &ctx, parts: &parts })
}

pub(super) async fn file(ctx: Ctx, State(s): State<Services>, Proved(person): Proved) -> Answer {
    let user_id = person.user.id.as_str();
    limits::count_alone(&s, &[(limits::EXPORTS, user_id)]).await?;
    let parts = download::parts(&mut *s.db.read().await?, &person.user).await?;
    let file = download::file(&parts, &s.settings.public_url, ctx.now)?;
    let mut tx = s.db.begin().await?;
    let entry = Entry { subject: "user", subject_id: user_id, from: "", to: "", actor: user_id, reason: "own data" };
    history::note(&mut tx, ctx.now, Action::Exported, entry).await?;
    tx.commit_quietly().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"drempel-data-{}.json\"", ctx.now.day())),
    ];
    Ok((headers, file).into_response())
}
