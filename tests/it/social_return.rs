//! Social return: what work and purchases count for by the tables of municipalities, and statements for companies.

use std::sync::Arc;

use drempel::features::social_return::{self, Facts, StatementKind, actions, tables};
use drempel::features::{pledges, receipts, results};
use drempel::infra::jobs;
use serde_json::Value;
use tokio::sync::Barrier;

use crate::closing::decide;
use crate::support::{App, Browser};

const DAY: i64 = 86_400;
const STAFF: &str = "/nl/staff/social-return";

/// A table with a person-year, a bonus and an invoice by which Rikx count.
fn table<'a>(valid_from: &'a str, percent: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("region", "teststad"),
        ("name_nl", "Teststad"),
        ("name_en", "Test Town"),
        ("valid_from", valid_from),
        ("source", "https://teststad.example/bouwblokken"),
        ("code_1", "bijstand"),
        ("name_nl_1", "Bijstand"),
        ("name_en_1", "Benefit"),
        ("unit_1", "person_year"),
        ("value_1", "40000"),
        ("code_2", "inkoop"),
        ("name_nl_2", "Inkoop sociaal"),
        ("name_en_2", "Social buying"),
        ("unit_2", "invoice"),
        ("value_2", percent),
        ("for_rikx_2", "yes"),
        // a gap that closes when it is saved
        ("code_4", "vast"),
        ("name_nl_4", "Vast contract"),
        ("name_en_4", "Permanent contract"),
        ("unit_4", "once"),
        ("value_4", "10000"),
    ]
}

/// The team writes a table and takes it into use; answers its address.
async fn in_use(app: &App, valid_from: &str, percent: &str) -> String {
    let reviewer = Browser::signed_in(app, "reviewer@drempel.example").await;
    let (status, location) = reviewer.post(&format!("{STAFF}/new"), &table(valid_from, percent)).await;
    assert_eq!(status, 303, "{location}");
    let path = location.split('?').next().expect("an address").to_owned();
    assert_eq!(reviewer.post(&format!("{path}/use"), &[]).await.0, 303);
    path
}

struct Bought {
    reference: String,
    key: String,
    id: String,
}

impl Bought {
    async fn paid(app: &App, cents: i64) -> Bought {
        let pledge = app.purchase(cents).await;
        assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
        app.settle().await;
        Bought::of(app, &pledge).await
    }

    async fn of(app: &App, pledge: &Value) -> Bought {
        let text = |name: &str| pledge[name].as_str().expect("a text").to_owned();
        let mut conn = app.s.db.read().await.expect("a connection");
        let found = pledges::actions::by_reference(&mut conn, &text("reference")).await.expect("a read");
        Bought { reference: text("reference"), key: text("key"), id: found.expect("a pledge").id }
    }

    fn path(&self, lang: &str, rest: &str) -> String {
        format!("/{lang}/pledges/{}/social-return{rest}?key={}", self.reference, self.key)
    }

    async fn statements(&self, app: &App) -> Vec<(StatementKind, Facts)> {
        let mut conn = app.s.db.read().await.expect("a connection");
        let all = actions::of_pledge(&mut conn, &self.id).await.expect("statements");
        all.iter().map(|one| (one.kind, Facts::of(one).expect("facts"))).collect()
    }
}

fn credit(facts: &Facts) -> Option<i64> {
    facts.counted.as_ref().map(|counted| counted.credit_cents)
}

