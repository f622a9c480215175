//! The outbox against a mail server of our own that refuses, forgets and hangs up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::common::installation;
use drempel::features::users;
use drempel::infra::Services;
use drempel::infra::error::Result;
use drempel::infra::letters::{self, Due, Letter, LetterState};
use drempel::infra::mail::{Draft, Stream, outbox};
use drempel::values::Lang;
use drempel::values::text::Email;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server received, by receiver.
#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<(String, String)>>>, Arc<Mutex<BTreeMap<String, (usize, usize)>>>);

impl Received {
    fn all(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().clone()
    }

    /// A letter to this receiver begins (1) or is taken (-1): how many to its domain are on their way, and the most there were.
    fn under_way(&self, to: &str, change: isize) {
        let mut all = self.1.lock().unwrap();
        let (now, most) = all.entry(to.rsplit('@').next().unwrap().to_owned()).or_default();
        *now = now.checked_add_signed(change).unwrap();
        *most = (*most).max(*now);
    }

    fn most_at_once(&self, domain: &str) -> usize {
        self.1.lock().unwrap().get(domain).map_or(0, |(_, most)| *most)
    }
}

/// Receivers choose what happens: `later…` 451, `busy…` 450 for the domain, `never…` 550, `drop…` received, then no answer, `slow…` late.
async fn server() -> (u16, Received) {
    server_that("8BITMIME").await
}

/// A server that says in its greeting that it can do this.
async fn server_that(can: &'static str) -> (u16, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = Received::default();
    let kept = received.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(talk(socket, kept.clone(), can));
        }
    });
    (port, received)
}

async fn talk(socket: TcpStream, received: Received, can: &str) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let (reader, mut writer) = socket.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 test\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let upper = line.to_uppercase();
        let greeting = format!("250-test\r\n250 {can}\r\n");
        let answer = if upper.starts_with("EHLO") {
            greeting.as_str()
        } else if upper.starts_with("RCPT") {
            to = line.trim_start_matches(|c| c != '<').trim_matches(['<', '>']).to_owned();
            match &to {
                to if to.starts_with("later") => "451 4.2.0 not now\r\n",
                to if to.starts_with("busy") => "450 4.7.1 too many\r\n",
                to if to.starts_with("never") => "550 5.1.1 no such user\r\n",
                _ => "250 fine\r\n",
            }
        } else if upper == "DATA" {
            writer.write_all(b"354 go on\r\n").await?;
            let mut body = String::new();
            while let Some(line) = lines.next_line().await? {
                if line == "." {
                    break;
                }
                body.push_str(&line);
                body.push('\n');
            }
            if to.starts_with("slow") {
                received.under_way(&to, 1);
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                received.under_way(&to, -1);
            }
            received.0.lock().unwrap().push((to.clone(), body));
            if to.starts_with("drop") {
                return Ok(());
            }
            "250 taken\r\n"
        } else {
            "250 fine\r\n"
        };
        writer.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

