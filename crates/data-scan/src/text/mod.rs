//! What a text means as a value of some kind: the reading of CSV cells and of JSON strings. No allocation, no cast that
//! loses anything: a text is a value of the kind, or it is none. Days and times are read by `data_contract::time`.

mod boolean;
mod number;

pub(crate) use boolean::boolean;
pub(crate) use number::{integer, long_number, number, short_number, wide};

/// The text without blanks and control characters at its ends.
#[inline]
pub(crate) fn trim(cell: &[u8]) -> &[u8] {
    match cell {
        [] => cell,
        [first, .., last] if *first > b' ' && *last > b' ' => cell,
        _ => cell.trim_ascii(),
    }
}
