//! Parquet: random columns counted by hand, with and without what footers say; types that are not those of the contract.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array,
    LargeStringArray, ListArray, RecordBatch, StringArray, StructArray, TimestampNanosecondArray,
    UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use data_contract::plan::{
    Bound, ColumnId, Evidence, Gap, Kind, Literal, Measure, Pattern, Side, Value,
};
use data_scan::{Format, ObjectScan, Options};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use proptest::prelude::*;

use crate::support::{A, B, count, counts, folder, object, repeats, run, source, text, values};

fn write(columns: Vec<(&str, ArrayRef)>, group: usize, statistics: bool) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let enabled = if statistics {
        EnabledStatistics::Page
    } else {
        EnabledStatistics::None
    };
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .set_data_page_row_count_limit(10)
        .set_write_batch_size(5)
        .set_statistics_enabled(enabled)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn scan_of(object: &data_contract::plan::Object, bytes: &[u8], options: &Options) -> ObjectScan {
    let folder = folder([("t.parquet", bytes)]);
    run(
        object,
        source(folder.path(), "t.parquet", Format::Parquet),
        options,
    )
}

fn tally<T>(values: impl Iterator<Item = T>, test: impl Fn(T) -> bool) -> u64 {
    values.filter_map(|value| test(value).then_some(())).count() as u64
}

