//! What a text means as a value of some kind: the reading of CSV cells and of JSON strings. No allocation, no cast that
//! loses anything: a text is a value of the kind, or it is none.

mod boolean;
mod calendar;
mod iso;
mod number;
mod pattern;
mod zone;

pub(crate) use boolean::boolean;
pub(crate) use calendar::{MICROS_OF_DAY, date_text, time_text, timestamp_text};
pub(crate) use iso::{date, time, timestamp};
pub(crate) use number::{integer, number};
pub(crate) use pattern::Pattern;
pub(crate) use zone::Zone;

/// The text without blanks and control characters at its ends.
#[inline]
pub(crate) fn trim(cell: &[u8]) -> &[u8] {
    match cell {
        [] => cell,
        [first, .., last] if *first > b' ' && *last > b' ' => cell,
        _ => cell.trim_ascii(),
    }
}
