//! The letter to a partner's owners: which share of a joint project they are asked to agree to.

use crate::features::organisations;
use crate::features::projects::{actions, shares};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kind written here; its cause is project, organisation and how often the share was set.
pub const SHARE_ASKED: &str = "share_asked";

/// Writes the letter; nothing when the share is agreed to, or another by now.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let mut parts = letter.cause_id.split('/');
    let (project_id, organisation_id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let asked = parts.next().unwrap_or_default();
    let shares = shares::of_project(conn, project_id).await?;
    let share = shares.iter().find(|share| share.organisation_id == organisation_id);
    let Some(share) = share.filter(|share| share.agreed == 0 && share.asked.to_string() == asked) else {
        return Ok(None);
    };
    let project = actions::get(conn, project_id).await?;
    let lead = organisations::actions::get(conn, &project.organisation_id).await?;
    let partner = organisations::actions::get(conn, organisation_id).await?;
    let lang = letter.language;
    let args = [
        ("title", project.title(lang).to_owned()),
        ("lead", lead.name.clone()),
        ("organisation", partner.name.clone()),
        ("percent", share.share_percent.to_string()),
    ];
    let say = |part: &str| texts::text_with(lang, &format!("letter-share-asked-{part}"), &args);
    let url = s.url(&format!("/{lang}/studio/organisations/{}", partner.slug));
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .button(say("button"), url)
        .why(texts::text_with(lang, "organisation-letter-why", &args))
        .draft(s)
        .map(Some)
}
