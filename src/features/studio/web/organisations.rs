//! An organisation as its members see it: registering it, its data and how it stands with the team.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::organisations::guard::{OrganisationMember, OrganisationOwner};
use crate::features::organisations::{
    self, Coalition, Details, LegalForm, Organisation, OrganisationKind, OrganisationState, PartnerState, PsoStep,
    Refusal, coalitions, registration, shown,
};
use crate::features::projects::Project;
use crate::features::projects::shares::{self, Share};
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::error::{self, Error};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

#[derive(Template)]
#[template(path = "studio/organisation_form.html")]
struct FormPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// The organisation that is changed; nothing while one is registered.
    organisation: Option<&'a Organisation>,
    kinds: Vec<(&'static str, String)>,
    forms: Vec<(&'static str, String)>,
    steps: Vec<(&'static str, String)>,
}

impl FormPage<'_> {
    fn action(&self) -> String {
        self.ctx.path(&match self.organisation {
            Some(organisation) => format!("/studio/organisations/{}/edit", organisation.slug),
            None => "/studio/organisations/new".to_owned(),
        })
    }
}

fn form_page(ctx: &Ctx, organisation: Option<&Organisation>, form: &Form, status: StatusCode) -> Answer {
    let page = FormPage {
        ctx,
        form,
        organisation,
        kinds: OrganisationKind::ALL.iter().map(|k| (k.as_str(), ctx.t(format!("site-kind-{k}")))).collect(),
        forms: LegalForm::ALL.iter().map(|f| (f.as_str(), ctx.t(shown::form_key(*f)))).collect(),
        steps: PsoStep::ALL.iter().map(|p| (p.as_str(), ctx.t(format!("organisation-pso-{p}")))).collect(),
    };
    ctx.page_with(status, &page)
}

pub async fn new(ctx: Ctx, person: SignedIn) -> Answer {
    form_page(&ctx.signed_in_as(person.label()), None, &Form::with(&[("pso", "none")]), StatusCode::OK)
}

/// What was typed; nothing when something is wrong, which then stands beside its field.
fn read(ctx: &Ctx, form: &mut Form) -> Option<Details> {
    match Details::parse(|field| form.value(field)) {
        Ok(details) => Some(details),
        Err(wrong) => {
            wrong.iter().for_each(|refusal| form.refuse(ctx.lang, refusal));
            None
        }
    }
}

/// The form again with the rule that said no.
fn refused(ctx: &Ctx, organisation: Option<&Organisation>, mut form: Form, error: Error) -> Answer {
    let Some(refusal) = error.refusal::<Refusal>() else { return Err(error.into()) };
    form.refuse(ctx.lang, refusal);
    form_page(ctx, organisation, &form, Failure::from(refusal as &dyn error::Refusal).status())
}

pub async fn register(ctx: Ctx, State(s): State<Services>, person: SignedIn, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut form = posted.allow(&Details::FIELDS)?;
    let Some(details) = read(&ctx, &mut form) else {
        return form_page(&ctx, None, &form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let mut tx = s.db.begin().await?;
    match registration::register(&mut tx, &person.user.id, &details, ctx.now).await {
        Ok(slug) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&format!("/studio/organisations/{slug}"), "flash-organisation-registered"))
        }
        Err(error) => refused(&ctx, None, form, error),
    }
}

pub async fn edit(ctx: Ctx, State(s): State<Services>, OrganisationOwner(own): OrganisationOwner) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let details = registration::details_of(&mut *s.db.read().await?, &own.organisation.id).await?;
    let mut form = Form::with(&details.fields());
    form.set("version", &own.organisation.version.to_string());
    form_page(&ctx, Some(&own.organisation), &form, StatusCode::OK)
}

pub async fn save(
    ctx: Ctx,
    State(s): State<Services>,
    OrganisationOwner(own): OrganisationOwner,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let names: Vec<&str> = Details::FIELDS.into_iter().chain(["version"]).collect();
    let mut form = posted.allow(&names)?;
    let version: i64 = form.value("version").parse().map_err(Failure::bad_request)?;
    let Some(details) = read(&ctx, &mut form) else {
        return form_page(&ctx, Some(&own.organisation), &form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (id, by) = (&own.organisation.id, &own.person.user.id);
    let mut tx = s.db.begin().await?;
    match registration::change(&mut tx, id, by, version, &details, ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&own.path(""), "flash-organisation-saved"))
        }
        Err(error) => refused(&ctx, Some(&own.organisation), form, error),
    }
}

pub async fn withdraw(
    ctx: Ctx,
    State(s): State<Services>,
    OrganisationOwner(own): OrganisationOwner,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    registration::withdraw(&mut tx, &own.organisation.id, &own.person.user.id, ctx.now).await?;
    tx.commit().await?;
    Ok(ctx.redirect_done("/studio", "flash-organisation-withdrawn"))
}

#[derive(Template)]
#[template(path = "studio/organisation.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    own: &'a OrganisationMember,
    facts: Vec<(String, String)>,
    coalitions: &'a [(Coalition, Option<PartnerState>)],
    /// Joint projects of others that are not listed yet: what it is asked to agree to, and what it agreed to; with the names of who
    /// leads them.
    joint: &'a [(Project, Share, String)],
}

impl Show<'_> {
    fn can_withdraw(&self) -> bool {
        let state = self.own.organisation.state;
        self.own.is_owner() && self.own.organisation.was_confirmed == 0 && state != OrganisationState::Withdrawn
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: OrganisationMember) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut conn = s.db.read().await?;
    let details = registration::details_of(&mut conn, &own.organisation.id).await?;
    let coalitions = coalitions::of_organisation(&mut conn, &own.organisation.id).await?;
    let mut joint = Vec::new();
    for (project, share) in shares::with_others(&mut conn, &own.organisation.id).await? {
        let lead = organisations::actions::get(&mut conn, &project.organisation_id).await?.name;
        joint.push((project, share, lead));
    }
    ctx.page(&Show {
        ctx: &ctx,
        facts: shown::facts(&ctx, &details),
        own: &own,
        coalitions: &coalitions,
        joint: &joint,
    })
}
