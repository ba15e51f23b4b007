//! Contracts and folders of the tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use data_contract::plan::{
    Column, ColumnId, Gap, Kind, Literal, Measure, Measured, Object, Step, Value,
};
use data_scan::{Dialect, Format, Local, ObjectScan, Options, Progress, Source, scan};

/// An object with columns and measures.
pub(crate) fn object(columns: &[(&str, Kind)], measures: Vec<Measure>) -> Object {
    let column = |(name, kind): &(&str, Kind)| Column {
        path: name
            .split('.')
            .map(|part| Step::Field(part.to_owned()))
            .collect(),
        kind: kind.clone(),
        wide: false,
        physical_type: None,
        optional: false,
        nullable: false,
        masked: false,
    };
    Object {
        name: "t".to_owned(),
        physical_name: "t".to_owned(),
        columns: columns.iter().map(column).collect(),
        measures,
    }
}

/// The first, second … column.
pub(crate) const A: ColumnId = ColumnId(0);
pub(crate) const B: ColumnId = ColumnId(1);

pub(crate) fn text(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

/// A folder with files.
pub(crate) fn folder<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

pub(crate) fn source(folder: &Path, location: &str, format: Format) -> Source {
    Source {
        storage: Arc::new(Local::new(folder)),
        location: location.to_owned(),
        format,
    }
}

pub(crate) fn csv() -> Format {
    Format::Csv(Dialect::default())
}

/// Scans one object.
pub(crate) fn run(object: &Object, source: Source, options: &Options) -> ObjectScan {
    scan(
        std::slice::from_ref(object),
        &[source],
        options,
        &Progress::new(),
    )
    .unwrap()
    .remove(0)
}

/// Scans a CSV file.
pub(crate) fn run_csv(object: &Object, content: &str, options: &Options) -> ObjectScan {
    let folder = folder([("t.csv", content.as_bytes())]);
    run(object, source(folder.path(), "t.csv", csv()), options)
}

pub(crate) fn count(measured: &Measured) -> u64 {
    match measured.value.as_ref().unwrap() {
        Value::Count(count) | Value::AtLeast(count, _) => *count,
        other => panic!("{other:?} is no count"),
    }
}

pub(crate) fn counts(scan: &ObjectScan) -> Vec<u64> {
    scan.measured.iter().map(count).collect()
}

pub(crate) fn values(scan: &ObjectScan) -> Vec<Result<Value, Gap>> {
    scan.measured
        .iter()
        .map(|measured| measured.value.clone())
        .collect()
}

/// How often something is there more than once, and by how much.
pub(crate) fn repeats<T: Ord>(keys: impl IntoIterator<Item = T>) -> (u64, u64) {
    let mut known = BTreeMap::new();
    keys.into_iter()
        .for_each(|key| *known.entry(key).or_insert(0_u64) += 1);
    let often = known.values().filter(|n| **n > 1);
    (often.clone().count() as u64, often.map(|n| n - 1).sum())
}
