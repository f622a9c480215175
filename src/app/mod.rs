//! The wiring: services, router, worker, commands.

pub mod commands;
pub mod demo;
mod dev;
mod dev_components;
mod dev_mail;
mod dev_samples;
mod dev_statement;
pub mod letters;
pub mod listen;
pub mod metrics;
pub mod periodic;
mod played_bank;
pub mod router;
pub mod serve;
pub mod services;
pub mod time;
pub mod verify;
pub mod worker;
