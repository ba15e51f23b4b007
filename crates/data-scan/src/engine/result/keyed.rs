//! The value of each measure of keys: how they repeat, and which ones another object has.

use data_contract::plan::{ColumnId, Gap, Measure, MeasureId, Measured, ObjectId};

use super::super::object::Counted;
use super::assemble::{Assembly, counted, none, unread};
use crate::kernel::Hit;
use crate::keys::{KeySpec, Sorted};
use crate::strip::Nature;

impl Assembly<'_> {
    pub(super) fn keys(&self, id: MeasureId, measure: &Measure) -> Measured {
        let Some(spec) = KeySpec::of(measure) else {
            return none(Gap::Failed("it was not measured".to_owned()));
        };
        // Keys of the wrong type are reported by another check; the others may repeat.
        let partly = matches!(measure, Measure::Surplus(_) | Measure::RepeatedKeys(_));
        if let Some(gap) = self.key_gap(&spec, partly) {
            return none(gap);
        }
        let Some(here) = self.scanned().counted.get(&spec) else {
            return none(Gap::Failed("its keys were not read".to_owned()));
        };
        match (measure, here) {
            (Measure::Surplus(_), Counted::Repeats { surplus, hits, .. }) => {
                self.repeats(*surplus, hits, &spec.columns)
            }
            (Measure::RepeatedKeys(_), Counted::Repeats { repeated, hits, .. }) => {
                self.repeats(*repeated, hits, &spec.columns)
            }
            (Measure::Distinct(_), Counted::Keys(keys)) => counted(keys.distinct()),
            (Measure::Divided { rows, .. }, Counted::Keys(keys)) => {
                self.sought(keys.divided(*rows), id, measure)
            }
            (Measure::Orphans { .. } | Measure::Shared { .. }, Counted::Keys(keys)) => {
                let Some((other, spec)) = KeySpec::elsewhere(measure) else {
                    return none(Gap::Failed("it was not measured".to_owned()));
                };
                match self.elsewhere(other, &spec, here_columns(measure)) {
                    Err(gap) => none(gap),
                    Ok(there) => {
                        let n = match measure {
                            Measure::Shared { rows, .. } => keys.shared_with(there, *rows),
                            _ => keys.absent_from(there),
                        };
                        self.sought(n, id, measure)
                    }
                }
            }
            _ => none(Gap::Failed("it was not measured".to_owned())),
        }
    }

    fn repeats(&self, n: u64, hits: &[(usize, Hit)], columns: &[ColumnId]) -> Measured {
        let samples = hits.iter().map(|(file, hit)| {
            self.sample(&self.scanned().files[*file].0.entry.path, hit, columns)
        });
        Measured {
            samples: samples.collect(),
            ..counted(n)
        }
    }

    /// Keys whose rows were looked for. Their values are hidden where those of the other object are classified: they are of the same
    /// sort.
    fn sought(&self, n: u64, id: MeasureId, measure: &Measure) -> Measured {
        let found = self.sought.get(self.place);
        let hits = found.and_then(|found| found.get(&id));
        let mut measured = self.repeats(n, hits.map_or(&[], Vec::as_slice), here_columns(measure));
        if let Some((to, there)) = KeySpec::elsewhere(measure)
            && let Some(other) = self.objects.get(to.0)
            && there
                .columns
                .iter()
                .any(|column| other.column(*column).masked)
        {
            let samples = measured.samples.iter_mut();
            samples.for_each(|sample| sample.value = None);
        }
        measured
    }

    fn elsewhere(
        &self,
        other: ObjectId,
        spec: &KeySpec,
        here: &[ColumnId],
    ) -> Result<&Sorted<u128>, Gap> {
        let failed = |reason: String| Gap::Failed(reason);
        let (Some(object), Some(scanned)) = (self.objects.get(other.0), self.scanned.get(other.0))
        else {
            return Err(failed("the other object was not read".to_owned()));
        };
        let there = Assembly {
            objects: self.objects,
            scanned: self.scanned,
            sought: self.sought,
            spreads: self.spreads,
            place: other.0,
            object,
        };
        if let Some(reason) = &scanned.missing {
            return Err(failed(format!("{}: {reason}", object.name)));
        }
        if let Some(gap) = there.key_gap(spec, false) {
            return Err(failed(format!("{}: {gap}", object.name)));
        }
        for (here, other) in here.iter().zip(&spec.columns) {
            let (one, two) = (self.sort_of(*here)?, there.sort_of(*other)?);
            if one != two {
                return Err(failed(format!(
                    "{} holds {one} and {}.{} {two}, so that no key of one can be found in the other",
                    self.object.column(*here).name(),
                    object.name,
                    object.column(*other).name(),
                )));
            }
        }
        match scanned.counted.get(spec) {
            Some(Counted::Keys(keys)) => Ok(keys),
            _ => Err(failed(format!("the keys of {} were not read", object.name))),
        }
    }

    /// Why keys could not be measured.
    fn key_gap(&self, spec: &KeySpec, partly: bool) -> Option<Gap> {
        for column in &spec.reads().collect::<Vec<_>>() {
            let mut known = self.known();
            if !known.any(|(_, result)| self.has(result, *column)) {
                return Some(Gap::Absent);
            }
            let with = self.known().filter(|(_, result)| self.has(result, *column));
            let mistyped: Vec<_> = with
                .map(|(_, result)| {
                    let mut mistyped = result.shape.mistyped.iter();
                    mistyped.find(|(wrong, _)| wrong == column)
                })
                .collect();
            let all = mistyped.iter().all(Option::is_some);
            if let Some(Some((_, name))) = mistyped.iter().find(|wrong| wrong.is_some())
                && (all || !partly)
            {
                let name_of = self.object.column(*column).name();
                return Some(Gap::NotMeasurable(format!(
                    "the column {name_of} is of type {name}"
                )));
            }
            if matches!(
                self.nature(*column),
                Nature::Array | Nature::Object | Nature::Other
            ) {
                return Some(Gap::NotMeasurable(
                    "lists and structs are no keys".to_owned(),
                ));
            }
        }
        if self.known().any(|(_, result)| result.shape.keys_unread) {
            return Some(unread());
        }
        self.broken(|_| true).map(Gap::Failed)
    }

    /// What the values of a column are as keys; files that have no types say it by the contract.
    fn sort_of(&self, column: ColumnId) -> Result<&'static str, Gap> {
        let natures = self.known().flat_map(|(_, result)| &result.shape.natures);
        let of_it = natures.filter(|(found, _)| *found == column);
        let mut sorts = of_it.map(|(_, nature)| sort(*nature));
        let first = sorts.next().unwrap_or_else(|| sort(self.nature(column)));
        match sorts.find(|other| *other != first) {
            None => Ok(first),
            Some(other) => Err(Gap::Failed(format!(
                "{} holds {first} in some files and {other} in others",
                self.object.column(column).name()
            ))),
        }
    }
}

/// The columns of this object that are compared with those of another one.
fn here_columns(measure: &Measure) -> &[ColumnId] {
    match measure {
        Measure::Orphans { columns, .. }
        | Measure::Shared { columns, .. }
        | Measure::Divided { columns, .. } => columns,
        _ => &[],
    }
}

/// Values that can be equal to each other.
fn sort(nature: Nature) -> &'static str {
    match nature {
        Nature::Integer | Nature::Number => "numbers",
        Nature::Date => "dates",
        Nature::Timestamp => "timestamps",
        Nature::Time => "times",
        Nature::Boolean => "booleans",
        Nature::Text => "texts",
        Nature::Object | Nature::Array | Nature::Other => "no keys",
    }
}
