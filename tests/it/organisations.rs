//! Organisations: registered by anybody, confirmed by the team, with members whose roles decide what they may do.

use drempel::features::organisations::{OrganisationState, actions as organisations};

use crate::payouts::{checked_account, decided, funded, planned};
use crate::support::{App, Browser};

const DAY: i64 = 86_400;
const USERS: &str = "INSERT INTO users (id, email, name, language, created_at) VALUES
    ('usr_a', 'anna@example.org', 'Anna', 'nl', '2026-01-01T00:00:00.000Z'),
    ('usr_b', 'bert@example.org', '', 'en', '2026-01-01T00:00:00.000Z'),
    ('usr_c', 'cees@example.org', '', 'nl', '2026-01-01T00:00:00.000Z')";
pub const ADMIN: &str = "INSERT INTO staff_roles (user_id, role, granted_at) VALUES
    ('usr_r', 'admin', '2026-01-01T00:00:00.000Z')";

/// What somebody fills in to register, with some answers changed.
pub fn data<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("name", "Stichting De Werkplaats"),
        ("kind", "maker"),
        ("kvk_number", "1234 5678"),
        ("legal_form", "stichting"),
        ("rsin", "1234.56.782"),
        ("anbi", "yes"),
        ("pso", "2"),
        ("pso_until", "1-10-2030"),
        ("area", "Delfshaven"),
        ("description_nl", "Wij maken meubels."),
        ("description_en", "We make furniture."),
    ];
    for (field, value) in changes {
        form.retain(|(name, _)| name != field);
        form.push((field, value));
    }
    form
}

pub async fn with_people() -> App {
    let app = App::start().await;
    app.sql(USERS).await.expect("people");
    app
}

async fn state(app: &App, slug: &str) -> OrganisationState {
    let mut conn = app.s.db.read().await.expect("a connection");
    organisations::by_slug(&mut conn, slug).await.expect("a read").expect("an organisation").state
}

async fn version(app: &App, slug: &str) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    organisations::by_slug(&mut conn, slug).await.expect("a read").expect("an organisation").version.to_string()
}

pub async fn confirm(app: &App, slug: &str) -> u16 {
    let reviewer = Browser::signed_in(app, "reviewer@drempel.example").await;
    let form = [("version", &*version(app, slug).await)];
    let status = reviewer.post(&format!("/nl/staff/organisations/{slug}/confirm"), &form).await.0;
    app.settle().await;
    status
}

/// Registers an organisation and has it confirmed.
pub async fn confirmed(app: &App, email: &str, name: &str, kvk: &str) -> String {
    let owner = Browser::signed_in(app, email).await;
    let (status, path) =
        owner.post("/nl/studio/organisations/new", &data(&[("name", name), ("kvk_number", kvk)])).await;
    assert_eq!(status, 303, "{name}");
    let slug = path.split(['/', '?']).nth(4).expect("a slug").to_owned();
    assert_eq!(confirm(app, &slug).await, 303);
    slug
}

