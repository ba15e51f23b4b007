//! Keys across objects.

use data_contract::plan::{Gap, Kind, Measure, Object, ObjectId};
use data_scan::{Format, ObjectScan, Options, Progress, scan};

use crate::support::{A, B, count, counts, csv, folder, object, run_csv, source};

#[test]
fn rows_of_keys_that_another_object_lacks_are_shown() {
    let orphans = Measure::Orphans {
        columns: vec![A, B],
        to: ObjectId(1),
        to_columns: vec![A, B],
    };
    let here = object(&[("k", Kind::Integer), ("s", Kind::String)], vec![orphans]);
    let there = object(&[("id", Kind::Integer), ("s", Kind::String)], Vec::new());
    let folder = folder([
        ("a/1.csv", &b"k,s\n1,x\n7,x\n,y\n7,\n"[..]),
        ("a/2.csv", b"k,s\n2,y\n1,y\n7,x\n9,z\n"),
        ("b.csv", b"id,s\n1,x\n2,y\n"),
    ]);
    let shown = |here: &Object, there: &Object, (samples, threads): (usize, usize)| {
        let sources = ["a", "b.csv"].map(|place| source(folder.path(), place, csv()));
        let options = Options {
            samples,
            threads,
            chunk: 5,
            ..Options::default()
        };
        let objects = [here.clone(), there.clone()];
        let scans = scan(&objects, &sources, &options, &Progress::new()).unwrap();
        let measured = &scans[0].measured[0];
        assert_eq!(count(measured), 4);
        let samples = measured.samples.iter().map(|sample| {
            let file = sample.file.clone().unwrap();
            let value = sample.value.clone().unwrap_or_default();
            format!("{file}:{} {value}", sample.row.unwrap())
        });
        samples.collect::<Vec<_>>()
    };

    for threads in 1..4 {
        assert_eq!(
            shown(&here, &there, (3, threads)),
            ["a/1.csv:2 7, x", "a/2.csv:2 1, y", "a/2.csv:3 7, x"]
        );
    }
    assert!(shown(&here, &there, (0, 1)).is_empty());
    let masked = |object: &Object| {
        let mut object = object.clone();
        object.columns[1].masked = true;
        object
    };
    for (here, there) in [(masked(&here), there.clone()), (here, masked(&there))] {
        assert_eq!(shown(&here, &there, (1, 2)), ["a/1.csv:2 "]);
    }
}

#[test]
fn keys_are_compared_across_objects_row_by_row() {
    let orphans = Measure::Orphans {
        columns: vec![A],
        to: ObjectId(1),
        to_columns: vec![A],
    };
    let shared = Measure::Shared {
        rows: false,
        columns: vec![A],
        with: ObjectId(1),
        with_columns: vec![A],
    };
    let here = object(&[("k", Kind::String)], vec![orphans, shared]);
    let there = object(&[("id", Kind::String)], vec![Measure::Surplus(vec![A])]);
    let folder = folder([
        ("a.csv", &b"k,x\na,\na,\nb,\nc,\n,1\n"[..]),
        ("b.csv", b"id\nb\nc\nc\nd\n"),
    ]);
    let sources = [
        source(folder.path(), "a.csv", csv()),
        source(folder.path(), "b.csv", csv()),
    ];

    let scans = scan(
        &[here.clone(), there.clone()],
        &sources,
        &Options::default(),
        &Progress::new(),
    )
    .unwrap();

    assert_eq!(count(&scans[0].measured[0]), 2);
    assert_eq!(count(&scans[0].measured[1]), 2);
    assert_eq!(count(&scans[1].measured[0]), 1);

    let sources = [
        source(folder.path(), "a.csv", csv()),
        source(folder.path(), "none.csv", csv()),
    ];
    let scans = scan(
        &[here, there],
        &sources,
        &Options::default(),
        &Progress::new(),
    )
    .unwrap();
    let gap = scans[0].measured[0].value.clone().unwrap_err();
    assert_eq!(
        gap,
        Gap::Failed("t: there is no file at none.csv".to_owned())
    );
}

#[test]
fn a_cancelled_scan_says_so() {
    let object = object(&[("k", Kind::String)], vec![Measure::Rows]);
    let folder = folder([("a.csv", &b"k\na\n"[..])]);
    let progress = Progress::new();
    progress.cancel();

    let result = scan(
        &[object],
        &[source(folder.path(), "a.csv", csv())],
        &Options::default(),
        &progress,
    );

    assert!(result.is_err());
}

#[test]
fn keys_that_stand_beside_several_values_are_counted_once_and_rows_each() {
    let divided = |rows| Measure::Divided {
        rows,
        columns: vec![A],
        by: B,
    };
    let object = object(
        &[("k", Kind::String), ("s", Kind::String)],
        vec![divided(false), divided(true)],
    );
    let content = "k,s\na,train\na,test\na,test\nb,train\nb,train\nb,\n,train\n,test\n";

    let scan = run_csv(&object, content, &Options::default());

    assert_eq!(counts(&scan), [1, 5]);
}

#[test]
fn whole_rows_are_shared_with_their_nulls() {
    let shared = |rows| Measure::Shared {
        rows,
        columns: vec![A, B],
        with: ObjectId(1),
        with_columns: vec![A, B],
    };
    let columns = [("a", Kind::Integer), ("b", Kind::String)];
    let here = object(&columns, vec![shared(true), shared(false)]);
    let there = object(&columns, Vec::new());
    let folder = folder([
        ("a.csv", &b"a,b\n1,\n1,\n2,x\nbad,x\n"[..]),
        ("b.csv", b"a,b\n1,\n2,x\nbad,x\n3,\n"),
    ]);
    let sources = [
        source(folder.path(), "a.csv", csv()),
        source(folder.path(), "b.csv", csv()),
    ];

    let scans = scan(
        &[here, there],
        &sources,
        &Options::default(),
        &Progress::new(),
    )
    .unwrap();

    assert_eq!(counts(&scans[0]), [3, 1]);
}

