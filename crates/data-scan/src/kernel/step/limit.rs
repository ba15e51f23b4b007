//! Bounds, as what the values of each type are compared with.

use data_contract::plan::{Bound, Side};

use super::super::literal::{float, whole, words};
use crate::strip::Nature;

/// A bound of values.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(super) side: Side,
    exclusive: bool,
    /// The outermost whole number that is not beyond.
    whole: i128,
    float: f64,
    text: Vec<u8>,
}

impl Limit {
    /// The bound for values of a nature; `None` where it is no such value.
    pub(crate) fn new(side: Side, bound: &Bound, nature: Nature) -> Option<Self> {
        let text = words(&bound.value)?;
        let (whole, float) = match nature {
            Nature::Integer | Nature::Number => {
                let float = float(&bound.value)?;
                let whole = whole(&bound.value, nature).map_or_else(
                    || rounded(side, bound.exclusive, float),
                    |value| outermost(side, bound.exclusive, value),
                );
                (whole, float)
            }
            Nature::Date | Nature::Timestamp | Nature::Time => (
                outermost(side, bound.exclusive, whole(&bound.value, nature)?),
                0.0,
            ),
            Nature::Text => (0, 0.0),
            _ => return None,
        };
        Some(Self {
            side,
            exclusive: bound.exclusive,
            whole,
            float,
            text: text.into_bytes(),
        })
    }

    /// The least and the greatest 64 bit number within it; `None` where every number is beyond.
    pub(super) fn longs(&self) -> Option<(i64, i64)> {
        match self.side {
            Side::Low if self.whole > i128::from(i64::MAX) => None,
            Side::High if self.whole < i128::from(i64::MIN) => None,
            Side::Low => Some((i64::try_from(self.whole).unwrap_or(i64::MIN), i64::MAX)),
            Side::High => Some((i64::MIN, i64::try_from(self.whole).unwrap_or(i64::MAX))),
        }
    }

    pub(crate) fn excludes_wide(&self, value: i128) -> bool {
        match self.side {
            Side::Low => value < self.whole,
            Side::High => value > self.whole,
        }
    }

    /// NaN is beyond any bound.
    #[inline]
    pub(super) fn excludes_float(&self, value: f64) -> bool {
        let within = match (self.side, self.exclusive) {
            (Side::Low, false) => value >= self.float,
            (Side::Low, true) => value > self.float,
            (Side::High, false) => value <= self.float,
            (Side::High, true) => value < self.float,
        };
        !within
    }

    pub(super) fn excludes_text(&self, value: &[u8]) -> bool {
        let order = value.cmp(&self.text);
        match self.side {
            Side::Low => order.is_lt() || (self.exclusive && order.is_eq()),
            Side::High => order.is_gt() || (self.exclusive && order.is_eq()),
        }
    }
}

/// The outermost whole number that is not beyond a whole bound.
fn outermost(side: Side, exclusive: bool, bound: i128) -> i128 {
    match side {
        Side::Low => bound.saturating_add(i128::from(exclusive)),
        Side::High => bound.saturating_sub(i128::from(exclusive)),
    }
}

/// The outermost whole number that is not beyond a bound between whole numbers.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is beyond 128 bits is the end of them"
)]
fn rounded(side: Side, exclusive: bool, bound: f64) -> i128 {
    match side {
        Side::Low if exclusive => (bound.floor() as i128).saturating_add(1),
        Side::Low => bound.ceil() as i128,
        Side::High if exclusive => (bound.ceil() as i128).saturating_sub(1),
        Side::High => bound.floor() as i128,
    }
}
