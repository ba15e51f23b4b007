//! The core function library of XPath 1.0.

use super::eval::{Context, boolean, count, nodes};
use super::{Expr, Outcome};
use crate::xml::NodeKind;

pub(super) fn call(context: &Context<'_>, name: &str, args: &[Expr]) -> Result<Outcome, String> {
    let (min, max) = arity(name).ok_or_else(|| format!("there is no function `{name}`"))?;
    if args.len() < min || args.len() > max {
        return Err(format!("the number of arguments of `{name}` is wrong"));
    }
    let values: Vec<Outcome> = args
        .iter()
        .map(|arg| context.eval(arg))
        .collect::<Result<_, _>>()?;
    match name {
        "count" | "sum" | "local-name" | "namespace-uri" | "name" => {
            node_function(context, name, &values)
        }
        "number" | "floor" | "ceiling" | "round" | "last" | "position" => {
            Ok(numeric(context, name, &values))
        }
        "boolean" | "not" | "true" | "false" | "lang" => {
            Ok(Outcome::Boolean(logical(context, name, &values)))
        }
        _ => Ok(textual(context, name, &values)),
    }
}

fn arity(name: &str) -> Option<(usize, usize)> {
    Some(match name {
        "last" | "position" | "true" | "false" => (0, 0),
        "count" | "sum" | "boolean" | "not" | "floor" | "ceiling" | "round" | "lang" => (1, 1),
        "local-name" | "namespace-uri" | "name" | "string" | "string-length"
        | "normalize-space" | "number" => (0, 1),
        "starts-with" | "contains" | "substring-before" | "substring-after" => (2, 2),
        "substring" => (2, 3),
        "translate" => (3, 3),
        "concat" => (2, usize::MAX),
        _ => return None,
    })
}

fn node_function(
    context: &Context<'_>,
    function: &str,
    values: &[Outcome],
) -> Result<Outcome, String> {
    let given = values
        .first()
        .cloned()
        .unwrap_or_else(|| Outcome::Nodes(vec![context.node]));
    let nodes = nodes(given)?;
    let name = nodes.first().and_then(|node| context.document.name(*node));
    Ok(match function {
        "count" => Outcome::Number(count(nodes.len())),
        "sum" => {
            let numbers = nodes
                .iter()
                .map(|node| context.number(&Outcome::Nodes(vec![*node])));
            Outcome::Number(numbers.fold(0.0, |sum, number| sum + number))
        }
        "local-name" => Outcome::Text(name.map(|name| name.local.clone()).unwrap_or_default()),
        "namespace-uri" => {
            Outcome::Text(name.map(|name| name.namespace.clone()).unwrap_or_default())
        }
        _ => match nodes.first().map(|node| context.document.kind(*node)) {
            Some(NodeKind::Instruction { target, .. }) => Outcome::Text(target.clone()),
            _ => Outcome::Text(name.map(crate::xml::Name::qualified).unwrap_or_default()),
        },
    })
}

fn numeric(context: &Context<'_>, function: &str, values: &[Outcome]) -> Outcome {
    let number = || {
        values.first().map_or_else(
            || context.number(&itself(context)),
            |value| context.number(value),
        )
    };
    Outcome::Number(match function {
        "last" => count(context.size),
        "position" => count(context.position),
        "floor" => number().floor(),
        "ceiling" => number().ceil(),
        "round" => (number() + 0.5).floor(),
        _ => number(),
    })
}

fn itself(context: &Context<'_>) -> Outcome {
    Outcome::Nodes(vec![context.node])
}

fn logical(context: &Context<'_>, function: &str, values: &[Outcome]) -> bool {
    match (function, values.first()) {
        ("true", _) => true,
        ("boolean", Some(value)) => boolean(value),
        ("not", Some(value)) => !boolean(value),
        ("lang", Some(value)) => speaks(context, &context.text(value)),
        _ => false,
    }
}

/// Whether the nearest `xml:lang` is the language or a dialect of it.
fn speaks(context: &Context<'_>, wanted: &str) -> bool {
    let document = context.document;
    let mut current = Some(context.node);
    while let Some(id) = current {
        for attribute in &document.nodes[id].attributes {
            if let NodeKind::Attribute { name, value } = document.kind(*attribute)
                && name.qualified() == "xml:lang"
            {
                let (value, wanted) = (value.to_lowercase(), wanted.to_lowercase());
                return value == wanted || value.starts_with(&format!("{wanted}-"));
            }
        }
        current = document.nodes[id].parent;
    }
    false
}

fn textual(context: &Context<'_>, function: &str, values: &[Outcome]) -> Outcome {
    let text = |i: usize| {
        values.get(i).map_or_else(
            || context.text(&itself(context)),
            |value| context.text(value),
        )
    };
    let first = text(0);
    Outcome::Text(match function {
        "string-length" => return Outcome::Number(count(first.chars().count())),
        "starts-with" => return Outcome::Boolean(first.starts_with(&text(1))),
        "contains" => return Outcome::Boolean(first.contains(&text(1))),
        "concat" => values.iter().map(|value| context.text(value)).collect(),
        "substring-before" => first
            .split_once(&text(1))
            .map(|(before, _)| before.to_owned())
            .unwrap_or_default(),
        "substring-after" => first
            .split_once(&text(1))
            .map(|(_, after)| after.to_owned())
            .unwrap_or_default(),
        "substring" => {
            let start = (context.number(&values[1]) + 0.5).floor();
            let end = values.get(2).map_or(f64::INFINITY, |length| {
                start + (context.number(length) + 0.5).floor()
            });
            let inside = |i: usize| count(i + 1) >= start && count(i + 1) < end;
            first
                .chars()
                .enumerate()
                .filter(|(i, _)| inside(*i))
                .map(|(_, c)| c)
                .collect()
        }
        "normalize-space" => first.split_whitespace().collect::<Vec<_>>().join(" "),
        "translate" => translated(&first, &text(1), &text(2)),
        _ => first,
    })
}

fn translated(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    let translate = |c: char| match from.chars().position(|known| known == c) {
        None => Some(c),
        Some(position) => to.get(position).copied(),
    };
    text.chars().filter_map(translate).collect()
}
