//! Which noun writes which letter. All letters of a lease come at once; those that share a cause are written together.

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::features::users::{self, User};
use crate::features::{
    backing, calendar, consents, desk, organisations, outcomes, payments, payouts, plans, privacy, projects, results,
    terminations, updates, valuations, verifications, withdrawals,
};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::Draft;

/// Writes the letters of a lease, in their order: the outbox's [`crate::infra::mail::Render`].
pub fn render<'a>(services: &'a Services, letters: &'a [Due]) -> BoxFuture<'a, Vec<Result<Option<Draft>>>> {
    async move {
        let mut drafts = Vec::with_capacity(letters.len());
        for together in letters.chunk_by(are_written_together) {
            // nobody is there any more to read it
            if together.iter().all(is_to_nobody) {
                drafts.extend(together.iter().map(|_| Ok(None)));
                continue;
            }
            let written = match services.db.read().await {
                Ok(mut conn) => render_some(services, &mut conn, together).await,
                Err(error) => Err(error.into()),
            };
            match written {
                Ok(written) => drafts.extend(written),
                Err(error) => drafts.extend(together.iter().map(|_| Err(Error::broken(&error)))),
            }
        }
        drafts
    }
    .boxed()
}

/// Whether two letters can be written together: those of one cause, and all about money of pledges. Those to people who were erased stand
/// apart from the others.
fn are_written_together(a: &Due, b: &Due) -> bool {
    let are_alike = (is_of_pledge(a) && is_of_pledge(b)) || (a.kind == b.kind && a.cause_id == b.cause_id);
    are_alike && is_to_nobody(a) == is_to_nobody(b)
}

fn is_of_pledge(letter: &Due) -> bool {
    backing::letters::KINDS.contains(&letter.kind.as_str())
}

fn is_to_nobody(letter: &Due) -> bool {
    users::personal::is_erased(&letter.email)
}

/// Letters that can be written together.
async fn render_some(services: &Services, conn: &mut Conn, letters: &[Due]) -> Result<Vec<Result<Option<Draft>>>> {
    let of_one_cause = match letters.first().map(|letter| letter.kind.as_str()) {
        Some("update") => updates::letters::render_update(services, conn, letters).await?,
        Some(updates::digest::KIND) => updates::digest_letters::render(services, conn, letters).await?,
        Some("tranche_told") => updates::letters::render_tranche(services, conn, letters).await?,
        Some(kind) if backing::letters::KINDS.contains(&kind) => {
            return backing::letters::render_each(services, conn, letters).await;
        }
        _ => {
            let mut drafts = Vec::with_capacity(letters.len());
            for letter in letters {
                drafts.push(render_one(services, conn, letter).await);
            }
            return Ok(drafts);
        }
    };
    Ok(of_one_cause.into_iter().map(Ok).collect())
}

/// One letter by its kind. Every kind that is ever queued stands here or in [`render_some`].
async fn render_one(services: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    match letter.kind.as_str() {
        kind if backing::claim_letters::KINDS.contains(&kind) => {
            backing::claim_letters::render(services, conn, letter).await
        }
        kind if organisations::letters::KINDS.contains(&kind) => {
            organisations::letters::render(services, conn, letter).await
        }
        kind if projects::letters::KINDS.contains(&kind) => projects::letters::render(services, conn, letter).await,
        kind if payouts::letters::KINDS.contains(&kind) => payouts::letters::render(services, conn, letter).await,
        kind if plans::letters::KINDS.contains(&kind) => plans::letters::render(services, conn, letter).await,
        kind if valuations::letters::KINDS.contains(&kind) => valuations::letters::render(services, conn, letter).await,
        kind if calendar::letters::KINDS.contains(&kind) => calendar::letters::render(services, conn, letter).await,
        kind if results::letters::KINDS.contains(&kind) => results::letters::render(services, conn, letter).await,
        kind if verifications::letters::KINDS.contains(&kind) => {
            verifications::letters::render(services, conn, letter).await
        }
        outcomes::reminders::WAVE_DUE => outcomes::letters::render(services, conn, letter).await,
        desk::letters::REMINDER => desk::letters::render(services, conn, letter).await,
        terminations::letters::STOPPED => terminations::letters::render(services, conn, letter).await,
        consents::letters::ASKED => consents::letters::render(services, conn, letter).await,
        privacy::letters::ASKED => privacy::letters::render(services, conn, letter).await,
        withdrawals::letters::TAKEN_BACK => withdrawals::letters::render(services, conn, letter).await,
        payments::letters::LOSS => payments::letters::render(services, conn, letter).await,
        kind if backing::transfer::KINDS.contains(&kind) => backing::transfer::render(services, conn, letter).await,
        kind if users::letters::KINDS.contains(&kind) => {
            let user = User {
                id: letter.user_id.clone(),
                email: letter.email.clone(),
                name: letter.name.clone(),
                language: letter.language,
            };
            let (kind, cause, secret) = (&letter.kind, &letter.cause_id, &letter.secret);
            users::letters::render(services, conn, kind, cause, &user, letter.language, secret).await
        }
        "follow_confirm" => updates::letters::render_follow_confirm(services, conn, letter).await,
        kind => Err(Error::broken(format!("nobody writes letters of the kind {kind}"))),
    }
}
