//! Result money that no result earned, by the rule that lets each backer choose: back, or to another project that sells. What moved is a
//! pledge as any other, and when it goes back it goes to the payment that came in.

use drempel::features::ledger::Account;
use drempel::features::pledges::{self, Pledge, PledgeState};
use drempel::features::receipts::{self, DocumentKind};
use drempel::features::results::{ReleaseState, carry_out};
use drempel::infra::Services;
use drempel::values::Cents;
use serde_json::Value;

use crate::bank::{arrive, by_transfer, paid, reference};
use crate::closing::decide;
use crate::killed::killed_at_every_step;
use crate::money_out::{on_the_statement, to_the_bank};
use crate::results::{DAY, promise, release, releases, result_money, verified};
use crate::stopping::{mail_about, sent_back};
use crate::support::{App, Browser};

/// Another project, which sells for 40 days from now and takes so many cents.
async fn another(app: &App, cap: i64) {
    let closes_at = app.s.clock.now().plus_days(40).to_string();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
             submissions_at, valuation_at, selling_at, closes_at)
         SELECT 'rnd_2', 2, 'Ronde 2', 'Round 2', 'selling', 100, 500, rule_nl, rule_en, submissions_at, valuation_at,
             selling_at, $1 FROM rounds WHERE id = 'rnd_1'",
    )
    .bind(closes_at)
    .execute(&mut *tx)
    .await
    .expect("a round");
    sqlx::query(
        "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
             text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
             created_at, updated_at)
         SELECT 'prj_2', 'tuinclub', 2, organisation_id, 'rnd_2', 'listed', 'Tuinclub', 'Garden club', aim_nl, aim_en,
             text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, '', '', 0, 'tuinclub', created_at, updated_at
         FROM projects WHERE id = 'prj_1'",
    )
    .execute(&mut *tx)
    .await
    .expect("a project");
    pledges::actions::open_project(&mut tx, "prj_2", Cents(cap)).await.expect("totals");
    tx.commit().await.expect("a commit");
}

/// A completed project of which half of the 300 euros of result money was not earned: 66,67 of Anna's 400, 50 of Bert's 300 and 33,33 of
/// Carla's 200. Answers their pledges.
async fn half_earned(cap: i64) -> (App, [Value; 3]) {
    half_earned_by(cap, false).await
}

/// The same, of which Anna pays by transfer or not.
async fn half_earned_by(cap: i64, transfer: bool) -> (App, [Value; 3]) {
    let app = App::start().await;
    app.read_the_balance().await;
    app.sql("UPDATE rounds SET remainder_rule = 'choose'").await.expect("a rule");
    promise(&app, &[("diplomas", 100, 10)]).await;
    let page = app.text(&app.url("/nl/projects/kookclub")).await.1;
    assert!(page.contains("elke steuner kiest binnen 14 dagen"), "{page}");
    let anna = if transfer {
        let anna = by_transfer(&app, 40_000, "Anna").await;
        arrive(&app, &[paid(&app, 40_000, &reference(&anna))]).await;
        anna
    } else {
        app.paid_gift(40_000, "Anna").await
    };
    let bert = app.paid_gift(30_000, "Bert").await;
    let carla = app.paid_gift(20_000, "Carla").await;
    app.advance(10 * DAY + 60).await;
    decide(&app).await;
    app.settle().await;
    verified(&app, &[("diplomas", 5)]).await;
    another(&app, cap).await;
    release(&app).await;
    app.advance(5).await;
    (app, [anna, bert, carla])
}

fn own(pledge: &Value, part: &str) -> String {
    let text = |name: &str| pledge[name].as_str().unwrap_or_default();
    format!("/nl/pledges/{}{part}?key={}", text("reference"), text("key"))
}

/// Chosen on the page; answers the status.
async fn choose(app: &App, pledge: &Value, choice: &str) -> u16 {
    Browser::new(app).post(&own(pledge, "/remainder"), &[("choice", choice)]).await.0
}

