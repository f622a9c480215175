//! What the reader takes, what it refuses, and that nothing makes it fall over.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::infra::bank::camt::Statements;
use crate::infra::bank::files::{Input, Package};
use crate::infra::bank::statement::{Balance, Direction, Head, Line, Piece};
use crate::infra::bank::write::{Version, dutch_iban, sample, write};
use crate::infra::bank::{Fault, Why};
use crate::values::{Cents, Iban, Timestamp};

const MULTI: &str = include_str!("../../../tests/fixtures/camt053/camt053.v2.multi.statement.xml");
const MINIMAL: &str = include_str!("../../../tests/fixtures/camt053/camt053.v2.minimal.xml");
const EIGHT: &str = include_str!("../../../tests/fixtures/camt053/camt053.v8.xml");
const WRONG: &str = include_str!("../../../tests/fixtures/camt053/camt053.v2.wrong.xml");

fn read(bytes: &[u8]) -> Result<Vec<Piece>, Fault> {
    let mut statements = Statements::new(Cursor::new(bytes));
    let mut pieces = Vec::new();
    while let Some(piece) = statements.next_piece()? {
        pieces.push(piece);
    }
    Ok(pieces)
}

fn refused(text: &str) -> Why {
    read(text.as_bytes()).expect_err("a refusal").why
}

fn lines_of(text: &str) -> Vec<Line> {
    let pieces = read(text.as_bytes()).expect("a statement");
    pieces.into_iter().filter_map(|piece| if let Piece::Line(line) = piece { Some(line) } else { None }).collect()
}

fn head(lines: &[Line]) -> Head {
    let opening = Cents(10_000);
    let sum: i64 = lines.iter().map(|line| line.signed().0).sum();
    Head {
        message_id: "MSG-1".to_owned(),
        id: "STMT-1".to_owned(),
        number: "7".to_owned(),
        iban: "NL91ABNA0417164300".to_owned(),
        opening: Balance { amount: opening, day: "2026-11-24".to_owned() },
        closing: Balance { amount: Cents(opening.0 + sum), day: "2026-11-25".to_owned() },
    }
}

fn written(version: Version, lines: &[Line]) -> String {
    let mut text = Vec::new();
    let made_at = "2026-11-25T18:00:00.000Z".parse().expect("a moment");
    write(&mut text, version, &head(lines), made_at, lines.to_vec()).expect("written");
    String::from_utf8(text).expect("UTF-8")
}

/// A statement of version 02 with these entries, from 0.00 to this closing balance.
fn statement(closing: &str, entries: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-25T18:00:00</CreDtTm></GrpHdr><Stmt><Id>S</Id><CreDtTm>2026-11-25T18:00:00</CreDtTm>
<Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-25</Dt></Dt></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>"#
    )
}

fn entry(amount: &str, rest: &str) -> String {
    format!(
        r#"<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-25+01:00</Dt></BookgDt><BkTxCd/>{rest}</Ntry>"#
    )
}

#[test]
fn a_sample_with_two_statements_is_read() {
    let pieces = read(MULTI.as_bytes()).expect("two statements");
    let heads: Vec<_> =
        pieces.iter().filter_map(|p| if let Piece::Statement(head) = p { Some(head) } else { None }).collect();
    assert_eq!(heads.len(), 2);
    assert_eq!((heads[0].opening.amount, heads[0].closing.amount), (Cents(1_815), Cents(2_700)));
    assert_eq!((heads[0].iban.as_str(), heads[0].number.as_str()), ("NL26VAYB8060476890", "12312"));
    let lines = lines_of(MULTI);
    assert_eq!((lines[0].amount, lines[0].direction), (Cents(885), Some(Direction::In)));
    assert_eq!((lines[1].amount, lines[1].direction), (Cents(700), Some(Direction::Out)));
    assert_eq!((lines[1].name.as_str(), lines[1].iban.as_str()), ("Company Name 2", "NL56AGDH9619008421"));
    assert_eq!(
        (lines[1].end_to_end_id.as_str(), lines[1].remittance.as_str()),
        ("000000002", "Transaction Description 2")
    );
}

#[test]
fn samples_are_refused_for_what_is_wrong_with_them() {
    assert_eq!(refused(MINIMAL), Why::Currency);
    assert_eq!(refused(EIGHT), Why::Currency);
    assert_eq!(refused(WRONG), Why::Missing);
}

#[test]
fn both_versions_name_the_other_side_in_their_own_way() {
    // the samples with a closing balance that fits
    let closing = |text: &str| {
        text.replacen(
            r#"<Amt Ccy="SEK">27.00</Amt>
                <CdtDbtInd>DBIT"#,
            r#"<Amt Ccy="EUR">27.00</Amt>
                <CdtDbtInd>CRDT"#,
            1,
        )
    };
    for text in [closing(MINIMAL), closing(EIGHT)] {
        let lines = lines_of(&text);
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].name.as_str(), lines[0].iban.as_str()), ("NAME NAME", "NL56AGDH9619008421"));
        assert_eq!(lines[0].reference, "4654654654654654");
        assert_eq!((lines[0].amount, lines[0].booked_on.as_str()), (Cents(885), "2014-12-31"));
    }
}

