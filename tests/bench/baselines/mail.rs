//! A receiver that takes letters and counts them, and loops that send.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use lettre::message::header;
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::load::Line;
use crate::{Outcome, millis};

pub async fn smtp_sink(sample: Option<String>) -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let count = Arc::new(AtomicU64::new(0));
    loop {
        let (socket, _) = listener.accept().await?;
        let (count, sample) = (count.clone(), sample.clone());
        tokio::spawn(async move {
            if let Err(error) = take_letters(socket, &count, sample.as_deref()).await {
                eprintln!("smtp-sink: {error}");
            }
        });
    }
}

/// One conversation; ends with `QUIT` or when the other side hangs up.
async fn take_letters(socket: TcpStream, count: &AtomicU64, sample: Option<&str>) -> Outcome {
    let mut line = Line::new(socket)?;
    line.write(b"220 sink\r\n").await?;
    loop {
        let Some(command) = line.read_until(b"\r\n").await? else { return Ok(()) };
        let verb: String = command.iter().take(4).map(|byte| char::from(*byte).to_ascii_uppercase()).collect();
        match verb.as_str() {
            "EHLO" => line.write(b"250-sink\r\n250 8BITMIME\r\n").await?,
            "DATA" => {
                line.write(b"354 go on\r\n").await?;
                let Some(letter) = line.read_until(b"\r\n.\r\n").await? else { return Ok(()) };
                if count.fetch_add(1, Ordering::Relaxed) == 0
                    && let Some(path) = sample
                {
                    std::fs::write(path, letter)?;
                }
                line.write(b"250 taken\r\n").await?;
            }
            "COUN" => line.write(format!("250 {}\r\n", count.load(Ordering::Relaxed)).as_bytes()).await?,
            "QUIT" => return line.write(b"221 bye\r\n").await,
            _ => line.write(b"250 ok\r\n").await?,
        }
    }
}

/// Builds a letter like this one with the library, to the receiver of this number.
pub fn builder(like: Vec<u8>) -> Outcome<impl Fn(usize) -> Outcome<Vec<u8>> + Send + Sync + 'static> {
    let like = mail_parser::MessageParser::default().parse(&like).ok_or("no letter")?;
    let (subject, unsubscribe) = (like.subject().unwrap_or_default().to_owned(), "<https://bench.example/x>");
    let text = like.body_text(0).ok_or("no text")?.into_owned();
    let html = like.body_html(0).ok_or("no html")?.into_owned();
    Ok(move |number: usize| {
        let message = Message::builder()
            .from("Bench <bench@localhost.example>".parse()?)
            .to(Mailbox::new(None, format!("sam{number}@bench.example").parse()?))
            .subject(subject.clone())
            .message_id(Some(format!("<{number}@bench.example>")))
            .raw_header(header::HeaderValue::new(
                header::HeaderName::new_from_ascii_str("List-Unsubscribe"),
                unsubscribe.to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))?;
        Ok(message.formatted())
    })
}

pub async fn smtp_loop(
    address: &str,
    connections: usize,
    letters: usize,
    letter: impl Fn(usize) -> Outcome<Vec<u8>> + Send + Sync + 'static,
) -> Outcome {
    let letter = Arc::new(letter);
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for task in 0..connections {
        let (address, letter) = (address.to_owned(), letter.clone());
        tasks.spawn(async move {
            let socket = TcpStream::connect(&address).await?;
            socket.set_nodelay(true)?;
            let hello = ClientId::Domain("localhost".to_owned());
            let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(socket), &hello).await?;
            for number in 0..letters / connections {
                let bytes = letter(number * connections + task)?;
                connection.command(Mail::new(Some("bench@localhost.example".parse()?), Vec::new())).await?;
                connection.command(Rcpt::new("sam@bench.example".parse()?, Vec::new())).await?;
                connection.command(Data).await?;
                connection.message(&bytes).await?;
            }
            connection.quit().await?;
            Outcome::Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    let sent = letters / connections * connections;
    println!("{}", serde_json::json!({ "count": sent, "millis": millis(began) }));
    Ok(())
}