/// The pledges for the other project, by person.
async fn there(app: &App) -> Vec<Pledge> {
    let mut conn = app.s.db.read().await.expect("a connection");
    let mut found = pledges::actions::latest(&mut conn, 50).await.expect("pledges");
    found.retain(|pledge| pledge.project_id == "prj_2");
    found.sort_by_key(|one| std::cmp::Reverse(one.amount));
    found
}

/// What stands for the other project: held, and what is left.
async fn standing(app: &App) -> (i64, i64) {
    let mut conn = app.s.db.read().await.expect("a connection");
    let standing = pledges::actions::standing(&mut conn, "prj_2").await.expect("a standing");
    (standing.held.0, standing.available().0)
}

async fn letters(app: &App, name: &str, kind: &str) -> usize {
    app.letters(&format!("{name}@example.org")).await.iter().filter(|sent| *sent == kind).count()
}

async fn papers(app: &App, pledge_id: &str) -> Vec<(DocumentKind, i64)> {
    let mut conn = app.s.db.read().await.expect("a connection");
    let papers = receipts::actions::of_pledge(&mut conn, pledge_id).await.expect("papers");
    papers.into_iter().map(|paper| (paper.kind, paper.amount.0.abs())).collect()
}

/// What went back of the payment of a pledge, at the bank.
async fn refunded(app: &App, pledge: &Value) -> i64 {
    let intent = app.intent(pledge).await;
    app.effects().await["refunded_by_payment"][intent.as_str()].as_i64().unwrap_or_default()
}

#[tokio::test]
async fn one_moves_one_takes_back_and_one_is_silent() {
    let (app, [anna, bert, carla]) = half_earned(50_000).await;
    assert_eq!((sent_back(&app).await, result_money(&app).await), (vec![], 15_000), "it waits for them");
    assert_eq!(releases(&app).await[0].state, ReleaseState::Approved);
    let letter = mail_about(&app, "anna", "66,67");
    assert!(letter.contains("Kies tot") && letter.contains("/remainder?key="), "{letter}");
    let page = Browser::new(&app).read(&own(&anna, "/remainder")).await;
    assert!(page.contains("Tuinclub") && page.contains("66") && page.contains("Je hebt nog niets gekozen"), "{page}");
    assert!(page.contains("0,67"), "the odd cents come back: {page}");
    assert!(Browser::new(&app).read(&own(&anna, "")).await.contains("Kies wat er met je geld gebeurt"));

    assert_eq!(choose(&app, &anna, "").await, 422);
    assert_eq!(choose(&app, &anna, "nergens").await, 422);
    assert_eq!(choose(&app, &anna, "tuinclub").await, 303);
    assert_eq!(choose(&app, &bert, "back").await, 303);
    app.advance(DAY - 60).await;
    assert_eq!((there(&app).await.len(), sent_back(&app).await), (0, vec![]), "a choice stands for a day");
    app.advance(120).await;
    app.advance(5).await;
    let moved = there(&app).await;
    let [moved] = moved.as_slice() else { panic!("{moved:?}") };
    assert_eq!((moved.amount, moved.state, moved.name.as_str()), (Cents(6_600), PledgeState::Held, "Anna"));
    assert_eq!((sent_back(&app).await, standing(&app).await), (vec![67, 5_000], (6_600, 43_400)));
    assert_eq!((result_money(&app).await, releases(&app).await[0].state), (3_333, ReleaseState::Approved));
    assert_eq!((letters(&app, "anna", "rest_moved").await, letters(&app, "bert", "rest_moved").await), (1, 0));
    assert_eq!(choose(&app, &anna, "back").await, 409, "it was carried out");
    let page = Browser::new(&app).read(&own(&anna, "/remainder")).await;
    assert!(page.contains("Het geld staat nu bij Tuinclub"), "{page}");
    let page = Browser::new(&app).read(&own(&anna, "")).await;
    assert!(page.contains(&moved.reference) && page.contains("Verplaatst"), "{page}");
    app.verify().await;

    app.advance(13 * DAY + 60).await;
    app.advance(5).await;
    assert_eq!(sent_back(&app).await, [67, 3_333, 5_000]);
    assert_eq!((result_money(&app).await, releases(&app).await[0].state), (0, ReleaseState::Done));
    assert_eq!(choose(&app, &carla, "tuinclub").await, 409, "the time is over");
    the_books(&app).await;
    the_papers(&app, &anna, moved).await;
    app.verify().await;
}

