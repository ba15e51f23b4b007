//! The rows behind keys that another object lacks or has, or that stand beside several values: looked for when the keys of all objects
//! are known, where rows are asked for.

use std::collections::HashMap;

use data_contract::plan::{Measure, MeasureId, Object};

use super::goal::{Goal, Keys};
use super::object::{Counted, Scanned, run};
use super::scan::{Cancelled, Options, Source};
use super::work::Work;
use crate::files::DataFile;
use crate::kernel::Hit;
use crate::keys::{KeySpec, Seek, Wanted};
use crate::progress::Progress;

/// Rows of measures, with the places of their files.
pub(crate) type Sought = HashMap<MeasureId, Vec<(usize, Hit)>>;

/// Rows of keys that are not as they ought to be, of each object.
pub(super) fn sought(
    objects: &[Object],
    sources: &[Source],
    scanned: &[Scanned],
    (options, progress): (&Options, &Progress),
) -> Result<Vec<Sought>, Cancelled> {
    let places = objects.iter().zip(sources).zip(scanned);
    let found = places.map(|((object, source), here)| {
        let asked = asked(object, here, scanned);
        if asked.is_empty() || options.samples == 0 || options.metadata_only {
            return Ok(Sought::new());
        }
        rows(object, source, (here, asked), (options, progress))
    });
    found.collect()
}

/// A measure, its keys, and which of them are looked for.
type Asked<'a> = (MeasureId, KeySpec, Wanted<'a>);

/// The measures of keys that have counted some.
fn asked<'a>(object: &Object, here: &Scanned, scanned: &'a [Scanned]) -> Vec<Asked<'a>> {
    let measures = object.measures.iter().enumerate();
    let asked = measures.filter_map(|(id, measure)| {
        let spec = KeySpec::of(measure)?;
        let Some(Counted::Keys(keys)) = here.counted.get(&spec) else {
            return None;
        };
        let there = || {
            let (other, spec) = KeySpec::elsewhere(measure)?;
            match scanned.get(other.0)?.counted.get(&spec) {
                Some(Counted::Keys(there)) => Some(there),
                _ => None,
            }
        };
        let wanted = match measure {
            Measure::Orphans { .. } => {
                let there = there().filter(|there| keys.absent_from(there) > 0);
                Wanted::Absent(there?)
            }
            Measure::Shared { .. } => {
                let there = there().filter(|there| keys.shared_with(there, false) > 0);
                Wanted::Present(there?)
            }
            Measure::Divided { .. } => {
                let divided = keys.keys_divided();
                Some(Wanted::Listed(divided)).filter(|_| keys.divided(false) > 0)?
            }
            _ => return None,
        };
        Some((MeasureId(id), spec, wanted))
    });
    asked.collect()
}

fn rows(
    object: &Object,
    source: &Source,
    (here, asked): (&Scanned, Vec<Asked<'_>>),
    (options, progress): (&Options, &Progress),
) -> Result<Sought, Cancelled> {
    let files: Vec<DataFile> = here.files.iter().map(|(file, _)| file.clone()).collect();
    let ids: Vec<MeasureId> = asked.iter().map(|(id, ..)| *id).collect();
    let keys = asked.into_iter().map(|(_, spec, wanted)| Keys {
        spec,
        goal: Goal::Seek(Seek::new(wanted, options.samples)),
    });
    let work = Work::first(object, &[], options, progress).second(keys.collect());
    run(source, files, &work)?;
    let found = ids.into_iter().zip(work.keys);
    let found = found.filter_map(|(id, keys)| match keys.goal {
        Goal::Seek(seek) => Some((id, seek.hits())),
        Goal::Count(_) | Goal::Verify(_) => None,
    });
    Ok(found.collect())
}
