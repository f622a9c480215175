//! Nothing is loaded from elsewhere, no cookie but those the page about privacy names, no pixel and no detour in letters.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use scraper::{Html, Selector};

use crate::support::{App, Browser};

/// Cookies of a development address; in production `__Host-` stands in their place. The page calls them by the words beside them.
const COOKIES: [(&str, &str); 4] = [
    ("drempel_session", "session"),
    ("drempel_sign_in", "sign-in"),
    ("drempel_device", "device"),
    ("drempel_form", "form"),
];

/// What a browser fetches by itself when it shows a page.
const FETCHED: [(&str, &str); 12] = [
    ("img", "src"),
    ("img", "srcset"),
    ("source", "srcset"),
    ("source", "src"),
    ("script", "src"),
    ("iframe", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("image", "href"),
    ("use", "href"),
];

/// Addresses on a page that a browser fetches by itself.
fn fetched(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let mut found = Vec::new();
    for (element, attribute) in FETCHED {
        let selector = Selector::parse(&format!("{element}[{attribute}]")).expect("a selector");
        found.extend(page.select(&selector).filter_map(|one| one.attr(attribute).map(str::to_owned)));
    }
    let links = Selector::parse("link[rel][href]").expect("a selector");
    for link in page.select(&links) {
        let rel = link.attr("rel").unwrap_or_default();
        if !matches!(rel, "canonical" | "alternate") {
            found.push(link.attr("href").unwrap_or_default().to_owned());
        }
    }
    found
}

fn is_own(address: &str) -> bool {
    address.starts_with('#') || (address.starts_with('/') && !address.starts_with("//"))
}

#[tokio::test]
async fn pages_fetch_nothing_from_elsewhere_and_set_no_other_cookie() {
    let app = App::start_demo().await;
    let public = [
        "/nl",
        "/en/projects",
        "/nl/rounds",
        "/nl/impact",
        "/nl/learning",
        "/nl/privacy",
        "/en/terms",
        "/nl/sign-in",
        "/nl/accessibility",
        "/nl/how-it-works",
        "/nl/contact",
    ];
    let signed_in =
        ["/nl/account", "/nl/account/data", "/nl/account/erase", "/nl/account/security", "/nl/account/mail"];
    let staff = ["/nl/staff", "/nl/staff/privacy", "/nl/staff/users", "/nl/staff/jobs", "/nl/staff/books"];
    let mut pages = Vec::new();
    let visitor = Browser::new(&app);
    for path in public {
        pages.push((path.to_owned(), visitor.read(path).await));
    }
    let list = visitor.read("/nl/projects").await;
    let project = list.split("href=\"/nl/projects/").nth(1).and_then(|rest| rest.split('"').next()).expect("a project");
    for part in ["", "/updates", "/outcomes", "/books", "/follow"] {
        let path = format!("/nl/projects/{project}{part}");
        let page = visitor.read(&path).await;
        pages.push((path, page));
    }
    let owner = Browser::signed_in(&app, "treasurer1@drempel.example").await;
    for path in signed_in {
        pages.push((path.to_owned(), owner.read(path).await));
    }
    let admin = Browser::signed_in(&app, "admin@drempel.example").await;
    for path in staff {
        pages.push((path.to_owned(), admin.read(path).await));
    }
    let mut seen = 0;
    for (path, page) in &pages {
        for address in fetched(page) {
            assert!(is_own(&address), "{path} fetches {address}");
            seen += 1;
        }
        for word in ["<iframe", "ping=", "navigator.sendBeacon", "http-equiv=\"refresh\" content=\"0;"] {
            assert!(!page.contains(word), "{path} has {word}");
        }
    }
    assert!(seen > 3 * pages.len(), "the search finds styles, scripts and icons: {seen}");
}

#[tokio::test]
async fn every_cookie_is_named_on_the_page_about_privacy() {
    let app = App::start_demo().await;
    let mut set = BTreeSet::new();
    let visitor = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let mut note = async |answer: reqwest::Response| {
        let names = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let names: Vec<String> = names.filter_map(|text| text.split('=').next().map(str::to_owned)).collect();
        set.extend(names.iter().cloned());
        names
    };
    for path in ["/nl", "/nl/projects", "/en/privacy", "/nl/rounds", "/api/v1/projects"] {
        let names = note(visitor.get(app.url(path)).send().await.expect("an answer")).await;
        assert!(names.is_empty(), "{path} sets {names:?}");
    }
    let form = [("email", "admin@drempel.example")];
    note(visitor.get(app.url("/nl/sign-in")).send().await.expect("an answer")).await;
    note(visitor.post(app.url("/nl/sign-in")).form(&form).send().await.expect("an answer")).await;
    note(visitor.post(app.url("/dev/sign-in")).form(&form).send().await.expect("an answer")).await;
    let known: BTreeSet<String> = COOKIES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert!(set.is_subset(&known) && set.len() >= 3, "{set:?}");
    // and the code makes no other: each is built in one place
    let mut built = 0;
    for file in ["src/features/users/web.rs", "src/features/users/guard.rs", "src/infra/web/token.rs"] {
        built += fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
            .expect("a file")
            .matches("Cookie::build(")
            .count();
    }
    assert_eq!((built, cookies_built("src")), (COOKIES.len(), COOKIES.len()));
    for lang in ["nl", "en"] {
        let page = Browser::new(&app).read(&format!("/{lang}/privacy")).await;
        for (_, word) in COOKIES {
            assert!(page.contains(&format!("<strong>{word}</strong>")), "{lang}: {word}");
        }
    }
}

fn cookies_built(folder: &str) -> usize {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut built = 0;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                built += text.matches("Cookie::build(").count();
            }
        }
    }
    built
}

