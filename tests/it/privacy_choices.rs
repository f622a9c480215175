//! The log of mail choices: who, what, from and to, how, with which words, when.

use std::fs;
use std::path::Path;

use drempel::features::updates::choices::{self, Choice, Way, Wish};
use drempel::features::{updates, users};
use drempel::infra::texts::text;
use drempel::values::Lang;
use serde_json::json;

use crate::support::{App, Browser};

/// The choices of somebody, in words of the program.
async fn chosen(app: &App, email: &str) -> Vec<(Choice, Wish, Wish, Way, String)> {
    let mut conn = app.s.db.read().await.expect("a connection");
    let user = users::actions::by_email(&mut conn, email).await.expect("a read").expect("a user");
    let all = choices::of_user(&mut conn, &user.id).await.expect("choices");
    all.into_iter().map(|(c, words)| (c.choice, c.from_wish, c.to_wish, c.way, words)).collect()
}

/// The page behind the link in the letter that asks to confirm, in English.
fn confirm_path(app: &App) -> String {
    let letters = std::fs::read_dir(app.letters_folder()).expect("letters").flatten();
    let link = letters.filter_map(|file| {
        let bytes = std::fs::read(file.path()).ok()?;
        let text = mail_parser::MessageParser::default().parse(&bytes)?.body_text(0)?.into_owned();
        let start = text.find("/nl/follow/")?;
        text[start..].split_whitespace().next().map(|path| path.replace("/nl/", "/en/"))
    });
    link.last().expect("a letter with a link")
}

async fn unsubscribe_path(app: &App, email: &str) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    let user = users::actions::by_email(&mut conn, email).await.expect("a read").expect("a user");
    let follows = updates::actions::follows_of(&mut conn, &user.id).await.expect("follows");
    updates::unsubscribe_path(&app.s.keys, &follows[0].id)
}

#[tokio::test]
async fn each_choice_is_written_down_with_its_way_and_its_words() {
    let app = App::start().await;
    let (email, visitor) = ("carla@example.org", Browser::new(&app));
    for _ in 0..2 {
        let form = [("email", email), ("remind", "yes")];
        assert_eq!(visitor.post("/nl/projects/kookclub/follow", &form).await.0, 303);
    }
    let asked = chosen(&app, email).await;
    assert_eq!(asked.len(), 2, "asking twice is one choice: {asked:?}");
    assert!(asked.iter().all(|(_, from, to, way, _)| (*from, *to, *way) == (Wish::Off, Wish::Asked, Way::Page)));
    assert!(asked[0].4.contains(&text(Lang::Nl, "follow-button")), "in the words that were shown: {}", asked[0].4);

    app.settle().await;
    let path = confirm_path(&app);
    assert_eq!(visitor.get(&path).await.0, 200);
    assert_eq!(chosen(&app, email).await.len(), 2, "opening a page chooses nothing");
    for _ in 0..2 {
        assert_eq!(visitor.post(&path, &[]).await.0, 200);
    }
    let confirmed = chosen(&app, email).await;
    assert_eq!(confirmed.len(), 4);
    assert!(
        confirmed[2..].iter().all(|(_, from, to, way, _)| (*from, *to, *way) == (Wish::Asked, Wish::On, Way::Letter))
    );
    assert!(confirmed[3].4.contains(&text(Lang::En, "follow-confirm-button")), "in the language of the page");

    let carla = Browser::signed_in(&app, email).await;
    let page = carla.read("/nl/account/mail").await;
    let id = page.split("name=\"follow\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a follow");
    assert_eq!(carla.post("/nl/account/mail/remind", &[("follow", id)]).await.0, 303);
    assert_eq!(carla.post("/nl/account/mail/end", &[("follow", id)]).await.0, 303);
    let ended = chosen(&app, email).await;
    let last: Vec<_> = ended[4..].iter().map(|(choice, from, to, way, _)| (*choice, *from, *to, *way)).collect();
    assert_eq!(
        last,
        [(Choice::Reminder, Wish::On, Wish::Off, Way::Account), (Choice::Updates, Wish::On, Wish::Off, Way::Account)]
    );
    let own = carla.read("/nl/account/data").await;
    assert!(own.contains("in het account") && own.contains("met de link in de mail"), "it is in the own copy");
    let admin =
        "INSERT INTO staff_roles (user_id, role, granted_at) VALUES ('usr_r', 'admin', '2026-01-01T00:00:00.000Z')";
    app.sql(admin).await.expect("an admin");
    let admin = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let user = users::actions::by_email(&mut conn, email).await.expect("a read").expect("a user");
    let page = admin.read(&format!("/nl/staff/users/{}", user.id)).await;
    assert!(
        page.contains("Keuzes over mail") && page.contains("Berichten over het project: aan → uit (in het account)"),
        "{page}"
    );
}

#[tokio::test]
async fn a_tick_at_the_pledge_and_both_ways_to_unsubscribe_are_told_apart() {
    let app = App::start().await;
    for (name, one_click) in [("dirk", true), ("eva", false)] {
        let email = format!("{name}@example.org");
        let body = json!({ "amount_cents": 2_500, "email": email, "name": "", "language": "en" });
        let (status, pledge) = app.pledge("kookclub", name, &body).await;
        assert_eq!(status, 201, "{pledge}");
        // the box stands in the form of the site
        app.sql("UPDATE pledges SET updates = 1").await.expect("a tick");
        assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
        app.settle().await;
        let begun = chosen(&app, &email).await;
        let words = text(Lang::En, "pledge-updates-label");
        assert_eq!((begun.len(), begun[0].2, begun[0].3), (1, Wish::On, Way::Pledge));
        assert!(begun[0].4.contains(&words), "{}", begun[0].4);

        let path = unsubscribe_path(&app, &email).await;
        let form: &[(&str, &str)] = if one_click { &[("List-Unsubscribe", "One-Click")] } else { &[] };
        for _ in 0..2 {
            assert_eq!(Browser::new(&app).post(&path, form).await.0, 200);
        }
        let ended = chosen(&app, &email).await;
        let way = if one_click { Way::OneClick } else { Way::Unsubscribe };
        assert_eq!((ended.len(), ended[1].1, ended[1].2, ended[1].3), (2, Wish::On, Wish::Off, way));
    }
}

/// The log is only added to: no statement of the program changes a row.
#[test]
fn no_statement_changes_the_log_of_choices() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/features/updates/store/choices.rs");
    let text = fs::read_to_string(store).expect("the store");
    assert!(text.contains("INSERT INTO mail_choices"), "the search finds it");
    assert!(!text.contains("UPDATE mail_choices"));
}
