//! Which elements of two lists belong together.

use std::collections::HashMap;

use serde_json::Value;

use crate::identity::{By, Identity, fingerprint};

/// An element of the base, of the head, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) base: Option<usize>,
    pub(crate) head: Option<usize>,
    /// Whether it stands elsewhere among those that are in both.
    pub(crate) is_moved: bool,
}

/// Pairs the elements of two lists, in the order of the head, with those that are gone where they stood.
pub(crate) fn pairs(
    identity: Identity,
    base: &[Value],
    head: &[Value],
    renamed: impl Fn(&Value) -> Option<String>,
) -> Vec<Pair> {
    match identity.by {
        By::Place => by_place(base, head),
        By::Pointers(_) | By::Whole => {
            let base = identity.keys(base, renamed);
            let head = identity.keys(head, |_| None);
            by_key(&base, &head)
        }
    }
}

fn by_key(base: &[(String, usize)], head: &[(String, usize)]) -> Vec<Pair> {
    let places: HashMap<_, _> = base.iter().enumerate().map(|(at, key)| (key, at)).collect();
    let matched: Vec<_> = head.iter().map(|key| places.get(key).copied()).collect();
    assemble(base.len(), &matched)
}

/// The pairs, given the element of the base for each element of the head.
fn assemble(base: usize, matched: &[Option<usize>]) -> Vec<Pair> {
    let stays = in_order(matched);
    let mut is_matched = vec![false; base];
    for at in matched.iter().flatten() {
        is_matched[*at] = true;
    }
    let mut gone = (0..base).filter(|at| !is_matched[*at]).peekable();
    let mut pairs = Vec::with_capacity(matched.len());
    let removed = |at| Pair {
        base: Some(at),
        head: None,
        is_moved: false,
    };
    for (head, base) in matched.iter().enumerate() {
        if let Some(base) = base.filter(|_| stays[head]) {
            while let Some(at) = gone.next_if(|at| *at < base) {
                pairs.push(removed(at));
            }
        }
        pairs.push(Pair {
            base: *base,
            head: Some(head),
            is_moved: base.is_some() && !stays[head],
        });
    }
    pairs.extend(gone.map(removed));
    pairs
}

