//! `/account/mail`: what somebody follows, how often its news comes, and the reminders. Each change leads to the page that puts it back.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};

use crate::features::projects::{self, Project};
use crate::features::updates::choices::Way;
use crate::features::updates::rhythm::{self, Own, Press, Rhythm, act_path};
use crate::features::updates::{Follow, follows};
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure, Posted};

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/{lang}/account/mail", get(list))
        .route("/{lang}/account/mail/end", post(end))
        .route("/{lang}/account/mail/remind", post(remind))
        .route("/{lang}/account/mail/general", post(choose_general))
        .route("/{lang}/account/mail/rhythm", post(choose))
}

#[derive(Template)]
#[template(path = "updates/account.html")]
struct AccountPage<'a> {
    ctx: &'a Ctx,
    email: &'a str,
    general: Rhythm,
    follows: Vec<(Follow, Project)>,
}

impl AccountPage<'_> {
    fn for_all(&self) -> Vec<Choosable> {
        for_all(self.ctx, self.general)
    }

    fn for_one(&self, follow: &Follow) -> Vec<Choosable> {
        let chosen = if follow.is_active() { follow.rhythm.as_str() } else { Rhythm::Off.as_str() };
        let off = Rhythm::Off.as_str();
        for_one(self.ctx, chosen).into_iter().chain([(off, named(self.ctx, off), chosen == off)]).collect()
    }
}

/// An answer to how often: its word, how it reads, and whether it is chosen.
pub(super) type Choosable = (&'static str, String, bool);

fn named(ctx: &Ctx, word: &str) -> String {
    ctx.t(format!("mail-rhythm-{}", word.replace('_', "-")))
}

/// The answers to how often, for all projects.
pub(super) fn for_all(ctx: &Ctx, chosen: Rhythm) -> Vec<Choosable> {
    Rhythm::ALL.iter().map(|one| (one.as_str(), named(ctx, one.as_str()), *one == chosen)).collect()
}

/// The answers for one project, but none at all.
pub(super) fn for_one(ctx: &Ctx, chosen: &str) -> Vec<Choosable> {
    Own::ALL.iter().map(|own| (own.as_str(), named(ctx, own.as_str()), own.as_str() == chosen)).collect()
}

async fn list(ctx: Ctx, person: SignedIn, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read().await?;
    let mut follows = Vec::new();
    for follow in follows::ever_followed(&mut conn, &person.user.id).await? {
        let project = projects::actions::get(&mut conn, &follow.project_id).await?;
        follows.push((follow, project));
    }
    let general = rhythm::general(&mut conn, &person.user.id).await?;
    let ctx = ctx.signed_in_as(person.label());
    ctx.page(&AccountPage { ctx: &ctx, email: &person.user.email, general, follows })
}

fn press<'a>(ctx: &Ctx, person: &'a SignedIn) -> Press<'a> {
    Press { user_id: &person.user.id, way: Way::Account, lang: ctx.lang }
}

/// To the page of what was changed.
fn changed(ctx: &Ctx, s: &Services, act: &str) -> Answer {
    Ok(Redirect::to(&ctx.path(&act_path(&s.keys, act))).into_response())
}

async fn mine(s: &Services, person: &SignedIn, id: &str) -> Result<Follow, Failure> {
    let mine = follows::ever_followed(&mut *s.db.read().await?, &person.user.id).await?;
    mine.into_iter().find(|follow| follow.id == id).ok_or_else(Failure::not_found)
}

/// Switches the reminder before the close on or off.
async fn remind(ctx: Ctx, person: SignedIn, State(s): State<Services>, posted: Posted) -> Answer {
    let form = posted.allow(&["follow", "remind"])?;
    let follow = mine(&s, &person, form.value("follow")).await?;
    if !follow.is_active() {
        return Err(Failure::not_found());
    }
    follows::set_reminder(&s, &follow, form.ticked("remind"), ctx.lang).await?;
    Ok(ctx.redirect_done("/account/mail", "flash-reminder-set"))
}

async fn end(ctx: Ctx, person: SignedIn, State(s): State<Services>, posted: Posted) -> Answer {
    let form = posted.allow(&["follow"])?;
    let follow = mine(&s, &person, form.value("follow")).await?;
    let act = rhythm::choose(&s, press(&ctx, &person), &follow.id, None).await?;
    changed(&ctx, &s, &act)
}

async fn choose_general(ctx: Ctx, person: SignedIn, State(s): State<Services>, posted: Posted) -> Answer {
    let form = posted.allow(&["general"])?;
    let to = Rhythm::from_word(form.value("general")).ok_or_else(|| Failure::bad_request("no such choice"))?;
    let act = rhythm::choose_general(&s, press(&ctx, &person), to).await?;
    changed(&ctx, &s, &act)
}

async fn choose(ctx: Ctx, person: SignedIn, State(s): State<Services>, posted: Posted) -> Answer {
    let form = posted.allow(&["follow", "rhythm"])?;
    let follow = mine(&s, &person, form.value("follow")).await?;
    let to = match form.value("rhythm") {
        "off" => None,
        word => Some(Own::from_word(word).ok_or_else(|| Failure::bad_request("no such choice"))?),
    };
    let act = rhythm::choose(&s, press(&ctx, &person), &follow.id, to).await?;
    changed(&ctx, &s, &act)
}
