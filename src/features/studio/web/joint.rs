//! A joint plan as a partner reads it: all that it says, who gets what, and the partner's answer.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::organisations;
use crate::features::plans::{self, Line, Names};
use crate::features::projects::guard::AskedPartner;
use crate::features::projects::shares::{self, Share};
use crate::features::projects::{self, Refusal};
use crate::features::rounds::{self, Round};
use crate::features::studio::web::members::ended;
use crate::features::users::guard::Fresh;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

#[derive(Template)]
#[template(path = "studio/joint.html")]
struct JointPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    asked: &'a AskedPartner,
    /// The organisation that leads the project.
    lead: String,
    round: Round,
    /// With the names of who gets them.
    shares: Vec<(Share, String)>,
    lines: Vec<Line>,
}

impl JointPage<'_> {
    fn has_agreed(&self) -> bool {
        self.asked.share.agreed == 1
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, asked: AskedPartner) -> Answer {
    let ctx = ctx.signed_in_as(asked.own.person.label());
    page(&ctx, &s, &asked, &Form::default(), StatusCode::OK).await
}

/// The page; what everybody sees by now has its own, and what came to nothing has none.
async fn page(ctx: &Ctx, s: &Services, asked: &AskedPartner, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let project = &asked.project;
    if !project.state.shares_may_change() {
        let public = projects::actions::public_by_slug(&mut conn, &project.slug).await?;
        let public = public.ok_or_else(Failure::not_found)?;
        return Ok(ctx.redirect(&format!("/projects/{}", public.slug)));
    }
    let content = plans::actions::content(&mut conn, project).await?;
    let names = Names::read(&mut conn).await?;
    let mut named = Vec::new();
    for share in shares::of_project(&mut conn, &project.id).await? {
        let name = organisations::actions::get(&mut conn, &share.organisation_id).await?.name;
        named.push((share, name));
    }
    let page = JointPage {
        ctx,
        form,
        asked,
        lead: organisations::actions::get(&mut conn, &project.organisation_id).await?.name,
        round: rounds::actions::get(&mut conn, &project.round_id).await?,
        shares: named,
        lines: plans::lines::lines(&content, &names, ctx.lang),
    };
    ctx.page_with(status, &page)
}

/// An owner of the partner agrees to the share that the page showed.
pub async fn agree(ctx: Ctx, State(s): State<Services>, Fresh(asked): Fresh<AskedPartner>, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(asked.own.person.label());
    only_owners(&asked)?;
    let form = posted.allow(&["share_percent"])?;
    let share: i64 = form.value("share_percent").parse().map_err(Failure::bad_request)?;
    let mut tx = s.db.begin().await?;
    let (organisation, by) = (&asked.own.organisation.id, &asked.own.person.user.id);
    let done = shares::agree(&mut tx, &asked.project.id, organisation, by, share, ctx.now).await;
    let done = ended(tx, done).await;
    answered(&ctx, &s, &asked, form, done, (&asked.path(""), "flash-shares-agreed")).await
}

/// An owner of the partner says no, with a reason: the plan is none of its business from then on.
pub async fn refuse(ctx: Ctx, State(s): State<Services>, Fresh(asked): Fresh<AskedPartner>, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(asked.own.person.label());
    only_owners(&asked)?;
    let form = posted.allow(&["reason"])?;
    let mut tx = s.db.begin().await?;
    let (organisation, by) = (&asked.own.organisation.id, &asked.own.person.user.id);
    let done = shares::refuse(&mut tx, &asked.project.id, organisation, by, form.value("reason"), ctx.now).await;
    let done = ended(tx, done).await;
    answered(&ctx, &s, &asked, form, done, (&asked.own.path(""), "flash-shares-refused")).await
}

fn only_owners(asked: &AskedPartner) -> std::result::Result<(), Failure> {
    if asked.own.is_owner() { Ok(()) } else { Err(Failure::forbidden()) }
}

/// 303 when it was done; the page as it is now with the rule that said no.
async fn answered(
    ctx: &Ctx,
    s: &Services,
    asked: &AskedPartner,
    mut form: Form,
    done: Result<()>,
    (to, flash): (&str, &str),
) -> Answer {
    match done {
        Ok(()) => Ok(ctx.redirect_done(to, flash)),
        Err(Error::Refused(refusal)) if refusal.as_any().downcast_ref() != Some(&Refusal::SharesFixed) => {
            let status = Failure::from(&*refusal).status();
            form.refuse(ctx.lang, &*refusal);
            let organisation_id = &asked.own.organisation.id;
            let share = shares::share_of(&mut *s.db.read().await?, &asked.project.id, organisation_id).await?;
            let share = share.filter(|share| share.refusal.is_none()).ok_or_else(Failure::not_found)?;
            page(ctx, s, &AskedPartner { share, ..asked.clone() }, &form, status).await
        }
        Err(error) => Err(error.into()),
    }
}
