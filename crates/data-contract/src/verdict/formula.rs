//! Numbers that are computed from measures.

use crate::plan::{Formula, Gap, Literal, Of, Rows, Value};
use crate::text;

use super::distance::{Method, distance, pair};
use super::labels::{Limit, greatest_share, label_shift, least_share, new_labels};

/// What a formula says.
#[derive(Debug)]
pub(super) struct Computed {
    pub(super) value: f64,
    pub(super) shown: String,
    pub(super) note: Option<String>,
    /// What it is at most, where it is not known to the last digit; it is at least [`Self::value`].
    pub(super) most: Option<f64>,
    /// What it may be, in place of what the operators say.
    pub(super) limit: Option<Limit>,
    /// What two samples of one distribution that are no larger stay within.
    pub(super) by_chance: Option<f64>,
}

impl Computed {
    pub(super) fn plain(value: f64) -> Self {
        Self::of(value, text::number(value))
    }

    /// A value that is known, as it is shown.
    pub(super) fn of(value: f64, shown: String) -> Self {
        Self {
            value,
            shown,
            note: None,
            most: None,
            limit: None,
            by_chance: None,
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
            let terms = all.iter().map(|of| count(values, *of));
            let terms = terms.collect::<Result<Vec<_>, _>>()?;
            let sum = terms.iter().sum();
            let shown: Vec<_> = terms.iter().map(|term| text::number(*term)).collect();
            Ok(match shown.as_slice() {
                [_, _, ..] if sum > 0.0 => {
                    let shown = format!("{} ({})", text::number(sum), shown.join(" + "));
                    Computed::of(sum, shown)
                }
                _ => Computed::plain(sum),
            })
        }
        Formula::Ahead { earlier, later } => ahead(values, *earlier, *later),
        Formula::LeastShare { of, expected } => least_share(values, *of, expected),
        Formula::GreatestShare(of) => greatest_share(values, *of),
        Formula::LabelShift(one, other) => label_shift(values, *one, *other, false),
        Formula::UnlikelyShift(one, other) => label_shift(values, *one, *other, true),
        Formula::Volume { here, reference } => volume(values, *here, *reference),
        Formula::Variety {
            distinct,
            rows,
            nulls,
        } => {
            let all = count(values, *rows)? - count(values, *nulls)?;
            match (count(values, *distinct)?, all) {
                // Of one value nobody can say how they repeat.
                (_, ..=1.0) => Ok(Computed::plain(0.0)),
                (distinct, all) => Ok(share(distinct, all, "values")),
            }
        }
        Formula::JensenShannon(of, reference) => {
            distance(Method::JensenShannon, &pair(values, *of, reference)?)
        }
        Formula::Unseen(of, reference) => distance(Method::Unseen, &pair(values, *of, reference)?),
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

pub(super) fn share(part: f64, whole: f64, of: &str) -> Computed {
    if whole == 0.0 {
        return Computed {
            shown: format!("0 (of no {of})"),
            note: Some(format!("there are no {of}")),
            ..Computed::plain(0.0)
        };
    }
    let value = part / whole;
    let shown = format!(
        "{} ({} of {})",
        text::number(value),
        text::number(part),
        text::number(whole)
    );
    Computed::of(value, shown)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "shares do not need the last digits"
)]
fn volume(values: &Values<'_>, here: Of, reference: Rows) -> Result<Computed, Gap> {
    let here = count(values, here)?;
    let there = match reference {
        Rows::Measured(of) => count(values, of)?,
        Rows::Known(rows) => rows as f64,
    };
    if there > 0.0 || here == 0.0 {
        return Ok(share(here, there, "rows"));
    }
    Ok(Computed {
        note: Some("the reference has no rows".to_owned()),
        ..Computed::plain(f64::INFINITY)
    })
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
    let shown = format!("{} ({})", value.shown(), terms.join(" − "));
    Ok(Computed::of(value.number(), shown))
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
        Value::Scalar(literal) => super::compare::number(literal).map(Some).ok_or_else(|| {
            Gap::NotMeasurable("the values are neither points in time nor numbers".to_owned())
        }),
        Value::AtLeast(_, gap) => Err(gap.clone()),
        Value::Count(_) | Value::Frequencies { .. } | Value::Bins(_) | Value::Spread(_) => {
            Err(wrong_form())
        }
    };
    let is_time = |of: Of| {
        let value = values(of);
        matches!(
            value,
            Ok(Value::Scalar(Literal::Date(_) | Literal::Timestamp(_)))
        )
    };
    let are_times = is_time(earlier) && is_time(later);
    let (earlier, later) = (seconds(earlier)?, seconds(later)?);
    let Some((earlier, later)) = earlier.zip(later) else {
        return Err(Gap::NotMeasurable("one side has no value".to_owned()));
    };
    let value = later - earlier;
    let words = if value > 0.0 { "apart" } else { "overlap" };
    let distance = match are_times {
        true => text::duration(value.abs()),
        false => text::number(value.abs()),
    };
    let shown = format!("{distance} {words}");
    Ok(Computed::of(value, shown))
}
