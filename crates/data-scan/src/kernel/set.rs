//! Sets of values that a contract lists.

use std::collections::HashSet;

use data_contract::plan::{Decimal, Literal};
use foldhash::fast::FixedState;

use super::literal::{decimal, float, truth, whole, words};
use crate::strip::Nature;

/// Values of a list, as what the data may hold.
#[derive(Clone, Debug)]
pub(super) struct Set {
    wholes: Vec<i128>,
    longs: Vec<i64>,
    floats: Vec<f64>,
    /// All numbers, in order.
    decimals: Vec<Decimal>,
    /// The doubles that are nearest to them.
    nearest: Vec<f64>,
    truths: Vec<bool>,
    short: Vec<(usize, u64)>,
    long: HashSet<Vec<u8>, FixedState>,
    /// All texts, for values that are not of their kind.
    texts: HashSet<Vec<u8>, FixedState>,
}

/// Up to so many values are compared one by one.
const FEW: usize = 16;

impl Set {
    pub(super) fn new(values: &[Literal], nature: Nature) -> Self {
        let mut wholes: Vec<i128> = values
            .iter()
            .filter_map(|value| whole(value, nature))
            .collect();
        wholes.sort_unstable();
        let numbers = || values.iter();
        let mut decimals: Vec<Decimal> = numbers().filter_map(decimal).collect();
        decimals.sort_unstable();
        // A double is no number that needs more digits.
        let is_double = |value: &&Literal| decimal(value).is_none_or(|decimal| decimal.is_double());
        // A time that is not written in the format of its column is none of those that are listed.
        let timed = matches!(nature, Nature::Date | Nature::Timestamp | Nature::Time);
        let is_time = |value: &&Literal| {
            let (Literal::Date(_) | Literal::Timestamp(_) | Literal::Time(_)) = value else {
                return false;
            };
            timed
        };
        let texts: HashSet<Vec<u8>, FixedState> = values
            .iter()
            .filter(|value| !is_time(value))
            .filter_map(words)
            .map(String::into_bytes)
            .collect();
        let few = texts.len() <= FEW;
        let (short, long): (Vec<_>, Vec<_>) = texts
            .iter()
            .cloned()
            .partition(|text| few && text.len() <= 8);
        Self {
            longs: wholes
                .iter()
                .filter_map(|value| i64::try_from(*value).ok())
                .collect(),
            wholes,
            floats: numbers().filter(is_double).filter_map(float).collect(),
            nearest: decimals.iter().map(Decimal::double).collect(),
            decimals,
            truths: values.iter().filter_map(truth).collect(),
            short: short
                .iter()
                .map(|text| (text.len(), packed(text)))
                .collect(),
            long: long.into_iter().collect(),
            texts,
        }
    }

    #[inline]
    pub(super) fn has_whole(&self, value: i64) -> bool {
        if self.longs.len() <= FEW {
            self.longs.contains(&value)
        } else {
            self.longs.binary_search(&value).is_ok()
        }
    }

    pub(super) fn has_wide(&self, value: i128) -> bool {
        self.wholes.binary_search(&value).is_ok()
    }

    pub(super) fn has_float(&self, value: f64) -> bool {
        self.floats.contains(&value)
    }

    pub(super) fn has_decimal(&self, value: &Decimal) -> bool {
        self.decimals.binary_search(value).is_ok()
    }

    /// Whether the decision depends on digits that the double has lost.
    pub(super) fn is_close(&self, value: f64) -> bool {
        self.nearest.contains(&value)
    }

    /// Its numbers as unscaled ones of a scale, in order.
    pub(super) fn at(&self, scale: i8) -> Vec<i128> {
        let scaled = self.decimals.iter().map(|value| value.floor(scale.into()));
        let exact = scaled.filter_map(|(value, exact)| exact.then_some(value));
        exact.collect()
    }

    pub(super) fn has_truth(&self, value: bool) -> bool {
        self.truths.contains(&value)
    }

    #[inline]
    pub(super) fn has_text(&self, text: &[u8]) -> bool {
        if text.len() <= 8 && !self.short.is_empty() {
            let packed = (text.len(), packed(text));
            if self.short.contains(&packed) {
                return true;
            }
        }
        !self.long.is_empty() && self.long.contains(text)
    }

    /// Whether a text that is no value of the column's kind is listed.
    pub(super) fn lists(&self, text: &[u8]) -> bool {
        self.texts.contains(text)
    }
}

/// Up to eight bytes as a number.
#[inline]
fn packed(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(text) {
        *to = *from;
    }
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart_by_every_byte_and_their_length() {
        let few: Vec<_> = ["DE", "", "longer than eight", "12345678"]
            .map(|text| Literal::Text(text.into()))
            .into();
        let many: Vec<_> = (0..100)
            .map(|number| Literal::Text(format!("v{number}")))
            .collect();
        for values in [few, many] {
            let set = Set::new(&values, Nature::Text);
            for value in &values {
                assert!(set.has_text(words(value).unwrap().as_bytes()));
            }
            for text in ["DE\0", "D", "longer than eighT", "v100", "\0"] {
                assert!(!set.has_text(text.as_bytes()), "{text:?}");
            }
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let set = Set::new(
            &[
                Literal::Integer(1),
                Literal::Text("2".into()),
                Literal::Number(3.0),
            ],
            Nature::Integer,
        );
        assert!([1, 2, 3].into_iter().all(|value| set.has_whole(value)));
        assert!(!set.has_whole(0));
        assert!(Set::new(&[Literal::Number(0.5)], Nature::Number).has_float(0.5));
    }

    #[test]
    fn no_digit_of_a_number_is_lost() {
        let decimal = |text: &str| Decimal::parse(text.as_bytes()).unwrap();
        let values = ["0.30", "9007199254740993", "1.10000000000000000001"];
        let values = values.map(|text| Literal::of_decimal(decimal(text)));
        let set = Set::new(&values, Nature::Number);

        assert!(set.has_float(0.3));
        assert!(!set.has_float(9_007_199_254_740_992.0) && !set.has_float(1.1));
        assert!(set.has_whole(9_007_199_254_740_993));
        assert!(set.has_decimal(&decimal("1.100000000000000000010")));
        assert!(!set.has_decimal(&decimal("1.1")));
        assert_eq!(set.at(2), [30, 900_719_925_474_099_300]);
    }
}
