//! The demo's projects with what belongs to them.

use std::collections::HashMap;

use crate::app::demo::Closed;
use crate::app::demo::content::{self, Content};
use crate::features::organisations::Organisation;
use crate::features::outcomes::{Cell, NewWave, Observation, Rung, WaveKind, Workplace};
use crate::features::projects::{
    BudgetLine, NewProject, Partner, PlanningStep, Project, ProjectState, Term, TermKind, Texts, actions, search_text,
};
use crate::features::rounds::Round;
use crate::features::users::User;
use crate::features::verifications::{Level, Verdict};
use crate::features::{outcomes, pledges, updates, users, verifications};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::random;
use crate::values::text::Email;
use crate::values::time::months_after;
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// The indicators of the two ladders.
const LADDER: &str = "participation-ladder";
const GRID: &str = "work-ladder";
/// Who looked at the figures of the demo.
const EXPERT: &str = "expert1@drempel.example";

/// What was loaded before the projects.
pub struct Known {
    pub terms: Vec<Term>,
    /// By slug, each with its owner.
    pub makers: HashMap<String, (Organisation, User)>,
    /// Ids by slug.
    pub coalitions: HashMap<String, String>,
    /// By number.
    pub rounds: HashMap<i64, Round>,
    pub closed: Closed,
}

/// Writes all projects; answers them by slug.
pub async fn load(tx: &mut Tx, content: &Content, known: &Known, now: Timestamp) -> Result<HashMap<String, Project>> {
    let mut loaded = HashMap::new();
    // numbers that the content leaves open follow the largest that it names
    let mut free = content.projects.iter().filter_map(|from| from.number).max().unwrap_or(0);
    for from in &content.projects {
        let number = from.number.unwrap_or_else(|| {
            free += 1;
            free
        });
        let round =
            known.rounds.get(&from.round).ok_or_else(|| Error::broken(format!("the round of {}", from.slug)))?;
        let (organisation, owner) = known
            .makers
            .get(&from.organisation)
            .ok_or_else(|| Error::broken(format!("the organisation of {}", from.slug)))?;
        let new = new_project(from, number, organisation, round, known, now)?;
        actions::insert(tx, &new, "demo", now).await?;
        let project = new.project;
        if project.state != ProjectState::InValuation {
            pledges::actions::open_project(tx, &project.id, project.cap(round.unit_price_eur)).await?;
        }
        reports(tx, from, &project, &owner.id, now).await?;
        loaded.insert(from.slug.clone(), project);
    }
    Ok(loaded)
}

fn new_project(
    from: &content::Project,
    number: i64,
    organisation: &Organisation,
    round: &Round,
    known: &Known,
    now: Timestamp,
) -> Result<NewProject> {
    let told = ProjectState::from_word(&from.status).ok_or_else(|| Error::broken("state of a project"))?;
    let sells = known.closed == Closed::StillSelling && told != ProjectState::InValuation;
    let state = if sells { ProjectState::Listed } else { told };
    let project = Project {
        id: random::id("prj", now),
        slug: from.slug.clone(),
        number,
        organisation_id: organisation.id.clone(),
        coalition_id: from.coalition.as_ref().and_then(|slug| known.coalitions.get(slug).cloned()),
        round_id: round.id.clone(),
        state,
        title_nl: from.title.nl.clone(),
        title_en: from.title.en.clone(),
        aim_nl: from.aim.nl.clone(),
        aim_en: from.aim.en.clone(),
        text_nl: with_co_funding(&from.text.nl, "Ander geld", from, |note| &note.nl),
        text_en: with_co_funding(&from.text.en, "Other money", from, |note| &note.en),
        target_group_nl: from.target_group.nl.clone(),
        target_group_en: from.target_group.en.clone(),
        participants_target: from.participants_target,
        impact: Rikx(from.impact_value_hundredths),
        threshold: Rikx(from.threshold_hundredths),
        start_day: start_day(from, now),
        months: from.months,
        contact: from.contact.clone(),
        picture_id: None,
        picture_alt_nl: String::new(),
        picture_alt_en: String::new(),
        example: i16::from(from.example),
        created_at: round.submissions_at.plus_days(7),
        updated_at: round.selling_at.min(now),
    };
    let terms = terms_of(from);
    let named: Vec<&Term> =
        known.terms.iter().filter(|t| terms.iter().any(|(kind, code)| t.kind == *kind && t.code == *code)).collect();
    Ok(NewProject {
        search_text: search_text(&Texts::of(&project), &organisation.name, &named),
        terms,
        planning: from
            .planning
            .iter()
            .map(|step| PlanningStep { text_nl: step.nl.clone(), text_en: step.en.clone() })
            .collect(),
        budget: from
            .budget
            .iter()
            .map(|line| BudgetLine {
                label_nl: line.label.nl.clone(),
                label_en: line.label.en.clone(),
                minimum_cents: Cents(line.minimum_cents),
                full_cents: Cents(line.full_cents),
            })
            .collect(),
        partners: partners_of(from, known),
        project,
    })
}

