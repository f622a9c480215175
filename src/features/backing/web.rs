//! The three screens before the bank. All that was typed travels in the form itself; nothing is kept until the last button.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use tower::limit::GlobalConcurrencyLimitLayer;

use crate::features::backing::{actions, form as fields};
use crate::features::payments::{self, METHODS, TRANSFER, incoming};
use crate::features::pledges::{self, NewPledge, PledgeKind, Refusal, Standing};
use crate::features::projects::{Project, ProjectState};
use crate::features::rounds::Round;
use crate::features::{match_funds, organisations, projects, rounds};
use crate::infra::error::Sort;
use crate::infra::limits::TooOften;
use crate::infra::web::client::Client;
use crate::infra::web::problem::try_later;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted, human};
use crate::infra::{Services, random, texts};
use crate::values::{Cents, Rikx, Timestamp};

/// From the first screen to the last button a person takes longer than this.
const LEAST_SECONDS: i64 = 3;

pub fn routes(in_turn: GlobalConcurrencyLimitLayer) -> Router<Services> {
    Router::new().route("/{lang}/projects/{slug}/pledge", get(begin).merge(post(go_on).layer(in_turn)))
}

/// What all three screens show.
struct Subject {
    project: Project,
    round: Round,
    maker: String,
    standing: Standing,
    /// Cards are tested: only ways to pay that the payer's bank confirms are offered.
    is_shielded: bool,
}

impl Subject {
    fn threshold(&self) -> Cents {
        self.project.threshold_price(self.round.unit_price_eur)
    }
}

#[derive(Template)]
#[template(path = "backing/amount.html")]
struct AmountPage<'a> {
    ctx: &'a Ctx,
    subject: &'a Subject,
    form: &'a Form,
    suggestions: Vec<Cents>,
    kinds: Vec<(&'static str, String)>,
    hidden: Vec<(&'a str, &'a str)>,
    /// What a suggested amount would become now; nothing while no fund adds to it.
    becomes: Option<String>,
    payments_down: bool,
}

#[derive(Template)]
#[template(path = "backing/you.html")]
struct YouPage<'a> {
    ctx: &'a Ctx,
    subject: &'a Subject,
    form: &'a Form,
    purchase: bool,
    methods: Vec<(&'static str, String)>,
    /// Otherwise the page says why a transfer is not offered.
    transfer_in_time: bool,
    hidden: Vec<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "backing/check.html")]
struct CheckPage<'a> {
    ctx: &'a Ctx,
    subject: &'a Subject,
    pledge: &'a NewPledge,
    rikx: Rikx,
    purchase: bool,
    /// What the amount would become now; nothing while no fund adds to it.
    becomes: Option<String>,
    hidden: Vec<(&'a str, &'a str)>,
}

impl CheckPage<'_> {
    fn yes_no(&self, yes: &bool) -> String {
        self.ctx.t(if *yes { "form-yes" } else { "form-no" })
    }
}

async fn subject(s: &Services, slug: &str, now: Timestamp) -> Result<Subject, Failure> {
    let mut conn = s.db.read().await?;
    let project = projects::actions::public_by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)?;
    let round = rounds::actions::get(&mut conn, &project.round_id).await?;
    if project.state != ProjectState::Listed || !round.sells_at(now) {
        return Err(Failure::of(Sort::Conflict, 409, "pledge-not-selling"));
    }
    let maker = organisations::actions::get(&mut conn, &project.organisation_id).await?.name;
    let standing = pledges::actions::standing(&mut conn, &project.id).await?;
    let is_shielded = payments::shield::is_up(&mut conn, now).await?;
    Ok(Subject { project, round, maker, standing, is_shielded })
}

/// The first screen. Its one-time key makes a double click one pledge.
async fn begin(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let subject = subject(&s, &slug, ctx.now).await?;
    let form = Form::with(&[("form_key", &random::secret()), ("kind", "gift")]);
    amount_page(&s, &ctx, &subject, &form).await
}

