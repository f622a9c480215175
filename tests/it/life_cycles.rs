//! Every state and every event of the life cycles: what is not drawn does not happen, and the page that draws them is true.

use std::fmt::{Display, Write};

use drempel::features::consents::NearMissState;
use drempel::features::organisations::OrganisationState;
use drempel::features::payments::{DisputeState, PaymentState, RefundState};
use drempel::features::payouts::TrancheState;
use drempel::features::payouts::plan::PlanState;
use drempel::features::pledges::{self, Pledge, PledgeState};
use drempel::features::projects::{self, ProjectState};
use drempel::features::rounds::{self, RoundState};
use drempel::infra::db::Tx;
use drempel::infra::error::Result;

use crate::support::App;

/// The page, and where it lies.
const PAGE: &str = include_str!("../../src/features/life_cycles.md");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/features/life_cycles.md");

/// A chapter of the page: a diagram, and the same as a table.
fn chapter<S: Copy + Display + PartialEq>(title: &str, states: &[S], may_become: impl Fn(S, S) -> bool) -> String {
    let following = |from: S| states.iter().copied().filter(|to| may_become(from, *to)).collect::<Vec<S>>();
    let mut text = format!("\n## {title}\n\n```mermaid\nstateDiagram-v2\n    [*] --> {}\n", states[0]);
    for from in states {
        for to in following(*from) {
            writeln!(text, "    {from} --> {to}").expect("a text");
        }
        if following(*from).is_empty() {
            writeln!(text, "    {from} --> [*]").expect("a text");
        }
    }
    text.push_str("```\n\n| from | to |\n| --- | --- |\n");
    for from in states {
        let names: Vec<String> = following(*from).iter().map(|to| format!("`{to}`")).collect();
        let names = if names.is_empty() { "never left".to_owned() } else { names.join(", ") };
        writeln!(text, "| `{from}` | {names} |").expect("a text");
    }
    text
}

fn drawn() -> String {
    let mut page = String::from(
        "# Life cycles\n\nDrawn from the functions that decide each step; a test holds this page against them. What a state means \
         to the people\nconcerned stands in the documentation of its noun.\n",
    );
    page += &chapter("Organisation", OrganisationState::ALL, OrganisationState::may_become);
    page += &chapter("Round", RoundState::ALL, |from, to| from.next() == Some(to));
    page += &chapter("Project", ProjectState::ALL, ProjectState::may_become);
    page += &chapter("Near miss", NearMissState::ALL, NearMissState::may_become);
    page += &chapter("Pledge", PledgeState::ALL, PledgeState::may_become);
    page += &chapter("Payment", PaymentState::ALL, PaymentState::may_become);
    page += &chapter("Refund", RefundState::ALL, RefundState::may_become);
    page += &chapter("Dispute", DisputeState::ALL, DisputeState::may_become);
    page += &chapter("Plan of payouts", PlanState::ALL, PlanState::may_become);
    page += &chapter("Tranche", TrancheState::ALL, TrancheState::may_become);
    page
}

#[test]
fn the_page_of_life_cycles_is_drawn_from_them() {
    let drawn = drawn();
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(PATH, &drawn).expect("the page is written");
        return;
    }
    assert!(PAGE == drawn, "run it with UPDATE=1 and look at what changed in {PATH}");
}

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
            Event::ProjectGoesOn => a::release(tx, pledge, "test", now).await,
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
