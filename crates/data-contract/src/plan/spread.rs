//! Where numbers lie between bounds that other numbers give.

use serde::{Deserialize, Serialize};

/// How many numbers lie below bounds, on them and between them.
///
/// A bound that many numbers share is a bin of its own, which bins that end in it would hide.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The bounds, in order; written as texts, `inf` and `-inf`, where JSON has no number for them.
    #[serde(with = "infinite")]
    pub bounds: Vec<f64>,
    /// Numbers less than the first bound, equal to it, between it and the next one, and so on: one more than twice the bounds.
    pub cells: Vec<u64>,
}

/// A part of so many of the numbers is what a bin of drift has of its reference.
pub const TENTHS: u32 = 10;
/// A part of so many of the numbers is what cumulated shares are compared by.
pub const HUNDREDTHS: u32 = 100;

impl Spread {
    /// How numbers, in order and each once with how often it is there, lie between the bounds of their own parts.
    #[must_use]
    pub fn of(numbers: &[(f64, u64)], parts: u32) -> Self {
        let bounds = bounds(numbers.iter().copied(), parts);
        Self {
            cells: cells(numbers, &bounds),
            bounds,
        }
    }

    /// How other numbers lie between the same bounds; without bounds where there are none.
    #[must_use]
    pub fn of_others(&self, numbers: &[(f64, u64)]) -> Self {
        if numbers.is_empty() {
            return Self::nothing();
        }
        Self {
            bounds: self.bounds.clone(),
            cells: cells(numbers, &self.bounds),
        }
    }

    /// Of no numbers.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            bounds: Vec::new(),
            cells: vec![0],
        }
    }

    /// Whether there are as many cells as there must be, and the bounds are in order.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.cells.len() == 2 * self.bounds.len() + 1
            && !self.bounds.iter().any(|bound| bound.is_nan())
            && self.bounds.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// Numbers.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.cells.iter().sum()
    }

    /// The same by fewer of its bounds: those of so many parts.
    #[must_use]
    pub fn thinned(&self, parts: u32) -> Self {
        if !self.is_whole() {
            return Self::nothing();
        }
        let upto = self.bounds.iter().enumerate().map(|(at, bound)| {
            let upto: u64 = self.cells[..=2 * at + 1].iter().sum();
            (*bound, upto)
        });
        let bounds = ranked(upto, self.total(), parts);
        let mut cells = vec![0];
        let mut kept = bounds.iter().peekable();
        for (at, n) in self.cells.iter().enumerate() {
            let bound = self.bounds.get(at / 2).filter(|_| at % 2 == 1);
            if bound.is_some() && kept.next_if(|next| Some(*next) == bound).is_some() {
                cells.extend([*n, 0]);
            } else if let Some(last) = cells.last_mut() {
                *last += n;
            }
        }
        Self { bounds, cells }
    }

    /// Bins of these numbers beside the same ones of others, whose cells are given: between the bounds, and a bin of its own for each
    /// bound that a tenth of these numbers share.
    #[must_use]
    pub fn bins(&self, others: &[u64]) -> Vec<(u64, u64)> {
        if !self.is_whole() {
            return Vec::new();
        }
        let whole = self.total();
        let mut bins = vec![(0, 0)];
        let mut add = |begins: bool, cell: usize| {
            if begins {
                bins.push((0, 0));
            }
            if let Some(bin) = bins.last_mut() {
                bin.0 += self.cells[cell];
                bin.1 += others.get(cell).copied().unwrap_or_default();
            }
        };
        add(false, 0);
        for at in 0..self.bounds.len() {
            let shared = self.cells[2 * at + 1].saturating_mul(TENTHS.into()) >= whole;
            // Nothing of these lies below the least of them.
            add(at > 0 || shared, 2 * at + 1);
            add(shared, 2 * at + 2);
        }
        bins
    }
}

/// The bounds of equal-sized parts of numbers in order: the minimum, and for each part the smallest number whose cumulative count
/// exceeds the previous parts'.
fn bounds(numbers: impl Iterator<Item = (f64, u64)> + Clone, parts: u32) -> Vec<f64> {
    let total = numbers.clone().map(|(_, n)| n).sum();
    let mut upto = 0;
    let upto = numbers.map(|(number, n)| {
        upto += n;
        (number, upto)
    });
    ranked(upto, total, parts)
}

/// The same of numbers with how many are not greater.
fn ranked(upto: impl Iterator<Item = (f64, u64)>, total: u64, parts: u32) -> Vec<f64> {
    let (total, parts) = (u128::from(total), u128::from(parts));
    let mut bounds = Vec::new();
    let mut part = 0;
    for (number, upto) in upto {
        let reached = |part| part < parts && u128::from(upto) * parts > total * part;
        if reached(part) {
            bounds.push(number);
        }
        while reached(part) {
            part += 1;
        }
    }
    bounds
}

