//! The public pages and the reading API, as a visitor and as a program sees them.

use std::collections::{BTreeSet, VecDeque};

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::support::App;

/// What a page may weigh, in bytes, before compression.
const HEAVIEST_PAGE: usize = 30 * 1024;

impl App {
    async fn get(&self, path: &str) -> reqwest::Response {
        self.http.get(self.url(path)).send().await.expect("an answer")
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("a page")
    }
}

/// Paths of this site that a page links to, without their fragments.
fn links(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let selector = Selector::parse("a[href]").expect("a selector");
    page.select(&selector)
        .filter_map(|link| link.attr("href"))
        .filter(|href| href.starts_with('/') && !href.starts_with("//"))
        .map(|href| href.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn every_link_of_the_public_pages_leads_somewhere_and_pages_are_light() {
    let app = App::start_demo().await;
    let mut known: BTreeSet<String> = ["/nl", "/en", "/nl/learning"].map(str::to_owned).into();
    let mut waiting: VecDeque<String> = known.iter().cloned().collect();
    let mut seen = 0;
    while let Some(path) = waiting.pop_front() {
        let answer = app.get(&path).await;
        let status = answer.status();
        assert!(status.is_success() || status.is_redirection(), "{path}: {status}");
        let kind = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        if !status.is_success() || !kind.starts_with("text/html") || path.starts_with("/dev") {
            continue;
        }
        let html = answer.text().await.expect("a page");
        assert!(html.len() <= HEAVIEST_PAGE, "{path} weighs {} bytes", html.len());
        assert!(!html.contains(">site-") && !html.contains("-state-"), "{path} shows a key instead of a text");
        seen += 1;
        for link in links(&html) {
            if known.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
    }
    assert!(seen > 150, "only {seen} pages were found");
    for project in ["bakkerswerkplaats", "leer-werkhub-voor-jongeren"] {
        assert!(known.contains(&format!("/nl/projects/{project}/books")), "{project}");
    }
}

#[tokio::test]
async fn carried_out_and_never_started_are_never_one_word() {
    let app = App::start_demo().await;
    let done = app.page("/nl/projects/bakkerswerkplaats").await;
    let failed = app.page("/nl/projects/leer-werkhub-voor-jongeren").await;
    assert!(done.contains("Uitgevoerd") && !done.contains("Niet doorgegaan"));
    assert!(failed.contains("Niet doorgegaan: drempel niet gehaald") && !failed.contains("Uitgevoerd"));
    for page in [&done, &failed] {
        assert!(!page.contains("/pledge\""), "nobody can pledge for a project of a closed round");
    }
    let open = app.page("/nl/projects/leerwerkcentrum-oud-mathenesse-witte-dorp").await;
    assert!(open.contains("/projects/leerwerkcentrum-oud-mathenesse-witte-dorp/pledge\""));
    assert!(open.contains("Dan krijg je je hele bijdrage terug"), "it stands beside the button");
}

#[tokio::test]
async fn the_list_is_searched_and_narrowed_and_nothing_in_its_address_breaks_it() {
    let app = App::start_demo().await;
    let slugs = async |query: &str| -> Vec<String> {
        let answer = app.json(&format!("/api/v1/projects?{query}")).await;
        let items = answer["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["slug"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(slugs("q=BROOD+meester").await, ["bakkerswerkplaats"]);
    assert_eq!(slugs("q=bakery&round=1").await, ["bakkerswerkplaats"], "both languages and the terms are searched");
    assert!(slugs("q=brood+fietsen").await.is_empty(), "all words must match");
    for everything in ["q=%25", "q=_", "q=!", "q=%27%3B--"] {
        assert!(slugs(everything).await.len() < 12, "{everything} is looked for as it is written");
    }
    assert_eq!(slugs("status=failed").await, ["leer-werkhub-voor-jongeren"]);
    assert_eq!(slugs("round=3&sort=title").await.len(), 5);
    assert_eq!(slugs("sort=closing&per_page=5").await.len(), 5);
    let titles = slugs("sort=title").await;
    assert_eq!(titles.first().map(String::as_str), Some("alle-13-goed"));
    for query in
        ["page=0", "page=-7", "page=99999999999", "sector=%00", "round=x", "status=draft", "sort=held", "x=1", "q="]
    {
        assert_eq!(app.get(&format!("/nl/projects?{query}")).await.status(), 200, "a person is helped: {query}");
    }
    for query in [
        "page=0",
        "page=-7",
        "per_page=x",
        "page=1000001",
        "round=x",
        "status=draft",
        "status=",
        "sort=held",
        "lang=fy",
    ] {
        let answer = app.get(&format!("/api/v1/projects?{query}")).await;
        assert_eq!(answer.status(), 422, "a program hears of its mistake: {query}");
        let problem: Value = answer.json().await.expect("a problem document");
        assert_eq!(problem["errors"][0]["field"], query.split('=').next().expect("a name"));
    }
    assert_eq!(app.json("/api/v1/projects?page=1000000&x=1&q=").await["items"], json!([]), "behind the last page");
    assert_eq!(app.json("/api/v1/projects?per_page=1000").await["per_page"], 100);
    let nothing = app.page("/nl/projects?q=zeppelin&area=delfshaven").await;
    assert!(nothing.contains("Geen projecten gevonden") && nothing.contains("Bekijk alle projecten"));
    assert!(nothing.contains("value=\"zeppelin\"") && nothing.contains("value=\"delfshaven\" selected"));
}

#[tokio::test]
async fn a_program_reads_what_is_held_and_the_books_tell_the_same() {
    let app = App::start().await;
    let pledge = app.paid_gift(5_100, "Ada").await;
    let listed = app.json("/api/v1/projects").await;
    assert_eq!((&listed["total"], &listed["page"], &listed["per_page"]), (&json!(1), &json!(1), &json!(20)));
    let detail = app.json("/api/v1/projects/kookclub?lang=en").await;
    for project in [&listed["items"][0], &detail] {
        assert_eq!(project["slug"], "kookclub");
        assert_eq!(project["organisation"], "Stichting Kookclub");
        assert_eq!(project["status"], "listed");
        assert_eq!(project["threshold_rikx"], "6.00");
        assert_eq!(project["impact_value_rikx"], "10.00");
        assert_eq!(project["unit_price_cents"], 10_000);
        assert_eq!(project["held_cents"], 5_100, "{project}");
        assert_eq!(project["held_rikx"], "0.51");
        assert_eq!((&project["reserved_cents"], &project["processing_cents"]), (&json!(0), &json!(0)));
        assert_eq!(project["available_cents"], 94_900);
        assert_eq!((&project["backers"], &project["round"]), (&json!(1), &json!(1)));
        assert_eq!(project["selling"], true);
        assert!(project["closes_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    }
    assert_eq!(detail["title"], "Cooking club");
    let books = app.page("/api/v1/projects/kookclub/books.csv").await;
    let lines: Vec<&str> = books.lines().collect();
    let head =
        "day,received_cents,released_cents,refunded_cents,fees_cents,disputed_cents,held_cents,matched_received_cents";
    assert!(lines[0].starts_with(head), "{books}");
    assert!(lines[1].contains(",5100,0,0,") && lines[1].ends_with(",5100,0,0,0,0"), "{books}");
    assert!(app.page("/nl/projects/kookclub").await.contains("1 steuner"));
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    let detail = app.json("/api/v1/projects/kookclub").await;
    assert_eq!((&detail["held_cents"], &detail["backers"]), (&json!(0), &json!(0)));
    let statistics = app.json("/api/v1/statistics").await;
    assert_eq!((&statistics["projects"], &statistics["held_cents"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn other_sites_may_read_the_api_and_its_errors_but_nothing_else() {
    let app = App::start().await;
    for path in ["/api/v1/projects", "/api/v1/statistics", "/api/v1/projects/nobody", "/api/v1/rounds/x"] {
        let answer = app.get(path).await;
        assert_eq!(
            answer.headers().get("access-control-allow-origin").map(|v| v.as_bytes()),
            Some(&b"*"[..]),
            "{path}"
        );
        let resource = answer.headers().get("cross-origin-resource-policy").map(|v| v.as_bytes().to_vec());
        assert_eq!(resource.as_deref(), Some(&b"cross-origin"[..]), "{path}");
        if answer.status() == 404 {
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            let problem: Value = answer.json().await.expect("JSON");
            assert_eq!(problem["type"], "urn:drempel:problem:not-found");
        }
    }
    for path in ["/nl", "/nl/projects/kookclub"] {
        assert!(app.get(path).await.headers().get("access-control-allow-origin").is_none(), "{path}");
    }
    let posted = app.http.post(app.url("/api/v1/projects/kookclub/pledges")).send().await.expect("an answer");
    assert!(posted.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn the_description_of_the_api_names_what_it_answers() {
    let app = App::start_demo().await;
    let description = app.json("/api/v1/openapi.json").await;
    assert_eq!(description["openapi"], "3.1.0");
    let project = app.json("/api/v1/projects/rugdekking").await;
    let list = app.json("/api/v1/projects").await;
    let round = app.json("/api/v1/rounds/2").await;
    let outcomes = app.json("/api/v1/projects/rugdekking/outcomes").await;
    let statistics = app.json("/api/v1/statistics").await;
    let schema = |name: &str| description["components"]["schemas"][name].clone();
    for (shape, answer) in [
        (schema("ProjectSummary"), &list["items"][0]),
        (schema("ProjectSummary"), &project),
        (schema("Project")["allOf"][1].clone(), &project),
        (schema("Round"), &round),
        (schema("Outcomes"), &outcomes),
        (schema("Statistics"), &statistics),
    ] {
        for field in shape["required"].as_array().expect("required fields") {
            let field = field.as_str().expect("a name");
            assert!(answer.get(field).is_some(), "{field} is not in {answer}");
        }
    }
    let named: BTreeSet<&String> = schema_fields(&description["components"]["schemas"]["ProjectSummary"]);
    let extra: Vec<_> =
        list["items"][0].as_object().expect("a project").keys().filter(|key| !named.contains(key)).collect();
    assert!(extra.is_empty(), "not described: {extra:?}");
    let counts =
        outcomes["promises"].as_array().expect("promises").iter().flat_map(|p| p["counts"].as_array().unwrap());
    for count in counts.filter_map(|count| count["count"].as_i64()) {
        assert!(count % 5 == 0, "a count of people is rounded: {count}");
    }
    assert!(app.page("/robots.txt").await.contains("Sitemap: "));
    assert!(app.page("/sitemap.xml").await.contains("/en/projects/rugdekking</loc>"));
    assert!(app.page("/.well-known/security.txt").await.contains("Expires: 20"));
}

fn schema_fields(schema: &Value) -> BTreeSet<&String> {
    schema["properties"].as_object().expect("properties").keys().collect()
}
