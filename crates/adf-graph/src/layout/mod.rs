//! Places boxes in columns from left to right and leads arrows between them.
//!
//! The method of Sugiyama: break cycles, give each box a column, split long arrows, order the columns so that few arrows cross,
//! then place the boxes. Of the libraries for it, `rust-sugiyama` needs 15 s for 2,000 boxes and does not say how arrows run, and
//! `layout-rs` knows no boxes within boxes. Every step here is linear but for sorting, so a factory of 5,000 resources is drawn at
//! once.

mod columns;
mod order;
mod pack;
mod place;
mod ways;

use petgraph::graph::{DiGraph, NodeIndex};

/// A box to be placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// The least number of columns to the right of it.
    pub(crate) column: usize,
}

/// A point; `x` grows to the right, `y` downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Layout {
    /// The upper left corner of each box.
    pub(crate) corners: Vec<Point>,
    /// The points of each arrow, from the border of the first box to that of the second. Between two points on one height it runs
    /// straight, otherwise it swings.
    pub(crate) ways: Vec<Vec<Point>>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The free space around boxes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gaps {
    /// Between columns.
    pub(crate) across: f64,
    /// Between boxes of a column.
    pub(crate) down: f64,
}

/// A drawing without cycles and long arrows: boxes, and the bends of arrows that cross columns.
pub(crate) struct Drawing {
    /// Height, and weight with which the arrows pull.
    pub(crate) cells: Vec<Cell>,
    /// The cells of each column from the top down; the first column is the leftmost.
    pub(crate) columns: Vec<Vec<usize>>,
    /// To the next column on the right.
    pub(crate) right: Vec<Vec<usize>>,
    /// To the next column on the left.
    pub(crate) left: Vec<Vec<usize>>,
}

pub(crate) struct Cell {
    pub(crate) height: f64,
    /// The box; none for a bend.
    pub(crate) shape: Option<usize>,
}

/// Places boxes and arrows. An arrow from a box to itself has no way. Long arrows to one box run together where they have the same
/// number in `bundles`: what many refer to would otherwise be a wall of lines.
pub(crate) fn layout(
    sizes: &[Size],
    arrows: &[(usize, usize)],
    bundles: &[usize],
    gaps: Gaps,
) -> Layout {
    let mut graph = DiGraph::<(), ()>::with_capacity(sizes.len(), arrows.len());
    for _ in sizes {
        graph.add_node(());
    }
    for (from, to) in arrows {
        graph.add_edge(NodeIndex::new(*from), NodeIndex::new(*to), ());
    }
    let column_of = columns::columns(&graph, sizes);
    let parts = pack::parts(sizes.len(), arrows);
    let placed: Vec<_> = parts
        .iter()
        .map(|part| of_part(part, sizes, (arrows, bundles), &column_of, gaps))
        .collect();
    pack::pack(&parts, &placed, sizes.len(), arrows.len(), gaps)
}

