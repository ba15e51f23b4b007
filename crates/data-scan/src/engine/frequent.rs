//! The most frequent values of columns with too many different ones: those that may be it are counted again.

use std::collections::HashMap;

use data_contract::plan::{ColumnId, Measure, MeasureId, Object, Value};

use super::object::{Scanned, run};
use super::result::merged;
use super::scan::{Cancelled, Options, Source};
use super::work::Work;
use crate::files::DataFile;
use crate::kernel::Slot;
use crate::progress::Progress;

/// Values with how often they are there, by the measure that asks for the most frequent ones.
pub(crate) type Frequent = HashMap<MeasureId, Vec<(String, u64)>>;

/// So many values of a column are counted again.
const FEW: usize = 32;

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
    for (at, measure) in object.measures.iter().enumerate() {
        let Measure::Frequencies(column, _) = measure else {
            continue;
        };
        let id = MeasureId(at);
        for text in candidates(scanned, id) {
            let label = again.measure(Measure::Labelled(ColumnId(column.0), text.clone()));
            asked.push((id, text, label));
        }
    }
    if asked.is_empty() {
        return Ok(Frequent::new());
    }
    let files: Vec<DataFile> = scanned.files.iter().map(|(file, _)| file.clone()).collect();
    let work = Work::first(&again, &[], options, progress);
    let results = run(source, files, &work)?;
    let mut frequent = Frequent::new();
    for (id, text, label) in asked {
        let known = results.iter().map(|(_, result)| result);
        if let Slot::Count(count) = merged(known, label) {
            frequent.entry(id).or_default().push((text, count.n));
        }
    }
    Ok(frequent)
}

fn candidates(scanned: &Scanned, id: MeasureId) -> Vec<String> {
    let known = scanned.files.iter().map(|(_, result)| result);
    match merged(known, id) {
        Slot::Frequencies(tallies) => tallies.candidates(FEW),
        _ => Vec::new(),
    }
}

/// Puts the counts that are known in the place of those that may be too small.
pub(super) fn counted_again(value: &mut Value, counts: &[(String, u64)]) {
    let Value::Frequencies { values, rest, more } = value else {
        return;
    };
    for (text, n) in counts {
        if let Some((_, known)) = values.iter_mut().find(|(known, _)| known == text) {
            *rest = rest.saturating_sub(n.saturating_sub(*known));
            *known = *n;
        }
    }
    values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    *more = 0;
}
