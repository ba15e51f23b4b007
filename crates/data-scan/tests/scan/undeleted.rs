//! A table with deleted rows is like one that never had them.

use std::sync::Arc;

use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow_schema::Field;
use data_contract::plan::{
    Bound, ColumnId, Gap, Kind, Literal, Measure, Measured, Object, ObjectId, Pattern, Side, Step,
    Value,
};
use data_scan::{Format, Layout, ObjectScan, Options, Progress, Source, read, scan};
use proptest::prelude::*;

use crate::support::{A, B, object, source};
use crate::tables::{Table, Vectors, add, inline, parquet};

const C: ColumnId = ColumnId(2);
const D: ColumnId = ColumnId(3);
const ITEMS: ColumnId = ColumnId(4);
/// Text that is declared to be a number.
const WRONG: ColumnId = ColumnId(5);

/// A row: a number, a text, a double, and a list.
type Row = (
    Option<i64>,
    Option<String>,
    Option<f64>,
    Option<Vec<Option<i64>>>,
);

fn rows() -> impl Strategy<Value = Vec<(Row, bool)>> {
    let number = prop::option::weighted(0.8, 0_i64..8);
    let text = prop::option::weighted(0.8, "[ab]{0,2}");
    let double = prop::option::weighted(0.8, (-4_i32..4).prop_map(|value| f64::from(value) / 2.0));
    let list = prop::option::weighted(0.8, prop::collection::vec(prop::option::of(0_i64..3), 0..3));
    let row = (number, text, double, list);
    // How many rows are deleted: some, nearly all, all.
    let share = prop_oneof![Just(0.1), Just(0.5), Just(0.95), Just(1.0)];
    share.prop_flat_map(move |share| {
        prop::collection::vec((row.clone(), prop::bool::weighted(share)), 0..60)
    })
}

fn file(rows: &[&Row], groups: &[usize]) -> Vec<u8> {
    let numbers: Int64Array = rows.iter().map(|row| row.0).collect();
    let texts: StringArray = rows.iter().map(|row| row.1.as_deref()).collect();
    let doubles: Float64Array = rows.iter().map(|row| row.2).collect();
    let lists =
        ListArray::from_iter_primitive::<Int64Type, _, _>(rows.iter().map(|row| row.3.clone()));
    let arrays: [(&str, ArrayRef); 4] = [
        ("a", Arc::new(numbers)),
        ("b", Arc::new(texts)),
        ("c", Arc::new(doubles)),
        ("d", Arc::new(lists)),
    ];
    let columns =
        arrays.map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array));
    parquet(&columns, groups)
}

fn measures() -> Vec<Measure> {
    let bound = |value, exclusive| Bound {
        value: Literal::Integer(value),
        exclusive,
    };
    let mut measures = vec![
        Measure::Rows,
        Measure::Beyond(A, Side::High, bound(5, false)),
        Measure::Beyond(A, Side::Low, bound(100, false)),
        Measure::Beyond(C, Side::Low, bound(0, true)),
        Measure::NotMultiple(A, Literal::Integer(3)),
        Measure::Length(B, Side::Low, 1),
        Measure::Items(D, Side::High, 1),
        Measure::RepeatedItems(D),
        Measure::Places(ITEMS),
        Measure::Beyond(ITEMS, Side::High, bound(1, false)),
        Measure::Mean(C),
        Measure::Sum(A),
        Measure::Frequencies(A, 3),
        Measure::Frequencies(B, 10),
        Measure::Labelled(B, "a".to_owned()),
        Measure::Histogram(C, vec![-1.0, 0.0, 1.0]),
        Measure::Cells(A, vec![1.0, 4.0]),
        Measure::Missing(B, vec![Literal::Text(String::new())]),
        Measure::Invalid {
            column: B,
            values: Some(vec![Literal::Text("a".to_owned())]),
            pattern: Some(Pattern("^a".to_owned())),
        },
    ];
    for column in [A, B, C] {
        measures.push(Measure::Extreme(column, Side::Low));
        measures.push(Measure::Extreme(column, Side::High));
        measures.push(Measure::Distinct(vec![column]));
        measures.push(Measure::Surplus(vec![column]));
    }
    for column in [A, B, C, D, ITEMS, WRONG] {
        measures.push(Measure::Nulls(column));
        measures.push(Measure::WrongType(column));
    }
    measures.extend(across());
    measures
}

