//! Writes XML as .NET does: no line breaks added, empty elements as `<a />`.

use super::{Document, Name, NodeId, NodeKind};

/// The whole document.
pub(crate) fn write(document: &Document) -> String {
    let mut out = String::new();
    for child in &document.nodes[0].children {
        write_node(document, *child, &[], &mut out);
    }
    out
}

/// One element by itself, with the namespaces declared that it needs.
pub(crate) fn write_element(document: &Document, element: NodeId) -> String {
    let mut missing = Vec::new();
    collect_undeclared(document, element, element, &mut missing);
    let mut out = String::new();
    write_node(document, element, &missing, &mut out);
    out
}

/// `name="value"`
pub(crate) fn attribute_text(name: &Name, value: &str) -> String {
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

fn write_node(document: &Document, id: NodeId, namespaces: &[(String, String)], out: &mut String) {
    match document.kind(id) {
        NodeKind::Root | NodeKind::Attribute { .. } => {}
        NodeKind::Declaration => {
            out.push_str("<?xml");
            write_attributes(document, id, out);
            out.push_str("?>");
        }
        NodeKind::Element { name, closed } => {
            let name = name.qualified();
            out.push('<');
            out.push_str(&name);
            write_attributes(document, id, out);
            for (prefix, namespace) in namespaces {
                let name = if prefix.is_empty() {
                    "xmlns".to_owned()
                } else {
                    format!("xmlns:{prefix}")
                };
                out.push_str(&format!(" {name}=\"{}\"", escaped(namespace, true)));
            }
            let children = &document.nodes[id].children;
            if children.is_empty() && *closed {
                out.push_str(" />");
                return;
            }
            out.push('>');
            for child in children {
                write_node(document, *child, &[], out);
            }
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
