//! Plans: written in steps by owners, handed in, talked over with reviewers, passed on. Through the pages, as people do it.

use drempel::features::projects::{self, Project, ProjectState};
use drempel::features::rounds::{self, Round};
use scraper::{Html, Selector};

use crate::support::{App, Browser};

pub const OWNER: &str = "owner@rotterdamse-douwers.example";
const REVIEWER: &str = "reviewer@drempel.example";

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

const TEXTS: [(&str, &str); 9] = [
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
const PEOPLE: [(&str, &str); 6] = [
    ("participants", "20"),
    ("method-mentoring", "yes"),
    ("sector-bicycle-repair", "yes"),
    ("theme-work-and-learning", "yes"),
    ("track-learning-by-working", "yes"),
    ("function-work", "yes"),
];
const BUDGET: [(&str, &str); 11] = [
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
const RISKS: [(&str, &str); 4] = [
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
fn error_beside(page: &str, field: &str) -> String {
    let page = Html::parse_document(page);
    let beside = Selector::parse(&format!("#f-{field}-error")).expect("a selector");
    page.select(&beside).flat_map(|element| element.text()).collect()
}

async fn round(app: &App, number: i64) -> Round {
    let mut conn = app.s.db.read().await.expect("a connection");
    rounds::actions::by_number(&mut conn, number).await.expect("a read").expect("a round")
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
async fn f90_each_step_refuses_what_is_wrong_beside_its_field_and_keeps_the_rest() {
    let app = App::start_demo().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let begin = |minimum: &'static str, full: &'static str| {
        [
            ("organisation", "rotterdamse-douwers"),
            ("round", "5"),
            ("title", "Plan"),
            ("minimum", minimum),
            ("full", full),
        ]
    };
    for (minimum, full, field) in [
        ("", "100", "minimum"),
        ("0", "100", "minimum"),
        ("-1", "100", "minimum"),
        ("1.000", "5000", "minimum"),
        ("100", "1e9", "full"),
        ("100", "99,99", "full"),
    ] {
        let (status, page) = owner.post_for_text("/nl/studio/plans/new", &begin(minimum, full)).await;
        assert_eq!(status, 422, "{minimum} {full}");
        assert!(!error_beside(&page, field).is_empty() && field_value(&page, "title") == "Plan", "{minimum} {full}");
    }
    let (status, page) = owner.post_for_text("/nl/studio/plans/new", &[("title", " "), ("round", "3")]).await;
    assert_eq!(status, 422);
    for field in ["organisation", "round", "title", "minimum", "full"] {
        assert!(!error_beside(&page, field).is_empty(), "{field}");
    }
    let plan = Plan::begun(&app, "Plan").await;
    let wrong: [(&str, &[(&str, &str)], &str, &str, &str); 14] = [
        (
            "/plan/people",
            &[("participants", "twintig"), ("method-mentoring", "yes")],
            "participants",
            "participants",
            "twintig",
        ),
        (
            "/plan/place",
            &[("point", "typed"), ("latitude", "12"), ("longitude", "4,4")],
            "latitude",
            "longitude",
            "4,4",
        ),
        ("/plan/place", &[("point", "mars"), ("latitude", "51.9")], "point", "latitude", "51.9"),
        ("/plan/planning", &[("months", "0"), ("text_nl-1", "Begin")], "months", "text_nl-1", "Begin"),
        ("/plan/planning", &[("months", "6"), ("start_day", "31-2-2030")], "start_day", "start_day", "31-2-2030"),
        ("/plan/planning", &[("months", "6"), ("start_day", "2020-01-01")], "start_day", "months", "6"),
        ("/plan/planning", &[("months", "6"), ("text_en-4", "Begin")], "text_nl-4", "text_en-4", "Begin"),
        (
            "/plan/budget",
            &[("label_nl-1", "Huur"), ("minimum-1", "50"), ("full-1", "40")],
            "full-1",
            "label_nl-1",
            "Huur",
        ),
        (
            "/plan/budget",
            &[("label_nl-2", "Huur"), ("minimum-2", "1.000"), ("full-2", "2000")],
            "minimum-2",
            "full-2",
            "2000",
        ),
        ("/plan/budget", &[("funder-1", "Fonds"), ("amount-1", "5")], "state-1", "amount-1", "5"),
        ("/plan/budget", &[("label_nl-1", "Huur"), ("full-1", "40")], "minimum-1", "full-1", "40"),
        (
            "/plan/promises",
            &[("indicator-1", "nothing"), ("target-1", "7"), ("share-1", "10"), ("due-1", "2040-01-01")],
            "indicator-1",
            "target-1",
            "7",
        ),
        ("/plan/risks", &[("risk_nl-1", "Bel mevrouw Jansen"), ("measure_nl-1", "Ja")], "risk_nl-1", "risk_nl-1", ""),
        (
            "/plan/risks",
            &[("name_nl-2", "Kok, jan@example.org"), ("name_en-2", "Cook")],
            "name_nl-2",
            "name_en-2",
            "Cook",
        ),
    ];
    for (part, form, field, kept, value) in wrong {
        let (status, page) = plan.post(part, form).await;
        assert_eq!(status, 422, "{part} {field}");
        assert!(!error_beside(&page, field).is_empty(), "{part} {field}: {}", summary(&page));
        assert!(page.contains("<title>Fout: "), "{part} {field}");
        if value.is_empty() {
            assert!(page.contains("Bel mevrouw Jansen"), "what was typed is kept");
        } else {
            assert_eq!(field_value(&page, kept), value, "{part} {kept}");
        }
    }
    let shares = [
        ("indicator-1", "PI4060"),
        ("target-1", "7"),
        ("share-1", "70"),
        ("due-1", "2040-01-01"),
        ("indicator-2", "PI4060"),
        ("target-2", "7"),
        ("share-2", "40"),
        ("due-2", "2040-01-01"),
    ];
    let (status, page) = plan.post("/plan/promises", &shares).await;
    assert_eq!(status, 422);
    assert!(
        error_beside(&page, "share-2").contains("meer dan 100")
            && error_beside(&page, "indicator-2").contains("andere rij")
    );
    // what is right but not yet enough is kept, and said to be missing
    plan.save("/plan/promises", &shares[..4]).await;
    plan.save(
        "/texts",
        &[
            ("title_nl", "Plan"),
            ("title_en", ""),
            ("aim_nl", "x"),
            ("aim_en", ""),
            ("text_nl", ""),
            ("text_en", ""),
            ("target_group_nl", ""),
            ("target_group_en", ""),
            ("contact", ""),
        ],
    )
    .await;
    let page = plan.owner.read(&plan.path("/plan")).await;
    assert!(
        page.contains("zijn samen 70. Dat moet 100 zijn") && page.contains("Nog niet in beide talen: Doel in één zin"),
        "{page}"
    );
    // an emptied row is gone
    plan.save("/plan/risks", &RISKS).await;
    plan.save("/plan/risks", &[("risk_nl-1", ""), ("measure_nl-1", " ")]).await;
    assert!(!plan.owner.read(&plan.path("/plan/risks")).await.contains("Te weinig fietsen"));
    // two people at one form: the second is told, and what was typed is kept
    let old = field_value(&plan.owner.read(&plan.path("/plan/planning")).await, "version");
    plan.save("/plan/planning", &[("months", "7")]).await;
    let late = [("months", "8"), ("version", old.as_str())];
    let (status, page) = plan.owner.post_for_text(&plan.path("/plan/planning"), &late).await;
    assert_eq!((status, field_value(&page, "months").as_str()), (409, "8"));
    assert_eq!(plan.owner.post_for_text(&plan.path("/plan/planning"), &[("months", "8"), ("price", "1")]).await.0, 400);
}

#[tokio::test]
async fn f94_only_members_see_a_plan_only_editors_write_it_and_only_reviewers_decide() {
    let app = App::start_demo().await;
    for statement in [
        "INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_e', 'editor@x.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_b', 'books@x.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO memberships (organisation_id, user_id, role, created_at)
         SELECT id, 'usr_e', 'editor', '2026-01-01T00:00:00.000Z' FROM organisations WHERE slug = 'rotterdamse-douwers'",
        "INSERT INTO memberships (organisation_id, user_id, role, created_at)
         SELECT id, 'usr_b', 'bookkeeper', '2026-01-01T00:00:00.000Z' FROM organisations WHERE slug = 'rotterdamse-douwers'",
    ] {
        app.sql(statement).await.expect("a row");
    }
    let plan = Plan::submitted(&app, "Fietskeuken West").await;
    let (books, editor) =
        (Browser::signed_in(&app, "books@x.example").await, Browser::signed_in(&app, "editor@x.example").await);
    let other = Browser::signed_in(&app, "owner@hotspot-hutspot.example").await;
    let at = plan.staff_path(&app, "").await;
    let steps =
        ["people", "place", "planning", "budget", "promises", "risks"].map(|step| plan.path(&format!("/plan/{step}")));
    for path in ["/plan", "/plan/versions", "/preview"].map(|part| plan.path(part)) {
        assert_eq!(other.get(&path).await.0, 404, "{path}");
        for reader in [&books, &editor] {
            assert_eq!(reader.get(&path).await.0, 200, "{path}");
        }
        assert_eq!(Browser::new(&app).get(&path).await.0, 303, "{path}");
    }
    let page = books.read(&plan.path("/plan")).await;
    assert!(!page.contains("/plan/withdraw\"") && page.contains("Te weinig fietsen"), "{page}");
    for path in &steps {
        assert_eq!(
            (other.get(path).await.0, books.get(path).await.0, editor.get(path).await.0),
            (404, 403, 200),
            "{path}"
        );
        assert_eq!((other.post(path, &[]).await.0, books.post(path, &[]).await.0), (404, 403), "{path}");
    }
    for path in ["/plan/submit", "/plan/withdraw", "/plan/move", "/plan/remarks/pcm_1"].map(|part| plan.path(part)) {
        assert_eq!((other.post(&path, &[]).await.0, books.post(&path, &[]).await.0), (404, 403), "{path}");
    }
    assert_eq!(books.get("/nl/studio/plans/new").await.0, 403, "nobody to write for");
    let foreign =
        [("organisation", "rotterdamse-douwers"), ("round", "5"), ("title", "x"), ("minimum", "1"), ("full", "1")];
    assert_eq!(other.post("/nl/studio/plans/new", &foreign).await.0, 422, "not for another organisation");

    let treasurer = Browser::treasurer(&app, 1).await;
    assert_eq!((plan.owner.get(&at).await.0, treasurer.get(&at).await.0), (403, 200));
    for part in ["comments", "return", "accept", "comments/pcm_1/remove"] {
        let path = format!("{at}/{part}");
        assert_eq!((plan.owner.post(&path, &[]).await.0, treasurer.post(&path, &[]).await.0), (403, 403), "{part}");
    }
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert_eq!(reviewer.post("/nl/staff/projects/prj_9/accept", &[]).await.0, 404);
    let draft = Plan::begun(&app, "Nog niet").await;
    let hidden = draft.staff_path(&app, "").await;
    assert_eq!(
        (reviewer.get(&hidden).await.0, reviewer.get(&format!("{hidden}/preview")).await.0),
        (404, 404),
        "a draft is its owner's"
    );
    assert!(!reviewer.read("/nl/staff/projects").await.contains("Nog niet"));
    assert_eq!(reviewer.get(&format!("{at}/preview")).await.0, 200);
}

#[tokio::test]
async fn f86_when_the_window_has_closed_a_draft_stays_one_and_can_go_to_another_round() {
    let app = App::start_demo().await;
    let plan = Plan::begun(&app, "Fietskeuken West").await;
    plan.filled(&app).await;
    let closes = round(&app, 5).await.valuation_at;
    app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + closes.seconds() - app.s.clock.now().seconds());
    let owner = Browser::signed_in(&app, OWNER).await;
    let (status, page) = owner.post_for_text(&plan.path("/plan/submit"), &[]).await;
    assert_eq!(status, 409);
    assert!(summary(&page).contains("geen plannen indienen voor ronde 5"), "{}", summary(&page));
    assert_eq!(plan.state(&app).await, ProjectState::Draft);
    let page = owner.read("/nl/studio/plans/new").await;
    assert!(page.contains("bij geen enkele ronde"), "{page}");
    let plan = Plan { owner, slug: plan.slug };
    plan.save("/plan/planning", &[("months", "9")]).await;

    let old = round(&app, 5).await;
    let at = |days: i64| app.s.clock.now().plus_days(days);
    let next = Round {
        id: "rnd_next".into(),
        number: 9,
        unit_price_eur: 50,
        submissions_at: at(-1),
        valuation_at: at(20),
        selling_at: at(40),
        closes_at: at(60),
        ..old
    };
    let mut tx = app.s.db.begin().await.expect("a transaction");
    rounds::actions::insert(&mut tx, &next).await.expect("a round");
    tx.commit().await.expect("a commit");
    let version = field_value(&plan.owner.read(&plan.path("/plan")).await, "version");
    for (number, status) in [("3", 409), ("77", 422), ("9", 303)] {
        let form = [("round", number), ("version", version.as_str())];
        assert_eq!(plan.owner.post(&plan.path("/plan/move"), &form).await.0, status, "round {number}");
    }
    let project = plan.project(&app).await;
    assert_eq!((project.round_id.as_str(), project.threshold.0, project.impact.0), ("rnd_next", 25_000, 40_100));
    let start = at(100).day();
    plan.save("/plan/planning", &[("start_day", &start), ("months", "9"), ("text_nl-1", "Begin")]).await;
    let (status, page) = plan.owner.post_for_text(&plan.path("/plan/submit"), &[]).await;
    assert_eq!(status, 303, "{}", summary(&page));
    assert_eq!(plan.state(&app).await, ProjectState::Submitted);
}

#[tokio::test]
async fn no_page_list_feed_or_number_for_everybody_knows_a_plan() {
    let app = App::start_demo().await;
    let anybody = Browser::new(&app);
    let totals = anybody.read("/api/v1/statistics").await;
    let draft = Plan::begun(&app, "Geheim concept").await;
    let plan = Plan::submitted(&app, "Geheim plan").await;
    let gone = Plan::begun(&app, "Geheim ingetrokken").await;
    assert_eq!(gone.owner.post(&gone.path("/plan/withdraw"), &[]).await.0, 422, "only who is sure");
    assert_eq!(gone.owner.post(&gone.path("/plan/withdraw"), &[("sure", "yes")]).await.0, 303);
    assert_eq!(gone.owner.post(&gone.path("/plan/withdraw"), &[("sure", "yes")]).await.0, 409);
    assert_eq!(gone.state(&app).await, ProjectState::Withdrawn);
    for slug in [&draft.slug, &plan.slug, &gone.slug] {
        for path in ["", "/updates", "/outcomes", "/books", "/pledge", "/follow"] {
            assert_eq!(anybody.get(&format!("/nl/projects/{slug}{path}")).await.0, 404, "{slug}{path}");
        }
        assert_eq!(anybody.get(&format!("/api/v1/projects/{slug}")).await.0, 404, "{slug}");
    }
    for path in [
        "/nl",
        "/nl/projects",
        "/nl/projects?q=geheim",
        "/nl/rounds/5",
        "/nl/organisations/rotterdamse-douwers",
        "/nl/impact",
        "/api/v1/projects?per_page=100",
        "/api/v1/rounds/5",
        "/sitemap.xml",
    ] {
        assert!(!anybody.read(path).await.contains("eheim"), "{path}");
    }
    assert_eq!(anybody.read("/api/v1/statistics").await, totals, "plans count for nothing");
    assert!(anybody.read("/api/v1/rounds").await.contains("\"submissions\""), "the round itself is announced");
    assert_eq!(plan.owner.get(&plan.path("/preview")).await.0, 200);
    let preview = plan.owner.read(&plan.path("/preview")).await;
    for told in [
        "Dit is een voorbeeld",
        "Voorbeeldfonds",
        "Te weinig fietsen",
        "Fietsenmaker",
        "class=\"map-point\"",
        "Deelnemers bereikt",
    ] {
        assert!(preview.contains(told), "{told}");
    }
    assert!(!preview.contains("/pledge\"") && !preview.contains("/follow\""), "nothing to do there");
    app.verify().await;
}

#[tokio::test]
async fn the_demo_has_a_draft_and_a_plan_that_came_back_once_and_shows_parts_of_plans_in_public() {
    let app = App::start_demo().await;
    let owner = Browser::signed_in(&app, "owner@hotspot-hutspot.example").await;
    let page = owner.read("/nl/studio/projects/soep-op-de-stoep/plan").await;
    assert!(page.contains("Concept") && page.contains("Ontbreekt nog: Begroting"), "{page}");
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
