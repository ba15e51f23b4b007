//! A value that stands in a contract.

use std::cmp::Ordering;

use serde::Serialize;

use super::Decimal;

/// A value that data are compared with, of the type of the column.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Literal {
    /// `null`.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// A number.
    Number(f64),
    /// A number with more digits than a double tells apart.
    Decimal(Decimal),
    /// Text, and whatever is written as text.
    Text(String),
    /// A day, as days since 1970-01-01.
    Date(i32),
    /// A point in time, as microseconds since 1970-01-01 in UTC.
    Timestamp(i64),
    /// A time of a day, as microseconds since midnight.
    Time(i64),
}

/// Whole numbers of so many digits are no doubles.
const LONG: u128 = 1_000_000_000_000_000;

impl Literal {
    /// A number, as a double where that says all of it, and it is none of the long whole ones.
    #[must_use]
    pub fn of_decimal(value: Decimal) -> Self {
        match value.floor(0) {
            (whole, true) if whole.unsigned_abs() >= LONG => Self::Integer(whole),
            _ if value.is_double() => Self::Number(value.double()),
            _ => Self::Decimal(value),
        }
    }

    /// The double that is nearest to the number that it is.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest double is what is asked for"
    )]
    pub fn double(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Number(value) => Some(*value),
            Self::Decimal(value) => Some(value.double()),
            _ => None,
        }
    }

    /// The number that it is, to its last digit; none of an infinity, no number, and what is no number at all.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => Some((*value).into()),
            Self::Number(value) => Decimal::of_double(*value),
            Self::Decimal(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The order of two values of one type, numbers to their last digit; `None` where they have none.
    #[must_use]
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.partial_cmp(other),
            (Self::Date(one), Self::Date(other)) => Some(one.cmp(other)),
            (Self::Timestamp(one), Self::Timestamp(other))
            | (Self::Time(one), Self::Time(other)) => Some(one.cmp(other)),
            (Self::Number(double), _) if double.is_infinite() => {
                other.decimal()?;
                double.partial_cmp(&0.0)
            }
            (_, Self::Number(double)) if double.is_infinite() => {
                self.decimal()?;
                0.0.partial_cmp(double)
            }
            _ => Some(self.decimal()?.cmp(&other.decimal()?)),
        }
    }
}
