//! The picture for Mermaid, which draws it in Markdown.

use std::fmt::Write as _;

use adf_model::Kind;

use super::{Class, Mark, Picture, Shape, Stroke};
use crate::ExternalKind;

impl Picture {
    /// A Mermaid flowchart. Text of documents stands in quotes, with every character written as its number that could mean
    /// something to Mermaid, HTML or Markdown.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let frames = self.frames();
        let contents = self.contents();
        let mut text = String::from("flowchart LR\n");
        // A stack instead of recursion: what is open, and `None` where a frame ends.
        let top = contents.last().into_iter().flatten();
        let mut open: Vec<_> = top.rev().map(|at| (Some(*at), 1)).collect();
        while let Some((at, depth)) = open.pop() {
            let indent = "  ".repeat(depth);
            let Some(at) = at else {
                let _ = writeln!(text, "{indent}end");
                continue;
            };
            let shape = &self.shapes[at];
            if frames[at] {
                let _ = writeln!(text, "{indent}subgraph n{at}[{}]", quoted(&title(shape)));
                let _ = writeln!(text, "{indent}  direction LR");
                open.push((None, depth));
                open.extend(
                    contents[at]
                        .iter()
                        .rev()
                        .map(|inner| (Some(*inner), depth + 1)),
                );
            } else {
                let _ = writeln!(text, "{indent}n{at}{}:::{}", outline(shape), style(shape));
            }
        }
        for arrow in &self.arrows {
            let line = if arrow.stroke.is_dashed() {
                "-.->"
            } else {
                "-->"
            };
            let label = match arrow.label.as_str() {
                "" => String::new(),
                label => format!("|{}|", quoted(label)),
            };
            let _ = writeln!(text, "  n{} {line}{label} n{}", arrow.from, arrow.to);
        }
        self.styles(&frames, &mut text);
        text
    }

    fn styles(&self, frames: &[bool], text: &mut String) {
        for class in self.classes() {
            let _ = writeln!(
                text,
                "  classDef {} fill:#fff,stroke:{},stroke-width:2px,color:#0f172a",
                class.identifier(),
                class.colour()
            );
        }
        for mark in self.marks() {
            if let Some((fill, line)) = mark.colours() {
                let dash = if mark.is_dashed() {
                    ",stroke-dasharray:5 3"
                } else {
                    ""
                };
                let _ = writeln!(
                    text,
                    "  classDef {} fill:{fill},stroke:{line},stroke-width:2px,color:#0f172a{dash}",
                    identifier(mark)
                );
            }
        }
        for (at, shape) in self.shapes.iter().enumerate().filter(|(at, _)| frames[*at]) {
            let _ = writeln!(text, "  class n{at} {}", style(shape));
        }
        let mut strokes: Vec<_> = self.arrows.iter().map(|arrow| arrow.stroke).collect();
        strokes.sort_unstable();
        strokes.dedup();
        for stroke in strokes
            .into_iter()
            .filter(|stroke| *stroke != Stroke::Plain)
        {
            let arrows = self.arrows.iter().enumerate();
            let numbers: Vec<_> = arrows
                .filter(|(_, arrow)| arrow.stroke == stroke)
                .map(|(at, _)| at.to_string())
                .collect();
            let _ = writeln!(
                text,
                "  linkStyle {} stroke:{}",
                numbers.join(","),
                stroke.colour()
            );
        }
    }
}

fn style(shape: &Shape) -> String {
    match shape.mark {
        Mark::Plain => shape.class.identifier(),
        mark => identifier(mark),
    }
}

fn identifier(mark: Mark) -> String {
    let name = mark.name();
    format!("is{}{}", name[..1].to_ascii_uppercase(), &name[1..])
}

fn title(shape: &Shape) -> String {
    match (shape.label.as_str(), shape.detail.as_str()) {
        (label, "") => label.to_owned(),
        (label, detail) => format!("{label} · {detail}"),
    }
}

/// The label in the outline of its kind.
fn outline(shape: &Shape) -> String {
    let mut label = encoded(&shape.label);
    if !shape.detail.is_empty() {
        label.push_str("<br/><small>");
        label.push_str(&encoded(&shape.detail));
        label.push_str("</small>");
    }
    let label = format!("\"{label}\"");
    match shape.class {
        Class::Resource(Kind::Trigger) => format!("{{{{{label}}}}}"),
        Class::Resource(Kind::Pipeline) => format!("([{label}])"),
        Class::Resource(Kind::Dataset) => format!("[({label})]"),
        Class::Resource(Kind::DataFlow) => format!("[[{label}]]"),
        Class::Resource(Kind::LinkedService) => format!("[/{label}/]"),
        Class::External(ExternalKind::Notebook | ExternalKind::PythonFile) => {
            format!("[[{label}]]")
        }
        Class::External(_) => format!("([{label}])"),
        _ => format!("[{label}]"),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", encoded(text))
}

/// Letters, digits, blanks and a few harmless marks as they are, everything else as its number. Mermaid reads labels as Markdown, so
/// what begins a list or emphasis is no harmless mark.
fn encoded(text: &str) -> String {
    if text.is_empty() {
        return " ".to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let within =
            before.is_alphabetic() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        match character {
            ' ' | ',' | '/' | '…' | '·' => kept.push(character),
            '_' | '-' | '.' if within => kept.push(character),
            other if other.is_alphanumeric() => kept.push(other),
            other => {
                let _ = write!(kept, "#{};", u32::from(other));
            }
        }
        before = character;
    }
    kept
}
