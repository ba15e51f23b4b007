//! The rows behind keys that another object lacks: looked for when the keys of all objects are known, where rows are asked for.

use std::collections::HashMap;

use data_contract::plan::{Measure, MeasureId, Object};

use super::object::{Counted, Scanned, run};
use super::scan::{Cancelled, Options, Source};
use super::work::{Goal, Keys, Work};
use crate::files::DataFile;
use crate::kernel::Hit;
use crate::keys::{KeySpec, Seek, Sorted};
use crate::progress::Progress;

/// Rows of measures, with the places of their files.
pub(crate) type Orphans = HashMap<MeasureId, Vec<(usize, Hit)>>;

/// Rows of keys that are not where they ought to be, of each object.
pub(super) fn orphans(
    objects: &[Object],
    sources: &[Source],
    scanned: &[Scanned],
    (options, progress): (&Options, &Progress),
) -> Result<Vec<Orphans>, Cancelled> {
    let places = objects.iter().zip(sources).zip(scanned);
    let found = places.map(|((object, source), here)| {
        let asked = asked(object, here, scanned);
        if asked.is_empty() || options.samples == 0 || options.metadata_only {
            return Ok(Orphans::new());
        }
        rows(object, source, (here, asked), (options, progress))
    });
    found.collect()
}

/// A measure, its keys, and where these ought to be.
type Asked<'a> = (MeasureId, KeySpec, &'a Sorted<u128>);

/// The measures of keys of which some are absent.
fn asked<'a>(object: &Object, here: &Scanned, scanned: &'a [Scanned]) -> Vec<Asked<'a>> {
    let measures = object.measures.iter().enumerate();
    let orphans = measures.filter(|(_, measure)| matches!(measure, Measure::Orphans { .. }));
    let asked = orphans.filter_map(|(id, measure)| {
        let spec = KeySpec::of(measure)?;
        let (other, there) = KeySpec::elsewhere(measure)?;
        let (Some(Counted::Keys(keys)), Some(Counted::Keys(there))) = (
            here.counted.get(&spec),
            scanned.get(other.0)?.counted.get(&there),
        ) else {
            return None;
        };
        (keys.absent_from(there) > 0).then_some((MeasureId(id), spec, there))
    });
    asked.collect()
}

fn rows(
    object: &Object,
    source: &Source,
    (here, asked): (&Scanned, Vec<Asked<'_>>),
    (options, progress): (&Options, &Progress),
) -> Result<Orphans, Cancelled> {
    let files: Vec<DataFile> = here.files.iter().map(|(file, _)| file.clone()).collect();
    let ids: Vec<MeasureId> = asked.iter().map(|(id, ..)| *id).collect();
    let keys = asked.into_iter().map(|(_, spec, there)| Keys {
        spec,
        goal: Goal::Seek(Seek::new(there, options.samples)),
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
