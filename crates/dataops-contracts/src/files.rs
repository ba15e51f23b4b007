//! What is told of files besides the checks of the contract: those that are absent, broken or odd.

use std::path::Path;

use data_contract::Verdict;
use data_contract::plan::Severity;
use data_contract::verdict::{CheckResult, Status, Unreadable};
use data_scan::{Finding, Format, ObjectScan, Oddity};

use crate::server::{Address, Place};
use crate::wanted::keep;

/// Puts what was read of each object, and a check of its files before the checks of the contract, into the verdict.
///
/// `folder` is the one that paths of this machine begin in; `unread` says that only metadata were read. Objects that are not wanted are left out.
pub(crate) fn tell(
    (scans, wanted): (&[ObjectScan], &[bool]),
    places: &[Place],
    (folder, unread): (&Path, bool),
    verdict: &mut Verdict,
) {
    let mut checks = Vec::new();
    let all = scans.iter().zip(places).zip(&mut verdict.objects);
    for (((scan, place), object), _) in all.zip(wanted).filter(|(_, wanted)| **wanted) {
        object.location = place.address.shown();
        object.rows = rows(scan, &place.format, unread);
        object.bytes = scan.bytes;
        object.files = scan.files.len() as u64;
        object.unreadable = unreadable(scan);
        checks.push(readable(
            &object.name,
            scan,
            &looked_in(&place.address, folder),
        ));
        checks.extend(oddities(&object.name, scan));
    }
    keep(wanted, &mut verdict.objects);
    checks.append(&mut verdict.checks);
    verdict.checks = checks;
}

/// The rows, where they are known: footers tell them, and what was read; what could not be read does not.
fn rows(scan: &ObjectScan, format: &Format, unread: bool) -> Option<u64> {
    let has_footers = matches!(format, Format::Parquet | Format::Delta);
    let mut files = scan.files.iter();
    let is_broken = files.any(|file| file.unreadable.is_some());
    let is_known =
        scan.missing.is_none() && (has_footers || !unread) && !(is_broken && scan.rows == 0);
    is_known.then_some(scan.rows)
}

fn unreadable(scan: &ObjectScan) -> Vec<Unreadable> {
    let broken = scan.files.iter().filter_map(|file| {
        Some(Unreadable {
            file: file.path.clone(),
            reason: file.unreadable.clone()?,
        })
    });
    broken.collect()
}

/// Where a place begins that does not say so itself.
fn looked_in(address: &Address, folder: &Path) -> String {
    match address {
        Address::Local(path) if !Path::new(path).is_absolute() && !path.starts_with("file://") => {
            let folder = std::path::absolute(folder);
            folder.map_or_else(
                |_| String::new(),
                |folder| format!(", looked for from the folder {}", folder.display()),
            )
        }
        Address::Local(_) => String::new(),
        Address::Blobs {
            account, container, ..
        } => format!(", in the container `{container}` of the storage account `{account}`"),
    }
}

/// Whether there are files, and all of them could be read.
fn readable(object: &str, scan: &ObjectScan, looked_in: &str) -> CheckResult {
    let mut check = CheckResult::of_files(object, "files", "there are files, and all can be read");
    let broken = unreadable(scan);
    if let Some(reason) = &scan.missing {
        check.status = Status::Failed;
        check.reason = Some(format!("{reason}{looked_in}"));
        check.measured = Some("no file".to_owned());
    } else if let Some(first) = broken.first() {
        check.status = Status::Failed;
        check.reason = Some(format!("{}: {}", first.file, first.reason));
        check.measured = Some(format!(
            "{} of {} files are broken",
            broken.len(),
            scan.files.len()
        ));
        check.value = Some(broken.len() as f64);
        check.files = broken.into_iter().map(|file| (file.file, 1)).collect();
    } else {
        let files = scan.files.len();
        check.measured = Some(if files == 1 {
            "1 file".to_owned()
        } else {
            format!("{files} files")
        });
        check.value = Some(0.0);
    }
    check
}

/// A line for each kind of oddity.
fn oddities(object: &str, scan: &ObjectScan) -> Vec<CheckResult> {
    let mut told: Vec<(&'static str, CheckResult)> = Vec::new();
    for finding in &scan.findings {
        let (id, title, status) = kind(&finding.oddity);
        let at = told
            .iter()
            .position(|(known, _)| *known == id)
            .unwrap_or_else(|| {
                let mut check = CheckResult::of_files(object, id, title);
                check.status = status;
                check.severity = if status == Status::Warning {
                    Severity::Warning
                } else {
                    Severity::Error
                };
                check.value = Some(0.0);
                told.push((id, check));
                told.len() - 1
            });
        add(&mut told[at].1, finding);
    }
    told.into_iter().map(|(_, check)| check).collect()
}

fn add(check: &mut CheckResult, finding: &Finding) {
    let total = check.value.unwrap_or_default() + finding.count as f64;
    check.value = Some(total);
    match check
        .files
        .iter_mut()
        .find(|(file, _)| *file == finding.file)
    {
        Some((_, count)) => *count += finding.count,
        None => check.files.push((finding.file.clone(), finding.count)),
    }
    check.measured = Some(match check.files.len() {
        1 => format!("{total} in {}", finding.file),
        files => format!("{total} in {files} files"),
    });
    check.reason.get_or_insert_with(|| {
        let rows: Vec<_> = finding.rows.iter().map(u64::to_string).collect();
        match rows.as_slice() {
            [] => format!("{}: {}", finding.file, finding.oddity),
            rows => format!(
                "{}: {}, first in row {}",
                finding.file,
                finding.oddity,
                rows.join(", ")
            ),
        }
    });
}

/// The id, the title, and what it means.
fn kind(oddity: &Oddity) -> (&'static str, &'static str, Status) {
    match oddity {
        Oddity::Ragged(_) => (
            "files.cells",
            "each row has as many cells as the header",
            Status::Failed,
        ),
        Oddity::NotText(_) => (
            "files.encoding",
            "files are text in their encoding",
            Status::Failed,
        ),
        Oddity::Nul => ("files.nul", "no row has a NUL byte", Status::Warning),
        Oddity::OpenQuote => ("files.quotes", "each quote is closed", Status::Failed),
        Oddity::RepeatedColumn(_) => (
            "files.header",
            "no column stands in the header twice",
            Status::Failed,
        ),
        Oddity::Delimiter(_) => (
            "files.delimiter",
            "the contract says what is between cells",
            Status::Warning,
        ),
        Oddity::NoRows => ("files.rows", "each file has rows", Status::Warning),
        Oddity::Changed => (
            "files.unchanged",
            "no file is changed while it is read",
            Status::Error,
        ),
        Oddity::NotJson(_) => ("files.json", "each line is a JSON object", Status::Failed),
        Oddity::Ignored => (
            "files.format",
            "all files are of the format",
            Status::Warning,
        ),
    }
}
