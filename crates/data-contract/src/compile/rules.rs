//! Rules of quality.

use yaml_source::Node;

pub(crate) use crate::model::dimension_named;
use crate::model::{Fields, Metric, Rule, RuleKind, as_text};
use crate::plan::{Category, ColumnId, Literal, Measure, Operator, Pattern, Step, Test, Unit};
use crate::text::expected;

use super::builder::{Builder, Id, Said, Subject};
use super::literals::literal;
use super::operators::operators;
use super::{ml, query};

/// Rules about a column.
pub(super) fn column(builder: &mut Builder<'_>, at: usize, column: usize) {
    let declared = builder.objects[at].columns[column].clone();
    let subject = builder.column(at, column);
    for rule in declared.property.quality() {
        compile(builder, &subject, rule, &declared.name);
    }
}

/// Rules about a whole object.
pub(super) fn object(builder: &mut Builder<'_>, at: usize) {
    let object = builder.objects[at].object;
    let subject = builder.object(at);
    let name = builder.plan.objects[at].name.clone();
    for rule in object.quality() {
        compile(builder, &subject, rule, &name);
    }
}

fn compile(builder: &mut Builder<'_>, subject: &Subject, rule: Rule<'_>, name: &str) {
    match rule.kind() {
        Some(RuleKind::Library) => library(builder, subject, rule, name),
        Some(RuleKind::Sql) => sql(builder, subject, rule, name),
        Some(RuleKind::Custom) => custom(builder, subject, rule, name),
        Some(RuleKind::Text) => {
            let sentence = rule.field("description").or_else(|| rule.field("name"));
            let title = sentence.map_or_else(|| format!("a rule about `{name}`"), first_line);
            let said = said(builder, rule, "text", title, None);
            let reason = "a rule in words is for people to look at";
            builder.not_executable(subject, said, rule.node, reason);
        }
        None => {
            let kind = rule.field("type").unwrap_or_default().into_owned();
            let said = said(
                builder,
                rule,
                "quality",
                format!("a rule about `{name}`"),
                None,
            );
            let reason = format!("`{kind}` is no type of a rule");
            builder.not_executable(subject, said, rule.node, reason);
        }
    }
}

/// What the check of a rule says: what the rule says of itself, else what is usual.
pub(super) fn said<'s>(
    builder: &Builder<'_>,
    rule: Rule<'_>,
    part: &'s str,
    title: String,
    dimension: Option<&'static str>,
) -> Said<'s> {
    let own = rule.field("name").map(first_line);
    Said {
        id: rule
            .id()
            .map_or(Id::Part(part), |id| Id::Whole(id.into_owned())),
        title: own.unwrap_or(title),
        category: Category::Quality,
        dimension: rule
            .field("dimension")
            .map_or(dimension, |name| dimension_named(&name)),
        severity: builder.settings.severity(rule.field("severity").as_deref()),
        tags: rule.tags(),
    }
}

