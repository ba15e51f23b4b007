//! The documents of a factory that runs, and those of the source as they would be deployed to it.

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use adf_source::{Repository, SourceFile, SourceResource};
use dataops_solution::Solution;
use dataops_solution::overrides::OverridePath;
use serde_json::Value;

use crate::context::Context;
use crate::failure::Failure;

/// What the service shows of a secret, so that it is not taken for a difference.
const HIDDEN: &str = "**********";

/// The documents of an environment's factory, as if they stood in git.
pub(super) async fn read(
    context: &Context,
    solution: &Solution,
    name: &str,
) -> Result<Repository, Failure> {
    let session = context.connect(solution, name).await?;
    let documents = list(&session.connection).await;
    session.close().await;
    let mut repository = Repository::default();
    for (id, document) in documents? {
        let path = path(&id);
        repository.resources.push(SourceResource {
            id,
            file: SourceFile::of_json(path, document),
        });
    }
    repository.resources.sort_by(|one, other| {
        (one.id.kind, &one.file.path).cmp(&(other.id.kind, &other.file.path))
    });
    Ok(repository)
}

async fn list(
    connection: &dataops_core::connection::Connection,
) -> Result<Vec<(ResourceId, Value)>, Failure> {
    let remote = Remote::new(connection.factory().map_err(Failure::service)?);
    let mut documents = Vec::new();
    let kinds = Kind::ALL.into_iter().chain([Kind::Factory]);
    for kind in kinds.filter(|kind| !kind.folder().is_empty()) {
        documents.extend(remote.list(kind).await.map_err(Failure::service)?);
    }
    Ok(documents)
}

fn path(id: &ResourceId) -> String {
    let folder = match &id.parent {
        Some(parent) => format!(
            "{}/{parent}/{}",
            Kind::ManagedVirtualNetwork.folder(),
            id.kind.folder()
        ),
        None => id.kind.folder().to_owned(),
    };
    format!("{folder}/{}.json", id.name)
}

/// Puts the values of an environment into the documents of the other side, which then differ only where a deployment would
/// change something. A factory is called otherwise in each environment: it takes the name of the one that runs.
pub(super) fn adapt(
    context: &Context,
    solution: &Solution,
    name: &str,
    source: &mut Repository,
    live: &mut Repository,
) -> Result<(), Failure> {
    let environment = solution.environment(name, &context.variables)?;
    for (text, value) in &environment.overrides {
        let path = OverridePath::parse(text).map_err(Failure::usage)?;
        let value = value.plain().cloned().unwrap_or_else(|| HIDDEN.into());
        for resource in source
            .resources
            .iter_mut()
            .filter(|resource| path.is_about(&resource.id))
        {
            let mut document = resource.file.json().clone();
            path.apply(&mut document, value.clone())
                .map_err(Failure::usage)?;
            resource.file = SourceFile::of_json(resource.file.path.clone(), document);
        }
    }
    let factories = |repository: &Repository| repository.of_kind(Kind::Factory).count();
    if factories(source) == 1 && factories(live) == 1 {
        let running = live
            .of_kind(Kind::Factory)
            .next()
            .map(|factory| factory.id.clone());
        let own = source
            .resources
            .iter_mut()
            .find(|resource| resource.id.kind == Kind::Factory);
        if let (Some(own), Some(running)) = (own, running) {
            own.id = running;
        }
    } else {
        for repository in [source, live] {
            repository
                .resources
                .retain(|resource| resource.id.kind != Kind::Factory);
        }
    }
    Ok(())
}
