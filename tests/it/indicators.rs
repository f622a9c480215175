//! The list of indicators: the team adds to it and changes it; what a figure means never changes.

use drempel::features::outcomes::{Shape, catalogue};

use crate::support::{App, Browser};

const LIST: &str = "/en/staff/indicators";

fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("code", "bread-baked"),
        ("scheme", "OWN"),
        ("name_nl", "Broden gebakken"),
        ("name_en", "Loaves baked"),
        ("unit_nl", "broden"),
        ("unit_en", "loaves"),
        ("shape", "count"),
        ("family", "other"),
        ("direction", "up"),
        ("additive", "yes"),
        ("sdg", "2.1  12.3"),
        ("part_of", ""),
        ("licence_nl", ""),
        ("licence_en", ""),
    ];
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    form
}

#[tokio::test]
async fn the_team_adds_an_indicator_changes_and_retires_it() {
    let app = App::start().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let treasurer = Browser::signed_in(&app, "treasurer1@drempel.example").await;
    let new = format!("{LIST}/new");
    assert_eq!(treasurer.post(&new, &form(&[])).await.0, 403);
    for (field, wrong) in [
        ("code", "two words"),
        ("code", ""),
        ("scheme", ""),
        ("name_nl", " "),
        ("unit_en", ""),
        ("shape", "cloud"),
        ("family", ""),
        ("sdg", "8,5"),
        ("sdg", "18.1"),
        ("part_of", "nothing"),
        ("licence_nl", &"x".repeat(301)),
    ] {
        let (status, page) = reviewer.post_for_text(&new, &form(&[(field, wrong)])).await;
        assert_eq!(status, 422, "{field}: {wrong}");
        assert!(page.contains(&format!("id=\"f-{field}-error\"")), "{field}: {wrong}");
    }
    assert_eq!(reviewer.post(&new, &form(&[])).await.0, 303);
    assert_eq!(reviewer.post(&new, &form(&[])).await.0, 422, "the code is taken");
    let own = format!("{LIST}/bread-baked");
    let changed: Vec<_> = form(&[("name_en", "Bread baked"), ("retired", "yes"), ("shape", "mean")])
        .into_iter()
        .filter(|(name, _)| !["code", "scheme"].contains(name))
        .collect();
    assert_eq!(reviewer.post(&own, &changed).await.0, 303);
    let mut conn = app.s.db.read().await.expect("a connection");
    let indicator = catalogue::find(&mut conn, "bread-baked").await.expect("a list").expect("an indicator");
    assert_eq!((indicator.name_en.as_str(), indicator.sdg.as_str()), ("Bread baked", "2.1 12.3"));
    assert_eq!((indicator.shape, indicator.counts_people, indicator.additive), (Shape::Count, 0, 1));
    assert!(indicator.retired_at.is_some());
    let list = treasurer.read(LIST).await;
    assert!(list.contains("Bread baked") && list.contains("no longer chosen"), "{list}");
}
