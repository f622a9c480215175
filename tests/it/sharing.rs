//! What of the pages goes elsewhere: feeds, dates, cards in the frames of others, and how a project stands as it changes.

use std::collections::HashMap;
use std::time::Duration;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::support::App;

impl App {
    async fn text_of(&self, path: &str) -> (u16, String, String) {
        let answer = self.http.get(self.url(path)).send().await.expect("an answer");
        let kind = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        (answer.status().as_u16(), kind, answer.text().await.expect("a text"))
    }
}

/// The next event of a stream, as the object it carries.
async fn next_event(stream: &mut reqwest::Response, rest: &mut String) -> Value {
    loop {
        if let Some((event, later)) = rest.split_once("\n\n") {
            let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
            *rest = later.to_owned();
            match data {
                Some(data) => return serde_json::from_str(&data).expect("JSON"),
                None => continue,
            }
        }
        let chunk = tokio::time::timeout(Duration::from_secs(20), stream.chunk()).await.expect("news in time");
        rest.push_str(std::str::from_utf8(&chunk.expect("a stream").expect("an open stream")).expect("text"));
    }
}

#[tokio::test]
async fn who_watches_a_project_is_told_what_is_held_as_it_changes() {
    let app = App::start().await;
    let mut stream = app.http.get(app.url("/events/projects/kookclub?lang=nl")).send().await.expect("a stream");
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream; charset=utf-8");
    assert_eq!(stream.headers()["cache-control"], "no-cache");
    assert_eq!(stream.headers()["x-accel-buffering"], "no", "a proxy passes on what comes at once");
    let mut rest = String::new();
    let first = next_event(&mut stream, &mut rest).await;
    assert_eq!((&first["held_cents"], &first["backers"]), (&0.into(), &0.into()));
    assert!(first["html"].as_str().is_some_and(|html| html.contains("Nog geen steuners")), "{first}");
    app.paid_gift(2_500, "Anna").await;
    let mut told = next_event(&mut stream, &mut rest).await;
    while told["held_cents"] == 0 {
        // the reservation, and the payment on its way
        assert!(told["pledged_cents"] == 2_500, "{told}");
        told = next_event(&mut stream, &mut rest).await;
    }
    assert_eq!((&told["held_cents"], &told["backers"], &told["reserved_cents"]), (&2_500.into(), &1.into(), &0.into()));
    assert!(told["html"].as_str().is_some_and(|html| html.contains("1 steuner")), "{told}");
    // who comes later is told what is, without words where no language is asked for
    let mut late = app.http.get(app.url("/events/projects/kookclub")).send().await.expect("a stream");
    let now = next_event(&mut late, &mut String::new()).await;
    assert_eq!(now["held_cents"], 2_500);
    assert!(now.get("html").is_none(), "{now}");
    assert_eq!(app.s.live.open(), 2);
    drop((stream, late));
    for _ in 0..100 {
        if app.s.live.open() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(app.s.live.open(), 0, "a stream that nobody reads is closed");
    assert_eq!(app.text_of("/events/projects/niets").await.0, 404);
}

#[tokio::test]
async fn a_stream_ends_when_the_program_stops() {
    let app = App::start().await;
    let mut stream = app.http.get(app.url("/events/projects/kookclub")).send().await.expect("a stream");
    next_event(&mut stream, &mut String::new()).await;
    app.s.live.end();
    let end = async { while stream.chunk().await.expect("a whole stream").is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), end).await.expect("the stream ends");
}

/// The fields of each entry of a feed: its elements with their text, a link with its address. Panics where the XML is broken.
fn entries(feed: &str) -> Vec<HashMap<String, String>> {
    let mut reader = Reader::from_str(feed);
    let mut entries: Vec<HashMap<String, String>> = Vec::new();
    let mut name = String::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) if tag.name().as_ref() == "entry" => entries.push(HashMap::new()),
            Event::Start(tag) => name = tag.name().as_ref().to_owned(),
            Event::Empty(tag) => {
                let href = tag.try_get_attribute("href").expect("attributes");
                if let (Some(href), Some(entry)) = (href, entries.last_mut()) {
                    entry.insert("link".to_owned(), href.value.into_owned());
                }
            }
            Event::Text(text) => {
                if let Some(entry) = entries.last_mut() {
                    entry.entry(name.clone()).or_default().push_str(text.xml10_content().trim());
                }
            }
            Event::Eof => return entries,
            _ => {}
        }
    }
}

