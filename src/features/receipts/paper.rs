//! A paper drawn from its frozen facts, in either language: the same parts for the page and for the PDF.

use crate::features::receipts::facts::{Issuer, Maker, PledgeFacts};
use crate::features::receipts::{Document, DocumentKind, Facts, Receiver, StatementLine};
use crate::infra::error::Result;
use crate::infra::pdf::{Block, Paper};
use crate::infra::texts;
use crate::values::time::show_stored_day;
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// Characters of the facts' hash that a paper shows.
const FINGERPRINT: usize = 16;

/// Draws an issued paper.
pub fn paper(document: &Document, lang: Lang) -> Result<Paper> {
    let facts = Facts::of(document)?;
    let say = Say { lang };
    let mut blocks =
        vec![Block::Words(say.with(&format!("paper-lead-{}", document.kind), "issuer", &facts.issuer.name))];
    blocks.push(Block::Facts(say.head(&facts)));
    match (&facts.pledge, document.kind) {
        (Some(pledge), DocumentKind::GiftReceipt) => blocks.extend(say.gift(&facts, pledge)),
        (Some(pledge), DocumentKind::Withdrawal) => blocks.extend(say.withdrawal(&facts, pledge)),
        (Some(pledge), kind) => blocks.extend(say.purchase(&facts, pledge, kind)),
        (None, _) => blocks.extend(say.statement(&facts)),
    }
    blocks.push(Block::Heading(say.t("paper-issuer-heading")));
    blocks.push(Block::Facts(say.issuer(&facts.issuer)));
    let fingerprint: String = document.sha256.chars().take(FINGERPRINT).collect();
    blocks.push(Block::Words(say.with("paper-fingerprint", "fingerprint", &fingerprint)));
    Ok(Paper {
        lang,
        title: say.with(&format!("paper-title-{}", document.kind), "number", &document.number),
        author: facts.issuer.name.clone(),
        issued_at: document.issued_at,
        for_wall: false,
        blocks,
    })
}

/// The parts of papers in one language.
pub(super) struct Say {
    pub lang: Lang,
}

type Pairs = Vec<(String, String)>;

impl Say {
    pub fn t(&self, key: &str) -> String {
        texts::text(self.lang, key)
    }

    pub fn with(&self, key: &str, name: &'static str, value: &str) -> String {
        texts::text_with(self.lang, key, &[(name, value.to_owned())])
    }

    fn euros(&self, cents: i64) -> String {
        Cents(cents).show(self.lang)
    }

    fn moment(&self, stored: &str) -> Option<Timestamp> {
        stored.parse().ok()
    }

    fn date(&self, stored: &str) -> String {
        self.moment(stored).map_or_else(|| stored.to_owned(), |at| at.show_date(self.lang))
    }