#[tokio::test]
async fn an_organisation_is_registered_asked_about_and_confirmed() {
    let app = with_people().await;
    let owner = Browser::signed_in(&app, "anna@example.org").await;
    let (status, path) = owner.post("/nl/studio/organisations/new", &data(&[])).await;
    assert_eq!(
        (status, path.as_str()),
        (303, "/nl/studio/organisations/stichting-de-werkplaats?done=organisation-registered")
    );
    let slug = "stichting-de-werkplaats";
    assert_eq!(state(&app, slug).await, OrganisationState::Registered);
    assert_eq!(Browser::new(&app).get(&format!("/nl/organisations/{slug}")).await.0, 404, "not public before");
    let staff = format!("/nl/staff/organisations/{slug}");
    let treasurer = Browser::treasurer(&app, 1).await;
    assert_eq!(treasurer.post(&format!("{staff}/confirm"), &[("version", "1")]).await.0, 403, "not a treasurer's");
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert!(reviewer.read("/nl/staff").await.contains("1 organisatie opzoeken"));
    assert!(reviewer.read("/nl/staff/organisations?q=werkplaats").await.contains(slug));
    assert!(reviewer.read("/nl/staff/organisations?q=12345678").await.contains(slug));
    assert!(!reviewer.read("/nl/staff/organisations?state=confirmed").await.contains(slug));
    let ask = |question| [("version", "1"), ("question", question)];
    assert_eq!(reviewer.post(&format!("{staff}/return"), &ask(" ")).await.0, 422);
    assert_eq!(reviewer.post(&format!("{staff}/return"), &ask("Wie is de voorzitter?")).await.0, 303);
    app.settle().await;
    assert!(owner.read(&format!("/nl/studio/organisations/{slug}")).await.contains("Wie is de voorzitter?"));
    assert_eq!(reviewer.post(&format!("{staff}/confirm"), &[("version", "1")]).await.0, 409, "it waits for an answer");
    let mut answer = data(&[("description_nl", "Wij maken meubels. Voorzitter: Anna.")]);
    answer.push(("version", "1"));
    assert_eq!(owner.post(&format!("/nl/studio/organisations/{slug}/edit"), &answer).await.0, 303);
    assert_eq!(reviewer.post(&format!("{staff}/confirm"), &[("version", "1")]).await.0, 409, "another version by now");
    assert_eq!(confirm(&app, slug).await, 303);
    assert_eq!(state(&app, slug).await, OrganisationState::Confirmed);
    let page = Browser::new(&app).read(&format!("/en/organisations/{slug}")).await;
    for fact in ["12345678", "Foundation (stichting)", "a charity listed", "Step 2, valid until"] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
    assert!(!page.contains("123456782"), "the tax number is not public");
    assert_eq!(app.letters("anna@example.org").await, ["organisation_confirmed", "organisation_returned"]);
    app.verify().await;
}

#[tokio::test]
async fn who_was_never_here_gets_a_code_on_the_way_to_registering_and_only_then() {
    let app = App::start().await;
    let browser = Browser::new(&app);
    assert_eq!(browser.get("/nl/studio/organisations/new").await.1, "/nl/sign-in?next=%2Fstudio%2Forganisations%2Fnew");
    assert_eq!(browser.post("/nl/sign-in", &[("email", "zoe@example.org"), ("next", "/account")]).await.0, 303);
    app.settle().await;
    assert!(app.letters("zoe@example.org").await.is_empty());
    let next = "/studio/organisations/new";
    assert_eq!(browser.post("/nl/sign-in", &[("email", "zoe@example.org"), ("next", next)]).await.0, 303);
    app.settle().await;
    assert_eq!(app.letters("zoe@example.org").await, ["sign_in"]);
}

#[tokio::test]
async fn wrong_numbers_and_a_number_of_another_are_refused_beside_their_fields() {
    let app = with_people().await;
    let anna = Browser::signed_in(&app, "anna@example.org").await;
    for (field, value, sentence) in [
        ("kvk_number", "1234567", "precies acht cijfers"),
        ("rsin", "123456789", "Dit is geen RSIN"),
        ("rsin", "", "een ANBI heeft er altijd een"),
        ("pso_until", "gauw", "laatste dag van het certificaat"),
        ("legal_form", "", "f-legal_form-error"),
        ("name", "", "Vul de naam in"),
    ] {
        let (status, page) = anna.post_for_text("/nl/studio/organisations/new", &data(&[(field, value)])).await;
        assert_eq!(status, 422, "{field}");
        assert!(page.contains(sentence) && page.contains("Stichting De Werkplaats") || field == "name", "{field}");
    }
    assert_eq!(anna.post("/nl/studio/organisations/new", &data(&[])).await.0, 303);
    let bert = Browser::signed_in(&app, "bert@example.org").await;
    let (status, page) = bert.post_for_text("/nl/studio/organisations/new", &data(&[("name", "Anders")])).await;
    assert_eq!(status, 422);
    assert!(page.contains("Vraag een eigenaar om je uit te nodigen"), "{page}");
    let path = "/nl/studio/organisations/stichting-de-werkplaats";
    assert_eq!(bert.post(&format!("{path}/withdraw"), &[]).await.0, 404, "not his");
    assert_eq!(anna.post(&format!("{path}/withdraw"), &[]).await.0, 303);
    // the number is free again, the address is not
    assert_eq!(
        bert.post("/nl/studio/organisations/new", &data(&[])).await.1,
        format!("{path}-2?done=organisation-registered")
    );
    let mut other = data(&[("kvk_number", "87654321"), ("name", "Derde")]);
    assert_eq!(bert.post("/nl/studio/organisations/new", &other).await.0, 303);
    other = data(&[("name", "Derde")]);
    other.push(("version", "1"));
    let (status, page) = bert.post_for_text("/nl/studio/organisations/derde/edit", &other).await;
    assert_eq!(status, 422);
    assert!(page.contains("al een organisatie met dit KvK-nummer"));
    assert!(app.sql("UPDATE organisations SET kvk_number = '12345678'").await.is_err(), "the database refuses it too");
}

