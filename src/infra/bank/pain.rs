//! A file of SEPA credit transfers for the bank: ISO 20022 pain.001.001.09, by the implementation guidelines of the European
//! Payments Council (EPC132-08) and of Dutch banks (Betaalvereniging, credit transfer). One block of payments, each booked by
//! itself so that the statement confirms it by its own reference.
//!
//! What is written is read back and compared before anybody gets it.

mod plain;

use std::io;

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

pub use plain::plain;

use crate::values::{Cents, Iban, Timestamp};

/// The namespace of the message.
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
/// Most characters of a name, a reference and the text to the receiver.
pub const LONGEST_NAME: usize = 70;
const LONGEST_ID: usize = 35;
pub const LONGEST_TEXT: usize = 140;
/// The largest SEPA credit transfer: 999 999 999.99 euros.
const LARGEST: Cents = Cents(99_999_999_999);

/// The account that pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer {
    pub name: String,
    pub iban: String,
    /// May be empty.
    pub bic: String,
}

/// One credit transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Comes back on the statement; at most 35 characters.
    pub end_to_end_id: String,
    pub iban: String,
    pub name: String,
    pub amount: Cents,
    /// What the receiver reads.
    pub text: String,
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Names the file once and for all: the bank refuses the same one twice.
    pub message_id: String,
    pub created_at: Timestamp,
    /// The day on which the bank shall pay, `2026-10-03`.
    pub execution_day: String,
    pub payer: Payer,
    pub payments: Vec<Payment>,
}

