//! The wiring: services, router, worker, commands.

pub mod commands;
pub mod dev;
pub mod dev_mail;
pub mod letters;
pub mod router;
pub mod services;
