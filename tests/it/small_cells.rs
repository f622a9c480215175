//! Somebody who wants to know a small count asks every public address, before and after each moment of measuring, and works out what
//! follows from the answers: what belongs together sums up, a part is not larger than its whole, and a total that says anything which the
//! pages of the projects do not say gives a hidden count away. No count below ten may be left with fewer than three values.
//!
//! What follows from knowing the rule itself is proven over all small tables in `features::outcomes::cells::preimages`.

use std::collections::BTreeMap;

use drempel::features::outcomes::{Cell, NewWave, Observation, Rung, WaveKind, Workplace, actions as outcomes};
use serde_json::Value;

use crate::support::App;

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % u64::try_from(limit.max(1)).expect("a small number")).expect("a small number")
    }

    /// So many in parts that sum to it; some of them none.
    fn split(&mut self, whole: i64, parts: usize) -> Vec<i64> {
        let mut counts = vec![0; parts];
        let used = 1 + self.below(i64::try_from(parts).expect("a small number"));
        for _ in 0..whole {
            counts[usize::try_from(self.below(used)).expect("a small number")] += 1;
        }
        let by = usize::try_from(self.below(i64::try_from(parts).expect("a small number"))).expect("a small number");
        counts.rotate_left(by);
        counts
    }
}

const PROJECTS: i64 = 8;
const FILTERS: [&str; 4] = ["round", "area", "theme", "function"];

/// A figure of a project: slug, day, indicator, row, column.
type Name = [String; 5];

fn name(slug: &str, day: &str, indicator: &str, row: &str, column: &str) -> Name {
    [slug, day, indicator, row, column].map(str::to_owned)
}

/// Projects that run, with terms of their own, and what they really counted.
struct World {
    app: App,
    truth: BTreeMap<Name, i64>,
}

const ADD: &str = "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
         text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths, threshold_hundredths, start_day,
         months, contact, picture_alt_nl, picture_alt_en, example, search_text, created_at, updated_at)
     SELECT $1, $2, $3, p.organisation_id, r.id, 'running', p.title_nl, p.title_en, p.aim_nl, p.aim_en, p.text_nl, p.text_en,
         p.target_group_nl, p.target_group_en, $4, p.impact_hundredths, p.threshold_hundredths, '2025-01-01', 12, '', '', '', 0, $2,
         p.created_at, p.updated_at
     FROM projects p, rounds r WHERE p.slug = 'rugdekking' AND r.number = $5";

const TRACKED: [&str; 8] = [
    "PI4060",
    "PI3527",
    "paid-work-supported",
    "paid-work",
    "education",
    "participation-ladder",
    "work-ladder",
    "self-confidence",
];

impl World {
    async fn start(dice: &mut Dice) -> World {
        let app = App::start_demo().await;
        let mut tx = app.s.db.begin().await.expect("a transaction");
        // only these are counted, so that what an answer says is about few
        sqlx::query("UPDATE projects SET hidden = 1").execute(&mut *tx).await.expect("hidden");
        let now = app.s.clock.now();
        for number in 0..PROJECTS {
            let (id, slug) = (format!("prj_small{number}"), format!("small-{number}"));
            sqlx::query(ADD)
                .bind(&id)
                .bind(&slug)
                .bind(900 + number)
                .bind(if number % 3 == 2 { 120 } else { 20i64 })
                .bind(1 + number % 2)
                .execute(&mut *tx)
                .await
                .expect("a project");
            for kind in &FILTERS[1..] {
                sqlx::query(
                    "INSERT INTO project_terms (project_id, kind, code)
                     SELECT $1, $2, MIN(code) FROM terms WHERE kind = $2 AND code NOT IN (SELECT code FROM terms WHERE kind = $2
                         ORDER BY code LIMIT $3)",
                )
                .bind(&id)
                .bind(*kind)
                .bind(dice.below(2))
                .execute(&mut *tx)
                .await
                .expect("a term");
            }
            let codes = TRACKED.map(str::to_owned);
            outcomes::track(&mut tx, &id, &codes, "demo", now).await.expect("tracked");
        }
        tx.commit().await.expect("a commit");
        World { app, truth: BTreeMap::new() }
    }

