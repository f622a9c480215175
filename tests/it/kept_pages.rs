//! Public pages are kept as they go over the line, and never longer than they are true.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use drempel::infra::db::Db;

use crate::support::App;

const PAGE: &str = "/nl/projects/kookclub";

impl App {
    async fn kept(&self, encoding: &str, tag: Option<&str>) -> reqwest::Response {
        let mut request = self.http.get(self.url(PAGE)).header("accept-encoding", encoding);
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        request.send().await.expect("an answer")
    }
}

/// The status and the headers, without the moment.
fn head(answer: &reqwest::Response) -> (u16, BTreeMap<String, String>) {
    let headers = answer.headers().iter().filter(|(name, _)| *name != "date");
    let texts = headers.map(|(name, value)| (name.to_string(), value.to_str().expect("a text").to_owned()));
    (answer.status().as_u16(), texts.collect())
}

#[tokio::test]
async fn what_is_kept_comes_with_every_header_of_what_was_rendered() {
    let app = App::start().await;
    let paths = [
        "/nl",
        PAGE,
        "/en/projects?theme=work",
        "/api/v1/projects",
        "/sitemap.xml",
        "/embed/projects/kookclub?lang=nl",
        "/oembed",
    ];
    for path in paths {
        let ask = || async {
            let answer = app.http.get(app.url(path)).send().await.expect("an answer");
            (head(&answer), answer.bytes().await.expect("a body"))
        };
        let rendered = ask().await;
        assert!(rendered.0.1.contains_key("content-security-policy"), "{path}");
        for _ in 0..2 {
            assert_eq!(ask().await, rendered, "{path}");
        }
    }
}

async fn rename(db: &Db, title: &str) {
    let mut tx = db.begin().await.expect("a transaction");
    sqlx::query("UPDATE projects SET title_nl = $1 WHERE slug = 'kookclub'")
        .bind(title.to_owned())
        .execute(&mut *tx)
        .await
        .expect("a title");
    tx.commit().await.expect("a commit");
}

fn header(answer: &reqwest::Response, name: &str) -> String {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn f96_a_page_is_compressed_once_and_asked_for_again_before_it_is_used() {
    let app = App::start().await;
    let mut tags = Vec::new();
    for (accepted, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", "")] {
        let answer = app.kept(accepted, None).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "content-encoding")), (200, encoding.to_owned()));
        assert_eq!(header(&answer, "cache-control"), "public, max-age=0, must-revalidate");
        assert!(header(&answer, "vary").to_lowercase().contains("accept-encoding"), "{accepted}");
        assert!(!answer.headers().contains_key("set-cookie"), "{accepted}");
        let tag = header(&answer, "etag");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}")] {
            let again = app.kept(accepted, Some(&known)).await;
            assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, tag.clone()), "{known}");
            assert_eq!(again.bytes().await.expect("no body").len(), 0);
        }
        let body = answer.bytes().await.expect("a body");
        assert_eq!(body.windows(8).any(|part| part == b"Kookclub"), encoding.is_empty());
        tags.push(tag);
    }
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "each form has its own tag: {tags:?}");
    rename(&app.s.db, "Soepclub").await;
    let answer = app.kept("identity", Some(&tags[2])).await;
    assert_eq!(answer.status().as_u16(), 200, "what changed is sent");
    assert!(answer.text().await.expect("a page").contains("Soepclub"));
}

#[tokio::test]
async fn who_asks_after_a_commit_reads_what_it_changed_however_many_ask() {
    let app = Arc::new(App::start().await);
    let committed = Arc::new(AtomicI64::new(0));
    rename(&app.s.db, "Kookclub 0").await;
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (app, committed) = (app.clone(), committed.clone());
            tokio::spawn(async move {
                let mut read = 0;
                while committed.load(Ordering::SeqCst) < 40 {
                    let before = committed.load(Ordering::SeqCst);
                    let page = app.kept("identity", None).await.text().await.expect("a page");
                    let (_, behind) = page.split_once("Kookclub ").expect("the title");
                    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
                    let shown: i64 = digits.parse().expect("its number");
                    assert!(shown >= before, "{shown} was shown after {before} was committed");
                    read += 1;
                }
                read
            })
        })
        .collect();
    for number in 1..=40 {
        rename(&app.s.db, &format!("Kookclub {number}")).await;
        committed.store(number, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for reader in readers {
        assert!(reader.await.expect("a reader") > 0, "everybody read something");
    }
}

#[tokio::test]
async fn what_another_process_commits_is_seen() {
    let app = App::start().await;
    let url = app.s.settings.database_url.clone();
    let other = Db::open(&url, None).await.expect("the same database");
    let watching = tokio::spawn(app.s.db.clone().watch_others());
    // the first look is done when a commit is seen
    for attempt in 0.. {
        let version = app.s.db.version();
        rename(&other, &format!("Kookclub {attempt}")).await;
        let news = tokio::time::timeout(Duration::from_secs(1), app.s.db.committed()).await;
        if news.is_ok() || app.s.db.version() > version {
            break;
        }
        assert!(attempt < 20, "nothing was seen");
    }
    assert!(app.kept("identity", None).await.text().await.expect("a page").contains("Kookclub "));
    // this process commits nothing itself from here on
    let version = app.s.db.version();
    rename(&other, "Soepclub").await;
    for _ in 0..200 {
        if app.s.db.version() > version {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(app.s.db.version() > version, "the commit of another was seen");
    assert!(app.kept("identity", None).await.text().await.expect("a page").contains("Soepclub"));
    watching.abort();
    other.close().await;
}

#[tokio::test]
async fn f81_a_replica_that_is_behind_shows_an_older_page_and_decides_nothing() {
    if std::env::var("TEST_DATABASE").as_deref() != Ok("postgres") {
        println!("skipped: an SQLite file has no replica");
        return;
    }
    let app = App::start_behind().await;
    app.paid_gift(90_000, "Anna").await;
    let page = app.kept("identity", None).await.text().await.expect("a page");
    assert!(page.contains("Nog geen steuners"), "the page is as old as its replica: {page}");
    // what is left is counted where it is true, and so is how a pledge stands
    let body = serde_json::json!({ "amount_cents": 20_000, "email": "bert@example.org", "language": "nl" });
    let (status, refused) = app.pledge("kookclub", "behind", &body).await;
    assert_eq!((status, &refused["available_cents"]), (409, &10_000.into()), "{refused}");
    let anna = app.gift(10_000, "Anna").await;
    assert_eq!(app.at_the_bank(&anna, "pay").await, 303);
    app.settle().await;
    let path = format!("/api/v1/pledges/{}?key={}", anna["reference"], anna["key"]).replace('"', "");
    let own: serde_json::Value =
        app.http.get(app.url(&path)).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(own["status"], "held", "{own}");
    assert_eq!(app.standing().await.held.0, 100_000);
    app.verify().await;
}
