//! Large sets that are the same for the same seed: many projects in a selling round of their own with what they measured, many held
//! pledges, the books included.

use sha2::{Digest, Sha256};

use crate::app::demo::large_waves;
use crate::app::demo::money::intent;
use crate::features::organisations::actions as organisations;
use crate::features::pledges::{Pledge, PledgeKind, PledgeState};
use crate::features::projects::{NewProject, Project, ProjectState, Texts, search_text};
use crate::features::rounds::{Round, RoundState};
use crate::features::{payments, pledges, projects, rounds, users};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::values::text::Email;
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// Pledges written in one transaction.
const BATCH: i64 = 5_000;
/// One of these amounts for each pledge, in whole hundredths of a Rikx at 100 euros.
const AMOUNTS: [i64; 8] = [1_000, 1_500, 2_500, 2_500, 5_000, 5_000, 7_500, 10_000];
/// A backer gives three times on average.
const PLEDGES_PER_BACKER: i64 = 3;

/// How much to make.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub projects: i64,
    pub pledges: i64,
    pub seed: u64,
}

/// Numbers that follow from the seed and a name alone.
pub(super) struct Dice {
    seed: u64,
}

impl Dice {
    fn bytes(&self, what: &str, number: i64) -> [u8; 32] {
        Sha256::digest(format!("{}:{what}:{number}", self.seed).as_bytes()).into()
    }

    pub(super) fn id(&self, prefix: &str, number: i64) -> String {
        format!("{prefix}_{}", hex::encode(&self.bytes(prefix, number)[..16]))
    }

    pub(super) fn below(&self, what: &str, number: i64, limit: i64) -> i64 {
        let bytes = self.bytes(what, number);
        let value = bytes[..7].iter().fold(0i64, |value, byte| (value << 8) | i64::from(*byte));
        value % limit.max(1)
    }
}

/// Makes the set; `progress` is told how many pledges stand. Answers the number of the new round.
///
/// # Errors
/// The database; a set of the same seed that is there already.
pub async fn make(s: &Services, size: Size, mut progress: impl FnMut(i64)) -> Result<i64> {
    let now = s.clock.now();
    let dice = Dice { seed: size.seed };
    let (round, all) = make_projects(s, size, &dice, now).await?;
    let backers = make_backers(s, size, &dice, now).await?;
    if let Some(author) = backers.first() {
        large_waves::make(s, &dice, &all, author, now).await?;
    }
    let mut done = 0;
    while done < size.pledges {
        let until = (done + BATCH).min(size.pledges);
        let batch: Vec<Pledge> =
            (done..until).map(|number| pledge(number, &dice, &round, &all, &backers, now)).collect();
        let mut tx = s.db.begin().await?;
        pledges::actions::import(&mut tx, &batch).await?;
        payments::actions::import(&mut tx, &batch, intent).await?;
        tx.commit().await?;
        done = until;
        progress(done);
    }
    Ok(round.number)
}

