//! Development only, and 404 in production: sign in as anybody of the demo, and move the clock.
//!
//! The pages have no language in their address; the browser's language decides.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use axum::{Json, Router};
use axum_extra::extract::cookie::CookieJar;
use serde_json::json;
use tokio_util::task::TaskTracker;

use crate::app::{demo, worker};
use crate::features::users::{Factor, StaffRole, User, factor, guard, local_path};
use crate::features::{organisations, users};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::web::client::Client;
use crate::infra::web::ctx::preferred_lang;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, facts};
use crate::values::text::Email;

/// Where the clock's offset is kept, in seconds.
const CLOCK_FACT: &str = "dev_clock_offset_seconds";
/// One step and all steps together, in seconds: about 10 and 100 years.
const LONGEST_STEP_SECONDS: i64 = 10 * 366 * 86_400;
const LONGEST_OFFSET_SECONDS: i64 = 10 * LONGEST_STEP_SECONDS;

pub fn routes() -> Router<Services> {
    Router::new()
        .route("/dev", get(index))
        .route("/dev/sign-in", get(show_people).post(sign_in))
        .route("/dev/clock", get(show_clock).post(move_clock))
}

/// A request in development, with its context. In production there is no such page.
pub struct Dev(pub Ctx);

impl FromRequestParts<Services> for Dev {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> std::result::Result<Dev, Failure> {
        if services.settings.production() {
            return Err(Failure::not_found());
        }
        let lang = preferred_lang(&parts.headers);
        Ok(Dev(Ctx::new(services, lang, parts.uri.path(), parts.uri.query())))
    }
}

#[derive(Template)]
#[template(path = "dev/index.html")]
struct IndexPage<'a> {
    ctx: &'a Ctx,
}

async fn index(Dev(ctx): Dev) -> Answer {
    ctx.page(&IndexPage { ctx: &ctx })
}

/// Somebody to sign in as.
struct Person {
    email: String,
    name: String,
    /// What they are here for: staff roles, or the role in an organisation. Empty for a backer.
    does: String,
}

#[derive(Template)]
#[template(path = "dev/sign_in.html")]
struct PeoplePage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    people: Vec<Person>,
    /// What the authenticator apps of the demo hold, and the code they show now.
    app_secret: &'static str,
    app_code: String,
}

async fn show_people(Dev(ctx): Dev, State(s): State<Services>) -> Answer {
    people_page(&ctx, &s, StatusCode::OK, &Form::default()).await
}

async fn people_page(ctx: &Ctx, s: &Services, status: StatusCode, form: &Form) -> Answer {
    let mut conn = s.db.read().await?;
    let people = people(&mut conn).await?;
    let app_code = factor::code_now(demo::APP_SECRET, ctx.now);
    ctx.page_with(status, &PeoplePage { ctx, form, people, app_secret: demo::APP_SECRET, app_code })
}

/// The platform's team, members of organisations, and the five backers of the demo.
async fn people(conn: &mut Conn) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for user in users::actions::staff(conn).await? {
        let roles = users::actions::roles(conn, &user.id).await?;
        let does = roles.iter().map(|role: &StaffRole| role.as_str()).collect::<Vec<_>>().join(", ");
        people.push(person(user, does));
    }
    for member in organisations::actions::members(conn).await? {
        if let Some(user) = users::actions::by_id(conn, &member.user_id).await? {
            people.push(person(user, format!("{}, {}", member.role, member.organisation)));
        }
    }
    for number in 1..=5 {
        if let Some(user) = users::actions::by_email(conn, &format!("backer{number}@drempel.example")).await? {
            people.push(person(user, String::new()));
        }
    }
    Ok(people)
}

fn person(user: User, does: String) -> Person {
    Person { email: user.email, name: user.name, does }
}

/// Signs an existing user in with a fresh second factor.
async fn sign_in(Dev(ctx): Dev, State(s): State<Services>, jar: CookieJar, client: Client, posted: Posted) -> Answer {
    let mut form = posted.allow(&["email", "next"])?;
    let Some(email) = Email::parse(form.value("email")) else {
        form.fail_key(ctx.lang, "email", "users-email-wrong");
        return people_page(&ctx, &s, StatusCode::UNPROCESSABLE_ENTITY, &form).await;
    };
    let mut tx = s.db.begin().await?;
    let Some(user) = users::actions::by_email(&mut tx, email.as_str()).await? else {
        drop(tx);
        form.fail_key(ctx.lang, "email", "dev-sign-in-unknown");
        return people_page(&ctx, &s, StatusCode::NOT_FOUND, &form).await;
    };
    if let Some(old) = jar.get(guard::cookie_name(&s)) {
        users::actions::end_session_with(&mut tx, old.value()).await?;
    }
    let token = users::actions::begin_session(&mut tx, &user.id, Factor::App, &client.device, ctx.now).await?;
    let home = home_of(&mut tx, &user).await?;
    tx.commit().await?;
    let target = local_path(form.value("next")).unwrap_or(home);
    Ok((jar.add(guard::cookie(&s, token)), ctx.redirect(target)).into_response())
}

