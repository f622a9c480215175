//! Text that has been looked at once, where it came in: addresses of mail, names, slugs. Built only by `parse`.

use std::fmt;

/// An address of mail in lower case, at most 254 characters (RFC 5321, section 4.5.3.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// Reads an address: one `@`, no blanks or control characters, a host with a dot (or `localhost`).
    pub fn parse(typed: &str) -> Option<Email> {
        let text = typed.trim().to_lowercase();
        let (local, host) = text.rsplit_once('@')?;
        let plain = |s: &str| s.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"<>()[]\\,;:\"@".contains(c));
        let host_ok = host
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-'))
            && (host.contains('.') || host == "localhost")
            && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        (text.len() <= 254 && plain(local) && local_ok && host_ok && local.is_ascii() && host.is_ascii())
            .then(|| Email(text.clone()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address with its middle hidden, for pages and logs: `a…@example.org`.
    pub fn masked(&self) -> String {
        let (local, host) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let first: String = local.chars().take(1).collect();
        format!("{first}…@{host}")
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One line of text: trimmed, blanks folded, no control characters; `None` when it is longer than `max_chars`.
pub fn one_line(typed: &str, max_chars: usize) -> Option<String> {
    let text = typed
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|piece| !piece.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    (text.chars().count() <= max_chars).then_some(text)
}

/// Several lines: line ends made `\n`, other control characters dropped; `None` when it is longer than `max_chars`.
pub fn many_lines(typed: &str, max_chars: usize) -> Option<String> {
    let text: String = typed.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let text = text.trim().to_owned();
    (text.chars().count() <= max_chars).then_some(text)
}

/// The form in which text is searched: lower case, accents of the Dutch alphabet folded.
pub fn folded(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            'á' | 'à' | 'â' | 'ä' | 'å' | 'ã' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            other => other,
        })
        .collect()
}

/// A Dutch chamber of commerce number: eight digits, blanks ignored.
pub fn kvk_number(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// A VAT identification number of the European Union: a country's two letters and 2 to 12 letters, digits, `+` or `*` (Directive
/// 2006/112/EC, article 215); blanks, points and hyphens ignored. Empty stays empty.
pub fn vat_id(typed: &str) -> Option<String> {
    let text: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'))
        .collect::<String>()
        .to_ascii_uppercase();
    let (country, rest) = (text.get(..2).unwrap_or_default(), text.get(2..).unwrap_or_default());
    let fits = country.bytes().all(|b| b.is_ascii_uppercase())
        && (2..=12).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'+' | b'*'));
    (text.is_empty() || fits).then_some(text)
}

/// An RSIN: nine digits whose weighted sum divides by eleven, as every number of the Dutch tax office; blanks and points ignored.
pub fn rsin(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i64 = digits.bytes().zip(weights).map(|(digit, weight)| i64::from(digit - b'0') * weight).sum();
    (sum % 11 == 0 && digits != "000000000").then_some(digits)
}

/// Whether this is a slug: lower-case letters, digits and single hyphens, at most 80 characters.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 80
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_accepted_or_refused() {
        for good in ["a@b.nl", " Jan.Smit+x@Example.ORG ", "x@localhost", "o'neil@example.ie"] {
            assert!(Email::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.nl",
            "a@",
            "a@b",
            "a b@c.nl",
            "a@b..nl",
            "a@-b.nl",
            "a\n@b.nl",
            "a@b.nl\r\nBcc: x@y.nl",
            ".a@b.nl",
            "a..b@c.nl",
            "<a@b.nl>",
            "a,b@c.nl",
        ] {
            assert!(Email::parse(bad).is_none(), "{bad:?}");
        }
        assert!(Email::parse(&format!("{}@b.nl", "a".repeat(65))).is_none());
    }

    #[test]
    fn numbers_of_registers_are_checked() {
        assert_eq!(vat_id(" nl 8102.34.567-b01 ").as_deref(), Some("NL810234567B01"));
        assert_eq!(vat_id("").as_deref(), Some(""));
        for wrong in ["N", "12", "NL", "NL1", "NL1234567890123", "NL12é"] {
            assert_eq!(vat_id(wrong), None, "{wrong}");
        }
        assert_eq!(rsin("1234.56.782").as_deref(), Some("123456782"));
        for wrong in ["", "123456789", "12345678", "00000000 0", "12345678x"] {
            assert_eq!(rsin(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lines_are_cleaned() {
        assert_eq!(one_line("  a\t b\u{0} c ", 10).as_deref(), Some("a b c"));
        assert_eq!(one_line("abcdef", 5), None);
        assert_eq!(many_lines("a\r\nb\u{7}", 10).as_deref(), Some("a\nb"));
        assert_eq!(folded("Ideeën"), "ideeen");
    }
}
