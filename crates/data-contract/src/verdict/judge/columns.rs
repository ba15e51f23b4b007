//! What is said of columns that nobody has declared, that are not there, or that are of another type: names and types in place of
//! numbers.

use std::collections::BTreeSet;

use super::Judge;
use crate::plan::{Check, ColumnId, Measure, Of, Sample, Value};
use crate::suggestion::nearest;
use crate::text;
use crate::verdict::{CheckResult, Status};

impl Judge<'_> {
    /// Whether a check is that a column is there.
    pub(super) fn is_about_presence(&self, check: &Check) -> bool {
        let mut measures = check.measures().into_iter();
        measures.any(|of| matches!(self.measure(of), Some(Measure::Absent(_))))
    }

    /// Puts what is known of columns in place of numbers and samples.
    pub(super) fn name_columns(&self, check: &Check, result: &mut CheckResult) {
        let measures = check.measures().into_iter();
        let known = measures.filter_map(|of| Some((of, self.measure(of)?)));
        for (of, measure) in known {
            match measure {
                Measure::ExtraColumns => self.extra(of, result),
                Measure::Absent(column) => self.absent((of, *column), result),
                Measure::WrongType(_) | Measure::WrongPhysicalType(_) => of_types(result),
                _ => {}
            }
        }
    }

    /// Names columns that nobody has declared, and counts those that are not named.
    fn extra(&self, of: Of, result: &mut CheckResult) {
        let Ok(Value::Count(all)) = self.value(of) else {
            return;
        };
        if result.status == Status::Passed {
            return;
        }
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

    /// Whether a column is there; where it is not, the column of the data that may be meant by it.
    fn absent(&self, (of, column): (Of, ColumnId), result: &mut CheckResult) {
        let Ok(Value::Count(files)) = self.value(of) else {
            return;
        };
        // One file alone is not named.
        let measured = match (*files, result.files.is_empty()) {
            (0, _) => "present".to_owned(),
            (_, true) => "missing".to_owned(),
            (1, false) => "missing in 1 file".to_owned(),
            (files, false) => format!("missing in {} files", text::count(files)),
        };
        result.measured = Some(measured);
        let samples = std::mem::take(&mut result.samples).into_iter();
        let names: Vec<String> = samples.filter_map(|sample| sample.value).collect();
        let object = self.plan.objects.get(of.object.0);
        let declared = object.and_then(|object| object.columns.get(column.0));
        let meant = declared.and_then(|declared| {
            let known = names.iter().map(String::as_str);
            nearest(&declared.name(), known)
        });
        if let Some(meant) = meant {
            let reason = format!("did you mean `{meant}`, which the data have?");
            result.reason = Some(reason);
        }
    }
}

/// Names the types that the data have, which are told beside rows.
fn of_types(result: &mut CheckResult) {
    let (types, rows): (Vec<_>, Vec<_>) = std::mem::take(&mut result.samples)
        .into_iter()
        .partition(Sample::is_type);
    result.samples = rows;
    let types: BTreeSet<_> = types.into_iter().filter_map(|it| it.value).collect();
    if result.status != Status::Passed && !types.is_empty() {
        let types: Vec<_> = types.into_iter().collect();
        result.reason = Some(format!("the data are of type {}", types.join(", ")));
    }
}
