//! What is gathered from values instead of counted: extremes, sums, frequencies, bins.

use std::collections::HashMap;
use std::hash::Hash;

use data_contract::plan::{Decimal, Side, cell};
use foldhash::fast::FixedState;

use super::super::literal::show;
use super::super::slot::{Scalar, Slot};
use super::Step;
use crate::strip::{Nature, Strip, Values};

impl Step {
    pub(super) fn gather(&self, strip: &Strip<'_>, nature: Nature, slot: &mut Slot) {
        match (self, slot) {
            (Self::Extreme(side), Slot::Extreme(known)) => {
                if let Some(value) = extreme(strip, *side == Side::High) {
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
                frequencies(strip, nature, &mut |text, n| tallies.add(text, n));
            }
            (Self::Labelled(label), Slot::Count(count)) => {
                count.n += label.count(strip, nature);
            }
            (Self::Histogram(edges), Slot::Bins(bins)) => {
                let bin = |value: f64| edges.partition_point(|edge| *edge <= value);
                binned(strip.values, bin, bins);
            }
            (Self::Cells(bounds), Slot::Bins(cells)) => {
                binned(strip.values, |value| cell(value, bounds), cells);
            }
            (Self::Table(within), Slot::Table(table)) => {
                table.gather(strip.values, within.as_ref());
            }
            _ => {}
        }
    }
}

/// The least or greatest of values; NaN is none.
fn extreme(strip: &Strip<'_>, high: bool) -> Option<Scalar> {
    fn of<T: PartialOrd + Copy>(values: impl Iterator<Item = T>, high: bool) -> Option<T> {
        if high {
            values.reduce(|a, b| if b > a { b } else { a })
        } else {
            values.reduce(|a, b| if b < a { b } else { a })
        }
    }
    if let (Values::Float(_), Some((values, scale))) = (strip.values, strip.decimals) {
        let value = of(values.iter().copied(), high)?;
        return Some(Scalar::Decimal(Decimal::scaled(value, scale.into())));
    }
    match strip.values {
        Values::Whole(values) => {
            of(values.iter().copied(), high).map(|value| Scalar::Whole(i128::from(value)))
        }
        Values::Wide(values) => of(values.iter().copied(), high).map(Scalar::Whole),
        Values::Float(values) => {
            let numbers = values.iter().copied().filter(|value| !value.is_nan());
            of(numbers, high).map(|value| fullest(strip, (values, value), high))
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

/// The least or greatest of the numbers that have the same double.
#[expect(clippy::float_cmp, reason = "that is what they are")]
fn fullest(strip: &Strip<'_>, (values, double): (&[f64], f64), high: bool) -> Scalar {
    let equal = |at: u32| values.get(at as usize) == Some(&double);
    let written = strip.written.iter().filter(|(at, _)| equal(*at));
    let mut numbers: Vec<Decimal> = written
        .filter_map(|(_, text)| Decimal::parse(text))
        .collect();
    if numbers.is_empty() {
        return Scalar::Float(double);
    }
    let others = values.iter().enumerate();
    let mut others = others.filter(|(at, value)| **value == double && strip.text(*at).is_none());
    if others.next().is_some() {
        numbers.extend(Decimal::of_double(double));
    }
    let outermost = match high {
        true => numbers.into_iter().max(),
        false => numbers.into_iter().min(),
    };
    outermost.map_or(Scalar::Float(double), Scalar::Decimal)
}

/// How often equal values are there.
fn counted<T: Copy + Hash + Eq>(values: impl Iterator<Item = T>) -> HashMap<T, u64, FixedState> {
    let mut counts: HashMap<T, u64, FixedState> = HashMap::default();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts
}

/// Gives each value as text, with how often it is there; none twice but of text, and of numbers that have more digits than a double.
pub(super) fn frequencies(strip: &Strip<'_>, nature: Nature, add: &mut dyn FnMut(&[u8], u64)) {
    if let (Values::Float(_), Some((values, scale))) = (strip.values, strip.decimals) {
        for (value, n) in counted(values.iter().copied()) {
            let shown = Decimal::scaled(value, scale.into()).to_string();
            add(shown.as_bytes(), n);
        }
        return;
    }
    match strip.values {
        Values::Whole(values) => {
            for (value, n) in counted(values.iter().copied()) {
                add(
                    show(&Scalar::Whole(i128::from(value)), nature).as_bytes(),
                    n,
                );
            }
        }
        Values::Wide(values) => {
            for (value, n) in counted(values.iter().copied()) {
                add(value.to_string().as_bytes(), n);
            }
        }
        Values::Float(values) => {
            let mut counts: HashMap<u64, u64, FixedState> = HashMap::default();
            for (at, value) in values.iter().enumerate() {
                match strip.text(at).and_then(Decimal::parse) {
                    Some(decimal) => add(decimal.to_string().as_bytes(), 1),
                    // Zero is one value, whatever its sign.
                    None => *counts.entry((*value + 0.0).to_bits()).or_default() += 1,
                }
            }
            for (bits, n) in counts {
                add(f64::from_bits(bits).to_string().as_bytes(), n);
            }
        }
        Values::Bool(values) => {
            let holds = values.iter().filter(|value| **value).count() as u64;
            let others = values.len() as u64 - holds;
            for (text, n) in [("true", holds), ("false", others)] {
                if n > 0 {
                    add(text.as_bytes(), n);
                }
            }
        }
        Values::Text(values) => values.iter().for_each(|value| add(value, 1)),
        Values::Coded(values, codes) => {
            let mut counts = vec![0_u64; values.len()];
            codes.iter().for_each(|code| counts[*code as usize] += 1);
            for (value, n) in values.iter().zip(counts).filter(|(_, n)| *n > 0) {
                add(value, n);
            }
        }
        Values::Lists(_) | Values::Structs(_) | Values::Opaque(_) => {}
    }
}

#[expect(clippy::cast_precision_loss, reason = "edges are doubles")]
fn binned(values: Values<'_>, bin: impl Fn(f64) -> usize, bins: &mut [u64]) {
    let mut add = |value: f64| {
        if !value.is_nan() {
            bins[bin(value)] += 1;
        }
    };
    match values {
        Values::Whole(values) => values.iter().for_each(|value| add(*value as f64)),
        Values::Wide(values) => values.iter().for_each(|value| add(*value as f64)),
        Values::Float(values) => values.iter().for_each(|value| add(*value)),
        _ => {}
    }
}
