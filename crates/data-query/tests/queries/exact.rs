//! Values to their last digit, and what is within columns.

use std::sync::Arc;

use data_contract::plan::{Decimal, Literal};
use data_query::arrow::array::{
    ArrayRef, Decimal128Array, Int64Array, ListArray, RecordBatch, StructArray,
    Time64NanosecondArray, TimestampMicrosecondArray,
};
use data_query::arrow::datatypes::{DataType, Field, Int64Type};
use data_query::{Limits, Queries, QueryError};

use crate::Memory;

const MOST: i64 = i64::MAX;

fn queries() -> Queries {
    let whole: ArrayRef = Arc::new(Int64Array::from(vec![
        Some(MOST),
        Some(MOST),
        None,
        Some(1),
    ]));
    let wide = Decimal128Array::from(vec![Some(10_i128.pow(38) - 1), Some(1), None, Some(1)]);
    let wide = wide.with_precision_and_scale(38, 0).expect("38 digits");
    let zip: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3), None]));
    let zip = (Arc::new(Field::new("ZIP", DataType::Int64, true)), zip);
    let tags = [
        Some(vec![Some(1), Some(2)]),
        Some(vec![]),
        None,
        Some(vec![None]),
    ];
    let tags = ListArray::from_iter_primitive::<Int64Type, _, _>(tags);
    let eight = 8 * 3_600_000_000_000;
    let batch = RecordBatch::try_from_iter([
        ("n", whole),
        ("wide", Arc::new(wide)),
        ("Address", Arc::new(StructArray::from(vec![zip]))),
        ("tags", Arc::new(tags)),
        (
            "at",
            Arc::new(Time64NanosecondArray::from(vec![eight, eight + 1, 0, 0])),
        ),
        (
            "until",
            Arc::new(TimestampMicrosecondArray::from(vec![
                253_402_214_400_000_000,
                0,
                1,
                2,
            ])),
        ),
    ])
    .expect("columns of one length");
    let mut queries = Queries::new(Limits::default()).expect("a session");
    queries
        .add("t", Arc::new(Memory(vec![batch])))
        .expect("a table");
    queries
}

async fn value(query: &str) -> Result<Literal, QueryError> {
    queries().scalar(query).await
}

#[tokio::test]
async fn sums_do_not_wrap_around() {
    let twice = i128::from(MOST) * 2 + 1;
    for (query, expected) in [
        ("SELECT SUM(n) + 0 FROM t", twice),
        (
            "SELECT MAX(s) FROM (SELECT SUM(n) OVER () AS s FROM t) q",
            twice,
        ),
        ("SELECT SUM(DISTINCT n) FROM t", i128::from(MOST) + 1),
        (
            "SELECT SUM(wide) - 2 FROM t WHERE wide > 1",
            10_i128.pow(38) - 3,
        ),
        (
            "SELECT COALESCE(SUM(CASE WHEN n = 1 THEN 1 ELSE 0 END), 0) FROM t",
            1,
        ),
    ] {
        assert_eq!(
            value(query).await.expect(query),
            Literal::Integer(expected),
            "{query}"
        );
    }
    let most = "SELECT SUM(wide) FROM t";
    let more = Decimal::parse(format!("1{:0>38}", 1).as_bytes()).map(Literal::of_decimal);
    assert_eq!(value(most).await.ok(), more);
    let share = "SELECT SUM(CASE WHEN n = 1 THEN 1 ELSE 0 END) / COUNT(*) FROM t";
    assert_eq!(value(share).await.expect(share), Literal::Number(0.25));
}

#[tokio::test]
async fn structs_and_lists_are_looked_into() {
    for (query, expected) in [
        ("SELECT COUNT(*) FROM t WHERE `Address`.`ZIP` > 1", 1),
        ("SELECT COUNT(*) FROM t WHERE t.address.zip IS NULL", 2),
        ("SELECT COUNT(*) FROM t WHERE cardinality(`tags`) > 0", 2),
    ] {
        assert_eq!(
            value(query).await.expect(query),
            Literal::Integer(expected),
            "{query}"
        );
    }
}

#[tokio::test]
async fn times_are_compared_with_times() {
    for (query, expected) in [
        ("SELECT COUNT(*) FROM t WHERE at > TIME '08:00:00'", 1),
        ("SELECT COUNT(*) FROM t WHERE at >= TIME '08:00:00'", 2),
        (
            "SELECT COUNT(*) FROM t WHERE until = TIMESTAMP '9999-12-31 00:00:00'",
            1,
        ),
        (
            "SELECT COUNT(*) FROM t WHERE until < CAST('9999-12-31' AS TIMESTAMP)",
            3,
        ),
    ] {
        assert_eq!(
            value(query).await.expect(query),
            Literal::Integer(expected),
            "{query}"
        );
    }
}
