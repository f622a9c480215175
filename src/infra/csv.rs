//! Tables as text (RFC 4180), safe to open in a spreadsheet.

/// A line of cells that hold text of people.
pub fn line(cells: &[String]) -> String {
    line_by(cells, ",")
}

/// The same with another sign between the cells: a Dutch spreadsheet wants semicolons.
pub fn line_by(cells: &[String], delimiter: &str) -> String {
    let mut line = cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(delimiter);
    line.push_str("\r\n");
    line
}

/// A cell: never a formula, quoted where the comma, quote or line end needs it. In the Netherlands a spreadsheet cuts at semicolons
/// as well, and at line ends inside quotes then, so no formula begins behind one of these either.
pub fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for (place, letter) in text.char_indices() {
        if (begins && matches!(letter, '=' | '+' | '-' | '@')) || (place == 0 && matches!(letter, '\t' | '\r')) {
            safe.push('\'');
        }
        begins = matches!(letter, ';' | '\t' | '\r' | '\n');
        safe.push(letter);
    }
    if safe.contains([',', ';', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (text, safe) in [
            ("DR-7K3M", "DR-7K3M"),
            ("=1+1", "'=1+1"),
            ("+31", "'+31"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("a,b", "\"a,b\""),
            ("a;b", "\"a;b\""),
            ("a;=1+1", "\"a;'=1+1\""),
            ("a\n@x", "\"a\n'@x\""),
            ("a=b-c", "a=b-c"),
            ("say \"no\"", "\"say \"\"no\"\"\""),
        ] {
            assert_eq!(cell(text), safe);
        }
    }
}
