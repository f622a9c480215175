//! Open data: grants valid by the schema of 360Giving, tables, and the command that prints them.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::commands::run;
use crate::money_out::to_the_bank;
use crate::payouts::{checked_account, decided, funded};
use crate::support::App;

const PEOPLE: [&str; 6] = ["Anna", "Bert", "@example.org", "owner@", "usr_", "plg_"];

/// Runs a checking script of the fixtures on a text.
fn checked(script: &str, text: &str) -> Result<(), String> {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path: PathBuf = std::env::temp_dir().join(format!("drempel-open-{}-{number}.json", std::process::id()));
    std::fs::write(&path, text).expect("a folder for the test");
    let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = format!("{}/tests/fixtures/{script}", env!("CARGO_MANIFEST_DIR"));
    let run = Command::new(&python).arg(script).arg(&path).output().expect("Python");
    let _ = std::fs::remove_file(&path);
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if run.status.success() { Ok(()) } else { Err(said(&run.stdout) + &said(&run.stderr)) }
}

async fn read(app: &App, path: &str) -> (u16, String, String) {
    let answer = app.http.get(app.url(path)).send().await.expect("an answer");
    let kind = answer.headers()["content-type"].to_str().expect("a kind").to_owned();
    (answer.status().as_u16(), kind, answer.text().await.expect("a text"))
}

/// A funded project of which 250 euros were paid out.
async fn paid() -> App {
    let app = funded().await;
    decided(&app, "250").await;
    checked_account(&app, "NL91ABNA0417164300").await;
    to_the_bank(&app).await;
    app
}

#[tokio::test]
async fn the_grants_of_a_settled_round_are_valid_by_the_schema_and_name_nobody() {
    let app = paid().await;
    let mut titles = Vec::new();
    for lang in ["nl", "en"] {
        let (status, kind, text) = read(&app, &format!("/api/v1/rounds/1/360giving.json?lang={lang}")).await;
        assert_eq!((status, kind.as_str()), (200, "application/json; charset=utf-8"), "{text}");
        assert_eq!(checked("360giving/check.py", &text), Ok(()));
        for person in PEOPLE {
            assert!(!text.contains(person), "{person} in {text}");
        }
        // to the cent and as written: never a binary fraction
        for amount in ["\"amountAwarded\":650.00", "\"amountDisbursed\":250.00", "\"value\":600.00", "\"value\":50.00"]
        {
            assert!(text.contains(amount), "{amount} in {text}");
        }
        let package: Value = serde_json::from_str(&text).expect("JSON");
        let grant = &package["grants"][0];
        titles.push(grant["title"].as_str().unwrap_or_default().to_owned());
        let foundation = package["publisher"]["identifier"].as_str().expect("an identifier").to_owned();
        assert_eq!(grant["id"], format!("{foundation}-PROJECT-1"));
        assert_eq!(grant["fundingOrganization"][0]["id"], foundation);
        assert_eq!(grant["recipientOrganization"][0]["id"], format!("{foundation}-ORGANISATION-kookclub"));
        assert_eq!(grant["plannedDates"][0]["startDate"], "2027-01-01");
        assert_eq!(grant["plannedDates"][0]["endDate"], "2027-12-31");
        assert_eq!(grant["commitmentTransaction"].as_array().map(Vec::len), Some(2));
        assert_eq!(grant["disbursementTransaction"].as_array().map(Vec::len), Some(1));
    }
    assert_eq!(titles, ["Kookclub", "Cooking club"]);
    app.sql("UPDATE organisations SET kvk_number = '12345678'").await.expect("a number");
    let (_, _, text) = read(&app, "/api/v1/rounds/1/360giving.json").await;
    let package: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(package["grants"][0]["recipientOrganization"][0]["id"], "NL-KVK-12345678");
    // the check itself tells a wrong package from a right one
    let told = checked("360giving/check.py", &text.replace("\"currency\":\"EUR\",", "").replace("awardDate", "when"));
    assert!(told.is_err_and(|told| told.contains("is not valid under") && told.contains("when is no field")));
}

#[tokio::test]
async fn a_round_without_grants_answers_that_there_are_none() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    for (path, status) in [
        ("/api/v1/rounds/1/360giving.json", 409),
        ("/api/v1/rounds/9/360giving.json", 404),
        ("/api/v1/rounds/x/360giving.json", 404),
        ("/api/v1/rounds/1/360giving.json?lang=de", 422),
    ] {
        let (found, kind, text) = read(&app, path).await;
        assert_eq!((found, kind.as_str()), (status, "application/problem+json"), "{path}: {text}");
    }
}

#[tokio::test]
async fn tables_of_a_round_tell_projects_money_and_results_and_nobody() {
    let app = paid().await;
    let (status, kind, projects) = read(&app, "/api/v1/rounds/1/projects.csv").await;
    assert_eq!((status, kind.as_str()), (200, "text/csv; charset=utf-8"));
    let lines: Vec<&str> = projects.lines().collect();
    assert_eq!(lines.len(), 2, "{projects}");
    assert!(
        lines[0].starts_with("round,number,slug,")
            && lines[0].ends_with(",result_money_cents,returned_cents,paid_out_cents")
    );
    assert!(lines[1].contains(",65000,0,2,60000,5000,0,25000"), "{projects}");
    let (status, _, results) = read(&app, "/api/v1/rounds/1/results.csv").await;
    assert_eq!(status, 200);
    assert!(results.starts_with("round,number,slug,status,indicator,"));
    for person in PEOPLE {
        assert!(!projects.contains(person) && !results.contains(person), "{person}");
    }
}

