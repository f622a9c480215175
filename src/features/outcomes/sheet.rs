//! Waves from a file of rows: what an owner fills in with a spreadsheet instead of the form. Every row is one number of a figure. All of a
//! file is right, or it is not taken: each thing that is wrong is named by its row and column.
//!
//! Columns are `wave, day, indicator, row, column, location, value, n`; there is none for words of one's own. A row without a value is one
//! that was not measured. Figures of a wave that a file does not name stay as they are.

use std::collections::BTreeMap;

use crate::features::outcomes::{
    Cell, Indicator, LADDER, LARGEST_COUNT, Location, NewWave, Observation, Rung, Shape, WaveKind, WaveMeasured,
    Workplace,
};
use crate::infra;
use crate::values::time::read_day;

/// The columns, as the first row names them.
pub const COLUMNS: [&str; 8] = ["wave", "day", "indicator", "row", "column", "location", "value", "n"];
/// The largest file, in bytes, and the most rows behind the first.
pub const MOST_BYTES: usize = 128 * 1024;
pub const MOST_ROWS: usize = 2_000;
/// What such a file is called on the line.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8";
/// How many faults are told at most.
pub const MOST_FAULTS: usize = 100;

/// Something that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line as a spreadsheet counts it, from 1; 0 when it is the file as a whole.
    pub line: u64,
    /// One of [`COLUMNS`]; empty when it is the row as a whole.
    pub column: &'static str,
    /// The key of its sentence.
    pub key: &'static str,
    /// What stands there, for the sentence.
    pub found: String,
}

/// A wave of a file, with the line it begins on and the line of each figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadWave {
    pub wave: NewWave,
    pub line: u64,
    pub lines: BTreeMap<String, u64>,
}

/// One number of the file.
struct Row {
    line: u64,
    kind: WaveKind,
    day: String,
    indicator: usize,
    cell: Cell,
    value: i64,
    n: Option<i64>,
}

/// The waves of a file, by day.
///
/// # Errors
/// Everything that is wrong, in the order of rows.
pub fn read(bytes: &[u8], indicators: &[Indicator], locations: &[Location]) -> Result<Vec<ReadWave>, Vec<Fault>> {
    let whole = |key| vec![Fault { line: 0, column: "", key, found: String::new() }];
    if bytes.len() > MOST_BYTES {
        return Err(whole("sheet-too-large"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| whole("sheet-not-utf8"))?;
    // whatever ends a line here, the reader counts lines by one sign
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    let mut places: Option<[usize; 8]> = None;
    for (count, record) in reader.records().enumerate() {
        let Ok(record) = record else { return Err(whole("sheet-unreadable")) };
        let line = record.position().map_or(0, csv::Position::line);
        let Some(places) = places else {
            places = Some(header(&record).map_err(|fault| vec![fault])?);
            continue;
        };
        if count > MOST_ROWS {
            return Err(whole("sheet-too-many-rows"));
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() != COLUMNS.len() {
            faults.push(Fault { line, column: "", key: "sheet-cells", found: record.len().to_string() });
            continue;
        }
        let cells = places.map(|place| record.get(place).unwrap_or_default());
        match row(line, cells, indicators, locations) {
            Ok(read) => rows.extend(read),
            Err(found) => faults.extend(found),
        }
    }
    if places.is_none() {
        return Err(whole("sheet-empty"));
    }
    let waves = waves(rows, indicators, &mut faults);
    if waves.is_empty() && faults.is_empty() {
        return Err(whole("sheet-empty"));
    }
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(waves) } else { Err(faults) }
}

/// Where each column stands. All must be there once, in any order, and no other.
fn header(record: &csv::StringRecord) -> Result<[usize; 8], Fault> {
    let names: Vec<String> = record.iter().map(str::to_lowercase).collect();
    let mut places = [0; 8];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found: Vec<usize> =
            names.iter().enumerate().filter(|(_, name)| *name == column).map(|(at, _)| at).collect();
        match found[..] {
            [at] => *place = at,
            _ => return Err(Fault { line: 1, column, key: "sheet-column-missing", found: column.to_owned() }),
        }
    }
    match names.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        Some(name) => Err(Fault { line: 1, column: "", key: "sheet-column-unknown", found: shortened(name) }),
        None => Ok(places),
    }
}

