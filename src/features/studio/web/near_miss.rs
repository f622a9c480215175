//! Where an owner says how a near miss goes on with less, and sees how backers choose.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::consents::{NearMiss, Tally, Words, actions};
use crate::features::organisations::{self, MemberRole};
use crate::features::projects::guard::{Editor, ProjectOwner};
use crate::features::projects::{Project, ProjectState};
use crate::features::studio::NextStep;
use crate::features::users::guard::Fresh;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::{Cents, Timestamp};

#[derive(Template)]
#[template(path = "studio/near_miss.html")]
struct NearMissPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    miss: NearMiss,
    tallies: Vec<Tally>,
    kept: Cents,
    may_say: bool,
    /// Somebody of the makers looks who is no owner.
    waits_for_owner: bool,
}

impl NearMissPage<'_> {
    fn facts(&self) -> Vec<(String, String)> {
        let (ctx, miss) = (self.ctx, &self.miss);
        let mut facts = vec![
            (ctx.t("settlement-held"), ctx.euros(miss.held)),
            (ctx.t("settlement-threshold"), ctx.euros(miss.threshold)),
            (ctx.t("consent-least"), ctx.euros(miss.least())),
            (ctx.t("consent-owner-until"), ctx.moment(miss.owner_until)),
        ];
        facts.extend(miss.choose_until.map(|until| (ctx.t("consent-choose-until"), ctx.moment(until))));
        facts
    }
}

/// What an owner is asked to do for a near miss.
pub async fn next_step(conn: &mut Conn, project: &Project, now: Timestamp) -> Result<Option<NextStep>> {
    if project.state != ProjectState::NearMiss {
        return Ok(None);
    }
    let miss = actions::of_project(conn, &project.id).await?.filter(|miss| miss.may_say_at(now));
    Ok(miss.map(|miss| NextStep::SayHow(miss.owner_until)))
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &Editor, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let miss = actions::of_project(&mut conn, &own.project.id).await?.ok_or_else(Failure::not_found)?;
    let tallies = actions::tallies(&mut conn, &own.project.id).await?;
    let kept = actions::kept(&mut conn, &miss).await?;
    let role =
        organisations::actions::member_role(&mut conn, &own.project.organisation_id, &own.person.user.id).await?;
    let is_asked = miss.may_say_at(ctx.now);
    let (may_say, waits_for_owner) =
        (is_asked && role == Some(MemberRole::Owner), is_asked && role != Some(MemberRole::Owner));
    ctx.page_with(status, &NearMissPage { ctx, own, form, miss, tallies, kept, may_say, waits_for_owner })
}

pub async fn say(
    ctx: Ctx,
    State(s): State<Services>,
    own: Editor,
    Fresh(_owner): Fresh<ProjectOwner>,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut form = posted.allow(&["words_nl", "words_en"])?;
    let words = Words { nl: form.value("words_nl").to_owned(), en: form.value("words_en").to_owned() };
    let mut tx = s.db.begin().await?;
    match actions::say(&mut tx, &own.project, &words, &own.person.user.id, ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&own.studio_path("/near-miss"), "flash-consent-said"))
        }
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let status = Failure::from(&*refusal).status();
            form.refuse(ctx.lang, &*refusal);
            page(&ctx, &s, &own, &form, status).await
        }
        Err(error) => Err(error.into()),
    }
}
