//! Which override it is that a finding comes from.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::changes::{Changes, Made, is_below};
use super::effective::{Effective, Environment};
use super::region::{Key, Known, is_rewired, looks_otherwise, targets_of};
use crate::Context;

/// The most overrides of an environment that are tried alone.
const MOST_TRIED: usize = 16;

/// The overrides that have changed documents, and what each does alone.
pub(super) struct Causes<'c, 'a, 's> {
    context: &'c Context<'a>,
    renames: &'c BTreeMap<&'s str, &'s str>,
    changes: &'c Changes<'a, 's>,
    /// The changed files that can make another document wrong, and whether also one that is far from them.
    reaching: HashMap<&'a str, bool>,
    alone: HashMap<(&'s str, &'s str), HashSet<Key>>,
}

impl<'c, 'a, 's> Causes<'c, 'a, 's> {
    pub(super) fn new(
        context: &'c Context<'a>,
        environment: &'c Environment<'s>,
        changes: &'c Changes<'a, 's>,
    ) -> Self {
        let reaching = changes.documents().filter_map(|(source, document)| {
            let is_far = is_rewired(source, document);
            let reaches = is_far || looks_otherwise(source, document);
            reaches.then_some((source.file.path.as_str(), is_far))
        });
        Self {
            context,
            renames: &environment.renames,
            changes,
            reaching: reaching.collect(),
            alone: HashMap::new(),
        }
    }

    /// The override that puts what is wrong; otherwise one without which nothing would be.
    pub(super) fn of(&mut self, key: &Key, known: &mut Known<'a>) -> Option<&'c Made<'a, 's>> {
        let made = self.changes.made.iter();
        let place = key.pointer.as_deref().unwrap_or_default();
        let here = made.clone().filter(|made| made.file == key.file);
        let at = here.clone().filter(|made| is_below(place, &made.pointer));
        if let Some(nearest) = at.max_by_key(|made| made.pointer.len()) {
            return Some(nearest);
        }
        let near = self.near(&key.file);
        let elsewhere = made.filter(|made| {
            let reaches = self.reaching.get(made.file);
            made.file != key.file && reaches.is_some_and(|far| *far || near.contains(made.file))
        });
        let all: Vec<_> = here.chain(elsewhere).collect();
        if let [only] = all[..] {
            return Some(only);
        }
        let mut tried = all.iter().take(MOST_TRIED);
        let found = tried.find(|made| self.alone(made.by, known).contains(key));
        found.or(all.first()).copied()
    }

    /// The files of what a document refers to, and of what that refers to.
    fn near(&self, file: &str) -> HashSet<&'a str> {
        let mut resources = self.context.repository.resources.iter();
        let resource = resources.find(|resource| resource.file.path == file);
        let mut open: Vec<_> = resource
            .map(|resource| &resource.id)
            .into_iter()
            .cloned()
            .collect();
        let mut near = HashSet::new();
        for _ in 0..2 {
            let documents = open
                .iter()
                .filter_map(|id| self.changes.will_be(self.context, id));
            open = documents.flat_map(targets_of).collect();
            let found = open
                .iter()
                .filter_map(|id| self.context.find(id.kind, &id.name));
            near.extend(found.map(|resource| resource.file.path.as_str()));
        }
        near
    }

    fn alone(&mut self, effective: &'s Effective<'s>, known: &mut Known<'a>) -> &HashSet<Key> {
        let alone = self.alone.entry(effective.place());
        alone.or_insert_with(|| {
            let only = std::slice::from_ref(effective);
            let changes = Changes::of(self.context, only, self.renames);
            let news = known.news(self.context, &changes).into_iter();
            news.map(|(key, _)| key).collect()
        })
    }
}
