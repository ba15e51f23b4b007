//! Checks of machine learning.

mod compiled;
mod judged;
mod profiles;
mod refused;

use crate::made::{contract, shown};
use data_contract::compile::{Selection, Settings};
use data_contract::infer::{ColumnProfile, Histogram, Profile};
use data_contract::plan::{Evidence, Literal, Measure, Measured, Plan, Value};
use data_contract::{compile, judge};
use std::collections::BTreeMap;

/// Two parts of data, with rules in the first one.
fn parts(rules: &str) -> String {
    let columns = "\n  properties:
  - {name: id, logicalType: integer}
  - {name: age, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 100}}
  - {name: label, logicalType: string}
  - {name: split, logicalType: string}
  - {name: at, logicalType: timestamp}
";
    format!("schema:\n- name: train{columns}  quality:\n{rules}\n- name: test{columns}")
}

fn rule(implementation: &str) -> String {
    format!("  - {{type: custom, engine: dataops, implementation: {{{implementation}}}}}\n")
}

fn compiled(rules: &[&str], settings: &Settings) -> Plan {
    let rules: String = rules
        .iter()
        .map(|implementation| rule(implementation))
        .collect();
    let mut plan = compile(&contract(&parts(&rules)), &Selection::default(), settings)
        .expect("the contract compiles");
    plan.keep(|check| check.category == data_contract::plan::Category::Ml);
    plan
}

/// The lines of a verdict where each measure is as `of` says, of the first object and of the second.
fn lines(plan: &Plan, of: impl Fn(usize, &Measure) -> Value) -> String {
    let objects = plan.objects.iter().enumerate();
    let measured: Vec<Vec<_>> = objects
        .map(|(at, object)| {
            let measures = object.measures.iter();
            measures
                .map(|measure| Measured {
                    value: Ok(of(at, measure)),
                    evidence: Evidence::Scan,
                    samples: Vec::new(),
                    files: Vec::new(),
                })
                .collect()
        })
        .collect();
    let verdict = judge(plan, &measured, jiff::Timestamp::UNIX_EPOCH);
    let lines = verdict.checks.iter().map(|check| {
        let measured = check.measured.as_deref().unwrap_or("-");
        let expected = check.expected.as_deref().unwrap_or("-");
        format!(
            "{} | {:?}: {measured} {expected}\n",
            check.title, check.status
        )
    });
    lines.collect()
}

fn frequencies(values: &[(&str, u64)]) -> Value {
    Value::Frequencies {
        values: values
            .iter()
            .map(|(value, count)| ((*value).to_owned(), *count))
            .collect(),
        rest: 0,
        more: 0,
    }
}

fn reasons(plan: &Plan) -> String {
    let shown = shown(plan);
    let reasons = shown.lines().filter_map(|line| line.rsplit(" | ").next());
    reasons.collect::<Vec<_>>().join("\n")
}
