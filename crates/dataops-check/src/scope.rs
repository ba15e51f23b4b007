//! What the scope of a notebook has and needs: its own code, that of notebooks it runs in it, and that of modules.

use std::collections::{BTreeMap, BTreeSet};

use databricks_notebook::Uses;

/// What the scope of a notebook declares and asks for.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The widgets that are declared.
    widgets: BTreeSet<String>,
    /// The widgets that `%run ./other $name="…"` sets, which runs the other one in the same scope.
    set: BTreeSet<String>,
    /// The parameters that are asked for; whether that fails when they are neither given nor declared.
    reads: BTreeMap<String, bool>,
    /// Whether it ends with a value somewhere.
    pub(crate) exits: bool,
    /// Whether more may happen than is known.
    pub(crate) is_open: bool,
    reads_more: bool,
    declares_more: bool,
}

impl Scope {
    /// Adds what a file does.
    pub(crate) fn add(&mut self, uses: &Uses) {
        let inline = uses.runs.iter().filter(|run| run.inline);
        self.set
            .extend(inline.flat_map(|run| run.arguments.iter().flatten().cloned()));
        let widgets = uses.widgets.iter();
        self.widgets
            .extend(widgets.map(|widget| widget.name.clone()));
        for read in &uses.reads {
            *self.reads.entry(read.name.clone()).or_default() |= read.needed;
        }
        self.exits |= !uses.exits.is_empty() || uses.exits_more;
        self.reads_more |= uses.reads_more;
        self.declares_more |= uses.declares_more;
    }

    /// Whether a parameter makes a difference, for all that is known.
    pub(crate) fn may_read(&self, name: &str) -> bool {
        self.is_open
            || self.reads_more
            || self.declares_more
            || self.reads.contains_key(name)
            || self.widgets.contains(name)
    }

    /// Whether it fails without a parameter.
    pub(crate) fn needs(&self, name: &str) -> bool {
        let known = !self.is_open && !self.declares_more;
        let has = self.widgets.contains(name) || self.set.contains(name);
        known && self.reads.get(name) == Some(&true) && !has
    }

    /// The parameters without which it fails.
    pub(crate) fn needed(&self) -> impl Iterator<Item = &str> {
        let names = self.reads.keys().map(String::as_str);
        names.filter(|name| self.needs(name))
    }

    /// The widgets that it declares.
    pub(crate) fn widgets(&self) -> impl Iterator<Item = &str> {
        self.widgets.iter().map(String::as_str)
    }

    /// All names that it knows.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let read = self.reads.keys().map(String::as_str);
        self.widgets().chain(read)
    }
}
