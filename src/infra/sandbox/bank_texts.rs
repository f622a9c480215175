//! What the test bank's page says, in Dutch and English. Kept here rather than with the site's texts, because the sandbox stands in
//! for somebody else's page.

use super::rows::Method;

pub(super) struct Texts {
    pub lang: &'static str,
    pub bank: &'static str,
    pub what: &'static str,
    pub for_what: &'static str,
    pub amount: &'static str,
    pub method: &'static str,
    pub pay: &'static str,
    pub pay_hint: &'static str,
    pub fail: &'static str,
    pub fail_hint: &'static str,
    pub cancel: &'static str,
    pub cancel_hint: &'static str,
    pub wait: &'static str,
    pub wait_hint: &'static str,
    pub back: &'static str,
    pub pay_heading: &'static str,
    pub refused: &'static str,
    pub finished_heading: &'static str,
    pub finished: &'static str,
    pub expired_heading: &'static str,
    pub expired: &'static str,
    pub unknown_heading: &'static str,
    pub unknown: &'static str,
    pub dispute: &'static str,
    pub dispute_hint: &'static str,
    pub dispute_won: &'static str,
    pub dispute_lost: &'static str,
}

impl Texts {
    /// `€ 1.234,50` or `€1,234.50`.
    pub(super) fn euros(&self, cents: i64) -> String {
        let dutch = self.lang == "nl";
        let digits = (cents / 100).to_string();
        let mut whole = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                whole.push(if dutch { '.' } else { ',' });
            }
            whole.push(digit);
        }
        let rest = cents % 100;
        if dutch { format!("€ {whole},{rest:02}") } else { format!("€{whole}.{rest:02}") }
    }

    pub(super) fn method_name(&self, method: &Method) -> &'static str {
        match method {
            Method::Ideal => "iDEAL | Wero",
            Method::Card if self.lang == "nl" => "Creditcard",
            Method::Card => "Card",
            Method::Bancontact => "Bancontact",
            Method::SepaDebit if self.lang == "nl" => "SEPA-incasso",
            Method::SepaDebit => "SEPA direct debit",
        }
    }
}

/// Dutch for `nl` and when nothing is said, otherwise English.
pub(super) fn for_locale(locale: Option<&str>) -> &'static Texts {
    match locale {
        None | Some("nl" | "auto") => &DUTCH,
        Some(_) => &ENGLISH,
    }
}

static DUTCH: Texts = Texts {
    lang: "nl",
    bank: "Testbank",
    what: "Dit is een testbank. Er gaat geen echt geld om: je kiest zelf hoe de betaling afloopt.",
    for_what: "Waarvoor",
    amount: "Bedrag",
    method: "Betaal met",
    pay: "Betalen",
    pay_hint: "De betaling lukt meteen.",
    fail: "Betaling laten mislukken",
    fail_hint: "De bank weigert. Je kunt het daarna nog eens proberen.",
    cancel: "Annuleren",
    cancel_hint: "Je gaat terug zonder te betalen.",
    wait: "Later betalen",
    wait_hint: "De bank zegt pas na een minuut of de betaling is gelukt.",
    back: "Terug naar de website",
    pay_heading: "Betalen bij de testbank",
    refused: "De bank heeft de betaling geweigerd. Er is niets afgeschreven. Probeer het nog eens of ga terug naar de website.",
    finished_heading: "Deze betaling is afgerond",
    finished: "Je hoeft hier niets meer te doen.",
    expired_heading: "Deze betaling is verlopen",
    expired: "De tijd om te betalen is voorbij. Er is niets afgeschreven.",
    unknown_heading: "Deze betaling bestaat niet",
    unknown: "Klopt het adres?",
    dispute: "Betaling betwisten",
    dispute_hint: "De bank haalt het geld terug tot er is beslist.",
    dispute_won: "Beslis voor het platform",
    dispute_lost: "Beslis voor de betaler",
};

static ENGLISH: Texts = Texts {
    lang: "en",
    bank: "Test bank",
    what: "This is a test bank. No real money moves: you choose how the payment ends.",
    for_what: "For",
    amount: "Amount",
    method: "Pay with",
    pay: "Pay",
    pay_hint: "The payment succeeds at once.",
    fail: "Let the payment fail",
    fail_hint: "The bank refuses. You can try again afterwards.",
    cancel: "Cancel",
    cancel_hint: "You go back without paying.",
    wait: "Pay later",
    wait_hint: "The bank says only after a minute whether the payment succeeded.",
    back: "Back to the website",
    pay_heading: "Pay at the test bank",
    refused: "The bank refused the payment. Nothing was taken. Try again or go back to the website.",
    finished_heading: "This payment is finished",
    finished: "There is nothing left to do here.",
    expired_heading: "This payment has expired",
    expired: "The time to pay is over. Nothing was taken.",
    unknown_heading: "This payment does not exist",
    unknown: "Is the address right?",
    dispute: "Dispute the payment",
    dispute_hint: "The bank takes the money back until it is decided.",
    dispute_won: "Decide for the platform",
    dispute_lost: "Decide for the payer",
};

#[cfg(test)]
mod tests {
    use super::for_locale;

    #[test]
    fn amounts_are_written_as_in_each_language() {
        assert_eq!(for_locale(Some("nl")).euros(123_456_705), "€ 1.234.567,05");
        assert_eq!(for_locale(Some("en-GB")).euros(100_000), "€1,000.00");
        assert_eq!(for_locale(None).euros(500), "€ 5,00");
    }
}
