//! The nouns, in the order in which they may use each other. Of another noun only `mod.rs` and `actions.rs` are used.
//!
//! `backing` is the way of a backer through pledges and payments, `studio` the pages of owners, `site` the public pages, `staff`
//! the platform team's: each shows what several nouns know, so they stand behind them.
//!
//! `plans` is how a project begins: written by its owner, handed in, and talked over with reviewers until it goes to the experts.
//!
//! Money comes in through `payments` (the provider) and `bank` (statements), goes back through `payments::refunds`, and leaves through
//! `transfers` (files for the bank) and `payouts` (tranches); `match_funds` add to pledges what others set aside for it, `consents` hear
//! owner and backers of a near miss, `withdrawals` take back a project before it is funded, `terminations` stop a project and send back
//! what is left of it. `approvals` is where two people decide, `recoveries` lets somebody who lost every second factor begin anew, `cases` where a person must
//! look, `reconciliation` where the books are held against the world, `receipts` what people keep of it.
//!
//! `social_return` is what purchases of companies count for by the tables of municipalities.
//!
//! `privacy` is the copy of what is held of a person, leaving for good, and how long everything is kept.
//!
//! `outcomes` is what projects promise and measure, `verifications` who checks it, `results` what it is paid for it.
//!
//! `open_data` gives what is public in the forms that other programs read.
//!
//! `desk` is what the team's lists can do beyond showing: views that are kept, and one deed for many things.
//!
//! `valuations` is where experts value what is asked for, `calendar` how a round takes its steps by its dates.

pub mod approvals;
pub mod backing;
pub mod bank;
pub mod calendar;
pub mod cases;
pub mod consents;
pub mod desk;
pub mod evidence;
pub mod ledger;
#[doc = include_str!("life_cycles.md")]
pub mod life_cycles {}
pub mod match_funds;
pub mod open_data;
pub mod organisations;
pub mod outcomes;
pub mod payments;
pub mod payouts;
pub mod plans;
pub mod pledges;
pub mod privacy;
pub mod projects;
pub mod receipts;
pub mod reconciliation;
pub mod recoveries;
pub mod results;
pub mod rounds;
pub mod settlement;
pub mod site;
pub mod social_return;
pub mod staff;
pub mod studio;
pub mod terminations;
pub mod transfers;
pub mod updates;
pub mod users;
pub mod valuations;
pub mod verifications;
pub mod withdrawals;

/// The order that a test holds the `use` lines against.
pub const ORDER: &[&str] = &[
    "ledger",
    "users",
    "approvals",
    "recoveries",
    "cases",
    "organisations",
    "rounds",
    "projects",
    "pledges",
    "match_funds",
    "payments",
    "transfers",
    "bank",
    "consents",
    "withdrawals",
    "settlement",
    "payouts",
    "terminations",
    "updates",
    "outcomes",
    "evidence",
    "verifications",
    "results",
    "plans",
    "valuations",
    "calendar",
    "receipts",
    "social_return",
    "backing",
    "studio",
    "site",
    "open_data",
    "reconciliation",
    "desk",
    "privacy",
    "staff",
];
