//! Receipts, invoices and what takes them back: numbered without gaps, issued once, frozen; as page and as PDF.

use std::sync::Arc;

use drempel::features::payments::RefundCause;
use drempel::features::receipts::actions::{Draft, issue};
use drempel::features::receipts::{Document, DocumentKind, Facts};
use drempel::features::{pledges, receipts};
use drempel::infra::db::Db;
use drempel::infra::texts;
use drempel::values::Lang;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::support::App;

impl App {
    /// The papers of a pledge as they stand in the database.
    pub async fn papers(&self, pledge: &Value) -> Vec<Document> {
        let mut conn = self.s.db.read().await.expect("a connection");
        let reference = pledge["reference"].as_str().unwrap_or_default();
        let pledge = pledges::actions::by_reference(&mut conn, reference).await.expect("a read").expect("a pledge");
        receipts::actions::of_pledge(&mut conn, &pledge.id).await.expect("papers")
    }

    pub async fn kinds(&self, pledge: &Value) -> Vec<DocumentKind> {
        self.papers(pledge).await.iter().map(|document| document.kind).collect()
    }

    /// The address of a paper; `suffix` is empty or `.pdf`.
    pub fn paper_url(&self, lang: &str, pledge: &Value, number: &str, suffix: &str) -> String {
        let (reference, key) = (pledge["reference"].as_str().unwrap_or(""), pledge["key"].as_str().unwrap_or(""));
        self.url(&format!("/{lang}/pledges/{reference}/documents/{number}{suffix}?key={key}"))
    }

    pub async fn purchase(&self, cents: i64) -> Value {
        let body = json!({
            "kind": "purchase", "amount_cents": cents, "email": "inkoop@bouwbedrijf.example", "language": "nl",
            "company": {
                "name": "Bouwbedrijf Zoë & Zn. <b>", "kvk_number": "12345678", "contract_reference": "SR-2026-17",
                "po_number": "PO 4711", "vat_id": "NL123456782B01", "address": "Kade 1", "postcode": "1011 AB",
                "city": "Amsterdam"
            }
        });
        let (status, pledge) = self.pledge("kookclub", &format!("buy-{cents}"), &body).await;
        assert_eq!(status, 201, "{pledge}");
        pledge
    }

    pub async fn text(&self, url: &str) -> (u16, String) {
        let answer = self.http.get(url).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    }

    pub async fn sign_in(&self, email: &str) {
        let form = [("email", email)];
        let answer = self.http.post(self.url("/dev/sign-in")).form(&form).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 303, "{email}");
    }
}

#[tokio::test]
async fn i16_a_held_gift_has_one_receipt_that_says_nothing_was_given_in_return() {
    let app = App::start().await;
    app.fault(json!({ "webhooks": "ten_times_parallel" })).await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    let papers = app.papers(&pledge).await;
    assert_eq!(papers.len(), 1);
    let number = papers[0].number.as_str();
    assert_eq!(number, format!("GR{}-000001", receipts::year_of(app.s.clock.now())));
    for (lang, sentence) in [("nl", "Voor deze gift is niets teruggegeven"), ("en", "Nothing was given in return")] {
        let (status, page) = app.text(&app.paper_url(lang, &pledge, number, "")).await;
        assert_eq!(status, 200);
        for part in [sentence, number, "Anna", "123456782", "Stichting Kookclub", "Stichting Drempel"] {
            assert!(page.contains(part), "{lang}: {part}");
        }
        let answer = app.http.get(app.paper_url(lang, &pledge, number, ".pdf")).send().await.expect("an answer");
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/pdf");
        assert!(answer.bytes().await.expect("bytes").starts_with(b"%PDF-1.7"));
    }
    app.settle().await;
    assert_eq!(app.kinds(&pledge).await, [DocumentKind::GiftReceipt]);
    let letters = std::fs::read_dir(app.letters_folder()).expect("letters").flatten();
    let written: String = letters.map(|file| std::fs::read_to_string(file.path()).unwrap_or_default()).collect();
    assert!(written.contains("/documents?key="), "the letter links to the receipt");
    app.verify().await;
}

#[tokio::test]
async fn a_paper_opens_for_its_key_its_backer_and_the_team_only() {
    let app = App::start().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let bert = app.paid_gift(5_000, "Bert").await;
    let number = app.papers(&anna).await[0].number.clone();
    let reference = anna["reference"].as_str().unwrap_or_default();
    let bare = app.url(&format!("/nl/pledges/{reference}/documents/{number}"));
    let wrong =
        app.url(&format!("/nl/pledges/{reference}/documents/{number}?key={}", bert["key"].as_str().unwrap_or("")));
    assert_eq!(app.text(&bare).await.0, 404);
    assert_eq!(app.text(&wrong).await.0, 404);
    assert_eq!(app.text(&app.paper_url("nl", &bert, &number, "")).await.0, 404, "a paper of another pledge");
    app.sign_in("bert@example.org").await;
    assert_eq!(app.text(&bare).await.0, 404);
    app.sign_in("anna@example.org").await;
    assert_eq!(app.text(&bare).await.0, 200);
    app.sign_in("treasurer1@drempel.example").await;
    assert_eq!(app.text(&bare).await.0, 200);
}

