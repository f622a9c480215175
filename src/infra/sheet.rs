//! A workbook (Office Open XML) with tables a bookkeeper can go on with: real dates, amounts as numbers, a head that stays. Rows go
//! through a temporary file, so memory does not grow with them.

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::infra::error::{Error, Result};
use crate::values::{Cents, Timestamp};

impl From<XlsxError> for Error {
    fn from(error: XlsxError) -> Error {
        Error::broken(format!("a workbook could not be written: {error}"))
    }
}

/// A cell takes 32,767 characters; nothing a bookkeeper reads is near that.
const LONGEST_TEXT: usize = 2_000;

/// A cell of a row.
pub enum Cell {
    /// Always text, never a formula.
    Text(String),
    /// In Amsterdam's time.
    Moment(Timestamp),
    Amount(Cents),
    Empty,
}

/// A column: its head and its width in characters.
pub struct Column {
    pub head: String,
    pub width: u16,
}

/// A workbook being written, one table after the other.
pub struct Book {
    workbook: Workbook,
    row: u32,
    date: Format,
    amount: Format,
}

impl Default for Book {
    fn default() -> Book {
        Book {
            workbook: Workbook::new(),
            row: 0,
            date: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            amount: Format::new().set_num_format("#,##0.00"),
        }
    }
}

impl Book {
    /// Begins a table; rows go into it until the next one begins.
    pub fn table(&mut self, name: &str, columns: &[Column]) -> Result<()> {
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(name))?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, column) in (0u16..).zip(columns) {
            sheet.set_column_width(at, column.width)?;
        }
        for (at, column) in (0u16..).zip(columns) {
            sheet.write_string_with_format(0, at, &column.head, &head)?;
        }
        self.row = 1;
        Ok(())
    }

    /// Adds a row to the table that was begun last.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let row = self.row;
        let last = self.workbook.worksheets().len().saturating_sub(1);
        let sheet = self.workbook.worksheet_from_index(last)?;
        for (at, cell) in (0u16..).zip(cells) {
            write(sheet, (row, at), cell, &self.date, &self.amount)?;
        }
        self.row += 1;
        Ok(())
    }

    /// The bytes of the file.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        Ok(self.workbook.save_to_buffer()?)
    }
}

fn write(sheet: &mut Worksheet, place: (u32, u16), cell: &Cell, date: &Format, amount: &Format) -> Result<()> {
    let (row, column) = place;
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            let short: String = text.chars().take(LONGEST_TEXT).collect();
            sheet.write_string(row, column, short)?;
        }
        Cell::Moment(at) => {
            let (year, month, day, hour, minute, second) = at.parts();
            let part = |value: i8| u8::try_from(value).unwrap_or_default();
            let at = ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or_default(), part(month), part(day))?
                .and_hms(u16::from(part(hour)), part(minute), part(second))?;
            sheet.write_datetime_with_format(row, column, &at, date)?;
        }
        Cell::Amount(cents) => {
            // the file holds the shortest text that reads back as this number, and that is the amount itself
            let number: f64 = cents.plain().parse().map_err(Error::broken)?;
            sheet.write_number_with_format(row, column, number, amount)?;
        }
    }
    Ok(())
}

/// A name that a workbook takes: at most 31 characters, without the signs that mean something in formulas.
fn sheet_name(name: &str) -> String {
    name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect()
}
