//! Variables: those that are read or set are declared, and none is set from itself.

use adf_expr::{Declarations, Issue, IssueKind, Known, Symbols, Template, Types};
use adf_model::{Activity, Pipeline, SetVariable};
use serde_json::Value;

use crate::contents::{Contents, contents};

use super::Finding;

/// The variable that holds what a pipeline returns.
pub(crate) const RETURN_VALUE: &str = "pipelineReturnValue";

/// Looks at an activity; `own` are its properties without the activities inside.
pub(super) fn check(
    activity: &Activity,
    own: &Value,
    pipeline: &Pipeline,
    findings: &mut Vec<Finding>,
) {
    let variables = pipeline.properties.variables.iter();
    let declared: Declarations = variables
        .map(|(name, variable)| {
            let types = Types::declared(&variable.kind).unwrap_or(Types::ANY);
            (name.as_str(), types)
        })
        .collect();
    let contents = contents(activity);
    let mut symbols = Symbols {
        variables: Known::Declared(&declared),
        ..Symbols::default()
    };
    match &contents {
        Ok(Contents::Set(set)) if !returns(set) => {
            symbols.assigned = Some(&set.variable_name);
            must_exist(activity, set, &declared, findings);
        }
        Ok(Contents::Append(append)) => {
            must_exist(activity, append, &declared, findings);
            must_be_an_array(activity, append, &declared, findings);
        }
        _ => {}
    }
    let mut issues = Vec::new();
    collect(own, &symbols, &mut issues);
    issues.retain(|issue| {
        matches!(
            issue.kind,
            IssueKind::UndeclaredVariable | IssueKind::SelfReference
        )
    });
    issues.sort_by(|left, right| left.message.cmp(&right.message));
    issues.dedup_by(|later, earlier| later.message == earlier.message);
    for issue in issues {
        let finding = Finding::activity(activity, issue.message);
        findings.push(Finding {
            hint: issue.hint,
            ..finding
        });
    }
}

fn returns(set: &SetVariable) -> bool {
    set.set_system_variable && set.variable_name == RETURN_VALUE
}

fn must_exist(
    activity: &Activity,
    set: &SetVariable,
    declared: &Declarations,
    findings: &mut Vec<Finding>,
) {
    if declared.get(&set.variable_name).is_none() {
        let reason = format!("variable `{}` is not declared", set.variable_name);
        let finding = Finding::activity(activity, reason);
        findings.push(finding.hint("declare it in the pipeline's `variables`"));
    }
}

fn must_be_an_array(
    activity: &Activity,
    append: &SetVariable,
    declared: &Declarations,
    findings: &mut Vec<Finding>,
) {
    let name = &append.variable_name;
    if let Some(types) = declared
        .get(name)
        .filter(|types| !types.overlaps(Types::ARRAY))
    {
        let reason = format!("appends to variable `{name}`, which is {types}");
        let finding = Finding::activity(activity, reason);
        findings.push(finding.hint("only an Array can be appended to"));
    }
}

/// What is wrong with the expressions in a value.
fn collect(value: &Value, symbols: &Symbols<'_>, issues: &mut Vec<Issue>) {
    match value {
        Value::String(text) => {
            if let Ok(template) = Template::parse(text) {
                issues.extend(adf_expr::check(&template, symbols).issues);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, symbols, issues)),
        Value::Object(fields) => {
            for field in fields.values() {
                collect(field, symbols, issues);
            }
        }
        _ => {}
    }
}
