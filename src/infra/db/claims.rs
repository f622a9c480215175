//! Taking rows to work on, by several workers at once.
//!
//! A batch is taken by one statement: `UPDATE … WHERE lease AND id IN (SELECT … WHERE guard AND lease ORDER BY … LIMIT n)`, with the
//! lease inside and outside. Outside stands nothing else: the rest of the guard has an index, and a planner that takes it there goes
//! through all that wait for each batch. SQLite did so, and PostgreSQL, while it had not counted yet how many came, even chose the batch
//! anew for each of them. For the same reason the inner list is in an order that an index gives as it is.
//!
//! On SQLite that is all, as writers come one after the other. On PostgreSQL two workers would choose the same rows:
//! the second waits for the first, finds the guard broken and goes home with nothing; and as an `UPDATE` takes its rows in the order of
//! the plan and not of the list, two that overlap in part can wait for each other crosswise until the server breaks one off (40P01).
//! There the inner list ends in `FOR UPDATE SKIP LOCKED`: each locks what it chose while it chooses, passes over what others have, and
//! never waits.

use std::borrow::Cow;

use sqlx::AssertSqlSafe;

use super::{Engine, Tx};

/// Where a statement that claims says that rows of others are passed over.
const PLACE: &str = "/* what others hold is passed over */";

impl Tx {
    /// A statement that claims, as this engine wants it. It is a literal with the comment of this module's `PLACE` behind the inner
    /// `LIMIT`; nothing else is put into it.
    pub fn claiming(&self, statement: &'static str) -> AssertSqlSafe<String> {
        AssertSqlSafe(text_for(self.engine, statement).into_owned())
    }
}

fn text_for(engine: Engine, statement: &'static str) -> Cow<'static, str> {
    debug_assert!(statement.contains(PLACE), "a statement that claims says where: {statement}");
    match engine {
        Engine::Sqlite => Cow::Borrowed(statement),
        Engine::Postgres => Cow::Owned(statement.replace(PLACE, "FOR UPDATE SKIP LOCKED")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_postgresql_is_asked_to_pass_over_what_others_hold() {
        let statement = "… (SELECT id FROM jobs LIMIT 5 /* what others hold is passed over */)";
        assert_eq!(text_for(Engine::Postgres, statement), "… (SELECT id FROM jobs LIMIT 5 FOR UPDATE SKIP LOCKED)");
        assert_eq!(text_for(Engine::Sqlite, statement), statement);
    }
}