async fn the_books(app: &App) {
    let sum = |csv: &str, name: &str| -> i64 {
        let head: Vec<&str> = csv.lines().next().unwrap_or_default().split(',').collect();
        let column = head.iter().position(|one| *one == name).unwrap_or_else(|| panic!("no {name} in {csv}"));
        csv.lines().skip(1).filter_map(|line| line.split(',').nth(column)?.parse::<i64>().ok()).sum()
    };
    let old = app.text(&app.url("/api/v1/projects/kookclub/books.csv")).await.1;
    assert_eq!((sum(&old, "moved_cents"), sum(&old, "refunded_cents")), (6_600, 8_400), "{old}");
    let new = app.text(&app.url("/api/v1/projects/tuinclub/books.csv")).await.1;
    assert_eq!(sum(&new, "received_cents"), 6_600, "{new}");
}

/// The first receipt no longer counts for what the second one proves.
async fn the_papers(app: &App, anna: &Value, moved: &Pledge) {
    let old = app.papers(anna).await;
    let mut back: Vec<i64> =
        old.iter().filter(|paper| paper.kind == DocumentKind::Withdrawal).map(|paper| paper.amount.0.abs()).collect();
    back.sort_unstable();
    assert_eq!(back, [67, 6_600]);
    assert_eq!(papers(app, &moved.id).await, [(DocumentKind::GiftReceipt, 6_600)]);
}

#[tokio::test]
async fn a_choice_can_be_changed_for_a_day_and_two_clicks_at_once_are_one() {
    let (app, [anna, bert, _]) = half_earned(50_000).await;
    for choice in ["tuinclub", "back", "tuinclub", "tuinclub", "back"] {
        assert_eq!(choose(&app, &anna, choice).await, 303, "{choice}");
    }
    let (one, two) = tokio::join!(choose(&app, &bert, "tuinclub"), choose(&app, &bert, "tuinclub"));
    assert_eq!((one, two), (303, 303));
    app.advance(DAY - 600).await;
    assert_eq!(choose(&app, &anna, "tuinclub").await, 303, "her day begins anew");
    app.advance(660).await;
    assert_eq!(there(&app).await.iter().map(|pledge| pledge.amount.0).collect::<Vec<_>>(), [5_000]);
    assert_eq!(choose(&app, &bert, "back").await, 409);
    app.advance(DAY).await;
    assert_eq!(there(&app).await.iter().map(|pledge| pledge.amount.0).collect::<Vec<_>>(), [6_600, 5_000]);
    let choices = "SELECT COUNT(*) FROM state_changes WHERE subject = 'rest'";
    assert_eq!(app.count(choices).await, 6, "five changes of Anna's, one of Bert's");
    app.verify().await;
}

#[tokio::test]
async fn what_cannot_go_there_any_more_goes_back() {
    // room for one of the two
    let (app, [anna, bert, carla]) = half_earned(7_000).await;
    for pledge in [&anna, &bert, &carla] {
        assert_eq!(choose(&app, pledge, "tuinclub").await, 303, "nothing is taken yet");
    }
    app.advance(DAY + 60).await;
    app.advance(5).await;
    assert_eq!(there(&app).await.iter().map(|pledge| pledge.amount.0).collect::<Vec<_>>(), [6_600]);
    assert_eq!(sent_back(&app).await, [67, 3_333, 5_000]);
    assert_eq!((letters(&app, "bert", "rest_not_moved").await, letters(&app, "anna", "rest_not_moved").await), (1, 0));
    assert_eq!(releases(&app).await[0].state, ReleaseState::Done);
    let page = Browser::new(&app).read(&own(&bert, "/remainder")).await;
    assert!(page.contains("kon niet meer naar Tuinclub"), "{page}");
    app.verify().await;
}

