//! What a paper says, frozen when it is issued: names, numbers and amounts as they were then. Texts around them are the pages'.

use serde::{Deserialize, Serialize};

use crate::features::organisations::Organisation;
use crate::features::payments::Payment;
use crate::features::pledges::{Pledge, PledgeKind};
use crate::features::projects::Project;
use crate::features::receipts::Document;
use crate::features::receipts::back::Back;
use crate::features::rounds::Round;
use crate::features::{organisations, projects, rounds};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::settings::FoundationSettings;
use crate::values::{Cents, Lang, Rikx};

/// Everything a paper says. The order of the members is the canonical order of the JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub number: String,
    pub kind: String,
    pub issued_at: String,
    pub issuer: Issuer,
    pub receiver: Receiver,
    pub amount_cents: i64,
    /// What a paper about one pledge says of it.
    pub pledge: Option<PledgeFacts>,
    /// The paper that this one takes back or replaces.
    pub corrects: Option<Corrected>,
    /// Of a yearly statement.
    pub year: Option<i64>,
    pub lines: Vec<StatementLine>,
}

/// The foundation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    pub name: String,
    pub address: String,
    pub kvk_number: String,
    pub rsin: String,
    pub vat_id: String,
    pub anbi: bool,
}

/// Who gave or bought. Members are empty where nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    pub name: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
    pub kvk_number: String,
    pub vat_id: String,
}

/// The organisation that carries the project out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    pub name: String,
    pub legal_form: String,
    pub kvk_number: String,
    pub rsin: String,
    pub anbi: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PledgeFacts {
    pub reference: String,
    pub project_nl: String,
    pub project_en: String,
    pub round: i64,
    pub maker: Maker,
    /// Of the whole pledge.
    pub amount_cents: i64,
    pub rikx_hundredths: i64,
    pub unit_price_eur: i64,
    /// What the platform keeps of each payout to the project; left out when nothing.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub fee_basis_points: i64,
    pub contract_reference: String,
    pub po_number: String,
    /// A code of the table of methods; empty when nothing is paid.
    pub method: String,
    pub paid_at: String,
    /// Of a purchase.
    pub vat_nl: String,
    pub vat_en: String,
    /// Why money goes back, on a paper about that.
    pub refund_cause: String,
    /// What stays of the pledge after this paper and those before it.
    pub stays_cents: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    pub number: String,
    pub issued_at: String,
    pub amount_cents: i64,
}

/// A gift in a yearly statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    pub reference: String,
    pub received_on: String,
    pub project_nl: String,
    pub project_en: String,
    pub maker: Maker,
    /// The number of its receipt; empty when it has none.
    pub receipt: String,
    pub received_cents: i64,
    pub refunded_cents: i64,
    /// Whether the round is decided, so that what is left stays.
    pub stays: bool,
}

impl StatementLine {
    /// What is left of the gift.
    pub fn left(&self) -> Cents {
        Cents(self.received_cents - self.refunded_cents)
    }

    pub fn project(&self, lang: Lang) -> &str {
        in_lang(lang, &self.project_nl, &self.project_en)
    }
}

impl Facts {
    /// Reads what was frozen.
    pub fn of(document: &Document) -> Result<Facts> {
        serde_json::from_str(&document.facts)
            .map_err(|error| Error::broken(format!("document {}: {error}", document.number)))
    }

    /// The canonical text: members in their order, no blanks.
    pub fn canonical(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::broken)
    }

    pub fn amount(&self) -> Cents {
        Cents(self.amount_cents)
    }
}

impl PledgeFacts {
    pub fn project(&self, lang: Lang) -> &str {
        in_lang(lang, &self.project_nl, &self.project_en)
    }

    pub fn vat(&self, lang: Lang) -> &str {
        in_lang(lang, &self.vat_nl, &self.vat_en)
    }

    pub fn rikx(&self) -> Rikx {
        Rikx(self.rikx_hundredths)
    }
}

fn is_nothing(number: &i64) -> bool {
    *number == 0
}

fn in_lang<'a>(lang: Lang, nl: &'a str, en: &'a str) -> &'a str {
    let (own, other) = if lang == Lang::Nl { (nl, en) } else { (en, nl) };
    if own.is_empty() { other } else { own }
}

