//! A unit of work while it is done: runs of rows are measured one after the other.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow_schema::DataType;
use data_contract::plan::ColumnId;

use super::file::Outcome;
use super::goal::{Goal, Keys};
use super::turn::Turn;
use super::work::Work;
use crate::batches;
use crate::finding::Findings;
use crate::kernel::{Program, Slot, Target};
use crate::keys::{Hasher, Keyed, Seek, beside, hash_columns, shown};
use crate::strip::{Nature, Reading};

/// The keys of a unit of work.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filled {
    pub(crate) first: Vec<u64>,
    pub(crate) second: Vec<u64>,
    /// The rows of the keys in the unit, where they are asked for.
    pub(crate) rows: Vec<u32>,
    /// What is shown of some of the keys, by their places, in order.
    pub(crate) values: Vec<(u32, String)>,
    pub(crate) doubtful: bool,
}

impl Filled {
    /// Adds the keys of a run of rows that begins in row `base`.
    fn add(
        &mut self,
        keys: &Keys<'_>,
        with_natures: &[(Nature, &Reading<'_>)],
        by: Option<&Reading<'_>>,
        (rows, base, samples): (usize, u32, usize),
    ) {
        let columns: Vec<&Reading<'_>> = with_natures.iter().map(|(_, reading)| *reading).collect();
        let with_nulls = keys.spec.with_nulls;
        let hash = |hasher| hash_columns(&columns, rows, with_nulls, hasher);
        let first = hash(Hasher::First);
        let values = by.map(|by| hash_columns(&[by], rows, false, Hasher::First));
        let values = values.map(|values| values.rows.into_iter().zip(values.hashes));
        let values = values.map(Iterator::collect::<HashMap<u32, u64>>);
        if let Goal::Seek(seek) = &keys.goal {
            let has_value = |row| {
                values
                    .as_ref()
                    .is_none_or(|values| values.contains_key(&row))
            };
            let show = |row| shown(with_natures, row, with_nulls);
            let hashes = (&first, &hash(Hasher::Second), base);
            return self.seek(seek, hashes, has_value, show);
        }
        self.doubtful |= !first.exact;
        if let Some(values) = values {
            let pairs = first
                .rows
                .iter()
                .zip(first.hashes)
                .zip(hash(Hasher::Second).hashes);
            for ((row, first), second) in pairs {
                if let Some(value) = values.get(row) {
                    self.first.push(first);
                    self.second.push(beside(second, *value));
                }
            }
            return;
        }
        if keys.rows() {
            self.rows
                .extend(first.rows.iter().map(|row| row.saturating_add(base)));
            if samples > 0 {
                self.show(keys, with_natures, &first);
            }
        }
        if keys.second() {
            self.second.extend(hash(Hasher::Second).hashes);
        }
        self.first.extend(first.hashes);
    }
}

/// So many keys of a unit of work are shown at most.
const MOST_SHOWN: usize = 1000;

impl Filled {
    /// Notes what is shown of keys that seem to repeat.
    fn show(&mut self, keys: &Keys<'_>, columns: &[(Nature, &Reading<'_>)], first: &Keyed) {
        let suspects = keys.suspects().unwrap_or_default();
        let before = self.first.len();
        for (at, (row, hash)) in first.rows.iter().zip(&first.hashes).enumerate() {
            if self.values.len() >= MOST_SHOWN {
                return;
            }
            if suspects.binary_search(hash).is_ok() {
                self.note(before + at, shown(columns, *row, false));
            }
        }
    }
}

impl Filled {
    /// Notes the first rows whose keys are looked for.
    fn seek(
        &mut self,
        seek: &Seek<'_>,
        (first, second, base): (&Keyed, &Keyed, u32),
        has_value: impl Fn(u32) -> bool,
        show: impl Fn(u32) -> Option<String>,
    ) {
        let keys = first.hashes.iter().zip(&second.hashes).zip(&first.rows);
        for ((first, second), row) in keys {
            if self.rows.len() >= seek.most() {
                return;
            }
            if seek.seeks(*first, *second) && has_value(*row) {
                self.note(self.rows.len(), show(*row));
                self.rows.push(row.saturating_add(base));
            }
        }
    }

    /// Notes what is shown of the key in a place.
    fn note(&mut self, key: usize, value: Option<String>) {
        let key = u32::try_from(key).ok();
        self.values.extend(key.zip(value));
    }
}

/// So many keys of a unit of work are kept until they go on, where it is its turn.
const MANY: usize = 1 << 16;

/// What a unit of work has come to.
pub(crate) struct Sheet<'w> {
    work: &'w Work<'w>,
    turn: Option<&'w Turn<'w>>,
    /// The row of the file in which the unit begins, where that is known beforehand.
    base: Option<u64>,
    slots: Vec<Slot>,
    filled: Vec<Filled>,
    batches: Vec<RecordBatch>,
    /// Why rows cannot be handed out.
    failed: Option<String>,
    /// Rows so far.
    pub(crate) rows: u64,
    /// What is odd.
    pub(crate) findings: Findings,
}

