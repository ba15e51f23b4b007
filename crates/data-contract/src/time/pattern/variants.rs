//! The forms that a pattern with optional sections stands for, for whoever reads texts in another way than here.

use super::{Item, TimePattern};

/// The most forms of a pattern.
const MOST: usize = 16;

/// A piece of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A text that stands for itself.
    Text(String),
    /// A letter, as often as it stands there, and whether another field follows at once.
    Field {
        letter: char,
        length: usize,
        joined: bool,
    },
}

impl TimePattern {
    /// Each way to take optional sections or leave them out, the fullest first; none where there are too many.
    pub(crate) fn forms(&self) -> Option<Vec<Vec<Piece>>> {
        let forms = forms(&self.0)?;
        (forms.len() <= MOST).then_some(forms)
    }
}

fn forms(items: &[Item]) -> Option<Vec<Vec<Piece>>> {
    let mut all = vec![Vec::new()];
    for item in items {
        let ways = match item {
            Item::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                vec![vec![Piece::Text(text)]]
            }
            Item::Field {
                letter,
                length,
                joined,
            } => vec![vec![Piece::Field {
                letter: char::from(*letter),
                length: *length,
                joined: *joined,
            }]],
            Item::Optional(inner) => {
                let mut ways = forms(inner)?;
                ways.push(Vec::new());
                ways
            }
        };
        let with = |form: &Vec<Piece>| {
            let ways = ways.iter().map(|way| [form.as_slice(), way].concat());
            ways.collect::<Vec<_>>()
        };
        all = all.iter().flat_map(with).collect();
        if all.len() > MOST {
            return None;
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_sections_are_there_or_not() {
        let forms = |pattern: &str| {
            let forms = TimePattern::parse(pattern).unwrap().forms();
            forms.map(|forms| forms.iter().map(Vec::len).collect::<Vec<_>>())
        };

        assert_eq!(forms("HH:mm"), Some(vec![3]));
        assert_eq!(forms("HH:mm[:ss[.SSS]]"), Some(vec![7, 5, 3]));
        assert_eq!(forms("[a][H][m][s][S]"), None);
    }
}
