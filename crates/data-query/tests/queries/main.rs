//! Rules in SQL over batches in memory.

mod exact;

use std::sync::Arc;
use std::time::Duration;

use data_contract::plan::{Decimal, Literal};
use data_query::arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use data_query::arrow::datatypes::SchemaRef;
use data_query::{Batches, Limits, Queries, QueryError, Table};
use futures::{StreamExt, stream};

#[derive(Debug)]
struct Memory(Vec<RecordBatch>);

impl Table for Memory {
    fn schema(&self) -> SchemaRef {
        self.0[0].schema()
    }

    fn scan(&self, columns: &[usize]) -> Batches {
        let columns = columns.to_vec();
        let batches = self.0.clone().into_iter();
        let batches =
            batches.map(move |batch| batch.project(&columns).map_err(|error| error.to_string()));
        stream::iter(batches).boxed()
    }
}

/// A table whose second batch cannot be read.
#[derive(Debug)]
struct Broken(RecordBatch);

impl Table for Broken {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn scan(&self, columns: &[usize]) -> Batches {
        let first = self.0.project(columns).map_err(|error| error.to_string());
        stream::iter([first, Err("part-2.csv: ends in a quote".to_owned())]).boxed()
    }
}

/// A table that never ends.
#[derive(Debug)]
struct Endless(RecordBatch);

impl Table for Endless {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn scan(&self, _columns: &[usize]) -> Batches {
        stream::pending().boxed()
    }
}

fn events() -> RecordBatch {
    RecordBatch::try_from_iter([
        ("Id", Arc::new(Int64Array::from(vec![1, 2, 3, 4, 5])) as _),
        (
            "label",
            Arc::new(Int64Array::from(vec![
                Some(0),
                Some(1),
                None,
                Some(0),
                Some(0),
            ])) as _,
        ),
        (
            "Country Code",
            Arc::new(StringArray::from(vec!["DE", "FR", "DE", "XX", "IT"])) as _,
        ),
        (
            "score",
            Arc::new(Float64Array::from(vec![0.5, f64::NAN, 1.5, 0.25, 0.75])) as _,
        ),
        (
            "day",
            Arc::new(Date32Array::from(vec![
                20_000, 20_001, 20_002, 20_003, 20_004,
            ])) as _,
        ),
    ])
    .expect("columns of one length")
}

fn queries() -> Queries {
    let mut queries = Queries::new(Limits::default()).expect("a session");
    let half = events();
    let memory = Memory(vec![half.slice(0, 2), half.slice(2, 3)]);
    queries.add("Events", Arc::new(memory)).expect("a table");
    queries
}

async fn ask(query: &str) -> Result<Literal, QueryError> {
    queries().scalar(query).await
}

async fn value(query: &str) -> Literal {
    ask(query).await.expect(query)
}

async fn complaint(query: &str) -> String {
    ask(query).await.expect_err(query).to_string()
}

#[tokio::test]
async fn the_case_of_names_means_nothing_and_both_quotes_make_names() {
    assert_eq!(
        value("SELECT COUNT(*) FROM EVENTS").await,
        Literal::Integer(5)
    );
    assert_eq!(
        value("select sum(ID) from `events`").await,
        Literal::Integer(15)
    );
    let quoted =
        "SELECT COUNT(*) FROM Events WHERE `country code` = 'DE' AND \"Country Code\" = 'DE'";
    assert_eq!(value(quoted).await, Literal::Integer(2));
}

#[tokio::test]
async fn whole_numbers_are_divided_as_numbers() {
    assert_eq!(
        value("SELECT SUM(label) / COUNT(*) FROM events").await,
        Literal::Number(0.2)
    );
    assert_eq!(value("SELECT 1 / 4").await, Literal::Number(0.25));
}

