//! Evidence: files that support a figure, or a whole wave of figures. A PDF is kept as it came; a picture is written anew, so that it says no
//! more than what it shows. Who reads a file is asked at every download.
//!
//! | state | what it means for the owner |
//! | --- | --- |
//! | `waiting` | it is there; the team has not looked at it yet, so nobody else sees it |
//! | `accepted` | the team looked at it; whom it is for may read it |
//! | `refused` | the team does not show or use it, and says why; the bytes go after thirty days |
//! | `withdrawn` | the owner took it back; the bytes go in the next night |
//! | `deleted` | its time is over: the bytes are gone, what it was and its hash stay |
//!
//! **How long.** Result money was paid on it, so it belongs to the books: seven whole calendar years after the year in which the project ends
//! (article 52 of the general act on state taxes). The hash stays, so that a copy somebody kept can still be told from another file.
//!
//! **Frozen.** Once a figure was verified, what supported it stays: the owner takes nothing back from under it.

pub mod actions;
pub mod personal;
mod store;
pub mod web;

use sqlx::FromRow;

use crate::features::projects::Project;
use crate::values::Timestamp;
use crate::values::time::months_after;

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// What one project may keep.
const MOST_FILES: i64 = 200;
const MOST_BYTES_OF_PROJECT: i64 = 500 * 1024 * 1024;
/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 120;
/// The longest reason of a refusal, in characters.
pub const LONGEST_REASON: usize = 500;
/// Whole calendar years after the year in which the project ends.
const YEARS: i64 = 7;
/// How long the bytes of a refused file stay, in days.
const DAYS_REFUSED: i64 = 30;
/// How many bytes before its end a PDF says that it ends (ISO 32000-1, Annex H, implementation note 18).
const END_WITHIN: usize = 1_024;

crate::words! {
    pub enum EvidenceState {
        Waiting = "waiting",
        Accepted = "accepted",
        Refused = "refused",
        Withdrawn = "withdrawn",
        Deleted = "deleted",
    }
}

crate::life_cycle! {
    EvidenceState of "evidence" by "id":
    Waiting => Accepted | Refused | Withdrawn | Deleted,
    Accepted => Refused | Withdrawn | Deleted,
    Refused => Withdrawn | Deleted,
    Withdrawn => Deleted,
}

crate::words! {
    pub enum EvidenceKind {
        Pdf = "pdf",
        Picture = "picture",
    }
}

crate::words! {
    /// Who may read it once it was accepted. Its owner and the team always may.
    pub enum Visibility {
        Staff = "staff",
        Backers = "backers",
        Public = "public",
    }
}

crate::refusals! {
    pub enum Refusal {
        FileMissing => Invalid("file") "evidence-file-missing",
        TooLarge => Invalid("file") "evidence-too-large",
        /// Neither a PDF nor a picture.
        UnknownKind => Invalid("file") "evidence-unknown-kind",
        /// It begins as a PDF and does not end as one.
        BrokenPdf => Invalid("file") "evidence-broken-pdf",
        PictureTooLarge => Invalid("file") "picture-too-large",
        PictureTooManyPixels => Invalid("file") "picture-too-many-pixels",
        TooMany => Conflict "evidence-too-many",
        NotMeasured => Conflict "outcomes-not-measured",
        WaveUnknown => Invalid("wave") "evidence-wave-unknown",
        IndicatorUnknown => Invalid("indicator") "evidence-indicator-unknown",
        VisibilityMissing => Invalid("visibility") "evidence-visibility-missing",
        TitleMissing => Invalid("title") "evidence-title-missing",
        TitleTooLong => Invalid("title") "evidence-title-too-long",
        TitleNamesSomebody => Invalid("title") "evidence-title-names",
        NotConfirmed => Invalid("nobody") "evidence-not-confirmed",
        /// A figure that was verified rests on it.
        Frozen => Conflict "evidence-frozen",
        NotHere => NotFound "evidence-not-here",
        /// It was decided, withdrawn or deleted meanwhile.
        Decided => Conflict "evidence-decided",
        ReasonMissing => Invalid("reason") "evidence-reason-missing",
        ReasonTooLong => Invalid("reason") "evidence-reason-too-long",
    }
}

/// A file that was sent, and the facts about it.
#[derive(Debug, Clone, FromRow)]
pub struct Evidence {
    pub id: String,
    pub project_id: String,
    pub wave_id: String,
    /// A code; empty: it is for the whole wave.
    pub indicator: String,
    pub kind: EvidenceKind,
    pub title: String,
    pub visibility: Visibility,
    pub state: EvidenceState,
    /// Of the bytes that were kept, in hexadecimal.
    pub sha256: String,
    pub bytes: i64,
    /// The last day on which the bytes are there.
    pub keep_until: String,
    pub added_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub reason: String,
    pub frozen_at: Option<Timestamp>,
}

