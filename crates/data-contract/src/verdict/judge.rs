//! From measured values to a verdict.

use crate::plan::{
    Check, Evidence, Formula, Gap, Literal, Measure, Measured, Object, ObjectId, Of, Operator,
    Plan, Severity, Side, Test, Unit, Value,
};
use crate::text;

use super::compare::holds;
use super::formula;
use super::interval::all_within;
use super::part;
use super::{CheckResult, ObjectRead, Status, Verdict};

const MICROS: f64 = 1e6;
const DAY: f64 = 86_400.0;
/// What stands for a value of a classified column.
const HIDDEN: &str = "a value that is not shown";

/// Judges what was measured: a list for each object of the plan, with a value for each of its measures.
///
/// `now` is the time that ages are counted from. Where the data are and what was read of them is for whoever measured to add to
/// [`Verdict::objects`].
#[must_use]
pub fn judge(plan: &Plan, measured: &[Vec<Measured>], now: jiff::Timestamp) -> Verdict {
    let judge = Judge {
        plan,
        measured,
        now: now.as_microsecond(),
    };
    let objects = plan.objects.iter().enumerate();
    let objects = objects.map(|(at, object)| ObjectRead {
        name: object.name.clone(),
        rows: judge.rows(ObjectId(at)),
        ..ObjectRead::default()
    });
    Verdict {
        contract: plan.contract.clone(),
        version: plan.version.clone(),
        objects: objects.collect(),
        checks: match plan.checks.as_slice() {
            [] => vec![nothing(&plan.contract)],
            checks => checks.iter().flat_map(|check| judge.lines(check)).collect(),
        },
    }
}

/// That nothing is checked, which is no proof of anything.
fn nothing(contract: &str) -> CheckResult {
    CheckResult {
        status: Status::Warning,
        severity: Severity::Warning,
        reason: Some("the contract describes no data, so that no check was made".to_owned()),
        evidence: Evidence::None,
        ..CheckResult::of_files(contract, "checks", "the contract says what is checked")
    }
}

struct Judge<'p> {
    plan: &'p Plan,
    measured: &'p [Vec<Measured>],
    /// Microseconds since 1970.
    now: i64,
}

/// What came of a check, before it is put into words.
struct Outcome {
    holds: bool,
    measured: String,
    value: Option<f64>,
    note: Option<String>,
}

