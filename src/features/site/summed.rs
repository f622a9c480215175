//! What all projects together promised, reached and received: for the page of results, its CSV and the statistics of the API.
//!
//! Sums of figures are sums of published values; money comes from the books.

use std::collections::HashMap;

use crate::features::ledger::actions as ledger;
use crate::features::outcomes::published::{self, Group, Total, Wanted};
use crate::features::outcomes::{Family, Indicator, Shown, actions as outcomes};
use crate::features::projects::{ProjectState, Term, TermKind, actions as projects};
use crate::features::rounds::{Round, actions as rounds};
use crate::features::site::figures::is_rounded;
use crate::infra::csv;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::text::one_line;
use crate::values::{Cents, Lang};

/// The longest value of a filter that is looked at, in characters.
const LONGEST: usize = 100;

/// What is asked for, as it stands in the address. What is empty narrows nothing; what nobody knows matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub round: String,
    pub theme: String,
    pub area: String,
    pub function: String,
    pub year: String,
    pub family: String,
}

impl Asked {
    /// Reads the query of an address; the first of each name counts.
    pub fn parse(query: Option<&str>) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(50) {
            let place = match &*name {
                "round" => &mut asked.round,
                "theme" => &mut asked.theme,
                "area" => &mut asked.area,
                "function" => &mut asked.function,
                "year" => &mut asked.year,
                "family" => &mut asked.family,
                _ => continue,
            };
            if place.is_empty() {
                let value: String = value.chars().take(LONGEST).collect();
                *place = one_line(&value, LONGEST).unwrap_or_default();
            }
        }
        asked
    }

    pub fn is_narrowed(&self) -> bool {
        *self != Asked::default()
    }

    /// The query that asks for the same.
    pub fn query(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("round", &self.round),
            ("theme", &self.theme),
            ("area", &self.area),
            ("function", &self.function),
            ("year", &self.year),
            ("family", &self.family),
        ] {
            if !value.is_empty() {
                out.append_pair(name, value);
            }
        }
        out.finish()
    }
}

/// The money of the projects that are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Money {
    pub held: Cents,
    pub for_start: Cents,
    pub for_results: Cents,
    pub waiting: Cents,
    pub returned: Cents,
}

/// One indicator over all projects.
pub struct Sum {
    pub indicator: Indicator,
    pub total: Total,
    pub target: i64,
}

impl Sum {
    /// The sum as it is told; nothing when values of this indicator cannot be added up.
    pub fn shown(&self) -> Option<Shown> {
        (self.indicator.additive == 1).then(|| shown(&self.indicator, self.total.value, self.total.hidden))
    }
}

/// A sum of published values beside as many hidden ones.
pub fn shown(indicator: &Indicator, value: i64, hidden: i64) -> Shown {
    match value {
        // a nought beside hidden counts would say that nothing was counted
        0 if hidden > 0 => Shown::Withheld,
        0 if is_rounded(indicator) => Shown::Exact0,
        value if is_rounded(indicator) => Shown::Rounded(value),
        value => Shown::Exact(value),
    }
}

/// Everything together.
pub struct Summed {
    pub asked: Asked,
    pub rounds: Vec<Round>,
    pub terms: Vec<Term>,
    pub years: Vec<String>,
    /// Public projects by state.
    pub states: HashMap<ProjectState, i64>,
    pub money: Money,
    /// In the order of families.
    pub sums: Vec<Sum>,
    /// What the pictures are about: the people reached, or the first that can be added up.
    pub main: Option<Indicator>,
    pub by_year: Vec<Group>,
    pub by_area: Vec<Group>,
    pub by_theme: Vec<Group>,
}

/// The people reached; pictures show them unless another family is asked for.
const REACHED: &str = "PI4060";

impl Summed {
    pub async fn read(conn: &mut Conn, asked: Asked) -> Result<Summed> {
        let rounds = rounds::all(conn).await?;
        // a round that is not there matches nothing
        let round_id = match asked.round.as_str() {
            "" => String::new(),
            number => rounds
                .iter()
                .find(|round| round.number.to_string() == number)
                .map_or_else(|| "none".to_owned(), |round| round.id.clone()),
        };
        let wanted = Wanted {
            round_id,
            theme: asked.theme.clone(),
            area: asked.area.clone(),
            function: asked.function.clone(),
            year: asked.year.clone(),
        };
        let counted = published::counted(conn, &wanted).await?;
        let mut states: HashMap<ProjectState, i64> = HashMap::new();
        for project in &counted {
            *states.entry(project.state).or_default() += 1;
        }
        let (held, went) = (ledger::held_by_project(conn).await?, ledger::went_by_project(conn).await?);
        let money = counted.iter().fold(Money::default(), |sum, project| {
            let went = went.get(&project.id).copied().unwrap_or_default();
            Money {
                held: Cents(sum.held.0 + held.get(&project.id).map_or(0, |held| held.0)),
                for_start: Cents(sum.for_start.0 + went.for_start.0),
                for_results: Cents(sum.for_results.0 + went.for_results.0),
                waiting: Cents(sum.waiting.0 + went.waiting.0),
                returned: Cents(sum.returned.0 + went.returned.0),
            }
        });
        let sums = sums(conn, &wanted, &asked.family).await?;
        let main = sums.iter().find(|sum| sum.indicator.code == REACHED);
        let main =
            main.or_else(|| sums.iter().find(|sum| sum.indicator.additive == 1)).map(|sum| sum.indicator.clone());
        let (mut by_year, mut by_area, mut by_theme) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(Indicator { code, .. }) = &main {
            by_year = published::by_year(conn, &wanted, code).await?;
            by_area = published::by_term(conn, &wanted, code, "area").await?;
            by_theme = published::by_term(conn, &wanted, code, "theme").await?;
        }
        Ok(Summed {
            asked,
            rounds,
            terms: projects::terms(conn).await?,
            years: published::years(conn).await?,
            states,
            money,
            sums,
            main,
            by_year,
            by_area,
            by_theme,
        })
    }

