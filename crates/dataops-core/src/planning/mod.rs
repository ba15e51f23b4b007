//! What a plan is made of: the documents of a solution as an environment wants them, and the factory as it is.

mod binding;
mod error;
mod live;
mod ml_place;
mod owned;
mod sources;

use std::path::{Path, PathBuf};

use adf_model::{Kind, ResourceId};
use adf_source::{Files, Limits, Repository};
use dataops_plan::{Desired, Overlay};
use dataops_solution::Solution;
use dataops_solution::overrides::OverrideValue;
use futures::TryStreamExt;
use serde_json::{Value, json};

pub use binding::{bindings, bound};
pub use error::{MlSetting, PlanningError};
pub use live::{live, live_again};
pub use owned::owned;

use crate::connection::{Connection, ConnectionError};
use crate::deployment::{bind_to_emulator, place_of_azure};
use sources::look_up;

/// The Data Factory repository of a solution; an empty one where it has none.
///
/// # Errors
///
/// When the folder that the settings name cannot be read.
pub fn repository(solution: &Solution) -> Result<Repository, PlanningError> {
    let Some(root) = solution.documents()? else {
        return Ok(Repository::default());
    };
    let files = read(&root)?;
    Ok(Repository::read(&files))
}

/// The folder of a solution's documents, as it is shown.
#[must_use]
pub fn folder(solution: &Solution) -> PathBuf {
    let settings = solution.settings.adf.as_ref();
    settings.map_or_else(PathBuf::new, |adf| solution.shown(&adf.root))
}

fn read(root: &Path) -> Result<Files, PlanningError> {
    Files::read_folder(root, &Limits::default()).map_err(|source| PlanningError::Folder {
        path: root.to_owned(),
        source,
    })
}

/// What becomes of an ML pipeline that is not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// It is an error.
    Must,
    /// On an emulator its address stays, for those who only look: a deployment publishes it there first, and one of a plan is refused.
    MayStay,
}

/// The documents of a repository as the environment of a connection wants them: with its overrides, in which ids of ML pipelines
/// and secrets of a Key Vault have been looked up, and on an emulator with what stands there for Azure.
///
/// # Errors
///
/// When a document cannot be read, the environment does not fit, or an ML pipeline is not found.
pub async fn desired(
    repository: &Repository,
    connection: &Connection,
    lookup: Lookup,
) -> Result<Desired, PlanningError> {
    let mut documents = dataops_plan::documents(repository)?;
    bind(&mut documents, connection).await?;
    let mut overlay = Overlay::of(connection.environment())?;
    look_up(connection, &mut overlay, lookup).await?;
    bind_overrides(&documents, &mut overlay, connection);
    Ok(Desired::of_documents(documents, &overlay)?)
}

/// An environment of Azure names its account and its cluster, too; on an emulator they are what was put into the documents.
fn bind_overrides(
    documents: &[(ResourceId, Value)],
    overlay: &mut Overlay,
    connection: &Connection,
) {
    if !connection.is_emulated() || connection.environment().emulator {
        return;
    }
    for (path, value) in &mut overlay.overrides {
        let OverrideValue::Plain(plain) = value else {
            continue;
        };
        for (id, document) in documents.iter().filter(|(id, _)| path.is_about(id)) {
            let place = place_of_azure(id, document);
            let meant = path.apply(&mut document.clone(), plain.clone()).ok();
            if let Some(place) = place.filter(|place| meant.as_deref() == Some(*place))
                && let Some(bound) = document.pointer(place)
            {
                *plain = bound.clone();
            }
        }
    }
}

/// Puts an emulator's account and cluster where the documents name those of Azure. A factory is made there wherever it is named.
async fn bind(
    documents: &mut Vec<(ResourceId, Value)>,
    connection: &Connection,
) -> Result<(), PlanningError> {
    let Some(emulator) = connection.emulator() else {
        return Ok(());
    };
    if !documents.iter().any(|(id, _)| id.kind == Kind::Factory) {
        let azure = connection.environment().azure();
        let name = &azure.map_err(ConnectionError::from)?.factory;
        let factory = json!({"name": name, "location": "local", "identity": {"type": "SystemAssigned"}, "properties": {}});
        documents.push((ResourceId::new(Kind::Factory, name), factory));
    }
    let uses_cluster = documents.iter().any(|(id, document)| {
        id.kind == Kind::LinkedService
            && document.pointer("/properties/type").and_then(Value::as_str)
                == Some("AzureDatabricks")
    });
    let cluster = match uses_cluster {
        true => cluster(connection).await?,
        false => None,
    };
    for (id, document) in documents {
        bind_to_emulator(id, document, &emulator.account, cluster.as_deref());
    }
    Ok(())
}

/// The id of the environment's cluster on an emulator; nothing before a deployment has made it.
async fn cluster(connection: &Connection) -> Result<Option<String>, PlanningError> {
    let settings = connection.environment().databricks.as_ref();
    let name = settings
        .and_then(|settings| settings.cluster.as_ref())
        .map_or("local", |cluster| cluster.name.as_str());
    let clusters: Vec<_> = connection
        .databricks()?
        .clusters()
        .list(None)
        .try_collect()
        .await
        .map_err(PlanningError::step("listing the clusters"))?;
    let found = clusters
        .into_iter()
        .find(|cluster| cluster.cluster_name.as_deref() == Some(name));
    Ok(found.map(|cluster| cluster.cluster_id))
}
