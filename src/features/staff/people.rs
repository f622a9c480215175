//! The people of the platform's team and what they confirm with; and, for whoever lost every second factor, the recovery by two admins.

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::features::approvals::{Decider, Proposal};
use crate::features::projects;
use crate::features::recoveries::actions;
use crate::features::staff::treasurer::{Outcome, end, outcome};
use crate::features::updates::choices;
use crate::features::users::events::{self, Event};
use crate::features::users::factor::{self, Factors};
use crate::features::users::guard::{Acting, Fresh, SignedIn, Staff};
use crate::features::users::passkeys::{self, NamedKey};
use crate::features::users::{StaffRole, User, actions as users};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

const PATH: &str = "/staff/users";

/// The request of an admin.
pub struct Admin {
    pub ctx: Ctx,
    pub s: Services,
    pub staff: Staff,
}

impl FromRequestParts<Services> for Admin {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> std::result::Result<Admin, Failure> {
        let staff = Staff::from_request_parts(parts, services).await?;
        staff.require(StaffRole::Admin)?;
        let ctx = Ctx::from_request_parts(parts, services).await?.signed_in_as(staff.0.label());
        Ok(Admin { ctx, s: services.clone(), staff })
    }
}

impl Acting for Admin {
    fn person(&self) -> &SignedIn {
        &self.staff.0
    }
}

impl Admin {
    fn decider(&self) -> Decider<'_> {
        Decider { user_id: &self.staff.0.user.id, fresh_until: self.staff.0.session.fresh_until }
    }
}

#[derive(Template)]
#[template(path = "staff/person.html")]
struct PersonPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    user: &'a User,
    facts: Vec<(String, String)>,
    keys: &'a [NamedKey],
    factors: Factors,
    /// There is something to remove, or somebody of the team to let enrol, and it is not the viewer.
    may_recover: bool,
    proposal: Option<Proposal>,
    is_own: bool,
    hash: String,
    events: &'a [Event],
    choices: &'a [String],
    /// Browsers in which this person is signed in.
    sessions: usize,
}

impl PersonPage<'_> {
    fn event(&self, event: &Event) -> String {
        event.told(self.ctx)
    }

    fn action(&self, step: &str) -> String {
        self.ctx.path(&format!("{PATH}/{}/recovery/{step}", self.user.id))
    }
}

type Id = Path<(String, String)>;

pub async fn show(desk: Admin, Path((_lang, id)): Id) -> Answer {
    page(&desk, &id, &Form::default(), StatusCode::OK).await
}

async fn page(desk: &Admin, id: &str, form: &Form, status: StatusCode) -> Answer {
    let ctx = &desk.ctx;
    let viewer = desk.staff.0.user.id.as_str();
    let mut conn = desk.s.db.read().await?;
    let user = users::by_id(&mut conn, id).await?.ok_or_else(Failure::not_found)?;
    let roles = users::roles(&mut conn, id).await?;
    let factors = factor::of_user(&mut conn, id).await?;
    let role_names = roles.iter().map(|role| ctx.t(format!("staff-role-{role}"))).collect::<Vec<_>>().join(", ");
    let proposal = actions::open(&mut conn, id, ctx.now).await?;
    let page = PersonPage {
        form,
        facts: vec![
            (ctx.t("users-email"), user.address()),
            (ctx.t("users-name"), user.name.clone()),
            (ctx.t("people-roles"), if roles.is_empty() { ctx.t("people-no-roles") } else { role_names }),
        ],
        keys: &passkeys::of_user(&mut conn, id).await?,
        factors,
        may_recover: user.id != viewer && (factors.any() || !roles.is_empty()),
        is_own: proposal.as_ref().is_some_and(|open| open.proposed_by == viewer),
        proposal,
        hash: actions::hash(&mut conn, &user).await?,
        events: &events::lately(&mut conn, id).await?,
        choices: &mail_choices(ctx, &mut conn, id).await?,
        sessions: users::sessions(&mut conn, id, !roles.is_empty(), ctx.now).await?.len(),
        user: &user,
        ctx,
    };
    ctx.page_with(status, &page)
}

/// What somebody chose about mail, in words.
async fn mail_choices(ctx: &Ctx, conn: &mut Conn, user_id: &str) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for (choice, _words) in choices::of_user(conn, user_id).await? {
        let about = match &choice.project_id {
            Some(id) => projects::actions::get(conn, id).await?.title(ctx.lang).to_owned(),
            None => ctx.t("mail-choice-all"),
        };
        let word = |list: &str, word: &str| ctx.t(format!("mail-{list}-{}", word.replace('_', "-")));
        told.push(format!(
            "{}: {}, {}: {} → {} ({})",
            ctx.moment(choice.at),
            about,
            word("choice", choice.choice.as_str()),
            word("wish", choice.from_wish.as_str()),
            word("wish", choice.to_wish.as_str()),
            word("way", choice.way.as_str()),
        ));
    }
    Ok(told)
}

async fn decided(desk: Admin, id: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    let path = format!("{PATH}/{id}");
    match outcome(&desk.staff, &desk.ctx, &path, form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&path, flash)),
        Outcome::Refused(form, status) => page(&desk, id, &form, status).await,
    }
}

/// Ends all sessions of somebody: for a browser that is in the wrong hands.
pub async fn sign_out(Fresh(desk): Fresh<Admin>, Path((_lang, id)): Id, posted: Posted) -> Answer {
    posted.allow(&[])?;
    let mut tx = desk.s.db.begin().await?;
    let user = users::by_id(&mut tx, &id).await?.ok_or_else(Failure::not_found)?;
    users::sign_out_everywhere(&mut tx, &user.id, &desk.staff.0.user.id, desk.ctx.now).await?;
    tx.commit().await?;
    Ok(desk.ctx.redirect_done(&format!("{PATH}/{id}"), "flash-signed-out-everywhere"))
}

pub async fn propose(desk: Admin, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::propose(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await.map(|_| ());
    decided(desk, &id, form, done, "flash-recovery-proposed").await
}

pub async fn approve(desk: Admin, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::approve(&mut tx, desk.decider(), &id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-recovery-approved").await
}

pub async fn withdraw(desk: Admin, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::withdraw(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-recovery-withdrawn").await
}
