//! What rules say must hold.

use std::borrow::Cow;
use std::cmp::Ordering;

use yaml_source::Node;

use crate::compile::ml::implementation;
use crate::compile::operator;
use crate::ml::range_of;
use crate::model::{Api, Fields, Metric, Rule as Quality, number_of, operators as given};
use crate::plan::{Literal, Operator};

use super::numbers::order;
use super::rule::{
    ALWAYS_BROKEN, ALWAYS_HOLDS, CLOSED_RANGE, Findings, Level, NO_OPERATOR, OPERATOR_VALUE,
    RANGE_ORDER, SEVERAL_OPERATORS,
};

/// Looks at the operators of a rule.
pub(super) fn operators(findings: &mut Findings<'_>, rule: Quality<'_>, metric: Option<Metric>) {
    let given: Vec<_> = rule.operators().collect();
    // In 3.0 some rules said by their name alone what must hold.
    let by_name = rule.node.get("metric").is_none()
        && metric.is_some_and(|metric| metric != Metric::RowCount);
    if given.is_empty() && !by_name {
        let hint = Some("such as `mustBe: 0`".to_owned());
        let place = findings.contract.position(rule.node);
        // In 3.0 a rule said so in words of its own.
        let level = match rule.node.get("rule").is_some() && findings.contract.api() == Api::V30 {
            true => Level::Warning,
            false => NO_OPERATOR.level,
        };
        let message = "the rule does not say what must hold".to_owned();
        findings.add(&NO_OPERATOR, place, (level, message, hint));
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

const UPSIDE_DOWN: &str = "the first number of a range is its lower end";

fn range(findings: &mut Findings<'_>, node: &Node, operator: &Operator) {
    if is_upside_down(operator) {
        findings.at(&RANGE_ORDER, node, UPSIDE_DOWN);
    } else if matches!(
        operator,
        Operator::MustBeBetween(..) | Operator::MustNotBeBetween(..)
    ) {
        let message = "the ends belong to the range here, as in other tools; the text of the standard says that they do not";
        findings.at(&CLOSED_RANGE, node, message);
    }
}

/// Whether the ends of a range are the wrong way round.
fn is_upside_down(operator: &Operator) -> bool {
    matches!(
        operator,
        Operator::MustBeBetween(low, high) | Operator::MustNotBeBetween(low, high)
            if order(low, high) == Some(Ordering::Greater)
    )
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
    let (range, what) = match percent {
        true => ((0.0, 100.0), "a percentage"),
        false => ((0.0, f64::INFINITY), "a count"),
    };
    match decided(operator, range) {
        Some(false) => findings.at(&ALWAYS_BROKEN, node, format!("{what} is never so")),
        Some(true) => findings.at(&ALWAYS_HOLDS, node, format!("{what} is always so")),
        None => {}
    }
}

/// Whether an operator holds of each number of a range, or of none; nothing where it depends on the number.
fn decided(operator: &Operator, (least, most): (f64, f64)) -> Option<bool> {
    let number = |bound: &Literal| bound.double().unwrap_or(f64::NAN);
    let outside = |bound: &Literal| number(bound) < least || number(bound) > most;
    let (never, always) = match operator {
        Operator::MustBe(bound) => (outside(bound), false),
        Operator::MustNotBe(bound) => (false, outside(bound)),
        Operator::MustBeGreaterThan(bound) => (number(bound) >= most, number(bound) < least),
        Operator::MustBeGreaterOrEqualTo(bound) => (number(bound) > most, number(bound) <= least),
        Operator::MustBeLessThan(bound) => (number(bound) <= least, number(bound) > most),
        Operator::MustBeLessOrEqualTo(bound) => (number(bound) < least, number(bound) >= most),
        Operator::MustBeBetween(low, high) | Operator::MustNotBeBetween(low, high) => {
            let apart = number(high) < least || number(low) > most;
            let around = number(low) <= least && number(high) >= most;
            match operator {
                Operator::MustBeBetween(..) => (apart, around),
                _ => (around, apart),
            }
        }
    };
    match (never, always) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        _ => None,
    }
}

/// Looks at the operators of a rule of our own engine, which stand in it or in its implementation and need not be there.
pub(super) fn learned(findings: &mut Findings<'_>, rule: Quality<'_>) {
    let Ok(implementation) = implementation(rule) else {
        return;
    };
    let check = implementation.text("check").unwrap_or_default();
    let Some((least, most)) = range_of(&check, implementation.text("method").as_deref()) else {
        return;
    };
    let outer = rule.operators().map(|(key, node)| (key, node, node));
    let inner = given(&implementation).map(|(key, node)| match &implementation {
        Cow::Borrowed(_) => (key, node, node),
        // It is the text of a mapping, whose places are not those of the file.
        Cow::Owned(_) => (key, node, rule.node),
    });
    let all: Vec<_> = outer.chain(inner).collect();
    let mut operators = Vec::new();
    for (key, node, at) in &all {
        // What cannot be read is told where the rule is compiled.
        let Ok(operator) = operator(key, node) else {
            continue;
        };
        if is_no_number(&operator) {
            let message = format!("`{key}` needs a number, since one is compared with it");
            findings.at(&OPERATOR_VALUE, at, message);
            continue;
        }
        if is_upside_down(&operator) {
            findings.at(&RANGE_ORDER, at, UPSIDE_DOWN);
            continue;
        }
        let within = match most.is_finite() {
            true => format!(": it is between {least} and {most}"),
            false => String::new(),
        };
        match decided(&operator, (least, most)) {
            Some(false) => {
                let message = format!("what `{check}` measures is never so{within}");
                findings.at(&ALWAYS_BROKEN, at, message);
            }
            Some(true) => {
                let message = format!("what `{check}` measures is always so{within}");
                findings.at(&ALWAYS_HOLDS, at, message);
            }
            None => operators.push(operator),
        }
    }
    if all.len() > 1 && contradict(&operators) {
        let message = "no number is as all of the operators say";
        findings.at(&ALWAYS_BROKEN, all[1].2, message);
    }
}

/// Whether no number is as all of the operators say.
fn contradict(operators: &[Operator]) -> bool {
    let number = |bound: &Literal| bound.double().unwrap_or(f64::NAN);
    // The greatest of the lower ends and the least of the upper ones, and whether they belong to what is allowed.
    let (mut low, mut high) = ((f64::NEG_INFINITY, true), (f64::INFINITY, true));
    let mut above = |bound: f64, closed: bool| {
        if bound > low.0 || (bound == low.0 && !closed) {
            low = (bound, closed);
        }
    };
    let mut below = |bound: f64, closed: bool| {
        if bound < high.0 || (bound == high.0 && !closed) {
            high = (bound, closed);
        }
    };
    for operator in operators {
        match operator {
            Operator::MustBe(bound) => {
                above(number(bound), true);
                below(number(bound), true);
            }
            Operator::MustBeGreaterThan(bound) => above(number(bound), false),
            Operator::MustBeGreaterOrEqualTo(bound) => above(number(bound), true),
            Operator::MustBeLessThan(bound) => below(number(bound), false),
            Operator::MustBeLessOrEqualTo(bound) => below(number(bound), true),
            Operator::MustBeBetween(first, last) => {
                above(number(first), true);
                below(number(last), true);
            }
            Operator::MustNotBe(_) | Operator::MustNotBeBetween(..) => {}
        }
    }
    low.0 > high.0 || (low.0 == high.0 && !(low.1 && high.1))
}
