//! What every answer carries, and how the door treats those who are not visitors: B2 of the list of faults, held to the letter.

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::routing::{get, post};
use base64::Engine;
use drempel::app::{listen, metrics, router};
use drempel::infra::web::Posted;
use reqwest::Method;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::forms::{cookies, in_production, plain};
use crate::support::{App, Browser};

/// Headers that all answers have in common.
const COMMON: [(&str, &str); 12] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; report-to csp",
    ),
    ("reporting-endpoints", "csp=\"/csp-reports\""),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("server", "drempel"),
    ("x-powered-by", ""),
];

const HTML: &str = "text/html; charset=utf-8";
const KEPT: &str = "public, max-age=0, must-revalidate";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

fn header<'a>(headers: &'a reqwest::header::HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn b2_every_kind_of_answer_carries_all_headers() {
    let app = App::start().await;
    let css = drempel::infra::web::assets::url("site.css");
    // path, status, media type, what may be kept
    let table = [
        ("/nl", 200, HTML, KEPT),
        ("/nl/projects/kookclub", 200, HTML, KEPT),
        ("/nl/projects/kookclub/pledge", 200, HTML, "no-store"),
        ("/nl/sign-in", 200, HTML, "no-store"),
        ("/", 303, "", "no-store"),
        ("/nl/account", 303, "", "no-store"),
        ("/nl/nowhere", 404, HTML, "no-store"),
        ("/nl/staff/books.csv", 303, "", "no-store"),
        (&css, 200, "text/css; charset=utf-8", FOR_EVER),
        ("/static/nothing.css", 404, HTML, "no-store"),
        ("/robots.txt", 200, "text/plain; charset=utf-8", KEPT),
        ("/sitemap.xml", 200, "application/xml; charset=utf-8", KEPT),
        ("/.well-known/security.txt", 200, "text/plain; charset=utf-8", KEPT),
        ("/healthz", 200, "text/plain; charset=utf-8", "no-store"),
        ("/files/fil_0", 404, HTML, "no-store"),
        ("/api/v1/projects", 200, "application/json", KEPT),
        ("/api/v1/projects/nothing", 404, "application/problem+json", "no-store"),
        ("/api/v1/projects/kookclub/books.csv", 200, "text/csv; charset=utf-8", KEPT),
        ("/og/kookclub.png", 200, "image/png", KEPT),
    ];
    for (path, status, kind, kept) in table {
        let answer = plain().get(app.url(path)).send().await.expect("an answer");
        let headers = answer.headers();
        assert_eq!(answer.status(), status, "{path}");
        for (name, value) in COMMON {
            let is_for_all = path.starts_with("/api/") || path.starts_with("/og/");
            let value = if name == "cross-origin-resource-policy" && is_for_all { "cross-origin" } else { value };
            assert_eq!(header(headers, name), value, "{path}: {name}");
        }
        assert_eq!(header(headers, "content-type"), kind, "{path}");
        assert_eq!(header(headers, "cache-control"), kept, "{path}");
        assert_eq!(headers.contains_key("etag"), kept == KEPT, "{path}");
        let open = if path.starts_with("/api/") { "*" } else { "" };
        assert_eq!(header(headers, "access-control-allow-origin"), open, "{path}");
        assert!(kept == "no-store" || !headers.contains_key("set-cookie"), "{path}");
        if path.ends_with(".csv") && status == 200 {
            assert_eq!(header(headers, "content-disposition"), "attachment; filename=\"kookclub-books.csv\"");
        }
    }
}

