//! What treasurers do beside the closing, one step at a time: a match fund and its money, lines of the bank's statement, accounts, payouts
//! in parts, a project that is stopped, files for the bank. What is next is read from the database, so a step that was broken off is
//! done again.

use drempel::features::approvals::{self, Decider, Proposal};
use drempel::features::bank::{self, BankLine, Decision as LineDecision};
use drempel::features::match_funds::{self, Decision, Fund, FundState, Terms};
use drempel::features::payouts::plan::{self, NewPart, PartStanding, WaitsFor};
use drempel::features::payouts::{self, TrancheState, accounts, give_back};
use drempel::features::projects::ProjectState;
use drempel::features::rounds::RoundState;
use drempel::features::transfers::{self, BatchState, Purpose};
use drempel::features::{projects, rounds, terminations};
use drempel::infra::bank::write::dutch_iban;
use drempel::infra::bank::{Direction, Line};
use drempel::infra::db::Tx;
use drempel::infra::error::{Error, Result};
use drempel::infra::random::Sequence;
use drempel::values::{Cents, Iban, Timestamp};

use crate::process::Process;
use crate::seed::{CLOSES, DAY, GIVER, MAKER, PROJECTS, ROUND};

const PEOPLE: [&str; 2] = ["usr_t1", "usr_t2"];

/// What is played beside the closing.
#[derive(Clone, Copy, Debug)]
pub struct Wishes {
    pub fund: bool,
    pub payouts: bool,
    /// A funded project is stopped, most times after its first part was paid.
    pub stop: bool,
}

/// What was done, and what the bank's next statement shows because of it; nothing when there was nothing to do.
pub type Done = Option<(&'static str, Vec<Line>)>;

/// The desk at one moment.
struct Desk<'a> {
    process: &'a Process,
    wishes: Wishes,
    chance: Sequence,
    now: Timestamp,
}