#[tokio::test]
async fn a_refunded_gift_has_its_receipt_withdrawn_by_a_numbered_paper() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    let papers = app.papers(&pledge).await;
    assert_eq!(app.kinds(&pledge).await, [DocumentKind::GiftReceipt, DocumentKind::Withdrawal]);
    assert_eq!(papers[1].corrects_id.as_ref(), Some(&papers[0].id));
    assert_eq!(papers[1].amount.0, 2_500);
    let (_, page) = app.text(&app.paper_url("en", &pledge, &papers[1].number, "")).await;
    assert!(page.contains(&papers[0].number) && page.contains("no longer valid"), "{page}");
    app.settle().await;
    assert_eq!(app.papers(&pledge).await.len(), 2);
    app.verify().await;
}

#[tokio::test]
async fn a_purchase_has_pro_forma_invoice_and_credit_note() {
    let app = App::start().await;
    let pledge = app.purchase(10_000).await;
    app.settle().await;
    assert_eq!(app.kinds(&pledge).await, [DocumentKind::ProForma]);
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    app.cancel(&pledge).await;
    app.settle().await;
    let papers = app.papers(&pledge).await;
    let expected = [DocumentKind::ProForma, DocumentKind::Invoice, DocumentKind::CreditNote];
    assert_eq!(app.kinds(&pledge).await, expected);
    for document in &papers {
        let (status, page) = app.text(&app.paper_url("nl", &pledge, &document.number, "")).await;
        assert_eq!(status, 200);
        let parts = [
            "Bouwbedrijf Zoë &#38; Zn. &#60;b&#62;",
            "12345678",
            "PO 4711",
            "SR-2026-17",
            "NL123456782B01",
            "Kade 1, 1011 AB Amsterdam",
            "geen btw berekend",
            "€\u{a0}100",
        ];
        for part in parts {
            assert!(page.contains(part), "{}: {part}", document.kind);
        }
        let (_, pdf) = app.text(&app.paper_url("nl", &pledge, &document.number, ".pdf")).await;
        assert!(pdf.starts_with("%PDF"));
    }
    let (_, note) = app.text(&app.paper_url("nl", &pledge, &papers[2].number, "")).await;
    assert!(note.contains(&papers[1].number) && note.contains("€\u{a0}-100"), "{note}");
    app.verify().await;
}

#[tokio::test]
async fn an_unpaid_pledge_and_late_money_have_no_receipt() {
    let app = App::start().await;
    let unpaid = app.gift(2_500, "Anna").await;
    app.advance(32 * 60).await;
    assert_eq!(app.papers(&unpaid).await.len(), 0);
    app.verify().await;
}

#[tokio::test]
async fn what_a_paper_says_does_not_change_with_the_names_it_was_made_of() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    app.sql("UPDATE organisations SET name = 'Anders', rsin = '111222333', anbi = 1").await.expect("a change");
    let number = app.papers(&pledge).await[0].number.clone();
    let (_, page) = app.text(&app.paper_url("nl", &pledge, &number, "")).await;
    assert!(page.contains("Stichting Kookclub") && !page.contains("111222333"));
    let next = app.paid_gift(5_000, "Bert").await;
    let number = app.papers(&next).await[0].number.clone();
    let (_, page) = app.text(&app.paper_url("nl", &next, &number, "")).await;
    assert!(page.contains("Anders") && page.contains("111222333") && page.contains("ANBI"));
}

/// Forty papers at once, of which every third is given up: the numbers of the rest have no gap and no double.
#[tokio::test]
async fn i16_numbers_have_no_gap_and_no_double_under_parallel_and_failing_issues() {
    let app = App::start().await;
    let facts = sample(&app).await;
    let gate = Arc::new(Barrier::new(40));
    let now = app.s.clock.now();
    let mut work = Vec::new();
    for turn in 0..40 {
        let (db, facts, gate): (Db, Facts, Arc<Barrier>) = (app.s.db.clone(), facts.clone(), gate.clone());
        work.push(tokio::spawn(async move {
            gate.wait().await;
            let mut tx = db.begin().await.expect("a transaction");
            // two causes come twice
            let cause = format!("cause-{}", turn % 38);
            let draft = Draft {
                kind: DocumentKind::CreditNote,
                user_id: "usr_owner",
                pledge_id: None,
                cause_id: &cause,
                corrects_id: None,
                facts,
            };
            let document = issue(&mut tx, draft, now).await.expect("a paper");
            if turn % 3 == 0 {
                drop(tx);
                None
            } else {
                tx.commit().await.expect("a commit");
                Some(document.number)
            }
        }));
    }
    let mut numbers = Vec::new();
    for task in work {
        numbers.extend(task.await.expect("a task"));
    }
    numbers.sort();
    numbers.dedup();
    let year = receipts::year_of(now);
    let expected: Vec<String> = (1..).take(numbers.len()).map(|n| DocumentKind::CreditNote.number(year, n)).collect();
    assert_eq!(numbers, expected);
    assert!(numbers.len() >= 25, "{}", numbers.len());
    app.verify().await;
}

