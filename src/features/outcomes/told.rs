//! What is told to everybody of the results of a project, promise by promise: for pages of backers and for exports.

use crate::features::outcomes::cells::Shown;
use crate::features::outcomes::{Indicator, PromiseFigure, Shape, WaveKind, actions, published};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::Lang;

/// A promise with its indicator and what is told of it.
pub struct Promised {
    pub promise: PromiseFigure,
    pub indicator: Indicator,
    /// In the order of measuring; moments at which it was not measured are left out.
    pub reports: Vec<Report>,
}

/// What a moment of measuring told.
pub struct Report {
    pub wave: WaveKind,
    /// A day.
    pub day: String,
    /// As it is published; of a ladder nothing is told here.
    pub shown: Shown,
}

impl Report {
    /// As a machine reads it; nothing when the value is hidden.
    pub fn plain(&self, shape: Shape) -> Option<String> {
        self.shown.number().map(|value| shape.plain(value))
    }

    /// As a person reads it; nothing when not even its size is told.
    pub fn show(&self, shape: Shape, lang: Lang) -> Option<String> {
        match self.shown {
            Shown::Withheld => None,
            Shown::Exact(value) => Some(shape.show(value, lang)),
            shown => Some(shown.show(lang)),
        }
    }
}

impl Promised {
    /// The newest, whether its value is told or not: an older one would say what is no longer so.
    pub fn newest(&self) -> Option<&Report> {
        self.reports.last()
    }
}

/// The promises of a project in their order, from what is published of it.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Promised>> {
    let indicators = actions::indicators(conn).await?;
    let waves = actions::waves_of(conn, project_id).await?;
    let rows = published::of_project(conn, project_id).await?;
    let mut promised = Vec::new();
    for promise in actions::figures(conn, project_id).await? {
        let Some(indicator) = indicators.iter().find(|one| one.code == promise.code) else { continue };
        let measured = waves.iter().zip(&promise.waves).filter(|(_, (.., value))| value.is_some());
        let reports = measured.map(|(wave, _)| Report {
            wave: wave.kind,
            day: wave.measured_on.clone(),
            // of a ladder the row is how many people stand on it, not the rungs that were promised
            shown: rows
                .iter()
                .filter(|_| promise.shape != Shape::Ladder)
                .find(|row| row.wave_id == wave.id && row.indicator == promise.code && row.cell_row.is_empty())
                .map_or(Shown::Withheld, |row| row.shown(promise.counts_people)),
        });
        let reports = reports.collect();
        promised.push(Promised { indicator: indicator.clone(), reports, promise });
    }
    Ok(promised)
}
