//! Mail from the row to the reader: the outbox against a server that refuses, and updates and follows through their pages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod common;
mod digests;
mod outbox;
mod updates;
