//! The cells of a column as values of its nature: read where they stand, and what is none is kept apart.

use data_contract::plan::Kind;
use data_contract::time::{self, TimePattern, Zone};

use crate::strip::{Nature, Owned, Reading, Written};
use crate::text;

/// How the cells of a column are read.
#[derive(Clone, Debug)]
pub(crate) enum Cells {
    Integer,
    /// Whole numbers of a format that needs more than 64 bits with a sign.
    Wide,
    Number,
    Boolean,
    Date(Option<TimePattern>),
    Timestamp(Option<TimePattern>, Zone),
    Time(Option<TimePattern>),
    /// Text, whose bytes are known to be UTF-8 or are looked at.
    Text,
    /// Lists, structs and the like, which a cell cannot hold.
    None(Nature),
}

/// What is the same for all cells of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// The text that stands for NULL.
    pub(crate) null: &'a [u8],
    /// Whether all of the block is UTF-8.
    pub(crate) utf8: bool,
}

impl Cells {
    /// How values of a kind are read; the reason where its format or zone means nothing.
    pub(crate) fn of(kind: &Kind) -> Result<Self, String> {
        let pattern = |format: &Option<String>| {
            let pattern = format.as_deref().map(TimePattern::parse).transpose();
            pattern.map_err(|error| format!("the format is no pattern of a time: {error}"))
        };
        Ok(match kind {
            Kind::Any | Kind::String => Self::Text,
            Kind::Integer => Self::Integer,
            Kind::Number => Self::Number,
            Kind::Boolean => Self::Boolean,
            Kind::Date { format } => Self::Date(pattern(format)?),
            Kind::Timestamp { format, zone } => {
                let zone = match zone {
                    None => Zone::UTC,
                    Some(name) => {
                        Zone::named(name).ok_or_else(|| format!("`{name}` is no time zone"))?
                    }
                };
                Self::Timestamp(pattern(format)?, zone)
            }
            Kind::Time { format } => Self::Time(pattern(format)?),
            Kind::Object => Self::None(Nature::Object),
            Kind::Array | Kind::Map | Kind::Vector => Self::None(Nature::Array),
        })
    }

    /// The same for a column whose whole numbers may need more than 64 bits with a sign.
    pub(crate) fn wide(self) -> Self {
        match self {
            Self::Integer => Self::Wide,
            other => other,
        }
    }

    /// What the values are.
    pub(crate) fn nature(&self) -> Nature {
        match self {
            Self::Integer | Self::Wide => Nature::Integer,
            Self::Number => Nature::Number,
            Self::Boolean => Nature::Boolean,
            Self::Date(_) => Nature::Date,
            Self::Timestamp(..) => Nature::Timestamp,
            Self::Time(_) => Nature::Time,
            Self::Text => Nature::Text,
            Self::None(nature) => *nature,
        }
    }

    /// A day or a time; `None` where the text is none, or the cells are not of that kind.
    pub(crate) fn moment(&self, text: &[u8]) -> Option<i64> {
        match self {
            Self::Date(None) => time::date(text),
            Self::Date(Some(pattern)) => pattern.date(text),
            Self::Timestamp(None, zone) => time::timestamp(text, zone),
            Self::Timestamp(Some(pattern), zone) => pattern.timestamp(text, zone),
            Self::Time(None) => time::time(text),
            Self::Time(Some(pattern)) => pattern.time(text),
            _ => None,
        }
    }

