//! Making a round and changing one: titles, dates, price, smallest pledge, rule. For admins with a fresh second factor; what is about
//! money asks to be confirmed beside.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::match_funds::{self, FundState};
use crate::features::rounds::{
    LATE_DAYS, LONGEST_RULE, LONGEST_TITLE, MOMENTS, NEAR_MISS_PERCENT, Outline, Refusal, RemainderRule, Round,
    RoundState, actions, proposed_rule,
};
use crate::features::staff::moments;
use crate::features::staff::treasurer::end;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{AdminOnly, With};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::fee::{parse_percent, show_percent};
use crate::values::text::{many_lines, one_line};
use crate::values::{Cents, Lang, Timestamp};

const FIELDS: [&str; 22] = [
    "number",
    "title_nl",
    "title_en",
    "unit_price",
    "minimum",
    "near_miss_percent",
    "fee_percent",
    "remainder",
    "remainder_fund",
    "late_days",
    "rule_nl",
    "rule_en",
    "submissions_day",
    "submissions_time",
    "valuation_day",
    "valuation_time",
    "selling_day",
    "selling_time",
    "closes_day",
    "closes_time",
    "confirm",
    "step",
];

#[derive(Template)]
#[template(path = "staff/round_form.html")]
struct FormPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// None for a new one.
    round: Option<&'a Round>,
    /// What can become of the remainder, and the match funds that it can go to.
    remainders: Vec<(&'static str, String)>,
    fund_choices: Vec<(&'a str, String)>,
}

/// Id, and name in Dutch and English.
type NamedFund = (String, [String; 2]);

/// The funds that have not ended, and the one that the round names.
async fn funds(conn: &mut Conn, round: Option<&Round>) -> error::Result<Vec<NamedFund>> {
    let named = round.and_then(|round| round.remainder_fund_id.as_deref());
    let mut funds = match_funds::actions::all(conn).await?;
    funds.retain(|fund| fund.state != FundState::Ended || named == Some(fund.id.as_str()));
    Ok(funds.into_iter().map(|fund| (fund.id, [fund.name_nl, fund.name_en])).collect())
}

impl<'a> FormPage<'a> {
    fn new(ctx: &'a Ctx, form: &'a Form, round: Option<&'a Round>, funds: &'a [NamedFund]) -> FormPage<'a> {
        let remainder = |rule: &RemainderRule| (rule.as_str(), ctx.t(format!("remainder-choice-{rule}")));
        FormPage {
            remainders: RemainderRule::ALL.iter().map(remainder).collect(),
            fund_choices: funds.iter().map(|(id, names)| (id.as_str(), name_of(names, ctx.lang))).collect(),
            ctx,
            form,
            round,
        }
    }

    /// Whether price, smallest pledge and rule may still be chosen.
    fn money_is_open(&self) -> bool {
        self.round.is_none_or(|round| round.state < RoundState::Selling)
    }
}

pub async fn new(ctx: Ctx, State(s): State<Services>, With(staff, ..): With<AdminOnly>) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let highest = actions::all(&mut conn).await?.first().map_or(0, |round| round.number);
    let (number, percent) = ((highest + 1).to_string(), NEAR_MISS_PERCENT.to_string());
    let late_days = LATE_DAYS.to_string();
    let mut form = Form::with(&[
        ("number", &number),
        ("near_miss_percent", &percent),
        ("fee_percent", "0"),
        ("remainder", RemainderRule::Refund.as_str()),
        ("late_days", &late_days),
    ]);
    for name in MOMENTS {
        form.set(&format!("{name}_time"), if name == "closes" { "17:00" } else { "09:00" });
    }
    let funds = funds(&mut conn, None).await?;
    ctx.page(&FormPage::new(&ctx, &form, None, &funds))
}

fn name_of([nl, en]: &[String; 2], lang: Lang) -> String {
    match lang {
        Lang::Nl => nl.clone(),
        Lang::En => en.clone(),
    }
}