async fn queue(services: &Services, kind: &'static str, addresses: &[&str]) {
    let now = services.clock.now();
    let mut tx = services.db.begin().await.unwrap();
    for address in addresses {
        let email = Email::parse(address).unwrap();
        let user = users::actions::known_or_new(&mut tx, &email, Lang::Nl, now).await.unwrap();
        let letter =
            Letter { kind, cause_id: "cause", user_id: &user.id, language: Lang::Nl, due: now, secret: "secret 42" };
        letters::queue(&mut tx, now, letter).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Tries to smuggle a header in by the subject; nobody wants letters of the kind `unwanted`.
fn render<'a>(_: &'a Services, letters: &'a [Due]) -> BoxFuture<'a, Vec<Result<Option<Draft>>>> {
    async move { letters.iter().map(|letter| Ok((letter.kind != "unwanted").then(|| draft(letter)))).collect() }.boxed()
}

fn draft(letter: &Due) -> Draft {
    Draft {
        stream: Stream::Updates,
        subject: "Één bericht\r\nBcc: thief@example.org".to_owned(),
        text: format!("Hallo\n.\nMet een punt op een regel. {}", letter.secret),
        html: "<p>Hallo</p>".to_owned(),
        unsubscribe_url: Some("https://drempel.example/unsubscribe/abc\r\nX-Evil: 1".to_owned()),
        list_id: Some("kookclub.updates".to_owned()),
        coded: None,
    }
}

async fn states(services: &Services) -> BTreeMap<String, (LetterState, String)> {
    let rows = letters::newest(&mut services.db.read().await.unwrap(), 1000).await.unwrap();
    rows.into_iter().map(|row| (row.email, (row.state, row.last_error))).collect()
}

#[tokio::test]
async fn letters_arrive_once_with_their_headers() {
    let (port, received) = server().await;
    let url = format!("smtp://127.0.0.1:{port}");
    let services = installation(&[("SMTP_URL", &url), ("MAIL_FROM_UPDATES", "Nieuws <news@drempel.example>")]).await;
    queue(&services, "update", &["a@example.org", "b@example.org"]).await;
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 2);
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 0);
    let all = received.all();
    assert_eq!(all.len(), 2);
    let (_, letter) = &all[0];
    let (head, body) = letter.split_once("\n\n").unwrap();
    for line in [
        "From: Nieuws <news@drempel.example>",
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Id: <kookclub.updates.localhost>",
        "Feedback-ID: update:updates:localhost",
        "MIME-Version: 1.0",
    ] {
        assert!(head.lines().any(|l| l == line), "{line} is not in\n{head}");
    }
    assert!(head.contains("Message-ID: <ltr_") && head.contains("@localhost>"));
    assert!(!head.lines().any(|l| l.starts_with("Bcc") || l.starts_with("X-Evil")), "{head}");
    assert!(body.contains("secret 42"));
    let secrets: Vec<String> = {
        let mut conn = services.db.read().await.unwrap();
        let listed = letters::newest(&mut conn, 10).await.unwrap();
        let mut found = Vec::new();
        for row in listed {
            found.push(letters::find(&mut conn, &row.id).await.unwrap().unwrap().secret);
        }
        found
    };
    assert_eq!(secrets, ["", ""]);
}

#[tokio::test]
async fn f84_refusals_wait_or_end_and_a_lost_answer_repeats_with_the_same_id() {
    let (port, received) = server().await;
    let url = format!("smtp://127.0.0.1:{port}");
    let services = installation(&[("SMTP_URL", &url)]).await;
    queue(&services, "update", &["later@example.org", "never@example.org", "drop@example.org", "fine@example.org"])
        .await;
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 1);
    let now = states(&services).await;
    assert_eq!(now["fine@example.org"].0, LetterState::Sent);
    assert_eq!(now["later@example.org"].0, LetterState::Queued);
    assert!(now["later@example.org"].1.contains("451"), "{}", now["later@example.org"].1);
    assert_eq!(now["never@example.org"].0, LetterState::Failed);
    assert!(now["never@example.org"].1.contains("no such user"), "{}", now["never@example.org"].1);
    assert_eq!(now["drop@example.org"].0, LetterState::Queued);
    // An address that does not exist is told to whoever follows it up.
    let jobs = drempel::infra::jobs::claim(&services.db, services.clock.now()).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), [outbox::BOUNCED]);
    services.clock.set_offset_seconds(16);
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 0);
    let ids: Vec<String> = received
        .all()
        .iter()
        .filter(|(to, _)| to.starts_with("drop"))
        .filter_map(|(_, letter)| letter.lines().find(|l| l.starts_with("Message-ID")).map(str::to_owned))
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(received.all().iter().filter(|(to, _)| to.starts_with("fine")).count(), 1);
}

#[tokio::test]
async fn several_commands_in_one_go_change_nothing_of_what_comes_of_letters() {
    let (port, received) = server_that("PIPELINING").await;
    let services = installation(&[("SMTP_URL", &format!("smtp://127.0.0.1:{port}"))]).await;
    queue(&services, "update", &["never@example.org", "later@example.org", "one@example.org", "two@example.org"]).await;
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 2);
    let now = states(&services).await;
    assert_eq!((now["never@example.org"].0, now["later@example.org"].0), (LetterState::Failed, LetterState::Queued));
    assert!(now["never@example.org"].1.contains("550 5.1.1"), "{}", now["never@example.org"].1);
    let mut told: Vec<String> =
        received.all().into_iter().filter(|(_, body)| !body.trim().is_empty()).map(|(to, _)| to).collect();
    told.sort();
    assert_eq!(told, ["one@example.org", "two@example.org"], "a refused receiver gets no content");
}

