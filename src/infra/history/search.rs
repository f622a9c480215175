//! Looking something up in the log.

use sqlx::FromRow;

use crate::infra::db::Conn;
use crate::infra::history::Action;
use crate::values::Timestamp;

/// An entry of the log.
#[derive(Debug, Clone, FromRow)]
pub struct Logged {
    pub id: String,
    pub subject: String,
    pub subject_id: String,
    pub from_state: String,
    pub to_state: String,
    pub actor: String,
    pub reason: String,
    pub at: Timestamp,
    pub action: Action,
    pub role: String,
    pub factor: String,
    pub network: String,
    pub device: String,
    pub request: String,
}

/// The columns of an entry that may not be there.
#[derive(FromRow)]
pub(super) struct Row {
    id: Option<String>,
    subject: Option<String>,
    subject_id: Option<String>,
    from_state: Option<String>,
    to_state: Option<String>,
    actor: Option<String>,
    reason: Option<String>,
    at: Option<Timestamp>,
    action: Option<Action>,
    role: Option<String>,
    factor: Option<String>,
    network: Option<String>,
    device: Option<String>,
    request: Option<String>,
}

impl Row {
    /// The entry, when it is there.
    pub(super) fn whole(self) -> Option<Logged> {
        Some(Logged {
            id: self.id?,
            subject: self.subject?,
            subject_id: self.subject_id?,
            from_state: self.from_state?,
            to_state: self.to_state?,
            actor: self.actor?,
            reason: self.reason?,
            at: self.at?,
            action: self.action?,
            role: self.role?,
            factor: self.factor?,
            network: self.network?,
            device: self.device?,
            request: self.request?,
        })
    }
}

/// What is looked for; what is empty or absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A user's id, or a part of the program.
    pub actor: String,
    pub subject_id: String,
    pub action: Option<Action>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Stands somewhere in what was before, after, why, or in the kind of subject; small and capital letters of ASCII are the same.
    pub text: String,
}

impl Wanted {
    /// The text as a pattern in which its own signs stand for themselves.
    fn pattern(&self) -> String {
        if self.text.is_empty() {
            return String::new();
        }
        let text = self.text.to_ascii_lowercase();
        format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
    }
}

/// How many entries there are.
pub async fn count(conn: &mut Conn, wanted: &Wanted) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM state_changes
         WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR subject_id = $2) AND ($3 = '' OR action = $3)
             AND ($4 = '' OR at >= $4) AND ($5 = '' OR at < $5)
             AND ($6 = '' OR LOWER(reason) LIKE $6 ESCAPE '\\' OR LOWER(from_state) LIKE $6 ESCAPE '\\'
                 OR LOWER(to_state) LIKE $6 ESCAPE '\\' OR LOWER(subject) LIKE $6 ESCAPE '\\')",
    )
    .bind(&wanted.actor)
    .bind(&wanted.subject_id)
    .bind(wanted.action.map_or("", Action::as_str))
    .bind(wanted.from.map(|at| at.to_string()).unwrap_or_default())
    .bind(wanted.until.map(|at| at.to_string()).unwrap_or_default())
    .bind(wanted.pattern())
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// Some of them, the newest or the oldest first. Ids begin with the moment, so that either are found without looking at all.
pub async fn page(
    conn: &mut Conn,
    wanted: &Wanted,
    newest_first: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<Logged>, sqlx::Error> {
    macro_rules! ordered {
        ($by:literal) => {
            concat!(
                "SELECT id, subject, subject_id, from_state, to_state, actor, reason, at, action, role, factor, network, device,
                     request
                 FROM state_changes
                 WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR subject_id = $2) AND ($3 = '' OR action = $3)
                     AND ($4 = '' OR at >= $4) AND ($5 = '' OR at < $5)
                     AND ($6 = '' OR LOWER(reason) LIKE $6 ESCAPE '\\' OR LOWER(from_state) LIKE $6 ESCAPE '\\'
                         OR LOWER(to_state) LIKE $6 ESCAPE '\\' OR LOWER(subject) LIKE $6 ESCAPE '\\')
                 ORDER BY ",
                $by,
                " LIMIT $7 OFFSET $8"
            )
        };
    }
    sqlx::query_as(if newest_first { ordered!("id DESC") } else { ordered!("id") })
        .bind(&wanted.actor)
        .bind(&wanted.subject_id)
        .bind(wanted.action.map_or("", Action::as_str))
        .bind(wanted.from.map(|at| at.to_string()).unwrap_or_default())
        .bind(wanted.until.map(|at| at.to_string()).unwrap_or_default())
        .bind(wanted.pattern())
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await
}

/// How many things [`about`] takes at once.
pub const MOST_SUBJECTS: usize = 40;

/// How many entries there are about some things, at most [`MOST_SUBJECTS`].
pub async fn count_about(conn: &mut Conn, ids: &[&str]) -> Result<i64, sqlx::Error> {
    let mut query = sqlx::query_as(
        "SELECT COUNT(*) FROM state_changes
         WHERE subject_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)",
    );
    for place in 0..MOST_SUBJECTS {
        query = query.bind(ids.get(place).copied().unwrap_or("-").to_owned());
    }
    let (count,): (i64,) = query.fetch_one(conn).await?;
    Ok(count)
}

/// What happened to some things, at most [`MOST_SUBJECTS`], the newest first: changes of states and everything else.
pub async fn about(conn: &mut Conn, ids: &[&str], limit: i64, offset: i64) -> Result<Vec<Logged>, sqlx::Error> {
    let mut query = sqlx::query_as(
        "SELECT id, subject, subject_id, from_state, to_state, actor, reason, at, action, role, factor, network, device, request
         FROM state_changes
         WHERE subject_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)
         ORDER BY at DESC, id DESC LIMIT $41 OFFSET $42",
    );
    for place in 0..MOST_SUBJECTS {
        query = query.bind(ids.get(place).copied().unwrap_or("-").to_owned());
    }
    query.bind(limit).bind(offset).fetch_all(conn).await
}