/// A page that breaks, and one that takes too long, are answers like all others; nothing of the cause is told.
#[tokio::test]
async fn b2_what_breaks_answers_with_a_page_and_all_headers() {
    let app = App::start().await;
    let routes = axum::Router::new()
        .route(
            "/nl/broken",
            get(|| async {
                if true {
                    panic!("the secret cause")
                }
            }),
        )
        .route(
            "/api/v1/broken",
            get(|| async {
                if true {
                    panic!("the secret cause")
                }
            }),
        )
        .route("/nl/slow", get(std::future::pending::<()>))
        .route("/nl/large", post(|body: axum::body::Bytes| async move { body.len().to_string() }));
    let site = router::around(app.s.clone(), routes, Duration::from_millis(200));
    let large = Request::post("/nl/large").body(Body::from(vec![b'x'; 70_000])).expect("a request");
    let get = |path: &str| Request::get(path).body(Body::empty()).expect("a request");
    let table = [
        (get("/nl/broken"), 500, HTML),
        (get("/api/v1/broken"), 500, "application/problem+json"),
        (get("/nl/slow"), 408, HTML),
        (large, 413, HTML),
    ];
    for (request, status, kind) in table {
        let answer = site.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), status);
        assert_eq!(header(answer.headers(), "content-type"), kind);
        assert_eq!(header(answer.headers(), "strict-transport-security"), COMMON[0].1);
        assert_eq!(header(answer.headers(), "content-security-policy"), COMMON[1].1);
        let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        assert!(body.len() > 60 && !String::from_utf8_lossy(&body).contains("secret cause"));
    }
}

#[tokio::test]
async fn b2_signing_out_empties_the_browser_and_downloads_are_files() {
    let app = App::start().await;
    let signed_in = plain().post(app.url("/dev/sign-in")).form(&[("email", "treasurer1@drempel.example")]).send().await;
    let cookie = cookies(&signed_in.expect("an answer"));
    let get = |path: &str| plain().get(app.url(path)).header("cookie", &cookie).send();
    for (path, kind) in [
        ("/nl/staff/books.csv", "text/csv; charset=utf-8"),
        ("/nl/staff/books.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let answer = get(path).await.expect("an answer");
        let disposition = header(answer.headers(), "content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"") && disposition.is_ascii(), "{path}: {disposition}");
        assert_eq!(header(answer.headers(), "content-type"), kind, "{path}");
        assert_eq!(header(answer.headers(), "cache-control"), "private, no-store", "{path}");
    }
    let page = get("/nl/account").await.expect("an answer");
    assert_eq!(header(page.headers(), "cache-control"), "no-store");
    let out = plain().post(app.url("/nl/sign-out")).header("cookie", &cookie).send().await.expect("an answer");
    assert_eq!(header(out.headers(), "clear-site-data"), "\"cache\", \"cookies\", \"storage\"");
    assert_eq!(out.status(), 303);
}

#[tokio::test]
async fn methods_we_do_not_serve_are_refused_everywhere() {
    let app = App::start().await;
    for base in [app.base.clone(), in_production(&app).await] {
        for method in ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "BREW"] {
            for path in ["/nl", "/nl/account", "/nl/sign-out", "/api/v1/projects", "/healthz", "/nl/nowhere"] {
                let method = Method::from_bytes(method.as_bytes()).expect("a method");
                let answer = plain().request(method.clone(), format!("{base}{path}")).send().await.expect("an answer");
                assert_eq!(answer.status(), 405, "{method} {path}");
                assert!(!header(answer.headers(), "allow").is_empty(), "{method} {path}");
            }
        }
        let answer = plain().post(format!("{base}/nl/projects")).send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), header(answer.headers(), "allow")), (405, "GET,HEAD"));
    }
}

#[tokio::test]
async fn in_production_no_other_host_is_answered_for() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let as_host = async |host: &str, path: &str| {
        let answer = plain().get(format!("{base}{path}")).header("host", host).send().await.expect("an answer");
        answer.status().as_u16()
    };
    let own = base.trim_start_matches("http://");
    assert_eq!(as_host(own, "/nl").await, 200);
    assert_eq!(as_host("evil.example", "/nl").await, 421);
    assert_eq!(as_host("evil.example", "/nl/sign-in").await, 421);
    assert_eq!(as_host("10.0.0.7:3000", "/healthz").await, 200, "whoever asks for health asks this machine");
}

