//! What each command is to the program: a request, an event, a line of the bank's statement, a step of two treasurers.

use std::time::Duration;

use drempel::app::worker;
use drempel::features::approvals::Decider;
use drempel::features::payments::{self, RefundState, refunds};
use drempel::features::payouts::{self, actions as tranches};
use drempel::features::pledges;
use drempel::features::rounds;
use drempel::features::settlement::{self, Treasurer, actions as settlements};
use drempel::features::transfers::{self};
use drempel::infra::bank::Direction;
use drempel::infra::error::{Error, Refusal};
use drempel::values::{Cents, CreditorReference};
use serde_json::{Value, json};

use super::commands::Command;
use super::ground::{ROUND, TREASURERS, slug};
use super::program::{Made, Program};
use super::things::{AGAIN, AtBank, Method, Reply, Subject, Word};

impl Program {
    /// Carries out a command, and what has become due. `over` is how long it takes until the sale is over, `again` whether the
    /// program works once more a little later.
    pub async fn perform(&mut self, command: &Command, over: i64, again: bool, subjects: &[Subject]) {
        self.reply = Reply::Done;
        // no two commands at the same instant
        self.s.clock.pass(Duration::from_millis(10));
        match *command {
            Command::Pledge { project, person, cents, method } => self.pledge(project, person, cents, method).await,
            Command::PledgeAgain(who) => self.pledge_again(who).await,
            Command::Cancel(who) => {
                let made = &self.made[who];
                let path = format!("/api/v1/pledges/{}/cancel?key={}", made.reference, made.secret);
                self.reply = Reply::Status(self.send(&path, &[], String::new()).await.0, None);
            }
            Command::Return(who) => {
                let payment = self.payment(who).await;
                payments::actions::refresh(&self.s, &payment).await.expect("an answer of the bank");
            }
            Command::Press(who, at_bank) => {
                let button = match at_bank {
                    AtBank::Paid => "pay",
                    AtBank::Processing => "wait",
                    AtBank::Open | AtBank::Ended => "fail",
                };
                assert!(self.bank.press(&self.made[who].session, button), "the bank's page was open");
            }
            Command::Decide(who, yes) => assert!(self.bank.decide(&self.made[who].session, yes), "it was processing"),
            Command::DecideRefund(who, state) => {
                let id = self.refund(who).await.1.expect("a refund at the bank");
                let done = match state {
                    RefundState::Succeeded => self.bank.finish_refund(&id),
                    _ => self.bank.fail_refund(&id),
                };
                assert!(done, "the bank decided about {id}");
            }
            Command::Dispute(who) => {
                let order = json!({ "session": self.made[who].session, "status": "needs_response" });
                let id = self.at_the_bank("dispute", &order).await["id"].as_str().expect("a dispute").to_owned();
                self.made[who].dispute = id;
            }
            Command::DecideDispute(who, word) => {
                let status = if word == Word::Won { "won" } else { "lost" };
                let order = json!({ "dispute": self.made[who].dispute, "status": status });
                self.at_the_bank("dispute", &order).await;
            }
            Command::News { times, reversed } => self.hear(times, reversed).await,
            Command::LoseNews => self.heard += self.bank.news(self.heard).len(),
            Command::Stumble => {
                let order = json!({ "endpoint": "refunds", "method": "POST", "kind": "500_after_effect", "times": 1 });
                self.bank.misbehave(order).expect("an order");
            }
            Command::Wait(seconds) => self.pass(seconds),
            Command::Close => self.pass(over),
            Command::Propose(by) => self.propose(by).await,
            Command::Approve(by) => self.approve(by).await,
            Command::Arrives(who, cents) => {
                let reference = CreditorReference::of_pledge(&self.made[who].reference).expect("a reference");
                self.received(cents, reference.to_string()).await;
            }
            Command::Stranger(cents) => {
                self.received(cents, "met dank".to_owned()).await;
                let lines: Vec<(String,)> =
                    self.rows("SELECT id FROM bank_lines ORDER BY created_at DESC LIMIT 1").await;
                self.strays.push(lines[0].0.clone());
            }
            Command::Place(which, back) => self.place(which, back).await,
            Command::Claim(who) => self.claim(who).await,
            Command::Tranche(project, cents) => self.tranche(project, cents).await,
            Command::File => self.file().await,
            Command::Left(which) => self.on_the_statement(subjects[which], Direction::Out).await,
            Command::CameBack(which) => self.on_the_statement(subjects[which], Direction::In).await,
        }
        if command.is_work() {
            worker::run_due(&self.s).await.expect("the due work");
            if again {
                self.pass(AGAIN);
                worker::run_due(&self.s).await.expect("the due work");
            }
        }
    }

