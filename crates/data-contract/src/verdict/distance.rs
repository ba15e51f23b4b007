//! How far a distribution is from a reference.

use std::collections::BTreeMap;

use crate::plan::{Gap, Of, Reference, Spread, Value};
use crate::text;

use super::formula::{Computed, Values, wrong_form};
use super::labels::{Labels, labels};
use super::statistics::{
    chi_square, jensen_shannon, jensen_shannon_by_chance, ks, ks_by_chance, ks_most, psi,
    psi_by_chance, unseen,
};

/// How it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Psi,
    Ks,
    ChiSquare,
    JensenShannon,
    Unseen,
}

/// Two distributions over the same bins or values.
pub(super) enum Pair {
    /// Counts per value.
    Values(Vec<(f64, f64)>),
    /// Counts per bin that the rule names.
    Bins(Vec<(f64, f64)>),
    /// Counts per bin of equal width, as older profiles have them.
    EqualWidth(Vec<(f64, f64)>),
    /// Numbers between the bounds of the reference's parts: those of the reference, and the cells of these.
    Parts(Spread, Vec<u64>),
}

/// In a bin with so much of the reference nearly everything may move unseen.
const NEARLY_ALL: f64 = 0.9;

/// The distance of two distributions.
///
/// # Errors
///
/// That the bins are too wide for one.
pub(super) fn distance(method: Method, pair: &Pair) -> Result<Computed, Gap> {
    let bins = match pair {
        Pair::Values(bins) | Pair::Bins(bins) | Pair::EqualWidth(bins) => bins.clone(),
        Pair::Parts(reference, here) => parts(method, reference, here),
    };
    let computed = told(method, &bins);
    let widest = widest(&bins);
    if matches!(pair, Pair::EqualWidth(_)) && widest > NEARLY_ALL && is_near(method, &computed) {
        return Err(Gap::NotMeasurable(format!(
            "one bin of the profile has {} % of its numbers, so that its bins of equal width tell no drift; write the profile anew",
            text::number(1e2 * widest)
        )));
    }
    let mut notes = Vec::new();
    match pair {
        Pair::EqualWidth(_) => {
            let note = "by the bins of equal width of an older profile, which is to be written anew";
            notes.push(note.to_owned());
        }
        Pair::Bins(_) if widest > NEARLY_ALL => notes.push(format!(
            "one of the rule's bins has {} % of the reference, and what moves within it is not seen",
            text::number(1e2 * widest)
        )),
        _ => {}
    }
    notes.extend(nothing(&bins).map(str::to_owned));
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    // Between the bounds the cumulated shares may be further apart.
    let most = match (method, pair) {
        (Method::Ks, Pair::Parts(..)) => ks_most(&bins, |at| at % 2 == 1),
        (Method::Ks, Pair::Bins(_) | Pair::EqualWidth(_)) => ks_most(&bins, |_| false),
        _ => computed.value,
    };
    Ok(match most > computed.value {
        true => Computed {
            note,
            shown: format!("{} to {}", computed.shown, text::number(most)),
            most: Some(most),
            ..computed
        },
        false => Computed { note, ..computed },
    })
}

/// Which side has no values, where one has some.
fn nothing(bins: &[(f64, f64)]) -> Option<&'static str> {
    let here: f64 = bins.iter().map(|bin| bin.0).sum();
    let there: f64 = bins.iter().map(|bin| bin.1).sum();
    match (here > 0.0, there > 0.0) {
        (true, false) => Some("the reference has no values"),
        (false, true) => Some("there are no values"),
        _ => None,
    }
}

fn told(method: Method, bins: &[(f64, f64)]) -> Computed {
    match method {
        Method::Psi => Computed {
            by_chance: Some(psi_by_chance(bins)),
            ..Computed::plain(psi(bins))
        },
        Method::Ks => Computed {
            by_chance: Some(ks_by_chance(bins)),
            ..Computed::plain(ks(bins))
        },
        Method::JensenShannon => Computed {
            by_chance: Some(jensen_shannon_by_chance(bins)),
            ..Computed::plain(jensen_shannon(bins))
        },
        Method::Unseen => Computed::plain(unseen(bins)),
        Method::ChiSquare => {
            let tested = chi_square(bins);
            let shown = format!(
                "p = {} (χ² = {}, {} degrees of freedom)",
                text::number(tested.p),
                text::number(tested.statistic),
                tested.freedom
            );
            Computed {
                shown,
                ..Computed::plain(tested.p)
            }
        }
    }
}

