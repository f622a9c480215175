//! Many moments of measuring at once, for large sets to try the program with: written and published as if each had been entered.

use crate::features::outcomes::{Indicator, WaveMeasured, published, store};
use crate::infra::db::Tx;
use crate::infra::error::Result;

/// What one project measured.
pub struct Imported {
    pub project_id: String,
    pub participants_target: i64,
    pub waves: Vec<WaveMeasured>,
}

/// Writes moments that `author` measured. The projects have none yet, and track what was observed.
pub async fn import(tx: &mut Tx, indicators: &[Indicator], projects: &[Imported], author: &str) -> Result<()> {
    store::import::waves(tx, projects, author).await?;
    for project in projects {
        let rows = published::all(indicators, project.participants_target, &project.waves, &[]);
        store::published::replace(tx, &project.project_id, &rows).await?;
    }
    Ok(())
}
