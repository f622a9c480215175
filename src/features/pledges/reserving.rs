//! Reserving places: requests that came at the same moment are decided together, in the order of their arrival.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::features::pledges::actions::PAPERS;
use crate::features::pledges::{NewPledge, Pledge, PledgeKind, PledgeState, Refusal, rikx_for, store};
use crate::features::projects::Sale;
use crate::features::{projects, users};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::history::{self, Origin};
use crate::infra::jobs;
use crate::infra::letters::{self, Letter};
use crate::infra::planted::{self, Mistake};
use crate::values::text::Email;
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// What somebody asks for, and from where.
pub struct Asked<'a> {
    pub new: &'a NewPledge,
    /// The pledge of a near miss that it adds to.
    pub raises: Option<&'a Pledge>,
    pub origin: Origin,
}

/// What one gets, or why not.
pub type Decided<T> = std::result::Result<T, Refusal>;

/// Reserves what is asked for, as far as it fits, first come first served. Answers each in the same order.
///
/// The totals of the projects are locked first; then rounds and projects are read, so whoever closes a round meanwhile is either waited
/// for or seen. What is decided in memory is guarded once more by the statement that counts it. Nothing is read back: what was written is
/// what is answered.
///
/// # Errors
/// An error of the whole, also when a key was taken at this very moment ([`crate::infra::db::is_taken`]): nothing of the transaction may be
/// kept. A [`Refusal`] inside is of that one alone, for which nothing was written: [`Refusal::KeyReused`] says that its key has made a
/// pledge, and [`made_before`](crate::features::pledges::actions::made_before) tells which.
pub async fn reserve(tx: &mut Tx, asked: &[Asked<'_>], now: Timestamp) -> Result<Vec<Decided<Pledge>>> {
    let hashes: Vec<String> = asked.iter().map(|one| one.new.key_hash()).collect();
    let mut known: HashSet<String> = store::known_keys(tx, &hashes).await?.into_iter().collect();
    let mut stalls = open_stalls(tx, asked).await?;
    let mut decided = Vec::with_capacity(asked.len());
    for (one, hash) in asked.iter().zip(&hashes) {
        let stall = stalls.get_mut(one.new.project_id.as_str());
        let stall = stall.ok_or_else(|| Error::broken(format!("project {} was not looked at", one.new.project_id)))?;
        let fits = if known.contains(hash) { Err(Refusal::KeyReused) } else { stall.sell(one, now) };
        if fits.is_ok() {
            known.insert(hash.clone());
        }
        decided.push(fits);
    }
    let sold: Vec<(&str, i64)> =
        stalls.iter().map(|(id, stall)| (*id, stall.sold.0)).filter(|(_, cents)| *cents > 0).collect();
    if !store::reserve(tx, &sold).await? {
        return Err(Error::broken(format!("less room than locked totals say in one of {sold:?}")));
    }
    let people: Vec<(&Email, Lang)> = asked
        .iter()
        .zip(&decided)
        .filter(|(_, fits)| fits.is_ok())
        .map(|(one, _)| (&one.new.email, one.new.language))
        .collect();
    let mut user_ids = users::actions::known_or_new_each(tx, &people, now).await?.into_iter();
    let mut answers = Vec::with_capacity(asked.len());
    for (one, fits) in asked.iter().zip(decided) {
        answers.push(match fits {
            Err(refusal) => Err(refusal),
            Ok((round_id, rikx)) => {
                let user_id = user_ids.next().ok_or_else(|| Error::broken("a backer without a user"))?;
                let raises_id = one.raises.map(|raised| raised.id.clone());
                Ok(Pledge { raises_id, ..one.new.reserved(round_id, user_id, rikx, now) })
            }
        });
    }
    let rows = asked
        .iter()
        .zip(hashes)
        .zip(&answers)
        .filter_map(|((one, hash), pledge)| Some((one, hash, pledge.as_ref().ok()?)));
    write(tx, rows.collect(), now).await?;
    Ok(answers)
}

/// Where one project is sold: what decides, and what was sold since its totals were locked.
struct Stall {
    sale: Sale,
    /// What the locked totals leave.
    room: Cents,
    sold: Cents,
}

/// Locks the totals of the projects that are asked for, in the order of their ids.
async fn open_stalls<'a>(tx: &mut Tx, asked: &[Asked<'a>]) -> Result<BTreeMap<&'a str, Stall>> {
    let ids: BTreeSet<&'a str> = asked.iter().map(|one| one.new.project_id.as_str()).collect();
    let totals = store::lock_totals(tx, &ids).await?;
    let rooms: HashMap<&str, Cents> = totals.iter().map(|of| (of.project_id.as_str(), of.room())).collect();
    let sales = projects::actions::sales(tx, ids.iter().copied()).await?;
    let mut sales: HashMap<String, Sale> = sales.into_iter().map(|sale| (sale.project_id.clone(), sale)).collect();
    let mut stalls = BTreeMap::new();
    for id in ids {
        let sale = sales.remove(id).ok_or_else(|| Error::broken(format!("no project {id}")))?;
        let room = rooms.get(id).copied().unwrap_or(Cents::ZERO);
        stalls.insert(id, Stall { sale, room, sold: Cents::ZERO });
    }
    Ok(stalls)
}

impl Stall {
    /// Sells to whoever is next: the round and the Rikx.
    fn sell(&mut self, asked: &Asked<'_>, now: Timestamp) -> Decided<(String, Rikx)> {
        let is_open = if asked.raises.is_some() { self.sale.is_extended_at(now) } else { self.sale.sells_at(now) };
        if !is_open {
            return Err(Refusal::NotSelling);
        }
        let (round, amount) = (&self.sale.round, asked.new.amount);
        let rikx = rikx_for(amount, round.minimum_cents, round.unit_price_eur)?;
        let available = Cents((self.room.0 - self.sold.0).max(0));
        if amount > available && !planted::is(Mistake::NoReservationGuard) {
            let is_over = available >= round.minimum_cents;
            return Err(if is_over { Refusal::Over { available_cents: available.0 } } else { Refusal::SoldOut });
        }
        self.sold = Cents(self.sold.0 + amount.0);
        Ok((round.id.clone(), rikx))
    }
}

/// Writes the pledges with what belongs to each: its history, its letter, its papers.
async fn write(tx: &mut Tx, made: Vec<(&Asked<'_>, String, &Pledge)>, now: Timestamp) -> Result<()> {
    let (mut rows, mut changes, mut letters, mut purchases) = (vec![], vec![], vec![], vec![]);
    for (asked, hash, pledge) in made {
        let (to, actor) = (PledgeState::Reserved.as_str(), pledge.user_id.as_str());
        let change = history::Entry { subject: "pledge", subject_id: &pledge.id, from: "", to, actor, reason: "" };
        changes.push((asked.origin.clone(), change));
        letters.push(Letter {
            kind: "pledge_received",
            cause_id: &pledge.id,
            user_id: &pledge.user_id,
            language: pledge.language,
            due: now,
            secret: "",
        });
        if pledge.kind == PledgeKind::Purchase {
            purchases.push(pledge.id.as_str());
        }
        rows.push((pledge, hash));
    }
    store::insert(tx, &rows).await?;
    history::record_each(tx, now, &changes).await?;
    letters::queue_each(tx, now, &letters).await?;
    Ok(jobs::enqueue_each(tx, now, PAPERS, &purchases, now).await?)
}
