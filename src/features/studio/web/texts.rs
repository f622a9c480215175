//! The form for a project's texts. Impact value, threshold and budget are not in it: they stand as the experts fixed them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::plans::web::{Remark, remarks_for_owner};
use crate::features::projects::actions;
use crate::features::projects::guard::Editor;
use crate::features::projects::{Project, Refusal, Texts};
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::texts::text_with;
use crate::infra::web::form::PostedLong;
use crate::infra::web::{Answer, Ctx, Failure, Form};
use crate::values::Timestamp;
use crate::values::text::{many_lines, one_line};

/// A field of the form: its name, the most characters, whether it may not be empty.
struct Rule {
    name: &'static str,
    max_chars: usize,
    required: bool,
}

const fn rule(name: &'static str, max_chars: usize, required: bool) -> Rule {
    Rule { name, max_chars, required }
}

/// Dutch is required; where English is empty the page shows the Dutch text.
const RULES: [Rule; 9] = [
    rule("title_nl", 100, true),
    rule("title_en", 100, false),
    rule("aim_nl", 140, true),
    rule("aim_en", 140, false),
    rule("text_nl", 20_000, true),
    rule("text_en", 20_000, false),
    rule("target_group_nl", 200, true),
    rule("target_group_en", 200, false),
    rule("contact", 200, true),
];

#[derive(Template)]
#[template(path = "studio/texts.html")]
struct TextsPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    /// What is stored now where it differs from what was typed: pairs of the field and its text. Empty without a conflict.
    stored: Vec<(&'static str, String)>,
    may_change: bool,
    /// What reviewers say, when it is a plan.
    remarks: Vec<Remark>,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let form = filled(&own.project);
    let may_change = own.project.state.texts_may_change();
    let remarks = remarks_for_owner(&mut *s.db.read().await?, &own.project.id).await?;
    ctx.page(&TextsPage { ctx: &ctx, own: &own, form: &form, stored: Vec::new(), may_change, remarks })
}

fn filled(project: &Project) -> Form {
    let texts = Texts::of(project);
    let mut form = Form::with(&texts.fields());
    form.set("version", &project.updated_at.to_string());
    form
}

pub async fn save(ctx: Ctx, State(s): State<Services>, own: Editor, PostedLong(posted): PostedLong) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).chain(["version"]).collect();
    let mut form = posted.allow(&names)?;
    let version: Timestamp = form.value("version").parse().map_err(Failure::bad_request)?;
    let Some(texts) = read(&ctx, &mut form, own.project.state.plan_may_change()) else {
        let remarks = remarks_for_owner(&mut *s.db.read().await?, &own.project.id).await?;
        let page = TextsPage { ctx: &ctx, own: &own, form: &form, stored: Vec::new(), may_change: true, remarks };
        return ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let mut tx = s.db.begin().await?;
    match actions::save_texts(&mut tx, &own.project.id, version, &texts, &own.person.user.id, ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&own.studio_path("/texts"), "flash-studio-saved"))
        }
        Err(error) => {
            drop(tx);
            refused(&ctx, &s, &own, form, &texts, error).await
        }
    }
}

/// The form again, with what was typed and, where somebody else saved meanwhile, what is stored now. Saving again then replaces it
/// knowingly.
async fn refused(ctx: &Ctx, s: &Services, own: &Editor, mut form: Form, typed: &Texts, error: Error) -> Answer {
    let Some(refusal) = error.refusal::<Refusal>() else { return Err(error.into()) };
    form.refuse(ctx.lang, refusal);
    let mut conn = s.db.read().await?;
    let now = actions::get(&mut conn, &own.project.id).await?;
    let there = Texts::of(&now);
    let differing = there.differing(typed);
    let stored = there.fields().into_iter().filter(|(name, _)| differing.contains(name));
    let stored = stored.map(|(name, text)| (name, text.to_owned())).collect();
    form.set("version", &now.updated_at.to_string());
    let may_change = now.state.texts_may_change();
    let remarks = remarks_for_owner(&mut conn, &own.project.id).await?;
    ctx.page_with(StatusCode::CONFLICT, &TextsPage { ctx, own, form: &form, stored, may_change, remarks })
}

/// The texts that were typed; nothing when something is wrong, which then stands beside its field. A plan that is still being
/// written needs no more than a title.
fn read(ctx: &Ctx, form: &mut Form, is_draft: bool) -> Option<Texts> {
    let mut clean = RULES.iter().map(|rule| clean(ctx, form, rule, is_draft)).collect::<Vec<_>>().into_iter();
    let mut next = || clean.next().unwrap_or_default();
    let texts = Texts {
        title_nl: next(),
        title_en: next(),
        aim_nl: next(),
        aim_en: next(),
        text_nl: next(),
        text_en: next(),
        target_group_nl: next(),
        target_group_en: next(),
        contact: next(),
    };
    (!form.has_errors()).then_some(texts)
}

fn clean(ctx: &Ctx, form: &mut Form, rule: &Rule, is_draft: bool) -> String {
    let typed = form.value(rule.name);
    let lines = rule.name.starts_with("text_");
    let text = if lines { many_lines(typed, usize::MAX) } else { one_line(typed, usize::MAX) }.unwrap_or_default();
    let label = ctx.t(format!("studio-label-{}", rule.name));
    let length = text.chars().count();
    if length > rule.max_chars {
        let args =
            [("label", label), ("max", rule.max_chars.to_string()), ("over", (length - rule.max_chars).to_string())];
        form.fail(rule.name, text_with(ctx.lang, "studio-too-long", &args));
    } else if rule.required && text.is_empty() && (!is_draft || rule.name == "title_nl") {
        form.fail(rule.name, ctx.t1("studio-missing", "label", label));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_stand_in_the_order_of_the_texts() {
        let empty = String::new;
        let texts = Texts {
            title_nl: empty(),
            title_en: empty(),
            aim_nl: empty(),
            aim_en: empty(),
            text_nl: empty(),
            text_en: empty(),
            target_group_nl: empty(),
            target_group_en: empty(),
            contact: empty(),
        };
        let names: Vec<&str> = texts.fields().iter().map(|(name, _)| *name).collect();
        assert_eq!(RULES.iter().map(|rule| rule.name).collect::<Vec<_>>(), names);
    }
}
