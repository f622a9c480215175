//! Checking figures: handed in, asked about, verified in part, disputed, corrected; what is fixed; letters; and two at the same moment.

use drempel::features::outcomes::Observation;
use drempel::features::verifications::{Level, Verdict, Verification, VerificationState, actions};

use crate::evidence::send;
use crate::measuring::{OWNER, STUDIO, Sender, ago, enter, measured, world};
use crate::support::{App, Browser};

async fn all(app: &App) -> Vec<Verification> {
    let mut conn = app.s.db.read().await.expect("a connection");
    actions::of_project(&mut conn, "prj_1").await.expect("verifications")
}

/// A world in which eleven certificates were entered and handed in; answers the wave and the verification.
async fn handed_in() -> (App, Browser, String, String) {
    let app = world().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let counts = [("count-PI4060", "20"), ("count-certificates", "11"), ("note_nl", "Alles geteld.")];
    assert_eq!(enter(&owner, "end", &ago(&app, 3), &counts).await.0, 303);
    let wave = measured(&app).await.remove(0).wave.id;
    let field = format!("figure-{wave}-certificates");
    assert_eq!(owner.post(&format!("{STUDIO}/checking"), &[]).await.0, 422, "nothing chosen");
    assert_eq!(owner.post(&format!("{STUDIO}/checking"), &[(&field, "yes")]).await.0, 303);
    assert_eq!(owner.post(&format!("{STUDIO}/checking"), &[(&field, "yes")]).await.0, 409, "twice");
    let id = all(&app).await.remove(0).id;
    (app, owner, wave, id)
}

fn kinds(letters: Vec<String>) -> Vec<String> {
    let mut kinds: Vec<String> = letters.into_iter().filter(|kind| kind.starts_with("figure_")).collect();
    kinds.sort();
    kinds
}

const WHOLE: [(&str, &str); 4] = [("level", "staff_checked"), ("value", "11"), ("checker", ""), ("remark", "")];

#[tokio::test]
async fn a_figure_is_asked_about_verified_in_part_disputed_and_decided_by_somebody_else() {
    let (app, owner, _, id) = handed_in().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let expert = Browser::signed_in(&app, "expert1@drempel.example").await;
    assert!(reviewer.read("/nl/staff").await.contains("1 cijfer wacht op controle"));
    assert!(reviewer.read("/nl/staff/verifications").await.contains(&id));
    let desk = format!("/nl/staff/verifications/{id}");
    let page = reviewer.read(&desk).await;
    assert!(page.contains("name=\"value\" type=\"text\" value=\"11\"") && page.contains("12"), "{page}");
    let question = |message, deadline| [("message", message), ("deadline", deadline)];
    let later = app.s.clock.now().plus_days(14).day();
    assert_eq!(reviewer.post(&format!("{desk}/ask"), &question("", &later)).await.0, 422);
    assert_eq!(reviewer.post(&format!("{desk}/ask"), &question("Hoe geteld?", "2020-01-01")).await.0, 422);
    assert_eq!(reviewer.post(&format!("{desk}/ask"), &question("Hoe geteld?", &later)).await.0, 303);
    assert_eq!(expert.post(&format!("{desk}/decide"), &WHOLE).await.0, 409, "a question waits");
    let own = format!("{STUDIO}/checking/{id}");
    assert!(owner.read(&own).await.contains("Hoe geteld?"));
    assert_eq!(owner.post(&format!("{own}/answer"), &[("message", "Vraag het mevrouw Jansen")]).await.0, 422);
    assert_eq!(owner.post(&format!("{own}/answer"), &[("message", "Per week, met een lijst.")]).await.0, 303);
    let part = [("level", "staff_checked"), ("value", "9"), ("checker", ""), ("remark", "Twee niet af.")];
    for (place, value) in [(1, "x"), (1, "-1"), (0, "")] {
        let mut wrong = part;
        wrong[place].1 = value;
        assert_eq!(reviewer.post(&format!("{desk}/decide"), &wrong).await.0, 422, "{value}");
    }
    assert_eq!(Browser::treasurer(&app, 1).await.post(&format!("{desk}/decide"), &part).await.0, 403);
    assert_eq!(reviewer.post(&format!("{desk}/decide"), &part).await.0, 303);
    let one = all(&app).await.remove(0);
    assert_eq!((one.state, one.verified, one.declared), (VerificationState::Verified, Some(9), 11));
    app.settle().await;
    assert_eq!(kinds(app.letters(OWNER).await), ["figure_question", "figure_verified"]);
    let page = owner.read(&own).await;
    assert!(page.contains("9 mensen") && page.contains("Twee niet af."), "{page}");
    assert_eq!(owner.post(&format!("{own}/dispute"), &[("message", "Beide kregen het later.")]).await.0, 303);
    assert!(expert.read("/nl/staff").await.contains("1 bezwaar tegen een controle"));
    assert!(reviewer.read(&desk).await.contains("Iemand anders beslist"));
    assert_eq!(reviewer.post(&format!("{desk}/decide"), &WHOLE).await.0, 403, "not who verified it");
    assert_eq!(expert.post(&format!("{desk}/decide"), &WHOLE).await.0, 303);
    app.settle().await;
    assert_eq!(kinds(app.letters(OWNER).await), ["figure_dispute_decided", "figure_question", "figure_verified"]);
    assert_eq!(all(&app).await.remove(0).verified, Some(11));
    app.advance(15 * 86_400).await;
    let owner = Browser::signed_in(&app, OWNER).await;
    assert_eq!(owner.post(&format!("{own}/dispute"), &[("message", "Toch niet.")]).await.0, 409, "too late");
    assert_eq!(Browser::treasurer(&app, 1).await.get(&own).await.0, 404, "not of the organisation");
}

