//! The letter about a loss: to the owners of the project and to the treasurers.

use crate::features::payments::disputes;
use crate::features::{pledges, projects};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kind written here; its cause is a dispute.
pub const LOSS: &str = "dispute_loss";

/// Writes it.
///
/// # Errors
/// The database, or a letter that cannot be made.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let dispute = disputes::get(conn, &letter.cause_id).await?;
    let pledge = pledges::actions::get(conn, &dispute.pledge_id).await?;
    let project = projects::actions::get(conn, &dispute.project_id).await?;
    let lang = letter.language;
    let title = project.title(lang).to_owned();
    let amount = dispute.amount.show(lang);
    let args = [("title", title.clone()), ("amount", amount.clone())];
    let t = |key: &str| texts::text(lang, key);
    let facts = vec![
        (t("pledge-reference"), pledge.reference.clone()),
        (t("pledge-for"), title),
        (t("dispute-amount"), amount),
        (t("dispute-opened"), dispute.opened_at.show_date(lang)),
    ];
    Writing::new(lang, Stream::Money, texts::text_with(lang, "letter-dispute_loss-subject", &args))
        .say(texts::text_with(lang, "letter-dispute_loss-text", &args))
        .facts(facts)
        .button(t("letter-dispute_loss-open"), s.url(&format!("/{lang}/projects/{}/books", project.slug)))
        .why(t("letter-dispute_loss-why"))
        .draft(s)
        .map(Some)
}
