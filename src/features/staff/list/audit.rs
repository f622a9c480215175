//! The log: who did what to which thing, from where, with what was before and after. Looked up by person, thing, kind of act, days and
//! text. For admins; taking it out as a file is an entry of its own.

use std::collections::HashMap;

use axum::extract::RawQuery;
use axum::http::StatusCode;

use crate::features::projects::ProjectState;
use crate::features::staff::actor_name;
use crate::features::staff::list::{List, csv_of, page};
use crate::features::staff::people::Admin;
use crate::features::users::actions as users;
use crate::features::{plans, pledges, projects, rounds};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::Action;
use crate::infra::history::search::{self, Logged};
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::texts;
use crate::infra::web::{Answer, Ctx, Form};
use crate::values::Timestamp;
use crate::values::time::{days_after, read_day};

pub struct Audit;

impl List for Audit {
    const KEY: &'static str = "audit";
    const TITLE: &'static str = "audit-title";
    const ORDER: (&'static str, bool) = ("when", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("when", "audit-when", Kind::Moment),
        Column::new("who", "audit-who", Kind::Text).fixed(),
        Column::new("role", "audit-role", Kind::Text).fixed(),
        Column::new("factor", "audit-factor", Kind::Text).fixed().extra(),
        Column::new("action", "audit-action", Kind::Text).fixed(),
        Column::new("kind", "audit-object-kind", Kind::Text).fixed(),
        Column::new("object", "audit-object", Kind::Text).fixed(),
        Column::new("before", "audit-before", Kind::Text).fixed(),
        Column::new("after", "audit-after", Kind::Text).fixed(),
        Column::new("reason", "settlement-reason", Kind::Text).fixed(),
        Column::new("where", "audit-where", Kind::Text).fixed(),
        Column::new("request", "audit-request", Kind::Text).fixed().extra(),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        let actions = Action::ALL.iter().map(|action| (action.to_string(), ctx.t(action_key(*action))));
        Ok(vec![
            Field::search("person", "audit-person", "audit-person-hint"),
            Field::search("object", "audit-object", "audit-object-hint"),
            Field::search("text", "audit-text", "audit-text-hint"),
            Field::select("action", "audit-action", actions.collect()),
            Field::day("from", "audit-from"),
            Field::day("to", "audit-to"),
        ])
    }