pub async fn edit(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<AdminOnly>,
    Path((_lang, number)): Path<(String, i64)>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let round = by_number(&mut conn, number).await?;
    let funds = funds(&mut conn, Some(&round)).await?;
    ctx.page(&FormPage::new(&ctx, &filled(&round, ctx.lang), Some(&round), &funds))
}

async fn by_number(conn: &mut Conn, number: i64) -> Result<Round, Failure> {
    actions::by_number(conn, number).await?.ok_or_else(Failure::not_found)
}

fn filled(round: &Round, lang: Lang) -> Form {
    let (number, price) = (round.number.to_string(), round.unit_price_eur.to_string());
    let (minimum, percent) = (round.minimum_cents.plain(), round.near_miss_percent.to_string());
    let fee = show_percent(round.fee_basis_points, lang);
    let late_days = round.late_days.to_string();
    let mut form = Form::with(&[
        ("number", &number),
        ("fee_percent", &fee),
        ("remainder", round.remainder_rule.as_str()),
        ("remainder_fund", round.remainder_fund_id.as_deref().unwrap_or_default()),
        ("late_days", &late_days),
        ("title_nl", &round.title_nl),
        ("title_en", &round.title_en),
        ("unit_price", &price),
        ("minimum", minimum.trim_end_matches(".00")),
        ("near_miss_percent", &percent),
        ("rule_nl", &round.rule_nl),
        ("rule_en", &round.rule_en),
    ]);
    for (name, at) in MOMENTS.into_iter().zip(Outline::of(round).moments) {
        moments::show(&mut form, name, at);
    }
    form
}

pub async fn make(ctx: Ctx, State(s): State<Services>, With(staff, ..): With<AdminOnly>, posted: Posted) -> Answer {
    save(ctx, s, staff, None, posted).await
}

pub async fn change(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<AdminOnly>,
    Path((_lang, number)): Path<(String, i64)>,
    posted: Posted,
) -> Answer {
    let round = by_number(&mut *s.db.read().await?, number).await?;
    save(ctx, s, staff, Some(round), posted).await
}

