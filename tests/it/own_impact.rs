//! What a backer sees of their own support, and the certificate of it.

use serde_json::{Value, json};

use drempel::features::outcomes::{NewWave, Observation, WaveKind, actions};

use crate::closing::decide;
use crate::support::{App, Browser};

const DAY: i64 = 86_400;

fn path(lang: &str, pledge: &Value, part: &str) -> String {
    let text = |name: &str| pledge[name].as_str().unwrap_or_default();
    format!("/{lang}/pledges/{}/{part}?key={}", text("reference"), text("key"))
}

/// A round that sells is over and decided.
async fn decided(app: &App) {
    app.advance(10 * DAY + 60).await;
    decide(app).await;
    app.settle().await;
}

#[tokio::test]
async fn a_backer_sees_their_part_and_where_the_money_went() {
    let app = App::start().await;
    let anna = app.paid_gift(40_000, "Anna").await;
    let bert = app.paid_gift(25_000, "Bert").await;
    let visitor = Browser::new(&app);
    let page = visitor.read(&path("nl", &anna, "impact")).await;
    for part in ["4 Rikx van de 10 Rikx", "Ontvangen en vastgehouden", "€\u{a0}400"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("certificate?key="), "nothing is decided yet");
    assert_eq!(visitor.get(&path("nl", &anna, "certificate")).await.0, 404);
    decided(&app).await;
    let (anna_page, bert_page) =
        (visitor.read(&path("nl", &anna, "impact")).await, visitor.read(&path("en", &bert, "impact")).await);
    for part in ["ongeveer 61 procent", "Naar de start van het project", "Voor resultaten: wordt betaald na controle"] {
        assert!(anna_page.contains(part), "{part}: {anna_page}");
    }
    assert!(bert_page.contains("About 38 percent") && bert_page.contains("2.50 Rikx of the 10 Rikx"), "{bert_page}");
    // start and result money of both are those of the project, to the cent
    let euros = |page: &str, name: &str| -> i64 {
        let after = page.split(name).nth(1).unwrap_or_else(|| panic!("{name}: {page}"));
        let text = after.split("<dd>").nth(1).and_then(|t| t.split('<').next()).expect("an amount");
        let digits: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).collect();
        drempel::values::Cents::parse(&digits).expect("an amount").0
    };
    let start = euros(&anna_page, "Naar de start van het project") + euros(&bert_page, "To the start of the project");
    let result = euros(&anna_page, "Voor resultaten") + euros(&bert_page, "For results");
    assert_eq!((start, result), (60_000, 5_000));
    let wrong = path("nl", &anna, "impact").replace("key=", "key=0");
    assert_eq!(visitor.get(&wrong).await.0, 404);
}

#[tokio::test]
async fn a_citizen_has_a_certificate_and_a_company_has_none() {
    let app = App::start().await;
    let body = json!({ "amount_cents": 40_000, "email": "anna@example.org", "name": "Anna <i>", "language": "nl" });
    let (status, anna) = app.pledge("kookclub", "a gift", &body).await;
    assert_eq!((status, app.at_the_bank(&anna, "pay").await.as_u16()), (201, 303), "{anna}");
    let company = app.purchase(25_000).await;
    assert_eq!(app.at_the_bank(&company, "pay").await, 303);
    app.settle().await;
    decided(&app).await;
    let visitor = Browser::new(&app);
    for (lang, words) in [
        ("nl", ["Anna &#60;i&#62; steunde Kookclub", "geen giftbewijs", "4 Rikx van de 10"]),
        ("en", ["Anna &#60;i&#62; supported Cooking club", "not a receipt", "4 Rikx of the 10"]),
    ] {
        let page = visitor.read(&path(lang, &anna, "certificate")).await;
        for word in words {
            assert!(page.contains(word), "{word}: {page}");
        }
        assert!(visitor.file(&path(lang, &anna, "certificate.pdf")).await.starts_with(b"%PDF-1.7"));
    }
    assert_eq!(visitor.get(&path("nl", &company, "certificate")).await.0, 404, "a company has its statement");
    assert_eq!(visitor.get(&path("nl", &company, "certificate.pdf")).await.0, 404);
    assert_eq!(visitor.get(&path("nl", &company, "impact")).await.0, 200);
}

