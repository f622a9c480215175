//! The largest round: 40,000 pledges. Run by hand, in release:
//! `cargo test --release --lib forty_thousand -- --ignored --nocapture`.

use std::time::Instant;

use super::world::{World, engines};
use crate::features::pledges::actions::HeldPledge;
use crate::features::settlement::execute::{self, Step};
use crate::features::settlement::{Candidate, actions, plan, protocol_page, verify};
use crate::values::Cents;

#[test]
fn forty_thousand_pledges_are_planned_in_well_under_a_second() {
    let candidates: Vec<Candidate> =
        (0..20).map(|i| Candidate { id: format!("prj_{i:02}"), threshold: Cents(1_000_000 + i) }).collect();
    let held: Vec<HeldPledge> = (0..40_000i64)
        .map(|i| HeldPledge {
            id: format!("plg_{:032}", i * 7_919 % 40_000),
            project_id: format!("prj_{:02}", i % 20),
            user_id: format!("usr_{:032}", i / 2),
            amount: Cents(500 + i % 97),
        })
        .collect();
    let begun = Instant::now();
    let plan = plan("rnd_1", &candidates, &held, None).unwrap();
    let took = begun.elapsed();
    println!("planned {} lines in {took:?}", plan.lines.len());
    assert!(took.as_secs() < 5, "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: run by hand"]
async fn forty_thousand_pledges_are_frozen_and_carried_out() {
    for engine in engines() {
        // half of the projects make it
        let thresholds: Vec<i64> = (0..20).map(|i| if i % 2 == 0 { 1_500_000 } else { 2_500_000 }).collect();
        let world = World::new(engine, &thresholds).await;
        let begun = Instant::now();
        for project in 0..20 {
            world.hold(project, &[1_000; 2_000]).await;
        }
        println!("{engine}: 40000 pledges held in {:?}", begun.elapsed());
        world.close().await;
        let begun = Instant::now();
        let hash = world.fresh_hash().await;
        println!("{engine}: read and planned in {:?}", begun.elapsed());
        let begun = Instant::now();
        world.propose().await;
        println!("{engine}: proposed in {:?}", begun.elapsed());
        let begun = Instant::now();
        let settlement = actions::approve(&world.s, &world.round.id, world.treasurer(1), &hash).await.unwrap();
        println!("{engine}: approved and frozen in {:?}", begun.elapsed());
        let begun = Instant::now();
        while let Step::Took(_) = execute::batch(&world.s, &settlement.id, execute::BATCH).await.unwrap() {}
        println!("{engine}: carried out in {:?}", begun.elapsed());
        let begun = Instant::now();
        let mut conn = world.s.db.read().await.unwrap();
        let (mut after, mut lines) = (String::new(), 0);
        loop {
            let (text, next) = protocol_page(&mut conn, &settlement.id, &after).await.unwrap();
            lines += text.lines().count();
            match next {
                Some(next) => after = next,
                None => break,
            }
        }
        println!("{engine}: protocol of {lines} lines in {:?}", begun.elapsed());
        let begun = Instant::now();
        verify(&mut conn).await.unwrap();
        println!("{engine}: verified in {:?}", begun.elapsed());
        drop(conn);
        let begun = Instant::now();
        world.assert_invariants().await;
        println!("{engine}: all invariants in {:?}", begun.elapsed());
    }
}
