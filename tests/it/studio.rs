//! The owner's studio: who backs a project, a message to all of them, and what one shares it with.

use crate::support::{App, Browser};

const STUDIO: &str = "/nl/studio/projects/kookclub";
const OWNER: &str = "owner@kookclub.example";

/// Writes a message to the backers and asks to send it; answers the status of the asking.
async fn message(owner: &Browser, title: &str) -> (u16, String) {
    let form = [("audience", "backers"), ("title_nl", title), ("body_nl", "De **keuken** staat er.")];
    let (status, place) = owner.post_parts(&format!("{STUDIO}/updates/new"), &form).await;
    assert_eq!(status, 303);
    let place = place.split('?').next().unwrap_or_default().to_owned();
    (owner.post(&format!("{place}/publish"), &[]).await.0, place)
}

#[tokio::test]
async fn an_owner_sees_names_that_may_be_seen_and_no_address() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let shy =
        serde_json::json!({ "amount_cents": 5_000, "email": "bert@example.org", "name": "=Bert", "anonymous": true });
    let (status, shy) = app.pledge("kookclub", "shy", &shy).await;
    assert_eq!(status, 201);
    app.at_the_bank(&shy, "pay").await;
    app.gift(700, "Chris").await; // not paid
    app.settle().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let page = owner.read(&format!("{STUDIO}/backers")).await;
    assert!(page.contains("Anna") && page.contains("Anoniem"));
    let file = String::from_utf8(owner.file(&format!("{STUDIO}/backers.csv")).await).expect("text");
    assert_eq!(file.lines().count(), 3, "{file}");
    assert!(file.contains("Anna,Een gift,\"25,00\""), "{file}");
    for hidden in ["Bert", "Chris", "@example.org"] {
        assert!(!page.contains(hidden) && !file.contains(hidden), "{hidden}");
    }
    assert_eq!(Browser::signed_in(&app, "anna@example.org").await.get(&format!("{STUDIO}/backers")).await.0, 404);
    assert_eq!(Browser::new(&app).get(&format!("{STUDIO}/backers.csv")).await.0, 303, "asked to sign in");
}

#[tokio::test]
async fn a_message_reaches_every_backer_once_and_nobody_else() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(3_500, "Anna").await;
    app.paid_gift(2_500, "Bert").await;
    app.gift(700, "Chris").await; // not paid
    let owner = Browser::signed_in(&app, OWNER).await;
    let (status, place) = message(&owner, "Dank jullie wel").await;
    assert_eq!(status, 303);
    app.advance(599).await;
    assert_eq!(app.letters("anna@example.org").await.iter().filter(|kind| *kind == "update").count(), 0);
    app.advance(2).await;
    for (name, count) in [("anna", 1), ("bert", 1), ("chris", 0), ("owner", 0)] {
        let letters = app.letters(&format!("{name}@example.org")).await;
        assert_eq!(letters.iter().filter(|kind| *kind == "update").count(), count, "{name}: {letters:?}");
    }
    let number = place.rsplit('/').next().unwrap_or_default();
    let site = Browser::new(&app);
    assert_eq!(site.get(&format!("/nl/projects/kookclub/updates/{number}")).await.0, 404, "not on the site");
    assert!(!site.read("/nl/projects/kookclub").await.contains("Dank jullie wel"));
    assert_eq!(message(&owner, "Nog iets").await.0, 409, "one a week");
    app.advance(7 * 86_400).await;
    let owner = Browser::signed_in(&app, OWNER).await; // the session has ended meanwhile
    let (status, place) = message(&owner, "Nog iets").await;
    assert_eq!(status, 303);
    assert_eq!(owner.post(&format!("{place}/undo"), &[]).await.0, 303, "taken back in time");
    app.advance(700).await;
    assert_eq!(app.letters("bert@example.org").await.iter().filter(|kind| *kind == "update").count(), 1);
}

#[tokio::test]
async fn owner_and_team_see_how_far_the_letters_of_an_update_are() {
    let app = App::start().await;
    for name in ["Anna", "Bert", "Carla"] {
        app.paid_gift(2_500, name).await;
    }
    let owner = Browser::signed_in(&app, OWNER).await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let team = "/nl/staff/mailings";
    assert!(reviewer.read(team).await.contains("Er ging de laatste 30 dagen geen brief"));
    let treasurer = Browser::treasurer(&app, 1).await;
    let switch =
        async |to| treasurer.post("/nl/staff/jobs/letters/switch", &[("to", to), ("reason", "a test")]).await.0;
    assert_eq!(switch("off").await, 303);
    let (_, place) = message(&owner, "Dank jullie wel").await;
    assert!(!owner.comes_again(&place).await, "nothing moves yet");
    app.advance(601).await;
    for (who, page) in [(&owner, place.as_str()), (&reviewer, team)] {
        let text = who.read(page).await;
        assert!(text.contains("0 van 3 mails afgehandeld") && text.contains("max=\"3\" value=\"0\""), "{text}");
        assert!(who.comes_again(page).await && !who.comes_again(&format!("{page}?reload=off")).await);
    }
    assert!(reviewer.read(team).await.contains("Kookclub: Dank jullie wel"));
    // one could not be delivered, one was sent
    app.sql("UPDATE letters SET state = 'failed' WHERE kind = 'update' AND user_id = (SELECT id FROM users WHERE email = 'anna@example.org')")
        .await
        .expect("a failure");
    app.sql("UPDATE letters SET state = 'sent' WHERE kind = 'update' AND user_id = (SELECT id FROM users WHERE email = 'bert@example.org')")
        .await
        .expect("a letter");
    for (who, page) in [(&owner, place.as_str()), (&reviewer, team)] {
        let text = who.read(page).await;
        assert!(text.contains("2 van 3 mails afgehandeld") && text.contains("max=\"3\" value=\"2\""), "{text}");
    }
    assert_eq!(switch("on").await, 303);
    app.settle().await;
    for (who, page) in [(&owner, place.as_str()), (&reviewer, team)] {
        assert!(!who.read(page).await.contains("<progress") && !who.comes_again(page).await, "{page}");
    }
    let stats = owner.read(&place).await;
    assert!(
        stats.contains("<dt>mails verstuurd</dt><dd>2</dd>")
            && stats.contains("<dt>mails niet aangekomen</dt><dd>1</dd>")
    );
}

