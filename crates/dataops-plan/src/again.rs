//! Whether a plan that was written does what one made now would do. Whoever edits a file can correct its digest too, so that its steps are not
//! believed: they follow from the source, the environment, the factory, and the options in the file (consents, what is left out, whether
//! what the source lacks is deleted). The options are believed, within what the environment's policy allows.

use std::collections::BTreeMap;

use crate::key::ResourceKey;
use crate::plan::{Action, Order, Plan};

impl Plan {
    /// What this plan does otherwise than `again`, which is made now of the same source and a factory that has not moved. Triggers that run
    /// afterwards and notebooks are compared elsewhere.
    #[must_use]
    pub fn departures(&self, again: &Self) -> Vec<String> {
        let (planned, now) = (self.actions(), again.actions());
        let keys = planned.keys().chain(now.keys());
        let mut keys: Vec<_> = keys.copied().collect();
        keys.sort();
        keys.dedup();
        let of = |actions: &BTreeMap<&ResourceKey, Action>, key| actions.get(key).copied();
        let mut told: Vec<_> = keys
            .into_iter()
            .map(|key| (key, of(&planned, key), of(&now, key)))
            .filter(|(_, planned, now)| planned != now)
            .map(|(key, planned, now)| {
                let (planned, now) = (verb(planned), verb(now));
                format!("{key}: the plan says to {planned} it, and one made now to {now} it")
            })
            .collect();
        if told.is_empty() {
            told.extend(self.order.departures(&again.order));
        }
        told
    }

    /// This plan in the place of `written`, which does the same with the factory: with what that one does with notebooks and the cluster, and
    /// by its digest, which is that of what somebody has seen.
    #[must_use]
    pub fn in_place_of(self, written: Self) -> Self {
        Self {
            options: written.options,
            notebooks: written.notebooks,
            cluster: written.cluster,
            digest: written.digest,
            ..self
        }
    }

    /// What is done with each resource that is not left as it is.
    fn actions(&self) -> BTreeMap<&ResourceKey, Action> {
        let changed = self.resources.iter().filter(|it| it.action.changes());
        changed.map(|it| (&it.resource, it.action)).collect()
    }
}

impl Order {
    /// In which steps another order has something else. The starts follow from the states of triggers.
    fn departures(&self, now: &Self) -> Option<String> {
        let steps = [
            ("createFactory", self.create_factory == now.create_factory),
            ("patchFactory", self.patch_factory == now.patch_factory),
            ("stop", self.stop == now.stop),
            ("remove", self.remove == now.remove),
            ("put", self.put == now.put),
            ("delete", self.delete == now.delete),
        ];
        let others = steps.into_iter().filter(|(_, is_same)| !is_same);
        let others: Vec<_> = others.map(|(name, _)| name).collect();
        let names = others.join(", ");
        (!others.is_empty()).then(|| {
            format!(
                "its steps are others than those of one made now, as of a plan that another version has made or somebody has edited: {names}"
            )
        })
    }
}

fn verb(action: Option<Action>) -> String {
    action.map_or_else(|| "leave".to_owned(), |action| action.to_string())
}
