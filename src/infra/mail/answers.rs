//! What an answer of a mail server means for a letter (RFC 5321, 4.2; the longer codes are those of RFC 3463).
//!
//! | answer | given to | what becomes of the letter |
//! | --- | --- | --- |
//! | 2xx | the content | it was sent |
//! | 421, a lost line, silence | anything | it waits; after a 421 its domain is left alone for a while |
//! | 450, 451, 452, other 4xx | receiver, content | it waits, and its domain is left alone; with 4.2.x it is that mailbox alone |
//! | 4xx | sender | it waits |
//! | 5xx | sender, sign-in | nothing more is tried for a while: all letters would be refused |
//! | 550, 551, 553 bare, or 5.1.x | receiver | it failed, and the address does not exist: mail about projects ends |
//! | 552, 5.2.2 | receiver, content | it waits: a full mailbox is emptied some day |
//! | 5.7.x, other 5xx | receiver, content | it failed; the address stays, as it was our letter that was not wanted |
//!
//! A letter waits longer after each attempt and is given up after about two days (`outbox`).

use lettre::transport::smtp::Error;

use crate::infra::mail::Fault;

/// How far the conversation about one letter came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Sender,
    Receiver,
    Content,
}

/// What an answer means for the letter.
pub(super) fn fault(stage: Stage, error: &Error) -> Fault {
    let Some(code) = error.status().and_then(|code| code.to_string().parse().ok()) else {
        return Fault::Later(error.to_string());
    };
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    meaning(stage, code, &words)
}

fn meaning(stage: Stage, code: u16, words: &str) -> Fault {
    let text = format!("{code} {words}");
    let longer = longer(words);
    let is = |start: &str| longer.is_some_and(|longer| longer.starts_with(start));
    if code < 500 {
        // a refused sender is ours to wait for, a busy mailbox its own
        return if code != 421 && (stage == Stage::Sender || is("4.2.")) {
            Fault::Later(text)
        } else {
            Fault::Busy(text)
        };
    }
    if stage == Stage::Sender {
        return Fault::Down(text);
    }
    if code == 552 || is("5.2.2") {
        return Fault::Later(text);
    }
    let is_gone = is("5.1.") || (longer.is_none() && matches!(code, 550 | 551 | 553));
    Fault::Never { error: text, address: stage == Stage::Receiver && is_gone }
}

/// The longer code in the words of an answer: `5.1.1`.
fn longer(words: &str) -> Option<&str> {
    let is_number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    words.split_whitespace().find(|word| {
        let mut parts = word.split('.');
        let (class, rest) = (parts.next(), [parts.next(), parts.next()]);
        matches!(class, Some("2" | "4" | "5"))
            && rest.iter().all(|part| part.is_some_and(is_number))
            && parts.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_of_the_table_means_what_it_says() {
        let kind = |fault: Fault| match fault {
            Fault::Down(_) => "down",
            Fault::Busy(_) => "busy",
            Fault::Later(_) => "later",
            Fault::Never { address: true, .. } => "gone",
            Fault::Never { .. } => "never",
        };
        for (stage, code, words, expected) in [
            (Stage::Content, 421, "closing", "busy"),
            (Stage::Sender, 421, "4.3.2 closing", "busy"),
            (Stage::Receiver, 450, "4.7.1 greylisted", "busy"),
            (Stage::Receiver, 451, "too many", "busy"),
            (Stage::Content, 452, "4.3.1 no room", "busy"),
            (Stage::Receiver, 452, "4.2.2 mailbox full", "later"),
            (Stage::Receiver, 450, "4.2.1 busy", "later"),
            (Stage::Sender, 451, "4.7.1 wait", "later"),
            (Stage::Sender, 550, "5.7.1 not you", "down"),
            (Stage::Receiver, 550, "5.1.1 no such user", "gone"),
            (Stage::Receiver, 550, "no such user", "gone"),
            (Stage::Receiver, 553, "no such user", "gone"),
            (Stage::Receiver, 550, "5.7.1 blocked", "never"),
            (Stage::Receiver, 554, "no", "never"),
            (Stage::Content, 550, "no such user", "never"),
            (Stage::Content, 554, "5.7.1 spam", "never"),
            (Stage::Receiver, 552, "5.2.2 full", "later"),
            (Stage::Content, 552, "too large", "later"),
            (Stage::Receiver, 550, "5.2.2 full", "later"),
        ] {
            assert_eq!(kind(meaning(stage, code, words)), expected, "{stage:?} {code} {words}");
        }
    }

    #[test]
    fn a_longer_code_is_three_numbers() {
        assert_eq!(longer("5.1.1 <a@b.example> 1.2.3"), Some("5.1.1"));
        for words in ["", "5", "5.1", "5.1.1.1 x", "from 10.0.0.1", "v1.2.3", "5.1111.1"] {
            assert_eq!(longer(words), None, "{words}");
        }
    }
}
