//! Rules of quality.

use yaml_source::{Node, Value};

use crate::compile::{dimension_named, placeholders, single};
use crate::model::{
    Api, COLUMN, Contract, DIMENSIONS, ERRORS, Metric, Object, Property, Rule as Quality, RuleKind,
    WARNINGS, as_text,
};
use crate::plan::Kind;
use crate::suggestion::{meant, nearest};

use super::links::is_given;
use super::operators::{self, operators};
use super::options::pattern;
use super::properties::{kind, list};
use super::rule::{
    DIMENSION, Findings, METRIC, METRIC_LEVEL, MISPLACED_ARGUMENT, MISSING_ARGUMENT, ML_RULE,
    NO_QUERY, OTHER_ENGINE, PLACEHOLDER, REFERENCE, RULE_TYPE, SEVERITY, TEXT_RULE, UNIT,
    UNKNOWN_ARGUMENT,
};

const ARGUMENTS: [&str; 4] = ["validValues", "pattern", "missingValues", "properties"];

/// What a rule stands in.
#[derive(Clone, Copy)]
enum Level<'c> {
    Object(Object<'c>),
    Column(Property<'c>),
}

/// Looks at all rules.
pub(super) fn check(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    for object in contract.objects() {
        for rule in object.quality() {
            quality(findings, rule, Level::Object(object));
        }
        for property in object.properties() {
            column(findings, property);
        }
    }
    learned(findings, contract);
}

fn column<'c>(findings: &mut Findings<'c>, property: Property<'c>) {
    for rule in property.quality() {
        quality(findings, rule, Level::Column(property));
    }
    let sides = [property.items(), property.map("key"), property.map("value")];
    for inner in property.properties().chain(sides.into_iter().flatten()) {
        column(findings, inner);
    }
}

fn quality<'c>(findings: &mut Findings<'c>, rule: Quality<'_>, level: Level<'c>) {
    if !matches!(rule.node.value, Value::Mapping(_)) {
        return;
    }
    words(findings, rule);
    match rule.kind() {
        None => {
            let name = rule.field("type").unwrap_or_default();
            let hint = meant(&name, ["text", "library", "sql", "custom"]);
            let node = rule.node.get("type").unwrap_or(rule.node);
            findings.hinted(
                &RULE_TYPE,
                node,
                format!("`{name}` is no type of a rule"),
                hint,
            );
        }
        Some(RuleKind::Text) => {
            let hint = Some("it is listed in reports, and never as passed".to_owned());
            findings.hinted(
                &TEXT_RULE,
                rule.node,
                "a rule in words cannot be executed",
                hint,
            );
        }
        Some(RuleKind::Library) => library(findings, rule, level),
        Some(RuleKind::Sql) => sql(findings, rule, level),
        Some(RuleKind::Custom) => {
            let engine = rule.field("engine").unwrap_or_default();
            if engine.is_empty() {
                incomplete(findings, rule, "a custom rule names its `engine`");
            } else if engine != crate::ml::ENGINE && !is_given(rule.node.get("implementation")) {
                incomplete(findings, rule, "a custom rule has an `implementation`");
            } else if engine != crate::ml::ENGINE {
                let message = format!("a rule of the engine `{engine}` is not executed");
                let hint = nearest(&engine, [crate::ml::ENGINE])
                    .map(|near| format!("did you mean `{near}`?"));
                findings.hinted(
                    &OTHER_ENGINE,
                    rule.node.get("engine").unwrap_or(rule.node),
                    message,
                    hint,
                );
            } else {
                operators::learned(findings, rule);
            }
        }
    }
}

/// Tells what the standard asks for of a rule that is not executed here.
fn incomplete(findings: &mut Findings<'_>, rule: Quality<'_>, message: &str) {
    let place = findings.contract.position(rule.node);
    let message = message.to_owned();
    findings.add(
        &MISSING_ARGUMENT,
        place,
        (super::Level::Error, message, None),
    );
}