#[tokio::test]
async fn what_was_handed_in_stands_fixed_and_is_corrected_with_a_reason_only() {
    let (app, owner, wave, id) = handed_in().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let day = ago(&app, 3);
    assert!(owner.read(&format!("{STUDIO}/outcomes?wave={wave}")).await.contains("Ingeleverd voor controle"));
    let changed = [("count-PI4060", "21"), ("count-certificates", "12")];
    let (status, page) = enter(&owner, "end", &day, &changed).await;
    assert!(status == 422 && page.contains("Certificaten"), "it is named: {page}");
    assert_eq!(enter(&owner, "end", &day, &[("count-PI4060", "21")]).await.0, 303, "the others can change");
    let file = format!("wave,day,indicator,row,column,location,value,n\nend,{day},certificates,,,,12,\n");
    let sender = Sender::signed_in(&app, OWNER).await;
    let (status, page) = sender.send(&format!("{STUDIO}/outcomes/file"), &[], "a.csv", file.clone().into_bytes()).await;
    assert!(status == 422 && page.contains("Certificaten"), "{page}");
    assert_eq!(owner.post(&format!("{STUDIO}/outcomes/file/save"), &[("text", &file)]).await.0, 422);
    let value = || async { measured(&app).await[0].of("certificates").expect("a figure").value };
    assert_eq!(value().await, 11);
    let own = format!("{STUDIO}/checking/{id}");
    let correction = [("count-certificates", "12"), ("reason", "Een te weinig geteld.")];
    assert_eq!(owner.post(&format!("{own}/correct"), &correction).await.0, 409, "not verified yet");
    assert_eq!(reviewer.post(&format!("/nl/staff/verifications/{id}/decide"), &WHOLE).await.0, 303);
    assert_eq!(owner.post(&format!("{own}/withdraw"), &[]).await.0, 409, "verified");
    assert_eq!(enter(&owner, "end", &day, &changed).await.0, 422);
    for (count, reason) in [("12", ""), ("12", "mevrouw Jansen belde"), ("x", "Echt."), ("", "Echt.")] {
        let form = [("count-certificates", count), ("reason", reason)];
        assert_eq!(owner.post(&format!("{own}/correct"), &form).await.0, 422, "{count} {reason}");
    }
    assert_eq!(value().await, 11);
    assert_eq!(owner.post(&format!("{own}/correct"), &correction).await.0, 303);
    assert_eq!(value().await, 12);
    let states: Vec<_> = all(&app).await.into_iter().map(|one| (one.state, one.declared, one.verified)).collect();
    assert_eq!(states, [(VerificationState::Corrected, 11, Some(11)), (VerificationState::Open, 12, None)]);
    let new = all(&app).await.remove(1).id;
    assert!(reviewer.read(&format!("/nl/staff/verifications/{new}")).await.contains("Een te weinig geteld."));
    assert_eq!(owner.post(&format!("{STUDIO}/checking/{new}/withdraw"), &[]).await.0, 303);
    assert_eq!(enter(&owner, "end", &day, &[("count-PI4060", "21"), ("count-certificates", "10")]).await.0, 303);
}

