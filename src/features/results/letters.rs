//! The letters about result money: to the owners at each release, to every backer once, when all is decided, and to who moves a part
//! of it to another project.

use crate::features::outcomes::told::{self, Promised};
use crate::features::pledges::Pledge;
use crate::features::projects::Project;
use crate::features::results::{FrozenPromise, Release, actions, choosing, store};
use crate::features::rounds::RemainderRule;
use crate::features::{match_funds, payments, pledges, projects};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::mail::write::Writing;
use crate::infra::mail::{Draft, Stream};
use crate::infra::{Services, texts};
use crate::values::{Cents, Lang};

/// The kinds written here; the cause is a release, or a pledge.
pub const KINDS: [&str; 4] = [TOLD, "result_released", MOVED, NOT_MOVED];
/// To a backer.
pub const TOLD: &str = "results_told";

/// To a backer: a part is at another project now; the cause is its pledge there. Or it could not go; the cause is the pledge it stays of.
pub const MOVED: &str = "rest_moved";
pub const NOT_MOVED: &str = "rest_not_moved";

/// Writes one letter.
pub async fn render(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    if matches!(letter.kind.as_str(), MOVED | NOT_MOVED) {
        return of_move(s, conn, letter).await;
    }
    let release = actions::get(conn, &letter.cause_id).await?;
    let project = projects::actions::get(conn, &release.project_id).await?;
    let promised = told::of_project(conn, &project.id).await?;
    let frozen = store::promises(conn, &release.id).await?;
    let facts = facts(letter.language, &promised, &frozen, letter.kind != TOLD);
    match letter.kind.as_str() {
        TOLD => to_backer(s, conn, letter, (&release, &project), facts).await,
        _ => to_owner(s, letter, (&release, &project), facts),
    }
}

/// What was verified of each promise. Backers read what is published of it; owners what was found, with the money.
fn facts(lang: Lang, promised: &[Promised], frozen: &[FrozenPromise], is_own: bool) -> Vec<(String, String)> {
    let of = |frozen: &FrozenPromise| promised.iter().find(|one| one.promise.id == frozen.promise_id);
    let pairs = frozen.iter().filter_map(|one| Some((of(one)?, one)));
    let fact = |(promised, one): (&Promised, &FrozenPromise)| {
        let promise = &promised.promise;
        let told = || promised.newest().and_then(|report| report.show(promise.shape, lang));
        let (key, verified) = match one.verified {
            None => ("results-letter-line-none", None),
            Some(value) if is_own => ("results-letter-line-own", Some(promise.shape.show(value, lang))),
            Some(_) => match told() {
                None => ("results-letter-line-withheld", None),
                told => ("results-letter-line", told),
            },
        };
        let args = [
            ("verified", verified.unwrap_or_default()),
            ("target", promise.shape.show(one.target, lang)),
            ("unit", promise.unit(lang).to_owned()),
            ("amount", one.amount.show(lang)),
        ];
        (promise.name(lang).to_owned(), texts::text_with(lang, key, &args))
    };
    pairs.map(fact).collect()
}

fn to_owner(
    s: &Services,
    letter: &Due,
    (release, project): (&Release, &Project),
    mut facts: Vec<(String, String)>,
) -> Result<Option<Draft>> {
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let args = [("title", project.title(lang).to_owned()), ("amount", release.amount.show(lang))];
    let say = |part: &str| texts::text_with(lang, &format!("letter-result_released-{part}"), &args);
    facts.insert(0, (t("pledge-for"), project.title(lang).to_owned()));
    facts.push((t("results-released-now"), release.amount.show(lang)));
    facts.push((t("settlement-reason"), release.reason.clone()));
    let end = if release.is_final() { say("final") } else { say("interim") };
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .say(end)
        .facts(facts)
        .button(t("results-open"), s.url(&format!("/{lang}/studio/projects/{}/results", project.slug)))
        .why(t("payouts-letter-why"))
        .draft(s)
        .map(Some)
}

