//! What becomes of result money that no result earned: the rule of the round, published before selling; back to backers and match funds,
//! or on to a match fund; once, however often the work is killed.

use drempel::features::ledger::Account;
use drempel::features::results::{ReleaseState, carry_out};
use drempel::features::rounds::{self, RemainderRule};
use drempel::infra::Services;

use crate::killed::killed_at_every_step;
use crate::match_funds::{active, decided as fund_decided, giver, money};
use crate::results::{DAY, PAGE, funded, promise, release, releases, result_money, sell, verified};
use crate::rounds_led::{form, round, send};
use crate::stopping::sent_back;
use crate::support::{App, Browser};

/// Of every backer, how many letters of this kind.
async fn letters(app: &App, kind: &str) -> Vec<usize> {
    let mut counts = Vec::new();
    for name in ["anna", "bert", "carla"] {
        let sent = app.letters(&format!("{name}@example.org")).await;
        counts.push(sent.iter().filter(|one| *one == kind).count());
    }
    counts
}

#[tokio::test]
async fn f39_the_rest_goes_back_once_however_often_the_work_is_killed() {
    let app = funded(30_000, &[("diplomas", 100, 10)]).await;
    verified(&app, &[("diplomas", 5)]).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(one.post(&format!("{PAGE}/propose"), &[("reason", "gecontroleerd")]).await.0, 303);
    let hash = one.marked(PAGE, "data-hash").await;
    assert_eq!(two.post(&format!("{PAGE}/approve"), &[("hash", &hash)]).await.0, 303);
    let id = releases(&app).await.remove(0).id;
    let kills = killed_at_every_step(&app, async |s: &Services| {
        for _ in 0..4 {
            let _ = carry_out::run(s, &id).await;
        }
    })
    .await;
    assert!(kills > 10, "{kills} kills prove little");
    app.settle().await;
    app.advance(200).await;
    assert_eq!(releases(&app).await[0].state, ReleaseState::Done);
    assert_eq!(sent_back(&app).await, [3_333, 5_000, 6_667]);
    assert_eq!(letters(&app, "results_told").await, [1; 3]);
    // and asked for again, it does nothing
    carry_out::run(&app.s, &id).await.expect("the work");
    app.settle().await;
    assert_eq!(sent_back(&app).await.len(), 3);
    app.verify().await;
}

#[tokio::test]
async fn what_match_funds_had_added_goes_back_to_them() {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, 9_000, &[("ratio", "100"), ("most_per_pledge", "90")]).await;
    promise(&app, &[("diplomas", 100, 10)]).await;
    sell(&app, 20_000).await;
    assert_eq!(money(&app, &fund).await, (9_000, 9_000, 0));
    // 890 with the fund's 90: 290 of result money
    verified(&app, &[("diplomas", 5)]).await;
    release(&app).await;
    app.advance(5).await;
    // of the other half, 145, the fund gets 90 of 890
    let (received, used, left) = money(&app, &fund).await;
    assert_eq!((received, used, left), (9_000, 9_000 - 1_466, 1_466));
    assert_eq!(sent_back(&app).await.iter().sum::<i64>(), 14_500 - 1_466);
    assert_eq!(result_money(&app).await, 0);
    app.verify().await;
}

