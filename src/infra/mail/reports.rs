//! What mail servers say of letters that had left already: that one could not be delivered (a delivery status notification, RFC 3464), or
//! that its receiver called it unwanted (a feedback report, RFC 5965). Both come as letters that hold the one they are about.
//!
//! A report is believed as far as it names a letter of ours: ids of letters cannot be guessed, and only who got the letter, or a server
//! on its way, knows one.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// What is said of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// The address does not exist (5.1.x of RFC 3463).
    AddressGone,
    /// It could not be delivered, for another reason that lasts: a full mailbox, a rule of the receiver's.
    Refused,
    /// Whoever got it called it unwanted.
    Unwanted,
}

/// What a report tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub letter_id: String,
    pub said: Said,
    /// To whom the letter went, in small letters; empty when that is not told, as privacy may ask.
    pub receiver: String,
    /// The code and the words of the server, as they came.
    pub detail: String,
}

/// Reads a letter that may be a report. Nothing: it is none, it says that something may still be delivered, or it is about a letter of
/// somebody else's. `host` is ours, as it stands in our Message-IDs.
pub fn read(raw: &[u8], host: &str) -> Option<Report> {
    let message = MessageParser::default().parse(raw)?;
    let letter_id = letter_in(&message, host)?;
    let said = part_of_kind(&message, "delivery-status").map(|text| delivery(&text));
    let said = said.or_else(|| part_of_kind(&message, "feedback-report").map(|text| feedback(&text)))?;
    let (said, receiver, detail) = said?;
    Some(Report { letter_id, said, receiver: receiver.to_lowercase(), detail })
}

type Told = (Said, String, String);

fn delivery(text: &str) -> Option<Told> {
    let status = field(text, "Status").unwrap_or_default();
    let is_for_good = field(text, "Action").is_some_and(|action| action.eq_ignore_ascii_case("failed"));
    if !is_for_good || !status.starts_with("5.") {
        return None;
    }
    let said = if status.starts_with("5.1.") { Said::AddressGone } else { Said::Refused };
    let receiver = address(&field(text, "Original-Recipient").or_else(|| field(text, "Final-Recipient"))?);
    let words = field(text, "Diagnostic-Code").unwrap_or_default();
    Some((said, receiver, format!("{status} {words}").trim().to_owned()))
}

fn feedback(text: &str) -> Option<Told> {
    let kind = field(text, "Feedback-Type")?.to_lowercase();
    let receiver = field(text, "Original-Rcpt-To").map(|to| address(&to)).unwrap_or_default();
    // others, such as "not-spam" and "auth-failure", ask for nothing
    matches!(kind.as_str(), "abuse" | "opt-out").then(|| (Said::Unwanted, receiver, kind))
}

/// `rfc822; <anna@example.org>` without what stands around the address.
fn address(text: &str) -> String {
    let behind = text.rsplit(';').next().unwrap_or_default().trim();
    behind.trim_start_matches('<').trim_end_matches('>').to_owned()
}

/// The first field of that name among lines of fields, with what goes on in the next lines.
fn field(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines();
    let first = lines.by_ref().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })?;
    let rest = lines.take_while(|line| line.starts_with([' ', '\t'])).map(str::trim);
    Some(std::iter::once(first.as_str()).chain(rest).collect::<Vec<_>>().join(" "))
}

fn part_of_kind(message: &Message, kind: &str) -> Option<String> {
    let is_kind = |part: &&mail_parser::MessagePart| {
        part.content_type().is_some_and(|one| one.ctype() == "message" && one.subtype() == Some(kind))
    };
    let part = message.parts.iter().find(is_kind)?;
    Some(String::from_utf8_lossy(part.contents()).into_owned())
}

