//! CSV: every measure of random tables as counting by hand has it, whatever the chunks and threads are.

use std::collections::BTreeSet;

use data_contract::plan::{Bound, ColumnId, Gap, Kind, Literal, Measure, Pattern, Side, Value};
use data_scan::{Format, Oddity, Options};
use proptest::prelude::*;

use crate::support::{
    A, B, count, counts, folder, object, repeats, run, run_csv, source, text, values,
};

type Row = (Option<String>, Option<String>, Option<String>);

/// An integer (or not), a number (or not), and a text with all that CSV has to quote.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let integer = prop_oneof![4 => "-?[0-9]{1,3}", 1 => " 7|x|1\\.5|99999999999999999999"];
    let number = prop_oneof![4 => "-?[0-9]{1,3}(\\.[0-9]{1,3})?", 1 => "NaN|inf|1e3|,|abc"];
    let text = "([aäb\"',;]|\n|\r\n){0,5}";
    let row = (
        proptest::option::of(integer),
        proptest::option::of(number),
        proptest::option::of(text),
    );
    proptest::collection::vec(row, 0..60)
}

fn write(rows: &[Row], always: bool) -> String {
    let cell = |cell: &Option<String>| match cell {
        None => String::new(),
        Some(text) if always || text.is_empty() || text.contains([',', '"', '\n', '\r']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Some(text) => text.clone(),
    };
    let lines = rows
        .iter()
        .map(|(a, b, c)| format!("{},{},{}\n", cell(a), cell(b), cell(c)));
    std::iter::once("a,b,c\n".to_owned()).chain(lines).collect()
}

fn integer(cell: Option<&String>) -> Option<i64> {
    cell?.trim().parse().ok()
}

fn number(cell: Option<&String>) -> Option<f64> {
    cell?.trim().parse().ok()
}

fn tally<T>(values: impl Iterator<Item = T>, test: impl Fn(T) -> bool) -> u64 {
    values.filter_map(|value| test(value).then_some(())).count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_count_is_that_of_counting_by_hand(
        rows in rows(),
        always in any::<bool>(),
        chunk in 1_u64..200,
        threads in 1_usize..4,
    ) {
        let c = ColumnId(2);
        let beyond = |column, side, value, exclusive| Measure::Beyond(column, side, Bound { value, exclusive });
        let object = object(
            &[("a", Kind::Integer), ("b", Kind::Number), ("c", Kind::String)],
            vec![
                Measure::Rows,
                Measure::Nulls(A),
                Measure::WrongType(A),
                beyond(A, Side::Low, Literal::Number(9.5), false),
                beyond(A, Side::High, Literal::Integer(100), true),
                Measure::Invalid { column: A, values: Some(vec![Literal::Integer(7), text("12")]), pattern: None },
                Measure::NotMultiple(A, Literal::Integer(3)),
                Measure::WrongType(B),
                beyond(B, Side::Low, Literal::Integer(0), true),
                beyond(B, Side::High, Literal::Number(99.5), false),
                Measure::Nulls(c),
                Measure::Missing(c, vec![Literal::Null, text(""), text("a")]),
                Measure::Length(c, Side::Low, 2),
                Measure::Length(c, Side::High, 3),
                Measure::Invalid { column: c, values: None, pattern: Some(Pattern("^[^,]*$".to_owned())) },
                Measure::RepeatedKeys(vec![A]),
                Measure::Surplus(vec![A]),
                Measure::RepeatedKeys(vec![c]),
                Measure::Surplus(vec![A, c]),
                Measure::Distinct(vec![c]),
            ],
        );
        let options = Options { threads, chunk, ..Options::default() };

        let scan = run_csv(&object, &write(&rows, always), &options);

        let a = || rows.iter().filter_map(|row| integer(row.0.as_ref()));
        let b = || rows.iter().filter_map(|row| number(row.1.as_ref()));
        let texts = || rows.iter().filter_map(|row| row.2.as_ref());
        let nulls = |of: fn(&Row) -> &Option<String>| tally(rows.iter().map(of), Option::is_none);
        let pairs = rows.iter().filter_map(|row| Some((integer(row.0.as_ref())?, row.2.clone()?)));
        let expected = vec![
            rows.len() as u64,
            nulls(|row| &row.0),
            rows.len() as u64 - nulls(|row| &row.0) - a().count() as u64,
            tally(a(), |value| value < 10),
            tally(a(), |value| value >= 100),
            tally(a(), |value| value != 7 && value != 12),
            tally(a(), |value| value % 3 != 0),
            rows.len() as u64 - nulls(|row| &row.1) - b().count() as u64,
            tally(b(), |value| value.is_nan() || value <= 0.0),
            tally(b(), |value| value.is_nan() || value > 99.5),
            nulls(|row| &row.2),
            nulls(|row| &row.2) + tally(texts(), |text| text.is_empty() || text == "a"),
            tally(texts(), |text| text.chars().count() < 2),
            tally(texts(), |text| text.chars().count() > 3),
            tally(texts(), |text| text.contains(',')),
            repeats(a()).0,
            repeats(a()).1,
            repeats(texts()).0,
            repeats(pairs).1,
            texts().collect::<BTreeSet<_>>().len() as u64,
        ];
        prop_assert_eq!(counts(&scan), expected);
    }
}

#[test]
fn days_and_times_are_read_by_their_formats() {
    let day = Kind::Date {
        format: Some("dd.MM.yyyy".to_owned()),
    };
    let time = Kind::Timestamp {
        format: None,
        zone: Some("Europe/Berlin".to_owned()),
    };
    let object = object(
        &[("a", day), ("b", time)],
        vec![
            Measure::WrongType(A),
            Measure::Extreme(A, Side::Low),
            Measure::Extreme(B, Side::High),
            Measure::Beyond(
                A,
                Side::Low,
                Bound {
                    value: Literal::Date(1),
                    exclusive: false,
                },
            ),
        ],
    );

    let scan = run_csv(
        &object,
        "a,b\n01.01.1970,1970-01-01 01:00:00\n30.02.1970,\n02.01.1970,1970-01-01T00:00:00Z\n",
        &Options::default(),
    );

    let scalar = |literal| Ok(Value::Scalar(literal));
    let expected = vec![
        Ok(Value::Count(1)),
        scalar(Literal::Date(0)),
        scalar(Literal::Timestamp(0)),
        Ok(Value::Count(1)),
    ];
    assert_eq!(values(&scan), expected);
}

#[test]
fn rows_that_are_counted_are_shown_when_asked_for() {
    let mut object = object(
        &[("a", Kind::Integer), ("b", Kind::String)],
        vec![
            Measure::Beyond(
                A,
                Side::Low,
                Bound {
                    value: Literal::Integer(0),
                    exclusive: false,
                },
            ),
            Measure::WrongType(A),
            Measure::Nulls(A),
            Measure::Length(B, Side::High, 1),
            Measure::Surplus(vec![B]),
        ],
    );
    object.columns[1].masked = true;
    let content = "a,b\n-1,xx\n,y\nabc,y\n-2,y\n-3,zz\n";
    for chunk in [3, 1 << 20] {
        let options = Options {
            samples: 2,
            chunk,
            ..Options::default()
        };

        let scan = run_csv(&object, content, &options);

        let shown = |place: usize| -> Vec<(u64, Option<String>)> {
            scan.measured[place]
                .samples
                .iter()
                .map(|sample| (sample.row.unwrap(), sample.value.clone()))
                .collect()
        };
        assert_eq!(
            shown(0),
            [(1, Some("-1".to_owned())), (4, Some("-2".to_owned()))]
        );
        assert_eq!(shown(1), [(3, Some("abc".to_owned()))]);
        assert_eq!(shown(2), [(2, None)]);
        assert_eq!(shown(3), [(1, None), (5, None)]);
        assert_eq!(shown(4), [(3, None), (4, None)]);
    }
}

#[test]
fn means_frequencies_and_bins_are_gathered() {
    let object = object(
        &[("a", Kind::Integer), ("b", Kind::Number)],
        vec![
            Measure::Mean(A),
            Measure::Frequencies(A, 2),
            Measure::Histogram(B, vec![0.0, 1.0]),
            Measure::Mean(B),
            Measure::Sum(A),
            Measure::Places(B),
        ],
    );

    let scan = run_csv(
        &object,
        "a,b\n1,0\n2,0.5\n2,1\n3,-1\n3,NaN\n7,\n",
        &Options::default(),
    );

    let expected = vec![
        Ok(Value::Scalar(Literal::Number(3.0))),
        Ok(Value::Frequencies {
            values: vec![("2".to_owned(), 2), ("3".to_owned(), 2)],
            rest: 2,
            more: 0,
        }),
        Ok(Value::Bins(vec![1, 2, 1])),
        Ok(Value::Scalar(Literal::Number(0.125))),
        Ok(Value::Scalar(Literal::Integer(18))),
        Ok(Value::Count(6)),
    ];
    assert_eq!(values(&scan), expected);
}

#[test]
fn zero_is_one_value_whatever_its_sign() {
    let object = object(&[("b", Kind::Number)], vec![Measure::Frequencies(A, 3)]);

    let scan = run_csv(&object, "b\n0\n-0\n-0.0\n0.5\n", &Options::default());

    let expected = Ok(Value::Frequencies {
        values: vec![("0".to_owned(), 3), ("0.5".to_owned(), 1)],
        rest: 0,
        more: 0,
    });
    assert_eq!(values(&scan), [expected]);
}

#[test]
fn a_quoted_empty_cell_is_a_text_and_no_number() {
    let object = object(
        &[("a", Kind::String), ("b", Kind::Integer)],
        vec![Measure::Nulls(A), Measure::Nulls(B), Measure::WrongType(B)],
    );

    let scan = run_csv(&object, "a,b\n\"\",\"\"\n,\n", &Options::default());

    assert_eq!(counts(&scan), [1, 2, 0]);
    assert_eq!(count(&scan.measured[0]), 1);
}

#[test]
fn a_header_may_have_any_number_of_names() {
    let names: Vec<String> = (0..100_000).map(|at| format!("c{at}")).collect();
    let header = names.join(",");
    let object = object(
        &[("c7", Kind::Integer), ("c99999", Kind::Integer)],
        vec![Measure::Rows, Measure::ExtraColumns, Measure::Absent(B)],
    );

    let scan = run_csv(&object, &format!("{header},c5,c5\n"), &Options::default());

    assert_eq!(scan.measured[0].value, Ok(Value::Count(0)));
    let reason = "not all names of columns are kept".to_owned();
    let extra = Value::AtLeast(1000, Gap::NotMeasurable(reason));
    assert_eq!(scan.measured[1].value, Ok(extra));
    assert_eq!(scan.measured[2].value, Ok(Value::Count(0)));
    let repeated = scan
        .findings
        .iter()
        .filter_map(|finding| match &finding.oddity {
            Oddity::RepeatedColumn(name) => Some((name.as_str(), finding.count)),
            _ => None,
        });
    assert_eq!(repeated.collect::<Vec<_>>(), [("c5", 2)]);
}

#[test]
fn chunks_have_a_length_that_is_read() {
    let object = object(&[("a", Kind::Integer)], vec![Measure::Rows]);
    for chunk in [0, u64::MAX] {
        let options = Options {
            chunk,
            ..Options::default()
        };
        assert_eq!(counts(&run_csv(&object, "a\n1\n2\n", &options)), [2]);
        let folder = folder([("t.json", &b"{}\n{}\n"[..])]);
        let json = source(folder.path(), "t.json", Format::Json);
        assert_eq!(counts(&run(&object, json, &options)), [2]);
    }
}

#[test]
fn times_that_are_listed_are_those_in_the_format_of_the_column() {
    let format = Some("dd.MM.yyyy".to_owned());
    let listed = vec![
        data_contract::plan::Literal::Date(2_932_896),
        crate::support::text("none"),
    ];
    let object = object(
        &[("a", Kind::Date { format })],
        vec![Measure::WrongType(A), Measure::Missing(A, listed)],
    );

    let scan = run_csv(
        &object,
        "a\n31.12.9999\n9999-12-31\nnone\n",
        &Options::default(),
    );

    assert_eq!(counts(&scan), [2, 2]);
}
