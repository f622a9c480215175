//! The log: who did what to which thing, from where, with what was before and after. Looked up by person, thing, kind of act, days and
//! text; the filters stand in the address. For admins; taking it out as a file is an entry of its own.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::header;
use axum::response::IntoResponse;

use crate::features::projects::ProjectState;
use crate::features::staff::people::Admin;
use crate::features::staff::{PER_PAGE, Pages, actor_name};
use crate::features::users::actions as users;
use crate::features::{plans, pledges, projects, rounds};
use crate::infra::csv;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::search::{self, Logged, Wanted};
use crate::infra::history::{self, Action, Entry};
use crate::infra::web::{Answer, Ctx, Form};
use crate::infra::{Services, texts};
use crate::values::Timestamp;
use crate::values::time::{days_after, read_day};

const PATH: &str = "/staff/audit";
/// The fields of the address, beside the page.
const FIELDS: [&str; 6] = ["person", "object", "action", "from", "to", "text"];
const HEADS: [&str; 12] = [
    "audit-when",
    "audit-who",
    "audit-role",
    "audit-factor",
    "audit-action",
    "audit-object-kind",
    "audit-object",
    "audit-before",
    "audit-after",
    "settlement-reason",
    "audit-where",
    "audit-request",
];

/// An entry as the page and the file show it.
struct Shown {
    entry: Logged,
    name: String,
    action: String,
    before: String,
    after: String,
    /// Network and browser.
    place: String,
    /// The page about the thing; empty when there is none.
    url: String,
}

#[derive(Template)]
#[template(path = "staff/audit.html")]
struct AuditPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    actions: Vec<(&'static str, String)>,
    total: i64,
    rows: &'a [Shown],
    pages: Pages,
    file_url: String,
}

/// What an address asks for: the form as it was filled in, and the page.
fn asked(ctx: &Ctx, query: Option<&str>) -> (Form, i64) {
    let mut form = Form::default();
    let mut page = 1;
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let value: String = value.trim().chars().take(200).collect();
        if name == "page" {
            page = value.parse().unwrap_or(1).clamp(1, 1_000_000);
        } else if FIELDS.contains(&name.as_ref()) {
            form.set(&name, &value);
        }
    }
    for name in ["from", "to"] {
        if !form.value(name).is_empty() && read_day(form.value(name)).is_none() {
            form.fail_key(ctx.lang, name, "audit-day-wrong");
        }
    }
    (form, page)
}

/// The same as the log wants to know it. A person is named by address, by id, or is a part of the program.
async fn wanted(conn: &mut Conn, form: &Form) -> Result<Wanted> {
    let typed = form.value("person").to_owned();
    let known = if typed.contains('@') { users::by_email(conn, &typed.to_lowercase()).await? } else { None };
    let begin = |day: String| Timestamp::start_of_day(&day);
    Ok(Wanted {
        actor: known.map_or(typed, |user| user.id),
        subject_id: object_id(conn, form.value("object")).await?,
        action: Action::from_word(form.value("action")),
        from: read_day(form.value("from")).and_then(begin),
        until: read_day(form.value("to")).and_then(|day| days_after(&day, 1)).and_then(begin),
        text: form.value("text").to_owned(),
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

/// The filters and a page as a query.
fn query(form: &Form, page: i64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in FIELDS.iter().filter(|name| !form.value(name).is_empty()) {
        query.append_pair(name, form.value(name));
    }
    query.append_pair("page", &page.to_string()).finish()
}

async fn rows(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted, page: i64) -> Result<Vec<Shown>> {
    let mut rows = Vec::new();
    for entry in search::page(conn, wanted, PER_PAGE, (page - 1) * PER_PAGE).await? {
        rows.push(Shown {
            name: actor_name(conn, &entry.actor).await?,
            action: ctx.t(action_key(entry.action)),
            before: state(ctx, &entry.subject, &entry.from_state),
            after: state(ctx, &entry.subject, &entry.to_state),
            place: [&entry.network, &entry.device]
                .into_iter()
                .filter(|part| !part.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
            url: url(ctx, conn, &entry).await?,
            entry,
        });
    }
    Ok(rows)
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

pub async fn list(Admin { ctx, s, .. }: Admin, RawQuery(asked_query): RawQuery) -> Answer {
    let (form, page) = asked(&ctx, asked_query.as_deref());
    let mut conn = s.db.read().await?;
    let wanted = wanted(&mut conn, &form).await?;
    let total = search::count(&mut conn, &wanted).await?;
    let rows = rows(&ctx, &mut conn, &wanted, page).await?;
    let pages = (total + PER_PAGE - 1).div_euclid(PER_PAGE).max(1);
    let at = |page: i64| ctx.path(&format!("{PATH}?{}", query(&form, page)));
    ctx.page(&AuditPage {
        pages: Pages {
            page,
            pages,
            previous_url: (page > 1).then(|| at(page - 1)),
            next_url: (page < pages).then(|| at(page + 1)),
        },
        actions: Action::ALL.iter().map(|action| (action.as_str(), ctx.t(action_key(*action)))).collect(),
        file_url: ctx.path(&format!("{PATH}.csv?{}", query(&form, page))),
        total,
        rows: &rows,
        form: &form,
        ctx: &ctx,
    })
}

/// The rows of one page of the list as a file.
pub async fn file(Admin { ctx, s, staff }: Admin, RawQuery(asked_query): RawQuery) -> Answer {
    let (form, page) = asked(&ctx, asked_query.as_deref());
    let mut conn = s.db.read().await?;
    let wanted = wanted(&mut conn, &form).await?;
    let mut text = csv::line(&HEADS.map(|key| ctx.t(key)));
    for row in rows(&ctx, &mut conn, &wanted, page).await? {
        let Shown { entry, name, action, before, after, place, .. } = row;
        let (at, Logged { role, factor, subject, subject_id, reason, request, .. }) = (entry.at.to_string(), entry);
        text.push_str(&csv::line(&[
            at, name, role, factor, action, subject, subject_id, before, after, reason, place, request,
        ]));
    }
    drop(conn);
    exported(&s, &staff.0.user.id, "audit", &query(&form, page)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// Notes that somebody of the team took a list out of the program, before it goes.
pub(super) async fn exported(s: &Services, actor: &str, list: &str, what: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    let entry = Entry { subject: "list", subject_id: list, from: "", to: "", actor, reason: what };
    history::note(&mut tx, s.clock.now(), Action::Exported, entry).await?;
    Ok(tx.commit_quietly().await?)
}
