//! `logicalTypeOptions`.

use std::borrow::Cow;
use std::cmp::Ordering;

use yaml_source::{Member, Node, Value};

use crate::compile::bound;
use crate::model::{Api, Fields, LogicalType, Property, as_integer, as_text};
use crate::pattern::{Engine, PatternError, translate};
use crate::plan::{Decimal, Format, Kind};
use crate::suggestion::{meant, nearest};
use crate::time::{TimePattern, Zone};

use super::numbers::order;
use super::rule::{
    EMPTY_RANGE, EXCLUSIVE_BOUND, EXCLUSIVE_FLAG, Findings, OPTION_OF_OTHER_TYPE, OPTION_VALUE,
    PATTERN, PATTERN_ENGINE, TIME_FORMAT, TIME_ZONE, UNKNOWN_FORMAT, UNKNOWN_OPTION,
};

use LogicalType::{
    Array, Date, Integer, Map, Number, Object, String as Text, Time, Timestamp, Vector,
};

const RANGED: &[LogicalType] = &[Integer, Number, Date, Timestamp, Time];

/// Options, with the types that they say something about.
const OPTIONS: [(&str, &[LogicalType]); 22] = [
    ("minLength", &[Text]),
    ("maxLength", &[Text]),
    ("pattern", &[Text]),
    ("format", &[Text, Integer, Number, Date, Timestamp, Time]),
    ("minimum", RANGED),
    ("maximum", RANGED),
    ("exclusiveMinimum", RANGED),
    ("exclusiveMaximum", RANGED),
    ("multipleOf", &[Integer, Number]),
    ("timezone", &[Timestamp, Time]),
    ("defaultTimezone", &[Timestamp, Time]),
    ("minProperties", &[Object, Map]),
    ("maxProperties", &[Object, Map]),
    ("required", &[Object]),
    ("minItems", &[Array]),
    ("maxItems", &[Array]),
    ("uniqueItems", &[Array]),
    ("dimensions", &[Vector]),
    ("elementType", &[Vector]),
    ("distanceMetric", &[Vector]),
    ("normalized", &[Vector]),
    ("embeddingModel", &[Vector]),
];

/// Looks at the options of a column.
pub(super) fn check(findings: &mut Findings<'_>, property: Property<'_>, kind: &Kind) {
    let Some(options) = property.node.get("logicalTypeOptions") else {
        return;
    };
    for member in options.members() {
        if fits(findings, property, (options, member)) {
            option(findings, (options, member), kind);
        }
    }
    ranges(findings, options, kind);
}

/// Whether the option is one of the logical type.
fn fits(
    findings: &mut Findings<'_>,
    property: Property<'_>,
    (options, member): (&Node, &Member),
) -> bool {
    let key = member.key.as_str();
    let Some((_, types)) = OPTIONS.iter().find(|(known, _)| *known == key) else {
        let hint = meant(key, OPTIONS.map(|(known, _)| known));
        findings.key(
            &UNKNOWN_OPTION,
            (options, key),
            format!("there is no option `{key}`"),
            hint,
        );
        return false;
    };
    match property.logical_type() {
        Some(given) if !types.contains(&given) => {
            let names: Vec<_> = types.iter().map(|kind| kind.name()).collect();
            let message = format!("`{key}` says nothing about `{}`", given.name());
            let hint = Some(format!("it is an option of {}", names.join(", ")));
            findings.key(&OPTION_OF_OTHER_TYPE, (options, key), message, hint);
            false
        }
        _ => true,
    }
}

fn option(findings: &mut Findings<'_>, (options, member): (&Node, &Member), kind: &Kind) {
    let (key, node) = (member.key.as_str(), &member.value);
    match key {
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "dimensions"
            if as_integer(node).is_none_or(|number| number < 0) =>
        {
            let message = format!("`{key}` needs a whole number that is not negative");
            findings.at(&OPTION_VALUE, node, message);
        }
        "exclusiveMinimum" | "exclusiveMaximum" => exclusive(findings, (options, member), kind),
        "minimum" | "maximum" => bounded(findings, node, kind),
        "multipleOf" => match bound(kind, node) {
            Ok(unit) if unit.decimal() > Some(Decimal::from(0)) => {}
            _ => findings.at(
                &OPTION_VALUE,
                node,
                "`multipleOf` needs a number that is more than 0",
            ),
        },
        "pattern" => match as_text(node) {
            Some(text) => pattern(findings, node, &text),
            None => findings.at(&OPTION_VALUE, node, "`pattern` needs a text"),
        },
        "format" => format(findings, node, kind),
        "timezone" | "uniqueItems" | "normalized" if !matches!(node.value, Value::Bool(_)) => {
            findings.at(
                &OPTION_VALUE,
                node,
                format!("`{key}` needs `true` or `false`"),
            );
        }
        "defaultTimezone" if as_text(node).is_none_or(|name| Zone::named(&name).is_none()) => {
            let name = as_text(node).unwrap_or_default();
            let hint = Some("use a name such as `Europe/Berlin`, or an offset".to_owned());
            findings.hinted(&TIME_ZONE, node, format!("`{name}` is no time zone"), hint);
        }
        "required"
            if node.items().is_empty()
                || !node.items().iter().all(|item| item.as_str().is_some()) =>
        {
            let message = "`required` of an object is a list of its properties";
            findings.at(&OPTION_VALUE, node, message);
        }
        _ => {}
    }
}

