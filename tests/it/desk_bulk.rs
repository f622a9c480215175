//! One deed for many things: tried and shown before it begins, confirmed by whoever prepared it, done one by one by a job that may be
//! stopped anywhere, and told in a report.

use drempel::features::cases::{self, CaseKind, CaseState, Found};
use drempel::features::desk::{RunState, bulk};
use drempel::features::ledger::{self, Account, Kind, Posting};
use drempel::values::Cents;

use crate::measuring;
use crate::support::{App, Browser};

const REVIEWER: &str = "reviewer@drempel.example";

/// A case about nothing of value, or about money in suspense, which nobody can explain away.
async fn case(app: &App, subject: &str, in_suspense: i64) -> String {
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let kind = if in_suspense > 0 { CaseKind::PaymentUnknown } else { CaseKind::ProviderDiffers };
    if in_suspense > 0 {
        let posting = Posting::new(Kind::Unexplained, format!("unknown:{subject}"), now, "test", subject).moving(
            Cents(in_suspense),
            &Account::PspPending,
            &Account::Suspense,
            None,
        );
        ledger::actions::post(&mut tx, now, &posting).await.expect("a posting");
    }
    let found =
        Found { kind, subject_id: subject, amount: Cents(in_suspense), detail: "", pledge_id: None, remedy: None };
    let (id, _) = cases::actions::open(&mut tx, &found, now).await.expect("a case");
    tx.commit().await.expect("a commit");
    id
}

async fn state(app: &App, id: &str) -> CaseState {
    cases::actions::get(&mut app.s.db.read().await.expect("a connection"), id).await.expect("a case").state
}

async fn run_state(app: &App, id: &str) -> RunState {
    bulk::find(&mut app.s.db.read().await.expect("a connection"), id).await.expect("a read").expect("a run").state
}

fn id_of(place: &str) -> String {
    place.rsplit('/').next().and_then(|part| part.split('?').next()).expect("an id").to_owned()
}

async fn jobs(app: &App) -> i64 {
    app.count("SELECT COUNT(*) FROM jobs WHERE kind = 'desk.bulk'").await
}

#[tokio::test]
async fn cases_are_closed_together_after_a_look_and_the_job_goes_on_where_it_was_stopped() {
    let app = App::start().await;
    let free = [case(&app, "books:a", 0).await, case(&app, "books:b", 0).await, case(&app, "books:c", 0).await];
    let money = case(&app, "txn_strange", 900).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert!(one.read("/nl/staff/cases").await.contains(&format!("name=\"pick-{}\"", free[0])));
    assert!(!reviewer.read("/nl/staff/cases").await.contains("name=\"pick-"), "boxes are for whoever may");
    assert_eq!(reviewer.post("/nl/staff/cases/bulk", &[("which", "all"), ("query", "")]).await.0, 403);
    let nothing = one.post("/nl/staff/cases/bulk", &[("which", "chosen"), ("query", "")]).await;
    assert_eq!(nothing, (303, "/nl/staff/cases?done=bulk-nothing-chosen".to_owned()));

    let (status, place) = one.post("/nl/staff/cases/bulk", &[("which", "all"), ("query", "")]).await;
    assert_eq!(status, 303);
    let (id, page) = (id_of(&place), one.read(&place).await);
    assert!(page.contains("Voor deze zaak staat nog geld op de tussenrekening"), "what is refused, and why: {page}");
    assert!(page.contains("Doe dit met 3 dingen") && page.contains("txn_strange"));
    assert_eq!(state(&app, &free[0]).await, CaseState::Open, "a look changes nothing");
    let trace = "SELECT COUNT(*) FROM state_changes WHERE subject = 'case' AND to_state = 'closed'";
    assert_eq!(app.count(trace).await, 0, "nor leaves a trace");

    let confirm = format!("{place}/confirm");
    assert!(!two.read(&place).await.contains("/confirm\""));
    assert_eq!(two.post(&confirm, &[("reason", "x")]).await.0, 403, "only its maker");
    assert_eq!(one.post(&confirm, &[("reason", " ")]).await.0, 422);
    assert_eq!(run_state(&app, &id).await, RunState::Prepared);
    assert_eq!(one.post(&confirm, &[("reason", "rounding of the provider")]).await.0, 303);
    assert_eq!(one.post(&confirm, &[("reason", "again")]).await.0, 409);
    assert_eq!(one.post(&format!("{place}/drop"), &[]).await.0, 409);

    // the first thing is done, and then the process dies: its job still waits
    assert!(bulk::step(&app.s, &id).await.expect("a step"));
    assert_eq!((state(&app, &free[0]).await, state(&app, &free[1]).await), (CaseState::Closed, CaseState::Open));
    assert_eq!(jobs(&app).await, 1);
    let page = one.read(&place).await;
    assert!(page.contains("1 van 4 gedaan") && page.contains("<progress"), "{page}");
    app.settle().await;
    assert_eq!(run_state(&app, &id).await, RunState::Done);
    for case in &free {
        assert_eq!(state(&app, case).await, CaseState::Closed);
    }
    assert_eq!(state(&app, &money).await, CaseState::Open);
    // whoever does it again finds nothing to do
    bulk::run(&app.s, &id).await.expect("a run");
    assert!(!bulk::step(&app.s, &id).await.expect("a step"));
    assert_eq!(app.count(trace).await, 3, "each once");
    let closed = "SELECT COUNT(*) FROM cases WHERE state = 'closed' AND reason = 'rounding of the provider'";
    assert_eq!(app.count(closed).await, 3);
    assert_eq!(jobs(&app).await, 0);

    let page = reviewer.read(&place).await;
    assert!(page.contains("Gedaan: 3. Kon niet: 1.") && !page.contains("<progress"));
    let report = String::from_utf8(two.file(&format!("{place}/report.csv")).await).expect("text");
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), 5, "{report}");
    let of_money = lines.iter().find(|line| line.contains(&money)).expect("its line");
    assert!(of_money.contains("kan niet") && of_money.contains("tussenrekening"), "{of_money}");
    assert!(reviewer.read("/en/staff/bulk").await.contains(&id));
    app.verify().await;
}

