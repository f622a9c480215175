//! Reads account statements, CAMT.053.001.02 and .08 (ISO 20022), as a stream: memory does not grow with the number of bookings.
//!
//! The root's namespace decides the version. A booking with details becomes one line for each payment in it, when the details add
//! up to the booking; otherwise it is one line. What is not booked yet is passed over: it comes again when it is. Nothing is
//! rounded and nothing is guessed: a statement whose bookings do not lead from the opening to the closing balance is refused.

use std::collections::VecDeque;
use std::io::BufRead;

use crate::infra::bank::statement::{Balance, Direction, Head, Line, Piece};
use crate::infra::bank::xml::{Node, Token, Xml};
use crate::infra::bank::{Fault, Why};
use crate::values::text::one_line;
use crate::values::time::is_day;
use crate::values::{Cents, Iban, Timestamp};

/// What the namespaces of both versions begin with.
const FAMILY: &str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.";
const VERSIONS: [&str; 2] = ["02", "08"];
/// The largest file that is read, unpacked.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// The most payments in one booking.
const MOST_DETAILS: usize = 20_000;
/// The most balances and other parts in the head of a statement.
const MOST_BALANCES: usize = 100;
/// How much is kept of a text of the bank, in characters.
const LONGEST_TEXT: usize = 500;

/// Where the reader stands.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Begin,
    Message,
    Statement,
    Over,
}

/// What is known of the statement that is being read.
#[derive(Default)]
struct Gathered {
    id: String,
    number: String,
    iban: String,
    balances: Vec<(String, Balance)>,
    told: bool,
    /// Opening balance and bookings so far.
    running: Cents,
    closing: Cents,
}

/// A stream of pieces.
pub struct Statements<R> {
    xml: Xml<R>,
    place: Place,
    message_id: String,
    now: Gathered,
    count: usize,
    ready: VecDeque<Piece>,
}

impl<R: BufRead> Statements<R> {
    pub fn new(input: R) -> Statements<R> {
        Statements {
            xml: Xml::new(input, MOST_BYTES),
            place: Place::Begin,
            message_id: String::new(),
            now: Gathered::default(),
            count: 0,
            ready: VecDeque::new(),
        }
    }

