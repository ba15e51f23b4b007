//! The picture as SVG: no scripts, no fonts or styles from elsewhere, titles for screen readers and pointers.

mod arrow;
mod legend;
mod placed;
mod shape;
mod text;

use std::fmt::Write as _;

use super::Picture;
use super::label::shortened;
use legend::Legend;
use placed::Placed;
use text::{escaped, text_width};

/// The space around everything.
const MARGIN: f64 = 28.0;
/// The space of title and description.
const HEAD: f64 = 58.0;
/// The longest title and description, in characters.
const TITLE: usize = 100;
const DESCRIPTION: usize = 150;

impl Picture {
    /// An SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        let placed = Placed::new(self);
        let legend = Legend::new(self);
        let title_width = text_width(&self.title, 18.0).max(text_width(&self.description, 12.0));
        let width = placed
            .width
            .max(legend.least_width)
            .max(title_width.min(900.0))
            + 2.0 * MARGIN;
        let (legend_text, legend_height) = legend.draw(width - 2.0 * MARGIN);
        let height = MARGIN + HEAD + placed.height + legend_height + MARGIN;
        let mut svg = String::new();
        let _ = writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             role=\"img\" aria-labelledby=\"title desc\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\">"
        );
        let _ = writeln!(svg, "<title id=\"title\">{}</title>", escaped(&self.title));
        let _ = writeln!(
            svg,
            "<desc id=\"desc\">{}</desc>",
            escaped(&self.description)
        );
        svg.push_str("<defs>\n<style>g > path:hover{stroke:#0f172a;stroke-width:2.5}</style>\n");
        svg.push_str(&arrow::heads(self));
        svg.push_str("</defs>\n");
        let _ = writeln!(
            svg,
            "<rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#ffffff\"/>"
        );
        let _ = writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{:.0}\" font-size=\"18\" font-weight=\"600\" fill=\"#0f172a\">{}</text>",
            MARGIN + 14.0,
            escaped(&shortened(&self.title, TITLE))
        );
        let _ = writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{:.0}\" font-size=\"12\" fill=\"#64748b\">{}</text>",
            MARGIN + 34.0,
            escaped(&shortened(&self.description, DESCRIPTION))
        );
        let _ = writeln!(
            svg,
            "<g transform=\"translate({MARGIN} {:.0})\">",
            MARGIN + HEAD
        );
        draw(self, &placed, &mut svg);
        svg.push_str("</g>\n");
        let _ = writeln!(
            svg,
            "<g transform=\"translate({MARGIN} {:.0})\" font-size=\"12\" fill=\"#475569\">\n{legend_text}</g>\n</svg>",
            MARGIN + HEAD + placed.height
        );
        svg
    }
}

/// Frames below arrows, arrows below boxes, and labels above all.
fn draw(picture: &Picture, placed: &Placed, svg: &mut String) {
    let frames = picture.frames();
    let shapes = picture.shapes.iter().zip(&placed.rects).zip(&frames);
    for ((shape, rect), _) in shapes.clone().filter(|(_, is_frame)| **is_frame) {
        shape::draw_frame(shape, *rect, svg);
    }
    arrow::draw_lines(picture, placed, svg);
    for ((shape, rect), _) in shapes.filter(|(_, is_frame)| !**is_frame) {
        shape::draw_box(shape, *rect, svg);
    }
    for (arrow, way) in picture.arrows.iter().zip(&placed.ways) {
        arrow::draw_label(arrow, way, svg);
    }
}
