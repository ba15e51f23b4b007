//! Files that are not as they should be: findings, never an end of the scan, never a wrong number.

use data_contract::plan::{Gap, Kind, Measure, Value};
use data_scan::{Dialect, Encoding, Finding, Format, Oddity, Options};

use crate::support::{A, B, counts, csv, folder, object, run, source};

fn scan_of(content: &[u8]) -> data_scan::ObjectScan {
    let object = object(
        &[("a", Kind::Integer), ("b", Kind::String)],
        vec![
            Measure::Rows,
            Measure::Nulls(B),
            Measure::WrongType(B),
            Measure::WrongType(A),
        ],
    );
    let folder = folder([("t.csv", content)]);
    run(
        &object,
        source(folder.path(), "t.csv", csv()),
        &Options::default(),
    )
}

fn finding(oddity: Oddity, count: u64, rows: &[u64]) -> Finding {
    Finding {
        file: "t.csv".to_owned(),
        oddity,
        count,
        rows: rows.to_vec(),
    }
}

#[test]
fn rows_with_too_few_or_too_many_cells_are_counted() {
    let scan = scan_of(b"a,b\n1,x\n2\n3,y,z\n4,w\n");

    assert_eq!(counts(&scan), [4, 1, 0, 0]);
    assert_eq!(scan.findings, [finding(Oddity::Ragged(2), 2, &[2, 3])]);
}

#[test]
fn bytes_that_are_no_text_are_counted() {
    let scan = scan_of(b"a,b\n1,x\n2,\xFF\n3,y\0\n");

    assert_eq!(counts(&scan), [3, 0, 1, 0]);
    assert_eq!(
        scan.findings,
        [
            finding(Oddity::NotText("UTF-8".to_owned()), 1, &[2]),
            finding(Oddity::Nul, 1, &[3])
        ]
    );
}

#[test]
fn bytes_that_are_no_text_in_another_encoding_are_counted_too() {
    let wide = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let lone = [wide("a,b\n1,x\n2,"), vec![0x00, 0xD8], wide("y\n3,z\n")].concat();
    let mut cut = wide("a,b\n1,x\n2,\u{4e00}");
    cut.pop();
    for (label, content, row) in [
        ("shift_jis", b"a,b\n1,\x93\xfa\n2,\x81\n3,z\n".to_vec(), 2),
        ("utf-16le", lone, 2),
        ("utf-16le", cut, 2),
        ("shift_jis", b"a,b\n1,x\n2,y\n3,\xff".to_vec(), 3),
    ] {
        let encoding = Encoding::of(label).unwrap();
        let object = object(
            &[("a", Kind::Integer), ("b", Kind::String)],
            vec![Measure::WrongType(B)],
        );
        let folder = folder([("t.csv", content.as_slice())]);
        let dialect = Dialect {
            encoding,
            ..Dialect::default()
        };
        let source = source(folder.path(), "t.csv", Format::Csv(dialect));

        let scan = run(&object, source, &Options::default());

        assert_eq!(counts(&scan), [1], "{label}");
        let expected = finding(Oddity::NotText(encoding.name()), 1, &[row]);
        assert_eq!(scan.findings, [expected], "{label}");
    }
}

#[test]
fn a_quote_that_is_never_closed_is_found() {
    let scan = scan_of(b"a,b\n1,x\n2,\"y\n3,z\n");

    assert_eq!(counts(&scan), [2, 0, 0, 0]);
    assert_eq!(scan.findings, [finding(Oddity::OpenQuote, 1, &[2])]);
}

#[test]
fn an_endless_record_ends_the_file_and_nothing_else() {
    let mut endless = b"a,b\n1,\"".to_vec();
    endless.resize(20 << 20, b'x');
    let object = object(&[("a", Kind::Integer)], vec![Measure::Rows]);
    let folder = folder([("d/1.csv", &endless[..]), ("d/2.csv", b"a\n1\n")]);

    let scan = run(
        &object,
        source(folder.path(), "d", csv()),
        &Options::default(),
    );

    assert_eq!(counts(&scan), [1]);
    assert!(
        scan.files[0]
            .unreadable
            .as_ref()
            .unwrap()
            .contains("longer than 16 MiB")
    );
    assert_eq!(scan.files[1].unreadable, None);
}