    /// A moment of measuring in every project.
    async fn measure(&mut self, dice: &mut Dice, kind: WaveKind, day: &str) {
        for number in 0..PROJECTS {
            let (id, slug) = (format!("prj_small{number}"), format!("small-{number}"));
            let (observations, counted) = measured(dice);
            for (indicator, row, column, count) in counted {
                self.truth.insert(name(&slug, day, &indicator, &row, &column), count);
            }
            let wave = NewWave { kind, day: day.into(), observations, note_nl: String::new(), note_en: String::new() };
            let mut tx = self.app.s.db.begin().await.expect("a transaction");
            let author: (String,) =
                sqlx::query_as("SELECT id FROM users ORDER BY id LIMIT 1").fetch_one(&mut *tx).await.expect("somebody");
            let now = self.app.s.clock.now();
            outcomes::enter(&mut tx, &id, &wave, &author.0, now).await.expect("a wave");
            tx.commit().await.expect("a commit");
        }
    }
}

type Counted = Vec<(String, String, String, i64)>;

/// What a project counted at one moment, and the same as single counts.
fn measured(dice: &mut Dice) -> (Vec<Observation>, Counted) {
    let people = dice.below(34);
    let work = dice.below(people.min(24) + 1);
    let supported = dice.below(work + 1);
    // in half of the worlds the parts are all there are
    let unsupported = if dice.below(2) == 0 { work - supported } else { dice.below(work - supported + 1) };
    let education = dice.below(people - work + 1);
    let mut observations = Vec::new();
    let mut counted: Counted = Vec::new();
    for (code, count) in [
        ("PI4060", people),
        ("PI3527", work),
        ("paid-work-supported", supported),
        ("paid-work", unsupported),
        ("education", education),
    ] {
        observations.push(Observation::count(code, count));
        counted.push((code.to_owned(), String::new(), String::new(), count));
    }
    if people > 0 {
        let rungs: [i64; 6] = dice.split(people, 6).try_into().expect("six rungs");
        observations.push(Observation::ladder("participation-ladder", rungs));
        let code = "participation-ladder".to_owned();
        counted.push((code.clone(), String::new(), String::new(), people));
        for (at, band) in ["1-2", "3-4", "5-6"].iter().enumerate() {
            counted.push((code.clone(), (*band).to_owned(), String::new(), rungs[2 * at] + rungs[2 * at + 1]));
        }
        for (count, rung) in rungs.iter().zip(1..) {
            counted.push((code.clone(), rung.to_string(), String::new(), *count));
        }
        let mut cells = Vec::new();
        let places = Rung::ALL.iter().flat_map(|rung| Workplace::ALL.iter().map(move |place| (rung, place)));
        for ((rung, place), count) in places.zip(dice.split(people, 9)) {
            let (row, col) = (rung.to_string(), place.to_string());
            counted.push(("work-ladder".to_owned(), row.clone(), col.clone(), count));
            cells.push(Cell { row, col, location_id: String::new(), count });
        }
        observations.push(Observation::grid("work-ladder", cells));
        counted.push(("work-ladder".to_owned(), String::new(), String::new(), people));
        observations.push(Observation::mean("self-confidence", 500 + dice.below(400), people));
        counted.push(("self-confidence".to_owned(), "n".to_owned(), String::new(), people));
    }
    (observations, counted)
}

/// What somebody knows: for each figure the least and the most it can be, and sums of figures that lie between two numbers.
#[derive(Default)]
struct Attacker {
    known: BTreeMap<Name, (i64, i64)>,
    sums: Vec<(Vec<Name>, i64, i64)>,
    /// How often an answer about several projects said what their own pages do not say.
    told: usize,
}

const MUCH: i64 = 1_000_000;

impl Attacker {
    fn learn(&mut self, name: Name, low: i64, high: i64) {
        let known = self.known.entry(name).or_insert((0, MUCH));
        *known = (known.0.max(low), known.1.min(high));
    }

