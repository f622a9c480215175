//! Rights that change while a page is open: the next form of that page is refused, and nothing of it happens.

use drempel::features::organisations;
use drempel::features::users::actions as users;

use crate::support::{App, Browser};

const OWNER: &str = "owner@hotspot-hutspot.example";
const OWN: &str = "/nl/studio/organisations/hotspot-hutspot";

async fn count(app: &App, query: &'static str) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let found: (i64,) = sqlx::query_as(query).fetch_one(&mut *conn).await.expect("a count");
    found.0
}

#[tokio::test]
async fn f94_a_staff_role_that_was_taken_away_decides_nothing_more() {
    let app = App::start_demo().await;
    let treasurer = Browser::treasurer(&app, 1).await;
    let page = "/nl/staff/jobs/refunds";
    treasurer.read(page).await;
    app.sql(
        "DELETE FROM staff_roles WHERE user_id = (SELECT id FROM users WHERE email = 'treasurer1@drempel.example')",
    )
    .await
    .expect("a role taken away");
    let form = [("to", "off"), ("reason", "too late")];
    assert_eq!(treasurer.post(&format!("{page}/switch"), &form).await.0, 403);
    assert_eq!(treasurer.get(page).await.0, 403);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM periodic_tasks WHERE off_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn f94_one_role_taken_of_two_takes_its_own_acts_with_it() {
    let app = App::start_demo().await;
    app.sql(
        "INSERT INTO staff_roles (user_id, role, granted_at)
         SELECT id, 'reviewer', created_at FROM users WHERE email = 'treasurer1@drempel.example'",
    )
    .await
    .expect("a second role");
    let both = Browser::treasurer(&app, 1).await;
    both.read("/nl/staff/transfers").await;
    app.sql("DELETE FROM staff_roles WHERE role = 'treasurer'").await.expect("a role taken away");
    assert_eq!(both.post("/nl/staff/transfers/propose", &[]).await.0, 403);
    both.read("/nl/staff/transfers").await;
}

#[tokio::test]
async fn f94_an_expert_who_was_taken_off_a_valuation_scores_nothing_more() {
    let app = App::start_demo().await;
    app.sql("UPDATE valuation_reviews SET state = 'open', handed_in_at = NULL WHERE state = 'handed_in'")
        .await
        .expect("a review");
    let expert = Browser::signed_in(&app, "expert1@drempel.example").await;
    let page = "/nl/staff/valuation/koken-voor-de-hele-straat";
    assert!(expert.read(page).await.contains("name=\"score_1\""));
    app.sql("UPDATE valuation_reviews SET state = 'removed'").await.expect("a removal");
    let before = count(&app, "SELECT COUNT(*) FROM valuation_scores WHERE reason = 'too late'").await;
    let answer =
        expert.post(&format!("{page}/scores"), &[("score_1", "5"), ("reason_1", "too late"), ("step", "save")]).await;
    assert_eq!(answer.0, 403);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM valuation_scores WHERE reason = 'too late'").await, before);
}

/// A second member of the owner's organisation, with this role.
async fn colleague(app: &App, role: organisations::MemberRole) -> Browser {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let email = drempel::values::text::Email::parse("colleague@example.org").expect("an address");
    let now = app.s.clock.now();
    let user = users::known_or_new(&mut tx, &email, drempel::values::Lang::Nl, now).await.expect("a user");
    let own = organisations::actions::by_slug(&mut tx, "hotspot-hutspot").await.expect("a read").expect("a maker");
    organisations::actions::add_member(&mut tx, &own.id, &user.id, role, now).await.expect("a member");
    tx.commit().await.expect("a commit");
    Browser::signed_in(app, "colleague@example.org").await
}

async fn colleague_id(app: &App) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    users::by_email(&mut conn, "colleague@example.org").await.expect("a read").expect("a user").id
}

#[tokio::test]
async fn f94_a_member_who_was_removed_or_has_another_role_now_is_refused_at_once() {
    let app = App::start_demo().await;
    let colleague = colleague(&app, organisations::MemberRole::Owner).await;
    let (id, owner) = (colleague_id(&app).await, Browser::signed_in(&app, OWNER).await);
    colleague.read(&format!("{OWN}/members")).await;
    let invite = [("email", "friend@example.org"), ("role", "owner")];
    assert_eq!(owner.post(&format!("{OWN}/members/{id}/role"), &[("role", "editor")]).await.0, 303);
    assert_eq!(colleague.post(&format!("{OWN}/members/invite"), &invite).await.0, 403, "no owner any more");

    let texts = "/nl/studio/projects/procesversneller/texts";
    colleague.read(texts).await;
    assert_eq!(owner.post(&format!("{OWN}/members/{id}/remove"), &[]).await.0, 303);
    assert_eq!(colleague.post(texts, &[("summary_nl", "too late")]).await.0, 404, "no member any more");
    assert_eq!(colleague.get(texts).await.0, 404);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM invitations").await, 0);
}

#[tokio::test]
async fn f94_a_session_that_was_ended_elsewhere_sends_nothing_more() {
    let app = App::start_demo().await;
    let (here, there) = (Browser::signed_in(&app, OWNER).await, Browser::signed_in(&app, OWNER).await);
    here.read("/nl/account").await;
    assert_eq!(there.post("/nl/account/sessions/end-others", &[]).await.0, 303);
    let (status, to) = here.post("/nl/account", &[("name", "too late"), ("language", "nl")]).await;
    assert_eq!((status, to.as_str()), (303, "/nl/sign-in"));
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users WHERE name = 'too late'").await, 0);
}

#[tokio::test]
async fn f94_a_second_factor_that_has_grown_old_is_asked_again() {
    let app = App::start_demo().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    owner.read(&format!("{OWN}/members")).await;
    app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + 301);
    let (status, to) =
        owner.post(&format!("{OWN}/members/invite"), &[("email", "friend@example.org"), ("role", "owner")]).await;
    assert!(status == 303 && to.starts_with("/nl/sign-in/factor"), "{status} {to}");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM invitations").await, 0);
}
