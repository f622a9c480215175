//! What a user sees, for whoever helps them: own pledges, organisations, letters, sessions and choices. There is no button on it, and
//! nobody signs in as somebody else. Each look is an entry in the log.

use askama::Template;
use axum::extract::Path;

use crate::features::organisations::{self, MemberRole, Organisation};
use crate::features::pledges::{self, Pledge};
use crate::features::projects;
use crate::features::staff::Known;
use crate::features::staff::people::Admin;
use crate::features::updates;
use crate::features::users::{Session, User, actions as users};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::{self, Action, Entry};
use crate::infra::letters::{self, Listed};
use crate::infra::texts;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Lang;

/// Letters shown at most.
const MOST_LETTERS: i64 = 50;
/// What the subject of a letter is about: the view says that a letter went out, not what it said.
const ABOUT: [&str; 9] = ["title", "amount", "organisation", "partner", "project", "detail", "round", "left", "date"];

#[derive(Template)]
#[template(path = "staff/support_view.html")]
struct SupportPage<'a> {
    ctx: &'a Ctx,
    user: &'a User,
    facts: Vec<(String, String)>,
    /// With the title of the project.
    pledges: Vec<(Pledge, String)>,
    organisations: Vec<(Organisation, MemberRole)>,
    letters: Vec<Listed>,
    sessions: Vec<Session>,
    /// Projects whose updates are sent.
    follows: Vec<String>,
}

impl SupportPage<'_> {
    fn subject(&self, letter: &Listed) -> String {
        subject(self.ctx.lang, &letter.kind)
    }

    fn state(&self, letter: &Listed) -> String {
        self.ctx.t(format!("support-letter-{}", letter.state))
    }

    fn role(&self, role: &MemberRole) -> String {
        self.ctx.t(format!("member-role-{role}"))
    }
}

/// The subject of letters of this kind, with dots for what it names; the kind where a letter has none of its own.
fn subject(lang: Lang, kind: &str) -> String {
    let keys = [format!("letter-{kind}-subject"), format!("letter-{}-subject", kind.replace('_', "-"))];
    let about = ABOUT.map(|name| (name, "…".to_owned()));
    let known = keys.iter().find(|key| texts::exists_with(lang, key, &about));
    known.map_or_else(|| kind.replace('_', " "), |key| texts::text_with(lang, key, &about))
}

pub async fn show(Admin { ctx, s, staff }: Admin, Path((_lang, id)): Path<(String, String)>) -> Answer {
    let mut tx = s.db.begin().await?;
    let user = users::by_id(&mut tx, &id).await?.ok_or_else(Failure::not_found)?;
    let actor = staff.0.user.id.as_str();
    let entry = Entry { subject: "user", subject_id: &user.id, from: "", to: "", actor, reason: "" };
    history::note(&mut tx, ctx.now, Action::Viewed, entry).await?;
    tx.commit_quietly().await?;
    let mut conn = s.db.read().await?;
    let is_staff = !users::roles(&mut conn, &id).await?.is_empty();
    let page = SupportPage {
        facts: vec![
            (ctx.t("users-email"), user.address()),
            (ctx.t("users-name"), user.name.clone()),
            (ctx.t("users-language"), ctx.t(format!("users-language-{}", user.language))),
        ],
        pledges: with_titles(&ctx, &mut conn, &id).await?,
        organisations: organisations::actions::of_user(&mut conn, &id).await?,
        letters: letters::of_user(&mut conn, &id, MOST_LETTERS).await?,
        sessions: users::sessions(&mut conn, &id, is_staff, ctx.now).await?,
        follows: followed(&ctx, &mut conn, &id).await?,
        user: &user,
        ctx: &ctx,
    };
    ctx.page(&page)
}

async fn with_titles(ctx: &Ctx, conn: &mut Conn, user_id: &str) -> Result<Vec<(Pledge, String)>> {
    let mut known = Known::default();
    let mut found = Vec::new();
    for pledge in pledges::actions::all_of_user(conn, user_id).await? {
        let title = known.project(conn, &pledge.project_id).await?.title(ctx.lang).to_owned();
        found.push((pledge, title));
    }
    Ok(found)
}

async fn followed(ctx: &Ctx, conn: &mut Conn, user_id: &str) -> Result<Vec<String>> {
    let mut titles = Vec::new();
    for follow in updates::actions::follows_of(conn, user_id).await?.iter().filter(|follow| follow.is_active()) {
        titles.push(projects::actions::get(conn, &follow.project_id).await?.title(ctx.lang).to_owned());
    }
    Ok(titles)
}
