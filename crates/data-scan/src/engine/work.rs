//! What one pass over the files of an object is for.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatch;
use data_contract::plan::{ColumnId, Gap, Measure, MeasureId, Object};

use super::Options;
use super::file::Shape;
use super::goal::{Goal, Keys};
use super::places::Places;
use super::together::Together;
use crate::batches::Tap;
use crate::cells::Cells;
use crate::kernel::{Matcher, Matchers, Program, Ranges, column_of};
use crate::keys::KeySpec;
use crate::progress::Progress;
use crate::strip::Nature;

/// A pass over the files of an object.
pub(crate) struct Work<'a> {
    pub(crate) object: &'a Object,
    pub(crate) options: &'a Options,
    pub(crate) progress: &'a Progress,
    pub(crate) matchers: Arc<Matchers>,
    /// The measures of each column.
    by_column: Vec<Vec<MeasureId>>,
    /// What is measured of columns that are of some nature in one file or more.
    programs: Mutex<HashMap<(ColumnId, Nature), Arc<Program>>>,
    pub(crate) keys: Vec<Keys<'a>>,
    /// What the files come to together.
    pub(crate) together: Together,
    /// Whether values are measured, or keys only.
    pub(crate) values: bool,
    /// Ranges of the numbers that are looked at, by the measure that counts them one by one; all of them otherwise.
    pub(crate) within: HashMap<MeasureId, Ranges>,
    /// Who takes the rows as batches, where somebody does.
    pub(crate) tap: Option<&'a dyn Tap>,
    /// Whether who takes the rows wants no more of them.
    enough: AtomicBool,
    /// Whether it is asked which columns there are, and what is within them.
    pub(crate) grows: bool,
}

impl<'a> Work<'a> {
    /// The first pass over an object: all of its measures.
    pub(crate) fn first(
        object: &'a Object,
        specs: &[KeySpec],
        options: &'a Options,
        progress: &'a Progress,
    ) -> Self {
        let patterns = object.measures.iter().filter_map(|measure| match measure {
            Measure::Invalid {
                pattern: Some(pattern),
                ..
            } => Some(pattern),
            _ => None,
        });
        let matchers = patterns
            .map(|pattern| (pattern.clone(), Matcher::new(&pattern.0).map(Arc::new)))
            .collect();
        let keys = specs.iter().map(|spec| Keys {
            spec: spec.clone(),
            goal: Goal::Count(Mutex::new(spec.bag())),
        });
        Self {
            object,
            options,
            progress,
            matchers: Arc::new(matchers),
            by_column: by_column(object),
            programs: Mutex::default(),
            keys: keys.collect(),
            together: Together::default(),
            values: true,
            within: HashMap::new(),
            tap: None,
            enough: AtomicBool::new(false),
            grows: false,
        }
    }

    /// A pass that hands out all rows as batches.
    pub(crate) fn tapped(tap: &'a dyn Tap, options: &'a Options, progress: &'a Progress) -> Self {
        let matchers = Arc::default();
        Self {
            object: tap.layout().object(),
            options,
            progress,
            matchers,
            by_column: by_column(tap.layout().object()),
            programs: Mutex::default(),
            keys: Vec::new(),
            together: Together::default(),
            values: false,
            within: HashMap::new(),
            tap: Some(tap),
            enough: AtomicBool::new(false),
            grows: false,
        }
    }

    /// A pass that only asks which columns there are.
    pub(crate) fn growing(
        object: &'a Object,
        options: &'a Options,
        progress: &'a Progress,
    ) -> Self {
        Self {
            grows: true,
            ..Self::first(object, &[], options, progress)
        }
    }

    /// A second pass, which looks at keys again.
    pub(crate) fn second(&self, keys: Vec<Keys<'a>>) -> Self {
        Self {
            object: self.object,
            options: self.options,
            progress: self.progress,
            matchers: self.matchers.clone(),
            by_column: self.by_column.clone(),
            programs: Mutex::default(),
            keys,
            together: Together::default(),
            values: false,
            within: HashMap::new(),
            tap: None,
            enough: AtomicBool::new(false),
            grows: false,
        }
    }

    /// Whether it ends before all is read: somebody says so, or who takes the rows has enough.
    pub(crate) fn is_ended(&self) -> bool {
        self.progress.is_cancelled() || self.enough.load(Ordering::Relaxed)
    }

    /// Hands rows over to who takes them.
    pub(crate) fn hand(&self, batches: impl IntoIterator<Item = RecordBatch>) {
        let Some(tap) = self.tap else { return };
        let mut batches = batches.into_iter();
        if !self.is_ended() && !batches.all(|batch| tap.give(batch)) {
            self.enough.store(true, Ordering::Relaxed);
        }
    }