    /// Reads the cells of so many rows: text, and whether it was quoted.
    pub(crate) fn read<'a>(
        &self,
        cells: impl Iterator<Item = (&'a [u8], bool)>,
        rows: usize,
        with: Context<'_>,
    ) -> Reading<'a> {
        let cells = Raw {
            cells,
            rows,
            null: with.null,
            quoted_null: true,
        };
        match self {
            Self::Integer => cells.values(text::integer, |values| Owned::Whole(values.into())),
            Self::Wide => cells.values(text::wide, Owned::of_wide),
            Self::Number => numbers(cells),
            Self::Boolean => cells.values(text::boolean, Owned::Bool),
            Self::Date(None) => cells.values(time::date, |values| Owned::Whole(values.into())),
            Self::Date(Some(pattern)) => cells.values(
                |cell| pattern.date(cell),
                |values| Owned::Whole(values.into()),
            ),
            Self::Timestamp(None, zone) => cells.values(
                |cell| time::timestamp(cell, zone),
                |values| Owned::Whole(values.into()),
            ),
            Self::Timestamp(Some(pattern), zone) => cells.values(
                |cell| pattern.timestamp(cell, zone),
                |values| Owned::Whole(values.into()),
            ),
            Self::Time(None) => cells.values(time::time, |values| Owned::Whole(values.into())),
            Self::Time(Some(pattern)) => cells.values(
                |cell| pattern.time(cell),
                |values| Owned::Whole(values.into()),
            ),
            Self::Text => {
                let cells = Raw {
                    quoted_null: false,
                    ..cells
                };
                if with.utf8 {
                    cells.values(Some, Owned::Text)
                } else {
                    let valid = |cell: &'a [u8]| std::str::from_utf8(cell).is_ok().then_some(cell);
                    cells.values(valid, Owned::Text)
                }
            }
            Self::None(_) => cells.values(|_| None, |_: Vec<()>| Owned::Opaque(0)),
        }
    }
}

/// Numbers as doubles, beside the texts of those that have more digits than these tell apart.
fn numbers<'a, I: Iterator<Item = (&'a [u8], bool)>>(cells: Raw<'_, I>) -> Reading<'a> {
    let mut written: Vec<Written<'a>> = Vec::new();
    let reading = cells.placed(
        |cell, at| {
            if let Some(value) = text::short_number(cell) {
                return Some(value);
            }
            let (value, long) = text::long_number(cell)?;
            if long {
                written.push((u32::try_from(at).unwrap_or(u32::MAX), cell.into()));
            }
            Some(value)
        },
        |values| Owned::Float(values.into()),
    );
    Reading {
        written,
        textual: true,
        ..reading
    }
}

/// A column that is the same in all rows of a file: its value stands in the name of a folder.
#[derive(Clone, Debug)]
pub(crate) struct Constant {
    pub(crate) cells: Cells,
    pub(crate) value: Option<String>,
}

impl Constant {
    /// The column in so many rows.
    pub(crate) fn read(&self, rows: usize) -> Reading<'_> {
        let text = self.value.as_deref().unwrap_or_default().as_bytes();
        let cells = std::iter::repeat_n((text, self.value.is_some()), rows);
        self.cells.read(
            cells,
            rows,
            Context {
                null: b"",
                utf8: true,
            },
        )
    }
}

/// The cells of a column as they stand in the file.
struct Raw<'n, I> {
    cells: I,
    rows: usize,
    null: &'n [u8],
    /// Whether an empty cell in quotes is NULL too: of a text it is the empty text.
    quoted_null: bool,
}

impl<'a, I: Iterator<Item = (&'a [u8], bool)>> Raw<'_, I> {
    #[inline]
    fn values<T>(
        self,
        parse: impl Fn(&'a [u8]) -> Option<T>,
        own: impl Fn(Vec<T>) -> Owned<'a>,
    ) -> Reading<'a> {
        self.placed(|cell, _| parse(cell), own)
    }

    /// The same, where it matters in which place of the values one is.
    #[inline]
    fn placed<T>(
        self,
        mut parse: impl FnMut(&'a [u8], usize) -> Option<T>,
        own: impl Fn(Vec<T>) -> Owned<'a>,
    ) -> Reading<'a> {
        let mut values = Vec::with_capacity(self.rows);
        let mut rows: Option<Vec<u32>> = None;
        let (mut null_rows, mut wrong_cells) = (Vec::new(), Vec::new());
        for (row, (cell, quoted)) in (0_u32..).zip(self.cells) {
            let null = if cell.is_empty() {
                !quoted || self.quoted_null
            } else {
                !quoted && cell == self.null
            };
            match if null {
                None
            } else {
                parse(cell, values.len())
            } {
                Some(value) => {
                    values.push(value);
                    if let Some(rows) = &mut rows {
                        rows.push(row);
                    }
                }
                None => {
                    rows.get_or_insert_with(|| (0..row).collect());
                    if null {
                        null_rows.push(row);
                    } else {
                        wrong_cells.push((row, cell));
                    }
                }
            }
        }
        Reading {
            values: own(values),
            rows,
            fine: None,
            decimals: None,
            written: Vec::new(),
            textual: false,
            nulls: null_rows.len() as u64,
            null_rows,
            wrong: wrong_cells.len() as u64,
            wrong_cells,
        }
    }
}
