//! How the site looks, as far as a program can tell: what pages weigh with all they load, pictures and what stands in their place, filters
//! that are taken away, and the pages for those who build.

use std::collections::HashMap;

use drempel::app::demo;
use image::ImageFormat;
use scraper::{Html, Selector};

use crate::forms::{in_production, plain};
use crate::support::{App, Browser};

/// What a page may load, in bytes, before compression.
const SHEETS: usize = 20 * 1024;
const SCRIPTS: usize = 10 * 1024;
const FIRST_VIEW: usize = 150 * 1024;
/// Pictures that stand in the first view of a wide window: two rows of cards. The others are loaded when they come near.
const IN_VIEW: usize = 6;

/// What elements of a page say in an attribute.
fn marked(html: &str, selector: &str, attribute: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_owned).collect()
}

async fn draw(app: &App) {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let mut projects = HashMap::new();
    for slug in demo::drawings::slugs() {
        let project = drempel::features::projects::actions::by_slug(&mut tx, slug).await.expect("an answer");
        projects.insert(slug.to_owned(), project.expect("a project of the demo"));
    }
    demo::drawings::load(&app.s, &mut tx, &projects).await.expect("drawings");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn no_page_loads_more_than_it_may() {
    let app = App::start_demo().await;
    draw(&app).await;
    let browser = Browser::signed_in(&app, "owner@pluspunt-rotterdam.example").await;
    let project = "leerwerkcentrum-oud-mathenesse-witte-dorp";
    let mut sizes: HashMap<String, usize> = HashMap::new();
    for path in [
        "/nl".to_owned(),
        "/nl/projects".to_owned(),
        "/en/projects?q=niets".to_owned(),
        "/nl/projects?view=map".to_owned(),
        format!("/nl/projects/{project}"),
        format!("/nl/projects/{project}/outcomes"),
        format!("/nl/projects/{project}/books"),
        format!("/nl/projects/{project}/pledge"),
        "/nl/rounds".to_owned(),
        "/nl/rounds/3".to_owned(),
        "/nl/impact".to_owned(),
        "/nl/learning".to_owned(),
        "/nl/organisations/pluspunt-rotterdam".to_owned(),
        "/nl/sign-in".to_owned(),
        "/nl/contact".to_owned(),
        "/nl/account".to_owned(),
        "/nl/studio".to_owned(),
    ] {
        let html = browser.read(&path).await;
        let sheets = marked(&html, "link[rel=stylesheet]", "href");
        let scripts = marked(&html, "script[src]", "src");
        let pictures = marked(&html, "img[src]", "src");
        for address in sheets.iter().chain(&scripts).chain(&pictures) {
            if !sizes.contains_key(address) {
                sizes.insert(address.clone(), browser.file(address).await.len());
            }
        }
        let sum = |addresses: &[String]| addresses.iter().map(|address| sizes[address]).sum::<usize>();
        assert!(!sheets.is_empty() && sum(&sheets) <= SHEETS, "{path} loads {} bytes of sheets", sum(&sheets));
        assert!(sum(&scripts) <= SCRIPTS, "{path} loads {} bytes of scripts", sum(&scripts));
        let all = html.len() + sum(&sheets) + sum(&scripts) + sum(&pictures[..pictures.len().min(IN_VIEW)]);
        let is_list = path == "/nl" || path == "/nl/projects";
        let lazy = marked(&html, "img[loading=lazy]", "src").len();
        assert!(!is_list || lazy >= pictures.len().min(IN_VIEW) / 2, "{path}");
        assert!(!is_list || (!pictures.is_empty() && all <= FIRST_VIEW), "{path} weighs {all} bytes with all it shows");
    }
    let names = |path: &str| marked(path, "link[rel=stylesheet]", "href").join(" ");
    assert!(names(&browser.read("/nl/account").await).contains("inside."));
    assert!(!names(&browser.read("/nl/contact").await).contains("inside."));
}

#[tokio::test]
async fn what_is_served_is_what_its_integrity_says() {
    use base64::Engine;
    use sha2::{Digest, Sha256};
    let app = App::start().await;
    let browser = Browser::new(&app);
    let mut looked_at = 0;
    for path in ["/nl", "/nl/impact", "/nl/sign-in", "/dev/components"] {
        let html = browser.read(path).await;
        let page = Html::parse_document(&html);
        let loaded = Selector::parse("link[rel=stylesheet], script[src]").expect("a selector");
        for element in page.select(&loaded) {
            let address = element.attr("href").or(element.attr("src")).expect("an address");
            let bytes = browser.file(address).await;
            let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&bytes));
            assert_eq!(element.attr("integrity"), Some(format!("sha256-{hash}").as_str()), "{address}");
            assert!(!address.contains(".css") || !String::from_utf8_lossy(&bytes).contains("/*"), "{address}");
            looked_at += 1;
        }
    }
    assert!(looked_at >= 12, "{looked_at}");
}

