//! The words of pages and letters: every key is used, sentences are short, stiff words are avoided and each thing has one name.
//!
//! No program can tell that a text is plain (Dutch at level B1); these are its measurable parts. `words/` holds the lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The most words of a sentence. English takes more small words for the same.
const LONGEST: [(&str, usize); 2] = [("nl", 20), ("en", 25)];
/// The most words of a sentence on average, of sentences of three words or more.
const AVERAGE: usize = 12;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: PathBuf, extensions: &[&str]) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted)) {
                found.push(path);
            }
        }
    }
    found
}

/// The texts of a language by key, each as its lines.
fn texts(lang: &str) -> BTreeMap<String, Vec<String>> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files(root().join("templates/texts").join(lang), &["ftl"]) {
        let mut lines = None;
        for line in fs::read_to_string(path).expect("a text file").lines() {
            match line.split_once('=') {
                Some((key, value)) if line.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    let found = texts.entry(key.trim().to_owned()).or_default();
                    found.push(value.trim().to_owned());
                    lines = Some(found);
                }
                _ if line.starts_with(' ') || line.is_empty() => {
                    if let Some(lines) = &mut lines {
                        lines.push(line.trim().to_owned());
                    }
                }
                _ => lines = None,
            }
        }
    }
    texts
}

/// A text as it is read: without marks of Markdown, the addresses of links, and values (each counts as a word).
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for part in line.replace("**", "").replace('`', "").split_inclusive(['{', '}']) {
        if depth == 0 {
            out.push_str(part.trim_end_matches('{'));
        }
        match part.chars().last() {
            Some('{') => depth += 1,
            Some('}') if depth > 0 => {
                depth -= 1;
                out.push('X');
            }
            _ => {}
        }
    }
    while let Some(start) = out.find("](") {
        let end = out[start..].find(')').map_or(out.len(), |end| start + end + 1);
        out.replace_range(start..end, "");
    }
    out
}

