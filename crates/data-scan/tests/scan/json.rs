//! JSON in all of its layouts, nested, and with lines that are none.

use data_contract::plan::{Bound, ColumnId, Kind, Literal, Measure, Side, Step};
use data_scan::{Format, Oddity, Options};

use crate::support::{A, B, count, counts, folder, object, run, source};

fn contract() -> data_contract::plan::Object {
    let mut object = object(
        &[
            ("id", Kind::Integer),
            ("at", Kind::Date { format: None }),
            ("who.name", Kind::String),
            ("tags", Kind::Array),
            ("tag", Kind::String),
        ],
        vec![
            Measure::Rows,
            Measure::WrongType(A),
            Measure::Surplus(vec![A]),
            Measure::Beyond(
                B,
                Side::Low,
                Bound {
                    value: Literal::Date(1),
                    exclusive: false,
                },
            ),
            Measure::Nulls(ColumnId(2)),
            Measure::RepeatedItems(ColumnId(3)),
            Measure::Length(ColumnId(4), Side::High, 1),
            Measure::Absent(B),
            Measure::ExtraColumns,
        ],
    );
    object.columns[4].path = vec![Step::Field("tags".to_owned()), Step::Items];
    object
}

const OBJECTS: [&str; 5] = [
    r#"{"id": 1, "at": "1970-01-01", "who": {"name": "a,]}\""}, "tags": ["x", "x"]}"#,
    r#"{"id": 1, "at": "1970-01-02", "who": {}, "tags": []}"#,
    r#"{"id": 1.0, "at": null, "who": null, "extra": true}"#,
    r#"{"id": "7", "at": "no", "tags": ["yy", "z"]}"#,
    r#"{"id": 18446744073709551615}"#,
];

#[test]
fn all_layouts_come_to_the_same() {
    let lines = OBJECTS.join("\n");
    let blank = OBJECTS.join("\r\n\r\n") + "\n";
    let array = format!("\u{feff}[\n{}\n]\n", OBJECTS.join(",\n"));
    let pretty = OBJECTS
        .map(|object| object.replace(", ", ",\n  ").replacen('{', "{\n", 1))
        .join("\n");
    for (name, content) in [
        ("lines", lines),
        ("blank", blank),
        ("array", array),
        ("pretty", pretty),
    ] {
        for chunk in [10, 1 << 20] {
            let folder = folder([("t.json", content.as_bytes())]);

            let scan = run(
                &contract(),
                source(folder.path(), "t.json", Format::Json),
                &Options {
                    chunk,
                    ..Options::default()
                },
            );

            assert_eq!(counts(&scan), [5, 1, 2, 1, 4, 1, 1, 0, 1], "{name} {chunk}");
        }
    }
}

#[test]
fn lines_that_are_no_objects_are_found() {
    let folder = folder([(
        "t.jsonl",
        &b"{\"id\": 1}\n{\"id\": \n[1]\n{\"id\": 2}\n"[..],
    )]);

    let scan = run(
        &contract(),
        source(folder.path(), "t.jsonl", Format::Json),
        &Options::default(),
    );

    assert_eq!(count(&scan.measured[0]), 2);
    assert_eq!(count(&scan.measured[7]), 1);
    let odd: Vec<_> = scan
        .findings
        .iter()
        .map(|finding| (finding.oddity.to_string(), finding.rows.clone()))
        .collect();
    assert_eq!(
        odd,
        [
            (
                "lines are not JSON objects: EOF while parsing a value".to_owned(),
                vec![2]
            ),
            (
                "lines are not JSON objects: not an object".to_owned(),
                vec![2]
            ),
        ]
    );
    assert!(matches!(scan.findings[0].oddity, Oddity::NotJson(_)));
}

#[test]
fn an_array_that_breaks_off_is_measured_as_far_as_it_goes() {
    let folder = folder([("t.json", &b"[{\"id\": 1}, {\"id\": 2}, {\"id"[..])]);

    let scan = run(
        &contract(),
        source(folder.path(), "t.json", Format::Json),
        &Options::default(),
    );

    assert_eq!(scan.rows, 2);
    assert!(
        scan.measured[0].value.is_err(),
        "nobody knows how many there are"
    );
    assert_eq!(
        scan.files[0].unreadable.as_deref(),
        Some("it ends in the middle of a value")
    );
}