#[tokio::test]
async fn by_its_rule_the_rest_goes_to_a_match_fund_which_can_use_it() {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, 1_000, &[]).await;
    fund_of_round(&app).await;
    promise(&app, &[("diplomas", 100, 10)]).await;
    let page = app.http.get(app.url("/nl/projects/kookclub")).send().await.expect("an answer");
    assert!(page.text().await.expect("a page").contains("gaat naar het matchfonds"));
    let page = app.http.get(app.url("/en/rounds/1")).send().await.expect("an answer");
    assert!(page.text().await.expect("a page").contains("goes to the match fund"));
    let (_, used_before, _) = {
        sell(&app, 30_000).await;
        money(&app, &fund).await
    };
    let all = result_money(&app).await;
    verified(&app, &[("diplomas", 5)]).await;
    release(&app).await;
    app.advance(5).await;
    let (received, used, left) = money(&app, &fund).await;
    let back = used_before - used;
    assert_eq!(received - 1_000 + back, all - all / 2, "what backers gave, and what the fund had added");
    assert_eq!((left, -app.account(Account::MatchHeld(fund.clone())).await), (received - used, left));
    assert_eq!(sent_back(&app).await, [0; 0], "nobody gets anything back");
    assert_eq!((letters(&app, "results_told").await, result_money(&app).await), (vec![1; 3], 0));
    let books = app.http.get(app.url("/api/v1/projects/kookclub/books.csv")).send().await.expect("an answer");
    let books = books.text().await.expect("the books");
    assert!(books.lines().any(|line| line.ends_with(&format!(",{}", received - 1_000))), "{books}");
    app.verify().await;
}

/// The round's rule names the only fund there is.
async fn fund_of_round(app: &App) {
    app.sql("UPDATE rounds SET remainder_rule = 'match_fund', remainder_fund_id = (SELECT id FROM match_funds)")
        .await
        .expect("a rule");
}

#[tokio::test]
async fn a_fund_that_has_ended_takes_nothing_and_the_rest_goes_back() {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, 1_000, &[("ratio", "1"), ("most_per_pledge", "1")]).await;
    fund_of_round(&app).await;
    promise(&app, &[("diplomas", 100, 10)]).await;
    sell(&app, 30_000).await;
    fund_decided(&app, &fund, "match.end").await;
    let all = result_money(&app).await;
    verified(&app, &[("diplomas", 0)]).await;
    release(&app).await;
    app.advance(5).await;
    let to_backers: i64 = sent_back(&app).await.iter().sum();
    assert!(to_backers > 0 && to_backers <= all);
    assert_eq!((money(&app, &fund).await.0, result_money(&app).await), (1_000, 0));
    app.verify().await;
}

#[tokio::test]
async fn the_rule_is_chosen_by_an_admin_named_in_the_rules_and_fixed_when_selling_begins() {
    let app = App::start_demo().await;
    let admin = Browser::signed_in(&app, "admin@drempel.example").await;
    let path = "/nl/staff/rounds/new";
    let new = form(&app, "9", [2, 4, 6, 8]);
    let with = |changes: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        let mut form = new.clone();
        for (name, value) in changes {
            form.retain(|(field, _)| field != name);
            form.push((name, (*value).to_owned()));
        }
        form
    };
    let proposed = send(&admin, path, &with(&[("step", "propose")])).await.1;
    assert!(proposed.contains("gaat naar verhouding terug naar de steuners"), "{proposed}");
    for (change, words) in [
        (("remainder", "match_fund"), "Kies een fonds als het geld"),
        (("late_days", "731"), "van 0 tot en met 730"),
        (("late_days", ""), "van 0 tot en met 730"),
    ] {
        let (status, page) = send(&admin, path, &with(&[change])).await;
        assert!(status == 422 && page.contains(words), "{change:?}: {status} {page}");
    }
    assert_eq!(send(&admin, path, &with(&[("late_days", "90")])).await.0, 303);
    let made = round(&app, 9).await;
    assert_eq!((made.remainder_rule, made.remainder_fund_id, made.late_days), (RemainderRule::Refund, None, 90));
    let selling = rounds::Outline::of(&rounds::Round { state: rounds::RoundState::Selling, ..round(&app, 9).await });
    let later = rounds::Outline { late_days: 60, ..selling };
    let fixed = rounds::Round { state: rounds::RoundState::Selling, ..round(&app, 9).await };
    let wrong = later.wrong(Some(&fixed), app.s.clock.now().plus_seconds(DAY));
    assert!(wrong.contains(&("late_days", "round-fixed")), "{wrong:?}");
}
