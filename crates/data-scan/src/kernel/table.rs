//! Numbers with how often each is there, from which it can be told afterwards how they lie between any of them.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::strip::Values;

/// So many different numbers are told apart to their last digit. Beyond that, the lowest bits of all are dropped, as few as needed; the
/// result does not depend on the order.
const MOST: usize = 1 << 18;

/// The first and the last place of numbers that are looked at, in order.
pub(crate) type Ranges = Arc<[(u64, u64)]>;

/// Numbers that were counted as one, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crowd {
    /// The place of the least number that may be among them.
    place: u64,
    /// How many bits are left out.
    left_out: u32,
    /// How many there are.
    pub(crate) n: u64,
}

impl Crowd {
    /// Whether it is one number.
    pub(crate) fn is_number(&self) -> bool {
        self.left_out == 0
    }

    /// The least number that may be among them.
    pub(crate) fn least(&self) -> f64 {
        number(self.place)
    }

    /// The places of all numbers that may be among them.
    pub(crate) fn range(&self) -> (u64, u64) {
        (self.place, self.place | ((1 << self.left_out) - 1))
    }

    /// The least number alone, as though all of them were it.
    pub(crate) fn as_number(self) -> Self {
        Self {
            left_out: 0,
            ..self
        }
    }

    /// Whether another one is a part of it.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        let (first, last) = self.range();
        other.left_out < self.left_out && (first..=last).contains(&other.place)
    }
}

/// Numbers, by the leading bits of doubles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// How many bits are left out.
    left_out: u32,
    counts: HashMap<u64, u64, FixedState>,
}

impl Table {
    /// Adds numbers: all of them, or those in some ranges.
    #[expect(clippy::cast_precision_loss, reason = "bounds are doubles")]
    pub(super) fn gather(&mut self, values: Values<'_>, within: Option<&Ranges>) {
        let mut add = |value: f64| self.add(value, within);
        match values {
            Values::Whole(values) => values.iter().for_each(|value| add(*value as f64)),
            Values::Wide(values) => values.iter().for_each(|value| add(*value as f64)),
            Values::Float(values) => values.iter().for_each(|value| add(*value)),
            _ => {}
        }
    }

