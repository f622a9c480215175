//! Valuation through its pages: criteria, blindness, conflicts, the spread, two people, rejection and answer. The demo's round 4: both
//! experts have handed in for one project; for the other one has, and the second has a conflict of interest.

use drempel::features::projects::{self, Project, ProjectState};
use drempel::features::rounds::{self, RoundState};

use crate::support::{App, Browser};

const COOKING: &str = "koken-voor-de-hele-straat";
const BICYCLES: &str = "monteurs-van-morgen";
const REVIEWER: &str = "reviewer@drempel.example";
const ADMIN: &str = "admin@drempel.example";
const EXPERT1: &str = "expert1@drempel.example";
const EXPERT2: &str = "expert2@drempel.example";
const EXPERT3: &str = "expert3@drempel.example";
/// Words that only a handed-in score of the demo has.
const SECRET: &str = "Deze groep blijft anders vaak buiten beeld.";
const DAY: i64 = 86_400;

fn page(slug: &str, part: &str) -> String {
    format!("/nl/staff/valuation/{slug}{part}")
}

async fn project(app: &App, slug: &str) -> Project {
    let mut conn = app.s.db.read().await.expect("a connection");
    projects::actions::by_slug(&mut conn, slug).await.expect("a read").expect("a project")
}

async fn demo() -> App {
    let app = App::start_demo().await;
    for statement in [
        "INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_e3', 'expert3@drempel.example', 'Derde', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO staff_roles (user_id, role, granted_at) VALUES ('usr_e3', 'expert', '2026-01-01T00:00:00.000Z')",
    ] {
        app.sql(statement).await.expect("a row");
    }
    app
}

/// Scores for all five criteria.
fn scores(step: &'static str) -> Vec<(String, String)> {
    let mut form = vec![("step".to_owned(), step.to_owned())];
    for place in 1..=5 {
        form.push((format!("score_{place}"), "2".to_owned()));
        form.push((format!("reason_{place}"), "Derde mening.".to_owned()));
    }
    form
}

async fn send(browser: &Browser, path: &str, form: &[(String, String)]) -> (u16, String) {
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_for_text(path, &fields).await
}

/// The third expert is asked for the bicycles, without a conflict.
async fn third(app: &App) -> Browser {
    let reviewer = Browser::signed_in(app, REVIEWER).await;
    assert_eq!(reviewer.post(&page(BICYCLES, "/assign"), &[("expert", "usr_e3")]).await.0, 303);
    let third = Browser::signed_in(app, EXPERT3).await;
    assert!(third.read("/nl/staff").await.contains("1 project wacht op jouw cijfers"));
    let scored = send(&third, &page(BICYCLES, "/scores"), &scores("save")).await;
    assert_eq!(scored.0, 403, "first the conflict of interest");
    assert_eq!(third.post(&page(BICYCLES, "/declare"), &[("conflict", "no")]).await.0, 303);
    third
}

#[tokio::test]
async fn nobody_sees_a_score_of_others_before_all_are_in() {
    let app = demo().await;
    let third = third(&app).await;
    assert_eq!(send(&third, &page(BICYCLES, "/scores"), &scores("save")).await.0, 303);
    let everybody = [REVIEWER, ADMIN, EXPERT1, EXPERT2, EXPERT3, "treasurer1@drempel.example"];
    for who in everybody {
        let text = Browser::signed_in(&app, who).await.read(&page(BICYCLES, "")).await;
        assert_eq!(text.contains(SECRET), who == EXPERT1, "{who} sees the first expert's scores");
        assert_eq!(text.contains("Derde mening."), who == EXPERT3, "{who} sees the draft");
        assert!(!text.contains("id=\"spread\""), "{who}");
    }
    let (status, text) = send(&third, &page(BICYCLES, "/scores"), &scores("hand_in")).await;
    assert_eq!(status, 303, "{text}");
    for who in everybody {
        let text = Browser::signed_in(&app, who).await.read(&page(BICYCLES, "")).await;
        let may_see = [REVIEWER, ADMIN, EXPERT1, EXPERT3].contains(&who);
        assert_eq!((text.contains(SECRET), text.contains("Derde mening.")), (may_see, may_see), "{who}");
    }
    assert_eq!(send(&third, &page(BICYCLES, "/scores"), &scores("save")).await.0, 409, "final");
    // given back, it is hidden from everybody again
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    let mut form = vec![("asked", "usr_e3"), ("step", "give_back"), ("reason", "")];
    assert_eq!(reviewer.post(&page(BICYCLES, "/expert"), &form).await.0, 422);
    form[2].1 = "Een cijfer hoorde bij een ander project.";
    assert_eq!(reviewer.post(&page(BICYCLES, "/expert"), &form).await.0, 303);
    assert!(!reviewer.read(&page(BICYCLES, "")).await.contains(SECRET));
}

