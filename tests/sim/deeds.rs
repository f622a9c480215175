//! What is done to the program: by backers, by the bank's news, by the worker and by the treasurers.

use drempel::app::worker;
use drempel::features::consents::{self, Words};
use drempel::features::rounds::{self, RoundState};
use drempel::features::settlement::{SettlementState, Treasurer, actions as settlements};
use drempel::features::{payments, pledges, projects, withdrawals};
use drempel::infra::bank::Line;
use drempel::infra::error::{Error, Result};
use drempel::infra::random::Sequence;
use drempel::infra::sandbox::simulated::News;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::desk::{self, Wishes};
use crate::process::{Outside, Process};
use crate::run::Backer;
use crate::seed::ROUND;

/// Steps at the desk one after the other, each a transaction of its own: all invariants are checked when somebody gets up.
const AT_ONCE: u64 = 3;

#[derive(Clone, Debug)]
pub enum Deed {
    /// A backer sends the form, perhaps not for the first time.
    Pledge(usize),
    /// The browser comes back from the bank.
    Return(usize),
    Cancel(usize),
    /// An event knocks, after so many refusals.
    Deliver(usize, usize),
    /// The worker does what is due.
    Work,
    /// A treasurer does what is next in the closing; the number decides who and how.
    Treasurers(u64),
    /// The same by another at the same moment; this one does not come back by itself.
    AnotherTreasurer(u64),
    /// The owner of a near miss says how it goes on with less.
    Say(&'static str),
    /// The owner takes a project back.
    TakeBack(&'static str),
    /// A backer of a near miss chooses; so many cents are added by a raise.
    Choose(usize, &'static str, i64),
    /// A treasurer does what lies on the desk beside the closing.
    Desk(Wishes, u64),
}

/// What came of it; all of it goes into the journal as it is shown for debugging.
#[derive(Debug)]
pub enum Outcome {
    Answer(u16, Value),
    /// Done, or refused for a reason that is in order.
    Fine(String),
    Settled,
    /// What was done at the desk, and what the bank's statement will show of it; nothing when nothing was to be done.
    Desk(Vec<&'static str>, Vec<Line>),
    /// What must not happen.
    Broken(String),
}

pub fn perform<'a>(
    process: &'a Process,
    outside: &'a Outside,
    backers: &'a [Backer],
    news: &'a [News],
    deed: &'a Deed,
) -> BoxFuture<'a, Outcome> {
    match deed {
        Deed::Pledge(who) => pledge(process, &backers[*who]).boxed(),
        Deed::Return(who) => come_back(process, &backers[*who]).map(sorted).boxed(),
        Deed::Cancel(who) => cancel(process, &backers[*who]).boxed(),
        Deed::Deliver(place, _) => deliver(process, outside, &news[*place]).boxed(),
        Deed::Work => work(process).map(sorted).boxed(),
        Deed::Treasurers(number) | Deed::AnotherTreasurer(number) => treasurer(process, *number).boxed(),
        Deed::Say(project) => say(process, project).map(sorted).boxed(),
        Deed::TakeBack(project) => take_back(process, project).map(sorted).boxed(),
        Deed::Choose(who, choice, cents) => choose(process, &backers[*who], choice, *cents).boxed(),
        Deed::Desk(wishes, number) => at_the_desk(process, *wishes, *number).boxed(),
    }
}

fn sorted(done: Result<String>) -> Outcome {
    match done {
        Ok(what) => Outcome::Fine(what),
        Err(error @ (Error::Refused(_) | Error::Outside(_))) => Outcome::Fine(error.to_string()),
        Err(error) => Outcome::Broken(error.to_string()),
    }
}

/// The program may refuse, or say that the bank does not answer; it may not fall over.
fn answered((status, body): (u16, Value)) -> Outcome {
    match status {
        200 | 201 | 400 | 409 | 503 => Outcome::Answer(status, body),
        other => Outcome::Broken(format!("answered {other}: {body}")),
    }
}

async fn pledge(process: &Process, backer: &Backer) -> Outcome {
    let path = format!("/api/v1/projects/{}/pledges", backer.slug);
    let headers = [("idempotency-key", backer.key.as_str()), ("content-type", "application/json")];
    let answer = process.send("POST", &path, &headers, backer.body.to_string()).await;
    // killed on the way: the browser sees no answer at all, and tries again
    if process.turns.is_stopped() && answer.0 == 500 { Outcome::Answer(500, Value::Null) } else { answered(answer) }
}

async fn cancel(process: &Process, backer: &Backer) -> Outcome {
    if backer.reference.is_empty() {
        return Outcome::Fine("nothing to cancel".to_owned());
    }
    let path = format!("/api/v1/pledges/{}/cancel?key={}", backer.reference, backer.secret);
    let answer = process.send("POST", &path, &[], String::new()).await;
    if process.turns.is_stopped() && answer.0 == 500 { Outcome::Answer(500, Value::Null) } else { answered(answer) }
}

async fn deliver(process: &Process, outside: &Outside, news: &News) -> Outcome {
    let signature = outside.bank.sign(&news.body);
    let headers = [("stripe-signature", signature.as_str()), ("content-type", "application/json")];
    answered(process.send("POST", "/webhooks/stripe", &headers, news.body.clone()).await)
}

/// The page after the bank decides nothing: it asks the same function as everybody else.
async fn come_back(process: &Process, backer: &Backer) -> Result<String> {
    let s = &process.s;
    let Some(pledge) = pledges::actions::by_reference(&mut *s.db.read().await?, &backer.reference).await? else {
        return Ok("no pledge".to_owned());
    };
    let payment = payments::actions::of_pledge(&mut *s.db.read().await?, &pledge.id).await?;
    let Some(payment) = payment else { return Ok("no payment".to_owned()) };
    Ok(payments::actions::refresh(s, &payment.id).await?.to_string())
}

async fn say(process: &Process, project_id: &str) -> Result<String> {
    let s = &process.s;
    let mut tx = s.db.begin().await?;
    let project = projects::actions::get(&mut tx, project_id).await?;
    let words = Words { nl: "Met wat minder".to_owned(), en: "With a little less".to_owned() };
    consents::actions::say(&mut tx, &project, &words, "usr_owner", s.clock.now()).await?;
    tx.commit().await?;
    Ok("said".to_owned())
}

async fn take_back(process: &Process, project_id: &str) -> Result<String> {
    let s = &process.s;
    let mut tx = s.db.begin().await?;
    withdrawals::actions::withdraw(&mut tx, project_id, "usr_owner", "the house is sold", s.clock.now()).await?;
    tx.commit().await?;
    Ok("taken back".to_owned())
}

async fn choose(process: &Process, backer: &Backer, choice: &str, cents: i64) -> Outcome {
    if backer.reference.is_empty() {
        return Outcome::Fine("nothing to choose".to_owned());
    }
    let path = format!("/api/v1/pledges/{}/choice?key={}", backer.reference, backer.secret);
    let headers = [("idempotency-key", "raise"), ("content-type", "application/json")];
    let body = if choice == "raise" {
        json!({ "choice": choice, "amount_cents": cents })
    } else {
        json!({ "choice": choice })
    };
    let answer = process.send("POST", &path, &headers, body.to_string()).await;
    if process.turns.is_stopped() && answer.0 == 500 { Outcome::Answer(500, Value::Null) } else { answered(answer) }
}

async fn at_the_desk(process: &Process, wishes: Wishes, number: u64) -> Outcome {
    let (mut done, mut shown) = (Vec::new(), Vec::new());
    for step in 0..AT_ONCE {
        match desk::next(process, wishes, number.wrapping_add(step)).await {
            Ok(Some((what, lines))) => {
                done.push(what);
                shown.extend(lines);
            }
            Ok(None) => break,
            Err(error @ Error::Refused(_)) if done.is_empty() => return Outcome::Fine(error.to_string()),
            Err(Error::Refused(_)) => break,
            Err(error) => return Outcome::Broken(error.to_string()),
        }
    }
    Outcome::Desk(done, shown)
}

async fn work(process: &Process) -> Result<String> {
    worker::run_due(&process.s).await?;
    Ok("worked".to_owned())
}

async fn treasurer(process: &Process, number: u64) -> Outcome {
    match next_in_the_closing(process, number).await {
        Ok(true) => Outcome::Settled,
        Ok(false) => Outcome::Fine("a step of the closing".to_owned()),
        Err(error) => sorted(Err(error)),
    }
}

/// Answers whether the round is settled.
async fn next_in_the_closing(process: &Process, number: u64) -> Result<bool> {
    let mut chance = Sequence::new(number);
    let s = &process.s;
    let mut conn = s.db.read().await?;
    let round = rounds::actions::get(&mut conn, ROUND).await?;
    if round.state != RoundState::Closing {
        return Ok(round.state == RoundState::Settled);
    }
    let open = settlements::of_round(&mut conn, ROUND).await?;
    let plan = settlements::fresh_plan(&mut conn, &round).await?;
    drop(conn);
    let now = s.clock.now();
    let people = [("usr_t1", "usr_t2"), ("usr_t2", "usr_t1")][chance.below(2)];
    let by = |user_id| Treasurer { user_id, fresh_until: now.plus_seconds(300) };
    match open {
        None => {
            settlements::propose(s, ROUND, by(people.0), &plan.hash, "the round is over").await?;
        }
        // the near misses whose time has come are decided by a plan of their own
        Some(open) if open.state == SettlementState::Done && !plan.projects.is_empty() => {
            settlements::propose(s, ROUND, by(people.0), &plan.hash, "their time has come").await?;
        }
        Some(open) if open.state == SettlementState::Proposed && open.expires_at <= now => {
            settlements::propose(s, ROUND, by(people.0), &plan.hash, "once more").await?;
        }
        Some(open) if open.state == SettlementState::Proposed => {
            let proposer = open.proposed_by.clone();
            let own = settlements::approve(s, ROUND, by(&proposer), &open.hash).await;
            if own.is_ok() {
                return Err(Error::broken("somebody approved an own proposal"));
            }
            let other = if open.proposed_by == "usr_t1" { "usr_t2" } else { "usr_t1" };
            settlements::approve(s, ROUND, by(other), &open.hash).await?;
        }
        Some(open) if open.state == SettlementState::Paused => settlements::resume(s, ROUND, by(people.0)).await?,
        Some(open) if open.state == SettlementState::Executing && chance.below(3) == 0 => {
            settlements::pause(s, ROUND, by(people.0)).await?;
        }
        Some(_) => {}
    }
    Ok(false)
}
