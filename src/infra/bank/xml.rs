//! XML of strangers: read as a stream, in UTF-8, without document types and entities, within limits on everything.

use std::io::{self, BufRead, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::infra::bank::{Fault, Why};

/// The deepest nesting; a statement needs 14.
const DEEPEST: usize = 40;
/// The longest tag, text or comment, in bytes.
const LONGEST_TOKEN: usize = 64 * 1024;
/// The most attributes of one element.
const MOST_ATTRIBUTES: usize = 16;
/// The most elements below the one that is read as a tree.
const MOST_IN_TREE: usize = 2_000;
/// The most text in such a tree, in bytes.
const MOST_TREE_TEXT: usize = 64 * 1024;

/// Where the next token comes from, with a limit on the whole and on each token.
struct Bounded<R> {
    inner: R,
    left: u64,
    left_of_token: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(target)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let most = self.left_of_token.min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let bytes = self.inner.fill_buf()?;
        if most == 0 && !bytes.is_empty() {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too large"));
        }
        Ok(&bytes[..bytes.len().min(most)])
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        self.left = self.left.saturating_sub(count as u64);
        self.left_of_token = self.left_of_token.saturating_sub(count);
    }
}

/// What comes next.
#[derive(Debug)]
pub enum Token {
    /// An element of the document's namespace, by its local name; `currency` is its attribute `Ccy`.
    Open {
        name: String,
        currency: String,
    },
    /// An element of another namespace.
    Foreign,
    Text(String),
    Close,
    /// The document has ended, well-formed.
    End,
}

/// An element with everything in it.
#[derive(Debug, Default)]
pub struct Node {
    pub name: String,
    pub currency: String,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The node at the end of a path.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// The text at the end of a path, trimmed; empty when there is none.
    pub fn text_at(&self, path: &[&str]) -> &str {
        self.at(path).map_or("", |node| node.text.trim())
    }
}

/// A stream of tokens.
pub struct Xml<R> {
    reader: NsReader<Bounded<R>>,
    buffer: Vec<u8>,
    depth: usize,
    /// The namespace of the root element, once it was seen.
    namespace: Option<String>,
    /// An empty element was opened and must still be closed.
    closing: bool,
    begun: bool,
}

impl<R: BufRead> Xml<R> {
    /// A stream over at most `most_bytes`.
    pub fn new(input: R, most_bytes: u64) -> Xml<R> {
        let bounded = Bounded { inner: input, left: most_bytes, left_of_token: LONGEST_TOKEN };
        let mut reader = NsReader::from_reader(bounded);
        reader.config_mut().check_comments = true;
        Xml { reader, buffer: Vec::new(), depth: 0, namespace: None, closing: false, begun: false }
    }

    /// The namespace of the root element; empty before it was read and when it has none.
    pub fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    /// A fault at the place that was reached.
    pub fn fault(&self, why: Why, what: impl std::fmt::Display) -> Fault {
        Fault { at: self.reader.buffer_position(), ..Fault::new(why, what) }
    }

