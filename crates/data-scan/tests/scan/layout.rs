//! Rows as batches: of which types their columns are, and that nothing is lost on the way.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, Time64NanosecondType};
use arrow_array::{
    Array, ArrayRef, BinaryArray, Float64Array, Int32Array, Int64Array, ListArray, RecordBatch,
    StructArray, Time64MicrosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field};
use data_contract::plan::{Kind, Object, Step};
use data_scan::{Format, Layout, Options, Progress, Source, read};
use parquet::arrow::ArrowWriter;

use crate::support::{csv, folder, object, source};

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// The rows of all files in one batch, and why one was not read to its end.
fn rows(object: &Object, source: &Source) -> (Vec<RecordBatch>, Option<String>) {
    let layout = Layout::of(object, source);
    let mut found = Vec::new();
    let take = |batch| {
        found.push(batch);
        true
    };
    let files = read(&layout, source, &Options::default(), &Progress::new(), take).unwrap();
    let broken = files.into_iter().find_map(|file| file.unreadable);
    (found, broken)
}

fn field(name: &str, array: &ArrayRef) -> Arc<Field> {
    Arc::new(Field::new(name, array.data_type().clone(), true))
}

fn nested() -> Object {
    let mut object = object(
        &[
            ("who", Kind::Object),
            ("who.size", Kind::Integer),
            ("tags", Kind::Array),
            ("tag", Kind::Any),
        ],
        Vec::new(),
    );
    object.columns[3].path = vec![Step::Field("tags".to_owned()), Step::Items];
    object
}

/// What `nested` describes: sizes, how many are NULL of the structs, and the lengths of the lists.
fn told(batch: &RecordBatch) -> (Vec<Option<i64>>, usize, Vec<Option<i32>>) {
    let who = batch.column_by_name("who").unwrap().as_struct();
    let sizes = who.column_by_name("size").unwrap();
    let lists = batch.column_by_name("tags").unwrap().as_list::<i32>();
    let lengths = (0..lists.len()).map(|at| lists.is_valid(at).then(|| lists.value_length(at)));
    (
        sizes.as_primitive::<Int64Type>().iter().collect(),
        who.null_count(),
        lengths.collect(),
    )
}

#[test]
fn columns_of_parquet_have_the_type_of_the_file() {
    let bytes = parquet(vec![
        ("wide", Arc::new(UInt64Array::from(vec![u64::MAX, 1]))),
        ("plain", Arc::new(Int32Array::from(vec![9, 10]))),
        ("number", Arc::new(Int64Array::from(vec![(1 << 53) + 1, 1]))),
        ("bytes", Arc::new(BinaryArray::from(vec![&b"a"[..], b""]))),
        ("time", Arc::new(Time64MicrosecondArray::from(vec![1, 2]))),
    ]);
    let folder = folder([("t.parquet", bytes.as_slice())]);
    let object = object(
        &[
            ("wide", Kind::Integer),
            ("plain", Kind::Any),
            ("number", Kind::Number),
            ("bytes", Kind::Any),
            ("time", Kind::Time { format: None }),
        ],
        Vec::new(),
    );

    let (found, broken) = rows(
        &object,
        &source(folder.path(), "t.parquet", Format::Parquet),
    );

    assert_eq!((found.len(), broken), (1, None));
    let column = |at: usize| found[0].column(at);
    let wide = column(0).as_primitive::<Decimal128Type>();
    assert_eq!(wide.value(0), i128::from(u64::MAX));
    assert_eq!(column(1).as_primitive::<Int64Type>().values(), &[9, 10]);
    let numbers = column(2).as_primitive::<Int64Type>();
    assert_eq!(numbers.value(0), (1 << 53) + 1);
    assert_eq!(column(3).as_binary::<i32>().value(0), b"a");
    let times = column(4).as_primitive::<Time64NanosecondType>();
    assert_eq!(times.values(), &[1_000, 2_000]);
}

