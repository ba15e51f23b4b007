//! Measures as Spark SQL.

mod answers;
mod columns;
mod keys;
mod numbers;
mod statements;
mod times;

use crate::made::plan;
use data_contract::judge;
use data_contract::plan::{Literal, Measure, ObjectId, Plan, Value};
use data_contract::spark::{Answer, Prepared, Schema, Source, describe, full_types, prepare};
use data_contract::verdict::Status;

fn table(name: &str) -> Source {
    Source::Table(vec!["main".to_owned(), name.to_owned()])
}

fn csv(path: &str) -> Source {
    Source::Files {
        path: path.to_owned(),
        format: "csv".to_owned(),
        options: vec![
            ("delimiter".to_owned(), ";".to_owned()),
            ("x => 1, y".to_owned(), String::new()),
        ],
    }
}

fn schema(columns: &[(&str, &str)]) -> Schema {
    Schema::read(columns.iter().copied()).expect("the types are those of Spark")
}

fn prepared(plan: &Plan, places: &[(Source, Schema)]) -> Prepared {
    prepare(plan, ObjectId(0), places)
}

fn statements(prepared: &Prepared) -> String {
    let statements = prepared
        .statements
        .iter()
        .map(|statement| format!("{};\n", statement.sql));
    statements.collect()
}

fn measured_of(
    _: &Plan,
    measured: Vec<data_contract::plan::Measured>,
) -> Vec<Vec<data_contract::plan::Measured>> {
    vec![measured]
}