fn first_line(text: impl AsRef<str>) -> String {
    text.as_ref()
        .trim()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn library(builder: &mut Builder<'_>, subject: &Subject, rule: Rule<'_>, name: &str) {
    let metric = rule.metric_name().unwrap_or_default().into_owned();
    let part = if metric.is_empty() {
        "quality"
    } else {
        metric.as_str()
    };
    let Some(kind) = rule.metric() else {
        let said = said(builder, rule, part, format!("{part} of `{name}`"), None);
        let reason = if metric.is_empty() {
            "the rule names no metric".to_owned()
        } else {
            format!("`{metric}` is no metric of the standard")
        };
        return builder.not_executable(subject, said, rule.node, reason);
    };
    let (what, dimension) = described(kind, name);
    let unit = match rule.field("unit").as_deref() {
        Some("percent" | "%") if kind != Metric::RowCount => Unit::Percent,
        _ => Unit::Rows,
    };
    let measure = measure(builder, subject, rule, kind);
    let given = operators(rule.operators()).and_then(|operators| {
        match (operators.is_empty(), rule.node.get("metric")) {
            // In 3.0 some rules said by their name alone what must hold.
            (true, None) if kind != Metric::RowCount => {
                Ok(vec![Operator::MustBe(Literal::Integer(0))])
            }
            (true, _) => Err("the rule has no operator, such as `mustBe`".to_owned()),
            (false, _) => Ok(operators),
        }
    });
    match measure.and_then(|measure| Ok((measure, given?))) {
        Ok((measure, operators)) => {
            let title = format!("{what} {}", expected(&operators, unit));
            let said = said(builder, rule, part, title, Some(dimension));
            builder.measured(subject, said, rule.node, (measure, unit, operators));
        }
        Err(reason) => {
            let said = said(builder, rule, part, what, Some(dimension));
            builder.not_executable(subject, said, rule.node, reason);
        }
    }
}

fn described(metric: Metric, name: &str) -> (String, &'static str) {
    match metric {
        Metric::NullValues => (format!("null values of `{name}`"), "completeness"),
        Metric::MissingValues => (format!("missing values of `{name}`"), "completeness"),
        Metric::InvalidValues => (format!("invalid values of `{name}`"), "conformity"),
        Metric::DuplicateValues => (format!("duplicate values of `{name}`"), "uniqueness"),
        Metric::RowCount => ("rows".to_owned(), "completeness"),
    }
}

fn measure(
    builder: &Builder<'_>,
    subject: &Subject,
    rule: Rule<'_>,
    metric: Metric,
) -> Result<Measure, String> {
    let column = || subject.column.ok_or("the metric is one of columns");
    let values = |id: ColumnId, key: &str| {
        let kind = &builder.plan.objects[subject.object.0].columns[id.0].kind;
        let given = rule.argument(key).map(Node::items)?;
        let values = given.iter().map(|value| literal(kind, value));
        Some(values.collect::<Vec<_>>())
    };
    match metric {
        Metric::RowCount => Ok(Measure::Rows),
        Metric::NullValues => Ok(Measure::Nulls(column()?)),
        Metric::MissingValues => {
            let id = column()?;
            let mut values = values(id, "missingValues").unwrap_or_default();
            values.retain(|value| *value != Literal::Null);
            Ok(Measure::Missing(id, values))
        }
        Metric::InvalidValues => {
            let id = column()?;
            let values = values(id, "validValues");
            let pattern = rule.argument("pattern").and_then(as_text);
            if values.is_none() && pattern.is_none() {
                return Err("the rule names neither `validValues` nor a `pattern`".to_owned());
            }
            Ok(Measure::Invalid {
                column: id,
                values,
                pattern: pattern.map(|pattern| Pattern(pattern.into_owned())),
            })
        }
        Metric::DuplicateValues => match subject.column {
            Some(id) => Ok(Measure::RepeatedKeys(vec![id])),
            None => Ok(Measure::RepeatedKeys(named_columns(
                builder, subject, rule,
            )?)),
        },
    }
}

fn named_columns(
    builder: &Builder<'_>,
    subject: &Subject,
    rule: Rule<'_>,
) -> Result<Vec<ColumnId>, String> {
    let names = rule
        .argument("properties")
        .map(Node::items)
        .unwrap_or_default();
    let names: Vec<_> = names.iter().filter_map(as_text).collect();
    if names.is_empty() {
        return Err("the rule names no `properties`".to_owned());
    }
    let columns = names.iter().map(|name| {
        let column = builder.column_named(subject.object.0, name);
        column.ok_or_else(|| format!("there is no column `{name}`"))
    });
    columns.collect()
}

fn sql(builder: &mut Builder<'_>, subject: &Subject, rule: Rule<'_>, name: &str) {
    let given = rule.field("query").unwrap_or_default();
    let object = &builder.plan.objects[subject.object.0];
    let path: Option<Vec<String>> = subject.column.map(|id| {
        let path = object.column(id).path.iter();
        path.filter_map(|step| match step {
            Step::Field(name) => Some(name.clone()),
            Step::Items => None,
        })
        .collect()
    });
    let one = query::single(&given);
    let query = query::filled(one.unwrap_or_default(), &object.name, path.as_deref());
    let operators = operators(rule.operators());
    let described = called(rule);
    let what = described.clone().unwrap_or_else(|| asked(&query, name));
    let reason = match operators {
        _ if one.is_err() => one.err().unwrap_or_default().to_owned(),
        _ if query.is_empty() => "the rule has no `query`".to_owned(),
        Err(reason) => reason,
        Ok(operators) if operators.is_empty() => {
            "the rule has no operator, such as `mustBe`".to_owned()
        }
        Ok(operators) => {
            // What a person says of a rule is a sentence already.
            let title =
                described.unwrap_or_else(|| format!("{what} {}", expected(&operators, Unit::Rows)));
            let said = said(builder, rule, "sql", title, None);
            let measure = (Measure::Query(query), Unit::Rows, operators);
            return builder.measured(subject, said, rule.node, measure);
        }
    };
    let said = said(builder, rule, "sql", what, None);
    builder.not_executable(subject, said, rule.node, reason);
}

/// So much of a query is its title.
const WIDEST: usize = 60;

/// A query as a title, where nobody has described it.
fn asked(query: &str, name: &str) -> String {
    let words: Vec<_> = query.split_whitespace().collect();
    let query = words.join(" ").replace('`', "");
    match query.char_indices().nth(WIDEST) {
        None if query.is_empty() => format!("value of a query about `{name}`"),
        None => format!("`{query}`"),
        Some((at, _)) => format!("`{}…`", query[..at].trim_end()),
    }
}

/// What a rule says that it is about: the first line of its description, or its name.
fn called(rule: Rule<'_>) -> Option<String> {
    let described = rule.field("description").map(first_line);
    described.or_else(|| rule.field("name").map(first_line))
}

fn custom(builder: &mut Builder<'_>, subject: &Subject, rule: Rule<'_>, name: &str) {
    let engine = rule.node.text("engine").unwrap_or_default();
    if engine == crate::ml::ENGINE {
        return ml::compile(builder, subject, rule, name);
    }
    let title = called(rule).unwrap_or_else(|| format!("a rule of {engine} about `{name}`"));
    let said = said(builder, rule, "custom", title, None);
    let reason = format!("a rule for the engine `{engine}`, which does not run here");
    builder.check(subject, said, rule.node, Test::NotExecutable { reason });
}
