//! Answers: an update that tells what was learned about a question of a learning coalition.
//!
//! The question is kept with the answer as it was asked: a coalition may write its questions anew, and what was answered stays.

use sqlx::FromRow;

use crate::features::organisations::{CoalitionKind, actions as organisations};
use crate::features::projects::Project;
use crate::features::updates::store;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::{Lang, Timestamp};

/// A question that an update may answer.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Question {
    pub coalition_id: String,
    #[sqlx(rename = "question_nl")]
    pub text_nl: String,
    #[sqlx(rename = "question_en")]
    pub text_en: String,
}

impl Question {
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.text_en.is_empty() => &self.text_en,
            _ => &self.text_nl,
        }
    }

    /// How a form names it.
    pub fn value(&self) -> String {
        format!("{}:{}", self.coalition_id, self.text_nl)
    }
}

/// A published update that answers a question, with its project.
#[derive(Debug, Clone, FromRow)]
pub struct Answer {
    #[sqlx(flatten)]
    pub question: Question,
    pub slug: String,
    pub project_nl: String,
    pub project_en: String,
    pub number: i64,
    pub title_nl: String,
    pub title_en: String,
    pub body_nl: String,
    pub body_en: String,
    pub published_at: Option<Timestamp>,
}

/// The questions that updates of this project may answer: those of the learning coalitions of its organisation.
pub async fn questions(conn: &mut Conn, project: &Project) -> Result<Vec<Question>> {
    let mut questions = Vec::new();
    for coalition in organisations::coalitions_of(conn, &project.organisation_id).await? {
        if coalition.kind == CoalitionKind::Learning {
            let steps = organisations::steps(conn, &coalition.id).await?;
            questions.extend(steps.into_iter().map(|step| Question {
                coalition_id: step.coalition_id,
                text_nl: step.text_nl,
                text_en: step.text_en,
            }));
        }
    }
    Ok(questions)
}

/// The question that an update answers.
pub async fn of_update(conn: &mut Conn, update_id: &str) -> Result<Option<Question>> {
    Ok(store::answers::of_update(conn, update_id).await?)
}

/// All answers on the site, the newest first.
pub async fn all(conn: &mut Conn) -> Result<Vec<Answer>> {
    Ok(store::answers::all(conn).await?)
}

/// Sets which question an update answers, if any.
pub(super) async fn set(tx: &mut Tx, update_id: &str, question: Option<&Question>) -> Result<()> {
    store::answers::delete(tx, update_id).await?;
    if let Some(question) = question {
        store::answers::insert(tx, update_id, question).await?;
    }
    Ok(())
}
