//! The versions of a plan, and what differs between two of them: for its owner, and for reviewers.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::features::plans::lines::{Difference, differences};
use crate::features::plans::{Names, Version, actions};
use crate::features::projects::guard::Member;
use crate::features::users;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Form};

/// Two versions beside each other, and all that can be chosen.
pub struct Comparison {
    /// With who handed it in.
    pub versions: Vec<(Version, String)>,
    pub form: Form,
    /// Pairs for the choices.
    pub choices: Vec<(String, String)>,
    pub from: i64,
    pub to: i64,
    pub differences: Vec<Difference>,
}

/// Compares the versions that the query names (`?from=1&to=2`), or else the last two.
pub async fn comparison(ctx: &Ctx, conn: &mut Conn, project_id: &str, query: Option<&str>) -> Result<Comparison> {
    let all = actions::versions(conn, project_id).await?;
    let asked: HashMap<String, String> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let newest = all.last().map_or(0, |version| version.number);
    let number = |name: &str, usual: i64| {
        let wanted = asked.get(name).and_then(|value| value.parse().ok());
        wanted.filter(|wanted| all.iter().any(|version| version.number == *wanted)).unwrap_or(usual)
    };
    let (from, to) = (number("from", (newest - 1).max(1)), number("to", newest));
    let of = |number: i64| all.iter().find(|version| version.number == number);
    let differences = match (of(from), of(to)) {
        (Some(old), Some(new)) if from != to => {
            let names = Names::read(conn).await?;
            differences(&actions::content_of(old)?, &actions::content_of(new)?, &names, ctx.lang)
        }
        _ => Vec::new(),
    };
    let mut versions = Vec::with_capacity(all.len());
    for version in all {
        let user = users::actions::by_id(conn, &version.submitted_by).await?;
        let name = user.map(|user| user.called());
        versions.push((version, name.unwrap_or_default()));
    }
    let choices = versions.iter().map(|(version, _)| {
        let text = ctx.t2("plans-version-of", "number", version.number, "moment", ctx.brief(version.submitted_at));
        (version.number.to_string(), text)
    });
    Ok(Comparison {
        choices: choices.collect(),
        form: Form::with(&[("from", &from.to_string()), ("to", &to.to_string())]),
        versions,
        from,
        to,
        differences,
    })
}

#[derive(Template)]
#[template(path = "plans/versions.html")]
struct VersionsPage<'a> {
    ctx: &'a Ctx,
    own: &'a Member,
    compared: Comparison,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Member, RawQuery(query): RawQuery) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut conn = s.db.read().await?;
    let compared = comparison(&ctx, &mut conn, &own.project.id, query.as_deref()).await?;
    ctx.page(&VersionsPage { ctx: &ctx, own: &own, compared })
}