#[tokio::test]
async fn f62_another_name_asks_for_confirming_again_and_payouts_wait_for_that() {
    let app = funded().await;
    app.sql(ADMIN).await.expect("a role");
    checked_account(&app, "NL91ABNA0417164300").await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let edit = "/nl/studio/organisations/kookclub/edit";
    let mut form = data(&[("name", "Stichting Kookclub"), ("description_nl", "Anders.")]);
    form.push(("version", "1"));
    assert_eq!(owner.post(edit, &form).await.0, 303);
    assert_eq!(state(&app, "kookclub").await, OrganisationState::Registered, "its numbers are new");
    assert_eq!(owner.post(edit, &form).await.0, 409, "changed since");
    decided(&app, "250").await;
    assert!(planned(&app).await.is_empty(), "nothing leaves while nobody looked it up");
    let page = owner.read("/nl/studio/payouts").await;
    assert!(page.contains("Wacht tot ons team de organisatie heeft bevestigd"), "{page}");
    assert_eq!(Browser::new(&app).get("/nl/organisations/kookclub").await.0, 200, "its page stays");
    assert_eq!(confirm(&app, "kookclub").await, 303);
    assert_eq!(planned(&app).await.len(), 1, "what waited goes on");
    let mut same = data(&[("name", "Stichting Kookclub"), ("area", "Zuid"), ("description_nl", "Anders.")]);
    same.push(("version", "2"));
    assert_eq!(owner.post(edit, &same).await.0, 303);
    assert_eq!(state(&app, "kookclub").await, OrganisationState::Confirmed, "another text asks for nothing");
    let mut renamed = data(&[("name", "Kookclub Delfshaven"), ("area", "Zuid"), ("description_nl", "Anders.")]);
    renamed.push(("version", "3"));
    assert_eq!(owner.post(edit, &renamed).await.0, 303);
    app.settle().await;
    assert!(Browser::new(&app).read("/nl/projects?q=delfshaven").await.contains("Kookclub"), "found by its new name");
    app.verify().await;
}

/// The secret of the newest letter of an invitation, which waits to be sent.
pub async fn invitation_link(app: &App) -> String {
    let mut conn = app.s.db.read().await.expect("a connection");
    let (secret,): (String,) = sqlx::query_as(
        "SELECT secret FROM letters WHERE kind = 'invitation' AND state = 'queued' ORDER BY id DESC LIMIT 1",
    )
    .fetch_one(&mut *conn)
    .await
    .expect("a letter");
    format!("/nl/studio/invitations/{secret}")
}

const MEMBERS: &str = "/nl/studio/organisations/kookclub/members";

/// An owner invites an address; answers the link.
async fn invited(app: &App, email: &str, role: &str) -> String {
    let owner = Browser::signed_in(app, "owner@kookclub.example").await;
    assert_eq!(owner.post(&format!("{MEMBERS}/invite"), &[("email", email), ("role", role)]).await.0, 303, "{email}");
    let link = invitation_link(app).await;
    app.settle().await;
    link
}

