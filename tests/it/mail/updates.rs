//! An update from its draft to the letters, and a follow from the page to the end of it.

use super::common::{Visitor, installation, letters};
use drempel::app::letters::render;
use drempel::app::router;
use drempel::features::updates::{self, actions};
use drempel::features::users;
use drempel::infra::mail::outbox;
use drempel::infra::{Services, jobs};
use drempel::values::Lang;
use drempel::values::text::Email;

const PROJECT: &str = "/nl/studio/projects/kookclub";

/// A round, a maker and a project on sale; the user becomes the maker's owner.
pub async fn project(services: &Services, owner_id: &str) {
    let mut tx = services.db.begin().await.unwrap();
    let at = "2026-01-01T00:00:00.000Z";
    for statement in [
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at) VALUES ('org_1', 'maker', 'Maker', 'maker', '', '', '', $1)",
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at) VALUES ('org_2', 'other', 'Other', 'maker', '', '', '', $1)",
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
         submissions_at, valuation_at, selling_at, closes_at, settled_at) VALUES ('rnd_1', 1, 'R', 'R', 'selling', 100, 500, '', '', $1, $1, $1, $1, NULL)",
        "INSERT INTO projects (id, slug, number, organisation_id, coalition_id, round_id, state, title_nl, title_en,
             aim_nl, aim_en, text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_id, picture_alt_nl, picture_alt_en, example, search_text,
             created_at, updated_at) VALUES ('prj_1', 'kookclub', 1, 'org_1', NULL, 'rnd_1', 'listed', 'Kookclub <West>', 'Cooking club',
             '', '', '', '', '', '', 0, 1000, 500, '2026-02-01', 6, '', NULL, '', '', 0, '', $1, $1)",
        "INSERT INTO projects (id, slug, number, organisation_id, coalition_id, round_id, state, title_nl, title_en,
             aim_nl, aim_en, text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
             threshold_hundredths, start_day, months, contact, picture_id, picture_alt_nl, picture_alt_en, example, search_text,
             created_at, updated_at) VALUES ('prj_2', 'geheim', 2, 'org_2', NULL, 'rnd_1', 'draft', 'Geheim', 'Secret',
             '', '', '', '', '', '', 0, 1000, 500, '2026-02-01', 6, '', NULL, '', '', 0, '', $1, $1)",
    ] {
        sqlx::query(statement).bind(at).execute(&mut *tx).await.unwrap();
    }
    sqlx::query("INSERT INTO memberships VALUES ('org_1', $1, 'owner', $2)")
        .bind(owner_id)
        .bind(at)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

