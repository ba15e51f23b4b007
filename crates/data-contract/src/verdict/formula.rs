//! Numbers that are computed from measures.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{Formula, Gap, Literal, Of, Value};
use crate::text;

use super::distance::{Method, distance, pair};

/// What a formula says.
#[derive(Debug)]
pub(super) struct Computed {
    pub(super) value: f64,
    pub(super) shown: String,
    pub(super) note: Option<String>,
    /// What it is at most, where it is not known to the last digit; it is at least [`Self::value`].
    pub(super) most: Option<f64>,
}

impl Computed {
    pub(super) fn plain(value: f64) -> Self {
        Self {
            value,
            shown: text::number(value),
            note: None,
            most: None,
        }
    }
}

/// Looks up what was measured.
pub(super) type Values<'v> = dyn Fn(Of) -> Result<&'v Value, Gap> + 'v;

/// The number of a formula.
///
/// # Errors
///
/// The gap of a measure that it needs, or that one has another form.
pub(super) fn compute(formula: &Formula, values: &Values<'_>) -> Result<Computed, Gap> {
    match formula {
        Formula::Share { part, rest } => {
            let part = count(values, *part)?;
            let mut whole = part;
            for of in rest {
                whole += count(values, *of)?;
            }
            Ok(share(part, whole, "rows"))
        }
        Formula::Ratio { part, whole } | Formula::LabelShare { part, whole, .. } => {
            let (part, whole) = (count(values, *part)?, count(values, *whole)?);
            Ok(share(part, whole, "rows"))
        }
        Formula::Difference { whole, parts } => difference(values, *whole, parts),
        Formula::NullsWithin { nulls, parents } => {
            let (nulls, parents) = (count(values, *nulls)?, count(values, *parents)?);
            Ok(Computed::plain((nulls - parents).max(0.0)))
        }
        Formula::Sum(all) => {
            let mut sum = 0.0;
            for of in all {
                sum += count(values, *of)?;
            }
            Ok(Computed::plain(sum))
        }
        Formula::Ahead { earlier, later } => ahead(values, *earlier, *later),
        Formula::LeastShare { of, expected } => least_share(values, *of, expected),
        Formula::GreatestShare(of) => greatest_share(values, *of),
        Formula::LabelShift(one, other) => label_shift(values, *one, *other),
        Formula::NewLabels(one, other) => new_labels(values, *one, *other),
        Formula::Psi(of, reference) => distance(Method::Psi, &pair(values, *of, reference)?),
        Formula::Ks(of, reference) => distance(Method::Ks, &pair(values, *of, reference)?),
        Formula::ChiSquare(of, reference) => {
            distance(Method::ChiSquare, &pair(values, *of, reference)?)
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "shares do not need the last digits"
)]
fn count(values: &Values<'_>, of: Of) -> Result<f64, Gap> {
    match values(of)? {
        Value::Count(count) => Ok(*count as f64),
        Value::AtLeast(_, gap) => Err(gap.clone()),
        Value::Scalar(Literal::Null) => Ok(0.0),
        Value::Scalar(literal) => super::compare::number(literal)
            .ok_or_else(|| Gap::Failed(format!("`{}` is no number", text::literal(literal)))),
        Value::Frequencies { .. } | Value::Bins(_) | Value::Spread(_) => Err(wrong_form()),
    }
}

pub(super) fn wrong_form() -> Gap {
    Gap::Failed("another form of value was measured than the check needs".to_owned())
}

fn share(part: f64, whole: f64, of: &str) -> Computed {
    if whole == 0.0 {
        return Computed {
            value: 0.0,
            shown: format!("0 (of no {of})"),
            note: Some(format!("there are no {of}")),
            most: None,
        };
    }
    let value = part / whole;
    let shown = format!(
        "{} ({} of {})",
        text::number(value),
        text::number(part),
        text::number(whole)
    );
    Computed {
        value,
        shown,
        note: None,
        most: None,
    }
}

/// A number that is added up: a whole one as it is.
enum Term {
    Whole(i128),
    Number(f64),
}

impl Term {
    #[expect(
        clippy::cast_precision_loss,
        reason = "beside a number with fractions it is one"
    )]
    fn number(&self) -> f64 {
        match self {
            Self::Whole(value) => *value as f64,
            Self::Number(value) => *value,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Whole(value) => text::literal(&Literal::Integer(*value)),
            Self::Number(value) => text::number(*value),
        }
    }
}

