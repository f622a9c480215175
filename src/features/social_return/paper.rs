//! A statement drawn from its frozen facts, in either language: the same parts for the page and for the PDF.

use crate::features::social_return::calculation::{Given, step};
use crate::features::social_return::facts::Purchase;
use crate::features::social_return::{Block as Building, Counted, Facts, Statement, StatementKind, Unit, actions};
use crate::infra::error::Result;
use crate::infra::pdf::{Block, Paper};
use crate::infra::texts;
use crate::values::money::grouped;
use crate::values::time::show_stored_day;
use crate::values::{Cents, Lang, Timestamp};

/// Characters of the facts' hash that a statement shows.
const FINGERPRINT: usize = 16;

/// Draws an issued statement. `check_url` is where its code is looked up.
pub fn paper(statement: &Statement, check_url: &str, lang: Lang) -> Result<Paper> {
    let facts = Facts::of(statement)?;
    let say = Say { lang };
    let kind = statement.kind;
    let mut blocks = vec![
        Block::Words(say.with(&format!("sr-lead-{kind}"), &[("issuer", &facts.issuer.name)])),
        Block::Facts(say.head(&facts)),
        Block::Heading(say.t("sr-purchase-heading")),
        Block::Facts(say.purchase(&facts)),
    ];
    if kind != StatementKind::Withdrawn {
        blocks.push(Block::Heading(say.t("sr-counts-heading")));
        blocks.extend(say.counted(&facts.purchase, facts.counted.as_ref()));
    }
    if kind == StatementKind::Final {
        blocks.push(Block::Heading(say.t("sr-results-heading")));
        blocks.extend(say.results(&facts));
    }
    blocks.push(Block::Heading(say.t("sr-status-heading")));
    blocks.push(Block::Words(say.t(&format!("sr-status-{kind}"))));
    if kind != StatementKind::Withdrawn {
        blocks.push(Block::Words(say.t("sr-municipality-decides")));
    }
    blocks.push(Block::Heading(say.t("sr-check-heading")));
    let code = actions::grouped(&statement.code);
    blocks.push(Block::Words(say.with("sr-check-words", &[("code", &code), ("address", check_url)])));
    let fingerprint: String = statement.sha256.chars().take(FINGERPRINT).collect();
    blocks.push(Block::Words(say.with("paper-fingerprint", &[("fingerprint", &fingerprint)])));
    Ok(Paper {
        lang,
        title: say.with(&format!("sr-title-{kind}"), &[("number", &statement.number)]),
        author: facts.issuer.name.clone(),
        issued_at: statement.issued_at,
        for_wall: false,
        blocks,
    })
}

/// The parts of statements in one language.
struct Say {
    lang: Lang,
}

type Pairs = Vec<(String, String)>;

impl Say {
    fn t(&self, key: &str) -> String {
        texts::text(self.lang, key)
    }