fn start_day(from: &content::Project, now: Timestamp) -> String {
    from.start_in_days.map_or_else(|| from.start.clone(), |days| now.plus_days(days).day())
}

/// The text with a last part about money from elsewhere.
fn with_co_funding(text: &str, heading: &str, from: &content::Project, note: fn(&content::Both) -> &String) -> String {
    if from.co_funding.is_empty() {
        return text.to_owned();
    }
    let lines: Vec<String> = from.co_funding.iter().map(|c| format!("- {}: {}", c.name, note(&c.note))).collect();
    format!("{text}\n\n## {heading}\n\n{}", lines.join("\n"))
}

fn terms_of(from: &content::Project) -> Vec<(TermKind, String)> {
    [
        (TermKind::Method, &from.methods),
        (TermKind::Sector, &from.sectors),
        (TermKind::Theme, &from.themes),
        (TermKind::Tag, &from.tags),
        (TermKind::Area, &from.areas),
        (TermKind::Track, &from.tracks),
        (TermKind::Function, &from.functions),
        (TermKind::LegalBasis, &from.legal_basis),
    ]
    .into_iter()
    .flat_map(|(kind, codes)| codes.iter().map(move |code| (kind, code.clone())))
    .collect()
}

/// Partners, those with a share of the payouts first; the maker's own share stands among them.
fn partners_of(from: &content::Project, known: &Known) -> Vec<Partner> {
    let shared = from.shares.iter().map(|share| (&share.organisation, share.share_percent));
    let others = from
        .partners
        .iter()
        .filter(|slug| !from.shares.iter().any(|share| share.organisation == **slug))
        .map(|slug| (slug, 0));
    shared
        .chain(others)
        .filter_map(|(slug, share_percent)| {
            let (organisation, _) = known.makers.get(slug)?;
            Some(Partner { organisation_id: organisation.id.clone(), share_percent })
        })
        .collect()
}

/// What a project measures beside what it promised.
fn tracked(from: &content::Project) -> Vec<String> {
    let all = from.waves.iter().flat_map(|wave| observations(wave).into_iter().map(|one| one.indicator));
    let is_promised = |code: &String| from.promises.iter().any(|promise| promise.indicator == *code);
    all.filter(|code| !is_promised(code)).collect()
}

fn observations(wave: &content::Wave) -> Vec<Observation> {
    let mut found: Vec<Observation> =
        wave.counts.iter().map(|(code, count)| Observation::count(code, *count)).collect();
    found.extend(wave.means.iter().map(|(code, mean)| Observation::mean(code, mean.mean_hundredths, mean.n)));
    found.extend(wave.ladder.map(|counts| Observation::ladder(LADDER, counts)));
    found.extend(wave.grid.map(|rows| {
        let cell = |rung: &Rung, place: &Workplace, count: i64| Cell {
            row: rung.as_str().to_owned(),
            col: place.as_str().to_owned(),
            location_id: String::new(),
            count,
        };
        let row = |(rung, counts): (&Rung, [i64; 3])| -> Vec<Cell> {
            Workplace::ALL.iter().zip(counts).map(|(place, count)| cell(rung, place, count)).collect()
        };
        Observation::grid(GRID, Rung::ALL.iter().zip(rows).flat_map(row).collect())
    }));
    found
}

