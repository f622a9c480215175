//! The letter of a digest: per project the title and the first words of each update, with the way to the whole of it.

use std::collections::HashMap;

use crate::features::projects::{self, Project};
use crate::features::updates::digest::Gathered;
use crate::features::updates::rhythm::digest_path;
use crate::features::updates::store::digest as store;
use crate::features::updates::{Update, actions};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, markdown, texts};
use crate::values::Lang;

/// So much of an update stands in a digest, in characters.
const EXCERPT: usize = 220;

/// The digests of one period for many receivers; nothing for whom nothing is left.
pub async fn render(s: &Services, conn: &mut Conn, letters: &[Due]) -> Result<Vec<Option<Draft>>> {
    let Some(cause) = letters.first().map(|letter| letter.cause_id.as_str()) else { return Ok(Vec::new()) };
    let first = letters.iter().map(|letter| letter.user_id.as_str()).min().unwrap_or_default();
    let last = letters.iter().map(|letter| letter.user_id.as_str()).max().unwrap_or_default();
    let gathered = store::gathered_between(conn, cause, first, last).await?;
    let (mut told, mut known): (HashMap<&str, Vec<&Gathered>>, _) = (HashMap::new(), Known::default());
    for item in &gathered {
        known.learn(conn, item).await?;
        told.entry(&item.user_id).or_default().push(item);
    }
    let mut drafts = Vec::with_capacity(letters.len());
    for letter in letters {
        let items = told.get(letter.user_id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let sections = known.sections(items);
        let url = s.url(&digest_path(&s.keys, &letter.user_id));
        let draft = (!sections.is_empty()).then(|| write(s, letter.language, &sections, url));
        drafts.push(draft.transpose()?);
    }
    Ok(drafts)
}

/// The updates and projects of some digests, each read once.
#[derive(Default)]
struct Known {
    projects: HashMap<String, Project>,
    updates: HashMap<String, Update>,
}

/// A project and what it told.
type Section<'a> = (&'a Project, Vec<&'a Update>);

impl Known {
    async fn learn(&mut self, conn: &mut Conn, item: &Gathered) -> Result<()> {
        if !self.updates.contains_key(&item.update_id) {
            self.updates.insert(item.update_id.clone(), actions::get(conn, &item.update_id).await?);
        }
        if !self.projects.contains_key(&item.project_id) {
            let project = projects::actions::get(conn, &item.project_id).await?;
            self.projects.insert(item.project_id.clone(), project);
        }
        Ok(())
    }

    /// What is told, by project; a project that is not public any more is left out.
    fn sections(&self, items: &[&Gathered]) -> Vec<Section<'_>> {
        let of = |same: &[&Gathered]| {
            let project = self.projects.get(&same[0].project_id).filter(|project| project.state.is_public())?;
            Some((project, same.iter().filter_map(|item| self.updates.get(&item.update_id)).collect()))
        };
        items.chunk_by(|a, b| a.project_id == b.project_id).filter_map(of).collect()
    }
}

fn write(s: &Services, lang: Lang, sections: &[Section<'_>], url: String) -> Result<Draft> {
    let t = |key: &str| texts::text(lang, key);
    let count: usize = sections.iter().map(|(_, updates)| updates.len()).sum();
    let counted = |key: &str| texts::text_with(lang, key, &[("count", count.to_string())]);
    let subject = match sections {
        [(project, updates)] if count == 1 => format!("{}: {}", project.title(lang), updates[0].title(lang)),
        _ => counted("digest-subject"),
    };
    let mut writing =
        Writing::new(lang, Stream::Updates, subject).heading(t("digest-title")).say(counted("digest-lead"));
    for (project, updates) in sections {
        writing = writing.section(project.title(lang).to_owned());
        for update in updates {
            let url = s.url(&format!("/{lang}/projects/{}/updates/{}", project.slug, update.number));
            let mut words = excerpt(&markdown::plain(update.body(lang)));
            if update.lang_for(lang) != lang {
                words = format!("{} {words}", t("updates-mail-other-language"));
            }
            writing = writing.item(update.title(lang).to_owned(), words, url);
        }
    }
    writing.why(t("digest-why")).list("digest".to_owned(), url).draft(s)
}

/// The first words, in one line, cut between words.
fn excerpt(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.chars().count() + 1 + word.chars().count() > EXCERPT {
            out = if out.is_empty() { word.chars().take(EXCERPT).collect() } else { out };
            out.push('…');
            return out;
        }
        out.extend((!out.is_empty()).then_some(' '));
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_whole_words() {
        assert_eq!(excerpt("Het  gaat\n\ngoed."), "Het gaat goed.");
        let long = excerpt(&"woord ".repeat(100));
        assert!(long.ends_with("woord…") && long.chars().count() <= EXCERPT + 1, "{long}");
        assert_eq!(excerpt(&"é".repeat(300)).chars().count(), EXCERPT + 1);
    }
}
