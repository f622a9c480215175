//! Beginning, proposing and approving: who may, when, and what happens when two do it at once.

use super::world::{World, engines};
use crate::features::payments::{self, RefundCause, refunds};
use crate::features::pledges;
use crate::features::pledges::PledgeState;
use crate::features::projects::ProjectState;
use crate::features::rounds::RoundState;
use crate::features::settlement::{Decision, Refusal, SettlementState, Treasurer, actions};
use crate::infra::error::{Error, Result};

fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(error) => error.refusal::<Refusal>().cloned().unwrap_or_else(|| panic!("no refusal: {error}")),
        Ok(value) => panic!("accepted: {value:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i20_from_the_closing_instant_no_pledge_is_accepted_and_open_payments_are_looked_at() {
    for engine in engines() {
        let world = World::new(engine, &[10_000]).await;
        world.hold(0, &[5_000]).await;
        let mut tx = world.s.db.begin().await.unwrap();
        let open = world.reserve(&mut tx, 0, 500).await.unwrap();
        let now = world.s.clock.now();
        payments::actions::create(&mut tx, &[(&open, "ideal", now)], now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(actions::begin_due(&world.s).await.unwrap(), 0);
        world.close().await;
        assert_eq!(world.round_state().await, RoundState::Closing);
        assert_eq!(actions::begin_due(&world.s).await.unwrap(), 0);
        let mut tx = world.s.db.begin().await.unwrap();
        let late = world.reserve(&mut tx, 0, 500).await;
        assert!(matches!(late.unwrap_err().refusal(), Some(pledges::Refusal::NotSelling)));
        drop(tx);
        assert_eq!(world.count("SELECT COUNT(*) FROM jobs WHERE kind = 'payment.check'").await, 1);
        let mut conn = world.s.db.read().await.unwrap();
        let plan = actions::fresh_plan(&mut conn, &world.round).await.unwrap();
        let readiness = actions::readiness(&mut conn, &world.round, &plan).await.unwrap();
        assert_eq!((readiness.open_sessions, readiness.differences), (1, 0));
        world.assert_invariants().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_treasurer_may_end_the_sale_with_a_reason() {
    for engine in engines() {
        let world = World::new(engine, &[10_000]).await;
        let begin = |reason| actions::begin(&world.s, &world.round.id, world.treasurer(0), reason);
        assert_eq!(refused(begin("  ").await), Refusal::ReasonMissing);
        let nobody = Treasurer { user_id: "usr_none", ..world.treasurer(0) };
        assert_eq!(refused(actions::begin(&world.s, &world.round.id, nobody, "now").await), Refusal::NotTreasurer);
        begin("sold out").await.unwrap();
        assert_eq!(world.round_state().await, RoundState::Closing);
        assert_eq!(refused(begin("again").await), Refusal::NotSelling);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f92_nobody_approves_an_own_proposal_not_even_by_hand() {
    for engine in engines() {
        let world = World::new(engine, &[10_000]).await;
        world.hold(0, &[5_000]).await;
        world.close().await;
        let proposed = world.propose().await;
        let own = actions::approve(&world.s, &world.round.id, world.treasurer(0), &proposed.hash).await;
        assert_eq!(refused(own), Refusal::OwnProposal);
        let mut tx = world.s.db.begin().await.unwrap();
        let by_hand = sqlx::query("UPDATE settlements SET state = 'executing', approved_by = proposed_by")
            .execute(&mut *tx)
            .await;
        assert!(by_hand.is_err());
        drop(tx);
        let mut tx = world.s.db.begin().await.unwrap();
        assert!(sqlx::query("UPDATE settlements SET state = 'executing'").execute(&mut *tx).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f94_rights_and_the_second_factor_are_looked_at_when_it_counts() {
    for engine in engines() {
        let world = World::new(engine, &[10_000]).await;
        world.close().await;
        let hash = world.fresh_hash().await;
        let id = &world.round.id;
        let nobody = Treasurer { user_id: "usr_none", ..world.treasurer(0) };
        assert_eq!(refused(actions::propose(&world.s, id, nobody, &hash, "why").await), Refusal::NotTreasurer);
        world.propose().await;
        let stale = Treasurer { fresh_until: world.s.clock.now(), ..world.treasurer(1) };
        assert_eq!(refused(actions::approve(&world.s, id, stale, &hash).await), Refusal::FactorNotFresh);
        let mut tx = world.s.db.begin().await.unwrap();
        sqlx::query("DELETE FROM staff_roles WHERE user_id = $1")
            .bind(&world.treasurers[1].id)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(refused(actions::approve(&world.s, id, world.treasurer(1), &hash).await), Refusal::NotTreasurer);
        assert_eq!(refused(actions::pause(&world.s, id, world.treasurer(2)).await), Refusal::NotRunning);
        assert_eq!(refused(actions::resume(&world.s, id, world.treasurer(2)).await), Refusal::NotPaused);
        actions::approve(&world.s, id, world.treasurer(2), &hash).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f93_a_proposal_is_bound_to_its_list() {
    for engine in engines() {
        let world = World::new(engine, &[10_000, 4_000]).await;
        let held = world.hold(0, &[5_000, 5_000]).await;
        world.hold(1, &[4_100]).await;
        let id = &world.round.id;
        let early = world.fresh_hash().await;
        let too_soon = actions::propose(&world.s, id, world.treasurer(0), &early, "why").await;
        assert_eq!(refused(too_soon), Refusal::NotClosing);
        world.close().await;
        let wrong = actions::propose(&world.s, id, world.treasurer(0), "0000", "why").await;
        assert_eq!(refused(wrong), Refusal::Outdated);
        let first = world.propose().await;
        let again = actions::propose(&world.s, id, world.treasurer(2), &first.hash, "why").await;
        assert_eq!(refused(again), Refusal::AlreadyProposed);
        // a pledge leaves between the proposal and the approval
        let now = world.s.clock.now();
        let mut tx = world.s.db.begin().await.unwrap();
        let pledge = pledges::actions::lock(&mut tx, &held[0].id).await.unwrap();
        let payment = payments::actions::of_pledge(&mut tx, &pledge.id).await.unwrap().unwrap();
        pledges::actions::begin_refund(&mut tx, &pledge, "test", "cancelled", now).await.unwrap();
        refunds::make_due(&mut tx, &payment, &pledge, RefundCause::Cancelled, now).await.unwrap();
        tx.commit().await.unwrap();
        let approved = actions::approve(&world.s, id, world.treasurer(1), &first.hash).await;
        assert_eq!(refused(approved), Refusal::Outdated);
        assert_eq!(world.count("SELECT COUNT(*) FROM settlement_lines").await, 0);
        let expired = actions::get(&mut world.s.db.read().await.unwrap(), &first.id).await.unwrap();
        assert_eq!(expired.state, SettlementState::Expired);
        // the new list is another one: the first project has failed now
        let second = world.propose().await;
        assert_ne!(second.hash, first.hash);
        let old = actions::approve(&world.s, id, world.treasurer(1), &first.hash).await;
        assert_eq!(refused(old), Refusal::Outdated);
        actions::approve(&world.s, id, world.treasurer(1), &second.hash).await.unwrap();
        let mut conn = world.s.db.read().await.unwrap();
        let decided = actions::decision_of(&mut conn, &world.projects[0].id).await.unwrap().unwrap();
        assert_eq!((decided.decision, decided.pledges), (Decision::Failed, 1));
        let won = crate::features::projects::actions::get(&mut conn, &world.projects[1].id).await.unwrap();
        assert_eq!(won.state, ProjectState::Funded);
        world.assert_invariants().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_lives_for_a_day() {
    for engine in engines() {
        let world = World::new(engine, &[10_000]).await;
        world.close().await;
        let first = world.propose().await;
        world.advance(24 * 3600);
        let late = actions::approve(&world.s, &world.round.id, world.treasurer(1), &first.hash).await;
        assert_eq!(refused(late), Refusal::ProposalExpired);
        let none = actions::approve(&world.s, &world.round.id, world.treasurer(1), &first.hash).await;
        assert_eq!(refused(none), Refusal::NothingProposed);
        let second = world.propose().await;
        world.advance(24 * 3600);
        let third = world.propose().await;
        assert!(third.id != second.id && third.hash == second.hash);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f37_two_approvals_at_once_freeze_one_list() {
    for engine in engines() {
        let world = World::new(engine, &[10_000, 4_000]).await;
        world.hold(0, &[500; 30]).await;
        world.hold(1, &[200; 30]).await;
        world.close().await;
        let hash = world.propose().await.hash;
        let (a, b) = tokio::join!(
            actions::approve(&world.s, &world.round.id, world.treasurer(1), &hash),
            actions::approve(&world.s, &world.round.id, world.treasurer(2), &hash),
        );
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(refused(if a.is_ok() { b } else { a }), Refusal::AlreadyApproved);
        assert_eq!(world.count("SELECT COUNT(*) FROM settlement_lines").await, 60);
        assert_eq!(world.count("SELECT COUNT(*) FROM jobs WHERE kind = 'settlement.execute'").await, 1);
        let late = actions::propose(&world.s, &world.round.id, world.treasurer(0), &hash, "why").await;
        assert_eq!(refused(late), Refusal::AlreadyApproved);
        world.assert_invariants().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f37_two_who_end_the_sale_at_once_end_it_once() {
    for engine in engines() {
        let world = World::new(engine, &[10_000]).await;
        world.advance(86_400);
        let (a, b, c) = tokio::join!(
            actions::begin_due(&world.s),
            actions::begin_due(&world.s),
            actions::begin(&world.s, &world.round.id, world.treasurer(0), "now"),
        );
        let begun = a.unwrap() + b.unwrap() + usize::from(c.is_ok());
        assert_eq!(begun, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM state_changes WHERE subject = 'round'").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pledges_made_while_the_round_closes_are_in_the_list_or_refused() {
    for engine in engines() {
        let world = World::new(engine, &[1_000_000]).await;
        let reserving = async {
            let (mut accepted, mut refused) = (0, 0);
            for _ in 0..40 {
                let mut tx = world.s.db.begin().await.unwrap();
                match world.reserve(&mut tx, 0, 500).await {
                    Ok(_) => {
                        tx.commit().await.unwrap();
                        accepted += 1;
                    }
                    Err(Error::Refused(_)) => refused += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            (accepted, refused)
        };
        let closing = async {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            actions::begin(&world.s, &world.round.id, world.treasurer(0), "now").await.unwrap();
            world.states(PledgeState::Reserved).await
        };
        let ((accepted, _), seen) = tokio::join!(reserving, closing);
        assert_eq!(seen, accepted, "a pledge was accepted after the round had closed");
        world.assert_invariants().await;
    }
}
