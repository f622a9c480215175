//! The letters to the owners of an organisation: about its payouts, and about the account they go to.

use crate::features::payouts::{accounts, actions, plan};
use crate::features::{organisations, projects};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};
use crate::values::Cents;

/// The kinds written here.
pub const KINDS: [&str; 6] =
    ["tranche_approved", "tranche_paid", "tranche_returned", "account_entered", "account_verified", "plan_fixed"];

/// Writes one letter. Its cause is a tranche, a plan or an account.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let (organisation_id, mut facts, amount) = match letter.cause_id.split('_').next() {
        Some("tra") => {
            let tranche = actions::get(conn, &letter.cause_id).await?;
            let project = projects::actions::get(conn, &tranche.project_id).await?;
            let amount = tranche.amount.show(lang);
            let mut facts =
                vec![(t("pledge-for"), project.title(lang).to_owned()), (t("pledge-amount-label"), amount.clone())];
            facts.extend((tranche.fee > Cents::ZERO).then(|| (t("fee-label"), tranche.fee.show(lang))));
            facts.push((t("settlement-reason"), tranche.reason));
            (tranche.organisation_id, facts, amount)
        }
        Some("pln") => {
            let plan = plan::by_id(conn, &letter.cause_id).await?;
            let plan = plan.ok_or_else(|| Error::broken(format!("no plan {}", letter.cause_id)))?;
            let project = projects::actions::get(conn, &plan.project_id).await?;
            let mut facts = vec![(t("pledge-for"), project.title(lang).to_owned())];
            for part in plan::parts_of(conn, &plan.id).await? {
                facts.push((part.label(lang).to_owned(), part.amount.show(lang)));
            }
            (project.organisation_id, facts, plan.amount.show(lang))
        }
        Some("oac") => {
            let account = accounts::account(conn, &letter.cause_id).await?;
            let account = account.ok_or_else(|| Error::broken(format!("no account {}", letter.cause_id)))?;
            let facts = vec![
                (t("claim-account"), account.masked()),
                (t("claim-holder"), account.holder.clone()),
                (t("payouts-usable-at"), account.usable_at.show_moment(lang)),
            ];
            (account.organisation_id, facts, String::new())
        }
        _ => return Err(Error::broken(format!("a letter about {}", letter.cause_id))),
    };
    let organisation = organisations::actions::get(conn, &organisation_id).await?.name;
    facts.insert(0, (t("pledge-maker"), organisation.clone()));
    let args = [("organisation", organisation), ("amount", amount)];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("payouts-open"), s.url(&format!("/{lang}/studio/payouts")))
        .why(t("payouts-letter-why"))
        .draft(s)
        .map(Some)
}