#[test]
fn a_booking_of_several_payments_is_several_lines_when_they_add_up() {
    let detail = |amount: &str| {
        format!(
            r#"<TxDtls><Refs><EndToEndId>E{amount}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls></TxDtls>"#
        )
    };
    let batch = format!("<NtryDtls><Btch/>{}</NtryDtls><NtryDtls>{}</NtryDtls>", detail("10.00"), detail("15.5"));
    let lines = lines_of(&statement("25.50", &entry("25.50", &batch)));
    assert_eq!(lines.iter().map(|line| line.amount.0).collect::<Vec<_>>(), [1_000, 1_550]);
    assert_eq!(lines[1].end_to_end_id, "E15.5");
    // they do not add up: the booking as a whole
    let lines = lines_of(&statement("26.50", &entry("26.50", &format!("{batch}<AddtlNtryInf>a batch</AddtlNtryInf>"))));
    assert_eq!((lines.len(), lines[0].amount, lines[0].remittance.as_str()), (1, Cents(2_650), "a batch"));
    // and a booking without any
    assert_eq!(lines_of(&statement("3", &entry("3.000", ""))).len(), 1);
}

#[test]
fn what_is_not_booked_yet_is_passed_over() {
    let pending = entry("9", "").replace("BOOK", "PDNG");
    assert_eq!(lines_of(&statement("1", &format!("{}{pending}", entry("1", "")))).len(), 1);
}

#[test]
fn bookings_must_lead_from_the_opening_to_the_closing_balance() {
    assert_eq!(refused(&statement("25.51", &entry("25.50", ""))), Why::Balance);
}

#[test]
fn amounts_are_exact_or_refused() {
    for bad in ["1.234", "-1", "1e2", "1,00", "NaN", "", "99999999999999999999", "١"] {
        assert_eq!(refused(&statement("1", &entry(bad, ""))), Why::Wrong, "{bad}");
    }
    let dollars = entry("1", "").replace("EUR", "USD");
    assert_eq!(refused(&statement("1", &dollars)), Why::Currency);
}

