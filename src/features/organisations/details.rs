//! What an organisation says of itself, as typed and checked: names and numbers of the registers, and its texts.

use sqlx::FromRow;

use crate::features::organisations::{OrganisationKind, Refusal};
use crate::values::text::{folded, kvk_number, many_lines, one_line, rsin};
use crate::values::time::read_day;

const LONGEST_NAME: usize = 120;
const LONGEST_AREA: usize = 80;
const LONGEST_DESCRIPTION: usize = 1_000;
const LONGEST_SLUG: usize = 60;

crate::words! {
    /// Legal forms of the Dutch trade register, as it writes them: so they stand on papers too.
    pub enum LegalForm {
        Stichting = "stichting",
        Vereniging = "vereniging",
        Cooperatie = "coöperatie",
        Bv = "bv",
        Nv = "nv",
        Eenmanszaak = "eenmanszaak",
        Vof = "vof",
        Cv = "cv",
        Maatschap = "maatschap",
        Kerkgenootschap = "kerkgenootschap",
        Publiek = "publiekrechtelijke rechtspersoon",
        Buitenlands = "buitenlandse rechtsvorm",
    }
}

crate::words! {
    /// The step on the ladder of social enterprise (Prestatieladder Socialer Ondernemen, by TNO).
    pub enum PsoStep {
        None = "none",
        Aspirant = "aspirant",
        One = "1",
        Two = "2",
        Three = "3",
    }
}

/// What an owner fills in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Details {
    pub name: String,
    pub kind: OrganisationKind,
    /// Eight digits.
    pub kvk_number: String,
    /// A word of [`LegalForm`]; empty or free where it was noted before there was a list.
    pub legal_form: String,
    /// Nine digits; empty for who has none.
    pub rsin: String,
    /// 1: the tax office lists it as a charity (ANBI).
    pub anbi: i16,
    pub pso: PsoStep,
    /// The last day of the certificate; empty without one.
    pub pso_until: String,
    pub area: String,
    pub description_nl: String,
    pub description_en: String,
}

impl Details {
    /// The names of the form's fields.
    pub const FIELDS: [&str; 11] = [
        "name",
        "kind",
        "kvk_number",
        "legal_form",
        "rsin",
        "anbi",
        "pso",
        "pso_until",
        "area",
        "description_nl",
        "description_en",
    ];

    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, each with its field.
    pub fn parse<'a>(typed: impl Fn(&str) -> &'a str) -> Result<Details, Vec<Refusal>> {
        let mut wrong = Vec::new();
        let mut or = |found: Option<String>, refusal: Refusal| {
            found.unwrap_or_else(|| {
                wrong.push(refusal);
                String::new()
            })
        };
        let name = or(one_line(typed("name"), LONGEST_NAME).filter(|name| !name.is_empty()), Refusal::NameWrong);
        let kvk = or(kvk_number(typed("kvk_number")), Refusal::KvkWrong);
        let form = LegalForm::from_word(typed("legal_form")).map(|form| form.to_string());
        let legal_form = or(form, Refusal::LegalFormMissing);
        let typed_rsin = typed("rsin").trim();
        let rsin_number = if typed_rsin.is_empty() { Some(String::new()) } else { rsin(typed_rsin) };
        let is_anbi = !typed("anbi").is_empty();
        let lacks_rsin = is_anbi && typed_rsin.is_empty();
        let rsin = or(rsin_number, Refusal::RsinWrong);
        let area = or(one_line(typed("area"), LONGEST_AREA), Refusal::AreaTooLong);
        let description_nl =
            or(many_lines(typed("description_nl"), LONGEST_DESCRIPTION), Refusal::DescriptionNlTooLong);
        let description_en =
            or(many_lines(typed("description_en"), LONGEST_DESCRIPTION), Refusal::DescriptionEnTooLong);
        let kind = OrganisationKind::from_word(typed("kind"));
        let pso = PsoStep::from_word(typed("pso"));
        let pso_until = match pso {
            Some(PsoStep::None) | None => String::new(),
            Some(_) => or(read_day(typed("pso_until")), Refusal::PsoUntilWrong),
        };
        if lacks_rsin {
            wrong.push(Refusal::RsinForAnbi);
        }
        if typed("description_nl").trim().is_empty() {
            wrong.push(Refusal::DescriptionMissing);
        }
        match (kind, pso) {
            (Some(kind), Some(pso)) if wrong.is_empty() => Ok(Details {
                name,
                kind,
                kvk_number: kvk,
                legal_form,
                rsin,
                anbi: i16::from(is_anbi),
                pso,
                pso_until,
                area,
                description_nl,
                description_en,
            }),
            (kind, pso) => {
                wrong.extend(kind.is_none().then_some(Refusal::KindMissing));
                wrong.extend(pso.is_none().then_some(Refusal::PsoMissing));
                Err(wrong)
            }
        }
    }

    /// The fields with their texts, as a form shows them.
    pub fn fields(&self) -> [(&'static str, &str); 11] {
        [
            ("name", &self.name),
            ("kind", self.kind.as_str()),
            ("kvk_number", &self.kvk_number),
            ("legal_form", &self.legal_form),
            ("rsin", &self.rsin),
            ("anbi", if self.anbi == 1 { "yes" } else { "" }),
            ("pso", self.pso.as_str()),
            ("pso_until", &self.pso_until),
            ("area", &self.area),
            ("description_nl", &self.description_nl),
            ("description_en", &self.description_en),
        ]
    }

    /// The names of the fields that differ.
    pub fn differing(&self, other: &Details) -> Vec<&'static str> {
        let pairs = self.fields().into_iter().zip(other.fields());
        pairs.filter(|((_, a), (_, b))| a != b).map(|((name, _), _)| name).collect()
    }

    /// Whether the registers must be looked at again when these fields changed.
    pub fn asks_for_confirming(changed: &[&str]) -> bool {
        changed.iter().any(|field| ["name", "kvk_number", "rsin"].contains(field))
    }

    /// Whether its certificate is valid on a day.
    pub fn has_pso(&self, today: &str) -> bool {
        self.pso != PsoStep::None && self.pso_until.as_str() >= today
    }
}