/// What stood in a cell, short enough for a sentence.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// One row; nothing when it has no value.
fn row(
    line: u64,
    [wave, day, code, row, column, location, value, n]: [&str; 8],
    indicators: &[Indicator],
    locations: &[Location],
) -> Result<Option<Row>, Vec<Fault>> {
    if value.is_empty() && n.is_empty() {
        return Ok(None);
    }
    let mut faults = Vec::new();
    let mut fault = |column, key, found: &str| faults.push(Fault { line, column, key, found: shortened(found) });
    let kind = WaveKind::from_word(&wave.to_lowercase());
    if kind.is_none() {
        fault("wave", "sheet-wave-unknown", wave);
    }
    let read = read_day(day);
    if read.is_none() {
        fault("day", "sheet-day-wrong", day);
    }
    let at = indicators.iter().position(|indicator| indicator.code.eq_ignore_ascii_case(code));
    let Some(indicator) = at else {
        fault("indicator", "sheet-indicator-unknown", code);
        return Err(faults);
    };
    let shape = indicators[indicator].shape;
    let is_row = match shape {
        Shape::Ladder => LADDER.contains(&row),
        Shape::Grid => Rung::from_word(row).is_some(),
        Shape::Count | Shape::Milestones | Shape::Mean => row.is_empty(),
    };
    if !is_row {
        fault(
            "row",
            if shape == Shape::Grid || shape == Shape::Ladder { "sheet-row-wrong" } else { "sheet-must-be-empty" },
            row,
        );
    }
    let is_column = if shape == Shape::Grid { Workplace::from_word(column).is_some() } else { column.is_empty() };
    if !is_column {
        fault("column", if shape == Shape::Grid { "sheet-place-wrong" } else { "sheet-must-be-empty" }, column);
    }
    let place = locations.iter().find(|one| one.name.eq_ignore_ascii_case(location)).map(|one| one.id.clone());
    if !location.is_empty() && (shape != Shape::Grid || place.is_none()) {
        fault(
            "location",
            if shape == Shape::Grid { "sheet-location-unknown" } else { "sheet-must-be-empty" },
            location,
        );
    }
    // a cell of a distribution is a count
    let of_cell = if shape == Shape::Mean { Shape::Mean } else { Shape::Count };
    let number = of_cell.read(value).ok().filter(|value| *value <= LARGEST_COUNT);
    if number.is_none() {
        fault("value", if shape == Shape::Mean { "measuring-mean-unreadable" } else { "sheet-value-wrong" }, value);
    }
    let people = Shape::Count.read(n).ok().filter(|n| (1..=LARGEST_COUNT).contains(n));
    if shape == Shape::Mean && people.is_none() {
        fault("n", "sheet-people-wrong", n);
    } else if shape != Shape::Mean && !n.is_empty() {
        fault("n", "sheet-must-be-empty", n);
    }
    let (Some(kind), Some(day), Some(value), true) = (kind, read, number, faults.is_empty()) else {
        return Err(faults);
    };
    let cell =
        Cell { row: row.to_owned(), col: column.to_owned(), location_id: place.unwrap_or_default(), count: value };
    Ok(Some(Row { line, kind, day, indicator, cell, value, n: people.filter(|_| shape == Shape::Mean) }))
}

/// Rows put together: by wave, then by indicator.
fn waves(rows: Vec<Row>, indicators: &[Indicator], faults: &mut Vec<Fault>) -> Vec<ReadWave> {
    let mut by_wave: BTreeMap<(String, WaveKind), BTreeMap<usize, Vec<Row>>> = BTreeMap::new();
    for row in rows {
        let figure = by_wave.entry((row.day.clone(), row.kind)).or_default().entry(row.indicator).or_default();
        let place = |cell: &Cell| (cell.row.clone(), cell.col.clone(), cell.location_id.clone());
        match figure.iter().find(|other| place(&other.cell) == place(&row.cell)) {
            Some(other) => {
                faults.push(Fault { line: row.line, column: "", key: "sheet-twice", found: other.line.to_string() })
            }
            None => figure.push(row),
        }
    }
    let mut waves = Vec::new();
    for ((day, kind), figures) in by_wave {
        let line_of = |rows: &[Row]| rows.iter().map(|row| row.line).min().unwrap_or_default();
        let lines: BTreeMap<String, u64> =
            figures.iter().map(|(at, rows)| (indicators[*at].code.clone(), line_of(rows))).collect();
        let observations = figures.into_iter().map(|(at, rows)| observation(&indicators[at], rows)).collect();
        let wave = NewWave { kind, day, observations, note_nl: String::new(), note_en: String::new() };
        waves.push(ReadWave { wave, line: lines.values().min().copied().unwrap_or_default(), lines });
    }
    waves
}

fn observation(indicator: &Indicator, rows: Vec<Row>) -> Observation {
    let code = indicator.code.as_str();
    let first = rows.first().map_or((0, None), |row| (row.value, row.n));
    match indicator.shape {
        Shape::Count | Shape::Milestones => Observation::count(code, first.0),
        Shape::Mean => Observation::mean(code, first.0, first.1.unwrap_or_default()),
        Shape::Ladder => Observation::ladder(
            code,
            LADDER.map(|rung| rows.iter().filter(|row| row.cell.row == rung).map(|row| row.value).sum()),
        ),
        Shape::Grid => Observation::grid(code, rows.into_iter().map(|row| row.cell).collect()),
    }
}

/// A wave of a file as it is entered: with the notes that stand there, and the figures that the file does not name.
pub fn joined(mut wave: NewWave, same: Option<&WaveMeasured>) -> NewWave {
    let Some(same) = same else { return wave };
    wave.note_nl.clone_from(&same.wave.note_nl);
    wave.note_en.clone_from(&same.wave.note_en);
    let named: Vec<String> = wave.observations.iter().map(|one| one.indicator.clone()).collect();
    wave.observations.extend(same.observations.iter().filter(|one| !named.contains(&one.indicator)).cloned());
    wave
}

/// A file to fill in: a row for each number there is, of this kind of wave and day. In Dutch a spreadsheet divides by semicolons.
pub fn template(
    kind: WaveKind,
    day: &str,
    indicators: &[Indicator],
    locations: &[Location],
    delimiter: &str,
) -> String {
    let mut text = String::from("\u{feff}");
    let mut line = |cells: [&str; 8]| {
        text.push_str(&infra::csv::line_by(&cells.map(str::to_owned), delimiter));
    };
    line(COLUMNS);
    for indicator in indicators {
        let code = indicator.code.as_str();
        let mut row = |row: &str, column: &str, location: &str| {
            line([kind.as_str(), day, code, row, column, location, "", ""]);
        };
        match indicator.shape {
            Shape::Count | Shape::Milestones | Shape::Mean => row("", "", ""),
            Shape::Ladder => LADDER.iter().for_each(|rung| row(rung, "", "")),
            Shape::Grid => {
                let named: Vec<&str> = locations.iter().map(|one| one.name.as_str()).collect();
                for location in if named.is_empty() { vec![""] } else { named } {
                    for rung in Rung::ALL {
                        Workplace::ALL.iter().for_each(|place| row(rung.as_str(), place.as_str(), location));
                    }
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
