//! The letters to the owners of a plan: it was handed in, it came back, it goes to the experts.

use crate::features::plans::{CommentState, actions, field_name};
use crate::features::{projects, rounds};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here; their cause is a version.
pub const KINDS: [&str; 3] = ["plan_submitted", "plan_returned", "plan_accepted"];

/// Writes one letter.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let version = actions::version(conn, &letter.cause_id).await?;
    let project = projects::actions::get(conn, &version.project_id).await?;
    let round = rounds::actions::get(conn, &project.round_id).await?;
    let args = [("title", project.title(lang).to_owned()), ("day", round.valuation_at.show_moment(lang))];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let mut writing = Writing::new(lang, Stream::Money, say("subject")).say(say("text")).facts(vec![
        (t("plans-plan"), project.title(lang).to_owned()),
        (t("studio-round"), round.title(lang).to_owned()),
        (t("plans-version"), version.number.to_string()),
    ]);
    if letter.kind == "plan_returned" {
        let comments = actions::comments(conn, &project.id).await?;
        let sent = comments.into_iter().filter(|c| c.version == version.number && c.state != CommentState::Written);
        writing = writing.facts(sent.map(|comment| (field_name(lang, comment.field), comment.text)).collect());
    }
    writing
        .button(t("plans-open"), s.url(&format!("/{lang}/studio/projects/{}/plan", project.slug)))
        .why(t("plans-letter-why"))
        .draft(s)
        .map(Some)
}
