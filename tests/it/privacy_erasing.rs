//! Leaving for good: asked, taken back, in the way, carried out; and what of it stays in the books.

use drempel::features::privacy::erasure;
use drempel::features::users;
use serde_json::Value;

use crate::support::{App, Browser};

const ANNA: &str = "anna@example.org";
const DAY: i64 = 86_400;

async fn id_of(app: &App, email: &str) -> Option<String> {
    let mut conn = app.s.db.read().await.expect("a connection");
    users::actions::by_email(&mut conn, email).await.expect("a read").map(|user| user.id)
}

async fn count(app: &App, statement: &'static str) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let (count,): (i64,) = sqlx::query_as(statement).fetch_one(&mut *conn).await.expect(statement);
    count
}

async fn asks(browser: &Browser) -> u16 {
    browser.post("/nl/account/erase", &[("confirm", "yes")]).await.0
}

/// The link in the letter about it.
fn undo_link(app: &App) -> String {
    link(app, "/nl/erasure/")
}

/// The subjects and texts of the letters that went out.
fn letters(app: &App) -> Vec<(String, String)> {
    let files = std::fs::read_dir(app.letters_folder()).expect("letters").flatten();
    let read = files.filter_map(|file| {
        let bytes = std::fs::read(file.path()).ok()?;
        let letter = mail_parser::MessageParser::default().parse(&bytes)?;
        Some((letter.subject()?.to_owned(), letter.body_text(0)?.into_owned()))
    });
    read.collect()
}

/// The link in a letter that begins so.
fn link(app: &App, start: &str) -> String {
    let found = letters(app).into_iter().find_map(|(_, text)| {
        let at = text.find(start)?;
        text[at..].split_whitespace().next().map(str::to_owned)
    });
    found.expect("a letter with a link")
}

