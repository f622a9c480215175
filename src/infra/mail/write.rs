//! How a noun writes a letter: a few plain parts, from which both the text and the HTML are made, so that they say the same.
//!
//! ```text
//! Writing::new(lang, Stream::Money, subject)
//!     .say(text(lang, "pledge-mail-thanks"))
//!     .facts(vec![(text(lang, "amount"), amount.show(lang))])
//!     .button(text(lang, "pledge-mail-open"), s.url("/nl/pledges/…"))
//!     .why(text(lang, "pledge-mail-why"))
//!     .draft(s)
//! ```

use askama::Template;

use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::mail::{Draft, Stream};
use crate::infra::texts;
use crate::values::Lang;

/// A part of a letter.
enum Part {
    Heading(String),
    /// The head of several parts that belong together.
    Section(String),
    /// Something that can be read elsewhere: its title, its first words, and where.
    Item {
        title: String,
        words: String,
        url: String,
    },
    /// One paragraph of plain words.
    Words(String),
    /// Pairs of a name and a value.
    Facts(Vec<(String, String)>),
    /// The one thing to do.
    Button {
        label: String,
        url: String,
    },
    /// A code to type over.
    Code(String),
    /// Safe HTML (`infra::markdown`) and the same in plain text.
    Markup {
        html: String,
        text: String,
    },
}

/// A letter being written.
pub struct Writing {
    lang: Lang,
    stream: Stream,
    subject: String,
    parts: Vec<Part>,
    why: String,
    unsubscribe_url: Option<String>,
    list_id: Option<String>,
}

#[derive(Template)]
#[template(path = "letters/layout.html")]
struct HtmlLetter<'a> {
    letter: &'a Writing,
    site: &'a str,
}

#[derive(Template)]
#[template(path = "letters/layout.txt")]
struct TextLetter<'a> {
    letter: &'a Writing,
    site: &'a str,
}

impl Writing {
    /// Begins a letter. The subject starts with what it is about; for money it holds the amount.
    pub fn new(lang: Lang, stream: Stream, subject: String) -> Writing {
        Writing { lang, stream, subject, parts: Vec::new(), why: String::new(), unsubscribe_url: None, list_id: None }
    }

    #[must_use]
    pub fn heading(self, text: String) -> Writing {
        self.part(Part::Heading(text))
    }

    /// A head below the heading.
    #[must_use]
    pub fn section(self, text: String) -> Writing {
        self.part(Part::Section(text))
    }

    /// Something that can be read in full at `url`, a whole address.
    #[must_use]
    pub fn item(self, title: String, words: String, url: String) -> Writing {
        self.part(Part::Item { title, words, url })
    }

    /// A paragraph.
    #[must_use]
    pub fn say(self, text: String) -> Writing {
        self.part(Part::Words(text))
    }

    #[must_use]
    pub fn facts(self, facts: Vec<(String, String)>) -> Writing {
        self.part(Part::Facts(facts))
    }

    /// The one thing to do; `url` is a whole address.
    #[must_use]
    pub fn button(self, label: String, url: String) -> Writing {
        self.part(Part::Button { label, url })
    }

    #[must_use]
    pub fn code(self, code: String) -> Writing {
        self.part(Part::Code(code))
    }

    /// Text with a form of its own. The HTML must come from `infra::markdown`.
    #[must_use]
    pub fn markup(self, html: String, text: String) -> Writing {
        self.part(Part::Markup { html, text })
    }

    /// Why this person gets this letter: the first line of the footer.
    #[must_use]
    pub fn why(mut self, text: String) -> Writing {
        self.why = text;
        self
    }

    /// Makes it a letter of a list that can be left.
    #[must_use]
    pub fn list(mut self, list_id: String, unsubscribe_url: String) -> Writing {
        self.list_id = Some(list_id);
        self.unsubscribe_url = Some(unsubscribe_url);
        self
    }

    fn part(mut self, part: Part) -> Writing {
        self.parts.push(part);
        self
    }

    fn t(&self, key: &str) -> String {
        texts::text(self.lang, key)
    }

    /// The finished letter.
    ///
    /// # Errors
    /// A template that cannot be rendered.
    pub fn draft(self, services: &Services) -> Result<Draft> {
        let site = services.settings.public_url.as_str();
        let html = HtmlLetter { letter: &self, site }.render().map_err(Error::broken)?;
        let text = TextLetter { letter: &self, site }.render().map_err(Error::broken)?;
        Ok(Draft {
            stream: self.stream,
            subject: self.subject,
            text,
            html,
            unsubscribe_url: self.unsubscribe_url,
            list_id: self.list_id,
            coded: None,
        })
    }
}
