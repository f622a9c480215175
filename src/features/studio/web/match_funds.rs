//! What was used of the match funds that an organisation gave money to. All its members see it, by project and in sums; who pledged
//! is not theirs to know.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

use crate::features::match_funds::{Fund, Used, actions};
use crate::features::projects::Project;
use crate::features::users::guard::SignedIn;
use crate::features::{organisations, projects};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, csv};
use crate::values::Cents;

/// The first line of the table.
const HEAD: &str = "project,matches,reserved_cents,released_cents,returned_cents\r\n";

struct Group {
    fund: Fund,
    giver: String,
    used: Vec<(Used, Project)>,
}

#[derive(Template)]
#[template(path = "studio/match_funds.html")]
struct FundsPage<'a> {
    ctx: &'a Ctx,
    groups: &'a [Group],
}

impl FundsPage<'_> {
    fn money(&self, group: &Group) -> Vec<(String, String)> {
        let sum = |of: fn(&Used) -> Cents| group.used.iter().map(|(used, _)| of(used)).sum::<Cents>();
        let amounts = [
            ("match-received", group.fund.received),
            ("match-reserved", sum(|used| used.reserved)),
            ("match-released", sum(|used| used.released)),
            ("match-given-back", group.fund.given_back),
            ("match-left", group.fund.left()),
        ];
        amounts.into_iter().map(|(key, amount)| (self.ctx.t(key), self.ctx.euros(amount))).collect()
    }
}

async fn used(conn: &mut Conn, fund_id: &str) -> Result<Vec<(Used, Project)>> {
    let mut found = Vec::new();
    for one in actions::used(conn, fund_id).await? {
        let project = projects::actions::get(conn, &one.project_id).await?;
        found.push((one, project));
    }
    Ok(found)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let mut groups = Vec::new();
    for (organisation, _) in organisations::actions::of_user(&mut conn, &person.user.id).await? {
        for fund in actions::of_giver(&mut conn, &organisation.id).await? {
            let used = used(&mut conn, &fund.id).await?;
            groups.push(Group { fund, giver: organisation.name.clone(), used });
        }
    }
    ctx.page(&FundsPage { ctx: &ctx, groups: &groups })
}

/// The same as a table. Who is no member of the giver finds nothing.
pub async fn table(State(s): State<Services>, person: SignedIn, Path((_lang, id)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read().await?;
    let fund = actions::by_id(&mut conn, &id).await?.ok_or_else(Failure::not_found)?;
    let role = organisations::actions::member_role(&mut conn, &fund.giver_id, &person.user.id).await?;
    role.ok_or_else(Failure::not_found)?;
    let mut text = HEAD.to_owned();
    for (used, project) in used(&mut conn, &id).await? {
        let numbers = [used.matches, used.reserved.0, used.released.0, used.returned.0];
        let cells: Vec<String> = std::iter::once(project.slug).chain(numbers.map(|n| n.to_string())).collect();
        text.push_str(&csv::line(&cells));
    }
    let name = "attachment; filename=\"match-fund.csv\"";
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)], text).into_response())
}
