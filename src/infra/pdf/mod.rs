//! Papers as PDF that everybody can read: tagged (headings, paragraphs, tables with their headers), with language, title and
//! outline, checked against PDF/UA-1 (ISO 14289-1) by the library that writes it. One small font is embedded, cut down further to
//! the letters that a paper uses; its licence stands beside it.
//!
//! A [`Paper`] is made of plain parts, from which a page is made too, so both say the same. [`layout`] places them on sheets,
//! this file writes the sheets.

pub(in crate::infra) mod font;
mod layout;

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::text::{Font, TextDirection};

use crate::infra::error::{Error, Result};
use crate::infra::pdf::font::Face;
use crate::infra::pdf::layout::{Bar, HEIGHT, Kind, Node, Piece, Placed, WIDTH};
use crate::values::{Lang, Timestamp};

/// Something to be read on paper.
pub struct Paper {
    pub lang: Lang,
    /// Its first heading, and the document's title.
    pub title: String,
    pub author: String,
    pub issued_at: Timestamp,
    /// In larger letters, to be read from a few steps away.
    pub for_wall: bool,
    pub blocks: Vec<Block>,
}

/// A part of a paper.
pub enum Block {
    Heading(String),
    /// One paragraph.
    Words(String),
    /// A text as QR picture.
    Code {
        text: String,
        /// For who cannot see it.
        shows: String,
    },
    /// Pairs of a name and a value.
    Facts(Vec<(String, String)>),
    Table {
        /// What it shows, for who cannot see it.
        caption: String,
        head: Vec<String>,
        rows: Vec<Vec<String>>,
        total: Option<Vec<String>>,
        /// So many columns at the end hold amounts and stand at the right.
        amounts: usize,
    },
}

/// Writes a paper.
///
/// # Errors
/// The library found that the result would not be accessible, or could not write it.
pub fn write(paper: &Paper) -> Result<Vec<u8>> {
    let faces = [Face::regular()?, Face::bold()?];
    let placed = layout::place(paper, &faces);
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| Error::broken(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let fonts = faces.each_ref().map(|face| face.font.clone());
    let leaves = draw(&mut document, &placed, &fonts)?;
    let mut tree = TagTree::new();
    for node in &placed.tree {
        if let Some(group) = group(node, &leaves) {
            tree.push(group);
        }
    }
    document.set_tag_tree(tree);
    document.set_outline(outline(&placed));
    document.set_metadata(metadata(paper));
    document.finish().map_err(|error| Error::broken(format!("a PDF could not be written: {error:?}")))
}

/// Draws all sheets. Answers, for each leaf of the tree, what was drawn of it.
fn draw(document: &mut Document, placed: &Placed, fonts: &[Font; 2]) -> Result<Vec<Vec<Identifier>>> {
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); placed.leaves];
    for sheet in &placed.sheets {
        let settings = PageSettings::from_wh(points(WIDTH), points(HEIGHT));
        let mut page = document.start_page_with(settings.ok_or_else(|| Error::broken("no size of a page"))?);
        let mut surface = page.surface();
        for piece in sheet {
            match piece {
                Piece::Text { leaf, .. } => {
                    let tag = match leaf {
                        Some(_) => ContentTag::Span(SpanTag::empty()),
                        None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)),
                    };
                    let identifier = surface.start_tagged(tag);
                    text(&mut surface, piece, fonts);
                    surface.end_tagged();
                    if let Some(leaf) = leaf {
                        leaves[*leaf].push(identifier);
                    }
                }
                Piece::Rule { y } => {
                    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
                    rule(&mut surface, *y);
                    surface.end_tagged();
                }
                Piece::Bars { bars, leaf } => {
                    leaves[*leaf].push(surface.start_tagged(ContentTag::Other));
                    fill(&mut surface, bars);
                    surface.end_tagged();
                }
            }
        }
        surface.finish();
        page.finish();
    }
    Ok(leaves)
}

fn text(surface: &mut Surface<'_>, piece: &Piece, fonts: &[Font; 2]) {
    let Piece::Text { x, y, size, bold, text, .. } = piece else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: rgb::Color::black().into(), ..Fill::default() }));
    let font = fonts[usize::from(*bold)].clone();
    let start = Point::from_xy(points(*x), points(*y));
    surface.draw_text(start, font, points(*size), text, false, TextDirection::LeftToRight);
}

