//! Numbers of many digits: no digit is lost, whatever the format of the file.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Decimal128Array, Decimal256Array, Float64Array, RecordBatch, UInt64Array,
};
use arrow_buffer::i256;
use data_contract::plan::{Bound, Decimal, Format as Named, Kind, Literal, Measure, Side, Value};
use data_scan::{Format, ObjectScan, Options};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use crate::support::{A, count, counts, folder, object, run, run_csv, source, values};

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text.as_bytes()).unwrap()
}

fn literal(text: &str) -> Literal {
    Literal::of_decimal(decimal(text))
}

fn beyond(side: Side, text: &str, exclusive: bool) -> Measure {
    let value = literal(text);
    Measure::Beyond(A, side, Bound { value, exclusive })
}

fn valid(values: &[&str]) -> Measure {
    Measure::Invalid {
        column: A,
        values: Some(values.iter().map(|text| literal(text)).collect()),
        pattern: None,
    }
}

fn samples() -> Options {
    Options {
        samples: 10,
        ..Options::default()
    }
}

fn shown(scan: &ObjectScan, measure: usize) -> Vec<&str> {
    let samples = scan.measured[measure].samples.iter();
    samples
        .map(|sample| sample.value.as_deref().unwrap())
        .collect()
}

fn parquet(array: ArrayRef, measures: Vec<Measure>) -> ObjectScan {
    let batch = RecordBatch::try_from_iter([("a", array)]).unwrap();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let folder = folder([("t.parquet", file.as_slice())]);
    let object = object(&[("a", Kind::Number)], measures);
    let source = source(folder.path(), "t.parquet", Format::Parquet);
    run(&object, source, &samples())
}

fn decimals(values: &[&str], scale: i8) -> ArrayRef {
    let unscaled = values
        .iter()
        .map(|text| decimal(text).floor(scale.into()).0);
    let array: Decimal128Array = unscaled.collect();
    Arc::new(array.with_precision_and_scale(38, scale).unwrap())
}

#[test]
fn cells_are_compared_and_shown_to_their_last_digit() {
    let cells =
        "a\n0.1\n0.30\n9007199254740993\n12345678901234567890.123456789\n0.1000000000000000055\n";
    let object = object(
        &[("a", Kind::Number)],
        vec![
            beyond(Side::Low, "0.1", false),
            beyond(Side::High, "0.1", false),
            beyond(Side::High, "9007199254740992", false),
            beyond(Side::High, "9007199254740993", false),
            beyond(Side::High, "12345678901234567890.123456789", true),
            beyond(Side::High, "12345678901234567890.1234567891", false),
            valid(&["0.3", "0.10", "9007199254740993"]),
            Measure::Missing(A, vec![literal("9007199254740992"), literal("0.3")]),
            Measure::Extreme(A, Side::High),
        ],
    );

    let scan = run_csv(&object, cells, &samples());

    assert_eq!(counts_of(&scan, 8), [0, 4, 2, 1, 1, 0, 2, 1]);
    assert_eq!(
        shown(&scan, 1),
        [
            "0.3",
            "9007199254740993",
            "12345678901234567890.123456789",
            "0.1000000000000000055"
        ]
    );
    assert_eq!(
        shown(&scan, 6),
        ["12345678901234567890.123456789", "0.1000000000000000055"]
    );
    assert_eq!(
        scan.measured[8].value,
        Ok(Value::Scalar(literal("12345678901234567890.123456789")))
    );
}

fn counts_of(scan: &ObjectScan, first: usize) -> Vec<u64> {
    scan.measured[..first].iter().map(count).collect()
}

#[test]
fn decimals_of_parquet_are_compared_and_shown_to_their_last_digit() {
    let written = [
        "0.1",
        "0.3",
        "1234567890123456789012345678.9000000001",
        "1234567890123456789012345678.9000000002",
    ];
    let measures = vec![
        beyond(Side::Low, "0.1", false),
        beyond(Side::High, "1234567890123456789012345678.9000000001", false),
        beyond(Side::High, "0.10000000000000001", false),
        valid(&["0.1000", "0.30", "1234567890123456789012345678.9000000001"]),
        Measure::NotMultiple(A, literal("0.1")),
        Measure::NotMultiple(A, literal("0.00000000003")),
        Measure::Surplus(vec![A]),
        Measure::Distinct(vec![A]),
        Measure::Malformed(A, Named::I64),
        Measure::Extreme(A, Side::High),
        Measure::Frequencies(A, 2),
    ];

    let scan = parquet(decimals(&written, 10), measures);

    assert_eq!(counts_of(&scan, 9), [0, 1, 3, 1, 2, 3, 0, 4, 2]);
    assert_eq!(shown(&scan, 1), ["1234567890123456789012345678.9000000002"]);
    assert_eq!(shown(&scan, 2)[0], "0.3");
    assert_eq!(
        scan.measured[9].value,
        Ok(Value::Scalar(literal(written[3])))
    );
    let Ok(Value::Frequencies { values, .. }) = &scan.measured[10].value else {
        panic!("they are counted");
    };
    assert_eq!(values[0], ("0.1".to_owned(), 1));
}