/// Places the boxes of one connected part.
fn of_part(
    part: &pack::Part,
    sizes: &[Size],
    (arrows, bundles): (&[(usize, usize)], &[usize]),
    column_of: &[usize],
    gaps: Gaps,
) -> Layout {
    let (mut drawing, ways) = columns::split(part, sizes, arrows, bundles, column_of);
    order::order(&mut drawing);
    let middles = place::middles(&drawing, gaps.down);
    ways::layout(part, sizes, &drawing, &ways, &middles, gaps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GAPS: Gaps = Gaps {
        across: 40.0,
        down: 10.0,
    };

    fn drawn(sizes: &[Size], arrows: &[(usize, usize)]) -> Layout {
        let bundles: Vec<_> = (0..arrows.len()).map(|number| number % 2).collect();
        layout(sizes, arrows, &bundles, GAPS)
    }

    fn plain(count: usize) -> Vec<Size> {
        vec![
            Size {
                width: 100.0,
                height: 30.0,
                column: 0
            };
            count
        ]
    }

    fn graph() -> impl Strategy<Value = (Vec<Size>, Vec<(usize, usize)>)> {
        let size = (20..200_u32, 10..90_u32, 0..4_usize).prop_map(|(width, height, column)| Size {
            width: f64::from(width),
            height: f64::from(height),
            column,
        });
        proptest::collection::vec(size, 1..14).prop_flat_map(|sizes| {
            let nodes = sizes.len();
            let arrows = proptest::collection::vec((0..nodes, 0..nodes), 0..30);
            (Just(sizes), arrows)
        })
    }

    proptest! {
        #[test]
        fn boxes_lie_within_the_picture_and_never_overlap((sizes, arrows) in graph()) {
            let layout = drawn(&sizes, &arrows);

            for (at, (corner, size)) in layout.corners.iter().zip(&sizes).enumerate() {
                prop_assert!(corner.x >= -0.01 && corner.x + size.width <= layout.width + 0.01);
                prop_assert!(corner.y >= -0.01 && corner.y + size.height <= layout.height + 0.01);
                for (other, other_size) in layout.corners.iter().zip(&sizes).skip(at + 1) {
                    let beside = corner.x + size.width < other.x + 0.01 || other.x + other_size.width < corner.x + 0.01;
                    let below = corner.y + size.height < other.y + 0.01 || other.y + other_size.height < corner.y + 0.01;
                    prop_assert!(beside || below, "{layout:?}");
                }
            }
        }

        #[test]
        fn arrows_begin_and_end_at_their_boxes((sizes, arrows) in graph()) {
            let layout = drawn(&sizes, &arrows);

            let touches = |point: &Point, at: usize| {
                let (corner, size) = (layout.corners[at], sizes[at]);
                let side = (point.x - corner.x).abs() < 0.01 || (point.x - corner.x - size.width).abs() < 0.01;
                side && point.y > corner.y - 0.01 && point.y < corner.y + size.height + 0.01
            };
            for ((from, to), way) in arrows.iter().zip(&layout.ways) {
                if from != to {
                    prop_assert!(touches(&way[0], *from) && touches(&way[way.len() - 1], *to));
                }
            }
        }
    }

    #[test]
    fn arrows_run_from_left_to_right() {
        let layout = drawn(&plain(4), &[(0, 1), (1, 2), (0, 2), (3, 2)]);

        assert!(layout.corners[0].x < layout.corners[1].x);
        assert!(layout.corners[1].x < layout.corners[2].x);
        assert_eq!(layout.corners[1].x, layout.corners[3].x);
    }

    #[test]
    fn long_arrows_of_a_bundle_run_together() {
        let arrows = [(0, 1), (1, 2), (2, 3), (0, 3), (4, 1), (4, 3)];
        let ways = |bundles| layout(&plain(5), &arrows, bundles, GAPS).ways;
        let ends = |way: &[Point]| (way[way.len() - 2], way[way.len() - 1]);

        let together = ways(&[0; 6]);
        let apart = ways(&[0, 1, 2, 3, 4, 5]);

        assert_eq!(ends(&together[3]), ends(&together[5]));
        assert_ne!(ends(&apart[3]), ends(&apart[5]));
        assert_ne!(together[3][0], together[5][0]);
    }

    #[test]
    fn small_parts_stand_in_the_space_beside_a_tall_one() {
        let star: Vec<_> = (1..=20).map(|at| (0, at)).collect();

        let alone = drawn(&plain(21), &star);
        let with_others = drawn(&plain(31), &star);

        assert_eq!(with_others.height, alone.height);
    }

    #[test]
    fn boxes_that_nothing_connects_fill_rows() {
        let layout = drawn(&plain(100), &[]);

        assert!(
            layout.width < 1600.0 && layout.height < 1000.0,
            "{} {}",
            layout.width,
            layout.height
        );
    }

    #[test]
    fn a_chain_of_many_with_long_arrows_is_placed_in_linear_time() {
        let count = 5_000;
        let chain = (1..count).map(|at| (at - 1, at));
        let long = (2..count).map(|at| (0, at));

        let layout = drawn(&plain(count), &chain.chain(long).collect::<Vec<_>>());

        assert_eq!(layout.corners.len(), count);
    }
}
