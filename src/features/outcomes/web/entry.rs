//! The fields of one indicator in a form, by its shape: their names and labels, reading what was typed, and saying a figure in words.

use crate::features::outcomes::{
    Cell, Family, Indicator, LADDER, LARGEST_COUNT, Location, Observation, Rung, Shape, Workplace,
};
use crate::infra::web::{Ctx, Form};

/// A number to be typed.
pub struct Slot {
    pub name: String,
    pub label: String,
    pub is_decimal: bool,
}

/// Numbers that stand together, with what they are called; empty when nothing is to be said.
pub struct Group {
    pub legend: String,
    pub slots: Vec<Slot>,
}

/// Groups of one place, which is folded away when it is named.
pub struct Section {
    pub place: String,
    pub groups: Vec<Group>,
}

/// One indicator in the form.
pub struct Entry {
    pub code: String,
    pub name: String,
    pub hint: String,
    /// What stands fixed: the figure in words. Nothing can be typed then.
    pub fixed: Option<Vec<String>>,
    /// Whether it is one number.
    pub is_plain: bool,
    pub sections: Vec<Section>,
}

impl Section {
    /// Whether something is typed in it, or wrong: then it is not folded away.
    pub fn is_open(&self, form: &Form) -> bool {
        let mut slots = self.groups.iter().flat_map(|group| &group.slots);
        slots.any(|slot| !form.value(&slot.name).is_empty() || form.error(&slot.name).is_some())
    }
}

impl Entry {
    /// Whether this is the name of one of its fields: then what is wrong stands there.
    pub fn has_slot(&self, name: &str) -> bool {
        let mut groups = self.sections.iter().flat_map(|section| &section.groups);
        groups.any(|group| group.slots.iter().any(|slot| slot.name == name))
    }
}

/// The indicators of a family.
pub struct FamilyEntries {
    pub name: String,
    pub entries: Vec<Entry>,
}

/// The name of the first field of an indicator; what is wrong with a figure as a whole stands there.
pub fn field_of(code: &str) -> String {
    format!("count-{code}")
}

fn people_field(code: &str) -> String {
    format!("n-{code}")
}

fn rung_field(code: &str, rung: &str) -> String {
    format!("cell-{code}-{rung}")
}

fn grid_field(code: &str, rung: Rung, place: Workplace, location_id: &str) -> String {
    format!("cell-{code}-{rung}-{place}-{location_id}")
}

/// Where people of a grid can be: the named places, or one that is not named. Without any it is the latter.
fn places(locations: &[Location]) -> Vec<&str> {
    let named = locations.iter().map(|location| location.id.as_str());
    named.chain([""]).collect()
}

/// All fields of an indicator.
pub fn names(indicator: &Indicator, locations: &[Location]) -> Vec<String> {
    let code = &indicator.code;
    match indicator.shape {
        Shape::Count | Shape::Milestones => vec![field_of(code)],
        Shape::Mean => vec![field_of(code), people_field(code)],
        Shape::Ladder => LADDER.iter().map(|rung| rung_field(code, rung)).collect(),
        Shape::Grid => {
            let mut names = Vec::new();
            for place in places(locations) {
                for rung in Rung::ALL {
                    names.extend(Workplace::ALL.iter().map(|at| grid_field(code, *rung, *at, place)));
                }
            }
            names
        }
    }
}

