//! `logicalTypeOptions`.

use yaml_source::{Member, Node, Value};

use crate::model::{Property, as_integer, as_text};
use crate::plan::{
    Bound, ColumnId, Decimal, Format, Kind, Literal, Measure, Of, Operator, Pattern, Side, Test,
};
use crate::text::listed;

use super::builder::{Builder, Said, Subject};
use super::literals::bound;
use super::property::is_set;
use super::titles;

/// Options of vectors that describe how they were made, which numbers do not show.
const ORIGIN: [&str; 4] = [
    "elementType",
    "distanceMetric",
    "normalized",
    "embeddingModel",
];

type About<'a> = (ColumnId, &'a str, &'a Kind);

/// Adds a check of each option; none where it is not known what the column holds.
pub(super) fn options(
    builder: &mut Builder<'_>,
    subject: &Subject,
    (property, untyped): (Property<'_>, Option<&str>),
    about: About<'_>,
) {
    let options = property.node.get("logicalTypeOptions");
    for member in options.map_or(&[][..], Node::members) {
        let checked = match untyped {
            Some(reason) => Err(reason.to_owned()),
            None => option(builder, subject, (property, member), about),
        };
        if let Err(reason) = checked {
            let title = format!("`{}`: {}", about.1, said(member));
            let said = Said::schema(&member.key, title, "conformity");
            builder.not_executable(subject, said, &member.value, reason);
        }
    }
}

fn said(member: &Member) -> String {
    let value = as_text(&member.value).unwrap_or_default();
    format!("{} {value}", member.key)
}

/// Adds the check of an option.
///
/// # Errors
///
/// Why it cannot be checked.
fn option(
    builder: &mut Builder<'_>,
    subject: &Subject,
    (property, member): (Property<'_>, &Member),
    about: About<'_>,
) -> Result<(), String> {
    let (key, node) = (member.key.as_str(), &member.value);
    let counted = match key {
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            range(property, member, about)?
        }
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            Some(size(member, about)?)
        }
        "uniqueItems" | "required" | "pattern" => shape(member, about)?,
        "dimensions" => return dimensions(builder, subject, node, about),
        "format" => return format(builder, subject, node, about),
        // It says how to read values, and nothing that could be wrong.
        "defaultTimezone" => None,
        "timezone" => {
            let reason = "whether times name a zone is not looked at; those that do not are of `defaultTimezone`, or UTC";
            return Err(reason.to_owned());
        }
        _ if ORIGIN.contains(&key) => {
            return Err(
                "it says how vectors were made, which their numbers do not show".to_owned(),
            );
        }
        _ => return Err(format!("`{key}` is no option of the standard")),
    };
    if let Some((title, measure)) = counted {
        let said = Said::schema(key, title, "conformity");
        builder.none_of(subject, said, node, measure);
    }
    Ok(())
}

/// What is said of values, and how those are counted that are otherwise.
type Counted = (String, Measure);

fn range(
    property: Property<'_>,
    member: &Member,
    (id, name, kind): About<'_>,
) -> Result<Option<Counted>, String> {
    let (key, node) = (member.key.as_str(), &member.value);
    let (side, exclusive) = match key {
        "minimum" | "maximum" => side(property, key),
        "multipleOf" => {
            let value = bound(kind, node)?;
            let positive = |unit: &Decimal| *unit > Decimal::from(0);
            let unit = value.decimal().filter(positive);
            if unit.is_none() {
                return Err("`multipleOf` needs a number that is more than 0".to_owned());
            }
            let title = format!("`{name}` is a multiple of {}", listed(&value));
            return Ok(Some((title, Measure::NotMultiple(id, value))));
        }
        // In 3.0 it says that the bound beside it does not belong to the range.
        _ if matches!(node.value, Value::Bool(_)) => return Ok(None),
        "exclusiveMinimum" => (Side::Low, true),
        _ => (Side::High, true),
    };
    let value = beyond(kind, node)?;
    let words = bound_words(side, exclusive);
    let title = format!("`{name}` is {words} {}", listed(&value));
    let bound = Bound { value, exclusive };
    Ok(Some((title, Measure::Beyond(id, side, bound))))
}

fn size(member: &Member, (id, name, kind): About<'_>) -> Result<Counted, String> {
    let key = member.key.as_str();
    let (side, words) = match key.starts_with("min") {
        true => (Side::Low, "at least"),
        false => (Side::High, "at most"),
    };
    let (kinds, thing): (&[Kind], _) = match &key[3..] {
        "Length" => (&[Kind::String], "character"),
        "Items" => (&[Kind::Array, Kind::Vector], "item"),
        _ => (&[Kind::Object, Kind::Map], "property"),
    };
    fits(kind, kinds, key)?;
    let limit = limit(&member.value, key)?;
    let title = format!("`{name}` has {words} {}", many(limit, thing));
    let measure = match thing {
        "character" => Measure::Length(id, side, limit),
        _ => Measure::Items(id, side, limit),
    };
    Ok((title, measure))
}