    async fn lead(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<String>> {
        Ok(vec![ctx.t("audit-lead")])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let looked_for = looked_for(conn, wanted).await?;
        let count = search::count(conn, &looked_for).await?;
        let mut known = Known::default();
        let mut rows = Vec::new();
        for entry in search::page(conn, &looked_for, wanted.descending, wanted.limit, wanted.offset).await? {
            rows.push(row(ctx, conn, &mut known, entry).await?);
        }
        Ok(Found { rows, count, ..Found::default() })
    }
}

/// Names and addresses that were read for one list.
#[derive(Default)]
struct Known {
    names: HashMap<String, String>,
    urls: HashMap<String, String>,
}

async fn row(ctx: &Ctx, conn: &mut Conn, known: &mut Known, entry: Logged) -> Result<Row> {
    if !known.names.contains_key(&entry.actor) {
        known.names.insert(entry.actor.clone(), actor_name(conn, &entry.actor).await?);
    }
    if !known.urls.contains_key(&entry.subject_id) {
        known.urls.insert(entry.subject_id.clone(), url(ctx, conn, &entry).await?);
    }
    let place = [entry.network.as_str(), &entry.device];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let (before, after) = (state(ctx, &entry.subject, &entry.from_state), state(ctx, &entry.subject, &entry.to_state));
    let url = known.urls[&entry.subject_id].clone();
    Ok(Row {
        cells: vec![
            Cell::Moment(Some(entry.at)),
            Cell::Text(known.names[&entry.actor].clone()),
            Cell::Text(entry.role),
            Cell::Text(entry.factor),
            Cell::Text(ctx.t(action_key(entry.action))),
            Cell::Text(entry.subject),
            if url.is_empty() { Cell::Code(entry.subject_id) } else { Cell::Link { text: entry.subject_id, url } },
            Cell::Text(before),
            Cell::Text(after),
            Cell::Text(entry.reason),
            Cell::Text(place.join(", ")),
            Cell::Code(entry.request),
        ],
        id: entry.id,
    })
}

/// What is asked for as the log wants to know it. A person is named by address, by id, or is a part of the program.
async fn looked_for(conn: &mut Conn, wanted: &Wanted) -> Result<search::Wanted> {
    let typed = wanted.value("person").to_owned();
    let known = if typed.contains('@') { users::by_email(conn, &typed.to_lowercase()).await? } else { None };
    let begin = |day: String| Timestamp::start_of_day(&day);
    Ok(search::Wanted {
        actor: known.map_or(typed, |user| user.id),
        subject_id: object_id(conn, wanted.value("object")).await?,
        action: Action::from_word(wanted.value("action")),
        from: read_day(wanted.value("from")).and_then(begin),
        until: read_day(wanted.value("to")).and_then(|day| days_after(&day, 1)).and_then(begin),
        text: wanted.value("text").to_owned(),
    })
}

/// A pledge is also found by the reference that people know, a user by the address.
async fn object_id(conn: &mut Conn, typed: &str) -> Result<String> {
    let found = if typed.contains('@') {
        users::by_email(conn, &typed.to_lowercase()).await?.map(|user| user.id)
    } else if typed.to_uppercase().starts_with("DR-") {
        pledges::actions::by_reference(conn, &typed.to_uppercase()).await?.map(|pledge| pledge.id)
    } else {
        None
    };
    Ok(found.unwrap_or_else(|| typed.to_owned()))
}

fn action_key(action: Action) -> String {
    format!("audit-action-{}", action.as_str().replace('_', "-"))
}

/// A state in the reader's words where there are some, else as it is stored.
fn state(ctx: &Ctx, subject: &str, word: &str) -> String {
    let key = format!("{subject}-state-{word}");
    if texts::exists(ctx.lang, &key) { ctx.t(key) } else { word.to_owned() }
}

/// The page about the thing an entry is about.
async fn url(ctx: &Ctx, conn: &mut Conn, entry: &Logged) -> Result<String> {
    let id = entry.subject_id.as_str();
    let path = match entry.subject.as_str() {
        "user" => format!("/staff/users/{id}"),
        "project" if !has_page(conn, id).await? => return Ok(String::new()),
        "project" => format!("/staff/projects/{id}"),
        "case" => format!("/staff/cases/{id}"),
        "tranche" => format!("/staff/payouts/{id}"),
        "batch" => format!("/staff/transfers/{id}"),
        "match_fund" => format!("/staff/match-funds/{id}"),
        "task" => format!("/staff/jobs/{id}"),
        "bank_line" => format!("/staff/bank/lines/{id}"),
        "pledge" => format!("/staff/pledges/{}", pledges::actions::get(conn, id).await?.reference),
        "round" => format!("/staff/rounds/{}", rounds::actions::get(conn, id).await?.number),
        _ => return Ok(String::new()),
    };
    Ok(ctx.path(&path))
}

/// A plan that was never handed in is its owner's alone.
async fn has_page(conn: &mut Conn, project_id: &str) -> Result<bool> {
    let is_draft = projects::actions::get(conn, project_id).await?.state == ProjectState::Draft;
    Ok(!is_draft || !plans::actions::versions(conn, project_id).await?.is_empty())
}

pub async fn show(Admin { ctx, s, staff }: Admin, RawQuery(query): RawQuery) -> Answer {
    page::<Audit>(&ctx, &s, &staff, query.as_deref(), &Form::default(), StatusCode::OK).await
}

pub async fn file(Admin { ctx, s, staff }: Admin, RawQuery(query): RawQuery) -> Answer {
    csv_of::<Audit>(&ctx, &s, &staff, query.as_deref()).await
}