#[tokio::test]
async fn an_invitation_works_once_for_its_own_address_and_for_fourteen_days() {
    let app = with_people().await;
    let link = invited(&app, "Anna@Example.org", "editor").await;
    assert_eq!(Browser::new(&app).get(&link).await.0, 303, "one signs in first");
    let (anna, bert) =
        (Browser::signed_in(&app, "anna@example.org").await, Browser::signed_in(&app, "bert@example.org").await);
    assert_eq!(bert.get(&link).await.0, 403);
    let (status, page) = bert.post_for_text(&link, &[]).await;
    assert_eq!(status, 403);
    assert!(page.contains("voor een ander e-mailadres") && !page.contains("anna@"), "{page}");
    assert!(anna.read(&link).await.contains("Stichting Kookclub"));
    assert_eq!(anna.post(&link, &[]).await.0, 303);
    assert_eq!(anna.post(&link, &[]).await.0, 409, "used");
    assert!(anna.read("/nl/studio").await.contains("Je bent redacteur"));
    app.settle().await;
    assert!(app.letters("owner@kookclub.example").await.contains(&"member_joined".to_owned()));
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let again = owner.post(&format!("{MEMBERS}/invite"), &[("email", "anna@example.org"), ("role", "owner")]).await;
    assert_eq!(again.0, 422, "a member already");

    let old = invited(&app, "bert@example.org", "bookkeeper").await;
    let new = invited(&app, "bert@example.org", "bookkeeper").await;
    assert_eq!(bert.get(&old).await.0, 409, "a newer one took its place");
    app.advance(14 * DAY - 60).await;
    let bert = Browser::signed_in(&app, "bert@example.org").await;
    assert_eq!(bert.get(&new).await.0, 200);
    app.advance(60).await;
    assert_eq!(bert.get(&new).await.0, 409, "too old");
    assert_eq!(bert.post(&new, &[]).await.0, 409);
    let last = invited(&app, "bert@example.org", "bookkeeper").await;
    assert_eq!(bert.post(&format!("{last}/decline"), &[]).await.0, 303);
    assert_eq!(bert.post(&last, &[]).await.0, 409);

    let taken = invited(&app, "cees@example.org", "editor").await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let page = owner.read(MEMBERS).await;
    let end = page.find("/withdraw\"").expect("a way to take it back");
    let start = page[..end].rfind('"').expect("an address") + 1;
    assert_eq!(owner.post(&page[start..end + 9], &[]).await.0, 303);
    let cees = Browser::signed_in(&app, "cees@example.org").await;
    assert_eq!(cees.post(&taken, &[]).await.0, 409);
    let mut conn = app.s.db.read().await.expect("a connection");
    let (stored,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM invitations WHERE token_hash = $1")
        .bind(taken.rsplit('/').next().unwrap_or_default().to_owned())
        .fetch_one(&mut *conn)
        .await
        .expect("a count");
    assert_eq!(stored, 0, "the secret itself is not kept");
}

#[tokio::test]
async fn the_last_owner_stays_and_everybody_hears_of_a_change_of_his_own_place() {
    let app = with_people().await;
    let owner = Browser::signed_in(&app, "owner@kookclub.example").await;
    let role = async |id: &str, role: &str| owner.post(&format!("{MEMBERS}/{id}/role"), &[("role", role)]).await.0;
    let remove = async |id: &str| owner.post(&format!("{MEMBERS}/{id}/remove"), &[]).await.0;
    assert_eq!(role("usr_owner", "editor").await, 409);
    assert_eq!(remove("usr_owner").await, 409);
    assert_eq!(role("usr_a", "editor").await, 409, "no member");
    let link = invited(&app, "anna@example.org", "editor").await;
    let anna = Browser::signed_in(&app, "anna@example.org").await;
    assert_eq!(anna.post(&link, &[]).await.0, 303);
    assert_eq!(anna.post(&format!("{MEMBERS}/usr_owner/remove"), &[]).await.0, 403, "an editor removes nobody");
    assert_eq!(anna.post(&format!("{MEMBERS}/usr_a/role"), &[("role", "owner")]).await.0, 403, "nor raises himself");
    assert_eq!(role("usr_a", "owner").await, 303);
    assert_eq!(role("usr_owner", "bookkeeper").await, 303, "there is another owner now");
    assert_eq!(remove("usr_a").await, 403, "no owner any more");
    app.settle().await;
    assert!(app.letters("anna@example.org").await.contains(&"member_role".to_owned()));
    assert!(app.letters("owner@kookclub.example").await.contains(&"member_role".to_owned()));
    assert_eq!(anna.post(&format!("{MEMBERS}/usr_owner/remove"), &[]).await.0, 303);
    app.settle().await;
    assert!(app.letters("owner@kookclub.example").await.contains(&"member_removed".to_owned()));
    assert_eq!(owner.get(MEMBERS).await.0, 404, "gone at once");
    assert_eq!(anna.post(&format!("{MEMBERS}/usr_a/remove"), &[]).await.0, 409);
}

/// What each role may do on every page of the studio: 200 and 303 where it may, 403 for a colleague, 404 for a stranger.
#[tokio::test]
async fn f94_each_role_reaches_its_own_pages_and_no_others() {
    let app = with_people().await;
    app.sql(
        "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES
             ('org_1', 'usr_a', 'editor', '2026-01-01T00:00:00.000Z'), ('org_1', 'usr_b', 'bookkeeper', '2026-01-01T00:00:00.000Z')",
    )
    .await
    .expect("members");
    let (organisation, project) = ("/nl/studio/organisations/kookclub", "/nl/studio/projects/kookclub");
    // owner, editor, bookkeeper
    let pages = [
        (organisation.to_owned(), [200, 200, 200]),
        (format!("{organisation}/members"), [200, 200, 200]),
        (format!("{organisation}/edit"), [200, 403, 403]),
        (format!("{organisation}/coalitions/new"), [200, 403, 403]),
        (format!("{project}/shares"), [200, 403, 403]),
        (project.to_owned(), [200, 200, 403]),
        (format!("{project}/texts"), [200, 200, 403]),
        (format!("{project}/picture"), [200, 200, 403]),
        (format!("{project}/updates"), [200, 200, 403]),
        (format!("{project}/outcomes"), [200, 200, 403]),
    ];
    let posts = [
        (format!("{organisation}/edit"), [400, 403, 403]),
        (format!("{organisation}/members/invite"), [422, 403, 403]),
        (format!("{organisation}/members/usr_c/role"), [422, 403, 403]),
        (format!("{organisation}/members/usr_c/remove"), [409, 403, 403]),
        (format!("{organisation}/invitations/inv_1/withdraw"), [409, 403, 403]),
        (format!("{organisation}/withdraw"), [409, 403, 403]),
        (format!("{organisation}/coalitions/new"), [422, 403, 403]),
        (format!("{organisation}/shares/kookclub/agree"), [404, 404, 404]), // nobody is asked to join an own project
        (format!("{project}/shares"), [409, 403, 403]),
        ("/nl/studio/payouts/kookclub/account".to_owned(), [422, 403, 403]),
    ];
    let mut people = Vec::new();
    for email in ["owner@kookclub.example", "anna@example.org", "bert@example.org"] {
        people.push(Browser::signed_in(&app, email).await);
    }
    let stranger = Browser::signed_in(&app, "cees@example.org").await;
    for (path, statuses) in &pages {
        for (person, status) in people.iter().zip(statuses) {
            assert_eq!(person.get(path).await.0, *status, "{path}");
        }
        assert_eq!(stranger.get(path).await.0, 404, "{path}");
        assert_eq!(Browser::new(&app).get(path).await.0, 303, "{path}");
    }
    for (path, statuses) in &posts {
        for (person, status) in people.iter().zip(statuses) {
            assert_eq!(person.post(path, &[]).await.0, *status, "{path}");
        }
        assert_eq!(stranger.post(path, &[]).await.0, 404, "{path}");
    }
    for (person, sees) in people.iter().zip([true, false, true]) {
        assert_eq!(person.read("/nl/studio/payouts").await.contains("Stichting Kookclub"), sees);
    }
}