#[tokio::test]
async fn what_is_being_valued_is_in_no_public_list_page_or_answer() {
    let app = demo().await;
    let public = Browser::new(&app);
    let title = project(&app, COOKING).await.title_nl;
    for path in [
        "/nl",
        "/nl/projects",
        "/nl/rounds/4",
        "/nl/rounds",
        "/sitemap.xml",
        "/nl/organisations/hotspot-hutspot",
        "/api/v1/projects?per_page=100",
        "/api/v1/rounds/4",
        "/api/v1/statistics",
    ] {
        let text = public.read(path).await;
        assert!(!text.contains(COOKING) && !text.contains(&title) && !text.contains("in_valuation"), "{path}: {text}");
    }
    for path in [
        format!("/nl/projects/{COOKING}"),
        format!("/api/v1/projects/{COOKING}"),
        format!("/nl/projects/{COOKING}/books"),
    ] {
        assert_eq!(public.get(&path).await.0, 404, "{path}");
    }
    let owner = Browser::signed_in(&app, "owner@hotspot-hutspot.example").await;
    assert_eq!(owner.get(&page(COOKING, "")).await.0, 403);
    let studio = owner.read(&format!("/nl/studio/projects/{COOKING}/valuation")).await;
    assert!(studio.contains("Er is nog geen uitkomst") && !studio.contains("4,50"), "{studio}");
}

#[tokio::test]
async fn who_has_an_interest_is_excluded_also_without_saying_so() {
    let app = demo().await;
    let text = Browser::signed_in(&app, EXPERT2).await.read(&page(BICYCLES, "")).await;
    assert!(text.contains("Je doet niet mee bij dit project") && !text.contains("betaald advies"), "{text}");
    let statement = "INSERT INTO staff_roles (user_id, role, granted_at)
        SELECT id, 'expert', '2026-01-01T00:00:00.000Z' FROM users WHERE email = 'owner@talentfabriek010.example'";
    app.sql(statement).await.expect("a role");
    let mut conn = app.s.db.read().await.expect("a connection");
    let member = drempel::features::users::actions::by_email(&mut conn, "owner@talentfabriek010.example").await;
    let member = member.expect("a read").expect("a member").id;
    drop(conn);
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert_eq!(reviewer.post(&page(BICYCLES, "/assign"), &[("expert", &member)]).await.0, 303);
    assert_eq!(reviewer.post(&page(BICYCLES, "/assign"), &[("expert", &member)]).await.0, 422, "asked already");
    assert!(reviewer.read(&page(BICYCLES, "")).await.matches("Doet niet mee: belang").count() >= 2);
    let maker = Browser::signed_in(&app, "owner@talentfabriek010.example").await;
    assert_eq!(maker.post(&page(BICYCLES, "/declare"), &[("conflict", "no")]).await.0, 403);
    let third = third(&app).await;
    assert_eq!(send(&third, &page(BICYCLES, "/scores"), &scores("hand_in")).await.0, 303);
    for who in [&maker, &Browser::signed_in(&app, EXPERT2).await] {
        assert!(!who.read(&page(BICYCLES, "")).await.contains(SECRET));
    }
    assert!(reviewer.read(&page(BICYCLES, "")).await.contains(SECRET), "two are enough");
}

