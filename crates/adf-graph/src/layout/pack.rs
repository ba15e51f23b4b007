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

/// Puts parts beside each other, large ones first, in rows of about the same width.
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
    let (mut x, mut y, mut height) = (0.0, 0.0, 0.0_f64);
    for number in order {
        let (part, layout) = (&parts[number], &placed[number]);
        if x > 0.0 && x + layout.width > row {
            x = 0.0;
            y += height + 2.0 * gaps.down;
            height = 0.0;
        }
        let moved = |point: &Point| Point {
            x: point.x + x,
            y: point.y + y,
        };
        for (shape, corner) in part.shapes.iter().zip(&layout.corners) {
            whole.corners[*shape] = moved(corner);
        }
        for (arrow, way) in part.arrows.iter().zip(&layout.ways) {
            whole.ways[*arrow] = way.iter().map(moved).collect();
        }
        whole.width = whole.width.max(x + layout.width);
        whole.height = whole.height.max(y + layout.height);
        height = height.max(layout.height);
        x += layout.width + gaps.across;
    }
    whole
}