impl Evidence {
    /// Whether it supports this figure: its own, or all of its wave.
    pub fn supports(&self, wave_id: &str, indicator: &str) -> bool {
        let counts = matches!(self.state, EvidenceState::Waiting | EvidenceState::Accepted);
        counts && self.wave_id == wave_id && (self.indicator.is_empty() || self.indicator == indicator)
    }

    /// Whether its bytes can be there.
    pub fn has_bytes(&self) -> bool {
        !matches!(self.state, EvidenceState::Withdrawn | EvidenceState::Deleted)
    }

    /// Whether others than owner and team may read it: everybody, or backers.
    pub fn is_shown(&self) -> bool {
        self.state == EvidenceState::Accepted && self.visibility != Visibility::Staff
    }

    /// Whether its owner can take it back.
    pub fn may_be_withdrawn(&self) -> bool {
        self.frozen_at.is_none() && self.state.may_become(EvidenceState::Withdrawn)
    }

    /// What a download is called; nothing of what the sender called it.
    pub fn file_name(&self) -> String {
        let end = match self.kind {
            EvidenceKind::Pdf => "pdf",
            EvidenceKind::Picture => "jpg",
        };
        format!("{}.{end}", self.id)
    }

    pub fn media_type(&self) -> &'static str {
        match self.kind {
            EvidenceKind::Pdf => "application/pdf",
            EvidenceKind::Picture => "image/jpeg",
        }
    }

    /// The size as people read it.
    pub fn size(&self) -> String {
        let kilobytes = (self.bytes + 1_023) / 1_024;
        if kilobytes < 1_024 { format!("{kilobytes} kB") } else { format!("{} MB", (kilobytes + 1_023) / 1_024) }
    }
}

/// Evidence as its owner sends it, beside the bytes.
#[derive(Debug, Clone)]
pub struct NewEvidence {
    pub wave_id: String,
    pub indicator: String,
    pub title: String,
    pub visibility: Option<Visibility>,
    /// Its owner said that it shows no names, faces or addresses.
    pub names_nobody: bool,
}

/// The last day on which evidence of a project is kept: the end of the seventh year after the one in which it ends.
pub fn keep_until(project: &Project) -> String {
    let end = months_after(&project.start_day, project.months).unwrap_or_else(|| project.start_day.clone());
    let year: i64 = end.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default();
    format!("{:04}-12-31", year + YEARS)
}

/// Whether these are the bytes of a whole PDF: it says so at its very beginning, and that it ends near its end. What hangs behind the
/// end, or is something else as well, is refused.
fn is_whole_pdf(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(END_WITHIN);
    begins_as_pdf(bytes) && bytes[from..].windows(5).any(|window| window == b"%%EOF")
}

/// `%PDF-1.` or `%PDF-2.` and a digit.
fn begins_as_pdf(bytes: &[u8]) -> bool {
    let is_known = bytes.starts_with(b"%PDF-1.") || bytes.starts_with(b"%PDF-2.");
    is_known && bytes.get(7).is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_begins_and_ends_as_one() {
        assert!(is_whole_pdf(b"%PDF-1.7\nwords\n%%EOF\n"));
        assert!(is_whole_pdf(b"%PDF-2.0\nwords\n%%EOF"));
        let mut polyglot = b"%PDF-1.7\n%%EOF\n".to_vec();
        polyglot.extend(vec![b'x'; 2_000]);
        for other in
            [&b"GIF89a%PDF-1.7 %%EOF"[..], b"%PDF-1.7\nhalf", b"%PDF-9.1 %%EOF", b"%PDF-1.x %%EOF", b"", &polyglot]
        {
            assert!(!is_whole_pdf(other));
        }
    }

    #[test]
    fn a_size_is_read_by_people() {
        let evidence = |bytes| Evidence {
            id: "evi_1".into(),
            project_id: String::new(),
            wave_id: "wav_1".into(),
            indicator: "people".into(),
            kind: EvidenceKind::Pdf,
            title: String::new(),
            visibility: Visibility::Staff,
            state: EvidenceState::Waiting,
            sha256: String::new(),
            bytes,
            keep_until: String::new(),
            added_at: Timestamp::from_millis(0),
            decided_at: None,
            reason: String::new(),
            frozen_at: None,
        };
        assert_eq!([1, 1_024, 1_025].map(|bytes| evidence(bytes).size()), ["1 kB", "1 kB", "2 kB"]);
        assert_eq!(evidence(3 * 1_024 * 1_024).size(), "3 MB");
        let one = evidence(1);
        assert!(one.supports("wav_1", "people") && !one.supports("wav_1", "meals") && !one.supports("wav_2", "people"));
        assert!(Evidence { indicator: String::new(), ..one.clone() }.supports("wav_1", "meals"));
        assert!(!Evidence { state: EvidenceState::Refused, ..one }.supports("wav_1", "people"));
    }
}
