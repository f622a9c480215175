//! The wiring: services, router, worker, commands.

pub mod commands;
pub mod router;
pub mod services;
