//! How often updates come: the choice, the digests that follow from it, and the way back.

use super::common::{Visitor, installation, letters};
use super::updates::{followers, project, publish};
use drempel::app::letters::render;
use drempel::app::router;
use drempel::features::updates::choices::{self, Choice, Way, Wish};
use drempel::features::updates::rhythm::{self, Own, Rhythm};
use drempel::features::updates::{Follow, actions, digest};
use drempel::features::users::{self, User};
use drempel::infra::Services;
use drempel::infra::letters::mailings;
use drempel::infra::mail::outbox;
use drempel::values::{Lang, Timestamp};

/// Moves the clock of the installation to a moment.
fn at(services: &Services, moment: &str) {
    let moment: Timestamp = moment.parse().expect("a moment");
    let unmoved = services.clock.unmoved_micros().div_euclid(1_000_000);
    services.clock.set_offset_seconds(moment.seconds() - unmoved);
}

async fn person(services: &Services, email: &str) -> User {
    let mut conn = services.db.read().await.unwrap();
    users::actions::by_email(&mut conn, email).await.unwrap().expect("a user")
}

async fn follow(services: &Services, email: &str) -> Follow {
    let user = person(services, email).await;
    actions::follows_of(&mut services.db.read().await.unwrap(), &user.id).await.unwrap().remove(0)
}

async fn send(services: &Services) -> usize {
    outbox::deliver_due(services, render).await.unwrap()
}

/// What came to an address, in order, as its reader sees it: subject and text.
fn came(services: &Services, email: &str) -> Vec<(String, String)> {
    let to_them = letters(services).into_iter().filter(|letter| letter.contains(&format!("To: {email}")));
    let read = |letter: String| {
        let message = mail_parser::MessageParser::default().parse(letter.as_bytes()).expect("a letter");
        (message.subject().expect("a subject").to_owned(), message.body_text(0).expect("a text").into_owned())
    };
    to_them.map(read).collect()
}

async fn counts(services: &Services, cause: &str) -> i64 {
    mailings::of(&mut services.db.read().await.unwrap(), digest::KIND, cause).await.unwrap().all()
}

#[tokio::test]
async fn what_is_gathered_comes_once_a_day_or_week_and_nobody_is_told_twice_or_misses_one() {
    let services = installation(&[]).await;
    let router = router::build(services.clone());
    // Thursday morning
    at(&services, "2026-11-26T09:00:00.000Z");
    let (owner, user) = Visitor::signed_in(&router, &services, "owner@example.org").await;
    project(&services, &user.id).await;
    let names = ["once", "day", "week", "moved", "off", "left"];
    let addresses: Vec<String> = names.iter().map(|name| format!("{name}@example.org")).collect();
    let all: Vec<(&str, Lang)> = addresses.iter().map(|address| (address.as_str(), Lang::Nl)).collect();
    followers(&services, &all).await;
    for (name, general) in [("day", "daily"), ("week", "weekly"), ("moved", "daily"), ("off", "off"), ("left", "daily")]
    {
        let (visitor, _) = Visitor::signed_in(&router, &services, &format!("{name}@example.org")).await;
        assert_eq!(visitor.post("/nl/account/mail/general", &[("general", general)]).await.status, 303);
    }
    let first = publish(&services, &owner, "Eerste maaltijd", "Het ging goed. ").await;
    assert_eq!(send(&services).await, 1, "only who wants it at once gets it at once");
    // somebody changes their mind both ways, and the work is done once more: who has the one never gets the other
    for (name, general) in [("moved", "at_once"), ("once", "daily")] {
        let (visitor, _) = Visitor::signed_in(&router, &services, &format!("{name}@example.org")).await;
        assert_eq!(visitor.post("/nl/account/mail/general", &[("general", general)]).await.status, 303);
    }
    actions::queue_letters(&services, &first).await.unwrap();
    assert_eq!(send(&services).await, 0);
    assert_eq!(digest::queue_due(&services).await.unwrap(), 0, "nothing before the morning");

    at(&services, "2026-11-27T06:00:01.000Z");
    publish(&services, &owner, "Te laat voor vandaag", "Morgen pas.").await;
    assert_eq!(send(&services).await, 1, "the one who moved gets the next at once");
    assert_eq!(digest::queue_due(&services).await.unwrap(), 3, "day, moved and left");
    assert_eq!(digest::queue_due(&services).await.unwrap(), 0, "a second look makes no second digest");
    // who leaves while the digest waits gets nothing
    let path = rhythm::digest_path(&services.keys, &person(&services, "left@example.org").await.id);
    let answer = Visitor::new(&router).one_click(&path).await;
    assert!(answer.status == 200 && answer.body.contains("Je bent afgemeld"), "{}", answer.body);
    assert_eq!(send(&services).await, 2);
    assert_eq!((counts(&services, "2026-11-27").await, counts(&services, "2026-W48").await), (3, 0));
    let day = came(&services, "day@example.org");
    assert_eq!(day.len(), 1);
    assert_eq!(day[0].0, "Kookclub <West>: Eerste maaltijd");
    assert!(day[0].1.contains("Het ging goed.") && day[0].1.contains("/nl/projects/kookclub/updates/1"), "{day:?}");
    assert!(!day[0].1.contains("Te laat"), "{day:?}");
    assert_eq!(came(&services, "moved@example.org").len(), 2, "the first in a digest, the second by itself");
    assert!(came(&services, "week@example.org").is_empty() && came(&services, "left@example.org").is_empty());

    // Monday: the weekly one gathers both, and the others what waited since Friday
    at(&services, "2026-11-30T06:00:01.000Z");
    assert_eq!(digest::queue_due(&services).await.unwrap(), 3, "once, day and week");
    assert_eq!(send(&services).await, 3);
    assert_eq!((counts(&services, "2026-11-30").await, counts(&services, "2026-W49").await), (2, 1));
    let week = came(&services, "week@example.org");
    assert_eq!((week.len(), week[0].0.as_str()), (1, "2 berichten van projecten die je volgt"));
    assert!(week[0].1.contains("Eerste maaltijd") && week[0].1.contains("Te laat voor vandaag"), "{week:?}");
    assert_eq!(came(&services, "once@example.org").len(), 2, "by itself, then gathered");
    at(&services, "2026-12-01T06:00:01.000Z");
    assert_eq!(digest::queue_due(&services).await.unwrap(), 0, "no news, no letter");
    assert_eq!(send(&services).await, 0);
    assert!(came(&services, "off@example.org").is_empty() && came(&services, "left@example.org").is_empty());
}

