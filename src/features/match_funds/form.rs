//! The terms of a fund as a treasurer typed them, checked field by field.

use crate::features::match_funds::Refusal;
use crate::values::Cents;
use crate::values::text::one_line;

/// The fields of the form, but for the ticks of projects.
pub const FIELDS: [&str; 8] =
    ["name_nl", "name_en", "giver", "ratio", "most_per_pledge", "most_per_project", "least_backers", "starting"];
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The most different people that can be asked for.
const MOST_BACKERS: i64 = 10_000;

/// What a fund does; frozen once it is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub giver_id: String,
    pub name_nl: String,
    pub name_en: String,
    pub ratio_percent: i64,
    pub most_per_pledge: Cents,
    pub most_per_project_percent: i64,
    pub least_backers: i64,
    pub starting_percent: i64,
    /// None: all projects of the round.
    pub project_ids: Vec<String>,
}

impl Terms {
    /// Reads what was typed: `value` answers the text of a field, `project_ids` were ticked.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form. Whether the giver exists is not known here.
    pub fn read<'a>(value: impl Fn(&str) -> &'a str, project_ids: Vec<String>) -> Result<Terms, Vec<Refusal>> {
        let mut wrong = Vec::new();
        let mut name = |field: &str, refusal: Refusal| match one_line(value(field), LONGEST_NAME) {
            Some(name) if !name.is_empty() => name,
            _ => {
                wrong.push(refusal);
                String::new()
            }
        };
        let (name_nl, name_en) = (name("name_nl", Refusal::NameMissing), name("name_en", Refusal::NameEnMissing));
        let giver_id = value("giver").trim().to_owned();
        if giver_id.is_empty() {
            wrong.push(Refusal::NoGiver);
        }
        let mut number = |field: &str, least: i64, most: i64, refusal: Refusal| {
            let number = value(field).trim().trim_end_matches('%').trim_end().parse().ok();
            number.filter(|number| (least..=most).contains(number)).unwrap_or_else(|| {
                wrong.push(refusal);
                least
            })
        };
        let ratio_percent = number("ratio", 1, 1_000, Refusal::RatioWrong);
        let most_per_project_percent = number("most_per_project", 1, 100, Refusal::MostPerProjectWrong);
        let least_backers = number("least_backers", 0, MOST_BACKERS, Refusal::BackersWrong);
        let starting_percent = number("starting", 0, 100, Refusal::StartingWrong);
        let most_per_pledge = Cents::parse(value("most_per_pledge")).ok().filter(|most| *most > Cents::ZERO);
        if most_per_pledge.is_none() {
            wrong.push(Refusal::MostPerPledgeWrong);
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Terms {
            giver_id,
            name_nl,
            name_en,
            ratio_percent,
            most_per_pledge: most_per_pledge.unwrap_or_default(),
            most_per_project_percent,
            least_backers,
            starting_percent,
            project_ids,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 8] = [
        ("name_nl", "Woonfonds"),
        ("name_en", "Housing fund"),
        ("giver", "org_1"),
        ("ratio", "100"),
        ("most_per_pledge", "250,50"),
        ("most_per_project", "50 %"),
        ("least_backers", "0"),
        ("starting", "25"),
    ];

    fn read(change: (&'static str, &'static str)) -> Result<Terms, Vec<Refusal>> {
        let value = |field: &str| {
            if field == change.0 {
                return change.1;
            }
            GOOD.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| *value)
        };
        Terms::read(value, Vec::new())
    }

    #[test]
    fn terms_are_read_exactly_or_refused_beside_their_field() {
        let terms = read(("", "")).unwrap();
        assert_eq!((terms.most_per_pledge, terms.most_per_project_percent), (Cents(25_050), 50));
        for (field, typed, refusal) in [
            ("name_nl", " ", Refusal::NameMissing),
            ("name_en", "", Refusal::NameEnMissing),
            ("giver", "", Refusal::NoGiver),
            ("ratio", "0", Refusal::RatioWrong),
            ("ratio", "1001", Refusal::RatioWrong),
            ("ratio", "33,3", Refusal::RatioWrong),
            ("most_per_pledge", "0", Refusal::MostPerPledgeWrong),
            ("most_per_pledge", "-5", Refusal::MostPerPledgeWrong),
            ("most_per_project", "101", Refusal::MostPerProjectWrong),
            ("most_per_project", "0", Refusal::MostPerProjectWrong),
            ("least_backers", "-1", Refusal::BackersWrong),
            ("starting", "101", Refusal::StartingWrong),
        ] {
            assert_eq!(read((field, typed)), Err(vec![refusal]), "{field} {typed}");
        }
    }
}
