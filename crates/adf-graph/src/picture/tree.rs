//! The picture as text, for where nothing draws.

use std::collections::BTreeSet;

use super::{Mark, Picture, Shape, Stroke};

/// What is still to be written: a box, the arrow that leads to it, and what stands before it.
struct Next {
    shape: usize,
    stroke: Option<Stroke>,
    indent: String,
    is_last: bool,
}

impl Picture {
    /// Each box with what it leads to below it. A line begins as in a difference: `+` is added, `-` removed, `!` changed.
    #[must_use]
    pub fn tree(&self) -> String {
        let has_arrow: BTreeSet<_> = self.arrows.iter().map(|arrow| arrow.to).collect();
        let (roots, others): (Vec<_>, Vec<_>) =
            (0..self.shapes.len()).partition(|at| !has_arrow.contains(at));
        let (mut text, mut seen) = (String::new(), BTreeSet::new());
        // In a circle everything has an arrow: what no root has led to begins a tree too.
        for root in roots.into_iter().chain(others) {
            if !seen.contains(&root) {
                self.branch(root, &mut seen, &mut text);
            }
        }
        text
    }

    fn branch(&self, root: usize, seen: &mut BTreeSet<usize>, text: &mut String) {
        let mut open = vec![Next {
            shape: root,
            stroke: None,
            indent: String::new(),
            is_last: true,
        }];
        while let Some(next) = open.pop() {
            let shape = &self.shapes[next.shape];
            let (bend, below) = match (next.stroke, next.is_last) {
                (None, _) => ("", ""),
                (Some(_), true) => ("└─ ", "   "),
                (Some(_), false) => ("├─ ", "│  "),
            };
            let arrows = self.arrows.iter().filter(|it| it.from == next.shape);
            let arrows: Vec<_> = arrows.collect();
            let is_new = seen.insert(next.shape);
            let more = match is_new || arrows.is_empty() {
                true => "",
                false => " …",
            };
            let (sign, indent) = (sign(shape, next.stroke), &next.indent);
            text.push_str(&format!("{sign} {indent}{bend}{}{more}\n", told(shape)));
            if is_new {
                let indent = format!("{indent}{below}");
                let count = arrows.len();
                let inner = arrows.into_iter().enumerate().map(|(at, arrow)| Next {
                    shape: arrow.to,
                    stroke: Some(arrow.stroke),
                    indent: indent.clone(),
                    is_last: at + 1 == count,
                });
                open.extend(inner.rev());
            }
        }
    }
}

fn sign(shape: &Shape, stroke: Option<Stroke>) -> char {
    match (stroke, shape.mark) {
        (Some(Stroke::Added), _) => '+',
        (Some(Stroke::Removed), _) => '-',
        (_, Mark::Added) => '+',
        (_, Mark::Removed) => '-',
        (_, Mark::Changed) => '!',
        _ => ' ',
    }
}

fn told(shape: &Shape) -> String {
    let name = match shape.detail.is_empty() {
        true => shape.label.clone(),
        false => format!("{} {}", shape.detail, shape.label),
    };
    match shape.mark {
        Mark::Missing => format!("{name} (does not exist)"),
        Mark::Inactive => format!("{name} (switched off)"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Arrow, Class};
    use super::*;

    fn picture(names: &[(&str, Mark)], arrows: &[(usize, usize, Stroke)]) -> Picture {
        let shapes = names.iter().map(|(name, mark)| Shape {
            mark: *mark,
            ..Shape::new(name, "dataset", Class::of_activity("Copy"))
        });
        let arrows = arrows.iter().map(|(from, to, stroke)| Arrow {
            from: *from,
            to: *to,
            stroke: *stroke,
            label: String::new(),
        });
        Picture {
            shapes: shapes.collect(),
            arrows: arrows.collect(),
            ..Picture::default()
        }
    }

    #[test]
    fn each_box_stands_above_what_it_leads_to_and_is_opened_once() {
        let drawn = picture(
            &[
                ("a", Mark::Changed),
                ("b", Mark::Plain),
                ("c", Mark::Added),
                ("d", Mark::Missing),
                ("e", Mark::Plain),
            ],
            &[
                (0, 1, Stroke::Plain),
                (0, 2, Stroke::Added),
                (1, 2, Stroke::Removed),
                (2, 3, Stroke::Plain),
                (4, 2, Stroke::Plain),
            ],
        );

        assert_eq!(
            drawn.tree(),
            "! dataset a
  ├─ dataset b
- │  └─ dataset c
  │     └─ dataset d (does not exist)
+ └─ dataset c …
  dataset e
+ └─ dataset c …
"
        );
    }

    #[test]
    fn a_circle_ends() {
        let circle = [(0, 1, Stroke::Circle), (1, 0, Stroke::Circle)];
        let drawn = picture(&[("a", Mark::Plain), ("b", Mark::Plain)], &circle);

        assert_eq!(
            drawn.tree(),
            "  dataset a\n  └─ dataset b\n     └─ dataset a …\n"
        );
    }
}