type Row = (Option<i32>, Option<f64>, Option<String>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![5 => -9.0_f64..9.0, 1 => Just(f64::NAN), 1 => Just(-0.0), 1 => Just(f64::INFINITY)];
    let row = (
        proptest::option::weighted(0.8, -20_i32..20),
        proptest::option::of(number),
        proptest::option::of("[abü ]{0,4}"),
    );
    proptest::collection::vec(row, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_count_is_that_of_counting_by_hand(
        rows in rows(),
        group in 1_usize..50,
        statistics in any::<bool>(),
        threads in 1_usize..4,
        samples in 0_usize..2,
    ) {
        let c = ColumnId(2);
        let beyond = |column, side, value, exclusive| Measure::Beyond(column, side, Bound { value, exclusive });
        let object = object(
            &[("a", Kind::Integer), ("b", Kind::Number), ("c", Kind::String)],
            vec![
                Measure::Rows,
                Measure::Nulls(A),
                beyond(A, Side::Low, Literal::Integer(-15), false),
                beyond(A, Side::High, Literal::Number(15.5), false),
                Measure::Invalid { column: A, values: Some((0..25).map(Literal::Integer).collect()), pattern: None },
                beyond(B, Side::High, Literal::Integer(5), true),
                Measure::Missing(B, vec![Literal::Integer(0)]),
                Measure::Missing(c, vec![text("a"), text("")]),
                Measure::Length(c, Side::High, 2),
                Measure::Invalid { column: c, values: None, pattern: Some(Pattern("^[^ü]*$".to_owned())) },
                Measure::RepeatedKeys(vec![A]),
                Measure::Surplus(vec![B]),
                Measure::Surplus(vec![A, c]),
                Measure::WrongType(A),
            ],
        );
        let bytes = write(
            vec![
                ("a", Arc::new(rows.iter().map(|row| row.0).collect::<Int32Array>()) as ArrayRef),
                ("b", Arc::new(rows.iter().map(|row| row.1).collect::<Float64Array>())),
                ("c", Arc::new(rows.iter().map(|row| row.2.clone()).collect::<StringArray>())),
            ],
            group,
            statistics,
        );

        let scan = scan_of(&object, &bytes, &Options { threads, samples, ..Options::default() });

        let a = || rows.iter().filter_map(|row| row.0);
        let b = || rows.iter().filter_map(|row| row.1);
        let texts = || rows.iter().filter_map(|row| row.2.as_ref());
        let nulls = rows.len() as u64 - a().count() as u64;
        let bits = |value: f64| if value == 0.0 { 0 } else if value.is_nan() { 1 } else { value.to_bits() };
        let expected = vec![
            rows.len() as u64,
            nulls,
            tally(a(), |value| value < -15),
            tally(a(), |value| value > 15),
            tally(a(), |value| value < 0),
            tally(b(), |value| value.is_nan() || value >= 5.0),
            tally(rows.iter(), |row| row.1.is_none_or(|value| value == 0.0)),
            tally(rows.iter(), |row| row.2.as_ref().is_none_or(|text| text.is_empty() || text == "a")),
            tally(texts(), |text| text.chars().count() > 2),
            tally(texts(), |text| text.contains('ü')),
            repeats(a()).0,
            repeats(b().map(bits)).1,
            repeats(rows.iter().filter_map(|row| Some((row.0?, row.2.clone()?)))).1,
            0,
        ];
        prop_assert_eq!(counts(&scan), expected);
    }
}

/// Whole numbers and days with measures that a footer decides, and two that it does not.
fn footer_case() -> (data_contract::plan::Object, Vec<u8>) {
    let beyond = |side, bound| {
        let bound = Bound {
            value: Literal::Integer(bound),
            exclusive: false,
        };
        Measure::Beyond(A, side, bound)
    };
    let object = object(
        &[("a", Kind::Integer), ("t", Kind::Date { format: None })],
        vec![
            Measure::Rows,
            Measure::Nulls(A),
            beyond(Side::Low, 0),
            Measure::Extreme(B, Side::High),
            beyond(Side::High, 2),
            Measure::Surplus(vec![A]),
        ],
    );
    let a: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
    let t: ArrayRef = Arc::new(Date32Array::from(vec![1, 5, 2]));
    (object, write(vec![("a", a), ("t", t)], 10, true))
}

#[test]
fn nothing_is_read_but_footers_when_told_so() {
    let (object, bytes) = footer_case();
    let options = Options {
        metadata_only: true,
        ..Options::default()
    };

    let scan = scan_of(&object, &bytes, &options);

    let reason = "no values were read, and metadata do not say it".to_owned();
    let unread = Gap::NotMeasurable(reason);
    let expected = vec![
        Ok(Value::Count(3)),
        Ok(Value::Count(1)),
        Ok(Value::Count(0)),
        Ok(Value::Scalar(Literal::Date(5))),
        // One of them is the greatest value that the footer names.
        Ok(Value::AtLeast(1, unread.clone())),
        Err(unread),
    ];
    assert_eq!(values(&scan), expected);
    let decided = scan.measured[..4].iter();
    assert!(
        decided
            .clone()
            .all(|measured| measured.evidence == Evidence::Metadata)
    );
}

#[test]
fn what_footers_decide_is_not_read_otherwise_either() {
    let (object, bytes) = footer_case();

    let scan = scan_of(&object, &bytes, &Options::default());

    let decided = scan.measured[..4].iter();
    assert!(
        decided
            .clone()
            .all(|measured| measured.evidence == Evidence::Metadata)
    );
    assert_eq!(scan.measured[4].evidence, Evidence::Scan);
    assert_eq!(count(&scan.measured[4]), 1);
}

#[test]
fn a_column_of_another_type_is_counted_and_not_cast() {
    let object = object(
        &[("a", Kind::Integer), ("b", Kind::Integer)],
        vec![
            Measure::WrongType(A),
            Measure::RepeatedKeys(vec![A]),
            Measure::Nulls(A),
            Measure::Extreme(A, Side::Low),
            Measure::WrongType(B),
        ],
    );
    let bytes = write(
        vec![
            (
                "a",
                Arc::new(Float64Array::from(vec![Some(1.5), Some(2.0), None])) as ArrayRef,
            ),
            ("b", Arc::new(StringArray::from(vec!["1", "2", "3"]))),
        ],
        10,
        true,
    );

    let scan = scan_of(&object, &bytes, &Options::default());

    assert_eq!(count(&scan.measured[0]), 2);
    assert_eq!(
        scan.measured[1].value,
        Err(Gap::NotMeasurable(
            "the column a is of type Float64".to_owned()
        ))
    );
    assert_eq!(count(&scan.measured[2]), 1);
    assert_eq!(
        scan.measured[3].value,
        Err(Gap::NotMeasurable(
            "the column is of type Float64".to_owned()
        ))
    );
    assert_eq!(count(&scan.measured[4]), 3);
}

#[test]
fn a_physical_type_is_compared_as_far_as_it_is_known() {
    let bytes = write(
        vec![
            ("a", Arc::new(Int64Array::from(vec![1])) as ArrayRef),
            ("b", Arc::new(StringArray::from(vec!["bb"]))),
        ],
        10,
        true,
    );
    let of = |first: &str, second: &str| {
        let mut object = object(
            &[("a", Kind::Any), ("b", Kind::Any)],
            vec![Measure::WrongPhysicalType(A), Measure::WrongPhysicalType(B)],
        );
        object.columns[0].physical_type = Some(first.to_owned());
        object.columns[1].physical_type = Some(second.to_owned());
        values(&scan_of(&object, &bytes, &Options::default()))
    };

    assert_eq!(
        of("BIGINT", "text"),
        [Ok(Value::Count(0)), Ok(Value::Count(0))]
    );
    assert_eq!(
        of("int", "date"),
        [Ok(Value::Count(1)), Ok(Value::Count(1))]
    );
    for unknown in of("int46", "VARCHAR(1)") {
        assert!(matches!(unknown, Err(Gap::NotMeasurable(_))), "{unknown:?}");
    }
}

#[test]
fn types_that_hold_all_values_of_a_kind_are_of_that_kind() {
    let decimal = Decimal128Array::from(vec![150, 1])
        .with_precision_and_scale(10, 2)
        .unwrap();
    let time = Kind::Timestamp {
        format: None,
        zone: None,
    };
    let cases: Vec<(ArrayRef, Kind, Literal)> = vec![
        (
            Arc::new(UInt64Array::from(vec![u64::MAX, 1])),
            Kind::Integer,
            Literal::Integer(u64::MAX.into()),
        ),
        (Arc::new(decimal), Kind::Number, Literal::Number(1.5)),
        (
            Arc::new(Int32Array::from(vec![1, 2])),
            Kind::Number,
            Literal::Integer(2),
        ),
        (
            Arc::new(BooleanArray::from(vec![true, false])),
            Kind::Boolean,
            Literal::Boolean(true),
        ),
        (
            Arc::new(TimestampNanosecondArray::from(vec![1_999, 1_001])),
            time,
            Literal::Timestamp(1),
        ),
    ];
    for (array, kind, greatest) in cases {
        let measures = vec![
            Measure::WrongType(A),
            Measure::Surplus(vec![A]),
            Measure::Extreme(A, Side::High),
        ];
        let object = object(&[("a", kind)], measures);

        let scan = scan_of(
            &object,
            &write(vec![("a", array)], 10, false),
            &Options::default(),
        );

        let expected = [
            Ok(Value::Count(0)),
            Ok(Value::Count(0)),
            Ok(Value::Scalar(greatest)),
        ];
        assert_eq!(values(&scan), expected);
    }
}

#[test]
fn nested_columns_are_measured_where_they_stand() {
    let mut list = ListBuilder::new(Int64Builder::new());
    list.append_value([Some(1), Some(1)]);
    list.append_null();
    list.append_value([Some(5), None, Some(-1)]);
    let city = Arc::new(StringArray::from(vec![Some("x"), None, Some("zz")])) as ArrayRef;
    let address = StructArray::from(vec![(
        Arc::new(Field::new("city", DataType::Utf8, true)),
        city,
    )]);
    let mut object = object(
        &[
            ("tags", Kind::Array),
            ("item", Kind::Integer),
            ("address", Kind::Object),
            ("address.city", Kind::String),
        ],
        vec![
            Measure::Items(A, Side::Low, 3),
            Measure::RepeatedItems(A),
            Measure::Nulls(A),
            Measure::Nulls(B),
            Measure::Beyond(
                B,
                Side::Low,
                Bound {
                    value: Literal::Integer(0),
                    exclusive: false,
                },
            ),
            Measure::LacksProperty(ColumnId(2), vec!["city".to_owned()]),
            Measure::Length(ColumnId(3), Side::High, 1),
            Measure::Absent(ColumnId(3)),
        ],
    );
    object.columns[1].path = vec![
        data_contract::plan::Step::Field("tags".to_owned()),
        data_contract::plan::Step::Items,
    ];
    let bytes = write(
        vec![
            ("tags", Arc::new(list.finish()) as ArrayRef),
            ("address", Arc::new(address)),
        ],
        2,
        true,
    );

    let scan = scan_of(
        &object,
        &bytes,
        &Options {
            samples: 1,
            ..Options::default()
        },
    );

    assert_eq!(counts(&scan), [1, 1, 1, 1, 1, 1, 1, 0]);
    assert_eq!(scan.measured[4].samples[0].row, Some(3));
}

#[test]
fn broken_files_are_named_and_the_others_measured() {
    let object = object(
        &[("a", Kind::Integer)],
        vec![Measure::Rows, Measure::Extreme(A, Side::High)],
    );
    let good = write(
        vec![("a", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef)],
        10,
        true,
    );
    let half = &good[..good.len() / 2];
    let mut noise = good.clone();
    let place = noise.len() / 3;
    noise[4..place].fill(0xFF);
    let folder = folder([
        ("d/1.parquet", &good[..]),
        ("d/2.parquet", half),
        ("d/3.parquet", b"PAR1"),
        ("d/4.parquet", b""),
    ]);

    let scan = run(
        &object,
        source(folder.path(), "d", Format::Parquet),
        &Options::default(),
    );

    assert_eq!(count(&scan.measured[0]), 2);
    let unreadable: Vec<_> = scan
        .files
        .iter()
        .map(|file| file.unreadable.is_some())
        .collect();
    assert_eq!(unreadable, [false, true, true, true]);

    let object = crate::support::object(&[("a", Kind::Integer)], vec![Measure::Mean(A)]);
    let scan = scan_of(&object, &noise, &Options::default());
    assert!(scan.files[0].unreadable.is_some());
}

#[test]
fn nested_columns_are_known_from_the_schema() {
    let names: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None]));
    let sizes: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    let field =
        |name: &str, array: &ArrayRef| Arc::new(Field::new(name, array.data_type().clone(), true));
    let who: ArrayRef = Arc::new(StructArray::from(vec![
        (field("name", &names), names.clone()),
        (field("size", &sizes), sizes.clone()),
    ]));
    let mut marks = ListBuilder::new(Int64Builder::new());
    marks.append_value([Some(5), None, Some(7)]);
    marks.append_null();
    let bytes = write(
        vec![("who", who), ("marks", Arc::new(marks.finish()))],
        10,
        true,
    );
    let folder = folder([("t.parquet", bytes.as_slice())]);
    let source = source(folder.path(), "t.parquet", Format::Parquet);

    let looked = data_scan::profile(
        "t",
        &source,
        &Options::default(),
        &data_scan::Progress::new(),
    )
    .unwrap();

    let told = looked.columns.iter().map(|it| {
        let kind = it.logical_type.as_deref().unwrap_or_default();
        (it.name.as_str(), kind, it.values(looked.rows), it.nulls)
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("who", "object", 2, 0),
            ("who.name", "string", 1, 1),
            ("who.size", "integer", 2, 0),
            ("marks", "array", 1, 1),
            ("marks[]", "integer", 2, 1),
        ]
    );
}

