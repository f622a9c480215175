//! A pledge's own page, opened by its reference and key: state, receipt, and what the backer can still do.

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::features::backing::choice::{self, Choosing};
use crate::features::backing::line;
use crate::features::backing::remainder::Moves;
use crate::features::backing::returned::{self, Returned, Way};
use crate::features::consents::Choice;
use crate::features::match_funds::{Fund, Match, MatchState};
use crate::features::payments::{Claimed, Payment, PaymentState, RefundState, TRANSFER};
use crate::features::pledges::{Pledge, PledgeKind, PledgeState};
use crate::features::projects::Project;
use crate::features::rounds::Round;
use crate::features::users::guard::SignedIn;
use crate::features::withdrawals::{self, Withdrawal};
use crate::features::{match_funds, organisations, payments, pledges, projects, rounds};
use crate::infra::history::{self, Change};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, random, texts};
use crate::values::{Cents, Timestamp};

/// How long a page waits for the bank's word before it shows what is known.
const PATIENCE: Duration = Duration::from_secs(4);

pub fn routes() -> Router<Services> {
    Router::new()
        .route("/{lang}/pledges/{reference}", get(show))
        .route("/{lang}/pledges/{reference}/cancel", post(cancel))
        .route("/{lang}/pledges/{reference}/pay", post(pay))
        .route("/{lang}/account/pledges", get(own))
}

#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    pub key: String,
}

/// `line`: the page of the line came again by itself, or by its button.
#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    key: String,
    line: Option<String>,
}

#[derive(Template)]
#[template(path = "backing/pledge.html")]
struct PledgePage<'a> {
    ctx: &'a Ctx,
    pledge: Pledge,
    payment: Option<Payment>,
    /// What went back, or is on its way; and how much of it has arrived.
    returned: Vec<Returned>,
    arrived: Cents,
    /// What funds added.
    matches: Vec<(Fund, Match)>,
    project: Project,
    round: Round,
    maker: String,
    changes: Vec<Change>,
    key: String,
    /// The page loads itself again while the bank's word is awaited.
    waiting: bool,
    can_pay: bool,
    can_cancel: bool,
    /// There is a receipt, an invoice or the like, or there soon is.
    has_papers: bool,
    /// A refund that waits for an account, or for the treasurers.
    claimed: Option<Claimed>,
    /// The choice about the pledge of a near miss.
    choosing: Option<Choosing>,
    /// What was added to it, with the address of its page.
    added: Vec<(String, Pledge)>,
    /// Address and reference of the pledge that this one adds to.
    raises: Option<(String, String)>,
    /// What can be chosen, or became, of a part that no result earned; and where the money came from.
    moves: Moves,
    /// Why the owner took the project back.
    withdrawal: Option<Withdrawal>,
    /// What can be chosen.
    options: Vec<(&'static str, String)>,
    form: Form,
}

impl PledgePage<'_> {
    /// What happens now, in a sentence. Money that could not go back the way it came goes to an account that the backer gives.
    fn next(&self) -> String {
        let to_account =
            self.returned.iter().any(|one| one.way == Way::Account && one.state == RefundState::PaidByBank);
        match self.pledge.state {
            PledgeState::Held if self.raises.is_some() => self.ctx.t("choice-next-added"),
            PledgeState::Held if self.choosing.is_some() => match &self.choosing {
                Some(choosing) if choosing.is_open => self.choose_until("choice-next-choosing"),
                Some(choosing) => self.ctx.t(format!("choice-next-{}", choosing.stage())),
                None => String::new(),
            },
            PledgeState::Refunding if self.claimed.is_some() => self.ctx.t("claim-safe"),
            PledgeState::Refunded if to_account => self.ctx.t("claim-paid-next"),
            state => self.ctx.t1(format!("pledge-next-{state}"), "date", self.ctx.moment(self.round.closes_at)),
        }
    }

    /// A sentence with the term of the choice.
    fn choose_until(&self, key: &str) -> String {
        let until = self.choosing.as_ref().and_then(|choosing| choosing.miss.choose_until);
        self.ctx.t1(key, "date", until.map(|until| self.ctx.moment(until)).unwrap_or_default())
    }

    /// What was chosen, in a sentence.
    fn chosen(&self, choosing: &Choosing) -> String {
        match choosing.chosen.choice {
            Choice::Silent => self.ctx.t("choice-made-silent"),
            choice => self.ctx.t(format!("choice-made-{choice}")),
        }
    }

    /// Where money goes back to, and when it arrived; nothing while no account is known.
    fn went(&self, one: &Returned) -> String {
        if one.state == RefundState::Unclaimed && one.account.is_empty() {
            return String::new();
        }
        let to = match (one.way, one.account.as_str()) {
            (Way::Account, "") => self.ctx.t("returned-to-own-account"),
            (Way::Account, account) => self.ctx.t1("returned-to-account", "account", account),
            (way, _) => self.ctx.t(format!("returned-to-{way}")),
        };
        match one.at {
            Some(at) => format!("{to}, {}", self.ctx.moment(at)),
            None => to,
        }
    }

    /// What a fund added, or that it has it back.
    fn matched(&self, fund: &Fund, one: &Match) -> String {
        let amount = if one.state == MatchState::Returned { one.amount } else { one.kept() };
        let key = format!("match-of-pledge-{}", one.state);
        texts::text_with(
            self.ctx.lang,
            &key,
            &[("amount", self.ctx.euros(amount)), ("name", fund.name(self.ctx.lang).to_owned())],
        )
    }

    /// Whether a part went back and the rest still counts.
    fn is_in_part(&self) -> bool {
        let stands = matches!(self.pledge.state, PledgeState::Held | PledgeState::Disputed | PledgeState::Released);
        stands && self.pledge.returned > Cents::ZERO
    }
}

