//! What is not measured is never told as if it were: other types, broken parts, what nobody reads.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, MapBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
};
use arrow_schema::{Field, Schema};
use data_contract::plan::{
    Bound, Format as Text, Gap, Kind, Literal, Measure, Object, ObjectId, Side, Value,
};
use data_scan::{
    Dialect, Format, Layout, Oddity, Options, Progress, Source, guess, profile, read, scan,
};
use parquet::arrow::ArrowWriter;

use crate::support::{A, B, count, counts, csv, folder, object, run, run_csv, source, values};

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let fields: Vec<_> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn words(words: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(words.to_vec()))
}

fn wholes(wholes: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(wholes.to_vec()))
}

fn rows_of(object: &Object, source: &Source) -> (usize, Option<String>) {
    let mut rows = 0;
    let take = |batch: RecordBatch| {
        rows += batch.num_rows();
        true
    };
    let layout = Layout::of(object, source);
    let files = read(&layout, source, &Options::default(), &Progress::new(), take).unwrap();
    (rows, files[0].unreadable.clone())
}

#[test]
fn rows_are_handed_out_without_a_column_and_not_with_one_of_another_type() {
    let bytes = parquet(vec![("a", words(&["x", "y"]))]);
    let folder = folder([("t.parquet", bytes.as_slice())]);
    let source = source(folder.path(), "t.parquet", Format::Parquet);

    assert_eq!(rows_of(&object(&[], Vec::new()), &source), (2, None));
    let (rows, why) = rows_of(&object(&[("a", Kind::Integer)], Vec::new()), &source);
    assert_eq!(rows, 0);
    assert_eq!(why.as_deref(), Some("the column a is of type Utf8"));
}

#[test]
fn decimals_are_handed_out_as_they_are() {
    let amounts = Decimal128Array::from(vec![Some(10), None, Some(20)]);
    let amounts = amounts.with_precision_and_scale(38, 2).unwrap();
    let bytes = parquet(vec![("a", Arc::new(amounts.clone()))]);
    let folder = folder([("t.parquet", bytes.as_slice())]);
    let source = source(folder.path(), "t.parquet", Format::Parquet);
    let object = object(&[("a", Kind::Number)], Vec::new());
    let mut found = Vec::new();
    let take = |batch: RecordBatch| {
        found.push(batch.column(0).clone());
        true
    };

    let layout = Layout::of(&object, &source);
    read(
        &layout,
        &source,
        &Options::default(),
        &Progress::new(),
        take,
    )
    .unwrap();

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].as_ref(), &amounts as &dyn arrow_array::Array);
}

/// Keys of one file that another one lacks.
fn orphans((here, kind): (Vec<u8>, Kind), (there, other): (Vec<u8>, Kind)) -> Result<Value, Gap> {
    let folder = folder([
        ("a.parquet", here.as_slice()),
        ("b.parquet", there.as_slice()),
    ]);
    let orphans = Measure::Orphans {
        columns: vec![A],
        to: ObjectId(1),
        to_columns: vec![A],
    };
    let objects = [
        object(&[("k", kind)], vec![orphans]),
        object(&[("k", other)], Vec::new()),
    ];
    let sources =
        ["a.parquet", "b.parquet"].map(|name| source(folder.path(), name, Format::Parquet));
    let scans = scan(&objects, &sources, &Options::default(), &Progress::new()).unwrap();
    scans[0].measured[0].value.clone()
}

#[test]
fn keys_of_numbers_are_found_whatever_type_they_are_kept_as() {
    let whole = || parquet(vec![("k", wholes(&[1, 2, 9]))]);
    let float: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 3.5]));
    let decimal = Decimal128Array::from(vec![100, 200, 350]);
    let decimal: ArrayRef = Arc::new(decimal.with_precision_and_scale(10, 2).unwrap());
    for other in [float, decimal] {
        let other = || parquet(vec![("k", Arc::clone(&other))]);
        let (integer, number) = (Kind::Integer, Kind::Number);
        let found = orphans((whole(), integer.clone()), (other(), number.clone()));
        assert_eq!(found, Ok(Value::Count(1)));
        let found = orphans((other(), number), (whole(), integer));
        assert_eq!(found, Ok(Value::Count(1)));
    }
}

