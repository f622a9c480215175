//! Every index of the schema stands in `migrations/INDEXES.md` with the question that it answers, and nothing else does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::App;

const DOCUMENT: &str = include_str!("../../migrations/INDEXES.md");

/// Table, name (`unique` for what a table demands of its own columns), whether it holds only some rows, column; in the order of columns.
const OF_SQLITE: &str =
    "SELECT CAST(m.name AS TEXT), CAST(CASE WHEN l.origin = 'u' THEN 'unique' ELSE l.name END AS TEXT),
        CAST(CASE WHEN l.\"partial\" = 1 THEN 'some' ELSE 'all' END AS TEXT), CAST(l.name AS TEXT), CAST(i.name AS TEXT)
    FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i
    WHERE m.type = 'table' AND l.origin <> 'pk' AND m.name NOT LIKE '%sqlx%' ORDER BY m.name, l.name, i.seqno";
const OF_POSTGRES: &str = "SELECT CAST(t.relname AS TEXT),
        CAST(CASE WHEN c.oid IS NULL THEN i.relname ELSE 'unique' END AS TEXT),
        CAST(CASE WHEN x.indpred IS NULL THEN 'all' ELSE 'some' END AS TEXT), CAST(i.relname AS TEXT), CAST(a.attname AS TEXT)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
        LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype = 'u'
        CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
    WHERE NOT x.indisprimary AND t.relname NOT LIKE '%sqlx%' ORDER BY t.relname, i.relname, k.place";

/// An index as both write it: `pledges: pledges_by_user (user_id, created_at) all`.
async fn in_the_schema(app: &App) -> Vec<String> {
    let is_postgres = std::env::var("TEST_DATABASE").as_deref() == Ok("postgres");
    let statement = if is_postgres { OF_POSTGRES } else { OF_SQLITE };
    let mut conn = app.s.db.read().await.expect("a connection");
    let rows: Vec<(String, String, String, String, String)> =
        sqlx::query_as(statement).fetch_all(&mut *conn).await.expect("the schema");
    let mut indexes: BTreeMap<[String; 4], Vec<String>> = BTreeMap::new();
    for (table, name, rows, in_engine, column) in rows {
        indexes.entry([table, name, rows, in_engine]).or_default().push(column);
    }
    let written =
        indexes.into_iter().map(|([table, name, rows, _], columns)| one(&table, &name, &columns.join(", "), &rows));
    let mut written: Vec<String> = written.collect();
    written.sort();
    written
}

fn one(table: &str, name: &str, columns: &str, rows: &str) -> String {
    format!("{table}: {name} ({columns}) {rows}")
}

/// Lines like ``- `name` (columns) where …: reason`` and ``- unique (columns): reason`` below the heading of their table.
fn in_the_document() -> Vec<String> {
    let mut table = "";
    let mut indexes = Vec::new();
    for line in DOCUMENT.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            table = heading;
        }
        let Some(entry) = line.strip_prefix("- ").filter(|_| !table.is_empty()) else { continue };
        let (name, rest) = entry.split_once(" (").unwrap_or_else(|| panic!("no columns: {line}"));
        let (columns, rest) = rest.split_once(')').unwrap_or_else(|| panic!("no columns: {line}"));
        let (rows, reason) = rest.split_once(": ").unwrap_or_else(|| panic!("no reason: {line}"));
        assert!(reason.len() > 20, "no reason: {line}");
        let rows = if rows.starts_with(" where ") { "some" } else { "all" };
        indexes.push(one(table, name.trim_matches('`'), columns, rows));
    }
    indexes.sort();
    indexes
}

#[tokio::test]
async fn every_index_has_its_line_and_every_line_its_index() {
    let app = App::start().await;
    let schema = in_the_schema(&app).await;
    assert!(schema.len() > 150, "the search finds the indexes: {}", schema.len());
    let document = in_the_document();
    let unsaid: Vec<&String> = schema.iter().filter(|index| !document.contains(index)).collect();
    let gone: Vec<&String> = document.iter().filter(|line| !schema.contains(line)).collect();
    assert!(unsaid.is_empty() && gone.is_empty(), "without a line: {unsaid:#?}, without an index: {gone:#?}");
    assert_eq!(schema, document, "each once");
}

#[test]
fn every_function_that_asks_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named = 0;
    for (before, after) in DOCUMENT.split("` (").zip(DOCUMENT.split("` (").skip(1)) {
        let Some((file, _)) = after.split_once(".rs)").filter(|(file, _)| !file.contains([' ', '\n'])) else {
            continue;
        };
        let function = before.rsplit('`').next().unwrap_or_default();
        let text = [root.join("features").join(file), root.join(file)]
            .iter()
            .find_map(|path| fs::read_to_string(path.with_extension("rs")).ok())
            .unwrap_or_else(|| panic!("there is no {file}.rs"));
        let is_there = [format!("fn {function}("), format!("fn {function}<")].iter().any(|head| text.contains(head));
        assert!(is_there, "{file}.rs has no {function}");
        named += 1;
    }
    assert!(named > 150, "the search finds the functions: {named}");
}

/// Outside its inner list a claim names the lease and nothing that has an index, see `infra::db::claims`.
#[test]
fn a_claim_leaves_the_choice_to_its_inner_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut claims = 0;
    for file in
        ["infra/jobs.rs", "infra/letters.rs", "features/payments/store/line.rs", "features/payments/store/refunds.rs"]
    {
        let text = fs::read_to_string(root.join(file)).expect("a file");
        for statement in text.split(".claiming(").skip(1) {
            let (_, guard) = statement.split_once("WHERE ").expect("a guard");
            let (outside, _) = guard.split_once("AND id IN (SELECT").expect("an inner list");
            let is_lease = ["lease_until <= $1", "open_after <= $1"].contains(&outside.trim());
            assert!(is_lease, "{file}: {outside}");
            claims += 1;
        }
    }
    assert_eq!(claims, 4);
}
