//! How often labels are there, in one part of the data and in another.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Gap, Of, Value};
use crate::text;

use super::formula::{Computed, Values, share, wrong_form};

/// Frequencies as they are computed with.
pub(super) struct Labels {
    pub(super) counts: BTreeMap<String, f64>,
    rest: f64,
    more: f64,
}

impl Labels {
    fn total(&self) -> f64 {
        self.counts.values().sum::<f64>() + self.rest
    }

    /// The same where each label has a count of its own.
    pub(super) fn all(&self) -> Result<&Self, Gap> {
        match self.rest > 0.0 {
            true => Err(Gap::Failed(format!(
                "there are more than {} different values, and the rest was not told apart",
                text::count(self.counts.len() as u64)
            ))),
            false => Ok(self),
        }
    }

    fn share(&self, label: &str) -> f64 {
        let total = self.total();
        if total == 0.0 {
            return 0.0;
        }
        self.counts.get(label).copied().unwrap_or_default() / total
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "shares do not need the last digits"
)]
pub(super) fn labels(values: &Values<'_>, of: Of) -> Result<Labels, Gap> {
    match values(of)? {
        Value::Frequencies { values, rest, more } => {
            let mut counts = BTreeMap::new();
            for (label, count) in values {
                *counts.entry(label.clone()).or_default() += *count as f64;
            }
            Ok(Labels {
                counts,
                rest: *rest as f64,
                more: *more as f64,
            })
        }
        Value::Count(_)
        | Value::AtLeast(..)
        | Value::Scalar(_)
        | Value::Bins(_)
        | Value::Spread(_) => Err(wrong_form()),
    }
}

pub(super) fn least_share(
    values: &Values<'_>,
    of: Of,
    expected: &[String],
) -> Result<Computed, Gap> {
    let labels = labels(values, of)?;
    let labels = labels.all()?;
    let known = labels.counts.keys().chain(expected);
    let shares = known.map(|label| (labels.share(label), label.as_str()));
    let least = shares.min_by(|one, other| one.0.total_cmp(&other.0));
    Ok(match least {
        Some((value, label)) => Computed {
            value,
            shown: format!("{} (`{label}`)", text::number(value)),
            note: None,
            most: None,
            allowed: None,
        },
        None => share(0.0, 0.0, "labels"),
    })
}

pub(super) fn greatest_share(values: &Values<'_>, of: Of) -> Result<Computed, Gap> {
    let labels = labels(values, of)?;
    let shares = labels
        .counts
        .keys()
        .map(|label| (labels.share(label), label.as_str()));
    let greatest = shares.max_by(|one, other| one.0.total_cmp(&other.0));
    let value = match greatest {
        None if labels.total() == 0.0 => return Ok(share(0.0, 0.0, "values")),
        Some((value, label)) if labels.more == 0.0 => {
            return Ok(Computed {
                shown: format!("{} (`{label}`)", text::number(value)),
                ..Computed::plain(value)
            });
        }
        greatest => greatest.map_or(0.0, |(value, _)| value),
    };
    // Many values were counted together, so that any of them may be there more often.
    let most = value + labels.more / labels.total();
    let (low, high) = (text::number(value), text::number(most));
    Ok(Computed {
        shown: format!("{low} to {high}"),
        note: Some("there are too many different values to count each of them".to_owned()),
        most: Some(most),
        ..Computed::plain(value)
    })
}

/// A label with its shares in two parts of the data.
struct Shift<'l> {
    label: &'l str,
    here: f64,
    there: f64,
    /// What a random split into parts of these sizes stays within in 997 of 1,000 cases: three standard deviations.
    by_chance: f64,
}

impl Shift<'_> {
    fn distance(&self) -> f64 {
        (self.here - self.there).abs()
    }
}

/// Less is no shift that anybody minds, whatever the number of rows.
const SLIGHT: f64 = 0.02;

pub(super) fn label_shift(
    values: &Values<'_>,
    one: Of,
    other: Of,
    chance_allows: bool,
) -> Result<Computed, Gap> {
    let (one, other) = (labels(values, one)?, labels(values, other)?);
    let (one, other) = (one.all()?, other.all()?);
    let (rows, other_rows) = (one.total(), other.total());
    let all: BTreeSet<_> = one.counts.keys().chain(other.counts.keys()).collect();
    let shifts = all.into_iter().map(|label| {
        let count = |labels: &Labels| labels.counts.get(label).copied().unwrap_or_default();
        let pooled = (count(one) + count(other)) / (rows + other_rows);
        let variance = pooled * (1.0 - pooled) * (1.0 / rows + 1.0 / other_rows);
        Shift {
            label,
            here: one.share(label),
            there: other.share(label),
            by_chance: if variance.is_finite() {
                3.0 * variance.sqrt()
            } else {
                0.0
            },
        }
    });
    let shifts: Vec<_> = shifts.collect();
    let unlikely =
        |shift: &&Shift<'_>| shift.distance() > SLIGHT && shift.distance() > shift.by_chance;
    let by_distance =
        |first: &&Shift<'_>, second: &&Shift<'_>| first.distance().total_cmp(&second.distance());
    // Of one that chance may make nothing is to be told where another one is none of chance.
    let unlikely = shifts
        .iter()
        .filter(|shift| chance_allows && unlikely(shift));
    let worst = unlikely.max_by(by_distance);
    let Some(worst) = worst.or_else(|| shifts.iter().max_by(by_distance)) else {
        return Ok(share(0.0, 0.0, "labels"));
    };
    Ok(Computed {
        shown: format!(
            "{} (`{}`: {} and {})",
            text::number(worst.distance()),
            worst.label,
            text::number(worst.here),
            text::number(worst.there)
        ),
        allowed: chance_allows.then_some(worst.by_chance),
        ..Computed::plain(worst.distance())
    })
}

pub(super) fn new_labels(values: &Values<'_>, known: Of, other: Of) -> Result<Computed, Gap> {
    let (known, other) = (labels(values, known)?, labels(values, other)?);
    let (known, other) = (known.all()?, other.all()?);
    let new: Vec<_> = other
        .counts
        .keys()
        .filter(|label| !known.counts.contains_key(*label))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "labels are few")]
    let value = new.len() as f64;
    let named: Vec<_> = new
        .iter()
        .take(5)
        .map(|label| format!("`{label}`"))
        .collect();
    let shown = match named.as_slice() {
        [] => "0".to_owned(),
        named => format!("{} ({})", text::number(value), named.join(", ")),
    };
    Ok(Computed::of(value, shown))
}
