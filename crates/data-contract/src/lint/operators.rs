//! What rules say must hold.

use std::cmp::Ordering;

use yaml_source::Node;

use crate::compile::operator;
use crate::model::{Metric, Rule as Quality, number_of};
use crate::plan::{Literal, Operator};

use super::numbers::order;
use super::rule::{
    ALWAYS_BROKEN, ALWAYS_HOLDS, CLOSED_RANGE, Findings, NO_OPERATOR, OPERATOR_VALUE, RANGE_ORDER,
    SEVERAL_OPERATORS,
};

/// Looks at the operators of a rule.
pub(super) fn operators(findings: &mut Findings<'_>, rule: Quality<'_>, metric: Option<Metric>) {
    let given: Vec<_> = rule.operators().collect();
    // In 3.0 some rules said by their name alone what must hold.
    let by_name = rule.node.get("metric").is_none()
        && metric.is_some_and(|metric| metric != Metric::RowCount);
    if given.is_empty() && !by_name {
        let hint = Some("such as `mustBe: 0`".to_owned());
        findings.hinted(
            &NO_OPERATOR,
            rule.node,
            "the rule does not say what must hold",
            hint,
        );
    }
    if let [_, (second, _), ..] = given.as_slice() {
        let hint = Some("the standard has one to a rule; write two rules".to_owned());
        let message = format!(
            "the rule has {} operators, all of which must hold",
            given.len()
        );
        findings.key(&SEVERAL_OPERATORS, (rule.node, second), message, hint);
    }
    for (key, node) in given {
        match operator(key, node) {
            Err(reason) => findings.at(&OPERATOR_VALUE, node, reason),
            Ok(operator) => {
                range(findings, node, &operator);
                if metric.is_some() && is_no_number(&operator) {
                    let message =
                        format!("`{key}` needs a number, since a count is compared with it");
                    findings.at(&OPERATOR_VALUE, node, message);
                } else if let Some(metric) = metric {
                    possible(findings, rule, metric, (node, &operator));
                }
            }
        }
    }
}

/// Whether a count is compared with something that is no number.
fn is_no_number(operator: &Operator) -> bool {
    match operator {
        Operator::MustBe(bound) | Operator::MustNotBe(bound) => match bound {
            Literal::Text(text) => number_of(text.trim()).is_none(),
            Literal::Boolean(_) | Literal::Null => true,
            _ => false,
        },
        _ => false,
    }
}

fn range(findings: &mut Findings<'_>, node: &Node, operator: &Operator) {
    if let Operator::MustBeBetween(low, high) | Operator::MustNotBeBetween(low, high) = operator {
        if order(low, high) == Some(Ordering::Greater) {
            findings.at(
                &RANGE_ORDER,
                node,
                "the first number of a range is its lower end",
            );
        } else {
            let message = "the ends belong to the range here, as in other tools; the text of the standard says that they do not";
            findings.at(&CLOSED_RANGE, node, message);
        }
    }
}

/// Whether a count, or a percentage, can be as it must, or cannot be otherwise.
fn possible(
    findings: &mut Findings<'_>,
    rule: Quality<'_>,
    metric: Metric,
    (node, operator): (&Node, &Operator),
) {
    let percent = metric != Metric::RowCount
        && matches!(rule.field("unit").as_deref(), Some("percent" | "%"));
    let most = if percent { 100.0 } else { f64::INFINITY };
    let what = if percent { "a percentage" } else { "a count" };
    let number = |bound: &Literal| bound.double().unwrap_or(f64::NAN);
    let (low, high, inside) = match operator {
        Operator::MustBe(Literal::Integer(value)) if *value < 0 => (-1.0, -1.0, true),
        Operator::MustBeGreaterThan(bound) if number(bound) < 0.0 => (0.0, most, true),
        Operator::MustBeGreaterThan(bound) if number(bound) >= most => (-1.0, -1.0, true),
        Operator::MustBeGreaterOrEqualTo(bound) => (number(bound), f64::INFINITY, true),
        Operator::MustBeLessThan(bound) if number(bound) <= 0.0 => (-1.0, -1.0, true),
        Operator::MustBeLessThan(bound) | Operator::MustBeLessOrEqualTo(bound) => {
            (f64::NEG_INFINITY, number(bound), true)
        }
        Operator::MustBeBetween(low, high) => (number(low), number(high), true),
        Operator::MustNotBeBetween(low, high) => (number(low), number(high), false),
        _ => return,
    };
    let never = high < 0.0 || low > most;
    let always = low <= 0.0 && high >= most;
    let (broken, holds) = if inside {
        (never, always)
    } else {
        (always, never)
    };
    if broken {
        findings.at(&ALWAYS_BROKEN, node, format!("{what} is never so"));
    } else if holds {
        findings.at(&ALWAYS_HOLDS, node, format!("{what} is always so"));
    }
}
