//! Resources that are called otherwise in an environment, and the references that follow them.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::{Kind, ResourceId};
use serde_json::Value;

/// The resources that are called otherwise in an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames(BTreeMap<ResourceId, Renamed>);

/// What a resource is called, and how that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Renamed {
    key: String,
    /// The network that the key names before a managed private endpoint.
    network: Option<String>,
    new: String,
}

/// A rename that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rename `{key}`: {reason}")]
pub struct RenameError {
    /// What is renamed, as it is written: `KIND.NAME`.
    pub key: String,
    /// What is wrong.
    pub reason: String,
}

impl Renames {
    /// Reads them: `KIND.NAME`, with the git folder's name as the kind, to the new name. A managed private endpoint may have its network
    /// before its name, as plans write it.
    ///
    /// # Errors
    ///
    /// When a key names no kind or no resource, or the service does not accept the new name.
    pub fn parse(written: &BTreeMap<String, String>) -> Result<Self, RenameError> {
        let mut renames = BTreeMap::new();
        for (key, new) in written {
            let fail = |reason: String| RenameError {
                key: key.clone(),
                reason,
            };
            let (folder, name) = key
                .split_once('.')
                .filter(|(_, name)| !name.is_empty())
                .ok_or_else(|| fail("expected KIND.NAME, such as pipeline.ingest".into()))?;
            let kind = Kind::of_folder(folder)
                .ok_or_else(|| fail(format!("`{folder}` is no kind of resource")))?;
            if matches!(kind, Kind::Factory | Kind::GlobalParameters) {
                return Err(fail(format!("a {kind} cannot be renamed this way")));
            }
            kind.check_name(new)
                .map_err(|error| fail(error.to_string()))?;
            let ResourceId { name, parent, .. } = ResourceId::named(kind, name);
            let renamed = Renamed {
                key: key.clone(),
                network: parent,
                new: new.clone(),
            };
            if renames
                .insert(ResourceId::new(kind, name), renamed)
                .is_some()
            {
                return Err(fail("it is renamed twice".into()));
            }
        }
        Ok(Self(renames))
    }

    /// The name that a resource of this kind has in the environment.
    #[must_use]
    pub fn new_name(&self, kind: Kind, name: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let renamed = self.0.get(&ResourceId::new(kind, name));
        renamed.map(|renamed| renamed.new.as_str())
    }