impl Issuer {
    pub fn of(foundation: &FoundationSettings) -> Issuer {
        Issuer {
            name: foundation.name.clone(),
            address: foundation.address.clone(),
            kvk_number: foundation.kvk_number.clone(),
            rsin: foundation.rsin.clone(),
            vat_id: foundation.vat_id.clone(),
            anbi: foundation.anbi,
        }
    }
}

/// A pledge with all that papers about it name.
pub struct About {
    pub pledge: Pledge,
    pub project: Project,
    round: Round,
    maker: Maker,
}

impl About {
    pub async fn read(conn: &mut Conn, pledge: Pledge) -> Result<About> {
        let project = projects::actions::get(conn, &pledge.project_id).await?;
        let round = rounds::actions::get(conn, &pledge.round_id).await?;
        let organisation = organisations::actions::get(conn, &project.organisation_id).await?;
        let maker = maker(conn, &organisation).await?;
        Ok(About { pledge, project, round, maker })
    }

    /// What a paper of `amount` about this pledge says; the number is filled in when it is known.
    pub fn facts(&self, foundation: &FoundationSettings, amount: Cents, payment: Option<&Payment>) -> Facts {
        let pledge = &self.pledge;
        let is_purchase = pledge.kind == PledgeKind::Purchase;
        let receiver = Receiver {
            name: if is_purchase { pledge.company_name.clone() } else { pledge.name.clone() },
            address: pledge.address.clone(),
            postcode: pledge.postcode.clone(),
            city: pledge.city.clone(),
            kvk_number: pledge.kvk_number.clone(),
            vat_id: pledge.vat_id.clone(),
        };
        let vat = |text: &str| if is_purchase { text.to_owned() } else { String::new() };
        let paid_at = payment.and_then(|payment| payment.succeeded_at).map(|at| at.to_string());
        let about = PledgeFacts {
            reference: pledge.reference.clone(),
            project_nl: self.project.title_nl.clone(),
            project_en: self.project.title_en.clone(),
            round: self.round.number,
            maker: self.maker.clone(),
            amount_cents: pledge.amount.0,
            rikx_hundredths: pledge.rikx.0,
            unit_price_eur: self.round.unit_price_eur,
            fee_basis_points: self.round.fee_basis_points,
            contract_reference: pledge.contract_reference.clone(),
            po_number: pledge.po_number.clone(),
            method: payment.map(|payment| payment.method.clone()).unwrap_or_default(),
            paid_at: paid_at.unwrap_or_default(),
            vat_nl: vat(&foundation.vat_nl),
            vat_en: vat(&foundation.vat_en),
            refund_cause: String::new(),
            stays_cents: pledge.amount.0,
        };
        Facts {
            number: String::new(),
            kind: String::new(),
            issued_at: String::new(),
            issuer: Issuer::of(foundation),
            receiver,
            amount_cents: amount.0,
            pledge: Some(about),
            corrects: None,
            year: None,
            lines: Vec::new(),
        }
    }

    /// The same for a paper that takes `corrected` back by what went back.
    pub fn taken_back(
        &self,
        foundation: &FoundationSettings,
        payment: &Payment,
        back: &Back,
        corrected: &Document,
        stays: Cents,
    ) -> Facts {
        let mut facts = self.facts(foundation, back.amount, Some(payment));
        facts.corrects = Some(Corrected {
            number: corrected.number.clone(),
            issued_at: corrected.issued_at.to_string(),
            amount_cents: corrected.amount.0,
        });
        if let Some(pledge) = &mut facts.pledge {
            pledge.refund_cause = back.word.clone();
            pledge.stays_cents = stays.0;
        }
        facts
    }
}

/// What papers say of an organisation.
pub async fn maker(conn: &mut Conn, organisation: &Organisation) -> Result<Maker> {
    let legal = organisations::actions::legal(conn, &organisation.id).await?;
    Ok(Maker {
        name: organisation.name.clone(),
        legal_form: legal.legal_form,
        kvk_number: legal.kvk_number,
        rsin: legal.rsin,
        anbi: legal.anbi == 1,
    })
}