    fn with(&self, key: &str, args: &[(&'static str, &str)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        texts::text_with(self.lang, key, &args)
    }

    fn date(&self, stored: &str) -> String {
        stored.parse::<Timestamp>().map_or_else(|_| stored.to_owned(), |at| at.show_date(self.lang))
    }

    /// Pairs without those that have nothing to say.
    fn pairs<const N: usize>(&self, pairs: [(&str, String); N]) -> Pairs {
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (self.t(key), value)).collect()
    }

    /// Number and date, and both parties.
    fn head(&self, facts: &Facts) -> Pairs {
        let (company, issuer, maker) = (&facts.company, &facts.issuer, &facts.project.maker);
        let of = |name: &str, kvk: &str| match (name, kvk) {
            (name, "") => name.to_owned(),
            (name, kvk) => format!("{name}, {} {kvk}", self.t("paper-kvk")),
        };
        let place = format!("{} {}", company.postcode, company.city);
        let address: Vec<&str> =
            [company.address.as_str(), place.trim()].into_iter().filter(|part| !part.is_empty()).collect();
        let name = if company.name.is_empty() { self.t("paper-no-name") } else { company.name.clone() };
        self.pairs([
            ("paper-number", facts.number.clone()),
            ("paper-issued", self.date(&facts.issued_at)),
            ("paper-replaces", facts.replaces.clone()),
            ("sr-company", of(&name, &company.kvk_number)),
            ("paper-address", address.join(", ")),
            ("paper-contract", company.contract_reference.clone()),
            ("paper-po", company.po_number.clone()),
            ("sr-maker", of(&maker.name, &maker.kvk_number)),
            ("sr-issuer", of(&issuer.name, &issuer.kvk_number)),
        ])
    }

    fn purchase(&self, facts: &Facts) -> Pairs {
        let purchase = &facts.purchase;
        let returned = if purchase.returned_cents > 0 { self.euros(purchase.returned_cents) } else { String::new() };
        self.pairs([
            ("paper-project", facts.project.title(self.lang).to_owned()),
            ("paper-round", facts.project.round.to_string()),
            ("paper-reference", purchase.reference.clone()),
            ("sr-bought-on", show_stored_day(&purchase.on, self.lang)),
            ("paper-rikx", purchase.rikx().show(self.lang)),
            ("paper-unit-price", self.euros(purchase.unit_price_eur * 100)),
            ("paper-amount", self.euros(purchase.amount_cents)),
            ("sr-returned", returned),
            ("sr-kept", self.euros(purchase.kept_cents)),
        ])
    }

    fn euros(&self, cents: i64) -> String {
        Cents(cents).show(self.lang)
    }

    fn counted(&self, purchase: &Purchase, counted: Option<&Counted>) -> Vec<Block> {
        let Some(counted) = counted else { return vec![Block::Words(self.t("sr-not-counted"))] };
        let region = super::pick(self.lang, &counted.region_nl, &counted.region_en);
        let block = super::pick(self.lang, &counted.block_nl, &counted.block_en);
        let since = show_stored_day(&counted.valid_from, self.lang);
        let mut blocks = vec![
            Block::Facts(self.pairs([
                ("sr-region", region.to_owned()),
                ("sr-table", self.with("sr-table-since", &[("date", &since)])),
                ("sr-source", counted.source.clone()),
                ("sr-block", block.to_owned()),
                ("sr-credit", self.euros(counted.credit_cents)),
            ])),
            Block::Words(percent_sentence(
                self.lang,
                Cents(purchase.kept_cents),
                counted.percent,
                Cents(counted.credit_cents),
            )),
        ];
        if counted.example {
            blocks.push(Block::Words(self.t("sr-example")));
        }
        blocks
    }

    fn results(&self, facts: &Facts) -> Vec<Block> {
        let rows = facts.results.iter().map(|result| {
            let level = match result.level.as_str() {
                "" => self.t("sr-level-none"),
                level => self.t(&format!("sr-level-{level}")),
            };
            vec![
                super::pick(self.lang, &result.name_nl, &result.name_en).to_owned(),
                self.t(&format!("sr-reached-{}", result.reached)),
                level,
                format!("{}%", result.share_percent),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let since = self.with("sr-results-settled", &[("date", &self.date(&facts.settled_at))]);
        if rows.is_empty() {
            return vec![Block::Words(since)];
        }
        let head = ["sr-promise", "sr-reached", "sr-level", "sr-share"].map(|key| self.t(key)).to_vec();
        let caption = self.t("sr-results-heading");
        vec![Block::Words(since), Block::Table { caption, head, rows, total: None, amounts: 1 }]
    }
}

fn percent_sentence(lang: Lang, amount: Cents, percent: i64, credit: Cents) -> String {
    let args = [("amount", amount.show(lang)), ("percent", percent.to_string()), ("credit", credit.show(lang))];
    texts::text_with(lang, "sr-step-invoice", &args)
}

/// A step of a calculation in a sentence: what is multiplied, and what comes of it.
pub fn step_sentence(lang: Lang, block: &Building, given: Given) -> Option<String> {
    let found = step(block, given)?;
    let number = |number: i64| grouped(number.unsigned_abs(), lang);
    let decimal = |number: rust_decimal::Decimal| {
        let text = number.normalize().to_string();
        if lang == Lang::Nl { text.replace('.', ",") } else { text }
    };
    let mut sentence = match block.unit {
        Unit::Invoice => percent_sentence(lang, given.amount, block.percent, found.credit),
        unit => {
            let args = [
                ("value", block.credit.show(lang)),
                ("persons", number(given.persons)),
                ("share", decimal(given.part_time)),
                ("weeks", number(given.weeks)),
                ("hours", decimal(given.hours)),
                ("credit", found.credit.show(lang)),
            ];
            texts::text_with(lang, &format!("sr-step-{unit}"), &args)
        }
    };
    if found.is_cut {
        sentence.push(' ');
        sentence.push_str(&texts::text(lang, "sr-step-cut"));
    }
    Some(sentence)
}
