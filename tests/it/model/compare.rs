//! The program held against the model: every pledge, refund, project, account and transfer.

use std::collections::BTreeMap;

use drempel::app::verify;
use drempel::features::payments::RefundState;
use drempel::features::pledges::{self, PledgeState};
use drempel::features::{ledger, rounds};
use drempel::values::Cents;

use super::ground::ROUND;
use super::program::Program;
use super::reference::Model;
use super::things::PROJECTS;

impl Program {
    pub async fn rows<T>(&self, sql: &'static str) -> Vec<T>
    where
        T: Send + Unpin + for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow>,
    {
        let mut conn = self.s.db.read().await.expect("a connection");
        sqlx::query_as(sql).fetch_all(&mut *conn).await.expect("rows")
    }

    /// After every command.
    pub async fn agrees_with(&self, model: &Model) {
        assert_eq!(self.reply, model.reply, "the reply");
        self.same_books(model).await;
        self.same_pledges(model).await;
        self.same_projects(model).await;
        self.same_at_the_bank(model);
        let failed: Vec<(String, String)> = self
            .rows(
                "SELECT kind, last_error FROM jobs WHERE last_error <> '' UNION ALL
                 SELECT name, result FROM periodic_tasks WHERE outcome = 'failed'",
            )
            .await;
        assert!(failed.is_empty(), "work that failed: {failed:?}");
    }

    async fn same_books(&self, model: &Model) {
        let mut conn = self.s.db.read().await.expect("a connection");
        let balances = ledger::actions::balances(&mut conn).await.expect("balances");
        let balances: BTreeMap<String, i64> =
            balances.into_iter().map(|(name, Cents(cents))| (name, cents)).filter(|(_, cents)| *cents != 0).collect();
        assert_eq!(balances, model.balances(), "the books");
    }

    async fn same_pledges(&self, model: &Model) {
        let states: Vec<(String, PledgeState)> = self.rows("SELECT id, state FROM pledges").await;
        let states: BTreeMap<String, PledgeState> = states.into_iter().collect();
        assert_eq!(states.len(), model.pledges.len(), "how many pledges there are");
        let refunds: Vec<(String, RefundState, i64)> =
            self.rows("SELECT pledge_id, state, amount_cents FROM refunds").await;
        let refunds: BTreeMap<String, (RefundState, i64)> =
            refunds.into_iter().map(|(id, state, cents)| (id, (state, cents))).collect();
        let entries: Vec<(String, String, i64)> = self
            .rows(
                "SELECT pledge_id, account, CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries
                 WHERE pledge_id IS NOT NULL AND account NOT LIKE 'psp_%' AND account NOT IN ('bank', 'suspense')
                 GROUP BY pledge_id, account",
            )
            .await;
        for (place, pledge) in model.pledges.iter().enumerate() {
            let id = &self.made[place].id;
            assert_eq!(states.get(id), Some(&pledge.state), "the state of pledge {place}: {pledge:?}");
            let refund = pledge.refund.as_ref().map(|refund| (refund.state, pledge.cents));
            assert_eq!(refunds.get(id).copied(), refund, "the refund of pledge {place}: {pledge:?}");
            let owed = |head: &str| -> i64 {
                let of_it = entries.iter().filter(|(pledge, account, _)| pledge == id && account.starts_with(head));
                -of_it.map(|(.., cents)| cents).sum::<i64>()
            };
            let parts = [
                owed("pledges_held:"),
                owed("owner_payable:") + owed("result_money:"),
                owed("refunds_due:"),
                owed("unclaimed_"),
                owed("dispute_hold"),
            ];
            assert_eq!(
                parts,
                model.parts(place),
                "held, released, due, unclaimed and set aside of pledge {place}: {pledge:?}"
            );
        }
    }

    async fn same_projects(&self, model: &Model) {
        let mut conn = self.s.db.read().await.expect("a connection");
        let round = rounds::actions::get(&mut conn, ROUND).await.expect("a round");
        assert_eq!(round.state, model.round, "the round");
        let standings = pledges::actions::standings(&mut conn).await.expect("standings");
        drop(conn);
        for (place, (cap, _)) in PROJECTS.iter().enumerate() {
            let shown = &standings[&format!("prj_{place}")];
            let told = [shown.cap, shown.reserved, shown.processing, shown.held].map(|Cents(cents)| cents);
            let sum = |state| model.sum(place, state);
            let reserved = sum(PledgeState::Reserved);
            let (processing, held) = (sum(PledgeState::Processing), sum(PledgeState::Held));
            assert_eq!(told, [*cap, reserved, processing, held], "what stands for project {place}");
            assert_eq!(shown.backers, model.backers(place), "the backers of project {place}");
        }
        let transfers: Vec<(String, i64)> =
            self.rows("SELECT state, COUNT(*) FROM transfers GROUP BY state ORDER BY state").await;
        assert_eq!(transfers, model.transfers_by_state(), "the transfers");
    }

    /// The bank carried out what was asked of it, once.
    fn same_at_the_bank(&self, model: &Model) {
        let books = self.bank.books();
        let mut asked: Vec<(i64, bool)> = model.refunds_at_bank();
        let mut made: Vec<(i64, bool)> = books.sent_back.iter().map(|sent| (sent.amount_cents, sent.failed)).collect();
        asked.sort_unstable();
        made.sort_unstable();
        assert_eq!(made, asked, "the refunds at the bank");
    }

    /// At the end of a case: every invariant, and no letter twice.
    pub async fn is_sound(&self) {
        for check in verify::all(&self.s).await.expect("checks") {
            assert!(check.offending.is_empty(), "{} {}: {:?}", check.name, check.what, check.offending);
        }
        let letters = self.letters.lock().expect("letters").clone();
        assert!(letters.values().all(|times| *times == 1), "letters that left more than once: {letters:?}");
        let cases: Vec<(String, String)> = self
            .rows(
                "SELECT kind, detail FROM cases WHERE state = 'open' AND kind IN ('provider_differs', 'statement_differs',
                     'totals_differ', 'invariant_broken', 'payment_unknown', 'payment_differs')",
            )
            .await;
        assert!(cases.is_empty(), "what the reconciliation found: {cases:?}");
    }
}