/// Measures of keys, and of both objects.
fn across() -> Vec<Measure> {
    vec![
        Measure::Surplus(vec![A, B]),
        Measure::RepeatedKeys(vec![B]),
        Measure::Parts {
            column: A,
            of: ObjectId(1),
            of_column: A,
            parts: 3,
        },
        Measure::Orphans {
            columns: vec![A],
            to: ObjectId(1),
            to_columns: vec![A],
        },
        Measure::Shared {
            rows: true,
            columns: vec![A, B],
            with: ObjectId(1),
            with_columns: vec![A, B],
        },
        Measure::Divided {
            rows: true,
            columns: vec![A, B],
            by: C,
        },
    ]
}

fn objects() -> [Object; 2] {
    let kinds = [
        ("a", Kind::Integer),
        ("b", Kind::String),
        ("c", Kind::Number),
        ("d", Kind::Array),
    ];
    let mut of_table = object(&kinds, measures());
    let mut items = of_table.columns[3].clone();
    items.path.push(Step::Items);
    items.kind = Kind::Integer;
    let mut wrong = of_table.columns[1].clone();
    wrong.kind = Kind::Integer;
    of_table.columns.extend([items, wrong]);
    [of_table, object(&kinds[..2], Vec::new())]
}

/// The table and what it is compared with.
fn scanned(sources: &[Source; 2], options: &Options) -> ObjectScan {
    scan(&objects(), sources, options, &Progress::new())
        .unwrap()
        .remove(0)
}

fn batches(source: &Source) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let take = |batch: RecordBatch| {
        let cell = |column: &ArrayRef, row| format!("{:?}", column.slice(row, 1));
        let row = |row| {
            batch
                .columns()
                .iter()
                .map(|column| cell(column, row))
                .collect()
        };
        rows.extend((0..batch.num_rows()).map(row));
        true
    };
    let mut object = objects()[0].clone();
    // Rows of which a column is of another kind are not handed out at all.
    object.columns.truncate(WRONG.0);
    let (options, progress) = (Options::default(), Progress::new());
    let files = read(
        &Layout::of(&object, source),
        source,
        &options,
        &progress,
        take,
    )
    .unwrap();
    assert_eq!(files[0].unreadable, None);
    rows
}

/// Rows that are shown, as they are numbered in the file with all rows.
fn shown(measured: &Measured, place: impl Fn(u64) -> u64) -> Vec<(Option<u64>, Option<String>)> {
    let samples = measured.samples.iter();
    samples
        .map(|sample| (sample.row.map(&place), sample.value.clone()))
        .collect()
}

/// The rows of each group that are not deleted: where groups are alike, sums of doubles are added up alike.
fn left_of(rows: &[(Row, bool)], groups: &[usize]) -> Vec<usize> {
    let mut rest = rows;
    let left = groups.iter().map(|group| {
        let (of_it, others) = rest.split_at(*group);
        rest = others;
        of_it.iter().filter(|(_, out)| !*out).count()
    });
    left.collect()
}