#[tokio::test]
async fn what_changed_since_the_look_is_refused_line_by_line_and_a_lost_role_ends_it() {
    let app = App::start().await;
    let (first, second) = (case(&app, "books:a", 0).await, case(&app, "books:b", 0).await);
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let picks = [format!("pick-{first}"), format!("pick-{second}"), "pick-cas_gone".to_owned()];
    let form: Vec<(&str, &str)> =
        picks.iter().map(|name| (name.as_str(), "yes")).chain([("which", "chosen"), ("query", "")]).collect();
    let (_, place) = one.post("/en/staff/cases/bulk", &form).await;
    assert!(one.read(&place).await.contains("This is no longer there."));
    let explained = [("explanation", "seen")];
    assert_eq!(two.post(&format!("/en/staff/cases/{first}/explain"), &explained).await.0, 303);
    assert_eq!(one.post(&format!("{place}/confirm"), &[("reason", "both")]).await.0, 303);
    app.settle().await;
    let page = one.read(&place).await;
    assert!(page.contains("Done: 1. Not possible: 2."), "{page}");
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE reason = 'seen'").await, 1, "the first explanation stays");

    let third = case(&app, "books:c", 0).await;
    let pick = format!("pick-{third}");
    let (_, place) = one.post("/en/staff/cases/bulk", &[(&pick, "yes"), ("which", "chosen"), ("query", "")]).await;
    assert_eq!(one.post(&format!("{place}/confirm"), &[("reason", "late")]).await.0, 303);
    app.sql("DELETE FROM staff_roles WHERE role = 'treasurer' AND user_id IN (SELECT id FROM users WHERE email LIKE 'treasurer1%')")
        .await
        .expect("a change");
    app.settle().await;
    assert_eq!(state(&app, &third).await, CaseState::Open);
    assert!(two.read(&place).await.contains("another role in the team"));

    let pick = format!("pick-{third}");
    let (_, place) = two.post("/en/staff/cases/bulk", &[(&pick, "yes"), ("which", "chosen"), ("query", "")]).await;
    assert_eq!(two.post(&format!("{place}/drop"), &[]).await.0, 303);
    assert_eq!(run_state(&app, &id_of(&place)).await, RunState::Dropped);
    assert_eq!(two.get("/en/staff/bulk/blk_none").await.0, 404);
    app.verify().await;
}

