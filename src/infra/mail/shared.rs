//! A letter to many that differs by one address only: written and encoded once, then filled in for each receiver.
//!
//! Encoding a body costs more than all the rest of a letter. It can be shared, because what is filled in has the same length as the mark
//! in its place, and both consist of characters that every encoding of mail but base64 leaves as they are: lines break at the same places.
//! A line may break inside the mark, so its places are looked up, piece by piece, in what was encoded. Where one of these conditions
//! does not hold, each letter is encoded by itself. A test compares both ways byte for byte.

use std::ops::Range;

use lettre::message::Body;
use lettre::message::header::ContentTransferEncoding;

use crate::infra::mail::Draft;
use crate::infra::random;

/// A body as it goes over the line.
#[derive(Clone, Debug)]
pub struct Coded {
    pub(super) bytes: Vec<u8>,
    pub(super) encoding: ContentTransferEncoding,
}

/// A letter with a mark where each receiver's own address will stand.
pub struct Shared {
    mark: String,
    draft: Draft,
    /// Text and HTML, each with the places of the mark; nothing when they cannot be shared.
    coded: Option<[(Coded, Vec<Hole>); 2]>,
}

/// A piece of the mark: where it stands in the body, and which part it is.
struct Hole {
    at: usize,
    piece: Range<usize>,
}

impl Shared {
    /// A mark for own addresses of this length.
    pub fn mark(length: usize) -> String {
        let mut mark = random::secret();
        while mark.len() < length {
            mark.push_str(&random::secret());
        }
        mark.truncate(length);
        mark
    }

    /// The letter that holds the mark in text and HTML.
    pub fn of(draft: Draft, mark: String) -> Shared {
        let text = coded(&draft.text, &mark);
        let coded = text.and_then(|text| Some([text, coded(&draft.html, &mark)?]));
        Shared { mark, draft, coded }
    }

    /// Whether own addresses of this length fit.
    pub fn fits(&self, own: &str) -> bool {
        own.len() == self.mark.len()
    }

    /// The letter of one receiver, whose own address to unsubscribe this is.
    pub fn for_one(&self, own: String) -> Draft {
        let is_plain = own.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/:.-_".contains(&byte));
        let coded = self.coded.as_ref().filter(|_| is_plain && self.fits(&own));
        Draft {
            stream: self.draft.stream,
            subject: self.draft.subject.clone(),
            text: self.draft.text.replace(&self.mark, &own),
            html: self.draft.html.replace(&self.mark, &own),
            list_id: self.draft.list_id.clone(),
            coded: coded.map(|both| both.each_ref().map(|(coded, holes)| filled(coded, holes, own.as_bytes()))),
            unsubscribe_url: Some(own),
        }
    }
}

fn filled(coded: &Coded, holes: &[Hole], own: &[u8]) -> Coded {
    let mut coded = coded.clone();
    for hole in holes {
        coded.bytes[hole.at..hole.at + hole.piece.len()].copy_from_slice(&own[hole.piece.clone()]);
    }
    coded
}

/// A text as it goes over the line, with the places of the mark. Nothing when not all of them can be seen in it.
fn coded(text: &str, mark: &str) -> Option<(Coded, Vec<Hole>)> {
    let body = Body::new(text.to_owned());
    let encoding = body.encoding();
    if encoding == ContentTransferEncoding::Base64 {
        return None;
    }
    let bytes = body.into_vec();
    let (mut holes, mut seen, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        match pieces(&bytes, at, mark.as_bytes()) {
            Some((found, end)) => {
                holes.extend(found);
                (seen, at) = (seen + 1, end);
            }
            None => at += 1,
        }
    }
    (seen == text.matches(mark).count()).then_some((Coded { bytes, encoding }, holes))
}

/// The pieces of a mark that begins here, and where it ends.
fn pieces(bytes: &[u8], start: usize, mark: &[u8]) -> Option<(Vec<Hole>, usize)> {
    let (mut holes, mut at, mut known) = (Vec::new(), start, 0);
    loop {
        let rest = &mark[known..];
        let same = rest.iter().zip(bytes.get(at..)?).take_while(|(a, b)| a == b).count();
        if same > 0 {
            holes.push(Hole { at, piece: known..known + same });
        }
        (at, known) = (at + same, known + same);
        if known == mark.len() {
            return Some((holes, at));
        }
        // the end of a line in quoted-printable, but not before the mark began
        if known == 0 || !bytes.get(at..)?.starts_with(b"=\r\n") {
            return None;
        }
        at += 3;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::mail::Stream;

    /// What lettre makes of a text.
    fn alone(text: &str) -> Vec<u8> {
        Body::new(text.to_owned()).into_vec()
    }

    #[test]
    fn what_is_filled_in_reads_as_if_each_letter_was_encoded_by_itself() {
        let own =
            "https://drempel.example/unsubscribe/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        for lead in 0..160 {
            let mark = Shared::mark(own.len());
            let before = "é=ë ".repeat(lead % 7) + &"x".repeat(lead);
            let text = format!("{before}{mark} en nog eens {mark}\n.\n{mark}");
            let html = format!("<p title=\"{before}\">“Ja”</p>\n<a href=\"{mark}\">{mark}</a>\n");
            let draft = Draft {
                stream: Stream::Updates,
                subject: "s".to_owned(),
                text,
                html,
                unsubscribe_url: None,
                list_id: None,
                coded: None,
            };
            let one = Shared::of(draft, mark).for_one(own.to_owned());
            let [text, html] = one.coded.as_ref().expect("it can be shared");
            assert_eq!(text.bytes, alone(&one.text), "{lead}");
            assert_eq!(html.bytes, alone(&one.html), "{lead}");
            assert!(one.text.matches(own).count() == 3 && one.html.matches(own).count() == 2);
        }
    }

    #[test]
    fn what_does_not_fit_is_encoded_by_itself() {
        let draft = |text: &str, mark: &str| Draft {
            stream: Stream::Updates,
            subject: String::new(),
            text: text.to_owned(),
            html: mark.to_owned(),
            unsubscribe_url: None,
            list_id: None,
            coded: None,
        };
        let mark = Shared::mark(24);
        let shared = Shared::of(draft("kort", &mark), mark.clone());
        assert!(shared.for_one("https://a.example/short".to_owned()).coded.is_none(), "another length");
        assert!(shared.for_one("https://a.example/?x=1&y".to_owned()).coded.is_none(), "other characters");
        assert!(shared.for_one("https://a.example/123456".to_owned()).coded.is_some());
        let greek = "Ελληνικά ".repeat(40);
        assert!(Shared::of(draft(&greek, &mark), mark).for_one("https://a.example/123456".to_owned()).coded.is_none());
    }
}
