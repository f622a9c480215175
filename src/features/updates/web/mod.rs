//! The pages of updates and follows: the owner's, and those that a letter leads to. The updates on the project's page belong to
//! `site`.

mod follow;
mod studio;

use axum::Router;

use crate::infra::Services;

/// Pages of one person, under the guard against forged requests.
pub fn personal() -> Router<Services> {
    studio::routes().merge(follow::routes())
}

/// Addresses that a mail program posts to by itself (RFC 8058): no cookie, no origin, so outside that guard. The secret in the
/// address is the right to do it.
pub fn open() -> Router<Services> {
    follow::open()
}