/// The sentences of a text; a line of a list, a heading and each form of a plural begin anew.
fn sentences(lines: &[String]) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in lines {
        if line.is_empty() || line.starts_with(['-', '#', '*', '|', '[']) {
            paragraphs.push(String::new());
        }
        let line = line.trim_start_matches(['-', '#', '*', '|', ' ']);
        let last = paragraphs.last_mut().expect("a paragraph");
        last.push(' ');
        last.push_str(&plain(line));
    }
    let mut found = Vec::new();
    for paragraph in paragraphs {
        let mut sentence: Vec<&str> = Vec::new();
        for word in paragraph.split_whitespace() {
            sentence.push(word);
            if word.ends_with(['.', '!', '?', ':', ';']) {
                found.push(sentence.join(" "));
                sentence.clear();
            }
        }
        found.push(sentence.join(" "));
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

#[test]
fn sentences_are_short() {
    let mut wrong = Vec::new();
    for (lang, most) in LONGEST {
        let (mut count, mut words) = (0, 0);
        for (key, lines) in texts(lang) {
            for sentence in sentences(&lines) {
                let length = sentence.split_whitespace().count();
                if length > most {
                    wrong.push(format!("{lang} {key}: {length} words: {sentence}"));
                }
                if length > 2 {
                    count += 1;
                    words += length;
                }
            }
        }
        assert!(count > 1_000, "{lang}: {count} sentences were found");
        assert!(words <= AVERAGE * count, "{lang}: {words} words in {count} sentences");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Words to avoid with what stands for them.
fn avoided(list: &str, lang: &str) -> Vec<(String, String)> {
    let path = root().join(format!("tests/it/words/{list}_{lang}.txt"));
    let text = fs::read_to_string(path).expect("a list of words");
    let pairs = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    pairs
        .map(|line| {
            let (word, better) = line.split_once(" = ").unwrap_or_else(|| panic!("{lang}: {line}"));
            (word.to_owned(), better.to_owned())
        })
        .collect()
}

/// Small letters, one space between words, and no other signs: words can be looked for between spaces.
fn spaced(text: &str) -> String {
    let letters = text.to_lowercase().replace(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'', " ");
    format!(" {} ", letters.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn words_to_avoid(list: &str, least: usize) {
    let mut wrong = Vec::new();
    for lang in ["nl", "en"] {
        let words = avoided(list, lang);
        let different: BTreeSet<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        assert!(different.len() == words.len() && words.len() >= least, "{lang}: {} of {list}", words.len());
        for (key, lines) in texts(lang) {
            for sentence in sentences(&lines) {
                let text = spaced(&sentence);
                for (word, better) in &words {
                    if text.contains(&spaced(word)) {
                        wrong.push(format!("{lang} {key}: {word} (better: {better}) in: {sentence}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn stiff_words_are_avoided() {
    words_to_avoid("stiff", 100);
}

#[test]
fn each_thing_has_one_name() {
    words_to_avoid("glossary", 20);
}

/// The strings between quotes in a source.
fn strings(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').filter(|part| !part.is_empty() && part.len() < 80 && !part.contains(['\n', ' ']))
}

/// Whether a key can come out of a string with places in braces.
fn fits(key: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('{').enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('}').map_or(part, |(_, rest)| rest),
    });
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = key.strip_prefix(first) else { return false };
    let mut last = "";
    for part in parts {
        // a place holds at least one letter
        let Some(from) = rest.chars().next().map(char::len_utf8) else { return false };
        let Some(at) = rest[from..].find(part) else { return false };
        rest = &rest[from + at + part.len()..];
        last = part;
    }
    rest.is_empty() || last.is_empty()
}

#[test]
fn every_text_is_used() {
    let mut places = files(root().join("src"), &["rs"]);
    places.extend(files(root().join("templates"), &["html", "txt"]));
    let sources: Vec<String> = places.iter().map(|path| fs::read_to_string(path).expect("a source")).collect();
    let all: BTreeSet<&str> = sources.iter().flat_map(|source| strings(source)).collect();
    let is_telling = |pattern: &&&str| {
        let fixed: String = pattern.split('{').map(|part| part.rsplit('}').next().unwrap_or_default()).collect();
        pattern.contains('{') && fixed.contains('-') && fixed.chars().filter(|c| c.is_alphabetic()).count() >= 2
    };
    let patterns: Vec<&str> = all.iter().filter(is_telling).copied().collect();
    let keys = texts("nl");
    assert!(keys.len() > 4_000 && patterns.len() > 100, "{} keys, {} patterns", keys.len(), patterns.len());
    // a noun's part of the download of own data names its words by what they begin with
    let calls = sources.iter().flat_map(|source| source.split(".word(").skip(1));
    let words: BTreeSet<&str> = calls.filter_map(|call| call.split('"').nth(3)).collect();
    let starts: Vec<&str> = all.iter().filter(|part| part.len() > 3 && part.ends_with('-')).copied().collect();
    let is_used = |key: &str| {
        all.contains(key)
            || patterns.iter().any(|pattern| fits(key, pattern))
            || starts.iter().any(|start| key.starts_with(start))
            || words.iter().any(|word| key.strip_prefix(word).is_some_and(|rest| rest.starts_with('-')))
    };
    let unused: Vec<&String> = keys.keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn the_looking_finds_what_it_looks_for() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        sentences(&lines("Een { $a } is **goed.** Twee\n- drie [vier](https://x.nl) vijf")),
        ["Een X is goed.", "Twee", "drie [vier vijf"]
    );
    assert!(spaced("Dat is, echter, zo.").contains(&spaced("echter")));
    assert!(!spaced("Rechter").contains(&spaced("echter")));
    assert!(fits("data-action-refused", "data-action-{action}"));
    assert!(fits("organisation-pso-1", "organisation-pso-{rung}"));
    assert!(fits("letter-x-y-subject", "letter-{}-subject"));
    assert!(!fits("letter-x-y-text", "letter-{}-subject") && !fits("data-action-", "data-action-{action}"));
}
