//! Who may see, write and decide on a plan; and that nobody else knows of it.

use drempel::features::projects::ProjectState;

use crate::plans::{Plan, REVIEWER};
use crate::support::{App, Browser};

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

/// The totals over all projects, without the moment of reading.
async fn counted(anybody: &Browser) -> serde_json::Value {
    let mut totals: serde_json::Value = serde_json::from_str(&anybody.read("/api/v1/statistics").await).expect("JSON");
    totals["as_of"].take();
    totals
}

#[tokio::test]
async fn no_page_list_feed_or_number_for_everybody_knows_a_plan() {
    let app = App::start_demo().await;
    let anybody = Browser::new(&app);
    let totals = counted(&anybody).await;
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
        assert!(!anybody.read(path).await.contains("Geheim "), "{path}");
    }
    assert_eq!(counted(&anybody).await, totals, "plans count for nothing");
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
