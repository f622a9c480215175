//! What everybody sees of results: a project's page with its pictures and tables, sums that are narrowed by the address, and what was
//! learned.

use drempel::features::outcomes::{Observation, actions as outcomes};
use drempel::features::projects::actions as projects;
use drempel::features::verifications::actions as verifications;
use serde_json::Value;

use crate::support::{App, Browser};

const PROJECT: &str = "bakkerswerkplaats";
/// A question of the demo's learning coalition, and an organisation that takes part in it.
const QUESTION: &str = "Wat is eigenlijk een wijknetwerk?";
const OWNER: &str = "owner@pluspunt-rotterdam.example";

async fn text(app: &App, path: &str) -> String {
    let answer = app.http.get(app.url(path)).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("a text")
}

async fn json(app: &App, path: &str) -> Value {
    serde_json::from_str(&text(app, path).await).expect("JSON")
}

#[tokio::test]
async fn a_project_shows_what_it_promised_and_how_far_that_was_checked() {
    let app = App::start_demo().await;
    let page = text(&app, &format!("/nl/projects/{PROJECT}/outcomes")).await;
    assert!(page.contains("<figure class=\"picture\" id=\"promises\">"), "{page}");
    assert!(page.contains("gecontroleerd door het team") && page.contains("pictures."), "{page}");
    assert!(page.contains(&format!("/api/v1/projects/{PROJECT}/outcomes.csv")));
    assert!(!page.contains("figures-") && !page.contains(">pictures-"), "a key instead of a text");
    let outcomes = json(&app, &format!("/api/v1/projects/{PROJECT}/outcomes")).await;
    let promise = &outcomes["promises"][0];
    assert_eq!((promise["scale"].as_i64(), promise["result"]["level"].as_str()), (Some(1), Some("staff_checked")));
    assert!(promise["result"]["checked_on"].as_str().is_some_and(|day| day.len() == 10));
    // milestones are boxes, one for each of the thirteen workshops
    let page = text(&app, "/en/projects/alle-13-goed/outcomes").await;
    let milestones =
        page.split("id=\"milestones\"").nth(1).and_then(|rest| rest.split("</figure>").next()).expect("boxes");
    let boxes = milestones.split("</svg>").next().unwrap_or_default();
    assert_eq!(boxes.split("</defs>").last().unwrap_or_default().matches("<rect").count(), 13, "{boxes}");
}

#[tokio::test]
async fn a_correction_is_told_and_its_figure_is_declared_again() {
    let app = App::start_demo().await;
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let project = projects::public_by_slug(&mut tx, PROJECT).await.expect("a read").expect("the project");
    let checked = verifications::of_project(&mut tx, &project.id).await.expect("a read");
    let first = checked.iter().find(|one| one.indicator == "PI4060").expect("a checked figure");
    let found = Observation::count("PI4060", 31);
    let now = app.s.clock.now();
    let by = first.handed_in_by.clone();
    verifications::correct(&mut tx, &first.id, &found, "twee lijsten liepen door elkaar", &by, now)
        .await
        .expect("corrected");
    tx.commit().await.expect("a commit");
    let outcomes = json(&app, &format!("/api/v1/projects/{PROJECT}/outcomes")).await;
    let figures = outcomes["figures"].as_array().expect("figures");
    let is_it = |one: &&Value| one["indicator"] == "PI4060" && one["value"] == "30";
    let corrected = figures.iter().find(is_it).unwrap_or_else(|| panic!("no 30 in {figures:?}"));
    assert_eq!((corrected["level"].as_str(), corrected["checked_on"].as_str()), (Some("declared"), None));
    let page = text(&app, &format!("/nl/projects/{PROJECT}/outcomes")).await;
    assert!(page.contains("is verbeterd, omdat: twee lijsten liepen door elkaar"), "{page}");
}

