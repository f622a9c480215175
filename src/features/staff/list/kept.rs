//! Views: the list as it is shown, kept under a name, for its owner alone.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::desk::{View, views};
use crate::features::staff::list::{self, List, page, path_of};
use crate::features::staff::treasurer::end;
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::listing::address;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

/// The list with this word as a page.
async fn page_of(
    key: &str,
    (ctx, s, staff): (&Ctx, &Services, &Staff),
    query: &str,
    form: &Form,
    status: StatusCode,
) -> Answer {
    macro_rules! known {
        ($($list:path),+ $(,)?) => {
            match key {
                $(key if key == <$list as List>::KEY => page::<$list>(ctx, s, staff, Some(query), form, status).await,)+
                _ => Err(Failure::not_found()),
            }
        };
    }
    if [list::audit::Audit::KEY, list::people::People::KEY].contains(&key) {
        staff.require(StaffRole::Admin)?;
    }
    known!(
        list::audit::Audit,
        list::cases::Cases,
        list::disputes::Disputes,
        list::organisations::Organisations,
        list::payments::Payments,
        list::people::People,
        list::pledges::Pledges,
        list::projects::Projects,
        list::refunds::Refunds,
        list::rounds::Rounds,
        list::tranches::Tranches,
    )
}

/// Whether there is such a list.
fn is_list(key: &str) -> bool {
    [
        list::audit::Audit::KEY,
        list::cases::Cases::KEY,
        list::disputes::Disputes::KEY,
        list::organisations::Organisations::KEY,
        list::payments::Payments::KEY,
        list::people::People::KEY,
        list::pledges::Pledges::KEY,
        list::projects::Projects::KEY,
        list::refunds::Refunds::KEY,
        list::rounds::Rounds::KEY,
        list::tranches::Tranches::KEY,
    ]
    .contains(&key)
}

/// Keeps the list that the form stands under.
pub async fn keep(ctx: Ctx, State(s): State<Services>, staff: Staff, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut form = posted.allow(&["list", "query", "name"])?;
    let (key, query) = (form.value("list").to_owned(), form.value("query").chars().take(2_000).collect::<String>());
    if !is_list(&key) {
        return Err(Failure::bad_request("no such list"));
    }
    let mut tx = s.db.begin().await?;
    let kept = views::keep(&mut tx, &staff.0.user.id, &key, form.value("name"), &query, ctx.now).await;
    match end(tx, kept).await {
        Ok(_) => Ok(ctx.redirect_done(&address(&path_of(&key), &query), "flash-view-kept")),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            let status = Failure::from(&*refusal).status();
            page_of(&key, (&ctx, &s, &staff), &query, &form, status).await
        }
        Err(error) => Err(error.into()),
    }
}

type Id = Path<(String, String)>;

pub async fn rename(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let by = staff.0.user.id.as_str();
    let view = views::find(&mut *s.db.read().await?, by, &id).await?.ok_or_else(Failure::not_found)?;
    let typed = posted.allow(&["name"])?;
    let mut tx = s.db.begin().await?;
    let done = views::rename(&mut tx, by, &id, typed.value("name")).await;
    match end(tx, done).await {
        Ok(_) => Ok(back(&ctx, Some(&view), "flash-view-renamed")),
        Err(Error::Refused(refusal)) => {
            let field = format!("name-{id}");
            let mut form = Form::with(&[(&field, typed.value("name"))]);
            form.fail_key(ctx.lang, &field, refusal.key());
            let status = Failure::from(&*refusal).status();
            page_of(&view.list, (&ctx, &s, &staff), &view.query, &form, status).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Removing one that is gone already is no fault.
pub async fn remove(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    let done: Result<Option<View>> = views::remove(&mut tx, &staff.0.user.id, &id).await;
    let view = end(tx, done).await?;
    Ok(back(&ctx, view.as_ref(), "flash-view-removed"))
}

/// Back to the list as it was kept.
fn back(ctx: &Ctx, view: Option<&View>, flash: &str) -> axum::response::Response {
    let path = view.map_or_else(|| "/staff".to_owned(), |view| address(&path_of(&view.list), &view.query));
    ctx.redirect_done(&path, flash)
}