#[tokio::test]
async fn below_the_smallest_pledge_and_after_the_sale_nothing_moves() {
    let (app, [anna, bert, carla]) = half_earned(50_000).await;
    app.sql("UPDATE rounds SET minimum_cents = 4000 WHERE id = 'rnd_2'").await.expect("a smallest pledge");
    let page = Browser::new(&app).read(&own(&carla, "/remainder")).await;
    assert!(page.contains("geen project dat plaats heeft"), "{page}");
    assert_eq!(choose(&app, &carla, "tuinclub").await, 422);
    assert_eq!(choose(&app, &anna, "tuinclub").await, 303);
    app.sql("UPDATE rounds SET minimum_cents = 10000 WHERE id = 'rnd_2'").await.expect("another");
    app.advance(DAY + 60).await;
    app.advance(5).await;
    assert_eq!(sent_back(&app).await, [6_667], "less than the smallest pledge by then");
    app.sql("UPDATE rounds SET minimum_cents = 500 WHERE id = 'rnd_2'").await.expect("as it was");
    assert_eq!(choose(&app, &bert, "tuinclub").await, 303);
    // nobody works until the other round is over
    app.advance(40 * DAY).await;
    app.advance(5).await;
    assert_eq!((there(&app).await.len(), sent_back(&app).await), (0, vec![3_333, 5_000, 6_667]));
    assert_eq!(releases(&app).await[0].state, ReleaseState::Done);
    app.verify().await;
}

