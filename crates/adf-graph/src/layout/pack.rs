//! Parts that nothing connects, drawn apart and put beside each other in rows.

use petgraph::unionfind::UnionFind;

use super::{Gaps, Layout, Point};

/// The width of the picture to its height, about.
const SHAPE: f64 = 1.8;

/// Boxes that arrows connect.
pub(super) struct Part {
    pub(super) shapes: Vec<usize>,
    /// Without those from a box to itself.
    pub(super) arrows: Vec<usize>,
}

/// The connected parts, in the order of their first boxes.
pub(super) fn parts(shapes: usize, arrows: &[(usize, usize)]) -> Vec<Part> {
    let mut joined = UnionFind::new(shapes);
    for (from, to) in arrows {
        joined.union(*from, *to);
    }
    let mut number_of = vec![usize::MAX; shapes];
    let mut parts: Vec<Part> = Vec::new();
    for shape in 0..shapes {
        let of = joined.find_mut(shape);
        if number_of[of] == usize::MAX {
            number_of[of] = parts.len();
            parts.push(Part {
                shapes: Vec::new(),
                arrows: Vec::new(),
            });
        }
        parts[number_of[of]].shapes.push(shape);
    }
    for (arrow, (from, to)) in arrows.iter().enumerate() {
        if from != to {
            let of = joined.find_mut(*from);
            parts[number_of[of]].arrows.push(arrow);
        }
    }
    parts
}

/// Puts parts beside each other, large ones first, in rows of about the same width. What is lower than its row has others below it.
pub(super) fn pack(
    parts: &[Part],
    placed: &[Layout],
    shapes: usize,
    arrows: usize,
    gaps: Gaps,
) -> Layout {
    let area: f64 = placed
        .iter()
        .map(|part| (part.width + gaps.across) * (part.height + 2.0 * gaps.down))
        .sum();
    let widest = placed.iter().map(|part| part.width).fold(0.0, f64::max);
    let row = widest.max((area * SHAPE).sqrt());
    let mut order: Vec<_> = (0..parts.len()).collect();
    order.sort_by(|left, right| placed[*right].height.total_cmp(&placed[*left].height));
    let mut whole = Layout {
        corners: vec![Point::default(); shapes],
        ways: vec![Vec::new(); arrows],
        ..Layout::default()
    };
    let mut place = Place::default();
    for number in order {
        let (part, layout) = (&parts[number], &placed[number]);
        let corner = place.next(layout, row, gaps);
        let moved = |point: &Point| Point {
            x: point.x + corner.x,
            y: point.y + corner.y,
        };
        for (shape, corner) in part.shapes.iter().zip(&layout.corners) {
            whole.corners[*shape] = moved(corner);
        }
        for (arrow, way) in part.arrows.iter().zip(&layout.ways) {
            whole.ways[*arrow] = way.iter().map(moved).collect();
        }
        whole.width = whole.width.max(corner.x + layout.width);
        whole.height = whole.height.max(corner.y + layout.height);
    }
    whole
}

/// Where the next part goes.
#[derive(Default)]
struct Place {
    /// The top of the row, and its height: that of its first part.
    top: f64,
    height: f64,
    /// The column in the row: its left side, its width, and how far it is filled.
    left: f64,
    width: f64,
    filled: f64,
}

impl Place {
    /// The corner of a part that is no taller than those before.
    fn next(&mut self, part: &Layout, row: f64, gaps: Gaps) -> Point {
        let fits_below = self.filled > 0.0
            && self.filled + part.height <= self.height
            && self.left + part.width <= row;
        if !fits_below {
            let left = self.left + self.width + if self.width > 0.0 { gaps.across } else { 0.0 };
            self.filled = 0.0;
            self.width = 0.0;
            self.left = left;
            if left > 0.0 && left + part.width > row {
                self.left = 0.0;
                self.top += self.height + 2.0 * gaps.down;
                self.height = 0.0;
            }
            if self.height == 0.0 {
                self.height = part.height;
            }
        }
        let corner = Point {
            x: self.left,
            y: self.top + self.filled,
        };
        self.filled += part.height + 2.0 * gaps.down;
        self.width = self.width.max(part.width);
        corner
    }
}
