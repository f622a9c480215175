//! The letters to followers: updates, money that moved, and the confirmation of a follow.

use std::collections::HashMap;

use crate::features::organisations;
use crate::features::payouts::{self, Tranche, TrancheState};
use crate::features::projects::{self, Project};
use crate::features::updates::{Audience, Update, UpdateState, actions, store, token, unsubscribe_path};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::shared::Shared;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, markdown, texts};
use crate::values::{Cents, Lang};

/// An update for many receivers.
pub async fn render_update(s: &Services, conn: &mut Conn, letters: &[Due]) -> Result<Vec<Option<Draft>>> {
    let Some(first) = letters.first() else { return Ok(Vec::new()) };
    let update = actions::get(conn, &first.cause_id).await?;
    if update.state != UpdateState::Published {
        return Ok(vec![None; letters.len()]);
    }
    let project = projects::actions::get(conn, &update.project_id).await?;
    to_followers(s, conn, &project, update.audience, letters, |lang| write_update(s, &project, &update, lang)).await
}

/// That money of a project moved, for many receivers at once: its backers who want to hear of it. Nothing when it came back since.
pub async fn render_tranche(s: &Services, conn: &mut Conn, letters: &[Due]) -> Result<Vec<Option<Draft>>> {
    let Some(first) = letters.first() else { return Ok(Vec::new()) };
    let tranche = payouts::actions::get(conn, &first.cause_id).await?;
    if tranche.state != TrancheState::Confirmed {
        return Ok(vec![None; letters.len()]);
    }
    let project = projects::actions::get(conn, &tranche.project_id).await?;
    let receiver = organisations::actions::get(conn, &tranche.organisation_id).await?.name;
    let (label_nl, label_en) = payouts::actions::label_of(conn, &tranche.decision_id).await?;
    let write = |lang: Lang| {
        let label = if lang == Lang::En && !label_en.is_empty() { &label_en } else { &label_nl };
        write_tranche(s, &project, &tranche, &receiver, label, lang)
    };
    to_followers(s, conn, &project, Audience::Everybody, letters, write).await
}

fn write_tranche(
    s: &Services,
    project: &Project,
    tranche: &Tranche,
    receiver: &str,
    label: &str,
    lang: Lang,
) -> Writing {
    let args = [
        ("project", project.title(lang).to_owned()),
        ("amount", tranche.amount.show(lang)),
        ("organisation", receiver.to_owned()),
    ];
    let say = |key: &str| texts::text_with(lang, key, &args);
    let t = |key: &str| texts::text(lang, key);
    let mut facts =
        vec![(t("settlement-amount"), tranche.amount.show(lang)), (t("payouts-receiver"), receiver.to_owned())];
    facts.extend((tranche.fee > Cents::ZERO).then(|| (t("fee-label"), tranche.fee.show(lang))));
    facts.extend(tranche.finished_at.map(|at| (t("payplan-paid-on"), at.show_date(lang))));
    facts.extend((!label.is_empty()).then(|| (t("payplan-part"), label.to_owned())));
    Writing::new(lang, Stream::Updates, say("letter-tranche-told-subject"))
        .say(say("letter-tranche-told-text"))
        .facts(facts)
        .button(say("letter-tranche-told-button"), s.url(&format!("/{lang}/projects/{}/books", project.slug)))
        .why(say("updates-mail-why"))
}

/// A letter for many receivers: written once per language, then addressed to each. Who ended the follow meanwhile gets none; what is for
/// everybody goes to those who follow.
async fn to_followers(
    s: &Services,
    conn: &mut Conn,
    project: &Project,
    audience: Audience,
    letters: &[Due],
    write: impl Fn(Lang) -> Writing,
) -> Result<Vec<Option<Draft>>> {
    let Some(first) = letters.first() else { return Ok(Vec::new()) };
    let (from, to) = letters.iter().fold((first.user_id.as_str(), first.user_id.as_str()), |(from, to), letter| {
        (from.min(&letter.user_id), to.max(&letter.user_id))
    });
    let follows: HashMap<String, String> = match audience {
        Audience::Everybody => store::followers_between(conn, &project.id, from, to).await?,
        Audience::Backers => store::not_ended_between(conn, &project.id, from, to).await?,
    }
    .into_iter()
    .collect();
    let mut written: Vec<(Lang, Shared)> = Vec::new();
    let mut drafts = Vec::with_capacity(letters.len());
    for letter in letters {
        let Some(follow_id) = follows.get(&letter.user_id) else {
            drafts.push(None);
            continue;
        };
        let url = s.url(&unsubscribe_path(&s.keys, follow_id));
        let same = |(lang, shared): &(Lang, Shared)| *lang == letter.language && shared.fits(&url);
        let at = match written.iter().position(same) {
            Some(at) => at,
            None => {
                written.push((letter.language, shared(s, project, write(letter.language), url.len())?));
                written.len() - 1
            }
        };
        drafts.push(Some(written[at].1.for_one(url)));
    }
    Ok(drafts)
}

/// A letter with a mark where the receiver's own address to unsubscribe will stand.
fn shared(s: &Services, project: &Project, writing: Writing, length: usize) -> Result<Shared> {
    let mark = Shared::mark(length);
    let list = format!("{}.updates", project.slug);
    Ok(Shared::of(writing.list(list, mark.clone()).draft(s)?, mark))
}

/// The letter of an update in the receiver's language; the text falls back to the language there is.
fn write_update(s: &Services, project: &Project, update: &Update, lang: Lang) -> Writing {
    let t = |key: &str| texts::text(lang, key);
    let project_title = project.title(lang);
    let with_project = |key: &str| texts::text_with(lang, key, &[("project", project_title.to_owned())]);
    let path = format!("/{lang}/projects/{}/updates/{}", project.slug, update.number);
    let is_message = update.audience == Audience::Backers;
    let subject = format!("{project_title}: {}", update.title(lang));
    let mut writing = Writing::new(lang, Stream::Updates, subject)
        .say(with_project(if is_message { "updates-mail-to-backers" } else { "updates-mail-from" }))
        .heading(update.title(lang).to_owned());
    if update.lang_for(lang) != lang {
        writing = writing.say(t("updates-mail-other-language"));
    }
    let body = update.body(lang);
    writing = writing.markup(markdown::html(body, 1), markdown::plain(body));
    if is_message {
        return writing.why(with_project("updates-mail-why-backer"));
    }
    let read = if update.picture_id.is_some() { "updates-mail-read-with-picture" } else { "updates-mail-read" };
    writing.button(t(read), s.url(&path)).why(with_project("updates-mail-why"))
}

/// The letter that asks to confirm a follow; `None` when it is confirmed meanwhile.
pub async fn render_follow_confirm(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let follow_id = letter.cause_id.split('/').next().unwrap_or_default();
    let Some(follow) = store::follow_by_id(conn, follow_id).await? else { return Ok(None) };
    if follow.is_active() && !store::reminder_waits(conn, &follow.id).await? {
        return Ok(None);
    }
    let project = projects::actions::get(conn, &follow.project_id).await?;
    let lang = letter.language;
    let with_project = |key: &str| texts::text_with(lang, key, &[("project", project.title(lang).to_owned())]);
    let url = s.url(&format!("/{lang}/follow/{}", token(&s.keys, "follow", &follow.id)));
    Writing::new(lang, Stream::Money, with_project("follow-mail-subject"))
        .say(with_project("follow-mail-asked"))
        .button(texts::text(lang, "follow-mail-button"), url)
        .say(texts::text(lang, "follow-mail-not-you"))
        .why(with_project("follow-mail-why"))
        .draft(s)
        .map(Some)
}
