//! Columns of Delta tables that files call otherwise, lack, or have in a narrower type.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Int32Builder, MapBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, Date32Array, Decimal128Array, Float32Array, Float64Array, Int32Array,
    Int64Array, ListArray, StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field};
use data_contract::plan::{
    ColumnId, Gap, Kind, Literal, Measure, Object, Side, Step, Value as Found,
};
use data_scan::{Format, Layout, Options, Progress, profile};
use serde_json::{Value, json};

use crate::support::{A, B, count, object, run, source, values};
use crate::tables::{Table, add, column, metadata, parquet, protocol};

/// A field with a number.
fn field(name: &str, array: &ArrayRef, id: i32) -> Field {
    let number = HashMap::from([("PARQUET:field_id".to_owned(), id.to_string())]);
    Field::new(name, array.data_type().clone(), true).with_metadata(number)
}

fn wholes(values: &[i32]) -> ArrayRef {
    Arc::new(Int32Array::from(values.to_vec()))
}

/// A struct of a number and of one that was dropped.
fn pairs(kept: (&str, &[i32]), dropped: (&str, &[i32])) -> ArrayRef {
    let (kept, dropped) = ((kept.0, wholes(kept.1)), (dropped.0, wholes(dropped.1)));
    let fields = vec![field(kept.0, &kept.1, 4), field(dropped.0, &dropped.1, 9)];
    Arc::new(StructArray::new(
        fields.into(),
        vec![kept.1, dropped.1],
        None,
    ))
}

fn schema() -> Value {
    let inner = json!({"type": "struct", "fields": [
        column("x", &json!("integer"), ("col-x", 4)),
        column("y", &json!("integer"), ("col-y", 7)),
    ]});
    json!([
        column("id", &json!("integer"), ("col-id", 1)),
        column("old", &json!("integer"), ("id", 2)),
        column("s", &inner, ("col-s", 3)),
        column("day", &json!("date"), ("col-day", 5)),
        column("new", &json!("string"), ("col-new", 6)),
    ])
}

fn contract() -> Object {
    let kinds = [
        ("id", Kind::Integer),
        ("old", Kind::Integer),
        ("s.x", Kind::Integer),
        ("s", Kind::Object),
        ("day", Kind::Date { format: None }),
        ("new", Kind::String),
        ("s.y", Kind::Integer),
    ];
    let at = ColumnId;
    let lacks = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    object(
        &kinds,
        vec![
            Measure::Rows,
            Measure::Sum(at(0)),
            Measure::Sum(at(1)),
            Measure::Sum(at(2)),
            Measure::Items(at(3), Side::High, 1),
            Measure::LacksProperty(at(3), lacks(&["x"])),
            Measure::Distinct(vec![at(4)]),
            Measure::Nulls(at(5)),
            Measure::Absent(at(5)),
            Measure::Nulls(at(6)),
            Measure::Absent(at(6)),
            Measure::ExtraColumns,
        ],
    )
}

fn expected() -> Vec<Result<Found, Gap>> {
    let sum = |sum| Ok(Found::Scalar(Literal::Integer(sum)));
    let count = |count| Ok(Found::Count(count));
    vec![
        count(2),
        sum(3),
        sum(30),
        sum(300),
        count(0),
        count(0),
        count(1),
        count(2),
        count(0),
        count(2),
        count(0),
        count(0),
    ]
}

fn partitioned(path: &str) -> Value {
    let mut add = add(path, None);
    add["add"]["partitionValues"] = json!({"col-day": "2026-11-30"});
    add
}

