//! The texts of pages and letters in both languages, from `templates/texts` (Fluent), part of the program.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

use crate::values::Lang;

static_loader! {
    static TEXTS = {
        locales: "./templates/texts",
        fallback_language: "nl",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static NL: LanguageIdentifier = langid!("nl");
static EN: LanguageIdentifier = langid!("en");

fn tag(lang: Lang) -> &'static LanguageIdentifier {
    match lang {
        Lang::Nl => &NL,
        Lang::En => &EN,
    }
}

/// The text with this key; the key itself when there is none, which a test forbids.
pub fn text(lang: Lang, key: &str) -> String {
    TEXTS.try_lookup(tag(lang), key).unwrap_or_else(|| key.to_owned())
}

/// The text with values filled in. Whole numbers choose plurals.
pub fn text_with(lang: Lang, key: &str, args: &[(&'static str, String)]) -> String {
    TEXTS.try_lookup_with_args(tag(lang), key, &values(args)).unwrap_or_else(|| key.to_owned())
}

fn values<'a>(args: &'a [(&'static str, String)]) -> HashMap<Cow<'static, str>, FluentValue<'a>> {
    args.iter()
        .map(|(name, value)| {
            let value = match value.parse::<i64>() {
                Ok(number) if number.to_string() == *value => FluentValue::from(number),
                _ => FluentValue::from(value.as_str()),
            };
            (Cow::Borrowed(*name), value)
        })
        .collect()
}

/// Whether there is such a text in this language, one without values in it.
pub fn exists(lang: Lang, key: &str) -> bool {
    TEXTS.try_lookup(tag(lang), key).is_some()
}

/// Whether there is such a text with no other values in it than these.
pub fn exists_with(lang: Lang, key: &str, args: &[(&'static str, String)]) -> bool {
    TEXTS.try_lookup_with_args(tag(lang), key, &values(args)).is_some()
}
