//! Coalitions as the members of their organisations see them: founding one, its steps, who takes part, and answering an invitation.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::organisations::coalitions::{self, Draft};
use crate::features::organisations::guard::{OrganisationMember, OrganisationOwner};
use crate::features::organisations::{
    Coalition, CoalitionKind, CoalitionStep, MOST_STEPS, Organisation, PartnerState, actions,
};
use crate::features::projects::shares;
use crate::features::studio::web::members::ended;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

type Named = Path<(String, String, String)>;

#[derive(Template)]
#[template(path = "studio/coalition.html")]
struct CoalitionPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    own: &'a OrganisationMember,
    /// The coalition that is looked at; nothing while one is founded.
    coalition: Option<&'a Coalition>,
    /// How the own organisation stands in it; nothing for its founder.
    standing: Option<PartnerState>,
    /// Everybody who was asked, with how they stand.
    partners: &'a [(Organisation, PartnerState)],
    steps: &'a [(CoalitionStep, String)],
    kinds: Vec<(&'static str, String)>,
    /// Who can do a step: slug and name.
    doers: Vec<(String, String)>,
    /// The numbers of the form's rows.
    rows: std::ops::RangeInclusive<usize>,
}

impl CoalitionPage<'_> {
    fn is_founder(&self) -> bool {
        self.own.is_owner() && self.standing.is_none()
    }

    fn action(&self, part: &str) -> String {
        let slug = self.coalition.map_or("new", |coalition| coalition.slug.as_str());
        self.ctx.path(&self.own.path(&format!("/coalitions/{slug}{part}")))
    }

    fn field(&self, row: &usize, part: &str) -> String {
        format!("step_{row}_{part}")
    }

    fn is_doer(&self, row: &usize, slug: &str) -> bool {
        self.form.value(&self.field(row, "organisation")) == slug
    }
}

fn fields() -> Vec<String> {
    let mut names: Vec<String> =
        ["title", "kind", "description_nl", "description_en", "version"].map(ToOwned::to_owned).to_vec();
    for row in 1..=MOST_STEPS {
        names.extend(["nl", "en", "organisation"].map(|part| format!("step_{row}_{part}")));
    }
    names
}

/// A coalition with what its page shows, for an organisation that belongs to it.
struct Seen {
    coalition: Coalition,
    standing: Option<PartnerState>,
}

async fn seen(conn: &mut Conn, own: &OrganisationMember, slug: &str) -> std::result::Result<Seen, Failure> {
    let coalition = actions::coalition_by_slug(conn, slug).await?.ok_or_else(Failure::not_found)?;
    if coalition.founder_id.as_ref() == Some(&own.organisation.id) {
        return Ok(Seen { coalition, standing: None });
    }
    let partner =
        coalitions::partner(conn, &coalition.id, &own.organisation.id).await?.ok_or_else(Failure::not_found)?;
    Ok(Seen { coalition, standing: Some(partner.state) })
}

async fn page(
    ctx: &Ctx,
    s: &Services,
    own: &OrganisationMember,
    slug: &str,
    form: &Form,
    status: StatusCode,
) -> Answer {
    let mut conn = s.db.read().await?;
    let seen = if slug.is_empty() { None } else { Some(seen(&mut conn, own, slug).await?) };
    let mut partners = Vec::new();
    let mut steps = Vec::new();
    let mut doers = vec![(own.organisation.slug.clone(), own.organisation.name.clone())];
    let mut shown = form.clone();
    if let Some(seen) = &seen {
        for partner in coalitions::partners(&mut conn, &seen.coalition.id).await? {
            partners.push((actions::get(&mut conn, &partner.organisation_id).await?, partner.state));
        }
        let members = coalitions::members(&mut conn, &seen.coalition).await?;
        doers = members.iter().map(|member| (member.slug.clone(), member.name.clone())).collect();
        for step in actions::steps(&mut conn, &seen.coalition.id).await? {
            let doer = members.iter().find(|member| Some(&member.id) == step.organisation_id.as_ref());
            steps.push((step, doer.cloned()));
        }
        if form.value("version").is_empty() {
            fill(&mut shown, &seen.coalition, &steps);
        }
    }
    let steps: Vec<(CoalitionStep, String)> =
        steps.into_iter().map(|(step, doer)| (step, doer.map(|doer| doer.name).unwrap_or_default())).collect();
    let page = CoalitionPage {
        ctx,
        form: &shown,
        own,
        coalition: seen.as_ref().map(|seen| &seen.coalition),
        standing: seen.as_ref().and_then(|seen| seen.standing),
        partners: &partners,
        steps: &steps,
        kinds: CoalitionKind::ALL.iter().map(|k| (k.as_str(), ctx.t(format!("coalition-kind-{k}")))).collect(),
        doers,
        rows: 1..=MOST_STEPS,
    };
    ctx.page_with(status, &page)
}

/// Shows what is stored in the form that changes it.
fn fill(form: &mut Form, coalition: &Coalition, steps: &[(CoalitionStep, Option<Organisation>)]) {
    form.set("title", &coalition.title);
    form.set("kind", coalition.kind.as_str());
    form.set("description_nl", &coalition.description_nl);
    form.set("description_en", &coalition.description_en);
    form.set("version", &coalition.version.to_string());
    for (row, (step, doer)) in (1..).zip(steps) {
        form.set(&format!("step_{row}_nl"), &step.text_nl);
        form.set(&format!("step_{row}_en"), &step.text_en);
        form.set(&format!("step_{row}_organisation"), doer.as_ref().map_or("", |doer| doer.slug.as_str()));
    }
}