#[test]
fn times_are_compared_to_the_nanosecond() {
    let beyond = |side, exclusive| {
        let value = Literal::Timestamp(2);
        Measure::Beyond(A, side, Bound { value, exclusive })
    };
    let time = Kind::Timestamp {
        format: None,
        zone: None,
    };
    let values = vec![Literal::Timestamp(2)];
    let object = object(
        &[("a", time)],
        vec![
            beyond(Side::Low, false),
            beyond(Side::Low, true),
            beyond(Side::High, false),
            beyond(Side::High, true),
            Measure::Invalid {
                column: A,
                values: Some(values.clone()),
                pattern: None,
            },
            Measure::Missing(A, values),
        ],
    );
    for (nanos, expected) in [
        (vec![2_000, 2_001], [0, 1, 1, 2, 1, 1]),
        // What footers say is enough.
        (vec![2_001], [0, 0, 1, 1, 1, 0]),
        (vec![1_999], [1, 1, 0, 0, 1, 0]),
        (vec![2_000], [0, 1, 0, 1, 0, 1]),
    ] {
        let a: ArrayRef = Arc::new(TimestampNanosecondArray::from(nanos.clone()));
        for statistics in [true, false] {
            let bytes = write(vec![("a", Arc::clone(&a))], 10, statistics);
            let scan = scan_of(&object, &bytes, &Options::default());
            assert_eq!(counts(&scan), expected, "{nanos:?}");
        }
    }
}

