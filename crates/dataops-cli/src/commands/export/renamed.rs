//! A factory by the names that its resources have in an environment.

use adf_model::ResourceId;
use adf_source::{Files, Repository};
use dataops_solution::renames::Renames;
use serde_json::Value;

use crate::context::Context;
use crate::failure::Failure;

/// The names of an environment.
pub(super) struct Named {
    pub(super) environment: String,
    pub(super) renames: Renames,
}

impl Named {
    pub(super) fn of(context: &Context, environment: &str) -> Result<Self, Failure> {
        let solution = context.solution()?;
        let settings = solution.environment(environment, &context.variables)?;
        Ok(Self {
            environment: environment.to_owned(),
            renames: Renames::parse(&settings.renames).map_err(Failure::usage)?,
        })
    }

    /// The same documents under these names, and every reference with them.
    pub(super) fn apply(
        &self,
        files: &Files,
        repository: &Repository,
    ) -> Result<Repository, Failure> {
        let resources = repository.resources.iter();
        let mut documents: Vec<(ResourceId, Value)> = resources
            .map(|resource| (resource.id.clone(), resource.file.json().clone()))
            .collect();
        self.renames.apply(&mut documents).map_err(Failure::usage)?;
        let renamed = documents.iter().zip(&repository.resources);
        let renamed = renamed.map(|((id, document), was)| {
            let path = path(&was.file.path, &was.id, id);
            (path, document.to_string().into_bytes())
        });
        let configuration = [
            &repository.parameters_definition,
            &repository.publish_config,
        ];
        let configuration = configuration.into_iter().flatten().filter_map(|file| {
            let bytes = files.get(&file.path)?;
            Some((file.path.to_string(), bytes.to_vec()))
        });
        Ok(Repository::read(&renamed.chain(configuration).collect()))
    }
}

/// Where a document lies under its new name.
fn path(path: &str, was: &ResourceId, is: &ResourceId) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or_default();
    let file = match was.name == is.name {
        true => file.to_owned(),
        false => format!("{}.json", is.name),
    };
    let mut folders: Vec<&str> = folder.split('/').collect();
    if let (Some(old), Some(new)) = (&was.parent, &is.parent)
        && let Some(network) = folders.iter_mut().rev().find(|folder| *folder == old)
    {
        *network = new;
    }
    folders.push(&file);
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use adf_model::Kind;

    use super::*;

    #[test]
    fn a_document_lies_where_its_name_says() {
        let id = |network: &str, name: &str| {
            ResourceId::below(network, Kind::ManagedPrivateEndpoint, name)
        };
        let at = "adf/managedVirtualNetwork/default/managedPrivateEndpoint/store.json";

        assert_eq!(
            path(at, &id("default", "store"), &id("default", "store")),
            at
        );
        assert_eq!(
            path(at, &id("default", "store"), &id("net-qa", "store-qa")),
            "adf/managedVirtualNetwork/net-qa/managedPrivateEndpoint/store-qa.json"
        );
    }
}
