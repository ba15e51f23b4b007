//! A file while it is measured: its units of work, and what they have come to, added up in their order.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::RecordBatch;
use data_contract::plan::{ColumnId, Gap, Measure, MeasureId, Side};

use super::places::Places;
use super::sheet::Filled;
use super::turn::Turn;
use super::work::Work;
use crate::files::DataFile;
use crate::finding::{Findings, Oddity};
use crate::kernel::Slot;
use crate::strip::Nature;
use crate::tree::Tree;

/// A file that was opened.
pub(crate) trait Opened: Send + Sync {
    /// How many units of work it has.
    fn units(&self) -> usize;

    /// Does a unit of work, whose turn it is or will be.
    fn measure(&self, turn: &Turn<'_>, work: &Work<'_>) -> Outcome;

    /// Does a unit of work again which began at a place where no record begins.
    fn measure_from(&self, unit: usize, start: u64, work: &Work<'_>) -> Outcome {
        let _ = (start, work);
        Outcome::failed(format!("its part {unit} began at a wrong place"))
    }
}

/// What the end of a unit of work leads to.
pub(super) enum Ended {
    /// Nothing: others are to be done.
    Unit,
    /// The unit is to be done again from a place on, by whoever is told so. All that follow wait for it.
    Again(usize, u64),
    /// The file is done.
    File,
}

/// What a unit of work came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Where it began, if that was a guess, and where the next unit has to begin.
    pub(crate) span: Option<(u64, u64)>,
    /// The row of the file in which it begins; without, it follows the unit before.
    pub(crate) base: Option<u64>,
    pub(crate) rows: u64,
    pub(crate) slots: Vec<Slot>,
    pub(crate) filled: Vec<Filled>,
    pub(crate) batches: Vec<RecordBatch>,
    pub(crate) findings: Findings,
    /// Where columns are known only when rows are read: which of them are there, and names that are not declared.
    pub(crate) there: Vec<bool>,
    pub(crate) extra: BTreeSet<String>,
    /// Whether there are more of these than are kept.
    pub(crate) more_extra: bool,
    /// Its columns, where it is asked for what is within them and only rows say it.
    pub(crate) tree: Tree,
    /// Why it was not done to its end.
    pub(crate) failed: Option<String>,
}

impl Outcome {
    /// A unit of work that came to nothing.
    pub(crate) fn failed(reason: String) -> Self {
        Self {
            failed: Some(reason),
            ..Self::default()
        }
    }
}

/// What is known of a file when it is opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// Declared columns that it lacks.
    pub(crate) absent: Places,
    /// Columns that are not declared.
    pub(crate) extra: Vec<String>,
    /// Whether there are more of them than are kept.
    pub(crate) more_extra: bool,
    /// Names that stand in the header twice.
    pub(crate) repeated: Vec<String>,
    /// What is between its cells, where nobody had said it.
    pub(crate) delimiter: Option<u8>,
    /// Columns of another type than the kind, with that type.
    pub(crate) mistyped: Vec<(ColumnId, String)>,
    /// Columns of another type than the `physicalType`, with that type.
    pub(crate) physical: Vec<(ColumnId, String)>,
    /// Columns whose type says less than the `physicalType`, with why.
    pub(crate) vague: Vec<(ColumnId, String)>,
    /// Whether the format has types at all.
    pub(crate) typed: bool,
    /// Measures that its columns do not have.
    pub(crate) gaps: Vec<(MeasureId, Gap)>,
    /// What each column is.
    pub(crate) natures: Vec<(ColumnId, Nature)>,
    /// Measures that were decided without reading values.
    pub(crate) decided: Places,
    /// Measures whose values were left unread.
    pub(crate) unread: Places,
    /// Whether keys were left unread.
    pub(crate) keys_unread: bool,
    /// Its columns, where they are known with what is within them.
    pub(crate) tree: Option<Tree>,
    /// Whether columns are known only when rows are read.
    pub(crate) late: bool,
    /// Whether rows were left unread, so that nobody knows how many there are.
    pub(crate) rows_unread: bool,
    /// Whether the file was opened, so that all of this is so.
    pub(crate) known: bool,
}