    /// Reads the figures of all projects, as the API and as a table.
    async fn read_projects(&mut self, app: &App) -> BTreeMap<Name, Option<i64>> {
        let mut published = BTreeMap::new();
        for number in 0..PROJECTS {
            let slug = format!("small-{number}");
            let outcomes = json(app, &format!("/api/v1/projects/{slug}/outcomes")).await;
            let text = text(app, &format!("/api/v1/projects/{slug}/outcomes.csv")).await;
            let table: Vec<&str> = text.lines().skip(1).collect();
            let figures = outcomes["figures"].as_array().expect("figures");
            assert_eq!(figures.len(), table.len());
            for (figure, line) in figures.iter().zip(table) {
                let text = |field: &str| figure[field].as_str().unwrap_or_default().to_owned();
                let cells: Vec<&str> = line.split(',').collect();
                assert_eq!([cells[5], cells[6]], [text("state").as_str(), text("value").as_str()], "{line}");
                let name = name(&slug, &text("measured_on"), &text("indicator"), &text("row"), &text("column"));
                let is_mean =
                    text("row") == "mean" || (text("indicator") == "self-confidence" && text("row").is_empty());
                if is_mean {
                    continue;
                }
                let value = figure["value"].as_str().map(|value| value.parse::<i64>().expect("a count"));
                match (text("state").as_str(), value) {
                    ("shown", Some(0)) => self.learn(name.clone(), 0, 0),
                    // what is no multiple of five was not rounded
                    ("shown", Some(exact)) if exact % 5 != 0 || exact < 10 => self.learn(name.clone(), exact, exact),
                    ("shown", Some(about)) => self.learn(name.clone(), (about - 2).max(10), about + 2),
                    ("small", None) => self.learn(name.clone(), 1, 9),
                    ("withheld", None) => self.learn(name.clone(), 0, MUCH),
                    other => panic!("{other:?} in {line}"),
                }
                published.insert(name, value);
            }
        }
        published
    }

    /// Which figures sum up to which, as everybody knows.
    fn structure(&mut self) {
        let names: Vec<Name> = self.known.keys().cloned().collect();
        let mut groups: BTreeMap<Name, Vec<Name>> = BTreeMap::new();
        for one in &names {
            let [slug, day, indicator, row, _] = one;
            let is_cell = ["participation-ladder", "work-ladder"].contains(&indicator.as_str()) && !row.is_empty();
            if is_cell {
                groups.entry(name(slug, day, indicator, "", "")).or_default().push(one.clone());
            }
        }
        for (total, cells) in groups {
            let (low, high) = self.known[&total];
            self.sums.push((cells, low, high));
        }
        for one in names.iter().filter(|one| one[2] == "PI4060") {
            let figure = |code: &str| name(&one[0], &one[1], code, "", "");
            for (whole, parts) in [
                ("PI3527", vec!["paid-work-supported", "paid-work"]),
                ("PI4060", vec!["PI3527", "education"]),
                ("PI4060", vec!["PI3527"]),
                ("PI4060", vec!["education"]),
            ] {
                let most = self.known[&figure(whole)].1;
                self.sums.push((parts.into_iter().map(figure).collect(), 0, most));
            }
            // everybody of the project stands on the ladder and in the grid
            for (code, row) in [("participation-ladder", ""), ("work-ladder", ""), ("self-confidence", "n")] {
                let other = name(&one[0], &one[1], code, row, "");
                if let Some((low, high)) = self.known.get(&other).copied() {
                    self.learn(one.clone(), low, high);
                }
            }
        }
    }

