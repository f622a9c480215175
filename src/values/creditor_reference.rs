//! A structured creditor reference (ISO 11649): `RF`, two check digits of ISO 7064 (mod 97-10), and up to 21 letters and digits of the
//! receiver's own. Banking apps refuse one that was typed wrong, so what arrives is right or absent.

use std::fmt;

/// How a pledge's own reference begins, and how many characters follow.
const PLEDGE: &str = "DR";
const PLEDGE_CHARS: usize = 10;
/// The letters and digits of a pledge's reference: Crockford's base 32.
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Text in which references are looked for is cut here, in characters.
const MOST_TEXT: usize = 2_000;
/// How many different references are taken from one text.
const MOST_FOUND: usize = 20;

/// A reference in its electronic form: capitals and digits, no blanks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CreditorReference(String);

impl CreditorReference {
    /// The reference for a pledge: `DR-7K3M-9QXA-4T` → `RF…DR7K3M9QXA4T`. `None` when that is no reference of a pledge.
    pub fn of_pledge(reference: &str) -> Option<CreditorReference> {
        let own: String = reference.chars().filter(|c| *c != '-').collect();
        if own.len() != PLEDGE.len() + PLEDGE_CHARS || !own.starts_with(PLEDGE) {
            return None;
        }
        CreditorReference::with_check_digits(&own)
    }

    /// Puts the check digits before a receiver's own reference.
    pub fn with_check_digits(own: &str) -> Option<CreditorReference> {
        let shaped = (1..=21).contains(&own.len()) && own.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        shaped.then(|| CreditorReference(format!("RF{:02}{own}", 98 - remainder(&format!("RF00{own}")))))
    }

    /// Reads a reference as people type it; blanks and hyphens do not matter. `None` when the check digits are wrong.
    pub fn parse(typed: &str) -> Option<CreditorReference> {
        let text = squeezed(typed);
        let digits = text.as_bytes().get(2..4)?;
        let shaped = text.starts_with("RF") && digits.iter().all(u8::is_ascii_digit) && (5..=25).contains(&text.len());
        (shaped && remainder(&text) == 1).then_some(CreditorReference(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, for pages and letters.
    pub fn grouped(&self) -> String {
        let characters: Vec<char> = self.0.chars().collect();
        characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The pledge's reference in it, when it is one of ours: `DR-7K3M-9QXA-4T`.
    pub fn pledge(&self) -> Option<String> {
        pledge_reference(self.0.get(4..)?)
    }
}

impl fmt::Display for CreditorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The references of pledges in a free text, the surest first: whole creditor references, then pledges' own references, in which the
/// letters O, I and L count as the digits they look like.
pub fn pledges_in(text: &str) -> Vec<String> {
    let text = squeezed(text);
    let mut found: Vec<String> = Vec::new();
    let mut add = |reference: Option<String>| {
        if let Some(reference) = reference
            && !found.contains(&reference)
            && found.len() < MOST_FOUND
        {
            found.push(reference);
        }
    };
    let whole = 4 + PLEDGE.len() + PLEDGE_CHARS;
    for (at, _) in text.match_indices("RF") {
        add(text.get(at..at + whole).and_then(CreditorReference::parse).and_then(|reference| reference.pledge()));
    }
    for (at, _) in text.match_indices(PLEDGE) {
        add(text.get(at..at + PLEDGE.len() + PLEDGE_CHARS).and_then(pledge_reference));
    }
    found
}

/// Capitals and digits only. References have nothing else.
fn squeezed(text: &str) -> String {
    text.chars().take(MOST_TEXT).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// `DR7K3M9QXA4T` → `DR-7K3M-9QXA-4T`.
fn pledge_reference(own: &str) -> Option<String> {
    let code = own.strip_prefix(PLEDGE).filter(|code| code.len() == PLEDGE_CHARS)?;
    let code: String = code
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let known = code.chars().all(|c| ALPHABET.contains(c));
    known.then(|| format!("{PLEDGE}-{}-{}-{}", &code[..4], &code[4..8], &code[8..]))
}

/// The number that ISO 7064 asks for: the first four characters go to the end, letters become 10 to 35, mod 97.
fn remainder(text: &str) -> u32 {
    text.bytes().skip(4).chain(text.bytes().take(4)).fold(0, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b.saturating_sub(b'A')) + 10) % 97,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn references_are_accepted_or_refused() {
        // the standard's own example
        for good in ["RF18539007547034", "rf18 5390 0754 7034", "RF18-5390-0754-7034"] {
            assert_eq!(CreditorReference::parse(good).map(|r| r.to_string()).as_deref(), Some("RF18539007547034"));
        }
        for bad in ["", "RF", "RF18", "RF19539007547034", "RF1853900754703", "539007547034", "RFxx5390", "é", "RF٣٣1"]
        {
            assert_eq!(CreditorReference::parse(bad), None, "{bad:?}");
        }
        assert_eq!(CreditorReference::of_pledge("XX-7K3M-9QXA-4T"), None);
        assert_eq!(CreditorReference::of_pledge("DR-7K3M"), None);
    }

    #[test]
    fn references_are_found_in_what_people_type() {
        let reference = "DR-7K3M-9QXA-4T";
        let whole = CreditorReference::of_pledge(reference).unwrap();
        assert_eq!(whole.pledge().as_deref(), Some(reference));
        for text in [
            format!("Bijdrage {whole} met dank"),
            format!("gift {}", whole.grouped().to_lowercase()),
            "ref dr 7k3m 9qxa 4t".to_owned(),
            "DR7K3M9QXA4T".to_owned(),
        ] {
            // "bijdrage" looks like the begin of one too: the sure one comes first
            assert_eq!(pledges_in(&text)[0], reference, "{text}");
        }
        assert_eq!(pledges_in("DR-OI3M-9QXL-4T"), ["DR-013M-9QX1-4T"]);
        assert_eq!(pledges_in("Factuur 2026 van dr. U. Jansen, RF"), Vec::<String>::new());
        assert!(pledges_in(&"DR7K3M9QXA4T DR9K3M9QXA4T ".repeat(5_000)).len() <= MOST_FOUND);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(own in "[0-9A-Z]{1,21}") {
            let reference = CreditorReference::with_check_digits(&own).unwrap();
            prop_assert_eq!(CreditorReference::parse(&reference.to_string()), Some(reference.clone()));
            prop_assert_eq!(CreditorReference::parse(&reference.grouped().to_lowercase()), Some(reference));
        }

        #[test]
        fn a_pledge_is_found_again(code in "[0-9A-HJKMNP-TV-Z]{10}") {
            let reference = format!("DR-{}-{}-{}", &code[..4], &code[4..8], &code[8..]);
            let whole = CreditorReference::of_pledge(&reference).unwrap();
            prop_assert_eq!(whole.pledge(), Some(reference.clone()));
            prop_assert_eq!(&pledges_in(whole.as_str())[0], &reference);
        }

        #[test]
        fn no_text_makes_the_search_fail(text in "\\PC{0,300}") {
            pledges_in(&text);
            CreditorReference::parse(&text);
        }
    }
}
