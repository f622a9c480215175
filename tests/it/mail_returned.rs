//! Mail servers say later what became of our letters; and it is only believed about letters of ours.

use drempel::features::updates::actions;
use drempel::values::Lang;
use drempel::values::text::Email;

use crate::support::{App, MAIL_REPORTS};

/// Anna gave and follows the project; answers the id of her receipt's letter, and that letter as it left.
async fn letter_to_anna(app: &App) -> (String, String) {
    let pledge = app.paid_gift(2_500, "Anna").await;
    assert!(pledge["reference"].is_string());
    let now = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let anna = Email::parse("anna@example.org").expect("an address");
    let user = drempel::features::users::actions::known_or_new(&mut tx, &anna, Lang::Nl, now).await.expect("Anna");
    actions::follow_as_backer(&mut tx, &user.id, "prj_1", Lang::Nl, (now, now)).await.expect("a follow");
    tx.commit().await.expect("a commit");
    let (id,): (String,) =
        sqlx::query_as("SELECT id FROM letters WHERE user_id = $1 AND state = 'sent' ORDER BY id LIMIT 1")
            .bind(&user.id)
            .fetch_one(&mut *app.s.db.read().await.expect("a connection"))
            .await
            .expect("a letter");
    let file = app.letters_folder().join(format!("{id}.eml"));
    (id, std::fs::read_to_string(file).expect("the letter as it left"))
}

fn report(kind: &str, fields: &str, letter: &str) -> String {
    format!(
        "From: <>\r\nTo: <returned@example.org>\r\nSubject: A report\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type={kind}; boundary=\"edge\"\r\n\r\n\
         --edge\r\nContent-Type: text/plain\r\n\r\nFor people.\r\n\
         --edge\r\nContent-Type: message/{kind}\r\n\r\n{fields}\r\n\r\n\
         --edge\r\nContent-Type: message/rfc822\r\n\r\n{letter}\r\n--edge--\r\n"
    )
}

fn undelivered(to: &str, status: &str, letter: &str) -> String {
    report("delivery-status", &format!("Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {status}"), letter)
}

async fn post(app: &App, secret: &str, body: &str) -> (u16, String) {
    let request = app.http.post(app.url("/webhooks/mail")).header("authorization", format!("Bearer {secret}"));
    let answer = request.body(body.to_owned()).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("words"))
}

/// Whether Anna follows the project, and the state of a letter with its reason.
async fn standing(app: &App, letter: &str) -> (bool, String, String) {
    let mut conn = app.s.db.read().await.expect("a connection");
    let follows = actions::count_followers(&mut conn, "prj_1").await.expect("followers");
    let (state, why): (String, String) = sqlx::query_as("SELECT state, last_error FROM letters WHERE id = $1")
        .bind(letter.to_owned())
        .fetch_one(&mut *conn)
        .await
        .expect("the letter");
    (follows == 1, state, why)
}

async fn ways(app: &App) -> Vec<String> {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT way FROM mail_choices WHERE to_wish = 'off' ORDER BY at, id")
        .fetch_all(&mut *app.s.db.read().await.expect("a connection"))
        .await
        .expect("choices");
    rows.into_iter().map(|(way,)| way).collect()
}

#[tokio::test]
async fn f85_an_address_that_is_gone_gets_no_more_news_and_the_letter_counts_as_not_delivered() {
    let app = App::start().await;
    let (id, letter) = letter_to_anna(&app).await;
    let sent = (true, "sent".to_owned(), String::new());
    assert_eq!(standing(&app, &id).await, sent);
    let gone = undelivered("Anna@Example.org", "5.1.1", &letter);
    for wrong in ["", "reports-of-the-mail-server-00001"] {
        assert_eq!(post(&app, wrong, &gone).await.0, 401, "{wrong}");
    }
    // for now, about somebody else's letter, and no report at all
    for nothing in [
        undelivered("anna@example.org", "4.2.2", &letter),
        undelivered("anna@example.org", "5.1.1", &letter.replace(&id, "ltr_00000000000000000000000000000000")),
        letter.clone(),
        String::new(),
    ] {
        assert_eq!(post(&app, MAIL_REPORTS, &nothing).await, (200, "nothing about a letter of ours".to_owned()));
    }
    assert_eq!(standing(&app, &id).await, sent);
    // a full mailbox, and an address that is not hers any more: the letter did not arrive, and nothing else follows from it
    assert_eq!(post(&app, MAIL_REPORTS, &undelivered("anna@example.org", "5.2.2", &letter)).await.0, 200);
    assert_eq!(post(&app, MAIL_REPORTS, &undelivered("anna@elders.example", "5.1.1", &letter)).await.0, 200);
    assert_eq!(standing(&app, &id).await, (true, "failed".to_owned(), "5.2.2".to_owned()));
    for _ in 0..2 {
        assert_eq!(post(&app, MAIL_REPORTS, &gone).await, (200, "noted".to_owned()));
    }
    assert_eq!(standing(&app, &id).await, (false, "failed".to_owned(), "5.2.2".to_owned()));
    assert_eq!(ways(&app).await, ["bounced"], "written down once");
    app.verify().await;
}

#[tokio::test]
async fn who_calls_a_letter_unwanted_gets_no_more_news() {
    let app = App::start().await;
    let (id, letter) = letter_to_anna(&app).await;
    let abuse = report("feedback-report", "Feedback-Type: abuse\r\nVersion: 1\r\nUser-Agent: Provider/1", &letter);
    assert_eq!(post(&app, MAIL_REPORTS, &abuse).await, (200, "noted".to_owned()));
    assert_eq!(standing(&app, &id).await, (false, "sent".to_owned(), String::new()));
    assert_eq!(ways(&app).await, ["complained"]);
    // she may follow again, and letters about money go on
    app.paid_gift(1_000, "Anna").await;
    let receipts = app.letters("anna@example.org").await.into_iter().filter(|kind| kind == "pledge_received");
    assert!(receipts.count() >= 2);
    let before = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let anna = Email::parse("anna@example.org").expect("an address");
    let user = drempel::features::users::actions::known_or_new(&mut tx, &anna, Lang::Nl, before).await.expect("Anna");
    let later = (before.plus_seconds(60), before.plus_seconds(61));
    actions::follow_as_backer(&mut tx, &user.id, "prj_1", Lang::Nl, later).await.expect("a follow");
    tx.commit().await.expect("a commit");
    assert!(standing(&app, &id).await.0);
}
