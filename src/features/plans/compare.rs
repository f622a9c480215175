//! What changed between two texts, word by word: the longest common sequence of words, as in `diff`.

/// How a piece of a text stands against the other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    /// Stood in the old text only.
    Gone,
    /// Stands in the new text only.
    New,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub mark: Mark,
    pub text: String,
}

impl Piece {
    pub fn is_gone(&self) -> bool {
        self.mark == Mark::Gone
    }

    pub fn is_new(&self) -> bool {
        self.mark == Mark::New
    }
}

/// Above this many pairs of words the middle is shown as replaced as a whole: texts that long have little in common anyway.
const MOST_PAIRS: usize = 4_000_000;

/// The old text and the new one as one row of pieces. Without the new pieces it is the old text, without the gone ones the new text.
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    let (old, new) = (split(old), split(new));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    let mut pieces = Pieces::default();
    pieces.add(Mark::Same, &old[..head]);
    if old_middle.len().saturating_mul(new_middle.len()) > MOST_PAIRS {
        pieces.add(Mark::Gone, old_middle);
        pieces.add(Mark::New, new_middle);
    } else {
        middle(&mut pieces, old_middle, new_middle);
    }
    pieces.add(Mark::Same, &old_rest[old_rest.len() - tail..]);
    pieces.0
}

/// Words, each with the blanks behind it; put together again they are the text.
fn split(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut in_blank = false;
    for (at, c) in text.char_indices() {
        if in_blank && !c.is_whitespace() {
            words.push(&text[start..at]);
            start = at;
        }
        in_blank = c.is_whitespace();
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn add(&mut self, mark: Mark, words: &[&str]) {
        for word in words {
            match self.0.last_mut() {
                Some(last) if last.mark == mark => last.text.push_str(word),
                _ => self.0.push(Piece { mark, text: (*word).to_owned() }),
            }
        }
    }
}

fn middle(pieces: &mut Pieces, old: &[&str], new: &[&str]) {
    // longest[i][j]: words in common of old[i..] and new[j..]
    let width = new.len() + 1;
    let mut longest = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            pieces.add(Mark::Same, &[old[i]]);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
            pieces.add(Mark::Gone, &[old[i]]);
            i += 1;
        } else {
            pieces.add(Mark::New, &[new[j]]);
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn without(pieces: &[Piece], mark: Mark) -> String {
        pieces.iter().filter(|piece| piece.mark != mark).map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn changed_words_are_marked_and_the_rest_is_not() {
        let pieces = words("Twintig jongeren leren koken", "Dertig jongeren leren samen koken");
        let told: Vec<_> = pieces.iter().map(|piece| (piece.mark, piece.text.as_str())).collect();
        let expected = [
            (Mark::Gone, "Twintig "),
            (Mark::New, "Dertig "),
            (Mark::Same, "jongeren leren "),
            (Mark::New, "samen "),
            (Mark::Same, "koken"),
        ];
        assert_eq!(told, expected);
        assert!(words("gelijk", "gelijk").iter().all(|piece| piece.mark == Mark::Same));
        assert_eq!(words("", ""), []);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_pieces(old in "[ab \n]{0,40}", new in "[ab \n]{0,40}") {
            let pieces = words(&old, &new);
            prop_assert_eq!(without(&pieces, Mark::New), old);
            prop_assert_eq!(without(&pieces, Mark::Gone), new);
        }
    }
}