#[tokio::test]
async fn what_is_published_of_small_counts_is_nothing() {
    let app = App::start_demo().await;
    let mut published = 0;
    for number in 1..=2 {
        let (_, _, text) = read(&app, &format!("/api/v1/rounds/{number}/results.csv")).await;
        let head: Vec<&str> = text.lines().next().expect("a head").split(',').collect();
        let last = head.iter().position(|column| *column == "published").expect("a column");
        for line in text.lines().skip(1) {
            let value = line.rsplit(',').next().expect("a value");
            assert_eq!(last, head.len() - 1);
            published += usize::from(!value.is_empty());
        }
    }
    assert!(published > 0, "something is published of the demo");
}

#[tokio::test]
async fn the_command_prints_what_the_address_answers() {
    let app = paid().await;
    let words = ["export", "round", "1", "--format", "360giving"];
    let (status, printed, errors) = run(&app, &words).await;
    assert_eq!((status, errors.as_str()), (Some(0), ""));
    assert_eq!(checked("360giving/check.py", &printed), Ok(()));
    let (status, printed, _) = run(&app, &["export", "round", "1", "--format", "csv"]).await;
    assert!(status == Some(0) && printed.contains(",65000,0,2,60000,5000,0,25000"), "{printed}");
    let (status, printed, _) = run(&app, &["--json", "export", "round", "1", "--format", "results-csv"]).await;
    let printed: Value = serde_json::from_str(&printed).expect("JSON");
    assert!(status == Some(0) && printed["csv"].as_str().is_some_and(|csv| csv.starts_with("round,")));
    let (status, printed, _) = run(&app, &["export", "project", "kookclub", "--format", "cids"]).await;
    assert_eq!((status, checked("cids/check.py", &printed)), (Some(0), Err("no Outcome\nno Indicator\n".to_owned())));
    assert_eq!(run(&app, &["export", "project", "none", "--format", "cids"]).await.0, Some(1));
    let (status, printed, errors) = run(&app, &["export", "round", "7", "--format", "csv"]).await;
    assert_eq!((status, printed.as_str()), (Some(1), ""), "{errors}");
    assert_eq!(run(&app, &["export", "round", "1", "--format", "xml"]).await.0, Some(2));
    assert_eq!(run(&app, &["export", "round", "1", "--format", "csv", "--lang", "de"]).await.0, Some(2));
}

#[tokio::test]
async fn the_impact_of_every_public_project_is_read_by_a_program_that_knows_the_standard() {
    let app = App::start_demo().await;
    app.settle().await;
    let (_, _, list) = read(&app, "/api/v1/projects?per_page=100").await;
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let (mut reports, mut coded) = (0, 0);
    for project in list["items"].as_array().expect("projects") {
        let slug = project["slug"].as_str().expect("a slug");
        for lang in ["nl", "en"] {
            let (status, kind, text) = read(&app, &format!("/api/v1/projects/{slug}/cids.jsonld?lang={lang}")).await;
            assert_eq!((status, kind.as_str()), (200, "application/ld+json"), "{slug}: {text}");
            assert_eq!(checked("cids/check.py", &text), Ok(()), "{slug}");
            for person in ["@", "usr_", "owner", "contact"] {
                assert!(!text.replace("\"@", "\"").contains(person), "{person} in {text}");
            }
            let document: Value = serde_json::from_str(&text).expect("JSON");
            for node in document["@graph"].as_array().expect("a graph") {
                reports += usize::from(node["@type"] == "cids:IndicatorReport");
                coded += usize::from(node.get("hasCode").is_some() && node["@type"] == "cids:Indicator");
                if node["@type"] == "cids:IndicatorReport"
                    && node["hasComment"].as_str().is_some_and(|c| c.contains("vijf"))
                {
                    let value = node["value"]["hasNumericalValue"].as_str().expect("a text").parse::<i64>();
                    assert!(
                        value.as_ref().is_ok_and(|value| *value == 0 || (*value >= 10 && value % 5 == 0)),
                        "{slug} {value:?}"
                    );
                }
            }
        }
    }
    assert!(reports > 0 && coded > 0, "{reports} reports, {coded} coded indicators");
    assert_eq!(read(&app, "/api/v1/projects/none/cids.jsonld").await.0, 404);
    assert_eq!(read(&app, "/api/v1/projects/rugdekking/cids.jsonld?lang=x").await.0, 422);
    let wrong = r#"{"@context":"https://ontology.commonapproach.org/contexts/cidsContext.jsonld","@graph":[{"@id":"x:1","@type":"cids:Program","hasNome":"x"}]}"#;
    let told = checked("cids/check.py", wrong);
    assert!(told.is_err_and(|told| told.contains("hasNome") && told.contains("lacks")));
}

#[tokio::test]
async fn the_page_says_what_there_is_and_its_examples_answer() {
    let app = App::start_demo().await;
    for lang in ["nl", "en"] {
        let (status, _, page) = read(&app, &format!("/{lang}/open-data")).await;
        assert_eq!(status, 200);
        assert!(page.contains("creativecommons.org/licenses/by/4.0") && !page.contains("open-data-column-"), "{page}");
        let examples: Vec<&str> =
            page.split("href=\"/api/v1/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(examples.len() >= 3, "{examples:?}");
        for example in examples {
            let (status, _, _) = read(&app, &format!("/api/v1/{}", example.replace("&#38;", "&"))).await;
            assert_eq!(status, 200, "{example}");
        }
        assert!(read(&app, &format!("/{lang}")).await.2.contains("/open-data\">"), "it is linked from every page");
    }
}