/// Each posted screen: shows the next one, or the same with what is wrong; the last one makes the pledge.
async fn go_on(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, slug)): Path<(String, String)>,
    client: Client,
    posted: Posted,
) -> Answer {
    let subject = subject(&s, &slug, ctx.now).await?;
    let mut form = posted.allow(&fields::FIELDS)?;
    if form.value("form_key").is_empty() || form.value("form_key").len() > 100 {
        form.set("form_key", &random::secret());
    }
    let (step, change) = (form.value("step").to_owned(), form.value("change").to_owned());
    form.set("change", "");
    if change == "amount" {
        return amount_page(&s, &ctx, &subject, &form).await;
    }
    let Some(amount) = fields::amount(&mut form, ctx.lang, &subject.round, subject.standing.available()) else {
        return known_pledge_or(&s, &ctx, &subject, &form, step == "check").await;
    };
    if change == "you" || (step == "amount" && form.value("email").is_empty()) {
        return you_page(&ctx, &subject, &form);
    }
    let Some(new) = fields::backer(&mut form, ctx.lang, &subject.project.id, amount) else {
        return you_page(&ctx, &subject, &form);
    };
    if new.method == TRANSFER && !incoming::is_in_time(&subject.round, ctx.now) {
        form.fail_key(ctx.lang, "method", "transfer-too-late");
        return you_page(&ctx, &subject, &form);
    }
    let is_last = step == "check" || form.ticked("confirm");
    if let Some(key) = human::doubt(&s, &mut form, if is_last { LEAST_SECONDS } else { 0 }) {
        form.fail_key(ctx.lang, "", key);
        return you_page(&ctx, &subject, &form);
    }
    if is_last {
        return make(&s, &ctx, &subject, form, &new, &client.network).await;
    }
    check_page(&s, &ctx, &subject, &form, &new).await
}

/// A repeated last click may come when the amount itself is what made the project full: it finds its own pledge.
async fn known_pledge_or(s: &Services, ctx: &Ctx, subject: &Subject, form: &Form, is_last: bool) -> Answer {
    if is_last && let Ok(amount) = Cents::parse(form.value("amount")) {
        let mut copy = Form::default();
        for (name, value) in form.fields() {
            copy.set(name, value);
        }
        if let Some(new) = fields::backer(&mut copy, ctx.lang, &subject.project.id, amount) {
            let mut conn = s.db.read().await?;
            if let Some(pledge) = pledges::actions::by_request(&mut conn, &new).await? {
                return Ok(Redirect::to(&payments::actions::page_address(s, &pledge)).into_response());
            }
        }
    }
    amount_page(s, ctx, subject, form).await
}

/// The last button: reserve, then off to the bank.
async fn make(s: &Services, ctx: &Ctx, subject: &Subject, mut form: Form, new: &NewPledge, network: &str) -> Answer {
    match actions::pledge(s, new, network).await {
        Ok(made) => {
            let own_page = payments::actions::page_address(s, &made.pledge);
            let target = made.checkout_url.filter(|url| !url.is_empty() && made.is_new).unwrap_or(own_page);
            Ok(Redirect::to(&target).into_response())
        }
        Err(error) => match error.refusal::<Refusal>() {
            Some(Refusal::KeyReused) => {
                // changed after going back: a pledge of its own
                form.set("form_key", &random::secret());
                let again = NewPledge { request_key: format!("form:{}", form.value("form_key")), ..new.clone() };
                Box::pin(make(s, ctx, subject, form, &again, network)).await
            }
            Some(refusal @ (Refusal::Over { .. } | Refusal::SoldOut)) => {
                form.fail("amount", fields::sentence(ctx.lang, refusal));
                amount_page(s, ctx, subject, &form).await
            }
            _ => match error.refusal::<payments::Refusal>() {
                Some(refusal) => {
                    form.fail("method", fields::method_sentence(ctx.lang, refusal));
                    you_page(ctx, subject, &form)
                }
                None => match error.refusal::<TooOften>() {
                    Some(refusal) => {
                        form.refuse(ctx.lang, refusal);
                        let page = you_page_with(StatusCode::TOO_MANY_REQUESTS, ctx, subject, &form)?;
                        Ok(try_later(page, refusal))
                    }
                    None => Err(error.into()),
                },
            },
        },
    }
}