async fn make_projects(s: &Services, size: Size, dice: &Dice, now: Timestamp) -> Result<(Round, Vec<Project>)> {
    let mut tx = s.db.begin().await?;
    let known = rounds::actions::all(&mut tx).await?;
    let number = known.iter().map(|round| round.number).max().unwrap_or(0) + 1;
    let makers = organisations::makers(&mut tx).await?;
    let first_number = projects::actions::highest_number(&mut tx).await? + 1;
    if makers.is_empty() {
        return Err(Error::broken("no organisation to own the projects"));
    }
    let round = Round {
        id: dice.id("rnd", 0),
        number,
        title_nl: format!("Proefronde {number}"),
        title_en: format!("Trial round {number}"),
        state: RoundState::Selling,
        unit_price_eur: 100,
        minimum_cents: Cents(500),
        rule_nl: "Wordt de drempel niet gehaald, dan gaat al het geld terug.".to_owned(),
        rule_en: "When the threshold is not reached, all money goes back.".to_owned(),
        submissions_at: now.plus_days(-90),
        valuation_at: now.plus_days(-60),
        selling_at: now.plus_days(-30),
        closes_at: now.plus_days(30),
        settled_at: None,
        near_miss_percent: 0,
        fee_basis_points: 0,
        remainder_rule: rounds::RemainderRule::Refund,
        remainder_fund_id: None,
        late_days: rounds::LATE_DAYS,
    };
    rounds::actions::insert(&mut tx, &round).await?;
    // room for every pledge on average twice over, so that chance fills no project; the threshold of every second one is reached
    let per_project = size.pledges / size.projects.max(1) + 1;
    let impact = (per_project * 100 * 2).max(1_000);
    let mut all = Vec::new();
    for at in 0..size.projects {
        let maker = &makers[usize::try_from(at).unwrap_or(0) % makers.len()];
        let threshold = if at % 2 == 0 { impact / 20 } else { impact };
        let project = Project {
            id: dice.id("prj", at),
            slug: format!("trial-{number}-{}", at + 1),
            number: first_number + at,
            organisation_id: maker.id.clone(),
            coalition_id: None,
            round_id: round.id.clone(),
            state: ProjectState::Listed,
            title_nl: format!("Proefproject {number}.{}", at + 1),
            title_en: format!("Trial project {number}.{}", at + 1),
            aim_nl: "Een project om het systeem mee te beproeven.".to_owned(),
            aim_en: "A project to try the system with.".to_owned(),
            text_nl: "Dit project bestaat niet. Het is gemaakt om te meten.".to_owned(),
            text_en: "This project does not exist. It was made to measure with.".to_owned(),
            target_group_nl: "niemand".to_owned(),
            target_group_en: "nobody".to_owned(),
            participants_target: 20,
            impact: Rikx(impact),
            threshold: Rikx(threshold),
            start_day: now.plus_days(60).day(),
            months: 12,
            contact: "contact@drempel.example".to_owned(),
            picture_id: None,
            picture_alt_nl: String::new(),
            picture_alt_en: String::new(),
            example: 1,
            created_at: now,
            updated_at: now,
        };
        let new = NewProject {
            search_text: search_text(&Texts::of(&project), &maker.name, &[]),
            project,
            terms: Vec::new(),
            planning: Vec::new(),
            budget: Vec::new(),
            partners: Vec::new(),
        };
        projects::actions::insert(&mut tx, &new, "demo", now).await?;
        let cap = new.project.cap(round.unit_price_eur);
        pledges::actions::open_project(&mut tx, &new.project.id, cap).await?;
        all.push(new.project);
    }
    tx.commit().await?;
    Ok((round, all))
}

async fn make_backers(s: &Services, size: Size, dice: &Dice, now: Timestamp) -> Result<Vec<String>> {
    let count = (size.pledges / PLEDGES_PER_BACKER).max(1);
    let mut people = Vec::new();
    for number in 0..count {
        let email = Email::parse(&format!("trial{}-{number}@backers.example", size.seed));
        let email = email.ok_or_else(|| Error::broken("an address of the demo"))?;
        people.push((dice.id("usr", number), email));
    }
    let mut tx = s.db.begin().await?;
    users::actions::import(&mut tx, &people, Lang::Nl, now).await?;
    tx.commit().await?;
    Ok(people.into_iter().map(|(id, _)| id).collect())
}

fn pledge(number: i64, dice: &Dice, round: &Round, all: &[Project], backers: &[String], now: Timestamp) -> Pledge {
    let choose = |what: &str, from: usize| {
        usize::try_from(dice.below(what, number, i64::try_from(from).unwrap_or(1))).unwrap_or(0)
    };
    let amount = Cents(AMOUNTS[choose("amount", AMOUNTS.len())]);
    let at = now.plus_seconds(-dice.below("moment", number, 29 * 86_400) - 60);
    let code = hex::encode_upper(&dice.bytes("reference", number)[..6]);
    Pledge {
        id: dice.id("plg", number),
        reference: format!("DR-{}-{}-{}", &code[..4], &code[4..8], &code[8..]),
        project_id: all[choose("project", all.len())].id.clone(),
        round_id: round.id.clone(),
        user_id: backers[choose("backer", backers.len())].clone(),
        kind: PledgeKind::Gift,
        amount,
        rikx: Rikx(amount.0 / round.unit_price_eur),
        state: PledgeState::Held,
        anonymous: 0,
        updates: 0,
        name: String::new(),
        language: Lang::Nl,
        company_name: String::new(),
        kvk_number: String::new(),
        contract_reference: String::new(),
        po_number: String::new(),
        vat_id: String::new(),
        address: String::new(),
        postcode: String::new(),
        city: String::new(),
        request_hash: String::new(),
        created_at: at,
        expires_at: at,
        held_at: Some(at),
        returned: Cents::ZERO,
        raises_id: None,
    }
}
