//! A project by the Common Impact Data Standard (Common Approach to Impact Measurement), as JSON-LD with the standard's own context.
//!
//! | here | in the standard |
//! | --- | --- |
//! | the organisation, and partners in a joint project | `Organization` |
//! | the project, and what it does | `Program` with an `Activity` |
//! | its participants | `Stakeholder` |
//! | a promise | `Outcome`, `StakeholderOutcome` and `Indicator` with the target as `hasThreshold` |
//! | a published result | `IndicatorReport` |
//! | the newest of a promise | `ImpactReport` with its scale |
//! | a goal of the United Nations, a theme | `Theme` |
//!
//! Only published values stand in it: a result that is not told has no report. Numbers are texts, as the standard wants them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::features::open_data::actions::Told;
use crate::features::open_data::names::Publisher;
use crate::features::organisations::Organisation;
use crate::features::outcomes::told::{Promised, Report};
use crate::features::projects::TermKind;
use crate::infra::texts;
use crate::values::time::{days_after, months_after};
use crate::values::{Lang, Timestamp};

/// Where the standard keeps the meaning of its words.
const CONTEXT: &str = "https://ontology.commonapproach.org/contexts/cidsContext.jsonld";
/// Goals and targets of the United Nations have names under this.
const GOALS: &str = "https://metadata.un.org/sdg/";
/// Who keeps the catalogue of IRIS+, and where it is.
const IRIS: (&str, &str) = ("https://iris.thegiin.org/", "https://iris.thegiin.org/metrics/");
const TRADE_REGISTER: &str = "https://www.kvk.nl/";

/// The document of a project.
pub fn document(
    publisher: &Publisher,
    told: &Told,
    partners: &[Organisation],
    promised: &[Promised],
    lang: Lang,
) -> String {
    let project = Document { publisher, told, promised, lang, base: base(publisher, &told.project.slug) };
    let mut graph = vec![project.organisation(), project.program(), project.activity(), project.stakeholder()];
    graph.extend(partners.iter().map(|partner| project.partner(partner)));
    graph.extend(project.themes());
    for one in promised {
        graph.extend(project.of_promise(one));
    }
    json!({ "@context": CONTEXT, "@graph": graph }).to_string()
}

/// What all names of the document begin with: its own address.
fn base(publisher: &Publisher, slug: &str) -> String {
    format!("{}/api/v1/projects/{slug}/cids.jsonld", publisher.url)
}

struct Document<'a> {
    publisher: &'a Publisher,
    told: &'a Told,
    promised: &'a [Promised],
    lang: Lang,
    base: String,
}

