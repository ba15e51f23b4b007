//! What is gathered from values instead of counted: extremes, sums, frequencies, bins.

use std::collections::HashMap;

use data_contract::plan::Side;
use foldhash::fast::FixedState;

use super::super::literal::show;
use super::super::slot::{Scalar, Slot, Tallies};
use super::Step;
use crate::strip::{Nature, Strip, Values};

impl Step {
    pub(super) fn gather(&self, strip: &Strip<'_>, nature: Nature, slot: &mut Slot) {
        match (self, slot) {
            (Self::Extreme(side), Slot::Extreme(known)) => {
                if let Some(value) = extreme(strip.values, *side == Side::High) {
                    Slot::extend(known, value, *side == Side::High);
                }
            }
            (Self::Mean, Slot::Mean(sum)) | (Self::Sum, Slot::Sum(sum)) => match strip.values {
                Values::Whole(values) => sum.whole(values.iter().map(|value| i128::from(*value))),
                Values::Wide(values) => sum.whole(values.iter().copied()),
                Values::Float(values) => values.iter().for_each(|value| sum.float(*value)),
                _ => {}
            },
            (Self::Frequencies, Slot::Frequencies(tallies)) => {
                frequencies(strip.values, nature, tallies);
            }
            (Self::Histogram(edges), Slot::Bins(bins)) => histogram(strip.values, edges, bins),
            _ => {}
        }
    }
}

/// The least or greatest of values; NaN is none.
fn extreme(values: Values<'_>, high: bool) -> Option<Scalar> {
    fn of<T: PartialOrd + Copy>(values: impl Iterator<Item = T>, high: bool) -> Option<T> {
        if high {
            values.reduce(|a, b| if b > a { b } else { a })
        } else {
            values.reduce(|a, b| if b < a { b } else { a })
        }
    }
    match values {
        Values::Whole(values) => {
            of(values.iter().copied(), high).map(|value| Scalar::Whole(i128::from(value)))
        }
        Values::Wide(values) => of(values.iter().copied(), high).map(Scalar::Whole),
        Values::Float(values) => {
            of(values.iter().copied().filter(|value| !value.is_nan()), high).map(Scalar::Float)
        }
        Values::Bool(values) => of(values.iter().copied(), high).map(Scalar::Bool),
        Values::Text(values) => {
            of(values.iter().copied(), high).map(|text| Scalar::Text(text.to_vec()))
        }
        Values::Coded(values, codes) => {
            let texts = codes.iter().map(|code| values[*code as usize]);
            of(texts, high).map(|text| Scalar::Text(text.to_vec()))
        }
        Values::Lists(_) | Values::Structs(_) | Values::Opaque(_) => None,
    }
}

fn frequencies(values: Values<'_>, nature: Nature, tallies: &mut Tallies) {
    match values {
        Values::Whole(values) => {
            let mut counts: HashMap<i64, u64, FixedState> = HashMap::default();
            values
                .iter()
                .for_each(|value| *counts.entry(*value).or_default() += 1);
            for (value, n) in counts {
                tallies.add(
                    show(&Scalar::Whole(i128::from(value)), nature).as_bytes(),
                    n,
                );
            }
        }
        Values::Wide(values) => values
            .iter()
            .for_each(|value| tallies.add(value.to_string().as_bytes(), 1)),
        Values::Float(values) => values
            .iter()
            .for_each(|value| tallies.add(value.to_string().as_bytes(), 1)),
        Values::Bool(values) => values
            .iter()
            .for_each(|value| tallies.add(value.to_string().as_bytes(), 1)),
        Values::Text(values) => values.iter().for_each(|value| tallies.add(value, 1)),
        Values::Coded(values, codes) => {
            let mut counts = vec![0_u64; values.len()];
            codes.iter().for_each(|code| counts[*code as usize] += 1);
            for (value, n) in values.iter().zip(counts).filter(|(_, n)| *n > 0) {
                tallies.add(value, n);
            }
        }
        Values::Lists(_) | Values::Structs(_) | Values::Opaque(_) => {}
    }
}

#[expect(clippy::cast_precision_loss, reason = "edges are doubles")]
fn histogram(values: Values<'_>, edges: &[f64], bins: &mut [u64]) {
    let mut add = |value: f64| {
        if !value.is_nan() {
            bins[edges.partition_point(|edge| *edge <= value)] += 1;
        }
    };
    match values {
        Values::Whole(values) => values.iter().for_each(|value| add(*value as f64)),
        Values::Wide(values) => values.iter().for_each(|value| add(*value as f64)),
        Values::Float(values) => values.iter().for_each(|value| add(*value)),
        _ => {}
    }
}