#[tokio::test]
async fn each_type_that_can_be_compared_has_its_literal() {
    assert_eq!(
        value("SELECT COUNT(*) = 5 FROM events").await,
        Literal::Boolean(true)
    );
    assert_eq!(
        value("SELECT AVG(label) FROM events").await,
        Literal::Number(0.25)
    );
    assert_eq!(
        value("SELECT MAX(\"Country Code\") FROM events").await,
        Literal::Text("XX".to_owned())
    );
    assert_eq!(
        value("SELECT MIN(day) FROM events").await,
        Literal::Date(20_000)
    );
    assert_eq!(
        value("SELECT CAST(12.50 AS DECIMAL(10, 2))").await,
        Literal::Number(12.5)
    );
    assert_eq!(
        value("SELECT CAST('123456789012345678.91' AS DECIMAL(20, 2))").await,
        Literal::of_decimal(Decimal::scaled(12_345_678_901_234_567_891, 2)),
        "to the last digit"
    );
    assert_eq!(
        value("SELECT CAST('2026-01-05T08:00:00Z' AS TIMESTAMP)").await,
        Literal::Timestamp(1_767_600_000_000_000)
    );
    assert_eq!(
        value("SELECT MAX(label) FROM events WHERE id > 99").await,
        Literal::Null
    );
}

#[tokio::test]
async fn joins_groups_and_subqueries_are_there() {
    let query = "SELECT COUNT(*) FROM (SELECT \"Country Code\" c, COUNT(*) n FROM events GROUP BY 1 HAVING COUNT(*) > 1) q \
         JOIN events e ON e.\"Country Code\" = q.c";
    assert_eq!(value(query).await, Literal::Integer(2));
}