#[test]
fn keys_that_are_there_again_are_shown() {
    let twice = object(
        &[("k", Kind::Date { format: None }), ("n", Kind::String)],
        vec![Measure::Surplus(vec![A, B])],
    );
    let options = Options {
        samples: 5,
        ..Options::default()
    };

    let found = run_csv(
        &twice,
        "k,n\n2026-01-02,x\n2026-01-02,y\n2026-01-02,x\n",
        &options,
    );

    let samples: Vec<_> = found.measured[0]
        .samples
        .iter()
        .map(|sample| (sample.row, sample.value.as_deref()))
        .collect();
    assert_eq!(samples, [(Some(3), Some("2026-01-02, x"))]);
}

#[test]
fn rows_of_keys_are_right_in_a_file_in_one_piece_of_any_length() {
    let mut rows: Vec<usize> = (0..150_000).collect();
    rows[149_000] = 3;
    rows[149_500] = 70_000;
    let objects = rows.iter().map(|row| format!("{{\"a\": {row}}}"));
    let json = format!("[{}]", objects.collect::<Vec<_>>().join(","));
    let few = "[{\"a\": 1}, {\"a\": 3}, {\"a\": 70000}]";
    let folder = folder([("t.json", json.as_bytes()), ("few.json", few.as_bytes())]);
    let missing = Measure::Orphans {
        columns: vec![A],
        to: ObjectId(0),
        to_columns: vec![A],
    };
    let objects = [
        object(&[("a", Kind::Integer)], Vec::new()),
        object(
            &[("a", Kind::Integer)],
            vec![Measure::Surplus(vec![A]), missing],
        ),
    ];
    let sources = ["few.json", "t.json"].map(|name| source(folder.path(), name, Format::Json));
    let options = Options {
        samples: 3,
        ..Options::default()
    };

    let scans = scan(&objects, &sources, &options, &Progress::new()).unwrap();

    let told = |at: usize| {
        let samples = scans[1].measured[at].samples.iter();
        let told = samples.map(|it| (it.row.unwrap(), it.value.clone().unwrap()));
        told.collect::<Vec<_>>()
    };
    assert_eq!(counts(&scans[1]), [2, 149_995]);
    let again = [(149_001, "3".to_owned()), (149_501, "70000".to_owned())];
    assert_eq!(told(0), again);
    let first = [(1, "0"), (3, "2"), (5, "4")].map(|(row, key)| (row, key.to_owned()));
    assert_eq!(told(1), first);
}

/// File, row and value of each sample of the first measure.
fn samples(scan: &ObjectScan) -> Vec<String> {
    let samples = scan.measured[0].samples.iter();
    let words = samples.map(|sample| {
        let row = sample.row.unwrap_or_default();
        format!("{row}: {}", sample.value.as_deref().unwrap_or("-"))
    });
    words.collect()
}

#[test]
fn keys_that_both_objects_have_are_shown_but_for_classified_ones() {
    let shown = |rows: bool, masked: (bool, bool), most: usize| {
        let shared = Measure::Shared {
            rows,
            columns: vec![A, B],
            with: ObjectId(1),
            with_columns: vec![A, B],
        };
        let columns = [("a", Kind::Integer), ("b", Kind::String)];
        let mut here = object(&columns, vec![shared]);
        let mut there = object(&columns, Vec::new());
        (here.columns[1].masked, there.columns[0].masked) = masked;
        let folder = folder([
            ("a.csv", &b"a,b\n9,x\n1,\n1,\n2,x\nbad,x\n"[..]),
            ("b.csv", b"a,b\n1,\n2,x\nbad,x\n3,\n"),
        ]);
        let files = ["a.csv", "b.csv"];
        let sources = files.map(|file| source(folder.path(), file, csv()));
        let options = Options {
            samples: most,
            ..Options::default()
        };
        let scans = scan(&[here, there], &sources, &options, &Progress::new()).unwrap();
        samples(&scans[0])
    };

    assert_eq!(
        shown(true, (false, false), 5),
        ["2: 1, NULL", "3: 1, NULL", "4: 2, x"]
    );
    assert_eq!(shown(true, (false, false), 1), ["2: 1, NULL"]);
    assert_eq!(shown(true, (false, false), 0), [] as [&str; 0]);
    assert_eq!(shown(false, (false, false), 5), ["4: 2, x"]);
    assert_eq!(shown(false, (true, false), 5), ["4: -"]);
    assert_eq!(shown(false, (false, true), 5), ["4: -"]);
}

#[test]
fn keys_that_stand_beside_several_values_are_shown() {
    let shown = |rows: bool, masked: bool| {
        let divided = Measure::Divided {
            rows,
            columns: vec![A],
            by: B,
        };
        let columns = [("k", Kind::String), ("s", Kind::String)];
        let mut object = object(&columns, vec![divided]);
        object.columns[0].masked = masked;
        let options = Options {
            samples: 4,
            ..Options::default()
        };
        let content = "k,s\nb,train\na,train\na,\na,test\nb,train\n,train\n,test\n";
        samples(&run_csv(&object, content, &options))
    };

    assert_eq!(shown(false, false), ["2: a", "4: a"]);
    assert_eq!(shown(true, false), ["2: a", "4: a", "6: NULL", "7: NULL"]);
    assert_eq!(shown(false, true), ["2: -", "4: -"]);
}
