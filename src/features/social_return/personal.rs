//! Statements name a company, which may be one person, for seven years after their year, as invoices do. After that the number, the amounts
//! and what they are about stay; the company is gone.

use crate::features::pledges;
use crate::features::receipts::year_of;
use crate::features::social_return::facts::Company;
use crate::features::social_return::store::personal as rows;
use crate::features::social_return::{Facts, actions};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The statements about purchases of a person.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let mut records = Vec::new();
    let mut statements = Vec::new();
    for pledge in pledges::actions::all_of_user(conn, user_id).await? {
        statements.extend(actions::of_pledge(conn, &pledge.id).await?);
    }
    for statement in statements {
        let company = Facts::of(&statement)?.company;
        records.push(
            Record::new()
                .text("number", statement.number)
                .word("kind", statement.kind.as_str(), "sr-kind")
                .cents("amount_cents", statement.kept)
                .text("company_name", company.name)
                .text("kvk_number", company.kvk_number)
                .text("address", company.address)
                .text("postcode", company.postcode)
                .text("city", company.city)
                .text("contract_reference", company.contract_reference)
                .text("po_number", company.po_number)
                .moment("issued_at", statement.issued_at),
        );
    }
    Ok(vec![Part::of("statements", records)])
}

/// Takes the company out of some statements of the years before a moment's; how many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, now: Timestamp, limit: i64) -> Result<u64> {
    let old = rows::named_before(tx, year_of(before), limit).await?;
    for statement in &old {
        let mut facts = Facts::of(statement)?;
        facts.company = Company::default();
        let text = facts.canonical()?;
        rows::forget(tx, &statement.id, &text, &actions::hash(&text), now).await?;
    }
    Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
}
