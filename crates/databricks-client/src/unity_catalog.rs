//! Unity Catalog: catalogs, schemas and volumes, and the places of storage that they keep things in (REST: Unity Catalog 2.1).

use azure_core::Result;
use azure_core::http::{ClientMethodOptions, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::WorkspaceClient;
use crate::wire::display_as_sent;

/// Unity Catalog, as this workspace sees it.
#[derive(Clone, Copy, Debug)]
pub struct UnityCatalog<'c> {
    pub(crate) client: &'c WorkspaceClient,
}

/// A kind of thing in Unity Catalog.
pub trait Securable: Serialize + DeserializeOwned + Send + Sync {
    /// The collection's path segment, such as `volumes`.
    const COLLECTION: &'static str;
}

/// What opens storage: a managed identity or a service principal behind a name. A metastore admin makes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StorageCredential {
    /// Its name.
    pub name: String,
    /// Whether it only reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A place of storage that a credential opens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalLocation {
    /// Its name.
    pub name: String,
    /// The place, such as `abfss://raw@account.dfs.core.windows.net/`.
    pub url: String,
    /// The storage credential's name.
    pub credential_name: String,
    /// Whether nothing is written there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A catalog.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Catalog {
    /// Its name.
    pub name: String,
    /// Where it keeps what it manages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_root: Option<String>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// Its name within its catalog.
    pub name: String,
    /// Its catalog.
    pub catalog_name: String,
    /// Where it keeps what it manages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_root: Option<String>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Who keeps the files of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum VolumeType {
    /// Unity Catalog, where the schema keeps what it manages.
    #[default]
    Managed,
    /// Whoever keeps the place of storage that it shows.
    External,
    /// One that this version does not know.
    #[serde(untagged)]
    Unknown(String),
}

display_as_sent!(VolumeType);

/// A volume: files below `/Volumes/CATALOG/SCHEMA/NAME`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Volume {
    /// Its name within its schema.
    pub name: String,
    /// Its catalog.
    pub catalog_name: String,
    /// Its schema within the catalog.
    pub schema_name: String,
    /// Who keeps its files.
    pub volume_type: VolumeType,
    /// The place of storage that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_location: Option<String>,
    /// Every other field of the service, by its own name.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

macro_rules! securable {
    ($($kind:ty => $collection:literal),+ $(,)?) => {
        $(impl Securable for $kind {
            const COLLECTION: &'static str = $collection;
        })+
    };
}

securable! {
    StorageCredential => "storage-credentials",
    ExternalLocation => "external-locations",
    Catalog => "catalogs",
    Schema => "schemas",
    Volume => "volumes",
}

impl UnityCatalog<'_> {
    /// A thing by its full name, such as `catalog.schema.volume`: `GET /api/2.1/unity-catalog/{kind}/{full name}`.
    ///
    /// # Errors
    ///
    /// [`crate::ApiErrorKind::NotFound`] when there is none, or none that the caller may see.
    pub async fn get<S: Securable>(
        &self,
        full_name: &str,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<S>> {
        let options = options.unwrap_or_default();
        let url = self
            .client
            .at_names("2.1/unity-catalog", [S::COLLECTION, full_name])?;
        self.client
            .rest()
            .get(url)
            .context(&options.context)
            .send()
            .await
    }

    /// Creates a thing: `POST /api/2.1/unity-catalog/{kind}`. Not repeated when the answer is lost: it may exist.
    ///
    /// # Errors
    ///
    /// [`crate::ApiErrorKind::Conflict`] when there is one of this name.
    pub async fn create<S: Securable>(
        &self,
        thing: &S,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<S>> {
        let options = options.unwrap_or_default();
        let url = self.client.at_names("2.1/unity-catalog", [S::COLLECTION])?;
        self.client
            .rest()
            .post(url)
            .json(thing)
            .context(&options.context)
            .send()
            .await
    }

    /// Changes fields of a thing: `PATCH /api/2.1/unity-catalog/{kind}/{full name}`.
    ///
    /// # Errors
    ///
    /// [`crate::ApiErrorKind::NotFound`] when there is none.
    pub async fn update<S: Securable>(
        &self,
        full_name: &str,
        change: &Value,
        options: Option<ClientMethodOptions<'_>>,
    ) -> Result<Response<S>> {
        let options = options.unwrap_or_default();
        let url = self
            .client
            .at_names("2.1/unity-catalog", [S::COLLECTION, full_name])?;
        self.client
            .rest()
            .patch(url)
            .json(change)
            .context(&options.context)
            .send()
            .await
    }
}