#[tokio::test]
async fn scores_lie_on_the_scale_have_reasons_and_their_spread_is_shown_to_the_cent_of_a_point() {
    let app = demo().await;
    let third = third(&app).await;
    let mut form = scores("hand_in");
    form[1].1 = "6".to_owned();
    form[4].1 = String::new();
    let (status, text) = send(&third, &page(BICYCLES, "/scores"), &form).await;
    assert!(status == 422 && text.contains("f-score_1-error") && text.contains("f-reason_2-error"), "{text}");
    form[0].1 = "save".to_owned();
    form[1].1 = "half".to_owned();
    assert_eq!(send(&third, &page(BICYCLES, "/scores"), &form).await.0, 422);
    form[1].1 = String::new();
    assert_eq!(send(&third, &page(BICYCLES, "/scores"), &form).await.0, 303, "a draft may be open");
    let text = Browser::signed_in(&app, REVIEWER).await.read(&page(COOKING, "")).await;
    // 4 and 5; 4 and 2 on a scale of 1 to 5; the weighted totals and their mean
    for words in ["4,50", "3,00", "Groot verschil", "76,25", "68,75", "72,50"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(text.matches("Groot verschil").count(), 1);
}

/// What a reviewer records of the cooking project.
async fn record(app: &App, verdict: &str, impact: &str, threshold: &str) -> (u16, String) {
    let form = [
        ("verdict", verdict),
        ("impact", impact),
        ("threshold", threshold),
        ("reason_nl", "Sterk plan, krappe planning."),
        ("reason_en", "A strong plan, a tight schedule."),
    ];
    Browser::signed_in(app, REVIEWER).await.post_for_text(&page(COOKING, "/result"), &form).await
}

async fn confirm(app: &App, who: &str) -> u16 {
    let (id,): (String,) = {
        let mut conn = app.s.db.read().await.expect("a connection");
        let query = "SELECT id FROM valuation_results WHERE state = 'proposed'";
        sqlx::query_as(query).fetch_one(&mut *conn).await.expect("a result")
    };
    Browser::signed_in(app, who).await.post(&page(COOKING, "/confirm"), &[("result", &id)]).await.0
}

#[tokio::test]
async fn a_result_needs_two_people_and_lists_the_project_with_its_figures_until_the_round_sells() {
    let app = demo().await;
    let owner = "owner@hotspot-hutspot.example";
    for (impact, threshold) in [("900", "901"), ("0", "0"), ("900", ""), ("veel", "600")] {
        assert_eq!(record(&app, "listed", impact, threshold).await.0, 422, "{impact} {threshold}");
    }
    let expert = Browser::signed_in(&app, EXPERT1).await;
    let form = [("verdict", "listed"), ("impact", "1"), ("threshold", "1"), ("reason_nl", "x"), ("reason_en", "x")];
    assert_eq!(expert.post(&page(COOKING, "/result"), &form).await.0, 403, "an expert does not moderate");
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert_eq!(reviewer.post(&page(BICYCLES, "/result"), &form).await.0, 409, "not everybody is in");
    assert_eq!(record(&app, "listed", "900,50", "600").await.0, 303);
    assert_eq!(record(&app, "listed", "900", "600").await.0, 409, "one at a time");
    assert_eq!(confirm(&app, REVIEWER).await, 403, "an own result");
    assert_eq!(confirm(&app, "treasurer1@drempel.example").await, 403);
    assert_eq!(
        reviewer.post(&page(COOKING, "/expert"), &[("asked", "x"), ("step", "give_back"), ("reason", "x")]).await.0,
        409
    );
    assert_eq!(confirm(&app, EXPERT2).await, 303);
    app.settle().await;
    let listed = project(&app, COOKING).await;
    assert_eq!((listed.state, listed.impact.0, listed.threshold.0), (ProjectState::Listed, 90_050, 60_000));
    assert!(app.letters(owner).await.contains(&"valuation_listed".to_owned()));
    let studio = Browser::signed_in(&app, owner).await.read(&format!("/en/studio/projects/{COOKING}/valuation")).await;
    for words in ["A strong plan", "900.50 Rikx", "4.50", "980 Rikx"] {
        assert!(studio.contains(words), "{words}: {studio}");
    }
    assert!(!studio.contains("Brandsma") && !studio.contains(SECRET), "no expert is named");
    assert!(Browser::new(&app).read(&format!("/nl/projects/{COOKING}")).await.contains("Verkoop begint nog"));

    // the round goes on sale with it; what is still being valued stays out, and can be moved
    let state = async || {
        let mut conn = app.s.db.read().await.expect("a connection");
        rounds::actions::by_number(&mut conn, 4).await.expect("a read").expect("a round").state
    };
    assert_eq!(state().await, RoundState::Valuation);
    app.advance(75 * DAY).await;
    assert_eq!(state().await, RoundState::Selling);
    let facts: serde_json::Value = app
        .http
        .get(app.url(&format!("/api/v1/projects/{COOKING}")))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!((&facts["selling"], &facts["available_cents"]), (&true.into(), &9_005_000.into()), "{facts}");
    let gift = serde_json::json!({
        "kind": "gift", "amount_cents": 2_500, "email": "steun@example.org", "name": "", "language": "nl"
    });
    let (status, pledge) = app.pledge(COOKING, "the-first", &gift).await;
    assert_eq!(status, 201, "what experts valued takes pledges: {pledge}");
    app.at_the_bank(&pledge, "pay").await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "held");
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert!(reviewer.read("/nl/staff/rounds/4").await.contains("doet niet mee in de verkoop van deze ronde"));
    assert_eq!(project(&app, BICYCLES).await.state, ProjectState::InValuation);
    assert_eq!(reviewer.post(&page(BICYCLES, "/round"), &[("round", "3")]).await.0, 422);
    assert_eq!(reviewer.post(&page(BICYCLES, "/round"), &[("round", "5")]).await.0, 303);
    let text = reviewer.read(&page(BICYCLES, "")).await;
    assert!(text.contains("Er is nog niemand gevraagd") && text.contains("In een andere ronde gezet"), "{text}");
    app.verify().await;
}

