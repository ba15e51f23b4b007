//! Where shapes and arrows are: what is within a frame is placed before the frame.

use std::collections::HashMap;

use super::super::label::shortened;
use super::super::{Class, Picture, Shape, Stroke};
use super::shape::{DETAIL_SIZE, LABEL_SIZE, LONGEST, detail, frame_title};
use super::text::text_width;
use crate::layout::{Gaps, Layout, Point, Size, layout};

/// The height of a box.
const BOX: f64 = 46.0;
/// The space within a frame, and of its title.
pub(super) const PADDING: f64 = 16.0;
const FRAME_HEAD: f64 = 34.0;
const GAPS: Gaps = Gaps {
    across: 64.0,
    down: 16.0,
};
/// A picture of more boxes than this is dense, so that it stays within a few screens.
const MANY: usize = 200;
const DENSE: f64 = 7.0;
/// The space between columns where something stands beside arrows.
const LABELLED: f64 = 116.0;

/// Where a shape is.
#[derive(Clone, Copy, Default)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// All shapes and arrows with their places.
pub(super) struct Placed {
    pub(super) rects: Vec<Rect>,
    pub(super) ways: Vec<Vec<Point>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Placed {
    /// Places what is within frames first, so that their sizes are known.
    pub(super) fn new(picture: &Picture) -> Self {
        let count = picture.shapes.len();
        let contents = picture.contents();
        let mut arrows_in = vec![Vec::new(); count + 1];
        for (number, arrow) in picture.arrows.iter().enumerate() {
            arrows_in[picture.shapes[arrow.from].within.unwrap_or(count)].push(number);
        }
        let mut placed = Self {
            rects: picture.shapes.iter().map(size_of_box).collect(),
            ways: vec![Vec::new(); picture.arrows.len()],
            width: 0.0,
            height: 0.0,
        };
        // What is within a frame stands after it.
        for frame in (0..count).rev().filter(|at| !contents[*at].is_empty()) {
            let inner = placed.arrange(picture, &contents[frame], &arrows_in[frame]);
            let title = frame_title(&picture.shapes[frame]);
            let rect = &mut placed.rects[frame];
            rect.width = inner.0.max(text_width(&title, LABEL_SIZE)) + 2.0 * PADDING;
            rect.height = inner.1 + FRAME_HEAD + PADDING;
        }
        (placed.width, placed.height) =
            placed.arrange(picture, &contents[count], &arrows_in[count]);
        for (at, shape) in picture.shapes.iter().enumerate() {
            if let Some(frame) = shape.within {
                let frame = placed.rects[frame];
                placed.rects[at].x += frame.x + PADDING;
                placed.rects[at].y += frame.y + FRAME_HEAD;
            }
        }
        for (way, arrow) in placed.ways.iter_mut().zip(&picture.arrows) {
            if let Some(frame) = picture.shapes[arrow.from].within {
                let frame = placed.rects[frame];
                for point in way {
                    point.x += frame.x + PADDING;
                    point.y += frame.y + FRAME_HEAD;
                }
            }
        }
        placed
    }

    /// Places shapes within their frame; gives the size of all of them together.
    fn arrange(&mut self, picture: &Picture, shapes: &[usize], arrows: &[usize]) -> (f64, f64) {
        let sizes: Vec<_> = shapes
            .iter()
            .map(|at| Size {
                width: self.rects[*at].width,
                height: self.rects[*at].height,
                column: picture.shapes[*at].column,
            })
            .collect();
        let is_branched = !shapes.is_empty()
            && shapes
                .iter()
                .all(|at| picture.shapes[*at].class == Class::Branch);
        let arranged = if is_branched {
            stacked(&sizes)
        } else {
            let local: HashMap<_, _> = shapes
                .iter()
                .enumerate()
                .map(|(number, at)| (*at, number))
                .collect();
            let (ends, bundles): (Vec<_>, Vec<_>) = arrows
                .iter()
                .filter_map(|number| {
                    let arrow = &picture.arrows[*number];
                    let ends = (*local.get(&arrow.from)?, *local.get(&arrow.to)?);
                    Some((ends, bundle(arrow.stroke, *number)))
                })
                .unzip();
            let is_labelled = arrows
                .iter()
                .any(|number| !picture.arrows[*number].label.is_empty());
            let across = if is_labelled { LABELLED } else { GAPS.across };
            let down = if shapes.len() > MANY {
                DENSE
            } else {
                GAPS.down
            };
            layout(&sizes, &ends, &bundles, Gaps { across, down })
        };
        for (at, corner) in shapes.iter().zip(&arranged.corners) {
            self.rects[*at].x = corner.x;
            self.rects[*at].y = corner.y;
        }
        for (number, way) in arrows.iter().zip(arranged.ways) {
            self.ways[*number] = way;
        }
        (arranged.width, arranged.height)
    }
}

/// Which arrows to one box may run together: references of one manner, but no two dependencies of activities.
fn bundle(stroke: Stroke, number: usize) -> usize {
    const REFERENCES: [Stroke; 5] = [
        Stroke::Plain,
        Stroke::Missing,
        Stroke::Circle,
        Stroke::Added,
        Stroke::Removed,
    ];
    let manner = REFERENCES.iter().position(|manner| *manner == stroke);
    manner.unwrap_or(REFERENCES.len() + number)
}

/// Branches one below the other.
fn stacked(sizes: &[Size]) -> Layout {
    let mut arranged = Layout::default();
    for size in sizes {
        arranged.corners.push(Point {
            x: 0.0,
            y: arranged.height,
        });
        arranged.height += size.height + GAPS.down;
        arranged.width = arranged.width.max(size.width);
    }
    arranged.height -= GAPS.down;
    arranged
}

fn size_of_box(shape: &Shape) -> Rect {
    let label = text_width(&shortened(&shape.label, LONGEST), LABEL_SIZE);
    let detail = text_width(&detail(shape), DETAIL_SIZE);
    Rect {
        width: label.max(detail).max(60.0) + 30.0,
        height: BOX,
        ..Rect::default()
    }
}
