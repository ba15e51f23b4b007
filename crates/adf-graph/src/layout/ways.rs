//! The places of boxes, and the points of arrows.

use super::columns::Way;
use super::pack::Part;
use super::{Drawing, Gaps, Layout, Point, Size};

/// The distance between arrows at the side of a box, and the share of the side that they may take.
const PORT: f64 = 7.0;
const SIDE: f64 = 0.6;
/// How much wider the space between two columns is for each arrow that swings there, and by how much at most.
const SWING: f64 = 0.5;
const WIDEST: f64 = 240.0;

/// Puts the columns side by side.
pub(super) fn layout(
    part: &Part,
    sizes: &[Size],
    drawing: &Drawing,
    ways: &[Way],
    middles: &[f64],
    gaps: Gaps,
) -> Layout {
    let width_of = |cell: &usize| {
        drawing.cells[*cell]
            .shape
            .map_or(0.0, |shape| sizes[shape].width)
    };
    let mut spots = vec![Spot::default(); drawing.cells.len()];
    let (mut x, mut across) = (0.0, 0.0);
    for column in &drawing.columns {
        let width = column.iter().map(width_of).fold(0.0, f64::max);
        for cell in column {
            spots[*cell] = Spot {
                left: x,
                right: x + width_of(cell),
                column: x + width,
                middle: middles[*cell],
            };
        }
        let swings: usize = column.iter().map(|cell| drawing.right[*cell].len()).sum();
        across = gaps.across + (index(swings) * SWING).min(WIDEST);
        x += width + across;
    }
    let top = |cell: usize| middles[cell] - drawing.cells[cell].height / 2.0;
    let bottom = |cell: usize| middles[cell] + drawing.cells[cell].height / 2.0;
    let cells = 0..drawing.cells.len();
    let highest = cells.clone().map(top).fold(f64::INFINITY, f64::min);
    let lowest = cells.map(bottom).fold(f64::NEG_INFINITY, f64::max);
    for spot in &mut spots {
        spot.middle -= highest;
    }
    let ports = Ports::new(drawing, ways, middles);
    let led = ways.iter().enumerate();
    Layout {
        // The cells of boxes come first, in the order of the part.
        corners: (0..part.shapes.len())
            .map(|at| Point {
                x: spots[at].left,
                y: top(at) - highest,
            })
            .collect(),
        ways: led
            .map(|(number, way)| lead(way, &spots, ports.right[number], ports.left[number]))
            .collect(),
        width: (x - across).max(0.0),
        height: (lowest - highest).max(0.0),
    }
}

/// Where a cell is.
#[derive(Clone, Copy, Default)]
struct Spot {
    left: f64,
    right: f64,
    /// The right end of its column.
    column: f64,
    middle: f64,
}

/// The points of an arrow that leaves its first cell, and reaches its last one, so far from their middles.
fn lead(way: &Way, spots: &[Spot], leaves: f64, reaches: f64) -> Vec<Point> {
    let mut points = Vec::with_capacity(way.cells.len() * 2 + 1);
    let last = way.cells.len() - 1;
    for (at, cell) in way.cells.iter().enumerate() {
        let spot = spots[*cell];
        let offset = match at {
            0 => leaves,
            at if at == last => reaches,
            _ => 0.0,
        };
        let y = spot.middle + offset;
        points.push(Point {
            x: if at == 0 { spot.right } else { spot.left },
            y,
        });
        if at < last {
            // Past the widest box of the column before it swings.
            points.push(Point { x: spot.column, y });
        }
    }
    if way.is_reversed {
        points.reverse();
    }
    points
}

/// How far from the middle of its box each arrow begins and ends.
struct Ports {
    right: Vec<f64>,
    left: Vec<f64>,
}

impl Ports {
    /// Spreads the arrows over the sides of their boxes, in the order in which they go up or down.
    fn new(drawing: &Drawing, ways: &[Way], middles: &[f64]) -> Self {
        let mut at_right = vec![Vec::new(); drawing.cells.len()];
        let mut at_left = vec![Vec::new(); drawing.cells.len()];
        for (number, way) in ways.iter().enumerate() {
            let last = way.cells.len() - 1;
            at_right[way.cells[0]].push((way.cells[1], number));
            at_left[way.cells[last]].push((way.cells[last - 1], number));
        }
        let spread = |sides: Vec<Vec<(usize, usize)>>| {
            let mut offsets = vec![0.0; ways.len()];
            for (cell, mut arrows) in sides.into_iter().enumerate() {
                // Arrows that come from one bend, or go to one, share a port.
                arrows.sort_by(|(one, _), (other, _)| {
                    middles[*one]
                        .total_cmp(&middles[*other])
                        .then(one.cmp(other))
                });
                let ports: Vec<_> = arrows.chunk_by(|one, other| one.0 == other.0).collect();
                let room = drawing.cells[cell].height * SIDE;
                let gaps = index(ports.len().saturating_sub(1));
                let step = if gaps > 0.0 {
                    (room / gaps).min(PORT)
                } else {
                    0.0
                };
                for (at, port) in ports.into_iter().enumerate() {
                    for (_, number) in port {
                        offsets[*number] = (index(at) - gaps / 2.0) * step;
                    }
                }
            }
            offsets
        };
        Self {
            right: spread(at_right),
            left: spread(at_left),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a box has far less than 2^52 arrows"
)]
fn index(at: usize) -> f64 {
    at as f64
}
