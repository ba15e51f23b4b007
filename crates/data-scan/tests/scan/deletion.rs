//! Rows of Delta tables that deletion vectors delete.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use arrow_schema::{DataType, Field};
use data_contract::plan::{Bound, Gap, Kind, Literal, Measure, Object, Side, Value as Found};
use data_scan::{Format, Layout, ObjectScan, Options, Progress, profile, read};
use serde_json::{Value, json};

use crate::support::{A, counts, object, run, source, values};
use crate::tables::{Table, Vectors, add, inline, parquet, protocol, remove, runs, vector, z85};

fn numbers(values: impl IntoIterator<Item = i64>) -> (Field, ArrayRef) {
    let array = Arc::new(Int64Array::from_iter_values(values));
    (Field::new("a", DataType::Int64, true), array)
}

fn contract() -> Object {
    let bound = Bound {
        value: Literal::Integer(5),
        exclusive: false,
    };
    object(
        &[("a", Kind::Integer)],
        vec![
            Measure::Rows,
            Measure::Nulls(A),
            Measure::Beyond(A, Side::High, bound),
            Measure::Extreme(A, Side::High),
            Measure::Surplus(vec![A]),
        ],
    )
}

/// Ten rows of one file, 0 to 9, with a vector.
fn ten(vector: &Value) -> Table {
    let mut table = Table::new();
    table.file("a.parquet", &parquet(&[numbers(0..10)], &[4]));
    table.commit(&[
        protocol(&["deletionVectors"]),
        add("a.parquet", Some(vector)),
    ]);
    table
}

fn scanned(table: &Table, options: &Options) -> ObjectScan {
    let source = source(table.path(), "t", Format::Delta);
    run(&contract(), source, options)
}

#[test]
fn rows_of_a_vector_are_not_in_the_table() {
    let mut file = Vectors::new();
    file.add(&[5]);
    let kept = file.add(&[0, 3, 7, 9]);
    let all: Vec<u64> = (0..10).collect();
    for (vector, expected, most) in [
        (kept, [6, 0, 2], Literal::Integer(8)),
        (inline(&[0, 3, 7, 9]), [6, 0, 2], Literal::Integer(8)),
        (file.add(&all), [0, 0, 0], Literal::Null),
        (file.add(&all[..4]), [6, 0, 4], Literal::Integer(9)),
        (inline(&[]), [10, 0, 4], Literal::Integer(9)),
    ] {
        let table = ten(&vector);
        table.file(Vectors::NAME, &file.0);

        let scan = scanned(&table, &Options::default());

        assert!(scan.files[0].unreadable.is_none(), "{scan:?}");
        assert_eq!(scan.rows, expected[0]);
        assert_eq!(counts(&scan_of_counts(&scan))[..3], expected);
        assert_eq!(values(&scan)[3], Ok(Found::Scalar(most)));
    }
}

/// The same without what is no count.
fn scan_of_counts(scan: &ObjectScan) -> ObjectScan {
    let mut scan = scan.clone();
    scan.measured.remove(3);
    scan
}

#[test]
fn rows_that_are_shown_have_the_numbers_that_they_have_in_the_file() {
    let table = ten(&inline(&[0, 3, 7, 9]));
    let options = Options {
        samples: 5,
        ..Options::default()
    };

    let scan = scanned(&table, &options);

    let samples = scan.measured[2].samples.iter();
    let rows: Vec<_> = samples.map(|sample| sample.row).collect();
    assert_eq!(rows, [Some(7), Some(9)]);
}

#[test]
fn footers_say_what_holds_for_all_rows() {
    let table = ten(&inline(&[9]));
    let options = Options {
        metadata_only: true,
        ..Options::default()
    };

    let scan = scanned(&table, &options);

    let found = values(&scan);
    assert_eq!(found[..2], [Ok(Found::Count(9)), Ok(Found::Count(0))]);
    // In the group with the row that is deleted, nobody knows whether that one was the greatest.
    assert!(matches!(found[2], Err(Gap::NotMeasurable(_))), "{found:?}");
    assert!(matches!(found[3], Err(Gap::NotMeasurable(_))), "{found:?}");
}

