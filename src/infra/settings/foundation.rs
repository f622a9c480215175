//! The foundation behind the platform, and its account.

use super::{Source, WrongSetting};
use crate::values::{Iban, text};

const DEMO_IBAN: &str = "NL91ABNA0417164300";

/// The foundation's account for transfers.
#[derive(Clone)]
pub struct BankSettings {
    pub iban: String,
    pub bic: String,
    pub name: String,
}

/// The foundation behind the platform, as its receipts and invoices name it.
#[derive(Debug, Clone)]
pub struct FoundationSettings {
    pub name: String,
    /// Street, postcode and city in one line.
    pub address: String,
    pub kvk_number: String,
    pub rsin: String,
    /// Empty when it has none.
    pub vat_id: String,
    /// Whether the tax office lists it as a charity.
    pub anbi: bool,
    /// What invoices say of the VAT, in both languages.
    pub vat_nl: String,
    pub vat_en: String,
}

pub(super) fn account(source: &Source) -> Result<BankSettings, WrongSetting> {
    Ok(BankSettings {
        iban: bank_iban(source)?,
        bic: source.or("BANK_BIC", "ABNANL2A"),
        name: source.or("BANK_NAME", "Stichting Drempel (demo)"),
    })
}

/// The account, checked and without blanks: everybody who pays by transfer copies it.
fn bank_iban(source: &Source) -> Result<String, WrongSetting> {
    let iban = Iban::parse(&source.or("BANK_IBAN", DEMO_IBAN));
    iban.map(|iban| iban.to_string())
        .ok_or_else(|| source.wrong("BANK_IBAN", "an account number (IBAN) of the SEPA area"))
}

/// In development a foundation of the demo; in production all of it or nothing.
pub(super) fn read(source: &Source, production: bool) -> Result<Option<FoundationSettings>, WrongSetting> {
    const DEMO: [(&str, &str); 6] = [
        ("FOUNDATION_NAME", "Stichting Drempel (demo)"),
        ("FOUNDATION_ADDRESS", "Voorbeeldstraat 1, 1234 AB Voorbeeldstad"),
        ("FOUNDATION_KVK", "12345678"),
        ("FOUNDATION_RSIN", "123456782"),
        ("FOUNDATION_VAT_NL", "Voorbeeld: over dit bedrag is geen btw berekend."),
        ("FOUNDATION_VAT_EN", "Example: no VAT has been charged on this amount."),
    ];
    if production && DEMO.iter().all(|(name, _)| source.get(name).is_none()) {
        return Ok(None);
    }
    let mut values = DEMO.map(|(_, demo)| demo.to_owned());
    for (value, (name, _)) in values.iter_mut().zip(DEMO) {
        match source.get(name) {
            Some(given) => *value = given.to_owned(),
            None if production => {
                return Err(source.wrong(name, "a value as soon as another FOUNDATION_ setting has one"));
            }
            None => {}
        }
    }
    let [name, address, kvk, rsin_number, vat_nl, vat_en] = values;
    Ok(Some(FoundationSettings {
        name,
        address,
        kvk_number: text::kvk_number(&kvk).ok_or_else(|| source.wrong("FOUNDATION_KVK", "eight digits"))?,
        rsin: text::rsin(&rsin_number).ok_or_else(|| source.wrong("FOUNDATION_RSIN", "an RSIN of nine digits"))?,
        vat_id: text::vat_id(&source.or("FOUNDATION_VAT_ID", ""))
            .ok_or_else(|| source.wrong("FOUNDATION_VAT_ID", "a VAT identification number such as NL123456782B01"))?,
        anbi: match source.or("FOUNDATION_ANBI", "no").as_str() {
            "yes" => true,
            "no" => false,
            _ => return Err(source.wrong("FOUNDATION_ANBI", "yes or no")),
        },
        vat_nl,
        vat_en,
    }))
}
