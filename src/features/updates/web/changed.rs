//! `/mail/changed/…`: what somebody changed about their mail, and the button that puts it back as it was. Whoever has the address may
//! press it, signed in or not; the address comes only from the page or the button that made the change.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

use crate::features::projects;
use crate::features::updates::choices::{self, MailChoice, Way, Wish};
use crate::features::updates::rhythm::{self, Press, act_opened, act_path};
use crate::infra::Services;
use crate::infra::texts::text_with;
use crate::infra::web::{Answer, Ctx, Failure, Posted};

pub(super) fn routes() -> Router<Services> {
    Router::new().route("/{lang}/mail/changed/{token}", get(show).post(put_back))
}

#[derive(Template)]
#[template(path = "updates/changed.html")]
pub(super) struct ChangedPage<'a> {
    ctx: &'a Ctx,
    title: String,
    text: String,
    changes: Vec<String>,
    /// Where the button leads; nothing when there is nothing to put back.
    action: Option<String>,
    /// The button stands on another page: whoever came by the link of a letter has no form of this site yet.
    leads_on: bool,
}

impl<'a> ChangedPage<'a> {
    /// The same as the answer to the link of a letter, where no form can be bound to a browser: a link leads to the button.
    pub(super) fn by_letter(self) -> ChangedPage<'a> {
        ChangedPage { leads_on: true, ..self }
    }

    /// The page of an act: its title and text follow from what was changed, unless the caller knows better.
    pub(super) async fn of(
        s: &Services,
        ctx: &'a Ctx,
        act: &str,
        said: Option<(String, String)>,
    ) -> Result<ChangedPage<'a>, Failure> {
        let mut conn = s.db.read().await?;
        let rows = choices::of_act(&mut conn, act).await?;
        let mut changes = Vec::new();
        for row in &rows {
            let about = match &row.project_id {
                Some(id) => projects::actions::get(&mut conn, id).await?.title(ctx.lang).to_owned(),
                None => ctx.t("mail-choice-all"),
            };
            changes.push(told(ctx, about, row));
        }
        let (title, text) = said.unwrap_or_else(|| {
            let key = match rows.first().map(|row| row.way) {
                None => "mail-changed-nothing",
                Some(Way::Undo) => "mail-changed-undone",
                Some(_) => "mail-changed-saved",
            };
            (ctx.t(format!("{key}-title")), ctx.t(format!("{key}-text")))
        });
        let action = (!rows.is_empty()).then(|| ctx.path(&act_path(&s.keys, act)));
        Ok(ChangedPage { ctx, title, text, changes, action, leads_on: false })
    }
}

fn told(ctx: &Ctx, about: String, row: &MailChoice) -> String {
    let wish = |wish: Wish| ctx.t(format!("mail-wish-{}", wish.as_str().replace('_', "-")));
    let args = [("about", about), ("from", wish(row.from_wish)), ("to", wish(row.to_wish))];
    text_with(ctx.lang, "mail-changed-row", &args)
}

async fn show(ctx: Ctx, State(s): State<Services>, Path((_lang, token)): Path<(String, String)>) -> Answer {
    let act = act_opened(&s.keys, &token).ok_or_else(Failure::not_found)?;
    ctx.page(&ChangedPage::of(&s, &ctx, &act, None).await?)
}

async fn put_back(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let act = act_opened(&s.keys, &token).ok_or_else(Failure::not_found)?;
    let rows = choices::of_act(&mut *s.db.read().await?, &act).await?;
    let row = rows.first().ok_or_else(Failure::not_found)?;
    let press = Press { user_id: &row.user_id, way: Way::Undo, lang: ctx.lang };
    let undone = rhythm::undo(&s, press, &act).await?;
    Ok(Redirect::to(&ctx.path(&act_path(&s.keys, &undone))).into_response())
}