#[test]
fn a_header_without_rows_has_no_violations_and_an_empty_file_has_nothing() {
    let scan = scan_of(b"a,b\n");
    assert_eq!(counts(&scan), [0, 0, 0, 0]);
    assert_eq!(scan.findings, [finding(Oddity::NoRows, 1, &[])]);

    let scan = scan_of(b"");
    assert_eq!(
        scan.files[0].unreadable.as_deref(),
        Some("the file is empty")
    );
    assert_eq!(
        scan.measured[1].value,
        Err(Gap::GivenUp("none of its files could be read".to_owned()))
    );
}

#[test]
fn a_name_that_stands_twice_in_the_header_is_found() {
    let scan = scan_of(b"a,b,b\n1,x,\n");

    assert_eq!(counts(&scan), [1, 0, 0, 0]);
    assert_eq!(
        scan.findings,
        [finding(Oddity::RepeatedColumn("b".to_owned()), 1, &[])]
    );
}

#[test]
fn bad_files_among_good_ones_do_not_matter_to_those() {
    let object = object(
        &[("a", Kind::Integer)],
        vec![Measure::Rows, Measure::WrongType(A)],
    );
    let folder = folder([
        ("d/1.csv", &b"a\n1\n"[..]),
        ("d/2.csv", b""),
        ("d/3.csv", b"\x1F\x8B\x08broken"),
        ("d/4.csv", b"a\nx\n"),
    ]);

    let scan = run(
        &object,
        source(folder.path(), "d", csv()),
        &Options::default(),
    );

    let Ok(Value::AtLeast(2, Gap::Failed(reason))) = &scan.measured[0].value else {
        panic!("{:?}", scan.measured[0]);
    };
    assert_eq!(reason, "d/2.csv: the file is empty");
    assert_eq!(scan.measured[1].value, Ok(Value::Count(1)));
    let unreadable: Vec<_> = scan
        .files
        .iter()
        .map(|file| file.unreadable.is_some())
        .collect();
    assert_eq!(unreadable, [false, true, true, false]);
}

#[test]
fn patterns_and_formats_that_mean_nothing_are_gaps() {
    let wrong = Measure::Invalid {
        column: A,
        values: None,
        pattern: Some(data_contract::plan::Pattern("(".to_owned())),
    };
    let object = object(
        &[
            ("a", Kind::String),
            (
                "b",
                Kind::Date {
                    format: Some("yyyy-ww".to_owned()),
                },
            ),
        ],
        vec![
            wrong,
            Measure::WrongType(B),
            Measure::Nulls(B),
            Measure::Mean(A),
        ],
    );
    let folder = folder([("t.csv", &b"a,b\nx,1\n,\n"[..])]);

    let scan = run(
        &object,
        source(folder.path(), "t.csv", csv()),
        &Options::default(),
    );

    let gaps: Vec<_> = scan
        .measured
        .iter()
        .map(|measured| measured.value.clone().err().map(|gap| gap.to_string()))
        .collect();
    assert_eq!(
        gaps,
        [
            Some("the pattern is not valid: a group has no `)` at character 2".to_owned()),
            Some(
                "the format is no pattern of a time: the letter `w` has no meaning in it"
                    .to_owned()
            ),
            None,
            Some("texts have no mean".to_owned()),
        ]
    );
}