    /// Renames documents, and every reference to them. A reference to what only the environment has is renamed too.
    ///
    /// # Errors
    ///
    /// When two resources would have one name, or nothing is called or referred to by a name.
    pub fn apply(&self, documents: &mut [(ResourceId, Value)]) -> Result<(), RenameError> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.check_names(documents.iter().map(|(id, _)| id))?;
        let mut used = BTreeSet::new();
        for (id, document) in documents {
            self.rename(id, document, &mut used);
        }
        let unused = self.0.iter().find(|(id, _)| !used.contains(*id));
        unused.map_or(Ok(()), |(id, renamed)| {
            let meant = ResourceId {
                parent: renamed.network.clone(),
                ..id.clone()
            };
            let reason = format!("there is no {meant}, and nothing refers to one");
            Err(self.fail(id, reason))
        })
    }

    /// Looks whether each resource has a name of its own still.
    ///
    /// # Errors
    ///
    /// When two would have one.
    pub fn check_names<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i ResourceId>,
    ) -> Result<(), RenameError> {
        let mut taken: BTreeMap<ResourceId, &str> = BTreeMap::new();
        for id in ids {
            let old = id.name.as_str();
            let mut new = id.clone();
            self.rename_id(&mut new, &mut BTreeSet::new());
            if let Some(other) = taken.insert(new.clone(), old) {
                let renamed = self.new_name(id.kind, old).is_some();
                let name = if renamed { old } else { other };
                let reason = format!("there would be two of {new}: `{other}` and `{old}`");
                return Err(self.fail(&ResourceId::new(id.kind, name), reason));
            }
        }
        Ok(())
    }

    /// Whether the resource itself has another name then.
    fn rename_id(&self, id: &mut ResourceId, used: &mut BTreeSet<ResourceId>) -> bool {
        let is_meant = self.is_in_its_network(id);
        if let Some(network) = &mut id.parent
            && let Some(new) = self.renamed(Kind::ManagedVirtualNetwork, network, used)
        {
            *network = new;
        }
        let renamed = is_meant.then(|| self.renamed(id.kind, &id.name, used));
        match renamed.flatten() {
            Some(new) => {
                id.name = new;
                true
            }
            None => false,
        }
    }

    /// Whether a resource is in the network that the rename of its name is about.
    fn is_in_its_network(&self, id: &ResourceId) -> bool {
        let renamed = self.0.get(&ResourceId::new(id.kind, id.name.as_str()));
        let said = renamed.and_then(|renamed| renamed.network.as_ref());
        let networks = said.zip(id.parent.as_ref());
        networks.is_none_or(|(said, network)| said.to_lowercase() == network.to_lowercase())
    }

    /// The new name, which counts as used.
    fn renamed(&self, kind: Kind, name: &str, used: &mut BTreeSet<ResourceId>) -> Option<String> {
        let new = self.new_name(kind, name)?.to_owned();
        used.insert(ResourceId::new(kind, name));
        Some(new)
    }

    fn fail(&self, id: &ResourceId, reason: String) -> RenameError {
        let written = self.0.get(id).map(|renamed| renamed.key.clone());
        RenameError {
            key: written.unwrap_or_else(|| format!("{}.{}", id.kind.folder(), id.name)),
            reason,
        }
    }

    fn rename(&self, id: &mut ResourceId, document: &mut Value, used: &mut BTreeSet<ResourceId>) {
        if self.rename_id(id, used)
            && let Some(name) = document.get_mut("name")
        {
            *name = id.name.clone().into();
        }
        let mut open = vec![document];
        while let Some(value) = open.pop() {
            match value {
                Value::Object(object) => {
                    let kind = object.get("type").and_then(Value::as_str);
                    let kind = kind.and_then(Kind::of_reference);
                    if let (Some(kind), Some(Value::String(name))) =
                        (kind, object.get_mut("referenceName"))
                        && let Some(new) = self.renamed(kind, name, used)
                    {
                        *name = new;
                    }
                    open.extend(object.values_mut());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn renames(written: &[(&str, &str)]) -> Result<Renames, String> {
        let written = written.iter().copied();
        let written = written.map(|(key, new)| (key.to_owned(), new.to_owned()));
        Renames::parse(&written.collect()).map_err(|error| error.to_string())
    }

    fn documents() -> Vec<(ResourceId, Value)> {
        vec![
            (
                ResourceId::new(Kind::IntegrationRuntime, "shir-dev"),
                json!({"name": "shir-dev", "properties": {"type": "SelfHosted"}}),
            ),
            (
                ResourceId::new(Kind::LinkedService, "Store"),
                json!({"name": "Store", "properties": {"type": "Sftp", "connectVia":
                    {"referenceName": "SHIR-dev", "type": "IntegrationRuntimeReference"}}}),
            ),
            (
                ResourceId::new(Kind::Pipeline, "shir-dev"),
                json!({"name": "shir-dev", "properties": {"activities": [{"typeProperties": {"x": [
                    {"referenceName": "shir-dev", "type": "IntegrationRuntimeReference"},
                    {"referenceName": "shir-dev", "type": "DatasetReference"},
                    {"referenceName": "shir-dev"}, "shir-dev"]}}]}}),
            ),
        ]
    }

    #[test]
    fn a_resource_and_every_reference_to_it_are_renamed() {
        let mut documents = documents();

        let renames = renames(&[("integrationRuntime.Shir-Dev", "shir-qa")]).unwrap();
        renames.apply(&mut documents).unwrap();

        assert_eq!(documents[0].0.name, "shir-qa");
        assert_eq!(documents[0].1["name"], "shir-qa");
        assert_eq!(
            documents[1].1["properties"]["connectVia"]["referenceName"],
            "shir-qa"
        );
        let (id, pipeline) = &documents[2];
        assert_eq!(id.name, "shir-dev");
        assert_eq!(
            pipeline["properties"]["activities"][0]["typeProperties"]["x"],
            json!([
                {"referenceName": "shir-qa", "type": "IntegrationRuntimeReference"},
                {"referenceName": "shir-dev", "type": "DatasetReference"},
                {"referenceName": "shir-dev"}, "shir-dev"])
        );
    }

    #[test]
    fn a_reference_to_what_only_the_environment_has_is_renamed() {
        let mut documents = documents().split_off(1);

        let renames = renames(&[("integrationRuntime.shir-dev", "shared")]).unwrap();
        renames.apply(&mut documents).unwrap();

        let service = &documents[0].1;
        assert_eq!(
            service["properties"]["connectVia"]["referenceName"],
            "shared"
        );
    }

    #[test]
    fn names_can_be_exchanged() {
        let id = |name: &str| ResourceId::new(Kind::Dataset, name);
        let mut documents = vec![(id("a"), json!({})), (id("b"), json!({}))];

        let renames = renames(&[("dataset.a", "b"), ("dataset.b", "a")]).unwrap();
        renames.apply(&mut documents).unwrap();

        assert_eq!(documents[0].0.name, "b");
        assert_eq!(documents[1].0.name, "a");
    }

    #[test]
    fn an_endpoint_follows_its_network() {
        let network = ResourceId::new(Kind::ManagedVirtualNetwork, "default");
        let endpoint = ResourceId::below("Default", Kind::ManagedPrivateEndpoint, "sql");
        let mut documents = vec![(network, json!({})), (endpoint, json!({}))];

        let renames = renames(&[
            ("managedVirtualNetwork.default", "net"),
            ("managedPrivateEndpoint.sql", "sql-qa"),
        ]);
        renames.unwrap().apply(&mut documents).unwrap();

        let moved = ResourceId::below("net", Kind::ManagedPrivateEndpoint, "sql-qa");
        assert_eq!(documents[1].0, moved);
    }

    #[test]
    fn an_endpoint_is_renamed_in_the_network_that_is_named() {
        let rename = |key: &str| {
            let endpoint = ResourceId::below("Default", Kind::ManagedPrivateEndpoint, "sql");
            let mut documents = [(endpoint, json!({}))];
            let renamed = renames(&[(key, "sql-qa")]).unwrap().apply(&mut documents);
            let [(id, _)] = documents;
            renamed.map(|()| id.name).map_err(|error| error.to_string())
        };

        assert_eq!(
            rename("managedPrivateEndpoint.default/sql").unwrap(),
            "sql-qa"
        );
        let error = rename("managedPrivateEndpoint.other/sql").unwrap_err();
        assert!(
            error.starts_with("rename `managedPrivateEndpoint.other/sql`: there is no managed private endpoint `other/sql`"),
            "{error}"
        );
    }

    #[test]
    fn two_resources_never_get_one_name() {
        let id = |name: &str| ResourceId::new(Kind::Dataset, name);
        let mut documents = [(id("Old"), json!({})), (id("new"), json!({}))];

        let renames = renames(&[("dataset.old", "New")]).unwrap();
        let error = renames.apply(&mut documents).unwrap_err();

        assert_eq!(
            error.to_string(),
            "rename `dataset.old`: there would be two of dataset `new`: `Old` and `new`"
        );
    }

    #[test]
    fn what_cannot_be_renamed_is_told() {
        let parse = |key, new| renames(&[(key, new)]).unwrap_err();
        let apply = |key, new| {
            let renames = renames(&[(key, new)]).unwrap();
            renames.apply(&mut documents()).unwrap_err().to_string()
        };

        insta::assert_snapshot!(
            [
                parse("pipeline", "x"),
                parse("pipelines.a", "x"),
                parse("factory.a", "x"),
                parse("pipeline.a", "x/y"),
                renames(&[("dataset.a", "x"), ("dataset.A", "y")]).unwrap_err(),
                apply("dataset.nothing", "x"),
            ]
            .join("\n"),
            @r"
            rename `pipeline`: expected KIND.NAME, such as pipeline.ingest
            rename `pipelines.a`: `pipelines` is no kind of resource
            rename `factory.a`: a factory cannot be renamed this way
            rename `pipeline.a`: pipeline names may not have `/` at position 2
            rename `dataset.a`: it is renamed twice
            rename `dataset.nothing`: there is no dataset `nothing`, and nothing refers to one
            "
        );
    }
}
