//! What comes of a check, by what it looks at.

use super::{HIDDEN, Judge};
use crate::plan::{Check, Formula, Gap, Literal, Measure, Of, Operator, Unit, Value};
use crate::text;
use crate::time::{self, Zone};
use crate::verdict::compare::holds;
use crate::verdict::interval::all_within;
use crate::verdict::{formula, part};

const MICROS: f64 = 1e6;
pub(super) const DAY: f64 = 86_400.0;
/// Greater numbers of seconds since 1970, of which this is one of the year 5138, are most likely milliseconds.
const LATEST: i128 = 100_000_000_000;

/// What came of a check, before it is put into words.
pub(super) struct Outcome {
    pub(super) holds: bool,
    pub(super) measured: String,
    pub(super) value: Option<f64>,
    pub(super) note: Option<String>,
    /// What was asked for, where that is something else than the operators say.
    pub(super) expected: Option<String>,
}

impl Judge<'_> {
    pub(super) fn compared(
        &self,
        check: &Check,
        of: Of,
        unit: Unit,
        operators: &[Operator],
    ) -> Result<Outcome, Gap> {
        match self.value(of)? {
            Value::Count(count) => match unit {
                Unit::Rows => {
                    let mut outcome = counted(*count, operators);
                    if *count > 0 {
                        outcome.measured += &self.part(of).unwrap_or_default();
                    }
                    Ok(outcome)
                }
                Unit::Percent => self.percentage(check, *count, operators),
            },
            Value::AtLeast(count, gap) => {
                let (low, high) = match unit {
                    Unit::Rows => (Literal::Integer((*count).into()), f64::INFINITY),
                    Unit::Percent => {
                        let percent = percent(*count, self.whole(check)?);
                        (Literal::Number(percent), 1e2)
                    }
                };
                at_least((low, high), unit, operators).ok_or_else(|| gap.clone())
            }
            Value::Scalar(literal) => {
                let hidden = self.is_hidden(of);
                let all = operators.iter();
                let holds = all
                    .map(|operator| holds(literal, operator))
                    .collect::<Result<Vec<_>, _>>();
                let holds = holds.map_err(|reason| match hidden {
                    true => Gap::GivenUp("the value is no number to compare".to_owned()),
                    false => Gap::Failed(reason),
                });
                let holds = holds?.into_iter().all(|holds| holds);
                let nothing = !holds && crate::verdict::compare::is_nothing(literal);
                let note = "the value is null or NaN, which is compared with nothing";
                Ok(Outcome {
                    holds,
                    measured: match hidden {
                        true => HIDDEN.to_owned(),
                        false => match literal {
                            Literal::Number(value) if !holds => text::apart(*value, operators),
                            literal => text::literal(literal),
                        },
                    },
                    value: crate::verdict::compare::number(literal).filter(|_| !hidden),
                    note: nothing.then(|| note.to_owned()),
                    expected: None,
                })
            }
            Value::Frequencies { .. } | Value::Bins(_) | Value::Spread(_) => Err(Gap::Failed(
                "a distribution is no number to compare".to_owned(),
            )),
        }
    }

    /// What a count is a part of.
    fn part(&self, of: Of) -> Option<String> {
        let measure = self.measure(of)?;
        let column = measure.column().or(match measure {
            Measure::Surplus(columns) => columns.first().copied(),
            _ => None,
        });
        let places = column.and_then(|id| self.find(of.object, &Measure::Places(id)));
        let column = column.and_then(|id| self.plan.objects.get(of.object.0)?.columns.get(id.0));
        part::whole(measure, column, (self.rows(of.object), places))
    }

    /// What a percentage is of: rows, or the places of a column in arrays.
    fn whole(&self, check: &Check) -> Result<u64, Gap> {
        let places = check
            .column
            .and_then(|column| self.find(check.object, &Measure::Places(column)));
        let whole = places.or_else(|| self.rows(check.object));
        whole.ok_or_else(|| Gap::Failed("the rows were not counted".to_owned()))
    }

    fn percentage(
        &self,
        check: &Check,
        count: u64,
        operators: &[Operator],
    ) -> Result<Outcome, Gap> {
        let whole = self.whole(check)?;
        let percent = percent(count, whole);
        let note = (whole == 0).then(|| "there are no rows".to_owned());
        let holds = all_hold(percent, operators);
        let shown = format!(
            "{} % ({} of {})",
            match holds {
                true => text::number(percent),
                false => text::apart(percent, operators),
            },
            text::count(count),
            text::count(whole)
        );
        Ok(Outcome {
            holds,
            measured: shown,
            value: Some(percent),
            note,
            expected: None,
        })
    }

    pub(super) fn age(&self, of: Of, limit: f64) -> Result<Outcome, Gap> {
        let Value::Scalar(literal) = self.value(of)? else {
            return Err(Gap::Failed("the value has no age".to_owned()));
        };
        let Some(then) = self.moment(of, literal)? else {
            // Nothing new has come, and what was to be kept is not there.
            return Ok(Outcome {
                holds: false,
                measured: "no value".to_owned(),
                value: None,
                note: Some("there is no value that has an age".to_owned()),
                expected: None,
            });
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "microseconds of this age are within 2^53"
        )]
        let now = self.now as f64 / MICROS;
        let age = now - then;
        let future = (age < 0.0).then(|| "it is in the future".to_owned());
        let zoned = matches!(literal, Literal::Text(said) if has_offset(said));
        let note = "texts are compared letter by letter, so that offsets other than Z count as if they were none";
        Ok(Outcome {
            holds: age < limit,
            measured: match self.is_hidden(of) {
                true => text::duration(age),
                false => format!("{} ({})", text::duration(age), text::plain(literal)),
            },
            value: Some(age),
            note: future.or_else(|| zoned.then(|| note.to_owned())),
            expected: None,
        })
    }

    /// The seconds from 1970 to a value; `None` where there is none. A day is as old as its first moment.
    fn moment(&self, of: Of, literal: &Literal) -> Result<Option<f64>, Gap> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "microseconds and seconds of this age are within 2^53"
        )]
        let then = match literal {
            Literal::Null => return Ok(None),
            Literal::Date(days) => Some(f64::from(*days) * DAY),
            Literal::Timestamp(micros) => Some(*micros as f64 / MICROS),
            Literal::Integer(seconds) => (0..=LATEST).contains(seconds).then_some(*seconds as f64),
            Literal::Text(said) => written(said),
            _ => None,
        };
        let nothing = || {
            let what = match self.is_hidden(of) {
                true => HIDDEN.to_owned(),
                false => format!("`{}`", text::plain(literal)),
            };
            // It is no proof that all is well: somebody has agreed on an age.
            let known = "known are times of ISO 8601 and seconds since 1970; other texts need a `logicalType` with a `format`";
            Gap::Failed(format!("{what} is no point in time: {known}"))
        };
        then.map(Some).ok_or_else(nothing)
    }

    pub(super) fn derived(
        &self,
        formula: &Formula,
        operators: &[Operator],
        hidden: bool,
    ) -> Result<Outcome, Gap> {
        let computed = formula::compute(formula, &|of| self.value(of))?;
        let holds = match (&computed.limit, computed.most) {
            (Some(limit), _) => computed.value <= limit.most,
            (None, None) => all_hold(computed.value, operators),
            (None, Some(most)) => {
                let range = [computed.value, most].map(Literal::Number);
                let unknown = || {
                    let why = computed
                        .note
                        .as_deref()
                        .unwrap_or("which of these it is, bounds of parts or bins do not tell");
                    Gap::Failed(format!("{}: {why}", computed.shown))
                };
                all_within(&range, operators).ok_or_else(unknown)?
            }
        };
        // What is shown beside the number names values.
        let mut measured = match hidden {
            true => text::number(computed.value),
            false => computed.shown,
        };
        if !holds {
            let whole = text::apart(computed.value, operators);
            measured = measured.replacen(&text::number(computed.value), &whole, 1);
        }
        Ok(Outcome {
            holds,
            measured,
            value: Some(computed.value),
            note: match (computed.by_chance, computed.note) {
                (Some(by_chance), None) if !holds && computed.value <= by_chance => Some(format!(
                    "two samples of so few rows of one distribution may be {} apart",
                    text::number(by_chance)
                )),
                (_, note) => note,
            },
            expected: computed.limit.map(|limit| limit.expected()),
        })
    }
}

