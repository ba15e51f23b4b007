//! The value of each measure of a column, or why it has none.

use std::collections::BTreeSet;

use data_contract::plan::{ColumnId, Evidence, Gap, Measure, MeasureId, Measured, Sample, Value};

use super::super::file::{FileResult, Shape, is_high};
use super::super::frequent::counted_again;
use super::assemble::{Assembly, metadata, none, unread};
use crate::kernel::Slot;

impl Assembly<'_> {
    pub(super) fn column(&self, id: MeasureId, measure: &Measure, column: ColumnId) -> Measured {
        if let Some(gap) = self.gap(id, measure, column) {
            return match self.proven(id) {
                n if n > 0 && gap == unread() => metadata(Value::AtLeast(n, gap)),
                _ => none(gap),
            };
        }
        if let Measure::Parts { of, of_column, .. } = measure {
            return self.parts(id, (*of, *of_column));
        }
        let counts = self.known().filter_map(|(file, result)| {
            let path = || file.entry.path.clone();
            match &result.slots[id.0] {
                Slot::Count(count) if count.n > 0 => Some((path(), count.n)),
                _ => None,
            }
        });
        let decided = self
            .known()
            .all(|(_, result)| result.shape.decided.has(id.0));
        let mut samples = self.samples(id, column);
        if matches!(measure, Measure::WrongType(_)) {
            samples.extend(self.types(|shape| &shape.mistyped, column));
        }
        Measured {
            value: self.value(id, measure, column),
            evidence: if decided {
                Evidence::Metadata
            } else {
                Evidence::Scan
            },
            samples,
            files: self.by_file(counts),
        }
    }

    /// The types of a column that are not as they ought to be, which are no values.
    pub(super) fn types(
        &self,
        wrong: impl Fn(&Shape) -> &Vec<(ColumnId, String)>,
        column: ColumnId,
    ) -> Vec<Sample> {
        let known = self.known().flat_map(|(_, result)| wrong(&result.shape));
        let names: BTreeSet<&String> = known
            .filter(|(wrong, _)| *wrong == column)
            .map(|(_, name)| name)
            .collect();
        names
            .into_iter()
            .map(|name| Sample::of_type(name))
            .collect()
    }

    /// What the files have come to together.
    fn value(&self, id: MeasureId, measure: &Measure, column: ColumnId) -> Result<Value, Gap> {
        let nature = self.nature(column);
        let mut small = Slot::Idle;
        for (_, result) in self.known() {
            small.merge(result.slots[id.0].clone(), 0, 0, is_high(measure));
        }
        let large = self.scanned().large(id);
        if large.is_none() && matches!(small, Slot::Idle) {
            small = self.zero(id, column, nature);
        }
        let slot = large.unwrap_or(&small);
        let most = match measure {
            Measure::Frequencies(_, most) => *most as usize,
            _ => 0,
        };
        let mut value = slot
            .value(nature, most)
            .ok_or_else(|| Gap::Failed("it was not measured".to_owned()))?;
        if let (Measure::Nulls(_) | Measure::Missing(..), Value::Count(count)) =
            (measure, &mut value)
        {
            *count += self.rows_without(column);
        }
        if let Some(again) = self.scanned().frequent.get(&id) {
            counted_again(&mut value, again, most);
        }
        Ok(value)
    }

    /// The first rows that were counted, in the order of the files.
    fn samples(&self, id: MeasureId, column: ColumnId) -> Vec<Sample> {
        let counts = self.known().filter_map(|(file, result)| {
            let Slot::Count(count) = &result.slots[id.0] else {
                return None;
            };
            Some((file, count))
        });
        let hits = counts.flat_map(|(file, count)| {
            let hits = count.hits.iter();
            hits.map(|hit| self.sample(&file.entry.path, hit, &[column]))
        });
        hits.take(self.scanned().samples).collect()
    }

    /// Why a measure of a column has no value.
    fn gap(&self, id: MeasureId, measure: &Measure, column: ColumnId) -> Option<Gap> {
        let has = |result: &FileResult| self.has(result, column);
        if !self.known().any(|(_, result)| has(result)) {
            return Some(Gap::Absent);
        }
        if self
            .known()
            .any(|(_, result)| result.shape.unread.has(id.0))
        {
            return Some(unread());
        }
        if let Some(reason) = self.broken(|result| !result.shape.decided.has(id.0)) {
            return Some(Gap::Failed(reason));
        }
        // A violation found in some files is one of all; a sum of some files is not the sum.
        if let (Measure::Sum(_), Some(reason)) = (measure, self.partly()) {
            return Some(Gap::Failed(reason));
        }
        let mut gaps = self.known().flat_map(|(_, result)| &result.shape.gaps);
        if let Some((_, gap)) = gaps.find(|(gap, _)| *gap == id) {
            return Some(gap.clone());
        }
        if let Measure::Invalid {
            pattern: Some(pattern),
            ..
        } = measure
            && let Some(Ok(matcher)) = self.scanned().matchers.get(pattern)
            && matcher.gave_up()
        {
            return Some(Gap::Failed(
                "the pattern takes too long, so that it was given up".to_owned(),
            ));
        }
        let mistyped = |result: &FileResult| {
            result
                .shape
                .mistyped
                .iter()
                .find(|(wrong, _)| *wrong == column)
                .cloned()
        };
        let about_values = !matches!(
            measure,
            Measure::Nulls(_) | Measure::WrongType(_) | Measure::Missing(..) | Measure::Places(_)
        );
        let mut with = self.known().filter(|(_, result)| has(result));
        if about_values && with.all(|(_, result)| mistyped(result).is_some()) {
            let (_, name) = self.known().find_map(|(_, result)| mistyped(result))?;
            return Some(Gap::NotMeasurable(format!("the column is of type {name}")));
        }
        None
    }

    /// What a measure whose values were left unread comes to at least.
    fn proven(&self, id: MeasureId) -> u64 {
        let known = self.known().map(|(_, result)| &result.slots[id.0]);
        let counts = known.map(|slot| match slot {
            Slot::Count(count) => count.n,
            _ => 0,
        });
        counts.sum()
    }
}
