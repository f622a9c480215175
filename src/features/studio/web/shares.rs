//! Who carries a joint project out together, and which part of its payouts each gets: set by its organisation. Partners answer on a page
//! of their own.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::organisations::{self, Coalition, Organisation};
use crate::features::projects::guard::ProjectOwner;
use crate::features::projects::shares::{self, Share};
use crate::features::projects::{self, Partner};
use crate::features::studio::web::members::ended;
use crate::features::users::guard::Fresh;
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

/// The longest percentage that is read.
const LONGEST_PERCENT: usize = 3;

#[derive(Template)]
#[template(path = "studio/shares.html")]
struct SharesPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    own: &'a ProjectOwner,
    /// With the names of who gets them.
    shares: &'a [(Share, String)],
    coalitions: &'a [(Coalition, Vec<Organisation>)],
    /// The coalition whose partners get fields.
    chosen: Option<&'a (Coalition, Vec<Organisation>)>,
    all_agreed: bool,
}

impl SharesPage<'_> {
    fn may_change(&self) -> bool {
        self.own.project.state.shares_may_change()
    }

    fn is_chosen(&self, coalition: &Coalition) -> bool {
        self.chosen.is_some_and(|(chosen, _)| chosen.id == coalition.id)
    }

    fn partners(&self) -> Vec<&Organisation> {
        let members = self.chosen.map(|(_, members)| members.as_slice()).unwrap_or_default();
        members.iter().filter(|member| member.id != self.own.project.organisation_id).collect()
    }

    fn takes_part(&self, partner: &Organisation) -> bool {
        self.form.ticked(&format!("with_{}", partner.slug))
    }

    fn share_field(&self, partner: &Organisation) -> String {
        format!("share_{}", partner.slug)
    }

    fn percent(&self, partner: &Organisation) -> String {
        self.form.value(&self.share_field(partner)).to_owned()
    }
}

#[derive(serde::Deserialize)]
pub struct Chosen {
    coalition: Option<String>,
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    own: ProjectOwner,
    axum::extract::Query(query): axum::extract::Query<Chosen>,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, query.coalition.as_deref(), None, StatusCode::OK).await
}

/// The page; `typed` is the form that was posted, otherwise the fields show what is stored.
async fn page(
    ctx: &Ctx,
    s: &Services,
    own: &ProjectOwner,
    chosen: Option<&str>,
    typed: Option<Form>,
    status: StatusCode,
) -> Answer {
    let mut conn = s.db.read().await?;
    let project = projects::actions::get(&mut conn, &own.project.id).await?;
    let coalitions = shares::coalitions_for(&mut conn, &project.organisation_id).await?;
    let stored = shares::of_project(&mut conn, &project.id).await?;
    let mut named = Vec::new();
    let mut form = Form::default();
    for share in &stored {
        let organisation = organisations::actions::get(&mut conn, &share.organisation_id).await?;
        // who said no is asked once more only on purpose
        if share.refusal.is_none() {
            form.set(&format!("with_{}", organisation.slug), "yes");
        }
        form.set(&format!("share_{}", organisation.slug), &share.share_percent.to_string());
        named.push((share.clone(), organisation.name));
    }
    let wanted = |coalition: &Coalition| match chosen {
        Some(slug) => coalition.slug == slug,
        None => Some(&coalition.id) == project.coalition_id.as_ref(),
    };
    let page = SharesPage {
        ctx,
        form: typed.as_ref().unwrap_or(&form),
        own,
        chosen: coalitions.iter().find(|(coalition, _)| wanted(coalition)),
        all_agreed: shares::all_agreed(&project, &stored),
        shares: &named,
        coalitions: &coalitions,
    };
    ctx.page_with(status, &page)
}

pub async fn save(ctx: Ctx, State(s): State<Services>, Fresh(own): Fresh<ProjectOwner>, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut conn = s.db.read().await?;
    let known = shares::coalitions_for(&mut conn, &own.project.organisation_id).await?;
    drop(conn);
    let members: Vec<&Organisation> = known.iter().flat_map(|(_, members)| members).collect();
    let mut names = vec!["coalition".to_owned()];
    names.extend(members.iter().flat_map(|m| [format!("with_{}", m.slug), format!("share_{}", m.slug)]));
    let mut form = posted.allow(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let chosen = known.iter().find(|(coalition, _)| coalition.slug == form.value("coalition"));
    let mut partners = Vec::new();
    for member in chosen.map(|(_, members)| members.as_slice()).unwrap_or_default() {
        let field = format!("share_{}", member.slug);
        if member.id == own.project.organisation_id || !form.ticked(&format!("with_{}", member.slug)) {
            continue;
        }
        match percent(form.value(&field)) {
            Some(share_percent) => partners.push(Partner { organisation_id: member.id.clone(), share_percent }),
            None => form.fail_key(ctx.lang, &field, "shares-wrong"),
        }
    }
    let slug = form.value("coalition").to_owned();
    if form.has_errors() {
        return page(&ctx, &s, &own, Some(&slug), Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (by, id) = (&own.person.user.id, chosen.map_or("", |(coalition, _)| coalition.id.as_str()));
    let mut tx = s.db.begin().await?;
    let done = shares::set(&mut tx, &own.project.id, by, id, &partners, ctx.now).await;
    match ended(tx, done).await {
        Ok(()) => Ok(ctx.redirect_done(&format!("/studio/projects/{}/shares", own.project.slug), "flash-shares-saved")),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            page(&ctx, &s, &own, Some(&slug), Some(form), Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A whole percentage from 0 to 100, as typed.
fn percent(typed: &str) -> Option<i64> {
    let digits = typed.trim().trim_end_matches('%').trim_end();
    let plain = !digits.is_empty() && digits.len() <= LONGEST_PERCENT && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|percent| plain && *percent <= 100)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_percentage_is_read_or_refused_never_reinterpreted() {
        for (typed, read) in [("0", 0), (" 33 % ", 33), ("100%", 100), ("007", 7)] {
            assert_eq!(percent(typed), Some(read), "{typed}");
        }
        for typed in ["", "%", "101", "-1", "3.5", "3,5", "1e2", "٣", "0100"] {
            assert_eq!(percent(typed), None, "{typed}");
        }
    }
}
