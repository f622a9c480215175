//! What owners write, as safe HTML: a small part of Markdown, and after it a list of what may come out.
//!
//! Twice because the first is a reader and the second a guard: even a mistake of the reader lets nothing out that is not on
//! the list. Raw HTML is shown as the letters that were typed; pictures leave only their description.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The longest text that is read, in characters.
pub const MOST_CHARS: usize = 20_000;
/// Lists and quotes within each other; what is deeper stays at this depth.
const DEEPEST: usize = 10;

static GUARD: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "hr",
            "h2",
            "h3",
            "h4",
            "ul",
            "ol",
            "li",
            "strong",
            "em",
            "blockquote",
            "a",
            "code",
            "pre",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .generic_attributes(HashSet::new())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

static GUARD_OF_OURS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.url_relative(UrlRelative::PassThrough).link_rel(None);
    builder
});

/// The HTML of a text of our own, a page of the site: links within the site are kept.
pub fn own_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, Parser::new_ext(text, Options::empty()));
    GUARD_OF_OURS.clean(&out).to_string()
}

/// The HTML of a text. `shift`: how many levels its headings go down, so that they fit under the page's own; they never leave
/// h2 to h4.
pub fn html(text: &str, shift: u8) -> String {
    let text: String = text.chars().take(MOST_CHARS).collect();
    let mut depth = 0usize;
    let events = Parser::new_ext(&text, Options::empty()).filter_map(|event| tame(event, shift, &mut depth));
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events);
    GUARD.clean(&out).to_string()
}

/// The same in plain text, for letters: links show their address, everything else reads as it was typed.
pub fn plain(text: &str) -> String {
    let text: String = text.chars().take(MOST_CHARS).collect();
    let mut out = String::with_capacity(text.len());
    let mut target = String::new();
    let mut lists: Vec<Option<u64>> = Vec::new();
    for event in Parser::new_ext(&text, Options::empty()) {
        match event {
            Event::Text(t) | Event::Code(t) | Event::Html(t) | Event::InlineHtml(t) => out.push_str(&t),
            Event::SoftBreak => out.push(' '),
            Event::HardBreak => out.push('\n'),
            Event::Rule => out.push_str("---\n\n"),
            Event::Start(Tag::Link { dest_url, .. }) => target = dest_url.to_string(),
            Event::End(TagEnd::Link) if !target.is_empty() && !out.ends_with(&target) => {
                out.extend([" (", target.as_str(), ")"]);
            }
            Event::Start(Tag::List(first)) => {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                if lists.is_empty() {
                    out.push('\n');
                }
            }
            Event::Start(Tag::Item) => out.push_str(&bullet(&mut lists)),
            Event::End(TagEnd::Item) => {
                out.truncate(out.trim_end().len());
                out.push('\n');
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                out.push_str("\n\n")
            }
            _ => {}
        }
    }
    out.trim().to_owned()
}

fn bullet(lists: &mut [Option<u64>]) -> String {
    let indent = "  ".repeat(lists.len().saturating_sub(1).min(DEEPEST));
    match lists.last_mut() {
        Some(Some(number)) => {
            *number = number.saturating_add(1);
            format!("{indent}{}. ", *number - 1)
        }
        _ => format!("{indent}- "),
    }
}

/// An event as we let it through.
fn tame<'a>(event: Event<'a>, shift: u8, depth: &mut usize) -> Option<Event<'a>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Heading { level, .. }) => {
            let level = lower(level, shift);
            Some(Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lower(level, shift)))),
        Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => {
            *depth += 1;
            (*depth <= DEEPEST).then_some(event)
        }
        Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => {
            let is_shown = *depth <= DEEPEST;
            *depth = depth.saturating_sub(1);
            is_shown.then_some(event)
        }
        // of a list that is too deep, what its points say stays
        Event::Start(Tag::Item) | Event::End(TagEnd::Item) => (*depth <= DEEPEST).then_some(event),
        other => Some(other),
    }
}

