//! Which columns there are, and what they hold.

use crate::model::{Api, LogicalType, Object, Property};
use crate::plan::{Column, Format, Kind, Step};
use crate::time::TimePattern;

use super::builder::{Builder, Declared, DeclaredColumn, Said, Subject};

/// How deep columns nest; what is deeper is not looked at.
pub(crate) const DEEPEST: usize = 16;

/// Declares all objects with all columns, so that checks can refer to any of them.
pub(super) fn declare(builder: &mut Builder<'_>) {
    for object in builder.contract.objects() {
        let mut columns = Columns {
            builder,
            plan: Vec::new(),
            declared: Vec::new(),
            deeper: Vec::new(),
        };
        let outer = Outer {
            path: Vec::new(),
            name: String::new(),
            optional: false,
            masked: false,
            tags: object.tags(),
            in_array: false,
        };
        for property in object.properties() {
            columns.add(property, &outer);
        }
        let (plan, declared, deeper) = (columns.plan, columns.declared, columns.deeper);
        push(builder, object, plan, declared);
        too_deep(builder, deeper);
    }
}

fn push<'c>(
    builder: &mut Builder<'c>,
    object: Object<'c>,
    columns: Vec<Column>,
    declared: Vec<DeclaredColumn<'c>>,
) {
    builder.plan.objects.push(crate::plan::Object {
        name: object.name().into_owned(),
        physical_name: object.physical_name().into_owned(),
        columns,
        measures: Vec::new(),
    });
    builder.objects.push(Declared::new(object, declared));
    // Percentages are computed of them.
    let id = crate::plan::ObjectId(builder.objects.len() - 1);
    builder.measure(id, crate::plan::Measure::Rows);
}

/// Lists what is nested too deep, so that nobody takes it for checked.
fn too_deep(builder: &mut Builder<'_>, deeper: Vec<(Property<'_>, String)>) {
    let subject = builder.object(builder.objects.len() - 1);
    for (property, name) in deeper {
        let subject = Subject {
            prefix: format!("{}.{name}", subject.prefix),
            ..subject.clone()
        };
        let title = format!("`{name}` and what is in it");
        let said = Said::schema("present", title, "conformity");
        let reason = format!("it is nested deeper than {DEEPEST} steps");
        builder.not_executable(&subject, said, property.node, reason);
    }
}

struct Columns<'b, 'c> {
    builder: &'b Builder<'c>,
    plan: Vec<Column>,
    declared: Vec<DeclaredColumn<'c>>,
    /// What is deeper, with its name.
    deeper: Vec<(Property<'c>, String)>,
}

/// What a column inherits from what it is part of.
struct Outer {
    path: Vec<Step>,
    name: String,
    optional: bool,
    masked: bool,
    tags: Vec<String>,
    in_array: bool,
}

impl<'c> Columns<'_, 'c> {
    fn add(&mut self, property: Property<'c>, outer: &Outer) {
        let physical = property.physical_name();
        if physical.is_empty() || property.is_measure() {
            return;
        }
        let mut path = outer.path.clone();
        path.push(Step::Field(physical.into_owned()));
        let name = match outer.name.as_str() {
            "" => property.name().into_owned(),
            name => format!("{name}.{}", property.name()),
        };
        self.declare(property, outer, (path, name, false));
    }

    fn declare(
        &mut self,
        property: Property<'c>,
        outer: &Outer,
        (path, name, nameless): (Vec<Step>, String, bool),
    ) {
        if path.len() > DEEPEST {
            return self.deeper.push((property, name));
        }
        let hides = |word: &str| self.builder.settings.hides(word);
        let masked = outer.masked || property.classification().is_some_and(|word| hides(&word));
        let optional = outer.optional
            || property
                .custom("optional")
                .is_some_and(|node| node.value == yaml_source::Value::Bool(true));
        let mut tags = property.tags();
        tags.extend(
            outer
                .tags
                .iter()
                .filter(|tag| !tags.contains(tag))
                .cloned()
                .collect::<Vec<_>>(),
        );
        let (kind, untyped) = kind(property, self.builder.contract.api());
        self.plan.push(Column {
            path: path.clone(),
            wide: kind == Kind::Integer && is_wide(property),
            kind,
            physical_type: property.physical_type().map(std::borrow::Cow::into_owned),
            optional,
            nullable: !property.required() && !property.primary_key(),
            masked,
        });
        self.declared.push(DeclaredColumn {
            property,
            name: name.clone(),
            untyped,
            tags: tags.clone(),
            in_array: outer.in_array,
            nameless,
        });
        let inner = Outer {
            path,
            name,
            optional,
            masked,
            tags,
            in_array: outer.in_array,
        };
        for field in property.properties() {
            self.add(field, &inner);
        }
        if let Some(items) = property.items() {
            let mut path = inner.path.clone();
            path.push(Step::Items);
            let name = format!("{}[]", inner.name);
            let inner = Outer {
                in_array: true,
                ..inner
            };
            self.declare(items, &inner, (path, name, true));
        }
    }
}

/// What a column holds, and why that cannot be checked, where it cannot.
pub(crate) fn kind(property: Property<'_>, api: Api) -> (Kind, Option<String>) {
    let format = property.option("format").and_then(|node| node.as_str());
    let pattern = format.map(TimePattern::parse);
    let timed = pattern
        .as_ref()
        .is_some_and(|pattern| pattern.as_ref().is_ok_and(TimePattern::has_time));
    let zone = property
        .option("defaultTimezone")
        .and_then(|node| node.as_str());
    let time = match property.logical_type() {
        None => return (Kind::Any, None),
        Some(LogicalType::Date) if timed || (api == Api::V30 && stores_time(property)) => {
            LogicalType::Timestamp
        }
        Some(kind) => kind,
    };
    let format = format.map(str::to_owned);
    let kind = match time {
        LogicalType::String => Kind::String,
        LogicalType::Integer => Kind::Integer,
        LogicalType::Number => Kind::Number,
        LogicalType::Boolean => Kind::Boolean,
        LogicalType::Object => Kind::Object,
        LogicalType::Array => Kind::Array,
        LogicalType::Map => Kind::Map,
        LogicalType::Vector => Kind::Vector,
        LogicalType::Date => Kind::Date { format },
        LogicalType::Time => Kind::Time { format },
        LogicalType::Timestamp => Kind::Timestamp {
            format,
            zone: zone.map(str::to_owned),
        },
    };
    let of_time = matches!(
        kind,
        Kind::Date { .. } | Kind::Time { .. } | Kind::Timestamp { .. }
    );
    match pattern {
        Some(Err(error)) if of_time => {
            let why = format!("the format is no pattern of a time: {error}");
            (Kind::Any, Some(why))
        }
        _ => (kind, None),
    }
}

/// Whether the format is one of whole numbers that 64 bits with a sign do not hold.
fn is_wide(property: Property<'_>) -> bool {
    let format = property.option("format").and_then(|node| node.as_str());
    let format = format.and_then(Format::named);
    matches!(format, Some(Format::U64 | Format::U128 | Format::I128))
}

/// Whether the physical type is one of points in time: 3.0 had no logical type for them.
fn stores_time(property: Property<'_>) -> bool {
    let physical = property.physical_type().unwrap_or_default().to_lowercase();
    physical.contains("timestamp") || physical.contains("datetime")
}
