//! The table of security requirements (OWASP ASVS 5.0.0): it is whole, and what it names is there. And two of them that no other file
//! proves: what is of a person is kept nowhere on the way, and an error of ours tells nothing.

use reqwest::header::CACHE_CONTROL;
use serde_json::Value;

use crate::proofs;
use crate::support::App;

/// The requirements that are held, by level: chapter and section, then the numbers. Chapters 9, 10 and 17 (tokens of others, OAuth,
/// WebRTC) concern what the program does not have.
const REQUIRED: [(&str, usize, &str); 3] = [
    (
        "L1",
        61,
        "1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1 5.2.1-2 5.3.1-2 6.1.1 6.2.1-8 \
         6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 11.3.1-2 11.4.1 12.1.1 12.2.1-2 13.4.1 14.2.1 14.3.1 15.1.1 \
         15.2.1 15.3.1",
    ),
    (
        "L2",
        149,
        "1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4-5 3.7.1-2 4.1.2-3 4.2.1 \
         4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.3.1-2 \
         7.4.3-5 7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 11.1.1-2 11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 12.3.1-4 \
         13.1.1 13.2.1-5 13.3.1-2 13.4.2-5 14.1.1-2 14.2.2-4 14.3.2-3 15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 \
         16.4.1-3 16.5.1-3",
    ),
    ("L3", 13, "2.3.5 2.4.2 3.4.7-8 3.7.3 4.1.4 5.2.4 5.2.6 6.3.5 6.3.7-8 7.5.3 8.3.2"),
];

/// `6.2.1-3` is 6.2.1, 6.2.2 and 6.2.3.
fn spelled_out(ids: &str) -> Vec<String> {
    let mut all = Vec::new();
    for run in ids.split_whitespace() {
        let (section, numbers) = run.rsplit_once('.').expect("a section and numbers");
        let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
        let (first, last): (u32, u32) = (first.parse().expect("a number"), last.parse().expect("a number"));
        all.extend((first..=last).map(|number| format!("{section}.{number}")));
    }
    all
}

/// A proof is a duty of who runs it, a reason, or a file and what of it proves something: tests by name, or a phrase.
fn assert_proof(id: &str, part: &str) {
    let (named, what) = part.split_once(": ").unwrap_or_else(|| panic!("{id}: {part:?} names nothing"));
    assert!(what.len() > 3, "{id}: {part:?} says nothing");
    if ["does not apply", "not yet"].contains(&named) {
        return;
    }
    if named == "README" {
        let heading = what.split(':').next().unwrap_or_default();
        assert!(proofs::read("README.md").contains(&format!("## {heading}\n")), "{id}: the README has no {heading:?}");
        return;
    }
    let path = proofs::path_of(named);
    let is_name = |name: &str| name.contains('_') && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if named.starts_with("it/") || what.split(", ").all(is_name) {
        proofs::tests_exist(id, &path, what);
    } else {
        proofs::read(&path);
    }
}

#[test]
fn the_table_of_requirements_is_whole_and_names_what_exists() {
    let table = proofs::read("tests/ASVS.md");
    let mut known = 0;
    for (level, count, ids) in REQUIRED {
        let ids = spelled_out(ids);
        assert_eq!(ids.len(), count, "{level}");
        known += count;
        for id in ids {
            assert!(table.contains(&format!("\n| {id} | {level} | ")), "{id} is not there as {level}");
            for part in proofs::proof_of(&table, &id).split("; ") {
                assert_proof(&id, part);
            }
        }
    }
    let rows =
        table.lines().filter(|line| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()));
    assert_eq!(rows.count(), known, "the table has rows of its own");
}

#[tokio::test]
async fn what_is_of_a_person_is_kept_nowhere() {
    let app = App::start().await;
    let pledge = app.gift(2_500, "Anna").await;
    let of = |member: &str| pledge[member].as_str().unwrap_or_default();
    let of_pledge = format!("/nl/pledges/{}?key={}", of("reference"), of("key"));
    let signed_in = app.http.post(app.url("/dev/sign-in")).form(&[("email", "owner@kookclub.example")]).send().await;
    assert_eq!(signed_in.expect("an answer").status(), 303);
    for path in [
        "/nl/account",
        "/nl/account/sessions",
        "/nl/account/security",
        "/nl/account/pledges",
        "/nl/studio",
        "/nl/studio/projects/kookclub",
        "/nl/studio/projects/kookclub/backers",
        "/nl/studio/projects/kookclub/backers.csv",
        "/nl/sign-in/code",
        of_pledge.as_str(),
    ] {
        let answer = app.http.get(app.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-store", "{path}");
    }
    for path in ["/nl", "/nl/projects/kookclub"] {
        let answer = app.http.get(app.url(path)).send().await.expect("an answer");
        assert_eq!(answer.headers()[CACHE_CONTROL], "public, max-age=0, must-revalidate", "{path} is for everybody");
        assert!(!answer.text().await.expect("a page").contains("Je bent ingelogd"), "{path}");
    }
}

#[tokio::test]
async fn an_error_of_ours_tells_a_visitor_no_more_than_a_number() {
    let app = App::start().await;
    app.sql("ALTER TABLE rounds RENAME TO rounds_that_broke").await.expect("a broken database");
    for path in ["/nl/rounds", "/api/v1/rounds"] {
        let answer = app.http.get(app.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), 500, "{path}");
        let text = answer.text().await.expect("a body");
        for inner in ["rounds_that_broke", "no such table", "does not exist", "SELECT ", "sqlx", ".rs:"] {
            assert!(!text.contains(inner), "{path} tells {inner}: {text}");
        }
        if path.starts_with("/api/") {
            let problem: Value = serde_json::from_str(&text).expect("a problem document");
            assert_eq!(problem["type"], "urn:drempel:problem:broken");
            assert_eq!(problem["reference"].as_str().map(str::len), Some(8));
        }
    }
}
