//! The plan of a project's payouts: fixed by two, its parts paid one after the other, told to backers.

use drempel::features::payouts::actions as payouts;
use drempel::features::updates;
use drempel::features::users;
use drempel::values::Cents;

use crate::money_out::{came_back, on_the_statement, to_the_bank};
use crate::payouts::{checked_account, funded, planned};
use crate::support::{App, Browser};

const IBAN: &str = "NL91ABNA0417164300";
pub const OWN: &str = "/nl/studio/projects/kookclub/payouts";
pub const PLAN: &str = "/nl/staff/projects/prj_1/payouts";
const DAY: i64 = 86_400;

pub type Fields = Vec<(&'static str, &'static str)>;

/// A quarter at once, a quarter from a day on, the rest when the kitchen stands.
pub fn plan() -> Fields {
    vec![
        ("unit", "percent"),
        ("part_1_label_nl", "Eerste spullen"),
        ("part_1_label_en", "First things"),
        ("part_1_share", "25"),
        ("part_1_waits_for", "start"),
        ("part_2_label_nl", "Huur"),
        ("part_2_share", "25%"),
        ("part_2_waits_for", "day"),
        ("part_2_day", "2030-01-01"),
        ("part_4_label_nl", "De keuken staat"),
        ("part_4_share", "50,00"),
        ("part_4_waits_for", "milestone"),
    ]
}

fn changed(changes: &[(&'static str, &'static str)]) -> Fields {
    let mut form = plan();
    for (field, value) in changes {
        form.retain(|(name, _)| name != field);
        form.push((field, value));
    }
    form
}

/// An owner suggests the plan, one treasurer proposes it, another fixes it.
async fn fixed() -> App {
    let app = funded().await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(owner.post(OWN, &plan()).await.0, 303);
    fix(&app).await;
    app
}