#[test]
fn keys_of_text_and_numbers_are_not_compared() {
    let numbers = parquet(vec![("k", wholes(&[1]))]);
    let texts = parquet(vec![("k", words(&["1"]))]);

    let found = orphans((texts, Kind::Any), (numbers, Kind::Integer));

    assert!(
        matches!(&found, Err(Gap::Failed(reason)) if reason.contains("text")),
        "{found:?}"
    );
}

#[test]
fn keys_are_counted_where_one_file_has_another_type() {
    let object = object(
        &[("k", Kind::Integer)],
        vec![Measure::Surplus(vec![A]), Measure::RepeatedKeys(vec![A])],
    );
    let good = parquet(vec![("k", wholes(&[1, 1, 2]))]);
    let other = parquet(vec![("k", words(&["x", "x"]))]);
    let folder = folder([
        ("a.parquet", good.as_slice()),
        ("b.parquet", other.as_slice()),
    ]);

    let found = run(
        &object,
        source(folder.path(), "*.parquet", Format::Parquet),
        &Options::default(),
    );

    assert_eq!(counts(&found), [1, 1]);
}

#[test]
fn a_map_is_an_object_with_names_of_its_own() {
    let mut maps = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
    maps.keys().append_value("x");
    maps.values().append_value(1);
    maps.append(true).unwrap();
    maps.append(true).unwrap();
    let bytes = parquet(vec![("m", Arc::new(maps.finish()))]);
    let folder = folder([("t.parquet", bytes.as_slice())]);
    let object = object(
        &[("m", Kind::Object)],
        vec![
            Measure::WrongType(A),
            Measure::LacksProperty(A, vec!["x".to_owned()]),
            Measure::Items(A, Side::Low, 1),
        ],
    );

    let found = run(
        &object,
        source(folder.path(), "t.parquet", Format::Parquet),
        &Options::default(),
    );

    assert_eq!(counts(&found), [0, 1, 1]);
}

#[test]
fn columns_of_a_file_that_breaks_off_are_not_known() {
    let mut bytes = parquet(vec![("a", wholes(&[1, 2, 3]))]);
    // The pages stand behind the magic number, before the footer.
    bytes[4..30].fill(0xFF);
    let folder = folder([("t.parquet", bytes.as_slice())]);
    let object = object(
        &[("a", Kind::Integer)],
        vec![Measure::Sum(A), Measure::Surplus(vec![A])],
    );

    let found = run(
        &object,
        source(folder.path(), "t.parquet", Format::Parquet),
        &Options::default(),
    );

    assert!(found.files[0].unreadable.is_some());
    for value in values(&found) {
        assert!(matches!(value, Err(Gap::Failed(_))), "{value:?}");
    }
}

#[test]
fn a_column_that_a_file_has_twice_is_found() {
    let bytes = parquet(vec![("a", wholes(&[1])), ("a", wholes(&[2]))]);
    let folder = folder([("t.parquet", bytes.as_slice())]);

    let found = run(
        &object(&[("a", Kind::Integer)], vec![Measure::Rows]),
        source(folder.path(), "t.parquet", Format::Parquet),
        &Options::default(),
    );

    let oddities: Vec<_> = found.findings.iter().map(|found| &found.oddity).collect();
    assert_eq!(oddities, [&Oddity::RepeatedColumn("a".to_owned())]);
}