#[tokio::test]
async fn a_rejection_can_be_answered_once_in_time_and_is_upheld_or_reopened() {
    let app = demo().await;
    let owner = "owner@hotspot-hutspot.example";
    let studio = format!("/nl/studio/projects/{COOKING}/valuation");
    assert_eq!(record(&app, "rejected", "", "").await.0, 303);
    assert_eq!(confirm(&app, ADMIN).await, 303);
    app.settle().await;
    assert_eq!(project(&app, COOKING).await.state, ProjectState::Rejected);
    assert!(app.letters(owner).await.contains(&"valuation_rejected".to_owned()));
    let maker = Browser::signed_in(&app, owner).await;
    assert_eq!(maker.post(&studio, &[("answer", " ")]).await.0, 422);
    assert_eq!(maker.post(&studio, &[("answer", "De planning is aangepast.")]).await.0, 303);
    assert_eq!(maker.post(&studio, &[("answer", "Nog iets.")]).await.0, 409, "once");
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert!(reviewer.read("/nl/staff/valuation").await.contains("Koken voor de hele straat"));
    let decide = [("decision", "reopened"), ("reason_nl", "Dat is nieuw."), ("reason_en", "That is new.")];
    assert_eq!(maker.post(&page(COOKING, "/answer"), &decide).await.0, 403);
    assert_eq!(reviewer.post(&page(COOKING, "/answer"), &decide[1..]).await.0, 422);
    assert_eq!(reviewer.post(&page(COOKING, "/answer"), &decide).await.0, 303);
    app.settle().await;
    assert_eq!(project(&app, COOKING).await.state, ProjectState::InValuation);
    assert!(app.letters(owner).await.contains(&"valuation_reopened".to_owned()));
    // a new meeting, which rejects again
    assert_eq!(record(&app, "rejected", "", "").await.0, 303);
    assert_eq!(confirm(&app, EXPERT1).await, 303);
    assert_eq!(maker.post(&studio, &[("answer", "Toch niet mee eens.")]).await.0, 303);
    let uphold = [("decision", "upheld"), ("reason_nl", "Niets nieuws."), ("reason_en", "Nothing new.")];
    assert_eq!(reviewer.post(&page(COOKING, "/answer"), &uphold).await.0, 303);
    app.settle().await;
    assert_eq!(project(&app, COOKING).await.state, ProjectState::Rejected);
    assert!(app.letters(owner).await.contains(&"valuation_upheld".to_owned()));
    assert!(maker.read(&studio).await.contains("Niets nieuws."));
}

