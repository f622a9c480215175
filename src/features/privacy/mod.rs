//! What the law on personal data (GDPR, in Dutch AVG) asks: one table of what is kept of people and how long, the copy that somebody takes along,
//! and erasing. This noun stands behind the others: each of them gives, forgets and tidies what is its own.
//!
//! Somebody who wants to leave asks for it, having just proved who they are, and gets a letter. For three days they can take it back, by the
//! link or in the account; then it is carried out. Whoever is not erased yet goes on as before, so that a stolen session
//! cannot destroy an account behind its owner's back.
//!
//! | erasure | what it means for the person | next |
//! | --- | --- | --- |
//! | asked (`asked_at`) | a letter went out; nothing is gone yet | taken back, or done at `due_at` unless something is in the way |
//! | taken back (`undone_at`) | all stays as it was | never |
//! | done (`done_at`) | name, address and all that signs in are gone; the pledges stay without a name | never |
//!
//! In the way stands what only the person can settle: money on its way (a letter about it may still be needed), an organisation that nobody else
//! owns, work for the platform's team. A pledge that is paid and waits for its round is not in the way: its money goes on
//! under the id, to the project or back to where it came from (F72).

pub mod actions;
pub mod download;
pub mod erasure;
pub mod letters;
pub mod retention;
mod store;
pub mod web;

crate::refusals! {
    /// Why somebody cannot be erased.
    pub enum Refusal {
        OfTheTeam => Conflict "erase-of-the-team",
        OwnsAlone { names: String } => Conflict "erase-owns-alone",
        MoneyMoves { references: String } => Conflict "erase-money-moves",
        NotConfirmed => Invalid("confirm") "erase-not-confirmed",
    }
}
