//! Mail from the row to the reader: the outbox against a server that refuses, and updates and follows through their pages.

mod common;
mod outbox;
mod updates;
