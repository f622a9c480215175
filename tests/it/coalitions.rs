//! Coalitions: founded, joined and left; shares of a joint project, agreed before it goes to the public.

use drempel::features::organisations;
use drempel::features::projects::shares::{self, all_agreed};
use drempel::features::projects::{self, ProjectState, Refusal};

use crate::organisations::{ADMIN, confirmed, with_people};
use crate::support::{App, Browser};

const CHAIN: &str = "/nl/studio/organisations/kookclub/coalitions/van-boer-tot-bord";
const NOT_AGREED: &str = "SharesNotAgreed { who: \"De Boerderij\" }";
const SHARES: &str = "/nl/studio/projects/kookclub/shares";

fn chain(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut form = vec![
        ("title", "Van boer tot bord"),
        ("kind", "chain"),
        ("description_nl", "Samen koken met eten uit de buurt."),
        ("description_en", ""),
        ("step_1_nl", "Verbouwen"),
        ("step_2_nl", "Koken"),
        ("step_2_organisation", "kookclub"),
    ];
    for (field, value) in changes {
        form.retain(|(name, _)| name != field);
        form.push((field, value));
    }
    form
}

/// The cooking club founds a chain, a farm of Anna's joins, and the project of the club is a draft again.
async fn coalition() -> App {
    let app = with_people().await;
    app.sql(ADMIN).await.expect("a role");
    app.sql("UPDATE projects SET state = 'draft'").await.expect("a draft");
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let new = "/nl/studio/organisations/kookclub/coalitions/new";
    assert_eq!(owner.post(new, &chain(&[("step_1_nl", ""), ("step_2_nl", "")])).await.0, 422, "no step");
    assert_eq!(owner.post(new, &chain(&[("step_2_organisation", "boerderij")])).await.0, 422, "a step of nobody");
    assert_eq!(owner.post(new, &chain(&[])).await.1, format!("{CHAIN}?done=coalition-founded"));
    let invite = format!("{CHAIN}/invite");
    assert_eq!(owner.post(&invite, &[("partner", "De Boerderij")]).await.0, 422, "unknown yet");
    assert_eq!(confirmed(&app, "anna@example.org", "De Boerderij", "11111111").await, "de-boerderij");
    assert_eq!(owner.post(&invite, &[("partner", "de boerderij")]).await.0, 303);
    assert_eq!(owner.post(&invite, &[("partner", "11111111")]).await.0, 422, "asked already");
    app.settle().await;
    assert!(app.letters("anna@example.org").await.contains(&"coalition_invited".to_owned()));
    app
}

const FARM: &str = "/nl/studio/organisations/de-boerderij";

async fn joined() -> App {
    let app = coalition().await;
    let anna = Browser::signed_in(&app, "anna@example.org").await;
    let path = format!("{FARM}/coalitions/van-boer-tot-bord/answer");
    assert_eq!(anna.post(&path, &[("answer", "join")]).await.0, 303);
    assert_eq!(anna.post(&path, &[("answer", "decline")]).await.0, 409, "answered");
    app
}

#[tokio::test]
async fn a_chain_is_founded_joined_and_shown_with_who_does_what() {
    let app = coalition().await;
    let public = "/nl/coalitions/van-boer-tot-bord";
    assert!(!Browser::new(&app).read(public).await.contains("De Boerderij"), "invited is not joined");
    let anna = Browser::signed_in(&app, "anna@example.org").await;
    let own = format!("{FARM}/coalitions/van-boer-tot-bord");
    assert!(anna.read(&own).await.contains("is uitgenodigd om mee te doen"));
    assert_eq!(anna.post(&own, &chain(&[("version", "1")])).await.0, 403, "only the founder changes it");
    assert_eq!(anna.post(&format!("{own}/answer"), &[("answer", "join")]).await.0, 303);
    app.settle().await;
    assert!(app.letters("owner@kookclub.example").await.contains(&"coalition_joined".to_owned()));
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let changed = chain(&[("step_1_organisation", "de-boerderij"), ("version", "1")]);
    assert_eq!(owner.post(CHAIN, &changed).await.0, 303);
    assert_eq!(owner.post(CHAIN, &changed).await.0, 409, "changed since");
    let page = Browser::new(&app).read(public).await;
    let (farm, club) = (page.find("Verbouwen: ").expect("a step"), page.find("Koken: ").expect("a step"));
    assert!(page[farm..club].contains("De Boerderij") && page[club..].contains("Stichting Kookclub"), "{page}");
    let stranger = Browser::signed_in(&app, "cees@example.org").await;
    assert_eq!(stranger.get(&own).await.0, 404);
    // leaving frees the step; one can be invited again
    assert_eq!(anna.post(&format!("{own}/answer"), &[("answer", "leave")]).await.0, 303);
    app.settle().await;
    assert!(app.letters("owner@kookclub.example").await.contains(&"coalition_left".to_owned()));
    let page = Browser::new(&app).read(&format!("{public}?x")).await;
    assert!(!page.contains("De Boerderij"), "{page}");
    assert_eq!(owner.post(&format!("{CHAIN}/invite"), &[("partner", "11111111")]).await.0, 303);
    assert_eq!(owner.post(&format!("{CHAIN}/remove"), &[("organisation", "de-boerderij")]).await.0, 303);
    assert_eq!(anna.post(&format!("{own}/answer"), &[("answer", "join")]).await.0, 409, "taken back");
}

