//! What can be done with updates: write, schedule, undo, publish, withdraw; and reads for the site.

use crate::features::projects::Project;
use crate::features::updates::answers::{self, Question};
use crate::features::updates::digest;
pub use crate::features::updates::follows::{
    ask, count_followers, end_for_bounced, follow_as_backer, follows_of, reminded_follow, to_remind,
};
pub use crate::features::updates::returned::take as take_report;
use crate::features::updates::rhythm::Rhythm;
use crate::features::updates::store::rhythm;
use crate::features::updates::{
    Audience, MAIL, MESSAGE_DAYS, PUBLISH, Texts, UNDO_SECONDS, Update, UpdateRefusal, UpdateState, store,
};
use crate::features::{payouts, pledges, projects};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::mailings::{self, Tally};
use crate::infra::pictures::Picture;
use crate::infra::{Services, files, history, jobs, letters, random};
use crate::values::Timestamp;

/// How many letters are queued in one transaction.
const QUEUED_AT_ONCE: i64 = 1_000;

/// What happens to the picture of a draft.
pub enum PictureChange {
    Keep,
    Remove,
    Set(Picture),
}

/// All updates of a project whatever their state, newest first: for its owner.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Update>> {
    Ok(store::of_project(conn, project_id).await?)
}

/// The published updates of a project, newest first.
pub async fn published_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Update>> {
    let mut updates = store::of_project(conn, project_id).await?;
    updates.retain(|update| update.state == UpdateState::Published && update.audience == Audience::Everybody);
    updates.sort_by_key(|update| std::cmp::Reverse(update.published_at));
    Ok(updates)
}

/// An update by its number, whatever its state; pages for everybody show it only when it is published.
pub async fn by_number(conn: &mut Conn, project_id: &str, number: i64) -> Result<Option<Update>> {
    Ok(store::by_number(conn, project_id, number).await?)
}

/// Writes a new draft.
///
/// # Errors
/// The project may not keep more pictures.
pub async fn write(
    s: &Services,
    author_id: &str,
    project: &Project,
    texts: &Texts,
    question: Option<&Question>,
    picture: PictureChange,
) -> Result<Update> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let picture_id = match picture {
        PictureChange::Set(picture) => Some(files::keep(s, &mut tx, &project.id, &picture).await?),
        PictureChange::Keep | PictureChange::Remove => None,
    };
    let id = random::id("upd", now);
    insert(&mut tx, &id, project, texts, picture_id.as_deref(), author_id, now).await?;
    answers::set(&mut tx, &id, question).await?;
    let update = get(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(update)
}

/// Two drafts at the same moment want the same number: the second takes the next.
async fn insert(
    tx: &mut Tx,
    id: &str,
    project: &Project,
    texts: &Texts,
    picture_id: Option<&str>,
    author_id: &str,
    now: Timestamp,
) -> Result<()> {
    for _ in 0..5 {
        if store::insert(tx, id, &project.id, texts, picture_id, author_id, now).await? {
            return record(tx, id, "", UpdateState::Draft, author_id, now).await;
        }
    }
    Err(Error::broken("no number for an update"))
}

/// Changes a draft.
///
/// # Errors
/// [`UpdateRefusal::NotADraft`], or the project may not keep more pictures.
pub async fn rewrite(
    s: &Services,
    update: &Update,
    texts: &Texts,
    question: Option<&Question>,
    picture: PictureChange,
) -> Result<()> {
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, &update.id).await?;
    let picture_id = match picture {
        PictureChange::Set(picture) => Some(files::keep(s, &mut tx, &update.project_id, &picture).await?),
        PictureChange::Keep => update.picture_id.clone(),
        PictureChange::Remove => None,
    };
    if !store::change(&mut tx, &update.id, texts, picture_id.as_deref()).await? {
        return Err(UpdateRefusal::NotADraft.into());
    }
    answers::set(&mut tx, &update.id, question).await?;
    Ok(tx.commit().await?)
}

