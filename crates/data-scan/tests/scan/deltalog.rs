//! Logs of Delta tables: checkpoints of all forms, logs that were written anew, and what does not count.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, Int32Array, Int64Array, StringArray, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::Field;
use data_contract::plan::{Gap, Kind, Measure};
use data_scan::{Format, ObjectScan, Options};
use serde_json::{Value, json};

use crate::support::{A, counts, object, run, source};
use crate::tables::{Table, add, column, inline, lines, metadata, parquet, protocol, remove};

fn scanned(table: &Table) -> ObjectScan {
    let contract = object(
        &[("a", Kind::Integer)],
        vec![Measure::Rows, Measure::Distinct(vec![A])],
    );
    let source = source(table.path(), "t", Format::Delta);
    run(&contract, source, &Options::default())
}

/// A table with files of the numbers 0 to 4, and of 10 to 14.
fn two() -> Table {
    let table = Table::new();
    for (name, first) in [("a.parquet", 0), ("b.parquet", 10)] {
        let array: ArrayRef = Arc::new(Int64Array::from_iter_values(first..first + 5));
        let field = Field::new("a", array.data_type().clone(), true);
        table.file(name, &parquet(&[(field, array)], &[]));
    }
    table
}

/// A struct in each row, which is NULL where its first field is.
fn within(fields: Vec<(&str, ArrayRef)>) -> ArrayRef {
    let first = fields[0].1.as_ref();
    let nulls: NullBuffer = (0..first.len()).map(|row| first.is_valid(row)).collect();
    let (fields, arrays): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
        .unzip();
    Arc::new(StructArray::new(fields.into(), arrays, Some(nulls)))
}

/// A text of each action, where it has one there.
fn texts(actions: &[Value], way: &str) -> ArrayRef {
    let texts = actions.iter().map(|action| action.pointer(way)?.as_str());
    Arc::new(texts.collect::<StringArray>())
}

/// A number of each action, where it has one there.
fn wholes(actions: &[Value], way: &str) -> Vec<Option<i64>> {
    let numbers = actions.iter().map(|action| action.pointer(way)?.as_i64());
    numbers.collect()
}

fn shorts(actions: &[Value], way: &str) -> ArrayRef {
    let numbers = wholes(actions, way).into_iter();
    let numbers = numbers.map(|number| number.map(|number| i32::try_from(number).unwrap()));
    Arc::new(numbers.collect::<Int32Array>())
}

/// Files of actions of a kind.
fn files(actions: &[Value], kind: &str) -> ArrayRef {
    let way = |name: &str| format!("/{kind}/deletionVector/{name}");
    let cardinality = wholes(actions, &way("cardinality"));
    let vector = within(vec![
        ("storageType", texts(actions, &way("storageType"))),
        ("pathOrInlineDv", texts(actions, &way("pathOrInlineDv"))),
        ("offset", shorts(actions, &way("offset"))),
        ("sizeInBytes", shorts(actions, &way("sizeInBytes"))),
        ("cardinality", Arc::new(Int64Array::from(cardinality))),
    ]);
    let path = texts(actions, &format!("/{kind}/path"));
    within(vec![("path", path), ("deletionVector", vector)])
}

fn features(actions: &[Value]) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for action in actions {
        let listed = action.pointer("/protocol/readerFeatures");
        let listed = listed.and_then(Value::as_array);
        for feature in listed.into_iter().flatten() {
            lists.values().append_value(feature.as_str().unwrap());
        }
        lists.append(listed.is_some());
    }
    Arc::new(lists.finish())
}

fn configurations(actions: &[Value]) -> ArrayRef {
    let mut maps = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for action in actions {
        let set = action.pointer("/metaData/configuration");
        let set = set.and_then(Value::as_object);
        for (key, value) in set.into_iter().flatten() {
            maps.keys().append_value(key);
            maps.values().append_value(value.as_str().unwrap());
        }
        maps.append(set.is_some()).unwrap();
    }
    Arc::new(maps.finish())
}

/// A checkpoint with a row for each action.
fn checkpoint(actions: &[Value]) -> Vec<u8> {
    let metadata = vec![
        ("schemaString", texts(actions, "/metaData/schemaString")),
        ("configuration", configurations(actions)),
    ];
    let protocol = vec![
        (
            "minReaderVersion",
            shorts(actions, "/protocol/minReaderVersion"),
        ),
        ("readerFeatures", features(actions)),
    ];
    let columns = [
        ("add", files(actions, "add")),
        ("remove", files(actions, "remove")),
        ("metaData", within(metadata)),
        ("protocol", within(protocol)),
        (
            "sidecar",
            within(vec![("path", texts(actions, "/sidecar/path"))]),
        ),
    ];
    let field = |name, array: &ArrayRef| Field::new(name, array.data_type().clone(), true);
    let columns = columns.map(|(name, array)| (field(name, &array), array));
    parquet(&columns, &[])
}

/// What the table is at version 10: the first file without two of its rows, the second one under a logical name.
fn state() -> [Value; 4] {
    [
        protocol(&["deletionVectors", "columnMapping", "v2Checkpoint"]),
        metadata(&json!([column("a", &json!("long"), ("a", 1))]), "name"),
        add("a.parquet", Some(&inline(&[0, 4]))),
        remove("a.parquet", None),
    ]
}

const OF_TEN: &str = "00000000000000000010.checkpoint";