#[test]
fn rows_of_nulls_are_shown_of_a_column_of_another_type_too() {
    let object = object(&[("a", Kind::Integer)], vec![Measure::Nulls(A)]);
    let a: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None, Some("y"), None]));
    let options = Options {
        samples: 5,
        ..Options::default()
    };

    let scan = scan_of(&object, &write(vec![("a", a)], 10, true), &options);

    let rows = scan.measured[0].samples.iter().map(|sample| sample.row);
    assert_eq!(rows.collect::<Vec<_>>(), [Some(2), Some(4)]);
}

#[test]
fn where_all_values_are_beyond_a_bound_footers_count_them() {
    let beyond = |side, value| {
        let value = Literal::Integer(value);
        let exclusive = false;
        Measure::Beyond(A, side, Bound { value, exclusive })
    };
    let object = object(
        &[("a", Kind::Integer)],
        vec![
            beyond(Side::High, 0),
            beyond(Side::Low, 9),
            beyond(Side::Low, 2),
        ],
    );
    let a: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
    let bytes = write(vec![("a", a)], 10, true);

    for metadata_only in [true, false] {
        let options = Options {
            metadata_only,
            ..Options::default()
        };
        let scan = scan_of(&object, &bytes, &options);

        assert_eq!(counts(&scan), [2, 2, 1]);
        assert_eq!(scan.measured[0].evidence, Evidence::Metadata);
        let whole = matches!(scan.measured[2].value, Ok(Value::Count(1)));
        assert_eq!(whole, !metadata_only);
    }
}