/// Schedules a draft for ten minutes from now.
///
/// # Errors
/// [`UpdateRefusal`] when it is not a draft, the project is not public, or the backers had a message less than a week ago.
pub async fn schedule(s: &Services, actor: &str, project: &Project, update: &Update) -> Result<()> {
    if !project.state.is_public() {
        return Err(UpdateRefusal::ProjectNotPublic.into());
    }
    let now = s.clock.now();
    let at = now.plus_seconds(UNDO_SECONDS);
    let mut tx = s.db.begin().await?;
    projects::actions::lock(&mut tx, &project.id).await?;
    if update.audience == Audience::Backers
        && store::has_message_since(&mut tx, &project.id, at.plus_days(-MESSAGE_DAYS)).await?
    {
        return Err(UpdateRefusal::TooSoon.into());
    }
    if !store::move_to(&mut tx, &update.id, UpdateState::Draft, UpdateState::Scheduled, Some(at), None).await? {
        return Err(UpdateRefusal::NotADraft.into());
    }
    record(&mut tx, &update.id, "draft", UpdateState::Scheduled, actor, now).await?;
    jobs::enqueue(&mut tx, now, PUBLISH, &format!("{}/{at}", update.id), at).await?;
    Ok(tx.commit().await?)
}

/// Makes a scheduled update a draft again.
///
/// # Errors
/// [`UpdateRefusal::TooLate`] when its time has come.
pub async fn undo(s: &Services, actor: &str, update: &Update) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, &update.id).await?;
    let update = get(&mut tx, &update.id).await?;
    if update.publish_at.is_none_or(|at| at <= now)
        || !store::move_to(&mut tx, &update.id, UpdateState::Scheduled, UpdateState::Draft, None, None).await?
    {
        return Err(UpdateRefusal::TooLate.into());
    }
    record(&mut tx, &update.id, "scheduled", UpdateState::Draft, actor, now).await?;
    Ok(tx.commit().await?)
}