#[test]
fn a_vector_may_be_in_a_folder_of_its_own_or_have_its_whole_path() {
    let mut file = Vectors::new();
    let mut vector = file.add(&[1, 2]);
    vector["pathOrInlineDv"] = json!("ab^-aqEH.-t@S}K{vb[*k^");
    let name = format!("ab/{}", Vectors::NAME);
    let table = ten(&vector);
    table.file(&name, &file.0);
    assert_eq!(scanned(&table, &Options::default()).rows, 8);

    vector["storageType"] = json!("p");
    vector["pathOrInlineDv"] = json!(name);
    let table = ten(&vector);
    table.file(&name, &file.0);
    assert_eq!(scanned(&table, &Options::default()).rows, 8);

    let root = table.path().join("t").to_string_lossy().replace('\\', "/");
    vector["pathOrInlineDv"] = json!(format!("file://{root}/{name}"));
    table.log(
        "00000000000000000001.json",
        format!("{}\n", add("a.parquet", Some(&vector))).as_bytes(),
    );
    let source = source(table.path(), &root, Format::Delta);
    assert_eq!(run(&contract(), source, &Options::default()).rows, 8);
}

#[test]
fn a_new_vector_takes_the_place_of_the_one_before_in_whatever_order() {
    let (old, new) = (inline(&[1]), inline(&[1, 2]));
    let (adds, removes) = (
        add("a.parquet", Some(&new)),
        remove("a.parquet", Some(&old)),
    );
    for actions in [[adds.clone(), removes.clone()], [removes, adds]] {
        let mut table = ten(&old);
        table.commit(&actions);
        assert_eq!(scanned(&table, &Options::default()).rows, 8);

        table.commit(&[remove("a.parquet", Some(&new))]);
        assert_eq!(scanned(&table, &Options::default()).rows, 0);
    }
    let mut table = ten(&old);
    table.commit(&[add("a.parquet", None), remove("a.parquet", Some(&old))]);
    assert_eq!(scanned(&table, &Options::default()).rows, 10);
}

#[test]
fn blocks_of_bits_and_runs_are_read_too() {
    let rows = 200_000;
    let mut table = Table::new();
    table.file("a.parquet", &parquet(&[numbers(0..rows)], &[70_000]));
    let dense: Vec<u64> = (0..rows.unsigned_abs()).filter(|row| row % 3 > 0).collect();
    let data = runs(&[(0, 60_000), (60_001, 5_535)]);
    let mut file = Vectors::new();
    let bits = file.add(&dense);
    let mut of_runs = inline(&[]);
    of_runs["sizeInBytes"] = json!(data.len());
    of_runs["cardinality"] = json!(65_535);
    of_runs["pathOrInlineDv"] = {
        let mut padded = data.clone();
        padded.resize(data.len().next_multiple_of(4), 0);
        json!(z85(&padded))
    };
    table.file(Vectors::NAME, &file.0);
    table.commit(&[add("a.parquet", Some(&bits))]);
    let all = rows.unsigned_abs() - dense.len() as u64;
    let scan = scanned(&table, &Options::default());
    assert_eq!(counts(&scan_of_counts(&scan)), [all, 0, all - 2, 0]);

    table.commit(&[add("a.parquet", Some(&of_runs))]);
    let scan = scanned(&table, &Options::default());
    assert_eq!(counts(&scan_of_counts(&scan)), [134_465, 0, 134_465, 0]);
}

/// What is said of a file with a vector that cannot be relied on, beside a file without one.
fn said(vector: &Value, files: &[(&str, &[u8])]) -> String {
    let mut table = ten(vector);
    for (name, bytes) in files {
        table.file(name, bytes);
    }
    table.file("b.parquet", &parquet(&[numbers([0])], &[]));
    table.commit(&[add("b.parquet", None)]);
    let scan = scanned(&table, &Options::default());
    let gap = match &scan.measured[0].value {
        Ok(Found::AtLeast(1, gap)) => gap.to_string(),
        other => panic!("{other:?}"),
    };
    let reason = scan.files[0].unreadable.clone().unwrap();
    assert_eq!(gap, format!("t/a.parquet: {reason}"));
    reason
}

