//! Drempel: social projects ask for support, backers pledge, rounds are closed, verified results are paid.
//!
//! Four floors; each uses only those below it, which a test enforces:
//!
//! - [`values`]: money, moments, languages, text. No waiting, no reading, no clock.
//! - [`infra`]: each file wraps one thing outside the program.
//! - [`features`]: the nouns. `mod.rs` says what the noun is, `actions.rs` what can be done, `store.rs` holds its SQL,
//!   `web.rs` its pages.
//! - [`app`]: the wiring: services, router, worker, commands.
//!
//! A pledge's way: `features::pledges::actions::reserve` (reserved) → `features::payments::actions::open_checkout` (the bank's
//! page) → `features::payments::actions::refresh` (the one function that believes the bank; the pledge becomes held) →
//! `features::settlement` (released or refunded).

pub mod app;
pub mod features;
pub mod infra;
pub mod values;