/// Takes an update away: a draft that is not wanted, or a published one that should not be read. A scheduled one is undone
/// first.
///
/// # Errors
/// [`UpdateRefusal::NotADraft`] for any other state.
pub async fn withdraw(s: &Services, actor: &str, update: &Update) -> Result<()> {
    if !matches!(update.state, UpdateState::Draft | UpdateState::Published) {
        return Err(UpdateRefusal::NotADraft.into());
    }
    let mut tx = s.db.begin().await?;
    let published_at = update.published_at;
    if !store::move_to(&mut tx, &update.id, update.state, UpdateState::Withdrawn, None, published_at).await? {
        return Err(UpdateRefusal::NotADraft.into());
    }
    record(&mut tx, &update.id, update.state.as_str(), UpdateState::Withdrawn, actor, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Work for the job [`PUBLISH`]: publishes the update when it is still scheduled for that moment, and asks for its letters.
pub async fn publish_due(s: &Services, subject: &str) -> Result<()> {
    let (id, at) = subject.split_once('/').ok_or_else(|| Error::broken(format!("no moment in {subject}")))?;
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, id).await?;
    let update = get(&mut tx, id).await?;
    let due = update.publish_at.filter(|due| due.to_string() == at && *due <= now);
    let (UpdateState::Scheduled, Some(due)) = (update.state, due) else { return Ok(()) };
    if store::move_to(&mut tx, id, UpdateState::Scheduled, UpdateState::Published, Some(due), Some(now)).await? {
        record(&mut tx, id, "scheduled", UpdateState::Published, "worker", now).await?;
        jobs::enqueue(&mut tx, now, MAIL, id, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Work for the job [`MAIL`]: queues a letter for everybody the update is for, or lets it wait for their digest, a thousand people in one
/// transaction. After a crash it begins again; who has the one or the other already keeps that.
pub async fn queue_letters(s: &Services, update_id: &str) -> Result<()> {
    let update = get(&mut *s.db.read().await?, update_id).await?;
    if update.state != UpdateState::Published {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let mut tx = s.db.begin().await?;
        // two workers never share out the same update side by side
        store::lock(&mut tx, update_id).await?;
        let now = s.clock.now();
        let (last, users) = match update.audience {
            Audience::Everybody => {
                let readers = rhythm::readers_after(&mut tx, &update.project_id, &after, QUEUED_AT_ONCE).await?;
                let users = digest::share_out(&mut tx, update_id, &readers, now).await?;
                (readers.last().map(|reader| reader.user_id.clone()), users)
            }
            Audience::Backers => {
                let project_id = &update.project_id;
                let users = pledges::actions::backers_after(&mut tx, project_id, &after, QUEUED_AT_ONCE).await?;
                for user_id in &users {
                    // not confirmed, so nothing else is sent for it; it is what the letter's link ends
                    store::insert_follow(&mut tx, &random::id("fol", now), user_id, project_id, now).await?;
                }
                (users.last().cloned(), users)
            }
        };
        let Some(last) = last else { return Ok(()) };
        after = last;
        letters::queue_many(&mut tx, now, "update", update_id, &users).await?;
        tx.commit().await?;
    }
}

/// Work for the job [`payouts::TOLD`]: a letter for every backer of the project who gets its updates, a thousand in one transaction. It may run
/// twice without harm, as [`queue_letters`].
pub async fn tell_backers(s: &Services, tranche_id: &str) -> Result<()> {
    let tranche = payouts::actions::get(&mut *s.db.read().await?, tranche_id).await?;
    let project_id = &tranche.project_id;
    let mut after = String::new();
    loop {
        let mut tx = s.db.begin().await?;
        let readers = rhythm::readers_after(&mut tx, project_id, &after, QUEUED_AT_ONCE).await?;
        let (Some(first), Some(last)) = (readers.first(), readers.last()) else { return Ok(()) };
        let (first, last) = (&first.user_id, &last.user_id);
        let backers = pledges::actions::backers_between(&mut tx, project_id, first, last).await?;
        after.clone_from(last);
        let wanted = readers.iter().filter(|reader| reader.rhythm != Rhythm::Off && backers.contains(&reader.user_id));
        let users: Vec<String> = wanted.map(|reader| reader.user_id.clone()).collect();
        letters::queue_many(&mut tx, s.clock.now(), "tranche_told", tranche_id, &users).await?;
        tx.commit().await?;
    }
}

/// Adds an update that was published earlier, without letters: for demo data and imports.
pub async fn import(
    tx: &mut Tx,
    author_id: &str,
    project: &Project,
    (texts, question): (&Texts, Option<&Question>),
    published_at: Timestamp,
) -> Result<String> {
    let id = random::id("upd", published_at);
    insert(tx, &id, project, texts, None, author_id, published_at).await?;
    answers::set(tx, &id, question).await?;
    store::move_to(tx, &id, UpdateState::Draft, UpdateState::Published, None, Some(published_at)).await?;
    record(tx, &id, "draft", UpdateState::Published, "import", published_at).await?;
    Ok(id)
}

/// The update with this id, if there is one.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Update>> {
    Ok(store::by_id(conn, id).await?)
}

/// How far the letters of an update are, and whether more of them are being written.
pub async fn mailing(conn: &mut Conn, update_id: &str) -> Result<(Tally, bool)> {
    Ok((mailings::of(conn, "update", update_id).await?, jobs::waits(conn, MAIL, update_id).await?))
}

pub(super) async fn get(conn: &mut Conn, id: &str) -> Result<Update> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no update {id}")))
}

async fn record(tx: &mut Tx, id: &str, from: &str, to: UpdateState, actor: &str, now: Timestamp) -> Result<()> {
    let entry = history::Entry { subject: "update", subject_id: id, from, to: to.as_str(), actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}
