//! Contracts for tests, and what they are compiled to.

use std::fmt::Write as _;

use data_contract::compile::{CompileError, Selection, Settings};
use data_contract::model::Variables;
use data_contract::plan::{Plan, Test};
use data_contract::{Contract, compile};

/// A contract of version 3.1 with a schema.
pub(crate) fn contract(body: &str) -> Contract {
    let text = format!(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n{body}"
    );
    Contract::read(&text, &Variables::default()).expect("the contract is YAML")
}

pub(crate) fn plan(body: &str) -> Plan {
    selected(body, &Selection::default()).expect("the contract compiles")
}

pub(crate) fn selected(body: &str, selection: &Selection) -> Result<Plan, CompileError> {
    compile(&contract(body), selection, &Settings::default())
}

/// The plan of one object `t` with `columns`, written in flow style.
pub(crate) fn columns(columns: &str) -> Plan {
    plan(&format!("schema:\n- name: t\n  properties:\n{columns}"))
}

/// The checks, each with what it measures, in a line.
pub(crate) fn shown(plan: &Plan) -> String {
    let mut shown = String::new();
    for check in &plan.checks {
        let object = &plan.objects[check.object.0];
        let test = match &check.test {
            Test::Measured {
                measure,
                unit,
                operators,
            } => format!("{:?} {unit:?} {operators:?}", object.measures[measure.0]),
            Test::Age { measure, limit, .. } => {
                format!("{:?} younger than {limit} s", object.measures[measure.0])
            }
            Test::Derived { formula, operators } => format!("{formula:?} {operators:?}"),
            Test::NotExecutable { reason } => format!("not executable: {reason}"),
            Test::Undecided { reason } => format!("undecided: {reason}"),
        };
        writeln!(shown, "{} | {} | {test}", check.id, check.title)
            .expect("a text takes everything");
    }
    shown
}