/// The files a page fetches fetch nothing from elsewhere themselves, and no template names another host to load from.
#[test]
fn styles_scripts_and_templates_name_no_other_host() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut looked_at = 0;
    let mut folders = vec![root.join("static"), root.join("templates")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let kind = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if !matches!(kind, "css" | "js" | "html" | "svg") {
                continue;
            }
            looked_at += 1;
            for part in
                ["@import", "url(http", "url(//", "url(\"http", "url('http", "src=\"http", "src=\"//", "sendBeacon"]
            {
                assert!(!text.contains(part), "{} has {part}", path.display());
            }
            if kind != "html" {
                let hosts = text.split("://").skip(1).filter_map(|rest| rest.split(['/', '"', '\'', ')', ' ']).next());
                let others: Vec<&str> = hosts.filter(|host| *host != "www.w3.org").collect();
                assert!(others.is_empty(), "{} names {others:?}", path.display());
            }
        }
    }
    assert!(looked_at > 100, "{looked_at}");
}

#[tokio::test]
async fn letters_hold_no_picture_and_links_lead_straight_to_the_site() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    assert_eq!(Browser::new(&app).post("/nl/projects/kookclub/follow", &[("email", "carla@example.org")]).await.0, 303);
    assert_eq!(app.cancel(&pledge).await, 200);
    let anna = Browser::signed_in(&app, "anna@example.org").await;
    app.settle().await;
    assert_eq!(anna.post("/nl/account/erase", &[("confirm", "yes")]).await.0, 303);
    app.settle().await;
    let mut letters = 0;
    for file in fs::read_dir(app.letters_folder()).expect("letters").flatten() {
        let bytes = fs::read(file.path()).expect("a letter");
        let letter = mail_parser::MessageParser::default().parse(&bytes).expect("a letter");
        let html = letter.body_html(0).expect("HTML").into_owned();
        assert!(fetched(&html).is_empty() && !html.contains("<img") && !html.contains("url("), "{html}");
        let page = Html::parse_document(&html);
        for link in page.select(&Selector::parse("a[href]").expect("a selector")) {
            let href = link.attr("href").unwrap_or_default();
            assert!(href == app.base || href.starts_with(&format!("{}/", app.base)), "{href} leads elsewhere");
            for word in ["utm_", "/click", "redirect=", "url="] {
                assert!(!href.contains(word), "{href}");
            }
        }
        letters += 1;
    }
    assert!(letters >= 4, "{letters}");
}
