//! How to pay a pledge by bank transfer: the page with the account, the reference and a code for banking apps, and the letters with
//! the same facts.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;

use crate::features::backing::page::{Key, opened};
use crate::features::payments::{PaymentState, TRANSFER};
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::{payments, pledges, projects};
use crate::infra::bank::epc;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::settings::BankSettings;
use crate::infra::web::qr::Qr;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, texts};
use crate::values::{CreditorReference, Iban, Lang};

/// The kinds of letters written here; their cause is a payment.
pub const KINDS: [&str; 2] = ["transfer_instructions", "transfer_reminder"];

pub fn routes() -> Router<Services> {
    Router::new().route("/{lang}/pledges/{reference}/transfer", get(show))
}

#[derive(Template)]
#[template(path = "backing/transfer.html")]
struct TransferPage<'a> {
    ctx: &'a Ctx,
    pledge: &'a Pledge,
    title: &'a str,
    key: &'a str,
    details: Vec<(String, String)>,
    qr: Option<Qr>,
    /// Nothing was paid and the place is still kept.
    waits: bool,
}

async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let mut conn = s.db.read().await?;
    let payment = payments::actions::of_pledge(&mut conn, &pledge.id).await?;
    payment.filter(|payment| payment.method == TRANSFER).ok_or_else(Failure::not_found)?;
    let project = projects::actions::get(&mut conn, &pledge.project_id).await?;
    let bank = &s.settings.bank;
    let page = TransferPage {
        ctx: &ctx,
        pledge: &pledge,
        title: project.title(ctx.lang),
        key: &key,
        details: facts(bank, &pledge, ctx.lang)?,
        qr: code(bank, &pledge).as_deref().and_then(Qr::of),
        waits: pledge.state == PledgeState::Reserved,
    };
    ctx.page(&page)
}

/// What has to be typed in the banking app, in the order in which most ask for it.
fn facts(bank: &BankSettings, pledge: &Pledge, lang: Lang) -> Result<Vec<(String, String)>> {
    let reference = CreditorReference::of_pledge(&pledge.reference);
    let reference = reference.ok_or_else(|| Error::broken(format!("pledge {} has no reference", pledge.id)))?;
    let iban = Iban::parse(&bank.iban).map(|iban| iban.grouped()).unwrap_or_default();
    let t = |key: &str| texts::text(lang, key);
    Ok(vec![
        (t("transfer-amount"), pledge.amount.show(lang)),
        (t("transfer-iban"), iban),
        (t("transfer-name"), bank.name.clone()),
        (t("transfer-bic"), bank.bic.clone()),
        (t("transfer-reference"), reference.grouped()),
        (t("transfer-before"), pledge.expires_at.show_date(lang)),
    ])
}

/// The text that banking apps scan.
fn code(bank: &BankSettings, pledge: &Pledge) -> Option<String> {
    let (iban, reference) = (Iban::parse(&bank.iban)?, CreditorReference::of_pledge(&pledge.reference)?);
    epc::Payment { bic: &bank.bic, name: &bank.name, iban: &iban, amount: pledge.amount, reference: &reference }.text()
}

/// Writes one letter, unless the pledge no longer waits for money.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let payment = payments::actions::get(conn, &letter.cause_id).await?;
    if payment.state != PaymentState::Open {
        return Ok(None);
    }
    let pledge = pledges::actions::get(conn, &payment.pledge_id).await?;
    let project = projects::actions::get(conn, &pledge.project_id).await?;
    let lang = letter.language;
    let args = [
        ("title", project.title(lang).to_owned()),
        ("amount", pledge.amount.show(lang)),
        ("date", pledge.expires_at.show_date(lang)),
    ];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let t = |key: &str| texts::text(lang, key);
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts(&s.settings.bank, &pledge, lang)?)
        .say(t("transfer-only-reference"))
        .button(t("letter-open-transfer"), payments::incoming::instructions_address(s, &pledge))
        .why(t("letter-why-pledge"))
        .draft(s)
        .map(Some)
}
