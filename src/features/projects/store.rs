//! SQL of projects.

pub mod personal;
pub mod plan;
mod shares;

pub use shares::*;

use sqlx::FromRow;

use crate::features::projects::{
    BudgetLine, Filter, Listing, MOST_WORDS, NewProject, Partner, Picture, PlanningStep, Project, ProjectState, Sale,
    Term, TermKind, Texts,
};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::text::folded;
use crate::values::{Rikx, Timestamp};

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE slug = $1").bind(slug).fetch_optional(conn).await
}

/// The project with this slug, unless it was withdrawn before anybody could see it.
pub async fn shown_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE slug = $1 AND hidden = 0").bind(slug).fetch_optional(conn).await
}

pub async fn by_ids<'a>(conn: &mut Conn, ids: impl IntoIterator<Item = &'a str>) -> Result<Vec<Project>, sqlx::Error> {
    bulk::select(conn, "SELECT * FROM projects WHERE id IN", ids).await
}

/// What decides whether money for projects counts, in one read.
pub async fn sales<'a>(conn: &mut Conn, ids: impl IntoIterator<Item = &'a str>) -> Result<Vec<Sale>, sqlx::Error> {
    let text = "SELECT r.*, p.id AS project_id, p.state AS project_state, x.until_at AS extended_until FROM projects p
                JOIN rounds r ON r.id = p.round_id LEFT JOIN project_extensions x ON x.project_id = p.id WHERE p.id IN";
    bulk::select(conn, text, ids).await
}

/// The same of a project, with its slug.
#[derive(FromRow)]
pub struct Named {
    pub slug: String,
    #[sqlx(flatten)]
    pub sale: Sale,
}

/// The same by slug, unless the project was withdrawn before anybody could see it.
pub async fn sales_by_slugs<'a>(
    conn: &mut Conn,
    slugs: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Named>, sqlx::Error> {
    let text =
        "SELECT r.*, p.id AS project_id, p.slug, p.state AS project_state, x.until_at AS extended_until FROM projects p
                JOIN rounds r ON r.id = p.round_id LEFT JOIN project_extensions x ON x.project_id = p.id
                WHERE p.hidden = 0 AND p.slug IN";
    bulk::select(conn, text, slugs).await
}

/// Lets the backers of a near miss add to their pledges until a moment.
pub async fn extend(tx: &mut Tx, id: &str, until: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO project_extensions (project_id, until_at) VALUES ($1, $2)")
        .bind(id)
        .bind(until)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE round_id = $1 ORDER BY number").bind(round_id).fetch_all(conn).await
}

pub async fn highest_number(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (number,): (i64,) =
        sqlx::query_as("SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM projects").fetch_one(conn).await?;
    Ok(number)
}

/// Changes a project's state; answers whether it was in the state it should come from.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: ProjectState,
    to: ProjectState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE projects SET updated_at = $2 WHERE id = $1").bind(id).bind(now).execute(&mut **tx).await?;
    Ok(true)
}

