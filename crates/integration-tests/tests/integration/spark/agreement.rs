//! One plan, two back ends: what the local scan and Spark measure is the same, measure by measure.

use std::path::Path;
use std::sync::Arc;

use data_contract::compile::{Selection, Settings};
use data_contract::model::Variables;
use data_contract::plan::{Evidence, Gap, Literal, Measure, Measured, ObjectId, Plan, Value};
use data_contract::spark::{Answer, Schema, Source, describe, full_types, prepare};
use data_contract::{Contract, compile};
use data_scan::{Dialect, Format, Local, Options, Progress, scan};

use super::Spark;
use super::cases::Case;

/// How many cases are tried, unless `DATAOPS_SPARK_CASES` says so.
const CASES: u64 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_measure_the_same() {
    let Some(spark) = Spark::for_test("both_measure_the_same").await else {
        return;
    };
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let first = number("DATAOPS_SPARK_SEED").unwrap_or(1);
    let cases = number("DATAOPS_SPARK_CASES").unwrap_or(CASES);
    let mut differences = Vec::new();
    let mut compared = 0;
    for seed in first..first + cases {
        let case = Case::new(seed);
        let found = differing(&spark, &case, &mut compared).await;
        differences.extend(found);
    }

    assert!(
        compared > 30 * cases,
        "only {compared} values were compared"
    );
    assert!(
        differences.is_empty(),
        "{} of {compared} values differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

/// The measures of a case that differ, in CSV, in Parquet and in JSON.
async fn differing(spark: &Spark, case: &Case, compared: &mut u64) -> Vec<String> {
    let contract = Contract::read(&case.contract, &Variables::default()).unwrap();
    let plan = compile(&contract, &Selection::default(), &Settings::default()).unwrap();
    let folder = spark.container("cases");
    let (csv, parquet) = (format!("{}.csv", case.seed), format!("{}", case.seed));
    std::fs::write(folder.join(&csv), &case.csv).unwrap();
    let texts = Source::Files {
        path: spark.address("cases", &csv),
        format: "csv".to_owned(),
        options: Vec::new(),
    };
    let written = format!(
        "INSERT OVERWRITE DIRECTORY 'file://{}' USING parquet SELECT {} FROM {}",
        folder.join(&parquet).display(),
        case.typed,
        from(&texts)
    );
    for answer in spark.ask(vec![written]).await {
        answer.unwrap();
    }
    let typed = Source::Files {
        path: spark.address("cases", &parquet),
        format: "parquet".to_owned(),
        options: Vec::new(),
    };
    let json = format!("{}.json", case.seed);
    std::fs::write(folder.join(&json), &case.json).unwrap();
    let objects = Source::Files {
        path: spark.address("cases", &json),
        format: "json".to_owned(),
        options: Vec::new(),
    };
    let mut differences = Vec::new();
    for (source, path, format) in [
        (texts, csv, Format::Csv(Dialect::default())),
        (typed, parquet, Format::Parquet),
        (objects, json, Format::Json),
    ] {
        let here = here(&plan, &folder, &path, format);
        let there = there(spark, &plan, source).await;
        let all = plan.objects[0].measures.iter().zip(here).zip(there);
        for ((measure, here), there) in all {
            *compared += 1;
            if !same(&here.value, &there.value) {
                differences.push(told(case, &plan, (measure, &path), &here, &there));
            }
        }
    }
    differences
}

/// What is behind `describe`.
fn from(source: &Source) -> String {
    let described = describe(source);
    described
        .trim_start_matches("DESCRIBE QUERY SELECT * FROM ")
        .to_owned()
}

fn here(plan: &Plan, folder: &Path, path: &str, format: Format) -> Vec<Measured> {
    let source = data_scan::Source {
        storage: Arc::new(Local::new(folder)),
        location: path.to_owned(),
        format,
    };
    let scans = scan(
        &plan.objects,
        &[source],
        &Options::default(),
        &Progress::new(),
    );
    scans.unwrap().remove(0).measured
}

async fn there(spark: &Spark, plan: &Plan, source: Source) -> Vec<Measured> {
    let columns = spark.ask(vec![describe(&source)]).await.remove(0).unwrap();
    let columns = columns.iter().map(|row| {
        let text = |at: usize| row[at].as_deref().unwrap_or_default();
        (text(0), text(1))
    });
    let mut schema = Schema::read(columns).unwrap();
    if let Some(types) = full_types(&source, &schema) {
        let told = spark.ask(vec![types]).await.remove(0).unwrap();
        schema.complete(&told[0]);
    }
    let prepared = prepare(plan, ObjectId(0), &[(source, schema)]);
    let statements = prepared.statements.iter();
    let statements = statements.map(|statement| statement.sql.clone()).collect();
    let answers: Vec<Answer> = spark.ask(statements).await;
    prepared.measured(&answers)
}

/// Whether two values are one: doubles to the last digits that a sum in another order has.
fn same(here: &Result<Value, Gap>, there: &Result<Value, Gap>) -> bool {
    match (here, there) {
        (Ok(Value::Scalar(here)), Ok(Value::Scalar(there))) => {
            match (number(here), number(there)) {
                (Some(here), Some(there)) => {
                    here == there || (here - there).abs() <= 1e-9 * here.abs().max(there.abs())
                }
                _ => here == there,
            }
        }
        (Ok(here), Ok(there)) => here == there,
        // Both have none, and each says why in its own words.
        (Err(Gap::Failed(_)), _) | (_, Err(Gap::Failed(_))) => false,
        (Err(_), Err(_)) => true,
        _ => false,
    }
}

fn number(literal: &Literal) -> Option<f64> {
    match literal {
        #[expect(clippy::cast_precision_loss, reason = "both sides lose the same")]
        Literal::Integer(whole) => Some(*whole as f64),
        Literal::Number(number) => Some(*number),
        Literal::Decimal(number) => Some(number.double()),
        _ => None,
    }
}

fn told(
    case: &Case,
    plan: &Plan,
    (measure, path): (&Measure, &str),
    here: &Measured,
    there: &Measured,
) -> String {
    let column = measure.column().map(|column| {
        let column = plan.objects[0].column(column);
        format!("{} {:?}", column.name(), column.kind)
    });
    let sql = match &there.evidence {
        Evidence::Query(sql) => sql.as_str(),
        _ => "",
    };
    format!(
        "seed {} {path} {}: {measure:?}\n  here  {:?}\n  spark {:?}\n  {sql}",
        case.seed,
        column.unwrap_or_default(),
        here.value,
        there.value
    )
}