#[test]
fn items_of_any_type_are_found_again_however_many_there_are() {
    let struct_of = |numbers: Vec<i64>| -> ArrayRef {
        let texts: ArrayRef = Arc::new(StringArray::from_iter(
            numbers
                .iter()
                .map(|n| (n % 3 != 0).then(|| format!("t{n}"))),
        ));
        let numbers: ArrayRef = Arc::new(Int64Array::from(numbers));
        Arc::new(StructArray::from(vec![
            (Arc::new(Field::new("n", DataType::Int64, true)), numbers),
            (Arc::new(Field::new("t", DataType::Utf8, true)), texts),
        ]))
    };
    let bools = |values: Vec<bool>| -> ArrayRef { Arc::new(BooleanArray::from(values)) };
    let long = |values: Vec<String>| -> ArrayRef { Arc::new(LargeStringArray::from(values)) };
    let many: Vec<i64> = (0..50_000).collect();
    let twice: Vec<i64> = many.iter().copied().chain([7]).collect();
    let texts = |numbers: &[i64]| numbers.iter().map(i64::to_string).collect::<Vec<_>>();
    for (items, repeats) in [
        (struct_of(many.clone()), 0),
        (struct_of(twice.clone()), 1),
        (long(texts(&many)), 0),
        (long(texts(&twice)), 1),
        (bools(vec![true, false]), 0),
        (bools(vec![true, false, true]), 1),
    ] {
        let field = Arc::new(Field::new("item", items.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths([items.len()]);
        let list: ArrayRef = Arc::new(ListArray::new(field.clone(), offsets, items.clone(), None));
        // Of lists of lists, the inner ones are items.
        let outer = Field::new("item", list.data_type().clone(), true);
        let offsets = OffsetBuffer::from_lengths([2]);
        let inner = OffsetBuffer::from_lengths([items.len() / 2, items.len() - items.len() / 2]);
        let halves: ArrayRef = Arc::new(ListArray::new(field, inner, items.clone(), None));
        let outer: ArrayRef = Arc::new(ListArray::new(Arc::new(outer), offsets, halves, None));
        let object = object(
            &[("l", Kind::Array), ("o", Kind::Array)],
            vec![Measure::RepeatedItems(A), Measure::RepeatedItems(B)],
        );

        let bytes = write(vec![("l", list), ("o", outer)], 10, true);
        let scan = scan_of(&object, &bytes, &Options::default());

        assert_eq!(counts(&scan), [repeats, 0], "{:?}", items.data_type());
    }
}
