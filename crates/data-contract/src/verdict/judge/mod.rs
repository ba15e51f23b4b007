//! From measured values to a verdict.

mod columns;
mod discreet;
mod outcome;

use crate::plan::{
    Check, Evidence, Formula, Gap, Measure, Measured, Object, ObjectId, Of, Plan, Severity, Side,
    Test, Unit, Value,
};
use crate::text;

pub(crate) use self::outcome::percent;
use self::outcome::{DAY, Outcome};
use super::{CheckResult, ObjectRead, Status, Verdict};

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
        result.expected = match self.is_about_presence(check) {
            true => Some("present".to_owned()),
            false => expected(&check.test),
        };
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
            Test::Undecided { reason } => {
                result.status = Status::Error;
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

    /// A gap without values of classified columns.
    fn discreet(&self, check: &Check, gap: Gap) -> Gap {
        let hides = |of: &Of| self.plan.hides_failure(of.object, of.measure);
        match gap {
            Gap::Failed(reason) if check.measures().iter().any(hides) => {
                let is_query = check.measures().iter().any(|of| self.is_query(of));
                Gap::Failed(discreet::without_values(&reason, is_query))
            }
            gap => gap,
        }
    }

    fn is_query(&self, of: &Of) -> bool {
        let object = self.plan.objects.get(of.object.0);
        let measure = object.and_then(|object| object.measures.get(of.measure.0));
        matches!(measure, Some(Measure::Query(_)))
    }

    fn decide(&self, check: &Check, outcome: Outcome, result: &mut CheckResult) {
        result.measured = Some(outcome.measured);
        result.value = outcome.value;
        result.reason = outcome.note;
        result.expected = outcome.expected.or(result.expected.take());
        result.status = match (outcome.holds, check.severity) {
            (true, _) => Status::Passed,
            (false, Severity::Warning) => Status::Warning,
            (false, Severity::Error) => Status::Failed,
        };
        if result.status == Status::Passed {
            return self.name_columns(check, result);
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
        Test::NotExecutable { .. } | Test::Undecided { .. } => None,
    }
}

fn undecided(check: &Check, object: Option<&Object>, gap: Gap, result: &mut CheckResult) {
    let column = check.column.zip(object);
    let column = column.and_then(|(id, object)| object.columns.get(id.0));
    let optional = column.is_some_and(|column| column.optional);
    result.status = match gap {
        Gap::Absent if optional => Status::NotExecutable,
        Gap::NotMeasurable(_) => Status::NotExecutable,
        Gap::Absent | Gap::Failed(_) | Gap::GivenUp(_) => Status::Error,
    };
    result.reason = Some(match gap {
        Gap::Absent if optional => "the column is not there, and need not be".to_owned(),
        gap => gap.to_string(),
    });
}