/// Which elements of the head keep their order: the most that do, found as a longest increasing subsequence.
pub(crate) fn in_order(matched: &[Option<usize>]) -> Vec<bool> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; matched.len()];
    for (at, base) in matched.iter().enumerate() {
        let Some(base) = base else {
            continue;
        };
        let length = ends.partition_point(|end| matched[*end] < Some(*base));
        before[at] = length.checked_sub(1).map(|last| ends[last]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut stays = vec![false; matched.len()];
    let mut at = ends.last().copied();
    while let Some(staying) = at {
        stays[staying] = true;
        at = before[staying];
    }
    stays
}

/// Pairs elements without names: equal ones, wherever they stand, then those that stand in the same place of a stretch that differs.
///
/// Equal elements are matched by their occurrence and not by the longest common sequence, which takes quadratic time for long lists
/// that differ much.
fn by_place(base: &[Value], head: &[Value]) -> Vec<Pair> {
    let (old, new) = (occurrences(base), occurrences(head));
    let places: HashMap<_, _> = old.iter().enumerate().map(|(at, key)| (key, at)).collect();
    let mut matched: Vec<_> = new.iter().map(|key| places.get(key).copied()).collect();
    let mut is_taken = vec![false; base.len()];
    for at in matched.iter().flatten() {
        is_taken[*at] = true;
    }
    let stays = in_order(&matched).into_iter().enumerate();
    let anchors: Vec<_> = stays
        .filter(|(_, stays)| *stays)
        .filter_map(|(at, _)| Some((matched[at]?, at)))
        .chain([(base.len(), head.len())])
        .collect();
    let mut from = (0, 0);
    for to in anchors {
        let open: Vec<_> = (from.0..to.0).filter(|at| !is_taken[*at]).collect();
        let mut free: Vec<_> = (from.1..to.1).filter(|at| matched[*at].is_none()).collect();
        if open.len() != free.len() {
            // Without names, only containers can be taken for each other.
            free.retain(|at| head[*at].is_object() || head[*at].is_array());
        }
        for (old, new) in open.into_iter().zip(free) {
            if std::mem::discriminant(&base[old]) == std::mem::discriminant(&head[new]) {
                matched[new] = Some(old);
            }
        }
        from = (to.0 + 1, to.1 + 1);
    }
    assemble(base.len(), &matched)
}

/// What each element is, and which one of its likes.
fn occurrences(elements: &[Value]) -> Vec<(u64, usize)> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    let numbers = elements.iter().map(fingerprint);
    numbers
        .map(|number| {
            let count = counts.entry(number).or_default();
            *count += 1;
            (number, *count)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn shown(base: &Value, head: &Value) -> String {
        let (base, head) = (base.as_array().unwrap(), head.as_array().unwrap());
        let pairs = pairs(Identity::of("list", base, head), base, head, |_| None);
        let shown = pairs.iter().map(|pair| match (pair.base, pair.head) {
            (Some(base), Some(head)) if pair.is_moved => format!("{base}>{head}"),
            (Some(base), Some(head)) => format!("{base}={head}"),
            (Some(base), None) => format!("-{base}"),
            (None, Some(head)) => format!("+{head}"),
            (None, None) => "?".to_owned(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn elements_are_paired_by_name() {
        let base = json!([{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]);
        let head = json!([{"name": "D"}, {"name": "a"}, {"name": "x"}, {"name": "c"}]);

        assert_eq!(shown(&base, &head), "3>0 0=1 +2 -1 2=3");
    }

    #[test]
    fn a_name_that_stands_twice_is_paired_twice() {
        let base = json!([{"name": "a"}, {"name": "a"}]);
        let head = json!([{"name": "a"}, {"name": "a"}, {"name": "a"}]);

        assert_eq!(shown(&base, &head), "0=0 1=1 +2");
    }

    #[test]
    fn elements_without_names_are_paired_by_what_they_are() {
        assert_eq!(
            shown(&json!([1, 2, 3, 4]), &json!([1, 3, 4])),
            "0=0 -1 2=1 3=2"
        );
        assert_eq!(shown(&json!([1, 2, 3]), &json!([1, 9, 3])), "0=0 1=1 2=2");
        assert_eq!(shown(&json!([1, 2, 3]), &json!([3, 1, 2])), "2>0 0=1 1=2");
        assert_eq!(
            shown(&json!([{"x": 1}]), &json!([{"x": 2}, {"x": 3}])),
            "0=0 +1"
        );
    }

    proptest! {
        #[test]
        fn every_element_is_in_one_pair(
            base in proptest::collection::vec(0..6_u8, 0..12),
            head in proptest::collection::vec(0..6_u8, 0..12),
            named in any::<bool>(),
        ) {
            let list = |numbers: &[u8]| -> Vec<Value> {
                numbers.iter().map(|n| if named { json!({"name": n.to_string()}) } else { json!(n) }).collect()
            };
            let (base, head) = (list(&base), list(&head));

            let pairs = pairs(Identity::of("list", &base, &head), &base, &head, |_| None);

            let mut of_base: Vec<_> = pairs.iter().filter_map(|pair| pair.base).collect();
            of_base.sort_unstable();
            prop_assert_eq!(of_base, (0..base.len()).collect::<Vec<_>>());
            let of_head: Vec<_> = pairs.iter().filter_map(|pair| pair.head).collect();
            prop_assert_eq!(of_head, (0..head.len()).collect::<Vec<_>>());
            prop_assert!(pairs.iter().all(|pair| !pair.is_moved || pair.base.is_some()));
        }
    }

    #[test]
    fn many_elements_are_paired_in_about_linear_time() {
        let numbers = |step: usize| -> Vec<Value> {
            (0..100_000).map(|n| json!(n * step % 99_991)).collect()
        };
        let (base, head) = (numbers(7), numbers(11));

        let pairs = pairs(Identity::of("list", &base, &head), &base, &head, |_| None);

        // Both lists have each number below 99,991, and nine of them twice.
        let in_both = |pair: &&Pair| pair.base.is_some() && pair.head.is_some();
        let both = pairs.iter().filter(in_both).count();
        assert!(both >= 99_991, "{both}");
        assert_eq!(pairs.len(), 200_000 - both);
    }
}