#[tokio::test]
async fn i16_a_gap_a_double_and_a_changed_paper_are_found() {
    for (damage, expected) in [
        ("UPDATE document_numbers SET last = last + 1", "without gaps"),
        ("DELETE FROM documents WHERE seq = 1", "without gaps"),
        ("DELETE FROM document_numbers", "without gaps"),
        ("UPDATE documents SET facts = REPLACE(facts, '2500', '9500') WHERE seq = 1", "said when issued"),
        ("UPDATE documents SET amount_cents = 1 WHERE seq = 1", "said when issued"),
    ] {
        let app = App::start().await;
        app.paid_gift(2_500, "Anna").await;
        app.paid_gift(5_000, "Bert").await;
        app.sql(damage).await.expect("damage");
        let checks = drempel::app::verify::all(&app.s).await.expect("checks");
        let found = checks.iter().any(|c| c.name == "I16" && c.what.contains(expected) && !c.offending.is_empty());
        assert!(found, "{damage}");
    }
}

#[tokio::test]
async fn a_year_is_stated_when_it_is_over_and_again_when_it_changed() {
    let app = App::start().await;
    let stays = app.paid_gift(60_000, "Anna").await;
    let goes = app.gift(2_500, "Anna").await;
    assert_eq!(app.at_the_bank(&goes, "pay").await, 303);
    app.settle().await;
    app.cancel(&goes).await;
    app.settle().await;
    app.sql("UPDATE pledges SET state = 'released' WHERE amount_cents = 60000").await.expect("a release");
    let year = receipts::year_of(app.s.clock.now());
    let page = app.url(&format!("/nl/account/statements/{year}"));
    assert_eq!(app.http.get(&page).send().await.expect("an answer").status().as_u16(), 303, "sign in first");
    app.sign_in("anna@example.org").await;
    let (status, text) = app.text(&page).await;
    assert_eq!(status, 200);
    assert!(text.contains("€\u{a0}600") && text.contains("€\u{a0}25") && text.contains("nog niet om"), "{text}");
    let early = app.http.post(&page).send().await.expect("an answer");
    assert_eq!(early.status().as_u16(), 409);
    app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + 60 * 86_400);
    app.sign_in("anna@example.org").await;
    let issued = app.http.post(&page).send().await.expect("an answer");
    assert_eq!(issued.status().as_u16(), 303);
    let url = app.url(issued.headers()["location"].to_str().expect("an address"));
    let (status, text) = app.text(&url).await;
    assert_eq!(status, 200);
    assert!(text.contains(&format!("YS{}-000001", year + 1)) && text.contains("€\u{a0}600"), "{text}");
    let again = app.http.post(&page).send().await.expect("an answer");
    assert_eq!(again.status().as_u16(), 409, "nothing changed");
    app.sql("UPDATE pledges SET state = 'held' WHERE amount_cents = 60000").await.expect("a change");
    let again = app.http.post(&page).send().await.expect("an answer");
    assert_eq!(again.status().as_u16(), 303);
    let pdf = url.split('?').next().unwrap_or_default().to_owned() + ".pdf";
    assert!(app.text(&pdf).await.1.starts_with("%PDF"));
    app.sign_in("owner@kookclub.example").await;
    assert_eq!(app.text(&url).await.0, 404, "of somebody else");
    assert_eq!(app.papers(&stays).await.len(), 1);
}

#[test]
fn papers_have_words_for_every_cause_of_a_refund_and_every_kind() {
    for lang in Lang::ALL {
        for cause in RefundCause::ALL {
            assert!(texts::exists(lang, &format!("paper-cause-{cause}")), "{lang} {cause}");
        }
        for cause in ["dispute_lost", "bank_reversed"] {
            assert!(texts::exists(lang, &format!("paper-cause-{cause}")), "{lang} {cause}");
        }
        for kind in DocumentKind::ALL {
            // texts with a value in them are there when the value is given
            let given = [("number", "1".to_owned()), ("issuer", "1".to_owned())];
            for key in [format!("paper-title-{kind}"), format!("paper-lead-{kind}")] {
                assert_ne!(texts::text_with(lang, &key, &given), key, "{lang}");
            }
        }
    }
}

/// Facts of a paper that was really issued.
async fn sample(app: &App) -> Facts {
    let pledge = app.paid_gift(2_500, "Sample").await;
    Facts::of(&app.papers(&pledge).await[0]).expect("facts")
}
