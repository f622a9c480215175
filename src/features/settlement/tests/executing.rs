//! Carrying out: in pieces, killed at any instant, by two workers, paused, with a line that cannot be carried out.

use std::time::Duration;

use super::world::{World, engines};
use crate::features::pledges::PledgeState;
use crate::features::rounds::RoundState;
use crate::features::settlement::execute::{self, Step};
use crate::features::settlement::{Settlement, SettlementState, actions, board, protocol_page};
use crate::infra::random;

/// One project that makes it with money to spare and one that does not.
async fn world(engine: &str) -> World {
    let world = World::new(engine, &[10_000, 90_000]).await;
    let amounts: Vec<i64> = (0..40).map(|i| 300 + i * 7).collect();
    world.hold(0, &amounts).await;
    world.hold(1, &amounts).await;
    world
}

async fn settled(world: &World, settlement: &Settlement) {
    let mut conn = world.s.db.read().await.unwrap();
    let after = actions::get(&mut conn, &settlement.id).await.unwrap();
    drop(conn);
    assert_eq!(after.state, SettlementState::Done);
    assert_eq!(world.round_state().await, RoundState::Settled);
    assert_eq!(world.states(PledgeState::Released).await, 40);
    assert_eq!(world.states(PledgeState::Refunded).await, 40);
    assert_eq!(world.count("SELECT COUNT(*) FROM refunds").await, 40);
    assert_eq!(world.count("SELECT COUNT(*) FROM letters WHERE kind = 'round_won'").await, 40);
    assert_eq!(world.count("SELECT COUNT(*) FROM letters WHERE kind = 'round_lost'").await, 40);
    world.assert_invariants().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_carried_out_and_ends_when_the_last_refund_has_arrived() {
    for engine in engines() {
        let world = world(engine).await;
        let settlement = world.approved().await;
        execute::run(&world.s, &settlement.id).await.unwrap();
        assert_eq!(world.states(PledgeState::Released).await, 40);
        assert_eq!(world.states(PledgeState::Refunding).await, 40);
        assert_eq!(world.round_state().await, RoundState::Closing);
        let mut conn = world.s.db.read().await.unwrap();
        let numbers = board(&mut conn, &settlement, world.s.clock.now()).await.unwrap();
        assert_eq!((numbers.lines(), numbers.left(), numbers.seconds_left), ((80, 80), 40, None));
        drop(conn);
        world.assert_invariants().await;
        world.pay_refunds().await;
        execute::run(&world.s, &settlement.id).await.unwrap();
        settled(&world, &settlement).await;
        // and once more changes nothing
        execute::run(&world.s, &settlement.id).await.unwrap();
        settled(&world, &settlement).await;
        let mut conn = world.s.db.read().await.unwrap();
        let (csv, next) = protocol_page(&mut conn, &settlement.id, "").await.unwrap();
        assert_eq!((csv.lines().count(), next), (80, None));
        assert!(!csv.contains("HYPERLINK") && !csv.contains('@'));
        let start = crate::features::ledger::Account::OwnerPayable(world.projects[0].id.clone(), "org_1".to_owned());
        let balance = crate::features::ledger::actions::balance(&mut conn, &start).await.unwrap();
        assert_eq!(balance.0, -10_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f39_killed_at_any_instant_and_by_two_workers_there_is_no_gap_and_no_double() {
    for engine in engines() {
        let world = world(engine).await;
        let settlement = world.approved().await;
        let worker = async || {
            // dropped in the middle of whatever it does, as a killed process drops it; with more patience after each kill, so
            // that a busy machine gets there too
            let mut patience_micros = 2_000;
            loop {
                let share = u64::from(random::bytes::<1>()[0]);
                let step = execute::batch(&world.s, &settlement.id, 7);
                match tokio::time::timeout(Duration::from_micros(patience_micros * share / 255), step).await {
                    Ok(Ok(Step::NoneLeft)) => return,
                    Ok(Ok(_)) => patience_micros = 2_000,
                    Err(_) => patience_micros += patience_micros / 4,
                    Ok(Err(error)) => panic!("{error}"),
                }
            }
        };
        tokio::join!(worker(), worker());
        world.assert_invariants().await;
        world.pay_refunds().await;
        let (a, b) = tokio::join!(execute::run(&world.s, &settlement.id), execute::run(&world.s, &settlement.id));
        a.unwrap();
        b.unwrap();
        settled(&world, &settlement).await;
        assert_eq!(world.count("SELECT COUNT(*) FROM state_changes WHERE to_state = 'done'").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f38_killed_while_the_list_is_frozen_it_is_whole_or_absent() {
    for engine in engines() {
        let world = world(engine).await;
        world.close().await;
        let hash = world.propose().await.hash;
        let mut killed = 0;
        for micros in (0..).step_by(400) {
            let approval = actions::approve(&world.s, &world.round.id, world.treasurer(1), &hash);
            let lines = match tokio::time::timeout(Duration::from_micros(micros), approval).await {
                Ok(Ok(_)) => break,
                Ok(Err(error)) => {
                    // the kill came after the commit and before the answer
                    assert!(error.refusal::<crate::features::settlement::Refusal>().is_some(), "{error}");
                    break;
                }
                Err(_) => world.count("SELECT COUNT(*) FROM settlement_lines").await,
            };
            assert!(lines == 0 || lines == 80, "{lines}");
            killed += 1;
        }
        assert!(killed > 0);
        assert_eq!(world.count("SELECT COUNT(*) FROM settlement_lines").await, 80);
        world.assert_invariants().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paused_nothing_new_begins_and_due_refunds_stay() {
    for engine in engines() {
        let world = world(engine).await;
        let settlement = world.approved().await;
        let id = &world.round.id;
        for _ in 0..8 {
            assert_eq!(execute::batch(&world.s, &settlement.id, 7).await.unwrap(), Step::Took(7));
        }
        actions::pause(&world.s, id, world.treasurer(2)).await.unwrap();
        assert!(actions::pause(&world.s, id, world.treasurer(2)).await.is_err());
        assert_eq!(execute::batch(&world.s, &settlement.id, 7).await.unwrap(), Step::Stopped);
        execute::run(&world.s, &settlement.id).await.unwrap();
        world.pay_refunds().await;
        assert_eq!(world.states(PledgeState::Refunded).await, 0);
        assert!(world.states(PledgeState::Refunding).await > 0);
        world.assert_invariants().await;
        actions::resume(&world.s, id, world.treasurer(0)).await.unwrap();
        execute::run(&world.s, &settlement.id).await.unwrap();
        world.pay_refunds().await;
        execute::run(&world.s, &settlement.id).await.unwrap();
        settled(&world, &settlement).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_cannot_be_carried_out_stops_no_other() {
    for engine in engines() {
        let world = world(engine).await;
        let settlement = world.approved().await;
        let set = async |from: &str, to: &str| {
            let mut tx = world.s.db.begin().await.unwrap();
            sqlx::query(
                "UPDATE pledges SET state = $2 WHERE state = $1 AND id = (SELECT MIN(pledge_id) FROM settlement_lines
                     WHERE effect = 'refund')",
            )
            .bind(from)
            .bind(to)
            .execute(&mut *tx)
            .await
            .unwrap();
            tx.commit().await.unwrap();
        };
        set("held", "disputed").await;
        execute::run(&world.s, &settlement.id).await.unwrap();
        world.pay_refunds().await;
        execute::run(&world.s, &settlement.id).await.unwrap();
        assert_eq!(world.states(PledgeState::Refunded).await, 39);
        assert_eq!(world.round_state().await, RoundState::Closing);
        let mut conn = world.s.db.read().await.unwrap();
        let numbers = board(&mut conn, &settlement, world.s.clock.now()).await.unwrap();
        assert_eq!((numbers.aside[0].what.as_str(), numbers.aside[0].count), ("pledge is disputed", 1));
        drop(conn);
        // the dispute was withdrawn
        set("disputed", "held").await;
        actions::resume(&world.s, &world.round.id, world.treasurer(0)).await.unwrap();
        execute::run(&world.s, &settlement.id).await.unwrap();
        world.pay_refunds().await;
        execute::run(&world.s, &settlement.id).await.unwrap();
        settled(&world, &settlement).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_list_or_a_lone_decision_is_found() {
    for engine in engines() {
        let world = world(engine).await;
        world.approved().await;
        let mut tx = world.s.db.begin().await.unwrap();
        sqlx::query(
            "UPDATE settlement_lines SET start_cents = start_cents - 1, result_cents = result_cents + 1
             WHERE effect = 'release' AND pledge_id = (SELECT MIN(pledge_id) FROM settlement_lines WHERE effect = 'release')",
        )
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let mut conn = world.s.db.read().await.unwrap();
        let checks = crate::features::settlement::verify(&mut conn).await.unwrap();
        assert_eq!(checks.iter().filter(|check| !check.offending.is_empty()).count(), 2);
    }
}