/// The indicators by family, as the form shows them. `fixed` answers the figure that was handed in to be checked.
pub fn families<'a>(
    ctx: &Ctx,
    indicators: &'a [Indicator],
    locations: &[Location],
    hint: impl Fn(&'a Indicator) -> String,
    fixed: impl Fn(&'a Indicator) -> Option<Vec<String>>,
) -> Vec<FamilyEntries> {
    let mut families = Vec::new();
    for family in Family::ALL {
        let own = indicators.iter().filter(|indicator| indicator.family == *family);
        let entries: Vec<Entry> =
            own.map(|indicator| entry(ctx, indicator, locations, hint(indicator), fixed(indicator))).collect();
        if !entries.is_empty() {
            families.push(FamilyEntries { name: ctx.t(format!("indicator-family-{family}")), entries });
        }
    }
    families
}

/// One indicator as the form shows it.
pub fn entry(
    ctx: &Ctx,
    indicator: &Indicator,
    locations: &[Location],
    hint: String,
    fixed: Option<Vec<String>>,
) -> Entry {
    let code = &indicator.code;
    let slot = |name: String, label: String| Slot { name, label, is_decimal: false };
    let plain =
        |slots: Vec<Slot>| vec![Section { place: String::new(), groups: vec![Group { legend: String::new(), slots }] }];
    let name = indicator.name(ctx.lang).to_owned();
    let sections = match indicator.shape {
        Shape::Count | Shape::Milestones => plain(vec![slot(field_of(code), name.clone())]),
        Shape::Mean => plain(vec![
            Slot { name: field_of(code), label: ctx.t("measuring-mean"), is_decimal: true },
            slot(people_field(code), ctx.t("measuring-people-asked")),
        ]),
        Shape::Ladder => plain(
            LADDER.iter().map(|rung| slot(rung_field(code, rung), ctx.t(format!("measuring-ladder-{rung}")))).collect(),
        ),
        Shape::Grid => grid_sections(ctx, code, locations),
    };
    let is_plain = matches!(indicator.shape, Shape::Count | Shape::Milestones);
    Entry { code: code.clone(), name, hint, fixed, is_plain, sections }
}

fn grid_sections(ctx: &Ctx, code: &str, locations: &[Location]) -> Vec<Section> {
    let section = |id: &str| {
        let group = |rung: &Rung| Group {
            legend: rung_name(ctx, *rung),
            slots: Workplace::ALL
                .iter()
                .map(|at| Slot {
                    name: grid_field(code, *rung, *at, id),
                    label: workplace_name(ctx, *at),
                    is_decimal: false,
                })
                .collect(),
        };
        let place = match locations.iter().find(|location| location.id == id) {
            Some(location) => location.name.clone(),
            None if locations.is_empty() => String::new(),
            None => ctx.t("measuring-other-place"),
        };
        Section { place, groups: Rung::ALL.iter().map(group).collect() }
    };
    places(locations).into_iter().map(section).collect()
}

fn rung_name(ctx: &Ctx, rung: Rung) -> String {
    ctx.t(format!("measuring-rung-{}", rung.as_str().replace('_', "-")))
}

fn workplace_name(ctx: &Ctx, place: Workplace) -> String {
    ctx.t(format!("measuring-workplace-{place}"))
}

/// What was typed for an indicator: nothing when all its fields are empty. What cannot be read is noted in the form.
pub fn read(ctx: &Ctx, form: &mut Form, indicator: &Indicator, locations: &[Location]) -> Option<Observation> {
    let code = &indicator.code;
    let is_empty = names(indicator, locations).iter().all(|name| form.value(name).trim().is_empty());
    if is_empty {
        return None;
    }
    match indicator.shape {
        Shape::Count | Shape::Milestones => {
            number(ctx, form, &field_of(code), indicator.shape).map(|value| Observation::count(code, value))
        }
        Shape::Mean => {
            let mean = number(ctx, form, &field_of(code), Shape::Mean);
            let people = number(ctx, form, &people_field(code), Shape::Count);
            Some(Observation::mean(code, mean?, people?))
        }
        Shape::Ladder => {
            let mut rungs = [Some(0); 6];
            for (place, rung) in rungs.iter_mut().zip(LADDER) {
                *place = empty_or_number(ctx, form, &rung_field(code, rung)).map(Option::unwrap_or_default);
            }
            let [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)] = rungs else { return None };
            Some(Observation::ladder(code, [a, b, c, d, e, f]))
        }
        Shape::Grid => read_grid(ctx, form, code, locations),
    }
}