/// The seconds from 1970 to what a text says: a point in time or a day by ISO 8601, or a number of them.
#[expect(
    clippy::cast_precision_loss,
    reason = "microseconds and seconds of this age are within 2^53"
)]
fn written(said: &str) -> Option<f64> {
    let micros = time::timestamp(said.as_bytes(), &Zone::UTC);
    let seconds = || said.trim().parse::<i128>().ok();
    micros.map(|micros| micros as f64 / MICROS).or_else(|| {
        seconds()
            .filter(|seconds| (0..=LATEST).contains(seconds))
            .map(|seconds| seconds as f64)
    })
}

/// Whether a text has an offset that is not that of UTC.
fn has_offset(said: &str) -> bool {
    let time = said.split(['T', 't', ' ']).nth(1).unwrap_or_default();
    time.split_once(['+', '-'])
        .is_some_and(|(_, offset)| offset.bytes().any(|digit| (b'1'..=b'9').contains(&digit)))
}

/// Rows per hundred; none of none.
#[expect(
    clippy::cast_precision_loss,
    reason = "a percentage does not need the last digits"
)]
pub(crate) fn percent(count: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    1e2 * count as f64 / whole as f64
}

/// What is decided of a count that may be greater.
fn at_least((low, high): (Literal, f64), unit: Unit, operators: &[Operator]) -> Option<Outcome> {
    let holds = all_within(&[low.clone(), Literal::Number(high)], operators)?;
    let unit = if unit == Unit::Percent { " %" } else { "" };
    Some(Outcome {
        holds,
        measured: format!("at least {}{unit}", text::literal(&low)),
        value: crate::verdict::compare::number(&low),
        note: None,
        expected: None,
    })
}

fn counted(count: u64, operators: &[Operator]) -> Outcome {
    let literal = Literal::Integer(count.into());
    let mut all = operators.iter();
    Outcome {
        holds: all.all(|operator| holds(&literal, operator).unwrap_or(false)),
        measured: text::count(count),
        #[expect(
            clippy::cast_precision_loss,
            reason = "the exact number is in the text"
        )]
        value: Some(count as f64),
        note: None,
        expected: None,
    }
}

fn all_hold(value: f64, operators: &[Operator]) -> bool {
    let literal = Literal::Number(value);
    let mut all = operators.iter();
    all.all(|operator| holds(&literal, operator).unwrap_or(false))
}
