//! How often labels are there, in one part of the data and in another.

use std::collections::{BTreeMap, BTreeSet};

use crate::infer::MOST_VALUES;
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
                "there are more than {} different values, which are not counted one by one",
                text::count(MOST_VALUES.into())
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
        Some((value, label)) => Computed::of(value, format!("{} (`{label}`)", text::number(value))),
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

/// The most that something may be.
#[derive(Debug)]
pub(super) struct Limit {
    pub(super) most: f64,
    /// Where it comes from; nothing where it is the usual one.
    pub(super) why: &'static str,
}

impl Limit {
    /// What must hold, for people.
    pub(super) fn expected(&self) -> String {
        let most = text::number(self.most);
        match self.why {
            "" => format!("≤ {most}"),
            why => format!("≤ {most} ({why})"),
        }
    }
}

/// A label with its shares in two parts of the data.
struct Shift<'l> {
    label: &'l str,
    here: f64,
    there: f64,
    /// Its share in both together.
    pooled: f64,
    /// What a random split into parts of these sizes stays within in 997 of 1,000 cases: three standard deviations.
    by_chance: f64,
}

/// Less is no shift that anybody minds, whatever the number of rows.
const SLIGHT: f64 = 0.02;
/// A label with a smaller share is a rare one, for which that would be much.
const RARE: f64 = 0.1;

impl Shift<'_> {
    fn distance(&self) -> f64 {
        (self.here - self.there).abs()
    }

    /// How far the shares may be apart, and why.
    fn limit(&self) -> Limit {
        let slight = match self.pooled < RARE {
            true => (SLIGHT / RARE * self.pooled, "a fifth of so small a share"),
            false => (SLIGHT, ""),
        };
        let (most, why) = match self.by_chance > slight.0 {
            true => (self.by_chance, "3 sigma of a random split"),
            false => slight,
        };
        Limit { most, why }
    }

    /// How much of what it may be its distance is: more than 1 where that is too much.
    fn reached(&self) -> f64 {
        self.distance() / self.limit().most
    }
}

fn shifts<'l>(one: &'l Labels, other: &'l Labels) -> Vec<Shift<'l>> {
    let (rows, other_rows) = (one.total(), other.total());
    let all: BTreeSet<_> = one.counts.keys().chain(other.counts.keys()).collect();
    let shifts = all.into_iter().map(|label| {
        let count = |labels: &Labels| labels.counts.get(label).copied().unwrap_or_default();
        let pooled = (count(one) + count(other)) / (rows + other_rows);
        let variance = pooled * (1.0 - pooled) * (1.0 / rows + 1.0 / other_rows);
        let by_chance = Some(3.0 * variance.sqrt()).filter(|chance| chance.is_finite());
        Shift {
            label,
            here: one.share(label),
            there: other.share(label),
            pooled,
            by_chance: by_chance.unwrap_or_default(),
        }
    });
    shifts.collect()
}

/// The shift of the label that is furthest off: by its distance, or where each label has a limit of its own by how much of that it is.
pub(super) fn label_shift(
    values: &Values<'_>,
    one: Of,
    other: Of,
    has_limits: bool,
) -> Result<Computed, Gap> {
    let (one, other) = (labels(values, one)?, labels(values, other)?);
    let shifts = shifts(one.all()?, other.all()?);
    let measure = match has_limits {
        true => Shift::reached,
        false => Shift::distance,
    };
    let worst = shifts
        .iter()
        .max_by(|first, second| measure(first).total_cmp(&measure(second)));
    let Some(worst) = worst else {
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
        limit: has_limits.then(|| worst.limit()),
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