    /// The next token; comments and processing instructions are passed over.
    pub fn next(&mut self) -> Result<Token, Fault> {
        if std::mem::take(&mut self.closing) {
            self.depth -= 1;
            return Ok(Token::Close);
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().left_of_token = LONGEST_TOKEN;
            let at = self.reader.buffer_position();
            let read = self.reader.read_resolved_event_into(&mut self.buffer);
            let (namespace, event) = read.map_err(|error| unread(&error, at))?;
            let begun = std::mem::replace(&mut self.begun, true);
            let outside = self.depth == 0;
            let fault = |why: Why, what: &str| Fault { at, ..Fault::new(why, what) };
            match event {
                Event::Start(start) => {
                    let token = opened(&start, &namespace, &mut self.namespace, outside, at)?;
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(fault(Why::TooDeep, "nesting"));
                    }
                    return Ok(token);
                }
                Event::Empty(start) => {
                    let token = opened(&start, &namespace, &mut self.namespace, outside, at)?;
                    self.depth += 1;
                    self.closing = true;
                    return Ok(token);
                }
                Event::End(_) => {
                    self.depth = self.depth.checked_sub(1).ok_or_else(|| fault(Why::NotWellFormed, "an end"))?;
                    return Ok(Token::Close);
                }
                Event::Text(text) if outside => {
                    if !text.trim().is_empty() {
                        return Err(fault(Why::NotWellFormed, "text outside the document"));
                    }
                }
                Event::Text(text) => return Ok(Token::Text(text.xml10_content().into_owned())),
                Event::CData(text) if !outside => return Ok(Token::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) if !outside => {
                    let character = reference.resolve_char_ref().map_err(|e| unread(&e, at))?;
                    let text = match (character, resolve_predefined_entity(&reference)) {
                        (Some(character), _) => character.to_string(),
                        (None, Some(text)) => text.to_owned(),
                        (None, None) => return Err(fault(Why::Doctype, &reference)),
                    };
                    return Ok(Token::Text(text));
                }
                Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(fault(Why::NotWellFormed, "text outside the document"));
                }
                Event::Comment(_) => {}
                Event::PI(instruction) if instruction.target().eq_ignore_ascii_case("xml") => {
                    return Err(fault(Why::NotWellFormed, "a declaration in the middle"));
                }
                Event::PI(_) => {}
                Event::Decl(declaration) => {
                    if begun {
                        return Err(fault(Why::NotWellFormed, "a declaration in the middle"));
                    }
                    if let Some(encoding) = declaration.encoding() {
                        let encoding = encoding.map_err(|e| fault(Why::NotWellFormed, &e.to_string()))?;
                        if !["utf-8", "us-ascii"].contains(&encoding.to_lowercase().as_str()) {
                            return Err(fault(Why::Encoding, &encoding));
                        }
                    }
                }
                Event::DocType(_) => return Err(fault(Why::Doctype, "DOCTYPE")),
                Event::Eof if self.depth > 0 => return Err(fault(Why::NotWellFormed, "the end of the file")),
                Event::Eof if self.namespace.is_none() => return Err(fault(Why::Unreadable, "no document")),
                Event::Eof => return Ok(Token::End),
            }
        }
    }

    /// Everything of the element that was just opened.
    pub fn tree(&mut self, name: String, currency: String) -> Result<Node, Fault> {
        let mut open = vec![Node { name, currency, ..Node::default() }];
        let (mut count, mut bytes) = (0, 0);
        loop {
            match self.next()? {
                Token::Open { name, currency } => {
                    count += 1;
                    open.push(Node { name, currency, ..Node::default() });
                }
                Token::Foreign => self.skip()?,
                Token::Text(text) => {
                    bytes += text.len();
                    if let Some(node) = open.last_mut() {
                        node.text.push_str(&text);
                    }
                }
                Token::Close | Token::End => {
                    let Some(done) = open.pop() else { return Ok(Node::default()) };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
            }
            if count > MOST_IN_TREE || bytes > MOST_TREE_TEXT {
                return Err(self.fault(Why::TooLarge, &open[0].name));
            }
        }
    }

    /// Passes over the element that was just opened.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let mut depth = 1usize;
        while depth > 0 {
            match self.next()? {
                Token::Open { .. } | Token::Foreign => depth += 1,
                Token::Close => depth -= 1,
                Token::Text(_) => {}
                Token::End => break,
            }
        }
        Ok(())
    }
}

/// What an element's begin means; the root decides which namespace is the document's.
fn opened(
    start: &BytesStart<'_>,
    namespace: &ResolveResult<'_>,
    document: &mut Option<String>,
    is_root: bool,
    at: u64,
) -> Result<Token, Fault> {
    let fault = |why: Why, what: &str| Fault { at, ..Fault::new(why, what) };
    let own = match namespace {
        ResolveResult::Bound(namespace) => namespace.into_inner().to_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefix) => return Err(fault(Why::NotWellFormed, &format!("prefix {prefix:?}"))),
    };
    let mut currency = String::new();
    for (number, attribute) in start.attributes().enumerate() {
        let attribute = attribute.map_err(|error| fault(Why::NotWellFormed, &error.to_string()))?;
        if number >= MOST_ATTRIBUTES {
            return Err(fault(Why::TooLarge, "attributes"));
        }
        if attribute.value.contains(['&', '<']) {
            return Err(fault(Why::Doctype, "an entity in an attribute"));
        }
        if attribute.key.into_inner() == "Ccy" {
            currency = attribute.value.trim().to_owned();
        }
    }
    let name = start.local_name().into_inner().to_owned();
    if is_root {
        if document.is_some() {
            return Err(fault(Why::NotWellFormed, "a second document"));
        }
        *document = Some(own);
    } else if document.as_deref() != Some(&own) {
        return Ok(Token::Foreign);
    }
    Ok(Token::Open { name, currency })
}

fn unread(error: &quick_xml::Error, at: u64) -> Fault {
    let why = match error {
        quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Why::TooLarge,
        quick_xml::Error::Io(_) => Why::Unreadable,
        quick_xml::Error::Encoding(_) => Why::Encoding,
        _ => Why::NotWellFormed,
    };
    Fault { at, ..Fault::new(why, error) }
}
