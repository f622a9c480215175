//! Fuzzing on the stable compiler: what strangers send is read from a corpus, mutated and read again, for a while.
//!
//! Each target has a folder in `corpus/` with inputs that once mattered or cover the shapes; a mutation changes bytes, cuts, repeats,
//! joins two inputs or puts in a word from the dictionary. Without a nightly compiler nobody measures which branches an input
//! reaches, so this finds what lies near the corpus and no more. What must hold: no panic, an answer within [`PATIENCE`], and where
//! a printer exists, reading what was printed gives the same again.
//!
//! `FUZZ_SECONDS` (12, a good minute for all) bounds each target, `FUZZ_SEED` begins elsewhere. An input that breaks something is kept in
//! `target/fuzz/` and repeated by `FUZZ_INPUT=target/fuzz/FILE cargo test --test fuzz TARGET`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use drempel::infra::bank::camt::Statements;
use drempel::infra::bank::files::{Input, Package};
use drempel::infra::bank::write::{Version, write};
use drempel::infra::bank::{Head, Line, Piece, pain};
use drempel::infra::random::Sequence;
use drempel::infra::stripe::signature;
use drempel::infra::web::form::Posted;
use drempel::values::money::AmountError;
use drempel::values::{Cents, Lang, Timestamp};

/// The longest an input may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest input, in bytes.
const LONGEST: usize = 16 * 1024;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).expect("a corpus").flatten().map(|e| e.path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("an input")).collect()
}

/// Reads the corpus and then mutations of it.
fn fuzz(target: &str, words: &[&str], read: fn(&[u8])) {
    if let Ok(path) = std::env::var("FUZZ_INPUT") {
        return read(&std::fs::read(path).expect("an input"));
    }
    let corpus = corpus(target);
    assert!(corpus.len() > 2, "the corpus of {target} has been lost");
    let mut chance = Sequence::new(number("FUZZ_SEED", 1));
    let until = Instant::now() + Duration::from_secs(number("FUZZ_SECONDS", 12));
    for input in &corpus {
        attempt(target, input, read);
    }
    let mut tried = 0u64;
    while Instant::now() < until {
        for _ in 0..64 {
            attempt(target, &mutated(&corpus, words, &mut chance), read);
        }
        tried += 64;
    }
    println!("{target}: {} inputs and {tried} mutations", corpus.len());
}

fn attempt(target: &str, input: &[u8], read: fn(&[u8])) {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| read(input)));
    let took = begun.elapsed();
    if outcome.is_ok() && took < PATIENCE {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    std::fs::create_dir_all(&folder).expect("a folder");
    let kept = folder.join(format!("{target}-{}", drempel::infra::random::hash(&String::from_utf8_lossy(input))));
    std::fs::write(&kept, input).expect("a file");
    panic!(
        "an input broke {target} (it took {took:?}); repeat it by: FUZZ_INPUT={} cargo test --test fuzz {target}",
        kept.display()
    );
}

fn mutated(corpus: &[Vec<u8>], words: &[&str], chance: &mut Sequence) -> Vec<u8> {
    let mut input = corpus[chance.below(corpus.len())].clone();
    for _ in 0..=chance.below(6) {
        let place = chance.below(input.len() + 1);
        let end = (place + 1 + chance.below(16)).min(input.len());
        match chance.below(7) {
            0 if place < input.len() => input[place] ^= 1 << chance.below(8),
            1 if place < input.len() => input[place] = chance.number().to_le_bytes()[0],
            2 if place < end => drop(input.drain(place..end)),
            3 if place < end => {
                let part = input[place..end].repeat(1 + chance.below(40));
                input.splice(place..place, part);
            }
            4 => {
                let word = words[chance.below(words.len())].bytes();
                input.splice(place..place, word);
            }
            5 => {
                let other = &corpus[chance.below(corpus.len())];
                input.truncate(place);
                input.extend_from_slice(&other[chance.below(other.len() + 1)..]);
            }
            _ => input.truncate(place),
        }
    }
    input.truncate(LONGEST);
    input
}

const SECRET: &str = "whsec_fuzz";

/// The first line is the header, the rest the body; the body is also sent with a right signature, so that its reader is reached.
#[test]
fn event() {
    fuzz(
        "event",
        &["t=", "v1=", ",", "\"id\":", "\"data\":{\"object\":", "null", "\u{0}", "-1", "1e309", "[[[["],
        |input| {
            let place = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
            let (header, body) = input.split_at(place);
            let body = body.strip_prefix(b"\n").unwrap_or(body);
            let secrets = [SECRET.to_owned()];
            let now = Timestamp::from_seconds(1_700_000_000);
            let forged = signature::verify(std::str::from_utf8(header).ok(), body, &secrets, now);
            assert!(forged.is_err(), "nobody knows the secret");
            let signed = format!("t=1700000000,v1={}", signature::sign(SECRET, 1_700_000_000, body));
            let _ = signature::verify(Some(&signed), body, &secrets, now);
        },
    );
}

