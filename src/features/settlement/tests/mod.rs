//! Tests of the closing: the pure plan by properties, the rest on fresh databases of both kinds.

mod approving;
mod executing;
mod planning;
pub(crate) mod world;
