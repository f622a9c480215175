//! What every page knows of its request: language, address, a short message, who is signed in.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::infra::Services;
use crate::infra::texts;
use crate::infra::web::problem::Failure;
use crate::infra::web::{assets, token};
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// A value as a template hands it over: itself, or behind the references that loops and fields put around it.
pub trait Given<T> {
    fn given(&self) -> T;
}

impl<T: Copy> Given<T> for T {
    fn given(&self) -> T {
        *self
    }
}

impl<T: Copy> Given<T> for &T {
    fn given(&self) -> T {
        **self
    }
}

impl<T: Copy> Given<T> for &&T {
    fn given(&self) -> T {
        ***self
    }
}

/// A short message after something was done.
#[derive(Clone, Debug)]
pub struct Flash {
    /// `success` or `info`: part of a class name.
    pub kind: &'static str,
    pub text: String,
}

/// The context of one request, given to every template as `ctx`.
#[derive(Clone, Debug)]
pub struct Ctx {
    pub lang: Lang,
    /// The path behind the language, with its query: `/projects?q=bakery`.
    pub rest: String,
    pub flash: Option<Flash>,
    /// The name or address of the signed-in person, on pages that know it.
    pub signed_in: Option<String>,
    pub is_dev: bool,
    /// The whole address of this page without its query.
    pub canonical: String,
    pub public_url: String,
    contact_domain: String,
    pub now: Timestamp,
}