    /// Narrows until nothing follows any more.
    fn solve(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for (names, low, high) in &self.sums {
                let ranges: Vec<(i64, i64)> = names.iter().map(|name| self.known[name]).collect();
                let (least, most) = ranges.iter().fold((0, 0), |(a, b), range| (a + range.0, b + range.1));
                for (name, range) in names.iter().zip(ranges) {
                    let narrowed = (range.0.max(low - (most - range.1)), range.1.min(high - (least - range.0)));
                    if narrowed != range {
                        assert!(narrowed.0 <= narrowed.1, "what is published contradicts itself at {name:?}");
                        self.known.insert(name.clone(), narrowed);
                        changed = true;
                    }
                }
            }
        }
    }

    /// Small counts with fewer than three values left.
    fn pinned(&self, truth: &BTreeMap<Name, i64>) -> Vec<(Name, (i64, i64))> {
        let small = truth.iter().filter(|(_, count)| (1..10).contains(*count));
        let found = small.filter_map(|(name, count)| {
            let (low, high) = *self.known.get(name)?;
            assert!((low..=high).contains(count), "{name:?} is {count}, not in {low} to {high}");
            (high - low < 2).then(|| (name.clone(), (low, high)))
        });
        found.collect()
    }
}

async fn text(app: &App, path: &str) -> String {
    let answer = app.http.get(app.url(path)).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("a text")
}

async fn json(app: &App, path: &str) -> Value {
    serde_json::from_str(&text(app, path).await).expect("JSON")
}

/// A project with what it can be narrowed by.
struct Known {
    slug: String,
    values: BTreeMap<&'static str, Vec<String>>,
}

/// What the pages of the projects tell of themselves.
async fn known(app: &App) -> Vec<Known> {
    let mut all = Vec::new();
    for number in 0..PROJECTS {
        let slug = format!("small-{number}");
        let project = json(app, &format!("/api/v1/projects/{slug}")).await;
        let mut values: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        values.insert("round", vec![project["round"].to_string()]);
        for kind in &FILTERS[1..] {
            let terms = project["terms"][*kind].as_array().expect("terms");
            values.insert(kind, terms.iter().map(|term| term["code"].as_str().expect("a code").to_owned()).collect());
        }
        all.push(Known { slug, values });
    }
    all
}

/// Every query that narrows by at most two of the lists and a year.
fn queries(known: &[Known], years: &[&str]) -> Vec<BTreeMap<&'static str, String>> {
    let mut queries: Vec<BTreeMap<&'static str, String>> = vec![BTreeMap::new()];
    for kind in FILTERS {
        let values: std::collections::BTreeSet<String> =
            known.iter().flat_map(|project| project.values[kind].clone()).collect();
        let before = queries.clone();
        for query in before.iter().filter(|query| query.len() < 2) {
            for value in &values {
                let mut narrowed = query.clone();
                narrowed.insert(kind, value.clone());
                queries.push(narrowed);
            }
        }
    }
    let without: Vec<_> = queries.clone();
    for year in years {
        queries.extend(without.iter().map(|query| {
            let mut narrowed = query.clone();
            narrowed.insert("year", (*year).to_owned());
            narrowed
        }));
    }
    queries
}

