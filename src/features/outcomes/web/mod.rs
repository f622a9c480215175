//! The owner's pages of figures: what was promised and measured, entering a wave by hand or from a file, and what else is measured.

mod enter;
pub mod entry;
mod overview;
mod sheets;
mod tracked;

use axum::Router;
use axum::routing::{get, post};

use crate::features::outcomes::sheet::MOST_BYTES;
use crate::features::outcomes::{self, Indicator, Location, PromiseFigure, WaveKind, WaveMeasured, actions};
use crate::infra::db::Conn;
use crate::infra::error::{Refusal, Result};
use crate::infra::web::{Ctx, upload};
use crate::infra::{Services, texts};

pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio/projects/{slug}/outcomes", get(overview::show).post(enter::enter))
        .route("/{lang}/studio/projects/{slug}/outcomes/tracked", get(tracked::show).post(tracked::save))
        .route("/{lang}/studio/projects/{slug}/outcomes/locations", post(tracked::add_location))
        .route("/{lang}/studio/projects/{slug}/outcomes/template.csv", get(sheets::template))
        .route(
            "/{lang}/studio/projects/{slug}/outcomes/file",
            get(sheets::show).post(sheets::look).layer(upload::limit_of(MOST_BYTES)),
        )
        .route("/{lang}/studio/projects/{slug}/outcomes/file/save", post(sheets::save))
}

/// Everything a project measured and measures.
pub struct Measuring {
    pub figures: Vec<PromiseFigure>,
    pub indicators: Vec<Indicator>,
    pub locations: Vec<Location>,
    /// In the order of measuring.
    pub waves: Vec<WaveMeasured>,
}

impl Measuring {
    /// Reads it all.
    pub async fn of(conn: &mut Conn, project_id: &str) -> Result<Measuring> {
        Ok(Measuring {
            figures: actions::figures(conn, project_id).await?,
            indicators: actions::indicators_of(conn, project_id).await?,
            locations: actions::locations(conn, project_id).await?,
            waves: actions::measured(conn, project_id).await?,
        })
    }

    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.code == code)
    }

    /// The wave of this kind and day, when it was entered before.
    fn same(&self, kind: WaveKind, day: &str) -> Option<&WaveMeasured> {
        self.waves.iter().find(|one| one.wave.kind == kind && one.wave.measured_on == day)
    }

    /// The sentence of a refusal; days in it are written out, and indicators called by their names.
    pub fn refusal_text(&self, ctx: &Ctx, refusal: &outcomes::Refusal) -> String {
        let readable = |value: String| match self.indicator(&value) {
            Some(indicator) => indicator.name(ctx.lang).to_owned(),
            None => ctx.day(&value),
        };
        let args: Vec<_> = refusal.args().into_iter().map(|(name, value)| (name, readable(value))).collect();
        texts::text_with(ctx.lang, refusal.key(), &args)
    }
}

/// What a kind of wave is called.
pub fn kind_name(ctx: &Ctx, kind: WaveKind) -> String {
    ctx.t(format!("outcomes-kind-{}", kind.as_str().replace('_', "-")))
}