pub async fn new(ctx: Ctx, State(s): State<Services>, OrganisationOwner(own): OrganisationOwner) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, "", &Form::default(), StatusCode::OK).await
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    own: OrganisationMember,
    Path((_lang, _slug, coalition)): Named,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &coalition, &Form::default(), StatusCode::OK).await
}

/// 303 when it was done; the page with the refusal when a rule said no.
async fn decided(
    ctx: &Ctx,
    s: &Services,
    own: &OrganisationMember,
    slug: &str,
    mut form: Form,
    done: Result<()>,
    flash: &str,
) -> Answer {
    match done {
        Ok(()) => Ok(ctx.redirect_done(&own.path(&format!("/coalitions/{slug}")), flash)),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            page(ctx, s, own, slug, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

fn read(ctx: &Ctx, form: &mut Form) -> Option<Draft> {
    match Draft::parse(|field| form.value(field)) {
        Ok(draft) => Some(draft),
        Err(wrong) => {
            wrong.iter().for_each(|refusal| form.refuse(ctx.lang, refusal));
            None
        }
    }
}

pub async fn found(
    ctx: Ctx,
    State(s): State<Services>,
    OrganisationOwner(own): OrganisationOwner,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let names = fields();
    let mut form = posted.allow(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let Some(draft) = read(&ctx, &mut form) else {
        return page(&ctx, &s, &own, "", &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = s.db.begin().await?;
    let done = coalitions::found(&mut tx, &own.organisation.id, &own.person.user.id, &draft, ctx.now).await;
    match ended(tx, done).await {
        Ok(slug) => Ok(ctx.redirect_done(&own.path(&format!("/coalitions/{slug}")), "flash-coalition-founded")),
        Err(error) => decided(&ctx, &s, &own, "", form, Err(error), "flash-coalition-founded").await,
    }
}

pub async fn save(
    ctx: Ctx,
    State(s): State<Services>,
    OrganisationOwner(own): OrganisationOwner,
    Path((_lang, _slug, coalition)): Named,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let names = fields();
    let mut form = posted.allow(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let version: i64 = form.value("version").parse().map_err(Failure::bad_request)?;
    let known = seen(&mut *s.db.read().await?, &own, &coalition).await?.coalition;
    let Some(draft) = read(&ctx, &mut form) else {
        return page(&ctx, &s, &own, &coalition, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = s.db.begin().await?;
    let done = coalitions::change(&mut tx, &known.id, &own.person.user.id, version, &draft, ctx.now).await;
    let done = ended(tx, done).await;
    decided(&ctx, &s, &own, &coalition, form, done, "flash-coalition-saved").await
}

pub async fn invite(
    ctx: Ctx,
    State(s): State<Services>,
    OrganisationOwner(own): OrganisationOwner,
    Path((_lang, _slug, coalition)): Named,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&["partner"])?;
    let known = seen(&mut *s.db.read().await?, &own, &coalition).await?.coalition;
    let mut tx = s.db.begin().await?;
    let done = match coalitions::meant(&mut tx, form.value("partner")).await {
        Ok(meant) => coalitions::invite(&mut tx, &known.id, &own.person.user.id, &meant.id, ctx.now).await,
        Err(error) => Err(error),
    };
    let done = ended(tx, done).await;
    decided(&ctx, &s, &own, &coalition, form, done, "flash-coalition-invited").await
}

/// The founder lets a partner go, or takes an invitation back.
pub async fn remove(
    ctx: Ctx,
    State(s): State<Services>,
    OrganisationOwner(own): OrganisationOwner,
    Path((_lang, _slug, coalition)): Named,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&["organisation"])?;
    let mut conn = s.db.read().await?;
    let known = seen(&mut conn, &own, &coalition).await?.coalition;
    let partner = actions::by_slug(&mut conn, form.value("organisation")).await?.ok_or_else(Failure::not_found)?;
    drop(conn);
    end(&ctx, &s, &own, &known, &partner.id, "flash-coalition-removed").await
}

/// A partner answers an invitation, or leaves.
pub async fn answer(
    ctx: Ctx,
    State(s): State<Services>,
    OrganisationOwner(own): OrganisationOwner,
    Path((_lang, _slug, coalition)): Named,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&["answer"])?;
    let known = seen(&mut *s.db.read().await?, &own, &coalition).await?.coalition;
    let (id, by) = (&own.organisation.id, &own.person.user.id);
    let joins = match form.value("answer") {
        "join" => true,
        "decline" => false,
        "leave" => return end(&ctx, &s, &own, &known, id, "flash-coalition-left").await,
        other => return Err(Failure::bad_request(format!("an answer {other:.20}"))),
    };
    let mut tx = s.db.begin().await?;
    let done = coalitions::answer(&mut tx, &known.id, id, by, joins, ctx.now).await;
    let done = ended(tx, done).await;
    let flash = if joins { "flash-coalition-joined" } else { "flash-coalition-declined" };
    decided(&ctx, &s, &own, &coalition, Form::default(), done, flash).await
}

async fn end(
    ctx: &Ctx,
    s: &Services,
    own: &OrganisationMember,
    coalition: &Coalition,
    organisation_id: &str,
    flash: &str,
) -> Answer {
    let mut tx = s.db.begin().await?;
    let by = &own.person.user.id;
    let done = shares::leave_coalition(&mut tx, &coalition.id, organisation_id, by, ctx.now).await;
    let done = ended(tx, done).await;
    decided(ctx, s, own, &coalition.slug, Form::default(), done, flash).await
}
