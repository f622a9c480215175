//! A table of building blocks for social return, as an example: the values that the city of Utrecht publishes. No table of Rotterdam was
//! found, and none is made up.

use crate::features::social_return::tables::{self, Outline};
use crate::features::social_return::{Block, Unit};
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp};

const SOURCE: &str = "Gemeente Utrecht, Bouwblokkenmodel social return, \
    https://www.utrecht.nl/werk-en-inkomen/aan-het-werk/social-return/bouwblokkenmodel-social-return/ \
    (voorbeeld; de dag van ingang is aangenomen / example; the first day is assumed)";
/// Before everything that the demo sells now.
const VALID_FROM: &str = "2026-01-01";

/// Code, names, unit and whole euros; of an invoice the percentage.
const BLOCKS: [(&str, &str, &str, Unit, i64); 13] = [
    ("participatiewet", "Participatiewet", "Participation Act", Unit::PersonYear, 40_000),
    ("banenafspraak", "Doelgroep banenafspraak", "Job agreement group", Unit::PersonYear, 50_000),
    ("wia-wao", "WIA of WAO", "Disability benefit (WIA or WAO)", Unit::PersonYear, 40_000),
    ("ww", "WW", "Unemployment benefit (WW)", Unit::PersonYear, 20_000),
    ("bbl", "Leerling mbo BBL", "Vocational student, working (BBL)", Unit::PersonYear, 35_000),
    ("bol", "Leerling mbo BOL", "Vocational student, at school (BOL)", Unit::PersonYear, 20_000),
    ("praktijk", "Praktijk- of entreeplek", "Practical or entry training place", Unit::PersonYear, 35_000),
    ("zonder-uitkering", "Niet-uitkeringsgerechtigd", "No benefit", Unit::PersonYear, 10_000),
    ("vijftig-plus", "Bonus: 50 jaar of ouder", "Bonus: aged 50 or over", Unit::Once, 10_000),
    ("status-taal", "Bonus: statushouder of taal", "Bonus: status holder or language", Unit::Once, 10_000),
    ("vast-contract", "Bonus: vast contract", "Bonus: permanent contract", Unit::Once, 10_000),
    ("inkoop", "Inkoop bij sociale ondernemingen", "Buying from social enterprises", Unit::Invoice, 100),
    ("vrijwillig", "Vrijwilligerswerk", "Volunteering", Unit::Hour, 100),
];

/// Writes the table and takes it into use; `author` is of the team.
pub async fn load(tx: &mut Tx, author: &str, now: Timestamp) -> Result<()> {
    let blocks = BLOCKS.map(|(code, name_nl, name_en, unit, value)| Block {
        code: code.to_owned(),
        name_nl: name_nl.to_owned(),
        name_en: name_en.to_owned(),
        unit,
        credit: if unit == Unit::Invoice { Cents::ZERO } else { Cents(value * 100) },
        percent: if unit == Unit::Invoice { value } else { 0 },
        for_rikx: i16::from(unit == Unit::Invoice),
    });
    let outline = Outline {
        region: "utrecht".to_owned(),
        name_nl: "Utrecht (voorbeeld)".to_owned(),
        name_en: "Utrecht (example)".to_owned(),
        valid_from: VALID_FROM.to_owned(),
        source: SOURCE.to_owned(),
        is_example: true,
        blocks: blocks.into(),
    };
    let id = tables::save(tx, None, &outline, author, now).await?;
    tables::take_into_use(tx, &id, author, now).await
}
