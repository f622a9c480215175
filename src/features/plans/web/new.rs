//! To begin a plan: for which organisation and round, what it is called, and how much money is needed.

use askama::Template;
use axum::extract::State;

use crate::features::organisations::{self, Organisation, OrganisationKind};
use crate::features::plans::web::desk::status_of;
use crate::features::plans::web::reading::Typed;
use crate::features::plans::{actions, takes_plans};
use crate::features::rounds::{self, Round};
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

/// The longest title, in characters.
const LONGEST_TITLE: usize = 100;

#[derive(Template)]
#[template(path = "plans/new.html")]
struct NewPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// Pairs for the choices.
    organisations: Vec<(String, String)>,
    rounds: Vec<(String, String)>,
}

/// The organisations somebody writes plans for, and the rounds that take them.
async fn choices(ctx: &Ctx, s: &Services, person: &SignedIn) -> Result<(Vec<Organisation>, Vec<Round>)> {
    let mut conn = s.db.read().await?;
    let mine = organisations::actions::of_user(&mut conn, &person.user.id).await?;
    let writes = mine.into_iter().filter(|(own, role)| role.may_edit() && own.kind == OrganisationKind::Maker);
    let rounds = rounds::actions::all(&mut conn).await?;
    Ok((
        writes.map(|(organisation, _)| organisation).collect(),
        rounds.into_iter().filter(|round| takes_plans(round, ctx.now)).collect(),
    ))
}

fn page(ctx: &Ctx, form: &Form, organisations: &[Organisation], rounds: &[Round]) -> Answer {
    let page = NewPage {
        ctx,
        form,
        organisations: organisations.iter().map(|one| (one.slug.clone(), one.name.clone())).collect(),
        rounds: rounds
            .iter()
            .map(|round| {
                let until = ctx.t1("plans-until", "moment", ctx.moment(round.valuation_at));
                (round.number.to_string(), format!("{} ({until})", round.title(ctx.lang)))
            })
            .collect(),
    };
    ctx.page_with(status_of(form), &page)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let (organisations, rounds) = choices(&ctx, &s, &person).await?;
    if organisations.is_empty() {
        return Err(Failure::forbidden());
    }
    let mut form = Form::default();
    if let [only] = organisations.as_slice() {
        form.set("organisation", &only.slug);
    }
    if let [only] = rounds.as_slice() {
        form.set("round", &only.number.to_string());
    }
    page(&ctx, &form, &organisations, &rounds)
}

pub async fn begin(ctx: Ctx, State(s): State<Services>, person: SignedIn, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let (organisations, rounds) = choices(&ctx, &s, &person).await?;
    if organisations.is_empty() {
        return Err(Failure::forbidden());
    }
    let mut form = posted.allow(&["organisation", "round", "title", "minimum", "full"])?;
    let organisation = organisations.iter().find(|one| one.slug == form.value("organisation"));
    let round = rounds.iter().find(|round| round.number.to_string() == form.value("round"));
    let mut typed = Typed { ctx: &ctx, form: &mut form };
    if organisation.is_none() {
        typed.fail("organisation", "plans-choose-organisation");
    }
    if round.is_none() {
        typed.fail("round", "plans-choose-round");
    }
    let new = actions::NewPlan {
        title: typed.needed("title", LONGEST_TITLE),
        minimum: typed.amount("minimum", false),
        full: typed.amount("full", false),
    };
    for (name, amount) in [("minimum", new.minimum), ("full", new.full)] {
        if amount.0 == 0 && typed.form.error(name).is_none() {
            typed.fail(name, "amount-negative");
        }
    }
    if new.full < new.minimum && typed.form.error("full").is_none() && typed.form.error("minimum").is_none() {
        typed.fail("full", "plans-full-below-minimum");
    }
    let (Some(organisation), Some(round), false) = (organisation, round, form.has_errors()) else {
        return page(&ctx, &form, &organisations, &rounds);
    };
    let mut tx = s.db.begin().await?;
    match actions::begin(&mut tx, organisation, &round.id, &new, &person.user.id, ctx.now).await {
        Ok(project) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&format!("/studio/projects/{}/plan", project.slug), "flash-plans-begun"))
        }
        Err(Error::Refused(refusal)) => {
            drop(tx);
            form.refuse(ctx.lang, &*refusal);
            page(&ctx, &form, &organisations, &rounds)
        }
        Err(error) => Err(error.into()),
    }
}
