//! Delta tables: which files are the table, and what is refused.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field};
use data_contract::plan::{Gap, Kind, Measure, ObjectId, Spread, Value};
use data_scan::{Format, Options};
use parquet::arrow::ArrowWriter;

use crate::support::{A, B, counts, folder, object, run, source, values};

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn numbers(values: &[i64]) -> Vec<u8> {
    parquet(vec![("a", Arc::new(Int64Array::from(values.to_vec())))])
}

fn add(path: &str, day: &str) -> String {
    format!(
        r#"{{"add":{{"path":"{path}","partitionValues":{{"day":"{day}"}},"size":1,"modificationTime":1,"dataChange":true}}}}"#
    )
}

fn contract() -> data_contract::plan::Object {
    object(
        &[("a", Kind::Integer), ("day", Kind::Date { format: None })],
        vec![
            Measure::Rows,
            Measure::Surplus(vec![A]),
            Measure::Nulls(B),
            Measure::Distinct(vec![B]),
        ],
    )
}

#[test]
fn files_that_the_log_removed_do_not_count() {
    let first = [
        add("x%20y.parquet", "2026-01-01"),
        add("b.parquet", "2026-01-02"),
    ]
    .join("\n");
    let second = format!(
        "{}\n{}\n",
        r#"{"remove":{"path":"b.parquet","dataChange":true}}"#,
        add("c.parquet", "")
    );
    let (x, b, c) = (numbers(&[1, 2]), numbers(&[3]), numbers(&[2]));
    let folder = folder([
        ("t/x y.parquet", &x[..]),
        ("t/b.parquet", &b),
        ("t/c.parquet", &c),
        ("t/_delta_log/00000000000000000000.json", first.as_bytes()),
        ("t/_delta_log/00000000000000000001.json", second.as_bytes()),
    ]);

    let scan = run(
        &contract(),
        source(folder.path(), "t", Format::Delta),
        &Options::default(),
    );

    assert_eq!(counts(&scan), [3, 1, 1, 1]);
}

#[test]
fn a_table_without_files_has_no_numbers_and_no_bounds() {
    let removed = r#"{"remove":{"path":"b.parquet","dataChange":true}}"#;
    let folder = folder([("t/_delta_log/00000000000000000000.json", removed.as_bytes())]);
    let parts = Measure::Parts {
        column: A,
        of: ObjectId(0),
        of_column: A,
        parts: 10,
    };
    let object = object(&[("a", Kind::Integer)], vec![Measure::Rows, parts]);

    let scan = run(
        &object,
        source(folder.path(), "t", Format::Delta),
        &Options::default(),
    );

    let nothing = Value::Spread(Spread::nothing());
    assert_eq!(values(&scan), [Ok(Value::Count(0)), Ok(nothing)]);
}

#[test]
fn a_checkpoint_stands_for_the_commits_before_it() {
    let path: ArrayRef = Arc::new(StringArray::from(vec![Some("a.parquet"), None]));
    let add_column = StructArray::from(vec![(
        Arc::new(Field::new("path", DataType::Utf8, true)),
        path,
    )]);
    let checkpoint = parquet(vec![("add", Arc::new(add_column) as ArrayRef)]);
    let (a, b) = (numbers(&[1]), numbers(&[1, 1]));
    let commit = add("b.parquet", "2026-01-01");
    let folder = folder([
        ("t/a.parquet", &a[..]),
        ("t/b.parquet", &b),
        (
            "t/_delta_log/00000000000000000010.checkpoint.parquet",
            &checkpoint,
        ),
        ("t/_delta_log/00000000000000000011.json", commit.as_bytes()),
    ]);

    let scan = run(
        &contract(),
        source(folder.path(), "t/", Format::Delta),
        &Options::default(),
    );

    assert_eq!(counts(&scan)[..2], [3, 2]);
}

