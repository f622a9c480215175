//! A posted form: read in a bounded way, unknown and doubled fields refused, what was typed kept for the answer.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;

use crate::infra::Services;
use crate::infra::error::{Refusal, Sort};
use crate::infra::texts;
use crate::infra::web::problem::Failure;
use crate::infra::web::token;
use crate::values::Lang;

/// The largest body of a form without files.
pub const LARGEST_FORM: usize = 64 * 1024;
/// The largest body of a form with long texts in two languages: twice 20 000 characters, percent-encoded.
pub const LARGEST_LONG_FORM: usize = 512 * 1024;
const MOST_FIELDS: usize = 100;
/// The most fields of a form of figures: a grid of nine for each of ten places, a ladder, and whatever else is counted.
const MOST_FIELDS_WIDE: usize = 400;

/// The fields of a form and what is wrong with them. Empty for a form that is shown for the first time.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: BTreeMap<String, String>,
    errors: Vec<(String, String)>,
}

impl Form {
    /// A form that shows these values.
    pub fn with(values: &[(&str, &str)]) -> Form {
        let values = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Form { values, errors: Vec::new() }
    }

    /// What was typed in the field; empty when nothing was.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// Whether a checkbox is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.value(name).is_empty()
    }

    /// Whether the field has exactly this value, for radio buttons.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.value(name) == value
    }

    /// Notes what is wrong with a field.
    pub fn fail(&mut self, name: &str, message: String) {
        self.errors.push((name.to_owned(), message));
    }

    /// Notes what is wrong, by the key of its text.
    pub fn fail_key(&mut self, lang: Lang, name: &str, key: &str) {
        self.fail(name, texts::text(lang, key));
    }

    /// Notes a refusal beside its field, or above the form when it has none.
    pub fn refuse(&mut self, lang: Lang, refusal: &dyn Refusal) {
        let message = texts::text_with(lang, refusal.key(), &refusal.args());
        self.fail(refusal.field().unwrap_or(""), message);
    }

    /// The message beside a field.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, message)| message.clone())
    }

    /// All messages in the order they were found; an empty name belongs to the whole form.
    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All fields, for hidden inputs of the next screen.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// A form as it was posted, before the handler has said which fields it knows.
pub struct Posted(Vec<(String, String)>);

impl Posted {
    /// Takes the fields that the form has, and any whose names begin with `prefix`: boxes before the rows of a list.
    ///
    /// # Errors
    /// As [`Posted::allow`].
    pub fn allow_with(self, names: &[&str], prefix: &str) -> Result<Form, Failure> {
        let boxes: Vec<String> =
            self.0.iter().map(|(name, _)| name.clone()).filter(|name| name.starts_with(prefix)).collect();
        let mut all: Vec<&str> = boxes.iter().map(String::as_str).collect();
        all.extend_from_slice(names);
        self.allow(&all)
    }

    /// The form, when it has no other fields than these.
    ///
    /// # Errors
    /// An unknown or doubled field: nobody who uses our pages sends one.
    pub fn allow(self, names: &[&str]) -> Result<Form, Failure> {
        let mut form = Form::default();
        for (name, value) in self.0 {
            if !names.contains(&name.as_str()) {
                return Err(Failure::bad_request(format!("unknown field {name:.40}")));
            }
            if form.values.insert(name.clone(), value).is_some() {
                return Err(Failure::bad_request(format!("field {name:.40} twice")));
            }
        }
        Ok(form)
    }

    pub fn from_bytes(body: &[u8]) -> Result<Posted, Failure> {
        Posted::bounded(parsed(body, MOST_FIELDS), MOST_FIELDS)
    }

    /// A form from fields that were read otherwise. The token was looked at before.
    pub fn from_fields(fields: Vec<(String, String)>) -> Result<Posted, Failure> {
        Posted::bounded(fields, MOST_FIELDS)
    }

    fn bounded(mut fields: Vec<(String, String)>, most: usize) -> Result<Posted, Failure> {
        let all = fields.len();
        fields.retain(|(name, _)| name != token::FIELD);
        if fields.len() > most || all - fields.len() > 1 {
            return Err(Failure::bad_request("too many fields"));
        }
        Ok(Posted(fields))
    }
}

/// The fields of a body; of more than `most` a few more, so that it shows.
fn parsed(body: &[u8], most: usize) -> Vec<(String, String)> {
    form_urlencoded::parse(body).take(most + 2).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

impl FromRequest<Services> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &Services) -> Result<Posted, Failure> {
        read(request, LARGEST_FORM).await
    }
}

/// A form with long texts.
pub struct PostedLong(pub Posted);

impl FromRequest<Services> for PostedLong {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &Services) -> Result<PostedLong, Failure> {
        read(request, LARGEST_LONG_FORM).await.map(PostedLong)
    }
}

/// A form with many short fields.
pub struct PostedWide(pub Posted);

impl FromRequest<Services> for PostedWide {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &Services) -> Result<PostedWide, Failure> {
        let body = body_of(request, LARGEST_FORM).await?;
        Posted::bounded(parsed(&body, MOST_FIELDS_WIDE), MOST_FIELDS_WIDE).map(PostedWide)
    }
}

async fn read(request: Request<Body>, largest: usize) -> Result<Posted, Failure> {
    Posted::from_bytes(&body_of(request, largest).await?)
}

async fn body_of(request: Request<Body>, largest: usize) -> Result<Bytes, Failure> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Failure::of(Sort::Invalid, 415, "problem-media-type"));
    }
    to_bytes(request.into_body(), largest).await.map_err(|_| Failure::too_large())
}