#[tokio::test]
async fn reports_of_browsers_are_taken_in_a_bounded_way() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let send = async |kind: &str, from: &str, body: String| {
        let call = plain().post(format!("{base}/csp-reports")).header("content-type", kind);
        let answer = call.header("X-Forwarded-For", from).body(body).send().await.expect("an answer");
        answer.status().as_u16()
    };
    let figure = async || {
        let figures = metrics::text(&app.s).await.expect("figures");
        let line = figures.lines().find(|line| line.starts_with("drempel_csp_reports ")).expect("a figure").to_owned();
        line.split(' ').nth(1).and_then(|number| number.parse::<i64>().ok()).expect("a number")
    };
    let report = r#"[{"type":"csp-violation","body":{"documentURL":"https://d.example/nl","blockedURL":"inline"}}]"#;
    let before = figure().await;
    assert_eq!(send("application/reports+json", "203.0.113.1", report.to_owned()).await, 204);
    assert_eq!(send("application/csp-report", "203.0.113.1", r#"{"csp-report":{}}"#.to_owned()).await, 204);
    assert!(figure().await >= before + 2);
    assert_eq!(send("application/reports+json", "203.0.113.1", "{".to_owned()).await, 400);
    assert_eq!(send("text/plain", "203.0.113.1", report.to_owned()).await, 415);
    assert_eq!(send("application/csp-report", "203.0.113.1", "x".repeat(20_000)).await, 413);
    for _ in 0..20 {
        assert_eq!(send("application/csp-report", "203.0.113.2", "{}".to_owned()).await, 204);
    }
    assert_eq!(send("application/csp-report", "203.0.113.2", "{}".to_owned()).await, 429);
}

/// The content policy forbids it, so a page that had some would be broken.
#[test]
fn no_template_has_a_script_or_a_style_inside() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let mut wrong = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            // letters are read in mail programs, which know no style sheet; texts are no HTML
            if path.is_dir() && !["letters", "texts"].iter().any(|name| path.ends_with(name)) {
                folders.push(path.clone());
            }
            if path.extension().is_none_or(|e| e != "html") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a template").to_lowercase();
            for part in
                ["<style", " style=", "javascript:", "<script>", " onclick=", " onload=", " onsubmit=", " onerror="]
            {
                if text.contains(part) {
                    wrong.push(format!("{}: {part}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn rendered_pages_load_only_whole_files_of_ours() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let treasurer = Browser::treasurer(&app, 1).await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let visitor = Browser::new(&app);
    let mut pages = Vec::new();
    for path in [
        "/nl",
        "/nl/projects",
        "/nl/projects/kookclub",
        "/nl/projects/kookclub/books",
        "/nl/impact",
        "/nl/rounds/1",
        "/en/sign-in",
        "/nl/projects/kookclub/pledge",
        "/nl/projects/kookclub/outcomes",
        "/dev",
        "/dev/clock",
    ] {
        pages.push((path, visitor.read(path).await));
    }
    for path in ["/nl/staff", "/nl/staff/payments", "/nl/staff/shield", "/nl/staff/rounds/1/closing", "/nl/staff/books"]
    {
        pages.push((path, treasurer.read(path).await));
    }
    for path in
        ["/nl/studio", "/nl/studio/projects/kookclub", "/nl/studio/projects/kookclub/plan", "/nl/account/security"]
    {
        pages.push((path, owner.read(path).await));
    }
    let select = |what: &str| scraper::Selector::parse(what).expect("a selector");
    let mut held = 0;
    for (path, text) in pages {
        let page = scraper::Html::parse_document(&text);
        assert!(page.select(&select("style, [style], iframe, object, embed, base")).next().is_none(), "{path}");
        for element in page.select(&select("*")) {
            let is_handler = |name: &str| name.starts_with("on");
            assert!(!element.value().attrs().any(|(name, _)| is_handler(name)), "{path}: {:?}", element.value());
        }
        // what is only read by machines is no script
        for element in page.select(&select("script:not([type='application/ld+json']), link[rel=stylesheet]")) {
            let url = element.attr("src").or(element.attr("href")).unwrap_or_default();
            assert!(url.starts_with("/static/") && element.inner_html().trim().is_empty(), "{path}: {url}");
            let file = visitor.file(url).await;
            let sum = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&file));
            assert_eq!(element.attr("integrity"), Some(format!("sha256-{sum}").as_str()), "{path}: {url}");
            held += 1;
        }
        // every form of the page shows its token
        for form in page.select(&select("form[method=post]")) {
            assert!(form.select(&select("input[name=form_token]")).next().is_some(), "{path}: {}", form.html());
        }
    }
    assert!(held >= 40, "{held}");
}

/// A connection to a site behind our own door, with little patience.
async fn door(app: &App, answer_within: Duration) -> (String, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let routes = axum::Router::new()
        .route("/nl/form", post(|posted: Posted| async move { posted.allow(&["a"]).map(|_| "taken") }))
        .route("/nl/page", get(|| async { "a page" }));
    let site = router::around(app.s.clone(), routes, answer_within);
    let stop = CancellationToken::new();
    tokio::spawn(listen::serve(listener, site, Duration::from_millis(400), stop.clone()));
    (address, stop)
}

/// Sends bytes, and reads until the other side closes or is silent for three seconds.
async fn exchange(address: &str, parts: &[&[u8]]) -> (String, bool) {
    let mut line = TcpStream::connect(address).await.expect("a connection");
    for part in parts {
        let _ = line.write_all(part).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(3), line.read_to_end(&mut answer)).await;
    (String::from_utf8_lossy(&answer).into_owned(), read.is_ok())
}

#[tokio::test]
async fn b8_slow_and_endless_clients_are_let_go() {
    let app = App::start().await;
    let (address, stop) = door(&app, Duration::from_millis(500)).await;
    let silent = exchange(&address, &[]).await;
    assert!(silent.1 && silent.0.is_empty(), "says nothing: {silent:?}");
    let (answer, closed) =
        exchange(&address, &[b"GET /nl/page HTTP/1.1\r\nHost: x\r\n", b"X-A: b\r\n", b"X-B: c\r\n"]).await;
    assert!(closed && !answer.starts_with("HTTP/1.1 200"), "a head without an end: {answer}");
    let (answer, closed) = exchange(
        &address,
        &[b"POST /nl/form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=1"],
    )
    .await;
    assert!(closed && answer.starts_with("HTTP/1.1 408"), "a body without an end: {answer}");
    assert!(answer.contains("strict-transport-security") && answer.contains("<h1>"), "{answer}");
    let long = format!("GET /nl/page HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(20_000));
    assert!(exchange(&address, &[long.as_bytes()]).await.0.starts_with("HTTP/1.1 431"));
    let many: String = (0..150).map(|number| format!("X-{number}: y\r\n")).collect();
    let many = format!("GET /nl/page HTTP/1.1\r\nHost: x\r\n{many}\r\n");
    assert!(exchange(&address, &[many.as_bytes()]).await.0.starts_with("HTTP/1.1 431"));
    let smuggled = b"POST /nl/form HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /nl/page HTTP/1.1\r\nHost: x\r\n\r\n";
    let (answer, _) = exchange(&address, &[smuggled]).await;
    assert!(!answer.contains("a page"), "two lengths: {answer}");
    // meanwhile and afterwards others are served
    let slow: Vec<_> = (0..50).map(|_| TcpStream::connect(&address)).collect();
    let slow = futures::future::join_all(slow).await;
    let (answer, _) = exchange(&address, &[b"GET /nl/page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("a page"), "{answer}");
    drop(slow);
    stop.cancel();
}

#[tokio::test]
async fn fields_beyond_a_hundred_and_other_kinds_of_bodies_are_refused() {
    let app = App::start().await;
    let path = app.url("/nl/projects/kookclub/pledge");
    let many: Vec<(String, &str)> = (0..101).map(|number| (format!("f{number}"), "x")).collect();
    assert_eq!(plain().post(&path).form(&many).send().await.expect("an answer").status(), 400);
    for kind in ["text/plain", "application/json", "application/xml"] {
        let answer =
            plain().post(&path).header("content-type", kind).body("amount=25").send().await.expect("an answer");
        assert_eq!(answer.status(), 415, "{kind}");
    }
    let half = plain().post(&path).header("content-type", "application/x-www-form-urlencoded").body("amount=%ff%fe&%");
    assert_eq!(half.send().await.expect("an answer").status(), 400, "an unknown field after bytes that are no text");
}
