//! What is measured of an object. Each is one number, so that one pass brings them all.

use serde::{Deserialize, Serialize};

use super::ObjectId;
use super::column::ColumnId;
use super::literal::Literal;

/// A place in the measures of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MeasureId(pub usize);

/// Something that is counted or sought in one object.
///
/// NULL is never counted but by [`Nulls`](Self::Nulls) and [`Missing`](Self::Missing). A value that is not of the column's
/// [`Kind`](super::Kind) counts in [`WrongType`](Self::WrongType) and in nothing else about values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Measure {
    /// Rows.
    Rows,
    /// Whether the column is not there: 0 or 1, or the number of files without it.
    Absent(ColumnId),
    /// Columns that the contract does not declare.
    ExtraColumns,
    /// Whether the column of the data has another type than `physicalType` says: 0 or 1, or the number of such files.
    WrongPhysicalType(ColumnId),
    /// Values that are not of the column's kind.
    WrongType(ColumnId),
    /// Rows where it is NULL.
    Nulls(ColumnId),
    /// Rows where it is NULL or one of the values.
    Missing(ColumnId, Vec<Literal>),
    /// Values that are not in the list (where there is one), or do not match the pattern (where there is one); each once.
    Invalid {
        /// The column.
        column: ColumnId,
        /// The values that are valid.
        values: Option<Vec<Literal>>,
        /// What a valid text matches.
        pattern: Option<Pattern>,
    },
    /// Values beyond a bound; NaN is beyond any. Numbers are compared to their last digit, a double as the
    /// [`Decimal`](super::Decimal) that it stands for.
    Beyond(ColumnId, Side, Bound),
    /// Numbers that are no multiple: exactly where they are written as decimals, and of doubles, which may have been computed, as far
    /// as these are rounded.
    NotMultiple(ColumnId, Literal),
    /// Texts with fewer characters (code points), or more.
    Length(ColumnId, Side, u64),
    /// Texts that are not of a format.
    Malformed(ColumnId, Format),
    /// Arrays with fewer items, or more; objects with fewer properties that are not NULL, or more.
    Items(ColumnId, Side, u64),
    /// Arrays in which an item repeats.
    RepeatedItems(ColumnId),
    /// Objects without one of these properties.
    LacksProperty(ColumnId, Vec<String>),
    /// Rows whose key was there before: rows with a whole key less distinct keys. A key with a NULL in it is none.
    Surplus(Vec<ColumnId>),
    /// Keys that are there more than once.
    RepeatedKeys(Vec<ColumnId>),
    /// Distinct values.
    Distinct(Vec<ColumnId>),
    /// The least value, or the greatest.
    Extreme(ColumnId, Side),
    /// The mean of the numbers that are finite.
    Mean(ColumnId),
    /// The sum of the numbers that are finite.
    Sum(ColumnId),
    /// How many values a column inside of arrays has, NULL among them: what percentages of it are computed of.
    Places(ColumnId),
    /// How often each value is there, up to a number of different ones.
    Frequencies(ColumnId, u32),
    /// Values that are this one, as [`Frequencies`](Self::Frequencies) writes them.
    Labelled(ColumnId, String),
    /// Numbers per bin; bins are closed below and open above, and the first and the last have no end.
    Histogram(ColumnId, Vec<f64>),
    /// Numbers less than the first bound, equal to it, between it and the next one, and so on, as [`Spread`](super::Spread) has them.
    Cells(ColumnId, Vec<f64>),
    /// The same between the bounds of so many equal parts of the numbers of a reference, which is measured by its own bounds too.
    Parts {
        /// The column here.
        column: ColumnId,
        /// The object whose numbers give the bounds.
        of: ObjectId,
        /// The column there.
        of_column: ColumnId,
        /// How many parts.
        parts: u32,
    },
    /// Keys of this object that another one lacks.
    Orphans {
        /// The key here.
        columns: Vec<ColumnId>,
        /// The other object.
        to: ObjectId,
        /// The key there.
        to_columns: Vec<ColumnId>,
    },
    /// Keys of this object that another one has too, each once.
    Shared {
        /// Whether whole rows are compared: each of them is counted, and NULL is a value like any other.
        rows: bool,
        /// The key here.
        columns: Vec<ColumnId>,
        /// The other object.
        with: ObjectId,
        /// The key there.
        with_columns: Vec<ColumnId>,
    },
    /// Keys that stand beside more than one value of another column, each once; NULL is no value of that column.
    Divided {
        /// Whether whole rows are compared: each of them is counted that has a value of that column, and NULL is a value like any
        /// other in the key.
        rows: bool,
        /// The key.
        columns: Vec<ColumnId>,
        /// The column whose values divide it.
        by: ColumnId,
    },
    /// The one value of a query in the server's dialect, in which every object is a table of its name.
    Query(String),
    /// The newest file of the object was written then.
    NewestFile,
}