fn read_grid(ctx: &Ctx, form: &mut Form, code: &str, locations: &[Location]) -> Option<Observation> {
    let mut cells = Vec::new();
    let mut is_readable = true;
    for place in places(locations) {
        for rung in Rung::ALL {
            for at in Workplace::ALL {
                match empty_or_number(ctx, form, &grid_field(code, *rung, *at, place)) {
                    Some(Some(count)) => cells.push(Cell {
                        row: rung.to_string(),
                        col: at.to_string(),
                        location_id: place.to_owned(),
                        count,
                    }),
                    Some(None) => {}
                    None => is_readable = false,
                }
            }
        }
    }
    is_readable.then(|| Observation::grid(code, cells))
}

/// A cell that may stay empty; nothing when it cannot be read, which is noted.
fn empty_or_number(ctx: &Ctx, form: &mut Form, field: &str) -> Option<Option<i64>> {
    if form.value(field).trim().is_empty() { Some(None) } else { number(ctx, form, field, Shape::Count).map(Some) }
}

/// A number of this shape; nothing when it is none or far too large, which is noted beside its field.
fn number(ctx: &Ctx, form: &mut Form, field: &str, shape: Shape) -> Option<i64> {
    let key = match shape.read(form.value(field)) {
        Ok(value) if value <= LARGEST_COUNT => return Some(value),
        Ok(_) => "outcomes-count-too-large",
        Err(_) if form.value(field).trim().is_empty() => "measuring-number-missing",
        Err(_) if shape == Shape::Mean => "measuring-mean-unreadable",
        Err(_) => "outcomes-count-unreadable",
    };
    form.fail_key(ctx.lang, field, key);
    None
}

/// Writes a figure into the form's fields.
pub fn fill(ctx: &Ctx, form: &mut Form, indicator: &Indicator, observation: &Observation) {
    let code = &indicator.code;
    match indicator.shape {
        Shape::Count | Shape::Milestones => form.set(&field_of(code), &observation.value.to_string()),
        Shape::Mean => {
            form.set(&field_of(code), &Shape::Mean.show(observation.value, ctx.lang));
            form.set(&people_field(code), &observation.n.unwrap_or_default().to_string());
        }
        Shape::Ladder => {
            for (rung, count) in LADDER.iter().zip(observation.rungs()) {
                form.set(&rung_field(code, rung), &count.to_string());
            }
        }
        Shape::Grid => {
            for cell in &observation.cells {
                if let (Some(rung), Some(at)) = (Rung::from_word(&cell.row), Workplace::from_word(&cell.col)) {
                    form.set(&grid_field(code, rung, at, &cell.location_id), &cell.count.to_string());
                }
            }
        }
    }
}

/// A figure in words, a line for each part of it.
pub fn in_lines(ctx: &Ctx, indicator: &Indicator, locations: &[Location], observation: &Observation) -> Vec<String> {
    let show = |value: i64| indicator.shape.show(value, ctx.lang);
    let people = observation.n.unwrap_or_default();
    match indicator.shape {
        Shape::Count | Shape::Milestones => vec![show(observation.value)],
        Shape::Mean => vec![ctx.t2("measuring-mean-of", "mean", show(observation.value), "people", people)],
        Shape::Ladder => {
            let rungs = LADDER.iter().zip(observation.rungs());
            let line = |(rung, count): (&&str, i64)| format!("{}: {count}", ctx.t(format!("measuring-ladder-{rung}")));
            let total = ctx.t2("measuring-mean-rung", "mean", show(observation.value), "people", people);
            rungs.map(line).chain([total]).collect()
        }
        Shape::Grid => {
            let line = |cell: &Cell| {
                let rung = Rung::from_word(&cell.row).map(|rung| rung_name(ctx, rung)).unwrap_or_default();
                let at = Workplace::from_word(&cell.col).map(|at| workplace_name(ctx, at)).unwrap_or_default();
                let location = locations.iter().find(|location| location.id == cell.location_id);
                let location = location.map(|location| format!(" ({})", location.name)).unwrap_or_default();
                format!("{rung}, {at}{location}: {}", cell.count)
            };
            let total = ctx.t1("measuring-grid-total", "people", show(observation.value));
            observation.cells.iter().map(line).chain([total]).collect()
        }
    }
}