async fn submit(app: &App) -> Result<(), String> {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let project = projects::actions::lock(&mut tx, "prj_1").await.expect("a project");
    let now = app.s.clock.now();
    match projects::actions::move_to(&mut tx, &project, ProjectState::Submitted, "usr_owner", "", now).await {
        Ok(()) => {
            tx.commit().await.expect("a commit");
            Ok(())
        }
        Err(error) => Err(match (error.refusal::<Refusal>(), error.refusal::<organisations::Refusal>()) {
            (Some(refusal), _) => format!("{refusal:?}"),
            (_, Some(refusal)) => format!("{refusal:?}"),
            _ => error.to_string(),
        }),
    }
}

fn with_share(percent: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("coalition", "van-boer-tot-bord"), ("with_de-boerderij", "yes"), ("share_de-boerderij", percent)]
}

#[tokio::test]
async fn shares_are_set_by_the_lead_agreed_by_every_partner_and_then_fixed() {
    let app = joined().await;
    let (owner, anna) =
        (Browser::signed_in(&app, "owner@kookclub.example").await, Browser::signed_in(&app, "anna@example.org").await);
    for wrong in ["", "101", "-1", "33,5", "tien"] {
        assert_eq!(owner.post(SHARES, &with_share(wrong)).await.0, 422, "{wrong}");
    }
    assert_eq!(anna.post(SHARES, &with_share("33")).await.0, 404, "not hers to set");
    assert_eq!(owner.post(SHARES, &with_share("33")).await.0, 303);
    app.settle().await;
    assert_eq!(app.letters("anna@example.org").await.iter().filter(|kind| *kind == "share_asked").count(), 1);
    assert_eq!(submit(&app).await, Err(NOT_AGREED.to_owned()));
    assert!(anna.read(FARM).await.contains("met 33% van elke uitbetaling"));
    assert!(anna.read(&format!("{FARM}/shares/kookclub")).await.contains("Ga akkoord met 33%"));
    let agree = format!("{FARM}/shares/kookclub/agree");
    assert_eq!(owner.post(SHARES, &with_share("40")).await.0, 303);
    assert_eq!(anna.post(&agree, &[("share_percent", "33")]).await.0, 409, "another share by now");
    assert_eq!(owner.post(&agree, &[("share_percent", "40")]).await.0, 404, "nobody agrees for another");
    assert_eq!(anna.post(&agree, &[("share_percent", "40")]).await.0, 303);
    assert_eq!(owner.post(SHARES, &with_share("40")).await.0, 303, "the same share needs no new word");
    {
        let mut conn = app.s.db.read().await.expect("a connection");
        let project = projects::actions::get(&mut conn, "prj_1").await.expect("a project");
        let set = shares::of_project(&mut conn, "prj_1").await.expect("shares");
        assert!(all_agreed(&project, &set));
        assert_eq!(set.iter().map(|share| share.share_percent).sum::<i64>(), 100);
    }
    app.sql("UPDATE organisations SET state = 'returned' WHERE id = 'org_1'").await.expect("a question");
    assert_eq!(submit(&app).await, Err("NotConfirmed".to_owned()));
    app.sql("UPDATE organisations SET state = 'confirmed' WHERE id = 'org_1'").await.expect("an answer");
    assert_eq!(submit(&app).await, Ok(()));
    app.sql("UPDATE projects SET state = 'listed'").await.expect("a listed project");
    assert_eq!(owner.post(SHARES, &with_share("50")).await.0, 409, "fixed");
    assert_eq!(anna.post(&agree, &[("share_percent", "40")]).await.0, 409);
    let page = Browser::new(&app).read("/nl/projects/kookclub").await;
    for part in ["De Boerderij", "deel van het geld: 40%", "deel van het geld: 60%", "Koken: Stichting Kookclub"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // leaving the coalition changes nothing of what backers were shown
    let leave = format!("{FARM}/coalitions/van-boer-tot-bord/answer");
    assert_eq!(anna.post(&leave, &[("answer", "leave")]).await.0, 303);
    assert!(Browser::new(&app).read("/nl/projects/kookclub?x").await.contains("deel van het geld: 40%"));
}

#[tokio::test]
async fn a_partner_without_money_agrees_too_and_one_that_leaves_makes_the_lead_divide_anew() {
    let app = joined().await;
    let (owner, anna) =
        (Browser::signed_in(&app, "owner@kookclub.example").await, Browser::signed_in(&app, "anna@example.org").await);
    assert_eq!(owner.post(SHARES, &with_share("0")).await.0, 303);
    assert_eq!(submit(&app).await, Err(NOT_AGREED.to_owned()));
    assert_eq!(anna.post(&format!("{FARM}/shares/kookclub/agree"), &[("share_percent", "0")]).await.0, 303);
    assert_eq!(owner.post(SHARES, &with_share("10")).await.0, 303);
    assert_eq!(anna.post(&format!("{FARM}/coalitions/van-boer-tot-bord/answer"), &[("answer", "leave")]).await.0, 303);
    assert_eq!(submit(&app).await, Err(NOT_AGREED.to_owned()), "the farm left");
    assert_eq!(owner.post(SHARES, &with_share("10")).await.0, 400, "no field of who takes no part");
    assert_eq!(owner.post(SHARES, &[("coalition", "")]).await.0, 303);
    assert_eq!(submit(&app).await, Ok(()), "alone there is nothing to agree on");
}
