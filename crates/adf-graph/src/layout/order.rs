//! Orders the boxes of each column so that few arrows cross.

use super::Drawing;

/// How often the columns are gone through.
const SWEEPS: usize = 12;

/// Orders the columns by the means of their neighbours, from the left to the right and back, and keeps the best.
pub(super) fn order(drawing: &mut Drawing) {
    let mut position = vec![0.0; drawing.cells.len()];
    for column in &drawing.columns {
        number(column, &mut position);
    }
    let mut fewest = crossings(drawing, &position);
    let mut best = drawing.columns.clone();
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let to_right = sweep % 2 == 0;
        let count = drawing.columns.len();
        for step in 1..count {
            let at = if to_right { step } else { count - 1 - step };
            let beside = if to_right {
                &drawing.left
            } else {
                &drawing.right
            };
            let mut keyed: Vec<_> = drawing.columns[at]
                .iter()
                .map(|cell| {
                    (
                        mean(&beside[*cell], &position).unwrap_or(position[*cell]),
                        *cell,
                    )
                })
                .collect();
            keyed.sort_by(|left, right| left.0.total_cmp(&right.0));
            drawing.columns[at] = keyed.into_iter().map(|(_, cell)| cell).collect();
            number(&drawing.columns[at], &mut position);
        }
        let found = crossings(drawing, &position);
        if found < fewest {
            fewest = found;
            best.clone_from(&drawing.columns);
        }
    }
    drawing.columns = best;
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a column has far less than 2^52 boxes"
)]
fn number(column: &[usize], position: &mut [f64]) {
    for (at, cell) in column.iter().enumerate() {
        position[*cell] = at as f64;
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a box has far less than 2^52 arrows"
)]
fn mean(cells: &[usize], position: &[f64]) -> Option<f64> {
    let sum: f64 = cells.iter().map(|cell| position[*cell]).sum();
    (!cells.is_empty()).then(|| sum / cells.len() as f64)
}

/// How many pairs of arrows cross.
fn crossings(drawing: &Drawing, position: &[f64]) -> usize {
    let pairs = drawing.columns.windows(2);
    pairs
        .map(|pair| {
            let mut ends = Vec::new();
            for cell in &pair[0] {
                let mut targets: Vec<_> = drawing.right[*cell]
                    .iter()
                    .map(|to| place(position[*to]))
                    .collect();
                targets.sort_unstable();
                ends.append(&mut targets);
            }
            inversions(&ends, pair[1].len())
        })
        .sum()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions are whole numbers of boxes"
)]
fn place(position: f64) -> usize {
    position as usize
}

/// Pairs in the wrong order, counted with a Fenwick tree.
fn inversions(ends: &[usize], count: usize) -> usize {
    let mut tree = vec![0_usize; count + 1];
    let mut found = 0;
    for (before, end) in ends.iter().enumerate() {
        let mut not_after = 0;
        let mut at = end + 1;
        while at > 0 {
            not_after += tree[at];
            at &= at - 1;
        }
        found += before - not_after;
        let mut at = end + 1;
        while at <= count {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossing_pairs_are_counted() {
        assert_eq!(inversions(&[0, 1, 2], 3), 0);
        assert_eq!(inversions(&[2, 1, 0], 3), 3);
        assert_eq!(inversions(&[1, 1, 0, 2], 3), 2);
    }
}
