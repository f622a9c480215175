//! Copies of an SQLite database: made while it is in use, and put in its place again. PostgreSQL has tools of its own for both.

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sqlx::any::AnyConnectOptions;
use sqlx::migrate::MigrateError;
use sqlx::{AnyConnection, ConnectOptions, Connection};

use super::Db;

/// Why a copy cannot be made or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("this is for SQLite; PostgreSQL has pg_dump and pg_restore")]
    NotSqlite,
    #[error("{0} exists already: name a new file")]
    Exists(PathBuf),
    #[error("{0} is no whole copy of a database of Drempel: {1}")]
    NotOurs(PathBuf, String),
    #[error("the copy was made by a newer program: put that program back first")]
    Newer,
    #[error("the database is in use: stop every process of Drempel first")]
    InUse,
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The file of an SQLite address.
pub fn file_of(url: &str) -> Result<PathBuf, BackupError> {
    let path = url.strip_prefix("sqlite:").ok_or(BackupError::NotSqlite)?.trim_start_matches("//");
    Ok(PathBuf::from(path.split('?').next().unwrap_or_default()))
}

fn url_of(file: &Path, mode: &str) -> String {
    format!("sqlite://{}?mode={mode}", file.display())
}

async fn connect(url: &str) -> Result<AnyConnection, sqlx::Error> {
    sqlx::any::install_default_drivers();
    url.parse::<AnyConnectOptions>()?.connect().await
}

/// Writes the whole database as it is at this moment into a new file. Readers and writers go on meanwhile.
///
/// # Errors
/// No SQLite database, a file that exists, or one that cannot be written.
pub async fn make(url: &str, file: &Path) -> Result<(), BackupError> {
    let source = file_of(url)?;
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let mut connection = connect(&url_of(&source, "rw")).await?;
    // everything about everybody is in it: it is for nobody else who works on this machine
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    opened.map_err(|error| BackupError::File(file.to_owned(), error))?;
    let written = sqlx::query("VACUUM INTO $1").bind(file.display().to_string()).execute(&mut connection).await;
    if let Err(error) = written {
        let _ = std::fs::remove_file(file);
        return Err(error.into());
    }
    connection.close().await?;
    check(file).await
}

/// Whether the file is a whole database of this program or an older one.
///
/// # Errors
/// What it is instead.
pub async fn check(file: &Path) -> Result<(), BackupError> {
    let not_ours = |why: String| BackupError::NotOurs(file.to_owned(), why);
    if !file.is_file() {
        return Err(not_ours("there is no such file".to_owned()));
    }
    let mut connection = connect(&url_of(file, "ro")).await.map_err(|error| not_ours(error.to_string()))?;
    let found: Result<(String,), _> = sqlx::query_as("PRAGMA integrity_check(1)").fetch_one(&mut connection).await;
    let (found,) = found.map_err(|error| not_ours(error.to_string()))?;
    if found != "ok" {
        return Err(not_ours(found));
    }
    let steps: Result<Vec<(i64,)>, _> =
        sqlx::query_as("SELECT version FROM _sqlx_migrations").fetch_all(&mut connection).await;
    let steps = steps.map_err(|_| not_ours("it has no list of steps".to_owned()))?;
    connection.close().await?;
    if steps.iter().any(|(version,)| !super::migrations::knows(*version)) {
        return Err(BackupError::Newer);
    }
    Ok(())
}

/// A copy of the file beside the database, opened and brought to this program's schema, so that it can be made ready.
///
/// # Errors
/// As [`check`]; or the copy cannot be written.
pub async fn prepare(url: &str, file: &Path) -> Result<Db, BackupError> {
    check(file).await?;
    let copy = beside(&file_of(url)?);
    std::fs::copy(file, &copy).map_err(|error| BackupError::File(copy.clone(), error))?;
    let db = Db::open(&url_of(&copy, "rw"), None).await?;
    match db.migrate().await {
        Ok(()) => Ok(db),
        Err(MigrateError::Execute(error)) => Err(error.into()),
        Err(error) => Err(BackupError::NotOurs(file.to_owned(), error.to_string())),
    }
}

/// Puts what was prepared in the place of the database, which is kept under another name. Answers that name; nothing when there was
/// no database.
///
/// # Errors
/// Somebody still has the database open; then nothing was changed.
pub async fn put_in_place(url: &str, prepared: Db, moment: &str) -> Result<Option<PathBuf>, BackupError> {
    prepared.close().await;
    let database = file_of(url)?;
    let copy = beside(&database);
    let outcome = exchange(&database, &copy, moment).await;
    if outcome.is_err() {
        // the copy of a copy: nobody needs it
        let _ = std::fs::remove_file(&copy);
    }
    outcome
}

async fn exchange(database: &Path, copy: &Path, moment: &str) -> Result<Option<PathBuf>, BackupError> {
    let failed = |file: &Path| {
        let file = file.to_owned();
        move |error| BackupError::File(file, error)
    };
    std::fs::File::open(copy).and_then(|file| file.sync_all()).map_err(failed(copy))?;
    let mut old = None;
    if database.exists() {
        take_alone(database).await?;
        let aside = database.with_extension(format!("before-{moment}"));
        std::fs::rename(database, &aside).map_err(failed(database))?;
        old = Some(aside);
    }
    std::fs::rename(copy, database).map_err(failed(database))?;
    Ok(old)
}

/// Folds the write-ahead log into the file and leaves that mode, which SQLite lets only the last one do who has it open.
async fn take_alone(database: &Path) -> Result<(), BackupError> {
    let mut connection = connect(&url_of(database, "rw")).await?;
    let mode: Result<(String,), _> = sqlx::query_as("PRAGMA journal_mode = DELETE").fetch_one(&mut connection).await;
    let alone = matches!(&mode, Ok((mode,)) if mode == "delete");
    connection.close().await?;
    if alone { Ok(()) } else { Err(BackupError::InUse) }
}

fn beside(database: &Path) -> PathBuf {
    database.with_extension("restoring")
}