#[test]
fn columns_are_found_by_their_physical_names_or_numbers() {
    let columns = |names: [&str; 6]| {
        let s = pairs((names[3], &[100, 200]), (names[4], &[7, 7]));
        let columns = [
            (names[0], wholes(&[1, 2]), 1),
            (names[1], wholes(&[10, 20]), 2),
            (names[2], s, 3),
            // It was dropped.
            (names[5], wholes(&[5, 5]), 8),
        ];
        columns.map(|(name, array, id)| (field(name, &array, id), array))
    };
    let by_name = columns(["col-id", "id", "col-s", "col-x", "x", "col-dropped"]);
    let by_id = columns(["a", "b", "c", "d", "e", "id"]);
    for (mode, columns) in [("name", by_name), ("id", by_id)] {
        let mut table = Table::new();
        table.file("a.parquet", &parquet(&columns, &[]));
        table.commit(&[
            protocol(&["columnMapping"]),
            metadata(&schema(), mode),
            partitioned("a.parquet"),
        ]);
        let source = source(table.path(), "t", Format::Delta);

        let scan = run(&contract(), source.clone(), &Options::default());

        assert_eq!(values(&scan), expected(), "{mode}");
        let profile = profile("t", &source, &Options::default(), &Progress::new()).unwrap();
        let names: Vec<&str> = profile
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, ["id", "old", "s", "s.x", "s.y", "day", "new"]);
        assert_eq!(profile.columns[5].least.as_deref(), Some("2026-11-30"));
    }
}

#[test]
fn a_mapping_that_the_protocol_does_not_have_is_none() {
    let mut table = Table::new();
    let array = wholes(&[1, 2]);
    table.file(
        "a.parquet",
        &parquet(&[(field("id", &array, 1), array)], &[]),
    );
    let version_1 = json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}});
    table.commit(&[
        version_1,
        metadata(&schema(), "name"),
        add("a.parquet", None),
    ]);
    let contract = object(&[("id", Kind::Integer)], vec![Measure::Sum(A)]);

    let scan = run(
        &contract,
        source(table.path(), "t", Format::Delta),
        &Options::default(),
    );

    assert_eq!(values(&scan), [Ok(Found::Scalar(Literal::Integer(3)))]);
}

#[test]
fn columns_by_numbers_are_not_looked_for_in_files_without_any() {
    let mut table = Table::new();
    let array = wholes(&[1, 2]);
    table.file(
        "a.parquet",
        &parquet(&[(Field::new("id", DataType::Int32, true), array)], &[]),
    );
    table.commit(&[
        protocol(&["columnMapping"]),
        metadata(&schema(), "id"),
        add("a.parquet", None),
    ]);

    let scan = run(
        &contract(),
        source(table.path(), "t", Format::Delta),
        &Options::default(),
    );

    let reason = scan.files[0].unreadable.clone().unwrap();
    assert!(
        reason.contains("no numbers, by which the table knows them"),
        "{reason}"
    );
}

#[test]
fn maps_and_lists_of_structs_have_the_names_of_the_table() {
    let xs = wholes(&[1, 2, 3]);
    let inner = StructArray::new(vec![field("col-x", &xs, 4)].into(), vec![xs], None);
    let item = Arc::new(Field::new("element", inner.data_type().clone(), true));
    let offsets = arrow_buffer::OffsetBuffer::from_lengths([2, 1]);
    let lists: ArrayRef = Arc::new(ListArray::new(item, offsets, Arc::new(inner), None));
    let mut maps = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for key in ["k", "l"] {
        maps.keys().append_value(key);
        maps.values().append_value(1);
        maps.append(true).unwrap();
    }
    let maps: ArrayRef = Arc::new(maps.finish());
    let of_list = json!({"type": "array", "containsNull": true, "elementType":
        {"type": "struct", "fields": [column("x", &json!("long"), ("col-x", 4))]}});
    let of_map =
        json!({"type": "map", "keyType": "string", "valueType": "long", "valueContainsNull": true});
    let schema = json!([
        column("l", &of_list, ("col-l", 1)),
        column("m", &of_map, ("col-m", 2))
    ]);
    let mut table = Table::new();
    table.file(
        "a.parquet",
        &parquet(
            &[
                (field("col-l", &lists, 1), lists),
                (field("col-m", &maps, 2), maps),
            ],
            &[],
        ),
    );
    table.commit(&[
        protocol(&["columnMapping"]),
        metadata(&schema, "name"),
        add("a.parquet", None),
    ]);
    let measures = vec![
        Measure::Extreme(A, Side::High),
        Measure::LacksProperty(B, vec!["k".to_owned()]),
    ];
    let mut contract = object(&[("l", Kind::Integer), ("m", Kind::Object)], measures);
    let inner = [Step::Items, Step::Field("x".to_owned())];
    contract.columns[0].path.extend(inner);

    let scan = run(
        &contract,
        source(table.path(), "t", Format::Delta),
        &Options::default(),
    );

    assert_eq!(values(&scan)[0], Ok(Found::Scalar(Literal::Integer(3))));
    assert_eq!(count(&scan.measured[1]), 1);
}

