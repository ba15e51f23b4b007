//! JSON as XML and XML as JSON: `@name` is an attribute, `#text` the text, arrays repeat an element.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::{Document, MAX_DEPTH, Name, NodeId, NodeKind};
use crate::text::{compact_json, number_text};

/// Makes a document of an object with one root property.
pub(crate) fn from_json(object: &Map<String, Value>) -> Result<Document, String> {
    let mut document = Document::new();
    let mut nothing = false;
    for (key, value) in object {
        if key == "?xml" {
            let id = document.add(0, NodeKind::Declaration);
            attributes(&mut document, id, value)?;
        } else if document.outermost().is_some() {
            return Err("the object must have one root property, not several".to_owned());
        } else if key.starts_with(['@', '#']) {
            return Err(format!("the root property must not be `{key}`"));
        } else if value.as_array().is_some_and(|items| items.len() > 1) {
            return Err("the root property must not be an array of several".to_owned());
        } else if value.as_array().is_some_and(Vec::is_empty) {
            nothing = true;
        } else {
            element(&mut document, 0, key, value, 0)?;
        }
    }
    if document.outermost().is_none() && !nothing {
        return Err("the object must have a root property".to_owned());
    }
    Ok(document)
}

fn attributes(document: &mut Document, id: NodeId, value: &Value) -> Result<(), String> {
    let Value::Object(object) = value else {
        return Ok(());
    };
    for (key, value) in object {
        if let Some(name) = key.strip_prefix('@') {
            if value.is_array() || value.is_object() {
                return Err(format!("the attribute `{name}` must have a single value"));
            }
            let name = Name::split(&encoded_name(name)?);
            let value = scalar(value);
            document.add(id, NodeKind::Attribute { name, value });
        }
    }
    Ok(())
}

fn element(
    document: &mut Document,
    parent: NodeId,
    key: &str,
    value: &Value,
    depth: usize,
) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err("the object is nested too deeply".to_owned());
    }
    if let Value::Array(items) = value {
        return items.iter().try_for_each(|item| {
            if !item.is_array() {
                return element(document, parent, key, item, depth + 1);
            }
            // An array in an array gets an element of its own around it.
            let name = Name::split(&encoded_name(key)?);
            let closed = true;
            let id = document.add(parent, NodeKind::Element { name, closed });
            document.drop_undeclared(id);
            document.resolve_names(id)?;
            element(document, id, key, item, depth + 1)
        });
    }
    let name = Name::split(&encoded_name(key)?);
    // Writing looks at it only when nothing stands inside.
    let closed = true;
    let id = document.add(parent, NodeKind::Element { name, closed });
    attributes(document, id, value)?;
    document.drop_undeclared(id);
    document.resolve_names(id)?;
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, value) in object {
                child(document, id, key, value, depth)?;
            }
        }
        scalar_value => {
            document.add(id, NodeKind::Text(scalar(scalar_value)));
        }
    }
    Ok(())
}

fn child(
    document: &mut Document,
    id: NodeId,
    key: &str,
    value: &Value,
    depth: usize,
) -> Result<(), String> {
    match key {
        _ if key.starts_with('@') => {}
        "#text" | "#cdata-section" => {
            let texts = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            for text in texts.iter().map(scalar) {
                let kind = match key {
                    "#text" => NodeKind::Text(text),
                    _ => NodeKind::CData(text),
                };
                document.add(id, kind);
            }
        }
        _ => element(document, id, key, value, depth + 1)?,
    }
    Ok(())
}

/// A value as XML writes it: `true`, not `True`.
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number_text(number),
        Value::String(text) => text.clone(),
        other => compact_json(other),
    }
}

/// A valid XML name: other characters are written as `_xHHHH_`.
fn encoded_name(name: &str) -> Result<String, String> {
    if name.is_empty() {
        return Err("a property without a name cannot become an element".to_owned());
    }
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        let starts = c.is_alphabetic() || c == '_' || (c == ':' && i > 0);
        if starts || (i > 0 && (c.is_numeric() || matches!(c, '-' | '.'))) {
            out.push(c);
        } else {
            let _ = write!(out, "_x{:04X}_", u32::from(c));
        }
    }
    Ok(out)
}

/// The undoing of [`encoded_name`].
fn decoded_name(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let escape = from.get(2..7).and_then(|escape| escape.strip_suffix('_'));
        let decoded = escape
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        match decoded {
            Some(c) => {
                out.push(c);
                rest = &from[7..];
            }
            None => {
                out.push_str("_x");
                rest = &from[2..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The document as an object; comments are left out.
pub(crate) fn to_json(document: &Document) -> Value {
    let mut object = Map::new();
    for id in &document.nodes[0].children {
        insert(document, *id, &mut object);
    }
    Value::Object(object)
}

fn insert(document: &Document, id: NodeId, object: &mut Map<String, Value>) {
    let (key, value) = match document.kind(id) {
        NodeKind::Declaration => (
            "?xml".to_owned(),
            Value::Object(attribute_map(document, id)),
        ),
        NodeKind::DocType => (
            "!DOCTYPE".to_owned(),
            Value::Object(attribute_map(document, id)),
        ),
        NodeKind::Element { name, .. } => {
            (decoded_name(&name.qualified()), element_value(document, id))
        }
        NodeKind::Text(text) => ("#text".to_owned(), Value::from(text.as_str())),
        NodeKind::CData(text) => ("#cdata-section".to_owned(), Value::from(text.as_str())),
        NodeKind::Instruction { target, content } => {
            (format!("?{target}"), Value::from(content.as_str()))
        }
        NodeKind::Root | NodeKind::Attribute { .. } | NodeKind::Comment(_) => return,
    };
    match object.get_mut(&key) {
        None => {
            object.insert(key, value);
        }
        // The value of one element is never an array, so an array stands for several.
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn attribute_map(document: &Document, id: NodeId) -> Map<String, Value> {
    let attributes = document.nodes[id].attributes.iter();
    let pairs = attributes.filter_map(|attribute| match document.kind(*attribute) {
        NodeKind::Attribute { name, value } => Some((
            format!("@{}", decoded_name(&name.qualified())),
            Value::from(value.as_str()),
        )),
        _ => None,
    });
    pairs.collect()
}

fn element_value(document: &Document, id: NodeId) -> Value {
    let node = &document.nodes[id];
    let mut object = attribute_map(document, id);
    if object.is_empty() {
        if let [only] = node.children[..]
            && let NodeKind::Text(text) = document.kind(only)
        {
            return Value::from(text.as_str());
        }
        if node.children.is_empty() {
            let closed = matches!(node.kind, NodeKind::Element { closed: true, .. });
            return if closed { Value::Null } else { Value::from("") };
        }
    }
    for child in &node.children {
        insert(document, *child, &mut object);
    }
    Value::Object(object)
}