impl<'p> Judge<'p> {
    fn measured(&self, of: Of) -> Option<&'p Measured> {
        self.measured.get(of.object.0)?.get(of.measure.0)
    }

    fn value(&self, of: Of) -> Result<&'p Value, Gap> {
        let missing = || Gap::Failed("it was not measured".to_owned());
        self.measured(of)
            .ok_or_else(missing)?
            .value
            .as_ref()
            .map_err(Clone::clone)
    }

    fn measure(&self, of: Of) -> Option<&'p Measure> {
        self.plan
            .objects
            .get(of.object.0)?
            .measures
            .get(of.measure.0)
    }

    /// Whether the values that it measures are shown nowhere.
    fn is_hidden(&self, of: Of) -> bool {
        let column = self.measure(of).and_then(Measure::column);
        let object = self.plan.objects.get(of.object.0);
        let column = column
            .zip(object)
            .and_then(|(column, object)| object.columns.get(column.0));
        column.is_some_and(|column| column.masked) || self.plan.hides(of.object, of.measure)
    }

    fn find(&self, object: ObjectId, wanted: &Measure) -> Option<u64> {
        let measures = self.plan.objects.get(object.0)?.measures.iter();
        let at = measures.clone().position(|measure| measure == wanted)?;
        match self.measured.get(object.0)?.get(at)?.value {
            Ok(Value::Count(count) | Value::AtLeast(count, _)) => Some(count),
            _ => None,
        }
    }

    fn rows(&self, object: ObjectId) -> Option<u64> {
        self.find(object, &Measure::Rows)
    }

    /// The line of a check, and one more where the newest value lies so far in the future that no age can be told by it.
    fn lines(&self, check: &'p Check) -> Vec<CheckResult> {
        let line = self.check(check);
        let newest = matches!(
            &check.test,
            Test::Age {
                side: Side::High,
                ..
            }
        );
        let ahead = line.value.filter(|age| newest && *age < -DAY);
        let warning = ahead.map(|age| CheckResult {
            id: format!("{}.future", line.id),
            title: format!("nothing is of the future: {}", line.title),
            severity: Severity::Warning,
            status: Status::Warning,
            measured: line.measured.as_deref().map(|measured| {
                measured.replacen(
                    &text::duration(age),
                    &format!("{} ahead", text::duration(-age)),
                    1,
                )
            }),
            expected: Some(format!("≤ {} ahead", text::duration(DAY))),
            value: Some(-age),
            reason: Some(
                "by such a value everything is new, so that the age proves nothing".to_owned(),
            ),
            samples: Vec::new(),
            files: Vec::new(),
            ..line.clone()
        });
        std::iter::once(line).chain(warning).collect()
    }

    fn check(&self, check: &'p Check) -> CheckResult {
        let object = self.plan.objects.get(check.object.0);
        let mut result = blank(check, object);
        result.rows = self.rows(check.object);
        result.expected = expected(&check.test);
        let outcome = match &check.test {
            Test::Measured {
                measure,
                unit,
                operators,
            } => {
                let of = Of {
                    object: check.object,
                    measure: *measure,
                };
                self.compared(check, of, *unit, operators)
            }
            Test::Age { measure, limit, .. } => {
                let of = Of {
                    object: check.object,
                    measure: *measure,
                };
                self.age(of, *limit)
            }
            Test::Derived { formula, operators } => {
                let hidden = check.measures().iter().any(|of| self.is_hidden(*of));
                self.derived(formula, operators, hidden)
            }
            Test::NotExecutable { reason } => {
                result.status = Status::NotExecutable;
                result.reason = Some(reason.clone());
                return result;
            }
        };
        result.evidence = self.evidence(check);
        match outcome {
            Ok(outcome) => self.decide(check, outcome, &mut result),
            Err(gap) => undecided(check, object, self.discreet(check, gap), &mut result),
        }
        result
    }

    /// A gap without values of classified columns: of what Spark says of a query about them, the class of the error.
    fn discreet(&self, check: &Check, gap: Gap) -> Gap {
        let hides = |of: &Of| self.plan.hides(of.object, of.measure);
        match gap {
            Gap::Failed(reason)
                if reason.starts_with('[') && check.measures().iter().any(hides) =>
            {
                let class = reason.split_inclusive(']').next().unwrap_or_default();
                Gap::Failed(format!("{class} about a classified column"))
            }
            gap => gap,
        }
    }

    fn decide(&self, check: &Check, outcome: Outcome, result: &mut CheckResult) {
        result.measured = Some(outcome.measured);
        result.value = outcome.value;
        result.reason = outcome.note;
        result.status = match (outcome.holds, check.severity) {
            (true, _) => Status::Passed,
            (false, Severity::Warning) => Status::Warning,
            (false, Severity::Error) => Status::Failed,
        };
        if result.status == Status::Passed {
            return;
        }
        // Where what a column is part of is NULL, nothing of it is missed.
        let parents = match &check.test {
            Test::Derived {
                formula: Formula::NullsWithin { parents, .. },
                ..
            } => Some(*parents),
            _ => None,
        };
        let excused = parents
            .and_then(|of| self.measured(of))
            .map_or(&[][..], |measured| &measured.samples);
        let measures = check.measures().into_iter();
        for measured in measures
            .filter(|of| Some(*of) != parents)
            .filter_map(|of| self.measured(of))
        {
            let samples = measured.samples.iter();
            let missed = samples.filter(|sample| !excused.contains(sample));
            result.samples.extend(missed.cloned());
            result.files.extend(measured.files.iter().cloned());
        }
        self.name_columns(check, result);
    }

    /// Names columns that nobody has declared in place of samples, and counts those that are not named.
    fn name_columns(&self, check: &Check, result: &mut CheckResult) {
        let extra = |of: &Of| self.measure(*of) == Some(&Measure::ExtraColumns);
        let of = check.measures().into_iter().find(extra);
        let Some(Ok(Value::Count(all))) = of.map(|of| self.value(of)) else {
            return;
        };
        let samples = std::mem::take(&mut result.samples).into_iter();
        let names: Vec<_> = samples
            .filter_map(|sample| Some(format!("`{}`", sample.value?)))
            .collect();
        let rest = all.saturating_sub(names.len() as u64);
        result.reason = match (names.is_empty(), rest) {
            (true, _) => None,
            (false, 0) => Some(names.join(", ")),
            (false, rest) => Some(format!(
                "{} and {} more",
                names.join(", "),
                text::count(rest)
            )),
        };
    }

    /// How the values came to be known: by reading the data, where any of them did.
    fn evidence(&self, check: &Check) -> Evidence {
        let measures = check.measures().into_iter();
        let all: Vec<_> = measures
            .filter_map(|of| self.measured(of))
            .map(|measured| &measured.evidence)
            .collect();
        let query = all
            .iter()
            .find(|evidence| matches!(evidence, Evidence::Query(_)));
        match query {
            Some(query) => (*query).clone(),
            None if all.contains(&&Evidence::Scan) => Evidence::Scan,
            None if all.contains(&&Evidence::Metadata) => Evidence::Metadata,
            None => Evidence::None,
        }
    }

    fn compared(
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
                Unit::Percent => self.percentage(check, of, *count, operators),
            },
            Value::AtLeast(count, gap) => {
                let (low, high) = match unit {
                    Unit::Rows => (Literal::Integer((*count).into()), f64::INFINITY),
                    Unit::Percent => {
                        let percent = percent(*count, self.whole(check, of)?);
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
                let holds = holds.map_err(|reason| {
                    Gap::Failed(match hidden {
                        true => "the value is no number to compare".to_owned(),
                        false => reason,
                    })
                });
                let holds = holds?.into_iter().all(|holds| holds);
                let nothing = !holds && super::compare::is_nothing(literal);
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
                    value: super::compare::number(literal).filter(|_| !hidden),
                    note: nothing.then(|| note.to_owned()),
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
        let column = measure.column();
        let places = column.and_then(|id| self.find(of.object, &Measure::Places(id)));
        let column = column.and_then(|id| self.plan.objects.get(of.object.0)?.columns.get(id.0));
        part::whole(measure, column, (self.rows(of.object), places))
    }

    /// What a percentage is of: rows, or the places of a column in arrays.
    fn whole(&self, check: &Check, of: Of) -> Result<u64, Gap> {
        let places = check
            .column
            .and_then(|column| self.find(check.object, &Measure::Places(column)));
        let repeated = matches!(
            self.measure(of),
            Some(Measure::RepeatedKeys(_) | Measure::Surplus(_))
        );
        let whole = places
            .filter(|_| !repeated)
            .or_else(|| self.rows(check.object));
        whole.ok_or_else(|| Gap::Failed("the rows were not counted".to_owned()))
    }

    fn percentage(
        &self,
        check: &Check,
        of: Of,
        count: u64,
        operators: &[Operator],
    ) -> Result<Outcome, Gap> {
        let whole = self.whole(check, of)?;
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
        })
    }

    fn age(&self, of: Of, limit: f64) -> Result<Outcome, Gap> {
        let Value::Scalar(literal) = self.value(of)? else {
            return Err(Gap::Failed("the value has no age".to_owned()));
        };
        let then = match literal {
            Literal::Null => None,
            // A day is as young as its last moment, where the newest value counts, and as old as its first one otherwise.
            Literal::Date(days) => Some(f64::from(*days) * DAY),
            #[expect(
                clippy::cast_precision_loss,
                reason = "microseconds of this age are within 2^53"
            )]
            Literal::Timestamp(micros) => Some(*micros as f64 / MICROS),
            _ => {
                let shown = text::literal(literal);
                return Err(Gap::NotMeasurable(format!("`{shown}` is no point in time")));
            }
        };
        let Some(then) = then else {
            // Nothing new has come, and what was to be kept is not there.
            return Ok(Outcome {
                holds: false,
                measured: "no value".to_owned(),
                value: None,
                note: Some("there is no value that has an age".to_owned()),
            });
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "microseconds of this age are within 2^53"
        )]
        let now = self.now as f64 / MICROS;
        let age = now - then;
        let future = (age < 0.0).then(|| "it is in the future".to_owned());
        Ok(Outcome {
            holds: age < limit,
            measured: match self.is_hidden(of) {
                true => text::duration(age),
                false => format!("{} ({})", text::duration(age), text::literal(literal)),
            },
            value: Some(age),
            note: future,
        })
    }

    fn derived(
        &self,
        formula: &Formula,
        operators: &[Operator],
        hidden: bool,
    ) -> Result<Outcome, Gap> {
        let computed = formula::compute(formula, &|of| self.value(of))?;
        let holds = match computed.most {
            None => all_hold(computed.value, operators),
            Some(most) => {
                let range = [computed.value, most].map(Literal::Number);
                let unknown = || {
                    let why = computed
                        .note
                        .as_deref()
                        .unwrap_or("it is not known exactly");
                    Gap::Failed(format!("{}: {why}", computed.shown))
                };
                all_within(&range, operators).ok_or_else(unknown)?
            }
        };
        let by_chance = computed
            .allowed
            .filter(|allowed| !holds && computed.value <= *allowed);
        let holds = holds || by_chance.is_some();
        let note = by_chance.map(|allowed| {
            format!(
                "a random split of so many rows differs by up to {} (3 sigma)",
                text::number(allowed)
            )
        });
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
            note: note.or(computed.note),
        })
    }
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
        value: super::compare::number(&low),
        note: None,
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
    }
}