pub async fn followers(services: &Services, addresses: &[(&str, Lang)]) {
    let now = services.clock.now();
    let mut tx = services.db.begin().await.unwrap();
    for (address, lang) in addresses {
        let email = Email::parse(address).unwrap();
        let user = users::actions::known_or_new(&mut tx, &email, *lang, now).await.unwrap();
        actions::follow_as_backer(&mut tx, &user.id, "prj_1", *lang, (now, now)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Runs due jobs until there are none.
pub async fn work(services: &Services) {
    loop {
        let due = jobs::claim(&services.db, services.clock.now()).await.unwrap();
        if due.is_empty() {
            return;
        }
        for job in due {
            match job.kind.as_str() {
                updates::PUBLISH => actions::publish_due(services, &job.subject).await.unwrap(),
                updates::MAIL => actions::queue_letters(services, &job.subject).await.unwrap(),
                other => panic!("nobody does {other}"),
            }
            jobs::done(&services.db, &job).await.unwrap();
        }
    }
}

/// Writes an update and lets its ten minutes pass; answers its id.
pub async fn publish(services: &Services, owner: &Visitor, title: &str, body: &str) -> String {
    let saved = owner.upload(&format!("{PROJECT}/updates/new"), &[("title_nl", title), ("body_nl", body)], b"").await;
    let path = saved.location.split('?').next().unwrap().to_owned();
    assert_eq!(owner.post(&format!("{path}/publish"), &[]).await.status, 303);
    let unmoved = services.clock.unmoved_micros().div_euclid(1_000_000);
    services.clock.set_offset_seconds(services.clock.now().seconds() - unmoved + 601);
    work(services).await;
    let number = path.rsplit('/').next().unwrap().parse().unwrap();
    let mut conn = services.db.read().await.unwrap();
    actions::by_number(&mut conn, "prj_1", number).await.unwrap().unwrap().id
}

fn link<'a>(letter: &'a str, start: &str) -> &'a str {
    let at = letter.find(start).unwrap_or_else(|| panic!("no {start} in {letter}"));
    letter[at..]
        .split(|c: char| c.is_whitespace() || c == '>')
        .next()
        .unwrap()
        .trim_start_matches("http://localhost:3000")
}

/// Without soft line ends, as a reader's mail program joins them.
fn joined(letter: &str) -> String {
    letter.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
}

#[tokio::test]
async fn an_update_is_undone_published_and_mailed_once_to_each_in_their_language() {
    let services = installation(&[]).await;
    let router = router::build(services.clone());
    let (owner, user) = Visitor::signed_in(&router, &services, "owner@example.org").await;
    project(&services, &user.id).await;
    followers(&services, &[("nl@example.org", Lang::Nl), ("en@example.org", Lang::En), ("weg@example.org", Lang::Nl)])
        .await;

    let wrong = owner.upload(&format!("{PROJECT}/updates/new"), &[("title_nl", "Kop")], b"").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("Vul in deze taal de titel én het bericht in") && wrong.body.contains("value=\"Kop\""));
    let bad = owner
        .upload(
            &format!("{PROJECT}/updates/new"),
            &[("title_nl", "K"), ("body_nl", "B"), ("picture_alt", "a")],
            b"<svg/>",
        )
        .await;
    assert_eq!(bad.status, 422);
    assert!(bad.body.contains("geen foto die we kunnen lezen"), "{}", bad.body);

    let text = "Het **gaat** goed.\n\n<script>alert(1)</script>\n\n[meer](https://example.org)";
    let fields = [("title_nl", "Eerste \"maaltijd\" & meer"), ("body_nl", text), ("picture_alt", "Een pan")];
    let picture = include_bytes!("pixel.png");
    let saved = owner.upload(&format!("{PROJECT}/updates/new"), &fields, picture).await;
    assert_eq!(
        (saved.status.as_u16(), saved.location.as_str()),
        (303, "/nl/studio/projects/kookclub/updates/1?done=update-saved")
    );
    let preview = owner.get(&format!("{PROJECT}/updates/1")).await;
    assert!(preview.body.contains("3 mensen krijgen dit bericht per mail."), "{}", preview.body);
    assert!(preview.body.contains("<strong>gaat</strong>") && !preview.body.contains("<script>alert"));
    let file = link(&preview.body, "/files/").trim_end_matches('"').to_owned();
    assert_eq!(owner.get(&file).await.status, 200);

    assert_eq!(owner.post(&format!("{PROJECT}/updates/1/publish"), &[]).await.status, 303);
    assert_eq!(owner.post(&format!("{PROJECT}/updates/1/undo"), &[]).await.status, 303);
    services.clock.set_offset_seconds(300);
    assert_eq!(owner.post(&format!("{PROJECT}/updates/1/publish"), &[]).await.status, 303);
    services.clock.set_offset_seconds(601);
    work(&services).await;
    assert_eq!(owner.post(&format!("{PROJECT}/updates/1/edit"), &[]).await.status, 415);
    assert!(actions::published_of(&mut services.db.read().await.unwrap(), "prj_1").await.unwrap().is_empty());
    services.clock.set_offset_seconds(901);
    work(&services).await;
    assert_eq!(actions::published_of(&mut services.db.read().await.unwrap(), "prj_1").await.unwrap().len(), 1);
    assert_eq!(owner.post(&format!("{PROJECT}/updates/1/undo"), &[]).await.status, 409);

    // One person leaves while the letters wait, by the mail program's own button on an earlier letter.
    let mut conn = services.db.read().await.unwrap();
    let gone = users::actions::by_email(&mut conn, "weg@example.org").await.unwrap().unwrap();
    let follow = actions::follows_of(&mut conn, &gone.id).await.unwrap().remove(0);
    let path = updates::unsubscribe_path(&services.keys, &follow.id);
    let mail_program = Visitor::new(&router);
    assert_eq!(mail_program.get(&path).await.status, 200);
    assert_eq!(actions::follows_of(&mut conn, &gone.id).await.unwrap().len(), 1, "looking ends nothing");
    let answer = mail_program.one_click(&path).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("Je bent afgemeld"));
    assert_eq!(mail_program.one_click(&path.replace("/unsubscribe/", "/unsubscribe/0")).await.status, 404);
    drop(conn);

    actions::queue_letters(&services, &first_update(&services).await).await.unwrap();
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 2);
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 0);
    let sent = letters(&services);
    assert_eq!(sent.len(), 2);
    let english = joined(sent.iter().find(|l| l.contains("To: en@example.org")).unwrap());
    assert!(english.contains("This update is in Dutch only."), "{english}");
    assert!(english.contains("http://localhost:3000/en/projects/kookclub/updates/1"));
    let dutch = joined(sent.iter().find(|l| l.contains("To: nl@example.org")).unwrap());
    assert!(dutch.contains("List-Unsubscribe: <http://localhost:3000/unsubscribe/"), "{dutch}");
    assert!(dutch.contains("Kookclub &#60;West&#62;") || dutch.contains("Kookclub &lt;West&gt;"), "{dutch}");
    assert!(!dutch.contains("<script>alert(1)</script></p>"));
}

