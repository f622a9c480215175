//! What an organisation was paid and will be paid, and the account it goes to. Owners and bookkeepers see it; an owner with a
//! fresh second factor enters an account.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::features::organisations::guard::OrganisationOwner;
use crate::features::organisations::{self, MemberRole, Organisation};
use crate::features::payments::{Refusal as AccountRefusal, by_bank};
use crate::features::payouts::{
    AccountState, Connected, ConnectedState, OrganisationAccount, Tranche, accounts, actions, connected,
};
use crate::features::projects;
use crate::features::users::guard::{Fresh, SignedIn};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Form, Posted};

struct Group {
    organisation: Organisation,
    is_owner: bool,
    accounts: Vec<OrganisationAccount>,
    /// Its account at the provider.
    connected: Option<Connected>,
    /// With the title of the project.
    tranches: Vec<(Tranche, String)>,
}

impl Group {
    /// Whether an owner can still take this account back.
    fn is_open(&self, account: &OrganisationAccount, ctx: &Ctx) -> bool {
        self.is_owner && (account.state == AccountState::Entered || account.usable_at > ctx.now)
    }
}

#[derive(Template)]
#[template(path = "studio/payouts.html")]
struct PayoutsPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    groups: &'a [Group],
    /// The organisation whose form was posted.
    posted: &'a str,
    blank: Form,
}

impl PayoutsPage<'_> {
    /// Whether the form stands open.
    fn is_open(&self, group: &Group) -> bool {
        group.accounts.is_empty() || group.organisation.slug == self.posted
    }

    /// Whether payouts can go to its account at the provider.
    fn is_connected(&self, group: &Group) -> bool {
        group.connected.as_ref().is_some_and(|connected| connected.state == ConnectedState::Verified)
    }

    fn form_of(&self, group: &Group) -> &Form {
        if group.organisation.slug == self.posted { self.form } else { &self.blank }
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    page(&ctx.signed_in_as(person.label()), &s, &person, &Form::default(), "", StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, person: &SignedIn, form: &Form, posted: &str, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let mut groups = Vec::new();
    for (organisation, role) in organisations::actions::of_user(&mut conn, &person.user.id).await? {
        if role == MemberRole::Editor {
            continue;
        }
        let mut tranches = Vec::new();
        for tranche in actions::of_organisation(&mut conn, &organisation.id).await? {
            let title = projects::actions::get(&mut conn, &tranche.project_id).await?.title(ctx.lang).to_owned();
            tranches.push((tranche, title));
        }
        let accounts = accounts::of_organisation(&mut conn, &organisation.id).await?;
        let connected = connected::of(&mut conn, &organisation.id).await?;
        groups.push(Group { organisation, is_owner: role == MemberRole::Owner, accounts, connected, tranches });
    }
    ctx.page_with(status, &PayoutsPage { ctx, form, groups: &groups, posted, blank: Form::default() })
}

pub async fn enter(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(OrganisationOwner(own)): Fresh<OrganisationOwner>,
    posted: Posted,
) -> Answer {
    let (person, organisation) = (&own.person, &own.organisation);
    let ctx = ctx.signed_in_as(person.label());
    let mut form = posted.allow(&["iban", "holder"])?;
    let (iban, holder) = match by_bank::checked_account(form.value("iban"), form.value("holder")) {
        Ok(account) => account,
        Err(refusal) => {
            form.refuse(ctx.lang, &refusal);
            let about_iban = matches!(refusal, AccountRefusal::IbanMissing | AccountRefusal::IbanWrong);
            if about_iban && let Err(second) = by_bank::checked_holder(form.value("holder")) {
                form.refuse(ctx.lang, &second);
            }
            return page(&ctx, &s, person, &form, &organisation.slug, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let mut tx = s.db.begin().await?;
    accounts::enter(&mut tx, &organisation.id, &person.user.id, &iban, &holder, ctx.now).await?;
    tx.commit().await?;
    Ok(ctx.redirect_done("/studio/payouts", "flash-payouts-account-entered"))
}

pub async fn take_back(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(OrganisationOwner(own)): Fresh<OrganisationOwner>,
    Path((_lang, _slug, id)): Path<(String, String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    accounts::take_back(&mut tx, &own.organisation.id, &id, &own.person.user.id, ctx.now).await?;
    tx.commit().await?;
    Ok(ctx.redirect_done("/studio/payouts", "flash-payouts-account-taken-back"))
}

/// Off to the provider's page, where the organisation tells who it is.
pub async fn connect(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(OrganisationOwner(own)): Fresh<OrganisationOwner>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let back = s.url(&ctx.path(&format!("/studio/payouts/{}/connected", own.organisation.slug)));
    let url = connected::link(&s, &own.organisation, &own.person.user.email, &back).await?;
    Ok(Redirect::to(&url).into_response())
}

/// Back from there. The page decides nothing: it asks the provider, and shows what is known.
pub async fn connected(ctx: Ctx, State(s): State<Services>, OrganisationOwner(own): OrganisationOwner) -> Answer {
    let organisation = &own.organisation;
    if let Err(error) = connected::refresh(&s, &organisation.id).await {
        tracing::warn!(organisation = organisation.id, %error, "the provider's word on an account is awaited");
    }
    Ok(ctx.redirect("/studio/payouts"))
}
