//! Where a form comes from: its token, the cookie of visitors, the trap and the pace of forms that anybody may send.

use std::path::Path;
use std::sync::Arc;

use drempel::app::router;
use drempel::infra::settings::Settings;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, Response};

use crate::support::{App, Browser};

/// The same data served as in production: its address with the same program behind it. The test's own machine is its proxy.
pub async fn in_production(app: &App) -> String {
    serve(app, |settings, host| settings.public_url = format!("https://{host}")).await
}

/// The same data served with limits on, behind a proxy, and with other settings; `change` is told under which host.
pub async fn serve(app: &App, change: impl FnOnce(&mut Settings, &str)) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let host = listener.local_addr().expect("an address").to_string();
    let mut s = app.s.clone();
    let settings = Arc::make_mut(&mut s.settings);
    settings.limits = true;
    settings.trusted_proxies = vec![std::net::Ipv4Addr::LOCALHOST.into()];
    change(settings, &host);
    let service = router::build(s).into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    format!("http://{host}")
}

/// A client that keeps nothing and follows nothing.
pub fn plain() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// A page with forms: the cookie it set, as a browser sends it back, and the token of its first form.
pub struct Opened {
    pub cookie: String,
    pub token: String,
    pub html: String,
}

pub async fn open(base: &str, path: &str, cookie: &str) -> Opened {
    let answer = plain().get(format!("{base}{path}")).header(COOKIE, cookie).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    let set = cookies(&answer);
    let html = answer.text().await.expect("a page");
    Opened { cookie: if set.is_empty() { cookie.to_owned() } else { set }, token: token_in(&html), html }
}

/// The cookies an answer sets, as a browser sends them back.
pub fn cookies(answer: &Response) -> String {
    let set = answer.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

pub fn token_in(html: &str) -> String {
    let page = scraper::Html::parse_document(html);
    let field = scraper::Selector::parse("form[method=post] input[name=form_token]").expect("a selector");
    let token = page.select(&field).next().and_then(|input| input.attr("value"));
    token.unwrap_or_default().to_owned()
}

pub async fn send(base: &str, path: &str, cookie: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let request = plain().post(format!("{base}{path}")).header(COOKIE, cookie).form(fields);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.unwrap_or_default())
}

#[test]
fn every_form_that_is_posted_carries_a_token() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    let (mut forms, mut without) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a template");
            let posted = text.split("<form ").skip(1).filter(|form| !form.starts_with("method=\"get\""));
            for form in posted {
                forms += 1;
                let (_, inside) = form.split_once('>').expect("a whole tag");
                if !inside.starts_with("{{ ctx.form_token()|safe }}") {
                    without.push(format!("{}: {:.60}", path.display(), form));
                }
            }
            let is_kept = path.components().any(|part| part.as_os_str() == "site");
            assert!(!(is_kept && text.contains("method=\"post\"")), "{} is kept for everybody", path.display());
        }
    }
    assert!(forms >= 140 && without.is_empty(), "{forms} forms, without a token: {without:#?}");
}

#[tokio::test]
async fn a_form_of_somebody_else_is_refused_and_changes_nothing() {
    let app = App::start().await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let other = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let own = token_in(&owner.read("/nl/account").await);
    let foreign = token_in(&other.read("/nl/account").await);
    assert!(!own.is_empty() && own != token_in(&owner.read("/nl/account").await), "a new mask each time");
    let last = if own.ends_with('0') { "1" } else { "0" };
    let changed = [&own[..own.len() - 1], last].concat();
    for wrong in [foreign.as_str(), changed.as_str(), "", "1.2.3"] {
        let (status, page) =
            owner.post_for_text("/nl/account", &[("name", "Wrong"), ("language", "nl"), ("form_token", wrong)]).await;
        assert_eq!(status, 403, "{wrong}");
        assert!(page.contains("knop Vorige"), "{page}");
        assert_eq!(owner.post("/nl/account/sessions/end-others", &[("form_token", wrong)]).await.0, 403);
    }
    assert!(!owner.read("/nl/account").await.contains("Wrong"));
    assert_eq!(owner.post("/nl/account", &[("name", "Right"), ("language", "nl"), ("form_token", &own)]).await.0, 303);
    assert!(owner.read("/nl/account").await.contains("Right"));
    let doubled = [("name", "Right"), ("language", "nl"), ("form_token", &own), ("form_token", &own)];
    assert_eq!(owner.post("/nl/account", &doubled).await.0, 400);
}

