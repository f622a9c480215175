//! What a backer types, checked field by field. Errors stand beside their field; nothing is guessed or rounded.

use crate::features::payments::{self, METHODS, method};
use crate::features::pledges::{Company, NewPledge, PledgeKind, Refusal, rikx_for};
use crate::features::rounds::Round;
use crate::infra::error::Refusal as _;
use crate::infra::texts;
use crate::infra::web::{Form, human};
use crate::values::money::AmountError;
use crate::values::text::{Email, kvk_number, one_line, vat_id};
use crate::values::{Cents, Lang, Rikx};

/// Every field of the three screens.
pub const FIELDS: [&str; 22] = [
    human::TRAP,
    "step",
    "change",
    "pick",
    "form_key",
    "amount",
    "rikx",
    "kind",
    "email",
    "name",
    "anonymous",
    "updates",
    "method",
    "company_name",
    "kvk_number",
    "contract_reference",
    "po_number",
    "vat_id",
    "address",
    "postcode",
    "city",
    "confirm",
];

/// The text key for a wrong amount.
pub fn amount_key(error: AmountError) -> &'static str {
    match error {
        AmountError::Empty => "amount-empty",
        AmountError::NotANumber => "amount-not-a-number",
        AmountError::Ambiguous => "amount-ambiguous",
        AmountError::Negative => "amount-negative",
        AmountError::TooLarge => "amount-too-large",
    }
}

/// The sentence for a refusal, with amounts written as people read them.
pub fn sentence(lang: Lang, refusal: &Refusal) -> String {
    let amount = |cents: i64| Cents(cents).show(lang);
    match refusal {
        Refusal::TooSmall { minimum } => texts::text_with(lang, refusal.key(), &[("minimum", amount(*minimum))]),
        Refusal::NotWhole { unit } => texts::text_with(lang, refusal.key(), &[("unit", amount(*unit))]),
        Refusal::Over { available_cents } => {
            texts::text_with(lang, refusal.key(), &[("available", amount(*available_cents))])
        }
        other => texts::text(lang, other.key()),
    }
}

/// The sentence for a method that cannot be used.
pub fn method_sentence(lang: Lang, refusal: &payments::Refusal) -> String {
    let amount = |cents: i64| Cents(cents).show(lang);
    match refusal {
        payments::Refusal::BelowMethod { minimum } => {
            texts::text_with(lang, refusal.key(), &[("minimum", amount(*minimum))])
        }
        payments::Refusal::AboveMethod { maximum } => {
            texts::text_with(lang, refusal.key(), &[("maximum", amount(*maximum))])
        }
        other => texts::text(lang, other.key()),
    }
}

/// The kind that is chosen; a gift where nothing was.
pub fn kind(form: &Form) -> Option<PledgeKind> {
    match form.value("kind") {
        "" => Some(PledgeKind::Gift),
        word => PledgeKind::from_word(word),
    }
}

/// Reads the amount: a suggestion that was pressed, euros, or Rikx. Notes what is wrong.
pub fn amount(form: &mut Form, lang: Lang, round: &Round, available: Cents) -> Option<Cents> {
    if !form.value("pick").is_empty() {
        let picked = form.value("pick").to_owned();
        form.set("amount", &picked);
        form.set("pick", "");
    }
    if kind(form).is_none() {
        form.fail_key(lang, "kind", "form-choose-one");
    }
    let typed = if form.value("amount").trim().is_empty() && !form.value("rikx").trim().is_empty() {
        let typed = form.value("rikx").trim().replace(',', ".");
        match Rikx::parse_plain(&typed).and_then(|rikx| rikx.price(round.unit_price_eur)) {
            Some(price) => Ok(price),
            None => {
                form.fail_key(lang, "rikx", "amount-not-rikx");
                return None;
            }
        }
    } else {
        Cents::parse(form.value("amount"))
    };
    let refusal = match typed {
        Err(error) => {
            form.fail_key(lang, "amount", amount_key(error));
            return None;
        }
        Ok(amount) => match rikx_for(amount, round.minimum_cents, round.unit_price_eur) {
            Ok(_) if available < round.minimum_cents => Refusal::SoldOut,
            Ok(_) if amount > available => Refusal::Over { available_cents: available.0 },
            Ok(_) => return (!form.has_errors()).then_some(amount),
            Err(refusal) => refusal,
        },
    };
    form.fail("amount", sentence(lang, &refusal));
    None
}

/// Reads everything about the backer. Notes what is wrong; `None` then.
pub fn backer(form: &mut Form, lang: Lang, project_id: &str, amount: Cents) -> Option<NewPledge> {
    let kind = kind(form)?;
    let email = Email::parse(form.value("email"));
    if email.is_none() {
        form.fail_key(lang, "email", if form.value("email").trim().is_empty() { "email-empty" } else { "email-wrong" });
    }
    let name = line(form, lang, "name", 100);
    let chosen = form.value("method").to_owned();
    let method_code = if chosen.is_empty() { METHODS[0].code } else { &chosen };
    match method(method_code).map(|method| method.takes(amount)) {
        Some(Ok(())) => {}
        Some(Err(refusal)) => form.fail("method", method_sentence(lang, &refusal)),
        None => form.fail_key(lang, "method", "form-choose-one"),
    }
    let company = if kind == PledgeKind::Purchase { Some(company(form, lang)) } else { None };
    if form.has_errors() {
        return None;
    }
    Some(NewPledge {
        project_id: project_id.to_owned(),
        kind,
        amount,
        email: email?,
        name,
        anonymous: form.ticked("anonymous"),
        updates: form.ticked("updates"),
        language: lang,
        method: method_code.to_owned(),
        company,
        request_key: format!("form:{}", form.value("form_key")),
    })
}

fn company(form: &mut Form, lang: Lang) -> Company {
    let company = Company {
        name: line(form, lang, "company_name", 200),
        kvk_number: match form.value("kvk_number").trim() {
            "" => String::new(),
            typed => kvk_number(typed).unwrap_or_else(|| {
                form.fail_key(lang, "kvk_number", "kvk-wrong");
                String::new()
            }),
        },
        contract_reference: line(form, lang, "contract_reference", 100),
        po_number: line(form, lang, "po_number", 50),
        vat_id: match vat_id(form.value("vat_id")) {
            Some(number) => number,
            None => {
                form.fail_key(lang, "vat_id", "vat-id-wrong");
                String::new()
            }
        },
        address: line(form, lang, "address", 200),
        postcode: line(form, lang, "postcode", 12),
        city: line(form, lang, "city", 100),
    };
    if company.name.is_empty() && form.error("company_name").is_none() {
        form.fail_key(lang, "company_name", "company-empty");
    }
    company
}

/// One line of text, or an error beside its field.
fn line(form: &mut Form, lang: Lang, name: &'static str, most: usize) -> String {
    one_line(form.value(name), most).unwrap_or_else(|| {
        form.fail_key(lang, name, "text-too-long");
        String::new()
    })
}
