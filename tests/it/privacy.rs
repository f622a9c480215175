//! The own copy: all that is held about a person, on a page and as a file, for that person alone.

use std::fs;
use std::path::Path;

use drempel::infra::texts::exists;
use drempel::values::Lang;
use serde_json::Value;

use crate::support::{App, Browser};

const ANNA: &str = "anna@example.org";

/// The file of whoever is signed in.
async fn file(browser: &Browser) -> Value {
    serde_json::from_slice(&browser.file("/nl/account/data.json").await).expect("JSON")
}

#[tokio::test]
async fn a_guest_finds_all_that_is_held_on_the_page_and_in_the_file() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    app.paid_gift(1_000, "Berend").await;
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    let anna = Browser::signed_in(&app, ANNA).await;

    let held = file(&anna).await;
    assert_eq!((&held["format"], &held["version"]), (&Value::from("drempel-personal-data"), &Value::from(1)));
    let data = &held["data"];
    assert_eq!(data["account"][0]["email"], ANNA);
    let own = &data["pledges"][0];
    assert_eq!(
        (&own["reference"], &own["amount_cents"], &own["rikx"]),
        (&pledge["reference"], &2_500.into(), &"0.25".into())
    );
    assert_eq!((&own["state"], &own["name"], &own["anonymous"]), (&"refunded".into(), &"Anna".into(), &false.into()));
    assert!(
        own["created_at"].as_str().is_some_and(|at| at.ends_with('Z') && at.contains('T')),
        "RFC 3339 in UTC: {own}"
    );
    assert_eq!(data["pledges"].as_array().map(Vec::len), Some(1), "nobody else's");
    assert_eq!(data["payments"][0]["state"], "succeeded");
    assert_eq!(
        (&data["refunds"][0]["cause"], &data["refunds"][0]["amount_cents"]),
        (&"cancelled".into(), &2_500.into())
    );
    assert_eq!(data["papers"][0]["name"], "Anna");
    assert!(data["letters"].as_array().is_some_and(|letters| letters.len() >= 3), "{}", data["letters"]);
    assert_eq!(data["sessions"].as_array().map(Vec::len), Some(1));
    assert!(data["actions"].as_array().is_some_and(|done| !done.is_empty()));

    let page = anna.read("/nl/account/data").await;
    for word in [ANNA, pledge["reference"].as_str().unwrap_or("?"), "\u{a0}25", "Terugbetaald", "Bewijs van een gift"] {
        assert!(page.contains(word), "{word} is not on the page");
    }
    assert!(!page.contains("data-part-") && !page.contains("data-field-"), "every part and field has its words");
    assert!(!page.contains("Berend") && !held.to_string().contains("Berend"), "nobody else is in it");
}

/// What would open something is not given, to nobody.
#[tokio::test]
async fn no_secret_and_no_provider_number_is_in_the_file() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let anna = Browser::signed_in(&app, ANNA).await;
    let text = file(&anna).await.to_string();
    let columns = ["sessions.token_hash", "payments.intent_id", "payments.session_id", "pledges.request_key"];
    let statement = "SELECT token_hash FROM sessions UNION ALL SELECT intent_id FROM payments
        UNION ALL SELECT session_id FROM payments UNION ALL SELECT request_key FROM pledges";
    let secrets: Vec<(String,)> =
        sqlx::query_as(statement).fetch_all(&mut *app.s.db.read().await.expect("a connection")).await.expect("rows");
    assert!(secrets.len() >= columns.len(), "one of each: {columns:?}");
    for (secret,) in secrets {
        assert!(!text.contains(&secret), "{secret}");
    }
    for name in ["hash", "secret", "token", "session_id", "intent_id", "key\""] {
        assert!(!text.contains(name), "a field with {name}");
    }
}

#[tokio::test]
async fn the_copy_is_for_who_has_just_proved_who_they_are() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let nobody = Browser::new(&app);
    for path in ["/nl/account/data", "/nl/account/data.json", "/nl/account/erase"] {
        let (status, location) = nobody.get(path).await;
        assert_eq!(status, 303, "{path}");
        assert!(location.starts_with("/nl/sign-in?next="), "{path} {location}");
    }
    let anna = Browser::signed_in(&app, ANNA).await;
    assert_eq!(anna.get("/en/account/data.json").await.0, 200);
    app.advance(16 * 60).await;
    for path in ["/nl/account/data", "/nl/account/data.json", "/nl/account/erase"] {
        let (status, location) = anna.get(path).await;
        assert_eq!(
            (status, location.starts_with("/nl/sign-in?next=")),
            (303, true),
            "{path}: mail of long ago is no proof"
        );
    }
    let treasurer = Browser::treasurer(&app, 1).await;
    assert_eq!(treasurer.get("/nl/account/data").await.0, 200);
    app.advance(6 * 60).await;
    let (status, _) = treasurer.get("/nl/account/data").await;
    assert_ne!(status, 200, "a factor of six minutes ago is not fresh");
}