#[test]
fn what_cannot_be_read_as_the_table_is_refused() {
    let protocol = |features: &str| {
        format!(r#"{{"protocol":{{"minReaderVersion":3,"readerFeatures":[{features}]}}}}"#)
    };
    let mapping = r#"{"metaData":{"configuration":{"delta.columnMapping.mode":"other"}}}"#;
    let variant = r#"{"metaData":{"schemaString":"{\"fields\":[{\"name\":\"s\",\"type\":{\"type\":\"struct\",\"fields\":[{\"name\":\"v\",\"type\":\"variant\"}]}}]}"}}"#;
    let refused = [
        (
            protocol(r#""deletionVectors","geospatial","x""#),
            "the table uses features of Delta that are not supported: geospatial, x",
        ),
        (
            protocol(r#""catalogManaged""#),
            "a catalog manages the Delta table (catalogManaged), and may know of commits that are not in its log: ask Databricks",
        ),
        (
            r#"{"protocol":{"minReaderVersion":4}}"#.to_owned(),
            "the table needs a reader of version 4 of Delta",
        ),
        (
            mapping.to_owned(),
            "Delta's column mapping (other) is not supported",
        ),
        (
            variant.to_owned(),
            "the column `s.v` of the Delta table is a VARIANT, which is not supported",
        ),
    ];
    for (line, reason) in refused {
        let folder = folder([("t/_delta_log/00000000000000000000.json", line.as_bytes())]);

        let scan = run(
            &contract(),
            source(folder.path(), "t", Format::Delta),
            &Options::default(),
        );

        assert_eq!(scan.measured[0].value, Err(Gap::GivenUp(reason.to_owned())));
    }
    let folder = folder([(
        "t/_delta_log/00000000000000000003.json",
        add("a.parquet", "").as_bytes(),
    )]);
    let scan = run(
        &contract(),
        source(folder.path(), "t", Format::Delta),
        &Options::default(),
    );
    assert_eq!(
        scan.missing.as_deref(),
        Some("the log of the Delta table has no version 0")
    );
}

#[test]
fn a_file_that_is_gone_is_named() {
    let b = numbers(&[1]);
    let log = [add("a.parquet", ""), add("b.parquet", "")].join("\n");
    let folder = folder([
        ("t/b.parquet", &b[..]),
        ("t/_delta_log/00000000000000000000.json", log.as_bytes()),
    ]);

    let scan = run(
        &contract(),
        source(folder.path(), "t", Format::Delta),
        &Options::default(),
    );

    assert_eq!(counts(&scan)[0], 1);
    assert!(scan.files[0].unreadable.is_some());
}

#[test]
fn a_log_leads_to_no_file_outside_of_the_table() {
    let secret = numbers(&[1]);
    for path in [
        "../secret.parquet",
        "x/%2E%2E/..%2Fsecret.parquet",
        "/etc/passwd",
        "file:///etc/passwd",
        "file:/etc/passwd",
        "abfss://c@a.dfs.core.windows.net/secret.parquet",
    ] {
        let folder = folder([
            ("secret.parquet", &secret[..]),
            (
                "t/_delta_log/00000000000000000000.json",
                add(path, "").as_bytes(),
            ),
        ]);

        let scan = run(
            &contract(),
            source(folder.path(), "t", Format::Delta),
            &Options::default(),
        );

        let reason = scan.missing.unwrap();
        assert!(reason.contains(path), "{reason}");
        assert!(reason.contains("not in the folder"), "{reason}");
        assert_eq!(scan.rows, 0);
    }
}

#[test]
fn a_log_may_name_the_files_of_the_table_by_their_whole_path() {
    let a = numbers(&[1, 2]);
    let folder = folder([("t/a.parquet", &a[..])]);
    let root = folder.path().join("t").to_string_lossy().replace('\\', "/");
    for path in [
        format!("{root}/a.parquet"),
        format!("file://{root}/a.parquet"),
    ] {
        let log = folder.path().join("t/_delta_log");
        std::fs::create_dir_all(&log).unwrap();
        let commit = log.join("00000000000000000000.json");
        std::fs::write(commit, add(&path, "2026-01-01")).unwrap();

        let scan = run(
            &contract(),
            source(folder.path(), &root, Format::Delta),
            &Options::default(),
        );

        assert_eq!(counts(&scan)[0], 2, "{path}");
    }
}
