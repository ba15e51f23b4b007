//! What the schema says of objects and columns.

use yaml_source::{Node, Value};

use crate::model::{Fields, Property};
use crate::plan::{
    Column, ColumnId, Formula, Kind, Literal, Measure, ObjectId, Operator, Severity, Step, Test,
    Unit,
};

use super::builder::{Builder, Said, Subject};
use super::literals::literal;
use super::{keys, maps, options, rules, titles};

/// Checks of an object's schema: the object, each column with its rules, then keys that cross columns.
pub(super) fn object(builder: &mut Builder<'_>, at: usize) {
    let declared = &builder.objects[at];
    let (object, count) = (declared.object, declared.columns.len());
    let subject = builder.object(at);
    let name = builder.plan.objects[at].name.clone();
    let said = Said {
        severity: Severity::Warning,
        ..Said::schema("notEmpty", format!("`{name}` has rows"), "completeness")
    };
    let some = vec![Operator::MustBeGreaterThan(Literal::Integer(0))];
    builder.measured(
        &subject,
        said,
        object.node,
        (Measure::Rows, Unit::Rows, some),
    );
    if count > 0 {
        let said = Said {
            severity: Severity::Warning,
            ..Said::schema(
                "extraColumns",
                format!("`{name}` has no column that is not declared"),
                "conformity",
            )
        };
        let at = object.node.get("properties").unwrap_or(object.node);
        builder.none_of(&subject, said, at, Measure::ExtraColumns);
    }
    for column in 0..count {
        schema(builder, at, column);
        rules::column(builder, at, column);
    }
    measures(builder, at);
    keys::object(builder, at);
}

fn schema(builder: &mut Builder<'_>, at: usize, column: usize) {
    let declared = builder.objects[at].columns[column].clone();
    let property = declared.property;
    let subject = builder.column(at, column);
    let id = ColumnId(column);
    let planned = builder.plan.objects[at].columns[column].clone();
    let node = property.node;
    let name = declared.name.as_str();
    if !declared.nameless && !planned.optional {
        let said = Said::schema("present", format!("`{name}` is there"), "conformity");
        builder.none_of(&subject, said, node, Measure::Absent(id));
    }
    types(
        builder,
        &subject,
        node,
        (id, name, &planned, declared.untyped.as_deref()),
    );
    if property.required() {
        required(builder, &subject, node, (id, name));
    }
    if property.unique() {
        let at = node.get("unique").unwrap_or(node);
        let said = Said::schema(
            "unique",
            format!("no value of `{name}` repeats"),
            "uniqueness",
        );
        builder.none_of(&subject, said, at, Measure::Surplus(vec![id]));
    }
    options::options(
        builder,
        &subject,
        (property, declared.untyped.as_deref()),
        (id, name, &planned.kind),
    );
    if let Some(values) = property.enumeration() {
        let at = node.get("enum").unwrap_or(node);
        let values: Vec<Literal> = values
            .into_iter()
            .map(|value| literal(&planned.kind, value))
            .collect();
        let said = Said::schema("enum", titles::one_of(name, &values), "conformity");
        let measure = Measure::Invalid {
            column: id,
            values: Some(values),
            pattern: None,
        };
        builder.none_of(&subject, said, at, measure);
    }
    partition(builder, &subject, (property, name));
    maps::list(builder, &subject, (property, name));
    keys::column(builder, at, column);
}

/// Lists that data are parted by a column: how they are laid out is no matter of their values.
fn partition(builder: &mut Builder<'_>, subject: &Subject, (property, name): (Property<'_>, &str)) {
    let node = property.node;
    let parted = node.flag("partitioned") == Some(true);
    let position = node
        .integer("partitionKeyPosition")
        .filter(|position| *position >= 0);
    if !parted && position.is_none() {
        return;
    }
    let at = node.get("partitioned").or(node.get("partitionKeyPosition"));
    let place = position.map_or_else(String::new, |place| format!(", in place {place}"));
    let title = format!("data are partitioned by `{name}`{place}");
    let said = Said::schema("partitioned", title, "conformity");
    let reason = "how data are laid out in folders is not looked at";
    builder.not_executable(subject, said, at.unwrap_or(node), reason);
}

fn required(
    builder: &mut Builder<'_>,
    subject: &Subject,
    node: &Node,
    (id, name): (ColumnId, &str),
) {
    let at = node.get("required").unwrap_or(node);
    let said = Said::schema(
        "required",
        format!("`{name}` is never null"),
        "completeness",
    );
    match outer(&builder.plan.objects[subject.object.0].columns, id) {
        None => builder.none_of(subject, said, at, Measure::Nulls(id)),
        // What is not there has no parts that could be required.
        Some(outer) => {
            let formula = Formula::NullsWithin {
                nulls: builder.of(subject.object, Measure::Nulls(id)),
                parents: builder.of(subject.object, Measure::Nulls(outer)),
            };
            let operators = vec![Operator::MustBe(Literal::Integer(0))];
            builder.check(subject, said, at, Test::Derived { formula, operators });
        }
    }
}

/// The struct that a column is a field of.
fn outer(columns: &[Column], id: ColumnId) -> Option<ColumnId> {
    let (last, outer) = columns[id.0].path.split_last()?;
    if outer.is_empty() || *last == Step::Items {
        return None;
    }
    columns
        .iter()
        .position(|column| column.path == outer)
        .map(ColumnId)
}

fn types(
    builder: &mut Builder<'_>,
    subject: &Subject,
    node: &Node,
    (id, name, planned, untyped): (ColumnId, &str, &Column, Option<&str>),
) {
    let at = node.get("logicalType").unwrap_or(node);
    let said = Said::schema("type", titles::holds(name, &planned.kind), "conformity");
    if let Some(reason) = untyped {
        let said = Said {
            title: format!("`{name}` holds times of its format"),
            ..said
        };
        builder.not_executable(subject, said, at, reason);
    } else if let Some(unknown) = unknown_type(node) {
        let title = format!("`{name}` holds {unknown}");
        let reason = format!("`{unknown}` is no logical type of the standard");
        builder.not_executable(subject, Said { title, ..said }, at, reason);
    } else if planned.kind != Kind::Any {
        builder.none_of(subject, said, at, Measure::WrongType(id));
    }
    if let Some(physical) = &planned.physical_type {
        let at = node.get("physicalType").unwrap_or(node);
        let said = Said::schema(
            "physicalType",
            format!("`{name}` has the type {physical}"),
            "conformity",
        );
        builder.none_of(subject, said, at, Measure::WrongPhysicalType(id));
    }
}

fn unknown_type(node: &Node) -> Option<String> {
    let name = node.text("logicalType")?;
    let known = crate::model::LogicalType::named(&name).is_some();
    (!known).then(|| name.into_owned())
}

/// Properties that are computed by whoever reads the data: they are no columns, but their rules are not forgotten.
fn measures(builder: &mut Builder<'_>, at: usize) {
    let object = builder.objects[at].object;
    for property in object.properties().filter(|property| property.is_measure()) {
        let name = property.name();
        let subject = Subject {
            object: ObjectId(at),
            column: None,
            prefix: format!("{}.{name}", builder.plan.objects[at].name),
            tags: property.tags(),
        };
        let reason = "a measure is computed by whoever reads the data, and no column of them";
        maps::unread(
            builder,
            &subject,
            property,
            (&format!("the measure `{name}`"), reason),
        );
    }
}

/// Whether a flag of a mapping is set.
pub(super) fn is_set(node: Option<&Node>) -> bool {
    matches!(
        node,
        Some(Node {
            value: Value::Bool(true),
            ..
        })
    )
}