/// Why no file can be made.
#[derive(Debug, thiserror::Error)]
pub enum PainError {
    #[error("no payments")]
    Empty,
    #[error("the payer's account {0} is none")]
    Payer(String),
    #[error("payment {0}: {1}")]
    Payment(String, &'static str),
    #[error("a sum that does not fit")]
    Sum,
    #[error("the file could not be written: {0}")]
    Write(#[from] io::Error),
    #[error("the file cannot be read: {0}")]
    Read(String),
    #[error("what was written is not what is read back")]
    Differs,
}

/// Writes a file, and reads it back to be sure of it.
///
/// # Errors
/// Something does not fit into the message; nothing is cut or rounded to make it fit but names and texts.
pub fn write(file: &File) -> Result<String, PainError> {
    let file = plain_file(file)?;
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.create_element("Document").with_attribute(("xmlns", NAMESPACE)).write_inner_content(|w| {
        w.create_element("CstmrCdtTrfInitn").write_inner_content(|w| {
            header(w, &file)?;
            payments(w, &file)
        })?;
        Ok(())
    })?;
    let text = String::from_utf8(writer.into_inner()).map_err(|error| PainError::Read(error.to_string()))?;
    if read(&text)? == file { Ok(text) } else { Err(PainError::Differs) }
}

/// The sum of all payments.
pub fn control_sum(file: &File) -> Option<Cents> {
    file.payments.iter().try_fold(Cents::ZERO, |sum, payment| sum.checked_add(payment.amount))
}

/// The file with everything in the characters and lengths that banks take.
fn plain_file(file: &File) -> Result<File, PainError> {
    if file.payments.is_empty() {
        return Err(PainError::Empty);
    }
    if Iban::parse(&file.payer.iban).is_none() {
        return Err(PainError::Payer(file.payer.iban.clone()));
    }
    control_sum(file).ok_or(PainError::Sum)?;
    let payments = file.payments.iter().map(plain_payment).collect::<Result<Vec<Payment>, PainError>>()?;
    let payer = Payer { name: name(&file.payer.name), ..file.payer.clone() };
    Ok(File { payer, payments, ..file.clone() })
}

fn plain_payment(payment: &Payment) -> Result<Payment, PainError> {
    let wrong = |what| PainError::Payment(payment.end_to_end_id.clone(), what);
    let id = &payment.end_to_end_id;
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(wrong("its reference does not fit"));
    }
    if payment.amount <= Cents::ZERO || payment.amount > LARGEST {
        return Err(wrong("its amount does not fit"));
    }
    let iban = Iban::parse(&payment.iban).ok_or_else(|| wrong("its account is none"))?;
    let text = plain(&payment.text, LONGEST_TEXT);
    Ok(Payment { iban: iban.to_string(), name: name(&payment.name), text, ..payment.clone() })
}

/// A name in the characters of banks; a name that has none of them is said not to be given, as the rules ask.
fn name(text: &str) -> String {
    let name = plain(text, LONGEST_NAME);
    if name.chars().any(|c| c.is_ascii_alphanumeric()) { name } else { "NOTPROVIDED".to_owned() }
}

type Pen = Writer<Vec<u8>>;

/// An element that holds text only. Everything that comes here has been made plain, so nothing needs escaping.
fn leaf(w: &mut Pen, tag: &str, text: &str) -> io::Result<()> {
    w.create_element(tag).write_text_content(BytesText::from_escaped(text))?;
    Ok(())
}

fn nested(w: &mut Pen, tag: &str, inner: impl FnOnce(&mut Pen) -> io::Result<()>) -> io::Result<()> {
    w.create_element(tag).write_inner_content(inner)?;
    Ok(())
}

/// Number and sum of the payments: the same for the whole message and for its one block.
fn sums(w: &mut Pen, file: &File) -> io::Result<()> {
    leaf(w, "NbOfTxs", &file.payments.len().to_string())?;
    leaf(w, "CtrlSum", &control_sum(file).unwrap_or_default().plain())
}

fn header(w: &mut Pen, file: &File) -> io::Result<()> {
    nested(w, "GrpHdr", |w| {
        leaf(w, "MsgId", &file.message_id)?;
        leaf(w, "CreDtTm", &file.created_at.to_string())?;
        sums(w, file)?;
        nested(w, "InitgPty", |w| leaf(w, "Nm", &file.payer.name))
    })
}

fn payments(w: &mut Pen, file: &File) -> io::Result<()> {
    nested(w, "PmtInf", |w| {
        leaf(w, "PmtInfId", &file.message_id)?;
        leaf(w, "PmtMtd", "TRF")?;
        leaf(w, "BtchBookg", "false")?;
        sums(w, file)?;
        nested(w, "PmtTpInf", |w| nested(w, "SvcLvl", |w| leaf(w, "Cd", "SEPA")))?;
        nested(w, "ReqdExctnDt", |w| leaf(w, "Dt", &file.execution_day))?;
        nested(w, "Dbtr", |w| leaf(w, "Nm", &file.payer.name))?;
        nested(w, "DbtrAcct", |w| nested(w, "Id", |w| leaf(w, "IBAN", &file.payer.iban)))?;
        nested(w, "DbtrAgt", |w| {
            nested(w, "FinInstnId", |w| match file.payer.bic.as_str() {
                "" => nested(w, "Othr", |w| leaf(w, "Id", "NOTPROVIDED")),
                bic => leaf(w, "BICFI", bic),
            })
        })?;
        leaf(w, "ChrgBr", "SLEV")?;
        file.payments.iter().try_for_each(|payment| one(w, payment))
    })
}

fn one(w: &mut Pen, payment: &Payment) -> io::Result<()> {
    nested(w, "CdtTrfTxInf", |w| {
        nested(w, "PmtId", |w| {
            leaf(w, "InstrId", &payment.end_to_end_id)?;
            leaf(w, "EndToEndId", &payment.end_to_end_id)
        })?;
        nested(w, "Amt", |w| {
            let amount = payment.amount.plain();
            let element = w.create_element("InstdAmt").with_attribute(("Ccy", "EUR"));
            element.write_text_content(BytesText::from_escaped(amount.as_str()))?;
            Ok(())
        })?;
        nested(w, "Cdtr", |w| leaf(w, "Nm", &payment.name))?;
        nested(w, "CdtrAcct", |w| nested(w, "Id", |w| leaf(w, "IBAN", &payment.iban)))?;
        if payment.text.is_empty() {
            return Ok(());
        }
        nested(w, "RmtInf", |w| leaf(w, "Ustrd", &payment.text))
    })
}

/// Reads a file as [`write`] makes it, and checks its numbers and sums.
///
/// # Errors
/// It is not such a file, or its numbers or sums are not those of its payments.
pub fn read(text: &str) -> Result<File, PainError> {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut found = Found::default();
    loop {
        match reader.read_event().map_err(|error| PainError::Read(error.to_string()))? {
            Event::Start(start) => {
                path.push(start.local_name().as_ref().to_owned());
                if path.last().is_some_and(|tag| tag == "CdtTrfTxInf") {
                    found.payments.push(Payment {
                        end_to_end_id: String::new(),
                        iban: String::new(),
                        name: String::new(),
                        amount: Cents::ZERO,
                        text: String::new(),
                    });
                }
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Text(content) => found.take(&path, &content)?,
            Event::Decl(_) => {}
            Event::Eof if path.is_empty() => return found.file(),
            _ => return Err(PainError::Read("something that does not belong into it".to_owned())),
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Found {
    message_id: String,
    block_id: String,
    created_at: String,
    execution_day: String,
    payer: [String; 3],
    counts: Vec<String>,
    sums: Vec<String>,
    payments: Vec<Payment>,
}

impl Found {
    fn take(&mut self, path: &[String], text: &str) -> Result<(), PainError> {
        let mut last: Vec<&str> = path.iter().rev().take(4).map(String::as_str).collect();
        last.reverse();
        let payment = self.payments.last_mut();
        match (last.as_slice(), payment) {
            ([.., "GrpHdr", "MsgId"], _) => self.message_id = text.to_owned(),
            ([.., "PmtInf", "PmtInfId"], _) => self.block_id = text.to_owned(),
            ([.., "CreDtTm"], _) => self.created_at = text.to_owned(),
            ([.., "NbOfTxs"], _) => self.counts.push(text.to_owned()),
            ([.., "CtrlSum"], _) => self.sums.push(text.to_owned()),
            ([.., "ReqdExctnDt", "Dt"], _) => self.execution_day = text.to_owned(),
            ([.., "Dbtr", "Nm"], _) => self.payer[0] = text.to_owned(),
            ([.., "DbtrAcct", "Id", "IBAN"], _) => self.payer[1] = text.to_owned(),
            ([.., "DbtrAgt", "FinInstnId", "BICFI"], _) => self.payer[2] = text.to_owned(),
            ([.., "EndToEndId"], Some(payment)) => payment.end_to_end_id = text.to_owned(),
            ([.., "InstdAmt"], Some(payment)) => payment.amount = amount(text)?,
            ([.., "Cdtr", "Nm"], Some(payment)) => payment.name = text.to_owned(),
            ([.., "CdtrAcct", "Id", "IBAN"], Some(payment)) => payment.iban = text.to_owned(),
            ([.., "RmtInf", "Ustrd"], Some(payment)) => payment.text = text.to_owned(),
            _ => {}
        }
        Ok(())
    }

    fn file(self) -> Result<File, PainError> {
        let created_at = self.created_at.parse().map_err(|_| PainError::Read("no moment".to_owned()))?;
        let [name, iban, bic] = self.payer;
        let file = File {
            message_id: self.message_id,
            created_at,
            execution_day: self.execution_day,
            payer: Payer { name, iban, bic },
            payments: self.payments,
        };
        let count = file.payments.len().to_string();
        let sum = control_sum(&file).ok_or(PainError::Sum)?.plain();
        let agrees = self.counts == [count.as_str(), count.as_str()] && self.sums == [sum.as_str(), sum.as_str()];
        if agrees && self.block_id == file.message_id { Ok(file) } else { Err(PainError::Differs) }
    }
}

/// An amount as this message writes it: digits, a point, two digits.
fn amount(text: &str) -> Result<Cents, PainError> {
    let wrong = || PainError::Read(format!("{text:.30} is no amount"));
    let (whole, cents) = text.split_once('.').filter(|(_, cents)| cents.len() == 2).ok_or_else(wrong)?;
    let digits = format!("{whole}{cents}");
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    digits.parse().map(Cents).map_err(|_| wrong())
}

#[cfg(test)]
mod tests;
