//! The picture for Graphviz.

use std::fmt::Write as _;

use super::{Picture, Shape};

impl Picture {
    /// A DOT graph.
    #[must_use]
    pub fn dot(&self) -> String {
        let frames = self.frames();
        let contents = self.contents();
        let mut text = format!("digraph {} {{\n", quoted(&self.title));
        text.push_str(HEAD);
        let top = contents.last().into_iter().flatten();
        let mut open: Vec<_> = top.rev().map(|at| (Some(*at), 1)).collect();
        while let Some((at, depth)) = open.pop() {
            let indent = "  ".repeat(depth);
            let Some(at) = at else {
                let _ = writeln!(text, "{indent}}}");
                continue;
            };
            let shape = &self.shapes[at];
            let (fill, line) = colours(shape);
            let label = quoted(&lines(shape));
            if frames[at] {
                let _ = writeln!(text, "{indent}subgraph cluster_{at} {{");
                let _ = writeln!(
                    text,
                    "{indent}  label={label}; color=\"{line}\"; style=\"rounded\";"
                );
                open.push((None, depth));
                open.extend(
                    contents[at]
                        .iter()
                        .rev()
                        .map(|inner| (Some(*inner), depth + 1)),
                );
            } else {
                let dash = if shape.mark.is_dashed() {
                    ",dashed"
                } else {
                    ""
                };
                let _ = writeln!(
                    text,
                    "{indent}n{at} [label={label}, color=\"{line}\", fillcolor=\"{fill}\", style=\"rounded,filled{dash}\"];"
                );
            }
        }
        for arrow in &self.arrows {
            let mut manner = vec![format!("color=\"{}\"", arrow.stroke.colour())];
            if arrow.stroke.is_dashed() {
                manner.push("style=dashed".to_owned());
            }
            if !arrow.label.is_empty() {
                manner.push(format!("label={}", quoted(&arrow.label)));
            }
            // Graphviz leads arrows to boxes only, and cuts them off at the frame.
            if frames[arrow.from] {
                manner.push(format!("ltail=cluster_{}", arrow.from));
            }
            if frames[arrow.to] {
                manner.push(format!("lhead=cluster_{}", arrow.to));
            }
            let (from, to) = (inmost(&contents, arrow.from), inmost(&contents, arrow.to));
            let _ = writeln!(text, "  n{from} -> n{to} [{}];", manner.join(", "));
        }
        text.push_str("}\n");
        text
    }
}

const HEAD: &str = "  rankdir=LR;\n  compound=true;\n  node [shape=box, fontname=\"Helvetica,Arial,sans-serif\", fontsize=11];\n  \
    edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=9];\n  graph [fontname=\"Helvetica,Arial,sans-serif\", fontsize=11];\n";

/// A box within a frame, however deep.
fn inmost(contents: &[Vec<usize>], frame: usize) -> usize {
    let mut at = frame;
    while let Some(inner) = contents[at].first() {
        at = *inner;
    }
    at
}

fn colours(shape: &Shape) -> (&'static str, &'static str) {
    shape
        .mark
        .colours()
        .unwrap_or(("#ffffff", shape.class.colour()))
}

fn lines(shape: &Shape) -> String {
    match shape.detail.as_str() {
        "" => shape.label.clone(),
        detail => format!("{}\n{detail}", shape.label),
    }
}

/// A quoted string. In a label Graphviz reads escapes beyond those of strings, such as `\N`, so a backslash is doubled.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n"))
}