/// Sets what can be pledged and what must be; answers whether the project is being valued.
pub async fn set_figures(
    tx: &mut Tx,
    id: &str,
    impact: Rikx,
    threshold: Rikx,
    version: Timestamp,
) -> Result<bool, sqlx::Error> {
    let set = sqlx::query(
        "UPDATE projects SET impact_hundredths = $2, threshold_hundredths = $3, updated_at = $4
         WHERE id = $1 AND state = 'in_valuation'",
    )
    .bind(id)
    .bind(impact)
    .bind(threshold)
    .bind(version)
    .execute(&mut **tx)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// Puts a project into another round; answers whether it is being valued.
pub async fn set_round(tx: &mut Tx, id: &str, round_id: &str, version: Timestamp) -> Result<bool, sqlx::Error> {
    let set =
        sqlx::query("UPDATE projects SET round_id = $2, updated_at = $3 WHERE id = $1 AND state = 'in_valuation'")
            .bind(id)
            .bind(round_id)
            .bind(version)
            .execute(&mut **tx)
            .await?;
    Ok(set.rows_affected() == 1)
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

pub async fn started(conn: &mut Conn, today: &str) -> Result<Vec<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE state IN ('funded', 'running') AND start_day <= $1 ORDER BY number")
        .bind(today)
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

/// A word of a search as a LIKE pattern: it may stand anywhere, and its own `%`, `_` and `!` mean themselves.
fn pattern(word: &str) -> String {
    let mut out = String::from("%");
    for c in folded(word).chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out.push('%');
    out
}

/// Public projects that match, by number.
pub async fn listing(conn: &mut Conn, filter: &Filter) -> Result<Vec<Listing>, sqlx::Error> {
    let mut query = sqlx::query_as(
        "SELECT p.id, p.slug, p.number, p.organisation_id, p.round_id, p.state, p.title_nl, p.title_en, p.aim_nl, p.aim_en,
             p.participants_target, p.impact_hundredths, p.threshold_hundredths, p.start_day, p.months, p.picture_id,
             p.picture_alt_nl, p.picture_alt_en, p.example,
             (SELECT MIN(t.code) FROM project_terms t WHERE t.project_id = p.id AND t.kind = 'area') AS area
         FROM projects p
         WHERE p.hidden = 0 AND p.state NOT IN ('draft', 'submitted', 'returned', 'in_valuation', 'rejected')
           AND ($1 = '' OR p.state = $1)
           AND ($2 = '' OR p.round_id = $2)
           AND ($3 = '' OR p.organisation_id = $3
                OR p.id IN (SELECT w.project_id FROM project_partners w WHERE w.organisation_id = $3))
           AND ($4 = '' OR p.coalition_id = $4)
           AND ($5 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'sector' AND t.code = $5))
           AND ($6 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'method' AND t.code = $6))
           AND ($7 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'theme' AND t.code = $7))
           AND ($8 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'tag' AND t.code = $8))
           AND ($9 = '' OR p.id IN (SELECT t.project_id FROM project_terms t WHERE t.kind = 'area' AND t.code = $9))
           AND ($10 = '' OR p.search_text LIKE $10 ESCAPE '!')
           AND ($11 = '' OR p.search_text LIKE $11 ESCAPE '!')
           AND ($12 = '' OR p.search_text LIKE $12 ESCAPE '!')
           AND ($13 = '' OR p.search_text LIKE $13 ESCAPE '!')
           AND ($14 = '' OR p.search_text LIKE $14 ESCAPE '!')
           AND ($15 = '' OR p.search_text LIKE $15 ESCAPE '!')
         ORDER BY p.number",
    )
    .bind(&filter.state)
    .bind(&filter.round_id)
    .bind(&filter.organisation_id)
    .bind(&filter.coalition_id)
    .bind(&filter.sector)
    .bind(&filter.method)
    .bind(&filter.theme)
    .bind(&filter.tag)
    .bind(&filter.area);
    for at in 0..MOST_WORDS {
        query = query.bind(filter.words.get(at).map_or_else(String::new, |word| pattern(word)));
    }
    query.fetch_all(conn).await
}

pub async fn terms(conn: &mut Conn) -> Result<Vec<Term>, sqlx::Error> {
    sqlx::query_as("SELECT kind, code, name_nl, name_en FROM terms ORDER BY kind, name_nl").fetch_all(conn).await
}

pub async fn terms_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Term>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.kind, t.code, t.name_nl, t.name_en FROM project_terms p
         JOIN terms t ON t.kind = p.kind AND t.code = p.code WHERE p.project_id = $1 ORDER BY t.kind, t.name_nl",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn planning(conn: &mut Conn, project_id: &str) -> Result<Vec<PlanningStep>, sqlx::Error> {
    sqlx::query_as("SELECT text_nl, text_en FROM planning_steps WHERE project_id = $1 ORDER BY position")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn budget(conn: &mut Conn, project_id: &str) -> Result<Vec<BudgetLine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT label_nl, label_en, minimum_cents, full_cents FROM budget_lines WHERE project_id = $1 ORDER BY position",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// Those that did not say no.