#[tokio::test]
async fn the_calculator_shows_each_step_and_keeps_what_was_put_in() {
    let app = App::start_demo().await;
    let visitor = Browser::new(&app);
    let page = visitor.read("/nl/social-return").await;
    assert!(page.contains("Utrecht (voorbeeld)") && page.contains("geen rechten"), "{page}");
    let asked = "/nl/social-return?region=utrecht&block=participatiewet&persons=3&part_time=80&weeks=26\
                 &bonus-vast-contract=yes&hours=&amount=&rikx=2500";
    let page = visitor.read(asked).await;
    for part in [
        "3 × €\u{a0}40.000 × 80% × 26 van 52 weken = €\u{a0}48.000",
        "3 × €\u{a0}10.000 = €\u{a0}30.000",
        "€\u{a0}78.000",
        "100% van €\u{a0}2.500 = €\u{a0}2.500",
        "value=\"80\"",
        "name=\"bonus-vast-contract\" value=\"yes\" checked",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let english = visitor.read(&asked.replace("/nl/", "/en/").replace("weeks=26", "weeks=1")).await;
    assert!(english.contains("€1,846.15") && english.contains("less than a cent"), "{english}");
    for (query, field) in [
        ("region=rotterdam", "f-region"),
        ("region=utrecht&block=participatiewet&persons=0", "f-persons"),
        ("region=utrecht&block=participatiewet&part_time=100,01", "f-part_time"),
        ("region=utrecht&block=participatiewet&weeks=1.5", "f-weeks"),
        ("region=utrecht&block=vrijwillig&hours=1e3", "f-hours"),
        ("region=utrecht&block=inkoop&amount=1.000", "f-amount"),
        ("region=utrecht&block=vast-contract", "f-block"),
        ("region=utrecht&rikx=x", "f-rikx"),
    ] {
        let (status, page) = app.text(&app.url(&format!("/nl/social-return?{query}"))).await;
        assert_eq!(status, 422, "{query}");
        assert!(
            page.contains(&format!("href=\"#{field}\"")) && page.contains(&format!("id=\"{field}-error\"")),
            "{query}: {page}"
        );
    }
    assert_eq!(visitor.get("/nl/social-return?what=1").await.0, 400);
    assert_eq!(visitor.get("/nl/social-return?weeks=1&weeks=2").await.0, 400);
}

#[tokio::test]
async fn a_table_in_use_never_changes_and_the_next_version_holds_from_a_later_day() {
    let app = App::start().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let treasurer = Browser::treasurer(&app, 1).await;
    let form = table("2026-01-01", "100");
    assert_eq!(treasurer.post(&format!("{STAFF}/new"), &form).await.0, 403);
    let (status, location) = reviewer.post(&format!("{STAFF}/new"), &form).await;
    assert_eq!(status, 303);
    let path = location.split('?').next().expect("an address").to_owned();
    let shown = reviewer.read(&path).await;
    assert!(shown.contains("name=\"code_3\" type=\"text\" value=\"vast\""), "the gap is closed: {shown}");
    let visitor = Browser::new(&app);
    assert!(!visitor.read("/nl/social-return").await.contains("Teststad"), "a draft is the team's");
    assert_eq!(reviewer.post(&path, &table("2026-01-01", "80")).await.0, 303, "a draft changes");
    assert_eq!(reviewer.post(&format!("{path}/use"), &[]).await.0, 303);
    assert!(visitor.read("/nl/social-return?region=teststad").await.contains("80% van het bedrag"));

    assert_eq!(reviewer.post(&path, &form).await.0, 409, "it is in use");
    assert_eq!(reviewer.post(&format!("{path}/use"), &[]).await.0, 409);
    for day in ["2026-01-01", "2025-12-31"] {
        let (status, page) = reviewer.post_for_text(&format!("{STAFF}/new"), &table(day, "50")).await;
        assert_eq!(status, 422, "{day}");
        assert!(page.contains("f-valid_from-error"), "{page}");
    }
    let ahead = app.s.clock.now().plus_days(5).day();
    in_use(&app, &ahead, "50").await;
    assert!(visitor.read("/nl/social-return?region=teststad").await.contains("80% van het bedrag"), "not yet");
    app.advance(6 * DAY).await;
    assert!(visitor.read("/nl/social-return?region=teststad").await.contains("50% van het bedrag"));

    // signed in anew: the days that went by ended the session
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    for (field, value, error) in [
        ("value_1", "0", "value_1"),
        ("value_2", "0", "value_2"),
        ("code_4", "inkoop", "code_3"),
        ("unit_2", "hour", "for_rikx_2"),
        ("source", "", "source"),
        ("region", "Test Stad", "region"),
    ] {
        let mut form = table("2027-01-01", "100");
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        let (status, page) = reviewer.post_for_text(&format!("{STAFF}/new"), &form).await;
        assert_eq!(status, 422, "{field}");
        assert!(page.contains(&format!("href=\"#f-{error}\"")), "{field}: {page}");
    }
    let mut conn = app.s.db.read().await.expect("a connection");
    let all = tables::all(&mut conn).await.expect("tables");
    assert_eq!(all.len(), 2);
    let changes = drempel::infra::history::of(&mut conn, &all[1].id).await.expect("a history");
    let steps: Vec<_> = changes.iter().map(|change| (change.from_state.as_str(), change.to_state.as_str())).collect();
    assert_eq!(steps, [("", "draft"), ("draft", "draft"), ("draft", "in_use")]);
}

#[tokio::test]
async fn a_purchase_has_a_provisional_statement_that_counts_by_the_table_of_its_day() {
    let app = App::start().await;
    in_use(&app, "2026-01-01", "80").await;
    let ahead = app.s.clock.now().plus_days(1).day();
    in_use(&app, &ahead, "10").await;
    let bought = Bought::paid(&app, 10_000).await;
    let gift = app.paid_gift(2_500, "Anna").await;
    let first = bought.statements(&app).await;
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].0, credit(&first[0].1)), (StatementKind::Provisional, None));
    let year = receipts::year_of(app.s.clock.now());
    assert_eq!(first[0].1.number, format!("SR{year}-000001"));

    app.advance(2 * DAY).await;
    let buyer = Browser::new(&app);
    assert_eq!(buyer.post(&bought.path("nl", ""), &[("region", "elders")]).await.0, 422);
    assert_eq!(buyer.post(&bought.path("nl", ""), &[("region", "teststad")]).await.0, 303);
    app.settle().await;
    app.settle().await;
    let all = bought.statements(&app).await;
    assert_eq!(all.len(), 2);
    assert_eq!(credit(&all[1].1), Some(8_000), "by the table of the day on which it was bought");
    assert_eq!(all[1].1.replaces, all[0].1.number);

    for (lang, words) in [
        (
            "nl",
            [
                "Bouwbedrijf Zoë &#38; Zn. &#60;b&#62;",
                "12345678",
                "SR-2026-17",
                "Stichting Kookclub",
                "80% van",
                "voorlopig",
            ],
        ),
        (
            "en",
            [
                "Bouwbedrijf Zoë &#38; Zn. &#60;b&#62;",
                "12345678",
                "SR-2026-17",
                "Stichting Drempel",
                "80% of",
                "provisional",
            ],
        ),
    ] {
        let page = buyer.read(&bought.path(lang, &format!("/{}", all[1].1.number))).await;
        for word in words {
            assert!(page.contains(word), "{lang} {word}: {page}");
        }
        let pdf = buyer.file(&bought.path(lang, &format!("/{}.pdf", all[1].1.number))).await;
        assert!(pdf.starts_with(b"%PDF-1.7"));
    }
    let api = format!("/api/v1/pledges/{}/social-return?key={}", bought.reference, bought.key);
    let answer: Value = serde_json::from_str(&buyer.read(&api).await).expect("JSON");
    assert_eq!(answer["current"], true);
    assert_eq!(answer["statement"]["counted"]["credit_cents"], 8_000);
    let older: Value =
        serde_json::from_str(&buyer.read(&format!("{api}&number={}", all[0].1.number)).await).expect("JSON");
    assert_eq!(older["current"], false);
    let wrong = format!("/api/v1/pledges/{}/social-return?key=x", bought.reference);
    assert_eq!(buyer.get(&wrong).await.0, 404);
    let of_gift = format!(
        "/nl/pledges/{}/social-return?key={}",
        gift["reference"].as_str().unwrap_or_default(),
        gift["key"].as_str().unwrap_or_default()
    );
    assert_eq!(buyer.get(&of_gift).await.0, 404, "a gift counts for nobody's obligation");
    app.verify().await;
}