#[tokio::test]
async fn a_digest_leaves_out_what_was_withdrawn_and_is_skipped_when_nothing_is_left() {
    let services = installation(&[]).await;
    let router = router::build(services.clone());
    at(&services, "2026-11-26T09:00:00.000Z");
    let (owner, user) = Visitor::signed_in(&router, &services, "owner@example.org").await;
    project(&services, &user.id).await;
    followers(&services, &[("en@example.org", Lang::En)]).await;
    let (reader, _) = Visitor::signed_in(&router, &services, "en@example.org").await;
    let own = follow(&services, "en@example.org").await;
    let chosen = reader.post("/en/account/mail/rhythm", &[("follow", &own.id), ("rhythm", "daily")]).await;
    assert_eq!(chosen.status, 303);
    let first = publish(&services, &owner, "Eerste", "Een.").await;
    publish(&services, &owner, "Tweede", "Twee.").await;
    at(&services, "2026-11-27T06:30:00.000Z");
    assert_eq!(digest::queue_due(&services).await.unwrap(), 1);
    let update = actions::find(&mut services.db.read().await.unwrap(), &first).await.unwrap().unwrap();
    actions::withdraw(&services, &user.id, &update).await.unwrap();
    assert_eq!(send(&services).await, 1);
    let came_now = came(&services, "en@example.org");
    assert_eq!((came_now.len(), came_now[0].0.as_str()), (1, "Cooking club: Tweede"));
    assert!(came_now[0].1.contains("This update is in Dutch only. Twee.") && !came_now[0].1.contains("Eerste"));
    let raw = letters(&services).pop().unwrap();
    assert!(
        raw.contains("List-Unsubscribe: <http://localhost:3000/unsubscribe/") && raw.contains("One-Click"),
        "{raw}"
    );

    let third = publish(&services, &owner, "Derde", "Drie.").await;
    at(&services, "2026-11-28T06:30:00.000Z");
    assert_eq!(digest::queue_due(&services).await.unwrap(), 1);
    let update = actions::find(&mut services.db.read().await.unwrap(), &third).await.unwrap().unwrap();
    actions::withdraw(&services, &user.id, &update).await.unwrap();
    assert_eq!(send(&services).await, 0);
    let tally = mailings::of(&mut services.db.read().await.unwrap(), digest::KIND, "2026-11-28").await.unwrap();
    assert_eq!((tally.skipped, tally.all()), (1, 1));
}

