//! The integration tests: the whole program over HTTP, with the sandbox bank, on the database that `TEST_DATABASE` names
//! (`sqlite`, or `postgres` with `TEST_POSTGRES_URL`).

mod alarms;
mod arrivals;
mod bad_input;
mod bank;
mod books;
mod cases;
mod closing;
mod commands;
mod concurrency;
mod disputes;
mod faults;
mod ledger;
mod left_alone;
mod life_cycles;
mod mail;
mod model;
mod money;
mod money_out;
mod papers;
mod papers_back;
mod payouts;
mod plans;
mod provider_balance;
mod provider_events;
mod reconciliation;
mod refunds;
mod rules;
mod sign_in;
mod site;
mod stopping;
mod strays;
mod studio;
mod support;
mod switches;