#[tokio::test]
async fn notes_are_shown_together_by_whoever_checks() {
    let app = measuring::world().await;
    let waves: Vec<(String, String)> = {
        let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
        for (kind, day) in [("intake", 40), ("interim", 3)] {
            let day = measuring::ago(&app, day);
            let fields = [("count-certificates", "3"), ("note_nl", "Het gaat goed."), ("note_en", "")];
            let (status, page) = measuring::enter(&owner, kind, &day, &fields).await;
            assert_eq!(status, 303, "{page}");
        }
        let measured = measuring::measured(&app).await;
        measured.into_iter().map(|one| (one.wave.id.clone(), one.wave.note_nl)).collect()
    };
    assert_eq!(waves.len(), 2);
    let (reviewer, treasurer) = (Browser::signed_in(&app, REVIEWER).await, Browser::treasurer(&app, 1).await);
    assert!(reviewer.read("/nl/staff/moderation").await.contains("form=\"bulk-notes\""));
    assert!(!treasurer.read("/nl/staff/moderation").await.contains("form=\"bulk-notes\""));
    let picks: Vec<String> = waves.iter().map(|(id, _)| format!("pick-{id}")).collect();
    let mut form: Vec<(&str, &str)> = picks.iter().map(|name| (name.as_str(), "yes")).collect();
    form.push(("deed", "show_notes"));
    assert_eq!(treasurer.post("/nl/staff/moderation/bulk", &form).await.0, 403);
    let wrong: Vec<(&str, &str)> = vec![("deed", "close_cases"), (picks[0].as_str(), "yes")];
    assert_eq!(reviewer.post("/nl/staff/moderation/bulk", &wrong).await.0, 400);
    let (status, place) = reviewer.post("/nl/staff/moderation/bulk", &form).await;
    assert_eq!(status, 303);
    assert!(reviewer.read(&place).await.contains("Doe dit met 2 dingen"));
    assert_eq!(reviewer.post(&format!("{place}/confirm"), &[("reason", "gelezen")]).await.0, 303);
    app.settle().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM waves WHERE note_review = 'shown'").await, 2);
    assert!(
        reviewer.read("/nl/staff/moderation").await.contains("Er is niets")
            || !reviewer.read("/nl/staff/moderation").await.contains("bulk-notes")
    );
}

/// Chooses cases in their list and prepares to give them to somebody; answers the run's address.
async fn assigning(who: &Browser, cases: &[&str], to: &str) -> String {
    let picks: Vec<String> = cases.iter().map(|id| format!("pick-{id}")).collect();
    let mut form: Vec<(&str, &str)> = picks.iter().map(|name| (name.as_str(), "yes")).collect();
    form.extend([("which", "chosen"), ("query", ""), ("deed", "assign_cases"), ("to", to)]);
    let (status, place) = who.post("/nl/staff/cases/bulk", &form).await;
    assert_eq!(status, 303);
    place
}

#[tokio::test]
async fn cases_are_given_to_a_colleague_or_taken_on_together_and_grow_no_younger() {
    let app = App::start().await;
    let cases = [case(&app, "books:a", 0).await, case(&app, "txn_b", 900).await, case(&app, "books:c", 0).await];
    let [first, second, third] = [&cases[0], &cases[1], &cases[2]].map(String::as_str);
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let list = one.read("/nl/staff/cases").await;
    assert!(list.contains("<option value=\"assign_cases\">Zaken toewijzen</option>"), "{list}");
    assert!(list.contains("<option value=\"usr_t1\">treasurer1@drempel.example (jij)</option>"), "{list}");

    let place = assigning(&one, &[first, second, third], "usr_t2").await;
    let page = one.read(&place).await;
    assert!(page.contains("Zaken toewijzen") && page.contains("<strong>treasurer2@drempel.example</strong>"), "{page}");
    let assigned = "SELECT COUNT(*) FROM cases WHERE assigned_to IS NOT NULL";
    assert_eq!(app.count(assigned).await, 0, "a look changes nothing");
    assert_eq!(two.post(&format!("{place}/confirm"), &[("reason", "x")]).await.0, 403);
    assert_eq!(one.post(&format!("{place}/confirm"), &[("reason", "zij kent de bank")]).await.0, 303);
    assert!(bulk::step(&app.s, &id_of(&place)).await.expect("a step"));
    assert_eq!(app.count(assigned).await, 1, "one after the other");
    app.settle().await;
    assert_eq!(run_state(&app, &id_of(&place)).await, RunState::Done);
    let to_two = "SELECT COUNT(*) FROM cases WHERE assigned_to = 'usr_t2' AND state = 'open'";
    assert_eq!(app.count(to_two).await, 3, "also with money in suspense");
    let told = "SELECT COUNT(*) FROM state_changes WHERE subject = 'case' AND to_state = 'assigned'
                AND reason LIKE '%: zij kent de bank'";
    assert_eq!(app.count(told).await, 3);

    let own = two.read("/nl/staff/cases?assigned=usr_t2").await;
    assert!(own.contains("books:a") && own.contains("txn_b"), "{own}");
    assert!(!one.read("/nl/staff/cases?assigned=usr_t1").await.contains("books:a"));
    assert!(!one.read("/nl/staff/cases?assigned=-").await.contains("books:a"));
    let page = one.read(&assigning(&one, &[first, "cas_gone"], "usr_t2").await).await;
    assert!(page.contains("al aan deze persoon toegewezen") && page.contains("Dit is er niet meer"), "{page}");
    let page = one.read(&assigning(&one, &[first], "usr_r").await).await;
    assert!(page.contains("Kies een penningmeester"), "who decides about no money gets no case: {page}");

    // one of them is taken on alone, by whoever opened it
    assert_eq!(one.post(&format!("/nl/staff/cases/{third}/assign"), &[("to", "usr_t1")]).await.0, 303);
    assert_eq!(one.post(&format!("/nl/staff/cases/{third}/assign"), &[("to", "usr_t1")]).await.0, 409);
    assert_eq!(one.post(&format!("/nl/staff/cases/{third}/assign"), &[("to", "usr_r")]).await.0, 422);
    assert!(one.read(&format!("/nl/staff/cases/{third}")).await.contains("<dd>treasurer1@drempel.example</dd>"));
    // nobody named: whoever chose them
    let place = assigning(&one, &[first], "").await;
    assert_eq!(one.post(&format!("{place}/confirm"), &[("reason", "zelf")]).await.0, 303);
    app.settle().await;
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE assigned_to = 'usr_t1'").await, 2);
    assert_eq!(one.post(&format!("/nl/staff/cases/{first}/explain"), &[("explanation", "gezien")]).await.0, 303);
    assert_eq!(one.post(&format!("/nl/staff/cases/{first}/assign"), &[("to", "usr_t2")]).await.0, 409, "closed");
    app.verify().await;
}

