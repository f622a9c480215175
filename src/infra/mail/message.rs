//! From a draft to the bytes on the line: headers by the library, so that nothing typed by a person can add one.

use std::time::{Duration, SystemTime};

use lettre::address::{Address, Envelope};
use lettre::message::dkim::DkimConfig;
use lettre::message::header::{self, Header, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart};

use crate::infra::letters::Due;
use crate::infra::mail::shared::Coded;
use crate::infra::mail::{Draft, Fault, Stream, dkim};
use crate::infra::settings::{Settings, WrongSetting};
use crate::values::Timestamp;
use crate::values::text::one_line;

/// A letter ready for the line.
pub struct Sealed {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

/// Knows the senders, the host in Message-IDs, and the key that signs.
pub struct Composer {
    money: Mailbox,
    updates: Mailbox,
    /// Where servers send what cannot be delivered; without it, to the sender.
    return_path: Option<Address>,
    host: String,
    dkim: Option<DkimConfig>,
}

macro_rules! text_header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok($type(text.to_owned()))
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

text_header!(AutoSubmitted, "Auto-Submitted");
text_header!(FeedbackId, "Feedback-ID");
text_header!(ListId, "List-Id");
text_header!(ListUnsubscribe, "List-Unsubscribe");
text_header!(ListUnsubscribePost, "List-Unsubscribe-Post");

impl Composer {
    pub fn new(settings: &Settings) -> Result<Composer, WrongSetting> {
        let sender = |name: &str, text: &str| {
            text.parse::<Mailbox>().map_err(|_| WrongSetting {
                name: name.to_owned(),
                held: format!("\"{text}\""),
                expected: "an address such as Drempel <noreply@drempel.example>".to_owned(),
            })
        };
        Ok(Composer {
            money: sender("MAIL_FROM", &settings.mail_from)?,
            updates: sender("MAIL_FROM_UPDATES", &settings.mail_from_updates)?,
            return_path: settings.mail_reports.return_path.clone(),
            host: host_of(&settings.public_url),
            dkim: settings.dkim.as_ref().map(dkim::config).transpose()?,
        })
    }

    /// The host of `PUBLIC_URL`: what we call ourselves.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The bytes of a letter. The Message-ID is the letter's id: a second delivery after a crash can be recognised.
    ///
    /// # Errors
    /// `Never` when the receiver's address or a header cannot be written.
    pub fn compose(&self, letter: &Due, draft: &Draft, now: Timestamp) -> Result<Sealed, Fault> {
        let never = |what: &dyn std::fmt::Display| Fault::Never { error: what.to_string(), address: false };
        let to: Address = letter
            .email
            .parse()
            .map_err(|e: lettre::address::AddressError| Fault::Never { error: e.to_string(), address: true })?;
        let (from, stream) = match draft.stream {
            Stream::Money => (&self.money, "money"),
            Stream::Updates => (&self.updates, "updates"),
        };
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        let mut message = Message::builder()
            .from(from.clone())
            .to(to.into())
            .subject(line(&draft.subject))
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(AutoSubmitted("auto-generated".to_owned()))
            .header(FeedbackId(format!("{}:{stream}:{}", letter.kind, self.host)));
        if let Some(list) = &draft.list_id {
            message = message.header(ListId(format!("<{}.{}>", line(list), self.host)));
        }
        if let Some(url) = &draft.unsubscribe_url {
            message = message
                .header(ListUnsubscribe(format!("<{}>", line(url))))
                .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
        }
        let parts = match &draft.coded {
            Some([text, html]) => {
                let body = |coded: &Coded| Body::dangerous_pre_encoded(coded.bytes.clone(), coded.encoding);
                MultiPart::alternative_plain_html(body(text), body(html))
            }
            None => MultiPart::alternative_plain_html(draft.text.clone(), draft.html.clone()),
        };
        let mut message = message.multipart(parts).map_err(|e| never(&e))?;
        message.headers_mut().set(header::MIME_VERSION_1_0);
        if let Some(key) = &self.dkim {
            message.sign(key);
        }
        let mut envelope = message.envelope().clone();
        if let Some(path) = &self.return_path {
            envelope = Envelope::new(Some(path.clone()), envelope.to().to_vec()).map_err(|e| never(&e))?;
        }
        Ok(Sealed { envelope, bytes: message.formatted() })
    }
}

/// One line without control characters, at most 300 characters: what may stand in a header.
fn line(text: &str) -> String {
    let start: String = text.chars().take(300).collect();
    one_line(&start, 300).unwrap_or_default()
}

pub(super) fn host_of(url: &str) -> String {
    let host = url.split("://").nth(1).unwrap_or(url);
    match host.strip_prefix('[') {
        Some(ipv6) => format!("[{}]", ipv6.split(']').next().unwrap_or_default()),
        None => host.split(':').next().unwrap_or("localhost").to_owned(),
    }
}