#[test]
fn hostile_documents_are_refused() {
    let good = statement("1", &entry("1", "<AddtlNtryInf>x</AddtlNtryInf>"));
    let with = |from: &str, to: &str| good.replacen(from, to, 1);
    let doctype = r#"<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Document"#;
    let deep = format!("{}{}", "<a>".repeat(200), "</a>".repeat(200));
    let many = "<a/>".repeat(3_000);
    for (text, why) in [
        (with("<Document", doctype), Why::Doctype),
        (with(">x<", ">&b;<"), Why::Doctype),
        (with(">x<", r#"><!-- a -- b --><"#), Why::NotWellFormed),
        (with(">x<", &format!(">{deep}<")), Why::TooDeep),
        (with(">x<", &format!(">{many}<")), Why::TooLarge),
        (with(">x<", &format!(">{}<", "y".repeat(100_000))), Why::TooLarge),
        (
            with("<BkTxCd/>", &format!("<BkTxCd {}/>", (0..40).map(|n| format!("a{n}='' ")).collect::<String>())),
            Why::TooLarge,
        ),
        (with("<BkTxCd/>", "<BkTxCd a='1' a='2'/>"), Why::NotWellFormed),
        (with("<BkTxCd/>", "<BkTxCd>"), Why::NotWellFormed),
        (with("<BkTxCd/>", "<x:BkTxCd/>"), Why::NotWellFormed),
        (with("UTF-8", "ISO-8859-1"), Why::Encoding),
        (with("camt.053.001.02", "camt.052.001.02"), Why::Namespace),
        (with("camt.053.001.02", "camt.053.001.13"), Why::Namespace),
        (with("<Id>S</Id>", ""), Why::Missing),
        (with("<MsgId>M</MsgId>", ""), Why::Missing),
        (with("OPBD", "OPAV"), Why::Missing),
        (with("CLBD", "CLAV"), Why::Missing),
        (with("NL91ABNA0417164300", "NL92ABNA0417164300"), Why::Wrong),
        (with("2026-11-25+01:00", "2026-02-30"), Why::Wrong),
        (format!("{good}<Document/>"), Why::NotWellFormed),
        (format!("{good}text"), Why::NotWellFormed),
        (good[..good.len() - 5].to_owned(), Why::NotWellFormed),
        (String::new(), Why::Unreadable),
    ] {
        assert_eq!(refused(&text), why, "{text:.3000}");
    }
    let mut wide: Vec<u8> = vec![0xff, 0xfe];
    wide.extend(good.encode_utf16().flat_map(u16::to_le_bytes));
    assert!(read(&wide).is_err());
    let latin: Vec<u8> = with(">x<", ">\u{e9}<").chars().map(|c| c as u8).collect();
    assert!(read(&latin).is_err());
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

fn package(bytes: Vec<u8>) -> Result<Package, Fault> {
    Package::open(Input::InMemory(bytes.into()))
}

#[test]
fn a_zip_is_opened_within_limits() {
    let good = zipped(&[("one.xml", MULTI.as_bytes()), ("readme.txt", b"x"), ("two.XML", MULTI.as_bytes())]);
    let package_of_two = package(good.clone()).expect("a zip");
    assert_eq!(package_of_two.len(), 2);
    assert_eq!(package_of_two.hash(0), package_of_two.hash(1));
    let mut statements = Statements::new(package_of_two.document(1).expect("a document"));
    let mut count = 0;
    while statements.next_piece().expect("readable").is_some() {
        count += 1;
    }
    assert_eq!(count, 6);
    let bomb = zipped(&[("bomb.xml", &vec![b' '; 20_000_000])]);
    assert_eq!(package(bomb).expect_err("a bomb").why, Why::Zip);
    let files: Vec<(String, &[u8])> = (0..300).map(|n| (format!("{n}.xml"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(package(zipped(&many)).expect_err("too many").why, Why::Zip);
    assert_eq!(package(zipped(&[("a.txt", b"x")])).expect_err("no statement").why, Why::Zip);
    let mut broken = good;
    broken[60] ^= 0xff;
    assert_eq!(package(broken).expect_err("broken").why, Why::Zip);
    assert_eq!(package(b"PK\x03\x04 is no zip".to_vec()).expect_err("no zip").why, Why::Zip);
}

#[test]
fn memory_does_not_grow_with_the_file() {
    // a hundred thousand lines written and read as a stream, never kept
    let lines = || sample(7, 20_000, "2026-11-25");
    let mut sum = 0;
    let all: Vec<Line> = lines().collect();
    let text = written(Version::V08, &all);
    let mut statements = Statements::new(Cursor::new(text.as_bytes()));
    let mut expected = lines();
    while let Some(piece) = statements.next_piece().expect("readable") {
        if let Piece::Line(line) = piece {
            assert_eq!(Some(&line), expected.next().as_ref());
            sum += 1;
        }
    }
    assert_eq!(sum, 20_000);
}

#[test]
fn made_up_account_numbers_have_right_check_digits() {
    for account in [0, 1, 417_164_300, 9_999_999_999] {
        assert!(Iban::parse(&dutch_iban(account)).is_some(), "{}", dutch_iban(account));
    }
}

prop_compose! {
    fn any_line()(
        amount in 1i64..10_000_000_000,
        is_in in any::<bool>(),
        is_reversal in any::<bool>(),
        is_return in any::<bool>(),
        (bank_reference, end_to_end_id, reference) in ("[A-Z0-9/&<>'\"-]{0,16}", "[A-Z0-9&<.-]{0,16}", "[A-Z0-9]{0,25}"),
        (name, remittance) in ("[a-zA-Zé&<>'\"]{0,12}", "[a-z0-9&<>;é-]{0,40}"),
        account in 0u64..10_000_000_000,
        has_iban in any::<bool>(),
        booked_at in prop::option::of(0i64..4_102_444_800_000),
    ) -> Line {
        let booked_at = booked_at.map(Timestamp::from_millis);
        Line {
            amount: Cents(amount),
            direction: Some(if is_in { Direction::In } else { Direction::Out }),
            is_reversal,
            is_return,
            booked_on: booked_at.map_or("2026-11-25".to_owned(), Timestamp::day),
            booked_at,
            bank_reference,
            end_to_end_id,
            name,
            iban: if has_iban { dutch_iban(account) } else { String::new() },
            reference,
            remittance,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(lines in prop::collection::vec(any_line(), 0..12), is_eight in any::<bool>()) {
        let version = if is_eight { Version::V08 } else { Version::V02 };
        let mut pieces = read(written(version, &lines).as_bytes()).expect("readable");
        prop_assert_eq!(pieces.remove(0), Piece::Statement(head(&lines)));
        prop_assert_eq!(pieces.pop(), Some(Piece::End));
        prop_assert_eq!(pieces, lines.into_iter().map(Piece::Line).collect::<Vec<_>>());
    }

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&bytes);
        let _ = package(bytes);
    }

    #[test]
    fn no_mutation_makes_the_reader_fall_over_or_run_long(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0usize..40), 1..12),
        which in 0usize..3,
    ) {
        let mut bytes = [MULTI, MINIMAL, EIGHT][which].as_bytes().to_vec();
        for (at, byte, cut) in edits {
            let at = at.index(bytes.len());
            match byte % 3 {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.drain(at..(at + cut).min(bytes.len()))),
            }
            if bytes.is_empty() {
                break;
            }
        }
        let begun = Instant::now();
        let _ = read(&bytes);
        prop_assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
