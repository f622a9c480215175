//! The forms of a plan: what is wrong stands beside its field, what is right is kept; and the window in which plans are handed in.

use drempel::features::projects::ProjectState;
use drempel::features::rounds::{self, Round};

use crate::plans::{OWNER, Plan, RISKS, error_beside, field_value, summary};
use crate::support::{App, Browser};

/// A step, what is posted to it, the field that is wrong, and another one with what it keeps.
type Wrong = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);

async fn round(app: &App, number: i64) -> Round {
    let mut conn = app.s.db.read().await.expect("a connection");
    rounds::actions::by_number(&mut conn, number).await.expect("a read").expect("a round")
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
    let wrong: [Wrong; 14] = [
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
async fn f86_when_the_window_has_closed_a_draft_stays_one_and_can_go_to_another_round() {
    let app = App::start_demo().await;
    let plan = Plan::begun(&app, "Fietskeuken West").await;
    plan.filled(&app).await;
    app.sql("UPDATE organisations SET state = 'registered' WHERE slug = 'rotterdamse-douwers'").await.expect("a row");
    let (status, page) = plan.owner.post_for_text(&plan.path("/plan/submit"), &[]).await;
    assert_eq!(status, 409, "an organisation that is not confirmed hands in nothing: {}", summary(&page));
    assert!(!page.contains("Dien het plan in</button>") && page.contains("Voordat het plan ingediend kan worden"));
    app.sql("UPDATE organisations SET state = 'confirmed' WHERE slug = 'rotterdamse-douwers'").await.expect("a row");
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