#[tokio::test]
async fn a_third_party_needs_a_file_which_then_stands_frozen() {
    let (app, owner, wave, id) = handed_in().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let desk = format!("/nl/staff/verifications/{id}/decide");
    let mut verdict = [("level", "third_party"), ("value", "11"), ("checker", ""), ("remark", "")];
    assert_eq!(reviewer.post(&desk, &verdict).await.0, 422, "by nobody");
    verdict[2].1 = "Bureau Meetlat";
    let (status, page) = reviewer.post_for_text(&desk, &verdict).await;
    assert!(status == 422 && page.contains("Er is geen bewijs bij dit cijfer"), "{status}");
    let sender = Sender::signed_in(&app, OWNER).await;
    assert_eq!(send(&sender, &wave, "staff", b"%PDF-1.7\n%%EOF".to_vec()).await.0, 303);
    assert_eq!(reviewer.post(&desk, &verdict).await.0, 303);
    let page = owner.read(&format!("{STUDIO}/evidence")).await;
    assert!(page.contains("Een gecontroleerd cijfer steunt hierop") && !page.contains("Trek het bestand in"));
    assert!(owner.read(&format!("{STUDIO}/checking")).await.contains("gecontroleerd door een derde partij"));
}

#[tokio::test]
async fn who_belongs_to_the_project_checks_nothing_of_it() {
    let (app, _, _, id) = handed_in().await;
    app.sql("INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ('org_1', 'usr_r', 'editor', '2026-01-01T00:00:00.000Z')")
        .await
        .expect("a membership");
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let desk = format!("/nl/staff/verifications/{id}");
    assert_eq!(reviewer.post(&format!("{desk}/decide"), &WHOLE).await.0, 403);
    let later = app.s.clock.now().plus_days(14).day();
    let question = [("message", "Hoe?"), ("deadline", later.as_str())];
    assert_eq!(reviewer.post(&format!("{desk}/ask"), &question).await.0, 403);
    assert!(!reviewer.read(&desk).await.contains("name=\"value\""));
    assert_eq!(all(&app).await[0].state, VerificationState::Open);
}

#[tokio::test]
async fn a_question_is_reminded_of_a_week_and_a_day_before_and_when_it_has_passed() {
    let (app, _, _, id) = handed_in().await;
    app.settle().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let later = app.s.clock.now().plus_days(14).day();
    let question = [("message", "Hoe geteld?"), ("deadline", later.as_str())];
    assert_eq!(reviewer.post(&format!("/nl/staff/verifications/{id}/ask"), &question).await.0, 303);
    let mut days = 0;
    for (on, count) in [(1, 1), (6, 1), (8, 2), (12, 2), (13, 3), (14, 3), (16, 4), (20, 4)] {
        while days < on {
            app.advance(86_400).await;
            days += 1;
        }
        let told = kinds(app.letters(OWNER).await);
        assert_eq!(told.len(), count, "day {on}: {told:?}");
    }
    let told = kinds(app.letters(OWNER).await);
    assert_eq!(told, ["figure_day_left", "figure_overdue", "figure_question", "figure_week_left"]);
}

#[tokio::test]
async fn verified_and_corrected_at_the_same_moment_end_in_an_order() {
    for round in 0..4 {
        let (app, _, _, id) = handed_in().await;
        let now = app.s.clock.now();
        let verdict = Verdict { level: Level::StaffChecked, value: 11, checker: "", remark: "" };
        let verify = async || {
            let mut tx = app.s.db.begin().await?;
            actions::verify(&mut tx, &id, verdict, "usr_r", now).await?;
            tx.commit().await.map_err(drempel::infra::error::Error::from)
        };
        let correct = async || {
            let mut tx = app.s.db.begin().await?;
            let twelve = Observation::count("certificates", 12);
            actions::correct(&mut tx, &id, &twelve, "Een te weinig.", "usr_owner", now).await?;
            tx.commit().await.map_err(drempel::infra::error::Error::from)
        };
        let (verified, corrected) = if round % 2 == 0 {
            tokio::join!(verify(), correct())
        } else {
            let (corrected, verified) = tokio::join!(correct(), verify());
            (verified, corrected)
        };
        assert!(verified.is_ok(), "{verified:?}");
        let found = all(&app).await;
        let value = measured(&app).await[0].of("certificates").expect("a figure").value;
        let living: Vec<_> = found.iter().filter(|one| one.state != VerificationState::Corrected).collect();
        assert_eq!(living.len(), 1, "one lives");
        // either it was corrected after it was verified, and waits anew, or it came too early and nothing of it happened
        match corrected {
            Ok(_) => assert_eq!((value, living[0].state, living[0].declared), (12, VerificationState::Open, 12)),
            Err(_) => {
                assert_eq!((value, living[0].state, living[0].verified), (11, VerificationState::Verified, Some(11)))
            }
        }
    }
}