#[test]
fn checkpoints_of_all_forms_have_the_vectors_of_files() {
    let sidecar =
        json!({"sidecar": {"path": "x%20y.parquet", "sizeInBytes": 1, "modificationTime": 1}});
    let [protocol, metadata, add_a, remove_a] = state();
    let outside = [
        protocol.clone(),
        metadata.clone(),
        json!({"checkpointMetadata": {"version": 10}}),
        sidecar,
    ];
    let uuid = "80a083e8-7026-4e79-81be-64bd76c43a11";
    let forms: [&[(String, Vec<u8>)]; 5] = [
        &[(format!("{OF_TEN}.parquet"), checkpoint(&state()))],
        &[
            (
                format!("{OF_TEN}.0000000001.0000000002.parquet"),
                checkpoint(&[protocol, add_a.clone()]),
            ),
            (
                format!("{OF_TEN}.0000000002.0000000002.parquet"),
                checkpoint(&[metadata, remove_a.clone()]),
            ),
        ],
        &[(format!("{OF_TEN}.{uuid}.json"), lines(&state()))],
        &[
            (format!("{OF_TEN}.{uuid}.json"), lines(&outside)),
            (
                "_sidecars/x y.parquet".to_owned(),
                checkpoint(&[add_a.clone(), remove_a.clone()]),
            ),
        ],
        &[
            (format!("{OF_TEN}.{uuid}.parquet"), checkpoint(&outside)),
            (
                "_sidecars/x y.parquet".to_owned(),
                checkpoint(&[remove_a, add_a]),
            ),
        ],
    ];
    for files in forms {
        let table = two();
        for (name, bytes) in files {
            table.log(name, bytes);
        }
        let next = lines(&[add("b.parquet", None)]);
        table.log("00000000000000000011.json", &next);
        // What points to a checkpoint may be of yesterday, or wrong.
        table.log("_last_checkpoint", br#"{"version":99,"size":1,"parts":7}"#);

        let scan = scanned(&table);

        assert!(scan.missing.is_none(), "{scan:?}");
        assert_eq!(counts(&scan), [8, 8], "{:?}", files[0].0);

        table.log(
            "00000000000000000011.json",
            &lines(&[remove("a.parquet", Some(&inline(&[0, 4])))]),
        );
        assert_eq!(counts(&scanned(&table)), [0, 0]);
    }
}

#[test]
fn a_checkpoint_that_lacks_a_part_is_none() {
    let table = two();
    for version in 0..=11 {
        let name = if version == 11 {
            "b.parquet"
        } else {
            "a.parquet"
        };
        table.log(&format!("{version:020}.json"), &lines(&[add(name, None)]));
    }
    table.log(&format!("{OF_TEN}.0000000001.0000000002.parquet"), b"half");
    assert_eq!(counts(&scanned(&table)), [10, 10]);

    let sidecar = json!({"sidecar": {"path": "gone.parquet"}});
    table.log(
        &format!("{OF_TEN}.80a083e8-7026-4e79-81be-64bd76c43a11.json"),
        &lines(&[sidecar]),
    );
    let scan = scanned(&table);
    let reason = "the checkpoint of the Delta table has a part that is not there: gone.parquet";
    assert_eq!(scan.measured[0].value, Err(Gap::GivenUp(reason.to_owned())));
}

#[test]
fn what_is_no_commit_yet_and_what_is_of_other_versions_does_not_count() {
    let mut table = two();
    table.commit(&[add("a.parquet", None)]);
    let b = lines(&[add("b.parquet", None)]);
    table.log(
        "_staged_commits/00000000000000000001.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json",
        &b,
    );
    table.log("_staged_commits/00000000000000000001.json", &b);
    table.log("00000000000000000000.crc", b"{}");
    table.log(".00000000000000000001.json.tmp", &b);

    assert_eq!(counts(&scanned(&table))[0], 5);
}

#[test]
fn commits_that_were_written_anew_together_stand_for_those_that_are_gone() {
    let table = two();
    let old = lines(&[add("a.parquet", None), add("b.parquet", None)]);
    table.log("00000000000000000000.json", &old);
    let both = lines(&[
        remove("a.parquet", None),
        add("a.parquet", Some(&inline(&[1]))),
    ]);
    table.log(
        "00000000000000000001.00000000000000000003.compacted.json",
        &both,
    );
    assert_eq!(counts(&scanned(&table))[0], 9);

    table.log(
        "00000000000000000004.json",
        &lines(&[remove("b.parquet", None)]),
    );
    assert_eq!(counts(&scanned(&table))[0], 4);

    // The commits themselves are there, too.
    table.log(
        "00000000000000000001.json",
        &lines(&[remove("b.parquet", None)]),
    );
    let gap = scanned(&table).measured[0].value.clone();
    let reason = "the log of the Delta table has no version 2";
    assert_eq!(gap, Err(Gap::GivenUp(reason.to_owned())));
}

#[test]
fn features_that_change_nothing_about_rows_are_none_to_refuse() {
    let mut table = two();
    let known = [
        "columnMapping",
        "deletionVectors",
        "timestampNtz",
        "typeWidening",
        "v2Checkpoint",
        "vacuumProtocolCheck",
        "variantType",
        "domainMetadata",
        "rowTracking",
        "inCommitTimestamp",
        "clustering",
    ];
    table.commit(&[protocol(&known), add("a.parquet", None)]);

    assert_eq!(counts(&scanned(&table))[0], 5);
}