async fn fix(app: &App) {
    let (one, two) = (Browser::treasurer(app, 1).await, Browser::treasurer(app, 2).await);
    assert_eq!(one.post(&format!("{PLAN}/propose"), &[("reason", "goed plan")]).await.0, 303);
    let hash = one.marked(PLAN, "data-hash").await;
    assert_eq!(one.post(&format!("{PLAN}/approve"), &[("hash", &hash)]).await.0, 403, "not by the same person");
    assert_eq!(two.post(&format!("{PLAN}/approve"), &[("hash", "0")]).await.0, 409, "not another plan");
    assert_eq!(two.post(&format!("{PLAN}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
}

async fn propose_part(app: &App, position: i64) -> (u16, String) {
    let one = Browser::treasurer(app, 1).await;
    let path = format!("{PLAN}/parts/{position}/propose");
    let (status, location) = one.post(&path, &[("reason", "volgens plan")]).await;
    (status, location.split('?').next().unwrap_or_default().to_owned())
}

async fn approve(app: &App, decision: &str) {
    let two = Browser::treasurer(app, 2).await;
    let hash = two.marked(decision, "data-hash").await;
    assert_eq!(two.post(&format!("{decision}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
}

/// A part is proposed, approved, brought to the bank and seen on its statement.
async fn paid(app: &App, position: i64, cents: i64, line: &str) {
    let (status, decision) = propose_part(app, position).await;
    assert_eq!(status, 303, "part {position}");
    approve(app, &decision).await;
    let transfer = planned(app).await.remove(0);
    assert_eq!(transfer.amount, Cents(cents));
    to_the_bank(app).await;
    assert!(on_the_statement(app, &transfer, cents, line).await);
}

async fn follows(app: &App, email: &str) {
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let user = users::actions::by_email(&mut tx, email).await.expect("a read").expect("a user");
    updates::actions::follow_as_backer(&mut tx, &user.id, "prj_1", drempel::values::Lang::Nl, (now, now))
        .await
        .expect("a follow");
    tx.commit().await.expect("a commit");
}

async fn told(app: &App, email: &str) -> usize {
    app.letters(email).await.iter().filter(|kind| *kind == "tranche_told").count()
}

#[tokio::test]
async fn a_plan_is_paid_part_by_part_and_everybody_sees_each_step() {
    let app = fixed().await;
    assert_eq!(propose_part(&app, 1).await.0, 409, "there is no account that was checked");
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert!(owner.read(OWN).await.contains("nog geen gecontroleerde rekening"));
    checked_account(&app, IBAN).await;
    app.sql("UPDATE organisations SET state = 'registered'").await.expect("a change of name");
    assert_eq!(propose_part(&app, 1).await.0, 409, "nobody looked the organisation up");
    assert!(owner.read(OWN).await.contains("nog niet bevestigd"));
    app.sql("UPDATE organisations SET state = 'confirmed'").await.expect("a word of the team");
    assert_eq!(propose_part(&app, 2).await.0, 409, "its day has not come");
    assert_eq!(propose_part(&app, 3).await.0, 409, "its milestone is not reported");
    assert_eq!(propose_part(&app, 4).await.0, 409, "there is no such part");

    paid(&app, 1, 15_000, "bln_1").await;
    assert_eq!(propose_part(&app, 1).await.0, 409, "paid once");
    let reached = format!("{OWN}/parts/3/reached");
    assert_eq!(owner.post(&reached, &[("word", " "), ("update", "")]).await.0, 422);
    assert_eq!(owner.post(&reached, &[("word", "Hij staat."), ("update", "7")]).await.0, 422, "no such update");
    assert_eq!(owner.post(&format!("{OWN}/parts/2/reached"), &[("word", "x"), ("update", "")]).await.0, 409, "a day");
    assert_eq!(owner.post(&reached, &[("word", "Hij staat."), ("update", "")]).await.0, 303);
    let one = Browser::treasurer(&app, 1).await;
    assert!(one.read("/nl/staff").await.contains("1 deel van een plan is klaar"));
    assert!(one.read("/nl/staff/payouts").await.contains("De keuken staat"));
    assert!(one.read(PLAN).await.contains("Hij staat."));
    paid(&app, 3, 30_000, "bln_2").await;
    assert_eq!(owner.post(&reached, &[("word", "Nog eens."), ("update", "")]).await.0, 409, "decided on");

    assert!(app.letters("owner@kookclub.example").await.contains(&"plan_fixed".to_owned()));

    app.advance(5 * 366 * DAY).await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    paid(&app, 2, 15_000, "bln_3").await;
    let page = owner.read(OWN).await;
    assert_eq!(page.matches("is-confirmed").count(), 3, "{page}");
    let books = Browser::new(&app).read("/nl/projects/kookclub/books").await;
    for part in ["Eerste spullen", "De keuken staat", "Uitbetaald tot nu toe: € 600"] {
        assert!(books.replace('\u{a0}', " ").contains(part), "{part}: {books}");
    }
    assert!(!books.contains("NL91"), "no account numbers");
    let english = Browser::new(&app).read("/en/projects/kookclub").await;
    assert!(english.contains("First things") && english.contains("Stichting Kookclub"));
    let mut conn = app.s.db.read().await.expect("a connection");
    let sum: i64 = payouts::latest(&mut conn, 10).await.expect("tranches").iter().map(|tranche| tranche.amount.0).sum();
    drop(conn);
    assert_eq!(sum, 60_000, "the parts are the start money, to the cent");
    app.verify().await;
}

#[tokio::test]
async fn i17_backers_who_get_updates_hear_once_of_each_tranche_and_can_end_it() {
    let app = fixed().await;
    checked_account(&app, IBAN).await;
    follows(&app, "anna@example.org").await; // backs it and gets updates; Bert backs it and does not
    app.sql("UPDATE follows SET ended_at = '2026-01-01T00:00:00.000Z' WHERE user_id = (SELECT id FROM users WHERE email = 'bert@example.org')")
        .await
        .expect("an end");
    app.sql("INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_n', 'niek@example.org', '', 'nl', '2026-01-01T00:00:00.000Z')")
        .await
        .expect("a neighbour");
    follows(&app, "niek@example.org").await; // follows it without having given anything
    paid(&app, 1, 15_000, "bln_1").await;
    assert_eq!(
        (
            told(&app, "anna@example.org").await,
            told(&app, "bert@example.org").await,
            told(&app, "niek@example.org").await
        ),
        (1, 0, 0)
    );
    let tranche = payouts::latest(&mut app.s.db.read().await.unwrap(), 1).await.unwrap().remove(0);
    updates::actions::tell_backers(&app.s, &tranche.id).await.expect("the work again");
    app.settle().await;
    assert_eq!(told(&app, "anna@example.org").await, 1, "the work may run twice");
    let letter = std::fs::read_dir(app.letters_folder())
        .expect("a folder")
        .flatten()
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .find(|text| text.contains("anna@example.org") && text.contains("List-Unsubscribe-Post"))
        .expect("a letter with an address to end it");
    let start = letter.find("/unsubscribe/").expect("an address");
    let path: String = letter[start..].chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
    assert_eq!(app.http.post(app.url(&path)).body("List-Unsubscribe=One-Click").send().await.unwrap().status(), 200);
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert_eq!(owner.post(&format!("{OWN}/parts/3/reached"), &[("word", "Klaar."), ("update", "")]).await.0, 303);
    paid(&app, 3, 30_000, "bln_2").await;
    assert_eq!(told(&app, "anna@example.org").await, 1, "ended by one press");
    app.verify().await;
}

#[tokio::test]
async fn f58_money_of_the_plan_goes_out_by_the_plan_and_no_plan_is_more_than_the_money() {
    let app = funded().await;
    let one = Browser::treasurer(&app, 1).await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    for wrong in [
        &[("part_1_share", "24,99")][..],
        &[("part_1_share", "25,01")],
        &[("part_1_share", "-25")],
        &[("part_2_day", "gauw")],
        &[("part_4_waits_for", "")],
        &[("unit", "")],
        &[("unit", "amount")],
    ] {
        let (status, page) = owner.post_for_text(OWN, &changed(wrong)).await;
        assert_eq!(status, 422, "{wrong:?}");
        assert!(page.contains("De keuken staat"), "what was typed stays");
    }
    let amounts = [("unit", "amount"), ("part_1_share", "150,01"), ("part_2_share", "149,99"), ("part_4_share", "300")];
    assert_eq!(owner.post(OWN, &changed(&amounts)).await.0, 303);
    assert_eq!(owner.post(OWN, &plan()).await.0, 303, "another in its place");
    let form = [("project", "kookclub"), ("amount", "100"), ("reason", "vooruit")];
    assert_eq!(one.post("/nl/staff/payouts/propose", &form).await.0, 303, "nothing is fixed yet");
    assert_eq!(
        one.post(&format!("{PLAN}/propose"), &[("reason", "goed")]).await.0,
        409,
        "the plan is over another sum now"
    );
    assert_eq!(one.post(&format!("{PLAN}/withdraw"), &[("reason", "opnieuw")]).await.0, 303);
    let mut own = plan();
    own.push(("reason", "zo gaan we het doen"));
    assert_eq!(one.post(&format!("{PLAN}/write"), &own).await.0, 303);
    assert_eq!(owner.post(OWN, &plan()).await.0, 409, "treasurers decide just now");
    let two = Browser::treasurer(&app, 2).await;
    let hash = two.marked(PLAN, "data-hash").await;
    assert_eq!(two.post(&format!("{PLAN}/approve"), &[("hash", &hash)]).await.0, 303);
    app.settle().await;
    let (status, page) = one.post_for_text("/nl/staff/payouts/propose", &form).await;
    assert_eq!(status, 422);
    assert!(page.contains("hoort bij het vastgestelde plan"), "{page}");
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(reviewer.get(PLAN).await.0, 200);
    assert_eq!(reviewer.post(&format!("{PLAN}/parts/1/propose"), &[("reason", "x")]).await.0, 403);
    app.verify().await;
}

#[tokio::test]
async fn f63_a_part_that_came_back_or_was_withdrawn_is_decided_on_anew() {
    let app = fixed().await;
    checked_account(&app, IBAN).await;
    let (_, decision) = propose_part(&app, 1).await;
    let one = Browser::treasurer(&app, 1).await;
    assert_eq!(one.post(&format!("{decision}/withdraw"), &[("reason", "verkeerd")]).await.0, 303);
    paid(&app, 1, 15_000, "bln_1").await;
    let transfers = {
        let mut conn = app.s.db.read().await.expect("a connection");
        let tranche = payouts::latest(&mut conn, 1).await.expect("a tranche").remove(0);
        drempel::features::transfers::actions::of_subject(&mut conn, &tranche.id).await.expect("a transfer")
    };
    assert!(came_back(&app, &transfers[0], "bln_2").await);
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert!(owner.read(OWN).await.contains("Klaar voor een besluit"));
    assert_eq!(propose_part(&app, 1).await.0, 303);
    // a plan for the rest takes its place; what is given out stays as it is
    let rest = [("unit", "amount"), ("part_1_share", "150"), ("part_2_share", "150"), ("part_4_share", "150")];
    assert_eq!(owner.post(OWN, &changed(&rest)).await.0, 303);
    fix(&app).await;
    app.verify().await;
}

#[tokio::test]
async fn a_plan_that_is_taken_back_while_it_is_approved_is_fixed_or_gone() {
    let app = funded().await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    for turn in 0..4 {
        assert_eq!(Browser::signed_in(&app, "owner@kookclub.example").await.post(OWN, &plan()).await.0, 303);
        assert_eq!(one.post(&format!("{PLAN}/propose"), &[("reason", "goed plan")]).await.0, 303);
        let hash = one.marked(PLAN, "data-hash").await;
        let before = plans_in(&app, "fixed").await;
        let (approve, withdraw) = (format!("{PLAN}/approve"), format!("{PLAN}/withdraw"));
        let (hash, reason) = ([("hash", hash.as_str())], [("reason", "toch anders")]);
        let (approved, taken_back) = tokio::join!(two.post(&approve, &hash), one.post(&withdraw, &reason));
        let fixed = plans_in(&app, "fixed").await;
        match (approved.0, taken_back.0) {
            (303, 409) => assert_eq!(fixed, 1, "turn {turn}"),
            (409, 303) => assert_eq!(fixed, before, "turn {turn}"),
            other => panic!("turn {turn}: both or neither happened: {other:?}"),
        }
        assert_eq!((plans_in(&app, "proposed").await, plans_in(&app, "drafted").await), (0, 0));
    }
    app.verify().await;
}

async fn plans_in(app: &App, state: &str) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let query = sqlx::query_as("SELECT COUNT(*) FROM payout_plans WHERE state = $1").bind(state);
    let (count,): (i64,) = query.fetch_one(&mut *conn).await.expect("a count");
    count
}
