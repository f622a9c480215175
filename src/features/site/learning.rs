//! What coalitions want to find out, and what their projects learned.

use askama::Template;
use axum::extract::State;

use crate::features::organisations::{Coalition, CoalitionKind, actions as organisations};
use crate::features::updates::answers::{self, Answer};
use crate::infra::web::{Answer as Page, Ctx};
use crate::infra::{Services, markdown};
use crate::values::{Lang, Timestamp};

/// How much of an answer stands on the page, in characters.
const EXCERPT: usize = 240;

/// An answer as it is listed.
struct Learned {
    title: String,
    url: String,
    project: String,
    excerpt: String,
    /// The language it is written in.
    lang: Lang,
    at: Option<Timestamp>,
}

/// A question with what was learned about it.
struct Asked {
    /// Its anchor.
    id: String,
    text: String,
    learned: Vec<Learned>,
}

struct Group {
    coalition: Coalition,
    questions: Vec<Asked>,
}

#[derive(Template)]
#[template(path = "site/learning.html")]
struct Learning<'a> {
    ctx: &'a Ctx,
    groups: Vec<Group>,
}

/// `/{lang}/learning`
pub async fn show(ctx: Ctx, State(s): State<Services>) -> Page {
    let mut conn = s.db.read_public().await?;
    let steps = organisations::steps(&mut conn, "").await?;
    let answers = answers::all(&mut conn).await?;
    let mut groups = Vec::new();
    for coalition in organisations::coalitions(&mut conn).await? {
        if coalition.kind != CoalitionKind::Learning {
            continue;
        }
        let own = answers.iter().filter(|answer| answer.question.coalition_id == coalition.id);
        let mut texts: Vec<(String, String)> = steps
            .iter()
            .filter(|step| step.coalition_id == coalition.id)
            .map(|step| (step.text_nl.clone(), step.text(ctx.lang).to_owned()))
            .collect();
        // what was asked earlier stays with its answers
        for answer in own.clone() {
            if !texts.iter().any(|(nl, _)| *nl == answer.question.text_nl) {
                texts.push((answer.question.text_nl.clone(), answer.question.text(ctx.lang).to_owned()));
            }
        }
        let asked = (1..).zip(texts).map(|(at, (nl, text)): (i64, _)| Asked {
            id: format!("{}-{at}", coalition.slug),
            learned: own
                .clone()
                .filter(|answer| answer.question.text_nl == nl)
                .map(|answer| learned(&ctx, answer))
                .collect(),
            text,
        });
        let questions = asked.collect();
        groups.push(Group { coalition, questions });
    }
    ctx.page(&Learning { groups, ctx: &ctx })
}

fn learned(ctx: &Ctx, answer: &Answer) -> Learned {
    let is_nl = if ctx.lang == Lang::Nl { !answer.title_nl.is_empty() } else { answer.title_en.is_empty() };
    let (title, body) = if is_nl { (&answer.title_nl, &answer.body_nl) } else { (&answer.title_en, &answer.body_en) };
    Learned {
        title: title.clone(),
        url: ctx.path(&format!("/projects/{}/updates/{}", answer.slug, answer.number)),
        project: ctx.either(&answer.project_nl, &answer.project_en).to_owned(),
        excerpt: excerpt(&markdown::plain(body)),
        lang: if is_nl { Lang::Nl } else { Lang::En },
        at: answer.published_at,
    }
}

/// The beginning of a text, ended at a word.
fn excerpt(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= EXCERPT {
        return text;
    }
    let begun: String = text.chars().take(EXCERPT).collect();
    let whole = begun.rsplit_once(' ').map_or(begun.as_str(), |(whole, _)| whole);
    format!("{whole} \u{2026}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_at_a_word() {
        assert_eq!(excerpt("kort  verhaal\n"), "kort verhaal");
        let long = excerpt(&"woorden ".repeat(60));
        assert!(long.ends_with("woorden \u{2026}") && long.chars().count() <= EXCERPT + 2, "{long}");
    }
}
