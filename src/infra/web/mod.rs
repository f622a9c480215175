//! The web kit: what every page, form and answer has in common.

pub mod again;
pub mod assets;
pub mod cache;
pub mod client;
pub mod ctx;
pub mod form;
pub mod headers;
pub mod human;
pub mod latency;
pub mod limit;
pub mod live;
pub mod problem;
pub mod qr;
pub mod reload;
pub mod reports;
pub mod token;
pub mod upload;

pub use ctx::Ctx;
pub use form::{Form, Posted};
pub use problem::{Answer, Failure};