    /// Pairs without those that have nothing to say.
    fn pairs<const N: usize>(&self, pairs: [(&str, String); N]) -> Pairs {
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (self.t(key), value)).collect()
    }

    /// Number, date, and who it is for.
    fn head(&self, facts: &Facts) -> Pairs {
        let mut pairs = self.pairs([
            ("paper-number", facts.number.clone()),
            ("paper-issued", self.date(&facts.issued_at)),
            ("paper-year", facts.year.map(|year| year.to_string()).unwrap_or_default()),
        ]);
        pairs.extend(self.receiver(&facts.receiver, facts.pledge.as_ref()));
        if let Some(corrected) = &facts.corrects {
            let of = format!("{} ({})", corrected.number, self.date(&corrected.issued_at));
            pairs.extend(self.pairs([(if facts.year.is_some() { "paper-replaces" } else { "paper-corrects" }, of)]));
        }
        pairs
    }

    fn receiver(&self, receiver: &Receiver, pledge: Option<&PledgeFacts>) -> Pairs {
        let name = if receiver.name.is_empty() { self.t("paper-no-name") } else { receiver.name.clone() };
        let place = [receiver.postcode.as_str(), receiver.city.as_str()].join(" ").trim().to_owned();
        let address: Vec<&str> =
            [receiver.address.as_str(), &place].into_iter().filter(|part| !part.is_empty()).collect();
        let of_pledge = |part: fn(&PledgeFacts) -> &String| pledge.map(|p| part(p).clone()).unwrap_or_default();
        self.pairs([
            ("paper-receiver", name),
            ("paper-address", address.join(", ")),
            ("paper-kvk", receiver.kvk_number.clone()),
            ("paper-vat-id", receiver.vat_id.clone()),
            ("paper-po", of_pledge(|p| &p.po_number)),
            ("paper-contract", of_pledge(|p| &p.contract_reference)),
        ])
    }

    fn issuer(&self, issuer: &Issuer) -> Pairs {
        self.pairs([
            ("paper-name", issuer.name.clone()),
            ("paper-address", issuer.address.clone()),
            ("paper-kvk", issuer.kvk_number.clone()),
            ("paper-rsin", issuer.rsin.clone()),
            ("paper-vat-id", issuer.vat_id.clone()),
            ("paper-anbi", self.t(if issuer.anbi { "paper-anbi-yes" } else { "paper-anbi-no" })),
        ])
    }

    /// The organisation with what the registers say of it.
    fn maker(&self, maker: &Maker) -> String {
        let mut parts = vec![maker.name.clone()];
        if !maker.legal_form.is_empty() {
            parts.push(maker.legal_form.clone());
        }
        if !maker.kvk_number.is_empty() {
            parts.push(format!("{} {}", self.t("paper-kvk"), maker.kvk_number));
        }
        if !maker.rsin.is_empty() {
            parts.push(format!("{} {}", self.t("paper-rsin"), maker.rsin));
        }
        if maker.anbi {
            parts.push(self.t("paper-maker-anbi"));
        }
        parts.join(", ")
    }

    /// The project, and how it was paid.
    fn about(&self, pledge: &PledgeFacts) -> Pairs {
        let method = match pledge.method.as_str() {
            "" => String::new(),
            code => self.t(&format!("method-{code}")),
        };
        let paid = self.moment(&pledge.paid_at).map(|at| at.show_moment(self.lang)).unwrap_or_default();
        self.pairs([
            ("paper-project", pledge.project(self.lang).to_owned()),
            ("paper-maker", self.maker(&pledge.maker)),
            ("paper-round", pledge.round.to_string()),
            ("paper-reference", pledge.reference.clone()),
            ("paper-paid", paid),
            ("paper-method", method),
        ])
    }

    fn gift(&self, facts: &Facts, pledge: &PledgeFacts) -> Vec<Block> {
        let amount = self.pairs([
            ("paper-gift-amount", self.euros(facts.amount_cents)),
            ("paper-rikx", pledge.rikx().show(self.lang)),
        ]);
        let mut blocks = vec![
            Block::Heading(self.t("paper-gift-heading")),
            Block::Facts([amount, self.about(pledge)].concat()),
            Block::Heading(self.t("paper-nothing-heading")),
            Block::Words(self.t("paper-nothing")),
            Block::Words(self.t("paper-held")),
        ];
        blocks.extend(self.fee(pledge));
        blocks.push(Block::Words(self.t("paper-deduct")));
        blocks
    }

    /// What the platform keeps of each payout, when it keeps something.
    fn fee(&self, pledge: &PledgeFacts) -> Option<Block> {
        (pledge.fee_basis_points > 0)
            .then(|| Block::Words(self.with("fee-paper", "fee", &self.euros(pledge.fee_basis_points))))
    }

    fn withdrawal(&self, facts: &Facts, pledge: &PledgeFacts) -> Vec<Block> {
        let amounts = self.pairs([
            ("paper-was", self.euros(pledge.amount_cents)),
            ("paper-withdrawn", self.euros(facts.amount_cents)),
            ("paper-stays", self.euros(pledge.stays_cents)),
            ("paper-cause", self.t(&format!("paper-cause-{}", pledge.refund_cause))),
        ]);
        vec![
            Block::Heading(self.t("paper-back-heading")),
            Block::Facts([amounts, self.about(pledge)].concat()),
            Block::Words(self.t(if pledge.stays_cents == 0 { "paper-void" } else { "paper-void-in-part" })),
        ]
    }

    /// Pro forma, invoice and credit note: what, how many Rikx, at what price.
    fn purchase(&self, facts: &Facts, pledge: &PledgeFacts, kind: DocumentKind) -> Vec<Block> {
        let is_back = kind == DocumentKind::CreditNote;
        let amount = if is_back { facts.amount().negated() } else { facts.amount() };
        // a part of a purchase may be no whole number of hundredths of a Rikx
        let rikx = Rikx::bought_for(amount, pledge.unit_price_eur).map(|rikx| rikx.show(self.lang)).unwrap_or_default();
        let sign = if is_back && !rikx.is_empty() { "-" } else { "" };
        let amount = amount.show(self.lang);
        let what = self.with("paper-row", "project", pledge.project(self.lang));
        let table = Block::Table {
            caption: self.t("paper-rows"),
            head: ["paper-what", "paper-rikx", "paper-unit-price", "paper-amount"].map(|key| self.t(key)).to_vec(),
            rows: vec![vec![what, format!("{sign}{rikx}"), self.euros(pledge.unit_price_eur * 100), amount.clone()]],
            total: Some(vec![self.t("paper-total"), String::new(), String::new(), amount]),
            amounts: 3,
        };
        let mut blocks = vec![
            Block::Heading(self.t("paper-purchase-heading")),
            table,
            Block::Words(pledge.vat(self.lang).to_owned()),
            Block::Facts(self.about(pledge)),
        ];
        if is_back {
            let left = self.pairs([
                ("paper-stays", self.euros(pledge.stays_cents)),
                ("paper-cause", self.t(&format!("paper-cause-{}", pledge.refund_cause))),
            ]);
            blocks.push(Block::Facts(left));
        }
        if !is_back {
            blocks.extend(self.fee(pledge));
        }
        blocks.push(Block::Words(self.t(&format!("paper-pay-{kind}"))));
        blocks
    }

    /// The gifts of a year: those that stay, and apart from them those that may still come back.
    pub fn statement(&self, facts: &Facts) -> Vec<Block> {
        let mut blocks = vec![Block::Facts(self.pairs([("paper-stayed-total", self.euros(facts.amount_cents))]))];
        for (stays, heading, none) in
            [(true, "paper-stayed-heading", "paper-stayed-none"), (false, "paper-waiting-heading", "")]
        {
            let lines: Vec<_> = facts.lines.iter().filter(|line| line.stays == stays).collect();
            if lines.is_empty() && none.is_empty() {
                continue;
            }
            blocks.push(Block::Heading(self.t(heading)));
            if lines.is_empty() {
                blocks.push(Block::Words(self.t(none)));
                continue;
            }
            let sum = |part: fn(&StatementLine) -> i64| self.euros(lines.iter().map(|line| part(line)).sum());
            let rows = lines.iter().map(|line| {
                vec![
                    show_stored_day(&line.received_on, self.lang),
                    format!("{} - {}", line.project(self.lang), self.maker(&line.maker)),
                    if line.receipt.is_empty() { line.reference.clone() } else { line.receipt.clone() },
                    self.euros(line.received_cents),
                    self.euros(line.refunded_cents),
                    self.euros(line.left().0),
                ]
            });
            let keys =
                ["paper-received-on", "paper-for", "paper-receipt", "paper-received", "paper-refunded", "paper-left"];
            blocks.push(Block::Table {
                caption: self.t(heading),
                head: keys.map(|key| self.t(key)).to_vec(),
                rows: rows.collect(),
                total: Some(vec![
                    self.t("paper-total"),
                    String::new(),
                    String::new(),
                    sum(|line| line.received_cents),
                    sum(|line| line.refunded_cents),
                    sum(|line| line.left().0),
                ]),
                amounts: 3,
            });
        }
        blocks.push(Block::Words(self.t("paper-nothing-year")));
        blocks.push(Block::Words(self.t("paper-deduct")));
        blocks
    }
}
