//! `/unsubscribe/…`: where the link and the button of a mail program lead, without signing in. A follow's address ends that follow, a
//! digest's ends digests; both offer mail less often instead. The answer to the one click of a mail program (RFC 8058) is no redirect.
//!
//! GET never changes anything: mail programs and their scanners open every link.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::get;

use crate::features::projects::Project;
use crate::features::updates::Follow;
use crate::features::updates::choices::Way;
use crate::features::updates::rhythm::{self, Own, Press, Rhythm, digest_opened};
use crate::features::updates::web::account::{Choosable, for_all, for_one};
use crate::features::updates::web::changed::ChangedPage;
use crate::features::updates::web::follow::behind;
use crate::features::users::{self, User};
use crate::infra::Services;
use crate::infra::web::form::LARGEST_FORM;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Lang;

/// What a mail program posts (RFC 8058, section 3.1).
const ONE_CLICK: &[u8] = b"List-Unsubscribe=One-Click";

pub(super) fn open() -> Router<Services> {
    let largest = DefaultBodyLimit::max(LARGEST_FORM);
    Router::new().route("/unsubscribe/{token}", get(form).post(answer).layer(largest))
}

/// What an address is about: one follow, or the digests of somebody.
enum About {
    Follow(Box<(Follow, Project)>),
    Digests,
}

async fn opened(s: &Services, token: &str) -> Result<(About, User), Failure> {
    if let Some(user_id) = digest_opened(&s.keys, token) {
        let user = users::actions::by_id(&mut *s.db.read().await?, &user_id).await?;
        return Ok((About::Digests, user.ok_or_else(Failure::not_found)?));
    }
    let (follow, user, project) = behind(s, "unsubscribe", token).await?;
    Ok((About::Follow(Box::new((follow, project))), user))
}

#[derive(Template)]
#[template(path = "updates/unsubscribe.html")]
struct FormPage<'a> {
    ctx: &'a Ctx,
    title: String,
    text: String,
    /// The words on the button that ends it; none when it was ended.
    button: Option<String>,
    /// How often the news of this project comes, where that can be chosen.
    own: Option<&'static str>,
    general: Rhythm,
    action: String,
}

impl FormPage<'_> {
    fn for_all(&self) -> Vec<Choosable> {
        for_all(self.ctx, self.general)
    }

    fn for_one(&self, own: &str) -> Vec<Choosable> {
        for_one(self.ctx, own)
    }
}

/// A page without a language in its address speaks the person's own.
fn context(s: &Services, lang: Lang) -> Ctx {
    let home = format!("/{lang}");
    Ctx::new(s, lang, &home, None)
}

async fn form(State(s): State<Services>, Path(token): Path<String>) -> Answer {
    let (about, user) = opened(&s, &token).await?;
    let ctx = context(&s, user.language);
    let general = rhythm::general(&mut *s.db.read().await?, &user.id).await?;
    let (title, text, button, own) = match &about {
        About::Digests => (
            ctx.t("digest-end-title"),
            ctx.t1("digest-end-text", "email", &user.email),
            Some(ctx.t("digest-end-button")),
            None,
        ),
        About::Follow(found) => {
            let (follow, project) = (&found.0, &found.1);
            let own = follow.confirmed_at.is_some().then(|| follow.rhythm.as_str());
            if follow.ended_at.is_some() {
                let (title, text) = ended(&ctx, project);
                (title, text, None, own)
            } else {
                let text = ctx.t2("unsubscribe-text", "project", project.title(ctx.lang), "email", &user.email);
                (ctx.t("unsubscribe-title"), text, Some(ctx.t("unsubscribe-button")), own)
            }
        }
    };
    ctx.page(&FormPage { ctx: &ctx, title, text, button, own, general, action: format!("/unsubscribe/{token}") })
}

fn ended(ctx: &Ctx, project: &Project) -> (String, String) {
    (ctx.t("unsubscribed-title"), ctx.t1("unsubscribed-text", "project", project.title(ctx.lang)))
}

/// Chooses what the forms of the page ask for; ends it at once for any other body: the button's is empty, a mail program's is
/// `List-Unsubscribe=One-Click`.
async fn answer(State(s): State<Services>, Path(token): Path<String>, body: Bytes) -> Answer {
    let (about, user) = opened(&s, &token).await?;
    let ctx = context(&s, user.language);
    let chosen = |field: &str| {
        let value = form_urlencoded::parse(&body).find(|(name, _)| name == field).map(|(_, value)| value);
        value.map(std::borrow::Cow::into_owned)
    };
    let one_click = body.windows(ONE_CLICK.len()).any(|part| part == ONE_CLICK);
    let way = if one_click { Way::OneClick } else { Way::Unsubscribe };
    let press = Press { user_id: &user.id, way, lang: ctx.lang };
    let unknown = || Failure::bad_request("no such choice");
    if let Some(word) = chosen("general") {
        let to = Rhythm::from_word(&word).ok_or_else(unknown)?;
        let act = rhythm::choose_general(&s, press, to).await?;
        return ctx.page(&ChangedPage::of(&s, &ctx, &act, None).await?.by_letter());
    }
    let (act, said) = match (&about, chosen("rhythm")) {
        (About::Follow(found), Some(word)) => {
            let own = Own::from_word(&word).ok_or_else(unknown)?;
            (rhythm::choose(&s, press, &found.0.id, Some(own)).await?, None)
        }
        (About::Follow(found), None) => {
            (rhythm::choose(&s, press, &found.0.id, None).await?, Some(ended(&ctx, &found.1)))
        }
        (About::Digests, Some(_)) => return Err(unknown()),
        (About::Digests, None) => {
            let said = (ctx.t("unsubscribed-title"), ctx.t("digest-ended-text"));
            (rhythm::end_digests(&s, press).await?, Some(said))
        }
    };
    ctx.page(&ChangedPage::of(&s, &ctx, &act, said).await?.by_letter())
}
