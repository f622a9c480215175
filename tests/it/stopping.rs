//! A funded project is stopped by two treasurers: what was not paid out goes back to the cent, to each in proportion.

use drempel::features::projects::{self, ProjectState};
use drempel::features::terminations;

use crate::money_out::{on_the_statement, to_the_bank};
use crate::payouts::{checked_account, decided, funded, planned};
use crate::support::{App, Browser};

const IBAN: &str = "NL91ABNA0417164300";
pub const PAGE: &str = "/nl/staff/projects/prj_1/stop";

async fn state(app: &App) -> ProjectState {
    projects::actions::get(&mut app.s.db.read().await.expect("a connection"), "prj_1").await.expect("the project").state
}

/// Proposed by the one, approved by the other.
pub async fn stop(app: &App) {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    let propose = format!("{PAGE}/propose");
    assert_eq!(one.post(&propose, &[("reason", " ")]).await.0, 422);
    assert_eq!(one.post(&propose, &[("reason", "de keuken is dicht")]).await.0, 303);
    assert_eq!(one.post(&propose, &[("reason", "nog eens")]).await.0, 409, "it is proposed already");
    let hash = one.marked(PAGE, "data-hash").await;
    let approve = format!("{PAGE}/approve");
    assert_eq!(one.post(&approve, &[("hash", &hash)]).await.0, 403, "not by the same person");
    assert_eq!(two.post(&approve, &[("hash", "something else")]).await.0, 409);
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await.0, 303);
    assert_eq!(two.post(&approve, &[("hash", &hash)]).await.0, 409, "stopped once");
    app.settle().await;
}

/// Amounts the bank sent back, sorted.
pub async fn sent_back(app: &App) -> Vec<i64> {
    let effects = app.effects().await;
    let refunds = effects["refunds"].as_array().cloned().unwrap_or_default();
    let mut amounts: Vec<i64> = refunds.iter().filter_map(|refund| refund["amount"].as_i64()).collect();
    amounts.sort_unstable();
    amounts
}

/// The text of the letter to this person that says so.
pub fn mail_about(app: &App, name: &str, what: &str) -> String {
    let files = std::fs::read_dir(app.letters_folder()).expect("letters").flatten();
    let texts = files.filter_map(|file| {
        let bytes = std::fs::read(file.path()).ok()?;
        let letter = mail_parser::MessageParser::default().parse(&bytes)?;
        let to = letter.to()?.first()?.address()?.to_owned();
        (to.starts_with(name)).then(|| letter.body_text(0).map(|text| text.into_owned()).unwrap_or_default())
    });
    texts.into_iter().find(|text| text.contains(what)).unwrap_or_else(|| panic!("no letter to {name} says {what}"))
}

#[tokio::test]
async fn f64_after_the_first_tranche_the_rest_goes_back_pro_rata_to_the_cent() {
    let app = funded().await;
    checked_account(&app, IBAN).await;
    decided(&app, "250").await;
    let one = Browser::treasurer(&app, 1).await;
    let propose = format!("{PAGE}/propose");
    assert_eq!(one.post(&propose, &[("reason", "nu al")]).await.0, 409, "a tranche is on its way");
    let transfer = planned(&app).await.remove(0);
    to_the_bank(&app).await;
    assert!(on_the_statement(&app, &transfer, 25_000, "bln_1").await);

    stop(&app).await;
    assert_eq!(state(&app).await, ProjectState::Terminated);
    // 650 was given, 250 was paid out; of 400 Anna gets 400/650 and Bert 250/650
    assert_eq!(sent_back(&app).await, [15_385, 24_615]);
    for (name, back) in [("anna", 24_615), ("bert", 15_385)] {
        let letters = app.letters(&format!("{name}@example.org")).await;
        assert_eq!(letters.iter().filter(|kind| *kind == "project_terminated").count(), 1, "{letters:?}");
        let mail = mail_about(&app, name, "is gestopt");
        let amount = format!("{},{:02}", back / 100, back % 100);
        assert!(mail.contains(&amount) && mail.contains("de keuken is dicht"), "{mail}");
    }
    assert!(app.letters("owner@kookclub.example").await.contains(&"project_stopped".to_owned()));
    let payout = [("project", "kookclub"), ("amount", "10"), ("reason", "toch")];
    assert_eq!(one.post("/nl/staff/payouts/propose", &payout).await.0, 409, "nothing more is paid");
    assert!(one.read("/en/staff/projects/prj_1/stop").await.contains("2 of 2"));
    let books = app.http.get(app.url("/api/v1/projects/kookclub/books.csv")).send().await.expect("an answer");
    let books = books.text().await.expect("the books");
    let total = |column: usize| -> i64 {
        let cell = |line: &str| line.split(',').nth(column).and_then(|cell| cell.parse::<i64>().ok());
        books.lines().skip(1).filter_map(cell).sum()
    };
    assert_eq!((total(1), total(2), total(3)), (65_000, 25_000, 40_000), "{books}");
    // the work may be asked for again: nothing happens twice
    let id = terminations::actions::of_project(&mut app.s.db.read().await.expect("a connection"), "prj_1").await;
    let id = id.expect("a look").expect("a termination").id;
    terminations::carry_out::run(&app.s, &id).await.expect("the work");
    app.advance(3 * 86_400).await;
    assert_eq!(sent_back(&app).await.len(), 2);
    app.verify().await;
}

#[tokio::test]
async fn before_anything_is_paid_out_everybody_gets_everything_back() {
    let app = funded().await;
    stop(&app).await;
    assert_eq!(sent_back(&app).await, [25_000, 40_000]);
    for name in ["anna", "bert"] {
        let letters = app.letters(&format!("{name}@example.org")).await;
        assert!(
            letters.contains(&"project_terminated".to_owned()) && letters.contains(&"refund_sent".to_owned()),
            "{letters:?}"
        );
    }
    let page =
        app.http.get(app.url("/nl/projects/kookclub")).send().await.expect("an answer").text().await.expect("a page");
    assert!(page.contains("voortijdig gestopt"), "{page}");
    app.verify().await;
}

#[tokio::test]
async fn a_disputed_pledge_is_left_to_its_bank_and_others_get_no_more_than_they_gave() {
    let app = App::start().await;
    app.paid_gift(40_000, "Anna").await;
    let bert = app.paid_gift(25_000, "Bert").await;
    app.advance(10 * 86_400 + 60).await;
    crate::closing::decide(&app).await;
    app.settle().await;
    app.dispute(&bert, "needs_response").await;
    stop(&app).await;
    assert_eq!(sent_back(&app).await, [40_000]);
    app.verify().await;
}

#[tokio::test]
async fn only_a_funded_project_is_stopped_and_only_by_treasurers() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let one = Browser::treasurer(&app, 1).await;
    let propose = format!("{PAGE}/propose");
    assert_eq!(one.post(&propose, &[("reason", "x")]).await.0, 409, "it is still on sale");
    assert!(one.read(PAGE).await.contains("Alleen een project dat geld kreeg"));
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(reviewer.post(&propose, &[("reason", "x")]).await.0, 403);
    assert_eq!(one.post("/nl/staff/projects/prj_9/stop/propose", &[("reason", "x")]).await.0, 404);
    assert_eq!(state(&app).await, ProjectState::Listed);
    app.verify().await;
}
