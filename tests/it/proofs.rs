//! What the tables of faults and of requirements name as proof is there: each row once, each file, each test.

use std::path::Path;

/// Folders and files that a table names from the top; everything else lies below `tests/`.
const FROM_THE_TOP: [&str; 6] = ["src/", "migrations/", "templates/", "static/", ".cargo/", "Cargo.toml"];

/// A file of the project.
pub fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|_| panic!("there is no {path}"))
}

/// The last cell of the only row that begins with this cell.
pub fn proof_of<'a>(table: &'a str, first: &str) -> &'a str {
    let head = format!("| {first} | ");
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with(&head)).collect();
    assert_eq!(rows.len(), 1, "{first} stands in the table {} times", rows.len());
    let proof = rows[0].trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
    assert!(proof.len() > 6, "{first} has neither a proof nor a reason");
    proof
}

/// The path of a file as a table names it.
pub fn path_of(named: &str) -> String {
    let is_whole = FROM_THE_TOP.iter().any(|begin| named.starts_with(begin));
    if is_whole { named.to_owned() } else { format!("tests/{named}") }
}

/// Each of these tests stands in the file. They are separated by commas; what stands in brackets behind one is a remark.
pub fn tests_exist(first: &str, path: &str, names: &str) {
    let text = read(path);
    for name in names.split(", ").map(|name| name.split([' ', '(']).next().unwrap_or_default()) {
        assert!(text.contains(&format!("fn {name}(")), "{first}: {path} has no test {name}");
    }
}
