//! What nobody may read in the log: addresses of mail, account numbers, keys, codes of links. A log outlives what it tells of, and
//! more people read it than may read these.

use std::borrow::Cow;

use crate::values::Iban;

/// A run of letters and digits this long is a secret: ours have 32 and 48, those of the provider more.
const SECRET_LENGTH: usize = 32;
/// What keys of the provider begin with, whatever their length.
const KEYS: [&str; 4] = ["sk_", "rk_", "whsec_", "pk_"];
/// What an id begins with is no longer than this.
const LONGEST_PREFIX: usize = 5;

/// The text with everything secret made unreadable: of an account number the last four characters stay, of an address of mail the
/// first letter and what follows the @.
pub fn masked(text: &str) -> Cow<'_, str> {
    let is_long = |word: &str| word.len() >= 15;
    if !text.contains('@') && !KEYS.iter().any(|key| text.contains(key)) && !words(text).any(|(_, word)| is_long(word))
    {
        return spaced_ibans(Cow::Borrowed(text));
    }
    let mut found = String::with_capacity(text.len());
    let mut end = 0;
    for (start, word) in words(text) {
        found.push_str(&text[end..start]);
        found.push_str(&one(word));
        end = start + word.len();
    }
    found.push_str(&text[end..]);
    match spaced_ibans(Cow::Borrowed(&found)) {
        Cow::Borrowed(_) => Cow::Owned(found),
        Cow::Owned(masked) => Cow::Owned(masked),
    }
}

/// The words of a text with where they begin: what stands between blanks and signs that no secret has.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '.' | '+');
    text.split(move |c: char| !is_part(c)).filter(|word| !word.is_empty()).map(move |word| {
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        (start, word)
    })
}

fn one(word: &str) -> Cow<'_, str> {
    if let Some((name, host)) = word.split_once('@') {
        let first: String = name.chars().take(1).collect();
        return Cow::Owned(format!("{first}***@{host}"));
    }
    if KEYS.iter().any(|key| word.starts_with(key)) || is_secret(word) {
        return Cow::Borrowed("***");
    }
    if Iban::parse(word).is_some() {
        return Cow::Owned(last_four(word));
    }
    Cow::Borrowed(word)
}

fn last_four(number: &str) -> String {
    format!("***{}", number.get(number.len().saturating_sub(4)..).unwrap_or_default())
}

/// A long run of letters and digits in which figures stand, and that is no id: ids say with a short word what they are of.
fn is_secret(word: &str) -> bool {
    let is_id = word.split_once('_').is_some_and(|(prefix, _)| prefix.len() <= LONGEST_PREFIX);
    let longest = word.split(['-', '_', '.', '+']).map(str::len).max().unwrap_or_default();
    !is_id && longest >= SECRET_LENGTH && word.bytes().any(|b| b.is_ascii_digit())
}

/// Account numbers as people write them, in groups of four.
fn spaced_ibans(text: Cow<'_, str>) -> Cow<'_, str> {
    let pieces: Vec<&str> = text.split(' ').collect();
    let mut changed: Vec<String> = Vec::new();
    let mut place = 0;
    let mut is_changed = false;
    while place < pieces.len() {
        let begins = |piece: &str| {
            let bytes = piece.as_bytes();
            bytes.len() == 4
                && bytes[..2].iter().all(u8::is_ascii_alphabetic)
                && bytes[2..].iter().all(u8::is_ascii_digit)
        };
        let mut groups = (place + 4..=(place + 9).min(pieces.len())).rev();
        let whole =
            |end: usize| Some((end, pieces[place..end].concat())).filter(|(_, number)| Iban::parse(number).is_some());
        if begins(pieces[place])
            && let Some((end, number)) = groups.find_map(whole)
        {
            changed.push(last_four(&number));
            is_changed = true;
            place = end;
        } else {
            changed.push(pieces[place].to_owned());
            place += 1;
        }
    }
    if is_changed { Cow::Owned(changed.join(" ")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_nobody_may_read_is_masked() {
        for (text, shown) in [
            ("to anna.de-boer+x@example.org, please", "to a***@example.org, please"),
            ("<b@example.org>", "<b***@example.org>"),
            ("NL91ABNA0417164300", "***4300"),
            ("from NL91ABNA0417164300 to NL91 ABNA 0417 1643 00 now", "from ***4300 to ***4300 now"),
            ("key sk_live_abc and whsec_x", "key *** and ***"),
            ("/nl/sign-in/enrol/0123456789abcdef0123456789abcdef0123456789abcdef", "/nl/sign-in/enrol/***"),
            ("?key=0123456789abcdef0123456789abcdef&x=1", "?key=***&x=1"),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }

    #[test]
    fn what_must_be_read_stays() {
        for text in [
            "",
            "held",
            "treasurer,admin",
            "the provider asked for it",
            "plg_0198a1b2c3d47e5f8a9b0c1d2e3f4a5b",
            "DR-7K3M-9QXA-4T",
            "RF18 5390 0754 7034",
            "re_3MmlLrLkdIwHu7ix0snN0B15 was refused",
            "2026-11-26T09:30:00.000Z",
            "bestemmingsplanwijzigingsprocedures",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
