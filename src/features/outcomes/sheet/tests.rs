//! Files of strangers: read whole or not at all.

use proptest::prelude::*;

use super::*;
use crate::features::outcomes::{Direction, Family};

fn indicator(code: &str, shape: Shape) -> Indicator {
    Indicator {
        code: code.into(),
        scheme: "OWN".into(),
        name_nl: code.into(),
        name_en: code.into(),
        unit_nl: "x".into(),
        unit_en: "x".into(),
        additive: 1,
        counts_people: 1,
        shape,
        family: Family::Other,
        direction: Direction::Up,
        licence_nl: String::new(),
        licence_en: String::new(),
        sdg: String::new(),
        part_of: String::new(),
        retired_at: None,
    }
}

fn known() -> (Vec<Indicator>, Vec<Location>) {
    let indicators = [
        ("people", Shape::Count),
        ("workshops", Shape::Milestones),
        ("confidence", Shape::Mean),
        ("ladder", Shape::Ladder),
        ("grid", Shape::Grid),
    ];
    let locations = ["Noord", "West"].map(|name| Location { id: format!("loc_{name}"), name: name.into() });
    (indicators.map(|(code, shape)| indicator(code, shape)).to_vec(), locations.to_vec())
}

fn read_text(text: &str) -> Result<Vec<ReadWave>, Vec<Fault>> {
    let (indicators, locations) = known();
    read(text.as_bytes(), &indicators, &locations)
}

const HEAD: &str = "wave,day,indicator,row,column,location,value,n\n";

#[test]
fn waves_are_put_together_from_rows() {
    let text = format!(
        "{HEAD}intake,2026-10-01,people,,,,20,\nend,1-12-2026,people,,,,18,\nend,2026-12-01,confidence,,,,\"7,4\",13\n\
         end,2026-12-01,ladder,2,,,5,\nend,2026-12-01,ladder,4,,,6,\nend,2026-12-01,grid,social,societal,noord,3,\n\
         end,2026-12-01,grid,work_like,entrepreneur,,2,\nend,2026-12-01,workshops,,,,,\n"
    );
    let waves = read_text(&text).expect("a file that is right");
    assert_eq!(
        waves.iter().map(|one| (one.wave.kind, one.wave.day.as_str())).collect::<Vec<_>>(),
        [(WaveKind::Intake, "2026-10-01"), (WaveKind::End, "2026-12-01")]
    );
    let end = &waves[1];
    assert_eq!((end.line, end.lines["confidence"], end.wave.observations.len()), (3, 4, 4));
    let of = |code: &str| end.wave.observations.iter().find(|one| one.indicator == code).expect("a figure");
    assert_eq!((of("people").value, of("confidence").value, of("confidence").n), (18, 740, Some(13)));
    assert_eq!(*of("ladder"), Observation::ladder("ladder", [0, 5, 0, 6, 0, 0]));
    assert_eq!((of("grid").value, of("grid").cells[0].location_id.as_str()), (5, "loc_Noord"));
}

#[test]
fn semicolons_a_mark_and_another_order_make_no_difference() {
    let comma =
        read_text("wave,day,indicator,row,column,location,value,n\nend,2026-12-01,people,,,,18,\n").expect("a wave");
    let dutch =
        "\u{feff}n;value;wave;day;indicator;row;column;location\r\n;18;END;1-12-2026;People;;;\r\n\r\n;;;;;;;\r\n";
    assert_eq!(read_text(dutch).expect("a wave"), comma);
    let mean = read_text(&format!("{}end;2026-12-01;confidence;;;;7,4;13\n", HEAD.replace(',', ";"))).expect("a wave");
    assert_eq!(mean[0].wave.observations[0].value, 740);
}

#[test]
fn everything_wrong_is_named_by_row_and_column() {
    let text = format!(
        "{HEAD}einde,2026-13-01,people,,,,18,\nend,2026-12-01,planes,,,,18,\nend,2026-12-01,ladder,7,x,Noord,-1,3\n\
         end,2026-12-01,grid,social,paradise,Zuid,1.5,\nend,2026-12-01,confidence,,,,11.5.3,0\nend,2026-12-01,people,,,,1\n\
         end,2026-12-01,people,,,,1,\nend,2026-12-01,people,,,,2,\n"
    );
    let faults = read_text(&text).expect_err("faults");
    let told: Vec<_> = faults.iter().map(|fault| (fault.line, fault.column, fault.key)).collect();
    assert_eq!(
        told,
        [
            (2, "wave", "sheet-wave-unknown"),
            (2, "day", "sheet-day-wrong"),
            (3, "indicator", "sheet-indicator-unknown"),
            (4, "row", "sheet-row-wrong"),
            (4, "column", "sheet-must-be-empty"),
            (4, "location", "sheet-must-be-empty"),
            (4, "value", "sheet-value-wrong"),
            (4, "n", "sheet-must-be-empty"),
            (5, "column", "sheet-place-wrong"),
            (5, "location", "sheet-location-unknown"),
            (5, "value", "sheet-value-wrong"),
            (6, "value", "measuring-mean-unreadable"),
            (6, "n", "sheet-people-wrong"),
            (7, "", "sheet-cells"),
            (9, "", "sheet-twice"),
        ]
    );
    assert_eq!(faults.last().map(|fault| fault.found.as_str()), Some("8"));
}

