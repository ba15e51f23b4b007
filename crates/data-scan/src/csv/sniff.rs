//! What is between cells, where nobody says: what the header shows.

use std::io;

use super::dialect::Dialect;
use super::header::{Header, header};
use crate::files::ReadAt;

/// What stands between cells beside the comma.
const OTHERS: [u8; 3] = *b";\t|";

/// Reads the beginning of a file, and what is between its cells, where that is none of what was said.
///
/// A comma that nobody has asked for is given up where the header has one name with another delimiter in it, and no column is
/// called so.
pub(super) fn sniff(
    (file, size): (&dyn ReadAt, u64),
    dialect: &Dialect,
    is_column: impl Fn(&str) -> bool,
) -> io::Result<(Option<Header>, Option<u8>)> {
    let found = header(file, size, dialect)?;
    let names = found.as_ref().and_then(|header| header.names.as_deref());
    let other = match names {
        Some([name]) if dialect.guessed && !is_column(name) => delimiter(name),
        _ => None,
    };
    match other {
        None => Ok((found, None)),
        Some(delimiter) => {
            let dialect = Dialect {
                delimiter,
                ..dialect.clone()
            };
            Ok((header(file, size, &dialect)?, Some(delimiter)))
        }
    }
}

/// The delimiter that a text has most of.
fn delimiter(name: &str) -> Option<u8> {
    let count = |of: &u8| name.bytes().filter(|byte| byte == of).count();
    let counted = OTHERS.iter().rev().max_by_key(|of| count(of));
    counted.filter(|of| count(of) > 0).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_has_most_of_is_between_its_cells() {
        assert_eq!(delimiter("a;b;c|d"), Some(b';'));
        assert_eq!(delimiter("a\tb"), Some(b'\t'));
        assert_eq!(delimiter("a|b"), Some(b'|'));
        assert_eq!(delimiter("a b"), None);
    }
}
