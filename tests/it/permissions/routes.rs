//! Every route of the program, read from its sources: the router itself cannot list what it knows. What the reader does not understand
//! it does not skip: it stops.

use std::fs;
use std::path::Path;

/// A path and a method that it answers.
#[derive(Debug, Clone)]
pub struct Route {
    pub method: &'static str,
    pub path: String,
}

const METHODS: [(&str, &str); 6] =
    [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("patch(", "PATCH"), ("delete(", "DELETE"), ("any(", "ANY")];
/// Ways to answer requests that this reader does not understand; nobody uses them.
const OTHER_WAYS: [&str; 7] = [
    ".route_service(",
    ".nest_service(",
    ".fallback(",
    ".fallback_service(",
    "MethodRouter",
    "MethodFilter",
    ".method_not_allowed_fallback(",
];
/// All routes together, behind the pages that are kept.
const WHOLE_SITE: &str = ".fallback_service(site)";
/// Routes below another path: where they are written, what stands before them.
const NESTED: [(&str, &str); 1] = [("features/site/api.rs", "/api/v1")];
/// Development's bank and the metrics listen elsewhere: the first is not there in production, the second has an address of its own.
const ELSEWHERE: [&str; 2] = ["infra/sandbox", "app/metrics.rs"];

/// The code of each file of the program below `src`, without its tests.
pub fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = path.strip_prefix(&root).expect("a source").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && !ELSEWHERE.iter().any(|other| name.starts_with(other)) {
                let text = fs::read_to_string(&path).expect("a source");
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
                found.push((name, code.to_owned()));
            }
        }
    }
    found
}

/// All routes, those of development too.
pub fn all() -> Vec<Route> {
    let (mut routes, mut nests) = (Vec::new(), Vec::new());
    for (name, code) in sources() {
        let code = if name == "app/router.rs" { code.replacen(WHOLE_SITE, "", 1) } else { code };
        for way in OTHER_WAYS {
            assert!(!code.contains(way), "{name} answers requests in a way that nobody reads: {way}");
        }
        let prefix = NESTED.iter().find(|(file, _)| *file == name).map_or("", |(_, prefix)| *prefix);
        nests.extend(calls(&code, ".nest(").into_iter().map(|call| literal(call).to_owned()));
        for call in calls(&code, ".route(") {
            routes.extend(read(&name, &code, prefix, call));
        }
    }
    nests.sort();
    assert_eq!(nests, ["/api/v1", "/dev/bank"], "routes below another path that nobody reads");
    assert!(routes.len() > 250, "only {} routes were found", routes.len());
    routes
}

/// The inside of each call of `name`, up to its closing bracket.
fn calls<'a>(code: &'a str, name: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices(name) {
        let inside = &code[start + name.len()..];
        let (mut depth, mut in_text) = (1, false);
        let end = inside.char_indices().find(|(_, c)| {
            match c {
                '"' => in_text = !in_text,
                '(' if !in_text => depth += 1,
                ')' if !in_text => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        found.push(&inside[..end.expect("a closing bracket").0]);
    }
    found
}

fn literal(call: &str) -> &str {
    call.split('"').nth(1).unwrap_or_else(|| panic!("no path in {call}"))
}

fn read(file: &str, code: &str, prefix: &str, call: &str) -> Vec<Route> {
    let (first, rest) = call.split_once(',').expect("a path and what answers it");
    let path = if first.trim() == "PATH" { constant(file, code) } else { literal(first) };
    let begins_here = |place: usize| !rest[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let methods: Vec<&'static str> = METHODS
        .iter()
        .filter(|(name, _)| rest.match_indices(name).any(|(place, _)| begins_here(place)))
        .map(|(_, method)| *method)
        .collect();
    assert!(!methods.is_empty(), "{file}: no method in {call}");
    let paths = if call.trim_start().starts_with("&format!") { pages(file, code, path) } else { vec![path.to_owned()] };
    let mut found = Vec::new();
    for path in paths {
        found.extend(methods.iter().map(|method| Route { method, path: format!("{prefix}{path}") }));
    }
    found
}

/// A path that has a name in its file.
fn constant<'a>(file: &str, code: &'a str) -> &'a str {
    let value = code.split("const PATH: &str = \"").nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("{file}: no PATH"))
}

/// The paths of the fixed pages, whose names stand in a list beside their route.
fn pages(file: &str, code: &str, path: &str) -> Vec<String> {
    assert_eq!((file, path), ("features/site/texts.rs", "/{{lang}}/{name}"), "a path that is made");
    let list = code.split("pub const PAGES").nth(1).and_then(|rest| rest.split_once('=')).expect("the pages").1;
    let list = list.split("];").next().expect("an end");
    list.split('"').skip(1).step_by(2).map(|name| format!("/{{lang}}/{name}")).collect()
}
