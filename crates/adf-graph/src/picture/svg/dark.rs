//! The colours for those who prefer dark pages.
//!
//! Each shape has its light colours as attributes, which every viewer knows; the style sheet says what they become in the dark.

use std::fmt::Write as _;

/// Light colours, and what they become.
const COLOURS: [(&str, &str); 25] = [
    // Page, frames and boxes.
    ("#ffffff", "#0f172a"),
    ("#f8fafc", "#1e293b"),
    ("#cbd5e1", "#475569"),
    // Text.
    ("#0f172a", "#f1f5f9"),
    ("#64748b", "#94a3b8"),
    ("#475569", "#cbd5e1"),
    ("#94a3b8", "#64748b"),
    ("#1e293b", "#e2e8f0"),
    // What is marked.
    ("#fff1f2", "#4c0519"),
    ("#f1f5f9", "#1e293b"),
    ("#dcfce7", "#052e16"),
    ("#fee2e2", "#450a0a"),
    ("#fef3c7", "#451a03"),
    // What lines, stripes and titles mean.
    ("#be123c", "#fb7185"),
    ("#b91c1c", "#f87171"),
    ("#15803d", "#4ade80"),
    ("#b45309", "#fbbf24"),
    ("#a16207", "#facc15"),
    ("#c2410c", "#fb923c"),
    ("#1d4ed8", "#60a5fa"),
    ("#0369a1", "#38bdf8"),
    ("#0e7490", "#22d3ee"),
    ("#0f766e", "#2dd4bf"),
    ("#7c3aed", "#a78bfa"),
    ("#be185d", "#f472b6"),
];

/// The rules of the style sheet.
pub(super) fn style() -> String {
    let mut style = String::from("@media (prefers-color-scheme:dark){\n");
    for property in ["fill", "stroke"] {
        for (light, dark) in COLOURS {
            let _ = write!(style, "[{property}=\"{light}\"]{{{property}:{dark}}}");
        }
        style.push('\n');
    }
    style.push_str("g > path:hover{stroke:#f1f5f9}\n}\n");
    style
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use adf_model::Kind;

    use super::super::super::{Arrow, Class, Mark, Picture, Shape, Stroke};
    use super::*;
    use crate::ExternalKind;

    /// A picture with boxes and frames of every class and mark.
    fn everything() -> Picture {
        let marks = [
            Mark::Plain,
            Mark::Missing,
            Mark::Inactive,
            Mark::Added,
            Mark::Removed,
            Mark::Changed,
        ];
        let resources = Kind::ALL.into_iter().chain([Kind::Factory]);
        let classes = resources.map(Class::Resource).chain([
            Class::External(ExternalKind::Notebook),
            Class::External(ExternalKind::MlPipeline),
            Class::Movement,
            Class::Compute,
            Class::Learning,
            Class::Control,
            Class::General,
            Class::Branch,
            Class::File,
        ]);
        let mut picture = Picture::default();
        for class in classes {
            for mark in marks {
                let mut shape = Shape::new("a", "b", class);
                shape.mark = mark;
                picture.shapes.push(shape);
            }
            // A frame around the last one.
            let frame = picture.shapes.len();
            picture.shapes.push(Shape::new("frame", "", class));
            let mut shape = Shape::new("a", "b", class);
            shape.within = Some(frame);
            picture.shapes.push(shape);
        }
        picture.arrows = arrows();
        picture
    }

    /// Arrows of every manner.
    fn arrows() -> Vec<Arrow> {
        let strokes = [
            Stroke::Plain,
            Stroke::Missing,
            Stroke::Circle,
            Stroke::Succeeded,
            Stroke::Failed,
            Stroke::Skipped,
            Stroke::Completed,
            Stroke::Several,
            Stroke::Added,
            Stroke::Removed,
        ];
        let arrow = |(at, stroke)| Arrow {
            from: at,
            to: at + 1,
            stroke,
            label: "label".to_owned(),
        };
        strokes.into_iter().enumerate().map(arrow).collect()
    }

    #[test]
    fn every_colour_of_a_picture_has_one_for_the_dark() {
        let known: HashSet<_> = COLOURS.iter().map(|(light, _)| *light).collect();

        let svg = everything().svg();

        let (_, drawn) = svg.split_once("</style>").unwrap();
        for property in ["fill=\"", "stroke=\""] {
            for (at, _) in drawn.match_indices(property) {
                let colour = &drawn[at + property.len()..][..7];
                assert!(
                    !colour.starts_with('#') || known.contains(colour),
                    "{colour}"
                );
            }
        }
    }
}
