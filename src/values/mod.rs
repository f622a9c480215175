//! Plain values: money, moments, languages, text. Nothing here waits, reads or writes, and nothing has a clock of its own.

pub mod creditor_reference;
pub mod fee;
pub mod holidays;
pub mod iban;
pub mod lang;
pub mod local_time;
pub mod money;
pub mod split;
pub mod target;
pub mod text;
pub mod time;

pub use creditor_reference::CreditorReference;
pub use iban::Iban;
pub use lang::Lang;
pub use money::{Cents, Rikx};
pub use time::Timestamp;