/// Whether a distance is one of those that pass where the rule says nothing else.
fn is_near(method: Method, computed: &Computed) -> bool {
    match method {
        Method::Psi => computed.value < 0.25,
        Method::Ks | Method::JensenShannon | Method::Unseen => computed.value < 0.1,
        Method::ChiSquare => computed.value >= 0.01,
    }
}

/// The greatest share that a bin has of the reference.
fn widest(bins: &[(f64, f64)]) -> f64 {
    let whole: f64 = bins.iter().map(|bin| bin.1).sum();
    let shares = bins.iter().map(|bin| bin.1 / whole);
    shares.fold(0.0, f64::max)
}

/// Bins of the reference's parts; cumulated shares may be compared on either side of each bound.
#[expect(
    clippy::cast_precision_loss,
    reason = "shares do not need the last digits"
)]
fn parts(method: Method, reference: &Spread, here: &[u64]) -> Vec<(f64, f64)> {
    let bins: Vec<(u64, u64)> = match method {
        Method::Ks => reference
            .cells
            .iter()
            .copied()
            .zip(here.iter().copied())
            .collect(),
        _ => reference.bins(here),
    };
    let bins = bins.into_iter();
    bins.map(|(there, here)| (here as f64, there as f64))
        .collect()
}

/// What a formula compares.
///
/// # Errors
///
/// The gap of a measure, or that two have different forms.
pub(super) fn pair(values: &Values<'_>, of: Of, reference: &Reference) -> Result<Pair, Gap> {
    let here = values(of)?;
    let there = match reference {
        Reference::Measured(of) => values(*of)?.clone(),
        Reference::Counts(counts) => Value::Frequencies {
            values: counts.clone(),
            rest: 0,
            more: 0,
        },
        Reference::EqualWidth(counts) => Value::Bins(counts.clone()),
        Reference::Spread(spread) => Value::Spread(spread.clone()),
    };
    match (here, there) {
        (Value::Bins(here), Value::Bins(there)) => {
            let bins = beside(here, &there)?;
            Ok(match reference {
                Reference::EqualWidth(_) => Pair::EqualWidth(bins),
                _ => Pair::Bins(bins),
            })
        }
        (Value::Bins(here), Value::Spread(there)) => between(here.clone(), there),
        (Value::Spread(here), Value::Spread(there)) => {
            // Of no numbers no bounds are known, and none are needed.
            let other = here.bounds != there.bounds && here.total() > 0;
            match other {
                true => Err(other_bins()),
                false => between(here.cells.clone(), there),
            }
        }
        (
            Value::Frequencies { .. },
            Value::Frequencies {
                values: known,
                rest,
                ..
            },
        ) => {
            let here = labels(values, of)?;
            here.all()?;
            if rest > 0 {
                return Err(Gap::Failed(
                    "the reference has more different values than were told apart".to_owned(),
                ));
            }
            Ok(Pair::Values(by_value(&here, known)))
        }
        _ => Err(wrong_form()),
    }
}

fn other_bins() -> Gap {
    Gap::Failed("the reference has other bins".to_owned())
}

fn between(mut here: Vec<u64>, there: Spread) -> Result<Pair, Gap> {
    let total: u64 = here.iter().sum();
    if total == 0 {
        here = vec![0; there.cells.len()];
    }
    match here.len() == there.cells.len() {
        true => Ok(Pair::Parts(there, here)),
        false => Err(other_bins()),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "shares do not need the last digits"
)]
fn beside(here: &[u64], there: &[u64]) -> Result<Vec<(f64, f64)>, Gap> {
    if here.len() != there.len() {
        return Err(other_bins());
    }
    let pairs = here.iter().zip(there);
    Ok(pairs
        .map(|(here, there)| (*here as f64, *there as f64))
        .collect())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "shares do not need the last digits"
)]
fn by_value(here: &Labels, known: Vec<(String, u64)>) -> Vec<(f64, f64)> {
    let known = known.into_iter();
    let mut known: BTreeMap<_, _> = known.map(|(label, count)| (label, count as f64)).collect();
    let mut pairs = Vec::new();
    for (label, count) in &here.counts {
        pairs.push((*count, known.remove(label).unwrap_or_default()));
    }
    pairs.extend(known.into_values().map(|count| (0.0, count)));
    pairs
}
