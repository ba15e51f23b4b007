//! Arrows.

use std::fmt::Write as _;

use super::super::label::shortened;
use super::super::{Arrow, Picture, Stroke};
use super::placed::{Placed, Rect};
use super::shape::LONGEST;
use super::text::escaped;
use crate::layout::Point;

/// Of more arrows than this each is thin.
const MANY: usize = 400;

/// The manners of the picture's arrows, in order.
pub(super) fn strokes(picture: &Picture) -> Vec<Stroke> {
    let mut strokes: Vec<_> = picture.arrows.iter().map(|arrow| arrow.stroke).collect();
    strokes.sort_unstable();
    strokes.dedup();
    strokes
}

/// The heads of all manners.
pub(super) fn heads(picture: &Picture) -> String {
    let mut text = String::new();
    for stroke in strokes(picture) {
        let _ = writeln!(
            text,
            "<marker id=\"{}\" viewBox=\"0 0 8 8\" refX=\"7.5\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
             <path d=\"M0 0.5 L8 4 L0 7.5 z\" fill=\"{}\"/></marker>",
            head(stroke),
            stroke.colour()
        );
    }
    text
}

/// The lines of all arrows.
pub(super) fn draw_lines(picture: &Picture, placed: &Placed, svg: &mut String) {
    let width = if picture.arrows.len() > MANY {
        "1"
    } else {
        "1.5"
    };
    let _ = writeln!(svg, "<g fill=\"none\" stroke-width=\"{width}\">");
    for (arrow, way) in picture.arrows.iter().zip(&placed.ways) {
        let dash = match arrow.stroke.is_dashed() {
            true => " stroke-dasharray=\"5 4\"",
            false => "",
        };
        let path = match arrow.from == arrow.to {
            true => round(placed.rects[arrow.from]),
            false => path(way),
        };
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"{}\"{dash} marker-end=\"url(#{})\"/>",
            arrow.stroke.colour(),
            head(arrow.stroke)
        );
    }
    svg.push_str("</g>\n");
}

/// What stands beside an arrow.
pub(super) fn draw_label(arrow: &Arrow, way: &[Point], svg: &mut String) {
    if let (false, Some(middle)) = (arrow.label.is_empty(), middle(way)) {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"10\" text-anchor=\"middle\" fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"3\" \
             paint-order=\"stroke\">{}</text>",
            middle.x,
            middle.y - 4.0,
            arrow.stroke.colour(),
            escaped(&shortened(&arrow.label, LONGEST))
        );
    }
}

/// A line through the points: straight where two are on one height, otherwise it swings.
fn path(way: &[Point]) -> String {
    let mut text = String::new();
    for (at, point) in way.iter().enumerate() {
        let Point { x, y } = point;
        match at.checked_sub(1).map(|before| way[before]) {
            None => {
                let _ = write!(text, "M{x:.1} {y:.1}");
            }
            Some(before) if (before.y - y).abs() > 0.05 => {
                let half = f64::midpoint(before.x, *x);
                let _ = write!(
                    text,
                    " C{half:.1} {:.1} {half:.1} {y:.1} {x:.1} {y:.1}",
                    before.y
                );
            }
            Some(_) => {
                let _ = write!(text, " L{x:.1} {y:.1}");
            }
        }
    }
    text
}

/// A loop from a box to itself.
fn round(rect: Rect) -> String {
    let (right, top) = (rect.x + rect.width, rect.y);
    format!(
        "M{:.1} {top:.1} C{:.1} {:.1} {:.1} {:.1} {right:.1} {:.1}",
        right - 18.0,
        right - 14.0,
        top - 26.0,
        right + 30.0,
        top - 10.0,
        top + 14.0
    )
}

/// The middle of the highest swing.
fn middle(way: &[Point]) -> Option<Point> {
    let pairs = way.windows(2);
    let [before, after] = pairs.max_by(|one, other| {
        let height = |pair: &[Point]| (pair[0].y - pair[1].y).abs();
        height(one).total_cmp(&height(other))
    })?
    else {
        return None;
    };
    Some(Point {
        x: f64::midpoint(before.x, after.x),
        y: f64::midpoint(before.y, after.y),
    })
}

pub(super) fn head(stroke: Stroke) -> String {
    format!("head{stroke:?}")
}