/// The columns of a run of rows that are needed beside others: what they are, and their values.
type Parts<'a> = Vec<(ColumnId, Nature, Reading<'a>)>;

impl<'w> Sheet<'w> {
    /// Of a unit of work whose rows may turn out to be others.
    pub(crate) fn new(work: &'w Work<'w>) -> Self {
        Self {
            work,
            turn: None,
            base: None,
            slots: vec![Slot::Idle; work.object.measures.len()],
            filled: vec![Filled::default(); work.keys.len()],
            batches: Vec::new(),
            failed: None,
            rows: 0,
            findings: Findings::default(),
        }
    }

    /// Of a unit of work whose rows are sure, so that they go on when it is its turn.
    pub(crate) fn in_turn(work: &'w Work<'w>, turn: &'w Turn<'w>, base: Option<u64>) -> Self {
        Self {
            turn: Some(turn),
            base,
            ..Self::new(work)
        }
    }

    /// Measures a run of rows, of which `read` brings the columns of the programs.
    pub(crate) fn run<'a>(
        &mut self,
        rows: usize,
        programs: &[Arc<Program>],
        mut read: impl FnMut(usize) -> Reading<'a>,
    ) {
        let mut parts = Parts::new();
        for (place, program) in programs.iter().enumerate() {
            let reading = read(place);
            let samples = self.work.options.samples;
            program.run(
                &reading.column(),
                &mut Target {
                    slots: &mut self.slots,
                    base: self.rows,
                    samples,
                },
            );
            if self.work.is_key(program.column) {
                parts.push((program.column, program.nature, reading));
            }
        }
        self.keys(rows, &parts);
        if self.work.tap.is_some() {
            return self.hand(rows, |id, data_type| {
                let part = parts.iter().find(|(part, ..)| *part == id);
                part.map(|(.., reading)| batches::array(&reading.strip(), rows, data_type))
            });
        }
        self.rows += rows as u64;
        self.go_on();
    }

    /// Notes the keys of a run of rows.
    fn keys(&mut self, rows: usize, parts: &Parts<'_>) {
        let base = u32::try_from(self.rows).unwrap_or(u32::MAX);
        for (keys, filled) in self.work.keys.iter().zip(&mut self.filled) {
            let part = |column: &ColumnId| {
                let found = parts.iter().find(|(part, ..)| part == column);
                found.map(|(_, nature, reading)| (*nature, reading))
            };
            let columns: Option<Vec<_>> = keys.spec.columns.iter().map(part).collect();
            let by = keys.spec.by.as_ref().map(part);
            let (Some(columns), None | Some(Some(_))) = (columns, by) else {
                continue;
            };
            let by = by.flatten().map(|(_, reading)| reading);
            let samples = self.work.options.samples;
            filled.add(keys, &columns, by, (rows, base, samples));
        }
    }

    /// Hands a run of rows out, of which `of` brings the columns that are there. What cannot be handed out as it is fails the file.
    pub(crate) fn hand(
        &mut self,
        rows: usize,
        of: impl Fn(ColumnId, &DataType) -> Option<Result<ArrayRef, String>>,
    ) {
        let Some(tap) = self.work.tap.filter(|_| self.failed.is_none()) else {
            return;
        };
        self.rows += rows as u64;
        let layout = tap.layout();
        let fields = layout.columns().iter().zip(layout.schema().fields());
        let columns = fields.map(|(id, field)| {
            let column = of(*id, field.data_type());
            let column = column.unwrap_or_else(|| Ok(new_null_array(field.data_type(), rows)));
            column.map_err(|reason| format!("the column {}: {reason}", field.name()))
        });
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = columns.collect::<Result<Vec<_>, _>>().and_then(|columns| {
            let schema = layout.schema().clone();
            let batch = RecordBatch::try_new_with_options(schema, columns, &options);
            batch.map_err(|error| error.to_string())
        });
        match batch {
            Ok(batch) => self.batches.extend((rows > 0).then_some(batch)),
            Err(reason) => self.failed = Some(reason),
        }
        self.go_on();
    }

    /// Hands on what need not wait for the end of the unit, so that it is not kept until then.
    fn go_on(&mut self) {
        let many = self.filled.iter().any(|filled| filled.first.len() >= MANY);
        if self.batches.is_empty() && !many {
            return;
        }
        let Some((turn, base)) = self.turn.and_then(|turn| Some((turn, turn.base()?))) else {
            return;
        };
        let base = self.base.unwrap_or(base);
        for (keys, filled) in self.work.keys.iter().zip(&mut self.filled) {
            keys.goal.add(turn.file(), base, std::mem::take(filled));
        }
        self.work.hand(std::mem::take(&mut self.batches));
    }

    /// Whether no more rows are to be read.
    pub(crate) fn is_ended(&self) -> bool {
        self.failed.is_some() || self.work.is_ended()
    }

    /// What it has come to.
    pub(crate) fn end(self) -> Outcome {
        Outcome {
            base: self.base,
            rows: self.rows,
            slots: self.slots,
            filled: self.filled,
            batches: self.batches,
            findings: self.findings,
            failed: self.failed,
            ..Outcome::default()
        }
    }
}
