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
        for same in letters.chunk_by(shares_cause) {
            // nobody is there any more to read it
            if same.iter().all(|letter| users::personal::is_erased(&letter.email)) {
                drafts.extend(same.iter().map(|_| Ok(None)));
                continue;
            }
            let written = match services.db.read().await {
                Ok(mut conn) => render_same(services, &mut conn, same).await,
                Err(error) => Err(error.into()),
            };
            match written {
                Ok(written) => drafts.extend(written.into_iter().map(Ok)),
                Err(error) => drafts.extend(same.iter().map(|_| Err(Error::broken(&error)))),
            }
        }
        drafts
    }
    .boxed()
}

/// Whether two letters can be written together. Those to people who were erased stand apart from the others.
fn shares_cause(a: &Due, b: &Due) -> bool {
    let erased = |letter: &Due| users::personal::is_erased(&letter.email);
    a.kind == b.kind && a.cause_id == b.cause_id && erased(a) == erased(b)
}

/// Letters of one kind and cause.
async fn render_same(services: &Services, conn: &mut Conn, letters: &[Due]) -> Result<Vec<Option<Draft>>> {
    match letters.first().map(|letter| letter.kind.as_str()) {
        Some("update") => return updates::letters::render_update(services, conn, letters).await,
        Some(updates::digest::KIND) => return updates::digest_letters::render(services, conn, letters).await,
        Some("tranche_told") => return updates::letters::render_tranche(services, conn, letters).await,
        _ => {}
    }
    let mut drafts = Vec::with_capacity(letters.len());
    for letter in letters {
        drafts.push(render_one(services, conn, letter).await?);
    }
    Ok(drafts)
}

/// One letter by its kind. Every kind that is ever queued stands here or in [`render_same`].
async fn render_one(services: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    match letter.kind.as_str() {
        kind if backing::letters::KINDS.contains(&kind) => backing::letters::render(services, conn, letter).await,
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