    async fn pledge(&mut self, project: usize, person: usize, cents: i64, method: Method) {
        let path = format!("/api/v1/projects/{}/pledges", slug(project));
        let key = format!("key-{}", self.next_number());
        let body = json!({
            "amount_cents": cents, "email": format!("b{person}@example.org"), "name": format!("B {person}"),
            "updates": false, "method": method.code(),
        });
        let (status, answer) = self.ask_for(&path, &key, &body).await;
        self.reply = Reply::Status(status, answer["available_cents"].as_i64());
        if status != 201 {
            return;
        }
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let session = text("checkout_url").rsplit('/').next().unwrap_or_default().to_owned();
        let reference = text("reference");
        let mut conn = self.s.db.read().await.expect("a connection");
        let id = pledges::actions::by_reference(&mut conn, &reference).await.expect("a read").expect("a pledge").id;
        drop(conn);
        self.made.push(Made { path, key, body, reference, secret: text("key"), session, id, dispute: String::new() });
    }

    async fn ask_for(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let headers = [("idempotency-key", key), ("content-type", "application/json")];
        self.send(path, &headers, body.to_string()).await
    }

    async fn pledge_again(&mut self, who: usize) {
        let made = &self.made[who];
        let (status, answer) = self.ask_for(&made.path, &made.key, &made.body).await;
        assert_eq!(answer["reference"], json!(made.reference), "{answer}");
        self.reply = Reply::Status(status, None);
    }

    async fn payment(&self, who: usize) -> String {
        let mut conn = self.s.db.read().await.expect("a connection");
        let payment = payments::actions::of_pledge(&mut conn, &self.made[who].id).await.expect("a read");
        payment.expect("a payment").id
    }

    /// The refund of a pledge: our id and the bank's.
    pub async fn refund(&self, who: usize) -> (String, Option<String>) {
        let mut conn = self.s.db.read().await.expect("a connection");
        let refund = refunds::of_pledge(&mut conn, &self.made[who].id).await.expect("refunds").pop().expect("a refund");
        (refund.id, refund.provider_id)
    }

    async fn hear(&mut self, times: usize, reversed: bool) {
        let mut news = self.bank.news(self.heard);
        self.heard += news.len();
        if reversed {
            news.reverse();
        }
        for _ in 0..times {
            for event in &news {
                let signature = self.bank.sign(&event.body);
                let headers = [("stripe-signature", signature.as_str()), ("content-type", "application/json")];
                let status = self.send("/webhooks/stripe", &headers, event.body.clone()).await.0;
                assert_eq!(status, 200, "{}", event.body);
            }
        }
    }

