//! Units of work of a Parquet file: a row group's columns, one by one, but for those that make a key together.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use data_contract::plan::Step;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::bytes::Chunks;
use super::file::Said;
use super::rows::Kept;
use super::types::Footer;
use crate::batches::{adapt, array};
use crate::cells::Constant;
use crate::columnar::{View, read};
use crate::engine::{Opened, Outcome, Sheet, Turn, Work};
use crate::files::ReadAt;
use crate::kernel::{Program, Slot};
use crate::strip::{Owned, Reading};

/// Rows that are decoded at a time.
const BATCH: usize = 8192;
/// Row groups with less to read are one unit of work.
const SMALL: i64 = 2 << 20;

/// A row group, with what is left to read of it.
pub(super) struct Group {
    pub(super) place: usize,
    /// Its first row in the file.
    pub(super) first: u64,
    pub(super) rows: u64,
    /// Rows of it that are left out.
    pub(super) out: u64,
    pub(super) lanes: Vec<Lane>,
}

impl Group {
    /// The rows that are looked at.
    pub(super) fn kept(&self) -> u64 {
        self.rows.saturating_sub(self.out)
    }
}

/// A column that is read.
pub(super) struct Lane {
    pub(super) program: Arc<Program>,
    pub(super) root: usize,
    /// The way from the root column.
    pub(super) path: Vec<Step>,
    /// Whether its values are of the kind.
    pub(super) fits: bool,
    /// Its bytes in the file.
    pub(super) weight: i64,
}

/// Columns of a row group that are read together.
struct Unit {
    group: usize,
    first: u64,
    rows: u64,
    /// Whether rows of the group are left out.
    partial: bool,
    lanes: Vec<Lane>,
    programs: Vec<Arc<Program>>,
    constants: Vec<Constant>,
}

/// A Parquet file that was opened.
pub(super) struct ParquetFile {
    chunks: Chunks,
    reading: ArrowReaderMetadata,
    rows: u64,
    said: Said,
    slots: Vec<Slot>,
    units: Vec<Unit>,
}

impl ParquetFile {
    pub(super) fn new(
        chunks: Chunks,
        (footer, said): (Footer, Said),
        groups: Vec<Group>,
        (slots, constants): (Vec<Slot>, Vec<(Arc<Program>, Constant)>),
        work: &Work<'_>,
    ) -> Self {
        let rows = groups.iter().map(Group::kept).sum();
        let needed = work.columns();
        let constants: Vec<_> = constants
            .into_iter()
            .filter(|(program, _)| needed.contains(&program.column))
            .collect();
        let mut units = Vec::new();
        for group in groups {
            let (place, first, count) = (group.place, group.first, group.kept());
            let (rows, partial) = (group.rows, group.out > 0);
            let mut clusters = clusters(group.lanes, work);
            if clusters.is_empty() && count > 0 && work.tap.is_some() {
                // Rows are handed out where no column of them is asked for, too.
                clusters.push(Vec::new());
            }
            if !constants.is_empty() && count > 0 {
                // Constants may be part of keys, so that all columns are read together.
                clusters = vec![clusters.into_iter().flatten().collect()];
            }
            for lanes in clusters {
                let mut programs: Vec<Arc<Program>> =
                    lanes.iter().map(|lane| lane.program.clone()).collect();
                programs.extend(constants.iter().map(|(program, _)| program.clone()));
                let constants = constants
                    .iter()
                    .map(|(_, constant)| constant.clone())
                    .collect();
                units.push(Unit {
                    group: place,
                    first,
                    rows,
                    partial,
                    lanes,
                    programs,
                    constants,
                });
            }
        }
        Self {
            chunks,
            reading: footer.reading,
            rows,
            said,
            slots,
            units,
        }
    }
}

