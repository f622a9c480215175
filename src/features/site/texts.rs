//! The fixed pages: how it works, privacy, terms and the like. Their texts are Markdown in `templates/texts`.

use askama::Template;
use axum::Router;
use axum::routing::get;

use crate::infra::web::{Answer, Ctx};
use crate::infra::{Services, markdown};

#[derive(Template)]
#[template(path = "site/text.html")]
struct Text<'a> {
    ctx: &'a Ctx,
    title: String,
    lead: String,
    body: String,
    is_how: bool,
}

fn show(ctx: &Ctx, name: &str) -> Answer {
    ctx.page(&Text {
        title: ctx.t(format!("page-{name}-title")),
        lead: ctx.t(format!("page-{name}-lead")),
        body: markdown::own_html(&ctx.with_addresses(format!("page-{name}-body"))),
        is_how: name == "how-it-works",
        ctx,
    })
}

/// The paths after `/{lang}/`.
pub const PAGES: [&str; 8] =
    ["how-it-works", "privacy", "terms", "code-of-conduct", "accessibility", "contact", "complaints", "security"];

pub fn routes() -> Router<Services> {
    // the page about privacy is made from the table of what is kept
    PAGES.into_iter().filter(|name| *name != "privacy").fold(Router::new(), |router, name| {
        router.route(&format!("/{{lang}}/{name}"), get(move |ctx: Ctx| async move { show(&ctx, name) }))
    })
}