#[tokio::test]
async fn feeds_are_well_formed_and_tell_the_news() {
    let app = App::start_demo().await;
    for lang in ["nl", "en"] {
        let (status, kind, feed) = app.text_of(&format!("/feeds/projects.atom?lang={lang}")).await;
        assert_eq!((status, kind.as_str()), (200, "application/atom+xml; charset=utf-8"));
        let entries = entries(&feed);
        assert!(entries.len() >= 5, "{}", entries.len());
        for entry in entries {
            assert!(entry["id"].contains(&format!("/{lang}/projects/")), "{entry:?}");
            assert!(!entry["title"].is_empty() && entry["updated"].ends_with('Z'), "{entry:?}");
        }
    }
    let (_, _, feed) = app.text_of("/feeds/leerwerkcentrum-oud-mathenesse-witte-dorp.atom").await;
    let first = entries(&feed).into_iter().next().expect("an update");
    let path = first["link"].strip_prefix(&app.url("")).expect("one of ours").to_owned();
    assert_eq!(app.text_of(&path).await.0, 200, "{path}");
    assert!(first["content"].len() > 20, "{first:?}");
    for wrong in ["/feeds/projects", "/feeds/niets.atom", "/feeds/.atom"] {
        assert_eq!(app.text_of(wrong).await.0, 404, "{wrong}");
    }
}