/// Columns that are read together: those that a key needs at once, all of them where there is little, else each alone.
fn clusters(lanes: Vec<Lane>, work: &Work<'_>) -> Vec<Vec<Lane>> {
    let weight: i64 = lanes.iter().map(|lane| lane.weight).sum();
    if weight < SMALL || work.tap.is_some() {
        return if lanes.is_empty() {
            Vec::new()
        } else {
            vec![lanes]
        };
    }
    let mut clusters: Vec<Vec<Lane>> = Vec::new();
    for lane in lanes {
        let together = |other: &Lane| {
            other.root == lane.root
                || work.keys.iter().any(|keys| {
                    let has =
                        |lane: &Lane| keys.spec.reads().any(|read| read == lane.program.column);
                    has(other) && has(&lane)
                })
        };
        let (joined, apart): (Vec<_>, Vec<_>) = clusters
            .into_iter()
            .partition(|cluster| cluster.iter().any(together));
        clusters = apart;
        let mut cluster: Vec<Lane> = joined.into_iter().flatten().collect();
        cluster.push(lane);
        clusters.push(cluster);
    }
    clusters
}

impl Opened for ParquetFile {
    /// What footers decide is a unit of its own.
    fn units(&self) -> usize {
        self.units.len() + 1
    }

    fn measure(&self, turn: &Turn<'_>, work: &Work<'_>) -> Outcome {
        let Some(unit) = turn.unit().checked_sub(1) else {
            let slots = self.slots.clone();
            return Outcome {
                base: Some(0),
                rows: self.rows,
                slots,
                ..Outcome::default()
            };
        };
        let unit = &self.units[unit];
        let rows = usize::try_from(unit.rows).unwrap_or(usize::MAX);
        let kept = unit.partial.then(|| self.said.out.rest(unit.first, rows));
        // Rows of which some are left out have other places until the end.
        let mut sheet = match &kept {
            None => Sheet::in_turn(work, turn, Some(unit.first)),
            Some(_) => Sheet::new(work),
        };
        let failed = self.read(unit, kept.as_ref(), work, &mut sheet).err();
        let mut outcome = sheet.end();
        if let Some(kept) = kept {
            put_back(&mut outcome, &kept);
        }
        let failed = failed.or(outcome.failed.take());
        let failed = failed.map(|error| format!("row group {}: {error}", unit.group));
        Outcome {
            base: Some(unit.first),
            rows: 0,
            failed,
            ..outcome
        }
    }
}

impl ParquetFile {
    fn read(
        &self,
        unit: &Unit,
        kept: Option<&Kept>,
        work: &Work<'_>,
        sheet: &mut Sheet<'_>,
    ) -> Result<(), String> {
        if unit.lanes.is_empty() {
            let all = usize::try_from(unit.rows).unwrap_or(usize::MAX);
            let rows = kept.map_or(all, Kept::len);
            bare(unit, rows, work, sheet);
            return Ok(());
        }
        let mut roots: Vec<usize> = unit.lanes.iter().map(|lane| lane.root).collect();
        roots.sort_unstable();
        roots.dedup();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.chunks.clone(),
            self.reading.clone(),
        );
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots.iter().copied());
        let mut builder = builder
            .with_projection(mask)
            .with_row_groups(vec![unit.group])
            .with_batch_size(BATCH);
        if let Some(kept) = kept {
            builder = builder.with_row_selection(kept.selection());
        }
        for batch in builder.build().map_err(|error| error.to_string())? {
            let batch = batch.map_err(|error| error.to_string())?;
            if work.tap.is_some() {
                self.hand(unit, (&batch, &roots), sheet);
                if sheet.is_ended() {
                    break;
                }
                continue;
            }
            let views: Option<Vec<View>> = unit
                .lanes
                .iter()
                .map(|lane| {
                    let column = roots.binary_search(&lane.root).ok()?;
                    View::new(self.column(&batch, column)).at(&lane.path)
                })
                .collect();
            let views = views.ok_or("a column has another shape than its schema says")?;
            sheet.run(batch.num_rows(), &unit.programs, |place| {
                match unit.lanes.get(place) {
                    Some(lane) if lane.fits => {
                        read(&views[place], &lane.program, work.options.samples > 0)
                    }
                    Some(_) => mistyped(&views[place], work.options.samples > 0),
                    None => unit.constants[place - unit.lanes.len()].read(batch.num_rows()),
                }
            });
            if sheet.is_ended() {
                break;
            }
        }
        Ok(())
    }
}

