//! The scan of one object: its files, a pass over them, and a second one for keys that seem to repeat.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_schema::SchemaRef;
use data_contract::plan::{ColumnId, Kind, MeasureId, Object, Step};

use super::file::{File, FileResult, Opened, Shape};
use super::frequent::{Frequent, frequent};
use super::goal::{Goal, Keys};
use super::pool::pass;
use super::result::ScannedFile;
use super::scan::{Cancelled, Format, Options, Source};
use super::work::Work;
use crate::batches::{ReadError, Tap};
use crate::bytes::Encoding;
use crate::csv::{Closed, Guess};
use crate::files::{DataFile, Entry, Listing, list};
use crate::kernel::{Hit, Matchers, Slot};
use crate::keys::{Bag, KeySpec, Sorted, Verification};
use crate::parquet::Said;
use crate::progress::Progress;
use crate::tree::Tree;

/// What the passes over an object came to.
pub(crate) struct Scanned {
    pub(crate) location: String,
    /// Why no file was measured.
    pub(crate) missing: Option<String>,
    pub(crate) files: Vec<(DataFile, FileResult)>,
    /// What measures came to over all files, where that is large.
    pub(crate) large: Vec<Slot>,
    pub(crate) ignored: Vec<Entry>,
    pub(crate) matchers: Arc<Matchers>,
    pub(crate) counted: HashMap<KeySpec, Counted>,
    /// Values that were counted again.
    pub(crate) frequent: Frequent,
    pub(crate) samples: usize,
}

impl Scanned {
    /// What a measure came to over all files, where that is large.
    pub(crate) fn large(&self, id: MeasureId) -> Option<&Slot> {
        self.large.get(id.0).filter(|slot| slot.is_large())
    }
}

/// What keys came to.
pub(crate) enum Counted {
    /// How they repeat.
    Repeats {
        repeated: u64,
        surplus: u64,
        /// Rows in which a key is there again, with the places of their files.
        hits: Vec<(usize, Hit)>,
    },
    /// The keys, for what they are compared with.
    Keys(Sorted<u128>),
}

/// Scans an object.
pub(crate) fn scan_object(
    object: &Object,
    source: &Source,
    specs: &[KeySpec],
    (options, progress): (&Options, &Progress),
) -> Result<Scanned, Cancelled> {
    let work = Work::first(object, specs, options, progress);
    let mut scanned = Scanned {
        location: source.location.clone(),
        missing: None,
        files: Vec::new(),
        large: Vec::new(),
        ignored: Vec::new(),
        matchers: work.matchers.clone(),
        counted: HashMap::new(),
        frequent: Frequent::new(),
        samples: options.samples,
    };
    match files_of(source) {
        Err(error) => scanned.missing = Some(error.to_string()),
        Ok(listing) if listing.files.is_empty() && !listing.empty => {
            scanned.missing = Some(format!("there is no file at {}", source.location));
        }
        Ok(Listing { files, ignored, .. }) => {
            scanned.ignored = ignored;
            progress.expect(files.iter().map(|file| file.entry.size).sum());
            scanned.files = run(source, files, &work)?;
        }
    }
    let entries: Vec<DataFile> = scanned.files.iter().map(|(file, _)| file.clone()).collect();
    scanned.counted = count(source, &entries, &work)?;
    scanned.large = work.together.slots();
    scanned.frequent = frequent(object, source, &scanned, (options, progress))?;
    Ok(scanned)
}

/// Reads the rows of an object into a tap.
pub(crate) fn read_object(
    source: &Source,
    (options, progress): (&Options, &Progress),
    tap: &dyn Tap,
) -> Result<Vec<ScannedFile>, ReadError> {
    let files = listed(source, progress)?;
    let work = Work::tapped(tap, options, progress);
    let files = run(source, files, &work)?;
    Ok(files
        .into_iter()
        .map(|(data, result)| ScannedFile::new(data.entry, &result))
        .collect())
}

/// The ways to all columns, also to those within others, in the order in which files have them, and the files.
pub(crate) fn columns(
    source: &Source,
    (options, progress): (&Options, &Progress),
) -> Result<(Vec<Vec<Step>>, Vec<ScannedFile>), ReadError> {
    let files = listed(source, progress)?;
    let object = Object::default();
    let work = Work::growing(&object, options, progress);
    let mut tree = Tree::default();
    let mut scanned = Vec::new();
    for (data, mut result) in run(source, files, &work)? {
        let names = std::mem::take(&mut result.shape.extra);
        let named = || Tree::of_names(&names);
        tree.merge(result.shape.tree.take().unwrap_or_else(named));
        scanned.push(ScannedFile::new(data.entry, &result));
    }
    Ok((tree.paths(), scanned))
}

/// The files of a source that has any, or may be empty.
fn listed(source: &Source, progress: &Progress) -> Result<Vec<DataFile>, ReadError> {
    let listing = files_of(source).map_err(|error| ReadError::Missing(error.to_string()))?;
    if listing.files.is_empty() && !listing.empty {
        return Err(ReadError::Missing(format!(
            "there is no file at {}",
            source.location
        )));
    }
    progress.expect(listing.files.iter().map(|file| file.entry.size).sum());
    Ok(listing.files)
}

/// The types of the columns of a table, or of the first file, where files have types.
pub(crate) fn types(source: &Source) -> Option<SchemaRef> {
    if !matches!(source.format, Format::Parquet | Format::Delta) {
        return None;
    }
    let first = files_of(source).ok()?.files.into_iter().next()?;
    if let Some(columns) = first.member.as_ref().and_then(|member| member.columns()) {
        return Some(columns.schema());
    }
    let file = source.storage.open(&first.entry).ok()?;
    crate::parquet::types(file, first.entry.size)
}