/// The id of our letter that is returned whole, or with its headers alone.
fn letter_in(message: &Message, host: &str) -> Option<String> {
    message.parts.iter().find_map(|part| {
        let id = match &part.body {
            PartType::Message(returned) => returned.message_id().map(str::to_owned),
            _ => {
                let kind = part.content_type()?;
                let has_headers = kind.subtype().is_some_and(|one| one == "rfc822-headers" || one == "rfc822");
                has_headers.then(|| field(&String::from_utf8_lossy(part.contents()), "Message-ID"))?
            }
        }?;
        let (letter, at) = id.trim().trim_start_matches('<').trim_end_matches('>').split_once('@')?;
        (letter.starts_with("ltr_") && at.eq_ignore_ascii_case(host)).then(|| letter.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "drempel.example";

    fn report(kind: &str, said: &str, returned: &str) -> Vec<u8> {
        let text = format!(
            "From: <>\nTo: <terug@drempel.example>\nSubject: Returned\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type={kind}; boundary=\"grens\"\n\n\
             --grens\nContent-Type: text/plain\n\nStatus: 5.1.1, says this text for people\n\n\
             --grens\nContent-Type: message/{kind}\n\n{said}\n\n\
             --grens\n{returned}\n\n--grens--\n"
        );
        text.replace('\n', "\r\n").into_bytes()
    }

    const WHOLE: &str =
        "Content-Type: message/rfc822\n\nMessage-ID: <ltr_1@drempel.example>\nFrom: a@b.example\nSubject: x\n\nHello";
    const HEADERS: &str = "Content-Type: text/rfc822-headers\n\nSubject: x\nmessage-id: <ltr_1@Drempel.example>";

    fn said(kind: &str, fields: &str, returned: &str) -> Option<(Said, String, String)> {
        let report = read(&report(kind, fields, returned), HOST)?;
        assert_eq!(report.letter_id, "ltr_1");
        Some((report.said, report.receiver, report.detail))
    }

    #[test]
    fn what_could_not_be_delivered_is_read_from_the_whole_letter_and_from_its_headers() {
        let fields = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; Anna@Example.org\nAction: failed\n\
                      Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1\n no such user";
        let gone = (Said::AddressGone, "anna@example.org".to_owned(), "5.1.1 smtp; 550 5.1.1 no such user".to_owned());
        for returned in [WHOLE, HEADERS] {
            assert_eq!(said("delivery-status", fields, returned), Some(gone.clone()), "{returned}");
        }
        let full = fields.replace("5.1.1", "5.2.2");
        assert_eq!(said("delivery-status", &full, WHOLE).map(|told| told.0), Some(Said::Refused));
        for (from, to) in [("failed", "delayed"), ("failed", "delivered"), ("Status: 5.1.1", "Status: 4.4.1")] {
            assert_eq!(said("delivery-status", &fields.replace(from, to), WHOLE), None, "{to}");
        }
    }

    #[test]
    fn what_was_called_unwanted_is_read_with_or_without_the_address() {
        let fields =
            "Feedback-Type: abuse\nUser-Agent: SomeProvider/1.0\nVersion: 1\nOriginal-Rcpt-To: <anna@example.org>";
        let unwanted = (Said::Unwanted, "anna@example.org".to_owned(), "abuse".to_owned());
        assert_eq!(said("feedback-report", fields, WHOLE), Some(unwanted));
        assert_eq!(said("feedback-report", "Feedback-Type: opt-out", HEADERS).map(|told| told.1), Some(String::new()));
        assert_eq!(said("feedback-report", "Feedback-Type: not-spam", WHOLE), None);
    }

    #[test]
    fn other_letters_and_reports_about_other_letters_say_nothing() {
        let fields = "Final-Recipient: rfc822; anna@example.org\nAction: failed\nStatus: 5.1.1";
        for returned in [
            WHOLE.replace("drempel.example", "elsewhere.example"),
            WHOLE.replace("ltr_1", "plg_1"),
            "Content-Type: text/plain\n\nMessage-ID: <ltr_1@drempel.example>".to_owned(),
        ] {
            assert_eq!(read(&report("delivery-status", fields, &returned), HOST), None, "{returned}");
        }
        for raw in ["", "Subject: I am away\r\n\r\nMessage-ID: <ltr_1@drempel.example>", "\0\0\0"] {
            assert_eq!(read(raw.as_bytes(), HOST), None, "{raw}");
        }
    }
}
