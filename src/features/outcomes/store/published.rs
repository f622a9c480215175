//! SQL of published figures: rewritten per project, summed over projects. Which projects are public and wanted is joined at reading.

use sqlx::FromRow;

use crate::features::outcomes::published::{Check, Published};
use crate::features::projects::ProjectState;
use crate::infra::db::bulk::{self, Value};
use crate::infra::db::{Conn, Tx};

/// Which projects and moments are summed; what is empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub round_id: String,
    /// Codes of terms.
    pub theme: String,
    pub area: String,
    pub function: String,
    /// Of the moment of measuring; without it the newest moment counts.
    pub year: String,
}

/// A sum of published values.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Total {
    pub indicator: String,
    /// Projects that measured it.
    pub projects: i64,
    /// Of them those whose value is not told.
    pub hidden: i64,
    /// Of them those whose value somebody checked.
    pub checked: i64,
    pub value: i64,
}

/// A sum of one year or term.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Group {
    /// The year, or the term's code.
    pub key: String,
    pub projects: i64,
    pub hidden: i64,
    pub value: i64,
}

/// A public project.
#[derive(Debug, Clone, FromRow)]
pub struct Counted {
    pub id: String,
    pub state: ProjectState,
}

/// A statement over public projects `p` that are wanted: what is selected, and what comes behind the conditions.
macro_rules! wanted {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " p.hidden = 0 AND p.state NOT IN ('draft', 'submitted', 'returned', 'in_valuation', 'rejected')
              AND ($1 = '' OR p.round_id = $1)
              AND ($2 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'theme' AND t.code = $2))
              AND ($3 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'area' AND t.code = $3))
              AND ($4 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'function' AND t.code = $4)) ",
            $tail
        )
    };
}

/// Binds the conditions of [`wanted!`] and the year behind them.
macro_rules! bound {
    ($query:expr, $wanted:expr) => {
        $query
            .bind(&$wanted.round_id)
            .bind(&$wanted.theme)
            .bind(&$wanted.area)
            .bind(&$wanted.function)
            .bind(&$wanted.year)
    };
}