/// Asks for every sum, as the API, as a table and as a page, and holds it against what the pages of the projects tell already: the rest is
/// a sum of hidden counts.
async fn ask_for_sums(attacker: &mut Attacker, app: &App, published: &BTreeMap<Name, Option<i64>>, years: &[&str]) {
    let known = known(app).await;
    for query in queries(&known, years) {
        let text_of = form_urlencoded::Serializer::new(String::new()).extend_pairs(&query).finish();
        let statistics = json(app, &format!("/api/v1/statistics?{text_of}")).await;
        let table = text(app, &format!("/api/v1/statistics.csv?{text_of}")).await;
        let page = text(app, &format!("/nl/impact?{text_of}")).await;
        let is_meant = |project: &&Known| {
            query.iter().all(|(kind, value)| *kind == "year" || project.values[kind].contains(value))
        };
        let meant: Vec<&Known> = known.iter().filter(is_meant).collect();
        for sum in statistics["outcomes"].as_array().expect("outcomes") {
            let code = sum["indicator"].as_str().expect("a code");
            let line = table.lines().find(|line| line.starts_with(&format!("indicator,{code},"))).expect("a line");
            let said = sum["value"].as_i64();
            assert_eq!(line.rsplit(',').next().and_then(|value| value.parse().ok()), said, "{line}");
            let Some(said) = said else { continue };
            // the newest moment of each, of the year that was asked for
            let newest = |project: &&Known| {
                let own = published.keys().filter(|name| {
                    name[0] == project.slug
                        && name[2] == code
                        && name[3].is_empty()
                        && query.get("year").is_none_or(|year| name[1].starts_with(year.as_str()))
                });
                own.max_by(|a, b| a[1].cmp(&b[1])).cloned()
            };
            let names: Vec<Name> = meant.iter().filter_map(newest).collect();
            let hidden: Vec<Name> = names.iter().filter(|name| published[*name].is_none()).cloned().collect();
            let shown: i64 = names.iter().filter_map(|name| published[name]).sum();
            assert_eq!(sum["projects"].as_u64(), u64::try_from(names.len()).ok(), "{text_of} {code}");
            assert_eq!(sum["hidden"].as_u64(), u64::try_from(hidden.len()).ok(), "{text_of} {code}");
            if said != shown {
                attacker.told += 1;
                attacker.sums.push((hidden, said - shown, said - shown));
            }
        }
        // the page says no more than the table
        let most = statistics["outcomes"].as_array().map_or(0, Vec::len);
        assert!(page.matches("<td class=\"num\"").count() >= most, "{text_of}");
    }
}

/// Plays a world and answers who could be pinned and what totals told beside the pages of projects.
async fn attack(seed: u64) -> (Vec<(Name, (i64, i64))>, usize, usize) {
    let mut dice = Dice(seed);
    let mut world = World::start(&mut dice).await;
    let mut attacker = Attacker::default();
    let mut before: BTreeMap<Name, Option<i64>> = BTreeMap::new();
    let moments = [(WaveKind::Intake, "2025-03-01"), (WaveKind::Interim, "2025-09-01"), (WaveKind::End, "2026-02-01")];
    for (kind, day) in moments {
        world.measure(&mut dice, kind, day).await;
        let published = attacker.read_projects(&world.app).await;
        assert!(before.iter().all(|(name, value)| published.get(name) == Some(value)), "a moment says more later");
        ask_for_sums(&mut attacker, &world.app, &published, &["2025", "2026"]).await;
        before = published;
    }
    attacker.structure();
    attacker.solve();
    let hidden = before.values().filter(|value| value.is_none()).count();
    (attacker.pinned(&world.truth), attacker.told, hidden)
}

#[tokio::test]
async fn nobody_can_work_out_a_small_count_from_what_is_published() {
    for seed in [1, 2] {
        let (pinned, told, hidden) = attack(seed).await;
        assert_eq!(pinned, [], "with seed {seed}");
        assert_eq!(told, 0, "a sum says what no page of a project says, with seed {seed}");
        assert!(hidden > 100, "{hidden} hidden with seed {seed}");
    }
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn without_the_rule_the_same_attack_finds_small_counts() {
    use drempel::infra::planted::{self, Mistake};
    planted::plant(Some(Mistake::SmallCellsShown));
    let (pinned, ..) = attack(1).await;
    planted::plant(None);
    assert!(pinned.len() > 50, "{}", pinned.len());
}

#[test]
fn the_attacker_works_out_what_rounding_alone_gives_away() {
    let mut attacker = Attacker::default();
    let names: Vec<Name> = ["a", "b", "c"].map(|row| name("x", "2025-03-01", "participation-ladder", row, "")).to_vec();
    attacker.learn(name("x", "2025-03-01", "participation-ladder", "", ""), 10, 12);
    attacker.learn(names[0].clone(), 10, 12);
    attacker.learn(names[1].clone(), 1, 9);
    attacker.learn(names[2].clone(), 0, 0);
    attacker.structure();
    attacker.solve();
    let truth = BTreeMap::from([(names[1].clone(), 2)]);
    assert_eq!(attacker.pinned(&truth), [(names[1].clone(), (1, 2))]);
}
