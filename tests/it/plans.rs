//! Plans: written in steps by owners, handed in, talked over with reviewers, passed on. Through the pages, as people do it.

use drempel::features::projects::{self, Project, ProjectState};
use scraper::{Html, Selector};

use crate::support::{App, Browser};

pub const OWNER: &str = "owner@rotterdamse-douwers.example";
pub const REVIEWER: &str = "reviewer@drempel.example";

/// A plan that an owner has begun.
pub struct Plan {
    pub owner: Browser,
    pub slug: String,
}

impl Plan {
    pub async fn begun(app: &App, title: &str) -> Plan {
        let owner = Browser::signed_in(app, OWNER).await;
        let form = [
            ("organisation", "rotterdamse-douwers"),
            ("round", "5"),
            ("title", title),
            ("minimum", "12.500,50"),
            ("full", "20000"),
        ];
        let (status, location) = owner.post("/nl/studio/plans/new", &form).await;
        assert_eq!(status, 303, "{location}");
        let slug = location.trim_start_matches("/nl/studio/projects/").split('/').next().unwrap_or_default();
        Plan { owner, slug: slug.to_owned() }
    }

    pub fn path(&self, part: &str) -> String {
        format!("/nl/studio/projects/{}{part}", self.slug)
    }

    pub async fn project(&self, app: &App) -> Project {
        let mut conn = app.s.db.read().await.expect("a connection");
        projects::actions::by_slug(&mut conn, &self.slug).await.expect("a read").expect("the plan")
    }

    pub async fn state(&self, app: &App) -> ProjectState {
        self.project(app).await.state
    }

    /// Posts a step with the version its page shows.
    pub async fn post(&self, part: &str, form: &[(&str, &str)]) -> (u16, String) {
        let version = field_value(&self.owner.read(&self.path(part)).await, "version");
        let form: Vec<(&str, &str)> = form.iter().copied().chain([("version", version.as_str())]).collect();
        self.owner.post_for_text(&self.path(part), &form).await
    }

    pub async fn save(&self, part: &str, form: &[(&str, &str)]) {
        let (status, page) = self.post(part, form).await;
        assert_eq!(status, 303, "{part}: {}", summary(&page));
    }

    /// Fills in everything, in another order than that of the list.
    pub async fn filled(&self, app: &App) {
        let due = app.s.clock.now().plus_days(400).day();
        let start = app.s.clock.now().plus_days(200).day();
        self.save("/plan/risks", &RISKS).await;
        self.save("/plan/budget", &BUDGET).await;
        let promises = [
            ("indicator-1", "PI4060"),
            ("target-1", "20"),
            ("due-1", due.as_str()),
            ("share-1", "60"),
            ("indicator-3", "certificates"),
            ("baseline-3", "2"),
            ("target-3", "12"),
            ("due-3", due.as_str()),
            ("share-3", "40"),
        ];
        self.save("/plan/promises", &promises).await;
        let planning = [
            ("start_day", start.as_str()),
            ("months", "10"),
            ("text_nl-1", "Werkplaats openen"),
            ("text_en-1", "Open the workshop"),
            ("text_nl-2", "Eerste fietsen"),
        ];
        self.save("/plan/planning", &planning).await;
        self.save("/plan/place", &[("area-west", "yes"), ("point", "west")]).await;
        self.save("/plan/people", &PEOPLE).await;
        self.save("/texts", &TEXTS).await;
    }

    pub async fn submitted(app: &App, title: &str) -> Plan {
        let plan = Plan::begun(app, title).await;
        plan.filled(app).await;
        assert_eq!(plan.owner.post(&plan.path("/plan/submit"), &[]).await.0, 303);
        plan
    }

    pub async fn staff_path(&self, app: &App, part: &str) -> String {
        format!("/nl/staff/projects/{}{part}", self.project(app).await.id)
    }
}

