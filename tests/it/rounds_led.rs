//! Rounds made and led by staff: their form, their schedule, the one extension, reminders, and what a sold-out project shows.

use drempel::features::approvals::Decider;
use drempel::features::calendar::{self, extension};
use drempel::features::cases::{self, CaseKind};
use drempel::features::rounds::{self, Round, RoundState};
use drempel::features::settlement;
use drempel::values::Timestamp;
use drempel::values::local_time::{instant, typed};

use crate::support::{App, Browser};

const ADMIN: &str = "admin@drempel.example";
const EXTENSION: &str = "/nl/staff/extensions/rnd_1";
const DAY: i64 = 86_400;

pub async fn round(app: &App, number: i64) -> Round {
    let mut conn = app.s.db.read().await.expect("a connection");
    rounds::actions::by_number(&mut conn, number).await.expect("a read").expect("a round")
}

/// A form for a round whose steps are so many days from now, at nine in the morning.
pub fn form(app: &App, number: &str, days: [i64; 4]) -> Vec<(&'static str, String)> {
    let mut form: Vec<(&str, String)> = [
        ("number", number),
        ("title_nl", "Ronde nieuw"),
        ("title_en", "Round new"),
        ("unit_price", "50"),
        ("minimum", "5"),
        ("near_miss_percent", "80"),
        ("rule_nl", "De regel."),
        ("rule_en", "The rule."),
        ("confirm", "yes"),
        ("step", "save"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    let names = [
        ("submissions_day", "submissions_time"),
        ("valuation_day", "valuation_time"),
        ("selling_day", "selling_time"),
        ("closes_day", "closes_time"),
    ];
    for ((day, time), days) in names.into_iter().zip(days) {
        form.push((day, app.s.clock.now().plus_days(days).day()));
        form.push((time, "09:00".to_owned()));
    }
    form.extend([("remainder", "refund".to_owned()), ("late_days", "180".to_owned())]);
    form
}

fn with(form: &[(&'static str, String)], changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let value = |name: &str, old: &String| {
        changes.iter().find(|(changed, _)| *changed == name).map_or_else(|| old.clone(), |(_, new)| (*new).to_owned())
    };
    form.iter().map(|(name, old)| (*name, value(name, old))).collect()
}

pub async fn send(browser: &Browser, path: &str, form: &[(&'static str, String)]) -> (u16, String) {
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post_for_text(path, &fields).await
}

#[tokio::test]
async fn an_admin_makes_a_round_that_takes_its_steps_but_not_to_the_sale_without_a_project() {
    let app = App::start_demo().await;
    let path = "/nl/staff/rounds/new";
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let new = form(&app, "9", [2, 4, 6, 8]);
    assert_eq!((send(&reviewer, path, &new).await.0, reviewer.get(path).await.0), (403, 403));
    let admin = Browser::signed_in(&app, ADMIN).await;
    let proposed = send(&admin, path, &with(&new, &[("step", "propose"), ("rule_nl", "")])).await;
    assert!(proposed.0 == 200 && proposed.1.contains("kost één Rikx €\u{a0}50"), "{}", proposed.1);
    for (field, wrong, words) in [
        ("number", "3", "heeft een andere ronde al"),
        ("confirm", "", "zet het vinkje"),
        ("minimum", "5,25", "heel aantal honderdsten"),
        ("closes_day", "3-1-2020", "Kies een moment dat nog komt"),
        ("valuation_day", new[10].1.as_str(), "Kies een later moment"),
        ("title_en", " ", "Vul een titel in"),
        ("near_miss_percent", "100", "van 0 tot en met 99"),
    ] {
        let (status, page) = send(&admin, path, &with(&new, &[(field, wrong)])).await;
        assert!(status == 422 && page.contains(words), "{field} {wrong}: {status} {page}");
    }
    assert_eq!(send(&admin, path, &new).await.0, 303);
    let made = round(&app, 9).await;
    assert_eq!((made.state, made.unit_price_eur, made.near_miss_percent), (RoundState::Planned, 50, 80));
    assert_eq!(typed(made.closes_at).1, "09:00");

    app.advance(2 * DAY + 3_600 * 24).await;
    assert_eq!(round(&app, 9).await.state, RoundState::Submissions);
    app.advance(5 * DAY).await;
    assert_eq!(round(&app, 9).await.state, RoundState::Valuation, "nothing can be sold");
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let page = reviewer.read("/nl/staff/rounds/9").await;
    assert!(page.contains("De verkoop had moeten beginnen"), "{page}");
    assert!(reviewer.read("/nl/staff/rounds/9/criteria").await.contains("Waarde voor deelnemers"));
    let case = async || {
        let mut conn = app.s.db.read().await.expect("a connection");
        cases::actions::about(&mut conn, CaseKind::RoundNotBegun, &made.id).await.expect("a look").expect("a case")
    };
    let opened = case().await;
    app.settle().await;
    assert_eq!(case().await.opened_at, opened.opened_at, "one case");
    assert!(reviewer.read("/nl/staff/cases").await.contains("Een ronde kan niet in de verkoop"));
    // the dates of steps that were not taken can still move
    let admin = Browser::signed_in(&app, ADMIN).await;
    let later = form(&app, "9", [-7, -5, 10, 20]);
    let kept = with(&later, &[("submissions_day", new[10].1.as_str()), ("valuation_day", new[12].1.as_str())]);
    let (status, page) = send(&admin, "/nl/staff/rounds/9/edit", &kept).await;
    assert_eq!(status, 303, "{page}");
    let page = admin.read("/nl/staff/rounds/9").await;
    assert!(page.contains("selling: ") && !page.contains("De verkoop had moeten beginnen"), "{page}");
    app.verify().await;
}

#[tokio::test]
async fn f86_a_time_in_the_night_of_the_clock_change_is_explained_and_not_guessed() {
    let app = App::start_demo().await;
    let admin = Browser::signed_in(&app, ADMIN).await;
    let new = form(&app, "9", [2, 4, 6, 8]);
    for (day, words) in [("25-10-2026", "deze tijd is er twee keer"), ("2027-03-28", "deze tijd bestaat dan niet")] {
        let night = with(&new, &[("closes_day", day), ("closes_time", "2:30")]);
        let (status, page) = send(&admin, "/nl/staff/rounds/new", &night).await;
        assert!(status == 422 && page.contains(words), "{day}: {status} {page}");
        assert!(page.contains("value=\"2:30\""), "what was typed is kept");
    }
    assert!(admin.get("/nl/staff/rounds/9").await.0 == 404, "nothing was made");
}

#[tokio::test]
async fn what_was_published_is_fixed_once_selling_began_and_changes_stay_on_record() {
    let app = App::start_demo().await;
    let admin = Browser::signed_in(&app, ADMIN).await;
    let now = round(&app, 3).await;
    let mut same = form(&app, "3", [0; 4]);
    let moments = [now.submissions_at, now.valuation_at, now.selling_at, now.closes_at];
    let shown: Vec<(String, String)> = moments.into_iter().map(typed).collect();
    for (place, (day, time)) in shown.iter().enumerate() {
        same[10 + 2 * place].1.clone_from(day);
        same[11 + 2 * place].1.clone_from(time);
    }
    let (minimum, percent) = ("5".to_owned(), now.near_miss_percent.to_string());
    let price = now.unit_price_eur.to_string();
    let same = with(
        &same,
        &[
            ("unit_price", price.as_str()),
            ("minimum", minimum.as_str()),
            ("near_miss_percent", percent.as_str()),
            ("rule_nl", now.rule_nl.as_str()),
            ("rule_en", now.rule_en.as_str()),
            ("title_nl", "Ronde drie"),
        ],
    );
    let path = "/nl/staff/rounds/3/edit";
    let later = app.s.clock.now().plus_days(60).day();
    for (field, other) in
        [("unit_price", "99"), ("minimum", "6"), ("rule_en", "Other"), ("number", "8"), ("closes_day", later.as_str())]
    {
        let (status, page) = send(&admin, path, &with(&same, &[(field, other)])).await;
        assert!(status == 422 && page.contains(&format!("f-{field}-error")), "{field}: {status} {page}");
    }
    let (status, page) = send(&admin, path, &same).await;
    assert_eq!(status, 303, "{page}");
    let page = admin.read("/nl/staff/rounds/3").await;
    assert!(page.contains("title_nl: ") && page.contains("→ Ronde drie"), "{page}");
    assert_eq!(round(&app, 3).await.rule_nl, now.rule_nl);
}

/// A treasurer proposes to close so many days later.
async fn propose(app: &App, days: i64) -> (u16, String) {
    let (day, time) = typed(round(app, 1).await.closes_at.plus_days(days));
    let form = [
        ("closes_day", day.as_str()),
        ("closes_time", time.as_str()),
        ("reason_nl", "De zaal was dicht."),
        ("reason_en", "The hall was \"closed\".\nAll week."),
    ];
    Browser::treasurer(app, 1).await.post_for_text(&format!("{EXTENSION}/propose"), &form).await
}

/// What is left of a moment in a form.
fn to_the_minute(at: Timestamp) -> Timestamp {
    let (day, time) = typed(at);
    instant(&day, &time).expect("a moment")
}

async fn approve(app: &App) -> u16 {
    let other = Browser::treasurer(app, 2).await;
    let hash = other.marked(EXTENSION, "data-hash").await;
    other.post(&format!("{EXTENSION}/approve"), &[("hash", &hash)]).await.0
}

async fn count(app: &App, email: &str, kind: &str) -> usize {
    app.letters(email).await.iter().filter(|sent| *sent == kind).count()
}

#[tokio::test]
async fn a_round_is_extended_once_by_two_people_and_everybody_concerned_is_told_once() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(5_000, "Anna").await;
    let waiting = app.gift(2_500, "Bert").await;
    let old = round(&app, 1).await.closes_at;
    assert!(propose(&app, 31).await.1.contains("binnen 30 dagen"));
    assert!(propose(&app, 0).await.1.contains("na het sluiten"));
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(reviewer.post(&format!("{EXTENSION}/propose"), &[("reason_nl", "x")]).await.0, 403);
    let (day, time) = typed(old.plus_days(5));
    for (field, other) in [("reason_en", "reason_nl"), ("reason_nl", "reason_en")] {
        let form = [("closes_day", day.as_str()), ("closes_time", time.as_str()), (other, "x"), (field, " ")];
        let (status, page) =
            Browser::treasurer(&app, 1).await.post_for_text(&format!("{EXTENSION}/propose"), &form).await;
        assert!(status == 422 && page.contains(&format!("f-{field}-error")), "{field}: {status} {page}");
    }
    assert_eq!(propose(&app, 5).await.0, 303);
    assert!(
        Browser::treasurer(&app, 2).await.read("/nl/staff/approvals").await.contains("Een ronde langer openhouden")
    );
    let first = Browser::treasurer(&app, 1).await;
    let hash = first.marked(EXTENSION, "data-hash").await;
    assert_eq!(first.post(&format!("{EXTENSION}/approve"), &[("hash", &hash)]).await.0, 403, "an own proposal");
    assert_eq!(approve(&app).await, 303);
    app.settle().await;
    let after = round(&app, 1).await;
    assert_eq!((after.closes_at, after.state), (to_the_minute(old.plus_days(5)), RoundState::Selling));
    assert_eq!(app.state_in_database(&waiting).await, "reserved", "reservations stay as they are");
    assert_eq!(count(&app, "owner@kookclub.example", "round_extended_owner").await, 1);
    for name in ["anna", "bert"] {
        assert_eq!(count(&app, &format!("{name}@example.org"), "round_extended_backer").await, 1, "{name}");
    }
    for path in ["/nl/rounds/1", "/nl/projects/kookclub"] {
        let page = Browser::new(&app).read(path).await;
        assert!(page.contains("Deze ronde duurt langer") && page.contains("De zaal was dicht."), "{path}");
        assert!(page.contains(&old.show_moment(drempel::values::Lang::Nl)), "{path} names the old date");
    }
    let english = Browser::new(&app).read("/en/rounds/1").await;
    assert!(english.contains("The hall was &#34;closed&#34;.") && !english.contains("De zaal was dicht."), "{english}");
    for path in ["/api/v1/rounds/1", "/api/v1/rounds"] {
        let answer = app.http.get(app.url(path)).send().await.expect("an answer");
        let answer: serde_json::Value = answer.json().await.expect("JSON");
        let round = if path.ends_with('1') && path != "/api/v1/rounds" { answer } else { answer["items"][0].clone() };
        let extension = &round["extension"];
        assert_eq!(extension["reason_nl"], "De zaal was dicht.", "{path}: {round}");
        assert_eq!(extension["reason_en"], "The hall was \"closed\".\nAll week.");
        assert_eq!(
            (&extension["first_closes_at"], &extension["closes_at"]),
            (&old.to_string().into(), &round["closes_at"])
        );
    }
    assert_eq!(propose(&app, 5).await.0, 409, "only once");
    app.advance(11 * DAY).await;
    assert_eq!(round(&app, 1).await.state, RoundState::Selling);
    app.advance(5 * DAY).await;
    assert_eq!(round(&app, 1).await.state, RoundState::Closing);
    app.verify().await;
}

#[tokio::test]
async fn of_an_extension_and_the_close_at_the_same_moment_one_wins() {
    for turn in 0..4 {
        let app = App::start().await;
        let closes = round(&app, 1).await.closes_at;
        assert_eq!(propose(&app, 3).await.0, 303);
        let hash = Browser::treasurer(&app, 2).await.marked(EXTENSION, "data-hash").await;
        app.s.clock.set_offset_seconds(10 * DAY);
        // the approval was asked for a moment before the instant, and comes through when the worker looks
        let (asked, fresh) = (closes.plus_millis(-1), Timestamp::from_seconds(closes.seconds() + 300));
        let extend = async {
            let mut tx = app.s.db.begin().await.expect("a transaction");
            let by = Decider { user_id: "usr_t2", fresh_until: fresh };
            let done = extension::approve(&mut tx, by, "rnd_1", &hash, asked).await;
            if done.is_ok() {
                tx.commit().await.expect("a commit");
            }
            done
        };
        // a proposal holds for a day only, so it is made again at the last moment
        app.sql("UPDATE proposals SET expires_at = '9999-01-01T00:00:00.000Z'").await.expect("a longer proposal");
        let (extended, closed) = if turn % 2 == 0 {
            tokio::join!(extend, settlement::actions::begin_due(&app.s))
        } else {
            let (closed, extended) = tokio::join!(settlement::actions::begin_due(&app.s), extend);
            (extended, closed)
        };
        let closed = closed.expect("a look");
        let after = round(&app, 1).await;
        match extended {
            Ok(()) => assert_eq!(
                (closed, after.state, after.closes_at),
                (0, RoundState::Selling, to_the_minute(closes.plus_days(3)))
            ),
            Err(error) => {
                assert_eq!(error.refusal(), Some(&calendar::Refusal::NotSelling), "{error}");
                assert_eq!((closed, after.state, after.closes_at), (1, RoundState::Closing, closes));
            }
        }
    }
}

/// Follows the project, with or without the tick, and confirms by the letter's link.
async fn follow(app: &App, name: &str, remind: bool) {
    let email = format!("{name}@example.org");
    let visitor = Browser::new(app);
    let mut form = vec![("email", email.as_str())];
    if remind {
        form.push(("remind", "yes"));
    }
    assert_eq!(visitor.post("/nl/projects/kookclub/follow", &form).await.0, 303);
    app.settle().await;
    let letters = std::fs::read_dir(app.letters_folder()).expect("letters").flatten();
    let link = letters.filter_map(|file| {
        let bytes = std::fs::read(file.path()).ok()?;
        let letter = mail_parser::MessageParser::default().parse(&bytes)?;
        let text = letter.body_text(0)?.into_owned();
        let to = letter.to()?.first()?.address()?.to_owned();
        let start = text.find("/nl/follow/").filter(|_| to == email)?;
        text[start..].split_whitespace().next().map(str::to_owned)
    });
    let link = link.last().expect("a letter with a link");
    assert!(visitor.post_for_text(&link, &[]).await.1.contains("Je volgt dit project"));
}

#[tokio::test]
async fn reminders_come_once_before_each_closing_instant_and_move_along_with_it() {
    let app = App::start().await;
    follow(&app, "carla", true).await;
    follow(&app, "dirk", false).await;
    let (owner, carla) = ("owner@kookclub.example", "carla@example.org");
    app.settle().await;
    assert_eq!(count(&app, owner, "reminder_owner_week").await, 0);
    app.advance(3 * DAY + 60).await;
    app.settle().await;
    assert_eq!(count(&app, owner, "reminder_owner_week").await, 1);
    assert_eq!(propose(&app, 6).await.0, 303);
    assert_eq!(approve(&app).await, 303);
    app.advance(5 * DAY + 60).await;
    assert_eq!(count(&app, owner, "reminder_owner_days").await, 0, "the old instant no longer counts");
    assert_eq!(count(&app, carla, "reminder_follower").await, 0);
    assert_eq!(count(&app, owner, "reminder_owner_week").await, 1, "the new instant is 8 days away");
    app.advance(2 * DAY).await;
    assert_eq!(count(&app, owner, "reminder_owner_week").await, 2, "and has its own week");
    app.advance(4 * DAY).await;
    for _ in 0..2 {
        app.advance(60).await;
        assert_eq!(count(&app, owner, "reminder_owner_days").await, 1);
        assert_eq!(count(&app, carla, "reminder_follower").await, 1);
        assert_eq!(count(&app, "dirk@example.org", "reminder_follower").await, 0, "did not ask for it");
    }
    let page = Browser::new(&app).read("/nl/projects/kookclub").await;
    assert!(page.contains("Nog 1 dag en 2"), "{page}");
}

#[tokio::test]
async fn a_follower_who_asks_later_confirms_it_and_can_switch_it_off() {
    let app = App::start().await;
    follow(&app, "carla", false).await;
    app.advance(60).await;
    follow(&app, "carla", true).await;
    let carla = Browser::signed_in(&app, "carla@example.org").await;
    let page = carla.read("/nl/account/mail").await;
    assert!(page.contains("Herinner me niet meer"), "{page}");
    let id = page.split("name=\"follow\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a follow");
    assert_eq!(carla.post("/nl/account/mail/remind", &[("follow", id)]).await.0, 303);
    app.advance(8 * DAY + 60).await;
    assert_eq!(count(&app, "carla@example.org", "reminder_follower").await, 0);
}

#[tokio::test]
async fn a_sold_out_project_is_shown_as_such_and_not_decided_before_the_close() {
    let app = App::start().await;
    app.paid_gift(100_000, "Anna").await;
    let api = async || {
        let url = app.url("/api/v1/projects/kookclub");
        app.http.get(url).send().await.expect("an answer").json::<serde_json::Value>().await.expect("JSON")
    };
    let facts = api().await;
    assert_eq!((&facts["sold_out"], &facts["status"]), (&true.into(), &"listed".into()), "{facts}");
    for path in ["/nl/projects/kookclub", "/nl/projects", "/nl/rounds/1"] {
        assert!(Browser::new(&app).read(path).await.contains("Alles is toegezegd"), "{path}");
    }
    assert_eq!(round(&app, 1).await.state, RoundState::Selling);
    app.advance(10 * DAY + 60).await;
    assert_eq!(api().await["sold_out"], false, "the close decides");
}
