//! Bounds, as what the values of each type are compared with.

use std::cmp::Ordering;

use data_contract::plan::{Bound, Decimal, Side};

use super::super::literal::{decimal, float, whole, words};
use crate::strip::Nature;

/// A bound of values.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(super) side: Side,
    exclusive: bool,
    /// The outermost whole number that is not beyond.
    whole: i128,
    /// The same in nanoseconds, where values are times.
    fine: i128,
    /// The nearest double, and whether one that is equal to it is beyond.
    float: f64,
    excludes_equal: bool,
    /// The bound of numbers itself, unless it is infinite.
    decimal: Option<Decimal>,
    text: Vec<u8>,
}

impl Limit {
    /// The bound for values of a nature; `None` where it is no such value.
    pub(crate) fn new(side: Side, bound: &Bound, nature: Nature) -> Option<Self> {
        let text = words(&bound.value)?;
        let exclusive = bound.exclusive;
        let limit = Self {
            side,
            exclusive,
            whole: 0,
            fine: 0,
            float: 0.0,
            excludes_equal: exclusive,
            decimal: None,
            text: text.into_bytes(),
        };
        match nature {
            Nature::Integer | Nature::Number => limit.of_number(bound),
            Nature::Date | Nature::Timestamp | Nature::Time => {
                let end = whole(&bound.value, nature)?;
                Some(Self {
                    whole: side.outermost(exclusive, (end, true)),
                    fine: side.outermost(exclusive, (end.saturating_mul(1_000), true)),
                    ..limit
                })
            }
            Nature::Text => Some(limit),
            _ => None,
        }
    }

    fn of_number(self, bound: &Bound) -> Option<Self> {
        let Some(decimal) = decimal(&bound.value) else {
            let float = float(&bound.value).filter(|float| float.is_infinite())?;
            let whole = if float > 0.0 { i128::MAX } else { i128::MIN };
            return Some(Self {
                float,
                whole,
                ..self
            });
        };
        let float = decimal.double();
        let order = match Decimal::of_double(float) {
            Some(double) => double.cmp(&decimal),
            // The bound rounds to infinity.
            None => float.total_cmp(&0.0),
        };
        Some(Self {
            whole: self.side.outermost(self.exclusive, decimal.floor(0)),
            float,
            excludes_equal: self.excludes(order),
            decimal: Some(decimal),
            ..self
        })
    }

    /// Whether what has such an order to the bound is beyond.
    fn excludes(&self, order: Ordering) -> bool {
        let outwards = match self.side {
            Side::Low => order.is_lt(),
            Side::High => order.is_gt(),
        };
        outwards || (self.exclusive && order.is_eq())
    }

    /// The least and the greatest 64 bit number within it; `None` where every number is beyond.
    pub(super) fn longs(&self) -> Option<(i64, i64)> {
        longs(self.side, self.whole)
    }

    /// The same of times in nanoseconds.
    pub(super) fn fine_longs(&self) -> Option<(i64, i64)> {
        longs(self.side, self.fine)
    }

    /// Whether a time in nanoseconds is beyond.
    pub(crate) fn excludes_fine(&self, value: i128) -> bool {
        WholeLimit(self.side, self.fine).excludes(value)
    }

    pub(crate) fn excludes_wide(&self, value: i128) -> bool {
        WholeLimit(self.side, self.whole).excludes(value)
    }

    /// The same for unscaled numbers of a scale.
    pub(super) fn at(&self, scale: i8) -> WholeLimit {
        let end = self.decimal.as_ref().map(|decimal| {
            let floor = decimal.floor(scale.into());
            self.side.outermost(self.exclusive, floor)
        });
        WholeLimit(self.side, end.unwrap_or(self.whole))
    }

    /// NaN is beyond any bound.
    #[inline]
    pub(super) fn excludes_float(&self, value: f64) -> bool {
        let within = match (self.side, self.excludes_equal) {
            (Side::Low, false) => value >= self.float,
            (Side::Low, true) => value > self.float,
            (Side::High, false) => value <= self.float,
            (Side::High, true) => value < self.float,
        };
        !within
    }

    /// Whether the decision depends on digits that the double has lost.
    #[expect(clippy::float_cmp, reason = "that is the question")]
    pub(super) fn is_close(&self, value: f64) -> bool {
        value == self.float
    }

    pub(super) fn excludes_decimal(&self, value: &Decimal) -> bool {
        match &self.decimal {
            Some(bound) => self.excludes(value.cmp(bound)),
            None => self.excludes(0.0_f64.total_cmp(&self.float)),
        }
    }

    pub(super) fn excludes_text(&self, value: &[u8]) -> bool {
        self.excludes(value.cmp(&self.text))
    }
}

/// The least and the greatest 64 bit number within an end; `None` where every number is beyond.
fn longs(side: Side, end: i128) -> Option<(i64, i64)> {
    match side {
        Side::Low if end > i128::from(i64::MAX) => None,
        Side::High if end < i128::from(i64::MIN) => None,
        Side::Low => Some((i64::try_from(end).unwrap_or(i64::MIN), i64::MAX)),
        Side::High => Some((i64::MIN, i64::try_from(end).unwrap_or(i64::MAX))),
    }
}

/// The outermost whole number that is not beyond.
#[derive(Clone, Copy, Debug)]
pub(super) struct WholeLimit(Side, i128);

impl WholeLimit {
    #[inline]
    pub(super) fn excludes(self, value: i128) -> bool {
        match self.0 {
            Side::Low => value < self.1,
            Side::High => value > self.1,
        }
    }
}

#[cfg(test)]
mod tests {
    use data_contract::plan::Literal;
    use proptest::prelude::*;

    use super::*;

    fn limit(side: Side, text: &str, exclusive: bool) -> Limit {
        let value = Literal::of_decimal(Decimal::parse(text.as_bytes()).unwrap());
        Limit::new(side, &Bound { value, exclusive }, Nature::Number).unwrap()
    }

    #[test]
    fn a_double_is_compared_as_the_shortest_number_that_reads_as_it() {
        let at_most = limit(Side::High, "0.1000000000000000055", false);
        let at_least = limit(Side::Low, "0.1000000000000000055", false);

        assert!(!at_most.excludes_float(0.1));
        assert!(at_least.excludes_float(0.1));
        assert!(at_least.excludes_float(f64::NAN) && at_most.excludes_float(f64::NAN));
        assert!(!limit(Side::High, "1e400", false).excludes_float(1e300));
        assert!(limit(Side::High, "1e400", false).excludes_float(f64::INFINITY));
    }

    proptest! {
        #[test]
        fn every_type_is_compared_alike(
            value in -2_000_i128..2_000,
            bound in -2_000_i128..2_000,
            (scale, places) in (0..3_i8, 0..3_i32),
            exclusive: bool,
            high: bool,
        ) {
            let side = if high { Side::High } else { Side::Low };
            let limit = limit(side, &Decimal::scaled(bound, places).to_string(), exclusive);
            let decimal = Decimal::scaled(value, scale.into());
            let expected = limit.excludes_decimal(&decimal);
            prop_assert_eq!(limit.at(scale).excludes(value), expected);
            prop_assert_eq!(limit.excludes_float(decimal.double()), expected);
            if scale == 0 {
                prop_assert_eq!(limit.excludes_wide(value), expected);
            }
        }
    }
}