/// The address in the form or the link of a page that puts something back.
fn way_back(page: &str) -> String {
    let at = page.find("=\"/nl/mail/changed/").unwrap_or_else(|| panic!("no way back in {page}"));
    page[at + 2..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_choice_can_be_put_back_also_without_signing_in_and_is_written_down() {
    let services = installation(&[]).await;
    let router = router::build(services.clone());
    let (_, user) = Visitor::signed_in(&router, &services, "owner@example.org").await;
    project(&services, &user.id).await;
    followers(&services, &[("anna@example.org", Lang::Nl)]).await;
    let anna = person(&services, "anna@example.org").await;
    let mine = follow(&services, "anna@example.org").await;
    let general = async || rhythm::general(&mut services.db.read().await.unwrap(), &anna.id).await.unwrap();
    let nobody = Visitor::new(&router);
    let (signed_in, _) = Visitor::signed_in(&router, &services, "anna@example.org").await;

    let page = signed_in.get("/nl/account/mail").await.body;
    assert!(page.contains("Meteen bij elk bericht") && page.contains("Zoals bij alle projecten"), "{page}");
    let moved = signed_in.post("/nl/account/mail/general", &[("general", "weekly")]).await;
    assert_eq!(general().await, Rhythm::Weekly);
    let page = nobody.get(&moved.location).await;
    assert!(page.body.contains("Alle projecten: eerst meteen, nu één mail per week"), "{}", page.body);
    assert_eq!(general().await, Rhythm::Weekly, "looking changes nothing");
    let undone = nobody.post(&moved.location, &[]).await;
    assert_eq!((undone.status.as_u16(), general().await), (303, Rhythm::AtOnce));
    assert!(nobody.get(&undone.location).await.body.contains("Het is weer zoals het was"));
    let again = nobody.post(&moved.location, &[]).await;
    assert_eq!(general().await, Rhythm::AtOnce, "what was changed since stays");
    assert!(nobody.get(&again.location).await.body.contains("Er is niets veranderd"));

    // the link in a letter: less often, then the end, then all of it back
    let link = drempel::features::updates::unsubscribe_path(&services.keys, &mine.id);
    assert!(nobody.get(&link).await.body.contains("Of wil je minder vaak mail?"));
    assert_eq!(nobody.post(&link, &[("rhythm", "daily")]).await.status, 200);
    assert_eq!(follow(&services, "anna@example.org").await.rhythm, Own::Daily);
    let ended = nobody.post(&rhythm::digest_path(&services.keys, &anna.id), &[]).await;
    let count = async || actions::count_followers(&mut services.db.read().await.unwrap(), "prj_1").await.unwrap();
    assert_eq!((ended.status.as_u16(), count().await), (200, 0), "no digests: what came in them has ended");
    assert_eq!(nobody.post(&way_back(&ended.body), &[]).await.status, 303);
    assert_eq!((count().await, follow(&services, "anna@example.org").await.rhythm), (1, Own::Daily));
    for (path, fields) in [(link.as_str(), [("rhythm", "hourly")]), (link.as_str(), [("general", "")])] {
        assert_eq!(nobody.post(path, &fields).await.status, 400);
    }
    assert_eq!(nobody.post(&moved.location.replace('.', ".0"), &[]).await.status, 404);

    let mut conn = services.db.read().await.unwrap();
    let log = choices::of_user(&mut conn, &anna.id).await.unwrap();
    let told: Vec<_> = log.iter().map(|(c, _)| (c.choice, c.from_wish, c.to_wish, c.way)).collect();
    assert_eq!(
        told[1..],
        [
            (Choice::Rhythm, Wish::AtOnce, Wish::Weekly, Way::Account),
            (Choice::Rhythm, Wish::Weekly, Wish::AtOnce, Way::Undo),
            (Choice::Rhythm, Wish::General, Wish::Daily, Way::Unsubscribe),
            (Choice::Updates, Wish::On, Wish::Off, Way::Unsubscribe),
            (Choice::Updates, Wish::Off, Wish::On, Way::Undo),
        ]
    );
    assert!(
        log[1].1.contains("Eén mail per week") && log[2].1.contains("Zet het terug"),
        "with the words that were shown"
    );
}