/// F72, I22: the paid pledge goes on under the id, no cent changes, and the money can still go back.
#[tokio::test]
async fn f72_who_is_erased_is_nowhere_named_and_the_money_goes_on() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    app.paid_gift(1_000, "Berend").await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let reference = pledge["reference"].as_str().unwrap_or_default();
    let places = ["/nl/studio/projects/kookclub/backers", "/nl/studio/projects/kookclub/backers.csv"];
    for place in places {
        assert!(owner.read(place).await.contains("Anna"), "{place}");
    }
    let before = app.standing().await;
    let anna = Browser::signed_in(&app, ANNA).await;
    let id = id_of(&app, ANNA).await.expect("Anna");
    let page = anna.read("/nl/account/erase").await;
    assert!(page.contains("artikel 52 AWR") && page.contains(ANNA));
    assert_eq!(anna.post("/nl/account/erase", &[]).await.0, 422, "not without the tick");
    assert_eq!((asks(&anna).await, asks(&anna).await), (303, 303));
    app.settle().await;
    assert_eq!(app.letters(ANNA).await.iter().filter(|kind| *kind == "erasure_asked").count(), 1, "asked once");

    app.advance(3 * DAY - 60).await;
    assert_eq!(id_of(&app, ANNA).await.as_ref(), Some(&id), "three days are not over");
    app.advance(3_660).await;
    assert_eq!(id_of(&app, ANNA).await, None);
    assert_eq!(anna.get("/nl/account").await.0, 303, "signed out");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM pledges WHERE name = 'Anna'").await, 0);
    let after = app.standing().await;
    assert_eq!((before.held, before.backers), (after.held, after.backers), "I22: no amount changed");
    assert_eq!(app.status(&pledge).await, "held");
    app.verify().await;

    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    for place in places {
        let text = owner.read(place).await;
        assert!(!text.contains("Anna") && text.contains("Berend"), "{place}");
    }
    for place in ["/nl/projects/kookclub", "/api/v1/projects/kookclub/books.csv", "/api/v1/projects/kookclub"] {
        assert!(!owner.read(place).await.contains("Anna"), "{place}");
    }
    let treasurer = Browser::treasurer(&app, 1).await;
    let page = treasurer.read(&format!("/nl/staff/pledges/{reference}")).await;
    assert!(page.contains("gewist persoon") && !page.contains(ANNA) && !page.contains("Anna"), "{page}");
    assert!(!treasurer.read("/nl/staff/payments").await.contains("erased:"));

    // the link of the pledge still opens it, and the money goes back
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "refunded");
    app.verify().await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM letters WHERE state = 'queued'").await, 0, "nothing waits for nobody");
    let to_nobody = std::fs::read_dir(app.letters_folder())
        .expect("letters")
        .flatten()
        .filter(|file| std::fs::read_to_string(file.path()).is_ok_and(|letter| letter.contains("erased:")));
    assert_eq!(to_nobody.count(), 0);

    // whoever comes with the address is somebody new
    let again = app.gift(3_000, "Anna").await;
    let new = id_of(&app, ANNA).await.expect("somebody new");
    assert_ne!(new, id);
    assert_eq!(app.status(&again).await, "reserved");
    assert_eq!(
        count(
            &app,
            "SELECT COUNT(*) FROM pledges p JOIN users u ON u.id = p.user_id WHERE u.email = 'anna@example.org'"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn it_can_be_taken_back_by_the_letter_and_in_the_account() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let anna = Browser::signed_in(&app, ANNA).await;
    assert_eq!(asks(&anna).await, 303);
    app.settle().await;
    let (link, visitor) = (undo_link(&app), Browser::new(&app));
    assert_eq!(visitor.get(&link).await.0, 200);
    assert!(anna.read("/nl/account/erase").await.contains("Wis mijn account niet"), "opening the link changed nothing");
    assert_eq!(visitor.post(&link, &[]).await.0, 303);
    assert_eq!(visitor.post(&link, &[]).await.0, 410, "once");
    assert_eq!(visitor.get("/nl/erasure/0123").await.0, 410);
    app.advance(3 * DAY + 3_700).await;
    assert!(id_of(&app, ANNA).await.is_some());

    let anna = Browser::signed_in(&app, ANNA).await;
    assert_eq!(asks(&anna).await, 303);
    assert_eq!(anna.post("/nl/account/erase/undo", &[]).await.0, 303);
    app.advance(3 * DAY + 3_700).await;
    assert!(id_of(&app, ANNA).await.is_some());
    assert_eq!(count(&app, "SELECT COUNT(*) FROM erasures WHERE undone_at IS NOT NULL AND done_at IS NULL").await, 2);
}

#[tokio::test]
async fn an_account_that_its_old_address_took_back_is_not_erased() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let thief = Browser::signed_in(&app, ANNA).await;
    assert_eq!(thief.post("/nl/account/address", &[("email", "thief@example.org")]).await.0, 303);
    app.settle().await;
    let found = letters(&app).into_iter().find(|(subject, _)| subject.contains("nieuwe e-mailadres"));
    let (subject, _) = found.expect("a letter with a code");
    let code = subject.rsplit(' ').next().expect("a code");
    assert_eq!(thief.post("/nl/account/address/code", &[("code", code)]).await.0, 303);
    assert_eq!(asks(&thief).await, 303);
    app.settle().await;
    let back = link(&app, "/nl/sign-in/restore/");
    assert_eq!(Browser::new(&app).post(&back, &[]).await.0, 303);
    app.advance(3 * DAY + 3_700).await;
    assert!(id_of(&app, ANNA).await.is_some());
    assert_eq!(count(&app, "SELECT COUNT(*) FROM erasures WHERE undone_at IS NOT NULL AND done_at IS NULL").await, 1);
}

#[tokio::test]
async fn money_on_its_way_an_organisation_and_the_team_stand_in_the_way() {
    let app = App::start().await;
    let pledge = app.gift(2_500, "Anna").await;
    let anna = Browser::signed_in(&app, ANNA).await;
    let page = anna.read("/nl/account/erase").await;
    assert!(page.contains(pledge["reference"].as_str().unwrap_or("?")) && !page.contains("name=\"confirm\""));
    assert_eq!(asks(&anna).await, 409);
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    assert!(owner.read("/nl/account/erase").await.contains("Stichting Kookclub"));
    assert_eq!(asks(&owner).await, 409);
    assert_eq!(asks(&Browser::treasurer(&app, 1).await).await, 409);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM erasures").await, 0);

    // what comes in the way later is waited for
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    assert_eq!(asks(&anna).await, 303);
    app.advance(3 * DAY - 60).await;
    app.gift(3_000, "Anna").await;
    app.advance(1_000).await;
    assert!(id_of(&app, ANNA).await.is_some(), "a pledge waits for its payment");
    app.advance(2 * 3_600).await;
    app.advance(3_700).await;
    assert_eq!(id_of(&app, ANNA).await, None, "it ended unpaid");
    app.verify().await;
}

