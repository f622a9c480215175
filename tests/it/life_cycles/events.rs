//! Projects, rounds and pledges by the actions that move them: what is not drawn does not happen.

use drempel::features::pledges::{self, Pledge, PledgeState};
use drempel::features::projects::{self, ProjectState};
use drempel::features::rounds::{self, RoundState};
use drempel::infra::db::Tx;
use drempel::infra::error::Result;

use crate::support::App;

/// Puts a project, round or pledge into a state, whatever it was in.
async fn put(tx: &mut Tx, statement: &'static str, state: &str) {
    sqlx::query(statement).bind(state).execute(&mut **tx).await.expect("a state");
}

#[tokio::test]
async fn a_project_takes_the_steps_of_its_life_and_no_other() {
    let app = App::start().await;
    let now = app.s.clock.now();
    for from in ProjectState::ALL {
        for to in ProjectState::ALL {
            let mut tx = app.s.db.begin().await.expect("a transaction");
            put(&mut tx, "UPDATE projects SET state = $1", from.as_str()).await;
            let project = projects::actions::lock(&mut tx, "prj_1").await.expect("the project");
            let moved = projects::actions::move_to(&mut tx, &project, *to, "test", "", now).await;
            assert_eq!(moved.is_ok(), from.may_become(*to), "{from} to {to}");
            let after = projects::actions::get(&mut tx, "prj_1").await.expect("the project").state;
            assert_eq!(after, if moved.is_ok() { *to } else { *from });
        }
    }
}

#[tokio::test]
async fn a_round_goes_one_way() {
    let app = App::start().await;
    let now = app.s.clock.now();
    for from in RoundState::ALL {
        let mut tx = app.s.db.begin().await.expect("a transaction");
        put(&mut tx, "UPDATE rounds SET state = $1", from.as_str()).await;
        let round = rounds::actions::lock(&mut tx, "rnd_1").await.expect("the round");
        let moved = rounds::actions::move_on(&mut tx, &round, "test", "", now).await.expect("a step");
        let after = rounds::actions::get(&mut tx, "rnd_1").await.expect("the round").state;
        assert_eq!((moved, after), from.next().map_or((false, *from), |next| (true, next)));
        let again = rounds::actions::move_on(&mut tx, &round, "test", "", now).await.expect("a step");
        assert!(!again, "{from} was left already");
    }
}

/// What can happen to a pledge.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    BankHasIt,
    Paid,
    Expired,
    Disputed,
    DisputeWon,
    DisputeLost,
    GoesBack,
    IsBack,
    CameBack,
    ProjectGoesOn,
}

impl Event {
    const ALL: [Event; 10] = [
        Event::BankHasIt,
        Event::Paid,
        Event::Expired,
        Event::Disputed,
        Event::DisputeWon,
        Event::DisputeLost,
        Event::GoesBack,
        Event::IsBack,
        Event::CameBack,
        Event::ProjectGoesOn,
    ];

    async fn happens(self, tx: &mut Tx, pledge: &Pledge, now: drempel::values::Timestamp) -> Result<()> {
        use pledges::actions as a;
        match self {
            Event::BankHasIt => a::begin_processing(tx, pledge, now).await,
            Event::Paid => a::hold(tx, pledge, now).await.map(|fits| assert!(fits)),
            Event::Expired => a::expire(tx, pledge, "", now).await,
            Event::Disputed => a::dispute(tx, pledge, now).await,
            Event::DisputeWon => a::hold_after_dispute(tx, pledge, now).await.map(|fits| assert!(fits)),
            Event::DisputeLost => a::lost(tx, pledge, now).await,
            Event::GoesBack => a::begin_refund(tx, pledge, "test", "", now).await,
            Event::IsBack => a::refunded(tx, pledge, now).await,
            Event::CameBack => a::refund_returned(tx, pledge, now).await,
            Event::ProjectGoesOn => a::decide(tx, &[(pledge, "")], PledgeState::Released, "test", now).await,
        }
    }

    /// Where it leads from this state; nothing when it cannot happen there.
    fn leads(self, from: PledgeState) -> Option<PledgeState> {
        use PledgeState::{Disputed, Expired, Held, Processing, Refunded, Refunding, Released, Reserved};
        match (self, from) {
            (Event::BankHasIt, Reserved) => Some(Processing),
            (Event::Paid, Reserved | Processing | Expired) | (Event::DisputeWon, Disputed) => Some(Held),
            (Event::Expired, Reserved | Processing) => Some(Expired),
            (Event::Disputed, Held) => Some(Disputed),
            (Event::DisputeLost | Event::IsBack, Disputed | Refunding) => Some(Refunded),
            (
                Event::GoesBack | Event::CameBack,
                Reserved | Processing | Expired | Held | Disputed | Refunded | Released,
            ) => Some(Refunding),
            (Event::ProjectGoesOn, Held) => Some(Released),
            _ => None,
        }
    }
}

#[tokio::test]
async fn a_pledge_meets_every_event_in_every_state() {
    let app = App::start().await;
    app.gift(5_000, "Anna").await;
    let now = app.s.clock.now();
    let (id,): (String,) = {
        let mut conn = app.s.db.read().await.expect("a connection");
        sqlx::query_as("SELECT id FROM pledges").fetch_one(&mut *conn).await.expect("a pledge")
    };
    for from in PledgeState::ALL {
        for event in Event::ALL {
            let mut tx = app.s.db.begin().await.expect("a transaction");
            put(&mut tx, "UPDATE pledges SET state = $1", from.as_str()).await;
            put(
                &mut tx,
                "UPDATE pledge_totals SET reserved_cents = CASE WHEN $1 = 'reserved' THEN 5000 ELSE 0 END,
                     processing_cents = CASE WHEN $1 = 'processing' THEN 5000 ELSE 0 END,
                     held_cents = CASE WHEN $1 = 'held' THEN 5000 ELSE 0 END",
                from.as_str(),
            )
            .await;
            let pledge = pledges::actions::lock(&mut tx, &id).await.expect("the pledge");
            let happened = event.happens(&mut tx, &pledge, now).await;
            let after = pledges::actions::get(&mut tx, &id).await.expect("the pledge").state;
            match event.leads(*from) {
                Some(to) => {
                    happened.unwrap_or_else(|error| panic!("{event:?} in {from}: {error}"));
                    assert_eq!(after, to, "{event:?} in {from}");
                    assert!(from.may_become(to), "{from} to {to} is not drawn");
                }
                None => {
                    assert!(happened.is_err(), "{event:?} in {from} led to {after}");
                    assert_eq!(after, *from);
                }
            }
            let (reserved, processing, held): (i64, i64, i64) =
                sqlx::query_as("SELECT reserved_cents, processing_cents, held_cents FROM pledge_totals")
                    .fetch_one(&mut *tx)
                    .await
                    .expect("totals");
            let counted = |state: PledgeState| if after == state { 5_000 } else { 0 };
            let expected = [PledgeState::Reserved, PledgeState::Processing, PledgeState::Held].map(counted);
            assert_eq!([reserved, processing, held], expected, "{event:?} in {from}");
        }
    }
}
