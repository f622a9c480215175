//! What the pieces on `/dev/components` show that come from plans, payouts and results: made-up content in the shapes that the macros name.

use crate::features::payouts::plan::{Part, WaitsFor};
use crate::features::payouts::plan_form::Row;
use crate::features::plans::CommentState;
use crate::features::results::view::Line;
use crate::infra::web::Ctx;
use crate::values::Cents;

/// What `macros/remarks.html` names.
pub struct Remark {
    pub comment: Comment,
}

pub struct Comment {
    pub id: &'static str,
    pub text: &'static str,
    pub state: CommentState,
    pub answer: &'static str,
}

impl Remark {
    pub fn is_about(&self, field: &str) -> bool {
        field == "title"
    }

    pub fn is_open(&self) -> bool {
        self.comment.state == CommentState::Open
    }

    pub fn about(&self, _ctx: &Ctx) -> String {
        "Lorem".to_owned()
    }
}

/// One that waits for an answer, and one that has it.
pub fn remarks() -> Vec<Remark> {
    let remark = |id, state, answer| Remark { comment: Comment { id, text: "Lorem ipsum dolor?", state, answer } };
    vec![remark("one", CommentState::Open, ""), remark("two", CommentState::Done, "Consectetur adipiscing.")]
}

/// A plan of payouts in three parts, one for each thing that a part can wait for.
pub fn parts() -> Vec<Part> {
    let part = |position, label: &str, cents, waits_for, day: &str| Part {
        plan_id: "lorem".to_owned(),
        position,
        label_nl: label.to_owned(),
        label_en: String::new(),
        amount: Cents(cents),
        waits_for,
        day: day.to_owned(),
        reported_at: None,
        report: String::new(),
        update_number: None,
        decision_id: None,
    };
    vec![
        part(1, "Lorem", 120_000, WaitsFor::Start, ""),
        part(2, "Ipsum", 60_000, WaitsFor::Day, "2030-01-31"),
        part(3, "Dolor", 60_050, WaitsFor::Milestone, ""),
    ]
}

/// The first rows in which such a plan is written, the second one wrong.
pub fn rows(wrong: String) -> Vec<Row> {
    let row = |number, share: &str, waits_for: &str, error| Row {
        number,
        label_nl: "Lorem".to_owned(),
        label_en: String::new(),
        share: share.to_owned(),
        waits_for: waits_for.to_owned(),
        day: String::new(),
        error,
    };
    vec![row(1, "50", "start", None), row(2, "?", "milestone", Some(wrong))]
}

/// A promise that was reached in part, and one that nobody verified yet.
pub fn lines(ctx: &Ctx) -> Vec<Line> {
    let line = |name: &str, verified: String, reached: &str, due, now| Line {
        name: name.to_owned(),
        share_percent: 50,
        part: Cents(100_000),
        target: "12".to_owned(),
        verified,
        level: String::new(),
        reached: reached.to_owned(),
        limits: String::new(),
        why: String::new(),
        due: Cents(due),
        before: Cents(0),
        now: Cents(now),
    };
    vec![line("Lorem", "9".to_owned(), "75", 75_000, 75_000), line("Ipsum", ctx.t("results-not-verified"), "", 0, 0)]
}
