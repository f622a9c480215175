//! Letters to many: updates, digests, money that moved, results, and rounds that close later; how many of each are on their way. The page comes
//! again by itself as long as some are. All letters can be stopped here, and go on where they were.

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::features::staff::Known;
use crate::features::staff::jobs::may_switch;
use crate::features::updates::Audience;
use crate::features::users::guard::Staff;
use crate::features::{payouts, results, rounds, updates};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::mailings::{self, Mailing};
use crate::infra::periodic;
use crate::infra::web::{Answer, Ctx, Form, reload};

const PATH: &str = "/staff/mailings";
/// Mailings of the last weeks, and how many of them at most.
const DAYS: i64 = 30;
const MOST: i64 = 50;

/// A mailing as the page shows it.
struct Shown {
    mailing: Mailing,
    /// What kind of letter it is.
    kind: String,
    /// What it is about, and where that is shown; empty: nowhere.
    about: String,
    url: String,
}

#[derive(Template)]
#[template(path = "staff/mailings.html")]
struct MailingsPage<'a> {
    ctx: &'a Ctx,
    rows: Vec<Shown>,
    reloads: bool,
    /// Whether letters go out at all.
    is_on: bool,
    may_switch: bool,
    form: Form,
}

impl MailingsPage<'_> {
    fn url(&self) -> String {
        self.ctx.path(PATH)
    }

    fn moves(&self) -> bool {
        self.rows.iter().any(|row| row.mailing.tally.queued > 0)
    }
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let (mut rows, mut known) = (Vec::new(), Known::default());
    for mailing in mailings::since(&mut conn, ctx.now.plus_days(-DAYS), MOST).await? {
        let (about, url) = about(&ctx, &mut conn, &mut known, &mailing).await?;
        let kind = ctx.t(format!("mailing-{}", mailing.kind.replace('_', "-")));
        rows.push(Shown { mailing, kind, about, url });
    }
    let page = MailingsPage {
        ctx: &ctx,
        rows,
        reloads: reload::wanted(query.as_deref()),
        is_on: periodic::is_on(&mut conn, periodic::LETTERS).await?,
        may_switch: may_switch(&staff),
        form: Form::default(),
    };
    let response = ctx.page(&page)?;
    if page.reloads && page.moves() { reload::again(response, &page.url()) } else { Ok(response) }
}

/// What a mailing is about, in words, and the page about that.
async fn about(ctx: &Ctx, conn: &mut Conn, known: &mut Known, mailing: &Mailing) -> Result<(String, String)> {
    let id = mailing.cause_id.as_str();
    Ok(match mailing.kind.as_str() {
        "update" => {
            let Some(update) = updates::actions::find(conn, id).await? else { return Ok(Default::default()) };
            let project = known.project(conn, &update.project_id).await?;
            let text = format!("{}: {}", project.title(ctx.lang), update.title(ctx.lang));
            // a message to the backers stands nowhere
            let path = match update.audience {
                Audience::Everybody => ctx.path(&format!("/projects/{}/updates/{}", project.slug, update.number)),
                Audience::Backers => String::new(),
            };
            (text, path)
        }
        updates::digest::KIND => (digest_of(ctx, id), String::new()),
        "tranche_told" => {
            let tranche = payouts::actions::get(conn, id).await?;
            let project = known.project(conn, &tranche.project_id).await?;
            (project.title(ctx.lang).to_owned(), ctx.path(&format!("/staff/payouts/{}", tranche.decision_id)))
        }
        "results_told" => {
            let release = results::actions::get(conn, id).await?;
            let project = known.project(conn, &release.project_id).await?;
            (project.title(ctx.lang).to_owned(), ctx.path(&format!("/staff/results/{}", project.slug)))
        }
        _ => {
            let round = rounds::actions::get(conn, id).await?;
            (round.title(ctx.lang).to_owned(), ctx.path(&format!("/staff/rounds/{}", round.number)))
        }
    })
}

/// The day or the week of a digest, in words.
fn digest_of(ctx: &Ctx, cause: &str) -> String {
    match cause.split_once("-W") {
        Some((year, week)) => ctx.t2("mailing-week", "week", week.trim_start_matches('0'), "year", year),
        None => ctx.day(cause),
    }
}