#[test]
fn a_vector_that_is_not_what_the_log_says_is_told_of_its_file() {
    let mut file = Vectors::new();
    let vector = file.add(&[2, 4]);
    let bytes: i64 = i64::MAX;
    let in_file = format!("in t/{} ", Vectors::NAME);
    for (name, value, reason) in [
        (
            "cardinality",
            json!(3),
            "has 2 rows, and the log says 3 rows",
        ),
        (
            "cardinality",
            json!(-1),
            "has 2 rows, and the log says -1 rows",
        ),
        (
            "cardinality",
            json!(null),
            "has 2 rows, and the log says no number of rows",
        ),
        ("sizeInBytes", json!(null), "has no size"),
        ("sizeInBytes", json!(-1), "has no size"),
        (
            "sizeInBytes",
            json!(1 << 30),
            "is too large to be read: it has 1073741824 bytes",
        ),
        (
            "sizeInBytes",
            json!(30),
            "FILE does not have the 30 bytes that the log says",
        ),
        ("offset", json!(9), "FILE is not within the file"),
        ("offset", json!(bytes), "FILE is not within the file"),
        (
            "storageType",
            json!("z"),
            "is kept in a way that nobody knows (`z`)",
        ),
        (
            "pathOrInlineDv",
            json!("short"),
            "is in a file whose name cannot be read",
        ),
        (
            "pathOrInlineDv",
            json!("..^-aqEH.-t@S}K{vb[*k^"),
            "is not in the folder of the table, and is not read",
        ),
    ] {
        let mut vector = vector.clone();
        vector[name] = value;

        let found = said(&vector, &[(Vectors::NAME, &file.0)]);

        let reason = reason.replace("FILE ", &in_file);
        assert_eq!(found, format!("its deletion vector {reason}"));
    }
}

#[test]
fn a_file_of_vectors_that_is_damaged_is_named() {
    let mut file = Vectors::new();
    let vector = file.add(&[2, 4]);
    let last = file.0.len() - 1;
    for (at, byte, reason) in [
        (0, 2, "is of version 2 of such files"),
        (20, !file.0[20], "is damaged: its checksum is another one"),
        (
            last,
            !file.0[last],
            "is damaged: its checksum is another one",
        ),
    ] {
        let mut bytes = file.0.clone();
        bytes[at] = byte;

        let found = said(&vector, &[(Vectors::NAME, &bytes)]);

        assert_eq!(
            found,
            format!("its deletion vector in t/{} {reason}", Vectors::NAME)
        );
    }
    let gone = format!(
        "its deletion vector is gone: there is no t/{}",
        Vectors::NAME
    );
    assert_eq!(said(&vector, &[]), gone);
}

#[test]
fn rows_that_a_file_does_not_have_are_not_deleted_from_it() {
    for (row, reason) in [
        (10, "its row 11 is deleted, and it has 10 rows"),
        (
            1 << 40,
            "its row 1099511627777 is deleted, and it has 10 rows",
        ),
    ] {
        assert_eq!(said(&inline(&[2, row]), &[]), reason);
    }
}

#[test]
fn bytes_that_are_no_vector_are_told_whatever_they_are() {
    let good = vector(&[1, 70_000, 1 << 33]);
    let mut broken: Vec<Vec<u8>> = (0..good.len())
        .map(|length| good[..length].to_vec())
        .collect();
    broken.push([&good[..], &[0; 4]].concat());
    broken.push([&[0; 4], &good[4..]].concat());
    broken.push(runs(&[(5, 10), (3, 2)]));
    broken.push(runs(&[(0, 7), (65_530, 10)]));
    // So many bitmaps, and none there.
    broken.push([&good[..4], &u64::MAX.to_le_bytes()].concat());
    for mut data in broken {
        let mut vector = inline(&[]);
        vector["sizeInBytes"] = json!(data.len());
        vector["cardinality"] = json!(3);
        data.resize(data.len().next_multiple_of(4), 0);
        vector["pathOrInlineDv"] = json!(z85(&data));

        let reason = said(&vector, &[]);

        assert!(reason.starts_with("its deletion vector "), "{reason}");
    }
}

#[test]
fn profiles_and_batches_are_of_the_rows_that_are_there() {
    let table = ten(&inline(&[0, 1, 9]));
    let source = source(table.path(), "t", Format::Delta);
    let (options, progress) = (Options::default(), Progress::new());

    let profile = profile("t", &source, &options, &progress).unwrap();

    assert_eq!(profile.rows, 7);
    let column = &profile.columns[0];
    assert_eq!(column.distinct, Some(7));
    assert_eq!(column.least.as_deref(), Some("2"));
    assert_eq!(column.greatest.as_deref(), Some("8"));
    let mut batches: Vec<RecordBatch> = Vec::new();
    let take = |batch| {
        batches.push(batch);
        true
    };
    read(
        &Layout::of(&contract(), &source),
        &source,
        &options,
        &progress,
        take,
    )
    .unwrap();
    let rows = Int64Array::from_iter_values(2..9);
    let found = numbers_of(&batches);
    assert_eq!(found, rows);
}

/// The only column of batches.
fn numbers_of(batches: &[RecordBatch]) -> Int64Array {
    let columns = batches.iter().map(|batch| batch.column(0));
    let numbers = columns.map(|column| column.as_any().downcast_ref::<Int64Array>().unwrap());
    numbers.flatten().collect()
}
