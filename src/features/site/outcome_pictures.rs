//! The pictures of one project: from its published figures and its open books to shapes, words and tables.

use crate::features::outcomes::published::{BANDS, PublishedState};
use crate::features::outcomes::{Family, Indicator, LADDER, Rung, Shape, Shown, Wave, Workplace};
use crate::features::site::figures::{self, Figures, Told};
use crate::features::site::numbers::Books;
use crate::features::site::outcomes::is_checked;
use crate::features::site::pictures::{Fill, Picture, Table, bars, boxes, funding, heat, stacks};
use crate::features::site::project::Head;
use crate::infra::web::Ctx;
use crate::values::{Cents, Timestamp};

/// Every promise as a bar with its target.
pub fn promises(ctx: &Ctx, figures: &Figures, csv: &str) -> Option<Picture> {
    let rows: Vec<bars::Row> = figures
        .promises
        .iter()
        .filter(|promise| promise.indicator.shape != Shape::Milestones)
        .map(|promise| bar(ctx, figures, &promise.indicator, Some(promise.target)))
        .collect();
    picture_of_bars(ctx, "promises", ctx.t("pictures-promises"), &rows, csv)
}

/// The numbers of one family, such as where people went, compared with each other.
pub fn family(ctx: &Ctx, figures: &Figures, family: Family, csv: &str) -> Option<Picture> {
    let rows: Vec<bars::Row> =
        figures.counts_of(family).into_iter().map(|indicator| bar(ctx, figures, indicator, None)).collect();
    let title = ctx.t(format!("pictures-family-{family}"));
    let mut picture = picture_of_bars(ctx, "outflow", title, &rows, csv)?;
    picture.drawing = bars::together(&rows);
    Some(picture)
}

fn bar(ctx: &Ctx, figures: &Figures, indicator: &Indicator, target: Option<i64>) -> bars::Row {
    let outcome = figures.outcome(indicator);
    let level = outcome.as_ref().map(|outcome| outcome.level);
    let told = outcome.as_ref().map(|outcome| outcome.value);
    let value = told.map_or_else(|| ctx.t("site-not-counted"), |told| told.show(ctx, indicator));
    let words = match target {
        Some(target) => {
            let of = figures::target(ctx.lang, indicator, target);
            ctx.t2("pictures-of-target", "value", value, "target", of)
        }
        None => format!("{value} {}", indicator.unit(ctx.lang)),
    };
    bars::Row {
        name: indicator.name(ctx.lang).to_owned(),
        words,
        value: told.and_then(Told::number),
        is_small: told == Some(Told::Value(Shown::Below10)),
        target,
        fill: if level.is_some_and(is_checked) { Fill::Checked } else { Fill::Told },
    }
}

fn picture_of_bars(ctx: &Ctx, id: &'static str, title: String, rows: &[bars::Row], csv: &str) -> Option<Picture> {
    if rows.is_empty() {
        return None;
    }
    let sentence = |row: &bars::Row| format!("{}: {}.", row.name, row.words);
    let has = |wanted: Fill| rows.iter().any(|row| row.value.is_some_and(|value| value > 0) && row.fill == wanted);
    let mut legend = Vec::new();
    for (is_there, fill, key) in [
        (has(Fill::Checked), Fill::Checked, "pictures-checked"),
        (has(Fill::Told), Fill::Told, "pictures-told"),
        (rows.iter().any(|row| row.is_small), Fill::Small, "pictures-small"),
        (rows.iter().any(|row| row.target.is_some()), Fill::Track, "pictures-target"),
    ] {
        if is_there {
            legend.push((fill, ctx.t(key)));
        }
    }
    Some(Picture {
        id,
        title,
        description: rows.iter().map(sentence).collect::<Vec<_>>().join(" "),
        drawing: bars::each_by_itself(rows),
        legend,
        table: Table {
            columns: vec![ctx.t("site-promise"), ctx.t("pictures-figure")],
            rows: rows.iter().map(|row| vec![row.name.clone(), row.words.clone()]).collect(),
        },
        csv: csv.to_owned(),
    })
}