pub const TEXTS: [(&str, &str); 9] = [
    ("title_nl", "Fietskeuken West"),
    ("title_en", "Bicycle kitchen West"),
    ("aim_nl", "Twintig jongeren leren fietsen maken."),
    ("aim_en", "Twenty young people learn to repair bicycles."),
    ("text_nl", "In de fietskeuken leren jongeren een vak."),
    ("text_en", "In the bicycle kitchen young people learn a trade."),
    ("target_group_nl", "Jongeren zonder werk"),
    ("target_group_en", "Young people without work"),
    ("contact", "fietskeuken@example.org"),
];
pub const PEOPLE: [(&str, &str); 6] = [
    ("participants", "20"),
    ("method-mentoring", "yes"),
    ("sector-bicycle-repair", "yes"),
    ("theme-work-and-learning", "yes"),
    ("track-learning-by-working", "yes"),
    ("function-work", "yes"),
];
pub const BUDGET: [(&str, &str); 11] = [
    ("label_nl-1", "Begeleiding"),
    ("label_en-1", "Guidance"),
    ("minimum-1", "9000"),
    ("full-1", "14.000,25"),
    ("label_nl-2", "Gereedschap"),
    ("minimum-2", "3500"),
    ("full-2", "6000"),
    ("funder-1", "Voorbeeldfonds"),
    ("amount-1", "2500"),
    ("state-1", "promised"),
    ("step", "rows"),
];
pub const RISKS: [(&str, &str); 4] = [
    ("risk_nl-1", "Te weinig fietsen"),
    ("measure_nl-1", "We vragen de gemeente om wezen"),
    ("name_nl-1", "Fietsenmaker"),
    ("name_en-1", "Bicycle maker"),
];

pub fn field_value(page: &str, name: &str) -> String {
    let page = Html::parse_document(page);
    let wanted = Selector::parse(&format!("[name={name}]")).expect("a selector");
    let found = page.select(&wanted).next().and_then(|element| element.attr("value"));
    found.unwrap_or_else(|| panic!("no field {name}")).to_owned()
}

/// What the summary of errors says.
pub fn summary(page: &str) -> String {
    let page = Html::parse_document(page);
    let box_of = Selector::parse(".error-summary").expect("a selector");
    page.select(&box_of).flat_map(|element| element.text()).collect()
}

/// What stands beside a field as wrong.
pub fn error_beside(page: &str, field: &str) -> String {
    let page = Html::parse_document(page);
    let beside = Selector::parse(&format!("#f-{field}-error")).expect("a selector");
    page.select(&beside).flat_map(|element| element.text()).collect()
}

