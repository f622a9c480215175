//! Places the parts of a paper on sheets of A4, and builds the tree that says what each piece is. Lengths are hundredths of a
//! point, counted from the upper left corner.

use std::num::NonZeroU16;

use crate::infra::pdf::font::Face;
use crate::infra::pdf::{Block, Paper};
use crate::infra::web::qr::Qr;

pub const WIDTH: i32 = 59_528;
pub const HEIGHT: i32 = 84_189;
/// 20 mm.
pub const MARGIN: i32 = 5_669;
const TEXT_WIDTH: i32 = WIDTH - 2 * MARGIN;
/// Names of facts stand in the first part of the width.
const NAME_WIDTH: i32 = 14_500;
/// So wide a head of a column may be on one line.
const HEAD_WIDTH: i32 = 6_500;
/// A QR picture, its blank border included: 50 mm.
const CODE_WIDTH: i32 = 14_173;
/// Letters and pictures on a sheet for the wall are so many times as large.
const WALL: i32 = 2;
/// Between columns.
const GAP: i32 = 800;

const BODY: Style = Style { size: 1_000, line: 1_400, bold: false };
const STRONG: Style = Style { bold: true, ..BODY };
const TITLE: Style = Style { size: 2_000, line: 2_600, bold: true };
const HEADING: Style = Style { size: 1_300, line: 1_800, bold: true };
const SMALL: Style = Style { size: 900, line: 1_250, bold: false };

#[derive(Clone, Copy)]
struct Style {
    size: i32,
    line: i32,
    bold: bool,
}

/// A piece of a sheet.
pub enum Piece {
    Text {
        x: i32,
        /// Of the baseline.
        y: i32,
        size: i32,
        bold: bool,
        text: String,
        /// The leaf of the tree it belongs to; none for what only helps the eye.
        leaf: Option<usize>,
    },
    Rule {
        y: i32,
    },
    /// The dark parts of one picture.
    Bars {
        bars: Vec<Bar>,
        leaf: usize,
    },
}

/// A filled rectangle.
pub struct Bar {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// What a part of the tree is.
pub enum Kind {
    Heading(NonZeroU16, String),
    Paragraph,
    /// With words for who cannot see it.
    Figure(String),
    Table(String),
    Head,
    Body,
    Foot,
    Row,
    ColumnHeader,
    RowHeader,
    Cell,
}

pub struct Node {
    pub kind: Kind,
    pub children: Vec<Node>,
    pub leaf: Option<usize>,
}

/// A paper on its sheets.
pub struct Placed {
    pub sheets: Vec<Vec<Piece>>,
    pub tree: Vec<Node>,
    pub leaves: usize,
    /// Title, sheet and height of each.
    pub headings: Vec<(String, usize, i32)>,
}

/// Places everything, and the number of each sheet below it.
pub fn place(paper: &Paper, faces: &[Face; 2]) -> Placed {
    let mut desk = Desk {
        faces,
        times: if paper.for_wall { WALL } else { 1 },
        y: MARGIN,
        placed: Placed { sheets: vec![Vec::new()], tree: Vec::new(), leaves: 0, headings: Vec::new() },
    };
    desk.heading(1, &paper.title, TITLE);
    for block in &paper.blocks {
        match block {
            Block::Heading(text) => desk.heading(2, text, HEADING),
            Block::Words(text) => desk.words(text),
            Block::Code { text, shows } => desk.code(text, shows),
            Block::Facts(facts) => desk.facts(facts),
            Block::Table { caption, head, rows, total, amounts } => {
                let table =
                    Table { columns: desk.columns(head, rows, total.as_ref(), *amounts), head, amounts: *amounts };
                desk.table(&table, caption, rows, total.as_ref());
            }
        }
    }
    desk.number_sheets(&paper.title);
    desk.placed
}

struct Desk<'a> {
    faces: &'a [Face; 2],
    /// How many times as large as usual headings, words and pictures are.
    times: i32,
    /// The upper edge of what comes next.
    y: i32,
    placed: Placed,
}

/// Begin and width of each column.
struct Table<'a> {
    columns: Vec<(i32, i32)>,
    head: &'a [String],
    amounts: usize,
}

impl Table<'_> {
    fn is_amount(&self, column: usize) -> bool {
        column + self.amounts >= self.columns.len()
    }
}

/// A text in its column, broken into lines.
struct Cell {
    x: i32,
    width: i32,
    right: bool,
    lines: Vec<String>,
    leaf: Option<usize>,
}