/// A script that posts by hand has neither token nor browser; a browser always has both.
#[tokio::test]
async fn in_development_only_a_browser_must_show_a_token() {
    let app = App::start().await;
    let signed_in = plain().post(app.url("/dev/sign-in")).form(&[("email", "owner@kookclub.example")]).send().await;
    let cookie = cookies(&signed_in.expect("an answer"));
    let save = |name: &'static str, value: String| {
        let request = plain().post(app.url("/nl/account")).header(COOKIE, &cookie);
        let request = request.header(name, value).form(&[("name", "Anna"), ("language", "nl")]);
        async move { request.send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!(save("X-Nothing", String::new()).await, 303);
    assert_eq!(save("Sec-Fetch-Site", "same-origin".to_owned()).await, 403);
    assert_eq!(save("Origin", app.base.clone()).await, 403);
}

#[tokio::test]
async fn a_visitor_gets_a_cookie_on_pages_with_a_form_and_nowhere_else() {
    let app = App::start().await;
    for path in ["/nl", "/nl/projects", "/nl/projects/kookclub", "/nl/rounds/1", "/nl/contact", "/nl/nowhere", "/"] {
        let answer = plain().get(app.url(path)).send().await.expect("an answer");
        assert!(answer.headers().get(SET_COOKIE).is_none(), "{path}");
    }
    for path in ["/nl/projects/kookclub/pledge", "/nl/projects/kookclub/follow", "/nl/sign-in"] {
        let answer = plain().get(app.url(path)).send().await.expect("an answer");
        let cookie = answer.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert!(cookie.starts_with("drempel_form="), "{path}: {cookie}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{path}: {cookie}");
        }
        assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
    }
    let path = "/nl/projects/kookclub/follow";
    let page = open(&app.base, path, "").await;
    let fields = [("email", "anna@example.org"), ("form_token", page.token.as_str())];
    assert_eq!(send(&app.base, path, "", &fields).await.0, 403, "without its cookie");
    let another = open(&app.base, path, "").await;
    assert_eq!(send(&app.base, path, &another.cookie, &fields).await.0, 403, "with another's cookie");
    assert_eq!(send(&app.base, path, &page.cookie, &fields).await.0, 303);
    let again = open(&app.base, path, &page.cookie).await;
    assert_eq!(again.cookie, page.cookie, "one cookie serves all forms");
}

#[tokio::test]
async fn a_form_with_a_file_shows_its_token_first() {
    let app = App::start().await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let other = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let path = "/nl/studio/projects/kookclub/updates/new";
    let foreign = token_in(&other.read("/nl/account").await);
    let own = token_in(&owner.read(path).await);
    let rest = [("audience", "everybody"), ("title_nl", "Nieuws"), ("body_nl", "Tekst")];
    let with = |token| [[("form_token", token)].as_slice(), &rest].concat();
    assert_eq!(owner.post_parts(path, &with(foreign.as_str())).await.0, 403);
    assert_eq!(owner.post_parts(path, &with(own.as_str())).await.0, 303);
    assert_eq!(owner.post_parts(path, &rest).await.0, 303, "a script in development");
}

#[tokio::test]
async fn in_production_a_form_needs_its_token_and_a_person() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let path = "/nl/projects/kookclub/pledge";
    let page = open(&base, path, "").await;
    assert!(page.cookie.starts_with("__Host-form="), "{}", page.cookie);
    let all = [("amount", "25"), ("email", "anna@example.org"), ("method", "ideal"), ("step", "check")];
    let with = |more: &[(&'static str, &'static str)], token: &str| {
        let fields: Vec<(String, String)> = all.iter().chain(more).map(|(k, v)| ((*k).into(), (*v).into())).collect();
        [fields, vec![("form_token".to_owned(), token.to_owned())]].concat()
    };
    let send = |fields: Vec<(String, String)>| {
        let request = plain().post(format!("{base}{path}")).header(COOKIE, &page.cookie).form(&fields);
        async move {
            let answer = request.send().await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("a page"))
        }
    };
    assert_eq!(send(with(&[], "")).await.0, 403, "a wrong token");
    let bare: Vec<(String, String)> = with(&[], "").into_iter().filter(|(name, _)| name != "form_token").collect();
    assert_eq!(send(bare).await.0, 403, "no token");
    let (status, fast) = send(with(&[], &page.token)).await;
    assert!(
        status == 422 && fast.contains("Dat ging heel snel") && fast.contains("anna@example.org"),
        "{status} {fast}"
    );
    app.s.clock.set_offset_seconds(4);
    let (status, trapped) = send(with(&[("website_address", "https://spam.example")], &page.token)).await;
    assert!(status == 422 && trapped.contains("verborgen veld") && !trapped.contains("spam.example"), "{trapped}");
    assert_eq!(app.standing().await.reserved.0, 0, "nothing was made");
    // the form that came back was begun when the first one was
    assert_eq!(send(with(&[], &token_in(&fast))).await.0, 303);
    assert_eq!(app.standing().await.reserved.0, 2_500);
    for (path, email) in [("/nl/sign-in", "nobody@example.org"), ("/nl/projects/kookclub/follow", "eva@example.org")] {
        let page = open(&base, path, "").await;
        assert!(page.html.contains("name=\"website_address\""), "{path}");
        let fields = [("email", email), ("form_token", page.token.as_str())];
        assert_eq!(self::send(&base, path, &page.cookie, &fields).await.0, 422, "{path}: too fast");
        app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + 2);
        assert_eq!(self::send(&base, path, &page.cookie, &fields).await.0, 303, "{path}");
    }
    assert_eq!(plain().post(format!("{base}/nl/sign-out")).send().await.expect("an answer").status(), 403, "no body");
}

/// Programs send no cookie; one that comes along makes nobody the sender.
#[tokio::test]
async fn calls_of_programs_never_act_for_whoever_is_signed_in() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let body = serde_json::json!({ "amount_cents": 2_500, "email": "anna@example.org" });
    let call = plain().post(format!("{base}/api/v1/projects/kookclub/pledges")).header("Idempotency-Key", "one");
    let answer =
        call.header(COOKIE, "__Host-session=0; drempel_session=0").json(&body).send().await.expect("an answer");
    assert_eq!(answer.status(), 201, "no token is asked for");
    assert!(answer.headers().get(SET_COOKIE).is_none());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/features");
    for file in ["backing/api.rs", "site/api.rs"] {
        let code = std::fs::read_to_string(folder.join(file)).expect("a source file");
        for word in ["SignedIn", "Staff", "CookieJar", "COOKIE"] {
            assert!(!code.contains(word), "{file} knows {word}");
        }
    }
}
