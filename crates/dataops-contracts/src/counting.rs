//! The rows of a file of any format that scans read, for the test of a run's folders.

use std::sync::Arc;

use data_contract::plan::{Measure, Object};
use data_scan::{Finding, Format, ObjectScan, Oddity, Options, Progress, Source, scan};
use dataops_core::connection::Storage;
use dataops_core::ingestion::{RowsError, Table};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::blob::Container;
use crate::server::format_of_location;

/// Counts the rows of a blob by the format that its name stands for, or of a Delta table, whose name ends in `/`. `None` where no
/// format is known by that name.
#[must_use]
pub fn count_rows(
    storage: Storage,
    container: String,
    blob: String,
) -> BoxFuture<'static, Result<Option<Table>, RowsError>> {
    count(storage, container, blob).boxed()
}

async fn count(
    storage: Storage,
    container: String,
    blob: String,
) -> Result<Option<Table>, RowsError> {
    let Some(format) = format_of(&blob) else {
        return Ok(None);
    };
    let may_lack = format == Format::Json;
    let is_text = is_text(&blob);
    let container = Arc::new(Container::new(storage, ("", &container), None));
    let source = Source {
        storage: Arc::clone(&container) as Arc<dyn data_scan::Storage>,
        location: blob.trim_end_matches('/').to_owned(),
        format,
    };
    let measuring = tokio::task::spawn_blocking(move || measured(&source));
    let scanned = match measuring.await {
        Ok(scanned) => scanned?,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => return Err(RowsError::Unreadable(error.to_string())),
        },
    };
    if let Some(error) = container.refusal() {
        return Err(RowsError::Storage(error));
    }
    table(scanned, may_lack, is_text)
}

fn format_of(blob: &str) -> Option<Format> {
    if blob.ends_with('/') {
        return Some(Format::Delta);
    }
    let format = format_of_location(None, blob).ok()?;
    (format != Format::Delta).then_some(format)
}

/// Whether a file may hold any text.
fn is_text(blob: &str) -> bool {
    let name = blob.to_ascii_lowercase();
    [".txt", ".txt.gz", ".txt.zst"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn measured(source: &Source) -> Result<ObjectScan, RowsError> {
    let object = Object {
        name: source.location.clone(),
        physical_name: source.location.clone(),
        measures: vec![Measure::ExtraColumns],
        ..Object::default()
    };
    let options = Options {
        samples: usize::MAX,
        ..Options::default()
    };
    let scans = scan(
        &[object],
        std::slice::from_ref(source),
        &options,
        &Progress::new(),
    );
    let scanned = scans.ok().and_then(|scans| scans.into_iter().next());
    scanned.ok_or_else(|| RowsError::Unreadable("nothing was read".to_owned()))
}

/// What was read of a file, if it is what its format is. A text that is no table is one of unknown format.
fn table(scan: ObjectScan, may_lack: bool, is_text: bool) -> Result<Option<Table>, RowsError> {
    let unreadable = |file: &data_scan::ScannedFile| file.unreadable.clone();
    if let Some(reason) = scan
        .missing
        .or_else(|| scan.files.iter().find_map(unreadable))
    {
        return Err(RowsError::Unreadable(reason));
    }
    let samples = scan.measured.first().map(|measured| &measured.samples);
    let names = samples.into_iter().flatten();
    let mut columns: Vec<String> = Vec::new();
    for name in names.filter_map(|sample| sample.value.clone()) {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let broken = scan.findings.iter().find(|finding| breaks(finding));
    if is_text && (broken.is_some() || columns.len() < 2) {
        return Ok(None);
    }
    match broken {
        Some(finding) => Err(RowsError::Unreadable(told(finding))),
        None => Ok(Some(Table {
            columns,
            may_lack,
            rows: Some(scan.rows),
            ..Table::default()
        })),
    }
}

/// Whether rows are not what they are counted as.
fn breaks(finding: &Finding) -> bool {
    matches!(
        finding.oddity,
        Oddity::Ragged(_)
            | Oddity::NotText(_)
            | Oddity::OpenQuote
            | Oddity::Changed
            | Oddity::NotJson(_)
    )
}

fn told(finding: &Finding) -> String {
    match finding.rows.first() {
        Some(row) => format!("{}, first row {row}", finding.oddity),
        None => finding.oddity.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use data_scan::Local;

    use super::*;

    fn counted(file: &str, content: &[u8]) -> Result<Option<Table>, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), content).unwrap();
        let format = format_of(file).unwrap();
        let may_lack = format == Format::Json;
        let source = Source {
            storage: Arc::new(Local::new(folder.path())),
            location: file.to_owned(),
            format,
        };
        let scanned = measured(&source).unwrap();
        table(scanned, may_lack, is_text(file)).map_err(|error| error.to_string())
    }

    fn of(columns: &[&str], may_lack: bool, rows: u64) -> Result<Option<Table>, String> {
        let mut table = Table::uncounted();
        table.columns = columns.iter().map(|name| (*name).to_owned()).collect();
        table.may_lack = may_lack;
        table.rows = Some(rows);
        Ok(Some(table))
    }

    #[test]
    fn columns_and_rows_are_those_of_the_format() {
        let lines = b"{\"a\":1}\n{\"a\":2,\"b\":\"x\"}\n";
        assert_eq!(counted("x.jsonl", lines), of(&["a", "b"], true, 2));
        assert_eq!(counted("x.json", b"[{\"a\":1}]"), of(&["a"], true, 1));
        assert_eq!(counted("x.tsv", b"a\tb\n1\t2\n"), of(&["a", "b"], false, 1));
        assert_eq!(
            counted("x.txt", b"a;b\n1;2\n3;4\n"),
            of(&["a", "b"], false, 2)
        );
    }

    #[test]
    fn what_is_not_of_its_format_says_why() {
        let ragged = counted("x.tsv", b"a\tb\n1\t2\n3\n").unwrap_err();
        assert!(
            ragged.contains("another number of cells") && ragged.ends_with("first row 2"),
            "{ragged}"
        );
        let cut = counted("x.parquet", b"PAR1").unwrap_err();
        assert!(!cut.is_empty());
    }

    #[test]
    fn a_text_that_is_no_table_is_not_counted() {
        assert_eq!(
            counted("x.txt", b"Once upon, a time\nthere was\n"),
            Ok(None)
        );
        assert_eq!(counted("x.txt", b"one\ntwo\n"), Ok(None));
    }

    #[test]
    fn formats_are_known_by_names() {
        assert_eq!(format_of("r1/part-0.snappy.parquet"), Some(Format::Parquet));
        assert_eq!(format_of("r1/t/"), Some(Format::Delta));
        assert!(matches!(format_of("r1/x.csv.gz"), Some(Format::Csv(_))));
        for unknown in ["r1/x", "r1/x.bin", "r1/x.delta", "a.csv/x", "r1/x.zip"] {
            assert_eq!(format_of(unknown), None, "{unknown}");
        }
    }
}
