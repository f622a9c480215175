//! The routes of the platform team.

use axum::Router;
use axum::routing::{get, post};

use crate::features::staff::{
    approvals, bank, board, books, cases, closing, disputes, home, jobs, lists, payouts, pledge, reconciliation,
    rounds, strays, transfers,
};
use crate::infra::Services;

/// Routes that read cookies.
pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/staff", get(home::show))
        .route("/{lang}/staff/rounds", get(rounds::list))
        .route("/{lang}/staff/rounds/{number}", get(rounds::show))
        .route("/{lang}/staff/rounds/{number}/closing", get(closing::show))
        .route("/{lang}/staff/rounds/{number}/closing/begin", post(closing::begin))
        .route("/{lang}/staff/rounds/{number}/closing/propose", post(closing::propose))
        .route("/{lang}/staff/rounds/{number}/closing/approve", post(closing::approve))
        .route("/{lang}/staff/rounds/{number}/closing/pause", post(closing::pause))
        .route("/{lang}/staff/rounds/{number}/closing/resume", post(closing::resume))
        .route("/{lang}/staff/rounds/{number}/closing/protocol.csv", get(board::protocol))
        .route("/{lang}/staff/pledges", get(lists::pledges))
        .route("/{lang}/staff/pledges/{reference}", get(pledge::show))
        .route("/{lang}/staff/payments", get(lists::payments))
        .route("/{lang}/staff/refunds", get(lists::refunds))
        .route("/{lang}/staff/disputes", get(disputes::list))
        .route("/{lang}/staff/cases", get(cases::list))
        .route("/{lang}/staff/cases/{id}", get(cases::show))
        .route("/{lang}/staff/cases/{id}/propose", post(cases::propose))
        .route("/{lang}/staff/cases/{id}/approve", post(cases::approve))
        .route("/{lang}/staff/cases/{id}/withdraw", post(cases::withdraw))
        .route("/{lang}/staff/cases/{id}/explain", post(cases::explain))
        .route("/{lang}/staff/cases/{id}/money/propose", post(strays::propose))
        .route("/{lang}/staff/cases/{id}/money/approve", post(strays::approve))
        .route("/{lang}/staff/cases/{id}/money/withdraw", post(strays::withdraw))
        .route("/{lang}/staff/reconciliation", get(reconciliation::show))
        .route("/{lang}/staff/reconciliation/run", post(reconciliation::run))
        .route("/{lang}/staff/approvals", get(approvals::list))
        .route("/{lang}/staff/claims", get(transfers::claims))
        .route("/{lang}/staff/payouts", get(payouts::list))
        .route("/{lang}/staff/payouts/propose", post(payouts::propose))
        .route("/{lang}/staff/payouts/{id}", get(payouts::show))
        .route("/{lang}/staff/payouts/{id}/approve", post(payouts::approve))
        .route("/{lang}/staff/payouts/{id}/withdraw", post(payouts::withdraw))
        .route("/{lang}/staff/payouts/accounts/{id}", get(payouts::account))
        .route("/{lang}/staff/payouts/accounts/{id}/propose", post(payouts::propose_account))
        .route("/{lang}/staff/payouts/accounts/{id}/approve", post(payouts::approve_account))
        .route("/{lang}/staff/transfers", get(transfers::list))
        .route("/{lang}/staff/transfers/propose", post(transfers::propose))
        .route("/{lang}/staff/transfers/{id}", get(transfers::show))
        .route("/{lang}/staff/transfers/{id}/approve", post(transfers::approve))
        .route("/{lang}/staff/transfers/{id}/download", post(transfers::download))
        .route("/{lang}/staff/transfers/{id}/sent", post(transfers::sent))
        .route("/{lang}/staff/transfers/{id}/withdraw", post(transfers::withdraw))
        .route("/{lang}/staff/bank", get(bank::show).post(bank::import).layer(bank::limit()))
        .route("/{lang}/staff/bank/statements/{id}", get(bank::statement))
        .route("/{lang}/staff/bank/lines/{id}", get(bank::line))
        .route("/{lang}/staff/bank/lines/{id}/propose", post(bank::propose))
        .route("/{lang}/staff/bank/lines/{id}/approve", post(bank::approve))
        .route("/{lang}/staff/bank/lines/{id}/withdraw", post(bank::withdraw))
        .route("/{lang}/staff/books", get(books::show))
        .route("/{lang}/staff/books.csv", get(books::csv))
        .route("/{lang}/staff/books.xlsx", get(books::xlsx))
        .route("/{lang}/staff/jobs", get(jobs::show))
        .route("/{lang}/staff/jobs/{name}", get(jobs::task))
        .route("/{lang}/staff/jobs/{name}/switch", post(jobs::switch))
        .route("/{lang}/staff/jobs/{name}/run", post(jobs::run))
}