/// So many names of columns that are not declared are kept, and of such as are there again.
pub(crate) const MOST_EXTRA: usize = 1000;

impl Shape {
    /// Notes the names of its columns: which of them are not declared, and which are there again.
    pub(crate) fn name<'a>(
        &mut self,
        names: impl Iterator<Item = &'a str>,
        declared: &HashSet<&str>,
        work: &Work<'_>,
    ) {
        // Who asks which columns there are wants all of them.
        let most = if work.grows { usize::MAX } else { MOST_EXTRA };
        let mut seen = HashSet::new();
        for name in names {
            if !seen.insert(name) {
                if self.repeated.len() < MOST_EXTRA {
                    self.repeated.push(name.to_owned());
                }
            } else if !declared.contains(name) {
                if self.extra.len() < most {
                    self.extra.push(name.to_owned());
                } else {
                    self.more_extra = true;
                }
            }
        }
    }

    /// Notes that neither rows nor values of the file are read.
    pub(crate) fn leave_unread(&mut self, work: &Work<'_>) {
        self.unread = work.unread();
        self.keys_unread = true;
        self.rows_unread = true;
    }
}

/// What a file has come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileResult {
    pub(crate) rows: u64,
    pub(crate) slots: Vec<Slot>,
    pub(crate) findings: Findings,
    pub(crate) failed: Option<String>,
    pub(crate) shape: Shape,
    there: Vec<bool>,
    extra: BTreeSet<String>,
    tree: Tree,
}

impl FileResult {
    /// Fills in what became known only when rows were read. Without rows nothing is known to be absent.
    fn settle(&mut self) {
        if self.shape.late {
            let absent = self
                .there
                .iter()
                .enumerate()
                .filter(|(_, there)| self.rows > 0 && !**there);
            self.shape.absent = absent.map(|(place, _)| place).collect();
            self.shape.extra = std::mem::take(&mut self.extra).into_iter().collect();
            self.shape.tree = Some(std::mem::take(&mut self.tree));
        }
    }
}

/// A file of an object.
pub(crate) struct File {
    pub(crate) data: DataFile,
    place: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether opening was attempted.
    begun: bool,
    opened: Option<Arc<dyn Opened>>,
    units: usize,
    next: usize,
    /// Where the next unit begins.
    expected: Option<u64>,
    waiting: BTreeMap<usize, Outcome>,
    result: FileResult,
}

