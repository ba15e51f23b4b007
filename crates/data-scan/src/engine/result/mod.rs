//! What a scan came to, as the values of the measures.

mod absence;
mod assemble;
mod column;
mod keyed;
mod spread;

use data_contract::plan::{MeasureId, Measured, Object};
use serde::Serialize;

use super::file::FileResult;
use super::object::Scanned;
use super::sought::Sought;
use super::spreads::Spreads;
use crate::files::Entry;
use crate::finding::{Finding, Findings, Oddity};
use crate::kernel::Slot;
use assemble::Assembly;

/// What was measured of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectScan {
    /// Where it was looked for.
    pub location: String,
    /// Why no file was measured; nothing has a value then.
    pub missing: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// The files.
    pub files: Vec<ScannedFile>,
    /// What is odd about files.
    pub findings: Vec<Finding>,
    /// What was measured, in the order of the object's measures.
    pub measured: Vec<Measured>,
}

/// A file of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScannedFile {
    /// Its path.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its rows, as far as they were read.
    pub rows: u64,
    /// Why it was not read, or not to its end.
    pub unreadable: Option<String>,
}

impl ScannedFile {
    pub(super) fn new(entry: Entry, result: &FileResult) -> Self {
        Self {
            path: entry.path,
            bytes: entry.size,
            rows: result.rows,
            unreadable: result.failed.clone(),
        }
    }
}

/// Puts together what was measured of objects, and compares their keys.
pub(super) fn across(
    objects: &[Object],
    scanned: Vec<Scanned>,
    (sought, spreads): (&[Sought], &[Spreads]),
) -> Vec<ObjectScan> {
    let measured: Vec<Vec<Measured>> = objects
        .iter()
        .enumerate()
        .map(|(place, object)| {
            Assembly {
                objects,
                scanned: &scanned,
                sought,
                spreads,
                place,
                object,
            }
            .measured()
        })
        .collect();
    let all = scanned.into_iter().zip(measured);
    all.map(|(scanned, measured)| object_scan(scanned, measured))
        .collect()
}

/// What a measure has come to over files, as they follow each other; what is large is added up already.
pub(super) fn merged<'r>(files: impl Iterator<Item = &'r FileResult>, id: MeasureId) -> Slot {
    let mut whole = Slot::Idle;
    for slot in files.filter_map(|result| result.slots.get(id.0)) {
        whole.merge(slot.clone(), 0, 0, false);
    }
    whole
}

fn object_scan(scanned: Scanned, measured: Vec<Measured>) -> ObjectScan {
    let mut scan = ObjectScan {
        location: scanned.location,
        missing: scanned.missing,
        rows: 0,
        bytes: 0,
        files: Vec::new(),
        findings: Vec::new(),
        measured,
    };
    for (data, result) in scanned.files {
        let entry = data.entry;
        scan.rows += result.rows;
        scan.bytes += entry.size;
        let file = ScannedFile::new(entry.clone(), &result);
        let mut findings: Findings = result.findings;
        result
            .shape
            .repeated
            .into_iter()
            .for_each(|name| findings.add(Oddity::RepeatedColumn(name)));
        if let Some(delimiter) = result.shape.delimiter {
            findings.add(Oddity::Delimiter(char::from(delimiter)));
        }
        if result.rows == 0 && result.failed.is_none() && !result.shape.rows_unread {
            findings.add(Oddity::NoRows);
        }
        scan.findings.extend(findings.of(&entry.path));
        scan.files.push(file);
    }
    for entry in scanned.ignored {
        let mut findings = Findings::default();
        findings.add(Oddity::Ignored);
        scan.findings.extend(findings.of(&entry.path));
    }
    scan
}
