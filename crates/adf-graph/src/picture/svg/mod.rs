//! The picture as SVG: no scripts, no fonts or styles from elsewhere, titles for screen readers and pointers.

mod arrow;
mod dark;
mod legend;
mod placed;
mod shape;
mod text;

use std::fmt::Write as _;

use super::Picture;
use super::label::shortened;
use legend::Legend;
use placed::Placed;
use text::{escaped, text_width, wrapped};

/// The space around everything.
const MARGIN: f64 = 28.0;
/// The space of the title, and the height of a line of the description.
const HEAD: f64 = 22.0;
const LINE: f64 = 17.0;
/// The longest title, in characters, and the most lines of the description.
const TITLE: usize = 100;
const LINES: usize = 6;
/// A picture is at least so wide if the text above it needs that.
const COMFORTABLE: f64 = 900.0;

impl Picture {
    /// An SVG document. Where the viewer prefers a dark one, it is dark.
    #[must_use]
    pub fn svg(&self) -> String {
        let placed = Placed::new(self);
        let legend = Legend::new(self);
        let text = text_width(&self.title, 18.0).max(text_width(&self.description, 12.0));
        let inner = placed
            .width
            .max(legend.least_width)
            .max(text.min(COMFORTABLE));
        let mut lines = wrapped(&self.description, inner, 12.0);
        if lines.len() > LINES {
            lines.truncate(LINES);
            lines.push("…".to_owned());
        }
        let (legend, legend_height) = legend.draw(inner);
        let mut above = String::new();
        let mut top = MARGIN + HEAD;
        for line in &lines {
            top += LINE;
            let _ = writeln!(
                above,
                "<text x=\"{MARGIN}\" y=\"{:.0}\" font-size=\"12\" fill=\"#64748b\">{}</text>",
                top - 5.0,
                escaped(line)
            );
        }
        let _ = writeln!(
            above,
            "<g transform=\"translate({MARGIN} {top:.0})\" font-size=\"12\" fill=\"#475569\">\n{legend}</g>"
        );
        top += legend_height + MARGIN;
        let (width, height) = (inner + 2.0 * MARGIN, top + placed.height + MARGIN);
        let mut svg = self.opening(width, height);
        svg.push_str(&above);
        let _ = writeln!(svg, "<g transform=\"translate({MARGIN} {top:.0})\">");
        draw(self, &placed, &mut svg);
        svg.push_str("</g>\n</svg>\n");
        svg
    }

    /// The beginning of the document, with the title.
    fn opening(&self, width: f64, height: f64) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             role=\"img\" aria-labelledby=\"title desc\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n\
             <defs>\n<style>g > path:hover{{stroke:#0f172a;stroke-width:2.5}}\n{}</style>\n{}</defs>\n\
             <rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#ffffff\"/>\n\
             <text x=\"{MARGIN}\" y=\"{:.0}\" font-size=\"18\" font-weight=\"600\" fill=\"#0f172a\">{}</text>\n",
            escaped(&self.title),
            escaped(&self.description),
            dark::style(),
            arrow::heads(self),
            MARGIN + 14.0,
            escaped(&shortened(&self.title, TITLE))
        )
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
