//! Measuring: entering a wave by hand and from a file, what is measured beside promises, notes that are looked at, and reminders.

use drempel::features::outcomes::{self, Observation, Rung, WaveMeasured, Workplace};
use reqwest::multipart::{Form, Part};

use crate::support::{App, Browser};

pub const STUDIO: &str = "/nl/studio/projects/kookclub";
pub const OWNER: &str = "owner@kookclub.example";

const ROWS: [&str; 10] = [
    "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, family)
     VALUES ('PI4060', 'IRIS+', 'Deelnemers', 'Participants', 'deelnemers', 'participants', 1, 'reach')",
    "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, family, part_of)
     VALUES ('certificates', 'OWN', 'Certificaten', 'Certificates', 'mensen', 'people', 1, 'training', 'PI4060')",
    "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, family, shape)
     VALUES ('confidence', 'OWN', 'Zelfvertrouwen', 'Confidence', 'punten', 'points', 0, 'people', 'mean')",
    "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, family, shape)
     VALUES ('ladder', 'LADDER', 'Participatieladder', 'Participation ladder', 'treden', 'rungs', 0, 'ladder', 'ladder')",
    "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, family, shape)
     VALUES ('grid', 'OWN', 'Werkladder', 'Work ladder', 'mensen', 'people', 1, 'grid', 'grid')",
    "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent)
     VALUES ('prm_1', 'prj_1', 1, 'certificates', 0, 12, '2027-12-31', 60)",
    "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent)
     VALUES ('prm_2', 'prj_1', 2, 'ladder', 0, 200, '2027-12-31', 40)",
    "INSERT INTO tracked (project_id, indicator) VALUES ('prj_1', 'PI4060')",
    "INSERT INTO users (id, email, name, language, created_at)
     VALUES ('usr_e', 'expert1@drempel.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
    "INSERT INTO staff_roles (user_id, role, granted_at) VALUES ('usr_e', 'expert', '2026-01-01T00:00:00.000Z')",
];

/// The one project promises certificates and rungs, and tracks how many people it reaches; the team has a reviewer and an expert.
pub async fn world() -> App {
    let app = App::start().await;
    for row in ROWS {
        app.sql(row).await.expect(row);
    }
    app
}

pub async fn measured(app: &App) -> Vec<WaveMeasured> {
    let mut conn = app.s.db.read().await.expect("a connection");
    outcomes::actions::measured(&mut conn, "prj_1").await.expect("waves")
}

/// A day that has been, so many days ago.
pub fn ago(app: &App, days: i64) -> String {
    app.s.clock.now().plus_days(-days).day()
}

/// Enters a wave with these fields and answers the status.
pub async fn enter(owner: &Browser, kind: &str, day: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let form = [&[("kind", kind), ("day", day), ("step", "save")], fields].concat();
    owner.post_for_text(&format!("{STUDIO}/outcomes"), &form).await
}

/// Somebody who sends files.
pub struct Sender {
    http: reqwest::Client,
    base: String,
}

impl Sender {
    pub async fn signed_in(app: &App, email: &str) -> Sender {
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).cookie_store(true).build().expect("a client");
        let form = [("email", email)];
        let answer = http.post(app.url("/dev/sign-in")).form(&form).send().await.expect("an answer");
        assert_eq!(answer.status(), 303);
        Sender { http, base: app.base.clone() }
    }

    /// Sends a file under a name, with other fields before it: status and what the page says, or where it leads.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)], name: &str, file: Vec<u8>) -> (u16, String) {
        let fill = |form: Form, (name, value): &(&str, &str)| form.text((*name).to_owned(), (*value).to_owned());
        let form = fields.iter().fold(Form::new(), fill).part("file", Part::bytes(file).file_name(name.to_owned()));
        let answer = self.http.post(format!("{}{path}", self.base)).multipart(form).send().await.expect("an answer");
        let status = answer.status().as_u16();
        let place = answer.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        (status, place.unwrap_or(answer.text().await.expect("a page")))
    }
}