#[test]
fn a_file_as_a_whole_can_be_wrong() {
    let key = |text: &str| read_text(text).expect_err("a fault")[0].key;
    assert_eq!(key(""), "sheet-empty");
    assert_eq!(key(HEAD), "sheet-empty");
    assert_eq!(key("wave,day,indicator\n"), "sheet-column-missing");
    assert_eq!(key("wave,day,indicator,row,column,location,value,n,name\n"), "sheet-column-unknown");
    assert_eq!(key("wave,wave,day,indicator,row,column,location,value,n\n"), "sheet-column-missing");
    let (indicators, locations) = known();
    let fault = |bytes: &[u8]| read(bytes, &indicators, &locations).expect_err("a fault")[0].key;
    assert_eq!(fault(b"wave,day\xff\n"), "sheet-not-utf8");
    assert_eq!(fault(&vec![b'x'; MOST_BYTES + 1]), "sheet-too-large");
    let rows = format!("{HEAD}{}", "end,2026-12-01,people,,,,,\n".repeat(MOST_ROWS + 1));
    assert_eq!(fault(rows.as_bytes()), "sheet-too-many-rows");
}

#[test]
fn a_template_that_is_filled_in_is_read() {
    let (indicators, locations) = known();
    for delimiter in [",", ";"] {
        let text = template(WaveKind::Interim, "2026-12-01", &indicators, &locations, delimiter);
        assert_eq!(text.lines().count(), 1 + 3 + 6 + 18);
        assert_eq!(
            read(text.as_bytes(), &indicators, &locations).expect_err("nothing filled in")[0].key,
            "sheet-empty"
        );
        let end = format!("{delimiter}{delimiter}\r\n");
        let filled = text.replace(&end, &format!("{delimiter}4{delimiter}\r\n")).replace(
            &format!("confidence{d}{d}{d}{d}4{d}", d = delimiter),
            &format!("confidence{d}{d}{d}{d}4{d}9", d = delimiter),
        );
        let waves = read(filled.as_bytes(), &indicators, &locations).expect("a wave");
        assert_eq!((waves.len(), waves[0].wave.observations.len()), (1, 5), "{filled}");
        assert_eq!(
            waves[0].wave.observations.iter().find(|one| one.indicator == "grid").map(|one| one.value),
            Some(72)
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (indicators, locations) = known();
        let _ = read(&bytes, &indicators, &locations);
        let with_head = [HEAD.as_bytes(), &bytes[..]].concat();
        let _ = read(&with_head, &indicators, &locations);
    }

    #[test]
    fn what_is_taken_is_what_stands_there(
        cells in proptest::collection::vec(("(intake|end|x)", "(2026-12-0[1-3]|)", "(people|confidence|ladder|grid|y)", "([1-7]|social|)",
            "(societal|)", "(Noord|)", "(-?[0-9]{1,7}|[0-9],[0-9]{1,3}|)", "([0-9]{1,2}|)"), 0..12),
        delimiter in "[,;]",
    ) {
        let d = delimiter.as_str();
        let mut text = COLUMNS.join(d);
        text.push('\n');
        for (a, b, c, e, f, g, value, n) in &cells {
            let value = if value.contains(d) { format!("\"{value}\"") } else { value.clone() };
            text.push_str(&[a, b, c, e, f, g, &value, n].map(String::as_str).join(d));
            text.push('\n');
        }
        match read_text(&text) {
            Ok(waves) => {
                let (indicators, locations) = known();
                let places: Vec<&str> = locations.iter().map(|one| one.id.as_str()).collect();
                for one in waves.iter().flat_map(|wave| &wave.wave.observations) {
                    let indicator = indicators.iter().find(|known| known.code == one.indicator).unwrap();
                    let fault = one.fault(indicator, &places);
                    // a mean above ten, a number above a million, or an empty ladder is for the noun to refuse
                    prop_assert!(fault.is_none_or(|fault| fault != crate::features::outcomes::Refusal::CellsWrong));
                    prop_assert!(one.value >= 0);
                }
            }
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }
}
