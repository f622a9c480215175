//! The text of a QR code that banking apps read as a filled-in SEPA credit transfer (European Payments Council, EPC069-12 version 3.1:
//! data version 002, character set UTF-8, identification SCT).

use crate::values::text::one_line;
use crate::values::{Cents, CreditorReference, Iban};

/// The longest name of a receiver, in characters.
const LONGEST_NAME: usize = 70;
/// The largest amount that the guideline allows.
const LARGEST: Cents = Cents(99_999_999_999);

/// Who is paid, how much, under which reference.
#[derive(Debug, Clone)]
pub struct Payment<'a> {
    pub bic: &'a str,
    pub name: &'a str,
    pub iban: &'a Iban,
    pub amount: Cents,
    pub reference: &'a CreditorReference,
}

impl Payment<'_> {
    /// The lines of the code. The last one is the reference: what comes after it is left out, with no line end behind it. `None` when
    /// the guideline does not allow it.
    pub fn text(&self) -> Option<String> {
        let name = one_line(self.name, LONGEST_NAME).filter(|name| !name.is_empty())?;
        if self.amount <= Cents::ZERO || self.amount > LARGEST {
            return None;
        }
        let amount = format!("EUR{}", self.amount.plain());
        let (iban, reference) = (self.iban.as_str(), self.reference.as_str());
        Some(["BCD", "002", "1", "SCT", self.bic, &name, iban, &amount, "", reference].join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_the_guideline_asks_for() {
        let iban = Iban::parse("NL91ABNA0417164300").unwrap();
        let reference = CreditorReference::of_pledge("DR-7K3M-9QXA-4T").unwrap();
        let payment = Payment {
            bic: "ABNANL2A",
            name: "Stichting Drempel",
            iban: &iban,
            amount: Cents(2_550),
            reference: &reference,
        };
        let expected =
            format!("BCD\n002\n1\nSCT\nABNANL2A\nStichting Drempel\nNL91ABNA0417164300\nEUR25.50\n\n{reference}");
        assert_eq!(payment.text().as_deref(), Some(expected.as_str()));
        assert!(expected.len() <= 331);
        assert_eq!(Payment { amount: Cents::ZERO, ..payment.clone() }.text(), None);
        assert_eq!(Payment { name: &"x".repeat(71), ..payment }.text(), None);
    }
}
