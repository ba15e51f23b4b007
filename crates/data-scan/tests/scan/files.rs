//! Files of a location: folders, patterns, partitions, and which of them is to blame.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use data_contract::plan::{Gap, Kind, Measure, Measured, Object, Value};
use data_scan::{Dialect, Encoding, Format, Oddity, Options};
use parquet::arrow::ArrowWriter;

use crate::support::{A, B, count, counts, csv, folder, object, run, source};

#[test]
fn each_file_is_named_with_what_is_wrong_in_it() {
    let object = object(
        &[("a", Kind::Integer)],
        vec![
            Measure::Rows,
            Measure::Nulls(A),
            Measure::Absent(A),
            Measure::ExtraColumns,
        ],
    );
    let folder = folder([
        ("d/1.csv", &b"a\n1\n\n2\n"[..]),
        ("d/sub/2.csv", b"a,b\n,1\n"),
        ("d/3.csv", b"c\n1\n"),
        ("d/_SUCCESS", b""),
        ("d/.1.csv.crc", b"x"),
        ("d/notes.md", b"# no data"),
    ]);

    let scan = run(
        &object,
        source(folder.path(), "d", csv()),
        &Options::default(),
    );

    assert_eq!(counts(&scan), [5, 2, 1, 2]);
    let files = |measure: usize| scan.measured[measure].files.clone();
    assert_eq!(
        files(1),
        [("d/1.csv".to_owned(), 1), ("d/sub/2.csv".to_owned(), 1)]
    );
    assert_eq!(files(2), [("d/3.csv".to_owned(), 1)]);
    let ignored: Vec<_> = scan
        .findings
        .iter()
        .filter(|finding| finding.oddity == Oddity::Ignored)
        .collect();
    assert_eq!(ignored[0].file, "d/notes.md");
}

#[test]
fn folders_of_partitions_are_columns() {
    let object = object(
        &[("day", Kind::Date { format: None }), ("a", Kind::Integer)],
        vec![
            Measure::Nulls(A),
            Measure::WrongType(A),
            Measure::Surplus(vec![A, B]),
            Measure::Absent(A),
        ],
    );
    let folder = folder([
        ("t/day=2026-01-01/x.csv", &b"a\n1\n1\n2\n"[..]),
        ("t/day=2026-01-02/x.csv", b"a\n1\n"),
        ("t/day=__HIVE_DEFAULT_PARTITION__/x.csv", b"a\n1\n1\n"),
        ("t/day=no/x.csv", b"a\n1\n"),
    ]);

    let scan = run(
        &object,
        source(folder.path(), "t/", csv()),
        &Options::default(),
    );

    assert_eq!(counts(&scan), [2, 1, 1, 0]);
}

#[test]
fn a_file_may_lack_a_nullable_column_that_others_have() {
    let mut object = object(
        &[("a", Kind::Integer), ("new", Kind::Integer)],
        vec![Measure::Absent(B), Measure::Nulls(B), Measure::WrongType(B)],
    );
    let folder = folder([
        ("old.csv", &b"a\n1\n2\n"[..]),
        ("new.csv", b"a,new\n3,4\n"),
        ("old.json", b"{\"a\": 1}\n"),
    ]);
    let measured = |object: &Object, location: &str, format: Format| {
        run(
            object,
            source(folder.path(), location, format),
            &Options::default(),
        )
        .measured
    };
    let values = |measured: &[Measured]| -> Vec<_> {
        let values = measured.iter().map(|measured| measured.value.clone());
        values.collect()
    };
    let count = |number| Ok(Value::Count(number));

    let required = measured(&object, "*.csv", csv());
    object.columns[1].nullable = true;
    let nullable = measured(&object, "*.csv", csv());
    let nowhere = measured(&object, "old.csv", csv());
    let json = measured(&object, "old.json", Format::Json);

    assert_eq!(values(&required), [count(1), count(0), count(0)]);
    assert_eq!(values(&nullable), [count(0), count(2), count(0)]);
    assert_eq!(nullable[0].files, required[0].files);
    assert_eq!(
        values(&nowhere),
        [count(1), Err(Gap::Absent), Err(Gap::Absent)]
    );
    assert_eq!(values(&json), [count(0), count(1), count(0)]);
}