#[tokio::test]
async fn the_file_comes_as_a_file_and_is_kept_nowhere() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let form = [("email", ANNA)];
    app.http.post(app.url("/dev/sign-in")).form(&form).send().await.expect("an answer");
    let answer = app.http.get(app.url("/nl/account/data.json")).send().await.expect("an answer");
    let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    assert!(header("content-disposition").starts_with("attachment; filename=\"drempel-data-"));
    assert_eq!(header("content-type"), "application/json; charset=utf-8");
    assert!(header("cache-control").contains("no-store"), "{}", header("cache-control"));
}

/// Each field and part that a noun gives has its words in both languages.
#[test]
fn every_field_and_part_of_the_copy_has_words() {
    let mut names = std::collections::BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let is_personal = path.file_name().is_some_and(|name| name == "personal.rs" || name == "download.rs");
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if !is_personal || !text.contains("Record::new()") {
                continue;
            }
            for method in ["text", "word", "cents", "rikx", "number", "moment", "flag"] {
                let opening = format!(".{method}(\"");
                let found = text.split(&opening).skip(1).filter_map(|rest| rest.split('"').next());
                names.extend(found.map(|name| format!("data-field-{}", name.replace('_', "-"))));
            }
            let parts = text.split("Part::of(\"").skip(1).filter_map(|rest| rest.split('"').next());
            names.extend(parts.map(|name| format!("data-part-{}", name.replace('_', "-"))));
        }
    }
    assert!(names.len() > 80, "the search finds them: {}", names.len());
    for name in names {
        assert!(Lang::ALL.iter().all(|lang| exists(*lang, &name)), "{name}");
    }
}

#[tokio::test]
async fn the_pages_about_privacy_are_made_of_the_one_table() {
    use drempel::features::privacy::retention::KINDS;
    use drempel::infra::texts::text;
    let app = App::start().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    for lang in Lang::ALL {
        let public = Browser::new(&app).read(&format!("/{lang}/privacy")).await;
        let record = reviewer.read(&format!("/{lang}/staff/privacy")).await;
        for kind in KINDS {
            let what = text(lang, &format!("retention-{}", kind.code));
            assert!(public.contains(&what) && record.contains(&what), "{what}");
        }
        assert!(public.contains("Stichting Drempel (demo)") && record.contains("Stichting Drempel (demo)"));
        for table in ["bank_lines: name, iban, remittance", "mail_choices: user_id"] {
            assert!(record.contains(table) && !public.contains(table), "{table}");
        }
        assert!(
            !public.contains("page-privacy-")
                && !record.contains("dpia-body")
                && !record.contains("activity-accounts-")
        );
    }
    assert_ne!(Browser::new(&app).get("/nl/staff/privacy").await.0, 200);
    app.paid_gift(2_500, "Anna").await;
    let anna = Browser::signed_in(&app, ANNA).await;
    assert_eq!(anna.get("/nl/staff/privacy").await.0, 403);
}

/// What happened to an account, and what somebody did, is told in words whatever is added to the lists.
#[test]
fn every_event_and_action_of_the_copy_has_words() {
    use drempel::features::payments::RefundCause;
    use drempel::features::receipts::DocumentKind;
    use drempel::features::users::events::EventKind;
    use drempel::infra::history::Action;
    let events = EventKind::ALL.iter().map(|word| format!("data-event-{word}"));
    let actions = Action::ALL.iter().map(|word| format!("data-action-{word}"));
    let papers = DocumentKind::ALL.iter().map(|word| format!("data-paper-{word}"));
    let causes = RefundCause::ALL.iter().map(|word| format!("data-cause-{word}"));
    for key in events.chain(actions).chain(papers).chain(causes) {
        let key = key.replace('_', "-");
        assert!(Lang::ALL.iter().all(|lang| exists(*lang, &key)), "{key}");
    }
}
