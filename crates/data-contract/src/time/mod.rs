//! Times as contracts write them: patterns of JDK's `DateTimeFormatter`, ISO 8601, and durations with units.

mod duration;
mod iso;
mod moment;
mod pattern;

pub use duration::{DurationError, seconds_of};
pub use iso::{iso_date, iso_moment, iso_time};
pub use moment::Moment;
pub use pattern::{TimePattern, TimePatternError};

pub(crate) use iso::offset;
