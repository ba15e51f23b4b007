//! Numbers with how often each is there, from which it can be told afterwards how they lie between any of them.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::strip::Values;

/// So many different numbers are told apart to their last digit. Of more than these, those that are nearest to each other are
/// counted as one: as few bits as that takes are left out at the end of all of them, whatever the order in which they come.
const MOST: usize = 1 << 18;

/// Numbers, by the leading bits of doubles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// How many bits are left out.
    left_out: u32,
    counts: HashMap<u64, u64, FixedState>,
}

impl Table {
    #[expect(clippy::cast_precision_loss, reason = "bounds are doubles")]
    pub(super) fn gather(&mut self, values: Values<'_>) {
        match values {
            Values::Whole(values) => values.iter().for_each(|value| self.add(*value as f64)),
            Values::Wide(values) => values.iter().for_each(|value| self.add(*value as f64)),
            Values::Float(values) => values.iter().for_each(|value| self.add(*value)),
            _ => {}
        }
    }

    fn add(&mut self, value: f64) {
        if !value.is_nan() {
            *self
                .counts
                .entry(place(value) >> self.left_out)
                .or_default() += 1;
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

    /// How many bits are left out of its numbers.
    pub(crate) fn left_out(&self) -> u32 {
        self.left_out
    }

    /// The numbers in order with how often each is there, without so many bits: the least one of those that were counted as one.
    pub(crate) fn numbers(&self, left_out: u32) -> Vec<(f64, u64)> {
        let left_out = left_out.max(self.left_out);
        let more = left_out - self.left_out;
        let counts = self.counts.iter().map(|(place, n)| (place >> more, *n));
        let mut counts: Vec<_> = counts.collect();
        counts.sort_unstable();
        counts.dedup_by(|next, known| {
            let same = next.0 == known.0;
            known.1 += next.1 * u64::from(same);
            same
        });
        let counts = counts.into_iter();
        counts
            .map(|(place, n)| (number(place << left_out), n))
            .collect()
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
        table.gather(Values::Float(values));
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

        let numbers = table(&values).numbers(0);

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

        assert!(whole.left_out() > 0 && whole.counts.len() <= MOST);
        for other in [table(&backwards), merged] {
            assert_eq!(other.left_out(), whole.left_out());
            assert_eq!(other.numbers(0), whole.numbers(0));
        }
        let numbers = whole.numbers(0);
        assert_eq!(
            numbers.iter().map(|(_, n)| n).sum::<u64>(),
            values.len() as u64
        );
        assert!(numbers.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn infinite_numbers_stay_numbers_where_bits_are_left_out() {
        let table = table(&[f64::NEG_INFINITY, f64::INFINITY, 1.0]);
        let numbers = table.numbers(60);
        assert!(numbers.iter().all(|(number, _)| !number.is_nan()));
    }
}