fn status(form: &Form) -> StatusCode {
    if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// The fields that another screen asked for, as hidden inputs.
fn hidden<'a>(form: &'a Form, shown: &[&str]) -> Vec<(&'a str, &'a str)> {
    form.fields()
        .filter(|(name, value)| {
            !shown.contains(name) && !["step", "change", "confirm", "pick"].contains(name) && !value.is_empty()
        })
        .collect()
}

/// What an amount would become if it were paid now: "your 50 becomes 100". Nothing while no fund adds to it.
async fn becomes(s: &Services, ctx: &Ctx, subject: &Subject, amount: Cents) -> Result<Option<String>, Failure> {
    let mut conn = s.db.read().await?;
    let (project, round) = (&subject.project, &subject.round);
    let added = match_funds::actions::would_add(&mut conn, project, round, &subject.standing, amount).await?;
    let adds: Cents = added.iter().map(|(_, adds)| *adds).sum();
    let Some(sum) = amount.checked_add(adds).filter(|sum| *sum > amount) else { return Ok(None) };
    let names: Vec<&str> = added.iter().map(|(fund, _)| fund.name(ctx.lang)).collect();
    let args = [("amount", ctx.euros(amount)), ("sum", ctx.euros(sum)), ("names", names.join(", "))];
    Ok(Some(texts::text_with(ctx.lang, "match-becomes", &args)))
}

async fn amount_page(s: &Services, ctx: &Ctx, subject: &Subject, form: &Form) -> Answer {
    let unit = subject.round.unit_price_eur;
    // suggestions are whole hundredths of a Rikx and at least the smallest pledge
    let suggestions: Vec<Cents> = [1_000, 2_500, 5_000, 10_000]
        .into_iter()
        .map(Cents)
        .filter(|amount| {
            pledges::rikx_for(*amount, subject.round.minimum_cents, unit).is_ok()
                && *amount <= subject.standing.available()
        })
        .collect();
    let kinds = PledgeKind::ALL.iter().map(|kind| (kind.as_str(), ctx.t(format!("pledge-kind-{kind}")))).collect();
    let becomes = match suggestions.get(suggestions.len() / 2) {
        Some(example) => becomes(s, ctx, subject, *example).await?,
        None => None,
    };
    let hidden = hidden(form, &["amount", "rikx", "kind"]);
    let payments_down = s.stripe.is_down();
    let page = AmountPage { ctx, subject, form, suggestions, kinds, hidden, becomes, payments_down };
    ctx.page_with(status(form), &page)
}

fn you_page(ctx: &Ctx, subject: &Subject, form: &Form) -> Answer {
    you_page_with(status(form), ctx, subject, form)
}

fn you_page_with(status: StatusCode, ctx: &Ctx, subject: &Subject, form: &Form) -> Answer {
    const SHOWN: [&str; 13] = [
        "email",
        "name",
        "anonymous",
        "updates",
        "method",
        "company_name",
        "kvk_number",
        "contract_reference",
        "po_number",
        "vat_id",
        "address",
        "postcode",
        "city",
    ];
    let purchase = fields::kind(form) == Some(PledgeKind::Purchase);
    let transfer_in_time = incoming::is_in_time(&subject.round, ctx.now);
    let is_offered = |method: &&payments::Method| {
        (method.code != TRANSFER || transfer_in_time) && (method.bank_confirms || !subject.is_shielded)
    };
    let offered = METHODS.iter().filter(is_offered);
    let methods = offered.map(|m| (m.code, ctx.t(format!("method-{}", m.code)))).collect();
    let hidden = hidden(form, &SHOWN);
    ctx.page_with(status, &YouPage { ctx, subject, form, purchase, methods, transfer_in_time, hidden })
}

async fn check_page(s: &Services, ctx: &Ctx, subject: &Subject, form: &Form, new: &NewPledge) -> Answer {
    let rikx =
        pledges::rikx_for(new.amount, subject.round.minimum_cents, subject.round.unit_price_eur).unwrap_or_default();
    let purchase = new.kind == PledgeKind::Purchase;
    let hidden = hidden(form, &[]);
    let becomes = becomes(s, ctx, subject, new.amount).await?;
    ctx.page(&CheckPage { ctx, subject, pledge: new, rikx, purchase, becomes, hidden })
}
