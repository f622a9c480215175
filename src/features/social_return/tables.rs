//! Tables of building blocks as the team writes them.

use crate::features::social_return::{Block, Refusal, Table, TableState, Unit, store};
use crate::features::users::{self, StaffRole};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, random};
use crate::values::text::is_slug;
use crate::values::time::is_day;
use crate::values::{Cents, Timestamp};

/// The most blocks of a table: what a form of the team can hold.
pub const MOST: usize = 15;
/// The longest name, source and short name, in characters.
pub const LONGEST_NAME: usize = 100;
pub const LONGEST_SOURCE: usize = 500;
const LONGEST_CODE: usize = 40;
/// The largest percentage of an invoice, and the largest credit of a block.
const MOST_PERCENT: i64 = 1_000;
const MOST_CREDIT: Cents = Cents(100_000_000);

/// A table as somebody writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    pub region: String,
    pub name_nl: String,
    pub name_en: String,
    pub valid_from: String,
    pub source: String,
    pub is_example: bool,
    pub blocks: Vec<Block>,
}

impl Outline {
    pub fn of(table: &Table, blocks: Vec<Block>) -> Outline {
        Outline {
            region: table.region.clone(),
            name_nl: table.name_nl.clone(),
            name_en: table.name_en.clone(),
            valid_from: table.valid_from.clone(),
            source: table.source.clone(),
            is_example: table.example == 1,
            blocks,
        }
    }
}

/// What is wrong with a table: the form's field and the key of the sentence. Blocks have the fields of their place, from 1.
pub fn wrong(outline: &Outline) -> Vec<(String, &'static str)> {
    let mut wrong = Vec::new();
    let mut fail = |is_wrong: bool, field: String, key: &'static str| {
        if is_wrong {
            wrong.push((field, key));
        }
    };
    fail(!is_slug(&outline.region) || outline.region.len() > LONGEST_CODE, "region".into(), "sr-region-wrong");
    fail(outline.name_nl.is_empty(), "name_nl".into(), "sr-name-missing");
    fail(outline.name_en.is_empty(), "name_en".into(), "sr-name-missing");
    fail(!is_day(&outline.valid_from), "valid_from".into(), "sr-day-wrong");
    fail(outline.source.is_empty(), "source".into(), "sr-source-missing");
    fail(outline.blocks.is_empty() || outline.blocks.len() > MOST, "code_1".into(), "sr-blocks-missing");
    for (place, block) in (1..).zip(&outline.blocks) {
        let field = |name: &str| format!("{name}_{place}");
        let is_double = outline.blocks.iter().take(place - 1).any(|before| before.code == block.code);
        fail(!is_slug(&block.code) || block.code.len() > LONGEST_CODE, field("code"), "sr-code-wrong");
        fail(is_double, field("code"), "sr-code-double");
        fail(block.name_nl.is_empty() || block.name_en.is_empty(), field("name_nl"), "sr-name-missing");
        if block.unit == Unit::Invoice {
            fail(!(1..=MOST_PERCENT).contains(&block.percent), field("value"), "sr-percent-wrong");
        } else {
            fail(block.credit <= Cents::ZERO || block.credit > MOST_CREDIT, field("value"), "sr-credit-wrong");
            fail(block.for_rikx == 1, field("for_rikx"), "sr-rikx-invoice");
        }
        let before = outline.blocks.iter().take(place - 1).any(|before| before.for_rikx == 1);
        fail(block.for_rikx == 1 && before, field("for_rikx"), "sr-rikx-double");
    }
    wrong
}

/// All versions of all regions, the newest of each region first.
pub async fn all(conn: &mut Conn) -> Result<Vec<Table>> {
    Ok(store::tables(conn).await?)
}

pub async fn get(conn: &mut Conn, id: &str) -> Result<Option<Table>> {
    Ok(store::table(conn, id).await?)
}

pub async fn blocks(conn: &mut Conn, table_id: &str) -> Result<Vec<Block>> {
    Ok(store::blocks(conn, table_id).await?)
}

/// The tables that hold on a day, one of each region, by the region's name.
pub async fn of_day(conn: &mut Conn, day: &str) -> Result<Vec<Table>> {
    let mut held: Vec<Table> = Vec::new();
    for table in store::tables(conn).await? {
        let holds = table.state == TableState::InUse && table.valid_from.as_str() <= day;
        if holds && held.iter().all(|other| other.region != table.region) {
            held.push(table);
        }
    }
    Ok(held)
}