#[tokio::test]
async fn a_query_brings_one_value_or_says_what_it_brings() {
    insta::assert_snapshot!(complaint("SELECT id FROM events").await, @"the query brings 2 rows of 1 columns; a rule compares one value");
    insta::assert_snapshot!(complaint("SELECT 1, 2").await, @"the query brings 1 rows of 2 columns; a rule compares one value");
    insta::assert_snapshot!(complaint("SELECT id FROM events WHERE id > 99").await, @"the query brings 0 rows of 1 columns; a rule compares one value");
    insta::assert_snapshot!(complaint("SELECT make_array(1, 2)").await, @"the query brings a value of type List(Int64); a rule compares a number, text, time or boolean");
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_is() {
    insta::assert_snapshot!(complaint("SELECT MAX(scroe) FROM events").await, @"No field named scroe. Did you mean 'events.score'?");
    insta::assert_snapshot!(complaint("SELECT COUNT(*) FROM orders").await, @"there is no table `orders`");
    insta::assert_snapshot!(complaint("SELECT FROM WHERE").await, @"there is no table `where`");
    insta::assert_snapshot!(complaint("SELECT 'open").await, @"Unterminated string literal at Line: 1, Column: 8");
    insta::assert_snapshot!(complaint("").await, @"No SQL statements were provided in the query string");
}

#[tokio::test]
async fn what_only_databricks_understands_is_told_with_another_form() {
    for (query, says) in [
        (
            "SELECT COUNT(*) FROM events WHERE \"Country Code\" RLIKE '^D'",
            "`RLIKE` is not understood here; write regexp_like(",
        ),
        (
            "SELECT COUNT(*) FROM events WHERE \"Country Code\" NOT REGEXP '^D'",
            "write regexp_like(",
        ),
        (
            "SELECT count_if(id > 1) FROM events",
            "there is no function `count_if` here; write COUNT(CASE WHEN",
        ),
        (
            "SELECT SUM(IF(id > 1, 1, 0)) FROM events",
            "write CASE WHEN",
        ),
        (
            "SELECT MAX(datediff(day, day)) FROM events",
            "a > b + INTERVAL '3' DAY",
        ),
        ("SELECT size(make_array(1, 2))", "write cardinality(…)"),
        (
            "SELECT COUNT(DISTINCT id, label) FROM events",
            "struct(a, b)",
        ),
        (
            "SELECT COUNT(*) FROM events WHERE \"Country Code\" LIKE ANY ('D%', 'F%')",
            "`LIKE ANY` is not understood here",
        ),
        ("SELECT year(MAX(day)) FROM events", "extract(YEAR FROM …)"),
        (
            "SELECT kurtosis(score) FROM events",
            "`kurtosis` here; rules of contracts run on DataFusion here, and on Databricks by --backend databricks",
        ),
        (
            "SELECT COUNT(*) FROM events PIVOT (SUM(id) FOR label IN (1))",
            "--backend databricks",
        ),
    ] {
        let said = complaint(query).await;
        assert!(said.contains(says), "{query}: {said}");
        assert!(!said.contains("Span") && !said.contains('{'), "{said}");
    }
}

#[tokio::test]
async fn forms_that_are_advised_are_understood() {
    for (form, found) in [
        (
            "COUNT(CASE WHEN regexp_like(\"Country Code\", '^D') THEN 1 END)",
            2,
        ),
        ("SUM(CASE WHEN id > 1 THEN 1 ELSE 0 END)", 4),
        (
            "COUNT(CASE WHEN day > DATE '2024-10-05' + INTERVAL '1' DAY THEN 1 END)",
            2,
        ),
        ("MAX(cardinality(make_array(id, 2)))", 2),
        (
            "COUNT(DISTINCT CASE WHEN id IS NOT NULL AND label IS NOT NULL THEN struct(id, label) END)",
            4,
        ),
        ("MAX(char_length(\"Country Code\"))", 2),
        ("MAX(extract(YEAR FROM day))", 2024),
        ("COUNT(id / NULLIF(label, 0))", 1),
        ("percentile_cont(0.5) WITHIN GROUP (ORDER BY id)", 3),
    ] {
        let query = format!("SELECT CAST({form} AS BIGINT) FROM events");
        assert_eq!(value(&query).await, Literal::Integer(found), "{form}");
    }
}

#[tokio::test]
async fn a_rule_may_only_read() {
    for query in [
        "CREATE TABLE x AS SELECT 1",
        "CREATE EXTERNAL TABLE p STORED AS CSV LOCATION '/etc/passwd'",
        "INSERT INTO events SELECT * FROM events",
        "DROP TABLE events",
        "SET datafusion.execution.batch_size = 1",
        "COPY events TO '/tmp/stolen.csv'",
    ] {
        let refused = ask(query).await.expect_err(query);
        assert!(
            matches!(refused, QueryError::NotReadOnly | QueryError::Invalid(_)),
            "{query}: {refused}"
        );
    }
    let two = ask("SELECT 1; SELECT 2").await.expect_err("two statements");
    assert!(matches!(two, QueryError::Invalid(_)), "{two}");
    let file = ask("SELECT COUNT(*) FROM '/etc/passwd'")
        .await
        .expect_err("a file");
    assert!(matches!(file, QueryError::Invalid(_)), "{file}");
}

#[tokio::test]
async fn data_that_cannot_be_read_fail_the_query() {
    let mut queries = Queries::new(Limits::default()).expect("a session");
    queries
        .add("events", Arc::new(Broken(events())))
        .expect("a table");
    let error = queries
        .scalar("SELECT COUNT(*) FROM events")
        .await
        .expect_err("broken");
    assert!(
        error.to_string().contains("part-2.csv: ends in a quote"),
        "{error}"
    );
}

#[tokio::test]
async fn a_query_is_given_up_at_its_limit() {
    let limits = Limits {
        time: Duration::ZERO,
        ..Limits::default()
    };
    let mut queries = Queries::new(limits).expect("a session");
    queries
        .add("events", Arc::new(Endless(events())))
        .expect("a table");
    let error = queries
        .scalar("SELECT COUNT(*) FROM events")
        .await
        .expect_err("endless");
    assert!(matches!(error, QueryError::TimedOut(_)), "{error}");
}

#[tokio::test]
async fn a_query_that_only_computes_is_given_up_too() {
    let limits = Limits {
        time: Duration::from_millis(1),
        ..Limits::default()
    };
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..200_000));
    let numbers = RecordBatch::try_from_iter([("id", numbers)]).expect("a column");
    let mut queries = Queries::new(limits).expect("a session");
    queries
        .add("numbers", Arc::new(Memory(vec![numbers])))
        .expect("a table");
    let error = queries
        .scalar("SELECT SUM(a.id * b.id) FROM numbers a, numbers b")
        .await
        .expect_err("too much");
    assert!(matches!(error, QueryError::TimedOut(_)), "{error}");
}