#[test]
fn without_values_only_names_and_footers_are_known() {
    let options = Options {
        metadata_only: true,
        samples: 1,
        ..Options::default()
    };
    let nulls = object(
        &[("a", Kind::Integer)],
        vec![Measure::Absent(A), Measure::Rows, Measure::Nulls(A)],
    );
    let unread = Gap::NotMeasurable("no values were read, and metadata do not say it".to_owned());

    let of_csv = run_csv(&nulls, "a\n1\n", &options);
    assert_eq!(values(&of_csv)[0], Ok(Value::Count(0)));
    assert_eq!(values(&of_csv)[1..], [Err(unread.clone()), Err(unread)]);
    assert_eq!(of_csv.findings, []);

    let with_null: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let bytes = parquet(vec![("a", with_null)]);
    let folder = folder([("t.parquet", bytes.as_slice())]);
    let of_parquet = run(
        &nulls,
        source(folder.path(), "t.parquet", Format::Parquet),
        &options,
    );
    assert_eq!(counts(&of_parquet), [0, 2, 1]);
}

#[test]
fn a_delimiter_that_nobody_said_is_found_in_the_header() {
    let guessed = |guessed| {
        Format::Csv(Dialect {
            guessed,
            ..Dialect::default()
        })
    };
    let object = object(
        &[("a", Kind::Integer), ("b", Kind::Integer)],
        vec![Measure::Absent(A), Measure::WrongType(B), Measure::Rows],
    );
    let folder = folder([("t.csv", &b"a;b\n1;2\n"[..])]);
    let of = |format| source(folder.path(), "t.csv", format);

    let found = run(&object, of(guessed(true)), &Options::default());
    assert_eq!(counts(&found), [0, 0, 1]);
    assert_eq!(found.findings[0].oddity, Oddity::Delimiter(';'));
    let shown = guess(&of(guessed(true)), None).unwrap().unwrap();
    assert_eq!(shown.dialect.delimiter, b';');

    let said = run(&object, of(guessed(false)), &Options::default());
    assert_eq!(count(&said.measured[0]), 1);
}

#[test]
fn a_compression_that_is_not_read_is_named() {
    for (magic, name) in [
        (&b"BZh91AY"[..], "bzip2"),
        (b"\xFD7zXZ\0", "xz"),
        (b"PK\x03\x04", "zip"),
    ] {
        let folder = folder([("t.csv", magic)]);
        let object = object(&[("a", Kind::Integer)], vec![Measure::Rows]);

        let found = run(
            &object,
            source(folder.path(), "t.csv", csv()),
            &Options::default(),
        );

        let why = found.files[0].unreadable.clone().unwrap();
        assert!(why.contains(name), "{why}");
    }
}

#[test]
fn an_array_that_does_not_end_is_a_broken_file() {
    let folder = folder([("t.json", &b"[{\"a\": 1},\n{\"a\": 2}\n"[..])]);

    let found = run(
        &object(&[("a", Kind::Integer)], vec![Measure::Rows]),
        source(folder.path(), "t.json", Format::Json),
        &Options::default(),
    );

    let why = found.files[0].unreadable.as_deref();
    assert_eq!(why, Some("it ends in the middle of an array"));
}

#[test]
fn whole_numbers_of_json_may_have_a_point_and_a_sign() {
    let folder = folder([(
        "t.json",
        &b"{\"a\": 2.0}\n{\"a\": -0}\n{\"a\": 1e2}\n{\"a\": 1.5}\n"[..],
    )]);

    let found = run(
        &object(
            &[("a", Kind::Integer)],
            vec![Measure::WrongType(A), Measure::Sum(A)],
        ),
        source(folder.path(), "t.json", Format::Json),
        &Options::default(),
    );

    let sum = Value::Scalar(Literal::Integer(102));
    assert_eq!(values(&found), [Ok(Value::Count(1)), Ok(sum)]);
}

#[test]
fn numbers_of_csv_are_as_wide_as_their_format() {
    let most = Bound {
        value: Literal::Integer(1 << 63),
        exclusive: false,
    };
    let measures = |format| {
        vec![
            Measure::WrongType(A),
            Measure::Malformed(A, format),
            Measure::Beyond(A, Side::High, most.clone()),
        ]
    };
    let of = |format| {
        let mut object = object(&[("a", Kind::Integer)], measures(format));
        object.columns[0].wide = format == Text::U64;
        object
    };
    let text = "a\n18446744073709551615\n1\n-1\n";

    assert_eq!(
        counts(&run_csv(&of(Text::U64), text, &Options::default())),
        [0, 1, 1]
    );
    assert_eq!(
        counts(&run_csv(&of(Text::I64), text, &Options::default()))[0],
        1
    );
}