fn term(values: &Values<'_>, of: Of) -> Result<Term, Gap> {
    Ok(match values(of)? {
        Value::Count(count) => Term::Whole((*count).into()),
        Value::Scalar(Literal::Integer(value)) => Term::Whole(*value),
        Value::Scalar(Literal::Null) => Term::Whole(0),
        _ => Term::Number(count(values, of)?),
    })
}

fn difference(values: &Values<'_>, whole: Of, parts: &[Of]) -> Result<Computed, Gap> {
    let whole = term(values, whole)?;
    let parts = parts
        .iter()
        .map(|of| term(values, *of))
        .collect::<Result<Vec<_>, _>>()?;
    let value = exact(&whole, &parts).unwrap_or_else(|| Term::Number(rounded(&whole, &parts)));
    let terms: Vec<_> = std::iter::once(&whole)
        .chain(&parts)
        .map(Term::shown)
        .collect();
    Ok(Computed {
        value: value.number(),
        shown: format!("{} ({})", value.shown(), terms.join(" − ")),
        note: None,
        most: None,
    })
}

/// The difference of whole numbers.
fn exact(whole: &Term, parts: &[Term]) -> Option<Term> {
    let Term::Whole(mut rest) = *whole else {
        return None;
    };
    for part in parts {
        let Term::Whole(part) = part else {
            return None;
        };
        rest = rest.checked_sub(*part)?;
    }
    Some(Term::Whole(rest))
}

/// The difference of sums of doubles. Each was rounded once, so that a difference within what was rounded is none.
fn rounded(whole: &Term, parts: &[Term]) -> f64 {
    let (mut rest, mut size) = (whole.number(), whole.number().abs());
    for part in parts {
        rest -= part.number();
        size += part.number().abs();
    }
    match rest.abs() <= size * f64::EPSILON {
        true => 0.0,
        false => rest,
    }
}

fn ahead(values: &Values<'_>, earlier: Of, later: Of) -> Result<Computed, Gap> {
    let seconds = |of: Of| match values(of)? {
        Value::Scalar(Literal::Date(days)) => Ok(Some(f64::from(*days) * 86_400.0)),
        #[expect(
            clippy::cast_precision_loss,
            reason = "microseconds of this age are within 2^53"
        )]
        Value::Scalar(Literal::Timestamp(micros)) => Ok(Some(*micros as f64 / 1e6)),
        Value::Scalar(Literal::Null) => Ok(None),
        Value::Scalar(literal) => super::compare::number(literal)
            .map(Some)
            .ok_or_else(wrong_form),
        Value::AtLeast(_, gap) => Err(gap.clone()),
        Value::Count(_) | Value::Frequencies { .. } | Value::Bins(_) | Value::Spread(_) => {
            Err(wrong_form())
        }
    };
    let (earlier, later) = (seconds(earlier)?, seconds(later)?);
    let Some((earlier, later)) = earlier.zip(later) else {
        return Err(Gap::NotMeasurable("one side has no value".to_owned()));
    };
    let value = later - earlier;
    let words = if value > 0.0 { "apart" } else { "overlap" };
    let shown = format!("{} {words}", text::duration(value.abs()));
    Ok(Computed {
        value,
        shown,
        note: None,
        most: None,
    })
}

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

fn least_share(values: &Values<'_>, of: Of, expected: &[String]) -> Result<Computed, Gap> {
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
        },
        None => share(0.0, 0.0, "labels"),
    })
}

fn greatest_share(values: &Values<'_>, of: Of) -> Result<Computed, Gap> {
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

fn label_shift(values: &Values<'_>, one: Of, other: Of) -> Result<Computed, Gap> {
    let (one, other) = (labels(values, one)?, labels(values, other)?);
    let (one, other) = (one.all()?, other.all()?);
    let all: BTreeSet<_> = one.counts.keys().chain(other.counts.keys()).collect();
    let shifts = all
        .into_iter()
        .map(|label| (one.share(label), other.share(label), label));
    let worst = shifts.max_by(|first, second| {
        let shift = |(one, other, _): &(f64, f64, &String)| (one - other).abs();
        shift(first).total_cmp(&shift(second))
    });
    Ok(match worst {
        Some((here, there, label)) => Computed {
            value: (here - there).abs(),
            shown: format!(
                "{} (`{label}`: {} and {})",
                text::number((here - there).abs()),
                text::number(here),
                text::number(there)
            ),
            note: None,
            most: None,
        },
        None => share(0.0, 0.0, "labels"),
    })
}

fn new_labels(values: &Values<'_>, known: Of, other: Of) -> Result<Computed, Gap> {
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
    Ok(Computed {
        value,
        shown,
        note: None,
        most: None,
    })
}