#[tokio::test]
async fn everything_that_belongs_to_a_member_goes() {
    let app = App::start().await;
    for statement in [
        "INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_co', 'co@kookclub.example', 'Co de Kok', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ('org_1', 'usr_co', 'editor', '2026-01-01T00:00:00.000Z')",
        "UPDATE projects SET contact = 'co@kookclub.example' WHERE id = 'prj_1'",
        "INSERT INTO invitations (id, organisation_id, email, role, state, token_hash, invited_by, created_at, expires_at)
         VALUES ('inv_1', 'org_1', 'co@kookclub.example', 'editor', 'declined', 'x', 'usr_owner', '2026-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z')",
        "INSERT INTO account_events (id, user_id, kind, detail, at) VALUES ('evt_1', 'usr_co', 'address_changed', 'co@kookclub.example', '2026-11-01T00:00:00.000Z')",
        "INSERT INTO updates (id, project_id, number, state, title_nl, title_en, body_nl, body_en, picture_alt, author_id, created_at)
         VALUES ('upd_1', 'prj_1', 1, 'draft', 'x', '', 'x', '', '', 'usr_co', '2026-01-01T00:00:00.000Z')",
    ] {
        app.sql(statement).await.expect(statement);
    }
    let co = Browser::signed_in(&app, "co@kookclub.example").await;
    let copy: Value = serde_json::from_slice(&co.file("/nl/account/data.json").await).expect("JSON");
    for part in ["memberships", "invitations", "project_contacts", "security_events", "updates_written"] {
        assert_eq!(copy["data"][part].as_array().map(Vec::len), Some(1), "{part}");
    }
    assert_eq!(asks(&co).await, 303);
    app.settle().await;
    app.advance(3 * DAY + 3_700).await;
    for (place, statement) in [
        ("users", "SELECT COUNT(*) FROM users WHERE name LIKE '%Co de Kok%' OR email LIKE '%co@kookclub%'"),
        ("memberships", "SELECT COUNT(*) FROM memberships WHERE user_id = 'usr_co'"),
        ("projects", "SELECT COUNT(*) FROM projects WHERE contact <> ''"),
        ("invitations", "SELECT COUNT(*) FROM invitations"),
        ("events", "SELECT COUNT(*) FROM account_events WHERE user_id = 'usr_co'"),
        ("sessions", "SELECT COUNT(*) FROM sessions WHERE user_id = 'usr_co'"),
        ("devices", "SELECT COUNT(*) FROM known_devices WHERE user_id = 'usr_co'"),
        (
            "letters",
            "SELECT COUNT(*) FROM letters WHERE user_id = 'usr_co' AND (secret <> '' OR address <> '' OR state = 'queued')",
        ),
    ] {
        assert_eq!(count(&app, statement).await, 0, "{place}");
    }
    assert_eq!(count(&app, "SELECT COUNT(*) FROM updates WHERE author_id = 'usr_co'").await, 1, "the text stays");
    assert_eq!(
        count(&app, "SELECT COUNT(*) FROM state_changes WHERE subject = 'user' AND to_state = 'erased'").await,
        1
    );
    assert!(Browser::new(&app).read("/nl/projects/kookclub").await.contains("Kookclub"));
    app.verify().await;
}

/// Whoever pledges at the very moment is in time, or somebody new: never a name on an erased person's pledge.
#[tokio::test]
async fn a_pledge_at_the_moment_of_erasing_belongs_to_somebody_who_is_there() {
    let app = App::start().await;
    for turn in 0..4_i64 {
        let name = format!("Race{turn}");
        let email = format!("race{turn}@example.org");
        app.paid_gift(1_000 + turn * 100, &name).await;
        let browser = Browser::signed_in(&app, &email).await;
        assert_eq!(asks(&browser).await, 303);
        app.settle().await;
        app.sql("UPDATE erasures SET due_at = '2026-01-01T00:00:00.000Z' WHERE done_at IS NULL AND undone_at IS NULL")
            .await
            .expect("due");
        let (erased, ..) = tokio::join!(
            erasure::carry_out_due(&app.s),
            app.gift(2_000 + turn * 100, &name),
            app.gift(3_000 + turn * 100, &name),
            erasure::carry_out_due(&app.s),
        );
        erased.expect("an erasing");
        let named = "SELECT COUNT(*) FROM pledges p JOIN users u ON u.id = p.user_id WHERE u.erased_at IS NOT NULL AND (p.name <> '' OR p.state = 'reserved')";
        assert_eq!(count(&app, named).await, 0, "turn {turn}");
        app.settle().await;
        app.verify().await;
    }
}