async fn to_backer(
    s: &Services,
    conn: &mut Conn,
    letter: &Due,
    (release, project): (&Release, &Project),
    mut facts: Vec<(String, String)>,
) -> Result<Option<Draft>> {
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let released = Cents(release.result.0 - release.back.0 - release.matched.0 - release.stays.0);
    let back = store::back_of_user(conn, &release.id, &letter.user_id).await?;
    let fund = match &release.fund_id {
        Some(id) => match_funds::actions::get(conn, id).await?.name(lang).to_owned(),
        None => String::new(),
    };
    let date = release.choose_until.map(|until| until.show_moment(lang)).unwrap_or_default();
    let args = [
        ("date", date),
        ("title", project.title(lang).to_owned()),
        ("released", released.show(lang)),
        ("all", release.result.show(lang)),
        ("back", back.show(lang)),
        ("rest", release.back.show(lang)),
        ("fund", fund),
    ];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{TOLD}-{part}"), &args);
    let rest = match release.rule {
        RemainderRule::MatchFund if release.back > Cents::ZERO => "fund",
        RemainderRule::Choose if back > Cents::ZERO => "choose",
        _ if back > Cents::ZERO => "back",
        _ => "nothing",
    };
    facts.insert(0, (t("pledge-for"), project.title(lang).to_owned()));
    facts.push((t("results-released-all"), released.show(lang)));
    if back > Cents::ZERO {
        let key = if rest == "choose" { "rest-part" } else { "results-back-to-you" };
        facts.push((t(key), back.show(lang)));
    }
    let mut pledges = pledges::actions::all_of_user(conn, &letter.user_id).await?;
    pledges.retain(|pledge| pledge.project_id == project.id && pledge.held_at.is_some());
    let writing = Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .say(say(rest))
        .facts(facts)
        .why(t("letter-why-pledge"));
    let mut asked = Vec::new();
    for pledge in &pledges {
        let is_asked = choosing::of_pledge(conn, &pledge.id).await?.is_some_and(|line| line.done_at.is_none());
        asked.extend(is_asked.then_some(pledge));
    }
    if let Some(pledge) = asked.first() {
        return writing.button(t("rest-open"), address(s, pledge)).draft(s).map(Some);
    }
    let writing = match pledges.first() {
        Some(pledge) => writing.button(t("letter-open-pledge"), payments::actions::page_address(s, pledge)),
        None => writing,
    };
    writing.draft(s).map(Some)
}

/// The page on which the backer of a pledge chooses.
fn address(s: &Services, pledge: &Pledge) -> String {
    let key = s.keys.derive("pledge", &pledge.id);
    s.url(&format!("/{}/pledges/{}/remainder?key={key}", pledge.language, pledge.reference))
}

/// A part went to another project, or could not.
async fn of_move(s: &Services, conn: &mut Conn, letter: &Due) -> Result<Option<Draft>> {
    let lang = letter.language;
    let t = |key: &str| texts::text(lang, key);
    let pledge = pledges::actions::get(conn, &letter.cause_id).await?;
    let title = projects::actions::get(conn, &pledge.project_id).await?.title(lang).to_owned();
    let amount = match choosing::of_pledge(conn, &pledge.id).await? {
        Some(line) if letter.kind == NOT_MOVED => line.amount,
        _ => pledge.amount,
    };
    let args = [("title", title.clone()), ("amount", amount.show(lang))];
    let say = |part: &str| texts::text_with(lang, &format!("letter-{}-{part}", letter.kind), &args);
    let facts = vec![
        (t("pledge-reference"), pledge.reference.clone()),
        (t("pledge-for"), title),
        (t("pledge-amount-label"), amount.show(lang)),
    ];
    Writing::new(lang, Stream::Money, say("subject"))
        .say(say("text"))
        .facts(facts)
        .button(t("letter-open-pledge"), payments::actions::page_address(s, &pledge))
        .why(t("letter-why-pledge"))
        .draft(s)
        .map(Some)
}