fn decimals(values: Vec<i128>, digits: u8, scale: i8) -> ArrayRef {
    let array = Decimal128Array::from(values);
    Arc::new(array.with_precision_and_scale(digits, scale).unwrap())
}

/// A table whose first file is of the types before they were widened.
fn widened() -> Table {
    let before: [ArrayRef; 5] = [
        wholes(&[1, 2]),
        Arc::new(Float32Array::from(vec![0.5, 1.5])),
        decimals(vec![150, 250], 5, 2),
        wholes(&[7, 8]),
        Arc::new(Date32Array::from(vec![1, 2])),
    ];
    let after: [ArrayRef; 5] = [
        Arc::new(Int64Array::from(vec![1, 3])),
        Arc::new(Float64Array::from(vec![0.5, 2.5])),
        decimals(vec![15_000, 1], 10, 4),
        decimals(vec![70, 75], 11, 1),
        Arc::new(TimestampMicrosecondArray::from(vec![86_400_000_000, 1])),
    ];
    let mut table = Table::new();
    for (name, arrays) in [("a.parquet", before), ("b.parquet", after)] {
        let columns = arrays.into_iter().zip(WIDENED);
        let columns = columns.map(|(array, (name, _))| (field(name, &array, 1), array));
        table.file(name, &parquet(&columns.collect::<Vec<_>>(), &[]));
    }
    let fields = WIDENED.map(|(name, of)| {
        let of = if of == "bigint" { "long" } else { of };
        json!({"name": name, "type": of, "nullable": true, "metadata": {}})
    });
    table.commit(&[
        protocol(&["typeWidening", "timestampNtz"]),
        metadata(&json!(fields), "none"),
        add("a.parquet", None),
        add("b.parquet", None),
    ]);
    table
}

/// Columns with their types since they were widened.
const WIDENED: [(&str, &str); 5] = [
    ("i", "bigint"),
    ("f", "double"),
    ("d", "decimal(10,4)"),
    ("n", "decimal(11,1)"),
    ("t", "timestamp_ntz"),
];

#[test]
fn files_from_before_a_column_was_widened_have_its_values() {
    let time = Kind::Timestamp {
        format: None,
        zone: None,
    };
    let kinds = [
        Kind::Integer,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        time,
    ];
    let columns: Vec<(&str, Kind)> = WIDENED
        .map(|(name, _)| name)
        .into_iter()
        .zip(kinds)
        .collect();
    let measures = |column| {
        [
            Measure::Distinct(vec![column]),
            Measure::WrongType(column),
            Measure::WrongPhysicalType(column),
            Measure::Extreme(column, Side::Low),
        ]
    };
    let mut contract = object(&columns, (0..5).map(ColumnId).flat_map(measures).collect());
    for (column, (_, physical)) in contract.columns.iter_mut().zip(WIDENED) {
        column.physical_type = Some(physical.to_owned());
    }
    let table = widened();
    let source = source(table.path(), "t", Format::Delta);

    let scan = run(&contract, source.clone(), &Options::default());

    let least = [
        Literal::Integer(1),
        Literal::Number(0.5),
        Literal::Number(0.0001),
        Literal::Integer(7),
        Literal::Timestamp(1),
    ];
    for (place, least) in least.into_iter().enumerate() {
        let of_column = &scan.measured[place * 4..][..4];
        let counted: Vec<u64> = of_column[..3].iter().map(count).collect();
        assert_eq!(counted, [3, 0, 0], "{place}");
        assert_eq!(of_column[3].value, Ok(Found::Scalar(least)));
    }
    let layout = Layout::of(&contract, &source);
    assert_eq!(
        layout.schema().field(2).data_type(),
        &DataType::Decimal128(10, 4)
    );
}
