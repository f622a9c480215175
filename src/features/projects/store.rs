//! SQL of projects.

use crate::features::projects::{Picture, Project, ProjectState, Texts};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE slug = $1").bind(slug).fetch_optional(conn).await
}

pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE round_id = $1 ORDER BY number").bind(round_id).fetch_all(conn).await
}

/// Changes a project's state; answers whether it was in the state it should come from.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: ProjectState,
    to: ProjectState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let moved = sqlx::query("UPDATE projects SET state = $3, updated_at = $4 WHERE id = $1 AND state = $2")
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(moved.rows_affected() == 1)
}

/// Locks the project for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn owned_by(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE organisation_id = $1 ORDER BY number DESC")
        .bind(organisation_id)
        .fetch_all(conn)
        .await
}

pub async fn save_texts(
    tx: &mut Tx,
    id: &str,
    texts: &Texts,
    search_text: &str,
    version: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE projects SET title_nl = $2, title_en = $3, aim_nl = $4, aim_en = $5, text_nl = $6, text_en = $7,
             target_group_nl = $8, target_group_en = $9, contact = $10, search_text = $11, updated_at = $12
         WHERE id = $1",
    )
    .bind(id)
    .bind(&texts.title_nl)
    .bind(&texts.title_en)
    .bind(&texts.aim_nl)
    .bind(&texts.aim_en)
    .bind(&texts.text_nl)
    .bind(&texts.text_en)
    .bind(&texts.target_group_nl)
    .bind(&texts.target_group_en)
    .bind(&texts.contact)
    .bind(search_text)
    .bind(version)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn save_picture(tx: &mut Tx, id: &str, picture: &Picture, version: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE projects SET picture_id = $2, picture_alt_nl = $3, picture_alt_en = $4, updated_at = $5 WHERE id = $1",
    )
    .bind(id)
    .bind(picture.file_id.clone())
    .bind(&picture.alt_nl)
    .bind(&picture.alt_en)
    .bind(version)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::features::projects::actions::{get, save_texts};
    use crate::features::projects::{Refusal, Texts};
    use crate::infra::db::Db;
    use crate::infra::error::Error;
    use crate::infra::history;

    const ROWS: [&str; 4] = [
        "INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_1', 'o@x.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         VALUES ('org_1', 'o', 'Ideeën', 'maker', '', '', '', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO rounds VALUES ('rnd_1', 1, '', '', 'settled', 100, 500, '', '', '2026-01-01T00:00:00.000Z',
         '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', NULL)",
        "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
         text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
         threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
         created_at, updated_at) VALUES ('prj_1', 'kas', 1, 'org_1', 'rnd_1', 'running', 'Kas', '', '', '', '', '', '',
         '', 1, 1, 1, '2026-02-01', 12, '', '', '', 0, '', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')",
    ];

    async fn database() -> (Db, std::path::PathBuf) {
        let file = std::env::temp_dir().join(format!("{}.db", crate::infra::random::code(20)));
        let db = Db::open(&format!("sqlite://{}", file.display()), None).await.unwrap();
        db.migrate().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for row in ROWS {
            sqlx::query(row).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        (db, file)
    }

    #[tokio::test]
    async fn texts_are_saved_once_per_version_and_found_by_search() {
        let (db, file) = database().await;
        let mut conn = db.read().await.unwrap();
        let project = get(&mut conn, "prj_1").await.unwrap();
        let texts = Texts { title_en: "Café".into(), ..Texts::of(&project) };
        let save = async |texts: &Texts, version| {
            let mut tx = db.begin().await.unwrap();
            let now = project.updated_at; // the clock stands still: the version moves on all the same
            save_texts(&mut tx, "prj_1", version, texts, "usr_1", now).await?;
            tx.commit().await.map_err(Error::from)
        };
        save(&texts, project.updated_at).await.unwrap();
        let later = Texts { title_nl: "Anders".into(), ..texts.clone() };
        let error = save(&later, project.updated_at).await.unwrap_err();
        assert_eq!(error.refusal::<Refusal>(), Some(&Refusal::ChangedMeanwhile));
        let saved = get(&mut conn, "prj_1").await.unwrap();
        assert_eq!((saved.title_nl.as_str(), saved.title_en.as_str()), ("Kas", "Café"));
        save(&later, saved.updated_at).await.unwrap();
        let (found,): (String,) =
            sqlx::query_as("SELECT search_text FROM projects WHERE id = 'prj_1'").fetch_one(&mut *conn).await.unwrap();
        assert!(found.starts_with("anders\ncafe\nideeen"), "{found}");
        assert_eq!(history::of(&mut conn, "prj_1").await.unwrap().len(), 2);
        drop(conn);
        db.close().await;
        std::fs::remove_file(file).unwrap();
    }
}
