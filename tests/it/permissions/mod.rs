//! Who may do what: every route of the program, asked by everybody, with own and with foreign things, against `matrix.txt`.
//!
//! A form is sent with a field that no form has. Whoever may send it is told so (400) before anything is done; whoever may not is
//! refused before that. So thousands of forms are sent and nothing happens.

mod routes;
mod stale;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use futures::StreamExt;
use futures::stream;

use self::routes::Route;
use self::world::{PEOPLE, World};

/// Requests under way at once.
const AT_ONCE: usize = 8;
/// Routes on which a form of another site is taken: no cookie counts there. Three ask for a proof of their own, the last takes the
/// reports that browsers send, and counts them.
const OPEN_TO_OTHER_SITES: [&str; 4] = ["/webhooks/stripe", "/webhooks/mail", "/unsubscribe/{token}", "/csp-reports"];

/// Names that stand for several people.
const GROUPS: [(&str, &[&str]); 8] = [
    ("everybody", &PEOPLE),
    // everybody but the visitor, who is the first
    ("signed-in", PEOPLE.split_at(1).1),
    ("members", &["owner", "owner-stale", "owner-mail", "editor", "editor-mail", "bookkeeper", "bookkeeper-mail"]),
    ("owners", &["owner", "owner-stale", "owner-mail"]),
    ("editors", &["owner", "owner-stale", "owner-mail", "editor", "editor-mail"]),
    ("money-readers", &["owner", "owner-stale", "owner-mail", "bookkeeper", "bookkeeper-mail"]),
    ("staff", &["reviewer", "expert", "treasurer", "treasurer-stale", "admin"]),
    ("treasurers", &["treasurer", "treasurer-stale"]),
];

type Allowed = BTreeSet<&'static str>;

/// The rows of the table: method, path (with `?key` where the pledge's key stands in it), who may.
fn rows() -> BTreeMap<(String, String), Allowed> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/permissions/matrix.txt");
    let table = fs::read_to_string(file).expect("the table");
    let mut rows = BTreeMap::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (what, who) = line.split_once(" : ").unwrap_or_else(|| panic!("no row: {line}"));
        let (method, path) = what.split_once(' ').unwrap_or_else(|| panic!("no route: {line}"));
        let allowed = who.split_whitespace().filter(|name| *name != "nobody").flat_map(people).collect();
        let before = rows.insert((method.to_owned(), path.trim().to_owned()), allowed);
        assert!(before.is_none(), "twice in the table: {line}");
    }
    rows
}

fn people(name: &str) -> Vec<&'static str> {
    if let Some((_, members)) = GROUPS.iter().find(|(group, _)| *group == name) {
        return members.to_vec();
    }
    let found = PEOPLE.iter().find(|person| **person == name);
    vec![found.unwrap_or_else(|| panic!("the table names {name}, whom nobody knows"))]
}

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let routes: BTreeSet<(String, String)> =
        routes::all().into_iter().map(|route| (route.method.to_owned(), route.path)).collect();
    let rows: BTreeSet<(String, String)> =
        rows().into_keys().map(|(method, path)| (method, path.trim_end_matches("?key").to_owned())).collect();
    let missing: Vec<_> = routes.difference(&rows).map(|(method, path)| format!("{method} {path} : nobody")).collect();
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(missing.is_empty(), "routes without a row:\n{}", missing.join("\n"));
    assert!(gone.is_empty(), "rows without a route: {gone:#?}");
}

/// What the signature of a handler of the team's or the makers' pages names, so that who may is seen where it is written.
const GUARDS: [&str; 15] = [
    "Staff",
    "Treasurer",
    "Admin",
    "Reviewer",
    "Desk",
    "With<",
    "SignedIn",
    "OrganisationMember",
    "OrganisationOwner",
    "Editor",
    "ProjectOwner",
    "MoneyReader",
    "AskedPartner",
    "Member",
    "Acting",
];

#[test]
fn every_handler_of_the_team_and_of_makers_names_who_may() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (file, code) in routes::sources() {
        if !["features/staff/", "features/studio/web/", "features/plans/web/"]
            .iter()
            .any(|folder| file.starts_with(folder))
        {
            continue;
        }
        for (start, _) in code.match_indices("pub async fn ") {
            let signature = code[start..].split('{').next().unwrap_or_default();
            if signature.contains("-> Answer") {
                seen += 1;
                if !GUARDS.iter().any(|guard| signature.contains(guard)) {
                    wrong.push(format!("{file}: {signature}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 180, "only {seen} handlers were found");
}

#[test]
fn the_table_lets_nobody_into_the_teams_pages_and_no_visitor_into_the_makers() {
    for ((_, path), allowed) in rows() {
        let others =
            ["visitor", "backer", "other-backer", "stranger", "owner", "editor", "bookkeeper", "treasurer-mail"];
        assert!(!path.contains("/staff") || others.iter().all(|other| !allowed.contains(other)), "{path}");
        assert!(!path.contains("/studio") || !allowed.contains("visitor"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f94_everybody_reaches_what_the_table_says_and_nothing_else() {
    let world = World::make().await;
    let mut cases = Vec::new();
    for ((method, path), allowed) in rows() {
        for person in PEOPLE {
            cases.push((method.clone(), path.clone(), person, allowed.contains(person)));
        }
    }
    let count = cases.len();
    let answers: Vec<_> = stream::iter(cases)
        .map(|(method, path, person, expected)| {
            let world = &world;
            async move {
                let answer = world.ask(&method, &path, person).await;
                (method, path, person, expected, answer)
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut wrong: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut found: BTreeMap<(String, String), Allowed> = BTreeMap::new();
    for (method, path, person, expected, (is_allowed, told)) in answers {
        let row = (method, path);
        if is_allowed != expected {
            wrong.entry(row.clone()).or_default().push(format!("{person} {told}"));
        }
        let allowed = found.entry(row).or_default();
        if is_allowed {
            allowed.insert(person);
        }
    }
    let told: Vec<String> = wrong
        .iter()
        .map(|(row, people)| {
            format!("{} {} : {}\n    not as the table says: {}", row.0, row.1, shown(&found[row]), people.join(", "))
        })
        .collect();
    assert!(wrong.is_empty(), "of {count} cases these differ:\n{}", told.join("\n"));
    assert!(count > 4_000, "only {count} cases were asked");
}

/// As the table writes it.
fn shown(allowed: &Allowed) -> String {
    if allowed.is_empty() { "nobody".to_owned() } else { allowed.iter().copied().collect::<Vec<_>>().join(" ") }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_everywhere() {
    let world = World::make().await;
    let mut wrong = Vec::new();
    for Route { path, .. } in routes::all().into_iter().filter(|route| route.method == "POST") {
        let (_, status) = world.posted_elsewhere(&path, "cross-site").await;
        let is_refused = status == 403;
        if is_refused == OPEN_TO_OTHER_SITES.contains(&path.as_str()) {
            wrong.push(format!("{path}: {status}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
