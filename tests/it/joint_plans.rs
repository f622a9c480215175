//! Joint plans: asked of partners, read by them and nobody else outside, agreed, refused with a reason, or left; and what the check
//! list says meanwhile.

use drempel::features::projects::ProjectState;

use crate::plans::{OWNER, Plan, REVIEWER, error_beside, summary};
use crate::support::{App, Browser};

const LEAD: &str = "/nl/studio/organisations/rotterdamse-douwers";
const COALITION: &str = "samen-fietsen";
const PARTNERS: [&str; 2] = ["hotspot-hutspot", "talentfabriek010"];

async fn owner(app: &App, organisation: &str) -> Browser {
    Browser::signed_in(app, &format!("owner@{organisation}.example")).await
}

/// The demo with a coalition that two others joined, and a filled-in plan of its founder.
async fn coalition(title: &str) -> (App, Plan) {
    let app = App::start_demo().await;
    let plan = Plan::begun(&app, title).await;
    plan.filled(&app).await;
    let form = [
        ("title", "Samen fietsen"),
        ("kind", "chain"),
        ("description_nl", "Van wrak tot fiets."),
        ("step_1_nl", "Verzamelen"),
        ("step_2_nl", "Maken"),
        ("step_2_organisation", "rotterdamse-douwers"),
    ];
    assert_eq!(plan.owner.post(&format!("{LEAD}/coalitions/new"), &form).await.0, 303);
    for partner in PARTNERS {
        let invite = format!("{LEAD}/coalitions/{COALITION}/invite");
        assert_eq!(plan.owner.post(&invite, &[("partner", partner)]).await.0, 303, "{partner}");
        let answer = format!("/nl/studio/organisations/{partner}/coalitions/{COALITION}/answer");
        assert_eq!(owner(&app, partner).await.post(&answer, &[("answer", "join")]).await.0, 303, "{partner}");
    }
    (app, plan)
}