/// Words that the standard fixes or suggests.
fn words(findings: &mut Findings<'_>, rule: Quality<'_>) {
    if let Some(node) = rule.node.get("dimension")
        && let Some(name) = as_text(node)
        && dimension_named(&name).is_none()
    {
        let hint = nearest(&name, DIMENSIONS.map(|(_, long)| long)).map_or_else(
            || format!("known are {}", DIMENSIONS.map(|(_, long)| long).join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        findings.hinted(
            &DIMENSION,
            node,
            format!("`{name}` is no dimension of quality"),
            Some(hint),
        );
    }
    if let Some(node) = rule.node.get("severity")
        && let Some(name) = as_text(node)
        && !WARNINGS
            .iter()
            .chain(&ERRORS)
            .any(|known| name.eq_ignore_ascii_case(known))
    {
        let hint = Some("use `info`, `warning` or `error`".to_owned());
        findings.hinted(
            &SEVERITY,
            node,
            format!("the severity `{name}` is taken as an error"),
            hint,
        );
    }
}

fn library<'c>(findings: &mut Findings<'c>, rule: Quality<'_>, level: Level<'c>) {
    let Some(metric) = metric(findings, rule) else {
        return;
    };
    operators(findings, rule, Some(metric));
    match (metric, level) {
        (Metric::RowCount, Level::Column(_)) => {
            let message =
                "`rowCount` is a metric of objects; the rows of the whole object are counted";
            findings.at(&METRIC_LEVEL, rule.node, message);
        }
        (Metric::NullValues | Metric::MissingValues | Metric::InvalidValues, Level::Object(_)) => {
            let message = "the metric is one of columns, and the rule stands in an object";
            let hint = Some("move it into `quality` of the column".to_owned());
            findings.hinted(&METRIC_LEVEL, rule.node, message, hint);
        }
        _ => arguments(findings, rule, metric, level),
    }
    misplaced(findings, rule);
    if let Some(node) = rule.node.get("unit")
        && let Some(unit) = as_text(node)
    {
        let known = matches!(unit.as_ref(), "rows" | "percent" | "%");
        if !known {
            let hint = meant(&unit, ["rows", "percent"]);
            findings.hinted(
                &UNIT,
                node,
                format!("`{unit}` is no unit of a metric"),
                hint,
            );
        } else if metric == Metric::RowCount && unit != "rows" {
            findings.at(
                &UNIT,
                node,
                "rows are counted in rows, not in percent of themselves",
            );
        }
    }
}

fn metric(findings: &mut Findings<'_>, rule: Quality<'_>) -> Option<Metric> {
    let Some(name) = rule.metric_name() else {
        let message = "a rule of type `library` names its `metric`";
        findings.at(&METRIC, rule.node, message);
        return None;
    };
    let metric = rule.metric();
    if metric.is_none() {
        let key = if rule.node.get("metric").is_some() {
            "metric"
        } else {
            "rule"
        };
        let known = Metric::ALL.map(|(name, _)| name);
        let old = Metric::of_rule(&name).and_then(|metric| {
            let mut all = Metric::ALL.into_iter();
            all.find(|(_, known)| *known == metric)
                .map(|(name, _)| name)
        });
        let near = old.or_else(|| nearest(&name, known));
        let hint = near.map_or_else(
            || format!("known are {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let node = rule.node.get(key).unwrap_or(rule.node);
        let place = findings.contract.position(node);
        // In 3.0 a rule could have any name.
        let (level, message) = match (key, findings.contract.api()) {
            ("rule", Api::V30) => (
                super::Level::Warning,
                format!("the rule `{name}` is none that is executed here"),
            ),
            _ => (METRIC.level, format!("`{name}` is no metric")),
        };
        findings.add(&METRIC, place, (level, message, Some(hint)));
    }
    metric
}

fn arguments<'c>(findings: &mut Findings<'c>, rule: Quality<'_>, metric: Metric, level: Level<'c>) {
    let wanted: &[&str] = match metric {
        Metric::MissingValues => &["missingValues"],
        Metric::InvalidValues => &["validValues", "pattern"],
        Metric::DuplicateValues if matches!(level, Level::Object(_)) => &["properties"],
        _ => &[],
    };
    if !wanted.is_empty() && !wanted.iter().any(|name| rule.argument(name).is_some()) {
        let names: Vec<_> = wanted.iter().map(|name| format!("`{name}`")).collect();
        let instead = match metric {
            Metric::MissingValues => "so that only NULL is missing",
            _ => "and is not executed",
        };
        let message = format!(
            "the metric has no {} in `arguments`, {instead}",
            names.join(" or ")
        );
        findings.at(&MISSING_ARGUMENT, rule.node, message);
    }
    let given = rule.node.get("arguments").map_or(&[][..], Node::members);
    for member in given {
        if !wanted.contains(&member.key.as_str()) && findings.contract.api() > Api::V30 {
            let hint = meant(&member.key, wanted.iter().copied());
            let node = rule.node.get("arguments").unwrap_or(rule.node);
            findings.key(
                &UNKNOWN_ARGUMENT,
                (node, &member.key),
                format!("the metric has no argument `{}`", member.key),
                hint,
            );
        }
    }
    match level {
        Level::Column(property) => values(findings, rule, property),
        Level::Object(object) => properties(findings, rule, object),
    }
}

fn values(findings: &mut Findings<'_>, rule: Quality<'_>, property: Property<'_>) {
    if let Some(node) = rule.argument("pattern")
        && let Some(text) = as_text(node)
    {
        pattern(findings, node, &text);
    }
    if let Some(node) = rule.argument("validValues") {
        let kind: Kind = kind(property, findings.contract.api());
        let values: Vec<_> = node.items().iter().collect();
        if values.is_empty() {
            findings.at(
                &MISSING_ARGUMENT,
                node,
                "`validValues` is a list with values in it",
            );
        }
        list(findings, &values, &kind, "list of valid values");
    }
}

fn properties<'c>(findings: &mut Findings<'c>, rule: Quality<'_>, object: Object<'c>) {
    let names = rule.argument("properties").map_or(&[][..], Node::items);
    for node in names {
        let Some(name) = as_text(node) else {
            continue;
        };
        if findings.names.column(object, &name).is_none() {
            let hint = findings.meant(&name, |_| {
                let columns = object.properties();
                columns.map(|column| column.name().into_owned()).collect()
            });
            findings.hinted(
                &REFERENCE,
                node,
                format!("`{}` has no column `{name}`", object.name()),
                hint,
            );
        }
    }
}

/// Arguments that stand beside `arguments`, where 3.1 does not look for them.
fn misplaced(findings: &mut Findings<'_>, rule: Quality<'_>) {
    if findings.contract.api() == Api::V30 {
        return;
    }
    for name in ARGUMENTS {
        if rule.node.get(name).is_some() {
            let message = format!("`{name}` stands beside `arguments`, and belongs into it");
            let hint = Some("indent it below `arguments`".to_owned());
            findings.key(&MISPLACED_ARGUMENT, (rule.node, name), message, hint);
        }
    }
}

fn sql(findings: &mut Findings<'_>, rule: Quality<'_>, level: Level<'_>) {
    operators(findings, rule, None);
    let Some(node) = rule.node.get("query") else {
        return findings.at(&NO_QUERY, rule.node, "a rule of type `sql` has a `query`");
    };
    let query = as_text(node).unwrap_or_default();
    let start = query.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '(');
    let word = start
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    let asks = start.starts_with("--")
        || start.starts_with("/*")
        || ["select", "with"].contains(&word.to_lowercase().as_str());
    if !asks {
        findings.at(
            &NO_QUERY,
            node,
            "the query does not begin with SELECT or WITH",
        );
    }
    if let Err(reason) = single(&query) {
        let hint = Some("a rule asks for one value; write a rule for each query".to_owned());
        findings.hinted(&NO_QUERY, node, reason, hint);
    }
    for (name, known) in placeholders(&query) {
        let message = match (known, level) {
            (false, _) => format!("`{{{name}}}` stands for nothing"),
            (true, Level::Object(_)) if COLUMN.contains(&name) => {
                format!("`{{{name}}}` stands for a column, and the rule stands in an object")
            }
            (true, _) => continue,
        };
        let hint = Some("`{object}` and `{property}` stand for names".to_owned());
        findings.hinted(&PLACEHOLDER, node, message, hint);
    }
}

/// Rules of our own engine are compiled, and what they lack is told.
fn learned(findings: &mut Findings<'_>, contract: &Contract) {
    for lacking in crate::compile::learned(contract) {
        let place = contract.position_of(lacking.at);
        let said = (super::Level::Error, lacking.reason, lacking.hint);
        findings.add(&ML_RULE, place, said);
    }
}