    /// How the cells of a column are read, and what is measured of them; what a file does not say, and what cannot be
    /// measured, is noted. Where its format or zone means nothing, only NULLs are.
    pub(crate) fn column(&self, id: ColumnId, shape: &mut Shape) -> (Cells, Arc<Program>) {
        let (cells, program) = match Cells::of(&self.object.column(id).kind) {
            Ok(cells) => {
                let cells = if self.object.column(id).wide {
                    cells.wide()
                } else {
                    cells
                };
                let program = self.program(id, cells.nature());
                (cells, program)
            }
            Err(reason) => {
                let unread: Vec<MeasureId> = self.value_measures(id).collect();
                let gap = |id: &MeasureId| (*id, Gap::NotMeasurable(reason.clone()));
                shape.gaps.extend(unread.iter().map(gap));
                let nature = Cells::Text.nature();
                let program = self.program_of(id, nature, |id| !unread.contains(&id));
                (Cells::Text, program)
            }
        };
        shape.natures.push((id, cells.nature()));
        shape.gaps.extend(program.gaps.iter().cloned());
        (cells, program)
    }

    /// The measures of a column.
    pub(crate) fn measures_of(&self, column: ColumnId) -> &[MeasureId] {
        self.by_column.get(column.0).map_or(&[], Vec::as_slice)
    }

    /// What is measured of a column that is of a nature.
    pub(crate) fn program(&self, column: ColumnId, nature: Nature) -> Arc<Program> {
        let programs = self.programs.lock();
        let mut programs = programs.unwrap_or_else(PoisonError::into_inner);
        let program = programs.entry((column, nature)).or_insert_with(|| {
            let measures = self.measures_of(column).iter().filter(|_| self.values);
            let about = (column, nature);
            let program = Program::new(self.object, about, &self.matchers, measures.copied());
            Arc::new(program.within(&self.within))
        });
        Arc::clone(program)
    }

    /// What is measured of a column, of the measures that a part of a file has not decided.
    pub(crate) fn program_of(
        &self,
        column: ColumnId,
        nature: Nature,
        wanted: impl Fn(MeasureId) -> bool,
    ) -> Arc<Program> {
        Arc::new(self.program(column, nature).only(wanted))
    }

    /// What is measured of a column whose values are not of its kind: how many there are, and how many NULLs.
    pub(crate) fn presence(
        &self,
        column: ColumnId,
        wanted: impl Fn(MeasureId) -> bool,
    ) -> Arc<Program> {
        let about_presence = |id: MeasureId| {
            let measures = &self.object.measures;
            matches!(
                measures[id.0],
                Measure::Nulls(_)
                    | Measure::WrongType(_)
                    | Measure::Missing(..)
                    | Measure::Places(_)
            )
        };
        self.program_of(column, Nature::Other, |id| about_presence(id) && wanted(id))
    }

    /// The measures of a column that look at its values, and not only at whether it is NULL.
    pub(crate) fn value_measures(&self, column: ColumnId) -> impl Iterator<Item = MeasureId> {
        let measures = self.measures_of(column).iter().copied();
        measures.filter(|id| {
            let measure = &self.object.measures[id.0];
            !matches!(measure, Measure::Nulls(_) | Measure::Places(_))
        })
    }

    /// All measures of columns, where no value of a file is read.
    pub(crate) fn unread(&self) -> Places {
        self.by_column.iter().flatten().map(|id| id.0).collect()
    }

    /// The columns whose values are needed.
    pub(crate) fn columns(&self) -> HashSet<ColumnId> {
        let measured = self
            .object
            .measures
            .iter()
            .filter(|_| self.values)
            .filter_map(column_of);
        let tapped = self
            .tap
            .iter()
            .flat_map(|tap| tap.layout().columns().iter().copied());
        measured
            .chain(tapped)
            .chain(self.keys.iter().flat_map(|keys| keys.spec.reads()))
            .collect()
    }

    /// Whether a column is needed beside others of its row.
    pub(crate) fn is_key(&self, column: ColumnId) -> bool {
        self.tap.is_some()
            || self
                .keys
                .iter()
                .any(|keys| keys.spec.reads().any(|read| read == column))
    }
}

/// The measures of each column of an object.
fn by_column(object: &Object) -> Vec<Vec<MeasureId>> {
    let mut of = vec![Vec::new(); object.columns.len()];
    for (place, measure) in object.measures.iter().enumerate() {
        let measures = column_of(measure).and_then(|column| of.get_mut(column.0));
        measures
            .into_iter()
            .for_each(|of: &mut Vec<_>| of.push(MeasureId(place)));
    }
    of
}
