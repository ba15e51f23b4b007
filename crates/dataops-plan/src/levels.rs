//! Levels of a part of a graph: what can be done at once, and what has to wait.

/// The levels of some nodes: each node is in a later one than all that it waits for. What it waits for outside of them does not
/// count. Nodes of a circle, and those that wait for them, are given back apart. Time is linear.
pub(crate) fn levels<W: IntoIterator<Item = usize>>(
    nodes: &[usize],
    all: usize,
    waits_for: impl Fn(usize) -> W,
) -> (Vec<Vec<usize>>, Vec<usize>) {
    const NONE: usize = usize::MAX;
    let mut place = vec![NONE; all];
    for (at, node) in nodes.iter().enumerate() {
        place[*node] = at;
    }
    let mut waiting = vec![0_usize; nodes.len()];
    let mut waited_by: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        for other in waits_for(*node) {
            let other = place[other];
            if other != NONE && other != at {
                waiting[at] += 1;
                waited_by[other].push(at);
            }
        }
    }
    let mut levels = Vec::new();
    let mut level: Vec<_> = (0..nodes.len()).filter(|at| waiting[*at] == 0).collect();
    let mut done = vec![false; nodes.len()];
    while !level.is_empty() {
        let mut next = Vec::new();
        for at in &level {
            done[*at] = true;
            for other in &waited_by[*at] {
                waiting[*other] -= 1;
                if waiting[*other] == 0 {
                    next.push(*other);
                }
            }
        }
        next.sort_unstable();
        levels.push(level.iter().map(|at| nodes[*at]).collect());
        level = next;
    }
    let left = nodes.iter().zip(done).filter(|(_, done)| !done);
    (levels, left.map(|(node, _)| *node).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(nodes: &[usize], edges: &[(usize, usize)]) -> (Vec<Vec<usize>>, Vec<usize>) {
        levels(nodes, 12, |node| {
            let to = edges.iter().filter(move |(from, _)| *from == node);
            to.map(|(_, to)| *to)
        })
    }

    #[test]
    fn what_is_waited_for_comes_first() {
        let edges = [(3, 2), (2, 1), (3, 1), (4, 9), (1, 1)];

        assert_eq!(
            of(&[4, 3, 2, 1], &edges),
            (vec![vec![4, 1], vec![2], vec![3]], vec![])
        );
    }

    #[test]
    fn circles_and_what_waits_for_them_are_told_apart() {
        let edges = [(1, 2), (2, 1), (3, 1), (2, 4)];

        assert_eq!(of(&[1, 2, 3, 4], &edges), (vec![vec![4]], vec![1, 2, 3]));
    }

    proptest! {
        #[test]
        fn each_node_is_once_in_a_level_after_what_it_waits_for(
            edges in proptest::collection::vec((0..12_usize, 0..12_usize), 0..24),
            nodes in proptest::sample::subsequence((0..12).collect::<Vec<_>>(), 0..12),
        ) {
            let (levels, left) = of(&nodes, &edges);

            let level_of = |node: usize| levels.iter().position(|level| level.contains(&node));
            let mut all: Vec<_> = levels.iter().flatten().copied().chain(left).collect();
            all.sort_unstable();
            prop_assert_eq!(&all, &nodes);
            for (from, to) in edges {
                if let (Some(from_level), Some(to_level)) = (level_of(from), level_of(to)) {
                    prop_assert!(from == to || from_level > to_level);
                }
            }
        }
    }
}
