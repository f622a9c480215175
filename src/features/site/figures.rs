//! What the public sees of what a project promised and measured. Every value comes from the published figures; of the promises only
//! what was promised is taken.

use crate::features::evidence::{Evidence, actions as evidence};
use crate::features::outcomes::cells::{Average, number};
use crate::features::outcomes::published::{self, Checked, Published, PublishedState};
use crate::features::outcomes::{Family, Indicator, Shape, Shown, Wave, actions as outcomes};
use crate::features::verifications::actions as verifications;
use crate::infra::csv;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::Ctx;
use crate::values::{Lang, Timestamp};

/// A promise, without what was found.
pub struct Promised {
    pub indicator: Indicator,
    pub baseline: i64,
    pub target: i64,
    pub due_day: String,
    pub share_percent: i64,
    pub floor_percent: i64,
    pub cap_percent: i64,
}

/// A figure that was verified and then corrected.
pub struct Correction {
    pub at: Timestamp,
    /// The indicator's code.
    pub indicator: String,
    pub reason: String,
}

/// Everything that is published of a project's figures.
pub struct Figures {
    pub promises: Vec<Promised>,
    /// The indicators with a published value, in the order of their families.
    pub indicators: Vec<Indicator>,
    /// In the order of measuring.
    pub waves: Vec<Wave>,
    pub rows: Vec<Published>,
    pub corrections: Vec<Correction>,
    /// The names of the places, no counts.
    pub locations: Vec<String>,
    pub evidence: Vec<Evidence>,
}

/// How a promise stands in public.
pub struct Outcome {
    pub value: Told,
    pub level: Checked,
    /// The level in a word; a declared figure with evidence is documented.
    pub word: &'static str,
    /// A day; empty when nobody checked.
    pub checked_on: String,
}

/// A value as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// One number, rounded as the indicator's kind asks for.
    Value(Shown),
    /// Rungs gained, from and to.
    Rungs(Average),
}

impl Figures {
    pub async fn read(conn: &mut Conn, project_id: &str) -> Result<Figures> {
        let all = outcomes::indicators(conn).await?;
        let rows = published::of_project(conn, project_id).await?;
        let find = |code: &str| all.iter().find(|one| one.code == code).cloned();
        let promises = outcomes::figures(conn, project_id).await?.into_iter().filter_map(|figure| {
            Some(Promised {
                indicator: find(&figure.code)?,
                baseline: figure.baseline,
                target: figure.target,
                due_day: figure.due_day,
                share_percent: figure.share_percent,
                floor_percent: figure.floor_percent,
                cap_percent: figure.cap_percent,
            })
        });
        let promises = promises.collect();
        let checked = verifications::of_project(conn, project_id).await?;
        let corrections = checked.into_iter().filter(|one| !one.reason.is_empty()).map(|one| Correction {
            at: one.handed_in_at,
            indicator: one.indicator,
            reason: one.reason,
        });
        Ok(Figures {
            promises,
            corrections: corrections.collect(),
            waves: outcomes::waves_of(conn, project_id).await?,
            locations: outcomes::locations(conn, project_id).await?.into_iter().map(|place| place.name).collect(),
            evidence: evidence::of_project(conn, project_id).await?,
            indicators: all.into_iter().filter(|one| rows.iter().any(|row| row.indicator == one.code)).collect(),
            rows,
        })
    }

    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        let promised = self.promises.iter().map(|promise| &promise.indicator);
        self.indicators.iter().chain(promised).find(|one| one.code == code)
    }

    /// A published row.
    pub fn row(&self, wave_id: &str, code: &str, row: &str, col: &str) -> Option<&Published> {
        let is_it = |one: &&Published| {
            one.wave_id == wave_id && one.indicator == code && one.cell_row == row && one.cell_col == col
        };
        self.rows.iter().find(is_it)
    }

    /// The value of the figure itself in one moment; of a ladder the average rung.
    pub fn told(&self, indicator: &Indicator, wave_id: &str) -> Option<Told> {
        if indicator.shape == Shape::Ladder
            && let Some(average) = published::mean_of(&self.rows, wave_id, &indicator.code)
        {
            return Some(Told::Rungs(average));
        }
        let row = self.row(wave_id, &indicator.code, "", "")?;
        match indicator.shape {
            Shape::Ladder => Some(Told::Value(Shown::Withheld)),
            _ => Some(Told::Value(row.shown(is_rounded(indicator)))),
        }
    }

    /// How a promised or tracked indicator stands: the newest moment that measured it; of a ladder the rungs gained since the first.
    pub fn outcome(&self, indicator: &Indicator) -> Option<Outcome> {
        let is_newest =
            |row: &&Published| row.indicator == indicator.code && row.cell_row.is_empty() && row.newest == 1;
        let row = self.rows.iter().find(is_newest)?;
        let value = if indicator.shape == Shape::Ladder {
            let first = self.waves.iter().find(|wave| self.row(&wave.id, &indicator.code, "", "").is_some())?;
            match published::movement(&self.rows, &indicator.code, &first.id, &row.wave_id) {
                // the first moment measured nothing that was gained
                _ if first.id == row.wave_id => return None,
                Some(average) => Told::Rungs(average),
                None => Told::Value(Shown::Withheld),
            }
        } else {
            Told::Value(row.shown(is_rounded(indicator)))
        };
        Some(Outcome { value, level: row.level, word: self.level(row), checked_on: row.checked_on.clone() })
    }

    /// How far a figure was checked, in a word: a declared one is documented when a file supports it.
    pub fn level(&self, row: &Published) -> &'static str {
        let supports = |one: &Evidence| one.supports(&row.wave_id, &row.indicator);
        match row.level {
            Checked::Declared if self.evidence.iter().any(supports) => "documented",
            level => level.as_str(),
        }
    }

    /// The newest moment in which an indicator was measured.
    pub fn newest(&self, code: &str) -> Option<&Wave> {
        self.waves.iter().rev().find(|wave| self.row(&wave.id, code, "", "").is_some())
    }

    /// The indicators of a family that are numbers.
    pub fn counts_of(&self, family: Family) -> Vec<&Indicator> {
        let is_it = |one: &&Indicator| one.family == family && one.shape == Shape::Count;
        self.indicators.iter().filter(is_it).collect()
    }

    /// Everything that is published, as a table for a spreadsheet.
    pub fn csv(&self) -> String {
        let mut out = String::from("wave,measured_on,indicator,row,column,state,value,level,checked_on\r\n");
        for wave in &self.waves {
            for row in self.rows.iter().filter(|row| row.wave_id == wave.id) {
                let plain = self.plain(row);
                out.push_str(&csv::line(&[
                    wave.kind.to_string(),
                    wave.measured_on.clone(),
                    row.indicator.clone(),
                    row.cell_row.clone(),
                    row.cell_col.clone(),
                    row.state.to_string(),
                    plain.unwrap_or_default(),
                    self.level(row).to_owned(),
                    row.checked_on.clone(),
                ]));
            }
        }
        out
    }

    /// A value as a machine reads it.
    pub fn plain(&self, row: &Published) -> Option<String> {
        let indicator = self.indicator(&row.indicator)?;
        let is_scaled = match indicator.shape {
            Shape::Mean => row.cell_row.is_empty(),
            Shape::Ladder => row.cell_row == "mean",
            _ => false,
        };
        row.value.map(|value| if is_scaled { indicator.shape.plain(value) } else { value.to_string() })
    }
}