async fn save(ctx: Ctx, s: Services, staff: Staff, round: Option<Round>, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut form = posted.allow(&FIELDS)?;
    let funds = funds(&mut *s.db.read().await?, round.as_ref()).await?;
    let refused =
        |form: &Form, status: StatusCode| ctx.page_with(status, &FormPage::new(&ctx, form, round.as_ref(), &funds));
    if form.is("step", "propose") {
        propose_rule(ctx.lang, &mut form, &funds);
        let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return refused(&form, status);
    }
    let Some(outline) = read(&ctx, &mut form, round.as_ref(), &funds) else {
        return refused(&form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let back =
        round.as_ref().map_or("/staff/rounds/new".to_owned(), |round| format!("/staff/rounds/{}/edit", round.number));
    staff.require_fresh(&ctx, &back)?;
    let mut tx = s.db.begin().await?;
    let actor = staff.0.user.id.as_str();
    let done = match &round {
        None => actions::make(&mut tx, &outline, actor, ctx.now).await.map(|_| ()),
        Some(round) => actions::change(&mut tx, &round.id, &outline, actor, ctx.now).await,
    };
    match end(tx, done).await {
        Ok(()) => Ok(ctx.redirect_done(&format!("/staff/rounds/{}", outline.number), "flash-round-saved")),
        Err(error) => match error.refusal::<Refusal>() {
            Some(refusal) => {
                let refusal: &dyn error::Refusal = refusal;
                form.refuse(ctx.lang, refusal);
                refused(&form, Failure::from(refusal).status())
            }
            None => Err(error.into()),
        },
    }
}

/// The outline that was typed; nothing when something is wrong, which the form says then.
fn read(ctx: &Ctx, form: &mut Form, round: Option<&Round>, funds: &[NamedFund]) -> Option<Outline> {
    let old = round.map(Outline::of);
    let number = whole(form, "number");
    let unit_price_eur = whole(form, "unit_price");
    let near_miss_percent = percent(form);
    // outside its bounds when it is none
    let fee_basis_points = parse_percent(form.value("fee_percent")).unwrap_or(-1);
    let minimum = Cents::parse(form.value("minimum")).unwrap_or_default();
    let (remainder_rule, remainder_fund_id) = remainder(form, funds);
    let late_days = form.value("late_days").trim().parse().unwrap_or(-1);
    let mut texts = Vec::new();
    for (name, longest) in [("title_nl", LONGEST_TITLE), ("title_en", LONGEST_TITLE)] {
        texts.push(one_line(form.value(name), longest));
    }
    for (name, longest) in [("rule_nl", LONGEST_RULE), ("rule_en", LONGEST_RULE)] {
        texts.push(many_lines(form.value(name), longest));
    }
    for (name, text) in ["title_nl", "title_en", "rule_nl", "rule_en"].into_iter().zip(&texts) {
        if text.is_none() {
            form.fail_key(ctx.lang, name, "round-text-too-long");
        }
    }
    let mut at: Vec<Option<Timestamp>> = Vec::new();
    for (place, name) in MOMENTS.into_iter().enumerate() {
        at.push(moments::read(ctx.lang, form, name, old.as_ref().map(|old| old.moments[place])));
    }
    let moments: Vec<Timestamp> = at.into_iter().collect::<Option<_>>()?;
    let mut texts = texts.into_iter().flatten();
    let outline = Outline {
        number,
        title_nl: texts.next()?,
        title_en: texts.next()?,
        unit_price_eur,
        minimum,
        rule_nl: texts.next()?,
        rule_en: texts.next()?,
        near_miss_percent,
        fee_basis_points,
        remainder_rule,
        remainder_fund_id,
        late_days,
        moments: moments.try_into().ok()?,
    };
    for (field, key) in outline.wrong(round, ctx.now) {
        form.fail_key(ctx.lang, field, key);
    }
    let asks_about_money = round.is_none_or(|round| outline.changes_money(round));
    if asks_about_money && !form.has_errors() && !form.ticked("confirm") {
        form.fail_key(ctx.lang, "confirm", "round-confirm-missing");
    }
    (!form.has_errors()).then_some(outline)
}

/// The rule of the remainder that was chosen, and the fund when the rule names one that there is.
fn remainder(form: &Form, funds: &[NamedFund]) -> (RemainderRule, Option<String>) {
    let rule = RemainderRule::from_word(form.value("remainder")).unwrap_or(RemainderRule::Refund);
    let chosen = form.value("remainder_fund");
    let fund = (rule == RemainderRule::MatchFund).then(|| funds.iter().find(|(id, _)| id == chosen)).flatten();
    (rule, fund.map(|(id, _)| id.clone()))
}

/// A whole number as typed; 0 when it is none, which no field allows.
fn whole(form: &Form, name: &str) -> i64 {
    form.value(name).trim().parse().unwrap_or(0)
}

/// The percentage as typed; outside its bounds when it is none.
fn percent(form: &Form) -> i64 {
    form.value("near_miss_percent").trim().parse().unwrap_or(-1)
}

/// Fills in a rule that follows from price, smallest pledge, near miss and remainder.
fn propose_rule(lang: Lang, form: &mut Form, funds: &[NamedFund]) {
    let price = whole(form, "unit_price");
    let minimum = Cents::parse(form.value("minimum")).ok();
    let percent = percent(form);
    let Some(minimum) = minimum.filter(|_| price > 0 && (0..=99).contains(&percent)) else {
        form.fail_key(lang, "unit_price", "round-propose-needs");
        return;
    };
    let (rule, fund_id) = remainder(form, funds);
    let names = funds.iter().find(|(id, _)| Some(id) == fund_id.as_ref()).map(|(_, names)| names);
    for (name, lang) in [("rule_nl", Lang::Nl), ("rule_en", Lang::En)] {
        let fund = names.map(|names| name_of(names, lang)).unwrap_or_default();
        form.set(name, &proposed_rule(lang, price, minimum, percent, (rule, &fund)));
    }
}