#[test]
fn what_is_within_a_column_without_a_kind_is_measured() {
    let mut object = object(
        &[
            ("a", Kind::Any),
            ("a.b", Kind::Integer),
            ("l", Kind::Any),
            ("l[]", Kind::Integer),
        ],
        vec![
            Measure::Nulls(A),
            Measure::Nulls(B),
            Measure::WrongType(B),
            Measure::Nulls(ColumnId(2)),
            Measure::WrongType(ColumnId(3)),
            Measure::Places(ColumnId(3)),
            Measure::Length(A, Side::High, 6),
        ],
    );
    object.columns[3].path = vec![Step::Field("l".to_owned()), Step::Items];
    let folder = folder([(
        "t.json",
        &b"{\"a\": {\"b\": 1}, \"l\": [1, 2]}\n{\"a\": {\"b\": \"x\"}, \"l\": [\"3\"]}\n{\"a\": null}\n"[..],
    )]);

    let scan = run(
        &object,
        source(folder.path(), "t.json", Format::Json),
        &Options::default(),
    );

    assert_eq!(counts(&scan), [1, 1, 1, 1, 1, 3, 2]);
}

/// Counts of a file of one column of arrays, `a`, and of their items.
fn items(text: &str, measures: Vec<Measure>) -> Vec<u64> {
    let mut object = object(
        &[("a", Kind::Array), ("i", Kind::Any), ("x", Kind::Any)],
        measures,
    );
    let path = [
        Step::Field("a".to_owned()),
        Step::Items,
        Step::Field("x".to_owned()),
    ];
    object.columns[1].path = path[..2].to_vec();
    object.columns[2].path = path.to_vec();
    let folder = folder([("t.json", text.as_bytes())]);
    let source = source(folder.path(), "t.json", Format::Json);
    counts(&run(&object, source, &Options::default()))
}

#[test]
fn where_there_are_no_items_nothing_lacks_what_they_ought_to_have() {
    let measures = || {
        let (inner, field) = (ColumnId(1), ColumnId(2));
        vec![
            Measure::Absent(A),
            Measure::Absent(inner),
            Measure::Absent(field),
            Measure::Nulls(inner),
            Measure::Nulls(field),
        ]
    };
    for text in ["{\"a\": null}\n{\"a\": []}\n", "{\"a\": null}\n"] {
        assert_eq!(items(text, measures()), [0, 0, 0, 0, 0], "{text}");
    }
    assert_eq!(
        items("{\"a\": [{\"x\": 1}, {}]}\n", measures()),
        [0, 0, 0, 0, 1]
    );
}

#[test]
fn items_repeat_whatever_way_they_are_written() {
    for (text, repeats) in [
        ("[1, 1.0]", 1),
        ("[1e2, 100]", 1),
        ("[0, -0.0]", 1),
        ("[{\"a\": 1, \"b\": [2]}, {\"b\": [2.0], \"a\": 1}]", 1),
        ("[[1, 2], [2, 1]]", 0),
        ("[1, \"1\", true, \"true\", 1.5, null, null]", 0),
        ("[{\"a\": \"b\"}, {\"a\": [\"b\"]}]", 0),
    ] {
        let found = items(
            &format!("{{\"a\": {text}}}"),
            vec![Measure::RepeatedItems(A)],
        );
        assert_eq!(found, [repeats], "{text}");
    }
}

#[test]
fn whole_numbers_are_as_great_as_they_are_however_they_are_written() {
    let whole = object(&[("a", Kind::Integer)], vec![Measure::WrongType(A)]);
    for (text, wrong) in [
        ("2.0e18", 0),
        ("1.8e19", 0),
        ("-9.0e18", 0),
        ("18446744073709551615", 0),
        // A double has not all digits of these.
        ("18446744073709551616", 1),
        ("-9223372036854775809", 1),
        ("1.5", 1),
    ] {
        let folder = folder([("t.json", format!("{{\"a\": {text}}}").as_bytes())]);
        let source = source(folder.path(), "t.json", Format::Json);
        assert_eq!(
            counts(&run(&whole, source, &Options::default())),
            [wrong],
            "{text}"
        );
    }
}