/// Somebody of the team looked at what was promised, three weeks after it was measured.
async fn check(tx: &mut Tx, project: &Project, wave: &NewWave, owner_id: &str, now: Timestamp) -> Result<()> {
    let at = Timestamp::start_of_day(&wave.day).map_or(now, |day| day.plus_days(21).min(now));
    let expert = Email::parse(EXPERT).ok_or_else(|| Error::broken("an expert of the demo"))?;
    let expert = users::actions::known_or_new(tx, &expert, Lang::Nl, now).await?;
    let waves = outcomes::actions::waves_of(tx, &project.id).await?;
    let entered = waves.iter().find(|one| one.kind == wave.kind && one.measured_on == wave.day);
    let wave_id = entered.map(|one| one.id.clone()).ok_or_else(|| Error::broken("a wave of the demo"))?;
    for promise in outcomes::actions::figures(tx, &project.id).await? {
        let is_measured = wave.observations.iter().any(|one| one.indicator == promise.code);
        if !is_measured {
            continue;
        }
        let figure = (wave_id.as_str(), promise.code.as_str());
        let handed_in = verifications::actions::hand_in(tx, &project.id, figure, owner_id, at).await?;
        let (level, value) = (Level::StaffChecked, handed_in.declared);
        let verdict = Verdict { level, value, checker: "", remark: "" };
        verifications::actions::verify(tx, &handed_in.id, verdict, &expert.id, at).await?;
    }
    Ok(())
}

/// Promises, what was measured, and what the owner told.
async fn reports(
    tx: &mut Tx,
    from: &content::Project,
    project: &Project,
    author_id: &str,
    now: Timestamp,
) -> Result<()> {
    for (position, promise) in (1..).zip(&from.promises) {
        // a project with a relative start promises relative to it
        let due_day = from.start_in_days.and_then(|_| months_after(&project.start_day, promise.due_months));
        let promise = outcomes::Promise {
            position,
            indicator: promise.indicator.clone(),
            baseline: promise.baseline,
            target: promise.target,
            due_day: due_day.unwrap_or_else(|| promise.due.clone()),
            share_percent: promise.share_percent,
            floor_percent: 0,
            cap_percent: 100,
        };
        outcomes::actions::add_promise(tx, &project.id, &promise, now).await?;
    }
    outcomes::actions::track(tx, &project.id, &tracked(from), author_id, now).await?;
    // on a machine whose clock stands before the demo's past, that part has not happened yet
    for wave in from.waves.iter().filter(|wave| wave.date <= now.day()) {
        let checked = wave.verification == "staff-checked";
        let wave = outcomes::NewWave {
            kind: WaveKind::from_word(&wave.kind).ok_or_else(|| Error::broken("kind of a wave"))?,
            day: wave.date.clone(),
            observations: observations(wave),
            note_nl: wave.note.nl.clone(),
            note_en: wave.note.en.clone(),
        };
        outcomes::actions::enter(tx, &project.id, &wave, author_id, now).await?;
        if checked {
            check(tx, project, &wave, author_id, now).await?;
        }
    }
    let questions = updates::answers::questions(tx, project).await?;
    for update in &from.updates {
        let texts = updates::Texts::parse(
            |field| match field {
                "title_nl" => &update.title.nl,
                "title_en" => &update.title.en,
                "body_nl" => &update.text.nl,
                "body_en" => &update.text.en,
                _ => "",
            },
            false,
        )?;
        let published_at = now.plus_days(-update.days_ago);
        let question = questions.iter().find(|question| question.text_nl == update.answers);
        updates::actions::import(tx, author_id, project, (&texts, question), published_at).await?;
    }
    Ok(())
}