    fn add(&mut self, value: f64, within: Option<&Ranges>) {
        let place = place(value);
        let is_asked = |ranges: &Ranges| {
            let at = ranges.partition_point(|(_, last)| *last < place);
            ranges.get(at).is_some_and(|(first, _)| *first <= place)
        };
        if !value.is_nan() && within.is_none_or(is_asked) {
            *self.counts.entry(place >> self.left_out).or_default() += 1;
            self.shrink(MOST);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.leave_out(other.left_out);
        let more = self.left_out - other.left_out;
        for (place, n) in &other.counts {
            *self.counts.entry(place >> more).or_default() += n;
        }
        self.shrink(MOST);
    }

    /// Leaves out as few bits as it takes to have no more than so many numbers.
    fn shrink(&mut self, most: usize) {
        if self.counts.len() <= most {
            return;
        }
        let mut places: Vec<u64> = self.counts.keys().copied().collect();
        places.sort_unstable();
        // Neighbours are one as soon as all bits are left out up to the first in which they differ.
        let mut differ = [0_usize; 64];
        for pair in places.windows(2) {
            differ[(pair[0] ^ pair[1]).ilog2() as usize] += 1;
        }
        let mut apart = places.len();
        let mut more = 0;
        for joined in differ {
            if apart <= most {
                break;
            }
            apart -= joined;
            more += 1;
        }
        self.leave_out(self.left_out + more);
    }

    /// Leaves out so many bits, or as many as it did.
    fn leave_out(&mut self, bits: u32) {
        let more = bits.saturating_sub(self.left_out);
        if more == 0 {
            return;
        }
        self.left_out = bits;
        for (place, n) in std::mem::take(&mut self.counts) {
            *self.counts.entry(place >> more).or_default() += n;
        }
    }

    /// Whether each number was counted for itself.
    pub(crate) fn is_exact(&self) -> bool {
        self.left_out == 0
    }

    /// The numbers in order, those together that were counted as one.
    pub(crate) fn crowds(&self) -> Vec<Crowd> {
        let crowds = self.counts.iter().map(|(place, n)| Crowd {
            place: place << self.left_out,
            left_out: self.left_out,
            n: *n,
        });
        let mut crowds: Vec<_> = crowds.collect();
        crowds.sort_unstable_by_key(|crowd| crowd.place);
        crowds
    }

    /// The numbers in order with how often each is there: the least one of those that were counted as one.
    pub(crate) fn numbers(&self) -> Vec<(f64, u64)> {
        let crowds = self.crowds().into_iter();
        crowds.map(|crowd| (crowd.least(), crowd.n)).collect()
    }
}

const SIGN: u64 = 1 << 63;

/// The place of a number in the order of all doubles; zero is one, whatever its sign.
fn place(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    match bits & SIGN {
        0 => bits | SIGN,
        _ => !bits,
    }
}

fn number(place: u64) -> f64 {
    let value = f64::from_bits(match place & SIGN {
        0 => !place,
        _ => place & !SIGN,
    });
    // What is less than all numbers is none.
    if value.is_nan() {
        f64::NEG_INFINITY
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(values: &[f64]) -> Table {
        let mut table = Table::default();
        table.gather(Values::Float(values), None);
        table
    }

    #[test]
    fn numbers_are_in_order_and_equal_ones_together() {
        let values = [
            2.5,
            -1.0,
            0.0,
            -0.0,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            -1e-300,
            2.5,
        ];

        let numbers = table(&values).numbers();

        let expected = [
            (f64::NEG_INFINITY, 1),
            (-1.0, 1),
            (-1e-300, 1),
            (0.0, 2),
            (2.5, 2),
            (f64::INFINITY, 1),
        ];
        assert_eq!(numbers, expected);
    }

    #[test]
    fn too_many_numbers_come_to_the_same_in_any_order() {
        let values: Vec<f64> = (0..MOST + MOST / 2)
            .map(|at| f64::from(u32::try_from(at).unwrap()))
            .collect();
        let backwards: Vec<f64> = values.iter().rev().copied().collect();
        let (one, two) = values.split_at(MOST / 3);
        let mut merged = table(two);
        merged.merge(&table(one));

        let whole = table(&values);

        assert!(!whole.is_exact() && whole.counts.len() <= MOST);
        for other in [table(&backwards), merged] {
            assert_eq!(other.crowds(), whole.crowds());
        }
        let numbers = whole.numbers();
        assert_eq!(
            numbers.iter().map(|(_, n)| n).sum::<u64>(),
            values.len() as u64
        );
        assert!(numbers.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn infinite_numbers_stay_numbers_where_bits_are_left_out() {
        let mut table = table(&[f64::NEG_INFINITY, f64::INFINITY, 1.0]);
        table.leave_out(60);
        let numbers = table.numbers();
        assert!(numbers.iter().all(|(number, _)| !number.is_nan()));
    }

    #[test]
    fn numbers_are_told_apart_within_what_was_counted_as_one() {
        let values = [1.0, 1.25, 1.25, 3.0, -7.5];
        let mut whole = table(&values);
        whole.leave_out(52);
        let crowds = whole.crowds();
        let crowd = crowds.iter().find(|crowd| crowd.n == 3).unwrap();

        let mut again = Table::default();
        let ranges: Ranges = Arc::new([crowd.range()]);
        again.gather(Values::Float(&values), Some(&ranges));

        assert_eq!(again.numbers(), [(1.0, 1), (1.25, 2)]);
        assert!(again.crowds().iter().all(|part| crowd.holds(part)));
    }
}
