//! Reads what was typed into the forms of a plan: one sentence beside the field for whatever is wrong, nothing guessed.

use crate::features::outcomes::note;
use crate::infra::error::Refusal;
use crate::infra::texts::text_with;
use crate::infra::web::{Ctx, Form};
use crate::values::money::AmountError;
use crate::values::text::{many_lines, one_line};
use crate::values::time::read_day;
use crate::values::{Cents, Lang};

/// Empty rows behind those that are filled in.
const EMPTY_ROWS: usize = 3;

/// A posted form being read.
pub struct Typed<'a> {
    pub ctx: &'a Ctx,
    pub form: &'a mut Form,
}

impl Typed<'_> {
    pub fn fail(&mut self, name: &str, key: &str) {
        self.form.fail_key(self.ctx.lang, name, key);
    }

    fn fail_with(&mut self, name: &str, key: &str, args: &[(&'static str, String)]) {
        self.form.fail(name, text_with(self.ctx.lang, key, args));
    }

    /// One line of text, at most so many characters.
    pub fn line(&mut self, name: &str, most: usize) -> String {
        let text = one_line(self.form.value(name), usize::MAX).unwrap_or_default();
        self.not_longer(name, &text, most);
        text
    }

    /// One line that must be there.
    pub fn needed(&mut self, name: &str, most: usize) -> String {
        let text = self.line(name, most);
        if text.is_empty() {
            self.fail(name, "plans-needed");
        }
        text
    }

    /// Several lines of text, at most so many characters.
    pub fn lines(&mut self, name: &str, most: usize) -> String {
        let text = many_lines(self.form.value(name), usize::MAX).unwrap_or_default();
        self.not_longer(name, &text, most);
        text
    }

    fn not_longer(&mut self, name: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            let args = [("max", most.to_string()), ("over", (length - most).to_string())];
            self.fail_with(name, "plans-too-long", &args);
        }
    }

    /// Refuses a text that looks as if it names a person.
    pub fn nobody(&mut self, name: &str, text: &str) {
        if let Some(refusal) = note::names_somebody(text) {
            self.fail(name, refusal.key());
        }
    }

    /// An amount of euros; nought when it is wrong, and when it is empty and may be.
    pub fn amount(&mut self, name: &str, may_be_empty: bool) -> Cents {
        let error = match Cents::parse(self.form.value(name)) {
            Ok(amount) => return amount,
            Err(AmountError::Empty) if may_be_empty => return Cents::ZERO,
            Err(error) => error,
        };
        self.fail(name, amount_key(error));
        Cents::ZERO
    }

    /// A whole number in plain digits between these two, blanks ignored.
    pub fn whole(&mut self, name: &str, least: i64, most: i64) -> i64 {
        let digits: String = self.form.value(name).chars().filter(|c| !c.is_whitespace()).collect();
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        match digits.parse() {
            Ok(number) if is_number && (least..=most).contains(&number) => number,
            _ => {
                let args = [("least", least.to_string()), ("most", most.to_string())];
                self.fail_with(name, "plans-whole-number", &args);
                least
            }
        }
    }

    /// A day; empty when it is wrong, and when it is empty and may be.
    pub fn day(&mut self, name: &str, may_be_empty: bool) -> String {
        if may_be_empty && self.form.value(name).trim().is_empty() {
            return String::new();
        }
        match read_day(self.form.value(name)) {
            Some(day) => {
                self.form.set(name, &day);
                day
            }
            None => {
                self.fail(name, "plans-day-unreadable");
                String::new()
            }
        }
    }
}

fn amount_key(error: AmountError) -> &'static str {
    match error {
        AmountError::Empty => "amount-empty",
        AmountError::NotANumber => "amount-not-a-number",
        AmountError::Ambiguous => "amount-ambiguous",
        AmountError::Negative => "amount-negative",
        AmountError::TooLarge => "amount-too-large",
    }
}

/// An amount as a person of this language would type it.
pub fn typed_amount(cents: i64, lang: Lang) -> String {
    let plain = Cents(cents).plain();
    let plain = plain.trim_end_matches(".00");
    match lang {
        Lang::Nl => plain.replace('.', ","),
        Lang::En => plain.to_owned(),
    }
}

/// The names of the fields of all rows: `label_nl-1`, `label_nl-2` …
pub fn names(fields: &[&str], most: usize) -> Vec<String> {
    (1..=most).flat_map(|row| fields.iter().map(move |field| format!("{field}-{row}"))).collect()
}

/// The rows in which anything was typed into one of these fields.
pub fn typed_rows(form: &Form, fields: &[&str], most: usize) -> Vec<usize> {
    let is_typed = |row: &usize| fields.iter().any(|field| !form.value(&format!("{field}-{row}")).trim().is_empty());
    (1..=most).filter(is_typed).collect()
}

/// The rows a form shows: those with something in them and a few empty ones behind.
pub fn shown_rows(form: &Form, fields: &[&str], most: usize) -> Vec<usize> {
    let last = typed_rows(form, fields, most).last().copied().unwrap_or(0);
    (1..=(last + EMPTY_ROWS).min(most)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f90_amounts_are_shown_as_they_would_be_typed_and_read_back_the_same() {
        for (cents, nl, en) in [(125_000, "1250", "1250"), (125_050, "1250,50", "1250.50"), (7, "0,07", "0.07")] {
            assert_eq!((typed_amount(cents, Lang::Nl).as_str(), typed_amount(cents, Lang::En).as_str()), (nl, en));
            for lang in Lang::ALL {
                assert_eq!(Cents::parse(&typed_amount(cents, lang)), Ok(Cents(cents)));
            }
        }
    }

    #[test]
    fn filled_rows_are_followed_by_empty_ones_up_to_the_most() {
        let form = Form::with(&[("name-2", "x"), ("name-4", " ")]);
        assert_eq!(typed_rows(&form, &["name"], 9), [2]);
        assert_eq!(shown_rows(&form, &["name"], 9), [1, 2, 3, 4, 5]);
        assert_eq!(shown_rows(&form, &["name"], 3), [1, 2, 3]);
        assert_eq!(names(&["a", "b"], 2), ["a-1", "b-1", "a-2", "b-2"]);
    }
}