/// The part of an address that a name gives: lower case, without accents, words joined by hyphens.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in folded(name).chars() {
        if slug.len() >= LONGEST_SLUG {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    // "new" is the address of the form
    if slug.is_empty() || slug == "new" { "org".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed<'a>(changes: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> &'a str {
        let usual = [
            ("name", "Stichting De Werkplaats"),
            ("kind", "maker"),
            ("kvk_number", "1234 5678"),
            ("legal_form", "stichting"),
            ("rsin", "1234.56.782"),
            ("anbi", "yes"),
            ("pso", "2"),
            ("pso_until", "1-10-2027"),
            ("area", "West"),
            ("description_nl", "Wij maken meubels."),
            ("description_en", ""),
        ];
        move |field| {
            let changed = changes.iter().find(|(name, _)| *name == field);
            changed.or(usual.iter().find(|(name, _)| *name == field)).map_or("", |(_, value)| value)
        }
    }

    #[test]
    fn data_is_read_as_people_type_it_and_wrong_data_is_refused_beside_its_field() {
        let details = Details::parse(typed(&[])).unwrap();
        assert_eq!((details.kvk_number.as_str(), details.rsin.as_str()), ("12345678", "123456782"));
        assert!(details.has_pso("2027-10-01") && !details.has_pso("2027-10-02"));
        for (field, value, refusal) in [
            ("name", " ", Refusal::NameWrong),
            ("kind", "", Refusal::KindMissing),
            ("kvk_number", "1234567", Refusal::KvkWrong),
            ("kvk_number", "1234567a", Refusal::KvkWrong),
            ("legal_form", "iets", Refusal::LegalFormMissing),
            ("rsin", "123456789", Refusal::RsinWrong),
            ("rsin", "", Refusal::RsinForAnbi),
            ("pso", "4", Refusal::PsoMissing),
            ("pso_until", "31-2-2027", Refusal::PsoUntilWrong),
            ("description_nl", "", Refusal::DescriptionMissing),
        ] {
            assert_eq!(Details::parse(typed(&[(field, value)])).unwrap_err(), [refusal], "{field} {value:?}");
        }
        assert_eq!(Details::parse(typed(&[("kvk_number", ""), ("kind", "x")])).unwrap_err().len(), 2);
    }

    #[test]
    fn another_name_or_number_asks_for_confirming_again_another_text_does_not() {
        let old = Details::parse(typed(&[])).unwrap();
        let changed = |field, value| Details::parse(typed(&[(field, value)])).unwrap().differing(&old);
        for field in [("name", "Anders"), ("kvk_number", "87654321"), ("rsin", "111222333")] {
            assert!(Details::asks_for_confirming(&changed(field.0, field.1)), "{field:?}");
        }
        for field in [("area", "Zuid"), ("description_nl", "Anders."), ("pso", "3")] {
            assert!(!Details::asks_for_confirming(&changed(field.0, field.1)), "{field:?}");
        }
    }

    #[test]
    fn a_name_gives_an_address() {
        for (name, slug) in
            [("Stichting Coöp & Zo.", "stichting-coop-zo"), ("  ", "org"), ("New", "org"), ("’t Huis", "t-huis")]
        {
            assert_eq!(slug_of(name), slug);
        }
        assert!(slug_of(&"a b".repeat(60)).len() <= 60);
    }
}