#[tokio::test]
async fn a_card_shows_the_small_picture_and_a_project_without_one_a_pattern() {
    let app = App::start_demo().await;
    let browser = Browser::new(&app);
    let before = marked(&browser.read("/nl/projects").await, ".card img", "src");
    assert_eq!(before.len(), 12);
    assert!(before.iter().all(|address| address.starts_with("/static/pattern-")), "{before:?}");
    draw(&app).await;
    let after = marked(&browser.read("/en/projects").await, ".card img", "src");
    assert!(after.len() == 12 && after.iter().all(|address| address.ends_with("?size=card")), "{after:?}");
    for address in &after {
        let small = browser.file(address).await;
        let picture = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).expect("a JPEG");
        assert_eq!((picture.width(), picture.height()), (480, 270), "{address}");
        let whole = browser.file(address.trim_end_matches("?size=card")).await;
        assert!(small.len() < whole.len(), "{address}");
        assert_eq!(browser.look(&address.replace("card", "other")).await.0, 404, "there is no other size");
    }
    let described = marked(&browser.read("/en/projects").await, ".card img", "alt");
    assert!(described.iter().all(|alt| alt.starts_with("Drawing of ")), "{described:?}");
    // a picture from before there were small ones
    let id = after[0].trim_start_matches("/files/").trim_end_matches("?size=card");
    std::fs::remove_file(app.files_folder().join(format!("{id}.card"))).expect("it was there");
    assert_eq!(browser.file(&after[0]).await, browser.file(&format!("/files/{id}")).await);
    assert_eq!(browser.look(&format!("/files/{id}.card")).await.0, 404);
}

#[tokio::test]
async fn each_filter_that_was_chosen_can_be_taken_away() {
    let app = App::start_demo().await;
    let browser = Browser::new(&app);
    assert!(marked(&browser.read("/nl/projects").await, ".chips a", "href").is_empty());
    let page = browser.read("/nl/projects?q=brood&sector=bakery&round=1&sort=title").await;
    let chips = marked(&page, ".chips a", "href");
    assert_eq!(
        chips,
        [
            "/nl/projects?sector=bakery&round=1&sort=title",
            "/nl/projects?q=brood&round=1&sort=title",
            "/nl/projects?q=brood&sector=bakery&sort=title"
        ]
    );
    assert!(page.contains("Bakkerij</a>") && page.contains("Ronde 1</a>") && page.contains("“brood”</a>"), "{page}");
    let map = browser.read("/nl/projects?sector=bakery&view=map").await;
    assert_eq!(marked(&map, ".chips a", "href"), ["/nl/projects?view=map"]);
    assert_eq!(browser.get("/nl/projects?view=map").await.0, 200);
}

#[tokio::test]
async fn the_pieces_of_pages_are_shown_in_development_only() {
    let app = App::start().await;
    let browser = Browser::new(&app);
    let page = browser.read("/dev/components").await;
    for piece in
        ["class=\"tokens\"", "class=\"empty\"", "type=\"file\"", "class=\"chips\"", "class=\"pager\"", "has-error"]
    {
        assert!(page.contains(piece), "{piece}");
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let text = |path: &str| std::fs::read_to_string(folder.join(path)).expect("a template");
    let shown = text("dev/components.html");
    for file in std::fs::read_dir(folder.join("macros")).expect("a folder").flatten() {
        let name = format!("macros/{}", file.file_name().to_string_lossy());
        let (own, import) = (text(&name), format!("{{% import \"{name}\" as "));
        let alias = shown.split(&import).nth(1).and_then(|rest| rest.split_whitespace().next());
        let alias = alias.unwrap_or_else(|| panic!("/dev/components does not show {name}"));
        for piece in own.split("{% macro ").skip(1).filter_map(|rest| rest.split('(').next()) {
            let is_shown = shown.contains(&format!("{alias}::{piece}("));
            // what others of the file are made of is seen in them
            let is_part = ["{{ ", "{{- "].iter().any(|begin| own.contains(&format!("{begin}{piece}(")));
            assert!(is_shown || is_part, "/dev/components does not show {piece} of {name}");
        }
    }
    assert!(browser.read("/dev").await.contains("/dev/components"));
    let open = in_production(&app).await;
    for path in ["/dev/components", "/dev/mail"] {
        let answer = plain().get(format!("{open}{path}")).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_letter_is_sent_once_more_as_a_test() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.settle().await;
    let browser = Browser::new(&app);
    let choices = marked(&browser.read("/dev/mail").await, "#f-letter option", "value");
    let letter = choices.iter().find(|id| id.starts_with("ltr_")).expect("a letter").as_str();
    let (status, page) = browser.post_for_text("/dev/mail", &[("letter", letter), ("email", "nobody")]).await;
    assert!(status == 422 && page.contains("id=\"f-email-error\""), "{status}");
    let (status, page) =
        browser.post_for_text("/dev/mail", &[("letter", "ltr_0"), ("email", "look@example.org")]).await;
    assert!(status == 422 && page.contains("id=\"f-letter-error\""), "{status}");
    let kept = || std::fs::read_dir(app.letters_folder()).expect("a folder").count();
    let before = kept();
    let (status, to) = browser.post("/dev/mail", &[("letter", letter), ("email", "look@example.org")]).await;
    assert!(status == 303 && to.starts_with("/dev/mail/ltr_") && !to.ends_with(letter), "{status} {to}");
    assert!(browser.read(&to).await.contains("look@example.org"));
    assert_eq!(kept(), before + 1);
    let html = browser.read(&format!("{to}/html")).await;
    assert!(html.contains("prefers-color-scheme: dark") && !html.contains("<img") && !html.contains("http-equiv"));
    let text = browser.read(&to).await;
    assert!(text.contains("Drempel, sociale projecten in Rotterdam"), "the plain text says who writes");
}
