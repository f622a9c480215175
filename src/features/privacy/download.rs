//! Everything that is held about one person, from every noun that holds something (GDPR, articles 15 and 20). The page and the file are made of the
//! same parts. It never holds what would open something (hashes, secrets, keys), nor what belongs to somebody else.

use serde_json::{Map, Value as Json, json};

use crate::features::privacy::store;
use crate::features::users::User;
use crate::features::{
    approvals, bank, consents, desk, evidence, organisations, outcomes, payments, plans, pledges, projects, receipts,
    results, social_return, transfers, updates, users, valuations, verifications,
};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::history;
use crate::infra::letters::personal as letters;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The form of the file; it grows when a field changes its meaning.
const VERSION: i64 = 1;

/// The nouns that hold something about people, in the order of the page. A test sees to it that every noun is here or in [`NOTHING`].
pub const GIVING: [&str; 20] = [
    "users",
    "organisations",
    "pledges",
    "payments",
    "receipts",
    "social_return",
    "transfers",
    "bank",
    "consents",
    "updates",
    "projects",
    "plans",
    "valuations",
    "outcomes",
    "evidence",
    "verifications",
    "results",
    "approvals",
    "desk",
    "privacy",
];

/// The nouns that hold nothing about a person beyond ids: what somebody did with them stands in the history, which is given as a whole.
pub const NOTHING: [&str; 16] = [
    "ledger",
    "recoveries",
    "cases",
    "rounds",
    "match_funds",
    "withdrawals",
    "settlement",
    "payouts",
    "terminations",
    "calendar",
    "backing",
    "studio",
    "site",
    "open_data",
    "reconciliation",
    "staff",
];

/// What one noun holds about a person.
async fn of_noun(conn: &mut Conn, noun: &str, user: &User) -> Result<Vec<Part>> {
    let id = user.id.as_str();
    match noun {
        "users" => users::personal::given(conn, user).await,
        "organisations" => organisations::personal::given(conn, id, &user.email).await,
        "pledges" => pledges::personal::given(conn, id).await,
        "payments" => payments::personal::given(conn, id).await,
        "receipts" => receipts::personal::given(conn, id).await,
        "social_return" => social_return::personal::given(conn, id).await,
        "transfers" => transfers::personal::given(conn, id).await,
        "bank" => bank::personal::given(conn, id).await,
        "consents" => consents::personal::given(conn, id).await,
        "updates" => updates::personal::given(conn, id).await,
        "projects" => projects::personal::given(conn, &user.email).await,
        "plans" => plans::personal::given(conn, id).await,
        "valuations" => valuations::personal::given(conn, id).await,
        "outcomes" => outcomes::personal::given(conn, id).await,
        "evidence" => evidence::personal::given(conn, id).await,
        "verifications" => verifications::personal::given(conn, id).await,
        "results" => results::personal::given(conn, id).await,
        "approvals" => approvals::personal::given(conn, id).await,
        "desk" => desk::personal::given(conn, id).await,
        "privacy" => erasures(conn, id).await,
        noun => Err(Error::broken(format!("nobody knows what {noun} holds"))),
    }
}

/// All parts of a person, empty ones too: what is not held is worth knowing.
pub async fn parts(conn: &mut Conn, user: &User) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for noun in GIVING {
        parts.extend(of_noun(conn, noun, user).await?);
    }
    parts.push(letters::given(conn, &user.id).await?);
    parts.push(done(conn, &user.id).await?);
    Ok(parts)
}

/// What a person did here.
async fn done(conn: &mut Conn, user_id: &str) -> Result<Part> {
    let records = history::done_by(conn, user_id).await?.into_iter().map(|deed| {
        let change = deed.change;
        Record::new()
            .word("action", deed.action.as_str(), "data-action")
            .text("subject", change.subject)
            .text("subject_id", deed.subject_id)
            .text("from", change.from_state)
            .text("to", change.to_state)
            .text("reason", change.reason)
            .text("network", deed.network)
            .text("device", deed.device)
            .moment("at", change.at)
    });
    Ok(Part::of("actions", records))
}

async fn erasures(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let records = store::of_user(conn, user_id).await?.into_iter().map(|erasure| {
        Record::new()
            .moment("asked_at", erasure.asked_at)
            .moment("due_at", erasure.due_at)
            .moment("undone_at", erasure.undone_at)
    });
    Ok(vec![Part::of("erasures", records)])
}

/// The file: the parts by their names, and what the forms of its values are.
pub fn file(parts: &[Part], site: &str, now: Timestamp) -> Result<String> {
    let mut data: Map<String, Json> = Map::new();
    for part in parts {
        data.insert(part.name.to_owned(), part.json());
    }
    let file = json!({
        "format": "drempel-personal-data",
        "version": VERSION,
        "site": site,
        "made_at": now.to_string(),
        "units": {
            "_cents": "whole cents of euros",
            "rikx": "decimal text with two decimals",
            "_at": "RFC 3339 in UTC, null when it did not happen",
            "_on": "calendar day in Amsterdam, YYYY-MM-DD",
        },
        "data": data,
    });
    serde_json::to_string_pretty(&file).map_err(Error::broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::ORDER;

    #[test]
    fn every_noun_gives_its_part_or_is_named_as_holding_nothing() {
        let mut named: Vec<&str> = GIVING.iter().chain(&NOTHING).copied().collect();
        named.sort_unstable();
        let mut all = ORDER.to_vec();
        all.sort_unstable();
        assert_eq!(named, all);
    }
}