#[tokio::test]
async fn after_two_weeks_a_rejection_can_no_longer_be_answered_and_a_result_can_be_taken_back() {
    let app = demo().await;
    assert_eq!(record(&app, "rejected", "", "").await.0, 303);
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert_eq!(reviewer.post(&page(COOKING, "/withdraw"), &[("withdraw_reason", "")]).await.0, 422);
    assert_eq!(reviewer.post(&page(COOKING, "/withdraw"), &[("withdraw_reason", "Verkeerd verstaan.")]).await.0, 303);
    assert_eq!(record(&app, "rejected", "", "").await.0, 303);
    assert_eq!(confirm(&app, ADMIN).await, 303);
    app.advance(14 * DAY).await;
    let maker = Browser::signed_in(&app, "owner@hotspot-hutspot.example").await;
    let studio = format!("/nl/studio/projects/{COOKING}/valuation");
    assert!(!maker.read(&studio).await.contains("f-answer"));
    assert_eq!(maker.post(&studio, &[("answer", "Te laat.")]).await.0, 409);
}

#[tokio::test]
async fn criteria_are_edited_until_the_valuation_begins() {
    let app = demo().await;
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    let path = "/nl/staff/rounds/5/criteria";
    assert!(reviewer.post_for_text(path, &[("step", "propose")]).await.1.contains("Waarde voor deelnemers"));
    let mut form = vec![("step", "save")];
    for (first, second) in [
        (("name_nl_1", "Waarde"), ("name_en_1", "Value")),
        (("weight_1", "60"), ("least_1", "1")),
        (("most_1", "10"), ("name_nl_3", "Plan")),
        (("name_en_3", "Plan"), ("weight_3", "39")),
        (("least_3", "0"), ("most_3", "4")),
    ] {
        form.extend([first, second]);
    }
    let (status, text) = reviewer.post_for_text(path, &form).await;
    assert!(status == 422 && text.contains("samen 100"), "{text}");
    for field in &mut form {
        if field.0 == "weight_3" {
            field.1 = "40";
        }
    }
    assert_eq!(reviewer.post(path, &form).await.0, 303);
    let text = reviewer.read(path).await;
    assert!(
        text.contains("value=\"Plan\"")
            && text.contains("id=\"f-name_nl_2\" name=\"name_nl_2\" type=\"text\" value=\"Plan\""),
        "{text}"
    );
    assert_eq!(reviewer.post("/nl/staff/rounds/4/criteria", &form).await.0, 409, "it has begun");
    let treasurer = Browser::treasurer(&app, 1).await;
    assert_eq!(treasurer.post(path, &form).await.0, 403);
}