fn all_hold(value: f64, operators: &[Operator]) -> bool {
    let literal = Literal::Number(value);
    let mut all = operators.iter();
    all.all(|operator| holds(&literal, operator).unwrap_or(false))
}

fn blank(check: &Check, object: Option<&Object>) -> CheckResult {
    let column = check.column.zip(object);
    let column = column.and_then(|(id, object)| object.columns.get(id.0));
    CheckResult {
        id: check.id.clone(),
        title: check.title.clone(),
        object: object.map_or_else(String::new, |object| object.name.clone()),
        column: column.map(crate::plan::Column::name),
        category: check.category,
        dimension: check.dimension.clone(),
        severity: check.severity,
        tags: check.tags.clone(),
        line: check.line,
        status: Status::Error,
        measured: None,
        expected: None,
        value: None,
        rows: None,
        reason: None,
        evidence: Evidence::None,
        samples: Vec::new(),
        files: Vec::new(),
    }
}

fn expected(test: &Test) -> Option<String> {
    match test {
        Test::Measured {
            unit, operators, ..
        } => Some(text::expected(operators, *unit)),
        Test::Age { limit, .. } => Some(format!("< {}", text::duration(*limit))),
        Test::Derived { operators, .. } => Some(text::expected(operators, Unit::Rows)),
        Test::NotExecutable { .. } => None,
    }
}

fn undecided(check: &Check, object: Option<&Object>, gap: Gap, result: &mut CheckResult) {
    let column = check.column.zip(object);
    let column = column.and_then(|(id, object)| object.columns.get(id.0));
    let optional = column.is_some_and(|column| column.optional);
    result.status = match gap {
        Gap::Absent if optional => Status::NotExecutable,
        Gap::NotMeasurable(_) => Status::NotExecutable,
        Gap::Absent | Gap::Failed(_) => Status::Error,
    };
    result.reason = Some(match gap {
        Gap::Absent if optional => "the column is not there, and need not be".to_owned(),
        gap => gap.to_string(),
    });
}