#[test]
fn whole_numbers_of_64_bits_are_exact_in_a_column_of_numbers() {
    let measures = || {
        vec![
            beyond(Side::High, "18446744073709551614", false),
            beyond(Side::High, "18446744073709551614.5", false),
            valid(&["18446744073709551615", "9007199254740993"]),
            Measure::Surplus(vec![A]),
        ]
    };
    let array = UInt64Array::from(vec![u64::MAX, u64::MAX - 1, 9_007_199_254_740_993]);
    let json =
        "{\"a\": 18446744073709551615}\n{\"a\": 18446744073709551614}\n{\"a\": 9007199254740993}\n";
    let folder = folder([("t.json", json.as_bytes())]);
    let object = object(&[("a", Kind::Number)], measures());

    let typed = parquet(Arc::new(array), measures());
    let read = run(
        &object,
        source(folder.path(), "t.json", Format::Json),
        &samples(),
    );

    for scan in [typed, read] {
        assert_eq!(counts(&scan), [1, 1, 1, 0]);
        assert_eq!(shown(&scan, 0), ["18446744073709551615"]);
        assert_eq!(shown(&scan, 2), ["18446744073709551614"]);
    }
}

#[test]
fn multiples_of_what_is_written_are_exact_and_those_of_doubles_are_rounded() {
    let unit = || vec![Measure::NotMultiple(A, literal("0.01"))];
    let object = object(&[("a", Kind::Number)], unit());
    let cells = "a\n123456.78\n0.30000000000000004\n0.0000000001\n12345678901234567890.12\n12345678901234567890.125\n";
    let doubles = Float64Array::from(vec![123_456.78, 0.1 + 0.2, 0.005]);

    let written = run_csv(&object, cells, &samples());
    let computed = parquet(Arc::new(doubles), unit());

    assert_eq!(
        shown(&written, 0),
        [
            "0.30000000000000004",
            "0.0000000001",
            "12345678901234567890.125"
        ]
    );
    assert_eq!(shown(&computed, 0), ["0.005"]);
}

/// Numbers that are close to each other, with and without digits that a double does not tell.
fn numbers() -> impl Strategy<Value = Vec<(i128, usize)>> {
    let whole = prop_oneof![
        -20_i128..20,
        9_007_199_254_740_990_i128..9_007_199_254_740_996,
        12_345_678_901_234_567_890_i128..12_345_678_901_234_567_894,
    ];
    proptest::collection::vec((whole, 0_usize..4), 1..30)
}

fn write(value: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    match scale {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_formats_count_as_decimals_do(
        numbers in numbers(),
        bound in 0_usize..30,
        (scale, units) in (0_i8..4, 1_i128..40),
        exclusive: bool,
        high: bool,
    ) {
        let written: Vec<String> = numbers.iter().map(|(value, scale)| write(*value, *scale)).collect();
        let all: Vec<Decimal> = written.iter().map(|text| decimal(text)).collect();
        let bound = &written[bound % written.len()];
        let unit = Decimal::scaled(units, scale.into());
        let side = if high { Side::High } else { Side::Low };
        let measures = || vec![
            beyond(side, bound, exclusive),
            valid(&[bound, "0.5"]),
            Measure::NotMultiple(A, Literal::of_decimal(unit.clone())),
            Measure::Surplus(vec![A]),
            Measure::Extreme(A, side),
        ];
        let object = object(&[("a", Kind::Number)], measures());

        let cells: String = std::iter::once("a").chain(written.iter().map(String::as_str)).map(|cell| format!("{cell}\n")).collect();
        let read = run_csv(&object, &cells, &Options::default());
        let texts: Vec<&str> = written.iter().map(String::as_str).collect();
        let typed = parquet(decimals(&texts, 4), measures());

        let end = decimal(bound);
        let outwards = |value: &&Decimal| match (high, exclusive) {
            (false, false) => **value < end,
            (false, true) => **value <= end,
            (true, false) => **value > end,
            (true, true) => **value >= end,
        };
        let half = decimal("0.5");
        let distinct: std::collections::BTreeSet<&Decimal> = all.iter().collect();
        let outermost = if high { distinct.last() } else { distinct.first() };
        let count = |n: usize| Ok(Value::Count(n as u64));
        let expected = vec![
            count(all.iter().filter(outwards).count()),
            count(all.iter().filter(|value| **value != end && **value != half).count()),
            count(all.iter().filter(|value| value.is_multiple_of(&unit) == Some(false)).count()),
            count(all.len() - distinct.len()),
            Ok(Value::Scalar(Literal::of_decimal((*outermost.unwrap()).clone()))),
        ];
        prop_assert_eq!(values(&read), expected.clone());
        prop_assert_eq!(values(&typed), expected);
    }
}

#[test]
fn decimals_beyond_128_bits_are_compared_to_their_last_digit() {
    let texts = [
        "123456789012345678901234567890123456789012345678",
        "123456789012345678901234567890123456789012345679",
        "-25",
        "123456789012345678901234567890123456789012345679",
    ];
    let values = texts.map(i256::from_string);
    let values = values.into_iter().chain([None]);
    let array: Decimal256Array = values.collect();
    let array = Arc::new(array.with_precision_and_scale(60, 2).unwrap());

    let scan = parquet(
        array,
        vec![
            Measure::WrongType(A),
            Measure::Nulls(A),
            Measure::Distinct(vec![A]),
            beyond(Side::Low, "0", false),
            beyond(
                Side::High,
                "1234567890123456789012345678901234567890123456.78",
                false,
            ),
            valid(&["-0.250"]),
            Measure::Extreme(A, Side::High),
        ],
    );

    assert_eq!(counts_of(&scan, 6), [0, 1, 3, 1, 2, 3]);
    let greatest = "1234567890123456789012345678901234567890123456.79";
    assert_eq!(scan.measured[6].value, Ok(Value::Scalar(literal(greatest))));
    assert_eq!(shown(&scan, 3), ["-0.25"]);
}