/// The other round is decided by two treasurers.
async fn decide_the_other(app: &App) {
    let closing = "/nl/staff/rounds/2/closing";
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let hash = one.marked(closing, "data-hash").await;
    let propose = [("hash", hash.as_str()), ("reason", "alles is klaar")];
    assert_eq!(one.post(&format!("{closing}/propose"), &propose).await.0, 303);
    assert_eq!(two.post(&format!("{closing}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
    app.advance(5).await;
}

#[tokio::test]
async fn when_the_other_project_fails_it_goes_back_to_the_payment_that_came_in() {
    let (app, [anna, bert, _]) = half_earned(50_000).await;
    assert_eq!(choose(&app, &anna, "tuinclub").await, 303);
    assert_eq!(choose(&app, &bert, "tuinclub").await, 303);
    app.advance(DAY + 60).await;
    assert_eq!((standing(&app).await.0, refunded(&app, &anna).await), (11_600, 67));
    // Bert takes it back while the other project sells
    let moved = there(&app).await;
    let key = app.s.keys.derive("pledge", &moved[1].id);
    let cancel = format!("/nl/pledges/{}/cancel?key={key}", moved[1].reference);
    assert_eq!(Browser::new(&app).post(&cancel, &[]).await.0, 303);
    app.settle().await;
    assert_eq!((refunded(&app, &bert).await, standing(&app).await.0), (5_000, 6_600));
    app.advance(40 * DAY).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM rounds WHERE id = 'rnd_2' AND state = 'closing'").await, 1);
    decide_the_other(&app).await;
    assert_eq!(refunded(&app, &anna).await, 6_667, "to the cent, at the payment of long ago");
    let states: Vec<PledgeState> = there(&app).await.iter().map(|pledge| pledge.state).collect();
    assert_eq!((states, standing(&app).await.0), (vec![PledgeState::Refunded; 2], 0));
    let to_moved =
        "SELECT COUNT(*) FROM refunds r JOIN payments y ON y.id = r.payment_id WHERE y.moved_from IS NOT NULL";
    assert_eq!(app.count(to_moved).await, 0);
    app.verify().await;
}

#[tokio::test]
async fn what_was_paid_by_transfer_goes_back_by_bank_to_its_sender_also_from_there() {
    let (app, [anna, ..]) = half_earned_by(50_000, true).await;
    assert_eq!(choose(&app, &anna, "tuinclub").await, 303);
    app.advance(DAY + 60).await;
    let moved = there(&app).await.remove(0);
    let key = app.s.keys.derive("pledge", &moved.id);
    assert_eq!(Browser::new(&app).post(&format!("/nl/pledges/{}/cancel?key={key}", moved.reference), &[]).await.0, 303);
    app.settle().await;
    let transfers = to_the_bank(&app).await.1;
    let mut amounts: Vec<i64> = transfers.iter().map(|transfer| transfer.amount.0).collect();
    amounts.sort_unstable();
    assert_eq!((amounts, transfers[0].iban == transfers[1].iban), (vec![67, 6_600], true));
    for (number, transfer) in transfers.iter().enumerate() {
        assert!(on_the_statement(&app, transfer, transfer.amount.0, &format!("bln_{number}")).await);
    }
    assert_eq!(app.state_in_database(&anna).await, "released", "a part of it went back");
    assert_eq!((there(&app).await[0].state, sent_back(&app).await), (PledgeState::Refunded, vec![]));
    app.verify().await;
}

#[tokio::test]
async fn f39_a_move_happens_once_however_often_the_work_is_killed() {
    let (app, [anna, bert, _]) = half_earned(50_000).await;
    assert_eq!(choose(&app, &anna, "tuinclub").await, 303);
    assert_eq!(choose(&app, &bert, "tuinclub").await, 303);
    app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + DAY + 60);
    let id = releases(&app).await.remove(0).id;
    let kills = killed_at_every_step(&app, async |s: &Services| {
        for _ in 0..3 {
            let _ = carry_out::run(s, &id).await;
        }
    })
    .await;
    assert!(kills > 10, "{kills} kills prove little");
    app.settle().await;
    assert_eq!(there(&app).await.iter().map(|pledge| pledge.amount.0).collect::<Vec<_>>(), [6_600, 5_000]);
    assert_eq!((letters(&app, "anna", "rest_moved").await, letters(&app, "bert", "rest_moved").await), (1, 1));
    app.advance(14 * DAY).await;
    app.advance(5).await;
    assert_eq!((sent_back(&app).await, result_money(&app).await), (vec![67, 3_333], 0));
    app.verify().await;
}

#[tokio::test]
async fn a_dispute_after_the_move_takes_the_moved_money_with_it_and_no_refund_comes_on_top() {
    for decision in ["lost", "won"] {
        let (app, [anna, ..]) = half_earned(50_000).await;
        assert_eq!(choose(&app, &anna, "tuinclub").await, 303);
        app.advance(DAY + 60).await;
        let dispute = app.dispute(&anna, "needs_response").await;
        assert_eq!(there(&app).await[0].state, PledgeState::Disputed);
        assert_eq!((app.account(Account::DisputeHold).await, standing(&app).await.0), (-6_600, 0));
        app.verify().await;
        app.decide(&dispute, decision).await;
        app.advance(5).await;
        assert_eq!(app.account(Account::DisputeHold).await, 0);
        if decision == "lost" {
            assert_eq!(there(&app).await[0].state, PledgeState::Refunded);
            assert_eq!(app.account(Account::DisputeLoss).await, 40_000 - 6_600);
        } else {
            assert_eq!((there(&app).await[0].state, standing(&app).await.0), (PledgeState::Held, 6_600));
            assert_eq!(app.account(Account::DisputeLoss).await, 0);
        }
        assert_eq!(refunded(&app, &anna).await, 67, "only the odd cents, before the dispute");
        app.verify().await;
    }
}

#[tokio::test]
async fn a_payment_that_is_disputed_before_its_part_moves_stays_where_it_is() {
    let (app, [anna, ..]) = half_earned(50_000).await;
    assert_eq!(choose(&app, &anna, "tuinclub").await, 303);
    let dispute = app.dispute(&anna, "needs_response").await;
    app.advance(DAY + 60).await;
    app.advance(5).await;
    assert_eq!((there(&app).await.len(), refunded(&app, &anna).await), (0, 0), "the dispute decides");
    app.decide(&dispute, "lost").await;
    app.advance(5).await;
    assert_eq!(app.account(Account::DisputeLoss).await, 40_000 - 6_667, "what was due back covers its part");
    assert_eq!(refunded(&app, &anna).await, 0);
    app.verify().await;
}
