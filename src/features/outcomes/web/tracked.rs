//! What a project measures beside its promises, and the names of its places.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::outcomes::web::Measuring;
use crate::features::outcomes::{Family, Indicator, actions};
use crate::features::projects::guard::Editor;
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

/// An indicator to tick.
struct Choice {
    field: String,
    name: String,
    unit: String,
    licence: String,
    is_promised: bool,
    is_ticked: bool,
}

#[derive(Template)]
#[template(path = "outcomes/tracked.html")]
struct TrackedPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    /// The name of each family with its indicators.
    families: Vec<(String, Vec<Choice>)>,
    /// Names of places.
    locations: Vec<String>,
}

fn field(code: &str) -> String {
    format!("track-{code}")
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &Editor, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let measuring = Measuring::of(&mut conn, &own.project.id).await?;
    let tracked = actions::tracked(&mut conn, &own.project.id).await?;
    let all = actions::indicators(&mut conn).await?;
    let is_promised = |one: &Indicator| measuring.figures.iter().any(|figure| figure.code == one.code);
    let choice = |one: &Indicator| Choice {
        field: field(&one.code),
        name: one.name(ctx.lang).to_owned(),
        unit: one.unit(ctx.lang).to_owned(),
        licence: one.licence(ctx.lang).to_owned(),
        is_promised: is_promised(one),
        is_ticked: tracked.contains(&one.code),
    };
    let is_shown = |one: &&Indicator| one.retired_at.is_none() || tracked.contains(&one.code) || is_promised(one);
    let mut families = Vec::new();
    for family in Family::ALL {
        let own: Vec<Choice> = all.iter().filter(|one| one.family == *family).filter(is_shown).map(choice).collect();
        if !own.is_empty() {
            families.push((ctx.t(format!("indicator-family-{family}")), own));
        }
    }
    let locations = measuring.locations.into_iter().map(|location| location.name).collect();
    ctx.page_with(status, &TrackedPage { ctx, own, form, families, locations })
}

pub async fn save(ctx: Ctx, State(s): State<Services>, own: Editor, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let all = actions::indicators(&mut *s.db.read().await?).await?;
    let fields: Vec<String> = all.iter().map(|one| field(&one.code)).collect();
    let form = posted.allow(&fields.iter().map(String::as_str).collect::<Vec<_>>())?;
    let chosen: Vec<String> =
        all.iter().filter(|one| form.ticked(&field(&one.code))).map(|one| one.code.clone()).collect();
    let mut tx = s.db.begin().await?;
    let done = actions::track(&mut tx, &own.project.id, &chosen, &own.person.user.id, ctx.now).await;
    let done = match done {
        Ok(()) => tx.commit().await.map_err(Error::from),
        Err(error) => Err(error),
    };
    outcome(&ctx, &s, &own, form, done, "flash-outcomes-tracked").await
}

pub async fn add_location(ctx: Ctx, State(s): State<Services>, own: Editor, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = posted.allow(&["location"])?;
    let mut tx = s.db.begin().await?;
    let added = actions::add_location(&mut tx, &own.project.id, form.value("location"), &own.person.user.id, ctx.now);
    let done = match added.await {
        Ok(_) => tx.commit().await.map_err(Error::from),
        Err(error) => Err(error),
    };
    outcome(&ctx, &s, &own, form, done, "flash-outcomes-location").await
}

/// 303 when it was done; the page with the refusal when a rule said no.
async fn outcome(
    ctx: &Ctx,
    s: &Services,
    own: &Editor,
    mut form: Form,
    done: crate::infra::error::Result<()>,
    flash: &str,
) -> Answer {
    match done {
        Ok(()) => Ok(ctx.redirect_done(&own.studio_path("/outcomes/tracked"), flash)),
        Err(Error::Refused(refusal)) => {
            let is_about_a_person = refusal.key().starts_with("outcomes-note-");
            if is_about_a_person {
                form.fail_key(ctx.lang, "location", "measuring-location-names");
            } else {
                form.refuse(ctx.lang, &*refusal);
            }
            let status = Failure::from(&*refusal).status();
            page(ctx, s, own, &form, status).await
        }
        Err(error) => Err(error.into()),
    }
}
