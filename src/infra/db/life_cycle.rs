//! Life cycles: states that change by drawn steps only.
//!
//! A noun writes its steps once, as a table beside its states ([`life_cycle!`](crate::life_cycle)). From it come the function
//! that decides each step, the page that draws them (`features::life_cycles`) and the one statement by which a row takes one. A rule
//! of the tests sees to it that no other statement writes a state, but when a row is made.

use std::fmt::Display;

use crate::infra::db::{Tx, bulk};
use crate::infra::planted::{self, Mistake};

/// The states of a row, in the order of a usual life.
pub trait LifeCycle: Copy + Eq + Display + Send + Sync + 'static {
    const ALL: &'static [Self];
    /// The table, and the column or expression by which a row is named.
    const TABLE: &'static str;
    const KEY: &'static str;
    /// The statement of a step: `$1` is the state that rows leave, `$2` the one they get; the list of their names follows. As a bare
    /// column the state may have an index, and by that SQLite would look for a few rows among all that are in it.
    const STEP: &'static str;

    /// Whether a step leads from this state to that one.
    fn may_become(self, next: Self) -> bool;
}

/// Takes a step. Answers `false`, and changes nothing, when no such step is drawn or the row is not in the state it should come from.
pub async fn step<S: LifeCycle>(tx: &mut Tx, id: &str, from: S, to: S) -> Result<bool, sqlx::Error> {
    step_each(tx, &[id], from, to).await
}

/// Takes the same step with several rows. Answers whether all of them were in the state they should come from; when not, nothing of the
/// transaction may be kept.
pub async fn step_each<S: LifeCycle>(tx: &mut Tx, ids: &[&str], from: S, to: S) -> Result<bool, sqlx::Error> {
    if !from.may_become(to) && !planted::is(Mistake::NoStateGuard) {
        return Ok(false);
    }
    let stepped = bulk::update(tx, S::STEP, &[from.to_string().into(), to.to_string().into()], ids).await?;
    Ok(usize::try_from(stepped) == Ok(ids.len()))
}

/// The steps of a life cycle: which state may become which. States that are not named on the left are never left. Where a table
/// ties another column to the state, `with` says what the step makes of it.
#[macro_export]
macro_rules! life_cycle {
    ($(#[$meta:meta])* $name:ident of $table:literal by $key:literal $(with $also:literal)?: $($from:ident => $($to:ident)|+),+ $(,)?) => {
        impl $name {
            /// Whether a step leads from this state to that one.
            $(#[$meta])*
            pub fn may_become(self, next: $name) -> bool {
                matches!((self, next), $(($name::$from, $($name::$to)|+))|+)
            }
        }

        impl $crate::infra::db::life_cycle::LifeCycle for $name {
            const ALL: &'static [$name] = $name::ALL;
            const TABLE: &'static str = $table;
            const KEY: &'static str = $key;
            const STEP: &'static str = concat!("UPDATE ", $table, " SET state = $2", $(", ", $also,)? " WHERE state || '' = $1 AND ", $key, " IN");

            fn may_become(self, next: $name) -> bool {
                self.may_become(next)
            }
        }
    };
}