#[tokio::test]
async fn a_municipality_sees_by_its_code_whether_a_statement_holds() {
    let app = App::start().await;
    in_use(&app, "2026-01-01", "100").await;
    let bought = Bought::paid(&app, 10_000).await;
    let buyer = Browser::new(&app);
    buyer.post(&bought.path("nl", ""), &[("region", "teststad")]).await;
    app.settle().await;
    let all = bought.statements(&app).await;
    let [old, new] = [&all[0].1.code, &all[1].1.code];
    let (status, location) =
        buyer.get(&format!("/nl/social-return/check?code={}", actions::grouped(new).to_lowercase())).await;
    assert_eq!(status, 303, "{location}");
    let page = buyer.read(&format!("/nl/social-return/check/{new}")).await;
    for part in ["de nieuwste", &all[1].1.number, "Bouwbedrijf", "€\u{a0}100", "voorlopig"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("inkoop@bouwbedrijf.example"));
    let page = buyer.read(&format!("/nl/social-return/check/{old}")).await;
    assert!(page.contains("geldt niet meer") && page.contains(&all[1].1.number), "{page}");
    assert_eq!(buyer.get("/nl/social-return/check/0000000000000000").await.0, 404);
}

#[tokio::test]
async fn a_refunded_purchase_has_its_statement_withdrawn() {
    let app = App::start().await;
    let pledge = app.purchase(10_000).await;
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    app.settle().await;
    let bought = Bought::of(&app, &pledge).await;
    let all = bought.statements(&app).await;
    let kinds: Vec<_> = all.iter().map(|(kind, facts)| (*kind, facts.purchase.kept_cents)).collect();
    assert_eq!(kinds, [(StatementKind::Provisional, 10_000), (StatementKind::Withdrawn, 0)]);
    let page = Browser::new(&app).read(&bought.path("nl", &format!("/{}", all[1].1.number))).await;
    assert!(page.contains("ging helemaal terug"), "{page}");
    app.verify().await;
}

