//! The plan while it is made: an entry for each resource of the source or the factory.

use std::collections::{BTreeSet, HashMap};

use adf_model::{Kind, ResourceId};

use super::links::Links;
use crate::compare::{Compared, compare};
use crate::desired::{Desired, DesiredResource};
use crate::key::ResourceKey;
use crate::live::{Live, LiveResource};
use crate::plan::{Action, Because, Change, ResourcePlan, SecretPlan};
use crate::prepared::Prepared;
use crate::request::Request;

/// A resource while its plan is made.
pub(super) struct Entry<'d> {
    pub(super) id: &'d ResourceId,
    pub(super) desired: Option<&'d DesiredResource>,
    pub(super) live: Option<&'d LiveResource>,
    /// Both beside each other.
    pub(super) compared: Option<Compared<'d>>,
    pub(super) is_selected: bool,
    /// Whether it is a trigger that ran before it went.
    pub(super) has_run: bool,
    pub(super) action: Action,
    pub(super) because: Because,
    pub(super) changes: Vec<Change>,
    pub(super) secrets: Vec<SecretPlan>,
}

impl<'d> Entry<'d> {
    pub(super) fn key(&self) -> ResourceKey {
        self.id.into()
    }

    /// The document as it ought to be, otherwise as it is.
    pub(super) fn prepared(&self) -> Option<&'d Prepared> {
        let desired = self.desired.map(|desired| &*desired.prepared);
        desired.or(self.live.map(LiveResource::prepared))
    }

    /// Whether there is one that stays, or will be one.
    pub(super) fn will_be(&self) -> bool {
        self.action.puts() || (self.live.is_some() && self.action != Action::Delete)
    }

    fn into_plan(self) -> ResourcePlan {
        let detail = self.prepared().map(Prepared::type_name);
        ResourcePlan {
            resource: self.key(),
            detail: detail.unwrap_or_default().to_owned(),
            action: self.action,
            because: self.because,
            etag: self.live.and_then(|live| live.etag.clone()),
            live: self.live.map(|live| live.prepared().digest.clone()),
            desired: self.desired.map(|desired| desired.prepared.digest.clone()),
            changes: self.changes,
            secrets: self.secrets,
        }
    }
}

/// The plan while it is made.
pub(super) struct Draft<'d> {
    pub(super) request: &'d Request,
    pub(super) entries: Vec<Entry<'d>>,
    /// References of the documents as they ought to be.
    pub(super) desired: Links,
    /// References of the documents that are there.
    pub(super) live: Links,
}

impl<'d> Draft<'d> {
    pub(super) fn new(desired: &'d Desired, live: &'d Live, request: &'d Request) -> Self {
        let ids: BTreeSet<_> = live
            .resources
            .keys()
            .chain(desired.resources.keys())
            .collect();
        let entries: Vec<_> = ids
            .into_iter()
            .map(|id| entry(id, desired, live, request))
            .collect();
        let index: HashMap<_, _> = entries
            .iter()
            .enumerate()
            .map(|(at, entry)| (entry.id, at))
            .collect();
        let wanted = desired.resources.iter();
        let there = live.resources.iter();
        Self {
            request,
            desired: Links::of(
                &index,
                wanted.map(|(id, resource)| (id, &resource.prepared.masked.json)),
            ),
            live: Links::of(
                &index,
                there.map(|(id, resource)| (id, &resource.prepared().masked.json)),
            ),
            entries,
        }
    }

    pub(super) fn keys(&self, entries: impl IntoIterator<Item = usize>) -> Vec<ResourceKey> {
        let entries = entries.into_iter();
        entries.map(|at| self.entries[at].key()).collect()
    }

    /// What an entry refers to afterwards.
    pub(super) fn uses_afterwards(&self, at: usize) -> &[usize] {
        match self.entries[at].action.puts() {
            true => &self.desired.uses[at],
            false => &self.live.uses[at],
        }
    }

    pub(super) fn into_resources(self) -> impl Iterator<Item = ResourcePlan> {
        self.entries.into_iter().map(Entry::into_plan)
    }
}

fn entry<'d>(
    id: &'d ResourceId,
    desired: &'d Desired,
    live: &'d Live,
    request: &Request,
) -> Entry<'d> {
    let there = live.get(id);
    let mut wanted = desired.resources.get_key_value(id);
    if id.kind == Kind::GlobalParameters && request.put_empty_global_parameters {
        wanted = wanted.or(Some((id, desired.no_global_parameters())));
    }
    let compared = wanted.zip(there).map(|((_, wanted), there)| {
        there.prepared_like(&wanted.prepared);
        compare(&wanted.prepared, there.prepared())
    });
    Entry {
        // As the source writes it.
        id: wanted.map_or(id, |(id, _)| id),
        desired: wanted.map(|(_, wanted)| wanted),
        live: there,
        compared,
        is_selected: false,
        has_run: there.is_none() && live.ran.contains(id),
        action: Action::Skip,
        because: Because::NotSelected,
        changes: Vec::new(),
        secrets: Vec::new(),
    }
}