#[tokio::test]
async fn what_went_back_counts_for_nothing_and_the_account_has_all_of_it() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(1_000, "Bert").await;
    let backer = Browser::signed_in(&app, "anna@example.org").await;
    let page = backer.read("/nl/account/impact").await;
    assert!(
        page.contains("blijft €\u{a0}25 staan") && page.contains("één project") && !page.contains("0,10 Rikx"),
        "{page}"
    );
    // too little: everybody is refunded
    decided(&app).await;
    app.settle().await;
    // signed in anew: the days that went by ended the session
    let backer = Browser::signed_in(&app, "anna@example.org").await;
    let page = backer.read("/en/account/impact").await;
    assert!(page.contains("€0 stays, over 0 projects") && page.contains("Back to you"), "{page}");
    let (status, _) = Browser::new(&app).get("/nl/account/impact").await;
    assert_eq!(status, 303, "one's own only");
    let nobody = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert!(nobody.read("/nl/account/impact").await.contains("nog geen project gesteund"));
}

#[tokio::test]
async fn results_are_told_as_everybody_sees_them() {
    let app = App::start().await;
    for statement in [
        "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, counts_people)
         VALUES ('mensen', 'OWN', 'Mensen bereikt', 'People reached', 'mensen', 'people', 1, 1)",
        "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, counts_people)
         VALUES ('werk', 'OWN', 'Mensen aan het werk', 'People at work', 'mensen', 'people', 1, 1)",
        "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent)
         VALUES ('prm_1', 'prj_1', 1, 'mensen', 0, 20, '2027-12-31', 60)",
        "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent)
         VALUES ('prm_2', 'prj_1', 2, 'werk', 0, 8, '2027-12-31', 40)",
    ] {
        app.sql(statement).await.expect(statement);
    }
    let anna = app.paid_gift(60_000, "Anna").await;
    decided(&app).await;
    let visitor = Browser::new(&app);
    let page = visitor.read(&path("nl", &anna, "impact")).await;
    assert!(page.contains("Mensen bereikt: nog niet gemeten, beoogd is 20 mensen."), "{page}");
    measured(&app, WaveKind::Intake, [0, 0]).await;
    app.advance(DAY).await;
    let page = visitor.read(&path("nl", &anna, "impact")).await;
    assert!(page.contains("Mensen aan het werk: 0, beoogd is 8 mensen"), "{page}");
    measured(&app, WaveKind::Interim, [17, 7]).await;
    let page = visitor.read(&path("nl", &anna, "impact")).await;
    assert!(page.contains("Mensen bereikt: ongeveer 15, beoogd is 20 mensen"), "rounded: {page}");
    assert!(page.contains("Mensen aan het werk: minder dan 10, beoogd is 8 mensen"), "never the older nought: {page}");
    let certificate = visitor.read(&path("en", &anna, "certificate")).await;
    assert!(
        certificate.contains("People reached: about 15") && !certificate.contains("People at work: 7"),
        "{certificate}"
    );
}

/// So many people and so many of them at work, entered as an owner does.
async fn measured(app: &App, kind: WaveKind, [reached, at_work]: [i64; 2]) {
    let observation = |indicator: &str, value: i64| Observation {
        indicator: indicator.to_owned(),
        value,
        n: None,
        cells: Vec::new(),
    };
    let now = app.s.clock.now();
    let wave = NewWave {
        kind,
        day: now.day(),
        observations: vec![observation("mensen", reached), observation("werk", at_work)],
        note_nl: String::new(),
        note_en: String::new(),
    };
    let mut tx = app.s.db.begin().await.expect("a transaction");
    actions::enter(&mut tx, "prj_1", &wave, "usr_owner", now).await.expect("a wave");
    tx.commit().await.expect("a commit");
    app.settle().await;
}