async fn first_update(services: &Services) -> String {
    let mut conn = services.db.read().await.unwrap();
    actions::by_number(&mut conn, "prj_1", 1).await.unwrap().unwrap().id
}

#[tokio::test]
async fn a_follow_is_asked_confirmed_and_ended() {
    let services = installation(&[]).await;
    let router = router::build(services.clone());
    let (_, user) = Visitor::signed_in(&router, &services, "owner@example.org").await;
    project(&services, &user.id).await;
    let visitor = Visitor::new(&router);
    assert_eq!(visitor.post("/nl/projects/kookclub/follow", &[("email", "no address")]).await.status, 422);
    assert_eq!(visitor.post("/nl/projects/geheim/follow", &[("email", "a@example.org")]).await.status, 404);
    let first = visitor.post("/nl/projects/kookclub/follow", &[("email", "A@example.org")]).await;
    let again = visitor.post("/nl/projects/kookclub/follow", &[("email", "a@example.org")]).await;
    assert_eq!((first.status.as_u16(), &first.location), (303, &again.location));
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 1, "one letter a day");
    let letter = joined(&letters(&services)[0]);
    let path = link(&letter, "http://localhost:3000/nl/follow/");
    let (person, user) = Visitor::signed_in(&router, &services, "a@example.org").await;
    assert!(visitor.get(path).await.body.contains("Ja, ik wil volgen"));
    let count = async || actions::count_followers(&mut services.db.read().await.unwrap(), "prj_1").await.unwrap();
    assert_eq!(count().await, 0, "looking confirms nothing");
    assert_eq!(visitor.post(path, &[]).await.status, 200);
    assert_eq!(count().await, 1);
    let third = visitor.post("/nl/projects/kookclub/follow", &[("email", "a@example.org")]).await;
    assert_eq!(third.location, first.location);
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 0);

    let page = person.get("/nl/account/mail").await;
    assert!(page.body.contains("Kookclub"));
    let follow = actions::follows_of(&mut services.db.read().await.unwrap(), &user.id).await.unwrap().remove(0);
    let ended = person.post("/nl/account/mail/end", &[("follow", &follow.id)]).await;
    assert_eq!(ended.status, 303);
    assert_eq!(count().await, 0);

    // A pledge whose box was ticked before the end does not begin it again, one after it does.
    let now = services.clock.now();
    let mut tx = services.db.begin().await.unwrap();
    let before = (now.plus_seconds(-60), now);
    actions::follow_as_backer(&mut tx, &user.id, "prj_1", Lang::Nl, before).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count().await, 0);
    let mut tx = services.db.begin().await.unwrap();
    let after = (now.plus_seconds(60), now.plus_seconds(61));
    actions::follow_as_backer(&mut tx, &user.id, "prj_1", Lang::Nl, after).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count().await, 1);
    actions::end_for_bounced(&services, &user.id).await.unwrap();
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn only_the_makers_people_write_updates() {
    let services = installation(&[]).await;
    let router = router::build(services.clone());
    let (owner, user) = Visitor::signed_in(&router, &services, "owner@example.org").await;
    project(&services, &user.id).await;
    let (stranger, _) = Visitor::signed_in(&router, &services, "stranger@example.org").await;
    let nobody = Visitor::new(&router);
    for part in ["/updates", "/updates/new", "/updates/1", "/updates/1/edit"] {
        assert_eq!(stranger.get(&format!("{PROJECT}{part}")).await.status, 404, "{part}");
        assert_eq!(nobody.get(&format!("{PROJECT}{part}")).await.status, 303, "{part}");
    }
    for part in ["/updates/1/publish", "/updates/1/undo", "/updates/1/withdraw"] {
        assert_eq!(stranger.post(&format!("{PROJECT}{part}"), &[]).await.status, 404, "{part}");
    }
    assert_eq!(stranger.upload(&format!("{PROJECT}/updates/new"), &[("title_nl", "x")], b"").await.status, 404);
    assert_eq!(owner.get(&format!("{PROJECT}/updates")).await.status, 200);
    assert_eq!(owner.get("/nl/studio/projects/geheim/updates").await.status, 404);
    // A draft of a project that is not public cannot go out; nobody sends two pictures or unknown fields.
    assert_eq!(owner.upload(&format!("{PROJECT}/updates/new"), &[("evil", "x")], b"").await.status, 400);
}
