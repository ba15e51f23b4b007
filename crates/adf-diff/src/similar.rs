//! How much two documents have in common, and which that are gone have come back under another name.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// The least likeness of documents that are taken for one.
const ALIKE: f64 = 0.6;
/// Leaves that more documents than this have say nothing about which of them is meant.
const COMMON: usize = 24;
/// The most candidates that are looked at for one document.
const CANDIDATES: usize = 12;

/// What a document says, as numbers: one for each value with the keys above it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaves(Vec<u64>);

impl Leaves {
    /// The leaves of a value, without those below the keys of its root that `leave_out` names.
    pub(crate) fn of(value: &Value, leave_out: &[&str]) -> Self {
        let mut leaves = Vec::new();
        let mut open = vec![(0_u64, 0, value)];
        while let Some((above, depth, value)) = open.pop() {
            match value {
                Value::Object(object) if !object.is_empty() => {
                    for (key, value) in object {
                        if depth > 0 || !leave_out.contains(&key.as_str()) {
                            open.push((number(&(above, key)), depth + 1, value));
                        }
                    }
                }
                Value::Array(items) if !items.is_empty() => {
                    open.extend(items.iter().map(|item| (above, depth + 1, item)));
                }
                // What is empty says nothing about who it is.
                Value::Object(_) | Value::Array(_) | Value::Null => {}
                leaf => leaves.push(number(&(above, leaf.to_string()))),
            }
        }
        leaves.sort_unstable();
        Self(leaves)
    }

    /// From 0 for nothing in common to 1 for the same.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a document has far less than 2^52 values"
    )]
    pub(crate) fn likeness(&self, other: &Self) -> f64 {
        let total = self.0.len() + other.0.len();
        if total == 0 {
            return 1.0;
        }
        let (mut common, mut at) = (0_usize, 0);
        for leaf in &self.0 {
            while other.0.get(at).is_some_and(|other| other < leaf) {
                at += 1;
            }
            if other.0.get(at) == Some(leaf) {
                common += 1;
                at += 1;
            }
        }
        2.0 * common as f64 / total as f64
    }
}

pub(crate) fn number(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// A document that is gone or new.
pub(crate) struct Candidate<'d> {
    pub(crate) name: &'d str,
    /// Only documents of one group are taken for each other.
    pub(crate) group: u64,
    pub(crate) leaves: Leaves,
}

/// Pairs what is gone with what is new, the most alike first. About linear in what they say: a document is compared with those
/// only that share something rare with it.
pub(crate) fn matches(gone: &[Candidate<'_>], new: &[Candidate<'_>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut holders: HashMap<(u64, u64), Vec<usize>> = HashMap::new();
    for (at, candidate) in gone.iter().enumerate() {
        let mut leaves = candidate.leaves.0.clone();
        leaves.dedup();
        for leaf in leaves {
            holders.entry((candidate.group, leaf)).or_default().push(at);
        }
    }
    for (to, candidate) in new.iter().enumerate() {
        for from in nearest(candidate, gone, &holders) {
            let likeness = gone[from].leaves.likeness(&candidate.leaves);
            if likeness >= ALIKE {
                let names = strsim::normalized_damerau_levenshtein(gone[from].name, candidate.name);
                found.push((likeness, names, from, to));
            }
        }
    }
    found.sort_by(|one, other| {
        let by_likeness = other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1));
        by_likeness.then((one.2, one.3).cmp(&(other.2, other.3)))
    });
    let mut is_taken = (vec![false; gone.len()], vec![false; new.len()]);
    let mut pairs = Vec::new();
    for (_, _, from, to) in found {
        if !is_taken.0[from] && !is_taken.1[to] {
            is_taken.0[from] = true;
            is_taken.1[to] = true;
            pairs.push((from, to));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Those that share the most with a document, among leaves that are not too common.
fn nearest(
    candidate: &Candidate<'_>,
    gone: &[Candidate<'_>],
    holders: &HashMap<(u64, u64), Vec<usize>>,
) -> Vec<usize> {
    let mut leaves = candidate.leaves.0.clone();
    leaves.dedup();
    let mut shared: HashMap<usize, usize> = HashMap::new();
    for leaf in leaves {
        let with_leaf = holders
            .get(&(candidate.group, leaf))
            .map_or(&[][..], Vec::as_slice);
        if with_leaf.len() <= COMMON || gone.len() <= COMMON {
            for at in with_leaf {
                *shared.entry(*at).or_default() += 1;
            }
        }
    }
    let mut nearest: Vec<_> = shared.into_iter().collect();
    nearest.sort_unstable_by_key(|(at, count)| (std::cmp::Reverse(*count), *at));
    nearest.truncate(CANDIDATES);
    nearest.into_iter().map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn candidate<'d>(name: &'d str, value: &Value) -> Candidate<'d> {
        Candidate {
            name,
            group: 0,
            leaves: Leaves::of(value, &["name"]),
        }
    }

    #[test]
    fn likeness_is_the_share_of_what_is_common() {
        let of = |value: Value| Leaves::of(&value, &["name"]);
        let one = of(json!({"name": "a", "p": {"x": 1, "y": [1, 2], "z": {}}}));

        assert_eq!(
            one.likeness(&of(
                json!({"name": "b", "p": {"z": {}, "y": [2, 1], "x": 1}})
            )),
            1.0
        );
        assert_eq!(
            one.likeness(&of(json!({"p": {"x": 2, "y": [1, 3]}}))),
            1.0 / 3.0
        );
        assert_eq!(one.likeness(&of(json!({"q": 1}))), 0.0);
    }

    #[test]
    fn the_most_alike_are_matched_and_names_decide_among_equals() {
        let flow =
            |text: &str| json!({"name": text, "type": "X", "url": "u", "x": 1, "text": text});
        let same = json!({"type": "X", "url": "u", "x": 1, "text": "t"});
        let gone = [
            candidate("orders", &same),
            candidate("claims", &same),
            candidate("lost", &json!({"q": 1})),
        ];
        let new = [
            candidate("claims_v2", &same),
            candidate("orders_v2", &same),
            candidate("other", &flow("z")),
        ];

        assert_eq!(matches(&gone, &new), [(0, 1), (1, 0)]);
    }

    #[test]
    fn thousands_are_matched_in_about_linear_time() {
        let document = |n: usize| json!({"type": "X", "a": 1, "b": 2, "c": 3, "path": format!("p{n}"), "file": format!("f{n}")});
        let names: Vec<_> = (0..5_000).map(|n| format!("d{n}")).collect();
        let gone: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(n, name)| candidate(name, &document(n)))
            .collect();
        let new: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(n, name)| candidate(name, &document(n)))
            .collect();

        assert_eq!(matches(&gone, &new).len(), 5_000);
    }
}
