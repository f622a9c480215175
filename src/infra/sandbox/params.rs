//! Form-encoded parameters with Stripe's bracket notation, and the rules they must keep.
//!
//! Nothing is ignored: an endpoint names every parameter it knows and any other is refused.

use super::errors::ApiError;
use super::rows::Metadata;

/// The parameters of one request, in the order they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Reads query string and body together, as Stripe does.
    pub(super) fn parse(query: &str, body: &[u8]) -> Params {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .chain(form_urlencoded::parse(body))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Params { pairs }
    }

    /// Refuses any parameter that is not in `known`. Patterns are dotted: `#` stands for a place in a list, `*` for a free name.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        for (name, _) in &self.pairs {
            let segments = segments(name);
            if !known.iter().any(|pattern| fits(pattern, &segments)) {
                return Err(ApiError::unknown_parameter(name));
            }
        }
        Ok(())
    }

    /// The value of a parameter; an empty one counts as not given.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().rev().find(|(candidate, _)| candidate == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.text(name).ok_or_else(|| ApiError::missing(name))
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let number = text.parse::<i64>();
        number.map(Some).map_err(|_| {
            ApiError::invalid(name, format!("Invalid integer: {text}")).with_code("parameter_invalid_integer")
        })
    }

    /// All values of a list parameter, written `name[]`, `name[0]` or once without brackets.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let wanted = |candidate: &str| matches!(segments(candidate).as_slice(), [first] | [first, _] if *first == name);
        self.pairs.iter().filter(|(candidate, _)| wanted(candidate)).map(|(_, value)| value.as_str()).collect()
    }

    /// `prefix[key]=value` pairs, held to Stripe's limits.
    pub(super) fn metadata(&self, prefix: &str) -> Result<Metadata, ApiError> {
        let mut metadata = Metadata::new();
        for (name, value) in &self.pairs {
            let Some(key) = name
                .strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix('['))
                .and_then(|rest| rest.strip_suffix(']'))
            else {
                continue;
            };
            if key.chars().count() > 40 {
                return Err(ApiError::invalid(prefix, format!("Metadata keys can have up to 40 characters: {key}")));
            }
            if value.chars().count() > 500 {
                return Err(ApiError::invalid(
                    name,
                    format!("Metadata values must have at most 500 characters, but {key} has more."),
                ));
            }
            if !value.is_empty() {
                metadata.insert(key.to_owned(), value.clone());
            }
        }
        if metadata.len() > 50 {
            return Err(ApiError::invalid(prefix, "Metadata can have up to 50 keys."));
        }
        Ok(metadata)
    }

    /// The same parameters give the same text, whatever their order.
    pub(super) fn canonical(&self) -> String {
        let mut pairs: Vec<_> = self.pairs.iter().collect();
        pairs.sort();
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }
}

/// `a[b][0]` as `a`, `b`, `0`.
fn segments(name: &str) -> Vec<&str> {
    let mut parts = name.split('[');
    let first = parts.next().unwrap_or_default();
    std::iter::once(first).chain(parts.map(|part| part.strip_suffix(']').unwrap_or(part))).collect()
}

fn fits(pattern: &str, segments: &[&str]) -> bool {
    let mut wanted = pattern.split('.');
    let all_fit = segments.iter().all(|segment| match wanted.next() {
        Some("#") => segment.chars().all(|c| c.is_ascii_digit()),
        Some("*") => !segment.is_empty(),
        Some(word) => word == *segment,
        None => false,
    });
    all_fit && wanted.next().is_none()
}

/// A web address Stripe would send somebody to: http or https with a host.
pub(super) fn web_address<'a>(param: &str, text: &'a str) -> Result<&'a str, ApiError> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host_is_there = rest.is_some_and(|rest| rest.chars().next().is_some_and(char::is_alphanumeric));
    if host_is_there && !text.chars().any(char::is_whitespace) && text.len() <= 5000 {
        return Ok(text);
    }
    Err(ApiError::invalid(param, "Not a valid URL").with_code("url_invalid"))
}

/// An address with one @ and a dot in the domain: as much as Stripe checks before a letter is sent.
pub(super) fn mail_address<'a>(param: &str, text: &'a str) -> Result<&'a str, ApiError> {
    let sound = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains('@')
    });
    if sound && !text.chars().any(char::is_whitespace) && text.len() <= 800 {
        return Ok(text);
    }
    Err(ApiError::invalid(param, format!("Invalid email address: {text}")).with_code("email_invalid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_must_be_known() {
        let params = Params::parse("limit=3", b"line_items%5B0%5D%5Bquantity%5D=1&metadata%5Ba%5D=b&expand%5B%5D=x");
        let known = ["limit", "line_items.#.quantity", "metadata.*", "expand.#"];
        assert!(params.only(&known).is_ok());
        let refused = params.only(&known[1..]).expect_err("limit is not in the list");
        assert_eq!((refused.code, refused.param.as_deref()), (Some("parameter_unknown"), Some("limit")));
    }

    #[test]
    fn order_does_not_matter_but_values_do() {
        let first = Params::parse("", b"a=1&b=2");
        assert_eq!(first.canonical(), Params::parse("", b"b=2&a=1").canonical());
        assert_ne!(first.canonical(), Params::parse("", b"a=2&b=1").canonical());
    }

    #[test]
    fn lists_may_be_written_three_ways() {
        let params = Params::parse("", b"types%5B%5D=a&types%5B1%5D=b&types=c&typesetter=d");
        assert_eq!(params.list("types"), ["a", "b", "c"]);
    }

    #[test]
    fn metadata_keeps_to_the_limits() {
        let long = format!("metadata%5Bk%5D={}", "x".repeat(501));
        assert!(Params::parse("", long.as_bytes()).metadata("metadata").is_err());
        let fine = Params::parse("", b"metadata%5Bk%5D=v&payment_intent_data%5Bmetadata%5D%5Bz%5D=1");
        assert_eq!(fine.metadata("metadata").expect("short enough").len(), 1);
        assert_eq!(fine.metadata("payment_intent_data[metadata]").expect("short enough")["z"], "1");
    }
}
