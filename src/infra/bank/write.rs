//! Writes statements as a bank would: for development, where a newcomer plays the bank, for tests, and for the benchmark.

use std::io::{self, Write};

use quick_xml::escape::escape;

use crate::infra::bank::statement::{Balance, Direction, Head, Line};
use crate::values::{Cents, Timestamp};

/// The versions that the reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V02,
    V08,
}

/// Writes one message with one statement. The closing balance is what the head says: it is the caller's to be right.
///
/// # Errors
/// The target cannot be written.
pub fn write(
    target: &mut impl Write,
    version: Version,
    head: &Head,
    made_at: Timestamp,
    lines: impl IntoIterator<Item = Line>,
) -> io::Result<()> {
    let number = if version == Version::V02 { "02" } else { "08" };
    writeln!(target, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(target, "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{number}\"><BkToCstmrStmt>")?;
    let message = escape(&head.message_id);
    writeln!(target, "<GrpHdr><MsgId>{message}</MsgId><CreDtTm>{made_at}</CreDtTm></GrpHdr>")?;
    write!(target, "<Stmt><Id>{}</Id>", escape(&head.id))?;
    if !head.number.is_empty() {
        write!(target, "<ElctrncSeqNb>{}</ElctrncSeqNb>", escape(&head.number))?;
    }
    writeln!(
        target,
        "<CreDtTm>{made_at}</CreDtTm><Acct><Id><IBAN>{}</IBAN></Id><Ccy>EUR</Ccy></Acct>",
        escape(&head.iban)
    )?;
    balance(target, "OPBD", &head.opening)?;
    balance(target, "CLBD", &head.closing)?;
    for line in lines {
        entry(target, version, &line)?;
    }
    writeln!(target, "</Stmt></BkToCstmrStmt></Document>")
}

fn balance(target: &mut impl Write, kind: &str, balance: &Balance) -> io::Result<()> {
    writeln!(
        target,
        "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{}<Dt><Dt>{}</Dt></Dt></Bal>",
        amount(balance.amount),
        balance.day
    )
}

fn amount(signed: Cents) -> String {
    let (word, amount) = if signed.0 < 0 { ("DBIT", signed.negated()) } else { ("CRDT", signed) };
    format!("<Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>{word}</CdtDbtInd>", amount.plain())
}

fn entry(target: &mut impl Write, version: Version, line: &Line) -> io::Result<()> {
    write!(target, "<Ntry>{}", amount(line.signed()))?;
    if line.is_reversal {
        write!(target, "<RvslInd>true</RvslInd>")?;
    }
    let status = if version == Version::V02 { "BOOK" } else { "<Cd>BOOK</Cd>" };
    write!(target, "<Sts>{status}</Sts>")?;
    match line.booked_at {
        Some(at) => write!(target, "<BookgDt><DtTm>{at}</DtTm></BookgDt>")?,
        None => write!(target, "<BookgDt><Dt>{}</Dt></BookgDt>", line.booked_on)?,
    }
    optional(target, "AcctSvcrRef", &line.bank_reference)?;
    write!(target, "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>")?;
    write!(target, "<NtryDtls><TxDtls>")?;
    if !line.end_to_end_id.is_empty() {
        write!(target, "<Refs><EndToEndId>{}</EndToEndId></Refs>", escape(&line.end_to_end_id))?;
    }
    if version == Version::V08 {
        write!(target, "{}", amount(line.signed()))?;
    } else {
        let amount = line.amount.plain();
        write!(target, "<AmtDtls><TxAmt><Amt Ccy=\"EUR\">{amount}</Amt></TxAmt></AmtDtls>")?;
    }
    parties(target, version, line)?;
    if !line.remittance.is_empty() || !line.reference.is_empty() {
        write!(target, "<RmtInf>")?;
        optional(target, "Ustrd", &line.remittance)?;
        if !line.reference.is_empty() {
            let reference = escape(&line.reference);
            write!(
                target,
                "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{reference}</Ref></CdtrRefInf></Strd>"
            )?;
        }
        write!(target, "</RmtInf>")?;
    }
    if line.is_return {
        write!(target, "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")?;
    }
    writeln!(target, "</TxDtls></NtryDtls></Ntry>")
}

/// The other side: who paid, or who was paid. A reversal names the parties of the payment that it takes back.
fn parties(target: &mut impl Write, version: Version, line: &Line) -> io::Result<()> {
    if line.name.is_empty() && line.iban.is_empty() {
        return Ok(());
    }
    let came_in = (line.direction != Some(Direction::Out)) != line.is_reversal;
    let party = if came_in { "Dbtr" } else { "Cdtr" };
    write!(target, "<RltdPties>")?;
    if !line.name.is_empty() {
        let name = escape(&line.name);
        match version {
            Version::V02 => write!(target, "<{party}><Nm>{name}</Nm></{party}>")?,
            Version::V08 => write!(target, "<{party}><Pty><Nm>{name}</Nm></Pty></{party}>")?,
        }
    }
    if !line.iban.is_empty() {
        write!(target, "<{party}Acct><Id><IBAN>{}</IBAN></Id></{party}Acct>", escape(&line.iban))?;
    }
    write!(target, "</RltdPties>")
}

fn optional(target: &mut impl Write, name: &str, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    write!(target, "<{name}>{}</{name}>", escape(text))
}

/// `count` payments of people who typed no reference: the same for the same seed.
pub fn sample(seed: u64, count: u64, day: &str) -> impl Iterator<Item = Line> {
    const NAMES: [&str; 8] = [
        "J. Bakker",
        "Coöperatie De Brug",
        "A. Yılmaz",
        "M. de Vries",
        "Bakkerij Van Dam",
        "S. O'Neill",
        "Zorg & Zo",
        "P. Jansen",
    ];
    let day = day.to_owned();
    (0..count).map(move |number| {
        let random = mixed(seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let account = random % 10_000_000_000;
        Line {
            amount: Cents(i64::try_from(500 + random % 100_000).unwrap_or(500)),
            direction: Some(Direction::In),
            booked_on: day.clone(),
            bank_reference: format!("{seed:x}-{number}"),
            end_to_end_id: format!("E2E{random:016x}"),
            name: NAMES[usize::try_from(random % 8).unwrap_or(0)].to_owned(),
            iban: dutch_iban(account),
            remittance: format!("gift {}", random % 1_000),
            ..Line::default()
        }
    })
}

/// A Dutch account number with right check digits (ISO 13616) at a bank that does not exist.
pub fn dutch_iban(account: u64) -> String {
    let account = format!("{:010}", account % 10_000_000_000);
    // D R E M, then the account, then N L 0 0, letters as 10 to 35
    let digits = format!("13271422{account}232100");
    let remainder = digits.bytes().fold(0u32, |rest, b| (rest * 10 + u32::from(b - b'0')) % 97);
    format!("NL{:02}DREM{account}", 98 - remainder)
}

/// A number that looks random (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