fn cells(numbers: &[(f64, u64)], bounds: &[f64]) -> Vec<u64> {
    let mut cells = vec![0; 2 * bounds.len() + 1];
    for (number, n) in numbers {
        cells[cell(*number, bounds)] += n;
    }
    cells
}

/// The cell of a number that is one.
#[must_use]
pub fn cell(number: f64, bounds: &[f64]) -> usize {
    let at = bounds.partition_point(|bound| *bound < number);
    let on = bounds.get(at) == Some(&number);
    2 * at + usize::from(on)
}

/// Numbers of JSON, which knows none that is infinite.
mod infinite {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Bound {
        Number(f64),
        Text(String),
        Nothing,
    }

    pub(super) fn serialize<S: Serializer>(bounds: &[f64], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(bounds.iter().map(|bound| match bound.is_infinite() {
            true => Bound::Text(bound.to_string()),
            false => Bound::Number(*bound),
        }))
    }

    /// What is no number becomes none, so that it is told of this spread and not of the whole file.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        let bounds = Vec::<Bound>::deserialize(from)?.into_iter();
        let bounds = bounds.map(|bound| match bound {
            Bound::Number(number) => number,
            Bound::Text(text) if text == "inf" => f64::INFINITY,
            Bound::Text(text) if text == "-inf" => f64::NEG_INFINITY,
            Bound::Text(_) | Bound::Nothing => f64::NAN,
        });
        Ok(bounds.collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn each(numbers: impl IntoIterator<Item = u32>) -> Vec<(f64, u64)> {
        let mut counted = std::collections::BTreeMap::new();
        for number in numbers {
            *counted.entry(number).or_insert(0) += 1;
        }
        let counted = counted.into_iter();
        counted.map(|(number, n)| (f64::from(number), n)).collect()
    }

    #[test]
    fn each_bin_has_a_tenth() {
        let numbers = each(0..1_000);

        let spread = Spread::of(&numbers, TENTHS);

        assert_eq!(
            spread.bounds,
            (0..10).map(|at| f64::from(at * 100)).collect::<Vec<_>>()
        );
        assert_eq!(spread.bins(&spread.cells), vec![(100, 100); 10]);
    }

    #[test]
    fn a_number_that_many_are_is_a_bin() {
        let constant = Spread::of(&each([5; 20]), TENTHS);
        let moved = constant.of_others(&each([7; 20]));
        assert_eq!(constant.bins(&moved.cells), [(0, 0), (20, 0), (0, 20)]);

        let zeros = Spread::of(&each((0..60).map(|_| 0).chain(1..=40)), TENTHS);
        assert_eq!(zeros.bounds, [0.0, 1.0, 11.0, 21.0, 31.0]);
        let bins: Vec<_> = zeros.bins(&[]).into_iter().map(|(here, _)| here).collect();
        assert_eq!(bins, [0, 60, 0, 10, 10, 10, 10]);
    }

    #[test]
    fn nothing_has_no_bounds() {
        let nothing = Spread::of(&[], TENTHS);

        assert_eq!(nothing, Spread::nothing());
        assert_eq!(nothing.thinned(TENTHS), nothing);
        assert_eq!(nothing.bins(&[3]), [(0, 3)]);
        assert!(nothing.is_whole());
    }

    #[test]
    fn infinite_bounds_are_read_as_they_were_written() {
        let numbers = [
            (f64::NEG_INFINITY, 2),
            (0.1, 1),
            (2.5, 1),
            (f64::INFINITY, 3),
        ];
        let spread = Spread::of(&numbers, TENTHS);

        let text = serde_json::to_string(&spread).unwrap();

        assert!(text.contains(r#"["-inf",0.1,2.5,"inf"]"#), "{text}");
        assert_eq!(serde_json::from_str::<Spread>(&text).unwrap(), spread);
    }

    #[test]
    fn a_bound_that_is_no_number_is_told_of_its_spread() {
        let alone = r#"{"bounds": [null], "cells": [0, 3, 0]}"#;
        let spread: Spread = serde_json::from_str(alone).unwrap();
        assert!(!spread.is_whole());
    }

    proptest! {
        #[test]
        fn fewer_parts_come_out_of_more(numbers in prop::collection::vec(0..60_u32, 0..300)) {
            let numbers = each(numbers);

            let many = Spread::of(&numbers, HUNDREDTHS);

            prop_assert!(many.is_whole());
            prop_assert_eq!(many.thinned(TENTHS), Spread::of(&numbers, TENTHS));
            let bins = many.thinned(TENTHS).bins(&[]);
            prop_assert_eq!(bins.iter().map(|bin| bin.0).sum::<u64>(), many.total());
        }
    }
}
