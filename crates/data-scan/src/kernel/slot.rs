//! What a measure has come to so far.

use data_contract::plan::{Decimal, Literal, Value};

use super::literal::{literal, show};
use super::table::Table;
use super::tallies::Tallies;
use crate::strip::Nature;

/// A value apart from its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar {
    /// A whole number, in the unit of its nature.
    Whole(i128),
    /// A number.
    Float(f64),
    /// A number with more digits than a double has.
    Decimal(Decimal),
    /// Truth.
    Bool(bool),
    /// Text.
    Text(Vec<u8>),
}

impl Scalar {
    /// Whether this one is greater; numbers compare by what they are worth.
    fn exceeds(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a > b,
            (Self::Float(a), Self::Float(b)) => a > b,
            (Self::Bool(a), Self::Bool(b)) => a > b,
            (Self::Text(a), Self::Text(b)) => a > b,
            _ => match (self.decimal(), other.decimal()) {
                (Ok(a), Ok(b)) => a > b,
                (Err(a), Ok(_)) => a > 0.0,
                (Ok(_), Err(b)) => b < 0.0,
                (Err(a), Err(b)) => a > b,
            },
        }
    }

    /// A number to its last digit, or the infinity that it is; what is none as no number.
    fn decimal(&self) -> Result<Decimal, f64> {
        match self {
            Self::Whole(value) => Ok((*value).into()),
            Self::Float(value) => Decimal::of_double(*value).ok_or(*value),
            Self::Decimal(value) => Ok(value.clone()),
            Self::Bool(_) | Self::Text(_) => Err(f64::NAN),
        }
    }
}

/// A row that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The row, from 0, in the run, the unit of work or the file: whoever adds up adds what is before.
    pub(crate) row: u64,
    /// The value as text.
    pub(crate) value: Option<String>,
}

/// A count, and some of what was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) n: u64,
    pub(crate) hits: Vec<Hit>,
}

/// A sum without the errors of rounding: whole numbers as they are, others with what rounding loses (Neumaier).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sum {
    pub(crate) n: u64,
    whole: i128,
    float: f64,
    lost: f64,
}

impl Sum {
    pub(super) fn whole(&mut self, values: impl Iterator<Item = i128>) {
        for value in values {
            self.whole = self.whole.saturating_add(value);
            self.n += 1;
        }
    }

    pub(super) fn float(&mut self, value: f64) {
        if value.is_finite() {
            self.n += 1;
            self.add(value);
        }
    }

    fn add(&mut self, value: f64) {
        let sum = self.float + value;
        self.lost += if self.float.abs() >= value.abs() {
            (self.float - sum) + value
        } else {
            (value - sum) + self.float
        };
        self.float = sum;
    }

    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.whole = self.whole.saturating_add(other.whole);
        self.add(other.float);
        self.add(other.lost);
    }

    /// The sum; NULL of nothing, as in SQL.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a sum with fractions is a double"
    )]
    fn sum(&self) -> Literal {
        match self.n {
            0 => Literal::Null,
            _ if self.float == 0.0 && self.lost == 0.0 => Literal::Integer(self.whole),
            _ => Literal::Number(self.whole as f64 + (self.float + self.lost)),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean is a double")]
    fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| (self.whole as f64 + (self.float + self.lost)) / self.n as f64)
    }
}

/// What a measure has come to.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    /// Nothing: it is not measured here.
    Idle,
    /// A count.
    Count(Count),
    /// The least or the greatest value.
    Extreme(Option<Scalar>),
    /// A mean.
    Mean(Sum),
    /// A sum.
    Sum(Sum),
    /// How often each value is there.
    Frequencies(Tallies),
    /// Numbers per bin.
    Bins(Vec<u64>),
    /// Numbers with how often each is there.
    Table(Table),
}

impl Slot {
    /// Whether it may take megabytes.
    pub(crate) fn is_large(&self) -> bool {
        matches!(self, Self::Frequencies(_) | Self::Table(_))
    }

    /// Takes the greater value (or with `high` false the lesser) of two.
    pub(super) fn extend(known: &mut Option<Scalar>, value: Scalar, high: bool) {
        if known.as_ref().is_none_or(|known| {
            if high {
                value.exceeds(known)
            } else {
                known.exceeds(&value)
            }
        }) {
            *known = Some(value);
        }
    }

    /// Adds what another run of rows came to, of which the first stands in row `base` of this one. Keeps `most` hits.
    pub(crate) fn merge(&mut self, other: Self, base: u64, most: usize, high: bool) {
        match (self, other) {
            (_, Self::Idle) => {}
            (this @ Self::Idle, mut other) => {
                if let Self::Count(count) = &mut other {
                    count.hits.iter_mut().for_each(|hit| hit.row += base);
                }
                *this = other;
            }
            (Self::Count(count), Self::Count(other)) => {
                count.n += other.n;
                let room = most.saturating_sub(count.hits.len());
                count
                    .hits
                    .extend(other.hits.into_iter().take(room).map(|hit| Hit {
                        row: hit.row + base,
                        ..hit
                    }));
            }
            (Self::Extreme(known), Self::Extreme(Some(value))) => Self::extend(known, value, high),
            (Self::Mean(sum), Self::Mean(other)) | (Self::Sum(sum), Self::Sum(other)) => {
                sum.merge(&other);
            }
            (Self::Frequencies(tallies), Self::Frequencies(other)) => tallies.merge(&other),
            (Self::Table(table), Self::Table(other)) => table.merge(&other),
            (Self::Bins(bins), Self::Bins(other)) => {
                bins.iter_mut().zip(other).for_each(|(bin, n)| *bin += n);
            }
            _ => {}
        }
    }

    /// Changes the rows of what was counted.
    pub(crate) fn move_rows(&mut self, mut to: impl FnMut(u64) -> u64) {
        if let Self::Count(count) = self {
            count.hits.iter_mut().for_each(|hit| hit.row = to(hit.row));
        }
    }

    /// The value of the measure.
    pub(crate) fn value(&self, nature: Nature, most: usize) -> Option<Value> {
        Some(match self {
            // How numbers lie between bounds is known only beside those that give them.
            Self::Idle | Self::Table(_) => return None,
            Self::Count(count) => Value::Count(count.n),
            Self::Extreme(None) => Value::Scalar(Literal::Null),
            Self::Extreme(Some(scalar)) => Value::Scalar(literal(scalar, nature)),
            Self::Mean(sum) => Value::Scalar(sum.mean().map_or(Literal::Null, Literal::Number)),
            Self::Sum(sum) => Value::Scalar(sum.sum()),
            Self::Frequencies(tallies) => tallies.value(most),
            Self::Bins(bins) => Value::Bins(bins.clone()),
        })
    }
}

impl Count {
    /// Counts the values that a test finds, and keeps the first `most` of them.
    #[inline]
    pub(super) fn tally<T: Copy>(
        &mut self,
        (values, most): (&[T], usize),
        row: impl Fn(usize) -> usize,
        test: impl Fn(T) -> bool,
        value: impl Fn(usize, T) -> (Scalar, Nature),
    ) {
        let found = values
            .iter()
            .map(|value| u64::from(test(*value)))
            .sum::<u64>();
        self.n += found;
        if found == 0 || self.hits.len() >= most {
            return;
        }
        let found = values.iter().enumerate().filter(|(_, value)| test(**value));
        for (place, of) in found.take(most - self.hits.len()) {
            let (scalar, nature) = value(place, *of);
            self.hits.push(Hit {
                row: row(place) as u64,
                value: Some(show(&scalar, nature)),
            });
        }
    }
}
