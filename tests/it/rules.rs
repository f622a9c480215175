//! Rules of the code that a machine can hold.

use std::fs;
use std::path::{Path, PathBuf};

use drempel::features::ORDER;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    found
}

/// The code of a file without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

#[test]
fn floors_are_used_downwards_only() {
    let floors = ["values", "infra", "features", "app"];
    let mut wrong = Vec::new();
    for (level, floor) in floors.iter().enumerate() {
        for (path, text) in sources(&format!("src/{floor}")) {
            for above in &floors[level + 1..] {
                if code(&text).contains(&format!("crate::{above}")) {
                    wrong.push(format!("{} uses {above}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nouns_use_only_the_nouns_before_them_and_only_their_door() {
    let mut wrong = Vec::new();
    for (place, noun) in ORDER.iter().enumerate() {
        for (path, text) in sources(&format!("src/features/{noun}")) {
            for (other_place, other) in ORDER.iter().enumerate() {
                let text = code(&text);
                let named = text.contains(&format!("features::{other}::"))
                    || text.lines().any(|line| {
                        line.trim_start().starts_with("use crate::features::{")
                            && line.split(['{', ',', '}', ' ']).any(|word| word == *other)
                    });
                if named && other_place > place {
                    wrong.push(format!("{} uses {other}, which comes later", path.display()));
                }
                if other != noun && text.contains(&format!("{other}::store")) {
                    wrong.push(format!("{} reaches into the store of {other}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sql_stands_in_stores_and_infra_only() {
    let mut wrong = Vec::new();
    for folder in ["src/features", "src/app", "src/values"] {
        for (path, text) in sources(folder) {
            let is_store = path.file_name().is_some_and(|name| name == "store.rs")
                || path.components().any(|part| part.as_os_str() == "store");
            // tests prepare rows by hand, and break some
            let is_test =
                path.components().any(|part| ["tests", "tests.rs"].iter().any(|name| part.as_os_str() == *name));
            if !is_store && !is_test && code(&text).contains("sqlx::query") {
                wrong.push(path.display().to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "SQL outside a store: {wrong:#?}");
}

#[test]
fn every_state_word_stands_in_the_check_of_its_column() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let schema: String = fs::read_dir(folder)
        .expect("migrations")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "sql"))
        .map(|entry| fs::read_to_string(entry.path()).expect("a migration"))
        .collect();
    let mut missing = Vec::new();
    for (path, text) in sources("src/features") {
        for block in code(&text).split("words! {").skip(1) {
            let body = block.split("\n}").next().unwrap_or_default();
            let name = body.split("pub enum ").nth(1).and_then(|t| t.split(' ').next()).unwrap_or("?");
            if !name.ends_with("State") {
                continue;
            }
            for word in body.split(" = \"").skip(1).filter_map(|t| t.split('"').next()) {
                if !schema.contains(&format!("'{word}'")) {
                    missing.push(format!("{}: {name} {word}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

fn keys(lang: &str) -> std::collections::BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/texts").join(lang);
    let mut keys = std::collections::BTreeMap::new();
    for entry in fs::read_dir(folder).expect("texts").flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        for line in fs::read_to_string(entry.path()).expect("a text file").lines() {
            let starts = line.starts_with(|c: char| c.is_ascii_alphabetic());
            if let (true, Some((key, _))) = (starts, line.split_once(" =")) {
                let before = keys.insert(key.to_owned(), file.clone());
                assert!(before.is_none(), "{lang}: {key} stands in {file} and {before:?}");
            }
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_texts() {
    let (nl, en) = (keys("nl"), keys("en"));
    let differing: Vec<_> =
        nl.keys().filter(|k| !en.contains_key(*k)).chain(en.keys().filter(|k| !nl.contains_key(*k))).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

/// Both exist for the simulation only.
#[test]
fn nothing_of_the_program_plants_a_mistake_or_makes_chance_repeat_itself() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        for call in ["planted::plant(", "random::repeatable("] {
            if code(&text).contains(call) {
                wrong.push(format!("{} calls {call}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let simulation: String = sources("tests/sim").into_iter().map(|(_, text)| text).collect();
    assert!(simulation.contains("planted::plant(") && simulation.contains("random::repeatable("));
}

/// What is borrowed in the head of a loop or a match is held to its end: another connection asked for inside would be a second one, and
/// when all are so held nobody gets any.
#[test]
fn no_connection_is_borrowed_in_the_head_of_a_block() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let text = code(&text);
        for borrow in [".read().await?", ".read_public().await?", ".begin().await?", ".begin_together().await?"] {
            for (at, _) in text.match_indices(borrow) {
                let head = text[..at].rsplit([';', '{', '}']).next().unwrap_or_default().trim_start();
                let opens_a_block =
                    text[at..].find([';', '{', '}']).is_some_and(|end| text[at + end..].starts_with('{'));
                let is_head = ["for ", "while let ", "if let ", "match "].iter().any(|word| head.starts_with(word))
                    || head.contains("= match ");
                if is_head && opens_a_block {
                    wrong.push(format!("{}: {}", path.display(), head.lines().next().unwrap_or_default()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