/// Where this person's work is.
async fn home_of(conn: &mut Conn, user: &User) -> Result<&'static str> {
    if !users::actions::roles(conn, &user.id).await?.is_empty() {
        return Ok("/staff");
    }
    let is_member = organisations::actions::members(conn).await?.iter().any(|member| member.user_id == user.id);
    Ok(if is_member { "/studio" } else { "/account" })
}

#[derive(Template)]
#[template(path = "dev/clock.html")]
struct ClockPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    offset_seconds: i64,
    steps: Vec<(i64, String)>,
}

async fn show_clock(Dev(ctx): Dev, State(s): State<Services>) -> Answer {
    clock_page(&ctx, &s, StatusCode::OK, &Form::default())
}

fn clock_page(ctx: &Ctx, s: &Services, status: StatusCode, form: &Form) -> Answer {
    let steps = [("minutes", 600), ("hour", 3_600), ("day", 86_400), ("week", 7 * 86_400), ("month", 30 * 86_400)];
    let steps = steps.map(|(name, seconds)| (seconds, ctx.t(format!("dev-clock-{name}")))).to_vec();
    ctx.page_with(status, &ClockPage { ctx, form, offset_seconds: s.clock.offset_seconds(), steps })
}

async fn move_clock(Dev(ctx): Dev, State(s): State<Services>, headers: HeaderMap, posted: Posted) -> Answer {
    let mut form = posted.allow(&["advance_seconds"])?;
    let wants_json = headers.get(ACCEPT).is_some_and(|accept| accept == "application/json");
    let offset = new_offset(s.clock.offset_seconds(), form.value("advance_seconds"));
    let Some(offset) = offset else {
        form.fail_key(ctx.lang, "advance_seconds", "dev-clock-wrong");
        if wants_json {
            let problem = json!({ "title": form.error("advance_seconds"), "status": 422 });
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(problem)).into_response());
        }
        return clock_page(&ctx, &s, StatusCode::UNPROCESSABLE_ENTITY, &form);
    };
    let mut tx = s.db.begin().await?;
    facts::set(&mut tx, CLOCK_FACT, &offset.to_string()).await?;
    tx.commit().await?;
    s.clock.move_to(offset).await;
    after_clock_moved(&s).await?;
    if wants_json {
        return Ok(Json(json!({ "now": s.clock.now().to_string() })).into_response());
    }
    Ok(Redirect::to("/dev/clock?done=dev-clock-moved").into_response())
}

/// The offset after a step; nothing when the step is no number of seconds from 1 to ten years, or a century would be passed.
fn new_offset(present: i64, advance: &str) -> Option<i64> {
    let step: i64 = advance.trim().parse().ok()?;
    let offset = present.checked_add(step)?;
    ((1..=LONGEST_STEP_SECONDS).contains(&step) && offset <= LONGEST_OFFSET_SECONDS).then_some(offset)
}

/// Work that a move of the clock began: a stop waits for it, so that nothing it sent goes unmarked.
static DUE: LazyLock<TaskTracker> = LazyLock::new(TaskTracker::new);

/// Waits until the work that moves of the clock began is done.
pub async fn finish_due() {
    DUE.close();
    DUE.wait().await;
}

/// Runs what has become due by a move of the clock, before the answer goes out.
///
/// # Errors
/// Something due failed in a way that a later run would not mend.
pub async fn after_clock_moved(services: &Services) -> Result<()> {
    let s = services.clone();
    // what is under way goes on when the visitor does not wait for it
    let due = DUE.spawn(async move {
        for _ in 0..3 {
            if let Some(bank) = &s.bank {
                bank.tick().await;
            }
            worker::run_due(&s).await?;
        }
        Ok(())
    });
    due.await.map_err(Error::broken)?
}

/// Sets the clock to where development moved it. To be called once when a process starts, after the schema is there.
///
/// # Errors
/// The database does not answer.
pub async fn restore_clock(services: &Services) -> Result<()> {
    if services.settings.production() {
        return Ok(());
    }
    let stored = facts::get(&mut *services.db.read().await?, CLOCK_FACT).await?;
    if let Some(offset) = stored.and_then(|text| text.parse().ok()) {
        services.clock.set_offset_seconds(offset);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_forward_by_at_most_ten_years_at_a_time() {
        assert_eq!(new_offset(5, " 60 "), Some(65));
        assert_eq!(new_offset(0, "316224000"), Some(LONGEST_STEP_SECONDS));
        for wrong in ["", "0", "-1", "316224001", "1.5", "tomorrow", "99999999999999999999"] {
            assert_eq!(new_offset(0, wrong), None, "{wrong}");
        }
        assert_eq!(new_offset(LONGEST_OFFSET_SECONDS, "1"), None);
    }
}