pub async fn next(process: &Process, wishes: Wishes, number: u64) -> Result<Done> {
    let mut desk = Desk { process, wishes, chance: Sequence::new(number), now: process.s.clock.now() };
    if let Some(done) = desk.second_person().await? {
        return Ok(Some((done, Vec::new())));
    }
    for step in 0..6 {
        let done = match step {
            0 => desk.late().await,
            1 => desk.fund().await,
            2 => desk.line().await,
            3 => desk.account().await,
            4 => desk.part().await,
            _ => desk.stop().await,
        };
        match done {
            Ok(Some(done)) => return Ok(Some((done, Vec::new()))),
            // a rule said no: there may be something else to do
            Ok(None) | Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    desk.file().await
}

impl Desk<'_> {
    fn by(&self, user_id: &'static str) -> Decider<'static> {
        Decider { user_id, fresh_until: self.now.plus_seconds(300) }
    }

    fn somebody(&mut self) -> Decider<'static> {
        let place = self.chance.below(2);
        self.by(PEOPLE[place])
    }

    async fn begin(&self) -> Result<Tx> {
        Ok(self.process.s.db.begin().await?)
    }

    /// What one proposed, another approves; now and then it is taken back.
    async fn second_person(&mut self) -> Result<Option<&'static str>> {
        let waiting = approvals::actions::waiting(&mut *self.process.s.db.read().await?, self.now).await?;
        for proposal in waiting {
            let own = PEOPLE.into_iter().find(|id| *id == proposal.proposed_by).unwrap_or(PEOPLE[0]);
            let other = PEOPLE.into_iter().find(|id| *id != proposal.proposed_by).unwrap_or(PEOPLE[1]);
            if self.chance.below(8) == 0 {
                let mut tx = self.begin().await?;
                self.take_back(&mut tx, &proposal, other).await?;
                tx.commit().await?;
                return Ok(Some("proposal taken back"));
            }
            let mut tx = self.begin().await?;
            if self.approve(&mut tx, &proposal, own).await.is_ok() {
                return Err(Error::broken(format!("somebody approved an own proposal: {proposal:?}")));
            }
            drop(tx);
            let mut tx = self.begin().await?;
            match self.approve(&mut tx, &proposal, other).await {
                Ok(what) => {
                    tx.commit().await?;
                    return Ok(Some(what));
                }
                // it is another thing by now: it ends by itself, or gives way to a newer one
                Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    async fn approve(&self, tx: &mut Tx, open: &Proposal, user_id: &'static str) -> Result<&'static str> {
        let (by, now) = (self.by(user_id), self.now);
        let (subject, hash) = (open.subject_id.as_str(), open.hash.as_str());
        if let Some(decision) = Decision::from_word(&open.kind) {
            match_funds::actions::approve(tx, by, (subject, decision), hash, now).await?;
            return Ok(if decision == Decision::Activate { "fund activated" } else { "fund ended" });
        }
        if let Some(decision) = LineDecision::from_word(&open.kind) {
            bank::actions::approve(tx, by, subject, decision, hash, now).await?;
            return Ok(if decision == LineDecision::Fund { "money for a fund" } else { "money on its way back" });
        }
        match open.kind.as_str() {
            payouts::GIVE_BACK => give_back::approve(tx, by, subject, hash, now).await.map(|()| "give-back decided"),
            payouts::ACCOUNT => accounts::approve(tx, by, subject, hash, now).await.map(|()| "account checked"),
            payouts::TRANCHES => {
                payouts::actions::approve(tx, by, subject, hash, now).await.map(|()| "part of a payout decided")
            }
            plan::PLAN => plan::approve(tx, by, subject, hash, now).await.map(|()| "payout plan fixed"),
            transfers::BATCH => transfers::actions::approve(tx, by, subject, hash, now).await.map(|()| "file approved"),
            terminations::STOP => {
                terminations::actions::approve(tx, by, subject, hash, now).await.map(|()| "project stopped")
            }
            other => Err(Error::broken(format!("nobody here decides on {other}"))),
        }
    }

    async fn take_back(&self, tx: &mut Tx, open: &Proposal, user_id: &'static str) -> Result<()> {
        let (by, now, why) = (self.by(user_id), self.now, "not yet");
        let subject = open.subject_id.as_str();
        match open.kind.as_str() {
            payouts::TRANCHES => payouts::actions::withdraw(tx, by, subject, why, now).await,
            plan::PLAN => plan::withdraw(tx, by, subject, why, now).await,
            transfers::BATCH => transfers::actions::withdraw(tx, by, subject, why, now).await,
            kind => approvals::actions::withdraw(tx, by, (kind, subject), why, now).await,
        }
    }

    /// What nobody approved in time is taken back, so that its money can be given out again.
    async fn late(&mut self) -> Result<Option<&'static str>> {
        let by = self.somebody();
        let mut tx = self.begin().await?;
        for tranche in payouts::actions::latest(&mut tx, 100).await? {
            let (kind, subject) = (payouts::TRANCHES, tranche.decision_id.as_str());
            let is_open = approvals::actions::open_of(&mut tx, kind, subject, self.now).await?.is_some();
            if tranche.state == TrancheState::Proposed && !is_open {
                payouts::actions::withdraw(&mut tx, by, subject, "nobody looked", self.now).await?;
                tx.commit().await?;
                return Ok(Some("late proposal taken back"));
            }
        }
        for batch in transfers::actions::batches(&mut tx, 100).await? {
            let is_open = approvals::actions::open_of(&mut tx, transfers::BATCH, &batch.id, self.now).await?.is_some();
            if batch.state == BatchState::Proposed && !is_open {
                transfers::actions::withdraw(&mut tx, by, &batch.id, "nobody looked", self.now).await?;
                tx.commit().await?;
                return Ok(Some("late proposal taken back"));
            }
        }
        Ok(None)
    }

    async fn the_fund(&self) -> Result<Option<Fund>> {
        Ok(match_funds::actions::all(&mut *self.process.s.db.read().await?).await?.pop())
    }

    async fn round_state(&self) -> Result<RoundState> {
        Ok(rounds::actions::get(&mut *self.process.s.db.read().await?, ROUND).await?.state)
    }

    /// The fund is set up while the round sells, ended when it is settled (now and then before), and what is left goes back.
    async fn fund(&mut self) -> Result<Option<&'static str>> {
        if !self.wishes.fund {
            return Ok(None);
        }
        let round = self.round_state().await?;
        let by = self.somebody();
        let Some(fund) = self.the_fund().await? else {
            if round != RoundState::Selling {
                return Ok(None);
            }
            let terms = self.terms();
            let mut tx = self.begin().await?;
            match_funds::actions::create(&mut tx, by, ROUND, &terms, self.now).await?;
            tx.commit().await?;
            return Ok(Some("fund set up"));
        };
        let is_over = round == RoundState::Settled;
        let decision = match fund.state {
            FundState::Draft if is_over => Decision::End,
            FundState::Draft => Decision::Activate,
            FundState::Active if is_over || self.chance.below(60) == 0 => Decision::End,
            FundState::Active => return Ok(None),
            FundState::Ended if fund.left() > Cents::ZERO => return self.give_back(&fund, by).await,
            FundState::Ended => return Ok(None),
        };
        let mut tx = self.begin().await?;
        match_funds::actions::propose(&mut tx, by, (&fund.id, decision), "as agreed", self.now).await?;
        tx.commit().await?;
        Ok(Some("fund proposed"))
    }

    async fn give_back(&mut self, fund: &Fund, by: Decider<'_>) -> Result<Option<&'static str>> {
        let mut tx = self.begin().await?;
        if give_back::account_of(&mut tx, fund, self.now).await?.is_none() {
            return Ok(None);
        }
        give_back::propose(&mut tx, by, &fund.id, "what is left", self.now).await?;
        tx.commit().await?;
        Ok(Some("give-back proposed"))
    }

    fn terms(&mut self) -> Terms {
        let number = |chance: &mut Sequence, of: &[i64]| of[chance.below(of.len())];
        Terms {
            giver_id: GIVER.to_owned(),
            name_nl: "Woonfonds".to_owned(),
            name_en: "Housing fund".to_owned(),
            ratio_percent: number(&mut self.chance, &[33, 50, 100, 100, 200]),
            most_per_pledge: Cents(number(&mut self.chance, &[1_250, 3_000, 10_000])),
            most_per_project_percent: number(&mut self.chance, &[20, 50, 100]),
            least_backers: number(&mut self.chance, &[0, 0, 2]),
            starting_percent: number(&mut self.chance, &[0, 0, 25]),
            project_ids: if self.chance.below(3) == 0 { vec![PROJECTS[0].id.to_owned()] } else { Vec::new() },
        }
    }

    /// Money that nobody could place is the fund's as long as it takes any, and goes back to its sender afterwards.
    async fn line(&mut self) -> Result<Option<&'static str>> {
        let waiting: Vec<BankLine> = bank::actions::waiting(&mut *self.process.s.db.read().await?, 10).await?;
        let fund = self.the_fund().await?.filter(|fund| fund.state != FundState::Ended);
        let by = self.somebody();
        for line in waiting {
            let decided = match &fund {
                Some(fund) => (LineDecision::Fund, fund.id.as_str()),
                None if self.round_state().await? == RoundState::Settled => (LineDecision::Return, ""),
                None => continue,
            };
            let mut tx = self.begin().await?;
            bank::actions::propose(&mut tx, by, &line.id, decided, "from the giver", self.now).await?;
            tx.commit().await?;
            return Ok(Some("line proposed"));
        }
        Ok(None)
    }

    /// Whoever is paid has an account that two people checked.
    async fn account(&mut self) -> Result<Option<&'static str>> {
        if self.round_state().await? != RoundState::Settled {
            return Ok(None);
        }
        let owners = [(MAKER, "usr_owner", self.wishes.payouts), (GIVER, "usr_giver", self.wishes.fund)];
        let by = self.somebody();
        for (number, (organisation, owner, wanted)) in (1u64..).zip(owners) {
            let mut tx = self.begin().await?;
            let known = accounts::of_organisation(&mut tx, organisation).await?;
            match known.first() {
                _ if !wanted => {}
                None => {
                    let iban =
                        Iban::parse(&dutch_iban(417_164_300 + number)).ok_or_else(|| Error::broken("an IBAN"))?;
                    accounts::enter(&mut tx, organisation, owner, &iban, "Holder", self.now).await?;
                    tx.commit().await?;
                    return Ok(Some("account entered"));
                }
                Some(account) if account.verified_at.is_none() => {
                    accounts::propose(&mut tx, by, &account.id, "called them", self.now).await?;
                    tx.commit().await?;
                    return Ok(Some("account proposed"));
                }
                Some(_) => {}
            }
        }
        Ok(None)
    }

    /// The start money of funded projects goes out in parts.
    async fn part(&mut self) -> Result<Option<&'static str>> {
        if !self.wishes.payouts || self.round_state().await? != RoundState::Settled {
            return Ok(None);
        }
        let by = self.somebody();
        for project in &PROJECTS {
            let mut tx = self.begin().await?;
            let found = projects::actions::get(&mut tx, project.id).await?;
            if !found.state.is_paid() {
                continue;
            }
            if let Some(fixed) = plan::fixed(&mut tx, project.id).await? {
                let parts = plan::followed(&mut tx, &fixed.id, self.now).await?;
                let ready = parts.iter().find(|part| part.standing == PartStanding::Ready);
                if let Some(ready) = ready {
                    let position = ready.part.position;
                    plan::propose_part(&mut tx, by, project.id, position, "by the plan", self.now).await?;
                    tx.commit().await?;
                    return Ok(Some("part of a payout proposed"));
                }
                continue;
            }
            if plan::open(&mut tx, project.id).await?.is_some() {
                plan::propose(&mut tx, by, project.id, "a good plan", self.now).await?;
                tx.commit().await?;
                return Ok(Some("payout plan proposed"));
            }
            let left = payouts::actions::payable(&mut tx, project.id, &found.organisation_id).await?.left();
            if left > Cents::ZERO {
                let parts = self.parts(left);
                plan::write(&mut tx, project.id, by.user_id, &parts, self.now).await?;
                tx.commit().await?;
                return Ok(Some("payout plan written"));
            }
        }
        Ok(None)
    }

    /// A part at once, and where there is enough one that waits for a day.
    fn parts(&mut self, left: Cents) -> Vec<NewPart> {
        let part = |amount: i64, waits_for, day: String| NewPart {
            label_nl: "Deel".to_owned(),
            label_en: "Part".to_owned(),
            amount: Cents(amount),
            waits_for,
            day,
        };
        let first = left.0 * [1, 33, 50, 90][self.chance.below(4)] / 100;
        if first == 0 || first == left.0 {
            return vec![part(left.0, WaitsFor::Start, String::new())];
        }
        let day = Timestamp::from_seconds(CLOSES + 25 * DAY).day();
        vec![part(first, WaitsFor::Start, String::new()), part(left.0 - first, WaitsFor::Day, day)]
    }

    async fn stop(&mut self) -> Result<Option<&'static str>> {
        if !self.wishes.stop {
            return Ok(None);
        }
        let by = self.somebody();
        for project in &PROJECTS {
            let mut tx = self.begin().await?;
            let found = projects::actions::get(&mut tx, project.id).await?;
            let moved = payouts::actions::moved_of(&mut tx, project.id).await?;
            let is_begun = moved.iter().any(|tranche| tranche.state == TrancheState::Confirmed);
            if found.state != ProjectState::Funded || !(is_begun || self.chance.below(6) == 0) {
                continue;
            }
            if terminations::actions::obstacle(&mut tx, &found).await?.is_some() {
                continue;
            }
            terminations::actions::propose(&mut tx, by, project.id, "the kitchen is closed", self.now).await?;
            tx.commit().await?;
            return Ok(Some("stop proposed"));
        }
        Ok(None)
    }

    /// Planned transfers go into a file, the file to the bank, and the bank's statement shows them; some come back.
    async fn file(&mut self) -> Result<Done> {
        let by = self.somebody();
        let mut tx = self.begin().await?;
        let open = transfers::actions::batches(&mut tx, 100).await?;
        if let Some(approved) = open.iter().find(|batch| batch.state == BatchState::Approved) {
            if approved.downloaded_at.is_none() {
                transfers::actions::file(&mut tx, &self.process.s.settings.bank, &approved.id).await?;
                transfers::actions::mark_downloaded(&mut tx, by, &approved.id, self.now).await?;
                tx.commit().await?;
                return Ok(Some(("file handed out", Vec::new())));
            }
            transfers::actions::sent(&mut tx, by, &approved.id, self.now).await?;
            let lines = self.shown(&mut tx, &approved.id).await?;
            tx.commit().await?;
            return Ok(Some(("file at the bank", lines)));
        }
        let planned = transfers::actions::planned(&mut tx).await?;
        if planned.is_empty() {
            return Ok(None);
        }
        let ids: Vec<String> = planned.into_iter().map(|transfer| transfer.id).collect();
        transfers::actions::propose(&mut tx, by, &ids, "all of them", self.now).await?;
        tx.commit().await?;
        Ok(Some(("file proposed", Vec::new())))
    }

    async fn shown(&mut self, tx: &mut Tx, batch_id: &str) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for transfer in transfers::actions::in_batch(tx, batch_id).await? {
            let came_back = transfers::actions::of_subject(tx, &transfer.subject_id).await?.len() > 1;
            let out = Line {
                amount: transfer.amount,
                direction: Some(Direction::Out),
                bank_reference: format!("O{}", transfer.id),
                end_to_end_id: transfer.end_to_end_id(),
                iban: transfer.iban.clone(),
                ..Line::default()
            };
            // what came back once arrives the second time
            if !came_back && transfer.purpose != Purpose::Return && self.chance.below(6) == 0 {
                let back = Line {
                    direction: Some(Direction::In),
                    is_return: true,
                    bank_reference: format!("R{}", transfer.id),
                    ..out.clone()
                };
                lines.push(out);
                lines.push(back);
                continue;
            }
            lines.push(out);
        }
        Ok(lines)
    }
}
