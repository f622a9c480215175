//! Rows of the demo that no act of a person makes at once: indicators, promises and measurements of the past. Everything else
//! of the demo goes through the nouns' own doors.

use crate::infra::db::Tx;
use crate::infra::random;
use crate::values::Timestamp;

/// A pair of texts: Dutch, English.
type Both<'a> = (&'a str, &'a str);

pub struct Indicator<'a> {
    pub code: &'a str,
    pub scheme: &'a str,
    pub name: Both<'a>,
    pub unit: Both<'a>,
    pub additive: bool,
}

pub async fn indicator(tx: &mut Tx, row: &Indicator<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.code)
    .bind(row.scheme)
    .bind(row.name.0)
    .bind(row.name.1)
    .bind(row.unit.0)
    .bind(row.unit.1)
    .bind(i16::from(row.additive))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub struct Promise<'a> {
    pub project_id: &'a str,
    pub position: i64,
    pub indicator: &'a str,
    pub baseline: i64,
    pub target: i64,
    pub due_day: &'a str,
    pub share_percent: i64,
}

pub async fn promise(tx: &mut Tx, now: Timestamp, row: &Promise<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(random::id("prm", now))
    .bind(row.project_id)
    .bind(row.position)
    .bind(row.indicator)
    .bind(row.baseline)
    .bind(row.target)
    .bind(row.due_day)
    .bind(row.share_percent)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub struct Wave<'a> {
    pub project_id: &'a str,
    pub kind: &'a str,
    pub measured_on: &'a str,
    pub note: Both<'a>,
    pub author_id: &'a str,
}

/// A measurement with its counts: code of the indicator, number.
pub async fn wave(
    tx: &mut Tx,
    now: Timestamp,
    row: &Wave<'_>,
    counts: impl Iterator<Item = (&str, i64)>,
) -> Result<(), sqlx::Error> {
    let id = random::id("wav", now);
    sqlx::query(
        "INSERT INTO waves (id, project_id, kind, measured_on, note_nl, note_en, author_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&id)
    .bind(row.project_id)
    .bind(row.kind)
    .bind(row.measured_on)
    .bind(row.note.0)
    .bind(row.note.1)
    .bind(row.author_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    for (indicator, count) in counts {
        sqlx::query("INSERT INTO observations (wave_id, indicator, count) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(indicator)
            .bind(count)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