impl Desk<'_> {
    fn face(&self, style: Style) -> &Face {
        &self.faces[usize::from(style.bold)]
    }

    fn leaf(&mut self) -> usize {
        self.placed.leaves += 1;
        self.placed.leaves - 1
    }

    fn push(&mut self, piece: Piece) {
        if let Some(sheet) = self.placed.sheets.last_mut() {
            sheet.push(piece);
        }
    }

    /// Begins a new sheet when this height does not fit any more. Answers whether it did.
    fn need(&mut self, height: i32) -> bool {
        let is_full = self.y + height > HEIGHT - MARGIN - BODY.line;
        if is_full {
            self.placed.sheets.push(Vec::new());
            self.y = MARGIN;
        }
        is_full
    }

    fn heading(&mut self, level: u16, text: &str, style: Style) {
        let text = self.face(style).known(text);
        let style = self.sized(style);
        self.y += if level == 1 { 0 } else { 800 };
        // a heading never stands alone at the foot of a sheet
        self.need(style.line + 3 * BODY.line);
        self.placed.headings.push((text.clone(), self.placed.sheets.len() - 1, self.y));
        let kind = Kind::Heading(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), text.clone());
        self.paragraph(kind, &text, style);
        self.y += 300;
    }

    fn words(&mut self, text: &str) {
        let text = self.face(BODY).known(text);
        self.paragraph(Kind::Paragraph, &text, self.sized(BODY));
        self.y += 600 * self.times;
    }

    fn sized(&self, style: Style) -> Style {
        Style { size: style.size * self.times, line: style.line * self.times, ..style }
    }

    /// A QR picture; nothing for a text that is too long for one.
    fn code(&mut self, text: &str, shows: &str) {
        let Some(qr) = Qr::of(text) else { return };
        let side = i32::try_from(qr.side).unwrap_or(i32::MAX);
        let width = CODE_WIDTH * self.times;
        let unit = width / side;
        self.need(width);
        let leaf = self.leaf();
        let place = |modules: usize| i32::try_from(modules).unwrap_or_default() * unit;
        let bars = qr.runs.iter().map(|(row, column, length)| Bar {
            x: MARGIN + place(*column),
            y: self.y + place(*row),
            width: place(*length),
            height: unit,
        });
        let piece = Piece::Bars { bars: bars.collect(), leaf };
        self.push(piece);
        let shows = self.face(BODY).known(if shows.is_empty() { text } else { shows });
        self.placed.tree.push(Node { kind: Kind::Figure(shows), children: Vec::new(), leaf: Some(leaf) });
        self.y += width + 600;
    }

    fn paragraph(&mut self, kind: Kind, text: &str, style: Style) {
        let leaf = self.leaf();
        for line in self.broken(text, TEXT_WIDTH, style) {
            self.need(style.line);
            self.line(MARGIN, &line, style, Some(leaf));
            self.y += style.line;
        }
        self.placed.tree.push(Node { kind, children: Vec::new(), leaf: Some(leaf) });
    }

    fn line(&mut self, x: i32, text: &str, style: Style, leaf: Option<usize>) {
        if text.is_empty() {
            return;
        }
        let (y, text) = (self.y + style.size, text.to_owned());
        self.push(Piece::Text { x, y, size: style.size, bold: style.bold, text, leaf });
    }

    /// A table of two columns whose rows begin with their header.
    fn facts(&mut self, facts: &[(String, String)]) {
        let mut rows = Vec::new();
        let summary = facts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        for (name, value) in facts {
            let cells = [(MARGIN, NAME_WIDTH - GAP, name), (MARGIN + NAME_WIDTH, TEXT_WIDTH - NAME_WIDTH, value)];
            let cells = cells.map(|(x, width, text)| {
                let text = self.face(STRONG).known(text);
                Cell { x, width, right: false, lines: self.broken(&text, width, STRONG), leaf: Some(self.leaf()) }
            });
            let kinds = [Kind::RowHeader, Kind::Cell];
            rows.push(node(Kind::Row, cells.iter().zip(kinds).map(|(cell, kind)| leaf(kind, cell)).collect()));
            self.row(&cells, BODY, None);
        }
        if !rows.is_empty() {
            self.placed.tree.push(node(Kind::Table(summary), rows));
        }
        self.y += 600;
    }

    /// One row of a table; on a new sheet the head is shown again, for the eye alone.
    fn row(&mut self, cells: &[Cell], style: Style, again: Option<&Table<'_>>) {
        let deepest = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or_default();
        for at in 0..deepest {
            let is_new = self.need(style.line);
            if let (true, Some(table)) = (is_new, again) {
                let head = self.cells(table, table.head, style_of_head(), false);
                self.row(&head, style_of_head(), None);
                self.rule();
            }
            for cell in cells {
                let Some(text) = cell.lines.get(at) else { continue };
                let width = self.face(style).width(text.trim_end(), style.size);
                let x = if cell.right { cell.x + cell.width - width } else { cell.x };
                self.line(x, text, style, cell.leaf);
            }
            self.y += style.line;
        }
        self.y += 200;
    }

    fn rule(&mut self) {
        let y = self.y;
        self.push(Piece::Rule { y });
        self.y += 300;
    }

    fn cells(&mut self, table: &Table<'_>, texts: &[String], style: Style, is_content: bool) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(texts.len());
        for (column, text) in texts.iter().enumerate() {
            let (x, width) = table.columns[column];
            let text = self.face(style).known(text);
            let leaf = is_content.then(|| self.leaf());
            let lines = self.broken(&text, width, style);
            cells.push(Cell { x, width, right: table.is_amount(column), lines, leaf });
        }
        cells
    }

    fn table(&mut self, table: &Table<'_>, caption: &str, rows: &[Vec<String>], total: Option<&Vec<String>>) {
        self.need(6 * SMALL.line);
        let head = self.cells(table, table.head, style_of_head(), true);
        let heads = head.iter().map(|cell| leaf(Kind::ColumnHeader, cell)).collect();
        let mut parts = vec![node(Kind::Head, vec![node(Kind::Row, heads)])];
        self.row(&head, style_of_head(), None);
        self.rule();
        let mut body = Vec::with_capacity(rows.len());
        for row in rows {
            let cells = self.cells(table, row, SMALL, true);
            body.push(node(Kind::Row, row_nodes(&cells)));
            self.row(&cells, SMALL, Some(table));
        }
        if !body.is_empty() {
            parts.push(node(Kind::Body, body));
        }
        if let Some(total) = total {
            self.rule();
            let cells = self.cells(table, total, style_of_head(), true);
            parts.push(node(Kind::Foot, vec![node(Kind::Row, row_nodes(&cells))]));
            self.row(&cells, style_of_head(), Some(table));
        }
        self.placed.tree.push(node(Kind::Table(self.face(BODY).known(caption)), parts));
        self.y += 600;
    }

    /// Each column as wide as its widest cell; the widest column of words gives way when that is too much.
    fn columns(
        &self,
        head: &[String],
        rows: &[Vec<String>],
        total: Option<&Vec<String>>,
        amounts: usize,
    ) -> Vec<(i32, i32)> {
        let bold = |text: &String| self.face(style_of_head()).width(text, style_of_head().size);
        // a head may take several lines, but not one for each of its words
        let head_width = |text: &String| {
            let longest_word = text.split(' ').map(|word| bold(&word.to_owned())).max().unwrap_or_default();
            longest_word.max(bold(text).min(HEAD_WIDTH))
        };
        let mut widths: Vec<i32> = (0..head.len())
            .map(|column| {
                let cells = rows.iter().chain(total).filter_map(|row| row.get(column)).map(bold);
                cells.chain([head_width(&head[column])]).max().unwrap_or_default().min(TEXT_WIDTH)
            })
            .collect();
        let words = head.len().saturating_sub(amounts);
        let widest = (0..words).max_by_key(|column| widths[*column]).unwrap_or_default();
        let others: i32 = widths.iter().enumerate().filter(|(at, _)| *at != widest).map(|(_, width)| width + GAP).sum();
        if let Some(width) = widths.get_mut(widest) {
            *width = (TEXT_WIDTH - others).max(GAP);
        }
        let mut x = MARGIN;
        let place = |width| {
            let begin = x;
            x += width + GAP;
            (begin, width)
        };
        widths.into_iter().map(place).collect()
    }

    fn broken(&self, text: &str, width: i32, style: Style) -> Vec<String> {
        self.face(style).lines(text, width, style.size)
    }

    fn number_sheets(&mut self, title: &str) {
        let count = self.placed.sheets.len();
        let face = &self.faces[0];
        let y = HEIGHT - MARGIN + BODY.size;
        for (at, sheet) in self.placed.sheets.iter_mut().enumerate() {
            let text = face.known(&format!("{title} - {}/{count}", at + 1));
            let x = WIDTH - MARGIN - face.width(&text, SMALL.size);
            sheet.push(Piece::Text { x, y, size: SMALL.size, bold: false, text, leaf: None });
        }
    }
}

fn style_of_head() -> Style {
    Style { bold: true, ..SMALL }
}

fn node(kind: Kind, children: Vec<Node>) -> Node {
    Node { kind, children, leaf: None }
}

fn leaf(kind: Kind, cell: &Cell) -> Node {
    Node { kind, children: Vec::new(), leaf: cell.leaf }
}

/// A row begins with its header.
fn row_nodes(cells: &[Cell]) -> Vec<Node> {
    let kind = |at: usize| if at == 0 { Kind::RowHeader } else { Kind::Cell };
    cells.iter().enumerate().map(|(at, cell)| leaf(kind(at), cell)).collect()
}