    /// The next piece; nothing when the document has ended well.
    ///
    /// # Errors
    /// A [`Fault`]: the rest cannot be read, and nothing of the file should be kept.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, Fault> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            match self.place {
                Place::Begin => self.begin()?,
                Place::Message => self.message()?,
                Place::Statement => self.statement()?,
                Place::Over => return Ok(None),
            }
        }
    }

    /// The root, the message and its head.
    fn begin(&mut self) -> Result<(), Fault> {
        let Token::Open { name, .. } = self.xml.next()? else {
            return Err(self.xml.fault(Why::Unreadable, "no document"));
        };
        let version = self.xml.namespace().strip_prefix(FAMILY).unwrap_or_default();
        if name != "Document" || !VERSIONS.contains(&version) {
            let found = format!("{name} {}", self.xml.namespace());
            return Err(self.xml.fault(Why::Namespace, found));
        }
        match self.element()? {
            Some((name, _)) if name == "BkToCstmrStmt" => {}
            _ => return Err(self.xml.fault(Why::Missing, "BkToCstmrStmt")),
        }
        let head = match self.element()? {
            Some((name, currency)) if name == "GrpHdr" => self.xml.tree(name, currency)?,
            _ => return Err(self.xml.fault(Why::Missing, "GrpHdr")),
        };
        self.message_id = self.needed(&head, &["MsgId"])?;
        self.needed(&head, &["CreDtTm"])?;
        self.place = Place::Message;
        Ok(())
    }

    /// Between statements.
    fn message(&mut self) -> Result<(), Fault> {
        match self.element()? {
            Some((name, _)) if name == "Stmt" => {
                self.count += 1;
                self.now = Gathered::default();
                self.place = Place::Statement;
            }
            Some(_) => self.xml.skip()?,
            None if self.count == 0 => return Err(self.xml.fault(Why::Missing, "Stmt")),
            None => {
                while !matches!(self.xml.next()?, Token::End) {}
                self.place = Place::Over;
            }
        }
        Ok(())
    }

    /// One part of a statement.
    fn statement(&mut self) -> Result<(), Fault> {
        let Some((name, currency)) = self.element()? else { return self.ended() };
        match name.as_str() {
            "Id" | "ElctrncSeqNb" | "LglSeqNb" | "Acct" | "Bal" => {
                let node = self.xml.tree(name, currency)?;
                self.gather(&node)
            }
            "Ntry" => {
                self.tell()?;
                self.entry()
            }
            _ => self.xml.skip(),
        }
    }

    fn gather(&mut self, node: &Node) -> Result<(), Fault> {
        match node.name.as_str() {
            "Id" => self.now.id = short(&node.text),
            "ElctrncSeqNb" => self.now.number = short(&node.text),
            "LglSeqNb" if self.now.number.is_empty() => self.now.number = short(&node.text),
            "Acct" => {
                let iban = match node.text_at(&["Id", "IBAN"]) {
                    "" => node.text_at(&["Id", "Othr", "Id"]),
                    iban => iban,
                };
                self.now.iban = Iban::parse(iban).ok_or_else(|| self.xml.fault(Why::Wrong, "Acct"))?.to_string();
                let currency = node.text_at(&["Ccy"]);
                if !currency.is_empty() && currency != "EUR" {
                    return Err(self.xml.fault(Why::Currency, currency));
                }
            }
            "Bal" => {
                let kind = node.text_at(&["Tp", "CdOrPrtry", "Cd"]).to_owned();
                if ["OPBD", "PRCD", "CLBD", "ITBD"].contains(&kind.as_str()) {
                    if self.now.balances.len() >= MOST_BALANCES {
                        return Err(self.xml.fault(Why::TooLarge, "Bal"));
                    }
                    let amount = self.amount(node)?;
                    let amount = if self.direction(node)? == Direction::Out { amount.negated() } else { amount };
                    let (day, _) = self.date(node, "Dt")?;
                    self.now.balances.push((kind, Balance { amount, day }));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The head of the statement, once all of it was read: before its first booking, or at its end. A statement that is one page of
    /// several has an interim balance where the other pages follow.
    fn tell(&mut self) -> Result<(), Fault> {
        if std::mem::replace(&mut self.now.told, true) {
            return Ok(());
        }
        let of = |kinds: &[&str], last: bool| {
            let mut found = self.now.balances.iter().filter(|(kind, _)| kinds.contains(&kind.as_str()));
            let found = if last { found.next_back() } else { found.next() };
            found.map(|(_, balance)| balance.clone())
        };
        let missing = |what: &str| self.xml.fault(Why::Missing, what);
        let opening = of(&["OPBD", "PRCD"], false).or_else(|| of(&["ITBD"], false));
        let closing = of(&["CLBD"], true).or_else(|| of(&["ITBD"], true));
        let opening = opening.ok_or_else(|| missing("Bal OPBD"))?;
        let closing = closing.ok_or_else(|| missing("Bal CLBD"))?;
        if self.now.id.is_empty() {
            return Err(missing("Stmt/Id"));
        }
        if self.now.iban.is_empty() {
            return Err(missing("Acct"));
        }
        (self.now.running, self.now.closing) = (opening.amount, closing.amount);
        self.ready.push_back(Piece::Statement(Head {
            message_id: self.message_id.clone(),
            id: self.now.id.clone(),
            number: self.now.number.clone(),
            iban: self.now.iban.clone(),
            opening,
            closing,
        }));
        Ok(())
    }

    fn ended(&mut self) -> Result<(), Fault> {
        self.tell()?;
        if self.now.running != self.now.closing {
            let (running, closing) = (self.now.running.plain(), self.now.closing.plain());
            return Err(self.xml.fault(Why::Balance, format!("{} : {running}, {closing}", self.now.id)));
        }
        self.ready.push_back(Piece::End);
        self.place = Place::Message;
        Ok(())
    }

    /// One booking, with the payments in it.
    fn entry(&mut self) -> Result<(), Fault> {
        let mut entry = Node::default();
        let mut details = Vec::new();
        while let Some((name, currency)) = self.element()? {
            if name == "NtryDtls" {
                self.details(&mut details)?;
            } else {
                if entry.children.len() > 200 {
                    return Err(self.xml.fault(Why::TooLarge, "Ntry"));
                }
                let node = self.xml.tree(name, currency)?;
                entry.children.push(node);
            }
        }
        let status = match entry.text_at(&["Sts", "Cd"]) {
            "" => entry.text_at(&["Sts"]),
            code => code,
        };
        if status.is_empty() {
            return Err(self.xml.fault(Why::Missing, "Sts"));
        }
        if status != "BOOK" {
            return Ok(());
        }
        let whole = self.whole(&entry)?;
        let sum = self.now.running.checked_add(whole.signed());
        self.now.running = sum.ok_or_else(|| self.xml.fault(Why::Wrong, "a sum that does not fit"))?;
        let extra = entry.text_at(&["AddtlNtryInf"]);
        for line in lines(whole, &details, extra) {
            self.ready.push_back(Piece::Line(line));
        }
        Ok(())
    }

    /// The payments of a booking, as they stand there.
    fn details(&mut self, details: &mut Vec<Detail>) -> Result<(), Fault> {
        while let Some((name, currency)) = self.element()? {
            if name != "TxDtls" {
                self.xml.skip()?;
                continue;
            }
            if details.len() >= MOST_DETAILS {
                return Err(self.xml.fault(Why::TooLarge, "TxDtls"));
            }
            let node = self.xml.tree(name, currency)?;
            details.push(Detail::read(&node));
        }
        Ok(())
    }

    /// What a booking says as a whole.
    fn whole(&self, entry: &Node) -> Result<Line, Fault> {
        let amount = entry.child("Amt").ok_or_else(|| self.xml.fault(Why::Missing, "Amt"))?;
        if amount.currency != "EUR" {
            return Err(self.xml.fault(Why::Currency, &amount.currency));
        }
        let (booked_on, booked_at) = match (entry.child("BookgDt"), entry.child("ValDt")) {
            (Some(_), _) => self.date(entry, "BookgDt")?,
            (None, Some(_)) => self.date(entry, "ValDt")?,
            (None, None) => return Err(self.xml.fault(Why::Missing, "BookgDt")),
        };
        Ok(Line {
            amount: self.amount(entry)?,
            direction: Some(self.direction(entry)?),
            is_reversal: ["true", "1"].contains(&entry.text_at(&["RvslInd"])),
            booked_on,
            booked_at,
            bank_reference: short(entry.text_at(&["AcctSvcrRef"])),
            ..Line::default()
        })
    }

    fn amount(&self, node: &Node) -> Result<Cents, Fault> {
        let amount = node.child("Amt").ok_or_else(|| self.xml.fault(Why::Missing, "Amt"))?;
        if amount.currency != "EUR" {
            return Err(self.xml.fault(Why::Currency, &amount.currency));
        }
        read_amount(&amount.text).ok_or_else(|| self.xml.fault(Why::Wrong, format!("Amt {}", amount.text)))
    }

    fn direction(&self, node: &Node) -> Result<Direction, Fault> {
        read_direction(node.text_at(&["CdtDbtInd"])).ok_or_else(|| self.xml.fault(Why::Wrong, "CdtDbtInd"))
    }

    /// A date that is a day or a moment.
    fn date(&self, node: &Node, name: &str) -> Result<(String, Option<Timestamp>), Fault> {
        let wrong = || self.xml.fault(Why::Wrong, name);
        let text = match (node.text_at(&[name, "Dt"]), node.text_at(&[name, "DtTm"])) {
            ("", "") => return Err(wrong()),
            ("", moment) => moment,
            (day, _) => day,
        };
        if text.contains('T')
            && let Ok(moment) = text.parse::<Timestamp>()
        {
            return Ok((moment.day(), Some(moment)));
        }
        // a zone behind a day, as XML Schema allows, does not move it
        let day = text.get(..10).filter(|day| is_day(day)).ok_or_else(wrong)?;
        Ok((day.to_owned(), None))
    }

    /// The next element inside the one that is open; nothing at its end. Text between elements is refused.
    fn element(&mut self) -> Result<Option<(String, String)>, Fault> {
        loop {
            match self.xml.next()? {
                Token::Open { name, currency } => return Ok(Some((name, currency))),
                Token::Foreign => self.xml.skip()?,
                Token::Text(text) if text.trim().is_empty() => {}
                Token::Text(text) => return Err(self.xml.fault(Why::Wrong, text)),
                Token::Close | Token::End => return Ok(None),
            }
        }
    }

    fn needed(&self, node: &Node, path: &[&str]) -> Result<String, Fault> {
        match node.text_at(path) {
            "" => Err(self.xml.fault(Why::Missing, path.join("/"))),
            text => Ok(short(text)),
        }
    }
}

/// A payment inside a booking: what it says that the booking does not.
struct Detail {
    /// With its sign as the booking of the account would have it; nothing when it is not told in euros.
    amount: Option<Cents>,
    direction: Option<Direction>,
    is_return: bool,
    end_to_end_id: String,
    bank_reference: String,
    /// Name and account of who paid and of who was paid.
    debtor: (String, String),
    creditor: (String, String),
    reference: String,
    remittance: String,
}

impl Detail {
    fn read(node: &Node) -> Detail {
        let amount = node.child("Amt").or_else(|| node.at(&["AmtDtls", "TxAmt", "Amt"]));
        let party = |name: &str, account: &str| {
            let iban = short(&node.text_at(&["RltdPties", account, "Id", "IBAN"]).to_uppercase());
            let told = match node.text_at(&["RltdPties", name, "Pty", "Nm"]) {
                "" => node.text_at(&["RltdPties", name, "Nm"]),
                told => told,
            };
            (short(told), iban.split_whitespace().collect())
        };
        let mut free = Vec::new();
        let mut reference = String::new();
        for part in node.child("RmtInf").map_or(&[][..], |information| &information.children) {
            match part.name.as_str() {
                "Ustrd" => free.push(part.text.trim()),
                "Strd" if reference.is_empty() => reference = short(part.text_at(&["CdtrRefInf", "Ref"])),
                _ => {}
            }
        }
        let told = |text: &str| if text == "NOTPROVIDED" { String::new() } else { short(text) };
        Detail {
            amount: amount.filter(|amount| amount.currency == "EUR").and_then(|amount| read_amount(&amount.text)),
            direction: read_direction(node.text_at(&["CdtDbtInd"])),
            is_return: node.child("RtrInf").is_some(),
            end_to_end_id: told(node.text_at(&["Refs", "EndToEndId"])),
            bank_reference: short(node.text_at(&["Refs", "AcctSvcrRef"])),
            debtor: party("Dbtr", "DbtrAcct"),
            creditor: party("Cdtr", "CdtrAcct"),
            reference,
            remittance: match free.is_empty() {
                true => short(node.text_at(&["AddtlTxInf"])),
                false => short(&free.join(" ")),
            },
        }
    }

    /// The line of this payment.
    fn line(&self, whole: &Line, amount: Cents, extra: &str) -> Line {
        let direction = self.direction.or(whole.direction);
        // a reversal names the parties of the payment that it takes back
        let came_in = (direction == Some(Direction::In)) != whole.is_reversal;
        let (first, second) = if came_in { (&self.debtor, &self.creditor) } else { (&self.creditor, &self.debtor) };
        let (name, iban) = if first.0.is_empty() && first.1.is_empty() && whole.is_reversal { second } else { first };
        let own = |text: &String, other: &String| if text.is_empty() { other.clone() } else { text.clone() };
        Line {
            amount,
            direction,
            is_return: self.is_return,
            bank_reference: own(&self.bank_reference, &whole.bank_reference),
            end_to_end_id: self.end_to_end_id.clone(),
            name: name.clone(),
            iban: iban.clone(),
            reference: self.reference.clone(),
            remittance: own(&self.remittance, &short(extra)),
            ..whole.clone()
        }
    }
}

/// The lines of a booking: one for each payment in it when they add up to it, else one for the whole. A booking of nothing has none.
fn lines(whole: Line, details: &[Detail], extra: &str) -> Vec<Line> {
    if whole.amount == Cents::ZERO {
        return Vec::new();
    }
    if let [detail] = details {
        let mut line = detail.line(&whole, whole.amount, extra);
        line.direction = whole.direction;
        return vec![line];
    }
    let sum = details.iter().try_fold(Cents::ZERO, |sum, detail| {
        let amount = detail.amount.filter(|amount| amount.0 > 0)?;
        let is_out = detail.direction.or(whole.direction) == Some(Direction::Out);
        sum.checked_add(if is_out { amount.negated() } else { amount })
    });
    if details.is_empty() || sum != Some(whole.signed()) {
        return vec![Line { remittance: short(extra), ..whole }];
    }
    let amounts = details.iter().filter_map(|detail| Some((detail, detail.amount?)));
    amounts.map(|(detail, amount)| detail.line(&whole, amount, extra)).collect()
}

fn read_direction(word: &str) -> Option<Direction> {
    match word {
        "CRDT" => Some(Direction::In),
        "DBIT" => Some(Direction::Out),
        _ => None,
    }
}

/// An amount in euros: digits, a point, and decimals of which only the first two may be other than zero.
fn read_amount(text: &str) -> Option<Cents> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || fraction.len() > 5 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let (cents, rest) = fraction.split_at(fraction.len().min(2));
    if rest.bytes().any(|b| b != b'0') {
        return None;
    }
    let (whole, cents): (i64, i64) = (whole.parse().ok()?, format!("{cents:0<2}").parse().ok()?);
    whole.checked_mul(100)?.checked_add(cents).map(Cents)
}

/// A text of the bank in one line, cut where it is longer than any bank's.
fn short(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST_TEXT).collect();
    one_line(&cut, LONGEST_TEXT).unwrap_or_default()
}
