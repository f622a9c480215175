//! The pages of updates and follows: the owner's, and those that a letter leads to. The updates on the project's page belong to
//! `site`.

mod account;
mod changed;
mod follow;
mod returned;
mod studio;
mod unsubscribe;

use axum::Router;

use crate::infra::Services;

/// Pages of one person, under the guard against forged requests.
pub fn personal() -> Router<Services> {
    studio::routes().merge(follow::routes()).merge(account::routes()).merge(changed::routes())
}

/// Addresses that mail programs (RFC 8058) and mail servers post to by themselves: no cookie, no origin, so outside that guard. A secret
/// in the address or a header is the right to do it.
pub fn open() -> Router<Services> {
    unsubscribe::open().merge(returned::open())
}