/// Says what of a folder cannot be read, with why. Whoever waits for a pipe waits in vain, and so does not come back.
#[cfg(unix)]
fn unread(folder: &std::path::Path, location: &str) -> Vec<(String, String)> {
    let object = object(&[("a", Kind::Integer)], vec![Measure::Rows]);
    let source = source(folder, location, csv());
    let scan = run(&object, source, &Options::default());
    assert_eq!(scan.missing, None);
    let broken = scan.files.into_iter();
    broken
        .filter_map(|file| Some((file.path, file.unreadable?)))
        .collect()
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_at_once() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let folder = folder([("d/1.csv", &b"a\n1\n"[..])]);
    let data = folder.path().join("d");
    let pipe = std::process::Command::new("mkfifo")
        .arg(data.join("2.csv"))
        .status();
    assert!(pipe.unwrap().success());
    symlink("/dev/zero", data.join("3.csv")).unwrap();
    let _socket = UnixListener::bind(data.join("4.csv")).unwrap();
    symlink("5.csv", data.join("5.csv")).unwrap();
    symlink("..", data.join("6.csv")).unwrap();
    symlink(".", data.join("7.csv")).unwrap();
    symlink("nowhere", data.join("8.csv")).unwrap();

    for location in ["d", "d/*.csv", "d/**/*.csv"] {
        let found = unread(folder.path(), location);

        let shown: Vec<_> = found
            .iter()
            .map(|(path, reason)| format!("{path}: {}", reason.split(" (os").next().unwrap()))
            .collect();
        assert_eq!(
            shown,
            [
                "d/2.csv: it is a named pipe, not a file",
                "d/3.csv: it is a device, not a file",
                "d/4.csv: it is a socket, not a file",
                "d/5.csv: Too many levels of symbolic links",
                "d/6.csv/d: it is a folder, or a link to one that it is in, not a file",
                "d/7.csv: it is a folder, or a link to one that it is in, not a file",
            ],
            "{location}"
        );
    }
    let found = unread(folder.path(), "d/2.csv");
    assert_eq!(found[0].1, "it is a named pipe, not a file");
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn members_of_gzip_follow_each_other_and_nothing_else_does() {
    let (first, second) = (gzip("a,b\n1,x\n2,"), gzip("y\n3,z\n"));
    let padding = vec![0; 700];

    let both = scan_of(&[&first[..], &second, &padding].concat());
    assert_eq!(counts(&both), [3, 0, 0, 0]);
    assert_eq!(both.files[0].unreadable, None);

    for garbage in [
        &b"x"[..],
        b"3,z\n",
        b"\0\0x",
        b"\x1F\x8C",
        b"\x1F\x8B\x08",
        b"\x1F",
    ] {
        let scan = scan_of(&[&first[..], &second, garbage].concat());

        assert!(scan.measured[1].value.is_err(), "{garbage:?}");
        let reason = scan.files[0].unreadable.as_deref().unwrap();
        assert!(
            reason.contains("behind the end of its gzip") || garbage[0] == 0x1F,
            "{reason}"
        );
    }
}

#[test]
fn columns_that_are_not_declared_are_named_whoever_asks() {
    let object = object(&[("a", Kind::Integer)], vec![Measure::ExtraColumns]);
    let folder = folder([("d/1.csv", &b"a,x,y\n"[..]), ("d/2.csv", b"z,a,y\n")]);

    let scan = run(
        &object,
        source(folder.path(), "d", csv()),
        &Options::default(),
    );

    let samples = scan.measured[0].samples.iter();
    let names: Vec<_> = samples.map(|it| it.value.as_deref().unwrap()).collect();
    assert_eq!((counts(&scan), names), (vec![3], vec!["x", "y", "z"]));
}

#[test]
fn rows_of_a_file_that_broke_off_are_no_number_of_rows() {
    let object = object(
        &[("id", Kind::Integer)],
        vec![Measure::Rows, Measure::Nulls(A), Measure::Sum(A)],
    );
    let cut = gzip(&format!("id\n{}", "7\n".repeat(9_000)));
    for (name, content, format) in [
        (
            "d/1.json",
            &b"[{\"id\":1},{\"id\":2"[..],
            data_scan::Format::Json,
        ),
        ("d/1.csv.gz", &cut[..cut.len() - 9], csv()),
        ("d/1.csv", b"", csv()),
    ] {
        let alone = folder([(name, content)]);
        let location = source(alone.path(), "d", format.clone());
        let scan = run(&object, location, &Options::default());
        assert!(
            scan.measured
                .iter()
                .all(|it| matches!(it.value, Err(Gap::Failed(_) | Gap::GivenUp(_)))),
            "{name}: {:?}",
            scan.measured
        );

        let whole = match name.ends_with("json") {
            true => ("d/2.json", &b"{\"id\":1}\n{\"id\":null}"[..]),
            false => ("d/2.csv", &b"id,x\n1,\n,\n"[..]),
        };
        let beside = folder([(name, content), whole]);
        let scan = run(
            &object,
            source(beside.path(), "d", format),
            &Options::default(),
        );
        assert!(
            matches!(scan.measured[0].value, Ok(Value::AtLeast(2.., _))),
            "{name}: {:?}",
            scan.measured[0]
        );
        assert_eq!(scan.measured[1].value, Ok(Value::Count(1)), "{name}");
        assert!(scan.measured[2].value.is_err(), "{name}");
    }
}