fn fill(surface: &mut Surface<'_>, bars: &[Bar]) {
    let mut path = PathBuilder::new();
    for bar in bars {
        let place = Rect::from_xywh(points(bar.x), points(bar.y), points(bar.width), points(bar.height));
        if let Some(place) = place {
            path.push_rect(place);
        }
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: rgb::Color::black().into(), ..Fill::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// A thin line over the width of the text.
fn rule(surface: &mut Surface<'_>, y: i32) {
    let mut path = PathBuilder::new();
    path.move_to(points(layout::MARGIN), points(y));
    path.line_to(points(WIDTH - layout::MARGIN), points(y));
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: rgb::Color::new(120, 120, 120).into(), width: 0.5, ..Stroke::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// A node of the tree with all that was drawn of it; nothing when nothing was.
fn group(node: &Node, leaves: &[Vec<Identifier>]) -> Option<TagGroup> {
    let mut group = match &node.kind {
        Kind::Heading(level, title) => TagGroup::new(Tag::Hn(*level, Some(title.clone()))),
        Kind::Paragraph => TagGroup::new(Tag::P),
        Kind::Figure(shows) => TagGroup::new(Tag::Figure(Some(shows.clone()))),
        Kind::Table(summary) => TagGroup::new(Tag::Table.with_summary(Some(summary.clone()))),
        Kind::Head => TagGroup::new(Tag::THead),
        Kind::Body => TagGroup::new(Tag::TBody),
        Kind::Foot => TagGroup::new(Tag::TFoot),
        Kind::Row => TagGroup::new(Tag::TR),
        Kind::ColumnHeader => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
        Kind::RowHeader => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
        Kind::Cell => TagGroup::new(Tag::TD),
    };
    for child in &node.children {
        if let Some(child) = self::group(child, leaves) {
            group.push(child);
        }
    }
    for identifier in node.leaf.iter().flat_map(|leaf| &leaves[*leaf]) {
        group.push(*identifier);
    }
    Some(group).filter(|_| !node.children.is_empty() || node.leaf.is_some())
}

fn outline(placed: &Placed) -> Outline {
    let mut outline = Outline::new();
    for (title, sheet, y) in &placed.headings {
        let place = XyzDestination::new(*sheet, Point::from_xy(0.0, points(*y)));
        outline.push_child(OutlineNode::new(title.clone(), place));
    }
    outline
}

fn metadata(paper: &Paper) -> Metadata {
    let number = |range: std::ops::Range<usize>, text: &str| text.get(range).and_then(|part| part.parse::<u16>().ok());
    let at = paper.issued_at.to_string();
    let small = |range| number(range, &at).and_then(|n| u8::try_from(n).ok()).unwrap_or_default();
    let date = DateTime::new(number(0..4, &at).unwrap_or_default())
        .month(small(5..7))
        .day(small(8..10))
        .hour(small(11..13))
        .minute(small(14..16))
        .second(small(17..19))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(paper.title.clone())
        .language(paper.lang.code().to_owned())
        .authors(vec![paper.author.clone()])
        .creator("Drempel".to_owned())
        .creation_date(date)
}

/// The library's points from our hundredths of them.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a place on a sheet of paper, never an amount"
)]
fn points(hundredths: i32) -> f32 {
    hundredths as f32 / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(words: &str, rows: usize) -> Paper {
        Paper {
            lang: Lang::Nl,
            title: "Factuur IN2026-000001".to_owned(),
            author: "Stichting Drempel".to_owned(),
            issued_at: "2026-11-25T12:00:00.000Z".parse().expect("a moment"),
            for_wall: rows == 3,
            blocks: vec![
                Block::Heading("Aankoop".to_owned()),
                Block::Words(words.to_owned()),
                Block::Code { text: "https://drempel.example/nl/projects/kas".to_owned(), shows: words.to_owned() },
                Block::Facts(vec![("Naam".to_owned(), words.to_owned()), ("Leeg".to_owned(), String::new())]),
                Block::Table {
                    caption: "Regels".to_owned(),
                    head: ["Wat", "Bedrag"].map(str::to_owned).to_vec(),
                    rows: (0..rows).map(|row| vec![format!("Regel {row} {words}"), "€\u{a0}25".to_owned()]).collect(),
                    total: Some(vec!["Samen".to_owned(), "€\u{a0}1.864,50".to_owned()]),
                    amounts: 1,
                },
            ],
        }
    }

    #[test]
    fn a_paper_is_written_as_tagged_pdf_also_with_what_the_font_does_not_have() {
        for (words, rows) in [
            ("Zoë & Søren", 3),
            ("", 0),
            ("日本語 😀 \u{feff}\u{202e} \u{0}", 1),
            (&"woord ".repeat(2_000), 1),
            (&"w".repeat(5_000), 1),
            ("kort", 200),
        ] {
            let bytes = write(&paper(words, rows)).expect("a PDF");
            assert!(bytes.starts_with(b"%PDF-1.7"));
            let text = String::from_utf8_lossy(&bytes);
            for part in ["/StructTreeRoot", "/MarkInfo", "/Lang", "pdfuaid:part"] {
                assert!(text.contains(part), "{part}");
            }
            assert!(bytes.len() < 150_000, "{} bytes", bytes.len());
        }
    }
}
