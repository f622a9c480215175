//! What an owner tells others about a project with: its address, a QR picture, a poster, a picture for social media, words.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::features::organisations;
use crate::features::projects::guard::Editor;
use crate::features::rounds::{self, Round};
use crate::infra::Services;
use crate::infra::pdf::{self, Block, Paper};
use crate::infra::web::qr::Qr;
use crate::infra::web::{Answer, Ctx, Failure};

#[derive(Template)]
#[template(path = "studio/share.html")]
struct SharePage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    /// The public page.
    url: &'a str,
    qr: Option<Qr>,
    /// Words to copy, with the address.
    words: String,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let round = rounds::actions::get(&mut *s.db.read().await?, &own.project.round_id).await?;
    let url = public_url(&ctx, &s, &own);
    let words = format!("{} {url}", call(&ctx, &own, &round));
    ctx.page(&SharePage { ctx: &ctx, own: &own, qr: Qr::of(&url), url: &url, words })
}

fn public_url(ctx: &Ctx, s: &Services, own: &Editor) -> String {
    s.url(&ctx.path(&format!("/projects/{}", own.project.slug)))
}

/// What a reader is asked to do; when the sale is over, to have a look.
fn call(ctx: &Ctx, own: &Editor, round: &Round) -> String {
    let title = own.project.title(ctx.lang);
    if round.sells_at(ctx.now) {
        return ctx.t2("share-call", "title", title, "moment", ctx.moment(round.closes_at));
    }
    ctx.t1("share-call-later", "title", title)
}

/// A sheet to print and hang.
///
/// # Errors
/// Not found while the project is not public: nobody could read what the poster points to.
pub async fn poster(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    if !own.project.state.is_public() {
        return Err(Failure::not_found());
    }
    let mut conn = s.db.read().await?;
    let project = &own.project;
    let round = rounds::actions::get(&mut conn, &project.round_id).await?;
    let maker = organisations::actions::get(&mut conn, &project.organisation_id).await?;
    let url = public_url(&ctx, &s, &own);
    let mut blocks = vec![Block::Words(project.aim(ctx.lang).to_owned()), Block::Words(maker.name.clone())];
    blocks.push(Block::Heading(call(&ctx, &own, &round)));
    blocks.push(Block::Words(ctx.t("share-scan")));
    blocks.push(Block::Code { text: url.clone(), shows: ctx.t1("share-qr-shows", "url", &url) });
    blocks.push(Block::Words(url));
    let paper = Paper {
        lang: ctx.lang,
        title: project.title(ctx.lang).to_owned(),
        author: maker.name,
        issued_at: ctx.now,
        for_wall: true,
        blocks,
    };
    let disposition = format!("inline; filename=\"poster-{}-{}.pdf\"", project.slug, ctx.lang);
    let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, pdf::write(&paper)?).into_response())
}