#[tokio::test]
async fn a_wave_of_every_shape_is_checked_and_saved() {
    let app = world().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let track = [("track-PI4060", "yes"), ("track-confidence", "yes"), ("track-grid", "yes")];
    assert_eq!(owner.post(&format!("{STUDIO}/outcomes/tracked"), &track).await.0, 303);
    for name in ["", "bel 06-12345678", "mevrouw Jansen"] {
        assert_eq!(owner.post(&format!("{STUDIO}/outcomes/locations"), &[("location", name)]).await.0, 422, "{name}");
    }
    assert_eq!(owner.post(&format!("{STUDIO}/outcomes/locations"), &[("location", "Noord")]).await.0, 303);
    assert_eq!(owner.post(&format!("{STUDIO}/outcomes/locations"), &[("location", "Noord")]).await.0, 422, "twice");
    let mut conn = app.s.db.read().await.expect("a connection");
    let place = outcomes::actions::locations(&mut conn, "prj_1").await.expect("places").remove(0).id;
    drop(conn);
    let page = owner.read(&format!("{STUDIO}/outcomes")).await;
    assert!(page.contains("<summary>Noord</summary>") && page.contains("inputmode=\"numeric\""));
    let day = ago(&app, 3);
    let cell = format!("cell-grid-work_like-entrepreneur-{place}");
    let fields = [
        ("kind", "interim"),
        ("day", day.as_str()),
        ("count-PI4060", "20"),
        ("count-certificates", " 7 "),
        ("count-confidence", "7,4"),
        ("n-confidence", "13"),
        ("cell-ladder-2", "5"),
        ("cell-ladder-4", "6"),
        (cell.as_str(), "3"),
        ("cell-grid-social-societal-", "2"),
    ];
    let path = format!("{STUDIO}/outcomes");
    let (status, check) = owner.post_for_text(&path, &[&fields[..], &[("step", "check")]].concat()).await;
    assert_eq!(status, 200);
    for told in
        ["7,4 gemiddeld, van 13 mensen", "Trede 4: onbetaald werk: 6", "Noord): 3", "11 mensen, maar je hebt 20"]
    {
        assert!(check.contains(told), "{told}");
    }
    assert!(measured(&app).await.is_empty(), "looked at, not saved");
    let (status, back) = owner.post_for_text(&path, &[&fields[..], &[("step", "change")]].concat()).await;
    assert!(status == 200 && back.contains("value=\"7,4\"") && back.contains("<details open>"));
    assert_eq!(owner.post(&path, &[&fields[..], &[("step", "save")]].concat()).await.0, 303);
    let waves = measured(&app).await;
    let of = |code: &str| waves[0].of(code).expect(code).clone();
    assert_eq!(of("confidence"), Observation::mean("confidence", 740, 13));
    assert_eq!(of("ladder"), Observation::ladder("ladder", [0, 5, 0, 6, 0, 0]));
    assert_eq!((of("grid").value, of("grid").at(Rung::WorkLike, Workplace::Entrepreneur)), (5, 3));
    let filled = owner.read(&format!("{path}?wave={}", waves[0].wave.id)).await;
    assert!(filled.contains("value=\"7,4\"") && filled.contains("2,64") || filled.contains("3,09"), "{filled}");
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_nothing_is_saved() {
    let app = world().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let day = ago(&app, 3);
    for (fields, told) in [
        (&[("count-PI4060", "20"), ("count-certificates", "21")][..], "meer dan bij Deelnemers"),
        (&[("count-certificates", "1.000")], "heel getal"),
        (&[("count-certificates", "99999999999999999999")], "tot en met 1 000 000"),
        (&[("cell-ladder-3", "x")], "f-cell-ladder-3-error"),
        (&[("cell-ladder-3", "0")], "minstens één"),
        (&[("note_nl", "Dank aan mevrouw Jansen"), ("count-certificates", "1")], "naam van een persoon"),
        (&[], "minstens één aantal"),
    ] {
        let (status, page) = enter(&owner, "end", &day, fields).await;
        assert!(status == 422 && page.contains(told), "{status} {told}");
        assert!(fields.iter().all(|(_, value)| page.contains(value)), "what was typed is kept: {told}");
    }
    assert_eq!(enter(&owner, "end", &day, &[("count-unknown", "1")]).await.0, 400);
    assert!(measured(&app).await.is_empty());
}

#[tokio::test]
async fn a_file_is_saved_whole_or_not_at_all() {
    let app = world().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let sender = Sender::signed_in(&app, OWNER).await;
    let template = String::from_utf8(owner.file(&format!("{STUDIO}/outcomes/template.csv")).await).expect("UTF-8");
    assert!(template.starts_with("\u{feff}wave;day;indicator;row;column;location;value;n\r\n"));
    assert_eq!(template.lines().count(), 1 + 2 + 6);
    let path = format!("{STUDIO}/outcomes/file");
    let (first, second) = (ago(&app, 30), ago(&app, 2));
    let head = "wave,day,indicator,row,column,location,value,n\n";
    let wrong =
        format!("{head}intake,{first},PI4060,,,,20,\nend,{second},ladder,9,,,4,\nend,2999-01-01,certificates,,,,12,\n");
    let (status, page) = sender.send(&path, &[], "../../etc/passwd", wrong.into_bytes()).await;
    assert!(status == 422 && page.contains("<td class=\"num\">3</td><td class=\"mono\">row</td>"), "{page}");
    let ahead = format!("{head}intake,{first},PI4060,,,,20,\nend,2999-01-01,certificates,,,,12,\n");
    let (status, page) = sender.send(&path, &[], "a.csv", ahead.clone().into_bytes()).await;
    assert!(status == 422 && page.contains("<td class=\"num\">3</td><td class=\"mono\">day</td>"), "{page}");
    assert_eq!(owner.post(&format!("{path}/save"), &[("text", &ahead)]).await.0, 422);
    assert!(measured(&app).await.is_empty(), "nothing half");
    let right = format!(
        "{head}intake,{first},PI4060,,,,20,\nintake,{first},ladder,1,,,20,\nend,{second},PI4060,,,,18,\nend,{second},ladder,3,,,18,\n"
    );
    let (status, page) = sender.send(&path, &[], "a.csv", right.clone().into_bytes()).await;
    assert!(status == 200 && page.contains("Nog niets") || page.contains("nog niets opgeslagen"), "{page}");
    assert!(measured(&app).await.is_empty());
    assert_eq!(owner.post(&format!("{path}/save"), &[("text", &right)]).await.0, 303);
    assert_eq!(measured(&app).await.len(), 2);
    // a file that names one figure leaves the others
    let more = format!("\u{feff}{head}end,{second},certificates,,,,12,\n").replace(',', ";");
    assert_eq!(owner.post(&format!("{path}/save"), &[("text", &more)]).await.0, 303);
    let waves = measured(&app).await;
    assert_eq!(waves[1].observations.iter().map(|one| one.value).collect::<Vec<_>>(), [18, 12, 300]);
    let (status, page) = sender.send(&path, &[], "a.csv", vec![0xff; 200]).await;
    assert!(status == 422 && page.contains("UTF-8"));
    assert_eq!(sender.send(&path, &[], "a.csv", vec![b'x'; 1_000_000]).await.0, 413);
    assert_eq!(sender.send(&path, &[], "a.csv", Vec::new()).await.0, 422);
}

#[tokio::test]
async fn a_note_is_seen_by_others_once_the_team_looked_at_it() {
    let app = world().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let day = ago(&app, 3);
    let counted = [("count-certificates", "4"), ("note_nl", "Twee cursussen liepen uit.")];
    assert_eq!(enter(&owner, "interim", &day, &counted).await.0, 303);
    let wave = || async { measured(&app).await.remove(0).wave };
    assert_eq!(wave().await.public_note(drempel::values::Lang::Nl), "");
    assert!(reviewer.read("/nl/staff").await.contains("1 toelichting of bestand"));
    assert!(reviewer.read("/nl/staff/moderation").await.contains("Twee cursussen liepen uit."));
    let id = wave().await.id;
    let path = format!("/nl/staff/moderation/notes/{id}");
    let reason = format!("reason-{id}");
    let (status, page) = reviewer.post_for_text(&path, &[("step", "refuse"), (&reason, " ")]).await;
    assert!(status == 422 && page.contains("f-reason-wav_"), "{status}");
    assert_eq!(reviewer.post(&path, &[("step", "refuse"), (&reason, "Noemt een straat")]).await.0, 303);
    assert!(owner.read(&format!("{STUDIO}/outcomes")).await.contains("niet te zien: Noemt een straat"));
    assert_eq!(reviewer.post(&path, &[("step", "show"), (&reason, "")]).await.0, 303);
    assert_eq!(wave().await.public_note(drempel::values::Lang::En), "Twee cursussen liepen uit.");
    assert_eq!(reviewer.post(&path, &[("step", "show"), (&reason, "")]).await.0, 409);
    // the same note with other figures stays seen, another one waits
    assert_eq!(enter(&owner, "interim", &day, &[("count-certificates", "5"), counted[1]]).await.0, 303);
    assert!(!wave().await.public_note(drempel::values::Lang::Nl).is_empty());
    assert_eq!(enter(&owner, "interim", &day, &[("count-certificates", "5"), ("note_nl", "Anders.")]).await.0, 303);
    assert_eq!(wave().await.public_note(drempel::values::Lang::Nl), "");
    let treasurer = Browser::treasurer(&app, 1).await;
    assert_eq!(treasurer.post(&path, &[("step", "show"), (&reason, "")]).await.0, 403);
    app.sql("INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ('org_1', 'usr_r', 'editor', '2026-01-01T00:00:00.000Z')")
        .await
        .expect("a membership");
    let (status, page) = reviewer.post_for_text(&path, &[("step", "show"), (&reason, "")]).await;
    assert!(status == 403 && page.contains("Stichting Kookclub"), "who belongs to it decides nothing");
}

#[tokio::test]
async fn owners_are_reminded_of_a_wave_that_is_due_once() {
    let app = world().await;
    let today = app.s.clock.now().day();
    app.sql("UPDATE projects SET state = 'running', months = 3").await.expect("a state");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    sqlx::query("UPDATE projects SET start_day = $1").bind(&today).execute(&mut *tx).await.expect("a day");
    tx.commit().await.expect("a commit");
    let letters = async || app.letters(OWNER).await.into_iter().filter(|kind| kind == "wave_due").count();
    app.settle().await;
    app.advance(86_400).await;
    assert_eq!(letters().await, 1);
    app.advance(86_400).await;
    assert_eq!(letters().await, 1, "once");
    let owner = Browser::signed_in(&app, OWNER).await;
    assert_eq!(enter(&owner, "intake", &today, &[("count-certificates", "0")]).await.0, 303);
    app.advance(95 * 86_400).await;
    app.advance(86_400).await;
    assert_eq!(letters().await, 2, "the end, and nothing for what is there");
}
