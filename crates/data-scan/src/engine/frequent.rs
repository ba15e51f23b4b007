//! The most frequent values of columns with too many different ones: those that may be among them are counted again.

use std::collections::HashMap;

use data_contract::plan::{ColumnId, Measure, MeasureId, Object, Value};

use super::object::{Scanned, run};
use super::result::merged;
use super::scan::{Cancelled, Options, Source};
use super::work::Work;
use crate::files::DataFile;
use crate::kernel::Slot;
use crate::progress::Progress;

/// What was counted again, by the measure that asks for the most frequent values.
pub(crate) type Frequent = HashMap<MeasureId, Again>;

/// Values that were counted again.
pub(crate) struct Again {
    /// Values with how often they are there.
    counts: Vec<(String, u64)>,
    /// No other value is there more often than this.
    others: u64,
}

/// So many values of a column are counted again.
const FEW: usize = 64;

/// Counts values again of which one is the most frequent of its column.
pub(super) fn frequent(
    object: &Object,
    source: &Source,
    scanned: &Scanned,
    (options, progress): (&Options, &Progress),
) -> Result<Frequent, Cancelled> {
    let mut again = Object {
        measures: Vec::new(),
        ..object.clone()
    };
    let mut asked = Vec::new();
    let mut frequent = Frequent::new();
    for (at, measure) in object.measures.iter().enumerate() {
        let Measure::Frequencies(column, most) = measure else {
            continue;
        };
        let id = MeasureId(at);
        let Some((texts, others)) = candidates(scanned, id, *most as usize) else {
            continue;
        };
        let counts = Vec::new();
        frequent.insert(id, Again { counts, others });
        for text in texts {
            let label = again.fresh(Measure::Labelled(ColumnId(column.0), text.clone()));
            asked.push((id, text, label));
        }
    }
    if asked.is_empty() {
        return Ok(frequent);
    }
    let files: Vec<DataFile> = scanned.files.iter().map(|(file, _)| file.clone()).collect();
    let work = Work::first(&again, &[], options, progress);
    let results = run(source, files, &work)?;
    for (id, text, label) in asked {
        let known = results.iter().map(|(_, result)| result);
        if let (Slot::Count(count), Some(again)) = (merged(known, label), frequent.get_mut(&id)) {
            again.counts.push((text, count.n));
        }
    }
    Ok(frequent)
}

fn candidates(scanned: &Scanned, id: MeasureId, most: usize) -> Option<(Vec<String>, u64)> {
    match scanned.large(id) {
        Some(Slot::Frequencies(tallies)) => tallies.candidates(most, FEW),
        _ => None,
    }
}

/// Puts the most frequent ones of the values that were counted again in the place of those whose counts may be too small.
pub(super) fn counted_again(value: &mut Value, again: &Again, most: usize) {
    let Value::Frequencies { values, rest, more } = value else {
        return;
    };
    let counts = again.counts.iter().filter(|(_, n)| *n > again.others);
    let mut counts: Vec<_> = counts.cloned().collect();
    if counts.is_empty() {
        return;
    }
    counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    counts.truncate(most);
    let count = |values: &[(String, u64)]| values.iter().map(|(_, n)| n).sum::<u64>();
    *rest = (*rest + count(values)).saturating_sub(count(&counts));
    *values = counts;
    *more = 0;
}
