//! Where a backer gives the account for a refund that could not arrive. Two screens: the account, and a check of it.
//!
//! The link of a letter opens the pledge for reading; it is enough for the first account, of which the backer is told by mail at
//! once. Whoever wants to change an account that was given proves the address of the pledge first, by signing in with a code or
//! link by mail a few minutes ago.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;

use crate::features::backing::page::{Key, opened};
use crate::features::payments::{Claimed, Refund, RefundState, Refusal, by_bank};
use crate::features::pledges::{self, Pledge};
use crate::features::transfers::{self, NewTransfer, Purpose};
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::texts;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::{Iban, Timestamp};

/// How long a sign-in by mail counts as a fresh proof of the address, in seconds.
const PROOF_SECONDS: i64 = 15 * 60;
/// The part of the program that takes a planned transfer back for another account.
const ACTOR: &str = "claims";

pub fn routes() -> Router<Services> {
    Router::new().route("/{lang}/pledges/{reference}/iban", get(show).post(give))
}

#[derive(Template)]
#[template(path = "backing/claim.html")]
struct ClaimPage<'a> {
    ctx: &'a Ctx,
    pledge: &'a Pledge,
    refund: &'a Refund,
    key: &'a str,
    form: &'a Form,
    /// The account that was given before, masked.
    given: Option<String>,
}

#[derive(Template)]
#[template(path = "backing/claim_check.html")]
struct CheckPage<'a> {
    ctx: &'a Ctx,
    pledge: &'a Pledge,
    refund: &'a Refund,
    key: &'a str,
    iban: &'a Iban,
    holder: &'a str,
}

/// The claim of a pledge that still waits for its money.
async fn waiting(s: &Services, pledge: &Pledge) -> Result<Claimed, Failure> {
    let claimed = by_bank::claim_of(&mut *s.db.read().await?, &pledge.id).await?;
    claimed.filter(|claimed| claimed.refund.state == RefundState::Unclaimed).ok_or_else(Failure::not_found)
}

/// A change needs a proof of the address that is a few minutes old at most: else the way leads through signing in.
fn require_proof(ctx: &Ctx, pledge: &Pledge, person: Option<&SignedIn>, back: &str) -> Result<(), Failure> {
    let proved = person.is_some_and(|person| {
        person.user.id == pledge.user_id && person.session.created_at.plus_seconds(PROOF_SECONDS) > ctx.now
    });
    if proved {
        return Ok(());
    }
    let next: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Err(Failure::first(ctx.path(&format!("/sign-in?next={next}"))))
}

fn address(reference: &str, key: &str) -> String {
    format!("/pledges/{reference}/iban?key={key}")
}

async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    person: Option<SignedIn>,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let claimed = waiting(&s, &pledge).await?;
    if claimed.claim.is_given() {
        require_proof(&ctx, &pledge, person.as_ref(), &address(&pledge.reference, &key))?;
    }
    page(&ctx, &pledge, &claimed, &key, &Form::default(), StatusCode::OK)
}

fn page(ctx: &Ctx, pledge: &Pledge, claimed: &Claimed, key: &str, form: &Form, status: StatusCode) -> Answer {
    let given = claimed.claim.is_given().then(|| claimed.claim.masked());
    ctx.page_with(status, &ClaimPage { ctx, pledge, refund: &claimed.refund, key, form, given })
}

/// The first screen leads to the second; the second keeps the account and plans the transfer.
async fn give(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    person: Option<SignedIn>,
    posted: Posted,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let claimed = waiting(&s, &pledge).await?;
    if claimed.claim.is_given() {
        require_proof(&ctx, &pledge, person.as_ref(), &address(&pledge.reference, &key))?;
    }
    let mut form = posted.allow(&["iban", "holder", "confirm", "change"])?;
    if form.ticked("change") {
        return page(&ctx, &pledge, &claimed, &key, &form, StatusCode::OK);
    }
    let (iban, holder) = match by_bank::checked_account(form.value("iban"), form.value("holder")) {
        Ok(account) => account,
        Err(refusal) => {
            form.refuse(ctx.lang, &refusal);
            also_holder(&ctx, &mut form, &refusal);
            return page(&ctx, &pledge, &claimed, &key, &form, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if !form.ticked("confirm") {
        let check =
            CheckPage { ctx: &ctx, pledge: &pledge, refund: &claimed.refund, key: &key, iban: &iban, holder: &holder };
        return ctx.page(&check);
    }
    keep(&s, &pledge, &iban, &holder, ctx.now).await?;
    Ok(ctx.redirect_done(&format!("/pledges/{}?key={key}", pledge.reference), "flash-claim-given"))
}

/// Both fields are looked at, so that nobody mends one error to see the next.
fn also_holder(ctx: &Ctx, form: &mut Form, first: &Refusal) {
    let about_iban = matches!(first, Refusal::IbanMissing | Refusal::IbanWrong);
    if about_iban && let Err(second) = by_bank::checked_holder(form.value("holder")) {
        form.refuse(ctx.lang, &second);
    }
}

/// In one transaction: the account, the letter about it, and the transfer in place of an earlier one.
async fn keep(s: &Services, pledge: &Pledge, iban: &Iban, holder: &str, now: Timestamp) -> Result<(), Error> {
    let mut tx = s.db.begin().await?;
    let pledge = pledges::actions::lock(&mut tx, &pledge.id).await?;
    let refund = by_bank::give(&mut tx, &pledge, iban, holder, now).await?;
    if !transfers::actions::cancel(&mut tx, Purpose::Claim, &refund.id, ACTOR, now).await? {
        return Err(Error::from(Refusal::BeingPaid));
    }
    let args = [("reference", pledge.reference.clone())];
    let remittance = texts::text_with(pledge.language, "transfers-text-claim", &args);
    let new = NewTransfer {
        purpose: Purpose::Claim,
        subject_id: &refund.id,
        iban: iban.as_str(),
        name: holder,
        amount: refund.amount,
        remittance: &remittance,
    };
    transfers::actions::plan(&mut tx, &new, now).await?;
    Ok(tx.commit().await?)
}