impl Ctx {
    /// A context for a path, as the extractor makes it.
    pub fn new(services: &Services, lang: Lang, path: &str, query: Option<&str>) -> Ctx {
        let rest = path.strip_prefix(&format!("/{lang}")).unwrap_or("");
        let flash = query.and_then(|query| flash(lang, query));
        let kept: Vec<(String, String)> = query
            .map(|q| form_urlencoded::parse(q.as_bytes()).into_owned().filter(|(k, _)| k != "done").collect())
            .unwrap_or_default();
        let mut with_query = rest.to_owned();
        if !kept.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
            with_query = format!("{rest}?{query}");
        }
        Ctx {
            lang,
            rest: with_query,
            flash,
            signed_in: None,
            is_dev: !services.settings.production(),
            canonical: services.url(path),
            public_url: services.settings.public_url.clone(),
            contact_domain: services.settings.contact_domain.clone(),
            now: services.clock.now(),
        }
    }

    /// The text with this key.
    pub fn t(&self, key: impl AsRef<str>) -> String {
        texts::text(self.lang, key.as_ref())
    }

    /// The text with one value: `ctx.t1("days-left", "days", &days)`.
    pub fn t1(&self, key: impl AsRef<str>, name: &'static str, value: impl ToString) -> String {
        texts::text_with(self.lang, key.as_ref(), &[(name, value.to_string())])
    }

    /// The text with this key, in which people find addresses to write to.
    pub fn with_addresses(&self, key: impl AsRef<str>) -> String {
        self.t1(key, "domain", &self.contact_domain)
    }

    /// The text with two values.
    pub fn t2(
        &self,
        key: &str,
        a: &'static str,
        first: impl ToString,
        b: &'static str,
        second: impl ToString,
    ) -> String {
        texts::text_with(self.lang, key, &[(a, first.to_string()), (b, second.to_string())])
    }

    /// The language, for templates, which lend fields and hand over what a method answers.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A path in the page's language: `/projects` → `/nl/projects`.
    pub fn path(&self, path: &str) -> String {
        format!("/{}{path}", self.lang)
    }

    /// This page in the other language.
    pub fn other_lang_url(&self) -> String {
        format!("/{}{}", self.lang.other(), self.rest)
    }

    /// The whole address of this page in a language, for `hreflang`.
    pub fn url_in(&self, lang: &str) -> String {
        format!("{}/{lang}{}", self.public_url, self.rest.split('?').next().unwrap_or_default())
    }

    /// Whether this page is of those who are signed in, or a tool of development: they have a style sheet of their own.
    pub fn is_inside(&self) -> bool {
        let parts = ["/account", "/studio", "/staff"];
        parts.iter().any(|part| self.rest.starts_with(part))
            || self.canonical.starts_with(&format!("{}/dev", self.public_url))
    }

    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// What a browser holds the file against before it uses it.
    pub fn integrity(&self, name: &str) -> String {
        assets::integrity(name)
    }

    pub fn euros(&self, amount: impl Given<Cents>) -> String {
        amount.given().show(self.lang)
    }

    pub fn rikx(&self, amount: impl Given<Rikx>) -> String {
        amount.given().show(self.lang)
    }

    pub fn date(&self, moment: impl Given<Timestamp>) -> String {
        moment.given().show_date(self.lang)
    }

    pub fn moment(&self, moment: impl Given<Timestamp>) -> String {
        moment.given().show_moment(self.lang)
    }

    /// A moment in a table, where there is little room.
    pub fn brief(&self, moment: impl Given<Timestamp>) -> String {
        moment.given().show_briefly(self.lang)
    }

    pub fn day(&self, day: &str) -> String {
        crate::values::time::show_stored_day(day, self.lang)
    }

    /// The better of two texts for the page's language; the other where this one is empty.
    pub fn either<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        let (own, other) = match self.lang {
            Lang::Nl => (nl, en),
            Lang::En => (en, nl),
        };
        if own.is_empty() { other } else { own }
    }

    /// Notes who is signed in, for the head of the page.
    #[must_use]
    pub fn signed_in_as(mut self, name: &str) -> Ctx {
        self.signed_in = Some(name.to_owned());
        self
    }

    /// The hidden field that every form carries: `<form method="post">{{ ctx.form_token()|safe }}`.
    pub fn form_token(&self) -> String {
        token::field()
    }

    /// Renders a page.
    pub fn page(&self, template: &impl askama::Template) -> Result<Response, Failure> {
        self.page_with(StatusCode::OK, template)
    }

    /// Renders a page under another status: 422 for a form with errors.
    pub fn page_with(&self, status: StatusCode, template: &impl askama::Template) -> Result<Response, Failure> {
        let html = template.render().map_err(|e| Failure::broken(format!("template: {e}")))?;
        Ok((status, Html(html)).into_response())
    }

    /// 303 to a path in the page's language.
    pub fn redirect(&self, path: &str) -> Response {
        Redirect::to(&self.path(path)).into_response()
    }

    /// 303 with a message: the key of a text that begins with `flash-`.
    pub fn redirect_done(&self, path: &str, key: &str) -> Response {
        let sign = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("/{}{path}{sign}done={}", self.lang, key.trim_start_matches("flash-"))).into_response()
    }
}

/// The message named in the query, when it is one of ours.
fn flash(lang: Lang, query: &str) -> Option<Flash> {
    let (_, name) = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "done")?;
    let key = format!("flash-{name}");
    texts::exists(lang, &key).then(|| Flash { kind: "success", text: texts::text(lang, &key) })
}

impl FromRequestParts<Services> for Ctx {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Ctx, Failure> {
        let path = original_path(parts);
        let code = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let lang = Lang::from_code(code).ok_or_else(Failure::not_found)?;
        Ok(Ctx::new(services, lang, &path, parts.uri.query()))
    }
}

/// The path as the visitor asked for it, also inside nested routers.
fn original_path(parts: &Parts) -> String {
    parts
        .extensions
        .get::<axum::extract::OriginalUri>()
        .map_or_else(|| parts.uri.path().to_owned(), |uri| uri.0.path().to_owned())
}

/// The language for a request without one in its address.
pub fn preferred_lang(headers: &axum::http::HeaderMap) -> Lang {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map_or(Lang::Nl, Lang::from_accept_language)
}
