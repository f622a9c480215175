//! An account number of the SEPA area (ISO 13616), checked where it comes in: country, length and the check digits of ISO 7064
//! (mod 97-10). Built only by `parse`.

use std::fmt;

/// The countries of the SEPA area and how long an account number is there, in characters (SWIFT's IBAN registry).
const LENGTHS: [(&str, usize); 41] = [
    ("AD", 24),
    ("AL", 28),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
];

/// An account number in its electronic form: capitals and digits, no blanks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Iban(String);

impl Iban {
    /// Reads an account number as people type it; blanks, hyphens and dots do not matter. `None` when a bank would not know it.
    pub fn parse(typed: &str) -> Option<Iban> {
        let text: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let country = text.get(..2)?;
        let length = LENGTHS.iter().find(|(code, _)| *code == country)?.1;
        let shaped = text.len() == length
            && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && text.bytes().skip(2).take(2).all(|b| b.is_ascii_digit());
        (shaped && remainder(&text) == 1).then_some(Iban(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, for pages and letters: `NL91 ABNA 0417 1643 00`.
    pub fn grouped(&self) -> String {
        let characters: Vec<char> = self.0.chars().collect();
        characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// Country and last four characters, so that its owner knows it and nobody else can use it: `NL•• •••• 4300`.
    pub fn masked(&self) -> String {
        format!("{}•• •••• {}", &self.0[..2], &self.0[self.0.len() - 4..])
    }
}

/// The number that ISO 7064 asks for: the first four characters go to the end, letters become 10 to 35, mod 97.
fn remainder(text: &str) -> u32 {
    text.bytes().skip(4).chain(text.bytes().take(4)).fold(0, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b.saturating_sub(b'A')) + 10) % 97,
    })
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An account number with right check digits for this bank and account.
    fn with_check_digits(country: &str, rest: &str) -> String {
        let check = 98 - remainder(&format!("{country}00{rest}"));
        format!("{country}{check:02}{rest}")
    }

    #[test]
    fn account_numbers_are_accepted_or_refused() {
        for good in ["NL91ABNA0417164300", "nl91 abna 0417 1643 00", "BE68-5390-0754-7034", "DE89370400440532013000"] {
            assert!(Iban::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "NL",
            "NL91ABNA0417164301",
            "NL91ABNA041716430",
            "US91ABNA0417164300",
            "NL9lABNA0417164300",
            "é",
            "NL٩1ABNA0417164300",
        ] {
            assert!(Iban::parse(bad).is_none(), "{bad:?}");
        }
        let iban = Iban::parse("NL91ABNA0417164300").unwrap();
        assert_eq!((iban.grouped().as_str(), iban.masked().as_str()), ("NL91 ABNA 0417 1643 00", "NL•• •••• 4300"));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(account in 0u64..10_000_000_000) {
            let iban = Iban::parse(&with_check_digits("NL", &format!("DREM{account:010}"))).unwrap();
            prop_assert_eq!(Iban::parse(&iban.to_string()), Some(iban.clone()));
            prop_assert_eq!(Iban::parse(&iban.grouped()), Some(iban));
        }

        /// Accounts of every country of the SEPA area, as printed, in groups, and as people type them.
        #[test]
        fn accounts_of_every_country_are_read_back(which in 0..LENGTHS.len(), letters in "[0-9A-Z]{27}") {
            let (country, length) = LENGTHS[which];
            let text = with_check_digits(country, &letters[..length - 4]);
            let iban = Iban::parse(&text).expect("right check digits");
            prop_assert_eq!(iban.as_str(), text.as_str());
            prop_assert_eq!(Iban::parse(&iban.to_string()), Some(iban.clone()));
            prop_assert_eq!(Iban::parse(&iban.grouped().to_lowercase().replace(' ', "-")), Some(iban.clone()));
        }

        #[test]
        fn one_wrong_digit_is_noticed(account in 0u64..10_000_000_000, place in 8usize..18, other in 0u8..10) {
            let right = with_check_digits("NL", &format!("DREM{account:010}"));
            let mut wrong = right.clone().into_bytes();
            wrong[place] = b'0' + other;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(Iban::parse(&wrong).is_some(), wrong == right);
        }
    }
}