#[test]
fn structs_and_lists_are_columns_of_parquet_and_json() {
    let sizes: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, None]));
    let known = vec![true, true, false].into();
    let who = StructArray::new(vec![field("size", &sizes)].into(), vec![sizes], Some(known));
    let tags = [Some(vec![Some(1), None]), None, Some(vec![])];
    let tags = ListArray::from_iter_primitive::<Int64Type, _, _>(tags);
    let bytes = parquet(vec![("who", Arc::new(who)), ("tags", Arc::new(tags))]);
    let json = r#"{"who": {"size": 1}, "tags": ["a", null]}
{"who": {}, "tags": null}
{"who": null, "tags": []}
"#;
    let folder = folder([("t.parquet", bytes.as_slice()), ("t.json", json.as_bytes())]);

    for (name, format) in [("t.parquet", Format::Parquet), ("t.json", Format::Json)] {
        let (found, broken) = rows(&nested(), &source(folder.path(), name, format));

        assert_eq!((found.len(), broken), (1, None), "{name}");
        let sizes = vec![Some(1), None, None];
        assert_eq!(
            told(&found[0]),
            (sizes, 1, vec![Some(2), None, Some(0)]),
            "{name}"
        );
    }
    let cells = source(folder.path(), "t.csv", csv());
    assert_eq!(Layout::of(&nested(), &cells).schema().fields().len(), 0);
}

#[test]
fn files_of_other_types_are_brought_to_that_of_the_first_or_refused() {
    let whole = |value| parquet(vec![("a", Arc::new(Int32Array::from(vec![value])))]);
    let double = |value| parquet(vec![("a", Arc::new(Float64Array::from(vec![value])))]);
    for (second, ok) in [(whole(2), true), (double(2.0), true), (double(2.5), false)] {
        let folder = folder([("a.parquet", whole(1).as_slice()), ("b.parquet", &second)]);
        let object = object(&[("a", Kind::Number)], Vec::new());

        let (found, broken) = rows(
            &object,
            &source(folder.path(), "*.parquet", Format::Parquet),
        );

        assert_eq!(broken.is_none(), ok, "{broken:?}");
        let last = found.last().unwrap().column(0).as_primitive::<Int64Type>();
        assert_eq!(last.value(0), if ok { 2 } else { 1 });
    }
}

#[test]
fn values_of_json_without_a_type_are_what_the_first_ones_are() {
    let more = "{\"a\": 9, \"b\": 1.5, \"c\": \"x\"}\n".repeat(50_000);
    let whole = format!("{more}{{\"a\": 10, \"b\": 2, \"c\": 3}}\n");
    let mixed = format!("{more}{{\"a\": \"x\", \"b\": 2}}\n");
    let folder = folder([("w.json", whole.as_bytes()), ("m.json", mixed.as_bytes())]);
    let kinds = [("a", Kind::Any), ("b", Kind::Any), ("c", Kind::Any)];
    let object = object(&kinds, Vec::new());

    let (found, broken) = rows(&object, &source(folder.path(), "w.json", Format::Json));
    let last = found.last().unwrap();
    let row = last.num_rows() - 1;
    assert_eq!(broken, None);
    assert_eq!(last.column(0).as_primitive::<Int64Type>().value(row), 10);
    let numbers = last.column(1).as_primitive::<Float64Type>();
    assert!((numbers.value(row) - 2.0).abs() < f64::EPSILON);
    assert_eq!(last.column(2).as_string::<i32>().value(row), "3");

    let (_, broken) = rows(&object, &source(folder.path(), "m.json", Format::Json));
    assert_eq!(
        broken.as_deref(),
        Some("the column a: it has no logicalType, and not all values are like the first ones")
    );
}

#[test]
fn whole_numbers_are_as_wide_as_their_column_or_refused() {
    let json = r#"{"a": 18446744073709551615}"#;
    let folder = folder([
        ("t.json", json.as_bytes()),
        ("t.csv", b"a\n18446744073709551615\n"),
    ]);
    let mut object = object(&[("a", Kind::Integer)], Vec::new());
    let places = [("t.json", Format::Json), ("t.csv", csv())];
    let [json, cells] = places.map(|(name, format)| source(folder.path(), name, format));

    let (_, broken) = rows(&object, &json);
    assert!(broken.is_some_and(|reason| reason.contains("not between -9223372036854775808")));

    object.columns[0].wide = true;
    for source in [json, cells] {
        let (found, broken) = rows(&object, &source);
        assert_eq!(broken, None);
        let wide = found[0].column(0).as_primitive::<Decimal128Type>();
        assert_eq!(wide.value(0), i128::from(u64::MAX));
        assert_eq!(wide.data_type(), &DataType::Decimal128(38, 0));
    }
}