#[tokio::test]
async fn owners_are_reminded_of_what_waits_at_most_once_a_day() {
    const OWNER: &str = "owner@kookclub.example";
    let app = App::start().await;
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    let treasurer = Browser::treasurer(&app, 1).await;
    let form = [("pick-prj_1", "yes"), ("which", "chosen"), ("query", ""), ("deed", "remind_owners")];
    let asked = async || {
        let (status, place) = reviewer.post("/nl/staff/projects/bulk", &form).await;
        assert_eq!(status, 303);
        (reviewer.read(&place).await, place)
    };
    let reminders = async || app.letters(OWNER).await.into_iter().filter(|kind| kind == "owner_reminder").count();
    assert!(asked().await.0.contains("Er wacht niets op de makers"), "on sale nothing waits");
    assert_eq!(treasurer.post("/nl/staff/projects/bulk", &form).await.0, 403);
    let wrong = [("pick-prj_1", "yes"), ("which", "chosen"), ("query", ""), ("deed", "close_cases")];
    assert_eq!(reviewer.post("/nl/staff/projects/bulk", &wrong).await.0, 400);

    app.sql("UPDATE projects SET state = 'returned' WHERE id = 'prj_1'").await.expect("sent back");
    assert!(reviewer.read("/nl/staff/projects?state=returned").await.contains("name=\"pick-prj_1\""));
    let (page, place) = asked().await;
    let (_, other) = asked().await;
    assert!(page.contains("Doe dit met 1 ding") && page.contains("Herinnerd per mail"), "{page}");
    assert_eq!(reminders().await, 0, "a look sends nothing");
    for run in [&place, &other] {
        assert_eq!(reviewer.post(&format!("{run}/confirm"), &[("reason", "de ronde sluit")]).await.0, 303);
    }
    app.settle().await;
    assert_eq!(reminders().await, 1, "two runs on one day are one letter");
    let pages = [reviewer.read(&place).await, reviewer.read(&other).await];
    assert_eq!(pages.iter().filter(|page| page.contains("Gedaan: 1. Kon niet: 0.")).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.contains("kregen vandaag al een herinnering")).count(), 1);

    app.advance(86_400).await;
    let reviewer = Browser::signed_in(&app, REVIEWER).await; // the session has ended meanwhile
    let (_, place) = reviewer.post("/nl/staff/projects/bulk", &form).await;
    assert_eq!(reviewer.post(&format!("{place}/confirm"), &[("reason", "nog eens")]).await.0, 303);
    app.settle().await;
    assert_eq!(reminders().await, 2);
    let letters = std::fs::read_dir(app.letters_folder()).expect("letters").flatten();
    let text = letters.filter_map(|file| std::fs::read(file.path()).ok()).find_map(|bytes| {
        let letter = mail_parser::MessageParser::default().parse(&bytes)?;
        let is_reminder = letter.subject()?.contains("er wacht iets op je");
        is_reminder.then(|| letter.body_text(0).map(|text| text.into_owned())).flatten()
    });
    let text = text.expect("the letter");
    assert!(
        text.contains("Je plan kwam terug met opmerkingen") && text.contains("/studio/projects/kookclub"),
        "{text}"
    );
    assert!(!text.contains("Vragen over je cijfers"), "{text}");
}
