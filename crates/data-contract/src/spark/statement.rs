//! A statement, and what its answer says.

use crate::plan::MeasureId;

/// A statement that brings measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    pub(super) reads: Reads,
}

impl Statement {
    /// The statement that brings parts, and the session's time zone where that counts.
    pub(super) fn of_parts(from: &str, parts: Vec<Part>) -> Self {
        let zone = parts.iter().any(|part| part.zoned);
        let mut sqls: Vec<_> = parts.iter().map(|part| part.sql.as_str()).collect();
        if zone {
            sqls.push("current_timezone()");
        }
        Self {
            sql: format!("SELECT {} FROM {from}", sqls.join(",\n  ")),
            reads: Reads::Row {
                parts,
                zone,
                from: Some(from.to_owned()),
            },
        }
    }

    /// The same in two, each with a half of what it brings: an expression that Spark refuses fails all that it is asked for with. None
    /// where it brings one thing alone.
    #[must_use]
    pub fn halves(&self) -> Option<[Self; 2]> {
        let Reads::Row {
            parts,
            from: Some(from),
            ..
        } = &self.reads
        else {
            return None;
        };
        let (first, second) = parts.split_at(parts.len() / 2);
        if first.is_empty() {
            return None;
        }
        Some([first, second].map(|parts| Self::of_parts(from, parts.to_vec())))
    }

    /// A statement that fails only where nothing can be read of what this one reads; none where this one cannot be divided.
    #[must_use]
    pub fn bare(&self) -> Option<String> {
        match &self.reads {
            Reads::Row {
                parts,
                from: Some(from),
                ..
            } if parts.len() > 1 => Some(format!("SELECT COUNT(*) FROM {from}")),
            _ => None,
        }
    }
}

/// The rows of an answer, each value as text; `None` where it is NULL. An error is the reason why there is none.
pub type Answer = Result<Vec<Vec<Option<String>>>, String>;

/// What an answer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// One row, with one value or several of each part.
    Row {
        /// The parts, in the order of their values.
        parts: Vec<Part>,
        /// Whether the last value is the time zone of the session, because parts depend on it.
        zone: bool,
        /// Where the parts are read; none of a part that is a query of its own.
        from: Option<String>,
    },
    /// A row for each value: the value, how often it is there, and how many values there are in all.
    Frequencies(MeasureId),
}

/// What an answer says of a measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The measure.
    pub(super) id: MeasureId,
    /// What its values are.
    pub(super) cell: Cell,
    /// One expression, or several with commas between.
    pub(super) sql: String,
    /// The statement that would ask for this alone.
    pub(super) alone: String,
    /// Whether it depends on the time zone of the session.
    pub(super) zoned: bool,
}

/// What a value of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// A count.
    Count,
    /// As many counts.
    Bins(usize),
    /// The bounds of so many parts, for each how many numbers are less and how many are equal, and how many there are in all.
    Parts(usize),
    /// A number, or NULL.
    Number,
    /// A day, as days since 1970.
    Date,
    /// A point in time, as microseconds since 1970.
    Timestamp,
    /// True or false.
    Boolean,
    /// Text.
    Text,
    /// What a query says: a number or truth where it is one.
    Said,
}

impl Cell {
    /// How many values of the answer it has.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Bins(bins) => bins,
            Self::Parts(parts) => 3 * parts + 1,
            _ => 1,
        }
    }
}
