//! How far an import is. One of a file that was handed in on the page writes it down in the transaction of each portion, so that the page
//! can show it and a job that was stopped goes on behind the last payment that was booked.

use crate::features::bank::Imported;
use crate::features::bank::store::uploads;
use crate::features::bank::uploads::Upload;
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::values::Timestamp;

/// A file on its way into the books.
#[derive(Debug, Default)]
pub struct Course {
    /// What came of it so far.
    pub done: Imported,
    /// Statements and payments of the file that were read.
    heads: i64,
    rows: i64,
    /// What was read and booked when the work began: it is passed over.
    passed: (i64, i64),
    /// What stands in the row: statements begun, payments done.
    noted: (i64, i64),
    /// The file that was handed in; none for the command line, which tells at its end.
    upload: Option<String>,
    /// When to let others go first.
    until: Option<Timestamp>,
}

impl Course {
    /// One that goes on where the job of this file stopped, and works until then.
    pub fn of(upload: &Upload, until: Timestamp) -> Course {
        let noted = (upload.heads_done, upload.rows_done);
        let (upload_id, done) = (upload.id.clone(), upload.done.clone());
        Course { done, passed: noted, noted, upload: Some(upload_id), until: Some(until), ..Course::default() }
    }

    /// Reads a statement; answers whether it is one that was not begun before.
    pub fn head(&mut self) -> bool {
        self.heads += 1;
        self.heads > self.passed.0
    }

    /// Reads a payment; answers its number in the file, unless it was booked before.
    pub fn row(&mut self) -> Option<i64> {
        self.rows += 1;
        (self.rows > self.passed.1).then_some(self.rows)
    }

    /// All payments that were read.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// Whether it is time to let others go first.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now > until)
    }

    /// Writes down that everything up to this payment is done, in the transaction that does it.
    ///
    /// # Errors
    /// Somebody else went on with the file: nothing of the transaction may stand.
    pub async fn note(&mut self, tx: &mut Tx, rows: i64) -> Result<()> {
        let Some(upload_id) = &self.upload else { return Ok(()) };
        // what a stopped job had done is read again before anything new is
        let reached = (self.heads.max(self.noted.0), rows.max(self.noted.1));
        if !uploads::note(tx, upload_id, self.noted, reached, &self.done).await? {
            return Err(Error::broken(format!("somebody else books the file {upload_id}")));
        }
        self.noted = reached;
        Ok(())
    }
}
