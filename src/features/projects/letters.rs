//! The letters about shares of a joint project: to a partner's owners, which share they are asked to agree to; to the project's owners,
//! that a partner said no.

use crate::features::organisations;
use crate::features::projects::shares::Share;
use crate::features::projects::{actions, shares};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here; their cause is project, organisation and which question to it.
pub const KINDS: [&str; 3] = ["share_asked", "share_refused", "share_left"];

/// Writes one letter.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let mut parts = letter.cause_id.split('/');
    let (project_id, organisation_id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let asked: i64 = parts.next().unwrap_or_default().parse().map_err(Error::broken)?;
    if letter.kind == "share_asked" {
        question(s, conn, letter, (project_id, organisation_id, asked)).await
    } else {
        no(s, conn, letter, (project_id, organisation_id, asked)).await
    }
}

/// That a partner takes no part (any more), with its reason.
async fn no(
    s: &Services,
    conn: &mut Conn,
    letter: &Due,
    (project_id, organisation_id, asked): (&str, &str, i64),
) -> Result<Option<Draft>> {
    let reason = shares::reason(conn, project_id, organisation_id, asked).await?;
    let reason = reason.ok_or_else(|| Error::broken(format!("nobody said no to {}", letter.cause_id)))?;
    let project = actions::get(conn, project_id).await?;
    let lead = organisations::actions::get(conn, &project.organisation_id).await?;
    let partner = organisations::actions::get(conn, organisation_id).await?;
    let lang = letter.language;
    let args = [("title", project.title(lang).to_owned()), ("partner", partner.name), ("organisation", lead.name)];
    let kind = letter.kind.replace('_', "-");
    let say = |part: &str| texts::text_with(lang, &format!("letter-{kind}-{part}"), &args);
    let mut writing = Writing::new(lang, Stream::Money, say("subject")).say(say("text"));
    if !reason.is_empty() {
        writing = writing.facts(vec![(texts::text(lang, "shares-reason-given"), reason)]);
    }
    writing
        .say(texts::text(lang, "letter-share-no-next"))
        .button(
            texts::text(lang, "letter-share-no-button"),
            s.url(&format!("/{lang}/studio/projects/{}/shares", project.slug)),
        )
        .why(texts::text_with(lang, "organisation-letter-why", &args))
        .draft(s)
        .map(Some)
}

/// Nothing when the share is agreed to, refused, or another by now.
async fn question(
    s: &Services,
    conn: &mut Conn,
    letter: &Due,
    (project_id, organisation_id, asked): (&str, &str, i64),
) -> Result<Option<Draft>> {
    let share = shares::share_of(conn, project_id, organisation_id).await?;
    let is_open = |share: &Share| share.agreed == 0 && share.refusal.is_none() && share.asked == asked;
    let Some(share) = share.filter(is_open) else { return Ok(None) };
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
    let url = s.url(&format!("/{lang}/studio/organisations/{}/shares/{}", partner.slug, project.slug));
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .button(say("button"), url)
        .why(texts::text_with(lang, "organisation-letter-why", &args))
        .draft(s)
        .map(Some)
}