impl File {
    pub(crate) fn new(place: usize, data: DataFile) -> Self {
        Self {
            data,
            place,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the file as opened, and says how many units of work it has.
    pub(crate) fn begin(
        &self,
        opened: Result<(Shape, Arc<dyn Opened>), String>,
        work: &Work<'_>,
    ) -> usize {
        let mut state = self.state();
        state.begun = true;
        state.result.slots = vec![Slot::Idle; work.object.measures.len()];
        match opened {
            Ok((shape, opened)) => {
                state.units = opened.units();
                state.result.shape = Shape {
                    known: true,
                    ..shape
                };
                state.opened = (state.units > 0).then_some(opened);
            }
            Err(reason) => state.result.failed = Some(reason),
        }
        if state.units == 0 {
            work.progress.add(0, self.data.entry.size);
        }
        state.units
    }

    /// The open file.
    pub(crate) fn opened(&self) -> Option<Arc<dyn Opened>> {
        self.state().opened.clone()
    }

    /// Takes what a unit came to. Units are added up in their order, and one that began at a wrong place is to be done again.
    pub(super) fn end(&self, unit: usize, outcome: Outcome, work: &Work<'_>) -> Ended {
        let mut state = self.state();
        state.waiting.insert(unit, outcome);
        self.proceed(&mut state, work)
    }

    /// Takes what a unit came to that was done again. All others have waited for it.
    pub(super) fn end_again(&self, unit: usize, outcome: Outcome, work: &Work<'_>) -> Ended {
        let mut state = self.state();
        debug_assert_eq!(
            unit, state.next,
            "only the unit whose turn it is is done again"
        );
        self.take(&mut state, outcome, work);
        self.proceed(&mut state, work)
    }

    /// Adds up the units whose turn it is.
    fn proceed(&self, state: &mut State, work: &Work<'_>) -> Ended {
        loop {
            let next = state.next;
            let Some(outcome) = state.waiting.remove(&next) else {
                let is_done = next >= state.units;
                return if is_done { Ended::File } else { Ended::Unit };
            };
            if let (Some(expected), Some((start, _))) = (state.expected, outcome.span)
                && start != expected
                && state.opened.is_some()
            {
                return Ended::Again(next, expected);
            }
            self.take(state, outcome, work);
        }
    }

    /// Adds up the unit whose turn it is.
    fn take(&self, state: &mut State, outcome: Outcome, work: &Work<'_>) {
        state.next += 1;
        let bytes = self.data.entry.size / state.units.max(1) as u64;
        work.progress.add(outcome.rows, bytes);
        if state.result.failed.is_none() {
            state.expected = outcome.span.map(|(_, end)| end);
            self.add(&mut state.result, outcome, work);
        }
        if state.next >= state.units || state.result.failed.is_some() {
            state.opened = None;
        }
    }

    fn add(&self, result: &mut FileResult, outcome: Outcome, work: &Work<'_>) {
        let base = outcome.base.unwrap_or(result.rows);
        let measures = result.slots.iter_mut().zip(outcome.slots);
        for ((slot, other), measure) in measures.zip(&work.object.measures) {
            slot.merge(other, base, work.options.samples, is_high(measure));
        }
        result.findings.merge(outcome.findings, base);
        for (keys, filled) in work.keys.iter().zip(outcome.filled) {
            keys.goal.add(self.place, base, filled);
        }
        result.there.resize(work.object.columns.len(), false);
        result
            .there
            .iter_mut()
            .zip(outcome.there)
            .for_each(|(known, there)| *known |= there);
        result.shape.more_extra |= outcome.more_extra;
        for name in outcome.extra {
            if result.extra.len() < MOST_EXTRA || result.extra.contains(&name) {
                result.extra.insert(name);
            } else {
                result.shape.more_extra = true;
            }
        }
        result.tree.merge(outcome.tree);
        work.hand(outcome.batches);
        result.rows += outcome.rows;
        result.failed = outcome.failed;
    }

    /// The row of the file in which a unit begins, where all units before it are added up and none of them has failed.
    pub(super) fn begins(&self, unit: usize) -> Option<u64> {
        let state = self.state();
        let is_next = state.next == unit && state.result.failed.is_none();
        is_next.then_some(state.result.rows)
    }

    /// Its place among the files of the pass.
    pub(super) fn place(&self) -> usize {
        self.place
    }

    /// Notes that the file is not what it was, so that nothing that was read of it proves anything.
    pub(crate) fn changed(&self) {
        let mut state = self.state();
        state.result.findings.add(Oddity::Changed);
        let reason = || Oddity::Changed.to_string();
        state.result.failed.get_or_insert_with(reason);
    }

    /// What is large of what it has come to, which it has no longer then; `None` before it is done.
    pub(super) fn take_large(&self) -> Option<Vec<(MeasureId, Slot)>> {
        let mut state = self.state();
        let is_done = state.next >= state.units || state.result.failed.is_some();
        if !state.begun || !is_done {
            return None;
        }
        let slots = state.result.slots.iter_mut().enumerate();
        let large = slots.filter(|(_, slot)| slot.is_large());
        let large = large.map(|(id, slot)| (MeasureId(id), std::mem::replace(slot, Slot::Idle)));
        Some(large.collect())
    }

    /// What it has come to.
    pub(crate) fn result(self) -> (DataFile, FileResult) {
        let mut result = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .result;
        result.settle();
        (self.data, result)
    }
}

/// Whether a measure is the greatest value.
pub(crate) fn is_high(measure: &Measure) -> bool {
    matches!(measure, Measure::Extreme(_, Side::High))
}