/// Whether values of the figure itself are rounded counts of people.
pub fn is_rounded(indicator: &Indicator) -> bool {
    match indicator.shape {
        Shape::Count | Shape::Milestones => indicator.counts_people(),
        Shape::Ladder | Shape::Grid => true,
        Shape::Mean => false,
    }
}

impl Told {
    /// The number for a bar; of rungs the lower end.
    pub fn number(self) -> Option<i64> {
        match self {
            Told::Value(shown) => shown.number(),
            Told::Rungs(average) => Some(average.low),
        }
    }

    /// The words for it.
    pub fn show(self, ctx: &Ctx, indicator: &Indicator) -> String {
        match self {
            Told::Value(Shown::Exact(value)) if indicator.shape == Shape::Mean => indicator.shape.show(value, ctx.lang),
            Told::Value(shown) => shown.show(ctx.lang),
            Told::Rungs(average) => rungs(ctx, average),
        }
    }
}

/// `ongeveer 2`, or `1,5 tot 2,5`.
pub fn rungs(ctx: &Ctx, average: Average) -> String {
    let show = |value| Shape::Ladder.show(value, ctx.lang);
    match average.low == average.high {
        true => ctx.t1("outcomes-about", "count", show(average.low)),
        false => ctx.t2("figures-between", "low", show(average.low), "high", show(average.high)),
    }
}

/// A target in the words of its indicator: `12 diploma's`.
pub fn target(lang: Lang, indicator: &Indicator, target: i64) -> String {
    format!("{} {}", indicator.shape.show(target, lang), indicator.unit(lang))
}

/// How far a figure was checked, with its day.
pub fn level(ctx: &Ctx, word: &str, checked_on: &str) -> String {
    let text = ctx.t(format!("figures-level-{}", word.replace('_', "-")));
    if checked_on.is_empty() { text } else { format!("{text}, {}", ctx.day(checked_on)) }
}

/// A published cell in words.
pub fn cell(ctx: &Ctx, row: Option<&Published>) -> String {
    row.map_or_else(|| "-".to_owned(), |row| row.shown(true).show(ctx.lang))
}

/// The same, short enough to stand in a picture.
pub fn brief(ctx: &Ctx, row: Option<&Published>) -> String {
    match row.map(|row| (row.state, row.value)) {
        Some((PublishedState::Small, _)) => "<10".to_owned(),
        Some((PublishedState::Shown, Some(value))) => number(value, ctx.lang),
        _ => "-".to_owned(),
    }
}
