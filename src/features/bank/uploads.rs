//! Files of the bank that somebody hands in on the page. A file is checked while they wait, so that a broken one is refused at once and
//! brings nothing; then it is kept, and a job books it portion by portion. The page shows how far it is and what came of it.

use sqlx::FromRow;

use crate::features::bank::course::Course;
use crate::features::bank::store::uploads as store;
use crate::features::bank::{Imported, import};
use crate::infra::bank::files::Input;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::{Services, files, jobs, random};
use crate::values::Timestamp;

/// The job that books a file; its subject is the upload.
pub const BOOK: &str = "bank.upload";
/// How long the job works before it lets others go first, in seconds; well within its lease.
const PATIENCE_SECONDS: i64 = 45;

/// A file that was handed in.
#[derive(Debug, Clone, FromRow)]
pub struct Upload {
    pub id: String,
    pub file_name: String,
    pub uploaded_by: String,
    pub uploaded_at: Timestamp,
    /// Payments in the file, and how many of them are done.
    pub rows_total: i64,
    pub rows_done: i64,
    pub heads_done: i64,
    #[sqlx(flatten)]
    pub done: Imported,
    pub finished_at: Option<Timestamp>,
}

/// Checks a file, keeps it and asks for its booking. Answers the id of the upload.
///
/// # Errors
/// A [`Refusal`](crate::features::bank::Refusal): then nothing is kept.
pub async fn hand_in(s: &Services, name: &str, bytes: Vec<u8>, by: &str) -> Result<String> {
    let checked = import::checked(s, Input::InMemory(bytes.clone().into())).await?;
    let now = s.clock.now();
    let upload = Upload {
        id: random::id("bup", now),
        file_name: name.to_owned(),
        uploaded_by: by.to_owned(),
        uploaded_at: now,
        rows_total: checked.rows,
        rows_done: 0,
        heads_done: 0,
        done: Imported::default(),
        finished_at: None,
    };
    // the bytes before the row: a row has its bytes, and bytes without a row harm nobody
    files::put(s, &upload.id, &bytes).await?;
    let mut tx = s.db.begin().await?;
    store::insert(&mut tx, &upload).await?;
    jobs::enqueue(&mut tx, now, BOOK, &upload.id, now).await?;
    tx.commit().await?;
    Ok(upload.id)
}

/// The job [`BOOK`]. `Some`: there is more to do.
///
/// # Errors
/// What is no refusal of a rule; the portions that were booked stay booked.
pub async fn run(s: &Services, id: &str) -> Result<Option<Timestamp>> {
    let upload = find(&mut *s.db.read().await?, id).await?;
    let upload = upload.ok_or_else(|| Error::broken(format!("no upload {id}")))?;
    if upload.finished_at.is_none() {
        let bytes = files::read(s, id).await?;
        let bytes = bytes.ok_or_else(|| Error::broken(format!("the bytes of {id} are gone")))?;
        let mut course = Course::of(&upload, s.clock.now().plus_seconds(PATIENCE_SECONDS));
        let (name, by) = (upload.file_name.as_str(), upload.uploaded_by.as_str());
        if !import::book(s, name, Input::InMemory(bytes.into()), by, &mut course).await? {
            return Ok(Some(s.clock.now()));
        }
        let mut tx = s.db.begin().await?;
        store::finish(&mut tx, id, s.clock.now()).await?;
        tx.commit().await?;
    }
    // the lines are in the books; the file has served
    files::remove(s, id).await?;
    Ok(None)
}

/// The upload with this id, if there is one.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Upload>> {
    Ok(store::find(conn, id).await?)
}

/// The newest uploads.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Upload>> {
    Ok(store::latest(conn, limit).await?)
}