pub async fn totals(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Total>, sqlx::Error> {
    let query = sqlx::query_as(wanted!(
        "SELECT f.indicator, COUNT(*) AS projects,
             CAST(SUM(CASE WHEN f.state = 'shown' THEN 0 ELSE 1 END) AS BIGINT) AS hidden,
             CAST(SUM(CASE WHEN f.level = 'declared' THEN 0 ELSE 1 END) AS BIGINT) AS checked,
             CAST(COALESCE(SUM(f.value), 0) AS BIGINT) AS value
         FROM published_figures f JOIN projects p ON p.id = f.project_id WHERE",
        "AND p.state IN ('funded', 'running', 'reporting', 'completed') AND f.cell_row = ''
         AND (($5 = '' AND f.newest = 1) OR (f.year = $5 AND f.newest_of_year = 1))
         GROUP BY f.indicator ORDER BY f.indicator"
    ));
    bound!(query, wanted).fetch_all(conn).await
}

pub async fn targets(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let query = sqlx::query_as(wanted!(
        "SELECT o.indicator, CAST(COALESCE(SUM(o.target), 0) AS BIGINT) FROM promises o JOIN projects p ON p.id = o.project_id WHERE",
        "AND p.state IN ('funded', 'running', 'reporting', 'completed')
         AND ($5 = '' OR p.id IN (SELECT f.project_id FROM published_figures f
                                  WHERE f.cell_row = '' AND f.year = $5 AND f.indicator = o.indicator))
         GROUP BY o.indicator"
    ));
    bound!(query, wanted).fetch_all(conn).await
}

pub async fn by_year(conn: &mut Conn, wanted: &Wanted, indicator: &str) -> Result<Vec<Group>, sqlx::Error> {
    let query = sqlx::query_as(wanted!(
        "SELECT f.year AS key, COUNT(*) AS projects,
             CAST(SUM(CASE WHEN f.state = 'shown' THEN 0 ELSE 1 END) AS BIGINT) AS hidden,
             CAST(COALESCE(SUM(f.value), 0) AS BIGINT) AS value
         FROM published_figures f JOIN projects p ON p.id = f.project_id WHERE",
        "AND p.state IN ('funded', 'running', 'reporting', 'completed') AND f.cell_row = '' AND f.indicator = $6
         AND f.newest_of_year = 1 AND ($5 = '' OR f.year = $5)
         GROUP BY f.year ORDER BY f.year"
    ));
    bound!(query, wanted).bind(indicator).fetch_all(conn).await
}

pub async fn by_term(conn: &mut Conn, wanted: &Wanted, indicator: &str, kind: &str) -> Result<Vec<Group>, sqlx::Error> {
    let query = sqlx::query_as(wanted!(
        "SELECT g.code AS key, COUNT(*) AS projects,
             CAST(SUM(CASE WHEN f.state = 'shown' THEN 0 ELSE 1 END) AS BIGINT) AS hidden,
             CAST(COALESCE(SUM(f.value), 0) AS BIGINT) AS value
         FROM published_figures f JOIN projects p ON p.id = f.project_id
             JOIN project_terms g ON g.project_id = p.id WHERE",
        "AND p.state IN ('funded', 'running', 'reporting', 'completed') AND f.cell_row = '' AND f.indicator = $6 AND g.kind = $7
         AND (($5 = '' AND f.newest = 1) OR (f.year = $5 AND f.newest_of_year = 1))
         GROUP BY g.code ORDER BY g.code"
    ));
    bound!(query, wanted).bind(indicator).bind(kind).fetch_all(conn).await
}

pub async fn counted(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Counted>, sqlx::Error> {
    let query = sqlx::query_as(wanted!(
        "SELECT p.id, p.state FROM projects p WHERE",
        "AND ($5 = '' OR p.id IN (SELECT f.project_id FROM published_figures f WHERE f.year = $5))"
    ));
    bound!(query, wanted).fetch_all(conn).await
}

pub async fn years(conn: &mut Conn) -> Result<Vec<String>, sqlx::Error> {
    let years: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT f.year FROM published_figures f JOIN projects p ON p.id = f.project_id
         WHERE p.hidden = 0 AND p.state IN ('funded', 'running', 'reporting', 'completed') ORDER BY f.year",
    )
    .fetch_all(conn)
    .await?;
    Ok(years.into_iter().map(|(year,)| year).collect())
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Published>, sqlx::Error> {
    sqlx::query_as(
        "SELECT wave_id, indicator, cell_row, cell_col, state, value, level, checked_on, year, newest, newest_of_year
         FROM published_figures WHERE project_id = $1 ORDER BY wave_id, indicator, cell_row, cell_col",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// The projects that measured an indicator.
pub async fn projects_with(conn: &mut Conn, indicator: &str) -> Result<Vec<String>, sqlx::Error> {
    let projects: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT w.project_id FROM observations o JOIN waves w ON w.id = o.wave_id WHERE o.indicator = $1",
    )
    .bind(indicator)
    .fetch_all(conn)
    .await?;
    Ok(projects.into_iter().map(|(id,)| id).collect())
}

/// Takes away what was published of a project and writes these rows.
pub async fn replace(tx: &mut Tx, project_id: &str, rows: &[Published]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM published_figures WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    let value = |row: &Published| {
        vec![
            Value::from(project_id),
            row.wave_id.as_str().into(),
            row.indicator.as_str().into(),
            row.cell_row.as_str().into(),
            row.cell_col.as_str().into(),
            row.state.as_str().into(),
            row.value.map_or(Value::NoNumber, Value::Number),
            row.level.as_str().into(),
            row.checked_on.as_str().into(),
            row.year.as_str().into(),
            i64::from(row.newest).into(),
            i64::from(row.newest_of_year).into(),
        ]
    };
    let columns = &[
        "project_id",
        "wave_id",
        "indicator",
        "cell_row",
        "cell_col",
        "state",
        "value",
        "level",
        "checked_on",
        "year",
        "newest",
        "newest_of_year",
    ];
    bulk::insert(tx, "published_figures", columns, rows.iter().map(value).collect()).await
}

pub async fn checks(conn: &mut Conn, project_id: &str) -> Result<Vec<Check>, sqlx::Error> {
    sqlx::query_as(
        "SELECT c.wave_id, c.indicator, c.level, c.value, c.checked_on FROM checked_figures c JOIN waves w ON w.id = c.wave_id
         WHERE w.project_id = $1",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn delete_check(tx: &mut Tx, wave_id: &str, indicator: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM checked_figures WHERE wave_id = $1 AND indicator = $2")
        .bind(wave_id)
        .bind(indicator)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn insert_check(tx: &mut Tx, check: &Check) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO checked_figures (wave_id, indicator, level, value, checked_on) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&check.wave_id)
    .bind(&check.indicator)
    .bind(check.level)
    .bind(check.value)
    .bind(&check.checked_on)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
