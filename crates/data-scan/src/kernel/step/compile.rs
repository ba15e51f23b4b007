//! Measures as steps: what is asked of a column, in the terms of what its values are.

use std::sync::Arc;

use data_contract::plan::{Gap, Measure, Pattern};

use super::super::literal::words;
use super::super::matcher::{Matcher, Matchers};
use super::super::set::Set;
use super::label::Label;
use super::limit::Limit;
use super::unit::Unit;
use super::{Step, Test};
use crate::strip::Nature;

/// The step of a measure about values of a nature. `None` where the measure is not about a column's values.
pub(in super::super) fn compile(
    measure: &Measure,
    nature: Nature,
    matchers: &Matchers,
    names: &mut Vec<String>,
) -> Option<Result<Step, Gap>> {
    let numeric = matches!(nature, Nature::Integer | Nature::Number);
    let nested = matches!(nature, Nature::Object | Nature::Array | Nature::Other);
    let only = |holds: bool, step: Step, of: &str| {
        if holds {
            Ok(step)
        } else {
            Err(unfit(of, nature))
        }
    };
    Some(match measure {
        Measure::Nulls(_) => Ok(Step::Nulls),
        Measure::WrongType(_) => Ok(Step::WrongType),
        Measure::Missing(_, values) => Ok(Step::Missing(Arc::new(Set::new(values, nature)))),
        Measure::Invalid {
            values, pattern, ..
        } => {
            let set = values.as_ref().map(|values| Set::new(values, nature));
            let matcher = pattern
                .as_ref()
                .map(|pattern| matcher(pattern, matchers))
                .transpose();
            matcher.and_then(|matcher| {
                only(
                    !nested,
                    Step::Count(Arc::new(Test::Invalid(set, matcher))),
                    "valid values",
                )
            })
        }
        Measure::Beyond(_, side, bound) => Limit::new(*side, bound, nature)
            .map(|limit| Step::Count(Arc::new(Test::Beyond(limit))))
            .ok_or_else(|| {
                let bound = words(&bound.value).unwrap_or_else(|| "NULL".to_owned());
                Gap::NotMeasurable(format!("{bound} is no bound of {}", plural(nature)))
            }),
        Measure::Extreme(_, side) => only(!nested, Step::Extreme(*side), "extremes"),
        Measure::Places(_) => Ok(Step::Places),
        Measure::Sum(_) => only(numeric, Step::Sum, "sum"),
        Measure::Mean(_) => only(numeric, Step::Mean, "mean"),
        Measure::Frequencies(..) => only(!nested, Step::Frequencies, "frequencies"),
        Measure::Labelled(_, label) => {
            let label = Step::Labelled(Label::new(label, nature));
            only(!nested, label, "frequencies")
        }
        Measure::Histogram(_, edges) => only(numeric, Step::Histogram(edges.clone()), "histogram"),
        Measure::Cells(_, bounds) => only(numeric, Step::Cells(bounds.clone()), "histogram"),
        Measure::Parts { .. } => only(numeric, Step::Table(None), "histogram"),
        _ => return counted(measure, nature, names),
    })
}

/// A measure that counts values of some natures only.
fn counted(
    measure: &Measure,
    nature: Nature,
    names: &mut Vec<String>,
) -> Option<Result<Step, Gap>> {
    let numeric = matches!(nature, Nature::Integer | Nature::Number);
    let text = nature == Nature::Text;
    let list = nature == Nature::Array;
    let (holds, test, what) = match measure {
        Measure::NotMultiple(_, of) => match Unit::new(of) {
            Some(unit) => (numeric, Test::NotMultiple(unit), "multiples"),
            None => {
                let of = words(of).unwrap_or_else(|| "NULL".to_owned());
                let reason = format!("nothing can be told to be a multiple of {of}");
                return Some(Err(Gap::NotMeasurable(reason)));
            }
        },
        Measure::Length(_, side, length) => (text, Test::Length(*side, *length), "lengths"),
        Measure::Malformed(_, of) => match of.range() {
            Some((least, most)) => (numeric, Test::OutOfRange(least, most), "such a format"),
            None => (text, Test::Malformed(*of), "such a format"),
        },
        Measure::Items(_, side, limit) => {
            let holds = matches!(nature, Nature::Array | Nature::Object);
            (holds, Test::Items(*side, *limit), "items")
        }
        Measure::RepeatedItems(_) => (list, Test::Repeats, "items"),
        Measure::LacksProperty(_, required) => {
            let Some(mask) = mask(required, names) else {
                let reason = "more than 64 required properties".to_owned();
                return Some(Err(Gap::NotMeasurable(reason)));
            };
            (nature == Nature::Object, Test::Lacks(mask), "properties")
        }
        _ => return None,
    };
    Some(if holds {
        Ok(Step::Count(Arc::new(test)))
    } else {
        Err(unfit(what, nature))
    })
}

fn matcher(pattern: &Pattern, matchers: &Matchers) -> Result<Arc<Matcher>, Gap> {
    match matchers.get(pattern) {
        Some(Ok(matcher)) => Ok(matcher.clone()),
        Some(Err(reason)) => Err(Gap::NotMeasurable(format!(
            "the pattern is not valid: {reason}"
        ))),
        None => Err(Gap::NotMeasurable(
            "the pattern was not compiled".to_owned(),
        )),
    }
}

/// The bits of names, which are added unless they are known.
fn mask(required: &[String], names: &mut Vec<String>) -> Option<u64> {
    let mut mask = 0;
    for name in required {
        let place = names
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            });
        mask |= 1_u64.checked_shl(u32::try_from(place).ok()?)?;
    }
    Some(mask)
}

fn unfit(of: &str, nature: Nature) -> Gap {
    Gap::NotMeasurable(format!("{} have no {}", plural(nature), of))
}

fn plural(nature: Nature) -> &'static str {
    match nature {
        Nature::Integer => "whole numbers",
        Nature::Number => "numbers",
        Nature::Date => "dates",
        Nature::Timestamp => "timestamps",
        Nature::Time => "times",
        Nature::Boolean => "booleans",
        Nature::Text => "texts",
        Nature::Object => "objects",
        Nature::Array => "arrays",
        Nature::Other => "values of this type",
    }
}