/// The table of a region that holds on a day.
pub async fn of_region(conn: &mut Conn, region: &str, day: &str) -> Result<Option<Table>> {
    Ok(of_day(conn, day).await?.into_iter().find(|table| table.region == region))
}

/// Writes a new table, or a draft anew.
///
/// # Errors
/// A [`Refusal`]: the role, a table in use, values that are none, another version of that day.
pub async fn save(tx: &mut Tx, id: Option<&str>, outline: &Outline, actor: &str, now: Timestamp) -> Result<String> {
    may_write(tx, actor).await?;
    if !wrong(outline).is_empty() {
        return Err(Refusal::TableWrong.into());
    }
    let (id, before) = match id {
        Some(id) => {
            let table = locked_draft(tx, id).await?;
            (id.to_owned(), table.state.as_str())
        }
        None => (random::id("crt", now), ""),
    };
    is_later(tx, &id, outline).await?;
    let is_free = match before {
        "" => store::insert_table(tx, &id, outline, now).await?,
        _ => store::change_table(tx, &id, outline).await?,
    };
    if !is_free {
        return Err(Refusal::NotLater { last: outline.valid_from.clone() }.into());
    }
    store::clear_blocks(tx, &id).await?;
    for (position, block) in (1..).zip(&outline.blocks) {
        store::insert_block(tx, &id, position, block).await?;
    }
    let reason = summary(outline);
    let entry = history::Entry {
        subject: "credit_table",
        subject_id: &id,
        from: before,
        to: TableState::Draft.as_str(),
        actor,
        reason: &reason,
    };
    history::record(tx, now, entry).await?;
    Ok(id)
}

/// Takes a draft into use: from then on it is never changed.
///
/// # Errors
/// A [`Refusal`]: the role, in use already, not later than the region's other versions.
pub async fn take_into_use(tx: &mut Tx, id: &str, actor: &str, now: Timestamp) -> Result<()> {
    may_write(tx, actor).await?;
    let table = locked_draft(tx, id).await?;
    let blocks = store::blocks(tx, id).await?;
    is_later(tx, id, &Outline::of(&table, blocks)).await?;
    if !store::move_to(tx, id, TableState::Draft, TableState::InUse).await? {
        return Err(Refusal::TableFixed.into());
    }
    let (from, to) = (TableState::Draft.as_str(), TableState::InUse.as_str());
    let reason = format!("{} {}", table.region, table.valid_from);
    let entry = history::Entry { subject: "credit_table", subject_id: id, from, to, actor, reason: &reason };
    Ok(history::record(tx, now, entry).await?)
}

async fn may_write(tx: &mut Tx, actor: &str) -> Result<()> {
    let roles = users::actions::roles(tx, actor).await?;
    let may = roles.contains(&StaffRole::Reviewer) || roles.contains(&StaffRole::Admin);
    if may { Ok(()) } else { Err(Refusal::NoRole.into()) }
}

async fn locked_draft(tx: &mut Tx, id: &str) -> Result<Table> {
    store::lock_table(tx, id).await?;
    let table = store::table(tx, id).await?.ok_or_else(|| Error::broken(format!("no credit table {id}")))?;
    if table.state == TableState::Draft { Ok(table) } else { Err(Refusal::TableFixed.into()) }
}

/// A version holds from a later day than all that are in use: what was calculated with those stays as it was.
async fn is_later(tx: &mut Tx, id: &str, outline: &Outline) -> Result<()> {
    let tables = store::tables(tx).await?;
    let in_use = tables.iter().filter(|t| t.region == outline.region && t.state == TableState::InUse && t.id != id);
    match in_use.map(|table| table.valid_from.clone()).max() {
        Some(last) if last >= outline.valid_from => Err(Refusal::NotLater { last }.into()),
        _ => Ok(()),
    }
}

/// The table in one line, for the history.
fn summary(outline: &Outline) -> String {
    let value = |block: &Block| match block.unit {
        Unit::Invoice => format!("{} %", block.percent),
        _ => block.credit.plain(),
    };
    let blocks: Vec<String> = outline.blocks.iter().map(|block| format!("{} {}", block.code, value(block))).collect();
    format!("{} {}: {}", outline.region, outline.valid_from, blocks.join(", "))
}