/// A table with deleted rows, and one that has never had them.
fn tables(rows: &[(Row, bool)], groups: &[usize], on_disk: bool) -> (Table, Table) {
    let deleted = (0_u64..).zip(rows).filter(|(_, (_, out))| *out);
    let deleted: Vec<u64> = deleted.map(|(at, _)| at).collect();
    let mut vectors = Vectors::new();
    let vector = if on_disk {
        vectors.add(&deleted)
    } else {
        inline(&deleted)
    };
    let all: Vec<&Row> = rows.iter().map(|(row, _)| row).collect();
    let left = rows.iter().filter(|(_, out)| !*out);
    let left: Vec<&Row> = left.map(|(row, _)| row).collect();
    let (mut table, mut plain) = (Table::new(), Table::new());
    table.file("a.parquet", &file(&all, groups));
    table.file(Vectors::NAME, &vectors.0);
    table.commit(&[add("a.parquet", Some(&vector))]);
    plain.file("a.parquet", &file(&left, &left_of(rows, groups)));
    plain.commit(&[add("a.parquet", None)]);
    (table, plain)
}

/// Measures all that there is of both tables.
fn compare(rows: &[(Row, bool)], groups: &[usize], (on_disk, threads): (bool, usize)) {
    let (table, plain) = tables(rows, groups, on_disk);
    let of = |table: &Table| source(table.path(), "t", Format::Delta);
    let (table_source, plain_source) = (of(&table), of(&plain));
    let options = Options {
        samples: 3,
        threads,
        ..Options::default()
    };
    let both = |source: &Source| [source.clone(), source.clone()];
    let kept = (0_u64..).zip(rows).filter(|(_, (_, out))| !*out);
    let kept: Vec<u64> = kept.map(|(at, _)| at).collect();

    let found = scanned(&both(&table_source), &options);
    let expected = scanned(&both(&plain_source), &options);

    assert_eq!(found.rows, kept.len() as u64);
    // A type is no row.
    let place = |row: u64| match usize::try_from(row).unwrap() {
        0 => 0,
        row => kept[row - 1] + 1,
    };
    let measures = &objects()[0].measures;
    for ((found, expected), measure) in found.measured.iter().zip(&expected.measured).zip(measures)
    {
        assert_eq!(found.value, expected.value, "{measure:?}");
        let rows = shown(found, |row| row);
        assert_eq!(rows, shown(expected, place), "{measure:?}");
    }
    assert_eq!(batches(&table_source), batches(&plain_source));
    let options = Options {
        metadata_only: true,
        ..options
    };
    let found = scanned(&both(&table_source), &options);
    for ((found, expected), measure) in found.measured.iter().zip(&expected.measured).zip(measures)
    {
        match &found.value {
            Err(Gap::NotMeasurable(_)) => {}
            // A footer may know no more than that there is one.
            Ok(Value::AtLeast(least, _)) => {
                let is_so = matches!(expected.value, Ok(Value::Count(n)) if n >= *least);
                assert!(is_so, "{measure:?}");
            }
            value => assert_eq!(value, &expected.value, "{measure:?}"),
        }
    }
}

#[test]
fn long_runs_of_rows_are_skipped_as_single_ones_are() {
    let row = |at: i64| -> Row {
        let list = (at % 5 > 0).then(|| {
            (0..at % 4)
                .map(|item| (item != 2).then_some(item))
                .collect()
        });
        let text = (at % 3 > 0).then(|| format!("t{}", at % 11));
        (Some(at % 7), text, Some(0.5), list)
    };
    let out =
        |at: i64| at % 997 == 0 || (9_000..20_000).contains(&at) || (at > 22_000 && at % 2 > 0);
    let rows: Vec<(Row, bool)> = (0..25_000).map(|at| (row(at), out(at))).collect();

    compare(&rows, &[10_000, 5_000], (true, 2));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_table_is_measured_as_if_its_deleted_rows_had_never_been_there(
        rows in rows(),
        groups in prop::collection::vec(1_usize..20, 0..5),
        how in (any::<bool>(), 1_usize..3),
    ) {
        let mut cuts: Vec<usize> = Vec::new();
        for group in groups {
            if cuts.iter().sum::<usize>() + group < rows.len() {
                cuts.push(group);
            }
        }

        compare(&rows, &cuts, how);
    }
}