#[test]
fn what_cannot_be_read_is_like_nothing() {
    let folder = folder([("t.parquet", &b"PAR1 cut off"[..]), ("t.csv", b"")]);
    for (name, format) in [("t.parquet", Format::Parquet), ("t.csv", csv())] {
        let source = source(folder.path(), name, format);
        let looked = profile("t", &source, &Options::default(), &Progress::new());
        assert!(looked.is_err(), "{name}: {looked:?}");
    }
}

#[test]
fn a_struct_that_a_file_lacks_lacks_nothing_of_it() {
    let mut nested = object(
        &[("who", Kind::Object), ("who.name", Kind::String)],
        vec![Measure::Absent(B), Measure::Nulls(A), Measure::Nulls(B)],
    );
    nested.columns[0].nullable = true;
    let name: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None]));
    let field = Arc::new(Field::new("name", name.data_type().clone(), true));
    let who: ArrayRef = Arc::new(StructArray::from(vec![(field, name)]));
    let with = parquet(vec![("who", who), ("n", wholes(&[1, 2]))]);
    let without = parquet(vec![("n", wholes(&[1, 2, 3]))]);
    let folder = folder([
        ("a.parquet", with.as_slice()),
        ("b.parquet", without.as_slice()),
    ]);

    let found = run(
        &nested,
        source(folder.path(), "*.parquet", Format::Parquet),
        &Options::default(),
    );

    assert_eq!(counts(&found), [0, 3, 4]);
}

#[test]
fn a_file_of_another_format_is_told_as_such() {
    let object = object(&[("a", Kind::Integer)], vec![Measure::Rows]);
    let folder = folder([("p", &b"PAR1\x15\x04\x15\n,"[..]), ("c", b"a\n1\n")]);
    for (file, format, told) in [
        ("p", csv(), "write `format: parquet`"),
        ("p", Format::Json, "write `format: parquet`"),
        ("c", Format::Parquet, "write `format: csv`"),
    ] {
        let scanned = run(
            &object,
            source(folder.path(), file, format),
            &Options::default(),
        );
        let reason = scanned.files[0].unreadable.as_deref().unwrap_or_default();
        assert!(reason.ends_with(told), "{file}: {reason}");
        assert_eq!(scanned.findings, [], "{file}");
    }
}

#[test]
fn columns_that_may_be_meant_by_one_that_is_missing_are_named() {
    let object = object(&[("boroug", Kind::String)], vec![Measure::Absent(A)]);
    let scanned = run_csv(&object, "Borough,zone\nx,y\n", &Options::default());

    let named = scanned.measured[0].samples.iter();
    let named: Vec<_> = named.filter_map(|sample| sample.value.as_deref()).collect();
    assert_eq!(named, ["Borough", "zone"]);
}

#[test]
fn the_type_of_a_column_of_another_type_is_named() {
    let mut object = object(
        &[("a", Kind::Integer)],
        vec![Measure::WrongType(A), Measure::WrongPhysicalType(A)],
    );
    object.columns[0].physical_type = Some("BIGINT".to_owned());
    let numbers: ArrayRef = Arc::new(Float64Array::from(vec![1.5, 2.5]));
    let bytes = parquet(vec![("a", numbers)]);
    let folder = folder([("t.parquet", bytes.as_slice())]);

    let scanned = run(
        &object,
        source(folder.path(), "t.parquet", Format::Parquet),
        &Options::default(),
    );

    for measured in &scanned.measured {
        let types = measured.samples.iter();
        let types: Vec<_> = types.filter_map(|sample| sample.value.as_deref()).collect();
        assert_eq!(types, ["Float64"], "{measured:?}");
    }
}