#[test]
fn patterns_and_folders_with_names_of_files_are_found() {
    let object = object(&[("a", Kind::Integer)], vec![Measure::Rows]);
    let folder = folder([
        ("x/1.csv", &b"a\n1\n"[..]),
        ("x/2.csv/part-0", b"a\n1\n2\n"),
        ("x/3.txt", b"a\n1\n"),
    ]);
    for (location, rows) in [
        ("x/*.csv", 3),
        ("x/{1,2}.csv", 3),
        ("**/part-*", 2),
        ("x/2.csv", 2),
        ("x/1.csv", 1),
    ] {
        let scan = run(
            &object,
            source(folder.path(), location, csv()),
            &Options::default(),
        );
        assert_eq!(counts(&scan), [rows], "{location}");
    }

    let scan = run(
        &object,
        source(folder.path(), "x/*.parquet", csv()),
        &Options::default(),
    );

    assert_eq!(
        scan.measured[0].value,
        Err(Gap::GivenUp("there is no file at x/*.parquet".to_owned()))
    );
}

#[test]
fn compressed_and_encoded_files_are_read_as_they_are() {
    use std::io::Write;
    let text = "a;b\nKöln;1\n\"a;\nb\";\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    let latin = text
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect::<Vec<u8>>();
    let utf16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(text.chars())
        .flat_map(|letter| u16::try_from(u32::from(letter)).unwrap().to_le_bytes())
        .collect();
    let bom = format!("\u{feff}{text}").into_bytes();
    let packed = zstd::encode_all(utf16.as_slice(), 1).unwrap();
    let object = object(
        &[("a", Kind::String), ("b", Kind::Integer)],
        vec![
            Measure::Rows,
            Measure::Length(A, data_contract::plan::Side::High, 3),
            Measure::Nulls(B),
            Measure::WrongType(A),
        ],
    );
    let dialect = Dialect {
        delimiter: b';',
        ..Dialect::default()
    };
    for (content, encoding) in [
        (text.as_bytes(), Encoding::Utf8),
        (&gzip, Encoding::Utf8),
        (&zstd, Encoding::Utf8),
        (&bom, Encoding::Utf8),
        (&utf16, Encoding::Utf8),
        (&packed, Encoding::Utf8),
        (&latin, Encoding::of("latin1").unwrap()),
    ] {
        let folder = folder([("t", content)]);
        let format = Format::Csv(Dialect {
            encoding,
            ..dialect.clone()
        });

        let scan = run(
            &object,
            source(folder.path(), "t", format),
            &Options {
                chunk: 7,
                ..Options::default()
            },
        );

        assert_eq!(counts(&scan), [2, 2, 1, 0], "{content:?}");
    }
}

#[test]
fn a_file_without_a_header_has_the_columns_of_the_contract() {
    let object = object(
        &[("a", Kind::Integer), ("b", Kind::String)],
        vec![Measure::Rows, Measure::WrongType(A), Measure::ExtraColumns],
    );
    let folder = folder([("t.csv", &b"1,x,y\n2,z,y\n"[..])]);
    let format = Format::Csv(Dialect {
        header: false,
        ..Dialect::default()
    });

    let scan = run(
        &object,
        source(folder.path(), "t.csv", format),
        &Options::default(),
    );

    assert_eq!(count(&scan.measured[0]), 2);
    assert_eq!(counts(&scan), [2, 0, 1]);
}

#[test]
fn a_folder_whose_format_means_nothing_is_a_gap_in_every_format() {
    let format = Some("yyyy-QQ".to_owned());
    let object = object(
        &[("day", Kind::Date { format }), ("a", Kind::Integer)],
        vec![
            Measure::Rows,
            Measure::Nulls(A),
            Measure::WrongType(A),
            Measure::WrongType(B),
        ],
    );
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let batch = RecordBatch::try_from_iter([("a", numbers)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let null = "day=__HIVE_DEFAULT_PARTITION__/y";
    for (extension, content, format) in [
        ("csv", &b"a\n1\n2\n"[..], csv()),
        ("json", b"{\"a\":1}\n{\"a\":2}\n", Format::Json),
        ("parquet", &bytes, Format::Parquet),
    ] {
        let names = [
            format!("day=2026/x.{extension}"),
            format!("{null}.{extension}"),
        ];
        let folder = folder(names.iter().map(|name| (name.as_str(), content)));

        let scan = run(
            &object,
            source(folder.path(), "", format),
            &Options::default(),
        );

        let reason = "the format is no pattern of a time";
        assert_eq!(count(&scan.measured[0]), 4, "{extension}");
        assert_eq!(count(&scan.measured[1]), 2, "{extension}");
        let wrong = &scan.measured[2].value;
        assert!(
            matches!(wrong, Err(Gap::NotMeasurable(told)) if told.starts_with(reason)),
            "{extension}: {wrong:?}"
        );
        assert_eq!(count(&scan.measured[3]), 0, "{extension}");
    }
}