#[tokio::test]
async fn a_plan_goes_from_draft_through_a_return_to_the_experts() {
    let app = App::start_demo().await;
    let plan = Plan::begun(&app, "Fietskeuken West").await;
    let project = plan.project(&app).await;
    assert_eq!((project.threshold.0, project.impact.0), (12_600, 20_000), "whole Rikx that cover what is asked");
    let page = plan.owner.read(&plan.path("/plan")).await;
    assert!(page.contains("Ontbreekt nog: Begroting") && !page.contains("Dien het plan in</button>"), "{page}");
    let (status, page) = plan.owner.post_for_text(&plan.path("/plan/submit"), &[]).await;
    assert_eq!((status, summary(&page).contains("Er ontbreekt nog iets")), (409, true));
    plan.filled(&app).await;
    let project = plan.project(&app).await;
    assert_eq!((project.threshold.0, project.impact.0), (12_500, 20_100), "the sums of the lines are asked for");
    let page = plan.owner.read(&plan.path("/plan")).await;
    assert!(page.contains("Dien het plan in</button>") && page.contains("20.000,25"), "{page}");
    assert_eq!(plan.owner.post(&plan.path("/plan/submit"), &[]).await.0, 303);
    assert_eq!(plan.owner.post(&plan.path("/plan/submit"), &[]).await.0, 409, "handed in once");
    assert_eq!(plan.state(&app).await, ProjectState::Submitted);

    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    let at = plan.staff_path(&app, "").await;
    assert!(reviewer.read("/nl/staff/projects").await.contains("Fietskeuken West"));
    assert!(reviewer.read("/nl/staff").await.contains("/nl/staff/projects\""));
    assert!(reviewer.read(&at).await.contains("Te weinig fietsen"));
    let (status, page) = reviewer.post_for_text(&format!("{at}/return"), &[]).await;
    assert_eq!((status, summary(&page).contains("minstens één opmerking")), (409, true));
    let empty = [("field", "risks"), ("text", " ")];
    let (status, page) = reviewer.post_for_text(&format!("{at}/comments"), &empty).await;
    assert_eq!((status, error_beside(&page, "text").contains("anders moet")), (422, true));
    for (field, text) in
        [("risks", "Wat als de huur stijgt?"), ("aim", "Noem het aantal fietsen."), ("whole", "Te kort.")]
    {
        let form = [("field", field), ("text", text)];
        assert_eq!(reviewer.post(&format!("{at}/comments"), &form).await.0, 303, "{field}");
    }
    assert_eq!(reviewer.post(&format!("{at}/accept"), &[]).await.0, 409, "remarks wait");
    assert!(!plan.owner.read(&plan.path("/plan")).await.contains("Wat als de huur stijgt?"), "not before it is sent");
    let written = reviewer.read(&at).await;
    let remove =
        written.split("action=\"").filter_map(|t| t.split('"').next()).filter(|t| t.ends_with("/remove")).last();
    assert_eq!(reviewer.post(remove.expect("a button to remove"), &[]).await.0, 303);
    assert_eq!(reviewer.post(&format!("{at}/return"), &[]).await.0, 303);
    assert_eq!(reviewer.post(&format!("{at}/return"), &[]).await.0, 409, "sent back once");
    app.settle().await;
    let letters = app.letters(OWNER).await;
    assert_eq!(letters, ["plan_returned", "plan_submitted"], "one letter for each");

    let risks = plan.owner.read(&plan.path("/plan/risks")).await;
    assert!(risks.contains("Wat als de huur stijgt?") && !risks.contains("Noem het aantal"), "beside its field");
    assert!(plan.owner.read(&plan.path("/texts")).await.contains("Noem het aantal fietsen."));
    let page = plan.owner.read(&plan.path("/plan")).await;
    assert!(page.contains("2 opmerkingen staan nog open") && !page.contains("Te kort."), "{page}");
    for (at, answer) in ["", "Dertig fietsen, staat erbij."].into_iter().enumerate() {
        let page = plan.owner.read(&plan.path("/plan")).await;
        let action = page.split("action=\"").filter_map(|t| t.split('"').next()).find(|t| t.contains("/plan/remarks/"));
        assert_eq!(plan.owner.post(action.expect("a remark"), &[("answer", answer)]).await.0, 303, "{at}");
    }
    let texts =
        TEXTS.map(
            |(name, value)| {
                if name == "aim_nl" { (name, "Twintig jongeren maken dertig fietsen.") } else { (name, value) }
            },
        );
    plan.save("/texts", &texts).await;
    assert!(!reviewer.read(&at).await.contains("dertig fietsen"), "reviewers read what was handed in");
    assert_eq!(plan.owner.post(&plan.path("/plan/submit"), &[]).await.0, 303);
    assert!(reviewer.read(&at).await.contains("Dertig fietsen, staat erbij."));

    for compared in [
        plan.owner.read(&plan.path("/plan/versions?from=1&to=2")).await,
        reviewer.read(&format!("{at}/versions")).await,
    ] {
        assert!(
            compared.contains("<del>leren fietsen maken.</del>")
                && compared.contains("<ins>maken dertig fietsen.</ins>"),
            "{compared}"
        );
        assert!(!compared.contains("Te weinig fietsen"), "only what differs");
    }
    assert_eq!(reviewer.post(&format!("{at}/accept"), &[]).await.0, 303);
    assert_eq!(reviewer.post(&format!("{at}/accept"), &[]).await.0, 409, "once");
    assert_eq!(plan.state(&app).await, ProjectState::InValuation);
    app.settle().await;
    assert!(app.letters(OWNER).await.contains(&"plan_accepted".to_owned()));
    let budget: Vec<(&str, &str)> = BUDGET.into_iter().chain([("version", "2026-01-01T00:00:00.000Z")]).collect();
    assert_eq!(plan.owner.post(&plan.path("/plan/budget"), &budget).await.0, 409, "what was promised is fixed");
    app.verify().await;
}

#[tokio::test]
async fn the_demo_has_a_draft_and_a_plan_that_came_back_once_and_shows_parts_of_plans_in_public() {
    let app = App::start_demo().await;
    let owner = Browser::signed_in(&app, "owner@hotspot-hutspot.example").await;
    let page = owner.read("/nl/studio/projects/soep-op-de-stoep/plan").await;
    assert!(
        page.contains("Concept") && page.contains("Ontbreekt nog: Begroting") && !page.contains(">studio-"),
        "{page}"
    );
    let owner = Browser::signed_in(&app, "owner@stichting-schouders-eronder.example").await;
    let page = owner.read("/nl/studio/projects/houtwerkplaats-noord/plan/versions").await;
    assert!(page.contains("<del>20</del><ins>18</ins>"), "{page}");
    assert!(owner.read("/nl/studio").await.contains("/nl/studio/plans/new"));
    let public = Browser::new(&app).read("/nl/projects/voedsel-van-de-tuin-naar-de-keuken").await;
    assert!(
        public.contains("Voorbeeldfonds Eten dichtbij")
            && public.contains("Een slechte oogst")
            && public.contains("Kok")
    );
    app.settle().await;
    let letters = app.letters("owner@stichting-schouders-eronder.example").await;
    assert!(letters.is_empty(), "the past of the demo is not told again: {letters:?}");
}
