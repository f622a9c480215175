//! No link leads nowhere, and no page shows a link that its reader may not follow: people of every kind follow what their pages show.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scraper::{Html, Selector};

use crate::support::{App, Browser};

/// So many addresses of one form are followed: pages of one kind are made by the same code.
const OF_ONE_FORM: usize = 3;

/// The form of an address: ids, numbers and names of things are all alike, of its query only the names count.
fn form(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_name = |part: &str| part.contains('_') || part.contains('-') || part.bytes().any(|b| b.is_ascii_digit());
    let parts: Vec<&str> = path.split('/').map(|part| if is_name(part) { "#" } else { part }).collect();
    let names: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{} {}", parts.join("/"), names.into_iter().collect::<Vec<_>>().join(" "))
}

fn links(page: &str) -> Vec<String> {
    let selector = Selector::parse("a[href]").expect("a selector");
    let page = Html::parse_document(page);
    page.select(&selector)
        .filter_map(|link| link.attr("href"))
        .filter(|href| href.starts_with('/') && !href.starts_with("//"))
        .map(|href| href.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

/// Follows what somebody sees in one language; answers how many pages there were and what led nowhere.
async fn walk(who: &Browser, from: &[&str]) -> (usize, Vec<String>) {
    let mut waiting: VecDeque<(String, String)> = from.iter().map(|path| (path.to_string(), String::new())).collect();
    let mut known: BTreeSet<String> = from.iter().map(ToString::to_string).collect();
    let mut forms: BTreeMap<String, usize> = BTreeMap::new();
    let (mut pages, mut wrong) = (0, Vec::new());
    while let Some((path, on)) = waiting.pop_front() {
        let (status, text) = who.look(&path).await;
        if status >= 400 {
            wrong.push(format!("{path} ({status}), linked on {on}"));
        }
        // what is no page has no links; the development pages and the other language are walked by others
        if status != 200 || !text.contains("<main") {
            continue;
        }
        pages += 1;
        for link in links(&text) {
            let is_elsewhere = link.starts_with("/dev") || link.starts_with("/en") || link.starts_with("/events");
            let seen = forms.entry(form(&link)).or_default();
            if !is_elsewhere && *seen < OF_ONE_FORM && known.insert(link.clone()) {
                *seen += 1;
                waiting.push_back((link, path.clone()));
            }
        }
    }
    (pages, wrong)
}

#[tokio::test]
async fn nobody_is_led_to_a_page_that_is_not_there_or_not_theirs() {
    let app = App::start_demo().await;
    let mut wrong = Vec::new();
    for (email, from, least) in [
        ("owner@de-verbindingskamer.example", "/nl/account", 60),
        ("reviewer@drempel.example", "/nl/staff", 60),
        ("expert1@drempel.example", "/nl/staff", 60),
        ("treasurer1@drempel.example", "/nl/staff", 60),
        ("admin@drempel.example", "/nl/staff", 60),
    ] {
        let who = Browser::signed_in(&app, email).await;
        let (pages, found) = walk(&who, &[from]).await;
        assert!(pages >= least, "{email} saw only {pages} pages");
        wrong.extend(found.into_iter().map(|line| format!("{email}: {line}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