impl Document<'_> {
    fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.base)
    }

    fn text(&self, key: &str, args: &[(&'static str, &str)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        texts::text_with(self.lang, key, &args)
    }

    /// One name for an organisation in all documents: the address of its page.
    fn organisation_id(&self, organisation: &Organisation) -> String {
        format!("{}/en/organisations/{}", self.publisher.url, organisation.slug)
    }

    fn maker_id(&self) -> String {
        self.organisation_id(&self.told.maker)
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.promised.iter().map(|one| self.id(&format!("{name}-{}", one.promise.code))).collect()
    }

    fn organisation(&self) -> Value {
        let maker = &self.told.maker;
        let mut node = json!({
            "@id": self.maker_id(),
            "@type": "cids:Organization",
            "hasName": maker.name,
            "hasLegalName": maker.name,
            "hasWebAddress": self.maker_id(),
            "hasProgram": [self.id("program")],
            "hasOutcome": self.all("outcome"),
            "hasIndicator": self.all("indicator"),
        });
        let kvk = &self.told.legal.kvk_number;
        if let (false, Some(node)) = (kvk.is_empty(), node.as_object_mut()) {
            let number = json!({ "@type": "org:OrganizationID", "hasIdentifier": kvk, "issuedBy": TRADE_REGISTER });
            node.insert("hasID".to_owned(), number);
        }
        node
    }

    fn partner(&self, partner: &Organisation) -> Value {
        json!({
            "@id": self.organisation_id(partner),
            "@type": "cids:Organization",
            "hasName": partner.name,
            "hasLegalName": partner.name,
            "hasWebAddress": self.organisation_id(partner),
            "hasProgram": [self.id("program")],
        })
    }

    fn program(&self) -> Value {
        let project = &self.told.project;
        json!({
            "@id": self.id("program"),
            "@type": "cids:Program",
            "hasName": project.title(self.lang),
            "hasDescription": project.aim(self.lang),
            "hasWebAddress": format!("{}/{}/projects/{}", self.publisher.url, self.lang, project.slug),
            "hasIdentifier": self.publisher.grant_id(project),
            "hasActivity": [self.id("activity")],
            "hasOutcome": self.all("outcome"),
            "hasBeneficialStakeholder": [self.id("participants")],
            "hasComment": texts::text(self.lang, &format!("project-state-{}", project.state)),
        })
    }

    fn activity(&self) -> Value {
        let project = &self.told.project;
        let last = months_after(&project.start_day, project.months).and_then(|day| days_after(&day, -1));
        let mut node = json!({
            "@id": self.id("activity"),
            "@type": "cids:Activity",
            "hasName": project.title(self.lang),
            "hasDescription": project.aim(self.lang),
            "hasOutcome": self.all("outcome"),
        });
        self.interval(&mut node, &project.start_day, last.as_deref().unwrap_or(&project.start_day));
        node
    }

    /// Begin and end of days in Amsterdam, as moments.
    fn interval(&self, node: &mut Value, first: &str, last: &str) {
        let begin = Timestamp::start_of_day(first);
        let end = days_after(last, 1).and_then(|day| Timestamp::start_of_day(&day)).map(|at| at.plus_seconds(-1));
        if let (Some(begin), Some(end), Some(node)) = (begin, end, node.as_object_mut()) {
            node.insert("startedAtTime".to_owned(), json!(begin.min(end).to_string()));
            node.insert("endedAtTime".to_owned(), json!(end.to_string()));
        }
    }

    fn stakeholder(&self) -> Value {
        let project = &self.told.project;
        let areas: Vec<&str> = self
            .told
            .terms
            .iter()
            .filter(|term| term.kind == TermKind::Area)
            .map(|term| term.name(self.lang))
            .collect();
        let target = project.participants_target.to_string();
        json!({
            "@id": self.id("participants"),
            "@type": "cids:Stakeholder",
            "hasName": project.target_group(self.lang),
            "hasDescription": self.text("open-data-participants", &[("count", &target)]),
            "hasCatchmentArea": areas.join(", "),
        })
    }

    fn goals(one: &Promised) -> impl Iterator<Item = &str> {
        one.indicator.sdg.split_whitespace()
    }

    fn theme_ids(&self, one: &Promised) -> Vec<String> {
        Self::goals(one).map(|goal| format!("{GOALS}{goal}")).collect()
    }

    fn themes(&self) -> Vec<Value> {
        let goals: BTreeSet<&str> = self.promised.iter().flat_map(Self::goals).collect();
        let of_goals = goals.into_iter().map(|goal| {
            json!({
                "@id": format!("{GOALS}{goal}"),
                "@type": "cids:Theme",
                "hasName": format!("SDG {goal}"),
                "hasDescription": self.text("open-data-goal", &[("goal", goal)]),
                "hasCode": [format!("{GOALS}{goal}")],
            })
        });
        let of_terms = self.told.terms.iter().filter(|term| term.kind == TermKind::Theme).map(|term| {
            json!({
                "@id": self.id(&format!("theme-{}", term.code)),
                "@type": "cids:Theme",
                "hasName": term.name(self.lang),
                "hasDescription": self.text("open-data-theme", &[("name", term.name(self.lang))]),
            })
        });
        of_goals.chain(of_terms).collect()
    }

    /// The outcome, who has it, how it is measured, and what was reported.
    fn of_promise(&self, one: &Promised) -> Vec<Value> {
        let promise = &one.promise;
        let (name, code) = (promise.name(self.lang), promise.code.as_str());
        let id = |kind: &str| self.id(&format!("{kind}-{code}"));
        let target = promise.shape.plain(promise.target);
        let expected =
            [("target", target.as_str()), ("unit", promise.unit(self.lang)), ("day", promise.due_day.as_str())];
        let expectation = self.text("open-data-expected", &expected);
        let told: Vec<(String, &Report)> = one
            .reports
            .iter()
            .filter(|report| report.shown.number().is_some())
            .map(|report| (self.id(&format!("report-{code}-{}-{}", report.wave, report.day)), report))
            .collect();
        let newest = one.newest().filter(|report| report.shown.number().is_some());
        let mut nodes = vec![
            json!({
                "@id": id("outcome"),
                "@type": "cids:Outcome",
                "hasName": name,
                "hasDescription": expectation,
                "forOrganization": self.maker_id(),
                "forTheme": self.theme_ids(one),
                "hasIndicator": [id("indicator")],
                "hasStakeholderOutcome": [id("change")],
            }),
            self.stakeholder_outcome(one, newest.is_some()),
            self.indicator(one, told.iter().map(|(id, _)| id.clone()).collect()),
        ];
        nodes.extend(told.into_iter().map(|(id, report)| self.report(one, id, report)));
        nodes.extend(newest.map(|report| self.impact(one, &expectation, report)));
        nodes
    }

    fn stakeholder_outcome(&self, one: &Promised, is_reported: bool) -> Value {
        let id = |kind: &str| self.id(&format!("{kind}-{}", one.promise.code));
        let mut node = json!({
            "@id": id("change"),
            "@type": "cids:StakeholderOutcome",
            "hasName": one.promise.name(self.lang),
            "forStakeholder": self.id("participants"),
            "forOutcome": id("outcome"),
            "hasIndicator": [id("indicator")],
        });
        if let (true, Some(node)) = (is_reported, node.as_object_mut()) {
            node.insert("hasImpactReport".to_owned(), json!([id("impact")]));
        }
        node
    }

    fn indicator(&self, one: &Promised, reports: Vec<String>) -> Value {
        let promise = &one.promise;
        let licence = one.indicator.licence(self.lang);
        let description = if licence.is_empty() { promise.name(self.lang) } else { licence };
        let mut node = json!({
            "@id": self.id(&format!("indicator-{}", promise.code)),
            "@type": "cids:Indicator",
            "hasName": promise.name(self.lang),
            "hasDescription": description,
            "unitDescription": promise.unit(self.lang),
            "forOrganization": self.maker_id(),
            "forOutcome": self.id(&format!("outcome-{}", promise.code)),
            "forTheme": self.theme_ids(one),
            "hasBaseline": measure(promise.shape.plain(promise.baseline)),
            "hasThreshold": measure(promise.shape.plain(promise.target)),
            "hasIndicatorReport": reports,
        });
        if let (Some(code), Some(node)) = (code(one, self.lang), node.as_object_mut()) {
            node.insert("hasCode".to_owned(), json!([code]));
        }
        node
    }

    fn report(&self, one: &Promised, id: String, report: &Report) -> Value {
        let promise = &one.promise;
        let mut node = json!({
            "@id": id,
            "@type": "cids:IndicatorReport",
            "hasName": texts::text(self.lang, &format!("site-wave-{}", report.wave)),
            "forIndicator": self.id(&format!("indicator-{}", promise.code)),
            "forOrganization": self.maker_id(),
            "value": measure(report.plain(promise.shape).unwrap_or_default()),
            "hasComment": self.text(
                if promise.counts_people { "open-data-rounded" } else { "open-data-exact" }, &[]),
        });
        self.interval(&mut node, &self.told.project.start_day.clone().min(report.day.clone()), &report.day);
        node
    }

    fn impact(&self, one: &Promised, expectation: &str, report: &Report) -> Value {
        let value = report.plain(one.promise.shape).unwrap_or_default();
        let told = [("value", value.as_str()), ("unit", one.promise.unit(self.lang)), ("day", report.day.as_str())];
        let code = &one.promise.code;
        json!({
            "@id": self.id(&format!("impact-{code}")),
            "@type": "cids:ImpactReport",
            "hasName": one.promise.name(self.lang),
            "forOrganization": self.maker_id(),
            "forOutcome": self.id(&format!("change-{code}")),
            "hasExpectation": expectation,
            "hasReportedImpact": self.text("open-data-reported", &told),
            "hasImpactScale": {
                "@type": "cids:ImpactScale",
                "hasDescription": one.promise.unit(self.lang),
                "forIndicator": self.id(&format!("indicator-{code}")),
                "value": measure(value),
            },
        })
    }
}

fn measure(value: String) -> Value {
    json!({ "@type": "i72:Measure", "hasNumericalValue": value })
}

/// The code by which others know the indicator; our own lists have no keeper elsewhere.
fn code(one: &Promised, lang: Lang) -> Option<Value> {
    if one.promise.scheme != "IRIS+" {
        return None;
    }
    let mut code = Map::new();
    code.insert("@type".to_owned(), json!("cids:Code"));
    code.insert("hasIdentifier".to_owned(), json!(one.promise.code));
    code.insert("hasName".to_owned(), json!(one.promise.name(lang)));
    code.insert("definedBy".to_owned(), json!(IRIS.0));
    code.insert("hasSpecification".to_owned(), json!(IRIS.1));
    Some(Value::Object(code))
}
