//! The keys of a schema, as rows of a table.

use std::fmt::Write as _;

use serde_json::Value;

use super::cell;

/// The keys of a schema, those of one level before those of the next.
pub(super) fn settings(root: &Value, schema: &Value, at: &str, depth: usize, body: &mut String) {
    let schema = resolved(root, schema);
    if depth == 0 {
        return;
    }
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        let place = match at {
            "" => key.clone(),
            at => format!("{at}.{key}"),
        };
        let target = resolved(root, below);
        let text = below["description"]
            .as_str()
            .or(target["description"].as_str());
        let needed = schema["required"]
            .as_array()
            .is_some_and(|all| all.contains(&Value::from(key.as_str())));
        let kind = format!(
            "{}{}",
            kind(root, target),
            if needed { ", needed" } else { "" }
        );
        writeln!(
            body,
            "| `{place}` | {} | {} |",
            cell(&kind),
            cell(text.unwrap_or_default())
        )
        .unwrap();
        settings(root, below, &place, depth - 1, body);
    }
    let others = &schema["additionalProperties"];
    if others.is_object() {
        settings(root, others, &format!("{at}.NAME"), depth - 1, body);
    }
    if schema["items"].is_object() {
        settings(root, &schema["items"], &format!("{at}[]"), depth - 1, body);
    }
}

fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// What a value is, in a word.
fn kind(root: &Value, schema: &Value) -> String {
    let choices = schema["oneOf"].as_array().or(schema["enum"].as_array());
    if let Some(choices) = choices {
        let word = |choice: &Value| match choice.get("const").unwrap_or(choice) {
            Value::String(text) => Some(format!("`{text}`")),
            Value::Bool(value) => Some(format!("`{value}`")),
            _ => None,
        };
        let words: Vec<_> = choices.iter().filter_map(word).collect();
        if !words.is_empty() {
            return words.join(" or ");
        }
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", kind(root, resolved(root, &schema["items"]))),
        Some("object") if schema["additionalProperties"].is_object() => {
            "mapping by name".to_owned()
        }
        Some("object") => "mapping".to_owned(),
        Some("string") => "text".to_owned(),
        Some("integer") => "number".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some(other) => other.to_owned(),
        None => "any value".to_owned(),
    }
}