/// Sets the parts of the two; an empty one takes no part.
async fn divide(plan: &Plan, [first, second]: [&str; 2]) -> u16 {
    let mut form = vec![("coalition".to_owned(), COALITION.to_owned())];
    for (partner, percent) in PARTNERS.iter().zip([first, second]).filter(|(_, percent)| !percent.is_empty()) {
        form.push((format!("with_{partner}"), "yes".to_owned()));
        form.push((format!("share_{partner}"), percent.to_owned()));
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    plan.owner.post(&plan.path("/shares"), &form).await.0
}

/// A page of a partner about the plan.
fn asked(partner: &str, plan: &Plan, part: &str) -> String {
    format!("/nl/studio/organisations/{partner}/shares/{}{part}", plan.slug)
}

async fn count(app: &App, email: &str, kind: &str) -> usize {
    app.settle().await;
    app.letters(email).await.iter().filter(|one| *one == kind).count()
}

#[tokio::test]
async fn a_joint_plan_names_who_has_not_agreed_and_is_not_handed_in_before() {
    let (app, plan) = coalition("Fietskeuken West").await;
    assert_eq!(divide(&plan, ["30", "20"]).await, 303);
    let page = plan.owner.read(&plan.path("/plan")).await;
    for gap in ["Hotspot Hutspot is nog niet akkoord met 30%.", "Talentfabriek010 is nog niet akkoord met 20%."] {
        assert!(page.contains(gap), "{gap}: {page}");
    }
    assert!(!page.contains("Dien het plan in</button>"));
    let (first, second) = (owner(&app, PARTNERS[0]).await, owner(&app, PARTNERS[1]).await);
    assert_eq!(first.post(&asked(PARTNERS[0], &plan, "/agree"), &[("share_percent", "30")]).await.0, 303);
    assert_eq!(first.post(&asked(PARTNERS[0], &plan, "/agree"), &[("share_percent", "30")]).await.0, 303, "said twice");
    let (status, page) = plan.owner.post_for_text(&plan.path("/plan/submit"), &[]).await;
    let says = summary(&page);
    assert!(status == 409 && says.contains("Talentfabriek010") && !says.contains("Hotspot"), "{status} {says}");
    assert_eq!(plan.state(&app).await, ProjectState::Draft);
    assert_eq!(second.post(&asked(PARTNERS[1], &plan, "/agree"), &[("share_percent", "25")]).await.0, 409, "not shown");
    assert_eq!(second.post(&asked(PARTNERS[1], &plan, "/agree"), &[("share_percent", "20")]).await.0, 303);
    assert!(plan.owner.read(&plan.path("/plan")).await.contains("Iedereen is akkoord."));
    assert_eq!(plan.owner.post(&plan.path("/plan/submit"), &[]).await.0, 303);

    // one leaves while reviewers read it: it does not go on before the parts are divided anew
    let leave = [("reason", "Onze werkplaats sluit.")];
    assert_eq!(second.post(&asked(PARTNERS[1], &plan, "/refuse"), &leave).await.0, 303);
    assert_eq!(count(&app, OWNER, "share_left").await, 1);
    let page = plan.owner.read(&plan.path("/plan")).await;
    assert!(page.contains("Talentfabriek010 doet niet meer mee: Onze werkplaats sluit."), "{page}");
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    let accept = plan.staff_path(&app, "/accept").await;
    let (status, page) = reviewer.post_for_text(&accept, &[]).await;
    assert!(status == 409 && page.contains("Nog niet akkoord: Talentfabriek010"), "{status} {page}");
    assert_eq!(divide(&plan, ["30", ""]).await, 303, "the others are not asked anew");
    assert_eq!(reviewer.post(&accept, &[]).await.0, 303);
    assert_eq!(plan.state(&app).await, ProjectState::InValuation);
    app.verify().await;
}

#[tokio::test]
async fn a_partner_refuses_with_a_reason_and_each_no_is_one_letter() {
    let (app, plan) = coalition("Fietskeuken Noord").await;
    assert_eq!(divide(&plan, ["30", ""]).await, 303);
    assert_eq!(count(&app, "owner@hotspot-hutspot.example", "share_asked").await, 1);
    let first = owner(&app, PARTNERS[0]).await;
    let refuse = asked(PARTNERS[0], &plan, "/refuse");
    let (status, page) = first.post_for_text(&refuse, &[("reason", " ")]).await;
    assert_eq!((status, error_beside(&page, "reason").contains("waarom jullie niet meedoen")), (422, true));
    let reason = [("reason", "Wij willen liever 40%.")];
    let (one, other) = tokio::join!(first.post(&refuse, &reason), first.post(&refuse, &reason));
    let mut answers = [one.0, other.0];
    answers.sort_unstable();
    assert!(answers[0] == 303 && [404, 409].contains(&answers[1]), "{answers:?}");
    assert_eq!(count(&app, OWNER, "share_refused").await, 1);
    assert_eq!(first.get(&asked(PARTNERS[0], &plan, "")).await.0, 404, "none of its business any more");
    assert_eq!(first.post(&asked(PARTNERS[0], &plan, "/agree"), &[("share_percent", "30")]).await.0, 404);
    let says = "Hotspot Hutspot doet niet mee: Wij willen liever 40%.";
    assert!(plan.owner.read(&plan.path("/plan")).await.contains(says));
    assert!(plan.owner.read(&plan.path("/shares")).await.contains("Hotspot Hutspot:</strong> Wij willen liever 40%."));
    let (status, page) = plan.owner.post_for_text(&plan.path("/plan/submit"), &[]).await;
    assert!(status == 409 && summary(&page).contains("Hotspot Hutspot"), "{}", summary(&page));

    // asked once more for what it wants; let go and asked again: each question is one letter
    let partner = "owner@hotspot-hutspot.example";
    assert_eq!(divide(&plan, ["40", ""]).await, 303);
    assert_eq!(count(&app, partner, "share_asked").await, 2);
    assert_eq!(first.get(&asked(PARTNERS[0], &plan, "")).await.0, 200);
    assert_eq!(plan.owner.post(&plan.path("/shares"), &[("coalition", "")]).await.0, 303);
    assert_eq!(first.get(&asked(PARTNERS[0], &plan, "")).await.0, 404);
    assert_eq!(divide(&plan, ["40", ""]).await, 303);
    assert_eq!(count(&app, partner, "share_asked").await, 3);
    assert_eq!(first.post(&asked(PARTNERS[0], &plan, "/agree"), &[("share_percent", "40")]).await.0, 303);

    // leaving the whole coalition is leaving the plan
    let leave = format!("/nl/studio/organisations/{}/coalitions/{COALITION}/answer", PARTNERS[0]);
    assert_eq!(first.post(&leave, &[("answer", "leave")]).await.0, 303);
    assert_eq!(count(&app, OWNER, "share_left").await, 1);
    assert!(
        plan.owner.read(&plan.path("/plan")).await.contains("Hotspot Hutspot hoort niet meer bij de samenwerking.")
    );
    app.verify().await;
}

#[tokio::test]
async fn only_who_is_asked_reads_a_joint_plan() {
    let (app, plan) = coalition("Fietskeuken Zuid").await;
    assert_eq!(divide(&plan, ["30", ""]).await, 303);
    let parts = ["", "/preview"];
    let (first, second) = (owner(&app, PARTNERS[0]).await, owner(&app, PARTNERS[1]).await);
    let stranger = owner(&app, "de-verbindingskamer").await;
    app.sql(
        "INSERT INTO users (id, email, name, language, created_at)
         VALUES ('usr_books', 'books@x.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
    )
    .await
    .expect("a user");
    app.sql(
        "INSERT INTO memberships (organisation_id, user_id, role, created_at)
         SELECT id, 'usr_books', 'bookkeeper', '2026-01-01T00:00:00.000Z' FROM organisations WHERE slug = 'hotspot-hutspot'",
    )
    .await
    .expect("a member");
    let books = Browser::signed_in(&app, "books@x.example").await;
    for part in parts {
        let path = asked(PARTNERS[0], &plan, part);
        for reader in [&first, &books] {
            let page = reader.read(&path).await;
            assert!(page.contains("Te weinig fietsen") && page.contains("Voorbeeldfonds"), "{path}: {page}");
        }
        for outsider in [&second, &stranger, &plan.owner] {
            assert_eq!(outsider.get(&path).await.0, 404, "{path}");
        }
        assert_eq!(second.get(&asked(PARTNERS[1], &plan, part)).await.0, 404, "of the coalition, but not asked");
        assert_eq!(plan.owner.get(&asked("rotterdamse-douwers", &plan, part)).await.0, 404, "its own has other pages");
        assert_eq!(Browser::new(&app).get(&path).await.0, 303, "to the sign-in");
    }
    for part in ["/plan", "/preview", "/shares", "/plan/budget", "/texts"] {
        assert_eq!(first.get(&plan.path(part)).await.0, 404, "{part}: it reads, and does not write");
    }
    let (agree, refuse) = (asked(PARTNERS[0], &plan, "/agree"), asked(PARTNERS[0], &plan, "/refuse"));
    for outsider in [&second, &stranger, &plan.owner] {
        assert_eq!(outsider.post(&agree, &[("share_percent", "30")]).await.0, 404);
        assert_eq!(outsider.post(&refuse, &[("reason", "x")]).await.0, 404);
    }
    assert_eq!(books.post(&agree, &[("share_percent", "30")]).await.0, 403, "an owner decides");
    assert_eq!(books.post(&refuse, &[("reason", "x")]).await.0, 403);
    assert!(first.read("/nl/studio").await.contains("Lees het plan en geef antwoord"));
    assert_eq!(plan.owner.post(&plan.path("/plan/withdraw"), &[("sure", "yes")]).await.0, 303);
    assert_eq!(first.get(&asked(PARTNERS[0], &plan, "")).await.0, 404, "it came to nothing");
    assert_eq!(first.post(&agree, &[("share_percent", "30")]).await.0, 409);
}

#[tokio::test]
async fn two_people_who_begin_the_same_plan_at_once_get_one() {
    let app = App::start_demo().await;
    let (one, other) = (Browser::signed_in(&app, OWNER).await, Browser::signed_in(&app, OWNER).await);
    let form = |title| {
        [
            ("organisation", "rotterdamse-douwers"),
            ("round", "5"),
            ("title", title),
            ("minimum", "12500"),
            ("full", "20000"),
        ]
    };
    let begin = "/nl/studio/plans/new";
    let (first, second) = (form("Samen koken"), form("samen KOKEN"));
    let (one, other) = tokio::join!(one.post_for_text(begin, &first), other.post_for_text(begin, &second));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    let refused = if one.0 == 422 { one.1 } else { other.1 };
    assert!(error_beside(&refused, "title").contains("al een plan met deze naam"), "{refused}");
    let mine = Browser::signed_in(&app, OWNER).await.read("/nl/studio").await.to_lowercase();
    assert_eq!(mine.matches("/plan\">samen koken").count() + mine.matches("\">samen koken</a>").count(), 1, "{mine}");
}
