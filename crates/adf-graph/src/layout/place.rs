//! How far down each box stands.

use super::Drawing;

/// How often boxes are pulled towards their neighbours.
const SWEEPS: usize = 24;
/// How much stronger a bend is pulled than a box: long arrows run straight.
const STRAIGHT: f64 = 8.0;
/// The share of the gap between a bend and a box, and between two bends.
const THIN: f64 = 0.6;
const THINNEST: f64 = 0.4;

/// The middle of each cell. Each column is placed as near as its order and gaps allow to where the neighbours pull it.
pub(super) fn middles(drawing: &Drawing, gap: f64) -> Vec<f64> {
    let mut middles = vec![0.0; drawing.cells.len()];
    for column in &drawing.columns {
        let wanted: Vec<_> = column.iter().map(|_| (0.0, 1.0)).collect();
        settle(drawing, column, &wanted, gap, &mut middles);
    }
    let count = drawing.columns.len();
    for sweep in 0..SWEEPS {
        for step in 0..count {
            let at = if sweep % 2 == 0 {
                step
            } else {
                count - 1 - step
            };
            let column = &drawing.columns[at];
            let wanted: Vec<_> = column
                .iter()
                .map(|cell| pull(drawing, *cell, &middles))
                .collect();
            settle(drawing, column, &wanted, gap, &mut middles);
        }
    }
    middles
}

/// Where the neighbours of a cell pull it, and how strongly.
fn pull(drawing: &Drawing, cell: usize, middles: &[f64]) -> (f64, f64) {
    let is_bend = drawing.cells[cell].shape.is_none();
    let (mut sum, mut weight) = (0.0, 0.0);
    for beside in drawing.left[cell].iter().chain(&drawing.right[cell]) {
        let strength = if is_bend && drawing.cells[*beside].shape.is_none() {
            STRAIGHT
        } else {
            1.0
        };
        sum += strength * middles[*beside];
        weight += strength;
    }
    if weight > 0.0 {
        (sum / weight, weight)
    } else {
        (middles[cell], 0.1)
    }
}

/// The least distance between the middles of two cells, one above the other.
fn distance(drawing: &Drawing, above: usize, below: usize, gap: f64) -> f64 {
    let (above, below) = (&drawing.cells[above], &drawing.cells[below]);
    let share = match (above.shape, below.shape) {
        (None, None) => THINNEST,
        (Some(_), Some(_)) => 1.0,
        _ => THIN,
    };
    f64::midpoint(above.height, below.height) + gap * share
}

/// Places a column with the least squares of the ways from where its cells are wanted: neighbours that would overlap form a block,
/// which stands where its cells want it together.
fn settle(
    drawing: &Drawing,
    column: &[usize],
    wanted: &[(f64, f64)],
    gap: f64,
    middles: &mut [f64],
) {
    struct Block {
        first: usize,
        sum: f64,
        weight: f64,
    }
    let mut offsets = Vec::with_capacity(column.len());
    let mut offset = 0.0;
    let mut blocks: Vec<Block> = Vec::new();
    for (at, cell) in column.iter().enumerate() {
        if at > 0 {
            offset += distance(drawing, column[at - 1], *cell, gap);
        }
        offsets.push(offset);
        let (place, weight) = wanted[at];
        let mut block = Block {
            first: at,
            sum: (place - offset) * weight,
            weight,
        };
        while let Some(above) = blocks.pop() {
            if above.sum / above.weight < block.sum / block.weight {
                blocks.push(above);
                break;
            }
            block = Block {
                first: above.first,
                sum: above.sum + block.sum,
                weight: above.weight + block.weight,
            };
        }
        blocks.push(block);
    }
    let mut ends = blocks
        .iter()
        .skip(1)
        .map(|block| block.first)
        .collect::<Vec<_>>();
    ends.push(column.len());
    for (block, end) in blocks.iter().zip(ends) {
        for at in block.first..end {
            middles[column[at]] = block.sum / block.weight + offsets[at];
        }
    }
}