/// Each milestone as a box, when there are not too many to see.
pub fn milestones(ctx: &Ctx, figures: &Figures, csv: &str) -> Option<Picture> {
    let promise = figures.promises.iter().find(|one| one.indicator.shape == Shape::Milestones)?;
    let row = bar(ctx, figures, &promise.indicator, Some(promise.target));
    let title = row.name.clone();
    let mut picture = picture_of_bars(ctx, "milestones", title, std::slice::from_ref(&row), csv)?;
    if promise.target <= boxes::MOST {
        picture.drawing = boxes::boxes(row.value.unwrap_or(0).min(promise.target), promise.target, row.fill);
        picture.legend.retain(|(fill, _)| *fill != Fill::Track);
        picture.legend.push((Fill::Track, ctx.t("pictures-not-yet")));
    }
    Some(picture)
}

/// A moment of measuring in words.
pub fn moment(ctx: &Ctx, wave: &Wave) -> String {
    format!("{}, {}", ctx.t(format!("site-wave-{}", wave.kind)), ctx.day(&wave.measured_on))
}

/// How people stand on the participation ladder at each moment.
pub fn ladder(ctx: &Ctx, figures: &Figures, csv: &str) -> Option<Picture> {
    let indicator = figures.indicators.iter().find(|one| one.shape == Shape::Ladder)?;
    let in_bands = figures.rows.iter().any(|row| row.indicator == indicator.code && row.cell_row == BANDS[0]);
    let (parts, fills): (&[&str], &[Fill]) = if in_bands {
        (&BANDS, &[Fill::Low, Fill::Middle, Fill::High])
    } else {
        (&LADDER, &[Fill::LowHalf, Fill::Low, Fill::MiddleHalf, Fill::Middle, Fill::HighHalf, Fill::High])
    };
    let name = |part: &str| ctx.t(format!("figures-rungs-{part}"));
    let (mut drawn, mut sentences, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for wave in &figures.waves {
        let Some(people) = figures.row(&wave.id, &indicator.code, "", "") else { continue };
        let of = |part: &str| figures.row(&wave.id, &indicator.code, part, "");
        let is_told = parts.iter().all(|part| of(part).is_some_and(|row| row.state != PublishedState::Withheld));
        let people = people.shown(true).show(ctx.lang);
        let mut words = ctx.t1("pictures-people", "count", &people);
        if let Some(told @ Told::Rungs(_)) = figures.told(indicator, &wave.id) {
            words = ctx.t2("pictures-people-mean", "count", &people, "mean", told.show(ctx, indicator));
        }
        if !is_told {
            words = format!("{words}. {}", ctx.t("pictures-not-told"));
        }
        let stack = parts.iter().zip(fills).map(|(part, fill)| (of(part).and_then(|row| row.value), *fill));
        let cells: Vec<String> = parts.iter().map(|part| figures::cell(ctx, of(part))).collect();
        let told: Vec<String> =
            parts.iter().zip(&cells).map(|(part, cell)| format!("{}: {cell}", name(part))).collect();
        sentences.push(format!("{}: {words}. {}.", moment(ctx, wave), told.join("; ")));
        rows.push([vec![moment(ctx, wave)], cells, vec![people]].concat());
        let parts = if is_told { stack.collect() } else { Vec::new() };
        drawn.push(stacks::Stack { name: moment(ctx, wave), words, parts });
    }
    let columns = parts.iter().map(|part| name(part));
    let columns = std::iter::once(ctx.t("pictures-moment")).chain(columns).chain([ctx.t("pictures-all-people")]);
    let has_small = drawn.iter().any(|stack| stack.parts.iter().any(|(value, _)| value.is_none()));
    let mut legend: Vec<(Fill, String)> = parts.iter().zip(fills).map(|(part, fill)| (*fill, name(part))).collect();
    if has_small {
        legend.push((Fill::Small, ctx.t("pictures-small")));
    }
    Some(Picture {
        id: "ladder",
        title: ctx.t("pictures-ladder"),
        description: sentences.join(" "),
        drawing: stacks::stacks(&drawn),
        legend,
        table: Table { columns: columns.collect(), rows },
        csv: csv.to_owned(),
    })
}

/// The work ladder of the newest moment as a heat map.
pub fn grid(ctx: &Ctx, figures: &Figures, csv: &str) -> Option<Picture> {
    let indicator = figures.indicators.iter().find(|one| one.shape == Shape::Grid)?;
    let wave = figures.newest(&indicator.code)?;
    let rung = |rung: Rung| ctx.t(format!("figures-rung-{}", rung.as_str().replace('_', "-")));
    let place = |place: Workplace, end: &str| ctx.t(format!("figures-place-{place}{end}"));
    let (mut fields, mut sentences, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for of_rung in Rung::ALL {
        let row = |place: &Workplace| figures.row(&wave.id, &indicator.code, of_rung.as_str(), place.as_str());
        let of_places = Workplace::ALL.iter().map(|place| heat::Field {
            words: figures::brief(ctx, row(place)),
            value: row(place).and_then(|row| row.value),
        });
        fields.push((rung(*of_rung), of_places.collect()));
        let cells: Vec<String> = Workplace::ALL.iter().map(|place| figures::cell(ctx, row(place))).collect();
        let told: Vec<String> =
            Workplace::ALL.iter().zip(&cells).map(|(one, cell)| format!("{}: {cell}", place(*one, ""))).collect();
        sentences.push(format!("{}: {}.", rung(*of_rung), told.join("; ")));
        rows.push([vec![rung(*of_rung)], cells].concat());
    }
    let short: Vec<String> = Workplace::ALL.iter().map(|one| place(*one, "-short")).collect();
    let columns = Workplace::ALL.iter().map(|one| place(*one, ""));
    Some(Picture {
        id: "grid",
        title: ctx.t1("pictures-grid", "moment", moment(ctx, wave)),
        description: sentences.join(" "),
        drawing: heat::grid(&short, &fields),
        legend: Vec::new(),
        table: Table { columns: std::iter::once(ctx.t("pictures-rung")).chain(columns).collect(), rows },
        csv: csv.to_owned(),
    })
}

/// What came in over time, with the threshold.
pub fn funding(ctx: &Ctx, head: &Head, books: &Books) -> Option<Picture> {
    let mut sum = 0;
    let days: Vec<(&str, i64)> = books
        .days
        .iter()
        .filter(|day| day.received != Cents::ZERO || day.matched.received != Cents::ZERO)
        .map(|day| {
            sum += day.received.0 + day.matched.received.0;
            (day.day.as_str(), sum)
        })
        .collect();
    let number = |day: &str| Timestamp::start_of_day(day).map(|at| (at.seconds() + 43_200).div_euclid(86_400));
    let mut points: Vec<funding::Point> = days.iter().filter_map(|(day, cents)| Some((number(day)?, *cents))).collect();
    let (first, last) = (days.first()?, days.last()?);
    // nothing had come in on the day before
    points.insert(0, (points.first()?.0 - 1, 0));
    let threshold = head.project.threshold_price(head.round.unit_price_eur);
    let threshold_words = ctx.t1("pictures-threshold", "amount", ctx.euros(threshold));
    let total = ctx.euros(Cents(last.1));
    let args = [
        ("amount", total),
        ("first", ctx.day(first.0)),
        ("last", ctx.day(last.0)),
        ("threshold", ctx.euros(threshold)),
    ];
    Some(Picture {
        id: "funding",
        title: ctx.t("pictures-funding"),
        description: crate::infra::texts::text_with(ctx.lang, "pictures-funding-words", &args),
        drawing: funding::funding(&points, (threshold.0, &threshold_words), (&ctx.day(first.0), &ctx.day(last.0))),
        legend: Vec::new(),
        table: Table {
            columns: vec![ctx.t("site-books-day"), ctx.t("pictures-received")],
            rows: days.iter().map(|(day, cents)| vec![ctx.day(day), ctx.euros(Cents(*cents))]).collect(),
        },
        csv: format!("/api/v1/projects/{}/books.csv", head.project.slug),
    })
}
