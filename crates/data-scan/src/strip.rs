//! What every format of files becomes before it is measured: the values of one column in a run of rows, NULLs left out.

use std::borrow::Cow;

/// What the values of a column are in a file that was opened: a [`Kind`](data_contract::plan::Kind), or where the contract
/// does not say, what the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Nature {
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Days since 1970-01-01.
    Date,
    /// Microseconds since 1970-01-01 in UTC.
    Timestamp,
    /// Microseconds since midnight.
    Time,
    /// True or false.
    Boolean,
    /// Text.
    Text,
    /// Structs.
    Object,
    /// Lists and maps.
    Array,
    /// Something that has no measures but whether it is NULL.
    Other,
}

/// Values of one type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values<'a> {
    /// Whole numbers; days and times too, in the units of their [`Nature`].
    Whole(&'a [i64]),
    /// Whole numbers that need more than 64 bits.
    Wide(&'a [i128]),
    /// Numbers.
    Float(&'a [f64]),
    /// Truth.
    Bool(&'a [bool]),
    /// Text.
    Text(&'a [&'a [u8]]),
    /// Text by its place in a dictionary.
    Coded(&'a [&'a [u8]], &'a [u32]),
    /// Lists.
    Lists(&'a [ListFacts]),
    /// Structs.
    Structs(&'a [StructFacts]),
    /// Values that are only there.
    Opaque(usize),
}

impl Values<'_> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Whole(values) => values.len(),
            Self::Wide(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Coded(_, codes) => codes.len(),
            Self::Lists(values) => values.len(),
            Self::Structs(values) => values.len(),
            Self::Opaque(length) => *length,
        }
    }
}

/// What is measured of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListFacts {
    /// Its items.
    pub(crate) items: u64,
    /// Whether one of them is there twice.
    pub(crate) repeats: bool,
}

/// What is measured of a struct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StructFacts {
    /// Its properties that are not NULL.
    pub(crate) properties: u64,
    /// Those that a rule names, a bit each, by their place in [`Program::names`](crate::kernel::Program::names).
    pub(crate) named: u64,
}

/// The rows that values stand in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rows<'a> {
    /// The first value in the first row, and so on.
    All,
    /// In the row of the run that is named.
    Some(&'a [u32]),
}

impl Rows<'_> {
    /// The row of a value.
    #[inline]
    pub(crate) fn of(&self, value: usize) -> usize {
        match self {
            Self::All => value,
            Self::Some(rows) => rows[value] as usize,
        }
    }
}

/// Values and the rows that they stand in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strip<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) values: Values<'a>,
    /// Times at full precision where `values` had to be cut, for telling keys apart.
    pub(crate) fine: Option<&'a [i64]>,
    /// The same as decimals: unscaled numbers and their scale.
    pub(crate) decimals: Option<(&'a [i128], i8)>,
    /// Numbers as they are written, of which there may be more than a double says, by their places in `values`.
    pub(crate) written: &'a [Written<'a>],
    /// Whether numbers were written as decimals, so that the double of one stands for nothing else.
    pub(crate) textual: bool,
}

/// The place of a number in the values of a strip, and its text.
pub(crate) type Written<'a> = (u32, Cow<'a, [u8]>);

impl Strip<'_> {
    /// The text of the number in a place, where it may say more than the double.
    pub(crate) fn text(&self, at: usize) -> Option<&[u8]> {
        let found = self
            .written
            .binary_search_by_key(&at, |(at, _)| *at as usize);
        found.ok().map(|found| self.written[found].1.as_ref())
    }
}

/// A column in a run of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column<'a> {
    /// How often it is NULL.
    pub(crate) nulls: u64,
    /// In which rows, as far as they are known.
    pub(crate) null_rows: &'a [u32],
    /// How many values are not of the kind.
    pub(crate) wrong: u64,
    /// The values that are not of the kind, with their rows, as far as they are known.
    pub(crate) wrong_cells: &'a [(u32, &'a [u8])],
    /// The values that are.
    pub(crate) strip: Strip<'a>,
}

/// What a reader of a format makes of a column: a [`Column`] that owns what it could not borrow.
#[derive(Clone, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) values: Owned<'a>,
    /// The rows of the values; all of them without it.
    pub(crate) rows: Option<Vec<u32>>,
    pub(crate) fine: Option<Vec<i64>>,
    pub(crate) decimals: Option<(Vec<i128>, i8)>,
    pub(crate) written: Vec<Written<'a>>,
    pub(crate) textual: bool,
    pub(crate) nulls: u64,
    pub(crate) null_rows: Vec<u32>,
    pub(crate) wrong: u64,
    pub(crate) wrong_cells: Vec<(u32, &'a [u8])>,
}

/// Values of one type.
#[derive(Clone, Debug)]
pub(crate) enum Owned<'a> {
    Whole(Cow<'a, [i64]>),
    Wide(Vec<i128>),
    Float(Cow<'a, [f64]>),
    Bool(Vec<bool>),
    Text(Vec<&'a [u8]>),
    Coded(Vec<&'a [u8]>, Vec<u32>),
    Lists(Vec<ListFacts>),
    Structs(Vec<StructFacts>),
    Opaque(usize),
}

impl Owned<'_> {
    /// Whole numbers, in 64 bits where all of them fit.
    pub(crate) fn of_wide(values: Vec<i128>) -> Self {
        let narrow: Option<Vec<i64>> = values
            .iter()
            .map(|value| i64::try_from(*value).ok())
            .collect();
        narrow.map_or(Self::Wide(values), |narrow| Self::Whole(narrow.into()))
    }
}

impl<'a> Reading<'a> {
    /// Values without a NULL among them.
    pub(crate) fn whole(values: Owned<'a>) -> Self {
        Self {
            values,
            rows: None,
            fine: None,
            decimals: None,
            written: Vec::new(),
            textual: false,
            nulls: 0,
            null_rows: Vec::new(),
            wrong: 0,
            wrong_cells: Vec::new(),
        }
    }

    /// The values, lent.
    pub(crate) fn strip(&self) -> Strip<'_> {
        Strip {
            rows: self.rows.as_deref().map_or(Rows::All, Rows::Some),
            values: match &self.values {
                Owned::Whole(values) => Values::Whole(values),
                Owned::Wide(values) => Values::Wide(values),
                Owned::Float(values) => Values::Float(values),
                Owned::Bool(values) => Values::Bool(values),
                Owned::Text(values) => Values::Text(values),
                Owned::Coded(values, codes) => Values::Coded(values, codes),
                Owned::Lists(values) => Values::Lists(values),
                Owned::Structs(values) => Values::Structs(values),
                Owned::Opaque(length) => Values::Opaque(*length),
            },
            fine: self.fine.as_deref(),
            decimals: self
                .decimals
                .as_ref()
                .map(|(values, scale)| (values.as_slice(), *scale)),
            written: &self.written,
            textual: self.textual,
        }
    }

    /// All of it, lent.
    pub(crate) fn column(&self) -> Column<'_> {
        Column {
            nulls: self.nulls,
            null_rows: &self.null_rows,
            wrong: self.wrong,
            wrong_cells: &self.wrong_cells,
            strip: self.strip(),
        }
    }
}
