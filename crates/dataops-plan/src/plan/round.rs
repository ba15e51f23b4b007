//! What is put at once, and what has to go just before it.

use std::collections::BTreeSet;

use super::Order;
use crate::key::ResourceKey;

/// What is put at once, and what has to go just before it because it comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Round {
    /// What is deleted before anything of it is put, level by level, referrers first.
    pub remove: Vec<Vec<ResourceKey>>,
    /// What is put.
    pub put: Vec<ResourceKey>,
    /// What of it is deleted just before its own PUT.
    pub anew: BTreeSet<ResourceKey>,
}

impl Order {
    /// What is put, level by level, with what has to go for it.
    ///
    /// Nothing goes earlier than it has to, so that a PUT of something else that fails leaves it where it is. A resource can be deleted
    /// once all of the levels before its own are, for there are those that refer to it; which of them do is not known here.
    #[must_use]
    pub fn rounds(&self) -> Vec<Round> {
        let levels = self.remove.iter();
        let mut open: Vec<BTreeSet<_>> = levels
            .map(|level| level.iter().cloned().collect())
            .collect();
        let rounds = self.put.iter().map(|put| round(&mut open, put));
        rounds.collect()
    }
}

/// A level that is put, and what of the levels of deletions that are open goes for it.
fn round(open: &mut [BTreeSet<ResourceKey>], put: &[ResourceKey]) -> Round {
    let has_some = |level: &BTreeSet<_>| put.iter().any(|key| level.contains(key));
    let Some(last) = open.iter().rposition(has_some) else {
        return Round {
            remove: Vec::new(),
            put: put.to_vec(),
            anew: BTreeSet::new(),
        };
    };
    let before = open[..last].iter_mut().map(std::mem::take);
    let before = before.filter(|level| !level.is_empty());
    let remove = before.map(|level| level.into_iter().collect()).collect();
    let anew = put.iter().filter_map(|key| open[last].take(key));
    Round {
        remove,
        put: put.to_vec(),
        anew: anew.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &str) -> Vec<ResourceKey> {
        let names = names.split_whitespace();
        names
            .map(|name| format!("trigger.{name}").parse().unwrap())
            .collect()
    }

    fn shown(remove: &[&str], put: &[&str]) -> Vec<String> {
        let order = Order {
            remove: remove.iter().map(|level| keys(level)).collect(),
            put: put.iter().map(|level| keys(level)).collect(),
            ..Order::default()
        };
        let words = |keys: &mut dyn Iterator<Item = &ResourceKey>| {
            keys.map(|key| &*key.name).collect::<Vec<_>>().join(" ")
        };
        let rounds = order.rounds().into_iter().map(|round| {
            let removed = round.remove.iter().map(|level| words(&mut level.iter()));
            let removed: Vec<_> = removed.collect();
            let (anew, put) = (words(&mut round.anew.iter()), words(&mut round.put.iter()));
            format!("{} | {anew} | {put}", removed.join(", "))
        });
        rounds.collect()
    }

    #[test]
    fn what_comes_again_goes_just_before_it_is_put() {
        assert_eq!(
            shown(&["x y"], &["a", "x b", "y"]),
            [" |  | a", " | x | x b", " | y | y"]
        );
    }

    #[test]
    fn what_may_refer_to_it_goes_before_it() {
        // `d` is gone for good, and `x` refers to `y`.
        assert_eq!(
            shown(&["d x", "y"], &["a", "y", "x"]),
            [" |  | a", "d x | y | y", " |  | x"]
        );
        assert_eq!(shown(&["d x", "y"], &["y x"]), ["d x | y | y x"]);
        assert_eq!(shown(&[], &["a", "b"]), [" |  | a", " |  | b"]);
    }
}