#[derive(Template)]
#[template(path = "backing/own.html")]
struct OwnPage<'a> {
    ctx: &'a Ctx,
    pledges: Vec<Own>,
}

struct Own {
    reference: String,
    url: String,
    title: String,
    amount: Cents,
    state: &'static str,
    created_at: Timestamp,
}

/// The pledge with this reference, when the key opens it. A wrong key looks like a wrong reference.
pub async fn opened(s: &Services, reference: &str, key: &str) -> Result<Pledge, Failure> {
    let mut conn = s.db.read().await?;
    let pledge = pledges::actions::by_reference(&mut conn, &reference.to_uppercase()).await?;
    pledge.filter(|pledge| s.keys.opens(key, "pledge", &pledge.id)).ok_or_else(Failure::not_found)
}

async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Shown { key, line: by_itself }): Query<Shown>,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    if let Some(page) = line::page(&ctx, &s, &pledge, &key, by_itself.is_some()).await? {
        return Ok(page);
    }
    ask_the_bank(&s, &pledge).await;
    let form = Form::with(&[("form_key", &random::secret())]);
    page(&ctx, &s, pledge, key, form, StatusCode::OK).await
}

/// The page, with what was typed into the form of the choice.
pub(super) async fn page(
    ctx: &Ctx,
    s: &Services,
    pledge: Pledge,
    key: String,
    mut form: Form,
    status: StatusCode,
) -> Answer {
    let mut conn = s.db.read().await?;
    let pledge = pledges::actions::get(&mut conn, &pledge.id).await?;
    let payment = payments::actions::of_pledge(&mut conn, &pledge.id).await?;
    let project = projects::actions::get(&mut conn, &pledge.project_id).await?;
    let round = rounds::actions::get(&mut conn, &pledge.round_id).await?;
    let maker = organisations::actions::get(&mut conn, &project.organisation_id).await?.name;
    let returned = returned::of_pledge(&mut conn, &pledge, payment.as_ref()).await?;
    let claimed = payments::by_bank::claim_of(&mut conn, &pledge.id).await?;
    let matches = match_funds::actions::of_pledge(&mut conn, &pledge.id).await?;
    let changes = history::of(&mut conn, &pledge.id).await?;
    let sale = projects::actions::sale(&mut conn, &pledge.project_id).await?;
    let (sells, extended) = (sale.sells_at(ctx.now), pledge.raises_id.is_some() && sale.is_extended_at(ctx.now));
    let choosing = choice::of_pledge(&mut conn, &pledge, ctx.now).await?;
    if let Some(choosing) = choosing.as_ref().filter(|_| form.value("choice").is_empty()) {
        // who raised has done so: what is offered first adds nothing once more
        let now = if choosing.chosen.choice == Choice::Raise { Choice::Keep } else { choosing.chosen.choice };
        form.set("choice", now.as_str());
    }
    let raises = match &pledge.raises_id {
        Some(raised) => Some(pledges::actions::get(&mut conn, raised).await?),
        None => None,
    };
    let withdrawal = withdrawals::actions::of_project(&mut conn, &project.id).await?;
    let moves = Moves::of_pledge(ctx, s, &mut conn, &pledge).await?;
    // a transfer takes days: nothing is gained by waiting for it
    let by_transfer = payment.as_ref().is_some_and(|payment| payment.method == TRANSFER);
    let page = PledgePage {
        waiting: matches!(pledge.state, PledgeState::Reserved | PledgeState::Processing) && !by_transfer,
        can_pay: pledge.state == PledgeState::Reserved && (sells || extended),
        has_papers: s.settings.foundation.is_some()
            && (pledge.held_at.is_some() || pledge.kind == PledgeKind::Purchase),
        can_cancel: matches!(pledge.state, PledgeState::Reserved | PledgeState::Held) && sells,
        claimed: claimed.filter(|claimed| claimed.refund.state == RefundState::Unclaimed),
        arrived: returned::arrived(&pledge, &returned),
        raises: raises.map(|raised| (address(ctx, s, &raised), raised.reference)),
        added: choosing
            .iter()
            .flat_map(|choosing| &choosing.added)
            .map(|added| (address(ctx, s, added), added.clone()))
            .collect(),
        choosing,
        options: options(ctx),
        withdrawal,
        moves,
        form,
        ctx,
        pledge,
        payment,
        returned,
        matches,
        project,
        round,
        maker,
        changes,
        key,
    };
    ctx.page_with(status, &page)
}