    pub fn decider(&self, by: usize) -> Decider<'static> {
        Decider { user_id: TREASURERS[by], fresh_until: self.s.clock.now().plus_seconds(300) }
    }

    async fn propose(&mut self, by: usize) {
        let mut conn = self.s.db.read().await.expect("a connection");
        let round = rounds::actions::get(&mut conn, ROUND).await.expect("a round");
        let plan = settlements::fresh_plan(&mut conn, &round).await.expect("a plan");
        drop(conn);
        let Decider { user_id, fresh_until } = self.decider(by);
        let by = Treasurer { user_id, fresh_until };
        self.reply =
            refused::<settlement::Refusal, _>(settlements::propose(&self.s, ROUND, by, &plan.hash, "over").await);
    }

    async fn approve(&mut self, by: usize) {
        let open = settlements::of_round(&mut self.s.db.read().await.expect("a connection"), ROUND).await;
        let hash = open.expect("a read").map(|open| open.hash).unwrap_or_default();
        let Decider { user_id, fresh_until } = self.decider(by);
        let by = Treasurer { user_id, fresh_until };
        self.reply = refused::<settlement::Refusal, _>(settlements::approve(&self.s, ROUND, by, &hash).await);
    }

    async fn claim(&mut self, who: usize) {
        let made = &self.made[who];
        let path = format!("/nl/pledges/{}/iban?key={}", made.reference, made.secret);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = "iban=NL91ABNA0417164300&holder=A.+Bakker&confirm=yes".to_owned();
        self.reply = Reply::Status(self.send(&path, &headers, body).await.0, None);
    }

    async fn tranche(&mut self, project: usize, cents: i64) {
        let (now, project_id) = (self.s.clock.now(), format!("prj_{project}"));
        let mut tx = self.s.db.begin().await.expect("a transaction");
        let proposed = tranches::propose(&mut tx, self.decider(0), &project_id, Cents(cents), "a part", now).await;
        let decision = match proposed {
            Ok(decision) => decision,
            Err(error) => return self.reply = refused::<payouts::Refusal, ()>(Err(error)),
        };
        let found = tranches::of_decision(&mut tx, &decision).await.expect("tranches");
        let hash = tranches::hash_of(&decision, &found);
        let own = tranches::approve(&mut tx, self.decider(0), &decision, &hash, now).await;
        assert!(own.is_err(), "nobody approves an own proposal");
        tranches::approve(&mut tx, self.decider(1), &decision, &hash, now).await.expect("another treasurer");
        tx.commit().await.expect("a commit");
        assert_eq!(found.len(), 1, "one organisation gets all of it");
        self.tranches.push(found[0].id.clone());
    }

    async fn file(&mut self) {
        let now = self.s.clock.now();
        let planned = transfers::actions::planned(&mut self.s.db.read().await.expect("a connection")).await;
        let ids: Vec<String> = planned.expect("transfers").into_iter().map(|transfer| transfer.id).collect();
        let mut tx = self.s.db.begin().await.expect("a transaction");
        let batch = match transfers::actions::propose(&mut tx, self.decider(0), &ids, "all", now).await {
            Ok(batch) => batch,
            Err(error) => return self.reply = refused::<transfers::Refusal, ()>(Err(error)),
        };
        let hash =
            transfers::actions::hash_of(&batch, &transfers::actions::in_batch(&mut tx, &batch).await.expect("rows"));
        transfers::actions::approve(&mut tx, self.decider(1), &batch, &hash, now).await.expect("an approval");
        transfers::actions::file(&mut tx, &self.s.settings.bank, &batch).await.expect("a file");
        transfers::actions::mark_downloaded(&mut tx, self.decider(1), &batch, now).await.expect("a download");
        transfers::actions::sent(&mut tx, self.decider(0), &batch, now).await.expect("the bank has it");
        tx.commit().await.expect("a commit");
    }
}

/// The reply to a step that may be refused by this noun; anything else must not happen.
fn refused<R: Refusal, T>(done: Result<T, Error>) -> Reply {
    match done {
        Ok(_) => Reply::Done,
        Err(error) => match error.refusal::<R>() {
            Some(refusal) => Reply::Refused(name(refusal)),
            None => panic!("{error}"),
        },
    }
}

/// The refusals that a model may expect.
fn name(refusal: &dyn Refusal) -> &'static str {
    const NAMES: [&str; 10] = [
        "AlreadyApproved",
        "AlreadyProposed",
        "NotClosing",
        "NothingChosen",
        "NothingProposed",
        "NotPayable",
        "Outdated",
        "OwnProposal",
        "ProposalExpired",
        "TooMuch",
    ];
    let told = format!("{refusal:?}");
    NAMES.into_iter().find(|name| **name == told).unwrap_or_else(|| panic!("refused for {told}"))
}