fn exclusive(findings: &mut Findings<'_>, (options, member): (&Node, &Member), kind: &Kind) {
    let key = member.key.as_str();
    let plain = if key == "exclusiveMinimum" {
        "minimum"
    } else {
        "maximum"
    };
    let flag = matches!(member.value.value, Value::Bool(_));
    match (findings.contract.api(), flag) {
        (Api::V30, true) => {
            if options.get(plain).is_none() {
                let message = format!("`{key}` says how `{plain}` is meant, which is not there");
                findings.key(&OPTION_VALUE, (options, key), message, None);
            }
        }
        (_, true) => {
            let value = options.text(plain).map(Cow::into_owned);
            let hint = value.map(|value| format!("write `{key}: {value}` in place of `{plain}`"));
            let message = format!("`{key}` is the bound itself from 3.1 on, not a flag");
            findings.hinted(&EXCLUSIVE_FLAG, &member.value, message, hint);
        }
        (api, false) => {
            if api == Api::V30 {
                let message = format!("`{key}` is a flag in 3.0; the bound is taken all the same");
                let hint = Some("set `apiVersion: v3.1.0`".to_owned());
                findings.hinted(&EXCLUSIVE_BOUND, &member.value, message, hint);
            }
            bounded(findings, &member.value, kind);
        }
    }
}

fn bounded(findings: &mut Findings<'_>, node: &Node, kind: &Kind) {
    if let Err(reason) = bound(kind, node) {
        findings.at(&OPTION_VALUE, node, reason);
    }
}

/// Looks at a pattern.
pub(super) fn pattern(findings: &mut Findings<'_>, node: &Node, text: &str) {
    match translate(text, Engine::Rust) {
        Ok(_) => {}
        Err(
            error @ (PatternError::LookAround | PatternError::NoEdge | PatternError::BackReference),
        ) => {
            let hint = Some("on Databricks it works, and here it takes a slower search; a plain pattern is better".to_owned());
            findings.hinted(
                &PATTERN_ENGINE,
                node,
                format!("the pattern cannot be searched for in linear time: {error}"),
                hint,
            );
        }
        Err(error) => findings.at(&PATTERN, node, format!("the pattern is not valid: {error}")),
    }
}

fn format(findings: &mut Findings<'_>, node: &Node, kind: &Kind) {
    let Some(name) = as_text(node) else {
        return findings.at(&OPTION_VALUE, node, "`format` needs a text");
    };
    let of_text = |name: &str| Format::named(name).is_some_and(|format| format.range().is_none());
    let of_number = |name: &str| Format::named(name).is_some_and(|format| format.range().is_some());
    let (known, all): (bool, Vec<&str>) = match kind {
        Kind::Date { .. } | Kind::Time { .. } | Kind::Timestamp { .. } => return,
        // A format of times that cannot be read leaves the kind open.
        Kind::Any => {
            if let Err(error) = TimePattern::parse(&name)
                && Format::named(&name).is_none()
            {
                let message = format!("`{name}` is no pattern of times: {error}");
                let hint = Some(
                    "such as `yyyy-MM-dd HH:mm:ss`, with other letters in single quotes".to_owned(),
                );
                findings.hinted(&TIME_FORMAT, node, message, hint);
            }
            return;
        }
        Kind::String => {
            let all = Format::ALL
                .map(|(name, _)| name)
                .into_iter()
                .filter(|name| of_text(name));
            let known = of_text(&name) || matches!(name.as_ref(), "password" | "binary");
            (known, all.collect())
        }
        _ => {
            let all = Format::ALL
                .map(|(name, _)| name)
                .into_iter()
                .filter(|name| of_number(name));
            (
                of_number(&name) || matches!(name.as_ref(), "f32" | "f64"),
                all.collect(),
            )
        }
    };
    if !known {
        let hint = nearest(&name, all.iter().copied()).map_or_else(
            || format!("known are {}", all.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!(
            "`{name}` is no format of {}, and is not checked",
            kind.plural()
        );
        findings.hinted(&UNKNOWN_FORMAT, node, message, Some(hint));
    }
}

/// Whether anything is between the bounds.
fn ranges(findings: &mut Findings<'_>, options: &Node, kind: &Kind) {
    for (low, high) in [
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ] {
        let ends = options.integer(low).zip(options.integer(high));
        if let Some((least, most)) = ends
            && least > most
        {
            let message = format!("`{low}` {least} is more than `{high}` {most}");
            findings.key(&EMPTY_RANGE, (options, low), message, None);
        }
    }
    let lows = ["minimum", "exclusiveMinimum"];
    let highs = ["maximum", "exclusiveMaximum"];
    for low in lows {
        for high in highs {
            range(findings, options, kind, (low, high));
        }
    }
}

fn range(findings: &mut Findings<'_>, options: &Node, kind: &Kind, (low, high): (&str, &str)) {
    let value = |key: &str| {
        let node = options
            .get(key)
            .filter(|node| !matches!(node.value, Value::Bool(_)))?;
        bound(kind, node).ok()
    };
    let Some((least, most)) = value(low).zip(value(high)) else {
        return;
    };
    let open = low.starts_with("exclusive") || high.starts_with("exclusive");
    let empty = match order(&least, &most) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => open,
        _ => false,
    };
    if empty {
        let (least, most) = (crate::text::listed(&least), crate::text::listed(&most));
        let message = format!("no value is both within `{low}` {least} and `{high}` {most}");
        findings.key(&EMPTY_RANGE, (options, low), message, None);
    }
}