impl ParquetFile {
    /// Hands rows out as they are in the file.
    fn hand(&self, unit: &Unit, (batch, roots): (&RecordBatch, &[usize]), sheet: &mut Sheet<'_>) {
        let rows = batch.num_rows();
        sheet.hand(rows, |id, data_type| {
            let lane = unit.lanes.iter().find(|lane| lane.program.column == id);
            if let Some(lane) = lane {
                let column = roots.binary_search(&lane.root).ok()?;
                let array = self.column(batch, column);
                return Some(adapt(&array, data_type));
            }
            let programs = unit.programs.iter().skip(unit.lanes.len());
            let mut constants = programs.zip(&unit.constants);
            let (_, constant) = constants.find(|(program, _)| program.column == id)?;
            Some(array(&constant.read(rows).strip(), rows, data_type))
        });
    }

    /// A column as its table has it.
    fn column(&self, batch: &RecordBatch, column: usize) -> ArrayRef {
        let array = batch.column(column);
        match &self.said.columns {
            None => Arc::clone(array),
            Some(columns) => columns.column(batch.schema_ref().field(column), array),
        }
    }
}

/// Measures rows of which no column is read.
fn bare(unit: &Unit, mut rows: usize, work: &Work<'_>, sheet: &mut Sheet<'_>) {
    while rows > 0 && !work.progress.is_cancelled() {
        let run = rows.min(BATCH);
        sheet.run(run, &unit.programs, |place| unit.constants[place].read(run));
        rows -= run;
    }
}

/// Gives rows the places that they have in the group: until then they are counted without those that are left out.
fn put_back(outcome: &mut Outcome, kept: &Kept) {
    for slot in &mut outcome.slots {
        let mut places = kept.places();
        slot.move_rows(|row| places.of(usize::try_from(row).unwrap_or(usize::MAX)) as u64);
    }
    for filled in &mut outcome.filled {
        let mut places = kept.places();
        for row in &mut filled.rows {
            *row = u32::try_from(places.of(*row as usize)).unwrap_or(u32::MAX);
        }
    }
}

/// A column whose values are not of the kind.
fn mistyped<'a>(view: &View, samples: bool) -> Reading<'a> {
    let nulls = view
        .nulls
        .as_ref()
        .map_or(0, arrow_buffer::NullBuffer::null_count);
    let wrong = (arrow_array::Array::len(view.array.as_ref()) - nulls) as u64;
    let reading = Reading::whole(Owned::Opaque(0));
    Reading {
        rows: Some(Vec::new()),
        nulls: nulls as u64,
        null_rows: match samples {
            true => view.null_rows(),
            false => Vec::new(),
        },
        wrong,
        ..reading
    }
}

/// Some columns of all of a file, batch by batch. Those that it lacks are missing there.
pub(crate) fn batches(
    file: Box<dyn ReadAt>,
    size: u64,
    columns: &[&str],
) -> Result<impl Iterator<Item = Result<RecordBatch, String>>, String> {
    let chunks = Chunks {
        file: file.into(),
        size,
    };
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(chunks, options);
    let builder = builder.map_err(|error| error.to_string())?;
    super::sound::check(builder.metadata(), size)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    let reader = builder.with_projection(mask).build();
    let reader = reader.map_err(|error| error.to_string())?;
    Ok(reader.map(|batch| batch.map_err(|error| error.to_string())))
}