#[tokio::test]
async fn a_statement_is_final_once_results_are_settled_and_counts_what_was_kept() {
    let app = App::start().await;
    in_use(&app, "2026-01-01", "100").await;
    app.sql(
        "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent)
         VALUES ('prm_1', 'prj_1', 1, 'PI4060', 0, 20, '2027-12-31', 100)",
    )
    .await
    .ok();
    let bought = Bought::paid(&app, 40_000).await;
    app.paid_gift(25_000, "Bert").await;
    let buyer = Browser::new(&app);
    assert_eq!(buyer.post(&bought.path("nl", ""), &[("region", "teststad")]).await.0, 303);
    app.advance(11 * DAY).await;
    decide(&app).await;
    app.settle().await;
    // a part went back after the results: two and a half hundred euros of four
    app.sql("UPDATE pledges SET returned_cents = 25000 WHERE kind = 'purchase'").await.expect("a part that went back");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let now = app.s.clock.now();
    jobs::enqueue(&mut tx, now, results::SETTLED, "prj_1", now).await.expect("a job");
    tx.commit().await.expect("a commit");
    for _ in 0..2 {
        app.settle().await;
    }
    let all = bought.statements(&app).await;
    let (kind, last) = all.last().expect("a statement");
    assert_eq!((*kind, last.purchase.kept_cents, credit(last)), (StatementKind::Final, 15_000, Some(15_000)));
    assert!(!last.settled_at.is_empty());
    let count = all.len();
    let page = buyer.read(&bought.path("nl", &format!("/{}", last.number))).await;
    assert!(page.contains("definitief") && page.contains("€\u{a0}250"), "{page}");
    assert_eq!(buyer.post(&bought.path("nl", ""), &[("region", "teststad")]).await.0, 409, "it is final");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    actions::issue_final(&mut tx, "prj_1", now).await.expect("once more");
    tx.commit().await.expect("a commit");
    app.settle().await;
    assert_eq!(bought.statements(&app).await.len(), count, "the same is not said twice");
}

#[tokio::test]
async fn many_at_once_issue_one_statement() {
    let app = Arc::new(App::start().await);
    let bought = Bought::paid(&app, 10_000).await;
    app.sql("UPDATE pledges SET contract_reference = 'SR-2026-18'").await.expect("something else to say");
    let barrier = Arc::new(Barrier::new(8));
    let at_once = (0..8).map(|_| {
        let (app, id, barrier) = (app.clone(), bought.id.clone(), barrier.clone());
        tokio::spawn(async move {
            barrier.wait().await;
            actions::bring_up_to_date(&app.s, &id).await.expect("a statement");
        })
    });
    for one in at_once.collect::<Vec<_>>() {
        one.await.expect("a task");
    }
    let all = bought.statements(&app).await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].1.company.contract_reference, "SR-2026-18");
    app.verify().await;
    app.sql("UPDATE credit_statements SET facts = facts || ' ' WHERE seq = 1").await.expect("a slip");
    let mut conn = app.s.db.read().await.expect("a connection");
    let checks = actions::verify(&mut conn).await.expect("checks");
    assert_eq!(checks.iter().map(|check| check.offending.len()).sum::<usize>(), 1, "a changed statement is found");
}

#[tokio::test]
async fn the_company_leaves_its_statements_after_seven_years() {
    let app = App::start().await;
    let bought = Bought::paid(&app, 10_000).await;
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let gone = social_return::personal::forget_old(&mut tx, now, now, 10).await.expect("tidying");
    assert_eq!(gone, 0, "this year's stay");
    let later = now.plus_days(366);
    assert_eq!(social_return::personal::forget_old(&mut tx, later, later, 10).await.expect("tidying"), 1);
    assert_eq!(social_return::personal::forget_old(&mut tx, later, later, 10).await.expect("tidying"), 0);
    tx.commit().await.expect("a commit");
    let all = bought.statements(&app).await;
    assert!(all[0].1.company.name.is_empty() && all[0].1.purchase.kept_cents == 10_000);
    let page = Browser::new(&app).read(&format!("/nl/social-return/check/{}", all[0].1.code)).await;
    assert!(!page.contains("Bouwbedrijf"), "{page}");
    app.verify().await;
}