/// Dutch and English notation; what is printed for machines is read as the same amount, what is printed in either language as the
/// same or as ambiguous.
#[test]
fn amount() {
    fuzz("amount", &["€", "EUR", ",", ".", "00", "9223372036854775807", "\u{a0}", "٣", "-", "+"], |input| {
        let typed = String::from_utf8_lossy(input);
        let Ok(amount) = Cents::parse(&typed) else { return };
        assert_eq!(Cents::parse(&amount.plain()), Ok(amount), "{typed:?}");
        for printed in [amount.show(Lang::Nl), amount.show(Lang::En)] {
            // "1.864" may be thousands or cents: that is asked, never guessed
            let read = Cents::parse(&printed);
            assert!(read == Ok(amount) || read == Err(AmountError::Ambiguous), "{typed:?} {printed:?} {read:?}");
        }
    });
}

/// A form as it is posted.
#[test]
fn form() {
    fuzz("form", &["amount=", "&", "%", "%00", "%ff", "+", "=", "&&&&", "kind=gift"], |input| {
        if let Ok(form) =
            Posted::from_bytes(input).and_then(|posted| posted.allow(&["amount", "kind", "email", "name"]))
        {
            assert!(form.fields().count() <= 4);
        }
    });
}

/// A browser's languages.
#[test]
fn language() {
    fuzz("language", &["nl", "en", ";q=", "0.", ",", "*", "-NL", "999999999999999999999"], |input| {
        let lang = Lang::from_accept_language(&String::from_utf8_lossy(input));
        assert_eq!(Lang::from_code(lang.code()), Some(lang));
    });
}

/// A credit transfer file that is read back.
#[test]
fn pain() {
    fuzz(
        "pain",
        &["<", ">", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "&a;", "<CdtTrfTxInf>", "-1", "0.001", "]]>"],
        |input| {
            let _ = pain::read(&String::from_utf8_lossy(input));
        },
    );
}

/// A bank's statement, plain or zipped: what is refused is refused, what is accepted adds up, keeps within the reader's limits and
/// means the same when it is written and read again.
#[test]
fn camt() {
    fuzz(
        "camt",
        &[
            "<",
            "</Ntry>",
            "<Ntry>",
            "<!DOCTYPE x [<!ENTITY a \"b\">]>",
            "&a;",
            "&#0;",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?xml version=\"1.0\"?>",
            "<a><a><a><a><a><a>",
            "DBIT",
            "CRDT",
            "BOOK",
            "Ccy=\"USD\"",
            "-0.01",
            "0.001",
            "92233720368547758.07",
            "camt.053.001.08",
            "xmlns=\"x\"",
            "2026-02-30",
            "T24:00:00Z",
            "PK\u{3}\u{4}",
        ],
        |input| {
            let Ok(package) = Package::open(Input::InMemory(input.into())) else { return };
            for number in 0..package.len() {
                let statements = Statements::new(package.document(number).expect("it was opened before"));
                check_statements(statements);
            }
        },
    );
}

/// Follows the pieces of a document until it is refused or over.
fn check_statements(mut statements: Statements<impl std::io::BufRead>) {
    let mut open: Option<(Head, Vec<Line>)> = None;
    while let Ok(Some(piece)) = statements.next_piece() {
        match piece {
            Piece::Statement(head) => {
                assert!(open.is_none() && head.iban.len() <= 34 && head.opening.day.len() == 10, "{head:?}");
                open = Some((head, Vec::new()));
            }
            Piece::Line(line) => {
                let texts = [&line.name, &line.iban, &line.reference, &line.remittance, &line.end_to_end_id];
                assert!(
                    line.amount > Cents::ZERO && line.direction.is_some() && line.booked_on.len() == 10,
                    "{line:?}"
                );
                assert!(
                    texts.iter().all(|text| text.chars().count() <= 500 && !text.contains(char::is_control)),
                    "{line:?}"
                );
                open.as_mut().expect("a line belongs to a statement").1.push(line);
            }
            Piece::End => {
                let (head, lines) = open.take().expect("a statement ends once");
                let sum = lines.iter().try_fold(head.opening.amount, |sum, line| sum.checked_add(line.signed()));
                assert_eq!(sum, Some(head.closing.amount), "{head:?} {lines:?}");
                is_read_back(&head, &lines);
            }
        }
    }
}

/// Writing what was read and reading that gives the same, in both versions.
fn is_read_back(head: &Head, lines: &[Line]) {
    for version in [Version::V02, Version::V08] {
        let mut text = Vec::new();
        write(&mut text, version, head, Timestamp::from_seconds(1_700_000_000), lines.to_vec()).expect("written");
        let mut again = Statements::new(text.as_slice());
        let mut pieces = Vec::new();
        while let Some(piece) = again.next_piece().expect("what was written is readable") {
            pieces.push(piece);
        }
        let wanted = std::iter::once(Piece::Statement(head.clone()));
        let wanted = wanted.chain(lines.iter().cloned().map(Piece::Line)).chain([Piece::End]);
        assert_eq!(pieces, wanted.collect::<Vec<_>>());
    }
}