impl Measure {
    /// The column, where it is about one.
    #[must_use]
    pub fn column(&self) -> Option<ColumnId> {
        match self {
            Self::Absent(column)
            | Self::WrongPhysicalType(column)
            | Self::WrongType(column)
            | Self::Nulls(column)
            | Self::Missing(column, _)
            | Self::Invalid { column, .. }
            | Self::Beyond(column, ..)
            | Self::NotMultiple(column, _)
            | Self::Length(column, ..)
            | Self::Malformed(column, _)
            | Self::Items(column, ..)
            | Self::RepeatedItems(column)
            | Self::LacksProperty(column, _)
            | Self::Extreme(column, _)
            | Self::Mean(column)
            | Self::Sum(column)
            | Self::Places(column)
            | Self::Frequencies(column, _)
            | Self::Labelled(column, _)
            | Self::Histogram(column, _)
            | Self::Cells(column, _)
            | Self::Parts { column, .. } => Some(*column),
            Self::Rows
            | Self::ExtraColumns
            | Self::Surplus(_)
            | Self::RepeatedKeys(_)
            | Self::Distinct(_)
            | Self::Orphans { .. }
            | Self::Shared { .. }
            | Self::Divided { .. }
            | Self::Query(_)
            | Self::NewestFile => None,
        }
    }
}

/// The lower or the upper end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Side {
    /// The lower: less than the bound, or the least.
    Low,
    /// The upper: more than the bound, or the greatest.
    High,
}

impl Side {
    /// The outermost whole number that is not beyond a bound, of which the whole part is known, and whether it is all of it.
    #[must_use]
    pub fn outermost(self, exclusive: bool, (whole, exact): (i128, bool)) -> i128 {
        match self {
            Self::Low => whole.saturating_add(i128::from(exclusive || !exact)),
            Self::High => whole.saturating_sub(i128::from(exclusive && exact)),
        }
    }
}

/// A bound of values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// The value.
    pub value: Literal,
    /// Whether the bound itself is beyond.
    pub exclusive: bool,
}

/// A regular expression of ECMA-262, which is searched for in a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Pattern(pub String);

/// A format of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `local@domain.part`.
    Email,
    /// A UUID with hyphens.
    Uuid,
    /// A URI with a scheme.
    Uri,
    /// A host name of RFC 1123.
    Hostname,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// Base64.
    Byte,
    /// Whole numbers within the type that is named, such as `i32`.
    I8,
    /// 16 bits, signed.
    I16,
    /// 32 bits, signed.
    I32,
    /// 64 bits, signed.
    I64,
    /// 128 bits, signed.
    I128,
    /// 8 bits, unsigned.
    U8,
    /// 16 bits, unsigned.
    U16,
    /// 32 bits, unsigned.
    U32,
    /// 64 bits, unsigned.
    U64,
    /// 128 bits, unsigned.
    U128,
}

impl Format {
    /// Each with its name in a contract.
    pub const ALL: [(&'static str, Self); 17] = [
        ("email", Self::Email),
        ("uuid", Self::Uuid),
        ("uri", Self::Uri),
        ("hostname", Self::Hostname),
        ("ipv4", Self::Ipv4),
        ("ipv6", Self::Ipv6),
        ("byte", Self::Byte),
        ("i8", Self::I8),
        ("i16", Self::I16),
        ("i32", Self::I32),
        ("i64", Self::I64),
        ("i128", Self::I128),
        ("u8", Self::U8),
        ("u16", Self::U16),
        ("u32", Self::U32),
        ("u64", Self::U64),
        ("u128", Self::U128),
    ];

    /// The format of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(known, _)| *known == name)
            .map(|(_, format)| format)
    }

    /// The least and the greatest whole number of the type that it names; none of a format of texts.
    #[must_use]
    pub fn range(self) -> Option<(i128, i128)> {
        let signed = |bits: u32| (-(1 << (bits - 1)), (1 << (bits - 1)) - 1);
        let unsigned = |bits: u32| (0, (1 << bits) - 1);
        Some(match self {
            Self::I8 => signed(8),
            Self::I16 => signed(16),
            Self::I32 => signed(32),
            Self::I64 => signed(64),
            Self::I128 => (i128::MIN, i128::MAX),
            Self::U8 => unsigned(8),
            Self::U16 => unsigned(16),
            Self::U32 => unsigned(32),
            Self::U64 => unsigned(64),
            // Numbers beyond it are not read as whole numbers here.
            Self::U128 => (0, i128::MAX),
            Self::Email
            | Self::Uuid
            | Self::Uri
            | Self::Hostname
            | Self::Ipv4
            | Self::Ipv6
            | Self::Byte => return None,
        })
    }
}