fn options(ctx: &Ctx) -> Vec<(&'static str, String)> {
    let offered = [Choice::Keep, Choice::Raise, Choice::Withdraw];
    offered.iter().map(|choice| (choice.as_str(), ctx.t(format!("choice-{choice}")))).collect()
}

/// The path of the page of another pledge of the same backer.
pub(super) fn address(ctx: &Ctx, s: &Services, pledge: &Pledge) -> String {
    ctx.path(&format!("/pledges/{}?key={}", pledge.reference, s.keys.derive("pledge", &pledge.id)))
}

/// The return page decides nothing: it asks the same function as everybody else, and shows what is known.
async fn ask_the_bank(s: &Services, pledge: &Pledge) {
    if !matches!(pledge.state, PledgeState::Reserved | PledgeState::Processing) {
        return;
    }
    let asked = tokio::time::timeout(PATIENCE, async {
        let payment = payments::actions::of_pledge(&mut *s.db.read().await?, &pledge.id).await?;
        match payment {
            Some(payment) if payment.state != PaymentState::Created => {
                payments::actions::refresh(s, &payment.id).await.map(|_| ())
            }
            _ => Ok(()),
        }
    })
    .await;
    if !matches!(asked, Ok(Ok(()))) {
        tracing::warn!(pledge = pledge.id, "the bank's word is awaited");
    }
}

/// Back to the bank's page, which is made now when it could not be made before.
async fn pay(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    posted: Posted,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    posted.allow(&[])?;
    let payment = payments::actions::of_pledge(&mut *s.db.read().await?, &pledge.id).await?;
    let payment = payment.ok_or_else(Failure::not_found)?;
    // nobody goes before those who came first
    if pledge.state != PledgeState::Reserved || payments::line::is_behind_others(&s, &payment).await? {
        return Ok(ctx.redirect(&format!("/pledges/{reference}?key={key}")));
    }
    let url = payments::actions::open_checkout(&s, &payment.id).await.map_err(|error| {
        tracing::warn!(pledge = pledge.id, %error, "the bank's page could not be opened");
        Failure::unavailable("problem-bank", error)
    })?;
    Ok(Redirect::to(&url).into_response())
}

async fn cancel(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    posted: Posted,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    posted.allow(&[])?;
    payments::actions::cancel(&s, &pledge.id).await?;
    Ok(ctx.redirect_done(&format!("/pledges/{reference}?key={key}"), "flash-pledge-cancelled"))
}

/// All pledges of the signed-in person.
async fn own(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let mut list = Vec::new();
    for pledge in pledges::actions::of_user(&mut conn, &person.user.id).await? {
        let project = projects::actions::get(&mut conn, &pledge.project_id).await?;
        let key = s.keys.derive("pledge", &pledge.id);
        list.push(Own {
            url: ctx.path(&format!("/pledges/{}?key={key}", pledge.reference)),
            reference: pledge.reference,
            title: project.title(ctx.lang).to_owned(),
            amount: pledge.amount,
            state: pledge.state.as_str(),
            created_at: pledge.created_at,
        });
    }
    ctx.page(&OwnPage { ctx: &ctx, pledges: list })
}
