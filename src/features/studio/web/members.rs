//! The members of an organisation: who they are, what they may do, who is invited; and the page that an invitation's link leads to.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::organisations::guard::{OrganisationMember, OrganisationOwner};
use crate::features::organisations::{Colleague, Invitation, MemberRole, Organisation, Refusal, actions, members};
use crate::features::users::guard::{Fresh, SignedIn};
use crate::infra::Services;
use crate::infra::db::Tx;
use crate::infra::error::{self, Error, Refusal as _, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

#[derive(Template)]
#[template(path = "studio/members.html")]
struct MembersPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    own: &'a OrganisationMember,
    members: &'a [Colleague],
    invitations: &'a [Invitation],
    roles: Vec<(&'static str, String)>,
}

impl MembersPage<'_> {
    fn is_me(&self, member: &Colleague) -> bool {
        member.user_id == self.own.person.user.id
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: OrganisationMember) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &OrganisationMember, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let page = MembersPage {
        ctx,
        form,
        own,
        members: &members::of_organisation(&mut conn, &own.organisation.id).await?,
        invitations: &members::invitations(&mut conn, &own.organisation.id).await?,
        roles: MemberRole::ALL.iter().map(|r| (r.as_str(), ctx.t(format!("member-role-{r}")))).collect(),
    };
    ctx.page_with(status, &page)
}

/// 303 when it was done; the page with the refusal when a rule said no.
async fn decided(
    ctx: &Ctx,
    s: &Services,
    own: &OrganisationMember,
    mut form: Form,
    done: Result<()>,
    flash: &str,
) -> Answer {
    match done {
        Ok(()) => Ok(ctx.redirect_done(&own.path("/members"), flash)),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            page(ctx, s, own, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn invite(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(OrganisationOwner(own)): Fresh<OrganisationOwner>,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&["email", "role"])?;
    let (id, by) = (&own.organisation.id, &own.person.user.id);
    let mut tx = s.db.begin().await?;
    let done = match MemberRole::from_word(form.value("role")) {
        Some(role) => members::invite(&mut tx, id, by, (form.value("email"), role), ctx.lang, ctx.now).await,
        None => Err(Refusal::RoleMissing.into()),
    };
    let done = ended(tx, done).await;
    decided(&ctx, &s, &own, form, done, "flash-member-invited").await
}

/// Ends a step that was taken in a transaction: a refused one leaves nothing behind.
pub async fn ended<T>(tx: Tx, done: Result<T>) -> Result<T> {
    let done = done?;
    tx.commit().await?;
    Ok(done)
}

type Of = Path<(String, String, String)>;

pub async fn set_role(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(OrganisationOwner(own)): Fresh<OrganisationOwner>,
    Path((_lang, _slug, user_id)): Of,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&["role"])?;
    let (id, by) = (&own.organisation.id, &own.person.user.id);
    let mut tx = s.db.begin().await?;
    let done = match MemberRole::from_word(form.value("role")) {
        Some(role) => members::set_role(&mut tx, id, by, (&user_id, role), ctx.now).await,
        None => Err(Refusal::RoleMissing.into()),
    };
    let done = ended(tx, done).await;
    decided(&ctx, &s, &own, Form::default(), done, "flash-member-role").await
}

/// An owner ends a membership, or a member his own.
pub async fn remove(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(own): Fresh<OrganisationMember>,
    Path((_lang, _slug, user_id)): Of,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let (id, by) = (&own.organisation.id, &own.person.user.id);
    if *by != user_id && !own.is_owner() {
        return Err(Failure::forbidden());
    }
    let form = posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    let done = members::remove(&mut tx, id, by, &user_id, ctx.now).await;
    let done = ended(tx, done).await;
    if done.is_ok() && *by == user_id {
        return Ok(ctx.redirect_done("/studio", "flash-member-left"));
    }
    decided(&ctx, &s, &own, form, done, "flash-member-removed").await
}

pub async fn take_back(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(OrganisationOwner(own)): Fresh<OrganisationOwner>,
    Path((_lang, _slug, invitation)): Of,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    let done = members::take_back(&mut tx, &own.organisation.id, &own.person.user.id, &invitation, ctx.now).await;
    let done = ended(tx, done).await;
    decided(&ctx, &s, &own, form, done, "flash-invitation-withdrawn").await
}

#[derive(Template)]
#[template(path = "studio/invitation.html")]
struct InvitationPage<'a> {
    ctx: &'a Ctx,
    token: &'a str,
    /// What is offered; nothing when it cannot be accepted.
    offer: Option<(&'a Invitation, &'a Organisation)>,
    /// Why it cannot.
    obstacle: String,
    email: &'a str,
}

/// The page behind the link. Opening it changes nothing: a mail program may do that too.
pub async fn invitation(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_lang, token)): Path<(String, String)>,
) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    match members::behind(&mut conn, &token, &person.user, ctx.now).await {
        Ok(invitation) => {
            let organisation = actions::get(&mut conn, &invitation.organisation_id).await?;
            let offer = Some((&invitation, &organisation));
            let email = &person.user.email;
            ctx.page(&InvitationPage { ctx: &ctx, token: &token, offer, obstacle: String::new(), email })
        }
        Err(error) => not_offered(&ctx, &person, &token, error),
    }
}

fn not_offered(ctx: &Ctx, person: &SignedIn, token: &str, error: Error) -> Answer {
    let Some(refusal) = error.refusal::<Refusal>() else { return Err(error.into()) };
    let status = Failure::from(refusal as &dyn error::Refusal).status();
    let obstacle = ctx.t(refusal.key());
    ctx.page_with(status, &InvitationPage { ctx, token, offer: None, obstacle, email: &person.user.email })
}

pub async fn accept(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_lang, token)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    let done = members::accept(&mut tx, &token, &person.user, ctx.now).await;
    match ended(tx, done).await {
        Ok(organisation) => {
            Ok(ctx.redirect_done(&format!("/studio/organisations/{}", organisation.slug), "flash-invitation-accepted"))
        }
        Err(error) => not_offered(&ctx, &person, &token, error),
    }
}

pub async fn decline(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_lang, token)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    let done = members::decline(&mut tx, &token, &person.user, ctx.now).await;
    match ended(tx, done).await {
        Ok(()) => Ok(ctx.redirect_done("/studio", "flash-invitation-declined")),
        Err(error) => not_offered(&ctx, &person, &token, error),
    }
}
