//! Times as contracts and data write them: patterns of JDK's `DateTimeFormatter`, ISO 8601, and durations with units. A bound
//! in a contract and a cell of a file are read by the same pieces, so that they mean the same.

mod calendar;
mod duration;
mod iso;
mod pattern;
mod zone;

pub use calendar::{MICROS_OF_DAY, date_text, time_text, timestamp_text};
pub use duration::{DurationError, seconds_of};
pub use iso::{date, time, timestamp};
pub(crate) use pattern::Piece;
pub use pattern::{TimePattern, TimePatternError};
pub use zone::Zone;
