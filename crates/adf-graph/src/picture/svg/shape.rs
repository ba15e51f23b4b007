//! Boxes and frames.

use std::fmt::Write as _;

use super::super::label::shortened;
use super::super::{Class, Mark, Shape};
use super::placed::{PADDING, Rect};
use super::text::escaped;

/// The most characters of a label.
pub(super) const LONGEST: usize = 40;
pub(super) const LABEL_SIZE: f64 = 13.0;
pub(super) const DETAIL_SIZE: f64 = 11.0;

pub(super) fn detail(shape: &Shape) -> String {
    match shape.mark {
        Mark::Plain => shortened(&shape.detail, LONGEST),
        mark => format!("{} · {}", shortened(&shape.detail, LONGEST), mark.name()),
    }
}

pub(super) fn frame_title(shape: &Shape) -> String {
    match detail(shape).as_str() {
        "" => shortened(&shape.label, LONGEST),
        detail => format!("{}  ·  {detail}", shortened(&shape.label, LONGEST)),
    }
}

pub(super) fn draw_box(shape: &Shape, rect: Rect, svg: &mut String) {
    let (fill, line) = shape.mark.colours().unwrap_or(("#ffffff", "#cbd5e1"));
    let dash = if shape.mark.is_dashed() {
        " stroke-dasharray=\"5 3\""
    } else {
        ""
    };
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    let _ = writeln!(
        svg,
        "<g><title>{}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"7\" fill=\"{fill}\" \
         stroke=\"{line}\" stroke-width=\"1.2\"{dash}/><rect x=\"{:.1}\" y=\"{:.1}\" width=\"4\" height=\"{:.1}\" rx=\"2\" fill=\"{}\"/>",
        escaped(&format!("{} ({})", shape.label, detail(shape))),
        x + 7.0,
        y + 8.0,
        height - 16.0,
        shape.class.colour()
    );
    let (x, label) = (x + 18.0, escaped(&shortened(&shape.label, LONGEST)));
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"{LABEL_SIZE}\" font-weight=\"600\" fill=\"#0f172a\">{label}</text>\
         <text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"{DETAIL_SIZE}\" fill=\"#64748b\">{}</text></g>",
        y + 20.0,
        y + 36.0,
        escaped(&detail(shape))
    );
}

pub(super) fn draw_frame(shape: &Shape, rect: Rect, svg: &mut String) {
    let is_branch = shape.class == Class::Branch;
    let (fill, line) = shape.mark.colours().unwrap_or(match is_branch {
        true => ("#ffffff", "#cbd5e1"),
        false => ("#f8fafc", "#94a3b8"),
    });
    let dash = if is_branch || shape.mark.is_dashed() {
        " stroke-dasharray=\"4 3\""
    } else {
        ""
    };
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    let weight = if is_branch { "500" } else { "600" };
    let _ = writeln!(
        svg,
        "<g><title>{}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"9\" fill=\"{fill}\" stroke=\"{line}\"{dash}/>\
         <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{LABEL_SIZE}\" font-weight=\"{weight}\" fill=\"{}\">{}</text></g>",
        escaped(&format!("{} ({})", shape.label, detail(shape))),
        x + PADDING,
        y + 22.0,
        if is_branch {
            "#64748b"
        } else {
            shape.class.colour()
        },
        escaped(&frame_title(shape))
    );
}
