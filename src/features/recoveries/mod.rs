//! Somebody lost every second factor: two admins, who know the person otherwise than by mail, let them enrol anew.
//!
//! One proposes, another approves exactly that (`approvals`, kind [`RECOVER`]): what there was is removed, every session ends, the
//! person and all admins get a letter, and the person enrols again; somebody of the team by a link in that letter.

pub mod actions;

/// The kind of the proposal; its subject is the user.
pub const RECOVER: &str = "people.recover";

crate::refusals! {
    /// Why a recovery cannot be proposed or approved.
    pub enum Refusal {
        NoSuchUser => NotFound "recovery-no-such-user",
        /// Who recovers oneself needs no second person.
        Own => Forbidden "recovery-own",
        /// Who has no factor and is not of the team adds one by mail.
        NothingToRemove => Conflict "recovery-nothing-to-remove",
    }
}
