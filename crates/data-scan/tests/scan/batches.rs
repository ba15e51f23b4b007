//! Rows as batches: all of them, in order, with NULL for what is not of its kind.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use data_contract::plan::Kind;
use data_scan::{Layout, Options, Progress, ReadError, read};

use crate::support::{csv, folder, object, source};

#[test]
fn rows_come_in_their_order_whatever_the_chunks_are() {
    let object = object(
        &[
            ("a", Kind::Integer),
            ("b", Kind::String),
            ("c", Kind::Number),
            ("d", Kind::Date { format: None }),
        ],
        Vec::new(),
    );
    let rows: Vec<(i64, String)> = (0..200)
        .map(|row| {
            (
                row,
                if row % 7 == 0 {
                    "x\n,y".to_owned()
                } else {
                    format!("t{row}")
                },
            )
        })
        .collect();
    let lines: String = rows
        .iter()
        .map(|(a, b)| format!("{a},\"{b}\",{}\n", if a % 3 == 0 { "bad" } else { "0.5" }))
        .collect();
    let folder = folder([("t.csv", format!("a,b,c\n{lines}").as_bytes())]);
    for chunk in [5, 64, 1 << 20] {
        let mut batches = Vec::new();

        let source = source(folder.path(), "t.csv", csv());
        let files = read(
            &Layout::of(&object, &source),
            &source,
            &Options {
                chunk,
                ..Options::default()
            },
            &Progress::new(),
            |batch| {
                batches.push(batch);
                true
            },
        );

        assert_eq!(files.unwrap()[0].rows, 200);
        let (mut found, mut bad) = (Vec::new(), 0);
        for batch in &batches {
            let (a, b) = (
                batch.column(0).as_primitive::<Int64Type>(),
                batch.column(1).as_string::<i32>(),
            );
            found.extend((0..batch.num_rows()).map(|row| (a.value(row), b.value(row).to_owned())));
            bad += batch.column(2).as_primitive::<Float64Type>().null_count();
            assert_eq!(batch.column(3).null_count(), batch.num_rows());
        }
        assert_eq!(found, rows, "{chunk}");
        assert_eq!(bad, 67);
    }
}

#[test]
fn whoever_has_enough_ends_the_reading() {
    let object = object(&[("a", Kind::Integer)], Vec::new());
    let folder = folder([("t.csv", &b"a\n1\n2\n"[..])]);

    let source = source(folder.path(), "t.csv", csv());
    let result = read(
        &Layout::of(&object, &source),
        &source,
        &Options::default(),
        &Progress::new(),
        |_| false,
    );

    assert!(matches!(result, Err(ReadError::Cancelled(_))));
}
