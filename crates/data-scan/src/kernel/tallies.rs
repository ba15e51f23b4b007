//! How often values are there.

use std::collections::HashMap;

use data_contract::plan::Value;
use foldhash::fast::FixedState;

/// So many different values are counted one by one.
const MOST: usize = 1 << 17;
/// So many bytes of them are kept.
const BYTES: usize = 16 << 20;

/// How often values are there (Misra and Gries): when there are too many of them, the median count is subtracted from each, and those
/// that reach zero are dropped, so that counts are never too high.
#[derive(Clone, Debug)]
pub(crate) struct Tallies {
    values: HashMap<Vec<u8>, u64, FixedState>,
    total: u64,
    /// What was taken from each value at most.
    taken: u64,
    /// Bytes of all values that are kept.
    bytes: usize,
    most: (usize, usize),
}

impl Default for Tallies {
    fn default() -> Self {
        Self::of(MOST, BYTES)
    }
}

impl Tallies {
    /// Keeps so many values, of so many bytes together.
    fn of(most: usize, bytes: usize) -> Self {
        Self {
            values: HashMap::default(),
            total: 0,
            taken: 0,
            bytes: 0,
            most: (most, bytes),
        }
    }

    pub(super) fn add(&mut self, text: &[u8], n: u64) {
        self.total += n;
        self.count(text, n);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.taken += other.taken;
        for (text, n) in &other.values {
            self.count(text, *n);
        }
    }

    fn count(&mut self, text: &[u8], n: u64) {
        if let Some(known) = self.values.get_mut(text) {
            *known += n;
            return;
        }
        self.values.insert(text.to_vec(), n);
        self.bytes += text.len();
        let (most, bytes) = self.most;
        while self.values.len() > most || self.bytes > bytes {
            self.take();
        }
    }

    /// Subtracts the median count from each value, and drops those that reach zero.
    fn take(&mut self) {
        let mut counts: Vec<u64> = self.values.values().copied().collect();
        let middle = counts.len() / 2;
        let half = *counts.select_nth_unstable(middle).1;
        self.taken += half;
        self.values.retain(|text, n| {
            *n = n.saturating_sub(half);
            self.bytes -= if *n == 0 { text.len() } else { 0 };
            *n > 0
        });
    }

    fn sorted(&self) -> Vec<(&Vec<u8>, u64)> {
        let values = self.values.iter();
        let mut values: Vec<_> = values.map(|(text, n)| (text, *n)).collect();
        values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        values
    }

    /// The values that may be among the `most` most frequent ones, at most `few` of them, and how often any other may be there. None
    /// where all were counted, or where more than these may be the most frequent one.
    pub(crate) fn candidates(&self, most: usize, few: usize) -> Option<(Vec<String>, u64)> {
        if self.taken == 0 {
            return None;
        }
        let sorted = self.sorted();
        let least = sorted.get(most.max(1) - 1).map_or(0, |(_, n)| *n);
        let may_be = sorted.iter().take(few);
        let may_be = may_be.take_while(|(_, n)| n + self.taken >= least);
        let texts = may_be.map(|(text, _)| String::from_utf8_lossy(text).into_owned());
        let texts: Vec<_> = texts.collect();
        let others = sorted.get(texts.len()).map_or(0, |(_, n)| *n) + self.taken;
        let first = sorted.first().map_or(0, |(_, n)| *n);
        // What was forgotten, or is not one of these, may be there as often.
        (first > others).then_some((texts, others))
    }

    /// How often the `most` most frequent values are there.
    pub(super) fn value(&self, most: usize) -> Value {
        let sorted = self.sorted().into_iter().take(most);
        let values = sorted.map(|(text, n)| (String::from_utf8_lossy(text).into_owned(), n));
        let values: Vec<_> = values.collect();
        let named: u64 = values.iter().map(|(_, n)| n).sum();
        Value::Frequencies {
            values,
            rest: self.total - named,
            more: self.taken,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn tallies(values: &[u8], most: usize) -> Tallies {
        let mut tallies = Tallies::of(most, usize::MAX);
        values.iter().for_each(|value| tallies.add(&[*value], 1));
        tallies
    }

    #[test]
    fn a_value_that_comes_last_is_found() {
        let mut values: Vec<u8> = (0..100).collect();
        values.extend([200; 60]);

        let tallies = tallies(&values, 10);

        let (texts, others) = tallies.candidates(1, 4).unwrap();
        assert_eq!(texts.len(), 1);
        assert!(others < 60, "{others}");
        let Value::Frequencies { values, rest, more } = tallies.value(1) else {
            panic!("they are frequencies");
        };
        assert!(values[0].1 + more >= 60 && values[0].1 <= 60 && more < 60);
        assert_eq!(values[0].1 + rest, 160);
    }

    #[test]
    fn long_values_are_as_few_as_there_is_room_for() {
        let mut tallies = Tallies::of(100, 1_000);
        for at in 0..500_u32 {
            tallies.add(format!("{at:0>90}").as_bytes(), 1);
            tallies.add(b"often", 1);
            let kept: usize = tallies.values.keys().map(Vec::len).sum();
            assert!(kept <= 1_000, "{kept}");
            assert_eq!(kept, tallies.bytes);
        }

        let (texts, others) = tallies.candidates(1, 4).unwrap();
        assert_eq!(texts, ["often"]);
        assert!(others < 500, "{others}");
        tallies.add(&[b'x'; 2_000], 1);
        assert!(tallies.bytes <= 1_000);
    }

    #[test]
    fn where_all_are_alike_none_is_a_candidate() {
        let values: Vec<u8> = (0..250).collect();
        assert!(tallies(&values, 10).candidates(1, 4).is_none());
        assert!(tallies(&values[..10], 10).candidates(1, 4).is_none());
    }

    proptest! {
        #[test]
        fn no_count_is_too_great_nor_too_small_by_more_than_is_said(
            values in prop::collection::vec(0..40_u8, 0..400), at in 0..400_usize, most in 2..30_usize
        ) {
            let (one, two) = values.split_at(at.min(values.len()));
            let mut merged = tallies(one, most);
            merged.merge(&tallies(two, most));
            let mut known = BTreeMap::new();
            values.iter().for_each(|value| *known.entry(*value).or_insert(0_u64) += 1);

            for (value, n) in &known {
                let told = merged.values.get(&vec![*value]).copied().unwrap_or_default();
                prop_assert!(told <= *n && *n <= told + merged.taken);
            }
            if let Some((texts, others)) = merged.candidates(3, 5) {
                let named = |value: u8| texts.contains(&String::from_utf8_lossy(&[value]).into_owned());
                let mut unnamed = known.iter().filter(|(value, _)| !named(**value));
                prop_assert!(unnamed.all(|(_, n)| *n <= others));
            }
            prop_assert!(merged.values.len() <= most);
            prop_assert_eq!(merged.total, values.len() as u64);
        }
    }
}