fn shape(member: &Member, (id, name, kind): About<'_>) -> Result<Option<Counted>, String> {
    let (key, node) = (member.key.as_str(), &member.value);
    Ok(match key {
        "uniqueItems" if !is_set(Some(node)) => None,
        "uniqueItems" => {
            fits(kind, &[Kind::Array], key)?;
            let title = format!("no item repeats in `{name}`");
            Some((title, Measure::RepeatedItems(id)))
        }
        "required" => {
            fits(kind, &[Kind::Object, Kind::Map], key)?;
            let names = node.items().iter().filter_map(as_text);
            let names: Vec<String> = names.map(Into::into).collect();
            let title = format!("`{name}` has {}", titles::names(&names));
            let lacking = (!names.is_empty()).then_some(names);
            lacking.map(|names| (title, Measure::LacksProperty(id, names)))
        }
        _ => {
            fits(kind, &[Kind::String], key)?;
            let pattern = as_text(node).ok_or("`pattern` needs a text")?;
            let title = format!("`{name}` matches {pattern}");
            let measure = Measure::Invalid {
                column: id,
                values: None,
                pattern: Some(Pattern(pattern.into_owned())),
            };
            Some((title, measure))
        }
    })
}

/// The side of a bound, and whether 3.0's flag beside it takes the bound itself out.
fn side(property: Property<'_>, key: &str) -> (Side, bool) {
    let (side, flag) = match key {
        "minimum" => (Side::Low, "exclusiveMinimum"),
        _ => (Side::High, "exclusiveMaximum"),
    };
    (side, is_set(property.option(flag)))
}

fn bound_words(side: Side, exclusive: bool) -> &'static str {
    match (side, exclusive) {
        (Side::Low, false) => "at least",
        (Side::Low, true) => "more than",
        (Side::High, false) => "at most",
        (Side::High, true) => "less than",
    }
}

fn beyond(kind: &Kind, node: &Node) -> Result<Literal, String> {
    match kind {
        Kind::Any
        | Kind::Integer
        | Kind::Number
        | Kind::Date { .. }
        | Kind::Time { .. }
        | Kind::Timestamp { .. } => bound(kind, node),
        _ => Err(format!("{} have no bounds", kind.plural())),
    }
}

fn fits(kind: &Kind, kinds: &[Kind], key: &str) -> Result<(), String> {
    if *kind == Kind::Any || kinds.contains(kind) {
        return Ok(());
    }
    Err(format!("`{key}` says nothing about {}", kind.plural()))
}

/// A number of things.
fn many(number: u64, thing: &str) -> String {
    let number = crate::text::count(number);
    match (number.as_str(), thing.strip_suffix('y')) {
        ("1", _) => format!("1 {thing}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {thing}s"),
    }
}

fn limit(node: &Node, key: &str) -> Result<u64, String> {
    let limit = as_integer(node).and_then(|limit| u64::try_from(limit).ok());
    limit.ok_or_else(|| format!("`{key}` needs a whole number that is not negative"))
}

/// A vector has as many numbers as it says: neither fewer nor more.
fn dimensions(
    builder: &mut Builder<'_>,
    subject: &Subject,
    node: &Node,
    (id, name, kind): About<'_>,
) -> Result<(), String> {
    fits(kind, &[Kind::Vector, Kind::Array], "dimensions")?;
    let limit = limit(node, "dimensions")?;
    let sides = [Side::Low, Side::High].map(|side| {
        let measure = Measure::Items(id, side, limit);
        Of {
            object: subject.object,
            measure: builder.measure(subject.object, measure),
        }
    });
    let said = Said::schema(
        "dimensions",
        format!("`{name}` has {limit} dimensions"),
        "conformity",
    );
    let test = Test::Derived {
        formula: crate::plan::Formula::Sum(sides.to_vec()),
        operators: vec![Operator::MustBe(Literal::Integer(0))],
    };
    builder.check(subject, said, node, test);
    Ok(())
}

fn format(
    builder: &mut Builder<'_>,
    subject: &Subject,
    node: &Node,
    (id, name, kind): About<'_>,
) -> Result<(), String> {
    let text = as_text(node).ok_or("`format` needs a text")?;
    // The format of times is how they are read; whether they are of it, the check of the type says.
    if matches!(
        kind,
        Kind::Date { .. } | Kind::Time { .. } | Kind::Timestamp { .. }
    ) {
        return Ok(());
    }
    let Some(format) = Format::named(&text) else {
        return match (kind, text.as_ref()) {
            (Kind::Number, "f32" | "f64") => {
                Err("with how many bits a number was computed does not show".to_owned())
            }
            (Kind::Any, _) if crate::time::TimePattern::parse(&text).is_ok() => Ok(()),
            (Kind::String, "password" | "binary") => {
                Err(format!("`{text}` says nothing that could be checked"))
            }
            _ => Err(format!("`{text}` is no format of {}", kind.plural())),
        };
    };
    match format.range() {
        Some(_) => fits(kind, &[Kind::Integer, Kind::Number], "format")?,
        None => fits(kind, &[Kind::String], "format")?,
    }
    let said = Said::schema("format", titles::format(name, format, &text), "conformity");
    builder.none_of(subject, said, node, Measure::Malformed(id, format));
    Ok(())
}
