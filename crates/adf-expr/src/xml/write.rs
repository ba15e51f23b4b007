//! Writes XML as .NET does: no line breaks added, empty elements as `<a />`.

use super::{Document, Name, NodeId, NodeKind};

/// The whole document.
pub(crate) fn write(document: &Document) -> String {
    let mut out = String::new();
    for child in &document.nodes[0].children {
        write_node(document, *child, &[], None, &mut out);
    }
    out
}

/// One element by itself, or all of the document but its declaration; with the namespaces declared that it needs, and
/// each element without text of its own on a line of its own, as .NET writes what an XPath selects.
pub(crate) fn write_indented(document: &Document, id: NodeId) -> String {
    let mut out = String::new();
    let parts = match document.kind(id) {
        NodeKind::Root => document.nodes[id].children.clone(),
        _ => vec![id],
    };
    for part in parts.into_iter().filter(|part| {
        let kind = document.kind(*part);
        !matches!(kind, NodeKind::Declaration | NodeKind::DocType)
    }) {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut missing = Vec::new();
        collect_undeclared(document, part, part, &mut missing);
        write_node(document, part, &missing, Some(0), &mut out);
    }
    out
}

/// `name="value"`
fn attribute_text(name: &Name, value: &str) -> String {
    format!("{}=\"{}\"", name.qualified(), escaped(value, true))
}

/// Prefixes used inside `top` but declared above it.
fn collect_undeclared(
    document: &Document,
    top: NodeId,
    id: NodeId,
    found: &mut Vec<(String, String)>,
) {
    let own = std::iter::once(id).chain(document.nodes[id].attributes.iter().copied());
    for name in own.filter_map(|id| document.name(id)) {
        let known = name.namespace.is_empty() || name.prefix == "xml";
        if known || found.iter().any(|(prefix, _)| *prefix == name.prefix) {
            continue;
        }
        if !declared_within(document, top, id, &name.prefix) {
            found.push((name.prefix.clone(), name.namespace.clone()));
        }
    }
    for child in &document.nodes[id].children {
        collect_undeclared(document, top, *child, found);
    }
}

fn declared_within(document: &Document, top: NodeId, id: NodeId, prefix: &str) -> bool {
    let mut current = id;
    loop {
        let attributes = &document.nodes[current].attributes;
        if attributes
            .iter()
            .filter_map(|id| document.name(*id))
            .any(|name| name.declares() == Some(prefix))
        {
            return true;
        }
        match document.nodes[current].parent {
            Some(parent) if current != top => current = parent,
            _ => return false,
        }
    }
}

/// With a depth, children stand on lines of their own, until there is text between them.
fn write_node(
    document: &Document,
    id: NodeId,
    namespaces: &[(String, String)],
    depth: Option<usize>,
    out: &mut String,
) {
    match document.kind(id) {
        NodeKind::Root | NodeKind::Attribute { .. } => {}
        NodeKind::Declaration => {
            out.push_str("<?xml");
            write_attributes(document, id, out);
            out.push_str("?>");
        }
        NodeKind::DocType => write_doctype(document, id, out),
        NodeKind::Element { name, closed } => {
            let name = name.qualified();
            out.push('<');
            out.push_str(&name);
            write_attributes(document, id, out);
            for (prefix, namespace) in namespaces {
                let colon = if prefix.is_empty() { "" } else { ":" };
                out.push_str(&format!(
                    " xmlns{colon}{prefix}=\"{}\"",
                    escaped(namespace, true)
                ));
            }
            if document.nodes[id].children.is_empty() && *closed {
                out.push_str(" />");
                return;
            }
            out.push('>');
            write_children(document, id, depth, out);
            out.push_str(&format!("</{name}>"));
        }
        NodeKind::Text(text) => out.push_str(&escaped(text, false)),
        NodeKind::CData(text) => out.push_str(&format!("<![CDATA[{text}]]>")),
        NodeKind::Comment(text) => out.push_str(&format!("<!--{text}-->")),
        NodeKind::Instruction { target, content } => {
            out.push_str(&format!("<?{target} {content}?>"));
        }
    }
}

fn write_doctype(document: &Document, id: NodeId, out: &mut String) {
    let attributes = document.nodes[id].attributes.iter();
    let mut values = attributes.filter_map(|id| match document.kind(*id) {
        NodeKind::Attribute { value, .. } => Some(value.as_str()),
        _ => None,
    });
    let name = values.next().unwrap_or_default();
    let identifiers = match (values.next(), values.next()) {
        (Some(public), Some(system)) => format!(" PUBLIC \"{public}\" \"{system}\""),
        (Some(system), None) => format!(" SYSTEM \"{system}\""),
        _ => String::new(),
    };
    out.push_str(&format!("<!DOCTYPE {name}{identifiers}[]>"));
}

fn write_children(document: &Document, id: NodeId, mut depth: Option<usize>, out: &mut String) {
    let children = &document.nodes[id].children;
    for child in children {
        if matches!(
            document.kind(*child),
            NodeKind::Text(_) | NodeKind::CData(_)
        ) {
            depth = None;
        }
        if let Some(depth) = depth {
            out.push('\n');
            out.push_str(&"  ".repeat(depth + 1));
        }
        write_node(document, *child, &[], depth.map(|depth| depth + 1), out);
    }
    if let Some(depth) = depth.filter(|_| !children.is_empty()) {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
}

fn write_attributes(document: &Document, id: NodeId, out: &mut String) {
    for attribute in &document.nodes[id].attributes {
        if let NodeKind::Attribute { name, value } = document.kind(*attribute) {
            out.push(' ');
            out.push_str(&attribute_text(name, value));
        }
    }
}

fn escaped(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#xA;"),
            '\r' if attribute => out.push_str("&#xD;"),
            '\t' if attribute => out.push_str("&#x9;"),
            c => out.push(c),
        }
    }
    out
}
