//! The letters to the owners about a valuation: listed, rejected, and what became of their answer.

use crate::features::projects;
use crate::features::valuations::{Verdict, results};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};

/// The kinds written here; their cause is a result.
pub const KINDS: [&str; 4] = ["valuation_listed", "valuation_rejected", "valuation_upheld", "valuation_reopened"];

/// Writes one letter.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let lang = letter.language;
    let result = results::get(conn, &letter.cause_id).await?;
    let project = projects::actions::get(conn, &result.project_id).await?;
    let t = |key: &str| texts::text(lang, key);
    let title = project.title(lang).to_owned();
    let until = result.answer_until().map_or_else(String::new, |until| until.show_moment(lang));
    let args = [("title", title.clone()), ("date", until)];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let mut facts = vec![(t("pledge-for"), title)];
    if result.verdict == Verdict::Listed {
        facts.push((t("valuation-impact"), format!("{} Rikx", result.impact.show(lang))));
        facts.push((t("valuation-threshold"), format!("{} Rikx", result.threshold.show(lang))));
    }
    let answers = results::answers_of(conn, &project.id).await?;
    let is_about_answer = matches!(letter.kind.as_str(), "valuation_upheld" | "valuation_reopened");
    let answer = answers.iter().find(|answer| is_about_answer && answer.result_id == result.id);
    let reason = answer.map_or_else(|| result.reason(lang).to_owned(), |answer| answer.reason(lang).to_owned());
    facts.push((t("valuation-reasons"), reason));
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("valuation-open-studio"), s.url(&format!("/{lang}/studio/projects/{}/valuation", project.slug)))
        .why(t("payouts-letter-why"))
        .draft(s)
        .map(Some)
}