#[tokio::test]
async fn sums_are_narrowed_by_the_address_and_say_when_nothing_fits() {
    let app = App::start_demo().await;
    let all = json(&app, "/api/v1/statistics").await;
    let reached = |answer: &Value| -> (i64, i64) {
        let sums = answer["outcomes"].as_array().expect("outcomes").clone();
        let sum = sums.into_iter().find(|one| one["indicator"] == "PI4060").expect("people reached");
        (sum["projects"].as_i64().expect("a number"), sum["value"].as_i64().expect("a number"))
    };
    let (projects, value) = reached(&all);
    assert!(projects >= 3 && value > 0 && value % 5 == 0, "{projects} {value}");
    let mut parts = (0, 0);
    for round in 1..=4 {
        let one = json(&app, &format!("/api/v1/statistics?round={round}")).await;
        if one["outcomes"].as_array().is_some_and(|sums| sums.iter().any(|sum| sum["indicator"] == "PI4060")) {
            let (projects, value) = reached(&one);
            parts = (parts.0 + projects, parts.1 + value);
        }
    }
    assert_eq!(parts, (projects, value), "sums of published values add up");
    let page = text(&app, "/en/impact").await;
    for part in ["by-year", "by-area", "by-theme"] {
        assert!(page.contains(&format!("id=\"{part}\"")), "{part}");
    }
    assert!(page.contains("href=\"/api/v1/statistics.csv\""));
    let narrowed = text(&app, "/en/impact?round=1&family=reach").await;
    assert!(
        narrowed.contains("statistics.csv?round=1&#38;family=reach")
            || narrowed.contains("statistics.csv?round=1&amp;family=reach")
    );
    for nothing in ["year=1999", "round=77", "theme=none"] {
        assert!(
            text(&app, &format!("/en/impact?{nothing}")).await.contains("No project fits this choice."),
            "{nothing}"
        );
    }
    for wrong in ["year=99", "family=nothing", "round=x"] {
        for path in ["statistics", "statistics.csv"] {
            let answer = app.http.get(app.url(&format!("/api/v1/{path}?{wrong}"))).send().await.expect("an answer");
            assert_eq!(answer.status(), 422, "{path}?{wrong}");
        }
    }
    let table = text(&app, "/api/v1/statistics.csv?round=1").await;
    assert!(table.starts_with("part,code,name,projects,hidden,checked,target,value\r\n"));
    assert!(table.contains("\r\nmoney,held_cents,") && table.contains("\r\nindicator,PI4060,"), "{table}");
}

#[tokio::test]
async fn an_update_answers_a_question_and_stands_with_it() {
    let app = App::start_demo().await;
    assert!(text(&app, "/nl/learning").await.contains("Nog niemand heeft hierop geantwoord."));
    let owner = Browser::signed_in(&app, OWNER).await;
    let form = owner.read("/nl/studio/projects/alle-13-goed/updates/new").await;
    let page = scraper::Html::parse_document(&form);
    let options = scraper::Selector::parse("#f-question option").expect("a selector");
    let option = page.select(&options).find(|one| one.text().collect::<String>() == QUESTION).expect("the question");
    let value = option.attr("value").expect("a value").to_owned();
    let fields = [
        ("audience", "everybody"),
        ("question", value.as_str()),
        ("title_nl", "Een netwerk is een koffietafel"),
        ("body_nl", "Wie elke week **koffie** drinkt, weet wie er hulp nodig heeft."),
        ("title_en", ""),
        ("body_en", ""),
        ("picture_alt", ""),
    ];
    let (status, update) = owner.post_parts("/nl/studio/projects/alle-13-goed/updates/new", &fields).await;
    assert_eq!(status, 303, "{update}");
    let update = update.split('?').next().unwrap_or_default().to_owned();
    assert!(!text(&app, "/nl/learning").await.contains("koffietafel"), "a draft is not on the page");
    assert!(owner.read(&format!("{update}/edit")).await.contains("selected"), "the question is remembered");
    assert_eq!(owner.post(&format!("{update}/publish"), &[]).await.0, 303);
    app.advance(601).await;
    let learned = text(&app, "/nl/learning").await;
    let (_, answered) = learned.split_once(QUESTION).expect("the question");
    let answered = answered.split("<h3").next().unwrap_or_default();
    assert!(answered.contains("Een netwerk is een koffietafel") && answered.contains("koffie drinkt"), "{answered}");
    assert!(answered.contains("/nl/projects/alle-13-goed/updates/"), "{answered}");
    // somebody whose organisation does not learn together has nothing to choose
    let other = Browser::signed_in(&app, "owner@hotspot-hutspot.example").await;
    assert!(!other.read("/nl/studio/projects/procesversneller/updates/new").await.contains("f-question"));
}

#[tokio::test]
async fn figures_from_before_are_published_by_the_worker() {
    let app = App::start_demo().await;
    app.sql("DELETE FROM published_figures").await.expect("nothing published");
    assert_eq!(json(&app, "/api/v1/statistics").await["outcomes"].as_array().map(Vec::len), Some(0));
    let mut tx = app.s.db.begin().await.expect("a transaction");
    outcomes_again(&mut tx, app.s.clock.now()).await;
    tx.commit().await.expect("a commit");
    app.settle().await;
    assert!(json(&app, "/api/v1/statistics").await["outcomes"].as_array().is_some_and(|sums| sums.len() > 3));
}

async fn outcomes_again(tx: &mut drempel::infra::db::Tx, now: drempel::values::Timestamp) {
    for indicator in outcomes::indicators(tx).await.expect("indicators") {
        drempel::features::outcomes::published::all_again(tx, &indicator.code, now).await.expect("asked for");
    }
}