fn lower(level: HeadingLevel, shift: u8) -> HeadingLevel {
    match (level as usize).saturating_add(usize::from(shift)) {
        0..=2 => HeadingLevel::H2,
        3 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_html_with_lower_headings() {
        let text = "# Kop\n\nEen *mooie* **dag** met [een link](https://example.org).\n\n- een\n- twee\n\n> citaat";
        let out = html(text, 1);
        assert_eq!(
            out,
            "<h2>Kop</h2>\n<p>Een <em>mooie</em> <strong>dag</strong> met \
             <a href=\"https://example.org\" rel=\"nofollow ugc noopener\">een link</a>.</p>\n\
             <ul>\n<li>een</li>\n<li>twee</li>\n</ul>\n<blockquote>\n<p>citaat</p>\n</blockquote>\n"
        );
        assert!(html("# a", 2).starts_with("<h3>") && html("###### a", 9).starts_with("<h4>"));
    }

    #[test]
    fn hostile_text_stays_text() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,AAAA)",
            "[x](vbscript:x)",
            "![x](https://example.org/pixel.gif)",
            "![x](javascript:alert(1))",
            "<a href='javascript:alert(1)'>x</a>",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "<iframe src=//example.org></iframe>",
            "[x](//example.org)",
            "[x](/staff/rounds)",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "# <b onclick=x>a</b>",
            "[a](https://example.org \"\\\" onmouseover=alert(1)\")",
            "`<script>`",
            "<style>*{display:none}</style>",
            "<form action=/x><input name=a></form>",
        ] {
            let out = html(hostile, 1);
            let tags: Vec<&str> = out.split('<').skip(1).map(|t| t.split(['>', ' ']).next().unwrap_or("")).collect();
            for tag in tags {
                let name = tag.trim_start_matches('/');
                let fine = ["p", "a", "h2", "code", "pre", "em", "strong"].contains(&name);
                assert!(fine, "{hostile} gave {out}");
            }
            let lower = out.to_lowercase();
            assert!(
                !lower.contains("href=\"javascript") && !lower.contains("href=\"data") && !lower.contains("href=\"/")
            );
            for attribute in out.split('<').skip(1).filter_map(|t| t.split('>').next()) {
                assert!(!attribute.contains(" on"), "{hostile} gave {out}");
            }
        }
    }

    #[test]
    fn deep_and_long_texts_come_back_soon() {
        let deep = html(&">".repeat(19_000), 1);
        assert_eq!(deep.matches("<blockquote>").count(), DEEPEST);
        assert_eq!(deep.matches("</blockquote>").count(), DEEPEST);
        let lists: String = (0..400).map(|n| format!("{}- x\n", " ".repeat(n * 2))).collect();
        assert!(html(&lists, 1).matches("<ul>").count() <= DEEPEST);
        let nested: String = (0..40).map(|n| format!("{}- x{n}\n", "  ".repeat(n))).collect();
        let out = html(&nested, 1);
        assert_eq!((out.matches("<ul>").count(), out.matches("</ul>").count()), (DEEPEST, DEEPEST));
        assert!(out.matches("<li>").count() == out.matches("</li>").count() && out.contains("x20"));
        assert!(html(&"[".repeat(19_000), 1).len() < 20_100);
        assert!(html(&"a".repeat(50_000), 1).len() < 20_100);
        for text in
            ["*_".repeat(9_000), "<a>".repeat(6_000), "![".repeat(9_000), "`".repeat(19_999), "&".repeat(19_000)]
        {
            html(&text, 1);
            plain(&text);
        }
    }

    #[test]
    fn plain_text_reads_well() {
        let text = "# Kop\n\nEen **dag**\nmet [een link](https://example.org).\n\n1. een\n2. twee\n   - diep\n\nSlot";
        assert_eq!(
            plain(text),
            "Kop\n\nEen dag met een link (https://example.org).\n\n1. een\n2. twee\n  - diep\n\nSlot"
        );
    }
}