pub async fn partners(conn: &mut Conn, project_id: &str) -> Result<Vec<Partner>, sqlx::Error> {
    sqlx::query_as(
        "SELECT w.organisation_id, w.share_percent FROM project_partners w LEFT JOIN share_refusals r
             ON r.project_id = w.project_id AND r.organisation_id = w.organisation_id AND r.asked = w.asked
         WHERE w.project_id = $1 AND r.kind IS NULL ORDER BY w.position",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn put_term(tx: &mut Tx, term: &Term) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO terms (kind, code, name_nl, name_en) VALUES ($1, $2, $3, $4) ON CONFLICT (kind, code) DO NOTHING",
    )
    .bind(term.kind)
    .bind(&term.code)
    .bind(&term.name_nl)
    .bind(&term.name_en)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes the row of a project; what belongs to it follows with the functions below.
pub async fn insert(tx: &mut Tx, new: &NewProject) -> Result<(), sqlx::Error> {
    let p = &new.project;
    sqlx::query(
        "INSERT INTO projects (id, slug, number, organisation_id, coalition_id, round_id, state, title_nl, title_en, aim_nl,
             aim_en, text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_id, picture_alt_nl, picture_alt_en, example, search_text,
             created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
             $25, $26, $27, $28)",
    )
    .bind(&p.id)
    .bind(&p.slug)
    .bind(p.number)
    .bind(&p.organisation_id)
    .bind(&p.coalition_id)
    .bind(&p.round_id)
    .bind(p.state)
    .bind(&p.title_nl)
    .bind(&p.title_en)
    .bind(&p.aim_nl)
    .bind(&p.aim_en)
    .bind(&p.text_nl)
    .bind(&p.text_en)
    .bind(&p.target_group_nl)
    .bind(&p.target_group_en)
    .bind(p.participants_target)
    .bind(p.impact)
    .bind(p.threshold)
    .bind(&p.start_day)
    .bind(p.months)
    .bind(&p.contact)
    .bind(&p.picture_id)
    .bind(&p.picture_alt_nl)
    .bind(&p.picture_alt_en)
    .bind(p.example)
    .bind(&new.search_text)
    .bind(p.created_at)
    .bind(p.updated_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn add_term(tx: &mut Tx, project_id: &str, kind: TermKind, code: &str) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO project_terms (project_id, kind, code) VALUES ($1, $2, $3)")
        .bind(project_id)
        .bind(kind)
        .bind(code)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn add_step(tx: &mut Tx, project_id: &str, position: i64, step: &PlanningStep) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO planning_steps (project_id, position, text_nl, text_en) VALUES ($1, $2, $3, $4)")
        .bind(project_id)
        .bind(position)
        .bind(&step.text_nl)
        .bind(&step.text_en)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn add_budget_line(
    tx: &mut Tx,
    project_id: &str,
    position: i64,
    line: &BudgetLine,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO budget_lines (project_id, position, label_nl, label_en, minimum_cents, full_cents)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(project_id)
    .bind(position)
    .bind(&line.label_nl)
    .bind(&line.label_en)
    .bind(line.minimum_cents)
    .bind(line.full_cents)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn add_partner(tx: &mut Tx, project_id: &str, position: i64, partner: &Partner) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO project_partners (project_id, organisation_id, position, share_percent) VALUES ($1, $2, $3, $4)",
    )
    .bind(project_id)
    .bind(&partner.organisation_id)
    .bind(position)
    .bind(partner.share_percent)
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
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
         submissions_at, valuation_at, selling_at, closes_at, settled_at) VALUES ('rnd_1', 1, '', '', 'settled', 100, 500, '', '', '2026-01-01T00:00:00.000Z',
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