#[tokio::test]
async fn a_rounds_dates_go_into_a_calendar() {
    let app = App::start().await;
    let (status, kind, dates) = app.text_of("/calendar/1.ics?lang=en").await;
    assert_eq!((status, kind.as_str()), (200, "text/calendar; charset=utf-8"));
    assert!(dates.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && dates.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(dates.matches("BEGIN:VEVENT").count(), 3);
    assert!(dates.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{dates}");
    let closes = app.s.db.read_public().await;
    let closes =
        drempel::features::rounds::actions::all(&mut closes.expect("a connection")).await.expect("rounds")[0].closes_at;
    let moment = closes.to_string().split('.').next().expect("a moment").replace(['-', ':'], "");
    assert!(dates.contains(&format!("DTSTART:{moment}Z")), "{moment}: {dates}");
    for wrong in ["/calendar/9.ics", "/calendar/1", "/calendar/x.ics"] {
        assert_eq!(app.text_of(wrong).await.0, 404, "{wrong}");
    }
}

#[tokio::test]
async fn other_sites_may_frame_the_card_and_nothing_else() {
    let app = App::start().await;
    let card = app.http.get(app.url("/embed/kookclub?lang=en")).send().await.expect("an answer");
    assert_eq!(card.status(), 200);
    assert!(card.headers().get("x-frame-options").is_none());
    let policy = card.headers()["content-security-policy"].to_str().expect("a policy").to_owned();
    assert!(policy.contains("frame-ancestors *") && policy.contains("form-action 'none'"), "{policy}");
    assert!(!policy.contains("script-src"), "{policy}");
    assert_eq!(card.headers()["cross-origin-resource-policy"], "cross-origin");
    let html = card.text().await.expect("a page");
    assert!(!html.contains("<form") && !html.contains("<script"), "{html}");
    for path in ["/embed/niets", "/en/projects/kookclub"] {
        let other = app.http.get(app.url(path)).send().await.expect("an answer");
        assert_eq!(other.headers()["x-frame-options"], "DENY", "{path}");
        assert!(other.headers()["content-security-policy"].to_str().expect("text").contains("frame-ancestors 'none'"));
    }
}

#[tokio::test]
async fn programs_of_other_sites_find_the_card_of_a_page() {
    let app = App::start().await;
    let page = app.text_of("/nl/projects/kookclub").await.2;
    let page = scraper::Html::parse_document(&page);
    let select = |what: &str| scraper::Selector::parse(what).expect("a selector");
    let link = page.select(&select("link[type='application/json+oembed']")).next().expect("a link");
    let path = link.attr("href").expect("an address").strip_prefix(&app.url("")).expect("one of ours").to_owned();
    let (status, _, answer) = app.text_of(&path).await;
    assert_eq!(status, 200);
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!((&answer["version"], &answer["type"], &answer["width"]), (&"1.0".into(), &"rich".into(), &480.into()));
    let html = answer["html"].as_str().expect("a frame");
    assert!(html.contains(&app.url("/embed/kookclub?lang=nl")), "{html}");
    let (_, _, small) = app.text_of(&format!("{path}&maxwidth=300&maxheight=200")).await;
    let small: Value = serde_json::from_str(&small).expect("JSON");
    assert_eq!((&small["width"], &small["height"]), (&300.into(), &200.into()));
    for (query, wanted) in [
        ("", 404),
        ("?url=https%3A%2F%2Felsewhere.example%2Fnl%2Fprojects%2Fkookclub", 404),
        (&*format!("?url={}%2Fnl%2Fprojects%2Fniets", app.url("").replace(':', "%3A").replace('/', "%2F")), 404),
        (&*format!("{}&format=xml", path.trim_start_matches("/oembed")), 501),
    ] {
        assert_eq!(app.text_of(&format!("/oembed{query}")).await.0, wanted, "{query}");
    }
    // the same page for a search engine
    let linked = page.select(&select("script[type='application/ld+json']")).next().expect("words for machines");
    let linked: Value = serde_json::from_str(&linked.inner_html()).expect("JSON");
    let about = &linked["@graph"][1];
    assert_eq!(about["@type"], "Project");
    assert_eq!(about["potentialAction"]["@type"], "DonateAction");
    assert_eq!(about["potentialAction"]["priceSpecification"]["minPrice"], "5.00");
}

#[tokio::test]
async fn a_phone_can_keep_drempel_among_its_apps() {
    let app = App::start().await;
    let (status, kind, manifest) = app.text_of("/manifest.webmanifest").await;
    assert_eq!((status, kind.as_str()), (200, "application/manifest+json"));
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    for icon in manifest["icons"].as_array().expect("icons") {
        let path = icon["src"].as_str().expect("an address");
        let answer = app.http.get(app.url(path)).send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "image/png");
        let picture = image::load_from_memory(&answer.bytes().await.expect("bytes")).expect("a picture");
        assert_eq!(icon["sizes"], format!("{}x{}", picture.width(), picture.height()));
    }
    assert_eq!(app.text_of("/icons/64.png").await.0, 404);
}

#[tokio::test]
async fn a_backer_takes_all_papers_in_one_file() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(1_000, "Anna").await;
    app.settle().await;
    app.sign_in("anna@example.org").await;
    let (_, page) = app.text(&app.url("/nl/account/pledges")).await;
    assert!(page.contains("/nl/account/papers.zip"), "{page}");
    let answer = app.http.get(app.url("/nl/account/papers.zip")).send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "application/zip");
    let file = answer.bytes().await.expect("bytes");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).expect("a zip");
    assert_eq!(zip.len(), 2);
    for at in 0..zip.len() {
        let mut paper = zip.by_index(at).expect("a file");
        let name = paper.name().expect("a name").into_owned();
        assert!(name.ends_with(".pdf"), "{name}");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut paper, &mut bytes).expect("bytes");
        assert!(bytes.starts_with(b"%PDF-"));
    }
    // who has none is told so
    app.sign_in("owner@kookclub.example").await;
    let answer = app.http.get(app.url("/nl/account/papers.zip")).send().await.expect("an answer");
    assert_eq!(answer.headers()["location"], "/nl/account/pledges?done=no-papers");
}

#[tokio::test]
async fn the_list_of_projects_is_a_map_too() {
    let app = App::start_demo().await;
    let (status, page) = app.text(&app.url("/nl/projects?view=map")).await;
    assert_eq!(status, 200);
    let page = scraper::Html::parse_document(&page);
    let select = |what: &str| scraper::Selector::parse(what).expect("a selector");
    let marks: Vec<_> = page.select(&select("svg.map a")).map(|mark| mark.attr("href").unwrap_or_default()).collect();
    let listed: Vec<_> = page.select(&select("main ol a")).map(|link| link.attr("href").unwrap_or_default()).collect();
    assert!(marks.len() >= 8, "{marks:?}");
    assert_eq!(marks, listed, "the list says what the map shows");
    // filters hold on the map, and the map stays while they change
    let (_, narrowed) = app.text(&app.url("/nl/projects?view=map&q=leerwerkcentrum")).await;
    assert!(narrowed.contains("name=\"view\" value=\"map\""));
    let narrowed = scraper::Html::parse_document(&narrowed);
    assert_eq!(narrowed.select(&select("svg.map a")).count(), 1);
    assert!(
        narrowed.select(&select("nav.tabs a")).any(|link| link.attr("href") == Some("/nl/projects?q=leerwerkcentrum"))
    );
}