/// So many numbers, within so much memory.
fn numbers(count: i64, memory: usize) -> Queries {
    let limits = Limits {
        memory,
        threads: 2,
        ..Limits::default()
    };
    let ids: Vec<i64> = (0..count).collect();
    let batches = ids.chunks(8192).map(|ids| {
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(ids.iter().copied()));
        RecordBatch::try_from_iter([("id", ids)]).expect("a column")
    });
    let mut queries = Queries::new(limits).expect("a session");
    let table = Arc::new(Memory(batches.collect()));
    queries.add("numbers", table).expect("a table");
    queries
}

#[tokio::test]
async fn what_a_function_makes_counts_as_memory() {
    let queries = numbers(20_000, 64 << 20);
    for query in [
        "SELECT length(repeat('x', 2000000000))",
        "SELECT max(length(repeat(CAST(id AS VARCHAR), 100000))) FROM numbers",
        "SELECT max(length(lpad('x', 1000000 + id, 'y'))) FROM numbers",
        "SELECT max(array_length(array_repeat(id, 1000000))) FROM numbers",
        "SELECT max(array_length(range(0, 10000000 + id))) FROM numbers",
        "SELECT array_length(generate_series(1, 9000000000))",
    ] {
        let error = queries.scalar(query).await.expect_err(query);
        assert!(
            matches!(error, QueryError::TooLarge { limit: 64, .. }),
            "{query}: {error}"
        );
        assert!(
            error.to_string().contains("MiB at once"),
            "{query}: {error}"
        );
    }
    for (query, value) in [
        (
            "SELECT max(length(repeat('ab', 3 + id % 2))) FROM numbers",
            8,
        ),
        ("SELECT max(length(lpad('x', 7))) FROM numbers", 7),
        ("SELECT array_length(range(5))", 5),
        ("SELECT array_length(generate_series(9, 1, -2))", 5),
        (
            "SELECT length(repeat('x', NULL)) IS NULL AND length(repeat('x', -1)) = 0",
            1,
        ),
    ] {
        let found = queries.scalar(query).await.expect(query);
        let expected = [Literal::Integer(value), Literal::Boolean(value == 1)];
        assert!(expected.contains(&found), "{query}: {found:?}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_sorted_on_disk() {
    let queries = numbers(200_000, 24 << 20);
    let query = "SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY repeat(CAST(id AS VARCHAR), 20)) r FROM numbers)";
    assert_eq!(
        queries.scalar(query).await.expect("sorted"),
        Literal::Integer(200_000)
    );
}

#[tokio::test]
async fn a_join_that_does_not_fit_says_so() {
    let queries = numbers(100_000, 4 << 20);
    let query = "SELECT count(*) FROM numbers x CROSS JOIN numbers y CROSS JOIN numbers z WHERE x.id + y.id + z.id = -1";
    let error = queries.scalar(query).await.expect_err("too much");
    assert!(
        matches!(error, QueryError::TooLarge { limit: 4, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn two_tables_of_one_name_are_refused() {
    let mut queries = queries();
    let error = queries
        .add("EVENTS", Arc::new(Memory(vec![events()])))
        .expect_err("twice");
    insta::assert_snapshot!(error, @"there are two tables with the name `events`");
}
