//! Which resources a deployment is about.

mod pattern;
mod selector;

use adf_model::ResourceId;

use crate::desired::Desired;
use crate::key::ResourceKey;
use crate::live::Live;
use crate::prepared::Prepared;

pub(crate) use pattern::Pattern;
pub use selector::{Selector, SelectorError};

/// Which resources a deployment is about; everything unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; everything where there is none.
    pub only: Vec<Selector>,
    /// None of these, whatever else is said.
    pub except: Vec<Selector>,
}

impl Selection {
    /// Whether everything is meant.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.only.is_empty() && self.except.is_empty()
    }

    /// Whether a resource in a folder is meant.
    #[must_use]
    pub fn selects(&self, id: &ResourceId, folder: Option<&str>) -> bool {
        let only = self.only.is_empty() || self.only.iter().any(|one| one.matches(id, folder));
        only && !self.leaves_out(id, folder)
    }

    /// The selectors that no resource of the source or the factory is one of: whoever wrote them meant another one.
    #[must_use]
    pub fn unmatched<'s>(&'s self, desired: &Desired, live: &Live) -> Vec<&'s Selector> {
        let resources: Vec<_> = resources(desired, live).collect();
        let matches = |one: &&Selector| {
            let mut resources = resources.iter();
            resources.any(|(id, folder)| one.matches(id, *folder))
        };
        let all = self.only.iter().chain(&self.except);
        all.filter(|one| !matches(one)).collect()
    }

    /// What selectors could name: each resource of the source or the factory, as a plan writes it.
    #[must_use]
    pub fn names(desired: &Desired, live: &Live) -> Vec<String> {
        let resources = resources(desired, live);
        resources
            .map(|(id, _)| ResourceKey::from(id).to_string())
            .collect()
    }

    /// Whether a resource in a folder is left out by name.
    #[must_use]
    pub(crate) fn leaves_out(&self, id: &ResourceId, folder: Option<&str>) -> bool {
        self.except.iter().any(|one| one.matches(id, folder))
    }
}

/// The resources of the source and the factory, with their folders: as the source says, otherwise as the factory does.
fn resources<'a>(
    desired: &'a Desired,
    live: &'a Live,
) -> impl Iterator<Item = (&'a ResourceId, Option<&'a str>)> {
    let source = desired.factory.iter().chain(desired.resources.values());
    let source = source.map(|it| (it.id(), &*it.prepared));
    let rest = live.factory.iter().chain(live.resources.values());
    let rest = rest.filter(|it| !desired.resources.contains_key(&it.id));
    let rest = rest.map(|it| (&it.id, it.prepared()));
    let all = source.chain(rest);
    all.map(|(id, prepared)| (id, Prepared::folder(prepared)))
}

#[cfg(test)]
mod tests {
    use adf_model::Kind;
    use serde_json::json;

    use super::*;
    use crate::desired::Overlay;

    #[test]
    fn a_selector_that_nothing_is_one_of_is_told() {
        let id = |name| ResourceId::new(Kind::Pipeline, name);
        let document = |name: &str, folder: &str| json!({"name": name, "properties": {"folder": {"name": folder}, "activities": []}});
        let source = vec![(id("ingest"), document("ingest", "daily"))];
        let desired = Desired::of_documents(source, &Overlay::default()).unwrap();
        let live = Live::new(None, vec![(id("old"), document("old", "gone"))]);
        let selectors = |texts: &[&str]| texts.iter().map(|it| it.parse().unwrap()).collect();
        let selection = Selection {
            only: selectors(&[
                "pipeline.ingest",
                "pipeline.OLD",
                "@daily",
                "pipeline.ingst",
                "@weekly",
            ]),
            except: selectors(&["pipeline.o*", "dataset.*"]),
        };

        let unmatched = selection.unmatched(&desired, &live);

        let told: Vec<_> = unmatched.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["pipeline.ingst", "@weekly", "dataset.*"]);
    }
}