    /// How many projects stand in one of these states.
    pub fn in_states(&self, states: &[ProjectState]) -> i64 {
        states.iter().filter_map(|state| self.states.get(state)).sum()
    }

    /// The name of a term.
    pub fn term(&self, lang: Lang, kind: TermKind, code: &str) -> String {
        let found = self.terms.iter().find(|term| term.kind == kind && term.code == code);
        found.map_or_else(|| code.to_owned(), |term| term.name(lang).to_owned())
    }

    /// Exactly what the page shows, as a table for a spreadsheet.
    pub fn csv(&self) -> String {
        let mut out = String::from("part,code,name,projects,hidden,checked,target,value\r\n");
        let mut add = |part: &str, code: &str, name: &str, numbers: [Option<i64>; 5]| {
            let numbers = numbers.map(|number| number.map(|number| number.to_string()).unwrap_or_default());
            out.push_str(&csv::line(
                &[vec![part.to_owned(), code.to_owned(), name.to_owned()], numbers.to_vec()].concat(),
            ));
        };
        for state in ProjectState::ALL {
            if let Some(count) = self.states.get(state) {
                add("projects", state.as_str(), "", [Some(*count), None, None, None, None]);
            }
        }
        let Money { held, for_start, for_results, waiting, returned } = self.money;
        for (code, cents) in [
            ("held_cents", held),
            ("released_for_start_cents", for_start),
            ("released_for_results_cents", for_results),
            ("waiting_for_results_cents", waiting),
            ("returned_cents", returned),
        ] {
            add("money", code, "", [None, None, None, None, Some(cents.0)]);
        }
        for sum in &self.sums {
            let Total { projects, hidden, checked, .. } = sum.total;
            let value = sum.shown().and_then(Shown::number);
            let target = (sum.indicator.additive == 1).then_some(sum.target);
            let numbers = [Some(projects), Some(hidden), Some(checked), target, value];
            add("indicator", &sum.indicator.code, &sum.indicator.name_nl, numbers);
        }
        if let Some(main) = &self.main {
            for (part, groups) in [("year", &self.by_year), ("area", &self.by_area), ("theme", &self.by_theme)] {
                for group in groups {
                    let value = shown(main, group.value, group.hidden).number();
                    add(part, &group.key, &main.code, [Some(group.projects), Some(group.hidden), None, None, value]);
                }
            }
        }
        out
    }
}

async fn sums(conn: &mut Conn, wanted: &Wanted, family: &str) -> Result<Vec<Sum>> {
    let totals = published::totals(conn, wanted).await?;
    let targets = published::targets(conn, wanted).await?;
    let indicators = outcomes::indicators(conn).await?;
    let of = |indicator: Indicator| {
        let total = totals.iter().find(|total| total.indicator == indicator.code)?.clone();
        Some(Sum { total, target: targets.get(&indicator.code).copied().unwrap_or(0), indicator })
    };
    let is_wanted = |one: &Indicator| family.is_empty() || Family::from_word(family) == Some(one.family);
    Ok(indicators.into_iter().filter(is_wanted).filter_map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::outcomes::Shape;
    use crate::features::outcomes::tests::indicator;

    #[test]
    fn an_address_is_read_and_written_back() {
        let asked = Asked::parse(Some("round=3&theme=work&theme=other&x=1&year=2026"));
        assert_eq!((asked.round.as_str(), asked.theme.as_str()), ("3", "work"));
        assert_eq!(asked.query(), "round=3&theme=work&year=2026");
        assert!(asked.is_narrowed() && !Asked::parse(None).is_narrowed());
    }

    #[test]
    fn a_sum_of_hidden_counts_is_not_nought() {
        let people = indicator("people", Shape::Count);
        assert_eq!(shown(&people, 0, 2), Shown::Withheld);
        assert_eq!(shown(&people, 0, 0), Shown::Exact0);
        assert_eq!(shown(&people, 25, 2), Shown::Rounded(25));
        let meals = Indicator { counts_people: 0, ..indicator("meals", Shape::Count) };
        assert_eq!(shown(&meals, 7, 0), Shown::Exact(7));
    }
}