#[tokio::test]
async fn who_ends_it_by_the_letter_gets_no_more_messages() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(2_500, "Bert").await;
    let owner = Browser::signed_in(&app, OWNER).await;
    message(&owner, "Een").await;
    app.advance(601).await;
    let letters = std::fs::read_dir(app.letters_folder()).expect("letters").flatten();
    let raw: Vec<Vec<u8>> = letters.filter_map(|file| std::fs::read(file.path()).ok()).collect();
    let to_anna =
        raw.iter().filter_map(|bytes| mail_parser::MessageParser::default().parse(bytes)).find_map(|letter| {
            let is_hers = letter.to()?.first()?.address()? == "anna@example.org";
            let text = letter.body_text(0)?.into_owned();
            (is_hers && text.contains("/unsubscribe/")).then_some(text)
        });
    let text = to_anna.expect("a letter to Anna");
    assert!(text.contains("omdat je Kookclub steunt"), "{text}");
    let token = text.split("/unsubscribe/").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a token");
    let address = format!("/unsubscribe/{token}");
    assert_eq!(Browser::new(&app).post(&address, &[("List-Unsubscribe", "One-Click")]).await.0, 200);
    app.advance(8 * 86_400).await;
    let owner = Browser::signed_in(&app, OWNER).await; // the session has ended meanwhile
    assert_eq!(message(&owner, "Twee").await.0, 303);
    app.advance(601).await;
    let updates = async |email| app.letters(email).await.into_iter().filter(|kind| kind == "update").count();
    assert_eq!((updates("anna@example.org").await, updates("bert@example.org").await), (1, 2));
}

#[tokio::test]
async fn the_share_kit_has_poster_and_picture_and_follows_the_money() {
    let app = App::start().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let page = owner.read(&format!("{STUDIO}/share")).await;
    assert!(page.contains(&format!("{}/nl/projects/kookclub", app.base)) && page.contains("<svg role=\"img\""));
    let poster = owner.file(&format!("{STUDIO}/poster.pdf")).await;
    assert!(poster.starts_with(b"%PDF-1.7"));
    let site = Browser::new(&app);
    let empty = site.file("/og/kookclub.png").await;
    assert!(empty.starts_with(b"\x89PNG") && empty.len() < 300_000, "{} bytes", empty.len());
    assert_eq!(site.file("/og/kookclub.png").await, empty);
    assert_ne!(site.file("/og/kookclub.png?lang=en").await, empty, "in English");
    app.paid_gift(50_000, "Anna").await;
    assert_ne!(site.file("/og/kookclub.png").await, empty, "the bar has grown");
    assert!(site.read("/nl/projects/kookclub").await.contains("/og/kookclub.png"));
    for missing in ["/og/kookclub.jpg", "/og/nothing.png", "/og/kookclub"] {
        assert_eq!(site.get(missing).await.0, 404, "{missing}");
    }
    app.sql("UPDATE projects SET state = 'draft' WHERE id = 'prj_1'").await.expect("a draft");
    assert_eq!(owner.get(&format!("{STUDIO}/poster.pdf")).await.0, 404);
    assert_eq!(site.get("/og/kookclub.png").await.0, 404);
    assert!(!owner.read(&format!("{STUDIO}/share")).await.contains("<svg role=\"img\""));
}

#[tokio::test]
async fn the_overview_names_what_ends_and_when() {
    let app = App::start().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let page = owner.read(STUDIO).await;
    // ten days less the seconds that have passed since the start
    let left = page.contains("(10 dagen)") || page.contains("(9 dagen en 23 uur)");
    assert!(page.contains("Steunen kan tot") && left, "{page}");
    app.sql("UPDATE rounds SET state = 'submissions'").await.expect("a state");
    app.sql("UPDATE projects SET state = 'draft'").await.expect("a state");
    assert!(!owner.read(STUDIO).await.contains("Plan inleveren voor"), "the experts have the plans already");
    app.sql("UPDATE rounds SET valuation_at = closes_at").await.expect("a date");
    assert!(owner.read(STUDIO).await.contains("Plan inleveren voor"));
    app.sql("UPDATE rounds SET state = 'settled'").await.expect("a state");
    app.sql("UPDATE projects SET state = 'failed'").await.expect("a state");
    assert!(!owner.read(STUDIO).await.contains("Termijnen"), "nothing ends any more");
}
