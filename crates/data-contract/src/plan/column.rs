//! A declared column: where it stands in the data, and what its values ought to be.

use serde::Serialize;

/// A place in the columns of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ColumnId(pub usize);

/// A column as the contract declares it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// The way to it from the row, by physical names.
    pub path: Vec<Step>,
    /// What its values are.
    pub kind: Kind,
    /// Whether whole numbers in it may need more than 64 bits with a sign, as the contract's `format` says.
    pub wide: bool,
    /// The exact type that the contract asks for (`physicalType`), as it is written.
    pub physical_type: Option<String>,
    /// Whether an object may lack the column: `required: false` says nothing about it, a custom property `optional` does.
    pub optional: bool,
    /// Whether it is neither required nor in a key, so that a file that lacks it has NULL there, where others have it.
    pub nullable: bool,
    /// Whether its values are hidden in samples, because of its `classification` or that of what it is part of.
    pub masked: bool,
}

impl Column {
    /// Its name as people write it: `address.city`, `tags[]`.
    #[must_use]
    pub fn name(&self) -> String {
        Step::name(&self.path)
    }
}

/// One step of the way to a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Step {
    /// A field of the row, or of a struct.
    Field(String),
    /// Each element of an array.
    Items,
}

impl Step {
    /// A way as people write it.
    #[must_use]
    pub fn name(path: &[Self]) -> String {
        let mut name = String::new();
        for step in path {
            match step {
                Self::Field(field) if name.is_empty() => name.push_str(field),
                Self::Field(field) => {
                    name.push('.');
                    name.push_str(field);
                }
                Self::Items => name.push_str("[]"),
            }
        }
        name
    }

    /// The way that a name stands for, where names of fields have neither dots nor brackets.
    pub(crate) fn path(name: &str) -> Vec<Self> {
        let mut path = Vec::new();
        for part in name.split('.') {
            let field = part.trim_end_matches("[]");
            path.push(Self::Field(field.to_owned()));
            path.extend((0..(part.len() - field.len()) / 2).map(|_| Self::Items));
        }
        path
    }
}

impl Kind {
    /// What a column of it holds, for people.
    #[must_use]
    pub fn plural(&self) -> &'static str {
        match self {
            Self::Any => "values",
            Self::String => "texts",
            Self::Integer => "whole numbers",
            Self::Number => "numbers",
            Self::Boolean => "booleans",
            Self::Date { .. } => "dates",
            Self::Timestamp { .. } => "timestamps",
            Self::Time { .. } => "times",
            Self::Object => "objects",
            Self::Array => "arrays",
            Self::Map => "maps",
            Self::Vector => "vectors",
        }
    }
}

/// What the values of a column are: the contract's `logicalType`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Kind {
    /// The contract does not say.
    Any,
    /// Text.
    String,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// True or false.
    Boolean,
    /// Days, in text form by a pattern of JDK's `DateTimeFormatter`; ISO without one.
    Date {
        /// The pattern.
        format: Option<String>,
    },
    /// Points in time, in text form by a pattern.
    Timestamp {
        /// The pattern.
        format: Option<String>,
        /// The zone of texts that name none; UTC without it.
        zone: Option<String>,
    },
    /// Times of a day, in text form by a pattern.
    Time {
        /// The pattern.
        format: Option<String>,
    },
    /// A struct.
    Object,
    /// A list.
    Array,
    /// A map from keys to values.
    Map,
    /// A list of numbers of one length.
    Vector,
}