#[tokio::test]
async fn a_domain_that_says_not_now_is_left_alone_and_others_are_not_held_up() {
    let (port, received) = server().await;
    let url = format!("smtp://127.0.0.1:{port}");
    let services = installation(&[("SMTP_URL", &url), ("MAIL_PER_DOMAIN", "1")]).await;
    queue(&services, "update", &["busy@full.example"]).await;
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 0);
    queue(&services, "update", &["fine@full.example", "also@full.example", "fine@other.example"]).await;
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 1, "the other domain alone");
    let rows = letters::newest(&mut services.db.read().await.unwrap(), 10).await.unwrap();
    let attempts = |email: &str| rows.iter().find(|row| row.email == email).unwrap().attempts;
    assert_eq!(["busy@full.example", "fine@full.example", "also@full.example"].map(attempts), [1, 0, 0]);
    services.clock.set_offset_seconds(14);
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 0, "a pause of 15 seconds");
    services.clock.set_offset_seconds(16);
    outbox::deliver_due(&services, render).await.unwrap();
    // whoever was tried first: the refusal of one holds the others up for twice as long, and no longer
    services.clock.set_offset_seconds(60);
    outbox::deliver_due(&services, render).await.unwrap();
    services.clock.set_offset_seconds(200);
    outbox::deliver_due(&services, render).await.unwrap();
    let now = states(&services).await;
    assert_eq!((now["fine@full.example"].0, now["also@full.example"].0), (LetterState::Sent, LetterState::Sent));
    assert_eq!(now["busy@full.example"].0, LetterState::Queued);
    let fine = received.all().into_iter().filter(|(to, _)| to == "fine@full.example").count();
    assert_eq!(fine, 1);
}

#[tokio::test]
async fn a_domain_has_so_many_letters_on_their_way_and_no_more() {
    let (port, received) = server().await;
    let url = format!("smtp://127.0.0.1:{port}");
    let services = installation(&[("SMTP_URL", &url), ("MAIL_PER_DOMAIN", "2")]).await;
    let to = |domain: &str| (0..12).map(|n| format!("slow{n}@{domain}")).collect::<Vec<String>>();
    let all: Vec<String> = [to("one.example"), to("two.example")].concat();
    queue(&services, "update", &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 24);
    assert_eq!((received.most_at_once("one.example"), received.most_at_once("two.example")), (2, 2));
}

#[tokio::test]
async fn a_server_that_is_away_costs_no_attempt_and_unwanted_letters_are_skipped() {
    let services = installation(&[("SMTP_URL", "smtp://127.0.0.1:1")]).await;
    queue(&services, "update", &["a@example.org"]).await;
    queue(&services, "unwanted", &["b@example.org"]).await;
    assert_eq!(outbox::deliver_due(&services, render).await.unwrap(), 0);
    let rows = letters::newest(&mut services.db.read().await.unwrap(), 10).await.unwrap();
    let waiting = rows.iter().find(|row| row.email == "a@example.org").unwrap();
    assert_eq!((waiting.state, waiting.attempts), (LetterState::Queued, 0));
    let skipped = rows.iter().find(|row| row.email == "b@example.org").unwrap();
    assert_eq!(skipped.state, LetterState::Skipped);
}

#[tokio::test]
async fn two_workers_never_share_a_letter_and_a_folder_keeps_each_once() {
    let services = installation(&[]).await;
    let addresses: Vec<String> = (0..450).map(|n| format!("user{n}@example.org")).collect();
    queue(&services, "update", &addresses.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let (one, two) = tokio::join!(outbox::deliver_due(&services, render), outbox::deliver_due(&services, render));
    assert_eq!(one.unwrap() + two.unwrap(), 450);
    let folder = services.mailer.folder().unwrap();
    let files = std::fs::read_dir(folder).unwrap().filter_map(std::result::Result::ok);
    assert_eq!(files.filter(|f| f.path().extension().is_some_and(|e| e == "eml")).count(), 450);
}
