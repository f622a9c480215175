//! Mistakes that a test plants, to show that the simulation would find them.
//!
//! Each is one a programmer could make in an afternoon. They exist in debug builds only, on the thread of the test that asked for
//! one; nothing of the program calls [`plant`] (a test holds that).

use std::cell::Cell;

/// One mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// A refund whose answer was lost is asked for with a new key, and nobody looks whether it was made.
    SecondRefund,
    /// News of a payment is applied whatever its state is.
    NoStateGuard,
    /// A reservation does not look whether it still fits.
    NoReservationGuard,
    /// The provider's fee is posted each time it is seen.
    FeeTwice,
    /// Of a near miss all that is held counts as kept, whatever its backers chose.
    ChoicesIgnored,
    /// What a fund added to a pledge stays when the pledge goes back.
    MatchStays,
    /// The public sees every count as it is.
    SmallCellsShown,
}

thread_local! {
    static PLANTED: Cell<Option<Mistake>> = const { Cell::new(None) };
}

/// Makes this thread make a mistake, or none.
pub fn plant(mistake: Option<Mistake>) {
    PLANTED.set(mistake);
}

/// Whether this mistake is to be made here.
pub fn is(mistake: Mistake) -> bool {
    cfg!(debug_assertions) && PLANTED.get() == Some(mistake)
}
