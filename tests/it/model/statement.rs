//! The bank's statement, as the program reads it.

use drempel::features::bank;
use drempel::features::transfers::{self, Transfer, TransferState};
use drempel::infra::bank::files::Input;
use drempel::infra::bank::write::{Version, dutch_iban, write};
use drempel::infra::bank::{Balance, Direction, Head, Line};
use drempel::values::{Cents, Timestamp};

use super::program::Program;
use super::things::Subject;

impl Program {
    pub async fn place(&mut self, which: usize, back: bool) {
        let (now, line) = (self.s.clock.now(), self.strays[which].clone());
        let decision = if back { bank::Decision::Return } else { bank::Decision::WriteOff };
        let mut tx = self.s.db.begin().await.expect("a transaction");
        let asked = bank::actions::propose(&mut tx, self.decider(1), &line, (decision, ""), "nobody knows", now).await;
        let hash = asked.expect("a proposal").hash;
        bank::actions::approve(&mut tx, self.decider(0), &line, decision, &hash, now).await.expect("an approval");
        tx.commit().await.expect("a commit");
    }

    pub async fn received(&mut self, cents: i64, remittance: String) {
        let line = Line { amount: Cents(cents), direction: Some(Direction::In), remittance, ..self.line() };
        self.import(line).await;
    }

    /// The newest transfer for this stands on a statement: it left, or it came back.
    pub async fn on_the_statement(&mut self, subject: Subject, direction: Direction) {
        let subject_id = match subject {
            Subject::Refund(who) | Subject::Claim(who) => self.refund(who).await.0,
            Subject::Tranche(_, place) => self.tranches[place].clone(),
            Subject::Return(which) => self.strays[which].clone(),
        };
        let found =
            transfers::actions::of_subject(&mut self.s.db.read().await.expect("a connection"), &subject_id).await;
        let wanted = if direction == Direction::Out { TransferState::Sent } else { TransferState::Confirmed };
        let transfer: Transfer =
            found.expect("transfers").into_iter().find(|transfer| transfer.state == wanted).expect("a transfer");
        let line = Line {
            amount: transfer.amount,
            direction: Some(direction),
            is_return: direction == Direction::In,
            end_to_end_id: transfer.end_to_end_id(),
            ..self.line()
        };
        self.import(line).await;
    }

    fn line(&mut self) -> Line {
        let now = self.s.clock.now();
        Line {
            booked_on: now.day(),
            booked_at: Some(now),
            bank_reference: format!("B{}", self.next_number()),
            name: "A. Bakker".to_owned(),
            iban: dutch_iban(417_164_300),
            ..Line::default()
        }
    }

    /// A statement with one line, that follows on the last one.
    async fn import(&mut self, line: Line) {
        let (now, iban): (Timestamp, String) = (self.s.clock.now(), self.s.settings.bank.iban.clone());
        let number = self.next_number();
        let last = bank::actions::closing(&mut self.s.db.read().await.expect("a connection"), &iban).await;
        let opening = last.expect("a read").map_or(Cents::ZERO, |(_, closing)| closing);
        let head = Head {
            message_id: format!("M{number}"),
            id: format!("S{number}"),
            number: number.to_string(),
            iban,
            opening: Balance { amount: opening, day: now.day() },
            closing: Balance { amount: Cents(opening.0 + line.signed().0), day: now.day() },
        };
        let version = if number.is_multiple_of(2) { Version::V02 } else { Version::V08 };
        let mut text = Vec::new();
        write(&mut text, version, &head, now, [line]).expect("a statement");
        let file = Input::InMemory(text.into());
        let done = bank::actions::import(&self.s, "statement.xml", file, "test").await.expect("an import");
        assert_eq!((done.statements, done.lines), (1, 1));
    }
}