/// Of what kinds the columns are to which the contract gives none, as far as the first values of JSON say it.
pub(crate) fn kinds(source: &Source, object: &Object) -> Vec<(ColumnId, Kind)> {
    let is_open = object.columns.iter().any(|column| column.kind == Kind::Any);
    if !is_open || !matches!(source.format, Format::Json) {
        return Vec::new();
    }
    let first = files_of(source)
        .ok()
        .and_then(|listing| listing.files.into_iter().next());
    let file = first.and_then(|first| Some((source.storage.open(&first.entry).ok()?, first)));
    file.map_or_else(Vec::new, |(file, first)| {
        crate::json::kinds(file.as_ref(), first.entry.size, object).unwrap_or_default()
    })
}

/// How the CSV files of a source are written, as far as nobody has said it: `encoding` is what somebody has said of that.
///
/// `None` where there are no such files.
///
/// # Errors
///
/// When none of them can be read.
pub fn guess(source: &Source, encoding: Option<Encoding>) -> io::Result<Option<Guess>> {
    let Format::Csv(dialect) = &source.format else {
        return Ok(None);
    };
    let listed = files_of(source)?.files;
    let files = listed.iter().map(|file| Closed {
        storage: source.storage.as_ref(),
        entry: &file.entry,
    });
    let files: Vec<_> = files.collect();
    if files.is_empty() {
        return Ok(None);
    }
    crate::csv::guess(&files, dialect, encoding).map(Some)
}

fn files_of(source: &Source) -> io::Result<Listing> {
    match source.format {
        // A log may have checkpoints, which foreign code reads.
        Format::Delta => {
            let log = || crate::delta::files(source.storage.as_ref(), &source.location);
            let gave_up = || io::Error::other("its log could not be read, as if it was damaged");
            crate::caught::caught(log).unwrap_or_else(|| Err(gave_up()))
        }
        _ => list(
            source.storage.as_ref(),
            &source.location,
            source.format.extensions(),
        ),
    }
}

/// One pass over files.
pub(super) fn run(
    source: &Source,
    files: Vec<DataFile>,
    work: &Work<'_>,
) -> Result<Vec<(DataFile, FileResult)>, Cancelled> {
    let files: Vec<File> = files
        .into_iter()
        .enumerate()
        .map(|(place, file)| File::new(place, file))
        .collect();
    let open = |file: &File, work: &Work<'_>| open(source, &file.data, work);
    let changed = |file: &File| {
        let now = source.storage.head(&file.data.entry.path);
        !matches!(now, Ok(Some(now)) if now == file.data.entry)
    };
    pass(&files, &open, &changed, work);
    if work.is_ended() {
        return Err(Cancelled);
    }
    Ok(files.into_iter().map(File::result).collect())
}

fn open(
    source: &Source,
    data: &DataFile,
    work: &Work<'_>,
) -> Result<(Shape, Arc<dyn Opened>), String> {
    let file = source
        .storage
        .open(&data.entry)
        .map_err(|error| error.to_string())?;
    match &source.format {
        Format::Csv(dialect) => crate::csv::open(file, data, dialect, work),
        Format::Parquet => crate::parquet::open(file, data, Said::default(), work),
        Format::Delta => crate::delta::open(source.storage.as_ref(), file, data, work),
        Format::Json => crate::json::open(file, data, work),
    }
}

/// Counts the keys of a pass, and looks again at those that seem to repeat: where equal hashes are not known to be equal
/// keys, or where it is asked which rows they are in.
fn count(
    source: &Source,
    files: &[DataFile],
    work: &Work<'_>,
) -> Result<HashMap<KeySpec, Counted>, Cancelled> {
    let mut counted = HashMap::new();
    let mut again = Vec::new();
    for keys in &work.keys {
        let Goal::Count(bag) = &keys.goal else {
            continue;
        };
        let bag = std::mem::replace(
            &mut *bag.lock().unwrap_or_else(PoisonError::into_inner),
            keys.spec.bag(),
        );
        let (first, verification) = count_bag(bag, work.options);
        counted.insert(keys.spec.clone(), first);
        let goal = verification.map(|verification| Goal::Verify(Mutex::new(verification)));
        again.extend(goal.map(|goal| Keys {
            spec: keys.spec.clone(),
            goal,
        }));
    }
    if again.is_empty() {
        return Ok(counted);
    }
    let second = work.second(again);
    run(source, files.to_vec(), &second)?;
    for keys in second.keys {
        let Goal::Verify(verification) = keys.goal else {
            continue;
        };
        let verification = verification
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let (repeated, surplus) = verification.result();
        let hits = verification.hits().to_vec();
        counted.insert(
            keys.spec,
            Counted::Repeats {
                repeated,
                surplus,
                hits,
            },
        );
    }
    Ok(counted)
}

/// What keys come to, and the second look that they need.
fn count_bag(bag: Bag, options: &Options) -> (Counted, Option<Verification>) {
    match bag {
        Bag::Double(set) => (Counted::Keys(set.sort(options.threads)), None),
        Bag::Single { keys, exact } => {
            let repeats = keys.repeats(options.threads);
            let (repeated, surplus) = (
                repeats.repeated.len() as u64,
                repeats.all - repeats.distinct,
            );
            let needed = repeated > 0 && (!exact || options.samples > 0);
            let verification = needed.then(|| Verification::new(repeats.repeated, options.samples));
            (
                Counted::Repeats {
                    repeated,
                    surplus,
                    hits: Vec::new(),
                },
                verification,
            )
        }
    }
}
