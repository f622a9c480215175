//! Pledges that come at the same moment are reserved together: each is decided as if it came alone, in the order of arrival.

use drempel::features::backing::actions::{self, Made};
use drempel::features::payments;
use drempel::features::pledges::{NewPledge, PledgeKind, Refusal};
use drempel::infra::error::Result;
use drempel::infra::limits::TooOften;
use drempel::values::text::Email;
use drempel::values::{Cents, Lang};
use futures::future::join_all;

use crate::support::App;

fn wish(name: &str, cents: i64) -> NewPledge {
    NewPledge {
        project_id: "prj_1".to_owned(),
        kind: PledgeKind::Gift,
        amount: Cents(cents),
        email: Email::parse(&format!("{name}@example.org")).expect("an address"),
        name: String::new(),
        anonymous: false,
        updates: true,
        language: Lang::Nl,
        method: "ideal".to_owned(),
        company: None,
        request_key: format!("test:{name}"),
    }
}

/// All at the same moment, in this order. The first is served alone; the others have gathered when it is done.
async fn at_once(app: &App, wishes: &[NewPledge]) -> Vec<Result<Made>> {
    join_all(wishes.iter().map(|wish| actions::pledge(&app.s, wish, "192.0.2.7"))).await
}

fn refusal(answer: &Result<Made>) -> Option<&Refusal> {
    answer.as_ref().err().and_then(|error| error.refusal())
}

async fn count(app: &App, query: &'static str) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let (count,): (i64,) = sqlx::query_as(query).fetch_one(&mut *conn).await.expect("a count");
    count
}

#[tokio::test]
async fn f56_who_is_refused_does_not_touch_the_others_and_who_came_first_is_served_first() {
    let app = App::start_with(1_000, 500).await; // room for 1,000 euros
    let answers = at_once(
        &app,
        &[
            wish("anna", 2_500),
            wish("bert", 50_000),
            wish("carla", 60_000),
            wish("dirk", 10_050),
            wish("bert", 50_000),
            NewPledge { amount: Cents(5_000), ..wish("bert", 0) },
            wish("eva", 47_500),
            wish("frank", 2_500),
        ],
    )
    .await;
    let made: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(made, [true, true, false, false, true, false, true, false]);
    assert_eq!(refusal(&answers[2]), Some(&Refusal::Over { available_cents: 47_500 }));
    assert_eq!(refusal(&answers[3]), Some(&Refusal::NotWhole { unit: 100 }));
    assert_eq!(refusal(&answers[5]), Some(&Refusal::KeyReused));
    assert_eq!(refusal(&answers[7]), Some(&Refusal::SoldOut));
    let of = |at: usize| answers[at].as_ref().expect("a pledge");
    assert_eq!(of(1).pledge.id, of(4).pledge.id, "the same call finds what it made");
    assert!(of(1).is_new && !of(4).is_new);
    assert_eq!(of(1).pledge.created_at, of(6).pledge.created_at, "made in one transaction");

    assert_eq!((app.standing().await.reserved.0, app.standing().await.available().0), (100_000, 0));
    assert_eq!(count(&app, "SELECT COUNT(*) FROM pledges").await, 3);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM payments").await, 3);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM letters WHERE kind = 'pledge_received'").await, 3);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM jobs WHERE kind = 'payment.check'").await, 3);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM state_changes WHERE subject = 'pledge'").await, 3);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users WHERE email LIKE 'carla%' OR email LIKE 'frank%'").await, 0);
    app.verify().await;
}

#[tokio::test]
async fn when_all_of_them_fail_together_each_is_tried_alone() {
    let app = App::start_with(10_000, 5_000).await;
    app.gift(2_500, "Blocked").await;
    app.sql(
        "INSERT INTO payment_blocks (user_id, method, cause_id, created_at)
         SELECT id, 'card', 'x', created_at FROM users WHERE email = 'blocked@example.org'",
    )
    .await
    .expect("a block");
    let card = |name: &str| NewPledge { method: "card".to_owned(), ..wish(name, 2_500) };
    let answers = at_once(&app, &["anna", "bert", "blocked", "carla", "anna"].map(card)).await;
    let made: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(made, [true, true, false, true, true]);
    let refused = answers[2].as_ref().err().and_then(|error| error.refusal::<payments::Refusal>());
    assert_eq!(refused, Some(&payments::Refusal::MethodBlocked));
    assert_eq!(count(&app, "SELECT COUNT(*) FROM pledges").await, 4);
    app.verify().await;
}

#[tokio::test]
async fn limits_hold_among_those_who_come_together() {
    let app = App::start_set(&[("LIMITS", "on")]).await;
    let wishes: Vec<NewPledge> =
        (0..60).map(|at| NewPledge { request_key: format!("test:{at}"), ..wish("anna", 500) }).collect();
    let answers = at_once(&app, &wishes).await;
    // in development ten times 3 from one network within a minute
    let made: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(made, (0..60).map(|at| at < 30).collect::<Vec<bool>>());
    let too_often = |answer: &Result<Made>| answer.as_ref().err().is_some_and(|e| e.refusal::<TooOften>().is_some());
    assert!(answers[30..].iter().all(too_often));
    assert_eq!(count(&app, "SELECT COUNT(*) FROM pledges").await, 30);
    assert_eq!(count(&app, "SELECT MAX(count) FROM request_counts").await, 30, "what is refused is not counted");
    app.verify().await;
}
