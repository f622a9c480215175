//! Reserving: who asks at the same moment is served in one transaction, first come first served. One that is refused does not touch the
//! others; when the whole fails, each is tried by itself.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::slice;
use std::sync::Arc;

use crate::features::consents::{self, Choice};
use crate::features::payments::{self, Payment, TRANSFER, incoming, line};
use crate::features::pledges::actions::Asked;
use crate::features::pledges::{self, NewPledge, Pledge};
use crate::features::rounds;
use crate::infra::Services;
use crate::infra::db::{Engine, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history::Origin;
use crate::infra::limits::{self, Limit};
use crate::values::Timestamp;

/// The most requests of one transaction.
const MOST: usize = 64;
/// Transactions at once, where the engine takes more than one. Few, as each takes a connection and those who wait together are served
/// with less work.
const ROOMS: u64 = 4;

/// What one request asks for.
pub struct Wish {
    pub new: NewPledge,
    /// The pledge of a near miss that it adds to.
    pub raised: Option<Pledge>,
    /// Where it comes from, for limits.
    pub network: String,
    /// Whether the bank is asked for its page at once.
    pub goes_straight: bool,
    pub origin: Origin,
}

impl Wish {
    fn limits(&self) -> Vec<(Limit, &str)> {
        vec![
            (limits::PLEDGES_A_DAY, &self.network),
            (limits::PLEDGES_A_MINUTE, &self.network),
            (limits::PLEDGES_OF_ADDRESS, self.new.email.as_str()),
        ]
    }
}

type Reserved = (Pledge, Payment);

/// Reserves a place and writes the payment's row, in one transaction with all who ask at this moment.
///
/// # Errors
/// A refusal of `pledges`, `payments`, `consents` or `limits`, or what broke: then nothing was made.
pub async fn reserve(s: &Services, wish: Wish) -> Result<Reserved> {
    if wish.raised.is_some() {
        // a choice that is noted although its pledge is refused must go back, and nobody else with it
        return alone(s, &Arc::new(wish)).await;
    }
    let room = s.batching.room::<Wish, Result<Reserved>>(room_of(s, &wish.new.project_id));
    room.ask(wish, MOST, |wishes| together(s, wishes)).await
}

/// Where one waits for a place of a project: SQLite writes one transaction at a time, PostgreSQL several that touch different projects.
fn room_of(s: &Services, project_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    project_id.hash(&mut hasher);
    match s.db.engine {
        Engine::Sqlite => 0,
        Engine::Postgres => hasher.finish() % ROOMS,
    }
}

async fn together(s: &Services, wishes: Vec<Arc<Wish>>) -> Vec<Result<Reserved>> {
    if wishes.len() > 1 {
        match all(s, &wishes).await {
            Ok(answers) => return answers,
            // nobody is helped by each of them waiting for it
            Err(error) if error.is_away() => {
                tracing::warn!(%error, wishes = wishes.len(), "no place could be reserved");
                return wishes.iter().map(|_| Err(error.for_another())).collect();
            }
            Err(error) => tracing::info!(%error, wishes = wishes.len(), "pledges could not be reserved together"),
        }
    }
    let mut answers = Vec::with_capacity(wishes.len());
    for wish in &wishes {
        answers.push(alone(s, wish).await);
    }
    answers
}

async fn alone(s: &Services, wish: &Arc<Wish>) -> Result<Reserved> {
    let answer = all(s, slice::from_ref(wish)).await?.pop();
    answer.unwrap_or_else(|| Err(Error::broken("a wish without an answer")))
}

/// Answers each in the same order. An error of the whole: nothing was made for anybody.
async fn all(s: &Services, wishes: &[Arc<Wish>]) -> Result<Vec<Result<Reserved>>> {
    let now = s.clock.now();
    let mut tx = s.db.begin_together().await?;
    let mut refused = refusals(s, &mut tx, wishes, now).await?;
    let open: Vec<&Wish> =
        wishes.iter().zip(&refused).filter(|(_, refusal)| refusal.is_none()).map(|(wish, _)| wish.as_ref()).collect();
    let mut served = serve(s, &mut tx, &open, now).await?.into_iter();
    let answers: Vec<Result<Reserved>> = refused
        .iter_mut()
        .map(|refusal| match refusal.take() {
            Some(error) => Err(error),
            None => served.next().unwrap_or_else(|| Err(Error::broken("a wish without an answer"))),
        })
        .collect();
    if answers.iter().any(Result::is_ok) {
        tx.commit().await?;
    }
    Ok(answers)
}

/// Who is refused whatever there is room for.
async fn refusals(s: &Services, tx: &mut Tx, wishes: &[Arc<Wish>], now: Timestamp) -> Result<Vec<Option<Error>>> {
    let asked: Vec<&NewPledge> = wishes.iter().map(|wish| &wish.new).collect();
    let unpayable = payments::actions::refusals(tx, &asked, now).await?;
    let requests: Vec<Vec<(Limit, &str)>> = wishes.iter().map(|wish| wish.limits()).collect();
    let too_often = limits::foresee(s, tx, &requests).await?;
    let either = |(often, unpayable): (Option<limits::TooOften>, Option<payments::Refusal>)| {
        often.map(Error::from).or(unpayable.map(Error::from))
    };
    Ok(too_often.into_iter().zip(unpayable).map(either).collect())
}

/// Reserves and writes, for each in the same order.
async fn serve(s: &Services, tx: &mut Tx, wishes: &[&Wish], now: Timestamp) -> Result<Vec<Result<Reserved>>> {
    let mut asked = Vec::with_capacity(wishes.len());
    for wish in wishes {
        if let Some(raised) = &wish.raised {
            consents::actions::choose(tx, &raised.id, Choice::Raise, now).await?;
        }
        asked.push(Asked { new: &wish.new, raises: wish.raised.as_ref(), origin: wish.origin.clone() });
    }
    let mut pledges = pledges::actions::reserve(tx, &asked, now).await?;
    let (mut rows, mut counted) = (vec![], vec![]);
    for (wish, pledge) in wishes.iter().zip(&mut pledges) {
        let Ok(pledge) = pledge else { continue };
        if wish.new.method == TRANSFER {
            keep_for_transfer(tx, pledge, now).await?;
        }
        rows.push((&*pledge, wish.new.method.as_str(), line::open_after(now, wish.goes_straight)));
        counted.extend(wish.limits());
    }
    let mut payments = payments::actions::create(tx, &rows, now).await?.into_iter();
    limits::count(s, tx, &counted).await?;
    let mut answers = Vec::with_capacity(pledges.len());
    for pledge in pledges {
        answers.push(match pledge {
            Ok(pledge) => Ok((pledge, payments.next().ok_or_else(|| Error::broken("a pledge without a payment"))?)),
            Err(refusal) => Err(refusal.into()),
        });
    }
    Ok(answers)
}

/// A transfer takes days: its place is kept as long.
async fn keep_for_transfer(tx: &mut Tx, pledge: &mut Pledge, now: Timestamp) -> Result<()> {
    let round = rounds::actions::get(tx, &pledge.round_id).await?;
    if !incoming::is_in_time(&round, now) {
        return Err(incoming::Refusal::TooLate.into());
    }
    pledge.expires_at = incoming::until(&round, now);
    pledges::actions::extend(tx, &pledge.id, pledge.expires_at).await
}
