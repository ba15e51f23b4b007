//! Values of columns with more different ones than are counted one by one.

use std::fmt::Write as _;

use data_contract::plan::{Kind, Measure, ObjectId, Value};
use data_scan::{Options, Progress, profile};

use crate::support::{A, count, csv, folder, object, run, run_csv, source, values};

#[test]
fn a_value_that_is_named_is_counted_among_any_number_of_others() {
    let mut content = "y\n".to_owned();
    for at in 0..140_000 {
        writeln!(content, "v{at}").unwrap();
    }
    content.push_str(&"x\n".repeat(60_000));
    let label = |text: &str| Measure::Labelled(A, text.to_owned());
    let measures = vec![
        label("x"),
        label("v139999"),
        label("z"),
        Measure::Frequencies(A, 10),
    ];
    let object = object(&[("y", Kind::String)], measures);

    for chunk in [1 << 16, 1 << 24] {
        let options = Options {
            chunk,
            ..Options::default()
        };
        let scan = run_csv(&object, &content, &options);

        assert_eq!(
            scan.measured[..3].iter().map(count).collect::<Vec<_>>(),
            [60_000, 1, 0]
        );
        let Ok(Value::Frequencies { values, rest, more }) = &scan.measured[3].value else {
            panic!("they are frequencies");
        };
        assert_eq!((values[0].clone(), *more), (("x".to_owned(), 60_000), 0));
        let named: u64 = values.iter().map(|(_, n)| n).sum();
        assert_eq!(named + rest, 200_000);
    }
}

/// A cell a row: `kinds` values that are there `often` times, among others that are all different.
fn some_often(kinds: u32, often: u32, rows: u32) -> String {
    let mut content = "y\n".to_owned();
    for at in 0..rows {
        match at % (rows / often) {
            kind if kind < kinds => writeln!(content, "B{kind}").unwrap(),
            _ => writeln!(content, "v{at}").unwrap(),
        }
    }
    content
}

#[test]
fn each_count_that_is_told_is_the_whole_one() {
    let content = some_often(12, 1_000, 300_000);
    for (most, told) in [(20, 12), (12, 12), (5, 5), (1, 1)] {
        let object = object(&[("y", Kind::String)], vec![Measure::Frequencies(A, most)]);

        let scan = run_csv(&object, &content, &Options::default());

        let Ok(Value::Frequencies { values, rest, more }) = &scan.measured[0].value else {
            panic!("they are frequencies");
        };
        assert_eq!((values.len(), *more), (told, 0), "{values:?}");
        let whole = |(value, n): &(String, u64)| value.starts_with('B') && *n == 1_000;
        assert!(values.iter().all(whole), "{values:?}");
        assert_eq!(*rest, 300_000 - 1_000 * told as u64);
    }
}

#[test]
fn a_profile_shows_no_count_that_may_be_too_small() {
    for (kinds, told) in [(12, 12), (0, 0)] {
        let content = some_often(kinds, 1_000, 300_000);
        let folder = folder([("t.csv", content.as_bytes())]);
        let source = source(folder.path(), "t.csv", csv());

        let found = profile("t", &source, &Options::default(), &Progress::new()).unwrap();

        let column = &found.columns[0];
        assert_eq!(column.top.len(), told, "{:?}", column.top);
        assert!(column.top.iter().all(|(_, n)| *n == 1_000));
        assert!(!column.top_is_all);
    }
}

#[test]
fn where_all_values_are_different_the_most_frequent_one_is_bounded() {
    let mut content = "y\n".to_owned();
    for at in 0..300_000 {
        writeln!(content, "v{at}").unwrap();
    }
    let object = object(&[("y", Kind::String)], vec![Measure::Frequencies(A, 10)]);

    let scan = run_csv(&object, &content, &Options::default());

    let Ok(Value::Frequencies { values, more, .. }) = &scan.measured[0].value else {
        panic!("they are frequencies");
    };
    let first = values.first().map_or(0, |(_, n)| *n);
    assert!(first + more >= 1 && first + more < 10, "{first} {more}");
}

#[test]
fn the_same_is_told_of_many_files_however_they_are_read() {
    let parts: Vec<String> = (0..5)
        .map(|part| {
            let mut content = "y\n".to_owned();
            for at in 0..60_000 {
                match at % 50 {
                    0 => content.push_str("7\n"),
                    _ => writeln!(content, "{}", (part + 1) * 1_000_000 + at).unwrap(),
                }
            }
            content
        })
        .collect();
    let names = ["d/a.csv", "d/b.csv", "d/c.csv", "d/d.csv", "d/f.csv"];
    let files = names.into_iter().zip(parts.iter().map(String::as_bytes));
    // One that cannot be opened, and one without rows, among them.
    let others = [("d/bb.csv.gz", &b"no gzip"[..]), ("d/e.csv", &b"y\n"[..])];
    let folder = folder(files.chain(others));
    let parts = Measure::Parts {
        column: A,
        of: ObjectId(0),
        of_column: A,
        parts: 10,
    };
    let object = object(
        &[("y", Kind::Integer)],
        vec![Measure::Frequencies(A, 10), parts, Measure::Rows],
    );
    let scans = [1, 2, 7].map(|threads| {
        let options = Options {
            threads,
            chunk: 1 << 17,
            ..Options::default()
        };
        run(&object, source(folder.path(), "d", csv()), &options)
    });

    assert_eq!(values(&scans[0]), values(&scans[1]));
    assert_eq!(values(&scans[0]), values(&scans[2]));
    let Ok(Value::Frequencies { values, rest, more }) = &scans[0].measured[0].value else {
        panic!("they are frequencies");
    };
    assert_eq!(values.as_slice(), [("7".to_owned(), 6_000)]);
    assert_eq!((*rest, *more), (294_000, 0));
    let Ok(Value::Spread(spread)) = &scans[0].measured[1].value else {
        panic!("it is a spread");
    };
    assert_eq!((spread.total(), spread.bounds[0]), (300_000, 7.0));
}
