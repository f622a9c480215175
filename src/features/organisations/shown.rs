//! What an organisation says of itself, as pages show it.

use crate::features::organisations::{Details, LegalForm, PsoStep};
use crate::infra::web::Ctx;

/// The key of a legal form's name.
pub fn form_key(form: LegalForm) -> String {
    format!("organisation-form-{}", format!("{form:?}").to_lowercase())
}

/// All of it, for its members and the team: pairs of name and value.
pub fn facts(ctx: &Ctx, details: &Details) -> Vec<(String, String)> {
    let mut pairs = vec![("organisation-kind", ctx.t(format!("site-kind-{}", details.kind)))];
    pairs.extend(of_registers(ctx, details));
    pairs.extend([
        ("organisation-rsin", details.rsin.clone()),
        ("organisation-pso", pso(ctx, details)),
        ("organisation-area", details.area.clone()),
    ]);
    named(ctx, pairs)
}

/// What everybody may know: the numbers of public registers, and a certificate while it is valid.
pub fn public_facts(ctx: &Ctx, details: &Details) -> Vec<(String, String)> {
    let mut pairs = of_registers(ctx, details);
    if details.has_pso(&ctx.now.day()) {
        pairs.push(("organisation-pso", pso(ctx, details)));
    }
    named(ctx, pairs)
}

fn of_registers(ctx: &Ctx, details: &Details) -> Vec<(&'static str, String)> {
    let form = LegalForm::from_word(&details.legal_form);
    let anbi = if details.anbi == 1 { ctx.t("organisation-anbi-listed") } else { String::new() };
    vec![
        ("organisation-kvk_number", details.kvk_number.clone()),
        ("organisation-legal_form", form.map_or_else(|| details.legal_form.clone(), |form| ctx.t(form_key(form)))),
        ("organisation-anbi-fact", anbi),
    ]
}

fn pso(ctx: &Ctx, details: &Details) -> String {
    match details.pso {
        PsoStep::None => String::new(),
        step => {
            let name = ctx.t(format!("organisation-pso-{step}"));
            ctx.t2("organisation-pso-until-day", "step", name, "day", ctx.day(&details.pso_until))
        }
    }
}

fn named(ctx: &Ctx, pairs: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (ctx.t(key), value)).collect()
}
