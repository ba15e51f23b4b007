//! Agreements of service that data can show.

use yaml_source::Node;

use crate::model::{Agreement, Reference, Sla, as_text};
use crate::plan::{Category, ColumnId, Kind, Measure, ObjectId, Severity, Side, Test};
use crate::text::duration;
use crate::time::seconds_of;

use super::builder::{Builder, Id, Said, Subject};

/// Adds a check of each agreement.
pub(super) fn agreements(builder: &mut Builder<'_>) {
    if builder.objects.is_empty() {
        return;
    }
    for sla in builder.contract.sla() {
        let mut elements = sla.elements();
        if elements.is_empty() {
            let default = builder.contract.default_element();
            let names = default.as_deref().unwrap_or_default().split(',');
            let names = names.map(str::trim).filter(|name| !name.is_empty());
            elements.extend(names.map(str::to_owned));
        }
        if elements.is_empty() {
            agreement(builder, sla, None);
        }
        for element in &elements {
            agreement(builder, sla, Some(element));
        }
    }
}

/// What an agreement is about.
enum Element {
    Column(ObjectId, ColumnId),
    Object(ObjectId),
}

fn agreement(builder: &mut Builder<'_>, sla: Sla<'_>, name: Option<&str>) {
    let property = sla.property().into_owned();
    let element = name.map(|name| element(builder, name));
    let subject = subject(builder, element.as_ref());
    let what = name.map_or_else(String::new, |name| format!(" of `{name}`"));
    let test = match element {
        Some(Err(reason)) => Err(reason),
        Some(Ok(element)) => test(builder, sla, Some(&element)),
        None => test(builder, sla, None),
    };
    let (title, test) = match test {
        Ok((limit, test)) => {
            let kind = match sla.agreement() {
                Some(Agreement::Retention) => "oldest",
                _ => "newest",
            };
            let title = format!("the {kind} value{what} is younger than {}", duration(limit));
            (title, test)
        }
        Err(reason) => {
            let value = sla.value().and_then(as_text).unwrap_or_default();
            let unit = sla.unit().unwrap_or_default();
            let title = format!("{property}{what} {value} {unit}");
            (title.trim_end().to_owned(), Test::NotExecutable { reason })
        }
    };
    let said = Said {
        id: sla
            .id()
            .map_or(Id::Part(&property), |id| Id::Whole(id.into_owned())),
        title,
        category: Category::Sla,
        dimension: Some("timeliness"),
        severity: Severity::Error,
        tags: Vec::new(),
    };
    builder.check(&subject, said, sla.node, test);
}

fn subject(builder: &Builder<'_>, element: Option<&Result<Element, String>>) -> Subject {
    let (object, column) = match element {
        Some(Ok(Element::Column(object, column))) => (*object, Some(*column)),
        Some(Ok(Element::Object(object))) => (*object, None),
        _ => (ObjectId(0), None),
    };
    let mut subject = match column {
        Some(column) => builder.column(object.0, column.0),
        None => builder.object(object.0),
    };
    if matches!(element, None | Some(Err(_))) {
        subject.prefix = "sla".to_owned();
    }
    subject
}

fn element(builder: &Builder<'_>, name: &str) -> Result<Element, String> {
    if let Some(object) = builder.object_named(name) {
        return Ok(Element::Object(ObjectId(object)));
    }
    if let Some(found) = Reference::parse(name).and_then(|reference| builder.names.find(&reference))
    {
        let column = found.property();
        let column = column.and_then(|column| builder.column_of(found.object, column));
        let column = column.ok_or_else(|| format!("`{name}` is no column of the data"))?;
        return Ok(Element::Column(ObjectId(found.object), column));
    }
    // A name alone is meant where only one object has such a column.
    let objects = 0..builder.objects.len();
    let mut with = objects.filter_map(|at| Some((at, builder.column_named(at, name)?)));
    match (with.next(), with.next()) {
        (Some((object, column)), None) => Ok(Element::Column(ObjectId(object), column)),
        _ => Err(format!("the element `{name}` names no column")),
    }
}

fn test(
    builder: &mut Builder<'_>,
    sla: Sla<'_>,
    element: Option<&Element>,
) -> Result<(f64, Test), String> {
    let side = match sla.agreement() {
        Some(Agreement::Latency) => Side::High,
        Some(Agreement::Retention) => Side::Low,
        Some(Agreement::Frequency) => {
            return Err("a frequency shows in the history of data only".to_owned());
        }
        None => return Err(format!("`{}` does not show in data", sla.property())),
    };
    let limit = limit(sla)?;
    let (object, measure) = match element {
        None => return Err("the agreement names no `element`".to_owned()),
        Some(Element::Object(object)) if side == Side::High => (*object, Measure::NewestFile),
        Some(Element::Object(_)) => return Err("the element names no column".to_owned()),
        Some(Element::Column(object, column)) => {
            let kind = &builder.plan.objects[object.0].column(*column).kind;
            if !has_age(kind) {
                let what = kind.plural();
                return Err(format!("the element holds {what}, which have no age"));
            }
            (*object, Measure::Extreme(*column, side))
        }
    };
    let measure = builder.measure(object, measure);
    let test = Test::Age {
        measure,
        side,
        limit,
    };
    Ok((limit, test))
}

/// Whether values of a kind may be points in time: texts by ISO 8601, and whole numbers as seconds since 1970.
pub(crate) fn has_age(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Any | Kind::Date { .. } | Kind::Timestamp { .. } | Kind::String | Kind::Integer
    )
}

fn limit(sla: Sla<'_>) -> Result<f64, String> {
    let value: &Node = sla.value().ok_or("the agreement has no `value`")?;
    let value = as_text(value).ok_or("the agreement has no `value`")?;
    seconds_of(&value, sla.unit().as_deref()).map_err(|error| error.to_string())
}
