//! SQL of many moments of measuring.

use std::collections::BTreeSet;

use crate::features::outcomes::import::Imported;
use crate::infra::db::Tx;
use crate::infra::db::bulk::{self, Value};

pub async fn waves(tx: &mut Tx, projects: &[Imported], author: &str) -> Result<(), sqlx::Error> {
    let (mut waves, mut observations, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    let mut tracked: BTreeSet<(&str, &str)> = BTreeSet::new();
    for project in projects {
        for measured in &project.waves {
            let wave = &measured.wave;
            waves.push(vec![
                Value::from(wave.id.as_str()),
                project.project_id.as_str().into(),
                wave.kind.as_str().into(),
                wave.measured_on.as_str().into(),
                wave.note_nl.as_str().into(),
                wave.note_en.as_str().into(),
                author.into(),
                wave.created_at.to_string().into(),
            ]);
            for one in &measured.observations {
                tracked.insert((&project.project_id, &one.indicator));
                observations.push(vec![
                    Value::from(wave.id.as_str()),
                    one.indicator.as_str().into(),
                    one.value.into(),
                    one.n.map_or(Value::NoNumber, Value::Number),
                ]);
                cells.extend(one.cells.iter().map(|cell| {
                    vec![
                        Value::from(wave.id.as_str()),
                        one.indicator.as_str().into(),
                        cell.row.as_str().into(),
                        cell.col.as_str().into(),
                        cell.location_id.as_str().into(),
                        cell.count.into(),
                    ]
                }));
            }
        }
    }
    let tracked = tracked.into_iter().map(|(project, indicator)| vec![Value::from(project), indicator.into()]);
    bulk::insert(tx, "tracked", &["project_id", "indicator"], tracked.collect()).await?;
    let columns = &["id", "project_id", "kind", "measured_on", "note_nl", "note_en", "author_id", "created_at"];
    bulk::insert(tx, "waves", columns, waves).await?;
    bulk::insert(tx, "observations", &["wave_id", "indicator", "count", "n"], observations).await?;
    let columns = &["wave_id", "indicator", "cell_row", "cell_col", "location_id", "count"];
    bulk::insert(tx, "observation_cells", columns, cells).await
}
