//! A simple look at a note: does it point at somebody? Addresses of mail, telephone numbers, citizen service numbers (nine digits),
//! and a title with a name behind it. It is a reminder for who writes, not a proof: staff read notes too.

use crate::features::outcomes::Refusal;

/// Why the text looks as if it names a person; nothing when it does not.
pub fn names_somebody(text: &str) -> Option<Refusal> {
    if has_address(text) {
        return Some(Refusal::NoteHasAddress);
    }
    if digit_runs(text).iter().any(|run| is_personal_number(run)) {
        return Some(Refusal::NoteHasNumber);
    }
    has_title_and_name(text).then_some(Refusal::NoteHasName)
}

/// An `@` with a letter or digit on both sides.
fn has_address(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(3).any(|w| w[1] == '@' && w[0].is_alphanumeric() && w[2].is_alphanumeric())
}

/// The pieces of text that consist of digits and what people write between them.
fn digit_runs(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_ascii_digit() || " \u{a0}+-./()".contains(c)))
        .map(str::trim)
        .filter(|run| run.bytes().any(|b| b.is_ascii_digit()))
        .collect()
}

/// A telephone number (nine to fifteen digits after a `+` or a nought) or a citizen service number (nine digits that pass its check
/// when they are grouped, any nine when they stand together). Dates are left out first.
fn is_personal_number(run: &str) -> bool {
    let groups: Vec<&str> = run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    if groups.iter().any(|group| group.len() == 9) {
        return true;
    }
    let rest = without_dates(&groups);
    let digits: String = rest.concat();
    let from_plus = run.contains('+') && (9..=15).contains(&digits.len());
    let from_nought = digits.starts_with('0') && (9..=15).contains(&digits.len());
    from_plus || from_nought || (digits.len() == 9 && passes_elevens(&digits))
}

/// The groups without those that form a date: `3-10-2026`, `2026-10-03`.
fn without_dates<'a>(groups: &[&'a str]) -> Vec<&'a str> {
    let year = |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let small = |group: &str| group.len() <= 2;
    let mut rest = Vec::new();
    let mut at = 0;
    while at < groups.len() {
        match groups.get(at..at + 3) {
            Some([a, b, c]) if (small(a) && small(b) && year(c)) || (year(a) && small(b) && small(c)) => at += 3,
            _ => {
                rest.push(groups[at]);
                at += 1;
            }
        }
    }
    rest
}

/// The check of a citizen service number: weights 9 to 2 and -1, sum divisible by eleven.
fn passes_elevens(digits: &str) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1i64];
    let sum: i64 = digits.bytes().zip(weights).map(|(digit, weight)| i64::from(digit - b'0') * weight).sum();
    sum % 11 == 0
}

/// "mevrouw Jansen", "Mr Smith": a title and a word with a capital.
fn has_title_and_name(text: &str) -> bool {
    const TITLES: [&str; 12] =
        ["mevrouw", "mevr", "mw", "meneer", "mijnheer", "dhr", "heer", "mr", "mrs", "ms", "miss", "mister"];
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let title = pair[0].trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let name = pair[1].trim_start_matches(|c: char| !c.is_alphabetic());
        TITLES.contains(&title.as_str()) && name.chars().next().is_some_and(char::is_uppercase)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_points_at_somebody_is_refused() {
        for (text, refusal) in [
            ("Vragen: jan@voorbeeld.nl", Refusal::NoteHasAddress),
            ("bel 06-12345678", Refusal::NoteHasNumber),
            ("bel 06 12 34 56 78 na vijf uur", Refusal::NoteHasNumber),
            ("010 - 123 45 67", Refusal::NoteHasNumber),
            ("(+31) 6 1234 5678", Refusal::NoteHasNumber),
            ("nummer 123456789", Refusal::NoteHasNumber),
            ("nummer 1112.22.333", Refusal::NoteHasNumber),
            ("Met dank aan mevrouw Jansen", Refusal::NoteHasName),
            ("Thanks to Mr. Smith", Refusal::NoteHasName),
        ] {
            assert_eq!(names_somebody(text), Some(refusal), "{text}");
        }
    }

    #[test]
    fn plain_notes_pass() {
        for text in [
            "",
            "Tien deelnemers zijn begonnen, twee zijn gestopt.",
            "Gemeten van 01-10-2025 tot 31-12-2025.",
            "Van 2025-10-01 - 2025-12-31, daarna 20 - 30 per week",
            "12 van de 20 (60 %) in 2026",
            "1.250 maaltijden @ 3 locaties",
            "Ronde 2025/2026: 13/13 werkplaatsen",
            "meneer en mevrouw kwamen samen",
        ] {
            assert_eq!(names_somebody(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at_without_a_fall(text in "\\PC{0,200}") {
            let _ = names_somebody(&text);
        }

        #[test]
        fn nine_digits_in_a_row_never_pass(before in "[a-z ]{0,20}", digits in "[0-9]{9}", after in "[a-z ]{0,20}") {
            let text = format!("{before}{digits}{after}");
            prop_assert_eq!(names_somebody(&text), Some(Refusal::NoteHasNumber));
        }
    }
}
